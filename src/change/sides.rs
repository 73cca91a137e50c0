//! The two states that a set of operations lies between, laid around a third: what is live now.
//!
//! A saved plan is judged whole, done and ready together, so an acknowledged one resumes without tripping.

use super::Operation;
use crate::directory::Directory;
use crate::model::{Membership, Principal};
use std::collections::{BTreeMap, HashSet};

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// As if none of the operations had been done.
    Before,
    /// As if all of them had been.
    After,
}

/// `live` with every operation's subject on that side. What AWS takes along with a deleted user or group is taken too;
/// what it took earlier is not known any more.
pub fn on(side: Side, live: &Directory, operations: &[Operation]) -> Directory {
    let mut directory = live.clone();
    let mut gone: Vec<Principal> = Vec::new();
    for operation in operations {
        match operation {
            Operation::User(name, change) => {
                let user = pick(side, &change.before, &change.after);
                if user.is_none() {
                    gone.push(Principal::User(name.clone()));
                }
                put(&mut directory.users, name, user);
            }
            Operation::Group(name, change) => {
                let group = pick(side, &change.before, &change.after);
                if group.is_none() {
                    gone.push(Principal::Group(name.clone()));
                }
                put(&mut directory.groups, name, group);
            }
            Operation::Seat(holder, change) => {
                let tier = pick(side, &change.before, &change.after);
                put(&mut directory.seats, holder, tier);
            }
            Operation::Member(member, change) => {
                match pick(side, &change.before, &change.after) {
                    Some(()) => directory.members.insert(member.clone()),
                    None => directory.members.remove(member),
                };
            }
        }
    }
    take_along(&mut directory, &gone);
    directory
}

fn pick<T: Clone>(side: Side, before: &Option<T>, after: &Option<T>) -> Option<T> {
    match side {
        Side::Before => before.clone(),
        Side::After => after.clone(),
    }
}

fn put<K: Ord + Clone, V>(map: &mut BTreeMap<K, V>, key: &K, value: Option<V>) {
    match value {
        Some(value) => map.insert(key.clone(), value),
        None => map.remove(key),
    };
}

fn take_along(directory: &mut Directory, gone: &[Principal]) {
    let mut members: Vec<Membership> = Vec::new();
    let users: HashSet<_> = gone
        .iter()
        .filter_map(|principal| match principal {
            Principal::User(user) => Some(user),
            Principal::Group(group) => {
                members.extend(directory.members.of(group).cloned());
                None
            }
        })
        .collect();
    for (user, groups) in directory.members.groups_of(&users, |_| true) {
        let groups = groups.into_iter().cloned();
        members.extend(groups.map(|group| Membership::new(group, user.clone())));
    }
    for member in members {
        directory.members.remove(&member);
    }
    for principal in gone {
        directory.seats.remove(principal);
    }
}
