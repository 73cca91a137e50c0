//! How much of what is live a roster speaks of.

use crate::desired::{Desired, Listed};
use crate::directory::{Directory, beside};
use crate::live::Live;
use crate::model::{GroupName, Principal, UserName};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Live users, groups and own seats that no file names, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unmanaged {
    /// Users.
    pub users: Vec<UserName>,
    /// Groups.
    pub groups: Vec<GroupName>,
    /// Who holds a seat and is not named.
    pub seats: Vec<Principal>,
}

/// How many live objects there are, and how many of them the roster names; rows of Kiro's that are left alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// Live users; null where they were read by name.
    pub users: Option<usize>,
    /// Of them, named.
    pub users_named: usize,
    /// Live groups; null where they were read by name.
    pub groups: Option<usize>,
    /// Of them, named.
    pub groups_named: usize,
    /// Seats of another product; null where live was read by name.
    pub foreign_seats: Option<usize>,
    /// Seats that point at nobody; null where live was read by name.
    pub orphan_seats: Option<usize>,
    /// Seats of people who were not looked for.
    pub other_seats: usize,
    /// Whether Kiro was left alone.
    pub without_seats: bool,
}

/// Live users and groups that no file names, by an entry or where somebody is listed; in order.
pub(super) struct Unnamed<'l> {
    users: Vec<&'l UserName>,
    groups: Vec<&'l GroupName>,
}

impl<'l> Unnamed<'l> {
    pub(super) fn of(desired: &'l Desired, listed: &Listed, live: &'l Live) -> Self {
        let Directory { users, groups, .. } = &live.directory;
        let users = beside(users, &desired.users).filter(|(.., entry)| entry.is_none());
        let users = users.map(|(user, ..)| user);
        let groups = beside(groups, &desired.groups).filter(|(.., entry)| entry.is_none());
        let groups = groups.map(|(group, ..)| group);
        Self {
            users: users.filter(|user| !listed.users.contains(*user)).collect(),
            groups: groups
                .filter(|group| !listed.groups.contains(*group))
                .collect(),
        }
    }
}

impl Coverage {
    pub(super) fn of(unnamed: &Unnamed<'_>, live: &Live) -> Self {
        let Directory { users, groups, .. } = &live.directory;
        let kiro = live.kiro.as_ref();
        let whole = |count: usize| live.listed.is_all().then_some(count);
        Self {
            users: live.listed.users.then_some(users.len()),
            users_named: users.len() - unnamed.users.len(),
            groups: live.listed.groups.then_some(groups.len()),
            groups_named: groups.len() - unnamed.groups.len(),
            foreign_seats: whole(kiro.map_or(0, |kiro| kiro.foreign)),
            orphan_seats: whole(kiro.map_or(0, |kiro| kiro.orphans.len())),
            other_seats: kiro.map_or(0, |kiro| kiro.others.len()),
            without_seats: kiro.is_none(),
        }
    }
}

impl Unmanaged {
    pub(super) fn of(unnamed: &Unnamed<'_>, live: &Live) -> Self {
        let Unnamed { users, groups } = unnamed;
        let unnamed: HashSet<&UserName> = users.iter().copied().collect();
        let seats = live.directory.seats.keys().filter(|holder| match holder {
            Principal::User(user) => unnamed.contains(user),
            Principal::Group(group) => groups.binary_search(&group).is_ok(),
        });
        Self {
            users: users.iter().copied().cloned().collect(),
            groups: groups.iter().copied().cloned().collect(),
            seats: seats.cloned().collect(),
        }
    }
}
