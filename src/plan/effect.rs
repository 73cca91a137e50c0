//! What a plan means for people: whose effective tier changes, by whatever route.
//!
//! One plan in ten lowers somebody's tier with no operation that names them; they must be seen all the same.

use super::Operation;
use crate::directory::Directory;
use crate::model::{GroupName, Membership, Principal, Tier, UserName};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap as Map, BTreeSet as Set};

/// A person's effective tier before and after; never equal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// Today.
    pub before: Option<Tier>,
    /// Then.
    pub after: Option<Tier>,
    /// The groups whose own tier, or whose end, brings it about, and not that the person joins or leaves them.
    pub through: Vec<GroupName>,
    /// What AWS calls the person, where that is not the plan's name.
    pub present: Option<UserName>,
}

impl Shift {
    /// Whether the person loses by it.
    pub fn lowers(&self) -> bool {
        self.after < self.before
    }
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
        let was_in = joined.get(user).map_or(&[][..], Vec::as_slice);
        let will_be_in = joins.get(user).map_or(&[][..], Vec::as_slice);
        let before = live.effective(user, was_in);
        let after = goal.effective(user, will_be_in);
        if before == after {
            continue;
        }
        let through = match after < before {
            true => falling(user, was_in, after, live, goal),
            false => rising(user, will_be_in, after, live, goal),
        };
        let present = live.users.get(user).map(|user| user.name.clone());
        let shift = Shift {
            before,
            after,
            through,
            present: present.filter(|present| present != user),
        };
        shifts.insert(user.clone(), shift);
    }
    shifts
}

/// Of these groups of a person who stays, those that have given more than is left, and neither do so any more nor are left.
fn falling(
    user: &UserName,
    groups: &[&GroupName],
    left: Option<Tier>,
    live: &Directory,
    goal: &Directory,
) -> Vec<GroupName> {
    let stays = |group: &GroupName| {
        let gone = !goal.groups.contains_key(group);
        gone || goal
            .members
            .contains(&Membership::new(group.clone(), user.clone()))
    };
    let falls = groups.iter().filter(|group| {
        let (was, will) = (live.tier_of(group), goal.tier_of(group));
        was > left && will < was && stays(group)
    });
    let is_kept = goal.users.contains_key(user);
    falls
        .filter(|_| is_kept)
        .map(|group| (*group).clone())
        .collect()
}

/// Of these groups of a person, those that give what is new, have not before, and that the person was in already.
fn rising(
    user: &UserName,
    groups: &[&GroupName],
    new: Option<Tier>,
    live: &Directory,
    goal: &Directory,
) -> Vec<GroupName> {
    let was_in = |group: &GroupName| {
        let member = Membership::new(group.clone(), user.clone());
        live.members.contains(&member)
    };
    let rises = groups
        .iter()
        .filter(|group| goal.tier_of(group) == new && live.tier_of(group) < new && was_in(group));
    rises.map(|group| (*group).clone()).collect()
}
