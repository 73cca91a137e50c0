//! Some of a plan: `--only` chooses operations and pulls in what they need, `--additive` leaves out what takes or
//! renames. Neither changes what the roster claims, so each operation stays exactly what it was.

mod choice;
mod others;
mod selector;

pub use selector::{Kind, Selector};

use super::draft::created;
use super::{Action, Change, Operation, Order, Plan, Side, identity_changes, on, shifts};
use crate::cost::Cost;
use crate::goal::Block;
use crate::live::Live;
use crate::model::Principal;
use choice::chosen;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet as Set;

/// What a partial plan was asked to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Partial {
    /// `--only`, in the order given; empty: all.
    pub only: Vec<Selector>,
    /// `--additive`.
    pub additive: bool,
}

impl Plan {
    /// The same plan with only what `partial` chooses; what it leaves out is kept in [`Plan::left_out`]. `live` is filed
    /// under the plan's names.
    pub fn partly(mut self, partial: &Partial, live: &Live, today: Date) -> Self {
        if *partial == Partial::default() {
            return self;
        }
        let chosen = chosen(partial, &self, &live.directory);
        let (mut operations, mut left_out) = (Vec::new(), Vec::new());
        for (index, operation) in self.operations.into_iter().enumerate() {
            match chosen.contains(&index) {
                true => operations.push(operation),
                false => left_out.push(operation),
            }
        }
        self.operations = operations;
        self.left_out = left_out;
        self.partial = partial.clone();
        let created: Set<_> = created(&self.operations).into_iter().collect();
        self.invites.retain(|user| created.contains(user));
        let after = on(Side::After, &live.directory, &self.operations);
        self.shifts = shifts(&self.operations, &live.directory, &after);
        self.cost = Cost::of(live, &after, &self.cost.prices, today);
        let touched: Set<Principal> = self.operations.iter().flat_map(principals).collect();
        self.basis
            .retain(|principal, _| touched.contains(principal));
        self.blocks
            .retain(|block| !matches!(block, Block::EmailRing { .. }));
        match Order::of(&self.operations, &live.directory, &after) {
            Ok(order) => self.overshoots = order.overshoots,
            Err(ring) => self.blocks.push(Block::EmailRing { users: ring.users }),
        }
        self.forget_others(&touched, &live.directory);
        self
    }
}

fn principals(operation: &Operation) -> Vec<Principal> {
    operation.subject().principals().collect()
}

/// Whether an operation removes, lowers or gives somebody another identity.
fn takes(operation: &Operation) -> bool {
    match operation {
        Operation::Seat(_, change) => change.after < change.before,
        // An emptied attribute is a removal as well: nothing in the roster could bring it back.
        Operation::User(
            _,
            Change {
                before: Some(was),
                after: Some(will),
            },
        ) => {
            let mut set = was.attributes.keys();
            identity_changes(operation) || set.any(|key| !will.attributes.contains_key(key))
        }
        Operation::Group(
            _,
            Change {
                before: Some(was),
                after: Some(will),
            },
        ) => was.name != will.name || (was.description.is_some() && will.description.is_none()),
        Operation::User(..) | Operation::Group(..) | Operation::Member(..) => {
            operation.action() == Action::Delete
        }
    }
}
