//! `seats`: who has which seat, in which state, from where, at what cost. Only reads.

use super::args::{self, Global, SeatsFormat, Sources};
use super::connect::{self, Wanted};
use super::exit::{Exit, Stop};
use super::screen::Screen;
use super::{plan, validate};
use crate::desired::Prices;
use crate::holdings::{self, By, Holdings, Kind};
use crate::live::Reach;
use crate::render::seats::{self, Frame};

pub(super) async fn run(
    args: &args::Seats,
    global: &Global,
    screen: &Screen,
) -> anyhow::Result<Exit> {
    possible(args, global)?;
    let sources = Sources {
        files: args.files.clone(),
        policy: None,
    };
    let Ok(loaded) = validate::load_beside(&sources, screen) else {
        return Ok(Exit::Error);
    };
    let desired = loaded.as_ref().map(|loaded| &loaded.desired);
    let pins = desired.map_or_else(Wanted::default, Wanted::of_roster);
    let connection = connect::ground(global)?.open(global, &pins, screen).await?;
    let reach = Reach {
        // The groups that give no tier matter where people are told apart by group.
        every_group: args.by == Some(By::Group) || !args.group.is_empty(),
        ..Reach::everything()
    };
    let live = plan::read(&reach, &connection, screen).await?;
    let sandbox = connection.sandbox();
    let today = connection.today;
    connection.close();
    let unlisted = desired.map(|desired| {
        let (named, goal) = desired.over(live.clone(), today);
        holdings::unlisted(desired, &goal.listed, &named)
    });
    let prices = desired.map_or_else(Prices::default, |desired| desired.prices.clone());
    let all = Holdings::of(&live, unlisted.as_ref(), &prices);
    let wanted = wanted(args);
    let some = (wanted != holdings::Wanted::default()).then(|| all.only(&wanted));
    let frame = Frame {
        target: &live.target,
        sandbox: sandbox.as_deref(),
        today,
        all: some.as_ref().map(|_| &all),
        by: args.by,
    };
    let shown = some.as_ref().unwrap_or(&all);
    let product = match (args.output, frame.by) {
        (SeatsFormat::Text, _) => seats::text(shown, &frame, screen.out),
        (SeatsFormat::Json, _) => seats::json(shown, &frame),
        (SeatsFormat::Csv, None) => seats::csv(shown)?,
        (SeatsFormat::Csv, Some(by)) => seats::shares_csv(shown, by)?,
    };
    screen.product(&product)?;
    match (args.output, shown.orphans.len()) {
        (SeatsFormat::Text | SeatsFormat::Json, _) | (_, 0) => {}
        (SeatsFormat::Csv, 1) => screen.say("1 orphaned seat is in no row; `-o json` shows it"),
        (SeatsFormat::Csv, many) => screen.say(&format!(
            "{many} orphaned seats are in no row; `-o json` shows them"
        )),
    }
    Ok(Exit::Done)
}

fn possible(args: &args::Seats, global: &Global) -> Result<(), Stop> {
    if global.no_seats {
        let said = "`seats` reads Kiro, and `--no-seats` leaves it alone";
        return Err(Stop::new(Exit::Usage, said));
    }
    if args.only.contains(&Kind::Unlisted) && args.files.is_empty() {
        let said = "`--only unlisted` needs a roster to tell whom it leaves out";
        return Err(Stop::new(Exit::Usage, said).hint("give it with `-f kiroster.yaml`"));
    }
    Ok(())
}

fn wanted(args: &args::Seats) -> holdings::Wanted {
    holdings::Wanted {
        names: args.names.clone(),
        groups: args.group.clone(),
        tiers: args.tier.clone(),
        kinds: args.only.clone(),
    }
}
