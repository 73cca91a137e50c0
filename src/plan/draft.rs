//! From a roster and what is live to a plan.

use super::coverage::Unnamed;
use super::{Coverage, Operation, Order, Partial, Plan, Terms, Unmanaged, diff, shifts};
use crate::cost::Cost;
use crate::desired::{Desired, Invite};
use crate::goal::{Block, Goal};
use crate::live::Live;
use crate::model::{Principal, Subject, UserName};
use crate::policy::{self, Agreed, Base};
use jiff::civil::Date;
use std::collections::BTreeSet as Set;

/// What a person asks for beside the roster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Only a part of the plan.
    pub partial: Partial,
    /// `--invite`, which goes before the roster's `onboarding`.
    pub invite: Option<Invite>,
    /// `--ack`.
    pub agreed: Agreed,
}

impl Plan {
    /// Compares the roster with live. `today` is UTC. Total: what stands in the way becomes a block. Limits are not judged
    /// yet: that takes [`Plan::judged`], and what AWS tells of account access.
    pub fn of(desired: &Desired, live: Live, today: Date) -> Self {
        Self::draft(desired, live, &Wish::default(), today).0
    }

    /// The same as a person wishes it, and live under the plan's names.
    pub fn draft(desired: &Desired, live: Live, wish: &Wish, today: Date) -> (Self, Live) {
        let (live, goal) = desired.over(live, today);
        let plan = Self::towards(desired, &live, goal, wish, today);
        (plan.partly(&wish.partial, &live, today), live)
    }

    fn towards(desired: &Desired, live: &Live, goal: Goal, wish: &Wish, today: Date) -> Self {
        let Goal {
            directory,
            by_itself,
            mut why,
            mut blocks,
            refused,
            mut notes,
            aside,
            listed,
        } = goal;
        let mut operations = diff(&live.directory, &directory);
        operations.retain(|operation| !by_itself.contains(&operation.subject()));
        // What AWS takes along has a reason and no operation.
        let subjects: Set<Subject> = operations.iter().map(Operation::subject).collect();
        why.retain(|subject, _| subjects.contains(subject));
        let overshoots = match Order::of(&operations, &live.directory, &directory) {
            Ok(order) => order.overshoots,
            Err(ring) => {
                blocks.push(Block::EmailRing { users: ring.users });
                Set::new()
            }
        };
        let touched = operations.iter().flat_map(|op| {
            let ends: Vec<Principal> = op.subject().principals().collect();
            ends
        });
        let basis = touched
            .filter_map(|end| Some((end.clone(), live.known.get(&end)?.clone())))
            .collect();
        let unnamed = Unnamed::of(desired, &listed, live);
        let (agreed, unheard) = policy::agreed(&wish.agreed, &desired.acknowledge, today);
        notes.extend(unheard);
        let invites = match wish.invite.unwrap_or(desired.invite) {
            Invite::New => created(&operations),
            Invite::Off => vec![],
        };
        Self {
            target: live.target.clone(),
            basis,
            cost: Cost::of(live, &directory, &desired.prices, today),
            shifts: shifts(&operations, &live.directory, &directory),
            group_tiers: live.directory.group_tiers(),
            overshoots,
            invites,
            why,
            blocks,
            refused,
            notes,
            aside,
            terms: Terms {
                policy: desired.policy.clone(),
                agreed,
                base: Base::of(desired, live),
            },
            coverage: Coverage::of(&unnamed, live),
            unmanaged: live.listed.is_all().then(|| Unmanaged::of(&unnamed, live)),
            partial: Partial::default(),
            left_out: vec![],
            operations,
        }
    }
}

/// Users that these operations create.
pub(super) fn created(operations: &[Operation]) -> Vec<UserName> {
    let created = operations.iter().filter_map(|operation| match operation {
        Operation::User(name, change) if change.before.is_none() => Some(name.clone()),
        _ => None,
    });
    created.collect()
}
