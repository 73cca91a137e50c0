//! Why a person or group has what it has, in words: who it is, every fact with its place, the seat, what the plan does,
//! and what stands in its way.

use super::around::{organization, sentence};
use super::changed;
use super::lines::line_of;
use super::phrase::{Phrase, code, count, foreign, quote, say, words};
use super::text::Ink;
use super::view::{Line, Mark};
use super::words::{self as sentences, distinct};
use crate::desired::{Ask, Leaving};
use crate::explanation::{Explanation, Fact, Outcome, Seat, Seen, Thing, What};
use crate::live::Target;
use crate::model::{Attribute, Principal, Value};
use crate::plan::Plan;
use console::Style;
use jiff::civil::Date;
use std::fmt::Write;

/// What surrounds an explanation.
#[derive(Clone, Debug, Default)]
pub struct Frame<'a> {
    /// Which organization was read; `None` offline.
    pub target: Option<&'a Target>,
    /// The sandbox's file: nothing of this is real.
    pub sandbox: Option<&'a str>,
    /// The plan, where there is one.
    pub plan: Option<&'a Plan>,
    /// Whether there is a roster.
    pub roster: bool,
    /// Whether Kiro was left alone.
    pub without_seats: bool,
    /// Every member of a group, not only those of whom something is to be said.
    pub full: bool,
}

/// As many members of a group are shown unless all are asked for.
const SHOWN: usize = 20;

/// For a person, with a line end after the last line.
pub fn text(explained: &[Explanation], frame: &Frame<'_>, ink: Ink) -> String {
    let mut out = String::new();
    let bold = |text: &str| ink.with(Style::new().bold(), text);
    if let Some(target) = frame.target {
        let head = organization(target, frame.sandbox).plain(false);
        let _ = writeln!(out, "{}", bold(&head));
    }
    for missing in [
        (frame.target.is_none())
            .then_some("Offline: what is live was not read, and there is no plan."),
        (!frame.roster).then_some("No roster: only what is live is told; give a roster with `-f`."),
        frame
            .without_seats
            .then_some("Kiro was left alone: seats were not read."),
    ]
    .into_iter()
    .flatten()
    {
        let _ = writeln!(out, "{missing}");
    }
    for explanation in explained {
        let _ = writeln!(out, "\n{}", bold(&say![&explanation.who].plain(false)));
        out.push_str(&one(explanation, frame, ink));
    }
    out.trim_start_matches('\n').to_owned()
}

fn one(explanation: &Explanation, frame: &Frame<'_>, ink: Ink) -> String {
    let mut out = String::new();
    for line in who(explanation, frame) {
        let _ = writeln!(out, "  {}", line.plain(true));
    }
    let (shown, hidden) = some(explanation, frame.full);
    if !shown.is_empty() {
        let cells: Vec<[Phrase; 4]> = shown.iter().map(|fact| cells(fact)).collect();
        let _ = write!(
            out,
            "\n{}",
            ink.columns(["what", "roster", "live", "plan"], &cells)
        );
    }
    if hidden > 0 {
        let hidden = count(hidden, "more member");
        let _ = writeln!(out, "and {hidden} (`-v` lists them)");
    }
    if explanation.members_alike > 0 {
        let alike = count(explanation.members_alike, "more member");
        let _ = writeln!(out, "{alike} listed and live; nothing changes for them");
    }
    if let Some(seat) = &explanation.seat {
        let _ = writeln!(out, "\n{}", ink.with(Style::new().bold(), "Seat"));
        for line in seat_lines(seat, frame.plan) {
            let _ = writeln!(out, "  {}", line.plain(true));
        }
    }
    if let Some(plan) = frame.plan {
        let _ = writeln!(out, "\n{}", ink.with(Style::new().bold(), "The plan"));
        out.push_str(&plan_lines(explanation, plan, ink));
    }
    out
}

fn who(explanation: &Explanation, frame: &Frame<'_>) -> Vec<Phrase> {
    let Explanation {
        who,
        present,
        is_live,
        user,
        disabled,
        provided,
        entries,
        leaving,
        ..
    } = explanation;
    let mut live = match (is_live, user) {
        (None, _) => say!["not read"],
        (Some(false), _) => say!["not live"],
        (Some(true), Some(user)) => {
            let text = |attribute| user.attributes.get(&attribute).and_then(Value::as_text);
            let mut live = say!["live"];
            if let Some(name) = text(Attribute::DisplayName) {
                live.add(say![": ", foreign(name)]);
            }
            if let Some(email) = user.email() {
                live.add(say![" <", foreign(email), ">"]);
            }
            live
        }
        (Some(true), None) => say!["live"],
    };
    if let Some(present) = present {
        live.add(say![", as ", super::phrase::name(present.name())]);
    }
    if *disabled {
        live.add(", disabled: is given nothing");
    }
    if *provided {
        live.add(", owned by an identity provider: keeps its attributes and its existence");
    }
    let mut lines = vec![live];
    if frame.roster {
        lines.push(match entries.as_slice() {
            [] => match who {
                Principal::User(_) => say!["no entry in the roster"],
                Principal::Group(_) => say!["not declared in the roster"],
            },
            at => say!["in the roster at ", Phrase::joined(distinct(at), ", ")],
        });
    }
    if let Some((leaving, at)) = leaving {
        let state = match leaving {
            Leaving::Absent => code("state: absent"),
            Leaving::Offboarded => code("state: offboarded"),
        };
        lines.push(say![
            "leaves: ",
            state,
            " (",
            at,
            ") beats every other mention"
        ]);
    }
    lines
}

/// The facts to be shown, and how many are not.
fn some(explanation: &Explanation, full: bool) -> (Vec<&Fact>, usize) {
    let is_member = |fact: &&Fact| matches!(fact.what, What::Member(Principal::User(_)));
    let facts = explanation.facts.iter();
    let (members, others): (Vec<&Fact>, Vec<&Fact>) = facts.partition(is_member);
    let shown = match full {
        true => members.len(),
        false => members.len().min(SHOWN),
    };
    let hidden = members.len() - shown;
    let shown = others.into_iter().chain(members.into_iter().take(shown));
    (shown.collect(), hidden)
}

fn cells(fact: &Fact) -> [Phrase; 4] {
    let Fact {
        what,
        asked,
        live,
        outcome,
    } = fact;
    let asked = match asked {
        None => say!["-"],
        Some((ask, at)) => {
            let ask = match ask {
                Ask::Nothing => say!["none"],
                Ask::Is(thing) => shown(thing),
            };
            say![ask, " (", Phrase::joined(distinct(at), ", "), ")"]
        }
    };
    let live = match live {
        Seen::NotRead => say!["not read"],
        Seen::Nothing => say!["none"],
        Seen::Is(thing) => shown(thing),
    };
    let outcome = match outcome {
        Outcome::NoPlan => Phrase::default(),
        Outcome::Agrees => say!["as asked"],
        Outcome::NotMentioned => say!["not mentioned, not touched"],
        Outcome::Stays => say!["not done, see below"],
        Outcome::Becomes(after, why) => {
            let after = match after {
                Some(thing) => shown(thing),
                None => say!["none"],
            };
            let why = why.as_ref().map(sentences::why).unwrap_or_default();
            match why.is_empty() {
                true => say!["becomes ", after],
                false => say!["becomes ", after, " [", why, "]"],
            }
        }
    };
    [about(what), asked, live, outcome]
}

fn about(what: &What) -> Phrase {
    match what {
        What::Existence => say!["exists"],
        What::Name => say!["name"],
        What::Attribute(attribute) => say![attribute.key()],
        What::Description => say!["description"],
        What::Seat => say!["own tier"],
        What::Subscription => say!["group tier"],
        What::Member(Principal::Group(group)) => say!["in group ", group],
        What::Member(Principal::User(user)) => say!["member ", user],
        What::TierOf(group) => say!["tier of group ", group],
    }
}

fn shown(thing: &Thing) -> Phrase {
    match thing {
        Thing::There => say!["yes"],
        Thing::Tier(tier) => say![*tier],
        Thing::Value(value) => changed::value(&Some(value.clone())),
        Thing::Text(text) => say![quote(text.clone())],
    }
}

fn seat_lines(seat: &Seat, plan: Option<&Plan>) -> Vec<Phrase> {
    let mut lines = Vec::new();
    let row = seat.now.as_ref().and_then(|holding| holding.row.as_ref());
    match (&seat.now, row) {
        (None, _) => lines.push(say!["Kiro shows none, and no grant gives one"]),
        (Some(_), None) => lines.push(say![
            "Kiro does not show it yet; a group's seat takes up to a day"
        ]),
        (Some(holding), Some(row)) => {
            let mut shown = say!["Kiro shows "];
            shown.add(match (row.tier, &row.called) {
                (Some(tier), _) => say![tier],
                (None, Some(called)) => say![quote(called.clone())],
                (None, None) => say!["a seat"],
            });
            if !row.status.word().is_empty() {
                shown.add(say![", ", foreign(row.status.word())]);
            }
            if let Some(since) = &row.since {
                shown.add(say![" since ", foreign(since.clone())]);
            }
            shown.add(say!["; source: ", row.source.key()]);
            if let Some(in_force) = holding.in_force() {
                shown.add(say!["; in force: ", in_force, " to the end of the month"]);
            }
            lines.push(shown);
            if let Some(charged) = holding.charged {
                lines.push(say!["this month is charged for ", charged]);
            }
        }
    }
    let ((tier, usd), after) = (seat.before, seat.after);
    let mut billed = match tier {
        Some(tier) => say![
            "billed once, at the highest grant: ",
            tier,
            ", ",
            usd,
            " a month"
        ],
        None => say!["not billed"],
    };
    if seat
        .now
        .as_ref()
        .is_some_and(|holding| holding.tier.is_some() && holding.is_new)
    {
        billed.add(", not before the first sign-in");
    }
    lines.push(billed);
    if let Some((then, then_usd)) = after.filter(|after| *after != seat.before) {
        let then = match then {
            Some(then) => say![then, ", ", then_usd, " a month"],
            None => say!["nothing"],
        };
        let lower = then_usd < usd;
        let from = plan
            .and_then(|plan| plan.cost.steady_from)
            .filter(|_| lower);
        lines.push(match from {
            Some(day) => day_line(then, day),
            None => say!["after the plan: ", then],
        });
    }
    lines
}

fn day_line(then: Phrase, day: Date) -> Phrase {
    say!["after the plan, from ", day, ": ", then]
}

fn plan_lines(explanation: &Explanation, plan: &Plan, ink: Ink) -> String {
    let mut out = String::new();
    match line_of(plan, &explanation.who) {
        Some(line) => out.push_str(&ink.one(&line)),
        None => out.push_str(&ink.one(&Line::sentence(Mark::Note, say!["changes nothing here"]))),
    }
    for block in &explanation.blocks {
        out.push_str(&ink.one(&sentence(Mark::Blocked, sentences::block(block))));
    }
    for aside in &explanation.aside {
        out.push_str(&ink.one(&sentence(Mark::Later, sentences::aside(aside))));
    }
    for note in &explanation.notes {
        out.push_str(&ink.one(&sentence(Mark::Note, sentences::note(note))));
    }
    if explanation.other_blocks > 0 {
        let others = say![
            "the whole plan is blocked, for ",
            words(count(explanation.other_blocks, "reason")),
            " that are not about this name: ",
            code("kiroster plan"),
            " shows them"
        ];
        out.push_str(&ink.one(&Line::sentence(Mark::Blocked, others)));
    }
    out
}
