//! Which step may start, and what becomes of the rest. No I/O: the loop around it only asks [`Run::start_next`] and tells
//! [`Run::finished`], so "no order or subset of failures loses or repeats anything" is a fast property test.

use super::lane::Lane;
use super::queue::Queue;
use crate::model::{Principal, UserName};
use crate::plan::{Operation, Order, State, Step, StepId};
use std::collections::BTreeMap as Map;

/// What became of a step. `F` is why something failed, in the words of whoever does the calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<F> {
    /// Done by this run, or found done.
    Done,
    /// Kiro will not do it today; no error.
    Deferred(F),
    /// Written, and does not show yet; no error.
    Settling,
    /// It went wrong.
    Failed(F),
    /// Not attempted, because of this step.
    Skipped(StepId),
    /// Not attempted: its lane was stopped, by this step.
    Stopped(StepId),
    /// Not attempted: for a later wave.
    Left,
    /// Not attempted: there was no reason to. A mail to a user who turned out to be somebody else's.
    Waived,
}

impl<F> Outcome<F> {
    /// Whether what depends on it may start.
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done)
    }
}

/// The state of a running plan. Its steps are those of the order and, numbered on, one for each mail.
#[derive(Clone, Debug)]
pub struct Run<F> {
    dependents: Vec<Vec<StepId>>,
    waits_for: Vec<usize>,
    queue: Queue,
    outcomes: Vec<Option<Outcome<F>>>,
    started: Vec<bool>,
    running: usize,
    interrupted: bool,
}

/// A mail: whom to, and which step must be done before it, if any.
pub type Mail<'a> = (&'a UserName, Option<StepId>);

impl<F: Clone> Run<F> {
    /// Starts from where the plan stands: steps of operations that are done already count as done.
    pub fn new(operations: &[Operation], order: &Order, states: &[State]) -> Self {
        Self::with_mails(operations, order, states, &[])
    }

    /// The same, and these mails.
    pub fn with_mails(
        operations: &[Operation],
        order: &Order,
        states: &[State],
        mails: &[Mail<'_>],
    ) -> Self {
        let count = order.steps.len() + mails.len();
        let after = |step: StepId| match mails.get(step.wrapping_sub(order.steps.len())) {
            Some((_, after)) => after.as_slice(),
            None => &order.after[step],
        };
        let mut dependents = vec![Vec::new(); count];
        for step in 0..count {
            for before in after(step) {
                dependents[*before].push(step);
            }
        }
        let waits_for: Vec<usize> = (0..count).map(|step| after(step).len()).collect();
        let mut run = Self {
            queue: queue(operations, order, mails),
            waits_for,
            dependents,
            outcomes: vec![None; count],
            started: vec![false; count],
            running: 0,
            interrupted: false,
        };
        for step in 0..count {
            if run.waits_for[step] == 0 {
                run.queue.push(step);
            }
        }
        for (step, kind) in order.steps.iter().enumerate() {
            let done = match kind {
                Step::Write(index) | Step::SeatShows(index) => states[*index] == State::Done,
                // Others may depend on what shows, so it is looked at again.
                Step::AccessShows { .. } => false,
            };
            if done {
                run.settle(step, Outcome::Done);
            }
        }
        run
    }

    /// The next step that may start: the first person's who is not finished, in a lane that has room. It counts as
    /// running from now on.
    pub fn start_next(&mut self) -> Option<StepId> {
        if self.interrupted {
            return None;
        }
        let step = self.queue.pop()?;
        self.started[step] = true;
        self.running += 1;
        Some(step)
    }

    /// Steps that were started and have not finished.
    pub fn running(&self) -> usize {
        self.running
    }

    /// Whether anything waits for this step.
    pub fn is_awaited(&self, step: StepId) -> bool {
        let waiting = |next: &StepId| self.outcomes[*next].is_none();
        self.dependents[step].iter().any(waiting)
    }

    /// Tells what became of a running step; what depended on it is released, or told that it will not be.
    pub fn finished(&mut self, step: StepId, outcome: Outcome<F>) {
        self.running = self.running.saturating_sub(1);
        self.queue.ended(step);
        self.settle(step, outcome);
    }

    /// Nothing of these steps is attempted, nor of what depends on them.
    pub fn set_aside(&mut self, steps: impl IntoIterator<Item = StepId>, outcome: &Outcome<F>) {
        for step in steps {
            if !self.started[step] {
                self.settle(step, outcome.clone());
            }
        }
    }

    /// A refusal that concerns the whole account: no further step of this lane starts.
    pub fn stop(&mut self, lane: Lane, because: StepId) {
        let stopped = (0..self.outcomes.len()).filter(|step| self.queue.lane(*step) == lane);
        let stopped: Vec<StepId> = stopped.collect();
        self.set_aside(stopped, &Outcome::Stopped(because));
    }

    /// Nothing further starts; what is running may finish.
    pub fn interrupt(&mut self) {
        self.interrupted = true;
    }

    /// The lane of a step.
    pub fn lane(&self, step: StepId) -> Lane {
        self.queue.lane(step)
    }

    /// What became of each step; `None` was never started.
    pub fn outcomes(&self) -> &[Option<Outcome<F>>] {
        &self.outcomes
    }

    fn settle(&mut self, step: StepId, outcome: Outcome<F>) {
        // A step behind two that failed is told once.
        let mut told = vec![(step, outcome)];
        while let Some((step, outcome)) = told.pop() {
            if self.outcomes[step].is_some() {
                continue;
            }
            self.queue.withdraw(step);
            let done = outcome.is_done();
            let left = matches!(outcome, Outcome::Left);
            self.outcomes[step] = Some(outcome);
            for next in &self.dependents[step] {
                if !done {
                    let passed_on = match left {
                        true => Outcome::Left,
                        false => Outcome::Skipped(step),
                    };
                    told.push((*next, passed_on));
                    continue;
                }
                self.waits_for[*next] -= 1;
                if self.waits_for[*next] == 0 && self.outcomes[*next].is_none() {
                    self.queue.push(*next);
                }
            }
        }
    }
}

/// Which lane and whose each step is.
fn queue(operations: &[Operation], order: &Order, mails: &[Mail<'_>]) -> Queue {
    let mut numbers: Map<&UserName, usize> = Map::new();
    let mut lanes = Vec::with_capacity(order.steps.len() + mails.len());
    let mut persons = Vec::with_capacity(order.steps.len() + mails.len());
    let mut number = |user| {
        let next = numbers.len();
        *numbers.entry(user).or_insert(next)
    };
    for step in &order.steps {
        let (lane, person) = match step {
            Step::Write(index) => {
                let operation = &operations[*index];
                (Lane::of(operation), person(operation))
            }
            Step::SeatShows(_) | Step::AccessShows { .. } => (Lane::Look, None),
        };
        lanes.push(lane);
        persons.push(person.map(&mut number));
    }
    for (user, _) in mails {
        lanes.push(Lane::Mail);
        persons.push(Some(number(user)));
    }
    Queue::new(lanes, persons, numbers.len())
}

/// Whom an operation is about, if it is about one person.
pub(super) fn person(operation: &Operation) -> Option<&UserName> {
    match operation {
        Operation::User(name, _) => Some(name),
        Operation::Member(member, _) => Some(&member.user),
        Operation::Seat(Principal::User(name), _) => Some(name),
        Operation::Group(..) | Operation::Seat(Principal::Group(_), _) => None,
    }
}
