//! What a plan says and in which order: blocks, everything that takes something away, changes, additions, what waits,
//! mails, what no file names, notes, cost, totals.

use super::around::{asides, first, header, mails, notes, sentence, totals, unmanaged};
use super::bill::Bill;
use super::fold;
use super::lines::{Lines, left_out};
use super::view::{Detail, Entry, Heading, Line, Mark, Section, Topic, View};
use super::words;
use crate::goal::Aside;
use crate::plan::Plan;

impl View {
    /// The plan, for reading.
    pub fn of(plan: &Plan, heading: &Heading, detail: Detail) -> Self {
        let Lines {
            takes,
            changes,
            adds,
            risen,
        } = Lines::of(plan);
        let all = |lines: Vec<Line>| lines.into_iter().map(Entry::from).collect::<Vec<_>>();
        let blocked = plan
            .blocks
            .iter()
            .map(|b| sentence(Mark::Blocked, words::block(b)));
        let mut changes = all(changes);
        changes.extend(fold::risen(risen, detail));
        let asides = |of_kind| first(asides(plan, of_kind), detail);
        let sections = [
            (Topic::Blocked, all(blocked.collect())),
            (Topic::Takes, all(takes)),
            (Topic::Changes, changes),
            (Topic::Adds, fold::adds(adds, detail)),
            (Topic::Waiting, asides(Aside::waits)),
            (Topic::Settling, asides(Aside::settles)),
            (Topic::Deferred, asides(Aside::is_deferred)),
            (Topic::LeftOut, first(left_out(plan), detail)),
            (Topic::Mails, all(mails(plan, detail))),
            (Topic::Unmanaged, all(unmanaged(plan, detail))),
            (Topic::Notes, all(notes(plan, detail))),
        ];
        let sections = sections
            .into_iter()
            .filter(|(_, entries)| !entries.is_empty());
        Self {
            target: (plan.target.account.clone(), plan.target.instance.clone()),
            header: header(plan, heading),
            heading: heading.clone(),
            sections: sections
                .map(|(topic, entries)| Section { topic, entries })
                .collect(),
            bill: Bill::of(plan),
            totals: totals(plan),
        }
    }
}
