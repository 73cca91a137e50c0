//! What became of a plan, operation by operation.

use super::run::Outcome;
use super::write::Trouble;
use crate::model::UserName;
use crate::plan::{Operation, Order, Plan, State, Step, StepId};

/// What became of a plan.
#[derive(Debug)]
pub struct Report {
    /// The plan.
    pub plan: Plan,
    /// The graph that was run.
    pub order: Order,
    /// How each operation stood before the first write.
    pub states: Vec<State>,
    /// What became of each step of the order; `None` was never started.
    pub outcomes: Vec<Option<Outcome<Trouble>>>,
    /// Whether the person stopped it.
    pub interrupted: bool,
}

/// What became of one operation.
#[derive(Clone, Copy, Debug)]
pub enum Fate<'a> {
    /// It was so before the first write.
    Already,
    /// Done by this run.
    Done,
    /// Written, and Kiro does not show it yet.
    Settling,
    /// Kiro will not do it today.
    Deferred(&'a Trouble),
    /// Not attempted, because what it replaces it with does not show yet, or not today: nobody loses access meanwhile.
    Held,
    /// It went wrong.
    Failed(&'a Trouble),
    /// Not attempted, because of this operation's failure.
    Skipped(&'a Operation),
    /// Not attempted: interrupted.
    NotStarted,
}

impl Report {
    /// Each operation and what became of it, in the plan's order.
    pub fn fates(&self) -> Vec<(&Operation, Fate<'_>)> {
        let mut fates: Vec<Fate> = vec![Fate::NotStarted; self.plan.operations.len()];
        for (id, step) in self.order.steps.iter().enumerate() {
            match step {
                Step::Write(index) => fates[*index] = self.fate(id, *index),
                Step::SeatShows(index) => {
                    let unseen = matches!(self.outcomes[id], Some(Outcome::Settling) | None);
                    if unseen && matches!(fates[*index], Fate::Done) {
                        fates[*index] = Fate::Settling;
                    }
                }
                Step::AccessShows { .. } => {}
            }
        }
        self.plan.operations.iter().zip(fates).collect()
    }

    /// Whether everything happened that can happen today.
    pub fn is_complete(&self) -> bool {
        let open =
            |fate: &Fate| matches!(fate, Fate::Failed(_) | Fate::Skipped(_) | Fate::NotStarted);
        !self.fates().iter().any(|(_, fate)| open(fate))
    }

    /// People whose replacement of a seat does not show yet, so that nothing was taken from them.
    pub fn unseen(&self) -> impl Iterator<Item = &UserName> {
        let steps = self.order.steps.iter().zip(&self.outcomes);
        steps.filter_map(|(step, outcome)| match (step, outcome) {
            (Step::AccessShows { user, .. }, Some(Outcome::Settling)) => Some(user),
            _ => None,
        })
    }

    fn fate(&self, id: StepId, index: usize) -> Fate<'_> {
        match &self.outcomes[id] {
            Some(Outcome::Done) if self.states[index] == State::Done => Fate::Already,
            Some(Outcome::Done) => Fate::Done,
            Some(Outcome::Settling) => Fate::Settling,
            Some(Outcome::Deferred(trouble)) => Fate::Deferred(trouble),
            Some(Outcome::Failed(trouble)) => Fate::Failed(trouble),
            Some(Outcome::Skipped(because) | Outcome::Stopped(because)) => self.cause(*because),
            None => Fate::NotStarted,
        }
    }

    /// What stood in the way, at the far end of the chain.
    fn cause(&self, mut step: StepId) -> Fate<'_> {
        loop {
            match (&self.outcomes[step], &self.order.steps[step]) {
                (Some(Outcome::Skipped(because) | Outcome::Stopped(because)), _) => step = *because,
                (Some(Outcome::Failed(_)), Step::Write(index)) => {
                    return Fate::Skipped(&self.plan.operations[*index]);
                }
                (Some(Outcome::Settling | Outcome::Deferred(_)), _) => return Fate::Held,
                _ => return Fate::NotStarted,
            }
        }
    }
}
