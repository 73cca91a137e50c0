//! Names that belong to AWS.

/// User names that Identity Center refuses.
pub const RESERVED_USERS: [&str; 2] = ["Administrator", "AWSAdministrators"];

/// The groups that AWS Control Tower makes and relies on (facts page and design, section 11).
const CONTROL_TOWER: [&str; 8] = [
    "AWSAccountFactory",
    "AWSAuditAccountAdmins",
    "AWSControlTowerAdmins",
    "AWSLogArchiveAdmins",
    "AWSLogArchiveViewers",
    "AWSSecurityAuditors",
    "AWSSecurityAuditPowerUsers",
    "AWSServiceCatalogAdmins",
];

/// Whether a group is one that nobody but AWS may write; no flag overrides that.
pub fn aws_owned_group(name: &str) -> bool {
    CONTROL_TOWER
        .iter()
        .any(|owned| owned.eq_ignore_ascii_case(name))
}
