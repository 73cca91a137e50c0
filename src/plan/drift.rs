//! What has changed since a plan was made: on what it touches, and beside it.

use super::{Change, Obstacle, Operation};
use crate::directory::{Directory, Group, User};
use crate::model::{Attribute, Subject};
use std::sync::Arc;

/// An operation that is not possible any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// What it is about.
    pub subject: Subject,
    /// The operation as it was planned.
    pub planned: Operation,
    /// What is live now, as an operation from the planned state to today's; `None` where only the object's id differs.
    pub now: Option<Operation>,
    /// What stands in the way, where the fields are as planned.
    pub obstacle: Option<Obstacle>,
}

/// What has happened to the operation's subject since it was planned.
pub(super) fn today_of(operation: &Operation, now: &Directory) -> Option<Operation> {
    Some(match operation {
        Operation::User(name, change) => {
            let now = now.users.get(name).cloned();
            Operation::User(name.clone(), since(change.before.clone(), now)?)
        }
        Operation::Group(name, change) => {
            let now = now.groups.get(name).cloned();
            Operation::Group(name.clone(), since(change.before.clone(), now)?)
        }
        Operation::Member(member, change) => {
            let now = now.members.contains(member).then_some(());
            Operation::Member(member.clone(), since(change.before, now)?)
        }
        Operation::Seat(holder, change) => {
            let now = now.seats.get(holder).copied();
            Operation::Seat(holder.clone(), since(change.before, now)?)
        }
    })
}

fn since<T: PartialEq>(before: Option<T>, after: Option<T>) -> Option<Change<T>> {
    (before != after).then_some(Change { before, after })
}

/// What has changed about the operation's user or group that the operation leaves alone.
pub(super) fn beside_of(operation: &Operation, now: &Directory) -> Option<Drift> {
    let now = match operation {
        Operation::User(
            name,
            Change {
                before: Some(before),
                after: Some(after),
            },
        ) => {
            let now = now.users.get(name)?;
            let mut was = User::clone(before);
            if before.name != after.name {
                was.name.clone_from(&now.name);
            }
            for attribute in Attribute::ALL {
                if before.attributes.get(attribute) != after.attributes.get(attribute) {
                    match now.attributes.get(attribute) {
                        Some(value) => was.attributes.insert(*attribute, value.clone()),
                        None => was.attributes.remove(attribute),
                    };
                }
            }
            Operation::User(
                name.clone(),
                since(Some(Arc::new(was)), Some(Arc::clone(now)))?,
            )
        }
        Operation::Group(
            name,
            Change {
                before: Some(before),
                after: Some(after),
            },
        ) => {
            let now = now.groups.get(name)?;
            let mut was = Group::clone(before);
            if before.name != after.name {
                was.name.clone_from(&now.name);
            }
            if before.description != after.description {
                was.description.clone_from(&now.description);
            }
            Operation::Group(
                name.clone(),
                since(Some(Arc::new(was)), Some(Arc::clone(now)))?,
            )
        }
        Operation::User(..)
        | Operation::Group(..)
        | Operation::Member(..)
        | Operation::Seat(..) => return None,
    };
    Some(Drift {
        subject: operation.subject(),
        planned: operation.clone(),
        now: Some(now),
        obstacle: None,
    })
}
