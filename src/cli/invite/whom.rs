//! Whom `invite` mails: who is asked for, who of them is there, who may be mailed, and whose turn it is.

use crate::apply::{Came, Memory};
use crate::cli::args::InviteArgs;
use crate::cli::connect::Connection;
use crate::cli::exit::{Exit, Stop};
use crate::desired::{Desired, Policy};
use crate::live::{Id, UserSeen};
use crate::model::{Glob, UserName, visible};
use anyhow::Context;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap as Map;
use std::path::Path;

/// Lookups side by side; the pacer sees to the rate.
const SIDE_BY_SIDE: usize = 16;

/// Somebody who is asked for, and what must be so.
pub(super) struct Asked {
    name: UserName,
    id: Option<Id>,
}

/// Everybody who is named, or, where nobody is, whom the ledger has created; of these, whom it created lately enough.
pub(super) fn asked(
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
pub(super) async fn look(
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
pub(super) struct Chosen {
    pub(super) mail: Vec<(UserName, Id)>,
    pub(super) not: Vec<(UserName, &'static str)>,
    pub(super) absent: Vec<UserName>,
}

/// Who goes now, and whom a later wave mails, by what the ledger knows of earlier ones.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wave {
    /// How many go now.
    pub(super) size: usize,
    /// How many are left.
    pub(super) left: usize,
    /// Of them, those to whom none was ever sent.
    pub(super) never: usize,
    /// Whether everybody had one before this.
    pub(super) again: bool,
}

impl Wave {
    /// With a limit those first to whom none was ever sent, and nobody a second time beside them.
    pub(super) fn of(all: usize, never: usize, limit: Option<u32>) -> Self {
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
pub(super) fn choose(
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
pub(super) fn mistyped(args: &InviteArgs, chosen: &Chosen) -> Option<Stop> {
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
