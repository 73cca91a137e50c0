//! What a plan means for people: whose effective tier changes, by whatever route.
//!
//! One plan in ten lowers somebody's tier with no operation that names them; they must be seen all the same.

use super::Operation;
use crate::directory::Directory;
use crate::model::{GroupName, Principal, Tier, UserName};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap as Map, BTreeSet as Set};

/// A person's effective tier before and after; never equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// Today.
    pub before: Option<Tier>,
    /// Then.
    pub after: Option<Tier>,
}

/// Everybody whose effective tier differs between the two sides of `operations`.
pub fn shifts(
    operations: &[Operation],
    live: &Directory,
    goal: &Directory,
) -> Map<UserName, Shift> {
    let mut touched: Set<&UserName> = Set::new();
    let has_seat = |group: &GroupName| {
        let holder = Principal::Group(group.clone());
        live.seats.contains_key(&holder) || goal.seats.contains_key(&holder)
    };
    for operation in operations {
        match operation {
            Operation::User(name, _) => {
                touched.insert(name);
            }
            Operation::Member(member, _) if has_seat(&member.group) => {
                touched.insert(&member.user);
            }
            Operation::Seat(Principal::User(user), _) => {
                touched.insert(user);
            }
            Operation::Seat(Principal::Group(group), _) | Operation::Group(group, _) => {
                let members = live.members_of(group).chain(goal.members_of(group));
                touched.extend(members.map(|member| &member.user));
            }
            Operation::Member(..) => {}
        }
    }
    let people = touched.iter().copied().collect();
    let (joined, joins) = (
        live.seated_groups_of(&people),
        goal.seated_groups_of(&people),
    );
    let mut shifts = Map::new();
    for user in touched {
        let before = live.effective(user, joined.get(user).map_or(&[], Vec::as_slice));
        let after = goal.effective(user, joins.get(user).map_or(&[], Vec::as_slice));
        if before != after {
            shifts.insert(user.clone(), Shift { before, after });
        }
    }
    shifts
}
