//! What is different between two states of an organization, and the states on either side of a difference.

mod diff;
mod sides;

pub use diff::diff;
pub use sides::{Side, on};

use crate::directory::{Group, User};
use crate::model::{GroupName, Membership, Principal, Subject, Tier, UserName, folded};
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

/// What an operation does to its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It was not there.
    Create,
    /// It was, and will be, otherwise.
    Update,
    /// It will not be there.
    Delete,
}

impl<T> Change<T> {
    /// Create, update or delete.
    pub fn action(&self) -> Action {
        match (&self.before, &self.after) {
            (None, _) => Action::Create,
            (Some(_), Some(_)) => Action::Update,
            (Some(_), None) => Action::Delete,
        }
    }
}

impl Change<Arc<User>> {
    /// The address, case-folded, that this person gives up.
    pub(crate) fn email_freed(&self) -> Option<String> {
        let [before, after] = self.emails();
        before.filter(|email| after.as_ref() != Some(email))
    }

    /// The address, case-folded, that this person gets.
    pub(crate) fn email_taken(&self) -> Option<String> {
        let [before, after] = self.emails();
        after.filter(|email| before.as_ref() != Some(email))
    }

    fn emails(&self) -> [Option<String>; 2] {
        [&self.before, &self.after].map(|user| user.as_ref()?.email().map(folded))
    }
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

    /// Whose seat it is about, if it is about one.
    pub fn holder(&self) -> Option<&Principal> {
        match self {
            Self::Seat(holder, _) => Some(holder),
            Self::User(..) | Self::Group(..) | Self::Member(..) => None,
        }
    }

    /// Create, update or delete.
    pub fn action(&self) -> Action {
        match self {
            Self::User(_, change) => change.action(),
            Self::Group(_, change) => change.action(),
            Self::Member(_, change) => change.action(),
            Self::Seat(_, change) => change.action(),
        }
    }
}
