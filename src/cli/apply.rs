//! `apply`: plan, consent, read again, classify, and only then write.

use super::args::{self, Global};
use super::connect;
use super::consent;
use super::evidence::{self, Evidence, ReportFile, Says};
use super::exit::{Exit, Stop};
use super::screen::Screen;
use super::{plan, validate};
use crate::apply::{How, Owed};
use crate::desired::Invite;
use crate::plan::Drift;
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
    let ledger = evidence::ledger_path(&connection, None);
    let evidence = Evidence::open(&connection, &ledger, screen)?;
    let says = says(&args.running)?;
    let invites = args.wishes.wish().invite.unwrap_or(loaded.desired.invite) == Invite::New;
    let plan = plan::of(&loaded.desired, &args.wishes.wish(), &connection).await?;
    if says.stream == args::Stream::Text {
        plan::show(&plan, &connection, screen)?;
    }
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
    if plan.operations.is_empty() && !(invites && evidence.may_owe(&plan, false)) {
        connection.close();
        return Ok(Exit::Done);
    }
    if let Err(declined) = consent::obtain(&plan, args.yes || plan.operations.is_empty(), screen) {
        connection.close();
        return Err(declined);
    }
    let live = plan::read(&loaded.desired, &connection).await?;
    let owed = match invites {
        true => evidence.owed(&live, &plan, false),
        false => Owed::default(),
    };
    let remaining = plan.against(live).map_err(|drift| stale(&drift))?;
    let approved = evidence::approved(remaining)?;
    let how = how(args, owed);
    let text = says.stream == args::Stream::Text;
    let report = evidence
        .run(approved, how, &connection, says, screen)
        .await?;
    let account = format!("\n{}", account::account(&report, screen.out));
    match text {
        true => screen.product(&account)?,
        false => screen.say(&account),
    }
    connection.close();
    Ok(evidence::verdict(&report))
}

fn says(running: &args::Running) -> anyhow::Result<Says> {
    Ok(Says {
        stream: running.output,
        report: running.report.as_deref().map(ReportFile::at).transpose()?,
    })
}

fn how(args: &args::Apply, owed: Owed) -> How {
    let number = |number: Option<u32>| number.map(|number| number as usize);
    How {
        command: "apply",
        patience: Duration::from_secs(args.settle),
        limit: number(args.running.limit),
        max_failures: number(args.running.max_failures),
        owed,
    }
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
