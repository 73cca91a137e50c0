//! Memberships: there or not.

use super::{Made, Next, TRIES, Trouble, given_up, next};
use crate::aws::{FailureKind, Session};
use crate::live::Id;

pub(super) async fn add(session: &Session, group: &Id, user: &Id) -> Result<Made, Trouble> {
    let mut last = None;
    let mut may_be_ours = false;
    for _ in 0..TRIES {
        let failure = match session.add_member(group, user).await {
            Ok(_) => return Ok(Made::Nothing),
            Err(failure) => failure,
        };
        let failure = match next(failure)? {
            Next::Again(failure) => {
                last = Some(failure);
                continue;
            }
            Next::Look(failure) => failure,
        };
        may_be_ours |= failure.kind == FailureKind::Unanswered;
        let there = session.membership(group, user).await;
        if there.map_err(Trouble::Refused)?.is_some() {
            return Ok(match may_be_ours {
                true => Made::Nothing,
                false => Made::Adopted(None),
            });
        }
        last = Some(failure);
    }
    Err(given_up(last))
}

pub(super) async fn remove(
    session: &Session,
    mut id: Option<Id>,
    group: &Id,
    user: &Id,
) -> Result<Made, Trouble> {
    let mut last = None;
    for _ in 0..TRIES {
        let membership = match id.take() {
            Some(id) => Some(id),
            None => session
                .membership(group, user)
                .await
                .map_err(Trouble::Refused)?,
        };
        let Some(membership) = membership else {
            return Ok(Made::Nothing);
        };
        match session.remove_member(&membership).await {
            Ok(()) => return Ok(Made::Nothing),
            Err(failure) => match next(failure)? {
                Next::Again(failure) => {
                    id = Some(membership);
                    last = Some(failure);
                }
                Next::Look(failure) => last = Some(failure),
            },
        }
    }
    Err(given_up(last))
}
