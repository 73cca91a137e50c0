//! What the directory will be: live, with what the roster claims laid over it.
//!
//! Three steps. *Names*: `previously` and case give a table by which all of live is filed under the roster's names, once
//! (`names`). *Claims*: whatever the roster does not mention is copied from live first, so unmentioned attributes,
//! additive groups and provider-owned people are settled before the first comparison (`users`, `groups`, `leavers`,
//! `members`, `seats`). *Guard*: a change that may not be written is taken back, and its refusal becomes a block or a note
//! (`guard`, `emails`).
//!
//! Everything here is total: what cannot be had stays as it is and is told ([`Block`], [`Note`], [`Aside`]).

mod aside;
mod block;
mod emails;
mod groups;
mod guard;
mod leavers;
mod members;
mod names;
mod note;
mod seats;
mod tables;
mod users;
mod waiting;

pub use aside::{Aside, Hold, Lack};
pub use block::{Block, Excess};
pub use guard::Fence;
pub use note::{Keeper, Note};
pub use seats::{Rule, kiro_rule};

use crate::change::Operation;
use crate::desired::{Desired, Listed, Policy};
use crate::directory::Directory;
use crate::live::Live;
use crate::model::{Attribute, Family, Membership, Place, Principal, Subject, UserName};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap as Map, BTreeSet as Set};

/// The wanted directory, why it differs from live, and what could not be had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Goal {
    /// What shall be.
    pub directory: Directory,
    /// Differences that AWS makes by itself, without a call of ours: the seat of a deleted user, where seats are not ours
    /// to write.
    pub by_itself: Set<Subject>,
    /// Why each difference is there; none may be without.
    pub why: Map<Subject, Reason>,
    /// What stops the whole plan.
    pub blocks: Vec<Block>,
    /// The changes that blocks forbid, and what hangs on them.
    pub refused: Vec<Operation>,
    /// What the reader should know; it stops nothing.
    pub notes: Vec<Note>,
    /// What is wanted and cannot happen today.
    pub aside: Vec<Aside>,
    /// Whom and what the roster names without an entry.
    pub listed: Listed,
}

/// Why something changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A roster says so, here.
    Declared(Vec<Place>),
    /// `state: absent`.
    Absent(Place),
    /// `state: offboarded`.
    Offboarded(Place),
    /// The last day of `until` has passed.
    Until(Place),
    /// The group's list is exact and does not name this person.
    NotListed(Place),
    /// `tier: none`.
    AskedNone(Place),
    /// `policy.prune` takes the seat.
    Pruned(Place),
    /// Its user or group goes.
    GoesWith(Principal),
}

impl Desired {
    /// Files live under the roster's names and lays the roster over it. `today` is UTC.
    pub fn over(&self, live: Live, today: Date) -> (Live, Goal) {
        let (names, mut goal) = names::of(self, &live);
        let live = live.called(&names);
        goal.directory = live.directory.clone();
        let mut claims = Claims {
            desired: self,
            live: &live,
            policy: &self.policy,
            today,
            waiting: Set::new(),
            goal,
        };
        claims.users();
        claims.groups();
        claims.leavers();
        claims.members();
        claims.seats();
        claims.prune();
        claims.guard();
        claims.seat_notes();
        claims.table_notes();
        let mut goal = claims.goal;
        goal.blocks.sort();
        goal.blocks.dedup();
        goal.refused.sort_by_key(Operation::subject);
        goal.refused.dedup_by_key(|operation| operation.subject());
        goal.notes.sort();
        goal.notes.dedup();
        (live, goal)
    }
}

/// The roster being laid over live: each step fills in its part of the goal.
struct Claims<'a> {
    desired: &'a Desired,
    live: &'a Live,
    policy: &'a Policy,
    today: Date,
    /// Names that are only listed, and wait: each is told once.
    waiting: Set<UserName>,
    goal: Goal,
}

impl Claims<'_> {
    fn manages(&self, family: Family) -> bool {
        self.policy.manage.contains(&family)
    }

    /// Why what a principal has of this family stays as it is, if it does.
    fn keeper(&self, who: &Principal, family: Family) -> Option<Keeper> {
        if self.fence().is_provided(who) {
            return Some(Keeper::Provider);
        }
        (!self.manages(family)).then_some(Keeper::NotManaged(family))
    }

    fn note_kept(&mut self, subject: Subject, because: Keeper, differs: Vec<Attribute>) {
        self.goal.notes.push(Note::Kept {
            subject,
            because,
            differs,
        });
    }

    fn because(&mut self, subject: Subject, reason: Reason) {
        self.goal.why.insert(subject, reason);
    }

    fn drop_member(&mut self, member: &Membership, reason: Reason) {
        if self.goal.directory.members.remove(member) {
            self.because(Subject::Member(member.clone()), reason);
        }
    }

    fn drop_seat(&mut self, holder: &Principal, reason: Reason) {
        if self.goal.directory.seats.remove(holder).is_some() {
            self.because(Subject::Seat(holder.clone()), reason);
        }
    }
}
