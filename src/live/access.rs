//! Which AWS accounts a user or a group can reach: no business of a roster's, and a reason for care.

use crate::model::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet as Set;

/// What `ListAccountAssignmentsForPrincipal` tells.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// None at all.
    None,
    /// These accounts.
    Holds(Set<Text>),
    /// AWS does not tell, and why: not the management account, an account instance, no permission.
    NotTold(Text),
}
