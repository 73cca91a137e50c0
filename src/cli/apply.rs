//! `apply`: plan, consent, read again, classify, and only then write.

use super::args::{self, Global};
use super::connect;
use super::consent;
use super::exit::{Exit, Stop};
use super::screen::Screen;
use super::{plan, validate};
use crate::apply::{Report, drive};
use crate::plan::{Drift, Remaining};
use crate::render::account;
use std::time::Duration;
use tokio::signal;

pub(super) async fn run(
    args: &args::Apply,
    global: &Global,
    screen: &Screen,
) -> anyhow::Result<Exit> {
    let Ok(loaded) = validate::load(&args.sources.files, screen) else {
        return Ok(Exit::Error);
    };
    let connection = connect::to(global, Some(&loaded.desired), screen).await?;
    let plan = plan::of(&loaded.desired, &args.wishes.wish(), &connection).await?;
    plan::show(&plan, &connection, screen)?;
    if !plan.blocks.is_empty() {
        connection.close();
        return Ok(Exit::Blocked);
    }
    if args.wishes.strict && plan::waits(&plan) {
        connection.close();
        return Err(Stop::new(
            Exit::Error,
            "entries wait, and `--strict` makes that an error",
        )
        .into());
    }
    if plan.operations.is_empty() {
        connection.close();
        return Ok(Exit::Done);
    }
    if let Err(declined) = consent::obtain(&plan, args.yes, screen) {
        connection.close();
        return Err(declined);
    }
    let live = plan::read(&loaded.desired, &connection).await?;
    let remaining = plan.against(live).map_err(|drift| stale(&drift))?;
    let report = perform(remaining, &connection, args, screen).await?;
    screen.product(&format!("\n{}", account::account(&report, screen.out)))?;
    connection.close();
    Ok(match (report.interrupted, report.is_complete()) {
        (true, _) => Exit::Interrupted,
        (false, true) => Exit::Done,
        (false, false) => Exit::Incomplete,
    })
}

async fn perform(
    remaining: Remaining,
    connection: &connect::Connection,
    args: &args::Apply,
    screen: &Screen,
) -> anyhow::Result<Report> {
    let approved = remaining
        .approve()
        .map_err(|_| Stop::new(Exit::Blocked, "the plan is blocked; nothing was written"))?;
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
    Ok(report.await)
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

fn stale(drift: &[Drift]) -> Stop {
    let subjects: Vec<String> = drift.iter().take(10).map(account::drifted).collect();
    let more = match drift.len().saturating_sub(10) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    Stop::new(
        Exit::Stale,
        format!(
            "live has changed since this plan was made; nothing was written: {}{more}",
            subjects.join(", ")
        ),
    )
    .hint("run it again and review the new plan")
}
