//! Exit codes, which are part of the contract, and the errors that carry one.

use std::fmt;
use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, or nothing to do.
    Done = 0,
    /// An error, and nothing was written.
    Error = 1,
    /// There are changes (`--detailed-exitcode` only).
    Pending = 2,
    /// Blocked by policy; the plan was shown.
    Blocked = 3,
    /// The plan is stale; nothing was written.
    Stale = 4,
    /// Apply is incomplete: the same command goes on.
    Incomplete = 5,
    /// The command line makes no sense.
    Usage = 64,
    /// Interrupted; calls in flight were finished and told.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error with its exit code and what to do about it.
#[derive(Debug)]
pub(crate) struct Stop {
    pub(crate) exit: Exit,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl Stop {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            hint: None,
        }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Stop {}
