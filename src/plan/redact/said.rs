//! Blocks, notes and what is set aside, without people.

use super::{access, answer, email, principal, pseudonym, sorted, subject_of, user, users};
use crate::desired::Limit;
use crate::goal::{Aside, Block, Excess, Note};
use crate::model::Principal;

pub(super) fn block(block: &Block) -> Block {
    match block {
        Block::OutOfScope { subject, outside } => Block::OutOfScope {
            subject: subject_of(subject),
            outside: principal(outside),
        },
        Block::Protected { subject, protected } => Block::Protected {
            subject: subject_of(subject),
            protected: principal(protected),
        },
        Block::AwsOwned { subject, group } => Block::AwsOwned {
            subject: subject_of(subject),
            group: group.clone(),
        },
        Block::Invisible { who, character, at } => Block::Invisible {
            who: principal(who),
            character: *character,
            at: at.clone(),
        },
        Block::NamesLive { wanted, live, at } => Block::NamesLive {
            wanted: principal(wanted),
            live: live.iter().map(principal).collect(),
            at: at.clone(),
        },
        Block::EmailHeld {
            user: who,
            email: address,
            holder,
            creates,
        } => Block::EmailHeld {
            user: user(who),
            email: email(address),
            holder: user(holder),
            creates: *creates,
        },
        Block::NoSuchGroup { group, like, at } => Block::NoSuchGroup {
            group: group.clone(),
            like: like.clone(),
            at: at.clone(),
        },
        Block::EmailRing { users: ring } => Block::EmailRing { users: users(ring) },
        Block::Namesakes { users: both } => Block::Namesakes { users: users(both) },
        Block::Limit(over) => Block::Limit(excess(over)),
        Block::Budget { after, budget, at } => Block::Budget {
            after: *after,
            budget: *budget,
            at: at.clone(),
        },
        Block::TooFewMembers {
            group,
            count,
            min,
            at,
        } => Block::TooFewMembers {
            group: group.clone(),
            count: *count,
            min: *min,
            at: at.clone(),
        },
        Block::LosesRequired {
            group,
            user: who,
            at,
        } => Block::LosesRequired {
            group: group.clone(),
            user: user(who),
            at: at.clone(),
        },
        Block::GroupHoldsAccess {
            group,
            access: holds,
        } => Block::GroupHoldsAccess {
            group: group.clone(),
            access: access(holds),
        },
    }
}

fn excess(excess: &Excess) -> Excess {
    let names = excess.names.iter();
    Excess {
        limit: excess.limit,
        count: excess.count,
        allowed: excess.allowed,
        acknowledged: excess.acknowledged,
        names: sorted(names.map(|name| counted(excess.limit, name))),
        untold: excess.untold.as_ref().map(|_| answer()),
    }
}

/// What a limit counts: users, groups, or one in the other.
fn counted(limit: Limit, name: &str) -> String {
    match limit {
        Limit::RemoveUsers
        | Limit::CancelSeats
        | Limit::ChangeIdentity
        | Limit::GrantsAccess
        | Limit::AddUsers
        | Limit::IncreaseUsd
        | Limit::Invites => pseudonym("user", name),
        Limit::RemoveGroups | Limit::ShrinkGroup => name.to_owned(),
        // A user name has no white space.
        Limit::RemoveMemberships => match name.split_once(" in ") {
            Some((user, group)) => format!("{} in {group}", pseudonym("user", user)),
            None => pseudonym("user", name),
        },
    }
}

pub(super) fn note(note: &Note) -> Note {
    match note {
        Note::GroupGoesAnyway { group, listed, at } => Note::GroupGoesAnyway {
            group: group.clone(),
            listed: *listed,
            at: at.clone(),
        },
        Note::TableOfTiers { tiers, lower, at } => Note::TableOfTiers {
            tiers: *tiers,
            lower: *lower,
            at: at.clone(),
        },
        Note::Kept {
            subject,
            because,
            differs,
        } => Note::Kept {
            subject: subject_of(subject),
            because: *because,
            differs: differs.clone(),
        },
        Note::Namesake {
            user: who,
            live,
            at,
        } => Note::Namesake {
            user: user(who),
            live: live.as_deref().map(email),
            at: at.clone(),
        },
        Note::LeavingWins { user: who, over } => Note::LeavingWins {
            user: user(who),
            over: over
                .iter()
                .map(|(subject, at)| (subject_of(subject), at.clone()))
                .collect(),
        },
        Note::Disabled { user: who, subject } => Note::Disabled {
            user: user(who),
            subject: subject_of(subject),
        },
        Note::DisabledSeat { user: who, tier } => Note::DisabledSeat {
            user: user(who),
            tier: *tier,
        },
        Note::CaseDiffers { roster, live } => Note::CaseDiffers {
            roster: principal(roster),
            live: principal(live),
        },
        Note::SeatUnclear {
            user: who,
            foreign,
            at,
        } => Note::SeatUnclear {
            user: user(who),
            foreign: *foreign,
            at: at.clone(),
        },
        Note::DisabledGains { user: who, tier } => Note::DisabledGains {
            user: user(who),
            tier: *tier,
        },
        Note::SeatsUnseen { users, groups } => Note::SeatsUnseen {
            users: *users,
            groups: *groups,
        },
        Note::Shadowed {
            user: who,
            own,
            through,
        } => Note::Shadowed {
            user: user(who),
            own: *own,
            through: *through,
        },
        Note::UserHoldsAccess {
            user: who,
            access: holds,
        } => Note::UserHoldsAccess {
            user: user(who),
            access: access(holds),
        },
        Note::JoinsAccess {
            user: who,
            group,
            access: holds,
        } => Note::JoinsAccess {
            user: user(who),
            group: group.clone(),
            access: access(holds),
        },
        Note::NotAcknowledged { limit, expires, at } => Note::NotAcknowledged {
            limit: *limit,
            expires: *expires,
            at: at.clone(),
        },
        Note::NeedsRoot { subject, at } => Note::NeedsRoot {
            subject: subject_of(subject),
            at: at.clone(),
        },
    }
}

pub(super) fn asides(asides: &[Aside]) -> Vec<Aside> {
    let mut redacted: Vec<Aside> = asides.iter().map(aside_of).collect();
    let who = |aside: &Aside| match aside {
        Aside::Waiting { who, .. } => (0, who.clone()),
        Aside::Deferred { holder, .. } => (1, holder.clone()),
        Aside::Asked { holder, .. } => (2, holder.clone()),
    };
    redacted.sort_by_key(who);
    redacted
}

fn aside_of(aside: &Aside) -> Aside {
    match aside {
        Aside::Waiting {
            who,
            lacks,
            like,
            at,
        } => Aside::Waiting {
            who: principal(who),
            lacks: lacks.clone(),
            like: match who {
                Principal::User(_) => like.as_deref().map(|like| pseudonym("user", like)),
                Principal::Group(_) => like.clone(),
            },
            at: at.clone(),
        },
        Aside::Deferred {
            holder,
            tier,
            not_before,
            at,
        } => Aside::Deferred {
            holder: principal(holder),
            tier: *tier,
            not_before: *not_before,
            at: at.clone(),
        },
        Aside::Asked {
            holder,
            since,
            hold,
            not_before,
        } => Aside::Asked {
            holder: principal(holder),
            since: *since,
            hold: *hold,
            not_before: *not_before,
        },
    }
}
