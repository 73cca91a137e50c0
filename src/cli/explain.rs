//! `explain`: why one person or group has what it has, and why a plan would do what it would do. Only reads.

use super::args::{self, Global};
use super::connect::{self, Connection, Wanted};
use super::exit::{Exit, Stop};
use super::screen::Screen;
use super::{plan, validate};
use crate::desired::Desired;
use crate::explanation::{self, Explanation, Found, Known};
use crate::live::{Care, Leaver, Live, Reach, Whole};
use crate::model::{Principal, UserName, folded, visible};
use crate::plan::{Plan, Wish};
use crate::render::explain::{self, Frame};
use std::path::Path;

pub(super) async fn run(
    args: &args::Explain,
    global: &Global,
    screen: &Screen,
) -> anyhow::Result<Exit> {
    let sources = &args.sources;
    let roster = !sources.files.is_empty() || Path::new("kiroster.yaml").exists();
    let loaded = match roster.then(|| validate::load(sources, screen)) {
        Some(Err(())) => return Ok(Exit::Error),
        Some(Ok(loaded)) => Some(loaded),
        None => None,
    };
    let desired = loaded.as_ref().map(|loaded| &loaded.desired);
    if args.offline {
        let Some(desired) = desired else {
            let said = "`--offline` tells what a roster says, and there is none";
            return Err(Stop::new(Exit::Usage, said)
                .hint("give it with `-f`")
                .into());
        };
        let known = Known {
            desired: Some(desired),
            ..Known::default()
        };
        let frame = Frame {
            roster,
            full: screen.verbose,
            ..Frame::default()
        };
        return tell(&args.name, known, &frame, screen);
    }
    let pins = desired.map_or_else(Wanted::default, Wanted::of_roster);
    let connection = connect::ground(global)?.open(global, &pins, screen).await?;
    let live = read(&args.name, desired, &connection, screen).await?;
    let plan = match desired {
        None => Ok((None, live)),
        Some(desired) => judged(desired, live, &connection).await,
    };
    let sandbox = connection.sandbox();
    let without_seats = !connection.seats;
    connection.close();
    let (plan, live) = plan?;
    let known = Known {
        desired,
        live: Some(&live),
        plan: plan.as_ref(),
    };
    let frame = Frame {
        target: Some(&live.target),
        sandbox: sandbox.as_deref(),
        plan: plan.as_ref(),
        roster,
        without_seats,
        full: screen.verbose,
    };
    tell(&args.name, known, &frame, screen)
}

fn tell(name: &str, known: Known<'_>, frame: &Frame<'_>, screen: &Screen) -> anyhow::Result<Exit> {
    match explanation::find(name, known) {
        Found::These(these) => {
            let explained = these.iter().map(|who| Explanation::of(who, known));
            let explained: Vec<Explanation> = explained.collect();
            screen.product(&explain::text(&explained, frame, screen.out))?;
            Ok(Exit::Done)
        }
        Found::Nobody(near) => {
            let name = visible(name);
            let said = match (frame.roster, frame.target) {
                (true, Some(_)) => format!("`{name}` is neither live nor in the roster"),
                (true, None) => format!("`{name}` is not in the roster"),
                (false, _) => format!("`{name}` is not live"),
            };
            let stop = Stop::new(Exit::Error, said);
            let near: Vec<String> = near.iter().map(|n| format!("`{}`", visible(n))).collect();
            Err(match near.is_empty() {
                true => stop.hint(
                    "a user name, a group's name or an e-mail address; `kiroster seats` lists who has a seat",
                ),
                false => stop.hint(format!("did you mean {}?", near.join(" or "))),
            }
            .into())
        }
    }
}

/// All that a plan needs, and the groups of the person, or the members of the group, that is asked about.
async fn read(
    name: &str,
    desired: Option<&Desired>,
    connection: &Connection,
    screen: &Screen,
) -> anyhow::Result<Live> {
    let mut reach = match desired {
        Some(desired) => desired.reach(connection.seats),
        None => Reach {
            every_group: false,
            seats: connection.seats,
            ..Reach::everything()
        },
    };
    let bare = name
        .strip_prefix("user:")
        .or_else(|| name.strip_prefix("group:"))
        .unwrap_or(name);
    // Who is asked about may be named in any way, by an address as well.
    reach.whole = Some(Whole::Everything);
    reach.leavers.insert(folded(bare), Leaver::Stays);
    reach.groups.insert(folded(bare), Care::Named);
    let claim = desired.and_then(|desired| desired.users.get(&UserName::new(bare)));
    let old = claim.into_iter().flat_map(|claim| &claim.previously);
    reach
        .leavers
        .extend(old.map(|old| (folded(old.value.as_str()), Leaver::Stays)));
    let live = plan::read(&reach, connection, screen).await?;
    // Whoever is named by an address is known only now.
    let known = Known {
        desired,
        live: Some(&live),
        plan: None,
    };
    let others = match explanation::find(name, known) {
        Found::These(these) => these,
        Found::Nobody(_) => vec![],
    };
    let unread = others
        .iter()
        .filter(|who| folded(who.name()) != folded(bare));
    let unread: Vec<&Principal> = unread.collect();
    if unread.is_empty() {
        return Ok(live);
    }
    for who in unread {
        let Some(known) = live.known.get(who) else {
            continue;
        };
        match who {
            Principal::User(_) => drop(reach.leaver_ids.insert(known.id.clone())),
            Principal::Group(_) => drop(reach.group_ids.insert(known.id.clone(), Care::Named)),
        }
    }
    plan::read(&reach, connection, screen).await
}

async fn judged(
    desired: &Desired,
    live: Live,
    connection: &Connection,
) -> anyhow::Result<(Option<Plan>, Live)> {
    let (plan, live) = Plan::draft(desired, live, &Wish::default(), connection.today);
    let access = plan::access(&plan, connection).await?;
    Ok((Some(plan.judged(&live, &access)), live))
}
