//! What stands around the changes: the header, mails, what no file names, what waits, notes, totals.

use super::phrase::{Phrase, code, count, foreign, name, say, words};
use super::view::{Detail, Entry, Heading, Line, Mark};
use super::words::{self, Said};
use crate::goal::{Aside, Note};
use crate::live::{Access, Target};
use crate::model::{GroupName, Principal, Text, UserName, grouped};
use crate::plan::{Partial, Plan};
use std::collections::{BTreeMap as Map, BTreeSet as Set};

/// So many lines of one kind are shown where nothing is done about them anyway.
const SHOWN: usize = 10;

/// Which organization something is about.
pub(super) fn organization(target: &Target, sandbox: Option<&str>) -> Phrase {
    let mut line = identity_center(target, sandbox);
    line.add(match &target.kiro_region {
        Some(region) => say![", Kiro in ", foreign(region.clone())],
        None => say![", Kiro left alone"],
    });
    line
}

/// The same, where it is not known whether there is Kiro.
pub(super) fn identity_center(target: &Target, sandbox: Option<&str>) -> Phrase {
    let instance = target.instance.rsplit('/').next().unwrap_or_default();
    let mut line = Phrase::default();
    if let Some(sandbox) = sandbox {
        line.add(say!["Sandbox ", foreign(sandbox), ": "]);
    }
    line.add(say![
        "account ",
        foreign(target.account.clone()),
        ", ",
        foreign(target.region.clone()),
        ", ",
        foreign(instance),
        " (",
        foreign(target.store.clone()),
        ")"
    ]);
    line
}

pub(super) fn header(plan: &Plan, heading: &Heading) -> Vec<Phrase> {
    let first = organization(&plan.target, heading.sandbox.as_deref());
    let facts = [
        ("roster commit ", &heading.commit),
        ("digest ", &heading.digest),
        ("expires ", &heading.expires),
    ];
    let facts = facts
        .into_iter()
        .filter_map(|(what, fact)| Some(say![what, foreign(fact.as_deref()?)]));
    let mut lines = vec![first, Phrase::joined(facts, ", ")];
    lines.push(partial(&plan.partial));
    lines.retain(|line| !line.is_empty());
    lines
}

/// What a partial plan was asked to be.
fn partial(partial: &Partial) -> Phrase {
    let Partial { only, additive } = partial;
    let only = only
        .iter()
        .map(|selector| say![code(format!("--only {selector}"))]);
    let additive = additive.then(|| say![code("--additive")]);
    let options = Phrase::joined(additive.into_iter().chain(only), ", ");
    match options.is_empty() {
        true => options,
        false => say!["A partial plan: ", options],
    }
}

pub(super) fn sentence(mark: Mark, said: Said) -> Line {
    Line {
        hint: said.hint,
        ..Line::sentence(mark, said.sentence)
    }
}

pub(super) fn asides(plan: &Plan, wanted: fn(&Aside) -> bool) -> Vec<Line> {
    let some = plan.aside.iter().filter(|aside| wanted(aside));
    some.map(|aside| sentence(Mark::Later, words::aside(aside)))
        .collect()
}

/// The first lines, and how many more there are.
pub(super) fn first(lines: Vec<Line>, detail: Detail) -> Vec<Entry> {
    let more = match detail.full {
        true => 0,
        false => lines.len().saturating_sub(SHOWN),
    };
    let shown = lines.len() - more;
    let mark = lines.first().map_or(Mark::Later, |line| line.mark);
    let mut entries: Vec<Entry> = lines.into_iter().take(shown).map(Entry::from).collect();
    if more > 0 {
        let more = say!["and ", more, " more (", code("--full"), " lists them)"];
        entries.push(Line::sentence(mark, more).into());
    }
    entries
}

pub(super) fn mails(plan: &Plan, detail: Detail) -> Vec<Line> {
    let mailed = match plan.invites.as_slice() {
        [] => return vec![],
        [one] => say!["a link to set a password goes to ", one],
        many => say![
            "links to set a password go to ",
            words(count(many.len(), "new user")),
            ": ",
            names(many.iter(), many.len(), detail)
        ],
    };
    vec![Line::sentence(Mark::Add, mailed)]
}

pub(super) fn unmanaged(plan: &Plan, detail: Detail) -> Vec<Line> {
    let Some(unmanaged) = &plan.unmanaged else {
        let not_counted =
            "not counted: people were looked up by name, and not everybody was listed";
        return vec![Line::sentence(Mark::Note, say![not_counted])];
    };
    let users = unmanaged.users.iter().map(UserName::as_str);
    let groups = unmanaged.groups.iter().map(|group| group.as_str());
    let seats = unmanaged.seats.iter().map(Principal::name);
    let kinds: [(&str, usize, Vec<&str>); 3] = [
        ("user", unmanaged.users.len(), users.collect()),
        ("group", unmanaged.groups.len(), groups.collect()),
        ("seat", unmanaged.seats.len(), seats.collect()),
    ];
    let kinds = kinds.into_iter().filter(|(_, number, _)| *number > 0);
    if detail.full {
        let lines = kinds.map(|(what, number, names)| {
            let names = names.into_iter().map(|who| name(who).into());
            let names = Phrase::joined(names, ", ");
            Line::sentence(Mark::Note, say![words(count(number, what)), ": ", names])
        });
        return lines.collect();
    }
    let counts = kinds.map(|(what, number, _)| say![words(count(number, what))]);
    let counts = Phrase::joined(counts, ", ");
    match counts.is_empty() {
        true => vec![],
        false => vec![Line::sentence(
            Mark::Note,
            say![counts, " (", code("--full"), " lists them)"],
        )],
    }
}

pub(super) fn notes(plan: &Plan, detail: Detail) -> Vec<Line> {
    let mut lines = Vec::new();
    if !plan.overshoots.is_empty() {
        let number = plan.overshoots.len();
        lines.push(Line::sentence(
            Mark::Note,
            say![
                people(number),
                " may for a moment have a higher tier than before and after, and Kiro bills upgrades at once: ",
                names(plan.overshoots.iter(), number, detail)
            ],
        ));
    }
    lines.extend(untold(plan, detail));
    // Who holds or gets AWS access has a line of their own that says so; who may, is in the sentences above.
    let told = |note: &&Note| {
        !matches!(
            note,
            Note::UserHoldsAccess { .. } | Note::JoinsAccess { .. }
        )
    };
    let notes: Vec<&Note> = plan.notes.iter().filter(told).collect();
    let mut rest = notes.as_slice();
    while let Some(first) = rest.first() {
        let kind = std::mem::discriminant(*first);
        let same = rest
            .iter()
            .take_while(|n| std::mem::discriminant(**n) == kind);
        let number = same.count();
        let (kin, others) = rest.split_at(number);
        let shown = match detail.every_note || detail.full {
            true => number,
            false => number.min(SHOWN),
        };
        lines.extend(
            kin.iter()
                .take(shown)
                .map(|n| sentence(Mark::Note, words::note(n))),
        );
        if shown < number {
            let more = say![
                "and ",
                number - shown,
                " more like the last one (",
                code("-v"),
                " lists them)"
            ];
            lines.push(Line::sentence(Mark::Note, more));
        }
        rest = others;
    }
    lines
}

/// Where AWS does not tell who holds account access: for everybody at once, or it would be on every line.
fn untold(plan: &Plan, detail: Detail) -> Vec<Line> {
    let mut joins: Map<&Text, (Set<&UserName>, Set<&GroupName>)> = Map::new();
    let mut leaves: Map<&Text, Set<&UserName>> = Map::new();
    for note in &plan.notes {
        match note {
            Note::JoinsAccess {
                user,
                group,
                access: Access::NotTold(why),
            } => {
                let (users, groups) = joins.entry(why).or_default();
                users.insert(user);
                groups.insert(group);
            }
            Note::UserHoldsAccess {
                user,
                access: Access::NotTold(why),
            } => {
                leaves.entry(why).or_default().insert(user);
            }
            _ => {}
        }
    }
    let joins = joins.into_iter().map(|(why, (users, groups))| {
        let shown = groups.iter().take(SHOWN).map(|group| Phrase::from(*group));
        let mut listed = Phrase::joined(shown, ", ");
        if groups.len() > SHOWN {
            listed.add(say![" and ", groups.len() - SHOWN, " more"]);
        }
        say![
            "AWS does not tell whether the groups that ",
            people(users.len()),
            " join hold AWS account access (",
            foreign(why.clone()),
            "): ",
            listed
        ]
    });
    let leaves = leaves.into_iter().map(|(why, users)| {
        let number = users.len();
        say![
            "AWS does not tell whether ",
            people(number),
            " who leave or get another name or e-mail hold AWS account access (",
            foreign(why.clone()),
            "): ",
            names(users.into_iter(), number, detail)
        ]
    });
    joins
        .chain(leaves)
        .map(|sentence| Line::sentence(Mark::Note, sentence))
        .collect()
}

fn people(number: usize) -> Phrase {
    match number {
        1 => say!["1 person"],
        many => say![many, " people"],
    }
}

/// Names, or the first and the last where they are many.
fn names<'n>(
    names: impl DoubleEndedIterator<Item = &'n UserName>,
    number: usize,
    detail: Detail,
) -> Phrase {
    if detail.full || number <= SHOWN {
        return Phrase::joined(names.map(Phrase::from), ", ");
    }
    let mut names = names;
    match (names.next(), names.next_back()) {
        (Some(first), Some(last)) => say![first, " … ", last],
        (one, _) => one.map(Phrase::from).unwrap_or_default(),
    }
}

pub(super) fn totals(plan: &Plan) -> Vec<Phrase> {
    let coverage = &plan.coverage;
    let of = |named: usize, all: Option<usize>, what: &str| match all {
        Some(all) => format!("{} of {}", grouped(named as u64), count(all, what)),
        None => format!(
            "{} (how many there are was not counted)",
            count(named, what)
        ),
    };
    let mut named = say![words(format!(
        "The roster names {} and {}.",
        of(coverage.users_named, coverage.users, "live user"),
        of(coverage.groups_named, coverage.groups, "live group"),
    ))];
    for (number, what) in [
        (coverage.foreign_seats, "of another product"),
        (coverage.orphan_seats, "of nobody in the store"),
        (
            Some(coverage.other_seats),
            "of people who were not looked up, counted as Kiro lists them",
        ),
    ] {
        if let Some(number) = number.filter(|number| *number > 0) {
            named.add(say![" ", words(count(number, "seat")), " ", what, "."]);
        }
    }
    let counts = plan.counts();
    let number = |number: usize| grouped(number as u64);
    let mut last = match (plan.operations.is_empty(), plan.blocks.is_empty()) {
        (true, true) if !plan.left_out.is_empty() => {
            say!["No changes in this part of the plan."]
        }
        (true, true) if coverage.without_seats => {
            say!["No changes. Identity Center matches the roster; Kiro was left alone."]
        }
        (true, true) => say!["No changes. Identity Center and Kiro match the roster."],
        _ => say![words(format!(
            "Plan: {} to add, {} to change, {} to remove.",
            number(counts.add),
            number(counts.change),
            number(counts.remove)
        ))],
    };
    let asked = plan.aside.iter();
    match asked
        .filter(|aside| matches!(aside, Aside::Asked { .. }))
        .count()
    {
        0 => {}
        1 => last.add(say![" 1 of them was asked for before."]),
        many => last.add(say![" ", many, " of them were asked for before."]),
    }
    if !plan.left_out.is_empty() {
        let left = count(plan.left_out.len(), "change");
        last.add(say![" ", words(left), " left out."]);
    }
    if !plan.blocks.is_empty() {
        let reasons = count(plan.blocks.len(), "reason");
        last.add(say![" Blocked: ", words(reasons), "."]);
    }
    vec![named, last]
}
