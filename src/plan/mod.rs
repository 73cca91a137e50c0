//! What must happen for live to become the goal: the operations, why each is there, and on which objects it rests.

mod diff;
mod effect;
mod order;
mod resume;

pub use diff::diff;
pub use effect::{Shift, shifts};
pub use order::{Order, Ring, Step, StepId};
pub use resume::{Approved, Drift, Fresh, Remaining, State, classify};

use crate::cost::Cost;
use crate::desired::Desired;
use crate::directory::{Directory, Group, User, beside};
use crate::goal::{Aside, Block, Goal, Note, Reason};
use crate::live::{Known, Live, Target};
use crate::model::{GroupName, Membership, Principal, Subject, Tier, UserName};
use jiff::civil::Date;
use std::collections::BTreeMap as Map;
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
    /// In which order.
    pub order: Order,
    /// What it costs.
    pub cost: Cost,
    /// What stops it.
    pub blocks: Vec<Block>,
    /// What the reader should know.
    pub notes: Vec<Note>,
    /// What is wanted and cannot happen today.
    pub aside: Vec<Aside>,
    /// How much of the live organization the roster names.
    pub coverage: Coverage,
}

/// How many live objects there are, and how many of them the roster names; rows of Kiro's that are left alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Live users.
    pub users: usize,
    /// Of them, named.
    pub users_named: usize,
    /// Live groups.
    pub groups: usize,
    /// Of them, named.
    pub groups_named: usize,
    /// Own live seats of people and groups that the roster does not name.
    pub seats_unnamed: usize,
    /// Seats of another product.
    pub foreign_seats: usize,
    /// Seats that point at nobody.
    pub orphan_seats: usize,
    /// Whether Kiro was left alone.
    pub without_seats: bool,
}

impl Plan {
    /// Compares the roster with live. `today` is UTC. Total: what stands in the way becomes a block.
    pub fn of(desired: &Desired, live: Live, today: Date) -> Self {
        let (live, goal) = desired.over(live, today);
        Self::towards(desired, &live, goal, today)
    }

    /// The plan from `live` to `goal`, both under the roster's names.
    pub fn towards(desired: &Desired, live: &Live, goal: Goal, today: Date) -> Self {
        let Goal {
            directory,
            by_itself,
            why,
            mut blocks,
            notes,
            aside,
        } = goal;
        let mut operations = diff(&live.directory, &directory);
        operations.retain(|operation| !by_itself.contains(&operation.subject()));
        let order = Order::of(&operations, &live.directory, &directory).unwrap_or_else(|ring| {
            blocks.push(Block::EmailRing { users: ring.users });
            Order::default()
        });
        let touched = operations.iter().flat_map(|op| {
            let ends: Vec<Principal> = op.subject().principals().collect();
            ends
        });
        let basis = touched
            .filter_map(|end| Some((end.clone(), live.known.get(&end)?.clone())))
            .collect();
        Self {
            target: live.target.clone(),
            basis,
            cost: Cost::of(live, &directory, &desired.prices, today),
            shifts: shifts(&operations, &live.directory, &directory),
            group_tiers: live.directory.group_tiers(),
            order,
            why,
            blocks,
            notes,
            aside,
            coverage: Coverage::of(desired, live),
            operations,
        }
    }

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Creates.
    pub add: usize,
    /// Updates.
    pub change: usize,
    /// Deletes; the number a person types to consent.
    pub remove: usize,
}

impl Coverage {
    fn of(desired: &Desired, live: &Live) -> Self {
        let Directory {
            users,
            groups,
            members: _,
            seats,
        } = &live.directory;
        let names_user = |name: &UserName| desired.users.contains_key(name);
        let names_group = |name: &GroupName| desired.groups.contains_key(name);
        let unnamed = seats.keys().filter(|holder| match holder {
            Principal::User(user) => !names_user(user),
            Principal::Group(group) => !names_group(group),
        });
        let kiro = live.kiro.as_ref();
        Self {
            users: users.len(),
            users_named: beside(users, &desired.users)
                .filter(|(.., named)| named.is_some())
                .count(),
            groups: groups.len(),
            groups_named: beside(groups, &desired.groups)
                .filter(|(.., named)| named.is_some())
                .count(),
            seats_unnamed: unnamed.count(),
            foreign_seats: kiro.map_or(0, |kiro| kiro.foreign),
            orphan_seats: kiro.map_or(0, |kiro| kiro.orphans),
            without_seats: kiro.is_none(),
        }
    }
}
