//! What a person wishes beside the roster, and agrees to.

use super::value::ack;
use crate::desired::{Invite, Limit};
use crate::plan::{Partial, Selector, Wish};
use crate::policy::Agreed;
use clap::{Args, ValueEnum};

/// What a person wishes beside the roster.
#[derive(Debug, Args)]
pub(crate) struct Wishes {
    #[command(flatten)]
    pub(crate) acknowledged: Acknowledged,
    #[command(flatten)]
    pub(crate) part: Part,
    /// Leave out whatever removes, lowers or renames
    #[arg(long)]
    pub(crate) additive: bool,
    /// Mail a password link to users that are created, whatever the roster says
    #[arg(long, value_enum, value_name = "WHOM")]
    pub(crate) invite: Option<InviteWhom>,
    /// Make waiting entries an error
    #[arg(long)]
    pub(crate) strict: bool,
}

/// What is agreed to, where the limits are those of a roster.
#[derive(Debug, Args)]
pub(crate) struct Acknowledged {
    /// Agree to so many of what a limit counts, such as remove_users=42
    #[arg(long, value_name = "RULE=N", value_parser = ack)]
    pub(crate) ack: Vec<(Limit, u64)>,
}

/// Which part of a plan is meant.
#[derive(Clone, Debug, Args)]
pub(crate) struct Part {
    /// Only these operations and what they need: user:, group:, membership: or seat: and a glob
    #[arg(long, value_name = "KIND:GLOB", value_parser = Selector::parse)]
    pub(crate) only: Vec<Selector>,
}

/// Whether the question before anything is written has its answer already.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Consent {
    /// Do not ask; no guard is skipped
    #[arg(short = 'y', long)]
    pub(crate) yes: bool,
}

/// Who is mailed a password link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum InviteWhom {
    /// Users that this run creates
    New,
    /// Nobody
    Off,
}

impl Wishes {
    pub(crate) fn wish(&self) -> Wish {
        Wish {
            partial: Partial {
                only: self.part.only.clone(),
                additive: self.additive,
            },
            invite: self.invite.map(|whom| match whom {
                InviteWhom::New => Invite::New,
                InviteWhom::Off => Invite::Off,
            }),
            agreed: agreed(&self.acknowledged.ack),
        }
    }
}

/// The highest count for each rule.
pub(crate) fn agreed(acks: &[(Limit, u64)]) -> Agreed {
    let mut agreed = Agreed::new();
    for (limit, count) in acks {
        let known = agreed.entry(*limit).or_default();
        *known = (*known).max(*count);
    }
    agreed
}
