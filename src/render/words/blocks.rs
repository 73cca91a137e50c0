//! What stops a plan, and what to do about it.

use super::{Said, limits, said, with_hint};
use crate::goal::Block;
use crate::model::Subject;
use crate::render::phrase::{Phrase, code, count as counted, foreign, name, say, words};

pub(in crate::render) fn block(block: &Block) -> Said {
    match block {
        Block::Limit(excess) => limits::excess(excess),
        Block::Budget { after, budget, at } => with_hint(
            say![
                "the seats would cost ",
                *after,
                " a month, and the budget is ",
                *budget,
                " (",
                at,
                ")"
            ],
            "take seats away, or raise the budget in a review",
        ),
        Block::TooFewMembers {
            group,
            count,
            min,
            at,
        } => said(say![
            "group ",
            group,
            " would have ",
            words(counted(*count as usize, "member")),
            ", and needs ",
            u64::from(*min),
            " (",
            at,
            ")"
        ]),
        Block::LosesRequired { group, user, at } => said(say![
            "group ",
            group,
            " would lose ",
            user,
            ", who must be in it (",
            at,
            ")"
        ]),
        Block::GroupHoldsAccess { group, access } => with_hint(
            say![
                "group ",
                group,
                " is not deleted: ",
                limits::accounts(access)
            ],
            "take its account assignments away first, in Identity Center",
        ),
        Block::OutOfScope { subject, outside } => with_hint(
            say![subject, ": ", outside, " is outside ", code("policy.scope")],
            "widen the scope in the root file, or take the line out of the roster",
        ),
        Block::Protected { subject, protected } => with_hint(
            say![
                subject,
                ": ",
                protected,
                " is protected by ",
                code("policy.protect")
            ],
            "nothing may be written here, whatever the flags; change it by hand, or change the policy in a review",
        ),
        Block::AwsOwned { subject, group } => with_hint(
            say![subject, ": group ", group, " belongs to AWS Control Tower"],
            match subject {
                Subject::User(_) => {
                    "AWS relies on who is in it; whoever looks after Control Tower takes people out of it first"
                }
                _ => "take it out of the roster; AWS relies on it",
            },
        ),
        Block::Invisible { who, character, at } => {
            let mut sentence = say![
                who,
                " contains the invisible character ",
                words(format!("U+{character:04X}"))
            ];
            if let Some(at) = at {
                sentence.add(say![" (", at, ")"]);
            }
            with_hint(
                sentence,
                "AWS takes none in a name; it came along when the text was pasted: type it anew",
            )
        }
        Block::NamesLive { wanted, live, at } => {
            let names = live.iter().map(|p| name(p.name()).into());
            with_hint(
                say![
                    wanted,
                    " cannot be a rename: ",
                    Phrase::joined(names, ", "),
                    " are all live (",
                    at,
                    ")"
                ],
                say![
                    "decide which one stays; remove the other with ",
                    code("state: absent"),
                    ", or take ",
                    code("previously"),
                    " away"
                ],
            )
        }
        Block::EmailHeld {
            user,
            email,
            holder,
            creates,
        } => with_hint(
            say![
                "user ",
                user,
                " cannot have ",
                foreign(email.as_str()),
                ": live user ",
                holder,
                " holds it"
            ],
            match creates {
                true => say![
                    "if it is the same person, add ",
                    code(format!("previously: {}", holder.as_str())),
                    " to ",
                    user
                ],
                false => say!["give the holder another address first"],
            },
        ),
        Block::NoSuchGroup { group, like, at } => with_hint(
            say![
                "group ",
                group,
                " is named at ",
                at,
                " and neither declared nor live"
            ],
            match like {
                Some(like) => say!["did you mean ", like, "?"],
                None => say!["declare it under ", code("groups:"), " to have it created"],
            },
        ),
        Block::Namesakes { users } => with_hint(
            say![
                Phrase::joined(users.iter().map(Phrase::from), ", "),
                match users.len() {
                    1 =>
                        " is in both accounts, by no common e-mail address: that may be two people",
                    _ =>
                        " are in both accounts, by no common e-mail address: each may be two people",
                }
            ],
            say![
                "if each is one: ",
                code(format!("--ack change_identity={}", users.len())),
                "; if not, take the entry out of what was kept, and run this again"
            ],
        ),
        Block::EmailRing { users } => with_hint(
            say![
                "the e-mail addresses of ",
                Phrase::joined(users.iter().map(Phrase::from), ", "),
                " change hands in a ring"
            ],
            "AWS lets no two users share an address: give one of them a temporary address first",
        ),
    }
}
