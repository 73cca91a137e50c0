//! The loop around every call whose object can be looked up: call, and where the answer leaves a doubt, look.

use super::{Made, TRIES, Trouble, given_up};
use crate::aws::{Failure, FailureKind};

/// What a look has told.
pub(super) enum Told {
    /// It is as it was to be.
    Done(Made),
    /// It is not, so the call is made again. The failure is what is told when there has been a last try; `None` where the
    /// object itself has moved.
    Again(Option<Failure>),
}

/// Why somebody looks.
pub(super) struct Doubt {
    /// What came instead of a clear answer: none at all, or a conflict.
    pub(super) failure: Failure,
    /// Whether one of these tries was not answered. What is there may be ours then; else it was there before.
    pub(super) may_be_ours: bool,
}

impl Doubt {
    /// The same again, and this failure if it was the last time.
    pub(super) fn again(self) -> Told {
        Told::Again(Some(self.failure))
    }
}

/// Makes `call`, by what is `known` of its object, until it is answered or a `look` tells that it is done. Each look may
/// renew what is known. A throttled call has done nothing, and the pacer has slowed down by now, so nobody looks.
///
/// # Errors
/// A failure that neither waiting nor looking can help, what a look makes of it, and the last one when all tries are spent.
pub(super) async fn persist<Object>(
    mut known: Object,
    call: impl AsyncFn(&Object) -> Result<Made, Failure>,
    look: impl AsyncFn(&mut Object, Doubt) -> Result<Told, Trouble>,
) -> Result<Made, Trouble> {
    let mut last = None;
    let mut may_be_ours = false;
    for _ in 0..TRIES {
        let failure = match call(&known).await {
            Ok(made) => return Ok(made),
            Err(failure) => failure,
        };
        if failure.kind == FailureKind::Throttled {
            last = Some(failure);
            continue;
        }
        if !failure.is_doubtful() {
            return Err(Trouble::Refused(failure));
        }
        may_be_ours |= failure.kind == FailureKind::Unanswered;
        let doubt = Doubt {
            failure,
            may_be_ours,
        };
        match look(&mut known, doubt).await? {
            Told::Done(made) => return Ok(made),
            Told::Again(failure) => last = failure,
        }
    }
    Err(given_up(last))
}
