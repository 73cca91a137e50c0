//! Names that belong to AWS.
//!
//! Source: the facts page, section 2, and for Control Tower's groups the design, section 11.

/// Names that no user and no group may be given.
pub const RESERVED_NAMES: [&str; 2] = ["AWSAdministrators", "Administrator"];

/// The groups that AWS Control Tower makes and keeps.
const CONTROL_TOWER: [&str; 8] = [
    "AWSAccountFactory",
    "AWSAuditAccountAdmins",
    "AWSControlTowerAdmins",
    "AWSLogArchiveAdmins",
    "AWSLogArchiveViewers",
    "AWSSecurityAuditPowerUsers",
    "AWSSecurityAuditors",
    "AWSServiceCatalogAdmins",
];

/// Whether a group is AWS's own: it takes no write at all, and no flag overrides that.
pub fn aws_owned_group(name: &str) -> bool {
    let mut owned = CONTROL_TOWER.iter();
    owned.any(|owned| owned.eq_ignore_ascii_case(name))
}
