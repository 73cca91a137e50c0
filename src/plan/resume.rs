//! A plan against today: the one road to apply. Consent takes time, and so does a night between a review and a merge;
//! whatever has passed, every operation is sorted into *ready*, *done* or *stale* before the first write, and one that
//! is stale stops them all.

use super::{Change, Operation, Order, Plan, Side, on};
use crate::desired::Ask;
use crate::directory::{Directory, User};
use crate::goal::{Block, Rule, kiro_rule};
use crate::live::{Id, Kiro, Known, Live, Names};
use crate::model::{Attribute, GroupName, Principal, Subject, UserName};
use std::collections::{BTreeMap as Map, HashMap};
use std::sync::Arc;

/// How an operation stands today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// The same object, and what it touches is still as planned.
    Ready,
    /// What it touches is already as wanted.
    Done,
    /// Anything else.
    Stale,
}

/// An operation that is not possible any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// What it is about.
    pub subject: Subject,
    /// The operation as it was planned.
    pub planned: Operation,
    /// What is live now, as an operation from the planned state to today's; `None` where only the object's id differs.
    pub now: Option<Operation>,
}

/// A plan and how each of its operations stands today.
#[derive(Clone, Debug)]
pub struct Remaining {
    plan: Plan,
    order: Order,
    states: Vec<State>,
    fresh: Fresh,
}

/// What was read just before the first write, under the plan's names: the ids that calls are made with.
#[derive(Clone, Debug, Default)]
pub struct Fresh {
    /// Ids, revisions and marks.
    pub known: Map<Principal, Known>,
    /// Ids of memberships.
    pub membership_ids: Map<crate::model::Membership, Id>,
    /// What Kiro says about seats: a refusal means one thing for a PENDING seat and another for an ACTIVE one.
    pub kiro: Option<Kiro>,
}

/// A plan that may be run: nothing else can be.
#[derive(Clone, Debug)]
pub struct Approved {
    /// The plan.
    pub plan: Plan,
    /// In which order.
    pub order: Order,
    /// How each operation stands.
    pub states: Vec<State>,
    /// What calls are made with.
    pub fresh: Fresh,
}

impl Plan {
    /// Sorts every operation against what is live now, which need not be called by the plan's names yet.
    pub fn against(self, live: Live) -> Result<Remaining, Vec<Drift>> {
        let live = called_by_basis(live, &self.basis);
        let states: Vec<State> = self
            .operations
            .iter()
            .map(|operation| classify(operation, &self.basis, &live))
            .collect();
        let stale = self.operations.iter().zip(&states);
        let stale: Vec<Drift> = stale
            .filter(|(_, state)| **state == State::Stale)
            .map(|(operation, _)| Drift {
                subject: operation.subject(),
                planned: operation.clone(),
                now: today(operation, &live.directory),
            })
            .collect();
        if !stale.is_empty() {
            return Err(stale);
        }
        let Live {
            directory,
            known,
            membership_ids,
            kiro,
            ..
        } = live;
        // Between the state before all of it and the state after: the order of what is left is part of the order of all.
        let [before, after] =
            [Side::Before, Side::After].map(|s| on(s, &directory, &self.operations));
        // A ring is a block since the plan was made.
        let order = Order::of(&self.operations, &before, &after).unwrap_or_default();
        Ok(Remaining {
            plan: self,
            order,
            states,
            fresh: Fresh {
                known,
                membership_ids,
                kiro,
            },
        })
    }
}

impl Remaining {
    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        self.states.iter().all(|state| *state == State::Done)
    }

    /// Lets it run, unless something blocks it.
    pub fn approve(self) -> Result<Approved, Vec<Block>> {
        if !self.plan.blocks.is_empty() {
            return Err(self.plan.blocks);
        }
        let Self {
            plan,
            order,
            states,
            fresh,
        } = self;
        Ok(Approved {
            plan,
            order,
            states,
            fresh,
        })
    }
}

/// How one operation stands against `live`, which is called by the plan's names.
pub fn classify(operation: &Operation, basis: &Map<Principal, Known>, live: &Live) -> State {
    let removes = operation.action() == super::Action::Delete;
    for end in operation.subject().principals() {
        match (basis.get(&end), live.known.get(&end)) {
            (Some(was), Some(is)) if was.id != is.id => return State::Stale,
            // What is to go is gone, or its owner is.
            (Some(_), None) if removes => return State::Done,
            (Some(_), None) => return State::Stale,
            // Created by this plan, or by somebody else meanwhile: the comparison below tells.
            (None, _) | (Some(_), Some(_)) => {}
        }
    }
    let directory = &live.directory;
    match operation {
        Operation::User(name, change) => user_state(change, directory.users.get(name)),
        Operation::Group(name, change) => plain_state(change, directory.groups.get(name)),
        Operation::Member(member, change) => {
            let now = directory.members.contains(member).then_some(());
            plain_state(change, now.as_ref())
        }
        Operation::Seat(holder, change) => {
            let now = directory.seats.get(holder);
            let state = plain_state(change, now);
            let row = match holder {
                Principal::User(user) => live.seat_row(user),
                Principal::Group(_) => None,
            };
            let ask = change.after.map_or(Ask::Nothing, Ask::Is);
            // Kiro would answer 200 and do nothing, or refuse: what was planned is not possible any more.
            match (state, kiro_rule(&ask, now.copied(), row)) {
                (State::Ready, Rule::DeferToNextMonth(_) | Rule::Report) => State::Stale,
                (state, _) => state,
            }
        }
    }
}

/// Only what the change touches counts: an update must not be refused for an attribute that it leaves alone.
fn user_state(change: &Change<Arc<User>>, now: Option<&Arc<User>>) -> State {
    match (&change.before, &change.after, now) {
        (Some(before), Some(after), Some(now)) => {
            let touched = || {
                Attribute::ALL
                    .iter()
                    .filter(|a| before.attributes.get(a) != after.attributes.get(a))
            };
            let agrees = |side: &User| {
                (before.name == after.name || now.name == side.name)
                    && touched().all(|a| now.attributes.get(a) == side.attributes.get(a))
            };
            match (agrees(after), agrees(before)) {
                (true, _) => State::Done,
                (false, true) => State::Ready,
                (false, false) => State::Stale,
            }
        }
        // Created as wanted, whatever somebody has added to it since.
        (None, Some(after), Some(now)) => {
            let mut wanted = after.attributes.iter();
            let same =
                wanted.all(|(attribute, value)| now.attributes.get(attribute) == Some(value));
            match same {
                true => State::Done,
                false => State::Stale,
            }
        }
        // The e-mail proves that it is the person who was meant; what else changed meanwhile goes with them.
        (Some(before), None, Some(now)) if before.email() == now.email() => State::Ready,
        _ => plain_state(change, now),
    }
}

fn plain_state<T: PartialEq>(change: &Change<T>, now: Option<&T>) -> State {
    if now == change.after.as_ref() {
        State::Done
    } else if now == change.before.as_ref() {
        State::Ready
    } else {
        State::Stale
    }
}

/// What has happened to the operation's subject since it was planned.
fn today(operation: &Operation, now: &Directory) -> Option<Operation> {
    fn since<T: Clone + PartialEq>(before: &Option<T>, now: Option<T>) -> Option<Change<T>> {
        (*before != now).then(|| Change {
            before: before.clone(),
            after: now,
        })
    }
    Some(match operation {
        Operation::User(name, change) => {
            let now = now.users.get(name).cloned();
            Operation::User(name.clone(), since(&change.before, now)?)
        }
        Operation::Group(name, change) => {
            let now = now.groups.get(name).cloned();
            Operation::Group(name.clone(), since(&change.before, now)?)
        }
        Operation::Member(member, change) => {
            let now = now.members.contains(member).then_some(());
            Operation::Member(member.clone(), since(&change.before, now)?)
        }
        Operation::Seat(holder, change) => {
            let now = now.seats.get(holder).copied();
            Operation::Seat(holder.clone(), since(&change.before, now)?)
        }
    })
}

/// Today's live state under the plan's names: by id, so that a rename half done still finds its person.
fn called_by_basis(live: Live, basis: &Map<Principal, Known>) -> Live {
    let by_id: HashMap<&Id, &Principal> = basis.iter().map(|(p, known)| (&known.id, p)).collect();
    let mut names = Names::new();
    let mut taken = Vec::new();
    for (present, known) in &live.known {
        match by_id.get(&known.id) {
            Some(planned) if *planned != present => {
                names.insert(present.clone(), (*planned).clone());
            }
            Some(_) => {}
            None if basis.contains_key(present) => taken.push(present.clone()),
            None => {}
        }
    }
    for stranger in taken {
        // Somebody else has a name that the plan uses for another person: they must not be mixed up. If the person is
        // still there under another name, the stranger is filed out of the way; if not, the ids will differ and tell.
        if names.values().any(|name| *name == stranger) {
            let aside = format!("{}\u{0}", stranger.name());
            let aside = match &stranger {
                Principal::User(_) => Principal::User(UserName::new(aside)),
                Principal::Group(_) => Principal::Group(GroupName::new(aside)),
            };
            names.insert(stranger, aside);
        }
    }
    live.called(&names)
}
