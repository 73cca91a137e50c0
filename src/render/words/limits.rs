//! The sentences of policy: what is more than a limit allows, and what AWS accounts have to do with it.

use super::{Said, with_hint};
use crate::desired::Limit;
use crate::goal::Excess;
use crate::live::Access;
use crate::model::grouped;
use crate::render::phrase::{Part, Phrase, code, foreign, name, say};

/// Names in one sentence; whoever is affected stands on a line of the plan as well.
const NAMED: usize = 3;

pub(super) fn excess(excess: &Excess) -> Said {
    let Excess {
        limit,
        count,
        allowed,
        acknowledged,
        names,
        untold,
    } = excess;
    let (limit, count) = (*limit, *count);
    let mut sentence = say![code(limit.key()), ": ", counted(limit, count)];
    if !names.is_empty() {
        let first = names.iter().take(NAMED).map(|who| name(who).into());
        sentence.add(say![" (", Phrase::joined(first, ", ")]);
        match names.len().saturating_sub(NAMED) {
            0 => {}
            more => sentence.add(say![" and ", more, " more"]),
        }
        sentence.add(")");
    }
    sentence.add(match (limit, *allowed) {
        (Limit::ShrinkGroup, _) | (_, 0) => say![", and none may without being acknowledged"],
        (Limit::IncreaseUsd, allowed) => {
            say![", and ", dollars(allowed), " may"]
        }
        (_, allowed) => say![", and ", allowed, " may"],
    });
    if let Some(agreed) = acknowledged {
        sentence.add(say!["; ", *agreed, " acknowledged"]);
    }
    if let Some(why) = untold {
        sentence.add(say![
            "; AWS does not tell which groups hold account access: ",
            foreign(why.clone())
        ]);
    }
    let flag = format!("--ack {}={count}", limit.key());
    with_hint(
        sentence,
        say![
            "if that is meant: ",
            code(flag),
            ", or a reviewed ",
            code("acknowledge"),
            " in the root file"
        ],
    )
}

fn dollars(number: u64) -> Part {
    Part::Money(format!("${}", grouped(number)))
}

fn counted(limit: Limit, count: u64) -> Phrase {
    let s = |one: &'static str, many: &'static str| match count {
        1 => say!["1 ", one],
        _ => say![count, " ", many],
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
        Limit::IncreaseUsd => say!["the seats cost ", dollars(count), " a month more"],
        Limit::Invites => s("password mail goes out", "password mails go out"),
        Limit::ShrinkGroup => s(
            "group loses a large part of its members",
            "groups lose a large part of their members",
        ),
    }
}

/// What AWS tells of somebody's accounts.
pub(in crate::render) fn accounts(access: &Access) -> Phrase {
    match access {
        Access::None => say!["it holds no AWS account access"],
        Access::Holds(accounts) => {
            let accounts = accounts.iter().map(|id| foreign(id.clone()).into());
            say![
                "it holds access to AWS accounts ",
                Phrase::joined(accounts, ", ")
            ]
        }
        Access::NotTold(why) => say![
            "AWS does not tell whether it holds account access (",
            foreign(why.clone()),
            ")"
        ],
    }
}
