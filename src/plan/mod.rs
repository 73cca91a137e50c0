//! What must happen for live to become the goal: the operations, why each is there, and on which objects it rests.

mod classify;
mod coverage;
mod draft;
mod drift;
mod effect;
mod elsewhere;
mod judge;
mod obstacle;
mod order;
mod partial;
mod reach;
mod recall;
mod redact;
mod resume;
mod taken;

pub use crate::change::{Action, Change, Operation, Side, diff, on};
pub use classify::{State, classify};
pub use coverage::{Coverage, Unmanaged};
pub use draft::Wish;
pub use drift::Drift;
pub use effect::{Shift, shifts};
pub use elsewhere::Elsewhere;
pub use judge::{Terms, asks, identity_changes};
pub use obstacle::Obstacle;
pub use order::{Order, Ring, Step, StepId, Taken};
pub use partial::{Kind, Partial, Selector};
pub use recall::Asked;
pub use resume::{Approved, Fresh, Misfit, Remaining};

use crate::cost::Cost;
use crate::goal::{Aside, Block, Note, Reason};
use crate::live::{Known, Target};
use crate::model::{GroupName, Principal, Subject, Tier, UserName};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap as Map, BTreeSet as Set};

/// Everything a reviewer must see, and everything apply needs.
#[derive(Clone, Debug)]
pub struct Plan {
    /// For which organization.
    pub target: Target,
    /// The changes, by kind and name.
    pub operations: Vec<Operation>,
    /// Why each is there.
    pub why: Map<Subject, Reason>,
    /// The live users and groups that the operations rest on: no entry means that the plan creates it.
    pub basis: Map<Principal, Known>,
    /// Everybody whose effective tier changes, by whatever route.
    pub shifts: Map<UserName, Shift>,
    /// The tiers that live groups have: leaving one of these takes a seat, leaving another does not.
    pub group_tiers: Map<GroupName, Tier>,
    /// People who may for a moment have a higher tier than before and after.
    pub overshoots: Set<UserName>,
    /// Who is mailed a password link once this plan has created them, in order.
    pub invites: Vec<UserName>,
    /// What it costs.
    pub cost: Cost,
    /// What it is judged by, today and when it is applied.
    pub terms: Terms,
    /// What stops it.
    pub blocks: Vec<Block>,
    /// The changes that blocks forbid, and what hangs on them.
    pub refused: Vec<Operation>,
    /// What the reader should know.
    pub notes: Vec<Note>,
    /// What is wanted and cannot happen today, and which operations an earlier run has asked for in vain.
    pub aside: Vec<Aside>,
    /// How much of the live organization the roster names.
    pub coverage: Coverage,
    /// What is live and in no file; `None` where live was read by name.
    pub unmanaged: Option<Unmanaged>,
    /// Which part of the whole this is.
    pub partial: Partial,
    /// What a partial plan leaves for another time.
    pub left_out: Vec<Operation>,
}

impl Plan {
    /// How many changes add, change and remove.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for operation in &self.operations {
            match operation.action() {
                Action::Create => counts.add += 1,
                Action::Update => counts.change += 1,
                Action::Delete => counts.remove += 1,
            }
        }
        counts
    }
}

/// Changes by what they do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// Creates.
    pub add: usize,
    /// Updates.
    pub change: usize,
    /// Deletes; the number a person types to consent.
    pub remove: usize,
}
