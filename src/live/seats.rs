//! Whose seat is it? The evidence of Kiro's two lists, weighed in one place.
//!
//! Nothing here is published (facts page, section 3): a person's own grant is the claim with `principal.user`, where the
//! claims list has user claims at all; otherwise a row whose aggregated type is INDIVIDUAL. Where the lists disagree, or
//! nothing tells, the source is unknown: such a seat is reported and never written.

use super::reading::{Claimant, RowSeen, SeatsSeen};
use super::{Id, Listed};
use crate::model::{GroupName, Principal, Text, Tier, UserName};
use std::collections::{BTreeMap as Map, HashMap, HashSet as Set};

/// What Kiro says beside the own seats that the directory holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kiro {
    /// One row a person who has any seat.
    pub rows: Map<UserName, SeatRow>,
    /// Holders of another product's seat, such as Amazon Q Developer: counted and left alone.
    pub foreign: usize,
    /// Seats of holders that are nobody in the store, by id.
    pub orphans: Vec<Orphan>,
    /// Whether claims told whose grants are a person's own.
    pub claims_tell: bool,
    /// Rows of people who were not looked for: what they cost is known, who they are is not, nor whether they still are.
    pub others: Vec<SeatRow>,
}

/// A seat whose holder is nobody in the store: what a deleted user or group left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Orphan {
    /// Whose it was; `None` where Kiro names neither a user nor a group.
    pub id: Option<Id>,
    /// The tier, if it is one of Kiro's.
    pub tier: Option<Tier>,
    /// Kiro's word for it, verbatim.
    pub called: Option<Text>,
    /// As the list of people has it; a claim has none.
    pub status: Option<Status>,
}

/// What Kiro says about one person's seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatRow {
    /// Where the seat comes from.
    pub source: Source,
    /// Whether the row itself says so; else it is what claims and tiers let conclude, and a group's grant beside an own one
    /// that is no lower cannot be seen.
    pub told: bool,
    /// The highest of own and group grants.
    pub tier: Option<Tier>,
    /// What is in force this month; differs from `tier` while a change is pending.
    pub in_force: Option<Tier>,
    /// Billed, waiting for a first sign-in, or on its way out.
    pub status: Status,
    /// Since when, as Kiro says it: a day (UTC) where it can be read as one.
    pub since: Option<Text>,
    /// Kiro's word for what is assigned, verbatim.
    pub called: Option<Text>,
}

/// Where a person's seat comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Only the person's own.
    Own,
    /// Only through groups.
    Group,
    /// Both.
    Both,
    /// Kiro did not say, or contradicts itself.
    Unknown,
    /// Another product's seat.
    Foreign,
}

impl Source {
    /// As files say it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Group => "group",
            Self::Both => "both",
            Self::Unknown => "unknown",
            Self::Foreign => "another product",
        }
    }

    /// Whether the person holds a grant of their own.
    pub fn is_own(self) -> bool {
        matches!(self, Self::Own | Self::Both)
    }

    /// Whether a group gives it.
    pub fn is_group(self) -> bool {
        matches!(self, Self::Group | Self::Both)
    }
}

/// A row's status.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Used and billed.
    Active,
    /// Assigned, never signed in, not billed.
    Pending,
    /// Ends with the month; Kiro takes no change until then.
    Cancelled,
    /// Absent or a word that is not known yet, verbatim.
    Other(Text),
}

impl Status {
    /// Kiro's word for it; nothing where it said none.
    pub fn word(&self) -> &str {
        match self {
            Self::Active => "ACTIVE",
            Self::Pending => "PENDING",
            Self::Cancelled => "CANCELLED",
            Self::Other(word) => word,
        }
    }

    fn read(word: Option<&str>) -> Self {
        match word.map(str::to_ascii_uppercase).as_deref() {
            Some("ACTIVE") => Self::Active,
            Some("PENDING") => Self::Pending,
            Some("CANCELLED" | "CANCELED") => Self::Cancelled,
            _ => Self::Other(word.unwrap_or_default().into()),
        }
    }
}

impl Kiro {
    pub(super) fn called(self, user: impl Fn(UserName) -> UserName) -> Self {
        let Self {
            rows,
            foreign,
            orphans,
            claims_tell,
            others,
        } = self;
        Self {
            rows: rows.into_iter().map(|(k, v)| (user(k), v)).collect(),
            foreign,
            orphans,
            claims_tell,
            others,
        }
    }
}

impl SeatsSeen {
    /// The rows by person, and the seats that users and groups hold themselves.
    pub fn by_name(
        self,
        users: &HashMap<Id, UserName>,
        groups: &HashMap<Id, GroupName>,
    ) -> (Kiro, Map<Principal, Tier>) {
        judge(self, users, groups, Listed::default())
    }

    /// The same where `users` or `groups` need not be all there are.
    pub(super) fn with_others(
        self,
        users: &HashMap<Id, UserName>,
        groups: &HashMap<Id, GroupName>,
        listed: Listed,
    ) -> (Kiro, Map<Principal, Tier>) {
        judge(self, users, groups, listed)
    }
}

fn judge(
    seen: SeatsSeen,
    users: &HashMap<Id, UserName>,
    groups: &HashMap<Id, GroupName>,
    listed: Listed,
) -> (Kiro, Map<Principal, Tier>) {
    let mut kiro = Kiro::default();
    let mut seats: Map<Principal, Tier> = Map::new();
    let mut own: Map<UserName, Tier> = Map::new();
    // A person's seat has a row and, where claims tell, a claim: it is one seat all the same.
    let (mut foreign, mut orphans) = (Set::new(), Map::new());
    for claim in seen.claims {
        let tier = claim.assigned.as_deref().and_then(Tier::read);
        match (claim.holder, tier) {
            (Claimant::Other, _) => kiro.orphans.push(Orphan {
                tier,
                called: claim.assigned,
                ..Orphan::default()
            }),
            (Claimant::User(id) | Claimant::Group(id), None) => drop(foreign.insert(id)),
            (Claimant::User(id), Some(tier)) => {
                kiro.claims_tell = true;
                match users.get(&id) {
                    Some(name) => keep_highest(&mut own, name.clone(), tier),
                    None if listed.users => {
                        drop(orphans.insert(id.clone(), claimed(id, tier, claim.assigned)));
                    }
                    None => {}
                }
            }
            (Claimant::Group(id), Some(tier)) => match groups.get(&id) {
                Some(name) => keep_highest(&mut seats, Principal::Group(name.clone()), tier),
                None => drop(orphans.insert(id.clone(), claimed(id, tier, claim.assigned))),
            },
        }
    }
    for row in seen.rows {
        let Some(id) = row.user.clone() else {
            kiro.orphans.push(left_behind(row));
            continue;
        };
        let Some(name) = users.get(&id) else {
            match listed.users {
                true => drop(orphans.insert(id, left_behind(row))),
                false => kiro.others.push(read_row(row, None, kiro.claims_tell)),
            }
            continue;
        };
        let mut row = read_row(row, own.get(name).copied(), kiro.claims_tell);
        if row.source == Source::Foreign {
            foreign.insert(id);
        }
        // A person with a Kiro row and another product's has the Kiro row.
        match kiro.rows.get(name) {
            Some(first) if row.source == Source::Foreign => row = first.clone(),
            Some(first) if first.source != Source::Foreign => row.source = Source::Unknown,
            _ => {}
        }
        kiro.rows.insert(name.clone(), row);
    }
    kiro.foreign = foreign.len();
    kiro.orphans.extend(orphans.into_values());
    kiro.orphans.sort();
    for (name, tier) in own {
        // A claim whose row does not show yet is somebody's own grant all the same.
        let row = kiro.rows.entry(name.clone()).or_insert(SeatRow {
            source: Source::Own,
            told: false,
            tier: Some(tier),
            in_force: None,
            status: Status::Other("".into()),
            since: None,
            called: None,
        });
        if row.source.is_own() && row.status != Status::Cancelled {
            seats.insert(Principal::User(name), tier);
        }
    }
    if !kiro.claims_tell {
        for (name, row) in &kiro.rows {
            if let (Source::Own, Some(tier), true) =
                (row.source, row.tier, row.status != Status::Cancelled)
            {
                seats.insert(Principal::User(name.clone()), tier);
            }
        }
    }
    (kiro, seats)
}

fn read_row(row: RowSeen, claimed: Option<Tier>, claims_tell: bool) -> SeatRow {
    let tier = row.assigned.as_deref().and_then(Tier::read);
    let status = Status::read(row.status.as_deref());
    let said = match row.aggregated.as_deref() {
        Some("INDIVIDUAL") => Some(Source::Own),
        Some("GROUP") => Some(Source::Group),
        Some("INDIVIDUAL_AND_GROUP") => Some(Source::Both),
        _ => None,
    };
    let source = match (tier, said, claimed) {
        (None, ..) => Source::Foreign,
        // What is cancelled has no claim left to tell by.
        (_, Some(said), None) if status == Status::Cancelled => said,
        (_, None, None) if status == Status::Cancelled => Source::Own,
        // The highest of several grants cannot tell the own one's tier: without claims, both is as good as unknown.
        (_, Some(Source::Both), _) if !claims_tell => Source::Unknown,
        (_, Some(said), _) if !claims_tell => said,
        (_, None, _) if !claims_tell => Source::Unknown,
        (tier, Some(Source::Own), Some(_)) if tier != claimed => Source::Unknown,
        (_, Some(said), Some(_)) if said.is_own() => said,
        (_, Some(Source::Group), None) => Source::Group,
        (_, None, None) => Source::Group,
        (_, None, Some(own)) if tier > Some(own) => Source::Both,
        (_, None, Some(_)) => Source::Own,
        _ => Source::Unknown,
    };
    SeatRow {
        source,
        told: said.is_some(),
        tier,
        in_force: row.in_force.as_deref().and_then(Tier::read),
        status,
        since: row.since,
        called: row.assigned,
    }
}

fn left_behind(row: RowSeen) -> Orphan {
    Orphan {
        id: row.user,
        tier: row.assigned.as_deref().and_then(Tier::read),
        called: row.assigned,
        status: Some(Status::read(row.status.as_deref())),
    }
}

fn claimed(id: Id, tier: Tier, called: Option<Text>) -> Orphan {
    Orphan {
        id: Some(id),
        tier: Some(tier),
        called,
        status: None,
    }
}

fn keep_highest<K: Ord>(seats: &mut Map<K, Tier>, holder: K, tier: Tier) {
    let kept = seats.entry(holder).or_insert(tier);
    *kept = (*kept).max(tier);
}
