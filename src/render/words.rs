//! Every sentence about a plan, in one place: lower case, no full stop, literals in backticks, then a hint.

use super::limits;
use crate::goal::{Aside, Block, Keeper, Lack, Note, Reason};
use crate::model::{Attribute, Place, Principal, Subject, visible};

/// A sentence and, where there is one, what to do about it.
pub(super) struct Said {
    pub(super) sentence: String,
    pub(super) hint: Option<String>,
}

pub(super) fn said(sentence: String) -> Said {
    Said {
        sentence,
        hint: None,
    }
}

pub(super) fn with_hint(sentence: String, hint: impl Into<String>) -> Said {
    Said {
        sentence,
        hint: Some(hint.into()),
    }
}

pub(super) fn block(block: &Block) -> Said {
    match block {
        Block::Limit {
            limit,
            count,
            allowed,
            acknowledged,
            names,
            untold,
        } => limits::limit(
            *limit,
            *count,
            *allowed,
            *acknowledged,
            names,
            untold.as_deref(),
        ),
        Block::Budget { .. }
        | Block::TooFewMembers { .. }
        | Block::LosesRequired { .. }
        | Block::GroupHoldsAccess { .. } => limits::other(block),
        Block::OutOfScope { subject, outside } => with_hint(
            format!(
                "{}: {} is outside `policy.scope`",
                thing(subject),
                principal(outside)
            ),
            "widen the scope in the root file, or take the line out of the roster",
        ),
        Block::Protected { subject, protected } => with_hint(
            format!(
                "{}: {} is protected by `policy.protect`",
                thing(subject),
                principal(protected)
            ),
            "nothing may be written here, whatever the flags; change it by hand, or change the policy in a review",
        ),
        Block::AwsOwned { subject, group } => with_hint(
            format!(
                "{}: group `{}` belongs to AWS Control Tower",
                thing(subject),
                visible(group.as_str())
            ),
            "take it out of the roster; AWS relies on it",
        ),
        Block::NamesLive { wanted, live, at } => {
            let names: Vec<String> = live.iter().map(|p| tick(p.name())).collect();
            with_hint(
                format!(
                    "{} cannot be a rename: {} are all live ({})",
                    principal(wanted),
                    names.join(", "),
                    place(at)
                ),
                "decide which one stays; remove the other with `state: absent`, or take `previously` away",
            )
        }
        Block::EmailHeld {
            user,
            email,
            holder,
            creates,
        } => {
            let sentence = format!(
                "user `{}` cannot have {}: live user `{}` holds it",
                visible(user.as_str()),
                visible(email),
                visible(holder.as_str())
            );
            match creates {
                true => with_hint(
                    sentence,
                    format!(
                        "if it is the same person, add `previously: {}` to `{}`",
                        visible(holder.as_str()),
                        visible(user.as_str())
                    ),
                ),
                false => with_hint(sentence, "give the holder another address first"),
            }
        }
        Block::NoSuchGroup { group, like, at } => {
            let sentence = format!(
                "group `{}` is named at {} and neither declared nor live",
                visible(group.as_str()),
                place(at)
            );
            match like {
                Some(like) => with_hint(
                    sentence,
                    format!("did you mean `{}`?", visible(like.as_str())),
                ),
                None => with_hint(sentence, "declare it under `groups:` to have it created"),
            }
        }
        Block::EmailRing { users } => {
            let names: Vec<String> = users.iter().map(|user| tick(user.as_str())).collect();
            with_hint(
                format!(
                    "the e-mail addresses of {} change hands in a ring",
                    names.join(", ")
                ),
                "AWS lets no two users share an address: give one of them a temporary address first",
            )
        }
    }
}

pub(super) fn note(note: &Note) -> Said {
    match note {
        Note::Kept {
            subject,
            because,
            differs,
        } => {
            let what = match (differs.is_empty(), subject) {
                (true, _) => thing(subject),
                (false, _) => format!("{} ({})", thing(subject), attributes(differs)),
            };
            said(match because {
                Keeper::Provider => {
                    format!("{what} differs and stays: an identity provider owns it")
                }
                Keeper::NotManaged(family) => format!(
                    "{what} differs and stays: `policy.manage` leaves `{}` out",
                    family.key()
                ),
            })
        }
        Note::Namesake { user, live, at } => said(format!(
            "user `{}` stays: the live user's e-mail is {}, not the one at {}, so it is somebody else",
            visible(user.as_str()),
            live.as_deref()
                .map_or("not set".into(), |email| visible(email).into_owned()),
            place(at)
        )),
        Note::LeavingWins { user, over } => {
            let over: Vec<String> = over
                .iter()
                .map(|(subject, at)| match subject {
                    Subject::Member(m) => {
                        format!("group {} at {}", tick(m.group.as_str()), place(at))
                    }
                    _ => format!("tier at {}", place(at)),
                })
                .collect();
            said(format!(
                "user `{}` leaves, so this is not done: {}",
                visible(user.as_str()),
                over.join(", ")
            ))
        }
        Note::Disabled { user, subject } => said(format!(
            "user `{}` is disabled and is given nothing: {} is not done",
            visible(user.as_str()),
            thing(subject)
        )),
        Note::DisabledSeat { user, tier } => with_hint(
            format!(
                "user `{}` is disabled and has a {tier} seat",
                visible(user.as_str())
            ),
            "`tier: none` ends it",
        ),
        Note::CaseDiffers { roster, live } => said(format!(
            "{} is live as `{}`; adopted, and live's spelling kept",
            principal(roster),
            visible(live.name())
        )),
        Note::SeatUnclear { user, foreign, at } => said(match foreign {
            true => format!(
                "user `{}` has a seat of another product, so the tier at {} is not written",
                visible(user.as_str()),
                place(at)
            ),
            false => format!(
                "Kiro does not tell whether the seat of user `{}` is their own, so the tier at {} is not written",
                visible(user.as_str()),
                place(at)
            ),
        }),
        Note::Shadowed { user, own, through } => said(format!(
            "user `{}` has {through} through a group, so the own {own} seat changes nothing",
            visible(user.as_str())
        )),
        Note::UserHoldsAccess { user, access } => said(format!(
            "user `{}` changes or leaves: {}",
            visible(user.as_str()),
            limits::accounts(access)
        )),
        Note::NotAcknowledged { limit, expires, at } => with_hint(
            format!(
                "the acknowledgement of `{}` does not count: it expires {expires} ({})",
                limit.key(),
                place(at)
            ),
            "an acknowledgement counts to the end of its last day (UTC), at most 14 days ahead",
        ),
        Note::TableOfTiers { tiers, lower, at } => with_hint(
            format!(
                "`{}` claims {tiers} tiers, and a row's can lower a live one: {lower} lowered here",
                visible(&at.file),
            ),
            "leave a cell empty to leave that seat alone",
        ),
        Note::NeedsRoot { subject, at } => with_hint(
            format!(
                "{} stays: without a root file nothing is removed ({})",
                thing(subject),
                place(at)
            ),
            "add the file with `version: 1` to the `-f` options",
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
                Lack::Attributes(missing) => {
                    format!(
                        "is not live, and without {} it is not created",
                        attributes(missing)
                    )
                }
                Lack::Provider => "is not live; its identity provider creates it".into(),
                Lack::NotManaged => {
                    "is not live, and `policy.manage` does not let this roster create it".into()
                }
            };
            let sentence = format!("{} {lacks} ({})", principal(who), place(at));
            match like {
                Some(like) => with_hint(sentence, format!("did you mean `{}`?", visible(like))),
                None => said(sentence),
            }
        }
        Aside::Deferred {
            holder,
            tier,
            not_before,
            at,
        } => {
            let when = match not_before {
                Some(day) => format!("not before {day} (UTC)"),
                None => "later".into(),
            };
            said(format!(
                "{} cannot have {tier} today: the cancelled seat is held until the month ends; {when} ({})",
                principal(holder),
                place(at)
            ))
        }
    }
}

/// Why a change is there, short enough for the end of a line.
pub(super) fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Declared(_) => String::new(),
        Reason::Absent(_) => "state: absent".into(),
        Reason::Offboarded(_) => "state: offboarded".into(),
        Reason::Until(_) => "until has passed".into(),
        Reason::NotListed(_) => "not listed".into(),
        Reason::AskedNone(_) => "tier: none".into(),
        Reason::Pruned(_) => "pruned".into(),
        Reason::GoesWith(owner) => format!("goes with {}", principal(owner)),
    }
}

pub(super) fn reason_places(reason: &Reason) -> &[Place] {
    match reason {
        Reason::Declared(places) => places,
        Reason::Absent(at)
        | Reason::Offboarded(at)
        | Reason::Until(at)
        | Reason::NotListed(at)
        | Reason::AskedNone(at)
        | Reason::Pruned(at) => std::slice::from_ref(at),
        Reason::GoesWith(_) => &[],
    }
}

pub(super) fn thing(subject: &Subject) -> String {
    match subject {
        Subject::User(name) => format!("user `{}`", visible(name.as_str())),
        Subject::Group(name) => format!("group `{}`", visible(name.as_str())),
        Subject::Member(m) => format!(
            "membership of `{}` in `{}`",
            visible(m.user.as_str()),
            visible(m.group.as_str())
        ),
        Subject::Seat(holder) => format!("seat of {}", principal(holder)),
    }
}

pub(super) fn principal(principal: &Principal) -> String {
    match principal {
        Principal::User(name) => format!("user `{}`", visible(name.as_str())),
        Principal::Group(name) => format!("group `{}`", visible(name.as_str())),
    }
}

pub(super) fn place(place: &Place) -> String {
    visible(&place.line().to_string()).into_owned()
}

fn attributes(list: &[Attribute]) -> String {
    let keys: Vec<&str> = list.iter().map(|attribute| attribute.key()).collect();
    keys.join(", ")
}

pub(super) fn tick(name: &str) -> String {
    format!("`{}`", visible(name))
}
