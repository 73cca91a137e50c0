//! What surrounds the writes of one command: the lock, the ledger, the report, and what is said meanwhile.

use super::args::Stream;
use super::connect::Connection;
use super::exit::{Exit, Stop};
use super::files;
use super::interrupt;
use super::lock::Lock;
use super::progress::Progress;
use super::screen::Screen;
use crate::apply::{Event, How, Ledger, Owed, Report, What, drive};
use crate::model::{UserName, visible};
use crate::plan::{Approved, Operation, Remaining, State};
use anyhow::Context;
use std::cell::RefCell;
use std::collections::HashSet;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;
use tokio::time::{Instant, interval_at};

/// The lock and the ledger of a command that writes.
#[derive(Debug)]
pub(super) struct Evidence {
    lock: Option<Lock>,
    ledger: Ledger,
}

/// How a run speaks.
#[derive(Debug)]
pub(super) struct Says {
    /// What goes to standard output while it runs.
    pub(super) stream: Stream,
    /// Where the report goes.
    pub(super) report: Option<ReportFile>,
}

impl Says {
    /// Whether a run is to be told although there is nothing to do.
    pub(super) fn wants_every_run(&self) -> bool {
        self.report.is_some() || self.stream == Stream::Jsonl
    }
}

/// A report that is yet to be written, to a place that is known to take it.
#[derive(Debug)]
pub(super) struct ReportFile {
    path: PathBuf,
    aside: NamedTempFile,
}

impl Evidence {
    /// Takes the lock and opens the ledger that lies at `path`.
    pub(super) fn open(
        connection: &Connection,
        path: &Path,
        screen: &Screen,
    ) -> anyhow::Result<Self> {
        let sandbox = connection.sandbox();
        let store = &connection.session.target().store;
        // The sandbox's state file is locked already.
        let lock = match sandbox {
            Some(_) => None,
            None => Lock::take(store, screen)?,
        };
        let ledger = Ledger::open(path)
            .with_context(|| format!("cannot open the ledger `{}`", path.display()))?;
        Ok(Self { lock, ledger })
    }

    /// What earlier runs have written down.
    pub(super) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Whether earlier runs may have left mails to be sent, or people to be named.
    pub(super) fn may_owe(&self) -> bool {
        let untold = |lock: &Lock| !lock.untold().is_empty();
        self.ledger.memory().may_owe() || self.lock.as_ref().is_some_and(untold)
    }

    /// The mails that earlier runs owe. Of a saved plan, whoever of its invited people is there already may have been
    /// created by an earlier run; of a plan made just now, only those whom a killed run had noted.
    pub(super) async fn owed(
        &self,
        connection: &Connection,
        remaining: &Remaining,
        saved: bool,
    ) -> anyhow::Result<Owed> {
        let plan = remaining.plan();
        let mut suspects = match &self.lock {
            Some(lock) => lock.untold(),
            None => vec![],
        };
        let in_state = |wanted: State| -> HashSet<&UserName> {
            let operations = plan.operations.iter().zip(remaining.states());
            let users = operations.filter(|(_, state)| **state == wanted);
            let users = users.filter_map(|(operation, _)| match operation {
                Operation::User(name, change) if change.before.is_none() => Some(name),
                _ => None,
            });
            users.collect()
        };
        if saved {
            let there = in_state(State::Done);
            let there = plan.invites.iter().filter(|user| there.contains(user));
            suspects.extend(there.cloned());
        }
        // Whom this plan is yet to create, nobody has missed.
        let to_come = in_state(State::Ready);
        suspects.retain(|user| !to_come.contains(user));
        suspects.sort();
        suspects.dedup();
        let looked = Owed::look(&connection.session, self.ledger.memory(), plan, &suspects);
        Ok(looked.await.map_err(|failure| {
            let stop = Stop::new(Exit::Error, format!("cannot look people up: {failure}"));
            match failure.hint() {
                Some(hint) => stop.hint(hint),
                None => stop,
            }
        })?)
    }

    /// Runs an approved plan, and tells how it goes. What became of it is the caller's to say, and then to note as
    /// [told](Self::told).
    pub(super) async fn run(
        &mut self,
        approved: Approved,
        how: How,
        connection: &Connection,
        says: Says,
        screen: &Screen,
    ) -> anyhow::Result<Report> {
        let Self { lock, ledger } = self;
        interrupt::writes();
        if let Some(lock) = lock {
            let owed = how.owed.due.iter().map(|(user, _)| user);
            let mails = approved.plan.invites.iter().chain(owed);
            lock.begin(mails).context("cannot write the lock file")?;
        }
        let Says { stream, report } = says;
        let terminal = std::io::stderr().is_terminal();
        let progress = RefCell::new(Progress::new(screen, terminal && stream == Stream::Text));
        let told = |event: &Event| {
            progress.borrow_mut().hear(event);
            tell(event, stream, screen);
        };
        let every = progress.borrow().every();
        let mut ticks = interval_at(Instant::now() + every, every);
        let stopped = async {
            interrupt::asked().await;
            screen.say("stopping: calls in flight are finished first");
        };
        let session = &connection.session;
        let driving = drive(session, approved, how, ledger, stopped, told);
        tokio::pin!(driving);
        let told = loop {
            tokio::select! {
                told = &mut driving => break told,
                _ = ticks.tick() => progress.borrow().show(session, screen),
            }
        };
        progress.borrow().clear();
        if let Some(file) = report {
            file.write(&told)?;
        }
        Ok(told)
    }

    /// Notes that a person has read a report, whom it names included. Whoever is killed before that is told again.
    pub(super) fn told(self, report: &Report) -> anyhow::Result<()> {
        let Self { lock, mut ledger } = self;
        for (users, why) in named(report) {
            let users = users.iter().map(|name| name.as_str().into()).collect();
            let why = why.into();
            let wrote = ledger.write(What::Named { users, why });
            // That it cannot be written has been told too.
            if report.unrecorded.is_none() {
                wrote.context("cannot write the ledger")?;
            }
        }
        if let Some(lock) = lock {
            lock.end(report.still_owed())
                .context("cannot write the lock file")?;
        }
        Ok(())
    }
}

impl ReportFile {
    /// Makes sure that a report can be written there, before anything else is.
    pub(super) fn at(path: &Path) -> anyhow::Result<Self> {
        let path = files::behind_links(path);
        let aside = match files::is_special(&path) {
            true => NamedTempFile::new(),
            false => files::beside(&path),
        };
        let aside =
            aside.with_context(|| format!("cannot write a report to `{}`", path.display()))?;
        Ok(Self { path, aside })
    }

    fn write(mut self, report: &Report) -> anyhow::Result<()> {
        let place = self.path.display().to_string();
        let write = || -> std::io::Result<()> {
            serde_json::to_writer_pretty(self.aside.as_file_mut(), &report.document())?;
            self.aside.write_all(b"\n")?;
            match files::is_special(&self.path) {
                true => std::fs::copy(self.aside.path(), &self.path).map(drop)?,
                false => drop(self.aside.persist(&self.path)?),
            }
            Ok(())
        };
        let wrote = write();
        wrote.with_context(|| format!("cannot write the report to `{place}`"))
    }
}

/// Where the ledger lies: beside `plan` where that is a file, else under `.kiroster/`; a sandbox's, whose store has the
/// same id as every other sandbox's, beside its state.
pub(super) fn ledger_path(connection: &Connection, plan: Option<&Path>) -> PathBuf {
    let beside = plan
        .map(Path::to_owned)
        .or_else(|| connection.sandbox().map(PathBuf::from));
    match beside {
        Some(file) => {
            let mut name = file.into_os_string();
            name.push(".ledger.jsonl");
            name.into()
        }
        None => {
            let store = &connection.session.target().store;
            Path::new(".kiroster").join(format!("{store}.ledger.jsonl"))
        }
    }
}

/// Exit codes of a command that has written.
pub(super) fn verdict(report: &Report) -> Exit {
    match (report.interrupted, report.is_complete()) {
        (true, _) => Exit::Interrupted,
        (false, true) => Exit::Done,
        (false, false) => Exit::Incomplete,
    }
}

/// People whom a report names because of their mails, by reason.
fn named(report: &Report) -> Vec<(Vec<&UserName>, &'static str)> {
    let mut named = vec![
        (report.probably_mailed().collect(), "doubted"),
        (report.missed.iter().collect(), "missed"),
    ];
    let withheld = report.withheld.iter();
    named.extend(withheld.map(|(user, why)| (vec![user], why.word())));
    named.retain(|(users, _)| !users.is_empty());
    named
}

/// An event, where somebody wants to hear each.
fn tell(event: &Event, stream: Stream, screen: &Screen) {
    if stream == Stream::Jsonl {
        // A reader that has gone away is no reason to stop half-way.
        let _ = screen.stream(&event.line());
    }
    if let What::Outcome(told) = &event.what
        && screen.verbose
    {
        let what: Vec<&str> = told.address.0.iter().map(|part| &**part).collect();
        let action = match &*told.action {
            "mail" => String::new(),
            action => format!("{action} "),
        };
        let line = format!("{}: {action}{}", told.outcome, what.join(" "));
        screen.say(&visible(&line));
    }
}
