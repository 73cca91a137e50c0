//! `--limit N`: the first N people and what they need; the rest is for another run.

use super::run::person;
use crate::model::UserName;
use crate::plan::{Operation, Order, State, Step, StepId};
use std::collections::BTreeSet as Set;

/// What a wave leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Left {
    /// Steps that are not attempted.
    pub(super) steps: Vec<StepId>,
    /// People of whom nothing is attempted.
    pub(super) people: usize,
}

/// The steps that are not for the first `limit` people, by name, who have anything left to do. What concerns groups alone
/// comes with the people who need it, and else with the last wave.
pub(super) fn left(
    operations: &[Operation],
    order: &Order,
    states: &[State],
    limit: usize,
) -> Left {
    let open = operations.iter().zip(states);
    let open = open.filter(|(_, state)| **state != State::Done);
    let people: Set<&UserName> = open
        .filter_map(|(operation, _)| person(operation))
        .collect();
    if people.len() <= limit {
        return Left::default();
    }
    let first: Set<&UserName> = people.iter().copied().take(limit).collect();
    let chosen = |step: &StepId| match &order.steps[*step] {
        Step::Write(index) => {
            states[*index] == State::Done
                || person(&operations[*index]).is_some_and(|person| first.contains(person))
        }
        Step::SeatShows(_) | Step::AccessShows { .. } => false,
    };
    let mut pending: Vec<StepId> = (0..order.steps.len()).filter(chosen).collect();
    let mut wanted = vec![false; order.steps.len()];
    while let Some(step) = pending.pop() {
        if !std::mem::replace(&mut wanted[step], true) {
            pending.extend(&order.after[step]);
        }
    }
    // A seat that is written is also looked for.
    for (step, kind) in order.steps.iter().enumerate() {
        if matches!(kind, Step::SeatShows(_)) {
            wanted[step] = order.after[step].iter().all(|before| wanted[*before]);
        }
    }
    Left {
        steps: (0..order.steps.len())
            .filter(|step| !wanted[*step])
            .collect(),
        people: people.len() - first.len(),
    }
}
