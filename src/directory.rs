//! One shape for both sides: what is live and what is wanted, keyed by name.
//!
//! Everything in it can be asked for; what cannot (ids, revisions, owners, derived seats) lies beside it in
//! [`Live`](crate::live::Live). Ordered maps only, so that output is a function of input.

use crate::model::{Attribute, GroupName, Membership, Principal, Text, Tier, UserName, Value};
use std::collections::{BTreeMap as Map, BTreeSet as Set};
use std::sync::Arc;

/// A user. The name is a field like the others: a rename is an update of the same person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// AWS's `UserName`; differs from the key it is filed under while a rename is planned.
    pub name: UserName,
    /// What is set; an attribute that is not there is not set.
    pub attributes: Map<Attribute, Value>,
}

impl User {
    /// A user of this name and nothing else.
    pub fn named(name: UserName) -> Self {
        Self {
            name,
            attributes: Map::new(),
        }
    }

    /// The e-mail address.
    pub fn email(&self) -> Option<&str> {
        self.attributes.get(&Attribute::Email)?.as_text()
    }
}

/// A group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// AWS's `DisplayName`; differs from the key it is filed under while a rename is planned.
    pub name: GroupName,
    /// What it is for.
    pub description: Option<Text>,
}

impl Group {
    /// A group of this name and nothing else.
    pub fn named(name: GroupName) -> Self {
        Self {
            name,
            description: None,
        }
    }
}

/// Users, groups, who is in which, and the seats they hold themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    /// Users, shared between the two sides until one differs.
    pub users: Map<UserName, Arc<User>>,
    /// Groups.
    pub groups: Map<GroupName, Arc<Group>>,
    /// Memberships, a group's together.
    pub members: Set<Membership>,
    /// A user's own seat, or a group's subscription. What a person has through a group is not here.
    pub seats: Map<Principal, Tier>,
}

impl Directory {
    /// Whether the user or group exists.
    pub fn has(&self, principal: &Principal) -> bool {
        match principal {
            Principal::User(user) => self.users.contains_key(user),
            Principal::Group(group) => self.groups.contains_key(group),
        }
    }

    /// The memberships of one group, by user name.
    pub fn members_of<'a>(&'a self, group: &'a GroupName) -> impl Iterator<Item = &'a Membership> {
        let first = Membership::new(group.clone(), UserName::new(""));
        self.members
            .range(first..)
            .take_while(move |member| member.group == *group)
    }

    /// Each person's groups, by name: one pass over the memberships, for whoever asks about many people.
    pub fn groups_by_user(&self) -> Map<&UserName, Vec<&GroupName>> {
        let mut groups: Map<&UserName, Vec<&GroupName>> = Map::new();
        for member in &self.members {
            groups.entry(&member.user).or_default().push(&member.group);
        }
        groups
    }

    /// The groups that have a tier.
    pub fn group_tiers(&self) -> Map<GroupName, Tier> {
        let groups = self.seats.iter().filter_map(|(holder, tier)| match holder {
            Principal::Group(group) => Some((group.clone(), *tier)),
            Principal::User(_) => None,
        });
        groups.collect()
    }

    /// The highest of a person's own seat and the tiers of these groups: what Kiro gives and bills.
    pub fn effective(&self, user: &UserName, groups: &[&GroupName]) -> Option<Tier> {
        let through = groups
            .iter()
            .filter_map(|group| self.seats.get(&Principal::Group((*group).clone())));
        let own = self.seats.get(&Principal::User(user.clone()));
        own.into_iter().chain(through).max().copied()
    }
}
