//! Which of the steps that may start starts next: people are finished before new ones are begun, and no lane waits for
//! another.

use super::lane::Lane;
use crate::plan::StepId;
use std::collections::{BTreeMap as Map, BTreeSet as Set};

/// Calls of one API under way or waiting for their turn. At 20 a second this keeps an API busy whose answers take 800 ms;
/// and so few fail when an account is refused, and so soon an interrupted run has ended.
const IN_LANE: usize = 16;

/// The same for mails, which nobody can look up: whatever is under way when a run is killed is sent again. Answers may take
/// 200 ms.
const MAILS_IN_LANE: usize = 4;

/// People begun and not finished. A killed run leaves at most so many half done. It is more than a lane takes, so that a
/// lane that runs slower than the others, as seats do at first, always has the next person at hand.
const OPEN: usize = 32;

/// Steps that may start, and whose they are.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    lanes: Vec<Lane>,
    /// To whom a step belongs; looks and whatever concerns groups alone belong to nobody.
    persons: Vec<Option<usize>>,
    /// Each person's steps.
    steps: Vec<Vec<StepId>>,
    /// Ready, of people who are begun and of nobody.
    ready: Map<Lane, Set<StepId>>,
    /// Ready, of people who are not begun.
    fresh: Map<Lane, Set<StepId>>,
    in_flight: Map<Lane, usize>,
    begun: Vec<bool>,
    /// By person: steps that are ready or under way, once begun.
    busy: Vec<usize>,
    open: usize,
}

impl Queue {
    /// Nothing is ready yet. `persons` are numbers from 0 to below `count`.
    pub(super) fn new(lanes: Vec<Lane>, persons: Vec<Option<usize>>, count: usize) -> Self {
        let mut steps = vec![Vec::new(); count];
        for (step, person) in persons.iter().enumerate() {
            if let Some(person) = person {
                steps[*person].push(step);
            }
        }
        Self {
            lanes,
            persons,
            steps,
            ready: Map::new(),
            fresh: Map::new(),
            in_flight: Map::new(),
            begun: vec![false; count],
            busy: vec![0; count],
            open: 0,
        }
    }

    pub(super) fn lane(&self, step: StepId) -> Lane {
        self.lanes[step]
    }

    /// A step may start.
    pub(super) fn push(&mut self, step: StepId) {
        let lane = self.lanes[step];
        match self.persons[step] {
            Some(person) if !self.begun[person] => {
                self.fresh.entry(lane).or_default().insert(step);
            }
            person => {
                self.ready.entry(lane).or_default().insert(step);
                self.more(person);
            }
        }
    }

    /// Takes a step back that was ready; whether it was.
    pub(super) fn withdraw(&mut self, step: StepId) -> bool {
        let lane = self.lanes[step];
        let within = |sets: &mut Map<Lane, Set<StepId>>| {
            sets.get_mut(&lane).is_some_and(|set| set.remove(&step))
        };
        if within(&mut self.fresh) {
            return true;
        }
        let was = within(&mut self.ready);
        if was {
            self.less(self.persons[step]);
        }
        was
    }

    /// The next step; it counts as under way from now on.
    pub(super) fn pop(&mut self) -> Option<StepId> {
        let may_begin = self.open < OPEN;
        let next = Lane::ALL
            .into_iter()
            .filter(|lane| self.has_room(*lane))
            .filter_map(|lane| {
                let first = |sets: &Map<Lane, Set<StepId>>| sets.get(&lane)?.first().copied();
                let fresh = first(&self.fresh).filter(|_| may_begin);
                first(&self.ready).into_iter().chain(fresh).min()
            })
            .min()?;
        if let Some(person) = self.persons[next]
            && !self.begun[person]
        {
            self.begin(person);
        }
        let lane = self.lanes[next];
        self.ready.get_mut(&lane)?.remove(&next);
        *self.in_flight.entry(lane).or_default() += 1;
        Some(next)
    }

    /// A step that was under way has ended.
    pub(super) fn ended(&mut self, step: StepId) {
        if let Some(in_flight) = self.in_flight.get_mut(&self.lanes[step]) {
            *in_flight = in_flight.saturating_sub(1);
        }
        self.less(self.persons[step]);
    }

    fn has_room(&self, lane: Lane) -> bool {
        let most = match lane {
            Lane::Look => return true,
            Lane::Mail => MAILS_IN_LANE,
            _ => IN_LANE,
        };
        self.in_flight.get(&lane).copied().unwrap_or_default() < most
    }

    fn begin(&mut self, person: usize) {
        self.begun[person] = true;
        for step in self.steps[person].clone() {
            let lane = self.lanes[step];
            let fresh = self.fresh.get_mut(&lane);
            if fresh.is_some_and(|set| set.remove(&step)) {
                self.ready.entry(lane).or_default().insert(step);
                self.more(Some(person));
            }
        }
    }

    fn more(&mut self, person: Option<usize>) {
        if let Some(person) = person {
            self.open += usize::from(self.busy[person] == 0);
            self.busy[person] += 1;
        }
    }

    fn less(&mut self, person: Option<usize>) {
        if let Some(person) = person {
            self.busy[person] -= 1;
            self.open -= usize::from(self.busy[person] == 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `people` of three steps each: create, then seat and mail.
    fn queue(people: usize) -> Queue {
        let lanes = [Lane::CreateUser, Lane::Seat, Lane::Mail].repeat(people);
        let persons = (0..people * 3).map(|step| Some(step / 3)).collect();
        let mut queue = Queue::new(lanes, persons, people);
        (0..people).for_each(|person| queue.push(person * 3));
        queue
    }

    #[test]
    fn no_lane_has_more_in_flight_than_its_share_and_a_full_lane_holds_up_no_other() {
        let mut queue = queue(100);
        let started = std::iter::from_fn(|| queue.pop()).count();
        assert_eq!(started, IN_LANE);
        queue.push(1);
        assert_eq!(queue.pop(), Some(1), "the first person's seat");
        assert_eq!(queue.pop(), None);
    }

    #[test]
    fn people_are_finished_before_new_ones_are_begun() {
        let mut queue = queue(1_000);
        let mut begun = 0;
        // Seats never answer.
        while let Some(step) = queue.pop() {
            if queue.lane(step) == Lane::CreateUser {
                begun += 1;
                queue.push(step + 1);
                queue.push(step + 2);
            }
            if queue.lane(step) != Lane::Seat {
                queue.ended(step);
            }
        }
        assert_eq!(begun, OPEN);
    }

    #[test]
    fn what_was_withdrawn_does_not_start() {
        let mut queue = queue(2);
        assert!(queue.withdraw(0));
        assert!(!queue.withdraw(0));
        assert_eq!(queue.pop(), Some(3));
        assert_eq!(queue.pop(), None);
    }
}
