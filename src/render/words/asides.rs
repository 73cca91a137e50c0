//! What is wanted and does not happen today.

use super::{Said, attributes, said};
use crate::goal::{Aside, Lack};
use crate::render::phrase::{code, name, say};

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
