//! One shape for both sides: what is live and what is wanted, keyed by name.
//!
//! Everything in it can be asked for; what cannot (ids, revisions, owners, derived seats) lies beside it in
//! [`Live`](crate::live::Live). Ordered maps only, so that output is a function of input.

mod members;

pub use members::Members;

use crate::model::{Attribute, GroupName, Membership, Principal, Text, Tier, UserName, Value};
use foldhash::fast::RandomState;
use std::collections::{BTreeMap as Map, HashMap, HashSet};
use std::sync::Arc;

/// People, and one tier of each. Hashed for speed: every plan makes several of everybody.
pub type Tiers<'d> = HashMap<&'d UserName, Tier, RandomState>;

/// Some of the people.
pub type People<'d> = HashSet<&'d UserName, RandomState>;

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
    pub members: Members,
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
    pub fn members_of(&self, group: &GroupName) -> impl Iterator<Item = &Membership> + Clone {
        self.members.of(group)
    }

    /// The groups with a tier of each of these people, by name.
    pub fn seated_groups_of<'a>(
        &'a self,
        people: &HashSet<&UserName>,
    ) -> HashMap<&'a UserName, Vec<&'a GroupName>> {
        let has_seat = |group: &GroupName| self.tier_of(group).is_some();
        self.members.groups_of(people, has_seat)
    }

    /// A group's tier.
    pub fn tier_of(&self, group: &GroupName) -> Option<Tier> {
        self.seats.get(&Principal::Group(group.clone())).copied()
    }

    /// The groups that have a tier.
    pub fn group_tiers(&self) -> Map<GroupName, Tier> {
        let groups = self.seats.iter().filter_map(|(holder, tier)| match holder {
            Principal::Group(group) => Some((group.clone(), *tier)),
            Principal::User(_) => None,
        });
        groups.collect()
    }

    /// Everybody who has a seat, and the highest of own and group grants: what Kiro gives and bills. One pass over the
    /// seats and over the members of groups that have one.
    pub fn highest(&self) -> Tiers<'_> {
        let mut highest = Tiers::with_capacity_and_hasher(self.seats.len(), <_>::default());
        for (holder, tier) in &self.seats {
            match holder {
                Principal::User(user) => raise(&mut highest, user, *tier),
                Principal::Group(group) => {
                    for member in self.members.of(group) {
                        raise(&mut highest, &member.user, *tier);
                    }
                }
            }
        }
        highest
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

/// One more grant of a person's: the highest counts.
pub(crate) fn raise<'d>(tiers: &mut Tiers<'d>, user: &'d UserName, tier: Tier) {
    let known = tiers.entry(user).or_insert(tier);
    *known = tier.max(*known);
}

/// Each entry of one sorted map with what another one has under the same key: one walk instead of a search for each.
pub(crate) fn beside<'a, K: Ord, A, B>(
    one: &'a Map<K, A>,
    other: &'a Map<K, B>,
) -> impl Iterator<Item = (&'a K, &'a A, Option<&'a B>)> {
    let mut other = other.iter().peekable();
    one.iter().map(move |(key, value)| {
        while other.next_if(|(near, _)| *near < key).is_some() {}
        let same = other.peek().filter(|(near, _)| *near == key);
        (key, value, same.map(|(_, found)| *found))
    })
}
