//! How much of what is live a roster speaks of.

use crate::desired::Desired;
use crate::directory::{Directory, beside};
use crate::live::Live;
use crate::model::{GroupName, Principal, UserName};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet as Set;

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

/// Whom and what the roster names, by an entry or where somebody is listed.
pub(super) struct Named<'d> {
    desired: &'d Desired,
    users: Set<&'d UserName>,
    groups: Set<&'d GroupName>,
}

impl<'d> Named<'d> {
    pub(super) fn of(desired: &'d Desired) -> Self {
        Self {
            desired,
            users: desired.users_without_entry(),
            groups: desired.groups_without_entry(),
        }
    }

    fn has(&self, who: &Principal) -> bool {
        match who {
            Principal::User(user) => {
                self.desired.users.contains_key(user) || self.users.contains(user)
            }
            Principal::Group(group) => {
                self.desired.groups.contains_key(group) || self.groups.contains(group)
            }
        }
    }

    /// Which live users no file names.
    fn other_users(&self, live: &'d Live) -> impl Iterator<Item = &'d UserName> {
        let users = beside(&live.directory.users, &self.desired.users);
        let users = users.filter(|(.., entry)| entry.is_none());
        users
            .map(|(user, ..)| user)
            .filter(|user| !self.users.contains(user))
    }

    /// Which live groups no file names.
    fn other_groups(&self, live: &'d Live) -> impl Iterator<Item = &'d GroupName> {
        let groups = beside(&live.directory.groups, &self.desired.groups);
        let groups = groups.filter(|(.., entry)| entry.is_none());
        groups
            .map(|(group, ..)| group)
            .filter(|group| !self.groups.contains(group))
    }
}

impl Coverage {
    pub(super) fn of<'d>(named: &Named<'d>, live: &'d Live) -> Self {
        let Directory { users, groups, .. } = &live.directory;
        let kiro = live.kiro.as_ref();
        let whole = |count: usize| live.listed.is_all().then_some(count);
        Self {
            users: live.listed.users.then_some(users.len()),
            users_named: users.len() - named.other_users(live).count(),
            groups: live.listed.groups.then_some(groups.len()),
            groups_named: groups.len() - named.other_groups(live).count(),
            foreign_seats: whole(kiro.map_or(0, |kiro| kiro.foreign)),
            orphan_seats: whole(kiro.map_or(0, |kiro| kiro.orphans.len())),
            other_seats: kiro.map_or(0, |kiro| kiro.others.len()),
            without_seats: kiro.is_none(),
        }
    }
}

impl Unmanaged {
    pub(super) fn of<'d>(named: &Named<'d>, live: &'d Live) -> Self {
        let seats = live.directory.seats.keys();
        let seats = seats.filter(|holder| !named.has(holder));
        Self {
            users: named.other_users(live).cloned().collect(),
            groups: named.other_groups(live).cloned().collect(),
            seats: seats.cloned().collect(),
        }
    }
}
