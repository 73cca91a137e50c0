//! A part of a plan: whatever is chosen, nobody ends lower than now and than the whole plan would leave them.

use crate::{Case, Tally};
use crate::{TODAY, catches, holds};
use kiroster::directory::Directory;
use kiroster::live::Live;
use kiroster::model::{Tier, UserName};
use kiroster::plan::{Operation, Partial, Plan, Selector, Side, Wish, on};
use std::cell::Cell;
use std::collections::BTreeMap as Map;

/// Everybody's tier.
fn tiers(directory: &Directory) -> Map<UserName, Tier> {
    let highest = directory.highest().into_iter();
    highest.map(|(user, tier)| (user.clone(), tier)).collect()
}

/// `spoil` may plant a fault in what was chosen.
fn nobody_is_lower(case: &mut Case, parts: &Cell<usize>, spoil: impl Fn(&mut Vec<Operation>)) {
    let kind = ["user", "group", "membership", "seat"][case.chance.below(4)];
    let only = format!("{kind}:*{}", case.chance.below(9));
    let wish = Wish {
        partial: Partial {
            only: vec![Selector::parse(&only).expect("a selector")],
            additive: false,
        },
        ..Wish::default()
    };
    let (part, live) = Plan::draft(&case.desired, Live::of(case.world.read()), &wish, TODAY);
    let mut operations = part.operations.clone();
    spoil(&mut operations);
    let live = &live.directory;
    let now = tiers(live);
    let whole = tiers(&on(Side::After, live, &case.plan.operations));
    let after = tiers(&on(Side::After, live, &operations));
    for (user, tier) in &now {
        let meant = whole.get(user).min(Some(tier));
        assert!(
            after.get(user) >= meant,
            "--only {only}: {user} has {:?}, now {tier}, meant {meant:?}",
            after.get(user)
        );
    }
    let is_part = !part.operations.is_empty() && !part.left_out.is_empty();
    parts.set(parts.get() + usize::from(is_part));
}

#[test]
fn a_part_of_a_plan_takes_no_seat_without_what_replaces_it() {
    let parts = Cell::new(0);
    holds("part", |case: &mut Case, _: &mut Tally| {
        nobody_is_lower(case, &parts, |_| {});
    });
    let parts = parts.get();
    println!("part: {parts} were a part");
    assert!(parts > 500, "too tame: {parts}");
    catches("what replaces a seat was left out", |case| {
        nobody_is_lower(case, &Cell::new(0), |operations| {
            operations.retain(|operation| match operation {
                Operation::Seat(_, change) => change.after <= change.before,
                Operation::Member(_, change) => change.after.is_none(),
                _ => true,
            });
        });
    });
}
