//! The account at the end of an apply: what was done, what was not, why, and what to do.

use super::phrase::{Phrase, count};
use super::text::Ink;
use crate::apply::{Fate, Report, Trouble};
use crate::aws::Failure;
use crate::model::visible;
use crate::plan::{Action, Drift, Operation};
use console::Style;
use std::fmt::Write;

/// As many lines of one kind as are shown; the counts are always whole.
const SHOWN: usize = 20;

/// What became of a plan, for a person, with a line end after the last line.
pub fn account(report: &Report, ink: Ink) -> String {
    let fates = report.fates();
    let mut out = String::new();
    let mut section =
        |title: &str, style: Style, mark: &str, lines: Vec<(String, Option<String>)>| {
            if lines.is_empty() {
                return;
            }
            let _ = writeln!(out, "{}", ink.with(Style::new().bold(), title));
            let more = lines.len().saturating_sub(SHOWN);
            let mut last_hint = None;
            for (line, hint) in lines.into_iter().take(SHOWN) {
                let _ = writeln!(out, "  {} {line}", ink.with(style.clone(), mark));
                if hint.is_some() && hint != last_hint {
                    for line in hint.iter().flat_map(|hint| hint.lines()) {
                        let _ = writeln!(out, "    {line}");
                    }
                    last_hint = hint;
                }
            }
            if more > 0 {
                let _ = writeln!(out, "  {} and {more} more", ink.with(style, mark));
            }
            out.push('\n');
        };
    let failed = fates.iter().filter_map(|(op, fate)| match fate {
        Fate::Failed(trouble) => Some(told(op, trouble)),
        _ => None,
    });
    section("Failed", Style::new().red().bold(), "!", failed.collect());
    let skipped = fates.iter().filter_map(|(op, fate)| match fate {
        Fate::Skipped(because) => Some((
            format!(
                "{}: not attempted, because this failed: {}",
                what(op),
                what(because)
            ),
            None,
        )),
        _ => None,
    });
    section(
        "Not attempted",
        Style::new().yellow(),
        "!",
        skipped.collect(),
    );
    let deferred = fates.iter().filter_map(|(op, fate)| match fate {
        Fate::Deferred(trouble) => Some(told(op, trouble)),
        Fate::Held => Some((
            format!(
                "{}: not taken, because what replaces it does not show yet",
                what(op)
            ),
            None,
        )),
        Fate::Settling => Some((
            format!("{}: written, and Kiro does not show it yet", what(op)),
            None,
        )),
        _ => None,
    });
    section(
        "For a later run",
        Style::new().cyan(),
        "…",
        deferred.collect(),
    );
    out.push_str(&closing(report, &fates));
    out
}

/// One line for a finished operation, while apply is under way.
pub fn finished(operation: &Operation) -> String {
    what(operation)
}

fn closing(report: &Report, fates: &[(&Operation, Fate<'_>)]) -> String {
    let number = |wanted: fn(&Fate) -> bool| fates.iter().filter(|(_, fate)| wanted(fate)).count();
    let done = number(|fate| matches!(fate, Fate::Done | Fate::Settling));
    let already = number(|fate| matches!(fate, Fate::Already));
    let failed = number(|fate| matches!(fate, Fate::Failed(_)));
    let skipped = number(|fate| matches!(fate, Fate::Skipped(_)));
    let open = number(|fate| matches!(fate, Fate::NotStarted));
    let later = number(|fate| matches!(fate, Fate::Settling | Fate::Deferred(_) | Fate::Held));
    let mut said = format!("Applied {}", count(done, "change"));
    for (number, words) in [
        (already, "done before"),
        (failed, "failed"),
        (skipped, "not attempted after a failure"),
        (open, "not started"),
        (later, "for a later run"),
    ] {
        if number > 0 {
            let _ = write!(said, ", {number} {words}");
        }
    }
    said.push_str(".\n");
    if report.interrupted {
        said.push_str(
            "Interrupted: calls in flight were finished. Run the same command again to go on.\n",
        );
    } else if !report.is_complete() {
        said.push_str("Incomplete: run the same command again to go on.\n");
    }
    said
}

fn told(operation: &Operation, trouble: &Trouble) -> (String, Option<String>) {
    let (why, hint) = explain(trouble);
    (format!("{}: {why}", what(operation)), hint)
}

fn explain(trouble: &Trouble) -> (String, Option<String>) {
    match trouble {
        Trouble::Refused(failure) => (
            answer(failure),
            failure.hint().map(|hint| format!("hint: {hint}")),
        ),
        Trouble::Differs { differences } => {
            let differences: Vec<String> = differences
                .iter()
                .map(|(what, there, wanted)| {
                    format!(
                        "{what} is \"{}\", wanted \"{}\"",
                        visible(there),
                        visible(wanted)
                    )
                })
                .collect();
            (
                format!(
                    "something of that name is there already: {}",
                    differences.join("; ")
                ),
                Some("hint: run plan again and review what it shows".into()),
            )
        }
        Trouble::EmailHeld { holder } => (
            format!("user `{}` holds the e-mail address", visible(holder)),
            Some("hint: if it is the same person, add `previously`".into()),
        ),
        Trouble::KeepsChanging => (
            "it kept changing while it was being changed".into(),
            Some(
                "hint: somebody else writes it at the same time; run the same command again".into(),
            ),
        ),
        Trouble::Nameless(principal) => (format!("{} was not made", Phrase::from(principal)), None),
        Trouble::Pending(failure) => (
            format!(
                "Kiro refuses to change a seat before its holder has signed in ({})",
                answer(failure)
            ),
            None,
        ),
        Trouble::Cancelled(failure) => (
            format!(
                "Kiro holds the cancelled seat until the month ends ({})",
                answer(failure)
            ),
            None,
        ),
        Trouble::GroupGrant(failure) => (
            format!(
                "Kiro refuses an own seat beside a group's, which stays ({})",
                answer(failure)
            ),
            None,
        ),
    }
}

fn answer(failure: &Failure) -> String {
    visible(&failure.to_string()).into_owned()
}

fn what(operation: &Operation) -> String {
    let verb = match (operation, operation.action()) {
        (Operation::Member(..), Action::Create | Action::Update) => "add",
        (Operation::Member(..), Action::Delete) => "remove",
        (Operation::Seat(..), Action::Create) => "subscribe",
        (Operation::Seat(..), Action::Update) => "change",
        (Operation::Seat(..), Action::Delete) => "unsubscribe",
        (_, Action::Create) => "create",
        (_, Action::Update) => "update",
        (_, Action::Delete) => "delete",
    };
    format!("{verb} {}", Phrase::from(&operation.subject()))
}

/// What has changed since a plan was made.
pub fn drifted(drift: &Drift) -> String {
    Phrase::from(&drift.subject).to_string()
}
