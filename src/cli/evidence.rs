//! What surrounds the writes of one command: the lock, the ledger, the report, and what is said meanwhile.

use super::apply::interrupted;
use super::args::Stream;
use super::connect::Connection;
use super::exit::Exit;
use super::lock::Lock;
use super::progress::Progress;
use super::screen::Screen;
use crate::apply::{Event, How, Ledger, Owed, Report, What, drive};
use crate::live::{Live, Reach};
use crate::model::{UserName, visible};
use crate::plan::{Approved, Plan};
use anyhow::Context;
use std::cell::RefCell;
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
        let sandbox = connection.sandbox_file();
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
    pub(super) fn may_owe(&self, plan: &Plan, saved: bool) -> bool {
        let untold = |lock: &Lock| !lock.untold().is_empty();
        self.ledger.memory().may_owe()
            || self.lock.as_ref().is_some_and(untold)
            || (saved && !plan.invites.is_empty())
    }

    /// Widens a reading to the people whose mails earlier runs may owe: [`Evidence::owed`] looks for them in it.
    pub(super) fn reaches(&self, plan: &Plan, saved: bool, reach: &mut Reach) {
        for (name, creation) in self.ledger.memory().creations() {
            if creation.may_be_owed() {
                match &creation.id {
                    Some(id) => drop(reach.sought.user_ids.entry(id.clone()).or_default()),
                    None => drop(reach.sought.spelled.insert(name.clone())),
                }
            }
        }
        reach.sought.spelled.extend(self.suspects(plan, saved));
    }

    /// The mails that earlier runs owe. `live` is under AWS's names. Of a saved plan everybody it invites may have been
    /// created by an earlier run; of one made just now, only those whom a killed run had noted.
    pub(super) fn owed(&self, live: &Live, plan: &Plan, saved: bool) -> Owed {
        Owed::of(
            self.ledger.memory(),
            live,
            plan,
            &self.suspects(plan, saved),
        )
    }

    fn suspects(&self, plan: &Plan, saved: bool) -> Vec<UserName> {
        let mut suspects = match &self.lock {
            Some(lock) => lock.untold(),
            None => vec![],
        };
        if saved {
            suspects.extend(plan.invites.iter().cloned());
        }
        suspects.sort();
        suspects.dedup();
        suspects
    }

    /// Runs an approved plan, and tells how it goes and how it went.
    pub(super) async fn run(
        self,
        approved: Approved,
        how: How,
        connection: &Connection,
        says: Says,
        screen: &Screen,
    ) -> anyhow::Result<Report> {
        let Self {
            mut lock,
            mut ledger,
        } = self;
        if let Some(lock) = &mut lock {
            let owed = how.owed.due.iter().map(|(user, _)| user);
            let mails = approved.plan.invites.iter().chain(owed);
            lock.begin(mails).context("cannot write the lock file")?;
        }
        for (users, why) in named(&how.owed) {
            let users = users.iter().map(|name| name.as_str().into()).collect();
            let why = why.into();
            ledger
                .write(What::Named { users, why })
                .context("cannot write the ledger")?;
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
            interrupted().await;
            screen.say("stopping: calls in flight are finished first");
        };
        let session = &connection.session;
        let driving = drive(session, approved, how, &mut ledger, stopped, told);
        tokio::pin!(driving);
        let told = loop {
            tokio::select! {
                told = &mut driving => break told,
                _ = ticks.tick() => progress.borrow().show(session, screen),
            }
        };
        progress.borrow().clear();
        if let Some(lock) = lock {
            lock.end(told.still_owed())
                .context("cannot write the lock file")?;
        }
        if let Some(file) = report {
            file.write(&told)?;
        }
        Ok(told)
    }
}

impl ReportFile {
    /// Makes sure that a report can be written there, before anything else is.
    pub(super) fn at(path: &Path) -> anyhow::Result<Self> {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let aside = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))
            .with_context(|| format!("cannot write a report to `{}`", path.display()))?;
        Ok(Self {
            path: path.to_owned(),
            aside,
        })
    }

    fn write(mut self, report: &Report) -> anyhow::Result<()> {
        let place = self.path.display().to_string();
        let write = || -> std::io::Result<()> {
            serde_json::to_writer_pretty(self.aside.as_file_mut(), &report.document())?;
            self.aside.write_all(b"\n")?;
            self.aside.persist(&self.path)?;
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
        .or_else(|| connection.sandbox_file());
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

/// People who are named and not mailed, by reason.
fn named(owed: &Owed) -> Vec<(Vec<UserName>, &'static str)> {
    let mut named = Vec::new();
    if !owed.missed.is_empty() {
        named.push((owed.missed.clone(), "missed"));
    }
    for (user, why) in &owed.withheld {
        named.push((vec![user.clone()], why.word()));
    }
    named
}

/// An event, where somebody wants to hear each.
fn tell(event: &Event, stream: Stream, screen: &Screen) {
    if stream == Stream::Jsonl {
        // A reader that has gone away is no reason to stop half-way.
        let _ = screen.product(&event.line());
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
