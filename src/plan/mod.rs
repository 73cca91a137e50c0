//! What must happen for live to become the goal: the operations, why each is there, and on which objects it rests.

mod classify;
mod coverage;
mod diff;
mod draft;
mod drift;
mod effect;
mod elsewhere;
mod judge;
mod order;
mod partial;
mod reach;
mod redact;
mod resume;
mod sides;
mod taken;

pub use classify::{State, classify};
pub use coverage::{Coverage, Unmanaged};
pub use diff::diff;
pub use draft::Wish;
pub use drift::Drift;
pub use effect::{Shift, shifts};
pub use elsewhere::Elsewhere;
pub use judge::{Terms, asks, identity_changes};
pub use order::{Order, Ring, Step, StepId};
pub use partial::{Kind, Partial, Selector};
pub use resume::{Approved, Fresh, Misfit, Remaining};
pub use sides::{Side, on};

use crate::cost::Cost;
use crate::directory::{Group, User};
use crate::goal::{Aside, Block, Note, Reason};
use crate::live::{Known, Target};
use crate::model::{GroupName, Membership, Principal, Subject, Tier, UserName, folded};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap as Map, BTreeSet as Set};
use std::sync::Arc;

/// Before and after; never equal and never both `None`. Create, update and delete are views of this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<T> {
    /// What is live.
    pub before: Option<T>,
    /// What is wanted.
    pub after: Option<T>,
}

/// One change, which is one call to AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Of a user: create, update (a rename too) or delete.
    User(UserName, Change<Arc<User>>),
    /// Of a group: create, update (a rename too) or delete.
    Group(GroupName, Change<Arc<Group>>),
    /// Of a membership: add or remove.
    Member(Membership, Change<()>),
    /// Of an own seat: subscribe, change or unsubscribe.
    Seat(Principal, Change<Tier>),
}

/// What an operation does to its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It was not there.
    Create,
    /// It was, and will be, otherwise.
    Update,
    /// It will not be there.
    Delete,
}

impl<T> Change<T> {
    /// Create, update or delete.
    pub fn action(&self) -> Action {
        match (&self.before, &self.after) {
            (None, _) => Action::Create,
            (Some(_), Some(_)) => Action::Update,
            (Some(_), None) => Action::Delete,
        }
    }
}

impl Change<Arc<User>> {
    /// The address, case-folded, that this person gives up.
    fn email_freed(&self) -> Option<String> {
        let [before, after] = self.emails();
        before.filter(|email| after.as_ref() != Some(email))
    }

    /// The address, case-folded, that this person gets.
    fn email_taken(&self) -> Option<String> {
        let [before, after] = self.emails();
        after.filter(|email| before.as_ref() != Some(email))
    }

    fn emails(&self) -> [Option<String>; 2] {
        [&self.before, &self.after].map(|user| user.as_ref()?.email().map(folded))
    }
}

impl Operation {
    /// What it is about.
    pub fn subject(&self) -> Subject {
        match self {
            Self::User(name, _) => Subject::User(name.clone()),
            Self::Group(name, _) => Subject::Group(name.clone()),
            Self::Member(member, _) => Subject::Member(member.clone()),
            Self::Seat(holder, _) => Subject::Seat(holder.clone()),
        }
    }

    /// Create, update or delete.
    pub fn action(&self) -> Action {
        match self {
            Self::User(_, change) => change.action(),
            Self::Group(_, change) => change.action(),
            Self::Member(_, change) => change.action(),
            Self::Seat(_, change) => change.action(),
        }
    }
}

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
    /// The changes that scope, protection and AWS's own groups forbid: each has its block.
    pub refused: Vec<Operation>,
    /// What the reader should know.
    pub notes: Vec<Note>,
    /// What is wanted and cannot happen today.
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
