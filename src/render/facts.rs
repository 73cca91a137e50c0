//! What is known around a plan's operations and belongs on their lines: effects, reasons, account access.

use super::phrase::{self, Phrase, say};
use super::words;
use crate::goal::{Note, Reason};
use crate::live::Access;
use crate::model::{GroupName, Principal, Subject, Tier, UserName, grouped};
use crate::plan::{Change, Operation, Plan, Shift};
use std::collections::{BTreeMap as Map, BTreeSet as Set};

/// What is known around the operations.
pub(super) struct Facts<'p> {
    pub(super) plan: &'p Plan,
    /// Whether the operations are those that `plan.shifts` tells the effects of.
    pub(super) effects: bool,
    /// Who joins a group that holds AWS account access.
    pub(super) joins: Map<(&'p UserName, &'p GroupName), &'p Access>,
    /// Who holds such access and leaves or gets another identity.
    pub(super) holds: Map<&'p UserName, &'p Access>,
    pub(super) losers: usize,
    /// The one group whose own tier falls, or rises, and where that is said: then it is the cause for whoever no
    /// operation names.
    pub(super) falls: Option<(&'p GroupName, Phrase)>,
    pub(super) rises: Option<(&'p GroupName, Phrase)>,
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
        // Whose own line says why they lose, does not lose with the group.
        let own: Set<&UserName> = plan
            .operations
            .iter()
            .filter_map(|operation| match operation {
                Operation::Seat(Principal::User(user), _) => Some(user),
                Operation::Member(member, change) if change.after.is_none() => Some(&member.user),
                Operation::User(user, change) if change.after.is_none() => Some(user),
                _ => None,
            })
            .collect();
        let losers = plan.shifts.iter().filter(|(user, shift)| {
            let lower = shift.after < shift.before;
            lower && !own.contains(user)
        });
        facts.losers = losers.count();
        facts.falls = facts.only(|change| change.after < change.before);
        facts.rises = facts.only(|change| change.after > change.before);
        facts
    }

    fn only(&self, wanted: impl Fn(&Change<Tier>) -> bool) -> Option<(&'p GroupName, Phrase)> {
        let mut found = self.plan.operations.iter().filter_map(|op| match op {
            Operation::Seat(Principal::Group(group), change) if wanted(change) => Some((group, op)),
            _ => None,
        });
        let (group, operation) = found.next().filter(|_| found.next().is_none())?;
        let with = match self.plan.why.get(&operation.subject()) {
            Some(Reason::GoesWith(Principal::Group(group))) => Subject::Group(group.clone()),
            _ => operation.subject(),
        };
        let why = self.plan.why.get(&with).map(words::why);
        Some((group, why.unwrap_or_default()))
    }

    pub(super) fn without_effects(plan: &'p Plan) -> Self {
        Self {
            plan,
            effects: false,
            joins: Map::new(),
            holds: Map::new(),
            losers: 0,
            falls: None,
            rises: None,
        }
    }

    pub(super) fn shift(&self, holder: &Principal) -> Option<Shift> {
        match holder {
            Principal::User(user) if self.effects => self.plan.shifts.get(user).copied(),
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

    /// How many people lose with their groups, as a remark in brackets; nothing where nobody does.
    pub(super) fn losers_told(&self) -> Phrase {
        match self.losers {
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
