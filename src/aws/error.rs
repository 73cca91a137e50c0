//! Why a session could not be opened, or a reading not be made whole. Nothing has been written when one of these occurs.

use super::failure::{Failure, FailureKind};
use crate::model::visible;
use std::fmt;

/// What was being done, what came of it, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// For those who branch on it.
    pub kind: ErrorKind,
    /// What was being done and to whom, such as `listing the users of d-1234567890 in us-east-1`.
    pub doing: String,
    /// What AWS said, with the request id, or what is wrong.
    pub said: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// By remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// No credentials, wrong ones, or expired ones.
    Credentials,
    /// The credentials are another account's than the one that is meant; what is said is which.
    Account,
    /// No region is set anywhere.
    Region,
    /// No answer from an endpoint.
    Unreachable,
    /// No Identity Center instance, several, or not the one that was asked for.
    Instance,
    /// No Kiro profile, several, or none to be found out about.
    Kiro,
    /// A permission is missing.
    Denied,
    /// A list could not be read to its end.
    Incomplete,
}

impl Error {
    pub(super) fn new(kind: ErrorKind, doing: impl Into<String>, said: impl Into<String>) -> Self {
        Self {
            kind,
            doing: visible(&doing.into()).into_owned(),
            said: visible(&said.into()).into_owned(),
            hint: None,
        }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A failed call, seen from what it was for.
    pub(super) fn of(doing: impl Into<String>, failure: &Failure) -> Self {
        let kind = match failure.kind {
            FailureKind::Expired => ErrorKind::Credentials,
            FailureKind::Denied => ErrorKind::Denied,
            FailureKind::Unanswered if failure.status.is_none() => ErrorKind::Unreachable,
            _ => ErrorKind::Incomplete,
        };
        // Nothing is ever written here, so nothing may have been done all the same.
        let hint = match (failure.kind, kind) {
            (FailureKind::Unanswered, ErrorKind::Incomplete) => Some(
                "the service is in trouble, or does not know the call; try again later".to_owned(),
            ),
            (FailureKind::Unanswered, _) => Some(
                "check the network, the region and the endpoint settings, then try again"
                    .to_owned(),
            ),
            _ => failure.hint(),
        };
        Self {
            hint,
            ..Self::new(kind, doing, failure.to_string())
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.doing, self.said)
    }
}

impl std::error::Error for Error {}
