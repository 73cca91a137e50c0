//! `apply`: a plan, saved and reviewed or made here and agreed to; then read again, classify, judge, and only then write.

use super::args::{self, Global};
use super::connect::{self, Connection, Wanted};
use super::evidence::{self, Evidence, ReportFile, Says};
use super::exit::{Exit, Stop};
use super::screen::Screen;
use super::show::{self, Look};
use super::{consent, plan, saved, validate};
use crate::apply::{How, Owed};
use crate::desired::Invite;
use crate::plan::Plan;
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
    let ledger = evidence::ledger_path(&connection, None);
    let trail = Trail {
        evidence: Evidence::open(&connection, &ledger, screen)?,
        says: says(args)?,
        mails: args.wishes.wish().invite.unwrap_or(loaded.desired.invite) == Invite::New,
        saved: false,
    };
    let draft = plan::draft(&loaded, &args.wishes.wish(), &connection).await?;
    let look = Look {
        format: args::Format::Text,
        full: false,
        file: None,
        sandbox: connection.sandbox(),
    };
    if trail.says.stream == args::Stream::Text {
        show::product(&draft.plan, &draft.document, &look, screen)?;
    }
    let exit = agreed_and_applied(draft, trail, args, &connection, screen).await;
    connection.close();
    exit
}

async fn agreed_and_applied(
    draft: plan::Draft,
    trail: Trail,
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
        // Mails that an earlier run owes are no change, and were agreed to then.
        if !(trail.mails && trail.evidence.may_owe()) {
            return Ok(Exit::Done);
        }
    } else {
        consent::obtain(&plan, args.yes, screen)?;
    }
    rest_of(plan, trail, args, connection, screen, |_| {}).await
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
    let place = file;
    let (file, connection) = saved::open(file, roster.as_ref(), global, screen).await?;
    let ledger = evidence::ledger_path(&connection, Some(place));
    let trail = Trail {
        evidence: Evidence::open(&connection, &ledger, screen)?,
        says: says(args)?,
        mails: !file.plan.invites.is_empty(),
        saved: true,
    };
    let look = Look {
        format: args::Format::Text,
        full: false,
        file: Some(name),
        sandbox: connection.sandbox(),
    };
    if trail.says.stream == args::Stream::Text {
        show::announce(&file.plan, &file.document, &look, screen)?;
    }
    let told = |remaining: &_| saved::tell_elsewhere(&file, remaining, screen);
    let exit = rest_of(file.plan.clone(), trail, args, &connection, screen, told).await;
    connection.close();
    exit
}

/// What surrounds the writes.
struct Trail {
    evidence: Evidence,
    says: Says,
    /// Whether mails are wanted at all.
    mails: bool,
    /// Whether the plan is a saved one, which an earlier run may have begun.
    saved: bool,
}

/// The one road to the first write: read again, classify, judge, run.
async fn rest_of(
    plan: Plan,
    trail: Trail,
    args: &args::Apply,
    connection: &Connection,
    screen: &Screen,
    told: impl Fn(&crate::plan::Remaining),
) -> anyhow::Result<Exit> {
    let Trail {
        evidence,
        says,
        mails,
        saved,
    } = trail;
    let text = says.stream == args::Stream::Text;
    let remaining = saved::again(plan, connection, screen).await?;
    told(&remaining);
    let owed = match mails {
        true => evidence.owed(connection, &remaining, saved).await?,
        false => Owed::default(),
    };
    if remaining.is_done() && owed.is_empty() {
        let already = match remaining.states().is_empty() {
            true => "",
            false => "\nAlready applied.\n",
        };
        tell(already, text, screen)?;
        return Ok(Exit::Done);
    }
    let agreed = args::agreed(&args.wishes.ack);
    let approved = match saved::approve(remaining, &agreed, connection, screen).await? {
        Ok(approved) => approved,
        Err(exit) => return Ok(exit),
    };
    let how = how(args, owed);
    let report = evidence
        .run(approved, how, connection, says, screen)
        .await?;
    let account = account::account(&report, screen.out);
    tell(&format!("\n{account}"), text, screen)?;
    Ok(evidence::verdict(&report))
}

/// The account, where it does not stand in the way of a stream.
fn tell(account: &str, text: bool, screen: &Screen) -> anyhow::Result<()> {
    match text {
        true => screen.product(account)?,
        false => screen.say(account.trim_end()),
    }
    Ok(())
}

fn says(args: &args::Apply) -> anyhow::Result<Says> {
    let report = args.running.report.as_deref();
    Ok(Says {
        stream: args.running.output,
        report: report.map(ReportFile::at).transpose()?,
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
