//! What must happen for live to become the goal.

use crate::directory::{Group, User};
use crate::model::{GroupName, Membership, Principal, Subject, Tier, UserName};
use std::sync::Arc;

/// Before and after; never equal and never both `None`. Create, update and delete are views of this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<T> {
    /// What is live.
    pub before: Option<T>,
    /// What is wanted.
    pub after: Option<T>,
}

/// One change, which is one call to AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Of a user: create, update (a rename too) or delete.
    User(UserName, Change<Arc<User>>),
    /// Of a group: create, update (a rename too) or delete.
    Group(GroupName, Change<Arc<Group>>),
    /// Of a membership: add or remove.
    Member(Membership, Change<()>),
    /// Of an own seat: subscribe, change or unsubscribe.
    Seat(Principal, Change<Tier>),
}

impl Operation {
    /// What it is about.
    pub fn subject(&self) -> Subject {
        match self {
            Self::User(name, _) => Subject::User(name.clone()),
            Self::Group(name, _) => Subject::Group(name.clone()),
            Self::Member(member, _) => Subject::Member(member.clone()),
            Self::Seat(holder, _) => Subject::Seat(holder.clone()),
        }
    }
}
