//! What the reader of a plan should know.

use super::{Said, attributes, limits, said, with_hint};
use crate::goal::{Keeper, Note};
use crate::model::Subject;
use crate::render::phrase::{Phrase, code, count as counted, foreign, name, say, words};

pub(in crate::render) fn note(note: &Note) -> Said {
    match note {
        Note::Kept {
            subject,
            because,
            differs,
        } => {
            let mut what = say![subject];
            if !differs.is_empty() {
                what.add(say![" (", attributes(differs), ")"]);
            }
            what.add(" differs and stays: ");
            said(match because {
                Keeper::Provider => say![what, "an identity provider owns it"],
                Keeper::NotManaged(family) => say![
                    what,
                    code("policy.manage"),
                    " leaves ",
                    code(family.key()),
                    " out"
                ],
            })
        }
        Note::Namesake { user, live, at } => {
            let live = match live {
                Some(email) => say![foreign(email.as_str())],
                None => say!["not set"],
            };
            said(say![
                "user ",
                user,
                " stays: the live user's e-mail is ",
                live,
                ", not the one at ",
                at,
                ", so it is somebody else"
            ])
        }
        Note::LeavingWins { user, over } => {
            let over = over.iter().map(|(subject, at)| match subject {
                Subject::Member(m) => say!["group ", &m.group, " at ", at],
                _ => say!["tier at ", at],
            });
            said(say![
                "user ",
                user,
                " leaves, so this is not done: ",
                Phrase::joined(over, ", ")
            ])
        }
        Note::Disabled { user, subject } => said(say![
            "user ",
            user,
            " is disabled and is given nothing: ",
            subject,
            " is not done"
        ]),
        Note::DisabledSeat { user, tier } => with_hint(
            say!["user ", user, " is disabled and has a ", *tier, " seat"],
            say![code("tier: none"), " ends it"],
        ),
        Note::CaseDiffers { roster, live } => said(say![
            roster,
            " is live as ",
            name(live.name()),
            "; adopted, and live's spelling kept"
        ]),
        Note::SeatUnclear { user, foreign, at } => said(match foreign {
            true => say![
                "user ",
                user,
                " has a seat of another product, which is left alone (",
                at,
                ")"
            ],
            false => say![
                "Kiro does not tell whether the seat of user ",
                user,
                " is their own, so it is left alone (",
                at,
                ")"
            ],
        }),
        Note::DisabledGains { user, tier } => with_hint(
            say![
                "user ",
                user,
                " is disabled and gets ",
                *tier,
                " through a group all the same"
            ],
            "take the person out of the group, or the seat is paid for nothing",
        ),
        Note::SeatsUnseen { users, groups } => with_hint(
            say![
                words(deleted(*users as usize, *groups as usize)),
                " deleted without a look at seats: a group's ends for everybody in it, and a person's may stay and be billed"
            ],
            say![
                "without ",
                code("--no-seats"),
                " the seats are taken first, and counted"
            ],
        ),
        Note::Shadowed { user, own, through } => said(say![
            "user ",
            user,
            " has ",
            *through,
            " through a group, so the own ",
            *own,
            " seat changes nothing"
        ]),
        Note::UserHoldsAccess { user, access } => said(say![
            "user ",
            user,
            " changes or leaves: ",
            limits::accounts(access)
        ]),
        Note::JoinsAccess {
            user,
            group,
            access,
        } => said(say![
            "user ",
            user,
            " joins group ",
            group,
            ": ",
            limits::accounts(access)
        ]),
        Note::NotAcknowledged { limit, expires, at } => with_hint(
            say![
                "the acknowledgement of ",
                code(limit.key()),
                " does not count: it expires ",
                *expires,
                " (",
                at,
                ")"
            ],
            "an acknowledgement counts to the end of its last day (UTC), at most 14 days ahead",
        ),
        Note::GroupGoesAnyway { group, listed, at } => said(say![
            "group ",
            name(group.as_str()),
            words(match listed {
                1 =>
                    " goes, and so the one person who is listed in it is not put there (".to_owned(),
                many => format!(
                    " goes, and so the {many} people who are listed in it are not put there ("
                ),
            }),
            at,
            ")"
        ]),
        Note::TableOfTiers { tiers, lower, at } => with_hint(
            say![
                code(&*at.file),
                words(format!(
                    " claims {}, and a row's can lower a live one: {lower} lowered here",
                    counted(*tiers, "tier")
                )),
            ],
            "leave a cell empty to leave that seat alone",
        ),
        Note::NeedsRoot { subject, at } => with_hint(
            say![
                subject,
                " stays: without a root file nothing is removed (",
                at,
                ")"
            ],
            say![
                "add the file with ",
                code("version: 1"),
                " to the ",
                code("-f"),
                " options"
            ],
        ),
    }
}

/// `2 users and 1 group are`.
fn deleted(users: usize, groups: usize) -> String {
    let both = [(users, "user"), (groups, "group")];
    let some = both.iter().filter(|(many, _)| *many > 0);
    let some: Vec<String> = some.map(|(many, what)| counted(*many, what)).collect();
    let verb = if users + groups == 1 { "is" } else { "are" };
    format!("{} {verb}", some.join(" and "))
}
