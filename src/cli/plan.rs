//! `plan`: read live, compare, show. Never writes to AWS.

use super::args::{self, Global};
use super::connect::{self, Connection};
use super::exit::Exit;
use super::screen::Screen;
use super::validate;
use crate::aws;
use crate::desired::Desired;
use crate::goal::Aside;
use crate::live::Live;
use crate::plan::Plan;
use crate::render::View;

pub(super) async fn run(
    args: &args::Plan,
    global: &Global,
    screen: &Screen,
) -> anyhow::Result<Exit> {
    let Ok(loaded) = validate::load(&args.sources.files, screen) else {
        return Ok(Exit::Error);
    };
    let connection = connect::to(global, Some(&loaded.desired), screen).await?;
    let plan = of(&loaded.desired, &connection).await?;
    show(&plan, &connection, screen)?;
    connection.close();
    Ok(verdict(&plan, args))
}

fn verdict(plan: &Plan, args: &args::Plan) -> Exit {
    if !plan.blocks.is_empty() {
        Exit::Blocked
    } else if args.strict && waits(plan) {
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

/// Reads live and compares.
pub(super) async fn of(desired: &Desired, connection: &Connection) -> anyhow::Result<Plan> {
    let live = read(desired, connection).await?;
    Ok(Plan::of(desired, live, connection.today))
}

/// Reads all that the roster can touch.
pub(super) async fn read(desired: &Desired, connection: &Connection) -> anyhow::Result<Live> {
    let reach = desired.reach(connection.seats);
    let reading = aws::read(&connection.session, &reach).await;
    Ok(Live::of(reading.map_err(connect::explain)?))
}

/// Prints the plan.
pub(super) fn show(plan: &Plan, connection: &Connection, screen: &Screen) -> anyhow::Result<()> {
    let mut view = View::of(plan, screen.verbose);
    view.header = connection.headed(&view.header);
    screen.product(&screen.out.view(&view))?;
    Ok(())
}
