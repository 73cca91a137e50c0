//! `plan`: read live, compare, judge, show, save. Never writes to AWS.

use super::args::{self, Format, Global};
use super::connect::{self, Connection, Wanted};
use super::evidence::ledger_path;
use super::exit::Exit;
use super::screen::Screen;
use super::show::{self, Look};
use super::{files, provenance, validate};
use crate::apply::{Ledger, Memory};
use crate::aws;
use crate::goal::Aside;
use crate::live::{Access, Id, Live, Reach};
use crate::model::{Principal, visible};
use crate::plan::{Elsewhere, Operation, Plan, Remaining, State, Wish, asks};
use crate::planfile::{self, Document, Sheet};
use crate::render;
use crate::roster::Loaded;
use anyhow::Context;
use jiff::Timestamp;
use std::collections::BTreeMap;

pub(super) async fn run(
    args: &args::Plan,
    global: &Global,
    screen: &Screen,
) -> anyhow::Result<Exit> {
    let Ok(loaded) = validate::load(&args.sources, screen) else {
        return Ok(Exit::Error);
    };
    let ground = connect::ground(global)?;
    let wanted = Wanted::of_roster(&loaded.desired);
    let connection = ground.open(global, &wanted, screen).await?;
    let memory = remembered(&connection, screen);
    let draft = draft(&loaded, &args.wishes.wish(), &connection, &memory, screen).await?;
    let sandbox = connection.sandbox();
    connection.close();
    let Draft { plan, document, .. } = draft;
    if let Some(file) = &args.out {
        let text = planfile::write(&document)?;
        files::write_whole(file, &text)
            .with_context(|| format!("cannot write `{}`", file.display()))?;
        screen.say(&format!(
            "saved as `{}`, good until {}: `kiroster apply {}`",
            file.display(),
            document.expires,
            file.display()
        ));
    }
    let look = Look {
        format: args.output.unwrap_or(Format::Text),
        full: args.full,
        redact: args.redact,
        file: args.out.as_ref().map(|file| file.display().to_string()),
        sandbox,
    };
    show::product(&plan, &document, &look, screen)?;
    let verdict = verdict(&plan, args);
    if verdict == Exit::Error {
        screen.error("entries wait, and `--strict` makes that an error", None);
    }
    Ok(verdict)
}

fn verdict(plan: &Plan, args: &args::Plan) -> Exit {
    if !plan.blocks.is_empty() {
        Exit::Blocked
    } else if args.wishes.strict && waits(plan) {
        Exit::Error
    } else if args.detailed_exitcode && plan.has_news() {
        Exit::Pending
    } else {
        Exit::Done
    }
}

/// Whether an entry is not live and cannot be created; `--strict` makes that an error.
pub(super) fn waits(plan: &Plan) -> bool {
    plan.aside.iter().any(Aside::waits)
}

/// A plan, and the file that it would be.
pub(super) struct Draft {
    pub(super) plan: Plan,
    pub(super) document: Document,
    /// What was read, under the plan's names.
    pub(super) live: Live,
}

/// Reads live, compares, judges, and tells apart what earlier runs have asked for.
pub(super) async fn draft(
    loaded: &Loaded,
    wish: &Wish,
    connection: &Connection,
    memory: &Memory,
    screen: &Screen,
) -> anyhow::Result<Draft> {
    let desired = &loaded.desired;
    let live = read(&desired.reach(connection.seats), connection, screen).await?;
    let (plan, live) = Plan::draft(desired, live, wish, connection.today);
    let store = plan.target.store.clone();
    let asked = |holder: &Principal| memory.seat_asked(holder, &store);
    // A ledger's times are this machine's, whatever day it is in a sandbox.
    let plan = plan.recalling(asked, &live, Timestamp::now(), connection.today);
    let access = access(&plan, connection).await?;
    let plan = plan.judged(&live, &access);
    let sheet = Sheet {
        made: to_the_second(connection.now),
        expires: planfile::expires(&plan, desired, to_the_second(connection.now)),
        roster: provenance::of(loaded),
        elsewhere: Elsewhere::of(&plan, &live),
        block: &show::block_told,
        note: &show::note_told,
        aside: &show::aside_told,
    };
    let document = Document::of(&plan, sheet);
    Ok(Draft {
        plan,
        document,
        live,
    })
}

/// What earlier runs have written down, for a command that writes nothing itself.
pub(super) fn remembered(connection: &Connection, screen: &Screen) -> Memory {
    let path = ledger_path(connection, None);
    // It is evidence and no truth: without it, what was asked for before is a change like any other.
    Ledger::read(&path).unwrap_or_else(|error| {
        screen.say(&format!(
            "the ledger `{}` cannot be read: {error}",
            visible(&path.to_string_lossy())
        ));
        Memory::default()
    })
}

/// What AWS tells of the accounts of those whose change could matter.
pub(super) async fn access(
    plan: &Plan,
    connection: &Connection,
) -> anyhow::Result<BTreeMap<Principal, Access>> {
    let ids = |who: &Principal| plan.basis.get(who).map(|known| known.id.clone());
    access_of(&plan.operations, ids, connection).await
}

/// The same, just before it is done, leaving out what is done already: a group that the plan was to create may be there by
/// now, and hold something.
pub(super) async fn access_today(
    remaining: &Remaining,
    connection: &Connection,
) -> anyhow::Result<BTreeMap<Principal, Access>> {
    let operations = remaining.plan().operations.iter().zip(remaining.states());
    let open = operations.filter(|(_, state)| **state != State::Done);
    let open: Vec<_> = open.map(|(operation, _)| operation.clone()).collect();
    access_of(&open, |who| remaining.id(who).cloned(), connection).await
}

async fn access_of(
    open: &[Operation],
    ids: impl Fn(&Principal) -> Option<Id>,
    connection: &Connection,
) -> anyhow::Result<BTreeMap<Principal, Access>> {
    let asked = asks(open).into_iter();
    let who: Vec<(Principal, Id)> = asked
        .filter_map(|who| Some((who.clone(), ids(&who)?)))
        .collect();
    let access = aws::access(&connection.session, &who).await;
    access.map_err(connect::explain)
}

/// Reads as far as is asked, and says with `-v` which way was taken.
pub(super) async fn read(
    reach: &Reach,
    connection: &Connection,
    screen: &Screen,
) -> anyhow::Result<Live> {
    let reading = aws::read_told(&connection.session, reach).await;
    let (reading, ways) = reading.map_err(connect::explain)?;
    if screen.verbose {
        for line in render::ways(&ways) {
            screen.say(&visible(&line));
        }
    }
    Ok(Live::of(reading))
}

/// Fractions of a second tell a reader nothing.
fn to_the_second(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}
