//! The file's shape: what stands where. How a plan gets there and back is told in `convert`.

use super::change::ResourceChange;
use crate::cost::Cost;
use crate::goal::{Aside, Block, Note};
use crate::live::{Id, Target};
use crate::model::{GroupName, Principal, Subject, Text, Tier, Usd, UserName};
use crate::plan::{Counts, Coverage, Elsewhere, Partial, Terms, Unmanaged};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// A saved plan.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Document {
    /// `1.0`. A newer minor can be read, a newer major cannot.
    pub format_version: String,
    /// The program's version.
    pub kiroster_version: String,
    /// When the plan was made (UTC).
    #[schemars(with = "String")]
    pub timestamp: Timestamp,
    /// Whether everything that the roster can touch was read.
    pub complete: bool,
    /// Whether something went wrong while the plan was being made.
    pub errored: bool,
    /// Whether nothing blocks it.
    pub applyable: bool,
    /// Null, or what part of the whole this is.
    pub partial: Option<Partial>,
    /// For which organization it is.
    pub target: Target,
    /// Which roster it was made from.
    pub roster: Roster,
    /// Over what is intended: two machines that would do the same agree on it.
    pub digest: String,
    /// Until when it may be applied (UTC).
    #[schemars(with = "String")]
    pub expires: Timestamp,
    /// How many changes add, change and remove.
    pub summary: Counts,
    /// The changes.
    pub resource_changes: Vec<ResourceChange>,
    /// People whose effective tier changes, by whatever route.
    pub people: Vec<Person>,
    /// What stops it.
    pub blocks: Vec<Obstacle>,
    /// What the reader should know.
    pub notes: Vec<Remark>,
    /// Entries that are not live and cannot create.
    pub waiting: Vec<Deferral>,
    /// Asked for, and not shown by Kiro yet.
    pub settling: Vec<Deferral>,
    /// What Kiro will not do today.
    pub deferred: Vec<Deferral>,
    /// What happens beside the changes.
    pub side_effects: Vec<SideEffect>,
    /// Seats and dollars a month: an estimate.
    pub cost: Money,
    /// Live and in no file: counts; null where live was read by name.
    pub unmanaged: Option<Numbers>,
    /// How much of what is live the roster names.
    pub coverage: Coverage,
    /// Changes that are wanted and may not be made, and what hangs on them.
    pub refused: Vec<ResourceChange>,
    /// Changes that a partial plan leaves out.
    pub left_out: Vec<ResourceChange>,
    /// Live tiers of groups.
    pub group_tiers: Vec<(GroupName, Tier)>,
    /// People who may for a moment have a higher tier than before and after.
    pub overshoots: Vec<UserName>,
    /// Live ids and revisions that the changes rest on.
    pub basis: Vec<Basis>,
    /// What the plan is judged by, now and when it is applied.
    #[schemars(with = "Json")]
    pub terms: Terms,
    /// Names behind `unmanaged`; null with it.
    pub unmanaged_names: Option<Unmanaged>,
    /// Digests of what is live and not touched, to tell when something else has changed.
    #[schemars(with = "Option<Json>")]
    pub elsewhere: Option<Elsewhere>,
    /// Over every byte of this file; checked before anything else.
    pub content_digest: String,
}

/// Which files a plan was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Roster {
    /// Over the contents of all files, whatever their paths.
    pub digest: String,
    /// Each file.
    pub files: Vec<RosterFile>,
    /// The git commit, where the files lie in a checkout; `-dirty` behind it where they differ from it.
    pub commit: Option<String>,
}

/// One file of a roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RosterFile {
    /// As it was named.
    pub path: String,
    /// Over its content.
    pub digest: String,
}

/// A person's effective tier, before and after.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Person {
    /// Who.
    pub user: UserName,
    /// Today; null is none.
    pub before: Option<Tier>,
    /// Then; null is none.
    pub after: Option<Tier>,
    /// The groups whose own tier, or whose end, brings it about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub through: Vec<GroupName>,
    /// What AWS calls the person, where that is another name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub present: Option<UserName>,
}

/// Something that stops the plan.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Obstacle {
    /// The rule, as `--ack` spells it where it can be acknowledged.
    pub rule: String,
    /// How many; null where nothing is counted.
    pub count: Option<u64>,
    /// How many pass without being acknowledged.
    pub limit: Option<u64>,
    /// Who or what.
    pub names: Vec<String>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The same for this program.
    #[schemars(with = "Json")]
    pub detail: Block,
}

/// Something that the reader should know.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Remark {
    /// What.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The same for this program.
    #[schemars(with = "Json")]
    pub detail: Note,
}

/// Something that is wanted and does not happen today.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Deferral {
    /// What it is about.
    pub address: Subject,
    /// Why.
    pub reason: String,
    /// The first day (UTC) on which it can happen, where that is known.
    #[schemars(with = "Option<String>")]
    pub not_before: Option<jiff::civil::Date>,
    /// The same for this program.
    #[schemars(with = "Json")]
    pub detail: Aside,
}

/// Something that happens beside the changes.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SideEffect {
    /// `invite`: a mail with a link to set a password.
    pub kind: String,
    /// To whom.
    pub user: UserName,
}

/// Seats and dollars a month.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Money {
    /// `before`, `after` and `now`, each `{seats, usd, by_tier, pending}`; `steady_from`; `prices`.
    #[serde(flatten)]
    pub cost: Cost,
    /// Dollars a month more, or less.
    pub delta_usd: Usd,
}

/// Counts by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Numbers {
    /// Users.
    pub users: usize,
    /// Groups.
    pub groups: usize,
    /// Own seats of users and groups.
    pub seats: usize,
}

/// A live object that changes rest on.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Basis {
    /// `["user", NAME]` or `["group", NAME]`, by the plan's names.
    pub address: Principal,
    /// Its id.
    #[schemars(with = "String")]
    pub id: Id,
    /// The revision that was read.
    #[schemars(with = "Option<String>")]
    pub revision: Option<Text>,
}
