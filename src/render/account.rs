//! The account at the end of an apply: what was done, what was not, why, and what to do.

use super::phrase::{Phrase, count};
use super::support;
use super::text::Ink;
use crate::apply::{Fate, MailFate, Report, Trouble};
use crate::aws::Failure;
use crate::model::{grouped, visible};
use crate::plan::{Action, Drift, Operation};
use console::Style;
use jiff::civil::Date;
use std::fmt::Write;

/// As many lines of one kind as are shown; the counts are always whole.
const SOME: usize = 20;

/// Of people whom no later run names, every one is.
const ALL: usize = usize::MAX;

/// What became of a plan, for a person, with a line end after the last line.
pub fn account(report: &Report, ink: Ink) -> String {
    let fates = report.fates();
    let mut out = String::new();
    let mut section = |shown: usize,
                       title: &str,
                       style: Style,
                       mark: &str,
                       lines: Vec<(String, Option<String>)>| {
        if lines.is_empty() {
            return;
        }
        let _ = writeln!(out, "{}", ink.with(Style::new().bold(), title));
        let more = lines.len().saturating_sub(shown);
        let mut last_hint = None;
        for (line, hint) in lines.into_iter().take(shown) {
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
    section(
        SOME,
        "Failed",
        Style::new().red().bold(),
        "!",
        failed.collect(),
    );
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
        SOME,
        "Not attempted",
        Style::new().yellow(),
        "!",
        skipped.collect(),
    );
    let unsent = report.mailings.iter().filter_map(|mailing| {
        let name = visible(mailing.user.as_str());
        match &mailing.fate {
            MailFate::Failed(trouble) => {
                let (why, hint) = explain(trouble);
                Some((format!("{name}: {why}"), hint))
            }
            MailFate::NotSent => Some((format!("{name}: not attempted"), None)),
            _ => None,
        }
    });
    section(
        SOME,
        "Not mailed; the same command goes on with them",
        Style::new().red().bold(),
        "!",
        unsent.collect(),
    );
    let perhaps = report.probably_mailed();
    let perhaps = perhaps.map(|user| (visible(user.as_str()).into_owned(), None));
    section(
        ALL,
        "Probably mailed, once or twice: AWS did not answer. Who has no mail is reached with `kiroster invite --user NAME`",
        Style::new().yellow(),
        "·",
        perhaps.collect(),
    );
    let withheld = report
        .withheld
        .iter()
        .map(|(user, why)| (format!("{}: {}", visible(user.as_str()), why.word()), None));
    section(
        ALL,
        "Created by an earlier run, and not mailed any more",
        Style::new().yellow(),
        "·",
        withheld.collect(),
    );
    let orphans = report.orphans().into_iter().map(|(user, id)| {
        let id = id.map(|id| format!(" (user id {})", visible(id.as_str())));
        let line = format!("{}{}", visible(user.as_str()), id.unwrap_or_default());
        (line, None)
    });
    section(
        ALL,
        "Possible orphans: the user is gone and the seat may still be billed; look for it in the Kiro console",
        Style::new().red().bold(),
        "!",
        orphans.collect(),
    );
    let unseen = match report.interrupted {
        true => "not waited for any more",
        false => "Kiro does not show it yet",
    };
    let deferred = fates.iter().enumerate();
    let deferred = deferred.filter_map(|(index, (op, fate))| match fate {
        Fate::Deferred(trouble) => {
            let (line, hint) = told(op, trouble);
            Some((line + &before(report, index), hint))
        }
        Fate::Held => Some((
            format!(
                "{}: not taken, because what replaces it does not show yet",
                what(op)
            ),
            None,
        )),
        Fate::Settling => Some((
            format!(
                "{}: written, and {unseen}{}",
                what(op),
                before(report, index)
            ),
            None,
        )),
        _ => None,
    });
    section(
        SOME,
        "For a later run",
        Style::new().cyan(),
        "…",
        deferred.collect(),
    );
    out.push_str(&missed(report));
    out.push_str(&closing(report, &fates));
    out
}

/// Since when earlier runs have asked for the same in vain, as their ledger tells.
fn before(report: &Report, index: usize) -> String {
    match report.open_since.get(&index) {
        Some(since) => format!(", asked for since {}", since.strftime("%Y-%m-%d %H:%M UTC")),
        None => String::new(),
    }
}

/// A text for a support case, where seats were refused in a way that only AWS may be able to explain; else nothing.
/// `payer` is the account that Kiro was called as; `day` is UTC.
pub fn support(report: &Report, payer: Option<&str>, day: Date, ink: Ink) -> String {
    let fates = report.fates();
    let refused = fates.iter().find_map(|(_, fate)| match fate {
        Fate::Failed(Trouble::Refused(failure)) if support::is_needed(failure) => Some(failure),
        _ => None,
    });
    let Some(failure) = refused else {
        return String::new();
    };
    let title = "A text for a support case, once the other causes are ruled out (`kiroster doctor` looks at them)";
    let title = ink.with(Style::new().bold(), title);
    let case = support::case(failure, &report.plan.target, payer, day);
    format!("\n{title}\n{case}")
}

/// Everybody is named: nothing else can tell who they were.
fn missed(report: &Report) -> String {
    if report.missed.is_empty() {
        return String::new();
    }
    let number = count(report.missed.len(), "user");
    let mut said = format!(
        "An earlier run may have created {number} without a mail, and no ledger tells. Who has none is reached with\n  \
         kiroster invite"
    );
    for user in &report.missed {
        let _ = write!(said, " --user {}", quoted(user.as_str()));
    }
    said.push_str("\n\n");
    said
}

/// A name as a shell takes it.
fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "@._+-/:=".contains(c);
    match name.chars().all(plain) && !name.starts_with('-') {
        true => name.to_owned(),
        false => format!("'{}'", visible(name).replace('\'', "'\\''")),
    }
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
    let mailed = report.mailings.iter();
    let mailed = mailed.filter(|mail| matches!(mail.fate, MailFate::Sent | MailFate::Perhaps));
    let mailed = mailed.count();
    let adopted = number(|fate| matches!(fate, Fate::Adopted));
    let left = number(|fate| matches!(fate, Fate::Left));
    let mut said = format!("Applied {}", count(done, "change"));
    for (number, words) in [
        (already, "done before"),
        (adopted, "done by somebody else meanwhile"),
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
    if report.plan.operations.is_empty() {
        said.clear();
    }
    if mailed > 0 {
        let _ = writeln!(
            said,
            "Mailed a password link to {}; it dies after an hour, and `kiroster invite --user NAME` sends another.",
            count(mailed, "user")
        );
    }
    if left > 0 {
        let _ = writeln!(
            said,
            "For another wave: {} of {}. Run the same command again to go on.",
            count(left, "change"),
            people(report.left_people)
        );
    }
    if let Some(why) = &report.unrecorded {
        let _ = writeln!(
            said,
            "The ledger could not be written ({}), so nothing more was begun.",
            visible(why)
        );
    }
    if report.gave_up {
        said.push_str("Stopped: as many failures as `--max-failures` allows.\n");
    }
    if report.interrupted {
        said.push_str(
            "Interrupted: calls in flight were finished. Run the same command again to go on.\n",
        );
    } else if !report.is_complete() {
        said.push_str("Incomplete: run the same command again to go on.\n");
    }
    said
}

fn people(number: usize) -> String {
    match number {
        1 => "1 person".to_owned(),
        number => format!("{} people", grouped(number as u64)),
    }
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
        Trouble::Unrecorded(why) => (
            format!(
                "not attempted, because the ledger cannot be written: {}",
                visible(why)
            ),
            None,
        ),
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
            Some(
                // The list shows the group's alone, so nobody can tell whether one of their own is still held. Out of the group
                // the person would then have none at all.
                "hint: an own one that was cancelled this month can be had again on the 1st; to give more than the group \
                 does today, raise the group's tier"
                    .into(),
            ),
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
