//! Seats: no look tells at once, so reading back does, later and for all together.

use super::{Made, TRIES, Trouble, given_up};
use crate::aws::{Failure, FailureKind, Session};
use crate::live::{Id, SeatRow, Status};
use crate::model::{Principal, Tier};
use crate::plan::Change;

/// A lost answer is simply tried again: the second call either does it or is told that it is done.
pub(super) async fn write(
    session: &Session,
    holder: &Principal,
    id: &Id,
    change: &Change<Tier>,
    row: Option<&SeatRow>,
) -> Result<Made, Trouble> {
    let mut last = None;
    let mut may_be_ours = false;
    for _ in 0..TRIES {
        let result = match (change.before, change.after) {
            (None, Some(tier)) => session.subscribe(holder, id, tier).await,
            (Some(_), Some(tier)) => session.change_seat(holder, id, tier).await,
            (_, None) => session.unsubscribe(holder, id).await,
        };
        let failure = match result {
            Ok(()) => return Ok(Made::Nothing),
            Err(failure) => failure,
        };
        match failure.kind {
            FailureKind::Throttled => last = Some(failure),
            FailureKind::Unanswered => {
                may_be_ours = true;
                last = Some(failure);
            }
            // A seat that is there and does not show yet is refused like this, for some seconds: given by the call that
            // was not answered, by a run that was killed, or by somebody else. The lists will tell.
            FailureKind::Conflict if may_be_ours || (change.before.is_none() && row.is_none()) => {
                return Ok(Made::Unsure(failure));
            }
            _ => return Err(refused(failure, row)),
        }
    }
    Err(given_up(last))
}

/// What a refusal means for a seat that stands as `row` says. The evidence is in the facts page, section 3.
fn refused(failure: Failure, row: Option<&SeatRow>) -> Trouble {
    let Some(row) = row else {
        return Trouble::Refused(failure);
    };
    match (failure.kind, &row.status) {
        (FailureKind::Denied, Status::Pending) => Trouble::Pending(failure),
        (FailureKind::Denied | FailureKind::Conflict, Status::Cancelled) => {
            Trouble::Cancelled(failure)
        }
        (FailureKind::Conflict, _) if row.source.is_group() => Trouble::GroupGrant(failure),
        _ => Trouble::Refused(failure),
    }
}
