//! The password mail. No look can tell whether one went out, so the two kinds of doubt are kept apart.
//!
//! AWS answering that it failed (a 5xx) is an answer: the mail is asked for again, as the SDK would. No answer at all may
//! as well mean that the person has mail already: then it is asked for once more and never again, whatever comes back.

use super::{TRIES, Trouble, given_up};
use crate::aws::{Failure, FailureKind, Session, Turn};
use crate::live::Id;

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::apply) enum Sent {
    /// AWS took it.
    Surely,
    /// The answer was lost, and so was the one to asking again.
    Perhaps,
}

/// `turn` is that of the first attempt. `lost` is whether an earlier run was killed while it asked for this mail: then one
/// more answer may be lost, and no more.
pub(in crate::apply) async fn mail(
    session: &Session,
    user: &Id,
    turn: Turn,
    mut lost: bool,
) -> Result<Sent, Trouble> {
    let mut turn = Some(turn);
    let mut last = None;
    for _ in 0..TRIES {
        let turn = match turn.take() {
            Some(turn) => turn,
            None => session.turn_to_mail().await,
        };
        let failure = match session.mail_password_link(user, turn).await {
            Ok(()) => return Ok(Sent::Surely),
            Err(failure) => failure,
        };
        match failure.kind {
            FailureKind::Throttled => {}
            FailureKind::Unanswered if lost => return Ok(Sent::Perhaps),
            FailureKind::Unanswered => lost = !is_an_answer(&failure),
            // Once it may have gone out, a refusal of the next does not mean that the first was not sent.
            _ if lost => return Ok(Sent::Perhaps),
            _ => return Err(Trouble::Refused(failure)),
        }
        last = Some(failure);
    }
    Err(given_up(last))
}

/// An error by its name, or the two statuses with which a service itself fails; a gateway's say that it heard nothing.
fn is_an_answer(failure: &Failure) -> bool {
    failure.code.is_some() || matches!(failure.status, Some(500 | 503))
}
