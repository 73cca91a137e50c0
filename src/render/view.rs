//! What a plan says and in which order, as lines of typed parts, so that text and Markdown say the same: blocks,
//! everything that takes something away, changes, additions, what waits, mails, what no file names, notes, cost, totals.

use super::bill::Bill;
use super::fold;
use super::lines::{Lines, left_out};
use super::phrase::{Phrase, code, count, foreign, say, words};
use super::words::{self, Said};
use crate::goal::{Aside, Note};
use crate::model::{Principal, Text, UserName};
use crate::plan::{Partial, Plan};

/// What surrounds a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// The sandbox's name: nothing of this is real.
    pub sandbox: Option<String>,
    /// The roster's commit.
    pub commit: Option<String>,
    /// The plan's digest.
    pub digest: Option<String>,
    /// Until when a saved plan can be applied.
    pub expires: Option<String>,
    /// The saved plan's file: where whatever a format leaves out can be seen.
    pub file: Option<String>,
}

/// How much is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// Nothing is folded or only counted.
    pub full: bool,
    /// All notes, not only the first of each kind.
    pub every_note: bool,
}

/// A plan for reading.
#[derive(Clone, Debug)]
pub struct View {
    /// Which organization this is about; an account and an instance, for machines.
    pub target: (Text, Text),
    /// The first lines.
    pub header: Vec<Phrase>,
    /// What surrounds the plan.
    pub heading: Heading,
    /// In reading order; none is empty.
    pub sections: Vec<Section>,
    /// What it costs; `None` where nobody has a seat.
    pub bill: Option<Bill>,
    /// The last lines.
    pub totals: Vec<Phrase>,
}

/// Lines under one title.
#[derive(Clone, Debug)]
pub struct Section {
    /// What they have in common.
    pub topic: Topic,
    /// The lines.
    pub entries: Vec<Entry>,
}

/// What the lines of a section have in common, in reading order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// What stops the plan.
    Blocked,
    /// Everything that takes, lowers, gives another identity or gives AWS access: never folded.
    Takes,
    /// What becomes otherwise.
    Changes,
    /// What comes.
    Adds,
    /// Entries that are not live and create nothing.
    Waiting,
    /// What Kiro will not do today.
    Deferred,
    /// What a partial plan leaves for another time.
    LeftOut,
    /// Who is mailed.
    Mails,
    /// What is live and in no file.
    Unmanaged,
    /// What the reader should know.
    Notes,
}

impl Topic {
    /// As a heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Blocked => "Blocked",
            Self::Takes => "Takes away, lowers, renames or gives AWS access",
            Self::Changes => "Changes",
            Self::Adds => "Adds",
            Self::Waiting => "Waiting (not live yet; nothing is done)",
            Self::Deferred => "Deferred (Kiro will not do it today)",
            Self::LeftOut => "Left out of this partial plan",
            Self::Mails => "Mails",
            Self::Unmanaged => "Unmanaged (live, and in no file)",
            Self::Notes => "Notes",
        }
    }
}

/// One line, or a cohort of lines that one line can stand for.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The lines.
    pub lines: Vec<Line>,
    /// What stands for them.
    pub folded: Option<Line>,
}

/// One line: a symbol, a name, what happens and why, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The symbol.
    pub mark: Mark,
    /// The first column; `None` where the line is a sentence.
    pub name: Option<Text>,
    /// What it is, or what becomes of it as a whole.
    pub lead: Phrase,
    /// Who or what that is; the first thing to go where a line is too long.
    pub intro: Option<Phrase>,
    /// What happens.
    pub segments: Vec<Segment>,
    /// What to do about it.
    pub hint: Option<Phrase>,
}

/// Things that happen for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    /// What happens.
    pub pieces: Vec<Phrase>,
    /// Why, and where it is said; may be empty.
    pub why: Phrase,
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

impl Mark {
    /// The symbol.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Change => "~",
            Self::Remove => "-",
            Self::Blocked => "!",
            Self::Later => "…",
            Self::Note => "·",
        }
    }
}

/// As many lines of one kind as are shown where nothing is done about them anyway.
const SHOWN: usize = 10;

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
        let waiting = asides(plan, |aside| matches!(aside, Aside::Waiting { .. }));
        let deferred = asides(plan, |aside| matches!(aside, Aside::Deferred { .. }));
        let sections = [
            (Topic::Blocked, all(blocked.collect())),
            (Topic::Takes, all(takes)),
            (Topic::Changes, changes),
            (Topic::Adds, fold::adds(adds, detail)),
            (Topic::Waiting, first(waiting, detail)),
            (Topic::Deferred, first(deferred, detail)),
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

impl From<Line> for Entry {
    fn from(line: Line) -> Self {
        Self {
            lines: vec![line],
            folded: None,
        }
    }
}

impl Line {
    /// A line that is one sentence.
    pub(super) fn sentence(mark: Mark, sentence: Phrase) -> Self {
        Self {
            mark,
            name: None,
            lead: Phrase::default(),
            intro: None,
            segments: vec![Segment {
                pieces: vec![sentence],
                why: Phrase::default(),
            }],
            hint: None,
        }
    }
}

fn header(plan: &Plan, heading: &Heading) -> Vec<Phrase> {
    let target = &plan.target;
    let instance = target.instance.rsplit('/').next().unwrap_or_default();
    let mut first = Phrase::default();
    if let Some(sandbox) = &heading.sandbox {
        first.add(say!["Sandbox ", foreign(sandbox.as_str()), ": "]);
    }
    first.add(say![
        "account ",
        foreign(target.account.clone()),
        ", ",
        foreign(target.region.clone()),
        ", ",
        foreign(instance),
        " (",
        foreign(target.store.clone()),
        "), "
    ]);
    first.add(match &target.kiro_region {
        Some(region) => say!["Kiro in ", foreign(region.clone())],
        None => say!["Kiro left alone"],
    });
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

fn sentence(mark: Mark, said: Said) -> Line {
    Line {
        hint: said.hint,
        ..Line::sentence(mark, said.sentence)
    }
}

fn asides(plan: &Plan, wanted: impl Fn(&Aside) -> bool) -> Vec<Line> {
    let some = plan.aside.iter().filter(|aside| wanted(aside));
    some.map(|aside| sentence(Mark::Later, words::aside(aside)))
        .collect()
}

/// The first lines, and how many more there are.
fn first(lines: Vec<Line>, detail: Detail) -> Vec<Entry> {
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

fn mails(plan: &Plan, detail: Detail) -> Vec<Line> {
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

fn unmanaged(plan: &Plan, detail: Detail) -> Vec<Line> {
    let unmanaged = &plan.unmanaged;
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
            let names = names
                .into_iter()
                .map(|name| super::phrase::name(name).into());
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

fn notes(plan: &Plan, detail: Detail) -> Vec<Line> {
    let mut lines = Vec::new();
    if !plan.overshoots.is_empty() {
        let people = plan.overshoots.len();
        lines.push(Line::sentence(
            Mark::Note,
            say![
                words(match people {
                    1 => "1 person".to_owned(),
                    _ => format!("{} people", crate::model::grouped(people as u64)),
                }),
                " may for a moment have a higher tier than before and after, and Kiro bills upgrades at once: ",
                names(plan.overshoots.iter(), people, detail)
            ],
        ));
    }
    // Who holds or gets AWS access has a line of their own that says so.
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

/// Names, or the first and the last where they are many.
pub(super) fn names<'n>(
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

fn totals(plan: &Plan) -> Vec<Phrase> {
    let coverage = &plan.coverage;
    let mut named = say![words(format!(
        "The roster names {} of {} and {} of {}.",
        crate::model::grouped(coverage.users_named as u64),
        count(coverage.users, "live user"),
        crate::model::grouped(coverage.groups_named as u64),
        count(coverage.groups, "live group"),
    ))];
    for (number, what) in [
        (coverage.foreign_seats, "of another product"),
        (coverage.orphan_seats, "of nobody in the store"),
    ] {
        if number > 0 {
            named.add(say![" ", words(count(number, "seat")), " ", what, "."]);
        }
    }
    let counts = plan.counts();
    let number = |number: usize| crate::model::grouped(number as u64);
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
