//! The state file: organizations in AWS's words, pleasant to write by hand. Nearly everything may be left out; what is
//! written by mistake is refused by name. The members of users and groups are those of `CreateUser` and `CreateGroup`, and
//! what AWS adds (`UserId`, `GroupId`, `UserStatus`, `ExternalIds`, `Revision`); ids that are left out are made up.
//!
//! ```json
//! { "now": "2026-12-01T09:00:00Z",
//!   "accounts": { "111122223333": {
//!     "users": [
//!       { "UserName": "jdoe", "Name": { "GivenName": "Jane", "FamilyName": "Doe" }, "DisplayName": "Jane Doe",
//!         "Emails": [ { "Value": "jdoe@example.com" } ],
//!         "Seat": { "type": "KIRO_ENTERPRISE_PRO", "status": "ACTIVE" } } ],
//!     "groups": [
//!       { "DisplayName": "kiro-users", "Members": ["jdoe"], "Seat": { "type": "KIRO_ENTERPRISE_PRO" } } ] } } }
//! ```

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The account of callers who name none.
pub(super) const DEFAULT_ACCOUNT: &str = "111122223333";

/// Everything there is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct State {
    /// The sandbox's clock, which drives the billing month; left out: the real one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<Timestamp>,
    /// Where the clock is the real one: the first of the month of the last write. In a later month, what was cancelled
    /// ends and what was lowered takes effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<Date>,
    /// Organizations by account id, twelve digits.
    pub accounts: BTreeMap<String, Account>,
}

/// One account's Identity Center and Kiro.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Account {
    /// Identity Center's region.
    pub region: String,
    /// Instances; the first one's store is the one that holds the users. Where a file has several accounts and says
    /// nothing here, each but the default one gets ids of its own.
    pub instances: Vec<Instance>,
    /// Kiro's settings and switches.
    pub kiro: Kiro,
    /// Whether adding and removing memberships moves the revisions of both ends.
    pub memberships_move_revisions: bool,
    /// Users, in AWS's words, with `Seat` and `SignedIn` beside them.
    pub users: Vec<User>,
    /// Groups, in AWS's words, with `Members` and `Seat` beside them.
    pub groups: Vec<Group>,
    /// AWS accounts that a user or group has access to, by its name; left out: nobody has any.
    pub assignments: BTreeMap<String, Vec<String>>,
    /// Whether asking for account assignments is refused.
    pub assignments_refused: bool,
    /// Rows of Kiro's list that point at nobody any more.
    pub orphans: Vec<Orphan>,
    /// Password mails that were sent, by user id.
    pub mails: Vec<String>,
    /// The last number given to an id.
    pub last_id: u64,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            region: "us-east-1".into(),
            instances: vec![Instance::default()],
            kiro: Kiro::default(),
            memberships_move_revisions: false,
            users: vec![],
            groups: vec![],
            assignments: BTreeMap::new(),
            assignments_refused: false,
            orphans: vec![],
            mails: vec![],
            last_id: 0,
        }
    }
}

/// An Identity Center instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "PascalCase")]
pub struct Instance {
    /// Its ARN.
    pub instance_arn: String,
    /// Its identity store.
    pub identity_store_id: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The account that owns it; left out: the caller's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner_account_id: Option<String>,
}

impl Default for Instance {
    fn default() -> Self {
        Self {
            instance_arn: "arn:aws:sso:::instance/ssoins-7223000000000001".into(),
            identity_store_id: "d-9067000001".into(),
            name: None,
            owner_account_id: None,
        }
    }
}

/// How Kiro is set up, and how it behaves where the facts leave room.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Kiro {
    /// Whether the account has Kiro at all.
    pub enabled: bool,
    /// Its region.
    pub region: String,
    /// Further regions with a profile, which a caller must then choose among.
    pub more_regions: Vec<String>,
    /// The member account that has Kiro, where it is another one: only its callers write seats and see the profile, and
    /// they write nothing else. Left out: this account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Names of Kiro's applications; left out: one, such as `KiroProfile-us-east-1`. The first has the claims of groups,
    /// the last those of people.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub applications: Vec<String>,
    /// Which endpoint takes seat writes, `codewhisperer` or `management`; left out: both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// Whether the claims list has people's own grants.
    pub user_claims: bool,
    /// Whether rows say `aggregatedSubscriptionType`.
    pub rows_tell_source: bool,
    /// Whether a seat can be changed before its holder's first sign-in.
    pub pending_updates: bool,
    /// Whether a second grant beside a group's is refused.
    pub group_grant_conflicts: bool,
    /// Whether a group's seat reaches its members only once a day has passed since it was given or they joined.
    pub group_seats_late: bool,
    /// How many readings of each seat list still show what was before a seat was written; forgotten when the sandbox ends.
    pub seats_show_after: u32,
    /// So many readings later than the list of rows the list of claims shows it.
    pub claims_show_later: u32,
    /// And the other way round.
    pub rows_show_later: u32,
    /// Whether a deleted user's row stays behind.
    pub leaves_orphans: bool,
    /// Whether the seat lists are refused.
    pub lists_refused: bool,
    /// Whether every write of a seat is refused, as to an account that may not use Kiro.
    pub writes_refused: bool,
}

impl Default for Kiro {
    fn default() -> Self {
        Self {
            enabled: true,
            region: "us-east-1".into(),
            more_regions: vec![],
            account: None,
            applications: vec![],
            endpoint: None,
            user_claims: true,
            rows_tell_source: true,
            pending_updates: true,
            group_grant_conflicts: false,
            group_seats_late: false,
            seats_show_after: 0,
            claims_show_later: 0,
            rows_show_later: 0,
            leaves_orphans: false,
            lists_refused: false,
            writes_refused: false,
        }
    }
}

/// A user: AWS's members verbatim, and what lies beside them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct User {
    /// The user's own grant of a seat.
    #[serde(rename = "Seat", skip_serializing_if = "Option::is_none")]
    pub seat: Option<Seat>,
    /// Whether the person has ever signed in to Kiro.
    #[serde(rename = "SignedIn", skip_serializing_if = "std::ops::Not::not")]
    pub signed_in: bool,
    /// `UserId`, `UserName`, `Emails` and so on.
    #[serde(flatten)]
    pub object: Map<String, Value>,
}

impl User {
    pub(super) fn name(&self) -> &str {
        text(&self.object, "UserName")
    }

    pub(super) fn email(&self) -> Option<&str> {
        self.object.get("Emails")?.get(0)?.get("Value")?.as_str()
    }
}

/// A group: AWS's members verbatim, and what lies beside them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Group {
    /// Its subscription.
    #[serde(rename = "Seat", skip_serializing_if = "Option::is_none")]
    pub seat: Option<Seat>,
    /// Members' user names, or ids.
    #[serde(rename = "Members", skip_serializing_if = "BTreeSet::is_empty")]
    pub members: BTreeSet<String>,
    /// Since when members are members, where the group's seat has not reached them yet (`group_seats_late`).
    #[serde(rename = "Joined", skip_serializing_if = "BTreeMap::is_empty")]
    pub joined: BTreeMap<String, Timestamp>,
    /// `GroupId`, `DisplayName` and so on.
    #[serde(flatten)]
    pub object: Map<String, Value>,
}

impl Group {
    pub(super) fn name(&self) -> &str {
        text(&self.object, "DisplayName")
    }
}

fn text<'a>(object: &'a Map<String, Value>, member: &str) -> &'a str {
    object
        .get(member)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// A grant of a seat, in the words that Kiro's lists use.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    /// What is assigned, such as `KIRO_ENTERPRISE_PRO`; another product's word makes it another product's.
    #[serde(rename = "type")]
    pub assigned: String,
    /// What is in force this month; left out: the same.
    #[serde(
        rename = "activatedType",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub activated: Option<String>,
    /// `ACTIVE`, `PENDING` or `CANCELLED`; left out: `ACTIVE`.
    #[serde(default = "active")]
    pub status: String,
    /// For a group's: since when, where its members wait for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
}

impl Seat {
    /// What holds this month.
    pub(super) fn in_force(&self) -> &str {
        self.activated.as_deref().unwrap_or(&self.assigned)
    }
}

fn active() -> String {
    "ACTIVE".into()
}

/// A row that points at nobody.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Orphan {
    /// The id of the user who was deleted.
    pub user: String,
    /// The seat that stayed.
    pub seat: Seat,
}
