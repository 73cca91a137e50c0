//! Which step may start, and what becomes of the rest. No I/O: the loop around it only asks [`Run::start_next`] and tells
//! [`Run::finished`], so "no order or subset of failures loses or repeats anything" is a fast property test.

use crate::model::Family;
use crate::plan::{Operation, Order, State, Step, StepId};
use std::collections::BTreeSet as Set;

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
    /// Not attempted: its family of calls was stopped, by this step.
    Stopped(StepId),
}

impl<F> Outcome<F> {
    /// Whether what depends on it may start.
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done)
    }
}

/// The state of a running plan.
#[derive(Clone, Debug)]
pub struct Run<F> {
    dependents: Vec<Vec<StepId>>,
    waits_for: Vec<usize>,
    families: Vec<Family>,
    ready: Set<StepId>,
    outcomes: Vec<Option<Outcome<F>>>,
    running: usize,
    interrupted: bool,
}

impl<F: Clone> Run<F> {
    /// Starts from where the plan stands: steps of operations that are done already count as done.
    pub fn new(operations: &[Operation], order: &Order, states: &[State]) -> Self {
        let count = order.steps.len();
        let mut dependents = vec![Vec::new(); count];
        for (step, after) in order.after.iter().enumerate() {
            for before in after {
                dependents[*before].push(step);
            }
        }
        let families = order.steps.iter().map(|step| match step {
            Step::Write(index) => operations[*index].subject().family(),
            Step::SeatShows(_) | Step::AccessShows { .. } => Family::Seats,
        });
        let waits_for: Vec<usize> = order.after.iter().map(Vec::len).collect();
        let mut run = Self {
            families: families.collect(),
            ready: (0..count).filter(|step| waits_for[*step] == 0).collect(),
            waits_for,
            dependents,
            outcomes: vec![None; count],
            running: 0,
            interrupted: false,
        };
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

    /// The next step that may start: the first person's who is not finished. It counts as running from now on.
    pub fn start_next(&mut self) -> Option<StepId> {
        if self.interrupted {
            return None;
        }
        let step = self.ready.pop_first()?;
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
        self.settle(step, outcome);
    }

    /// A refusal that concerns the whole account: no further step of this family starts.
    pub fn stop(&mut self, family: Family, because: StepId) {
        for step in 0..self.outcomes.len() {
            let started = self.waits_for[step] == 0 && !self.ready.contains(&step);
            if self.families[step] == family && self.outcomes[step].is_none() && !started {
                self.settle(step, Outcome::Stopped(because));
            }
        }
    }

    /// Nothing further starts; what is running may finish.
    pub fn interrupt(&mut self) {
        self.interrupted = true;
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
            self.ready.remove(&step);
            let done = outcome.is_done();
            self.outcomes[step] = Some(outcome);
            for next in &self.dependents[step] {
                if !done {
                    told.push((*next, Outcome::Skipped(step)));
                    continue;
                }
                self.waits_for[*next] -= 1;
                if self.waits_for[*next] == 0 && self.outcomes[*next].is_none() {
                    self.ready.insert(*next);
                }
            }
        }
    }
}
