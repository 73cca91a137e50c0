//! What the reader of a plan should know.

use crate::desired::Limit;
use crate::live::Access;
use crate::model::{Attribute, Family, GroupName, Place, Principal, Subject, Tier, UserName};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What the reader should know; it stops nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// The roster asks for something else, and it stays as it is.
    Kept {
        /// What stays.
        subject: Subject,
        /// Why.
        because: Keeper,
        /// Attributes that differ, for a user; empty where existence is meant.
        differs: Vec<Attribute>,
    },
    /// A tombstone whose e-mail is not the live user's: somebody else has the name now.
    Namesake {
        /// The name.
        user: UserName,
        /// The live user's address.
        live: Option<String>,
        /// Where `state: absent` stands.
        at: Place,
    },
    /// `state` beats another mention.
    LeavingWins {
        /// Who leaves.
        user: UserName,
        /// What else was said and is not done, and where.
        over: Vec<(Subject, Place)>,
    },
    /// `state: absent` of a group beats whatever else is said of it.
    GroupGoesAnyway {
        /// The group.
        group: GroupName,
        /// How many people are listed in it all the same.
        listed: u64,
        /// Where the first of them is.
        at: Place,
    },
    /// A disabled person gets nothing.
    Disabled {
        /// The person.
        user: UserName,
        /// What was asked.
        subject: Subject,
    },
    /// A disabled person has a seat, which is paid for nothing.
    DisabledSeat {
        /// The person.
        user: UserName,
        /// The tier.
        tier: Tier,
    },
    /// Adopted under another spelling; live's is kept.
    CaseDiffers {
        /// The roster's spelling.
        roster: Principal,
        /// Live's.
        live: Principal,
    },
    /// Whose the live seat is cannot be told, so it is not touched.
    SeatUnclear {
        /// The person.
        user: UserName,
        /// Whether it is another product's.
        foreign: bool,
        /// Where a seat was asked for.
        at: Place,
    },
    /// A disabled person gets a seat, or a higher one, through a group.
    DisabledGains {
        /// The person.
        user: UserName,
        /// The tier then.
        tier: Tier,
    },
    /// Seats were left alone, and of those who are deleted nobody has looked whether they have one.
    SeatsUnseen {
        /// How many users are deleted.
        users: u64,
        /// How many groups.
        groups: u64,
    },
    /// A person's own seat that a group's makes superfluous.
    Shadowed {
        /// The person.
        user: UserName,
        /// The own tier.
        own: Tier,
        /// What the groups give, as high or higher.
        through: Tier,
    },
    /// Somebody who leaves, or gets another name or e-mail, holds AWS account access.
    UserHoldsAccess {
        /// The person.
        user: UserName,
        /// Which accounts, or why AWS would not tell.
        access: Access,
    },
    /// Somebody joins a group that holds AWS account access, or may.
    JoinsAccess {
        /// The person.
        user: UserName,
        /// The group.
        group: GroupName,
        /// Which accounts, or why AWS would not tell.
        access: Access,
    },
    /// An acknowledgement that does not count: too old, or too far ahead.
    NotAcknowledged {
        /// Of which limit.
        limit: Limit,
        /// Its last day.
        expires: Date,
        /// Where it is.
        at: Place,
    },
    /// A table of tiers says what somebody once had: where live is higher now, a row lowers it.
    TableOfTiers {
        /// How many rows claim a tier.
        tiers: usize,
        /// How many of those are lower than the live own seat.
        lower: usize,
        /// The file.
        at: Place,
    },
    /// Without a root file nothing is removed.
    NeedsRoot {
        /// What would have been removed.
        subject: Subject,
        /// Where that was asked.
        at: Place,
    },
}

impl Note {
    /// Whom and what it is about; nobody where it is about the whole.
    pub fn principals(&self) -> Vec<Principal> {
        let user = |user: &UserName| vec![Principal::User(user.clone())];
        let group = |group: &GroupName| vec![Principal::Group(group.clone())];
        match self {
            Self::Kept { subject, .. } | Self::NeedsRoot { subject, .. } => {
                subject.principals().collect()
            }
            Self::Namesake { user: name, .. }
            | Self::DisabledSeat { user: name, .. }
            | Self::DisabledGains { user: name, .. }
            | Self::SeatUnclear { user: name, .. }
            | Self::Shadowed { user: name, .. }
            | Self::UserHoldsAccess { user: name, .. } => user(name),
            Self::LeavingWins { user: name, over } => {
                let mut about = user(name);
                about.extend(over.iter().flat_map(|(subject, _)| subject.principals()));
                about
            }
            Self::GroupGoesAnyway { group: name, .. } => group(name),
            Self::Disabled {
                user: name,
                subject,
            } => {
                let mut about = user(name);
                about.extend(subject.principals());
                about
            }
            Self::CaseDiffers { roster, live } => vec![roster.clone(), live.clone()],
            Self::JoinsAccess {
                user: name,
                group: joined,
                ..
            } => vec![
                Principal::User(name.clone()),
                Principal::Group(joined.clone()),
            ],
            Self::SeatsUnseen { .. } | Self::NotAcknowledged { .. } | Self::TableOfTiers { .. } => {
                vec![]
            }
        }
    }
}

/// Why a thing stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keeper {
    /// An identity provider owns it.
    Provider,
    /// `policy.manage` leaves its family out.
    NotManaged(Family),
}
