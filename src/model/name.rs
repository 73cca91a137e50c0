//! Names of users and groups, and the four kinds of things a plan can change.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

/// Text that is shared, not copied: 100,000 people are named a dozen times each.
pub type Text = Arc<str>;

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[schemars(transparent)]
        pub struct $name(Text);

        impl $name {
            /// Takes the name as it is; whether AWS would accept it is the roster's business.
            pub fn new(name: impl Into<Text>) -> Self {
                Self(name.into())
            }

            /// The name's text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name! {
    /// Identity Center's `UserName`: unique in a store, 1 to 128 characters without white space.
    UserName
}
name! {
    /// Identity Center's group `DisplayName`: unique in a store, 1 to 1,024 characters.
    GroupName
}

/// A name under which two names that differ only in case are the same.
///
/// AWS does not document its case rules, so a roster may not hold both, and live names are matched this way
/// when no exact match exists.
pub fn folded(name: &str) -> String {
    name.to_lowercase()
}

/// Who can hold a seat: a user or a group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Principal {
    /// A person.
    User(UserName),
    /// A group, whose members then have the seat.
    Group(GroupName),
}

impl Principal {
    /// The bare name, without its kind.
    pub fn name(&self) -> &str {
        match self {
            Self::User(name) => name.as_str(),
            Self::Group(name) => name.as_str(),
        }
    }
}

impl From<UserName> for Principal {
    fn from(name: UserName) -> Self {
        Self::User(name)
    }
}

impl From<GroupName> for Principal {
    fn from(name: GroupName) -> Self {
        Self::Group(name)
    }
}

/// One person in one group. Ordered by group first, so that a group's members lie together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Membership {
    /// The group.
    pub group: GroupName,
    /// The member; groups cannot nest.
    pub user: UserName,
}

impl Membership {
    /// `user` in `group`.
    pub fn new(group: GroupName, user: UserName) -> Self {
        Self { group, user }
    }
}

/// What one line of a plan is about; the JSON plan calls it an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A user and all attributes.
    User(UserName),
    /// A group and its description.
    Group(GroupName),
    /// A membership.
    Member(Membership),
    /// The own seat of a user, or a group's subscription.
    Seat(Principal),
}

impl From<Principal> for Subject {
    fn from(who: Principal) -> Self {
        match who {
            Principal::User(name) => Self::User(name),
            Principal::Group(name) => Self::Group(name),
        }
    }
}

impl Subject {
    /// The users and groups that must exist for this to exist.
    pub fn principals(&self) -> impl Iterator<Item = Principal> {
        let (first, second) = match self {
            Self::User(user) => (Principal::User(user.clone()), None),
            Self::Group(group) => (Principal::Group(group.clone()), None),
            Self::Member(m) => (
                Principal::User(m.user.clone()),
                Some(Principal::Group(m.group.clone())),
            ),
            Self::Seat(holder) => (holder.clone(), None),
        };
        [Some(first), second].into_iter().flatten()
    }

    /// The family of writes it belongs to.
    pub fn family(&self) -> Family {
        match self {
            Self::User(_) => Family::Users,
            Self::Group(_) => Family::Groups,
            Self::Member(_) => Family::Memberships,
            Self::Seat(_) => Family::Seats,
        }
    }
}

/// The four families that `policy.manage` opens or closes for writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Users and their attributes.
    Users,
    /// Groups and their descriptions.
    Groups,
    /// Who is in which group.
    Memberships,
    /// Kiro seats of users and groups.
    Seats,
}

impl Family {
    /// All four, in the order of a roster.
    pub const ALL: [Self; 4] = [Self::Users, Self::Groups, Self::Memberships, Self::Seats];

    /// As a roster's `policy.manage` spells it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Groups => "groups",
            Self::Memberships => "memberships",
            Self::Seats => "seats",
        }
    }
}
