//! What the root file's `policy`, `tiers` and `acknowledge` say: what may be written, how much of it at once, and who
//! has agreed to more.

use crate::model::{Family, Glob, GroupName, Place, Principal, Text, Tier, Usd, UserName};
use jiff::SignedDuration;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap as Map, BTreeSet as Set};

use super::Said;

/// `policy`: it can only ever narrow what is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The families this roster may write; all, unless said otherwise.
    pub manage: Set<Family>,
    /// Every write's ends must fit one of these; `None` is unbounded.
    pub scope: Reserve<Option<Vec<Glob>>>,
    /// No write at all to these.
    pub protect: Reserve<Vec<Glob>>,
    /// Owned by an identity provider, beside what AWS tells.
    pub provider: Reserve<Vec<Glob>>,
    /// Whose direct seats are taken though no entry says so; `None`: nobody's.
    pub prune: Option<Said<Prune>>,
    /// The bound of each limit.
    pub limits: Map<Limit, Bound>,
    /// The most that all seats may cost a month.
    pub budget: Option<Said<Usd>>,
    /// What groups must keep.
    pub require: Map<GroupName, Requirement>,
    /// How long a saved plan may wait.
    pub plan_ttl: SignedDuration,
}

/// A saved plan that is older than a weekend and a day was reviewed against another organization.
const PLAN_TTL: SignedDuration = SignedDuration::from_hours(72);

impl Default for Policy {
    fn default() -> Self {
        Self {
            manage: Family::ALL.into(),
            scope: Reserve::default(),
            protect: Reserve::default(),
            provider: Reserve::default(),
            prune: None,
            limits: Limit::ALL.map(|limit| (limit, limit.standard())).into(),
            budget: None,
            require: Map::new(),
            plan_ttl: PLAN_TTL,
        }
    }
}

impl Policy {
    /// The bound of a limit, also where the plan file that this is from was written before the limit was.
    pub fn bound(&self, limit: Limit) -> Bound {
        self.limits.get(&limit).copied().unwrap_or(limit.standard())
    }
}

/// The same kind of thing for users and for groups.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reserve<T> {
    /// For users.
    pub users: T,
    /// For groups.
    pub groups: T,
}

impl<T> Reserve<T> {
    /// What is said for principals of this one's kind.
    pub fn of(&self, who: &Principal) -> &T {
        match who {
            Principal::User(_) => &self.users,
            Principal::Group(_) => &self.groups,
        }
    }
}

/// `prune.seats`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prune {
    /// Direct seats of disabled users.
    Disabled,
    /// Those, and direct seats of people that no roster names.
    Unlisted,
}

/// A count of people (or groups, or dollars) affected, whatever the route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// Users that are deleted or offboarded.
    RemoveUsers,
    /// Groups that are deleted.
    RemoveGroups,
    /// Memberships that end.
    RemoveMemberships,
    /// People whose effective seat ends or is lowered.
    CancelSeats,
    /// Users that get another user name or e-mail.
    ChangeIdentity,
    /// People who join a group that holds AWS account access.
    GrantsAccess,
    /// Users that are created.
    AddUsers,
    /// Dollars a month more.
    IncreaseUsd,
    /// Password mails.
    Invites,
    /// Groups that lose a large part of their members.
    ShrinkGroup,
}

/// A limit trips when the count exceeds the larger of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// So many are always allowed; for [`Limit::ShrinkGroup`], groups of fewer members are not looked at.
    pub floor: u32,
    /// Percent of what the roster names, rounded down.
    pub percent: u32,
}

impl Limit {
    /// Every limit, in the order in which they are told.
    pub const ALL: [Self; 10] = [
        Self::RemoveUsers,
        Self::RemoveGroups,
        Self::RemoveMemberships,
        Self::ShrinkGroup,
        Self::CancelSeats,
        Self::ChangeIdentity,
        Self::GrantsAccess,
        Self::AddUsers,
        Self::IncreaseUsd,
        Self::Invites,
    ];

    /// As a roster's `limits` and `--ack` spell it.
    pub fn key(self) -> &'static str {
        match self {
            Self::RemoveUsers => "remove_users",
            Self::RemoveGroups => "remove_groups",
            Self::RemoveMemberships => "remove_memberships",
            Self::CancelSeats => "cancel_seats",
            Self::ChangeIdentity => "change_identity",
            Self::GrantsAccess => "grants_access",
            Self::AddUsers => "add_users",
            Self::IncreaseUsd => "increase_usd",
            Self::Invites => "invites",
            Self::ShrinkGroup => "shrink_group",
        }
    }

    /// The limit of this spelling.
    pub fn spelled(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|limit| limit.key() == key)
    }

    /// The bound where the roster says nothing.
    pub fn standard(self) -> Bound {
        let (floor, percent) = match self {
            Self::RemoveUsers => (3, 2),
            Self::RemoveGroups => (1, 5),
            Self::RemoveMemberships => (10, 5),
            Self::CancelSeats => (5, 5),
            Self::ChangeIdentity => (3, 1),
            Self::GrantsAccess => (0, 0),
            Self::AddUsers => (100, 20),
            Self::IncreaseUsd => (2_000, 20),
            Self::Invites => (200, 0),
            Self::ShrinkGroup => (10, 50),
        };
        Bound { floor, percent }
    }
}

/// `require`: what a group must keep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// So many members at least.
    pub min: u32,
    /// These members.
    pub include: Vec<UserName>,
    /// Where that is said.
    pub at: Place,
}

/// One entry of `acknowledge`: a reviewed agreement to more than a limit allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Of which limit.
    pub limit: Limit,
    /// Up to this count.
    pub count: u64,
    /// Why.
    pub reason: Text,
    /// The last day (UTC) on which it counts.
    pub expires: Date,
    /// Where it is said.
    pub at: Place,
}

/// What a trusted checkout puts in the place of a roster's own rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Its policy, or the standard one where it has none.
    pub policy: Policy,
    /// Its agreements; those of the roster do not count.
    pub acknowledge: Vec<Acknowledgement>,
    /// Its prices, or the list's: a roster's own would change what its budget means.
    pub prices: Prices,
}

/// The prices of the root's `tiers` over the list prices; estimates only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Prices(Map<Tier, Usd>);

impl Default for Prices {
    fn default() -> Self {
        let list = Tier::ALL.map(|tier| (tier, Usd::whole(i64::from(tier.usd()))));
        Self(list.into())
    }
}

impl Prices {
    /// Sets one tier's price a month.
    pub fn set(&mut self, tier: Tier, price: Usd) {
        self.0.insert(tier, price);
    }

    /// The price of a tier a month; nothing costs nothing.
    pub fn of(&self, tier: Option<Tier>) -> Usd {
        tier.and_then(|tier| self.0.get(&tier).copied())
            .unwrap_or_default()
    }
}
