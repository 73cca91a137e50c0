//! How much of what is live a roster speaks of.

use crate::desired::Desired;
use crate::directory::{Directory, beside};
use crate::live::Live;
use crate::model::{GroupName, Principal, UserName};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

impl Coverage {
    pub(super) fn of(desired: &Desired, live: &Live) -> Self {
        let Directory { users, groups, .. } = &live.directory;
        let kiro = live.kiro.as_ref();
        let whole = |count: usize| live.listed.is_all().then_some(count);
        Self {
            users: live.listed.users.then_some(users.len()),
            users_named: beside(users, &desired.users)
                .filter(|(.., named)| named.is_some())
                .count(),
            groups: live.listed.groups.then_some(groups.len()),
            groups_named: beside(groups, &desired.groups)
                .filter(|(.., named)| named.is_some())
                .count(),
            foreign_seats: whole(kiro.map_or(0, |kiro| kiro.foreign)),
            orphan_seats: whole(kiro.map_or(0, |kiro| kiro.orphans.len())),
            other_seats: kiro.map_or(0, |kiro| kiro.others.len()),
            without_seats: kiro.is_none(),
        }
    }
}

impl Unmanaged {
    pub(super) fn of(desired: &Desired, live: &Live) -> Self {
        let directory = &live.directory;
        let users = beside(&directory.users, &desired.users).filter(|(.., n)| n.is_none());
        let groups = beside(&directory.groups, &desired.groups).filter(|(.., n)| n.is_none());
        let mut named = desired.users.keys().peekable();
        // Holders are in the order of users' names, then groups': one walk beside the roster's.
        let seats = directory.seats.keys().filter(|holder| match holder {
            Principal::User(user) => {
                while named.next_if(|near| *near < user).is_some() {}
                named.peek().is_none_or(|near| *near != user)
            }
            Principal::Group(group) => !desired.groups.contains_key(group),
        });
        Self {
            users: users.map(|(user, ..)| user.clone()).collect(),
            groups: groups.map(|(group, ..)| group.clone()).collect(),
            seats: seats.cloned().collect(),
        }
    }
}
