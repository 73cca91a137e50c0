//! Why an operation is not done, sorted by what follows from it.

use crate::aws::{Failure, FailureKind};
use crate::model::{Principal, visible};
use std::fmt;

/// Why an operation is not done.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// AWS refused, or could not be reached.
    Refused(Failure),
    /// Something of that name is there and is not what was wanted.
    Differs {
        /// What differs, with both values.
        differences: Vec<Difference>,
    },
    /// Somebody else has the e-mail address.
    EmailHeld {
        /// Who.
        holder: String,
    },
    /// It kept changing while it was being changed.
    KeepsChanging,
    /// The object that it belongs to was never made.
    Nameless(Principal),
    /// Kiro refuses to change a seat before its holder's first sign-in.
    Pending(Failure),
    /// Kiro holds a cancelled seat until the month ends.
    Cancelled(Failure),
    /// Kiro refuses an own grant beside a group's; the group's stays.
    GroupGrant(Failure),
    /// What was to be done could not be written down, so it was not done.
    Unrecorded(String),
}

/// What differs, what it is, what was wanted.
pub type Difference = (String, String, String);

impl Trouble {
    /// Kiro's refusals that only mean "not today".
    pub fn is_for_later(&self) -> bool {
        matches!(
            self,
            Self::Pending(_) | Self::Cancelled(_) | Self::GroupGrant(_)
        )
    }

    /// What AWS said, where it did.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Refused(failure)
            | Self::Pending(failure)
            | Self::Cancelled(failure)
            | Self::GroupGrant(failure) => Some(failure),
            Self::Differs { .. }
            | Self::EmailHeld { .. }
            | Self::KeepsChanging
            | Self::Nameless(_)
            | Self::Unrecorded(_) => None,
        }
    }

    /// A refusal that concerns the whole account: trying the next one of the kind would only repeat it.
    pub(super) fn stops_lane(&self) -> bool {
        matches!(self, Self::Refused(failure) if failure.kind == FailureKind::Denied)
    }

    /// Nothing further can be written with these credentials.
    pub(super) fn stops_everything(&self) -> bool {
        matches!(self, Self::Refused(failure) if failure.kind == FailureKind::Expired)
    }
}

impl fmt::Display for Trouble {
    /// One line, for programs that only show it; people get more in the account.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(failure) => failure.fmt(f),
            Self::Pending(failure) => write!(f, "the seat waits for a first sign-in: {failure}"),
            Self::Cancelled(failure) => write!(f, "the seat is cancelled: {failure}"),
            Self::GroupGrant(failure) => write!(f, "a group gives a seat: {failure}"),
            Self::Differs { differences } => {
                f.write_str("something of that name is there already")?;
                for (what, there, wanted) in differences {
                    let (there, wanted) = (visible(there), visible(wanted));
                    write!(f, "; {what} is \"{there}\", wanted \"{wanted}\"")?;
                }
                Ok(())
            }
            Self::EmailHeld { holder } => {
                write!(f, "user `{}` holds the e-mail address", visible(holder))
            }
            Self::KeepsChanging => f.write_str("it kept changing while it was being changed"),
            Self::Nameless(principal) => write!(f, "`{}` was not made", visible(principal.name())),
            Self::Unrecorded(why) => write!(f, "the ledger cannot be written: {}", visible(why)),
        }
    }
}
