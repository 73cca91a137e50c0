//! Policy over a plan: when it is made, and again, over its whole change set, when it is applied.

use super::{Action, Operation, Plan, Shift, Side, on};
use crate::desired::{Limit, Policy};
use crate::goal::{Block, Note};
use crate::live::{Access, Live};
use crate::model::{Principal, UserName};
use crate::policy::{self, Agreed, Base, judge, tripped};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap as Map, BTreeSet as Set};

/// What a plan is judged by: it goes with the plan, so that what was reviewed is what is applied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The roster's policy, or a trusted checkout's.
    pub policy: Policy,
    /// What had been agreed to when the plan was made.
    pub agreed: Agreed,
    /// What percentages are of.
    pub base: Base,
}

impl Plan {
    /// With every block and note that policy makes of it. `live` is under the plan's names; `access` is what AWS tells of
    /// those whom [`asks`] named.
    pub fn judged(mut self, live: &Live, access: &Map<Principal, Access>) -> Self {
        let after = on(Side::After, &live.directory, &self.operations);
        let change = policy::Change {
            before: &live.directory,
            after: &after,
            access,
            base: self.terms.base,
            cost: &self.cost,
        };
        let (blocks, notes) = judge(change, &self.terms.policy, &self.terms.agreed);
        self.blocks.extend(blocks);
        self.blocks.extend(self.too_many_mails(&self.terms.agreed));
        self.notes.extend(notes);
        self.notes.extend(self.remarks(live));
        self.blocks.sort();
        self.notes.sort();
        self
    }

    /// What the operations that are left mean beside what the roster asks.
    fn remarks(&self, live: &Live) -> Vec<Note> {
        let mut notes = gains_of_disabled(&self.shifts, live);
        let (mut users, mut groups) = (0, 0);
        for operation in &self.operations {
            match operation {
                Operation::User(_, change) => users += u64::from(change.after.is_none()),
                Operation::Group(_, change) => groups += u64::from(change.after.is_none()),
                Operation::Member(..) | Operation::Seat(..) => {}
            }
        }
        if live.kiro.is_none() && users + groups > 0 {
            notes.push(Note::SeatsUnseen { users, groups });
        }
        notes
    }

    /// Mails are no part of a directory.
    pub(super) fn too_many_mails(&self, agreed: &Agreed) -> Option<Block> {
        let limit = Limit::Invites;
        let floor = u64::from(self.terms.policy.bound(limit).floor);
        let names = self.invites.iter().map(ToString::to_string).collect();
        tripped(limit, self.invites.len() as u64, floor, names, None, agreed)
    }
}

/// Whose account access matters to these operations: groups that are deleted or joined, users who leave or get another
/// name or e-mail. Only what is live can hold any.
pub fn asks(operations: &[Operation]) -> Set<Principal> {
    let mut asks = Set::new();
    for operation in operations {
        match operation {
            Operation::User(name, change) => {
                if change.action() == Action::Delete || identity_changes(operation) {
                    asks.insert(Principal::User(name.clone()));
                }
            }
            Operation::Group(name, change) if change.after.is_none() => {
                asks.insert(Principal::Group(name.clone()));
            }
            Operation::Member(member, change) if change.before.is_none() => {
                asks.insert(Principal::Group(member.group.clone()));
            }
            Operation::Group(..) | Operation::Member(..) | Operation::Seat(..) => {}
        }
    }
    asks
}

/// Whether an existing user gets another user name or e-mail.
pub fn identity_changes(operation: &Operation) -> bool {
    match operation {
        Operation::User(_, change) => match (&change.before, &change.after) {
            (Some(before), Some(after)) => {
                before.name != after.name || before.email() != after.email()
            }
            _ => false,
        },
        Operation::Group(..) | Operation::Member(..) | Operation::Seat(..) => false,
    }
}

/// Disabled people who get a seat, or a higher one: Kiro knows no exceptions from a group's tier.
pub(super) fn gains_of_disabled(shifts: &Map<UserName, Shift>, live: &Live) -> Vec<Note> {
    let shifts = shifts.iter();
    let gains = shifts.filter(|(user, shift)| live.disabled.contains(*user) && !shift.lowers());
    let gains = gains.filter_map(|(user, shift)| {
        let user = user.clone();
        Some(Note::DisabledGains {
            user,
            tier: shift.after?,
        })
    });
    gains.collect()
}
