//! Which notes and asides are about a name.

use crate::goal::{Aside, Note};
use crate::model::{Principal, Subject};

pub(super) fn note(note: &Note, who: &Principal) -> bool {
    let subject = |about: &Subject| about.principals().any(|end| end == *who);
    let user = |name: &crate::model::UserName| Principal::User(name.clone()) == *who;
    match note {
        Note::Kept {
            subject: about,
            because: _,
            differs: _,
        }
        | Note::NeedsRoot {
            subject: about,
            at: _,
        } => subject(about),
        Note::Namesake {
            user: name,
            live: _,
            at: _,
        }
        | Note::DisabledSeat {
            user: name,
            tier: _,
        }
        | Note::DisabledGains {
            user: name,
            tier: _,
        }
        | Note::SeatUnclear {
            user: name,
            foreign: _,
            at: _,
        }
        | Note::Shadowed {
            user: name,
            own: _,
            through: _,
        }
        | Note::UserHoldsAccess {
            user: name,
            access: _,
        } => user(name),
        Note::LeavingWins { user: name, over } => {
            user(name) || over.iter().any(|(about, _)| subject(about))
        }
        Note::GroupGoesAnyway {
            group,
            listed: _,
            at: _,
        } => Principal::Group(group.clone()) == *who,
        Note::Disabled {
            user: name,
            subject: about,
        } => user(name) || subject(about),
        Note::CaseDiffers { roster, live } => roster == who || live == who,
        Note::JoinsAccess {
            user: name,
            group,
            access: _,
        } => user(name) || Principal::Group(group.clone()) == *who,
        Note::SeatsUnseen { .. } | Note::NotAcknowledged { .. } | Note::TableOfTiers { .. } => {
            false
        }
    }
}

pub(super) fn aside(aside: &Aside, who: &Principal) -> bool {
    match aside {
        Aside::Waiting {
            who: waits,
            lacks: _,
            like: _,
            at: _,
        } => waits == who,
        Aside::Deferred {
            holder,
            tier: _,
            not_before: _,
            at: _,
        }
        | Aside::Asked {
            holder,
            since: _,
            hold: _,
            not_before: _,
        } => holder == who,
    }
}
