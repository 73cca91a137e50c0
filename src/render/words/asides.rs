//! What is wanted and does not happen today.

use super::{Said, attributes, said};
use crate::goal::{Aside, Hold, Lack};
use crate::model::Subject;
use crate::render::phrase::{Phrase, code, name, say, words};

pub(in crate::render) fn aside(aside: &Aside) -> Said {
    match aside {
        Aside::Waiting {
            who,
            lacks,
            like,
            at,
        } => {
            let lacks = match lacks {
                Lack::Attributes(missing) => say![
                    " is not live, and without ",
                    attributes(missing),
                    " it is not created"
                ],
                Lack::Provider => say![" is not live; its identity provider creates it"],
                Lack::NotManaged => say![
                    " is not live, and ",
                    code("policy.manage"),
                    " does not let this roster create it"
                ],
            };
            Said {
                sentence: say![who, lacks, " (", at, ")"],
                hint: like
                    .as_ref()
                    .map(|like| say!["did you mean ", name(like), "?"]),
            }
        }
        Aside::Asked {
            holder,
            since,
            hold,
            not_before,
        } => {
            let since = since.strftime("%Y-%m-%d %H:%M UTC").to_string();
            let why = match hold {
                Hold::Settling => say!["Kiro has taken it, and its list does not show it yet"],
                Hold::SignIn => {
                    say!["Kiro refuses to change a seat before its holder has signed in"]
                }
                Hold::BesideGroup => say!["Kiro gave no own seat beside a group's"],
            };
            let when = match not_before {
                Some(day) => say!["; not before ", *day, " (UTC)"],
                None => Phrase::default(),
            };
            said(say![
                &Subject::Seat(holder.clone()),
                ", asked for since ",
                words(since),
                ": ",
                why,
                when,
                "; an apply asks once more"
            ])
        }
        Aside::Deferred {
            holder,
            tier,
            not_before,
            at,
        } => {
            let when = match not_before {
                Some(day) => say!["not before ", *day, " (UTC)"],
                None => say!["later"],
            };
            said(say![
                holder,
                " cannot have ",
                *tier,
                " today: the cancelled seat is held until the month ends; ",
                when,
                " (",
                at,
                ")"
            ])
        }
    }
}
