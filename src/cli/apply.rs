//! `apply`: a plan, saved and reviewed or made here and agreed to; then read again, classify, judge, and only then write.

use super::args::{self, Global};
use super::connect::{self, Connection, Wanted};
use super::evidence::{self, Evidence, ReportFile, Says, ledger_path};
use super::exit::{Exit, Stop};
use super::screen::Screen;
use super::show::{self, Look};
use super::{consent, plan, saved, today, validate};
use crate::apply::{How, Memory, Owed};
use crate::desired::Invite;
use crate::plan::{Plan, Remaining};
use crate::render::account;
use jiff::civil::Date;
use std::path::Path;
use std::time::Duration;

pub(super) async fn run(
    args: &args::Apply,
    global: &Global,
    screen: &Screen,
) -> anyhow::Result<Exit> {
    let screen = match args.running.output {
        args::Stream::Text => *screen,
        args::Stream::Jsonl => screen.beside_a_stream(),
    };
    match &args.plan {
        Some(file) => of_plan(file, args, global, &screen).await,
        None => of_roster(args, global, &screen).await,
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
    let way = Way::open(args, APPLY, None, &connection, screen)?;
    let wish = args.wishes.wish();
    let draft = plan::draft(&loaded, &wish, &connection, way.memory(), screen).await?;
    let look = Look {
        format: args::Format::Text,
        full: false,
        redact: false,
        file: None,
        sandbox: connection.sandbox(),
    };
    show::product(&draft.plan, &draft.document, &look, screen)?;
    let mails = wish.invite.unwrap_or(loaded.desired.invite) == Invite::New;
    let exit = way.agreed(draft, mails, &connection).await;
    connection.close();
    exit
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
    let (kept, connection) = saved::open(file, roster.as_ref(), global, screen).await?;
    let way = Way::open(args, APPLY, Some(file), &connection, screen)?;
    let look = Look {
        format: args::Format::Text,
        full: false,
        redact: false,
        file: Some(file.display().to_string()),
        sandbox: connection.sandbox(),
    };
    show::announce(&kept.plan, &kept.document, &look, screen)?;
    let mails = !kept.plan.invites.is_empty();
    let told = |remaining: &_| today::tell_elsewhere(&kept, remaining, screen);
    let exit = way.go(kept.plan.clone(), mails, &connection, told).await;
    connection.close();
    exit
}

/// What a command that applies is called, and how its plan is looked at first.
#[derive(Clone, Copy)]
pub(super) struct Called {
    /// For the ledger.
    pub(super) command: &'static str,
    /// A hint, for whoever has not agreed yet.
    pub(super) review: &'static str,
}

const APPLY: Called = Called {
    command: "apply",
    review: "review the plan with `kiroster plan`, then run apply with `--yes`",
};

/// What is at hand before the first write: the lock, the ledger, and how to speak.
pub(super) struct Way<'a> {
    args: &'a args::Apply,
    called: Called,
    screen: &'a Screen,
    evidence: Evidence,
    says: Says,
    /// Whether the plan comes from a file.
    saved: bool,
}

impl<'a> Way<'a> {
    /// Takes the lock and opens the ledger.
    pub(super) fn open(
        args: &'a args::Apply,
        called: Called,
        plan: Option<&Path>,
        connection: &Connection,
        screen: &'a Screen,
    ) -> anyhow::Result<Self> {
        let ledger = ledger_path(connection, plan);
        let report = args.running.report.as_deref();
        Ok(Self {
            args,
            called,
            screen,
            evidence: Evidence::open(connection, &ledger, screen)?,
            says: Says {
                stream: args.running.output,
                report: report.map(ReportFile::at).transpose()?,
            },
            saved: plan.is_some(),
        })
    }

    /// What earlier runs have written down.
    pub(super) fn memory(&self) -> &Memory {
        self.evidence.ledger().memory()
    }

    /// A plan that was made here: expected, not blocked, and agreed to.
    pub(super) async fn agreed(
        self,
        draft: plan::Draft,
        mails: bool,
        connection: &Connection,
    ) -> anyhow::Result<Exit> {
        let (args, screen) = (self.args, self.screen);
        let plan::Draft {
            plan,
            document,
            live,
        } = draft;
        // Everything is read again before the first write; a whole organization twice in memory helps nobody.
        drop(live);
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
        let known = self.memory().people(&plan.target.store);
        if plan.coverage.users == Some(0) && known > 0 {
            return Err(Stop::new(
                Exit::Error,
                format!("the identity store reads empty, and the ledger knows people in it ({known}); nothing was written"),
            )
            .hint("check which store this is; if it is meant, move the ledger away")
            .into());
        }
        if args.wishes.strict && plan::waits(&plan) {
            return Err(Stop::new(
                Exit::Error,
                "entries wait, and `--strict` makes that an error",
            )
            .into());
        }
        let owes = mails && self.evidence.may_owe();
        if plan.operations.is_empty() && !owes && !self.says.wants_every_run() {
            return Ok(Exit::Done);
        }
        // Mails that an earlier run owes are no change, and were agreed to then.
        let asked_for = args.consent.yes || plan.operations.is_empty();
        consent::obtain(&plan, asked_for, self.called.review, screen).await?;
        self.go(plan, mails, connection, |_| {}).await
    }

    /// The one road to the first write: read again, classify, judge, run. With `mails`, those that earlier runs owe go out
    /// as well.
    async fn go(
        self,
        plan: Plan,
        mails: bool,
        connection: &Connection,
        told: impl Fn(&Remaining),
    ) -> anyhow::Result<Exit> {
        let Self {
            args,
            called,
            screen,
            mut evidence,
            says,
            saved,
        } = self;
        let remaining = today::again(plan, connection, screen).await?;
        told(&remaining);
        let owed = match mails {
            true => evidence.owed(connection, &remaining, saved).await?,
            false => Owed::default(),
        };
        if remaining.is_settled() && owed.is_empty() && !says.wants_every_run() {
            if !remaining.states().is_empty() {
                screen.product("\nAlready applied.\n")?;
            }
            return Ok(Exit::Done);
        }
        let agreed = args::agreed(&args.wishes.acknowledged.ack);
        let approved = match today::approve(remaining, &agreed, connection, screen).await? {
            Ok(approved) => approved,
            Err(exit) => return Ok(exit),
        };
        let how = how(args, called, connection.today, owed);
        let report = evidence
            .run(approved, how, connection, says, screen)
            .await?;
        let payer = connection.session.kiro_account();
        let account = format!(
            "\n{}{}",
            account::account(&report, screen.out),
            account::support(&report, payer, connection.today, screen.out)
        );
        screen.product(&account)?;
        evidence.told(&report)?;
        Ok(evidence::verdict(&report))
    }
}

fn how(args: &args::Apply, called: Called, today: Date, owed: Owed) -> How {
    let number = |number: Option<u32>| number.map(|number| number as usize);
    How {
        command: called.command,
        today,
        patience: Duration::from_secs(args.settle),
        limit: number(args.running.limit),
        max_failures: number(args.running.max_failures),
        owed,
    }
}
