//! One line a person or group, in three sections: what takes, what changes, what only gives.

use super::facts::Facts;
use super::told::{Shape, Told};
use super::view::Line;
use crate::model::{Principal, Subject, Usd};
use crate::plan::{Operation, Plan};
use std::collections::BTreeMap as Map;

/// Lines in three sections, each in the order of names, users before groups.
#[derive(Default)]
pub(super) struct Lines {
    /// What takes, lowers, renames or gives AWS access.
    pub(super) takes: Vec<Line>,
    /// What becomes otherwise.
    pub(super) changes: Vec<Line>,
    /// What only gives.
    pub(super) adds: Vec<Given>,
    /// People whose tier rises through a group and whom no operation names.
    pub(super) risen: Vec<Given>,
}

/// An addition, and what it shares with others.
pub(super) struct Given {
    pub(super) line: Line,
    pub(super) shape: Shape,
    /// Dollars a month more.
    pub(super) usd: Usd,
}

impl Lines {
    pub(super) fn of(plan: &Plan) -> Self {
        let mut holders = by_holder(&plan.operations);
        for user in plan.shifts.keys() {
            holders.entry(Principal::User(user.clone())).or_default();
        }
        let facts = Facts::of(plan);
        let mut lines = Self::default();
        for (holder, operations) in &holders {
            let told = Told::of(holder, operations, &facts);
            lines.file(told, holder, operations.is_empty());
        }
        lines
    }

    fn file(&mut self, told: Told, holder: &Principal, unnamed: bool) {
        let takes = !told.takes.is_empty();
        let changes = told.changes;
        let shape = told.shape.clone();
        let usd = told.usd;
        let line = told.line(holder);
        match (takes, changes) {
            (true, _) => self.takes.push(line),
            (false, true) if unnamed => self.risen.push(Given { line, shape, usd }),
            (false, true) => self.changes.push(line),
            (false, false) => self.adds.push(Given { line, shape, usd }),
        }
    }
}

/// The plan's line about one person or group, if it has one.
pub(super) fn line_of(plan: &Plan, who: &Principal) -> Option<Line> {
    let operations = plan.operations.iter();
    let operations: Vec<&Operation> = operations.filter(|op| holder(op) == *who).collect();
    let shifts = matches!(who, Principal::User(user) if plan.shifts.contains_key(user));
    (shifts || !operations.is_empty())
        .then(|| Told::of(who, &operations, &Facts::of(plan)).line(who))
}

/// What a partial plan leaves for another time.
pub(super) fn left_out(plan: &Plan) -> Vec<Line> {
    let facts = Facts::without_effects(plan);
    by_holder(&plan.left_out)
        .iter()
        .map(|(holder, operations)| Told::of(holder, operations, &facts).line(holder))
        .collect()
}

/// What happens to each person or group.
fn by_holder(operations: &[Operation]) -> Map<Principal, Vec<&Operation>> {
    let mut holders: Map<Principal, Vec<&Operation>> = Map::new();
    for operation in operations {
        let operations = holders.entry(holder(operation)).or_default();
        operations.push(operation);
    }
    holders
}

/// Whom a line is about.
fn holder(operation: &Operation) -> Principal {
    match operation.subject() {
        Subject::User(name) => Principal::User(name),
        Subject::Group(name) => Principal::Group(name),
        Subject::Member(member) => Principal::User(member.user),
        Subject::Seat(holder) => holder,
    }
}
