//! The file's shape: what of a plan stands where.

use super::change::ResourceChange;
use super::digest;
use crate::cost::Cost;
use crate::goal::{Aside, Block, Note};
use crate::live::{Id, Known, Target};
use crate::model::{GroupName, Principal, Subject, Text, Tier, Usd, UserName};
use crate::plan::{Counts, Coverage, Elsewhere, Operation, Partial, Plan, Shift, Terms, Unmanaged};
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
    /// Changes that are wanted and may not be made; each has its block.
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

/// A sentence and what to do: the words come from whoever speaks to people.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// The sentence.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

/// What a file says beside the plan itself.
pub struct Sheet<'a> {
    /// When the plan was made.
    pub made: Timestamp,
    /// Until when it may be applied.
    pub expires: Timestamp,
    /// From which files.
    pub roster: Roster,
    /// What is live elsewhere.
    pub elsewhere: Option<Elsewhere>,
    /// The sentence of a block.
    pub block: &'a dyn Fn(&Block) -> Told,
    /// The sentence of a note.
    pub note: &'a dyn Fn(&Note) -> Told,
    /// The sentence of what does not happen today.
    pub aside: &'a dyn Fn(&Aside) -> Told,
}

impl Document {
    /// The file of a plan.
    pub fn of(plan: &Plan, sheet: Sheet<'_>) -> Self {
        let Plan {
            target,
            operations,
            why: _,
            basis,
            shifts,
            group_tiers,
            overshoots,
            invites,
            cost,
            terms,
            blocks,
            refused,
            notes,
            aside,
            coverage,
            unmanaged,
            partial,
            left_out,
        } = plan;
        let Sheet {
            made,
            expires,
            roster,
            elsewhere,
            block,
            note,
            aside: aside_told,
        } = sheet;
        let entries = |operations: &[Operation]| {
            let entries = operations.iter();
            entries
                .map(|operation| ResourceChange::of(operation, plan))
                .collect()
        };
        let (waiting, deferred) = aside
            .iter()
            .partition(|aside| matches!(aside, Aside::Waiting { .. }));
        let put_off = |list: Vec<&Aside>| -> Vec<Deferral> {
            let list = list.into_iter();
            list.map(|aside| deferral(aside, aside_told(aside)))
                .collect()
        };
        Self {
            format_version: format!("{}.{}", super::FORMAT.0, super::FORMAT.1),
            kiroster_version: env!("CARGO_PKG_VERSION").to_owned(),
            timestamp: made,
            complete: true,
            errored: false,
            applyable: blocks.is_empty(),
            partial: (*partial != Partial::default()).then(|| partial.clone()),
            target: target.clone(),
            roster,
            digest: digest::intended(plan),
            expires,
            summary: plan.counts(),
            resource_changes: entries(operations),
            people: shifts
                .iter()
                .map(|(user, Shift { before, after })| Person {
                    user: user.clone(),
                    before: *before,
                    after: *after,
                })
                .collect(),
            blocks: blocks.iter().map(|b| obstacle(b, block(b))).collect(),
            notes: notes
                .iter()
                .map(|detail| {
                    let Told { message, hint } = note(detail);
                    let detail = detail.clone();
                    Remark {
                        message,
                        hint,
                        detail,
                    }
                })
                .collect(),
            waiting: put_off(waiting),
            settling: vec![],
            deferred: put_off(deferred),
            side_effects: invites
                .iter()
                .map(|user| SideEffect {
                    kind: "invite".to_owned(),
                    user: user.clone(),
                })
                .collect(),
            cost: Money {
                cost: cost.clone(),
                delta_usd: cost.delta(),
            },
            unmanaged: unmanaged.as_ref().map(|unmanaged| Numbers {
                users: unmanaged.users.len(),
                groups: unmanaged.groups.len(),
                seats: unmanaged.seats.len(),
            }),
            coverage: *coverage,
            refused: entries(refused),
            left_out: entries(left_out),
            group_tiers: group_tiers.clone().into_iter().collect(),
            overshoots: overshoots.iter().cloned().collect(),
            basis: basis
                .iter()
                .map(|(address, known)| Basis {
                    address: address.clone(),
                    id: known.id.clone(),
                    revision: known.revision.clone(),
                })
                .collect(),
            terms: terms.clone(),
            unmanaged_names: unmanaged.clone(),
            elsewhere,
            content_digest: digest::unsealed(),
        }
    }

    /// The plan that this file is of, or what makes no sense in it.
    pub(super) fn plan(&self) -> Result<Plan, String> {
        let told =
            |entry: &ResourceChange, why: String| format!("{} {}: {why}", entry.name, kind(entry));
        let operations = |entries: &[ResourceChange]| -> Result<Vec<Operation>, String> {
            let entries = entries.iter();
            entries
                .map(|entry| entry.operation().map_err(|why| told(entry, why)))
                .collect()
        };
        let all = self.resource_changes.iter();
        let all = all.chain(&self.left_out).chain(&self.refused);
        let why = all
            .filter(|entry| !entry.origin.is_empty() || entry.owner.is_some())
            .map(|entry| {
                let reason = entry.reason().map_err(|why| told(entry, why))?;
                Ok((entry.address.clone(), reason))
            });
        let put_off = self
            .waiting
            .iter()
            .chain(&self.settling)
            .chain(&self.deferred);
        Ok(Plan {
            target: self.target.clone(),
            why: why.collect::<Result<_, String>>()?,
            operations: operations(&self.resource_changes)?,
            basis: self
                .basis
                .iter()
                .map(|basis| {
                    let known = Known {
                        id: basis.id.clone(),
                        revision: basis.revision.clone(),
                        marks: None,
                    };
                    (basis.address.clone(), known)
                })
                .collect(),
            shifts: self
                .people
                .iter()
                .map(|person| {
                    let shift = Shift {
                        before: person.before,
                        after: person.after,
                    };
                    (person.user.clone(), shift)
                })
                .collect(),
            group_tiers: self.group_tiers.iter().cloned().collect(),
            overshoots: self.overshoots.iter().cloned().collect(),
            invites: self
                .side_effects
                .iter()
                .map(|effect| effect.user.clone())
                .collect(),
            cost: self.cost.cost.clone(),
            terms: self.terms.clone(),
            blocks: self
                .blocks
                .iter()
                .map(|block| block.detail.clone())
                .collect(),
            refused: operations(&self.refused)?,
            notes: self.notes.iter().map(|note| note.detail.clone()).collect(),
            aside: put_off.map(|entry| entry.detail.clone()).collect(),
            coverage: self.coverage,
            unmanaged: self.unmanaged_names.clone(),
            partial: self.partial.clone().unwrap_or_default(),
            left_out: operations(&self.left_out)?,
        })
    }
}

fn kind(entry: &ResourceChange) -> &'static str {
    match entry.address {
        Subject::User(_) => "(user)",
        Subject::Group(_) => "(group)",
        Subject::Member(_) => "(membership)",
        Subject::Seat(_) => "(seat)",
    }
}

fn obstacle(block: &Block, told: Told) -> Obstacle {
    let (count, limit) = match block {
        Block::Limit(excess) => (Some(excess.count), Some(excess.allowed)),
        Block::TooFewMembers { count, min, .. } => (Some(*count), Some(u64::from(*min))),
        _ => (None, None),
    };
    Obstacle {
        rule: block.rule().to_owned(),
        count,
        limit,
        names: block.names(),
        message: told.message,
        hint: told.hint,
        detail: block.clone(),
    }
}

fn deferral(aside: &Aside, told: Told) -> Deferral {
    let (address, not_before) = match aside {
        Aside::Waiting { who, .. } => {
            let address = match who {
                Principal::User(name) => Subject::User(name.clone()),
                Principal::Group(name) => Subject::Group(name.clone()),
            };
            (address, None)
        }
        Aside::Deferred {
            holder, not_before, ..
        } => (Subject::Seat(holder.clone()), *not_before),
    };
    Deferral {
        address,
        reason: told.message,
        not_before,
        detail: aside.clone(),
    }
}
