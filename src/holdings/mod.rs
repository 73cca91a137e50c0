//! Who holds which seat, from where, in which state and at what cost; and what is wrong with it.
//!
//! Money is not worked out here: a person's tier and every sum come from [`cost`], so that this and a plan
//! agree. It must not know how it is shown.

mod share;

pub use share::{By, Share};

use crate::cost::{self, Bill};
use crate::desired::{Desired, Listed, Prices};
use crate::live::{Live, Orphan, SeatRow, Source, Status};
use crate::model::{Attribute, Glob, GroupName, Principal, Text, Tier, UserName};
use std::collections::{BTreeSet as Set, HashSet};

/// Everybody with a seat or a row of Kiro's, and what is left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// By name.
    pub people: Vec<Holding>,
    /// Seats that are nobody's any more; they are in no sum.
    pub orphans: Vec<Orphan>,
    /// What the people cost in a month without changes.
    pub bill: Bill,
    /// What they cost this month, where something that was cancelled or lowered is still charged.
    pub now: Bill,
    /// What seats cost.
    pub prices: Prices,
}

/// One person's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// AWS's user name.
    pub user: UserName,
    /// The person's own grant.
    pub own: Option<Tier>,
    /// The groups that give a tier.
    pub through: Vec<(GroupName, Tier)>,
    /// All groups that were read.
    pub groups: Vec<GroupName>,
    /// What is billed: the highest, once.
    pub tier: Option<Tier>,
    /// What this month is charged for, where that is another tier.
    pub charged: Option<Tier>,
    /// Whether it is not billed yet.
    pub is_new: bool,
    /// What Kiro says; `None` where it does not show the person.
    pub row: Option<SeatRow>,
    /// What to look at.
    pub kinds: Set<Kind>,
    /// `display_name`.
    pub display_name: Option<Text>,
    /// `email`.
    pub email: Option<Text>,
    /// `department`.
    pub department: Option<Text>,
    /// `cost_center`.
    pub cost_center: Option<Text>,
}

/// What is to be looked at in a holding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// PENDING: assigned, and never used.
    Idle,
    /// The person is disabled.
    Disabled,
    /// Nobody in the store holds it.
    Orphaned,
    /// An own grant that a group's makes superfluous.
    Shadowed,
    /// No roster names the person, or the own seat.
    Unlisted,
    /// Whose it is, or in what state, cannot be told.
    Unknown,
    /// Another product's.
    Foreign,
    /// CANCELLED: it ends with the month.
    Cancelled,
    /// What is in force is not what is assigned.
    Changing,
}

impl Kind {
    /// Every kind, in the order in which they are told.
    pub const ALL: [Self; 9] = [
        Self::Idle,
        Self::Disabled,
        Self::Orphaned,
        Self::Shadowed,
        Self::Unlisted,
        Self::Unknown,
        Self::Foreign,
        Self::Cancelled,
        Self::Changing,
    ];

    /// As options and files say it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Disabled => "disabled",
            Self::Orphaned => "orphaned",
            Self::Shadowed => "shadowed",
            Self::Unlisted => "unlisted",
            Self::Unknown => "unknown",
            Self::Foreign => "foreign",
            Self::Cancelled => "cancelled",
            Self::Changing => "changing",
        }
    }
}

/// Which holdings are wanted; an empty list wants all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// User names.
    pub names: Vec<Glob>,
    /// People in one of these groups.
    pub groups: Vec<Glob>,
    /// What is billed.
    pub tiers: Vec<Tier>,
    /// With one of these to be looked at.
    pub kinds: Vec<Kind>,
}

impl Holdings {
    /// Of what is live, under AWS's own names. `unlisted` is what [`unlisted`] finds, where there is a roster.
    pub fn of(live: &Live, unlisted: Option<&Set<UserName>>, prices: &Prices) -> Self {
        let directory = &live.directory;
        let kiro = live.kiro.as_ref();
        let billed = cost::billed(directory, kiro);
        let mut now = billed.clone();
        cost::still_charged(&mut now, kiro);
        let used = cost::used(kiro);
        let shown = kiro.into_iter().flat_map(|kiro| kiro.rows.keys());
        let names: Set<&UserName> = now.keys().copied().chain(shown).collect();
        let people: HashSet<&UserName> = names.iter().copied().collect();
        let mut groups = directory.members.groups_of(&people, |_| true);
        let holdings = names.into_iter().map(|user| {
            let groups = groups.remove(user).unwrap_or_default();
            let through = groups.iter().filter_map(|group| {
                let tier = directory.tier_of(group)?;
                Some(((*group).clone(), tier))
            });
            let known = directory.users.get(user);
            let text = |attribute| {
                let value = known?.attributes.get(&attribute)?;
                value.as_text().map(Text::from)
            };
            let (tier, charged) = (billed.get(user).copied(), now.get(user).copied());
            let mut holding = Holding {
                user: user.clone(),
                own: directory.seats.get(&Principal::User(user.clone())).copied(),
                through: through.collect(),
                groups: groups.into_iter().cloned().collect(),
                tier,
                charged: charged.filter(|charged| Some(*charged) != tier),
                is_new: !used.contains(user),
                row: live.seat_row(user).cloned(),
                kinds: Set::new(),
                display_name: text(Attribute::DisplayName),
                email: text(Attribute::Email),
                department: text(Attribute::Department),
                cost_center: text(Attribute::CostCenter),
            };
            holding.kinds = kinds(&holding, live, unlisted);
            holding
        });
        let people: Vec<Holding> = holdings.collect();
        Self {
            bill: bill(&people, prices, |holding| holding.tier),
            now: bill(&people, prices, |holding| holding.charged.or(holding.tier)),
            people,
            orphans: kiro.map_or_else(Vec::new, |kiro| kiro.orphans.clone()),
            prices: prices.clone(),
        }
    }

    /// Only what is wanted, with its own sums.
    pub fn only(&self, wanted: &Wanted) -> Self {
        let Wanted {
            names,
            groups,
            tiers,
            kinds,
        } = wanted;
        let fits = |globs: &[Glob], name: &str| globs.iter().any(|glob| glob.fits(name));
        let in_groups = |holding: &Holding| {
            let mut of = holding.groups.iter();
            groups.is_empty() || of.any(|group| fits(groups, group.as_str()))
        };
        let people = self.people.iter().filter(|holding| {
            (names.is_empty() || fits(names, holding.user.as_str()))
                && in_groups(holding)
                && (tiers.is_empty() || holding.tier.is_some_and(|tier| tiers.contains(&tier)))
                && (kinds.is_empty() || kinds.iter().any(|kind| holding.kinds.contains(kind)))
        });
        let people: Vec<Holding> = people.cloned().collect();
        let orphans = self.orphans.iter().filter(|orphan| {
            let id = orphan.id.as_ref().map_or("", |id| id.as_str());
            (names.is_empty() || fits(names, id))
                && groups.is_empty()
                && (tiers.is_empty() || orphan.tier.is_some_and(|tier| tiers.contains(&tier)))
                && (kinds.is_empty() || kinds.contains(&Kind::Orphaned))
        });
        Self {
            bill: bill(&people, &self.prices, |holding| holding.tier),
            now: bill(&people, &self.prices, |holding| {
                holding.charged.or(holding.tier)
            }),
            orphans: orphans.cloned().collect(),
            people,
            prices: self.prices.clone(),
        }
    }

    /// How many people are to be looked at for this, and what they cost a month.
    pub fn told(&self, kind: Kind) -> Bill {
        let people = self.people.iter().filter(|h| h.kinds.contains(&kind));
        let seats = people.filter_map(|holding| Some((holding.tier?, holding.is_new)));
        Bill::of(seats, &self.prices)
    }
}

impl Holding {
    /// What the groups give.
    pub fn through_groups(&self) -> Option<Tier> {
        self.through.iter().map(|(_, tier)| *tier).max()
    }

    /// What Kiro still has in force, where something else is assigned.
    pub fn in_force(&self) -> Option<Tier> {
        let row = self.row.as_ref()?;
        row.in_force.filter(|tier| row.tier != Some(*tier))
    }
}

fn bill(people: &[Holding], prices: &Prices, tier: impl Fn(&Holding) -> Option<Tier>) -> Bill {
    let seats = people
        .iter()
        .filter_map(|holding| Some((tier(holding)?, holding.is_new)));
    Bill::of(seats, prices)
}

fn kinds(holding: &Holding, live: &Live, unlisted: Option<&Set<UserName>>) -> Set<Kind> {
    let status = holding.row.as_ref().map(|row| &row.status);
    let source = holding.row.as_ref().map(|row| row.source);
    let foreign = source == Some(Source::Foreign);
    let seated = holding.tier.is_some();
    let strange = matches!(status, Some(Status::Other(word)) if !word.is_empty()) && !foreign;
    let outbid = holding.own.is_some() && holding.through_groups() >= holding.own;
    [
        (Kind::Idle, status == Some(&Status::Pending) && !foreign),
        (
            Kind::Disabled,
            seated && live.disabled.contains(&holding.user),
        ),
        (Kind::Shadowed, outbid),
        (
            Kind::Unlisted,
            seated && unlisted.is_some_and(|names| names.contains(&holding.user)),
        ),
        (Kind::Unknown, source == Some(Source::Unknown) || strange),
        (Kind::Foreign, foreign),
        (
            Kind::Cancelled,
            status == Some(&Status::Cancelled) && !foreign,
        ),
        (Kind::Changing, holding.in_force().is_some()),
    ]
    .into_iter()
    .filter_map(|(kind, is)| is.then_some(kind))
    .collect()
}

/// Live users whom no roster names, by an entry or in a group's list. `live` and `listed` are under the roster's names; the
/// result is under AWS's.
pub fn unlisted(desired: &Desired, listed: &Listed, live: &Live) -> Set<UserName> {
    let users = live.directory.users.iter();
    let users = users
        .filter(|(name, _)| !desired.users.contains_key(*name) && !listed.users.contains(*name));
    users.map(|(_, user)| user.name.clone()).collect()
}
