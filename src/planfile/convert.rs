//! A plan becomes a document, and a document the plan again.

use super::change::ResourceChange;
use super::digest;
use super::document::{
    Basis, Deferral, Document, Money, Numbers, Obstacle, Person, Remark, Roster, SideEffect,
};
use crate::goal::{Aside, Block, Note};
use crate::live::Known;
use crate::model::Subject;
use crate::plan::{Elsewhere, Operation, Partial, Plan, Shift};
use jiff::Timestamp;

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
        let put_off = |of_kind: fn(&Aside) -> bool| -> Vec<Deferral> {
            let list = aside.iter().filter(|aside| of_kind(aside));
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
                .map(|(user, shift)| {
                    let Shift {
                        before,
                        after,
                        through,
                        present,
                    } = shift.clone();
                    let user = user.clone();
                    Person {
                        user,
                        before,
                        after,
                        through,
                        present,
                    }
                })
                .collect(),
            blocks: blocks.iter().map(|b| obstacle(b, block(b))).collect(),
            notes: notes.iter().map(|n| remark(n, note(n))).collect(),
            waiting: put_off(Aside::waits),
            settling: put_off(Aside::settles),
            deferred: put_off(Aside::is_deferred),
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
                    let Person {
                        user,
                        before,
                        after,
                        through,
                        present,
                    } = person.clone();
                    let shift = Shift {
                        before,
                        after,
                        through,
                        present,
                    };
                    (user, shift)
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

fn remark(note: &Note, told: Told) -> Remark {
    Remark {
        message: told.message,
        hint: told.hint,
        detail: note.clone(),
    }
}

fn deferral(aside: &Aside, told: Told) -> Deferral {
    let (address, not_before) = match aside {
        Aside::Waiting { who, .. } => (Subject::from(who.clone()), None),
        Aside::Deferred {
            holder, not_before, ..
        }
        | Aside::Asked {
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
