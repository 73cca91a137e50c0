//! What a plan says and in which order: blocks, everything that takes something away, changes, additions, what waits,
//! notes, totals. Lines of typed parts, so that every format says the same.

use super::words;
use crate::directory::User;
use crate::goal::{Aside, Note, Reason};
use crate::model::{Attribute, Principal, Subject, Tier, UserName, Value, visible};
use crate::plan::{Action, Change, Operation, Plan, Shift};
use std::collections::{BTreeMap as Map, BTreeSet as Set};

/// Sections of lines, then the totals.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The header line.
    pub header: String,
    /// In reading order; none is empty.
    pub sections: Vec<Section>,
    /// The last lines.
    pub totals: Vec<String>,
}

/// Lines under one title.
#[derive(Clone, Debug)]
pub struct Section {
    /// What they have in common.
    pub title: &'static str,
    /// The lines.
    pub lines: Vec<Line>,
}

/// One line: a symbol, a name, what happens, why and where.
#[derive(Clone, Debug)]
pub struct Line {
    /// The symbol.
    pub mark: Mark,
    /// The first column; empty where the line is a sentence.
    pub name: String,
    /// What happens.
    pub parts: Vec<Part>,
    /// Why, and where it is said.
    pub why: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// A line's symbol; meaning never rests on colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// `+`
    Add,
    /// `~`
    Change,
    /// `-`
    Remove,
    /// `!`
    Blocked,
    /// `…`
    Later,
    /// Nothing happens; the reader should know.
    Note,
}

/// A piece of what happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Plain words.
    Text(String),
    /// Something is added.
    Added(String),
    /// Something is taken.
    Taken(String),
    /// A value becomes another.
    Becomes {
        /// Of what.
        what: String,
        /// Before.
        before: String,
        /// After.
        after: String,
    },
}

/// As many notes of one kind as are shown without `-v`.
const NOTES_SHOWN: usize = 10;

impl View {
    /// The plan, for reading.
    pub fn of(plan: &Plan, every_note: bool) -> Self {
        let mut lines = Lines::default();
        lines.operations(plan);
        // One person's losses stand together.
        lines.takes.sort_by(|a, b| a.name.cmp(&b.name));
        let blocked = plan
            .blocks
            .iter()
            .map(|b| sentence(Mark::Blocked, words::block(b)));
        let waiting = asides(plan, |aside| matches!(aside, Aside::Waiting { .. }));
        let deferred = asides(plan, |aside| matches!(aside, Aside::Deferred { .. }));
        let sections = [
            ("Blocked", blocked.collect()),
            ("Takes away, lowers or renames", lines.takes),
            ("Changes", lines.changes),
            ("Adds", lines.adds),
            ("Waiting (not live yet; nothing is done)", waiting),
            ("Deferred (Kiro will not do it today)", deferred),
            ("Notes", notes(&plan.notes, every_note)),
        ];
        let sections = sections
            .into_iter()
            .filter(|(_, lines): &(_, Vec<Line>)| !lines.is_empty());
        Self {
            header: header(plan),
            sections: sections
                .map(|(title, lines)| Section { title, lines })
                .collect(),
            totals: totals(plan),
        }
    }
}

fn header(plan: &Plan) -> String {
    let target = &plan.target;
    let instance = target.instance.rsplit('/').next().unwrap_or_default();
    let kiro = match &target.kiro_region {
        Some(region) => format!("Kiro in {region}"),
        None => "Kiro left alone".into(),
    };
    let line = format!(
        "account {}, {}, {instance} ({}), {kiro}",
        target.account, target.region, target.store
    );
    visible(&line).into_owned()
}

#[derive(Default)]
struct Lines {
    takes: Vec<Line>,
    changes: Vec<Line>,
    adds: Vec<Line>,
}

impl Lines {
    fn operations(&mut self, plan: &Plan) {
        let created: Set<&UserName> = plan
            .operations
            .iter()
            .filter_map(|operation| match operation {
                Operation::User(name, change) if change.before.is_none() => Some(name),
                _ => None,
            })
            .collect();
        // One line a person or group, for what is given and changed; one line each for what is taken.
        let mut given: Map<Principal, Given> = Map::new();
        let mut told: Set<&UserName> = Set::new();
        for operation in &plan.operations {
            let subject = operation.subject();
            let reason = plan.why.get(&subject);
            if let Some(person) = person_of(operation) {
                told.insert(person);
            }
            match taken(operation) {
                Some((mark, parts)) => {
                    let mut parts = parts;
                    parts.extend(meaning(operation, plan));
                    self.takes.push(Line {
                        mark,
                        name: name_of(operation),
                        parts,
                        why: why(reason),
                        hint: None,
                    });
                }
                None => {
                    let holder = holder_of(operation);
                    let given = given.entry(holder).or_default();
                    given.say(operation, reason);
                }
            }
        }
        self.shifted(plan, &told);
        for (holder, given) in given {
            let new = match &holder {
                Principal::User(user) => created.contains(user),
                Principal::Group(_) => given.creates,
            };
            let line = Line {
                mark: if new { Mark::Add } else { Mark::Change },
                name: visible(holder.name()).into_owned(),
                why: given.why(),
                parts: given.parts,
                hint: None,
            };
            match new {
                true => self.adds.push(line),
                false => self.changes.push(line),
            }
        }
    }

    /// People who lose by a route that no line names them on.
    fn shifted(&mut self, plan: &Plan, told: &Set<&UserName>) {
        for (user, shift) in &plan.shifts {
            if shift.after < shift.before && !told.contains(user) {
                self.takes.push(Line {
                    mark: Mark::Change,
                    name: visible(user.as_str()).into_owned(),
                    parts: vec![becomes("tier", shift.before, shift.after)],
                    why: "through a group".into(),
                    hint: None,
                });
            }
        }
    }
}

#[derive(Default)]
struct Given {
    creates: bool,
    parts: Vec<Part>,
    whys: Vec<String>,
}

impl Given {
    fn say(&mut self, operation: &Operation, reason: Option<&Reason>) {
        match operation {
            Operation::User(_, change) => match (&change.before, &change.after) {
                (Some(before), Some(after)) => self.parts.extend(attribute_changes(before, after)),
                (_, Some(user)) => {
                    self.creates = true;
                    self.parts.push(Part::Text(introduction(user)));
                }
                (_, None) => {}
            },
            Operation::Group(_, change) => match (&change.before, &change.after) {
                (None, Some(group)) => {
                    self.creates = true;
                    self.parts.push(Part::Text("group".into()));
                    if let Some(description) = &group.description {
                        self.parts.push(Part::Text(quoted(description)));
                    }
                }
                (Some(before), Some(after)) => self.parts.push(Part::Becomes {
                    what: "description".into(),
                    before: before.description.as_deref().map_or("none".into(), quoted),
                    after: after.description.as_deref().map_or("none".into(), quoted),
                }),
                (_, None) => {}
            },
            Operation::Member(member, _) => {
                let group = visible(member.group.as_str());
                self.parts.push(Part::Added(format!("group {group}")));
            }
            Operation::Seat(holder, change) => {
                let what = match holder {
                    Principal::User(_) => "tier",
                    Principal::Group(_) => "group tier",
                };
                self.parts.push(match change.before {
                    None => Part::Added(format!("{what} {}", tier(change.after))),
                    Some(_) => becomes(what, change.before, change.after),
                });
            }
        }
        let why = why(reason);
        if !why.is_empty() && !self.whys.contains(&why) {
            self.whys.push(why);
        }
    }

    fn why(&self) -> String {
        match self.whys.as_slice() {
            [a, b, c, rest @ ..] if !rest.is_empty() => {
                format!("{a}, {b}, {c}, {} more", rest.len())
            }
            whys => whys.join(", "),
        }
    }
}

/// What an operation takes away, lowers or renames; `None` if it only gives or changes.
fn taken(operation: &Operation) -> Option<(Mark, Vec<Part>)> {
    match operation {
        Operation::User(
            _,
            Change {
                before: Some(before),
                after: None,
            },
        ) => {
            let text = format!("deletes user {}", introduction(before));
            Some((Mark::Remove, vec![Part::Text(text)]))
        }
        Operation::User(
            _,
            Change {
                before: Some(before),
                after: Some(after),
            },
        ) if before.name != after.name || before.email() != after.email() => {
            let mut parts = Vec::new();
            if before.name != after.name {
                parts.push(Part::Becomes {
                    what: "user name".into(),
                    before: visible(before.name.as_str()).into_owned(),
                    after: visible(after.name.as_str()).into_owned(),
                });
            }
            parts.extend(attribute_changes(before, after));
            Some((Mark::Change, parts))
        }
        Operation::Group(name, Change { after: None, .. }) => {
            let text = format!("deletes group {}", visible(name.as_str()));
            Some((Mark::Remove, vec![Part::Text(text)]))
        }
        Operation::Group(
            _,
            Change {
                before: Some(before),
                after: Some(after),
            },
        ) if before.name != after.name => Some((
            Mark::Change,
            vec![Part::Becomes {
                what: "group name".into(),
                before: visible(before.name.as_str()).into_owned(),
                after: visible(after.name.as_str()).into_owned(),
            }],
        )),
        Operation::Member(member, Change { after: None, .. }) => {
            let group = visible(member.group.as_str());
            Some((Mark::Remove, vec![Part::Taken(format!("group {group}"))]))
        }
        Operation::Seat(holder, change) if change.after < change.before => {
            let what = match holder {
                Principal::User(_) => "own tier",
                Principal::Group(_) => "group tier",
            };
            let mark = match change.action() {
                Action::Delete => Mark::Remove,
                Action::Create | Action::Update => Mark::Change,
            };
            Some((mark, vec![becomes(what, change.before, change.after)]))
        }
        Operation::User(..)
        | Operation::Group(..)
        | Operation::Member(..)
        | Operation::Seat(..) => None,
    }
}

/// What a line that takes something means for people.
fn meaning(operation: &Operation, plan: &Plan) -> Option<Part> {
    let words = match operation {
        Operation::User(name, change) if change.after.is_none() => match plan.shifts.get(name) {
            Some(Shift { before, .. }) => format!("their {} seat ends", tier(*before)),
            None => return None,
        },
        Operation::Member(member, _) => {
            let given = plan.group_tiers.get(&member.group)?;
            match plan.shifts.get(&member.user) {
                Some(shift) => shift_words(shift),
                None => format!("the group's {given} goes, another grant stays"),
            }
        }
        Operation::Seat(Principal::User(user), _) => match plan.shifts.get(user) {
            Some(shift) => shift_words(shift),
            None => "a group's seat stays".into(),
        },
        Operation::Seat(Principal::Group(_), _) | Operation::Group(..) => {
            let losers = plan.shifts.values().filter(|s| s.after < s.before).count();
            match losers {
                0 => return None,
                1 => "1 person loses by this plan".into(),
                many => format!("{many} people lose by this plan"),
            }
        }
        Operation::User(..) => return None,
    };
    Some(Part::Text(format!("({words})")))
}

fn shift_words(shift: &Shift) -> String {
    match shift.after {
        None => format!("their {} seat ends", tier(shift.before)),
        Some(after) if Some(after) < shift.before => {
            format!("from {} to {after}", tier(shift.before))
        }
        Some(after) => format!("they have {after} then"),
    }
}

fn person_of(operation: &Operation) -> Option<&UserName> {
    match operation {
        Operation::User(name, _) | Operation::Seat(Principal::User(name), _) => Some(name),
        Operation::Member(member, _) => Some(&member.user),
        Operation::Group(..) | Operation::Seat(Principal::Group(_), _) => None,
    }
}

fn name_of(operation: &Operation) -> String {
    visible(holder_of(operation).name()).into_owned()
}

fn holder_of(operation: &Operation) -> Principal {
    match operation.subject() {
        Subject::User(name) => Principal::User(name),
        Subject::Group(name) => Principal::Group(name),
        Subject::Member(member) => Principal::User(member.user),
        Subject::Seat(holder) => holder,
    }
}

fn attribute_changes(before: &User, after: &User) -> Vec<Part> {
    let changed = Attribute::ALL
        .iter()
        .filter(|attribute| before.attributes.get(attribute) != after.attributes.get(attribute));
    changed
        .map(|attribute| Part::Becomes {
            what: attribute.key().into(),
            before: value(before.attributes.get(attribute)),
            after: value(after.attributes.get(attribute)),
        })
        .collect()
}

fn becomes(what: &str, before: Option<Tier>, after: Option<Tier>) -> Part {
    Part::Becomes {
        what: what.into(),
        before: tier(before).into(),
        after: tier(after).into(),
    }
}

fn tier(tier: Option<Tier>) -> &'static str {
    tier.map_or("none", Tier::key)
}

fn introduction(user: &User) -> String {
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
    visible(&format!("{} <{email}>", name.trim())).into_owned()
}

fn value(value: Option<&Value>) -> String {
    match value {
        None => "none".into(),
        Some(Value::Text(text)) => quoted(text),
        Some(Value::List(list)) => {
            let list: Vec<String> = list.iter().map(|item| quoted(item)).collect();
            format!("[{}]", list.join(", "))
        }
        Some(Value::Address(address)) => {
            let parts = address.parts().into_iter();
            let parts =
                parts.filter_map(|(key, part)| Some(format!("{key}: {}", quoted(part.as_ref()?))));
            format!("{{{}}}", parts.collect::<Vec<_>>().join(", "))
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", visible(text))
}

fn why(reason: Option<&Reason>) -> String {
    let Some(reason) = reason else {
        return String::new();
    };
    let words = words::reason(reason);
    let places: Vec<String> = words::reason_places(reason)
        .iter()
        .map(words::place)
        .collect();
    let places = match places.as_slice() {
        [a, b, rest @ ..] if !rest.is_empty() => format!("{a}, {b}, {} more", rest.len()),
        places => places.join(", "),
    };
    match (words.is_empty(), places.is_empty()) {
        (true, _) => places,
        (false, true) => words,
        (false, false) => format!("{words}, {places}"),
    }
}

fn sentence(mark: Mark, said: words::Said) -> Line {
    Line {
        mark,
        name: String::new(),
        parts: vec![Part::Text(said.sentence)],
        why: String::new(),
        hint: said.hint,
    }
}

fn asides(plan: &Plan, wanted: impl Fn(&Aside) -> bool) -> Vec<Line> {
    let some = plan.aside.iter().filter(|aside| wanted(aside));
    some.map(|aside| sentence(Mark::Later, words::aside(aside)))
        .collect()
}

fn notes(notes: &[Note], every: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut rest = notes;
    while let Some(first) = rest.first() {
        let kind = std::mem::discriminant(first);
        let same = rest
            .iter()
            .take_while(|n| std::mem::discriminant(*n) == kind);
        let count = same.count();
        let (kin, others) = rest.split_at(count);
        let shown = if every { count } else { count.min(NOTES_SHOWN) };
        lines.extend(
            kin.iter()
                .take(shown)
                .map(|n| sentence(Mark::Note, words::note(n))),
        );
        if shown < count {
            let text = format!(
                "and {} more like the last one (`-v` lists them)",
                count - shown
            );
            lines.push(sentence(
                Mark::Note,
                words::Said {
                    sentence: text,
                    hint: None,
                },
            ));
        }
        rest = others;
    }
    lines
}

fn totals(plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    let coverage = &plan.coverage;
    let mut named = format!(
        "The roster names {} of {} and {} of {}.",
        coverage.users_named,
        count(coverage.users, "live user"),
        coverage.groups_named,
        count(coverage.groups, "live group"),
    );
    for (number, what) in [
        (plan.unmanaged.seats.len(), "in no file"),
        (coverage.foreign_seats, "of another product"),
        (coverage.orphan_seats, "of nobody in the store"),
    ] {
        if number > 0 {
            named.push_str(&format!(" {} {what}.", count(number, "seat")));
        }
    }
    lines.push(named);
    let counts = plan.counts();
    let nothing = plan.operations.is_empty();
    lines.push(match (nothing, plan.blocks.is_empty()) {
        (true, true) if coverage.without_seats => {
            "No changes. Identity Center matches the roster; Kiro was left alone.".into()
        }
        (true, true) => "No changes. Identity Center and Kiro match the roster.".into(),
        (_, clear) => {
            let blocked = match clear {
                true => String::new(),
                false => format!(" Blocked: {}.", count(plan.blocks.len(), "reason")),
            };
            format!(
                "Plan: {} to add, {} to change, {} to remove.{blocked}",
                counts.add, counts.change, counts.remove
            )
        }
    });
    lines
}

/// `1 user`, `2 users`.
pub(super) fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}
