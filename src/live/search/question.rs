//! What a reading asks, and what it is told.

use crate::live::{ClaimSeen, GroupSeen, Id, Look, RowSeen, UserSeen, Way};
use crate::model::Text;

/// One call, or one of Kiro's lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// `ListUserSubscriptions`, all of it.
    Rows,
    /// `ListApplicationClaims`, all of it.
    Claims,
    /// A page of the users: the first, or the one behind a token.
    Users(Option<Text>),
    /// A page of the groups.
    Groups(Option<Text>),
    /// A user.
    User(Look),
    /// A group.
    Group(Look),
    /// A page of who is in a group.
    Members(Id, Option<Text>),
    /// Every group of a user.
    GroupsOf(Id),
}

/// What was told.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Rows.
    Rows(Vec<RowSeen>),
    /// Claims.
    Claims(Vec<ClaimSeen>),
    /// A page of users, and the token of the next one.
    Users(Vec<UserSeen>, Option<Text>),
    /// A page of groups.
    Groups(Vec<GroupSeen>, Option<Text>),
    /// The id behind a name or an address.
    Id(Option<Id>),
    /// The user behind an id.
    User(Option<Box<UserSeen>>),
    /// The group behind an id.
    Group(Option<GroupSeen>),
    /// Group, member and membership id, and the token of the next page of a group.
    Members(Vec<(Id, Id, Id)>, Option<Text>),
    /// The look-up is not permitted, or not known there.
    Refused,
}

/// How both were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    /// Users.
    pub users: Way,
    /// Groups.
    pub groups: Way,
}
