//! `invite`: mails people a link to set a password. A plan without operations, and mails that are due: from there on it
//! is run, written down and told like any other.

mod whom;

use super::args::{self, Global, InviteArgs};
use super::connect::{self, Connection, Wanted};
use super::evidence::{self, Evidence, Says, ledger_path};
use super::exit::{Exit, Stop};
use super::screen::Screen;
use super::validate;
use crate::apply::{How, Owed};
use crate::desired::{Desired, Limit, Policy};
use crate::live::Live;
use crate::model::{UserName, visible};
use crate::plan::Plan;
use crate::render::account;
use std::collections::BTreeMap as Map;
use std::time::Duration;
use whom::{Chosen, Wave, asked, choose, look, mistyped};

/// As many names as are listed before the question.
const SHOWN: usize = 20;

pub(super) async fn run(
    args: &InviteArgs,
    global: &Global,
    screen: &Screen,
) -> anyhow::Result<Exit> {
    let sources = args::Sources {
        files: args.files.clone(),
        policy: args.policy.clone(),
    };
    let Ok(loaded) = validate::load_beside(&sources, screen) else {
        return Ok(Exit::Error);
    };
    let desired = loaded.map(|loaded| loaded.desired);
    // Mails have nothing to do with Kiro, which need not even be there.
    let global = Global {
        no_seats: true,
        ..global.clone()
    };
    let ground = connect::ground(&global)?;
    let wanted = desired.as_ref().map(Wanted::of_roster);
    let connection = ground
        .open(&global, &wanted.unwrap_or_default(), screen)
        .await?;
    let done = with(args, desired.as_ref(), &connection, screen).await;
    connection.close();
    done
}

async fn with(
    args: &InviteArgs,
    desired: Option<&Desired>,
    connection: &Connection,
    screen: &Screen,
) -> anyhow::Result<Exit> {
    let ledger = args.ledger.clone();
    let ledger = ledger.unwrap_or_else(|| ledger_path(connection, None));
    let mut evidence = Evidence::open(connection, &ledger, screen)?;
    let memory = evidence.ledger().memory();
    let asked = asked(args, desired, memory)?;
    let found = look(asked, connection).await?;
    let policy = desired.map(|desired| &desired.policy);
    let mut chosen = choose(found, policy, memory);
    let never = chosen.mail.iter();
    let never = never.filter(|(_, id)| memory.mail_tried(id).is_none());
    let wave = Wave::of(chosen.mail.len(), never.count(), args.limit);
    chosen.mail.truncate(wave.size);
    if let Some(stop) = mistyped(args, &chosen) {
        return Err(stop.into());
    }
    preview(&chosen, &wave, connection, screen)?;
    if chosen.mail.is_empty() {
        return Ok(Exit::Done);
    }
    capped(args, policy, chosen.mail.len())?;
    consent(args.consent.yes, chosen.mail.len(), screen).await?;
    let target = connection.session.target().clone();
    let live = Live {
        target,
        ..Live::default()
    };
    let plan = Plan::of(&Desired::default(), live.clone(), connection.today);
    let remaining = plan.against(live, connection.today);
    let remaining = remaining.map_err(|_| Stop::new(Exit::Error, "an empty plan is stale"))?;
    let approved = remaining.approve(&Map::new(), &args::agreed(&args.ack));
    let approved = approved.map_err(|_| Stop::new(Exit::Blocked, "an empty plan is blocked"))?;
    let how = How {
        command: "invite",
        today: connection.today,
        patience: Duration::ZERO,
        limit: None,
        max_failures: None,
        owed: Owed {
            due: chosen.mail,
            ..Owed::default()
        },
    };
    let says = Says {
        stream: args::Stream::Text,
        report: None,
    };
    let report = evidence
        .run(approved, how, connection, says, screen)
        .await?;
    let account = account::account(&report, screen.out);
    screen.product(&format!("\n{account}"))?;
    evidence.told(&report)?;
    Ok(evidence::verdict(&report))
}

fn preview(
    chosen: &Chosen,
    wave: &Wave,
    connection: &Connection,
    screen: &Screen,
) -> anyhow::Result<()> {
    let Chosen { mail, not, absent } = chosen;
    let target = connection.session.target();
    let header = format!(
        "account {}, {}, {}",
        target.account, target.region, target.store
    );
    let header = match connection.sandbox() {
        Some(file) => format!("Sandbox {file}: {header}"),
        None => header,
    };
    let mut text = format!("{}\n\n", visible(&header));
    text.push_str(&format!(
        "A password link is mailed to {}:\n",
        people(mail.len())
    ));
    list(&mut text, "+", mail.iter().map(|(name, _)| (name, None)));
    if !(not.is_empty() && absent.is_empty()) {
        text.push_str("\nNot mailed:\n");
        let not = not.iter().map(|(name, why)| (name, Some(*why)));
        let absent = absent.iter().map(|name| (name, Some("no such user")));
        list(&mut text, "·", not.chain(absent));
    }
    let left = people(wave.left);
    match (wave.left, wave.never, wave.again) {
        (0, ..) => {}
        (_, 0, true) => text.push_str(&format!(
            "\n{left} had a mail later than these; the same command goes on with them.\n"
        )),
        (_, 0, false) => text.push_str(&format!(
            "\nThat is everybody: {left} had a mail before, and the same command starts over with those who had one first.\n"
        )),
        (_, never, _) => text.push_str(&format!(
            "\n{} without a mail yet; the same command goes on with them.\n",
            people(never)
        )),
    }
    text.push_str("\nThe link in a mail dies after an hour.\n");
    screen.product(&text)?;
    Ok(())
}

fn list<'a>(
    text: &mut String,
    mark: &str,
    names: impl Iterator<Item = (&'a UserName, Option<&'static str>)>,
) {
    let names: Vec<_> = names.collect();
    for (name, why) in names.iter().take(SHOWN) {
        let why = why.map(|why| format!(": {why}")).unwrap_or_default();
        text.push_str(&format!("  {mark} {}{why}\n", visible(name.as_str())));
    }
    if let Some(more) = names.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        text.push_str(&format!("  {mark} and {more} more\n"));
    }
}

fn people(count: usize) -> String {
    match count {
        1 => "1 person".to_owned(),
        count => format!("{count} people"),
    }
}

/// The same limit as an apply's mails.
fn capped(args: &InviteArgs, policy: Option<&Policy>, count: usize) -> Result<(), Stop> {
    let bound = policy.and_then(|policy| policy.limits.get(&Limit::Invites).copied());
    let allowed = bound.unwrap_or(Limit::Invites.standard()).floor as usize;
    let agreed = args::agreed(&args.ack).get(&Limit::Invites).copied();
    if count <= allowed || agreed.is_some_and(|agreed| count as u64 <= agreed) {
        return Ok(());
    }
    Err(Stop::new(
        Exit::Blocked,
        format!("{count} mails are more than the limit `invites` allows, which is {allowed}; no mail was sent"),
    )
    .hint(format!("agree with `--ack invites={count}`, or send fewer with `--limit {allowed}`")))
}

async fn consent(yes: bool, count: usize, screen: &Screen) -> anyhow::Result<()> {
    if yes {
        return Ok(());
    }
    if !screen.can_ask {
        return Err(
            Stop::new(Exit::Usage, "there is nobody to ask, so no mail was sent")
                .hint("review the list, then run it with `--yes`")
                .into(),
        );
    }
    let question = format!("\nMail {}? Only `yes` will do: ", people(count));
    match screen.ask(&question).await?.trim() == "yes" {
        true => Ok(()),
        false => Err(Stop::new(Exit::Error, "declined; no mail was sent").into()),
    }
}
