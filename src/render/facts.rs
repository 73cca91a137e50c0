//! What is known around a plan's operations and belongs on their lines: effects, reasons, account access.

use super::phrase::{self, Phrase, say};
use super::words;
use crate::goal::{Note, Reason};
use crate::live::Access;
use crate::model::{GroupName, Principal, Subject, UserName, grouped};
use crate::plan::{Operation, Plan, Shift};
use std::collections::BTreeMap as Map;

/// What is known around the operations.
pub(super) struct Facts<'p> {
    pub(super) plan: &'p Plan,
    /// Whether the operations are those that `plan.shifts` tells the effects of.
    pub(super) effects: bool,
    /// Who joins a group that holds AWS account access.
    pub(super) joins: Map<(&'p UserName, &'p GroupName), &'p Access>,
    /// Who holds such access and leaves or gets another identity.
    pub(super) holds: Map<&'p UserName, &'p Access>,
    /// How many people lose with each group.
    losers: Map<&'p GroupName, usize>,
}

impl<'p> Facts<'p> {
    pub(super) fn of(plan: &'p Plan) -> Self {
        let mut facts = Self::without_effects(plan);
        facts.effects = true;
        for note in &plan.notes {
            match note {
                Note::JoinsAccess {
                    user,
                    group,
                    access,
                } if matches!(access, Access::Holds(_)) => {
                    facts.joins.insert((user, group), access);
                }
                Note::UserHoldsAccess { user, access } if matches!(access, Access::Holds(_)) => {
                    facts.holds.insert(user, access);
                }
                // What AWS does not tell is told once, for all.
                _ => {}
            }
        }
        for shift in plan.shifts.values().filter(|shift| shift.lowers()) {
            for group in &shift.through {
                *facts.losers.entry(group).or_default() += 1;
            }
        }
        facts
    }

    /// Why the groups through which a tier changes are as they are.
    pub(super) fn why_through(&self, groups: &[GroupName]) -> Phrase {
        let whys = groups.iter().filter_map(|group| {
            let seat = Subject::Seat(Principal::Group(group.clone()));
            let why = match self.plan.why.get(&seat)? {
                // The group's own end says it.
                Reason::GoesWith(owner) => self.plan.why.get(&Subject::from(owner.clone()))?,
                why => why,
            };
            Some(words::why(why))
        });
        Phrase::joined(whys, ", ")
    }

    pub(super) fn without_effects(plan: &'p Plan) -> Self {
        Self {
            plan,
            effects: false,
            joins: Map::new(),
            holds: Map::new(),
            losers: Map::new(),
        }
    }

    pub(super) fn shift(&self, holder: &Principal) -> Option<&'p Shift> {
        match holder {
            Principal::User(user) if self.effects => self.plan.shifts.get(user),
            _ => None,
        }
    }

    pub(super) fn why(&self, operation: &Operation) -> Phrase {
        let reason = self.plan.why.get(&operation.subject());
        reason.map(words::why).unwrap_or_default()
    }

    /// Whether an operation goes with a user or group that this line is about anyway.
    pub(super) fn goes_along(&self, operation: &Operation, holder: &Principal) -> bool {
        match self.plan.why.get(&operation.subject()) {
            Some(Reason::GoesWith(owner)) => owner == holder,
            _ => false,
        }
    }

    /// How many people lose with a group, as a remark in brackets; nothing where nobody does.
    pub(super) fn losers_told(&self, group: &GroupName) -> Phrase {
        match self.losers.get(group).copied().unwrap_or_default() {
            0 => Phrase::default(),
            1 => say![" (1 person loses by it)"],
            many => say![
                " (",
                phrase::words(grouped(many as u64)),
                " people lose by it)"
            ],
        }
    }
}
