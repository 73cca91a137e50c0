//! One operation, one call, and the truth after doubt: when an answer is lost or contradicts the plan, the object is
//! looked up and compared with what was wanted, and only then is the operation done, tried again, or failed.
//!
//! Whose object it is that was found decides about mails. After an unanswered try it is ours; where the very first try
//! meets a conflict, somebody else has made it.

mod doubt;
mod groups;
mod mails;
mod members;
mod seats;
mod users;

pub(super) use mails::{Sent, mail};

use super::trouble::{Difference, Trouble};
use crate::aws::{Failure, Session};
use crate::directory::{Group, User};
use crate::live::{Id, Known, SeatRow};
use crate::model::{Principal, Tier};
use crate::plan::Change;
use std::sync::Arc;

/// Tries after an unanswered call or a revision that moved. The pacer has waited before each, and the SDK has retried
/// what is safe to retry; a service that loses this many answers in a row is down.
const TRIES: usize = 6;

/// A call to be made, by id.
#[derive(Clone, Debug)]
pub(super) enum Job {
    CreateUser(Arc<User>),
    UpdateUser {
        known: Known,
        before: Arc<User>,
        after: Arc<User>,
    },
    DeleteUser(Known),
    CreateGroup(Arc<Group>),
    UpdateGroup {
        known: Known,
        before: Arc<Group>,
        after: Arc<Group>,
    },
    DeleteGroup(Known),
    AddMember {
        group: Id,
        user: Id,
    },
    RemoveMember {
        id: Option<Id>,
        group: Id,
        user: Id,
    },
    Seat {
        holder: Principal,
        id: Id,
        change: Change<Tier>,
        row: Option<SeatRow>,
    },
}

/// What a call has made.
#[derive(Clone, Debug)]
pub(super) enum Made {
    /// A user or group that was not in the book; it is ours.
    Object(Known),
    /// It was there before us and is as wanted: a user or a group with what is known of it, or a membership.
    Adopted(Option<Known>),
    /// Nothing that has an id.
    Nothing,
    /// Kiro contradicts, as it does for a seat that is there and does not show yet: reading back decides.
    Unsure(Failure),
}

impl Made {
    /// What was to be made is there, as wanted.
    fn found(there: impl Into<Known>, may_be_ours: bool) -> Self {
        match may_be_ours {
            true => Self::Object(there.into()),
            false => Self::Adopted(Some(there.into())),
        }
    }
}

/// Makes the call, and makes sure.
pub(super) async fn perform(session: &Session, job: Job) -> Result<Made, Trouble> {
    match job {
        Job::CreateUser(user) => users::create(session, &user).await,
        Job::UpdateUser {
            known,
            before,
            after,
        } => users::update(session, known, &before, &after).await,
        Job::DeleteUser(known) => users::delete(session, known).await,
        Job::CreateGroup(group) => groups::create(session, &group).await,
        Job::UpdateGroup {
            known,
            before,
            after,
        } => groups::update(session, known, &before, &after).await,
        Job::DeleteGroup(known) => groups::delete(session, known).await,
        Job::AddMember { group, user } => members::add(session, &group, &user).await,
        Job::RemoveMember { id, group, user } => members::remove(session, id, &group, &user).await,
        Job::Seat {
            holder,
            id,
            change,
            row,
        } => seats::write(session, &holder, &id, &change, row.as_ref()).await,
    }
}

/// After the last try.
fn given_up(last: Option<Failure>) -> Trouble {
    last.map_or(Trouble::KeepsChanging, Trouble::Refused)
}
