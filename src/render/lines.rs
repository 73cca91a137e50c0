//! One line a person or group: everything that happens to them in one plan, by whatever route, with what it means for
//! them and for the bill.

use super::changed::changes;
use super::limits;
use super::phrase::{Part, Phrase, foreign, quote, say};
use super::view::{Line, Mark, Segment};
use super::words;
use crate::cost::Cost;
use crate::directory::User;
use crate::goal::{Note, Reason};
use crate::live::Access;
use crate::model::{
    Attribute, GroupName, Place, Principal, Subject, Tier, Usd, UserName, Value, grouped,
};
use crate::plan::{Change, Operation, Plan, Shift};
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

/// What additions that fold together have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    pub(super) kind: Kind,
    pub(super) groups: Vec<GroupName>,
    /// Such as `tier pro`; empty for none.
    pub(super) tier: Phrase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    NewUser,
    LiveUser,
    NewGroup,
    LiveGroup,
}

impl Lines {
    pub(super) fn of(plan: &Plan) -> Self {
        let mut holders: Map<Principal, Vec<&Operation>> = Map::new();
        for operation in &plan.operations {
            holders
                .entry(holder(operation))
                .or_default()
                .push(operation);
        }
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

/// What a partial plan leaves for another time.
pub(super) fn left_out(plan: &Plan) -> Vec<Line> {
    let mut holders: Map<Principal, Vec<&Operation>> = Map::new();
    for operation in &plan.left_out {
        holders
            .entry(holder(operation))
            .or_default()
            .push(operation);
    }
    let facts = Facts::without_effects(plan);
    holders
        .iter()
        .map(|(holder, operations)| Told::of(holder, operations, &facts).line(holder))
        .collect()
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

/// What is known around the operations.
struct Facts<'p> {
    plan: &'p Plan,
    /// Whether the operations are those that `plan.shifts` tells the effects of.
    effects: bool,
    /// Who joins a group that holds AWS account access.
    joins: Map<(&'p UserName, &'p GroupName), &'p Access>,
    /// Who holds such access and leaves or gets another identity.
    holds: Map<&'p UserName, &'p Access>,
    losers: usize,
    /// The one group whose own tier falls, or rises, and where that is said: then it is the cause for whoever no
    /// operation names.
    falls: Option<(&'p GroupName, Phrase)>,
    rises: Option<(&'p GroupName, Phrase)>,
}

impl<'p> Facts<'p> {
    fn of(plan: &'p Plan) -> Self {
        let mut facts = Self::without_effects(plan);
        facts.effects = true;
        for note in &plan.notes {
            match note {
                Note::JoinsAccess {
                    user,
                    group,
                    access,
                } => drop(facts.joins.insert((user, group), access)),
                Note::UserHoldsAccess { user, access } => drop(facts.holds.insert(user, access)),
                _ => {}
            }
        }
        let lower = |shift: &&Shift| shift.after < shift.before;
        facts.losers = plan.shifts.values().filter(lower).count();
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

    fn without_effects(plan: &'p Plan) -> Self {
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

    fn shift(&self, holder: &Principal) -> Option<Shift> {
        match holder {
            Principal::User(user) if self.effects => self.plan.shifts.get(user).copied(),
            _ => None,
        }
    }

    fn why(&self, operation: &Operation) -> Phrase {
        let reason = self.plan.why.get(&operation.subject());
        reason.map(words::why).unwrap_or_default()
    }

    /// Whether an operation goes with a user or group that this line is about anyway.
    fn goes_along(&self, operation: &Operation, holder: &Principal) -> bool {
        match self.plan.why.get(&operation.subject()) {
            Some(Reason::GoesWith(owner)) => owner == holder,
            _ => false,
        }
    }
}

/// What is told of one person or group.
#[derive(Default)]
struct Told {
    lead: Phrase,
    intro: Option<Phrase>,
    /// By reason.
    takes: Vec<Segment>,
    gives: Segment,
    /// Where the gives are said.
    places: Vec<Place>,
    creates: bool,
    removes: bool,
    changes: bool,
    shape: Shape,
    usd: Usd,
}

impl Default for Shape {
    fn default() -> Self {
        Self {
            kind: Kind::LiveUser,
            groups: vec![],
            tier: Phrase::default(),
        }
    }
}

impl Told {
    fn of(holder: &Principal, operations: &[&Operation], facts: &Facts<'_>) -> Self {
        let mut told = Self::default();
        if matches!(holder, Principal::Group(_)) {
            told.shape.kind = Kind::LiveGroup;
        }
        let mut left: Vec<(Phrase, Vec<&GroupName>)> = Vec::new();
        let mut joined: Vec<&GroupName> = Vec::new();
        let mut own: Option<(&Change<Tier>, Phrase)> = None;
        for operation in operations {
            let why = facts.why(operation);
            match operation {
                Operation::User(name, change) => told.user(name, change, why, facts),
                Operation::Group(_, change) => match (&change.before, &change.after) {
                    (None, Some(group)) => {
                        told.creates = true;
                        told.shape.kind = Kind::NewGroup;
                        told.lead = say!["group"];
                        let description = group.description.clone();
                        told.intro = description.map(|text| say![quote(text)]);
                        told.because(why);
                    }
                    (Some(_), None) => {
                        told.removes = true;
                        told.lead = say!["deletes group", losers(facts)];
                        told.take(None, why);
                    }
                    (Some(before), Some(after)) => {
                        told.changes = true;
                        if before.name != after.name {
                            let piece = say!["group name ", &before.name, Part::Arrow, &after.name];
                            told.take(piece, why.clone());
                        }
                        if before.description != after.description {
                            let (before, after) = (&before.description, &after.description);
                            let piece = super::changed::text(before.as_ref(), after.as_ref());
                            told.give(say!["description ", piece], why);
                        }
                    }
                    (None, None) => {}
                },
                Operation::Member(member, change) if change.after.is_none() => {
                    told.removes = true;
                    match left.iter_mut().find(|(known, _)| *known == why) {
                        Some((_, groups)) => groups.push(&member.group),
                        None => left.push((why, vec![&member.group])),
                    }
                }
                Operation::Member(member, _) => {
                    match facts.joins.get(&(&member.user, &member.group)) {
                        Some(access) => {
                            let access = limits::accounts(access);
                            let group = say!["group ", &member.group];
                            told.take(say![Part::Added(group), " (", access, ")"], why);
                        }
                        None => {
                            joined.push(&member.group);
                            told.because(why);
                        }
                    }
                }
                Operation::Seat(_, change) => {
                    let why = match facts.goes_along(operation, holder) {
                        true => told.takes.first().map(|s| s.why.clone()).unwrap_or(why),
                        false => why,
                    };
                    told.removes |= change.after.is_none();
                    told.changes |= change.before.is_some();
                    own = Some((change, why));
                }
            }
        }
        let shift = facts.shift(holder);
        let mut lost_by = None;
        for (why, groups) in left {
            let tiers = groups
                .iter()
                .filter(|group| facts.plan.group_tiers.contains_key(**group));
            let seated = tiers.count();
            let mut piece = say![Part::Taken(listed(&groups))];
            if facts.effects && seated > 0 && shift.is_none() {
                piece.add(match seated {
                    1 => " (its tier goes, another grant stays)",
                    _ => " (their tiers go, another grant stays)",
                });
            }
            if seated > 0 && lost_by.is_none() {
                lost_by = Some(why.clone());
            }
            told.take(piece, why);
        }
        let groups = (!joined.is_empty()).then(|| say![Part::Added(listed(&joined))]);
        told.shape.groups = joined.into_iter().cloned().collect();
        // A tier of one's own comes first; one that a group gives, after that group.
        let own_first = own.is_some();
        if !own_first {
            told.gives.pieces.extend(groups.clone());
        }
        match holder {
            Principal::User(_) => told.tier(own, shift, lost_by, operations.is_empty(), facts),
            Principal::Group(_) => told.group_tier(own, facts),
        }
        if own_first {
            told.gives.pieces.extend(groups);
        }
        told
    }

    fn user(
        &mut self,
        name: &UserName,
        change: &Change<std::sync::Arc<User>>,
        why: Phrase,
        facts: &Facts<'_>,
    ) {
        let holds = facts.holds.get(name);
        let holds = holds.map(|access| say![" (", limits::accounts(access), ")"]);
        match (&change.before, &change.after) {
            (None, Some(user)) => {
                self.creates = true;
                self.shape.kind = Kind::NewUser;
                self.lead = say!["user"];
                self.intro = Some(introduction(user));
                self.because(why);
            }
            (Some(user), None) => {
                self.removes = true;
                self.intro = Some(introduction(user));
                let holds = holds.unwrap_or_default();
                self.lead = say!["deletes user", holds];
                self.take(None, why);
            }
            (Some(before), Some(after)) => {
                self.changes = true;
                let mut pieces = Vec::new();
                if before.name != after.name {
                    pieces.push(say!["user name ", &before.name, Part::Arrow, &after.name]);
                }
                pieces.extend(changes(before, after));
                if before.name != after.name || before.email() != after.email() {
                    pieces.extend(holds);
                    pieces
                        .into_iter()
                        .for_each(|piece| self.take(piece, why.clone()));
                } else {
                    self.gives.pieces.extend(pieces);
                    self.because(why);
                }
            }
            (None, None) => {}
        }
    }

    /// A person's own tier, the tier they really have, or both where they differ.
    fn tier(
        &mut self,
        own: Option<(&Change<Tier>, Phrase)>,
        shift: Option<Shift>,
        lost_by: Option<Phrase>,
        unnamed: bool,
        facts: &Facts<'_>,
    ) {
        let cost = &facts.plan.cost;
        let becomes = |what, before: Option<Tier>, after: Option<Tier>| match before {
            None => say![Part::Added(say![what, " ", after])],
            Some(_) => say![what, " ", before, Part::Arrow, after],
        };
        let lowers = |shift: &Shift| shift.after < shift.before;
        self.usd = shift
            .map(|shift| difference(&shift, cost))
            .unwrap_or_default();
        // Who had a tier and gets a higher one is changed, whatever the call is.
        self.changes |= shift.is_some_and(|shift| shift.before.is_some());
        let (piece, why, taken) = match (own, shift) {
            (None, None) => return,
            (Some((change, why)), Some(shift))
                if change.before == shift.before && change.after == shift.after =>
            {
                let piece = becomes("tier", change.before, change.after);
                let money = money(&shift, cost);
                (say![piece, " (", money, ")"], Some(why), lowers(&shift))
            }
            (Some((change, why)), Some(shift)) => {
                let piece = becomes("own tier", change.before, change.after);
                let means = say!["effectively ", shift.before, Part::Arrow, shift.after];
                let piece = say![piece, " (", means, ", ", money(&shift, cost), ")"];
                let taken = lowers(&shift) || change.after < change.before;
                (piece, Some(why), taken)
            }
            (Some((change, why)), None) => {
                let taken = change.after < change.before;
                let mut piece = becomes("own tier", change.before, change.after);
                if facts.effects {
                    piece.add(match taken {
                        true => " (another grant stays)",
                        false => " (another grant gives as much)",
                    });
                }
                (piece, Some(why), taken)
            }
            (None, Some(shift)) => {
                let mut piece = becomes("tier", shift.before, shift.after);
                let cause = match lowers(&shift) {
                    true => &facts.falls,
                    false => &facts.rises,
                };
                let cause = cause.as_ref().filter(|_| unnamed);
                let deleted = self.removes && !self.lead.is_empty();
                match cause {
                    Some((group, _)) => piece.add(say![" through group ", *group]),
                    None if deleted => {}
                    None => piece.add(" through a group"),
                }
                piece.add(say![" (", money(&shift, cost), ")"]);
                let deletion = self.takes.first().filter(|_| deleted);
                let why = deletion.map(|segment| segment.why.clone());
                let why = why.or(lost_by).or(cause.map(|(_, why)| why.clone()));
                (piece, why, lowers(&shift))
            }
        };
        self.shape.tier = strip_added(&piece);
        match taken {
            true => self.take(piece, why.unwrap_or_default()),
            false => self.give(piece, why.unwrap_or_default()),
        }
    }

    fn group_tier(&mut self, own: Option<(&Change<Tier>, Phrase)>, facts: &Facts<'_>) {
        let Some((change, why)) = own else { return };
        let (before, after) = (change.before, change.after);
        if after < before {
            let mut piece = say!["group tier ", before, Part::Arrow, after];
            if self.lead.is_empty() {
                piece.add(losers(facts));
            }
            self.take(piece, why);
        } else if before.is_none() {
            self.shape.tier = say!["group tier ", after];
            self.give(say![Part::Added(say!["group tier ", after])], why);
        } else {
            self.give(say!["group tier ", before, Part::Arrow, after], why);
        }
    }

    fn take(&mut self, piece: impl Into<Option<Phrase>>, why: Phrase) {
        let piece = piece.into();
        match self.takes.iter_mut().find(|segment| segment.why == why) {
            Some(segment) => segment.pieces.extend(piece),
            None => self.takes.push(Segment {
                pieces: piece.into_iter().collect(),
                why,
            }),
        }
    }

    fn give(&mut self, piece: Phrase, why: Phrase) {
        self.gives.pieces.push(piece);
        self.because(why);
    }

    fn because(&mut self, why: Phrase) {
        let places = why.0.into_iter().filter_map(|part| match part {
            Part::Place(place) => Some(place),
            _ => None,
        });
        self.places.extend(places);
    }

    fn line(self, holder: &Principal) -> Line {
        let Self {
            lead,
            intro,
            takes,
            mut gives,
            places,
            creates,
            removes,
            changes,
            shape: _,
            usd: _,
        } = self;
        let mark = match (removes, changes, takes.is_empty(), creates) {
            (true, ..) => Mark::Remove,
            (_, true, ..) => Mark::Change,
            // Somebody who only loses what a group gave, or joins a group with AWS access.
            (.., false, false) => Mark::Change,
            _ => Mark::Add,
        };
        gives.why = Phrase::joined(words::distinct(&places), ", ");
        let mut segments = takes;
        match segments.last_mut() {
            Some(last) if last.why == gives.why => last.pieces.extend(gives.pieces),
            _ if gives.pieces.is_empty() && gives.why.is_empty() => {}
            _ => segments.push(gives),
        }
        Line {
            mark,
            name: Some(holder.name().into()),
            lead,
            intro,
            segments,
            hint: None,
        }
    }
}

/// Dollars a month more, or less.
fn difference(shift: &Shift, cost: &Cost) -> Usd {
    cost.prices.of(shift.after) - cost.prices.of(shift.before)
}

/// `+$20/mo, now`: an upgrade is billed at once, what is lowered or ends is paid for to the end of the month, and a new
/// seat not before it is used.
fn money(shift: &Shift, cost: &Cost) -> Phrase {
    let amount = Part::Money(format!("{}/mo", difference(shift, cost).signed()));
    match (shift.before, cost.steady_from) {
        (Some(_), _) if shift.after > shift.before => say![amount, ", now"],
        (Some(_), Some(day)) => say![amount, " from ", day],
        _ => say![amount],
    }
}

fn losers(facts: &Facts<'_>) -> Phrase {
    match facts.losers {
        0 => Phrase::default(),
        1 => say![" (1 person loses by this plan)"],
        many => say![
            " (",
            super::phrase::words(grouped(many as u64)),
            " people lose by this plan)"
        ],
    }
}

/// `group a`, `groups [a, b]`.
pub(super) fn listed(groups: &[&GroupName]) -> Phrase {
    match groups {
        [one] => say!["group ", *one],
        many => {
            let names = many.iter().map(|group| Phrase::from(*group));
            say!["groups [", Phrase::joined(names, ", "), "]"]
        }
    }
}

/// The same without the sign of an addition, for a sentence.
fn strip_added(piece: &Phrase) -> Phrase {
    match piece.0.first() {
        Some(Part::Added(inner)) => inner.clone(),
        _ => piece.clone(),
    }
}

fn introduction(user: &User) -> Phrase {
    let text = |attribute| user.attributes.get(&attribute).and_then(Value::as_text);
    let name = match text(Attribute::DisplayName) {
        Some(name) => name.to_owned(),
        None => format!(
            "{} {}",
            text(Attribute::GivenName).unwrap_or_default(),
            text(Attribute::FamilyName).unwrap_or_default()
        ),
    };
    let email = user.email().unwrap_or("no e-mail");
    match name.trim() {
        "" => say!["<", foreign(email), ">"],
        name => say![foreign(name), " <", foreign(email), ">"],
    }
}
