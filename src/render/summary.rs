//! A plan in one line, for a build's status or a message.

use super::phrase::count;
use crate::goal::Aside;
use crate::model::{grouped, visible};
use crate::plan::Plan;

/// One line, with a line end.
pub fn summary(plan: &Plan) -> String {
    let counts = plan.counts();
    let number = |number: usize| grouped(number as u64);
    let mut facts = vec![format!(
        "{} to add, {} to change, {} to remove",
        number(counts.add),
        number(counts.change),
        number(counts.remove)
    )];
    let losers = plan.shifts.values().filter(|s| s.after < s.before).count();
    match losers {
        0 => {}
        1 => facts.push("1 person loses a seat or gets a lower one".to_owned()),
        many => facts.push(format!(
            "{} people lose a seat or get a lower one",
            number(many)
        )),
    }
    let asides =
        |of_kind: fn(&Aside) -> bool| plan.aside.iter().filter(|aside| of_kind(aside)).count();
    for (many, what) in [
        (asides(Aside::waits), "waiting"),
        (asides(Aside::settles), "settling"),
        (asides(Aside::is_deferred), "deferred"),
        (plan.left_out.len(), "left out"),
    ] {
        if many > 0 {
            facts.push(format!("{} {what}", number(many)));
        }
    }
    if !plan.coverage.without_seats {
        let (before, after) = (plan.cost.before.usd, plan.cost.after.usd);
        facts.push(match before == after {
            true => format!("{after} a month (estimate)"),
            false => format!(
                "{before} -> {after} a month ({}, estimate)",
                plan.cost.delta().signed()
            ),
        });
    }
    if !plan.blocks.is_empty() {
        let mut rules: Vec<&str> = plan.blocks.iter().map(|block| block.rule()).collect();
        rules.dedup();
        let reasons = count(plan.blocks.len(), "reason");
        facts.push(format!("blocked: {reasons} ({})", rules.join(", ")));
    }
    let account = visible(&plan.target.account);
    format!("account {account}: {}\n", facts.join("; "))
}
