//! What the directory will be: live, with what the roster claims laid over it.
//!
//! Three steps. *Names*: `previously` and case give a table by which all of live is filed under the roster's names, once
//! (`names`). *Claims*: whatever the roster does not mention is copied from live first, so unmentioned attributes,
//! additive groups and provider-owned people are settled before the first comparison (`people`, `seats`).
//! *Guard*: a change that may not be written is taken back, and its refusal becomes a block or a note (`guard`).
//!
//! Everything here is total: what cannot be had stays as it is and is told.

mod guard;
mod names;
mod people;
mod seats;
mod tables;

pub use guard::Fence;
pub use seats::{Rule, kiro_rule};

use crate::desired::{Desired, Limit, Policy};
use crate::directory::Directory;
use crate::live::{Access, Live};
use crate::model::{
    Attribute, Family, GroupName, Membership, Place, Principal, Subject, Text, Tier, Usd, UserName,
};
use crate::plan::Operation;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap as Map, BTreeSet as Set};

/// The wanted directory, why it differs from live, and what could not be had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Goal {
    /// What shall be.
    pub directory: Directory,
    /// Differences that AWS makes by itself, without a call of ours: the seat of a deleted user, where seats are not ours
    /// to write.
    pub by_itself: Set<Subject>,
    /// Why each difference is there; none may be without.
    pub why: Map<Subject, Reason>,
    /// What stops the whole plan.
    pub blocks: Vec<Block>,
    /// The changes that scope, protection and AWS's own groups forbid.
    pub refused: Vec<Operation>,
    /// What the reader should know; it stops nothing.
    pub notes: Vec<Note>,
    /// What is wanted and cannot happen today.
    pub aside: Vec<Aside>,
}

/// Why something changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A roster says so, here.
    Declared(Vec<Place>),
    /// `state: absent`.
    Absent(Place),
    /// `state: offboarded`.
    Offboarded(Place),
    /// The last day of `until` has passed.
    Until(Place),
    /// The group's list is exact and does not name this person.
    NotListed(Place),
    /// `tier: none`.
    AskedNone(Place),
    /// `policy.prune` takes the seat.
    Pruned(Place),
    /// Its user or group goes.
    GoesWith(Principal),
}

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
    Limit {
        /// Which one.
        limit: Limit,
        /// How many (dollars, for `increase_usd`).
        count: u64,
        /// How many pass.
        allowed: u64,
        /// What was agreed to, where that is less than `count`.
        acknowledged: Option<u64>,
        /// Who or what is counted, in order; empty for dollars.
        names: Vec<String>,
        /// Where AWS would not tell what counts, and why: then everybody in question is counted.
        untold: Option<Text>,
    },
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
            Self::NamesLive { live, .. } => live.iter().map(|p| p.name().to_owned()).collect(),
            Self::EmailHeld { user, holder, .. } => vec![user.to_string(), holder.to_string()],
            Self::NoSuchGroup { group, .. }
            | Self::TooFewMembers { group, .. }
            | Self::GroupHoldsAccess { group, .. } => vec![group.to_string()],
            Self::LosesRequired { group, user, .. } => vec![user.to_string(), group.to_string()],
            Self::EmailRing { users } => users.iter().map(ToString::to_string).collect(),
            Self::Limit { names, .. } => names.clone(),
            Self::Budget { .. } => vec![],
        }
    }

    /// Whether a count, a budget or account access stands in the way, which is judged again whenever a plan is applied;
    /// everything else stays as it was when the plan was made.
    pub fn is_judged(&self) -> bool {
        match self {
            Self::Limit { .. }
            | Self::Budget { .. }
            | Self::TooFewMembers { .. }
            | Self::LosesRequired { .. }
            | Self::GroupHoldsAccess { .. } => true,
            Self::OutOfScope { .. }
            | Self::Protected { .. }
            | Self::AwsOwned { .. }
            | Self::NamesLive { .. }
            | Self::EmailHeld { .. }
            | Self::NoSuchGroup { .. }
            | Self::EmailRing { .. } => false,
        }
    }

    /// The rule's name, as plan files and `--ack` have it.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::OutOfScope { .. } => "scope",
            Self::Protected { .. } => "protect",
            Self::AwsOwned { .. } => "aws_owned",
            Self::NamesLive { .. } => "names_live",
            Self::EmailHeld { .. } => "email_held",
            Self::NoSuchGroup { .. } => "no_such_group",
            Self::EmailRing { .. } => "email_ring",
            Self::Limit { limit, .. } => limit.key(),
            Self::Budget { .. } => "budget",
            Self::TooFewMembers { .. } | Self::LosesRequired { .. } => "require",
            Self::GroupHoldsAccess { .. } => "group_holds_access",
        }
    }
}

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

/// Why a thing stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keeper {
    /// An identity provider owns it.
    Provider,
    /// `policy.manage` leaves its family out.
    NotManaged(Family),
}

/// Wanted, and not possible today: never an error, never drift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aside {
    /// An entry that is not live and cannot create.
    Waiting {
        /// Who.
        who: Principal,
        /// What it would take.
        lacks: Lack,
        /// A live name that looks like it.
        like: Option<String>,
        /// Where it is named.
        at: Place,
    },
    /// Kiro will not do it today.
    Deferred {
        /// Whose seat.
        holder: Principal,
        /// The tier that is wanted.
        tier: Tier,
        /// From which day on it is possible, where that is known.
        not_before: Option<Date>,
        /// Where it is asked.
        at: Place,
    },
}

/// What a waiting entry lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// Attributes without which AWS creates no user.
    Attributes(Vec<Attribute>),
    /// An identity provider creates it.
    Provider,
    /// `policy.manage` does not let this roster create it.
    NotManaged,
}

impl Desired {
    /// Files live under the roster's names and lays the roster over it. `today` is UTC.
    pub fn over(&self, live: Live, today: Date) -> (Live, Goal) {
        let (names, mut goal) = names::of(self, &live);
        let live = live.called(&names);
        goal.directory = live.directory.clone();
        let mut claims = Claims {
            desired: self,
            live: &live,
            owners: Owners::of(&live, &self.policy),
            policy: &self.policy,
            today,
            waiting: Set::new(),
            goal,
        };
        claims.users();
        claims.groups();
        claims.leavers();
        claims.members();
        claims.seats();
        claims.prune();
        claims.guard();
        claims.seat_notes();
        claims.table_notes();
        let mut goal = claims.goal;
        goal.blocks.sort();
        goal.blocks.dedup();
        goal.notes.sort();
        goal.notes.dedup();
        (live, goal)
    }
}

/// The roster being laid over live: each step fills in its part of the goal.
struct Claims<'a> {
    desired: &'a Desired,
    live: &'a Live,
    policy: &'a Policy,
    owners: Owners,
    today: Date,
    /// Names that are only listed, and wait: each is told once.
    waiting: Set<UserName>,
    goal: Goal,
}

impl Claims<'_> {
    fn manages(&self, family: Family) -> bool {
        self.policy.manage.contains(&family)
    }

    fn because(&mut self, subject: Subject, reason: Reason) {
        self.goal.why.insert(subject, reason);
    }

    fn drop_member(&mut self, member: &Membership, reason: Reason) {
        if self.goal.directory.members.remove(member) {
            self.because(Subject::Member(member.clone()), reason);
        }
    }

    fn drop_seat(&mut self, holder: &Principal, reason: Reason) {
        if self.goal.directory.seats.remove(holder).is_some() {
            self.because(Subject::Seat(holder.clone()), reason);
        }
    }
}

/// Who an identity provider owns: what `ExternalIds` tell, and `policy.provider`.
struct Owners {
    provided: Set<Principal>,
}

impl Owners {
    fn of(live: &Live, policy: &Policy) -> Self {
        let mut provided = live.provided.clone();
        if !policy.provider.users.is_empty() {
            let users = live.directory.users.iter();
            let owned = users.filter(|(key, user)| {
                let globs = &policy.provider.users;
                globs
                    .iter()
                    .any(|glob| glob.fits(key.as_str()) || glob.fits(user.name.as_str()))
            });
            provided.extend(owned.map(|(key, _)| Principal::User(key.clone())));
        }
        if !policy.provider.groups.is_empty() {
            let groups = live.directory.groups.iter();
            let owned = groups.filter(|(key, group)| {
                let globs = &policy.provider.groups;
                globs
                    .iter()
                    .any(|glob| glob.fits(key.as_str()) || glob.fits(group.name.as_str()))
            });
            provided.extend(owned.map(|(key, _)| Principal::Group(key.clone())));
        }
        Self { provided }
    }

    fn owns_user(&self, policy: &Policy, user: &UserName) -> bool {
        self.provided.contains(&Principal::User(user.clone()))
            || policy.provider.users.iter().any(|g| g.fits(user.as_str()))
    }

    fn owns_group(&self, policy: &Policy, group: &GroupName) -> bool {
        self.provided.contains(&Principal::Group(group.clone()))
            || policy
                .provider
                .groups
                .iter()
                .any(|g| g.fits(group.as_str()))
    }
}
