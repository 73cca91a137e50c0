//! What stops a plan.

use crate::desired::Limit;
use crate::live::Access;
use crate::model::{GroupName, Place, Principal, Subject, Text, Usd, UserName};
use serde::{Deserialize, Serialize};

/// A refusal that stops the plan: it is shown whole, and exits 3.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// `policy.scope` does not reach this principal.
    OutOfScope {
        /// What would have changed.
        subject: Subject,
        /// The end that is out of scope.
        outside: Principal,
    },
    /// `policy.protect` names this principal.
    Protected {
        /// What would have changed.
        subject: Subject,
        /// The end that is protected.
        protected: Principal,
    },
    /// The group is AWS Control Tower's own.
    AwsOwned {
        /// What would have changed.
        subject: Subject,
        /// The group.
        group: GroupName,
    },
    /// A new name with a character that AWS takes in none, and nobody can see.
    Invisible {
        /// Who would have got the name.
        who: Principal,
        /// The character's number.
        character: u32,
        /// Where the name is written.
        at: Option<Place>,
    },
    /// A rename whose new name is taken already, or that has several old names live.
    NamesLive {
        /// The name the roster gives.
        wanted: Principal,
        /// Every name of it that is live, the new one included.
        live: Vec<Principal>,
        /// Where `previously` stands.
        at: Place,
    },
    /// Somebody else has the e-mail address.
    EmailHeld {
        /// Who shall get it.
        user: UserName,
        /// The address.
        email: String,
        /// Who has it.
        holder: UserName,
        /// Whether `user` would be created: then a rename may have been meant.
        creates: bool,
    },
    /// In a migration: who is in both accounts under one name, and by no common address.
    Namesakes {
        /// The names.
        users: Vec<UserName>,
    },
    /// A group that is named and not declared must be live.
    NoSuchGroup {
        /// The group.
        group: GroupName,
        /// A live name that looks like it.
        like: Option<GroupName>,
        /// Where it is named.
        at: Place,
    },
    /// E-mail addresses change hands in a ring; AWS has no call that could start it.
    EmailRing {
        /// The people in it.
        users: Vec<UserName>,
    },
    /// More at once than a limit allows.
    Limit(Excess),
    /// The seats would cost more than `policy.budget`, and more than today.
    Budget {
        /// What they would cost a month.
        after: Usd,
        /// What they may cost.
        budget: Usd,
        /// Where that is said.
        at: Place,
    },
    /// A group would have fewer members than `policy.require` wants, and fewer than today.
    TooFewMembers {
        /// The group.
        group: GroupName,
        /// How many it would have.
        count: u64,
        /// How many it needs.
        min: u32,
        /// Where that is said.
        at: Place,
    },
    /// A group would lose a member that `policy.require` wants in it.
    LosesRequired {
        /// The group.
        group: GroupName,
        /// The member.
        user: UserName,
        /// Where that is said.
        at: Place,
    },
    /// A group that holds AWS account access, or may, is not deleted.
    GroupHoldsAccess {
        /// The group.
        group: GroupName,
        /// Which accounts, or why AWS would not tell.
        access: Access,
    },
}

/// What is more than a limit allows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Excess {
    /// Over which one.
    pub limit: Limit,
    /// How many (dollars, for `increase_usd`).
    pub count: u64,
    /// How many pass.
    pub allowed: u64,
    /// What was agreed to, where that is less than `count`.
    pub acknowledged: Option<u64>,
    /// Who or what is counted, in order; empty for dollars.
    pub names: Vec<String>,
    /// Where AWS would not tell what counts, and why: then everybody in question is counted.
    pub untold: Option<Text>,
}

impl Block {
    /// Who or what it is about, by name.
    pub fn names(&self) -> Vec<String> {
        let subject = |subject: &Subject| -> Vec<String> {
            subject
                .principals()
                .map(|end| end.name().to_owned())
                .collect()
        };
        match self {
            Self::OutOfScope { subject: about, .. }
            | Self::Protected { subject: about, .. }
            | Self::AwsOwned { subject: about, .. } => subject(about),
            Self::Invisible { who, .. } => vec![who.name().to_owned()],
            Self::NamesLive { live, .. } => live.iter().map(|p| p.name().to_owned()).collect(),
            Self::EmailHeld { user, holder, .. } => vec![user.to_string(), holder.to_string()],
            Self::NoSuchGroup { group, .. }
            | Self::TooFewMembers { group, .. }
            | Self::GroupHoldsAccess { group, .. } => vec![group.to_string()],
            Self::LosesRequired { group, user, .. } => vec![user.to_string(), group.to_string()],
            Self::EmailRing { users } | Self::Namesakes { users } => {
                users.iter().map(ToString::to_string).collect()
            }
            Self::Limit(excess) => excess.names.clone(),
            Self::Budget { .. } => vec![],
        }
    }

    /// Whom and what it stands against, by the plan's names and AWS's; nobody where it is judged by counts.
    pub fn principals(&self) -> Vec<Principal> {
        let with =
            |subject: &Subject, more: Principal| subject.principals().chain([more]).collect();
        let user = |user: &UserName| Principal::User(user.clone());
        match self {
            Self::OutOfScope { subject, outside } => with(subject, outside.clone()),
            Self::Protected { subject, protected } => with(subject, protected.clone()),
            Self::AwsOwned { subject, group } => with(subject, Principal::Group(group.clone())),
            Self::Invisible { who, .. } => vec![who.clone()],
            Self::NamesLive { wanted, live, .. } => live.iter().chain([wanted]).cloned().collect(),
            Self::EmailHeld {
                user: taker,
                holder,
                ..
            } => vec![user(taker), user(holder)],
            Self::NoSuchGroup { group, .. } => vec![Principal::Group(group.clone())],
            Self::EmailRing { users } | Self::Namesakes { users } => {
                users.iter().map(user).collect()
            }
            Self::Limit(_)
            | Self::Budget { .. }
            | Self::TooFewMembers { .. }
            | Self::LosesRequired { .. }
            | Self::GroupHoldsAccess { .. } => vec![],
        }
    }

    /// The one change that it forbids, where it forbids one.
    pub fn subject(&self) -> Option<Subject> {
        match self {
            Self::OutOfScope { subject, .. }
            | Self::Protected { subject, .. }
            | Self::AwsOwned { subject, .. } => Some(subject.clone()),
            Self::Invisible { who, .. } => Some(who.clone().into()),
            Self::EmailHeld { user, .. } => Some(Subject::User(user.clone())),
            Self::NamesLive { .. }
            | Self::NoSuchGroup { .. }
            | Self::EmailRing { .. }
            | Self::Namesakes { .. }
            | Self::Limit(_)
            | Self::Budget { .. }
            | Self::TooFewMembers { .. }
            | Self::LosesRequired { .. }
            | Self::GroupHoldsAccess { .. } => None,
        }
    }

    /// Whether a count, a budget or account access stands in the way, which is judged again whenever a plan is applied;
    /// everything else stays as it was when the plan was made.
    pub fn is_judged(&self) -> bool {
        match self {
            Self::Limit(_)
            | Self::Budget { .. }
            | Self::TooFewMembers { .. }
            | Self::LosesRequired { .. }
            | Self::GroupHoldsAccess { .. } => true,
            Self::OutOfScope { .. }
            | Self::Protected { .. }
            | Self::AwsOwned { .. }
            | Self::Invisible { .. }
            | Self::NamesLive { .. }
            | Self::EmailHeld { .. }
            | Self::NoSuchGroup { .. }
            | Self::EmailRing { .. }
            | Self::Namesakes { .. } => false,
        }
    }

    /// The rule's name, as plan files and `--ack` have it.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::OutOfScope { .. } => "scope",
            Self::Protected { .. } => "protect",
            Self::AwsOwned { .. } => "aws_owned",
            Self::Invisible { .. } => "invisible_character",
            Self::NamesLive { .. } => "names_live",
            Self::EmailHeld { .. } => "email_held",
            Self::NoSuchGroup { .. } => "no_such_group",
            Self::EmailRing { .. } => "email_ring",
            Self::Namesakes { .. } => "namesakes",
            Self::Limit(excess) => excess.limit.key(),
            Self::Budget { .. } => "budget",
            Self::TooFewMembers { .. } | Self::LosesRequired { .. } => "require",
            Self::GroupHoldsAccess { .. } => "group_holds_access",
        }
    }
}
