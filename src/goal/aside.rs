//! What is wanted and does not happen today, or has not yet, although it was asked for.

use crate::model::{Attribute, Place, Principal, Tier};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Wanted, and not possible today: never an error, never drift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aside {
    /// An entry that is not live and cannot create.
    Waiting {
        /// Who.
        who: Principal,
        /// What it would take.
        lacks: Lack,
        /// A live name that looks like it.
        like: Option<String>,
        /// Where it is named.
        at: Place,
    },
    /// Kiro will not do it today.
    Deferred {
        /// Whose seat.
        holder: Principal,
        /// The tier that is wanted.
        tier: Tier,
        /// From which day on it is possible, where that is known.
        not_before: Option<Date>,
        /// Where it is asked.
        at: Place,
    },
    /// A change of a seat that an earlier run has asked for as well. An apply asks once more, and it is no news.
    Asked {
        /// Whose seat.
        holder: Principal,
        /// Since when earlier runs have asked.
        since: Timestamp,
        /// Why it is not there.
        hold: Hold,
        /// From which day on it may be, where that is known.
        not_before: Option<Date>,
    },
}

impl Aside {
    /// Whom or what it is about.
    pub fn principal(&self) -> &Principal {
        match self {
            Self::Waiting { who, .. } => who,
            Self::Deferred { holder, .. } | Self::Asked { holder, .. } => holder,
        }
    }

    /// Whether an entry is not live and creates nothing.
    pub fn waits(&self) -> bool {
        matches!(self, Self::Waiting { .. })
    }

    /// Whether Kiro has taken it and does not show it yet.
    pub fn settles(&self) -> bool {
        matches!(
            self,
            Self::Asked {
                hold: Hold::Settling,
                ..
            }
        )
    }

    /// Whether Kiro will not do it today.
    pub fn is_deferred(&self) -> bool {
        !self.waits() && !self.settles()
    }
}

/// Why a change of a seat that was asked for is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// Kiro has taken it, and its list does not show it yet.
    Settling,
    /// Kiro refuses to change a seat before its holder has signed in.
    SignIn,
    /// Kiro gives no own seat beside a group's, or holds a cancelled one until the month ends.
    BesideGroup,
}

/// What a waiting entry lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// Attributes without which AWS creates no user.
    Attributes(Vec<Attribute>),
    /// An identity provider creates it.
    Provider,
    /// `policy.manage` does not let this roster create it.
    NotManaged,
}
