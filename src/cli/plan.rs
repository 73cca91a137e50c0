//! `plan`: read live, compare, show. Never writes to AWS.

use super::args::{self, Global};
use super::connect::{self, Connection};
use super::exit::Exit;
use super::screen::Screen;
use super::validate;
use crate::aws;
use crate::desired::Desired;
use crate::goal::Aside;
use crate::live::{Access, Live};
use crate::model::Principal;
use crate::plan::{Plan, Wish, asks};
use crate::render::{Detail, Heading, View};
use std::collections::BTreeMap;

pub(super) async fn run(
    args: &args::Plan,
    global: &Global,
    screen: &Screen,
) -> anyhow::Result<Exit> {
    let Ok(loaded) = validate::load(&args.sources.files, screen) else {
        return Ok(Exit::Error);
    };
    let connection = connect::to(global, Some(&loaded.desired), screen).await?;
    let plan = of(&loaded.desired, &args.wishes.wish(), &connection).await?;
    show(&plan, &connection, screen)?;
    connection.close();
    Ok(verdict(&plan, args))
}

fn verdict(plan: &Plan, args: &args::Plan) -> Exit {
    if !plan.blocks.is_empty() {
        Exit::Blocked
    } else if args.wishes.strict && waits(plan) {
        Exit::Error
    } else if args.detailed_exitcode && !plan.operations.is_empty() {
        Exit::Pending
    } else {
        Exit::Done
    }
}

/// Whether an entry is not live and cannot be created; `--strict` makes that an error.
pub(super) fn waits(plan: &Plan) -> bool {
    let mut asides = plan.aside.iter();
    asides.any(|aside| matches!(aside, Aside::Waiting { .. }))
}

/// Reads live, compares, and judges.
pub(super) async fn of(
    desired: &Desired,
    wish: &Wish,
    connection: &Connection,
) -> anyhow::Result<Plan> {
    let live = read(desired, connection).await?;
    let (plan, live) = Plan::draft(desired, live, wish, connection.today);
    let access = access(&plan, connection).await?;
    Ok(plan.judged(&live, &access))
}

/// What AWS tells of the accounts of those whose change could matter.
pub(super) async fn access(
    plan: &Plan,
    connection: &Connection,
) -> anyhow::Result<BTreeMap<Principal, Access>> {
    let asked = asks(&plan.operations).into_iter();
    let who: Vec<_> = asked
        .filter_map(|who| Some((who.clone(), plan.basis.get(&who)?.id.clone())))
        .collect();
    let access = aws::access(&connection.session, &who).await;
    access.map_err(connect::explain)
}

/// Reads all that the roster can touch.
pub(super) async fn read(desired: &Desired, connection: &Connection) -> anyhow::Result<Live> {
    let reach = desired.reach(connection.seats);
    let reading = aws::read(&connection.session, &reach).await;
    Ok(Live::of(reading.map_err(connect::explain)?))
}

/// Prints the plan.
pub(super) fn show(plan: &Plan, connection: &Connection, screen: &Screen) -> anyhow::Result<()> {
    let heading = Heading {
        sandbox: connection.sandbox(),
        ..Heading::default()
    };
    let detail = Detail {
        full: false,
        every_note: screen.verbose,
    };
    let view = View::of(plan, &heading, detail);
    screen.product(&screen.out.view(&view))?;
    Ok(())
}
