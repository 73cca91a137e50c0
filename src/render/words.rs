//! Every sentence about a plan, in one place: lower case, no full stop, literals in backticks, then a hint.

use super::limits;
use super::phrase::{Phrase, code, foreign, name, say, words};
use crate::goal::{Aside, Block, Keeper, Lack, Note, Reason};
use crate::model::{Attribute, Place, Subject};

/// A sentence and, where there is one, what to do about it.
pub(super) struct Said {
    pub(super) sentence: Phrase,
    pub(super) hint: Option<Phrase>,
}

pub(super) fn said(sentence: Phrase) -> Said {
    Said {
        sentence,
        hint: None,
    }
}

pub(super) fn with_hint(sentence: Phrase, hint: impl Into<Phrase>) -> Said {
    Said {
        sentence,
        hint: Some(hint.into()),
    }
}

pub(super) fn block(block: &Block) -> Said {
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
            *count,
            " members, and needs ",
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
            "take it out of the roster; AWS relies on it",
        ),
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

pub(super) fn note(note: &Note) -> Said {
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
                " has a seat of another product, so the tier at ",
                at,
                " is not written"
            ],
            false => say![
                "Kiro does not tell whether the seat of user ",
                user,
                " is their own, so the tier at ",
                at,
                " is not written"
            ],
        }),
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
                    " claims {tiers} tiers, and a row's can lower a live one: {lower} lowered here"
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

pub(super) fn aside(aside: &Aside) -> Said {
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

/// Why a change is there, and where that is said, short enough for the end of a line.
pub(super) fn why(reason: &Reason) -> Phrase {
    let (why, places): (Phrase, &[Place]) = match reason {
        Reason::Declared(places) => (Phrase::default(), places),
        Reason::Absent(at) => (say!["absent"], std::slice::from_ref(at)),
        Reason::Offboarded(at) => (say!["offboarded"], std::slice::from_ref(at)),
        Reason::Until(at) => (say!["until has passed"], std::slice::from_ref(at)),
        Reason::NotListed(at) => (say!["not listed"], std::slice::from_ref(at)),
        Reason::AskedNone(at) => (say!["tier: none"], std::slice::from_ref(at)),
        Reason::Pruned(at) => (say!["pruned"], std::slice::from_ref(at)),
        Reason::GoesWith(owner) => (say!["goes with ", owner], &[]),
    };
    let why = Some(why).filter(|why| !why.is_empty());
    let mut lines: Vec<Phrase> = why.into_iter().collect();
    lines.extend(distinct(places));
    Phrase::joined(lines, ", ")
}

/// As many places as a line can bear.
const PLACES: usize = 3;

/// Each line of a file once.
pub(super) fn distinct<'p>(places: impl IntoIterator<Item = &'p Place>) -> Vec<Phrase> {
    let mut lines: Vec<&Place> = Vec::new();
    for place in places {
        let same = |known: &&Place| known.file == place.file && known.line == place.line;
        if !lines.iter().any(same) {
            lines.push(place);
        }
    }
    let more = lines.len().saturating_sub(PLACES);
    let mut shown: Vec<Phrase> = lines.into_iter().take(PLACES).map(Phrase::from).collect();
    if more > 0 {
        shown.push(say![more, " more"]);
    }
    shown
}

fn attributes(list: &[Attribute]) -> Phrase {
    let keys = list.iter().map(|attribute| say![attribute.key()]);
    Phrase::joined(keys, ", ")
}
