//! One operation against today: *ready*, *done* or *stale*. Only what it touches counts.

use super::{Action, Change, Operation};
use crate::desired::Ask;
use crate::directory::{Group, User};
use crate::goal::{Rule, kiro_rule};
use crate::live::{Known, Live, SeatRow, Source};
use crate::model::{Attribute, Principal};
use std::collections::BTreeMap as Map;
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

/// How one operation stands against `live`, which is called by the plan's names.
pub fn classify(operation: &Operation, basis: &Map<Principal, Known>, live: &Live) -> State {
    let removes = operation.action() == Action::Delete;
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
        Operation::Group(name, change) => group_state(change, directory.groups.get(name)),
        Operation::Member(member, change) => {
            let now = directory.members.contains(member).then_some(());
            plain_state(change, now.as_ref())
        }
        Operation::Seat(holder, change) => {
            let now = directory.seats.get(holder);
            let state = plain_state(change, now);
            let row = row_of(holder, live);
            // Where the lists do not agree yet, or never tell whose a seat is, that it shows is all that can be known.
            let shown = row.filter(|row| is_unclear(row)).and_then(|row| row.tier);
            if shown.is_some() && shown == change.after {
                return State::Done;
            }
            let ask = change.after.map_or(Ask::Nothing, Ask::Is);
            // Kiro would answer 200 and do nothing, or refuse: what was planned is not possible any more.
            match (state, kiro_rule(&ask, now.copied(), row)) {
                (State::Ready, Rule::DeferToNextMonth(_) | Rule::Report) => State::Stale,
                (state, _) => state,
            }
        }
    }
}

/// Whether what an operation touches cannot be told, because Kiro's lists contradict each other: soon after a write one of
/// them may show it and the other not.
pub(super) fn cannot_be_told(operation: &Operation, live: &Live) -> bool {
    match operation {
        Operation::Seat(holder, _) => row_of(holder, live).is_some_and(is_unclear),
        Operation::User(..) | Operation::Group(..) | Operation::Member(..) => false,
    }
}

fn is_unclear(row: &SeatRow) -> bool {
    row.source == Source::Unknown
}

fn row_of<'l>(holder: &Principal, live: &'l Live) -> Option<&'l SeatRow> {
    match holder {
        Principal::User(user) => live.seat_row(user),
        Principal::Group(_) => None,
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
            state(agrees(before), agrees(after))
        }
        // Created as wanted, whatever somebody has added to it since.
        (None, Some(after), Some(now)) => {
            let mut wanted = after.attributes.iter();
            let is_there = |(attribute, value)| now.attributes.get(attribute) == Some(value);
            state(false, wanted.all(is_there))
        }
        // The e-mail proves that it is the person who was meant; what else changed meanwhile goes with them.
        (Some(before), None, Some(now)) if before.email() == now.email() => State::Ready,
        _ => plain_state(change, now),
    }
}

fn group_state(change: &Change<Arc<Group>>, now: Option<&Arc<Group>>) -> State {
    match (&change.before, &change.after, now) {
        (Some(before), Some(after), Some(now)) => {
            let agrees = |side: &Group| {
                (before.name == after.name || now.name == side.name)
                    && (before.description == after.description
                        || now.description == side.description)
            };
            state(agrees(before), agrees(after))
        }
        // The id proves that it is the group that was meant; what it is called by now goes with it.
        (Some(_), None, Some(_)) => State::Ready,
        _ => plain_state(change, now),
    }
}

fn plain_state<T: PartialEq>(change: &Change<T>, now: Option<&T>) -> State {
    state(now == change.before.as_ref(), now == change.after.as_ref())
}

fn state(is_as_before: bool, is_as_wanted: bool) -> State {
    match (is_as_wanted, is_as_before) {
        (true, _) => State::Done,
        (false, true) => State::Ready,
        (false, false) => State::Stale,
    }
}
