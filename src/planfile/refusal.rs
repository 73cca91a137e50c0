//! Why a plan file is not applied.

use jiff::Timestamp;
use std::fmt;

/// Each has a sentence of its own; none of them has written anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is no plan file.
    NoPlan(String),
    /// It is one, and makes no sense.
    Nonsense(String),
    /// Something in it was changed after it was written.
    Edited,
    /// Its major version is not one that this program reads.
    Newer(String),
    /// It was written before everything had been read.
    Incomplete,
    /// Too old, or a month or an `until` has passed.
    Expired(Timestamp),
}

impl Refusal {
    pub(super) fn no_plan(error: serde_json::Error) -> Self {
        Self::NoPlan(error.to_string())
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoPlan(_) => "give a file that `kiroster plan --out` wrote",
            Self::Nonsense(_) | Self::Edited | Self::Incomplete | Self::Expired(_) => {
                "make a new one with `kiroster plan --out`, and have it reviewed"
            }
            Self::Newer(_) => {
                "apply it with the version of Kiroster that made it, or make a new one"
            }
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPlan(why) => write!(f, "this is no plan file: {why}"),
            Self::Nonsense(why) => write!(f, "this plan file makes no sense: {why}"),
            Self::Edited => f.write_str("this plan file was changed after it was written"),
            Self::Newer(version) => write!(
                f,
                "this plan file has format {version}, and this program reads {}.{}",
                super::FORMAT.0,
                super::FORMAT.1
            ),
            Self::Incomplete => f.write_str("this plan is not complete"),
            Self::Expired(at) => write!(f, "this plan expired at {at}"),
        }
    }
}

impl std::error::Error for Refusal {}
