//! `apply`: a plan, saved and reviewed or made here and agreed to; then read again, classify, judge, and only then write.

use super::args::{self, Global};
use super::connect::{self, Connection, Wanted};
use super::exit::{Exit, Stop};
use super::screen::Screen;
use super::show::{self, Look};
use super::{consent, plan, saved, validate};
use crate::apply::{Report, drive};
use crate::plan::{Approved, Plan};
use crate::render::account;
use std::path::Path;
use std::time::Duration;
use tokio::signal;

pub(super) async fn run(
    args: &args::Apply,
    global: &Global,
    screen: &Screen,
) -> anyhow::Result<Exit> {
    match &args.plan {
        Some(file) => of_plan(file, args, global, screen).await,
        None => of_roster(args, global, screen).await,
    }
}

/// Plans the roster, asks, and applies what was shown.
async fn of_roster(args: &args::Apply, global: &Global, screen: &Screen) -> anyhow::Result<Exit> {
    let Ok(loaded) = validate::load(&args.sources, screen) else {
        return Ok(Exit::Error);
    };
    let ground = connect::ground(global)?;
    let wanted = Wanted::of_roster(&loaded.desired);
    let connection = ground.open(global, &wanted, screen).await?;
    let draft = plan::draft(&loaded, &args.wishes.wish(), &connection).await?;
    let look = Look {
        format: args::Format::Text,
        full: false,
        redact: false,
        file: None,
        sandbox: connection.sandbox(),
    };
    show::product(&draft.plan, &draft.document, &look, screen)?;
    let exit = agreed_and_applied(draft, args, &connection, screen).await;
    connection.close();
    exit
}

async fn agreed_and_applied(
    draft: plan::Draft,
    args: &args::Apply,
    connection: &Connection,
    screen: &Screen,
) -> anyhow::Result<Exit> {
    let plan::Draft { plan, document } = draft;
    if let Some(expected) = &args.expect
        && *expected != document.digest
    {
        return Err(Stop::new(
            Exit::Stale,
            format!(
                "this is another plan than the one that is expected: {} instead of {expected}; nothing was written",
                document.digest
            ),
        )
        .hint("review this plan, and expect its digest")
        .into());
    }
    if !plan.blocks.is_empty() {
        return Ok(Exit::Blocked);
    }
    if args.wishes.strict && plan::waits(&plan) {
        return Err(Stop::new(
            Exit::Error,
            "entries wait, and `--strict` makes that an error",
        )
        .into());
    }
    if plan.operations.is_empty() {
        return Ok(Exit::Done);
    }
    consent::obtain(&plan, args.yes, screen)?;
    rest_of(plan, args, connection, screen, |_| {}).await
}

/// Applies a saved plan: exactly that, or nothing.
async fn of_plan(
    file: &Path,
    args: &args::Apply,
    global: &Global,
    screen: &Screen,
) -> anyhow::Result<Exit> {
    let Ok(roster) = validate::load_beside(&args.sources, screen) else {
        return Ok(Exit::Error);
    };
    let name = file.display().to_string();
    let (file, connection) = saved::open(file, roster.as_ref(), global, screen).await?;
    let look = Look {
        format: args::Format::Text,
        full: false,
        redact: false,
        file: Some(name),
        sandbox: connection.sandbox(),
    };
    show::announce(&file.plan, &file.document, &look, screen)?;
    let told = |remaining: &_| saved::tell_elsewhere(&file, remaining, screen);
    let exit = rest_of(file.plan.clone(), args, &connection, screen, told).await;
    connection.close();
    exit
}

/// The one road to the first write: read again, classify, judge, run.
async fn rest_of(
    plan: Plan,
    args: &args::Apply,
    connection: &Connection,
    screen: &Screen,
    told: impl Fn(&crate::plan::Remaining),
) -> anyhow::Result<Exit> {
    let remaining = saved::again(plan, connection, screen).await?;
    told(&remaining);
    if remaining.is_done() {
        screen.product(match remaining.states().is_empty() {
            true => "",
            false => "\nAlready applied.\n",
        })?;
        return Ok(Exit::Done);
    }
    let agreed = args::agreed(&args.wishes.ack);
    let approved = match saved::approve(remaining, &agreed, connection, screen).await? {
        Ok(approved) => approved,
        Err(exit) => return Ok(exit),
    };
    let report = perform(approved, connection, args, screen).await;
    screen.product(&format!("\n{}", account::account(&report, screen.out)))?;
    Ok(match (report.interrupted, report.is_complete()) {
        (true, _) => Exit::Interrupted,
        (false, true) => Exit::Done,
        (false, false) => Exit::Incomplete,
    })
}

async fn perform(
    approved: Approved,
    connection: &Connection,
    args: &args::Apply,
    screen: &Screen,
) -> Report {
    let patience = Duration::from_secs(args.settle);
    let report = drive(
        &connection.session,
        approved,
        patience,
        interrupted(),
        |operation, outcome| {
            if screen.verbose {
                let mark = if outcome.is_done() {
                    "done"
                } else {
                    "not done"
                };
                screen.say(&format!("{mark}: {}", account::finished(operation)));
            }
        },
    );
    report.await
}

/// Ctrl-C, and what an orchestrator sends.
pub(super) async fn interrupted() {
    #[cfg(unix)]
    let terminated = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => terminate.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<Option<()>>();
    tokio::select! {
        result = signal::ctrl_c() => if result.is_err() { std::future::pending().await },
        _ = terminated => {}
    }
}
