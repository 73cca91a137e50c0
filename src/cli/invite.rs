//! `invite`: mails people a link to set a password. A plan without operations, and mails that are due: from there on it
//! is run, written down and told like any other.

use super::args::{self, Global, InviteArgs};
use super::connect::{self, Connection, Wanted};
use super::evidence::{self, Evidence, Says, ledger_path};
use super::exit::{Exit, Stop};
use super::screen::Screen;
use super::validate;
use crate::apply::{Came, How, Memory, Owed};
use crate::desired::{Desired, Limit, Policy};
use crate::live::{Id, Live, UserSeen};
use crate::model::{Glob, UserName, visible};
use crate::plan::Plan;
use crate::render::account;
use anyhow::Context;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap as Map;
use std::path::Path;
use std::time::Duration;

/// Lookups side by side; the pacer sees to the rate.
const SIDE_BY_SIDE: usize = 16;

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

/// Somebody who is asked for, and what must be so.
struct Asked {
    name: UserName,
    id: Option<Id>,
}

/// Everybody who is named, or, where nobody is, whom the ledger has created; of these, whom it created lately enough.
fn asked(
    args: &InviteArgs,
    desired: Option<&Desired>,
    memory: &Memory,
) -> anyhow::Result<Vec<Asked>> {
    let mut asked: Map<UserName, Option<Id>> = Map::new();
    for name in &args.users {
        asked.insert(UserName::new(name.as_str()), None);
    }
    if let Some(desired) = desired {
        let staying = desired.users.iter();
        let staying = staying.filter(|(_, claim)| claim.leaving.is_none());
        for (name, _) in staying {
            asked.entry(name.clone()).or_default();
        }
    }
    if let Some(report) = &args.report {
        for created in report_of(report)?.created {
            let name = UserName::new(created.username);
            let id = created.user_id.filter(|id| !id.is_empty());
            asked.insert(name, id.map(Id::new));
        }
    }
    if let Some(within) = args.created_within {
        let since = Timestamp::now();
        let since = since.checked_sub(within).unwrap_or(Timestamp::MIN);
        let lately: Map<&UserName, Option<Id>> = memory
            .creations()
            .filter(|(_, creation)| creation.came != Came::NotOurs && creation.at >= since)
            .map(|(name, creation)| (name, creation.id.clone()))
            .collect();
        let named = !(args.users.is_empty() && desired.is_none() && args.report.is_none());
        match named {
            true => asked.retain(|name, _| lately.contains_key(name)),
            false => asked.extend(lately.into_iter().map(|(name, id)| (name.clone(), id))),
        }
    }
    Ok(asked
        .into_iter()
        .map(|(name, id)| Asked { name, id })
        .collect())
}

/// What is read of a report, ours or the reference tool's.
#[derive(Deserialize)]
struct ReportRead {
    created: Vec<CreatedRead>,
}

#[derive(Deserialize)]
struct CreatedRead {
    username: String,
    #[serde(default)]
    user_id: Option<String>,
}

fn report_of(path: &Path) -> anyhow::Result<ReportRead> {
    let text = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    serde_json::from_slice(&text)
        .with_context(|| format!("`{}` is no report of an apply", path.display()))
}

/// Who of them is live, by present name.
async fn look(
    asked: Vec<Asked>,
    connection: &Connection,
) -> anyhow::Result<Vec<(UserName, Option<UserSeen>)>> {
    let session = &connection.session;
    let looks = asked.into_iter().map(|Asked { name, id }| async move {
        let seen = match &id {
            Some(id) => session.user(id).await,
            None => session.user_named(&name).await,
        };
        seen.map(|seen| (name, seen))
    });
    let mut found: Vec<_> = stream::iter(looks)
        .buffer_unordered(SIDE_BY_SIDE)
        .try_collect()
        .await
        .map_err(|failure| {
            let stop = Stop::new(Exit::Error, format!("cannot look people up: {failure}"));
            match failure.hint() {
                Some(hint) => stop.hint(hint),
                None => stop,
            }
        })?;
    found.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(found)
}

/// Who is mailed, and who is not and why.
#[derive(Default)]
struct Chosen {
    mail: Vec<(UserName, Id)>,
    not: Vec<(UserName, &'static str)>,
    absent: Vec<UserName>,
}

/// Who goes now, and whom a later wave mails, by what the ledger knows of earlier ones.
#[derive(Debug, PartialEq, Eq)]
struct Wave {
    /// How many go now.
    size: usize,
    /// How many are left.
    left: usize,
    /// Of them, those to whom none was ever sent.
    never: usize,
    /// Whether everybody had one before this.
    again: bool,
}

impl Wave {
    /// With a limit those first to whom none was ever sent, and nobody a second time beside them.
    fn of(all: usize, never: usize, limit: Option<u32>) -> Self {
        let due = match never {
            0 => all,
            never => never,
        };
        let size = limit.map_or(all, |limit| due.min(limit as usize));
        Self {
            size,
            left: all - size,
            never: never.saturating_sub(size),
            again: never == 0,
        }
    }
}

/// The rules of every mail, and of the roster's policy where there is one. Those longest without a mail come first.
fn choose(
    found: Vec<(UserName, Option<UserSeen>)>,
    policy: Option<&Policy>,
    memory: &Memory,
) -> Chosen {
    let mut chosen = Chosen::default();
    for (name, seen) in found {
        let Some(seen) = seen else {
            chosen.absent.push(name);
            continue;
        };
        match why_not(&seen, policy) {
            Some(why) => chosen.not.push((name, why)),
            None => chosen.mail.push((seen.name, seen.id)),
        }
    }
    chosen.mail.sort_by_key(|(_, id)| memory.mail_tried(id));
    chosen
}

fn why_not(user: &UserSeen, policy: Option<&Policy>) -> Option<&'static str> {
    let fits = |globs: &[Glob]| globs.iter().any(|glob| glob.fits(user.name.as_str()));
    let email = user.attributes.get(&crate::model::Attribute::Email);
    if user.disabled {
        Some("disabled")
    } else if user.provided || policy.is_some_and(|policy| fits(&policy.provider.users)) {
        Some("an identity provider owns the user")
    } else if email.is_none() {
        Some("no e-mail address")
    } else if policy.is_some_and(|policy| fits(&policy.protect.users)) {
        Some("protected")
    } else if policy
        .is_some_and(|policy| matches!(&policy.scope.users, Some(scope) if !fits(scope)))
    {
        Some("out of scope")
    } else {
        None
    }
}

/// A name that somebody typed and that is not there: nothing is sent to the others before that is cleared up.
fn mistyped(args: &InviteArgs, chosen: &Chosen) -> Option<Stop> {
    let typed = |name: &&UserName| args.users.iter().any(|typed| typed == name.as_str());
    let name = chosen.absent.iter().find(typed)?;
    let message = format!(
        "there is no user `{}`; no mail was sent",
        visible(name.as_str())
    );
    Some(Stop::new(Exit::Error, message).hint(format!(
        "a user name as Identity Center has it; `kiroster explain {}` offers names that look like it, and finds e-mail \
         addresses",
        visible(name.as_str())
    )))
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
