//! The sentences of policy: what is more than a limit allows, and what AWS accounts have to do with it.

use super::words::{Said, place, said, tick, with_hint};
use crate::desired::Limit;
use crate::goal::Block;
use crate::live::Access;
use crate::model::{grouped, visible};

/// Names in one sentence; whoever is affected stands on a line of the plan as well.
const NAMED: usize = 8;

pub(super) fn limit(
    limit: Limit,
    count: u64,
    allowed: u64,
    acknowledged: Option<u64>,
    names: &[String],
    untold: Option<&str>,
) -> Said {
    let what = counted(limit, count);
    let allowed = match (limit, allowed) {
        (Limit::ShrinkGroup, _) | (_, 0) => "none may without being acknowledged".to_owned(),
        (Limit::IncreaseUsd, allowed) => format!("${} may", grouped(allowed)),
        (_, allowed) => format!("{} may", grouped(allowed)),
    };
    let who = match names.len() {
        0 => String::new(),
        n => {
            let first: Vec<String> = names.iter().take(NAMED).map(|name| tick(name)).collect();
            let more = match n.saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {} more", grouped(more as u64)),
            };
            format!(" ({}{more})", first.join(", "))
        }
    };
    let agreed = match acknowledged {
        Some(agreed) => format!("; {} acknowledged", grouped(agreed)),
        None => String::new(),
    };
    let untold = match untold {
        Some(why) => format!(
            "; AWS does not tell which groups hold account access: {}",
            visible(why)
        ),
        None => String::new(),
    };
    let key = limit.key();
    with_hint(
        format!("`{key}`: {what}{who}, and {allowed}{agreed}{untold}"),
        format!(
            "if that is meant, say so: `--ack {key}={count}`, or a reviewed `acknowledge` in the root file"
        ),
    )
}

fn counted(limit: Limit, count: u64) -> String {
    let n = grouped(count);
    let s = |one: &str, many: &str| match count {
        1 => format!("1 {one}"),
        _ => format!("{n} {many}"),
    };
    match limit {
        Limit::RemoveUsers => s("user is deleted", "users are deleted"),
        Limit::RemoveGroups => s("group is deleted", "groups are deleted"),
        Limit::RemoveMemberships => s("membership ends", "memberships end"),
        Limit::CancelSeats => s(
            "person loses a seat or gets a lower one",
            "people lose a seat or get a lower one",
        ),
        Limit::ChangeIdentity => s(
            "person gets another user name or e-mail",
            "people get another user name or e-mail",
        ),
        Limit::GrantsAccess => s(
            "person joins a group that holds AWS account access",
            "people join groups that hold AWS account access",
        ),
        Limit::AddUsers => s("user is created", "users are created"),
        Limit::IncreaseUsd => format!("the seats cost ${n} a month more"),
        Limit::Invites => s("password mail goes out", "password mails go out"),
        Limit::ShrinkGroup => s(
            "group loses a large part of its members",
            "groups lose a large part of their members",
        ),
    }
}

/// A block of `budget`, `require` or account access.
pub(super) fn other(block: &Block) -> Said {
    match block {
        Block::Budget { after, budget, at } => with_hint(
            format!(
                "the seats would cost {after} a month, and the budget is {budget} ({})",
                place(at)
            ),
            "take seats away, or raise the budget in a review",
        ),
        Block::TooFewMembers {
            group,
            count,
            min,
            at,
        } => said(format!(
            "group {} would have {count} members, and needs {min} ({})",
            tick(group.as_str()),
            place(at)
        )),
        Block::LosesRequired { group, user, at } => said(format!(
            "group {} would lose {}, who must be in it ({})",
            tick(group.as_str()),
            tick(user.as_str()),
            place(at)
        )),
        Block::GroupHoldsAccess { group, access } => with_hint(
            format!(
                "group {} is not deleted: {}",
                tick(group.as_str()),
                accounts(access)
            ),
            "take its account assignments away first, in Identity Center",
        ),
        // The others have their sentences in `words`.
        _ => said(block.rule().to_owned()),
    }
}

/// What AWS tells of somebody's accounts.
pub(super) fn accounts(access: &Access) -> String {
    match access {
        Access::None => "it holds no AWS account access".to_owned(),
        Access::Holds(accounts) => {
            let accounts: Vec<&str> = accounts.iter().map(|account| &**account).collect();
            let accounts = accounts.join(", ");
            format!("it holds access to AWS accounts {}", visible(&accounts))
        }
        Access::NotTold(why) => format!(
            "AWS does not tell whether it holds account access ({})",
            visible(why)
        ),
    }
}
