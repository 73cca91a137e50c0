//! What is wanted and does not happen today.

use crate::model::{Attribute, Place, Principal, Tier};
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
