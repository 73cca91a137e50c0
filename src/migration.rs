//! Two accounts beside each other: what of the one does not go along to the other, and what has arrived there.
//!
//! Both are [`Live`]; people and groups are the same where their names are, whatever the case. What is planned and done is
//! an ordinary plan's business, and nothing here knows of it.

use crate::directory::User;
use crate::live::{Live, Source, Status};
use crate::model::{Attribute, GroupName, Principal, Tier, UserName, aws_owned_group, folded};
use std::collections::{BTreeSet as Set, HashMap};

/// What of an account does not go along, or not whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Staying {
    /// Disabled people, whom another account would bring to life.
    pub disabled: Vec<UserName>,
    /// People whom an identity provider owns: only their own seats go along.
    pub provided: Vec<UserName>,
    /// Groups that an identity provider owns: only their tiers go along.
    pub provided_groups: Vec<GroupName>,
    /// Groups that are AWS's own.
    pub aws_groups: Vec<GroupName>,
    /// People whose seat ends with the month.
    pub cancelled: Vec<UserName>,
    /// People of whose seat nobody can tell where it comes from.
    pub unclear: Vec<UserName>,
    /// Holders of another product's seat.
    pub foreign: usize,
    /// Seats of nobody in the store.
    pub orphans: usize,
}

impl Staying {
    /// Of this account.
    pub fn of(live: &Live) -> Self {
        let mut staying = Self {
            disabled: live.disabled.iter().cloned().collect(),
            ..Self::default()
        };
        for principal in &live.provided {
            match principal {
                // Of a disabled person nothing goes along.
                Principal::User(user) if live.disabled.contains(user) => {}
                Principal::User(user) => staying.provided.push(user.clone()),
                Principal::Group(group) if aws_owned_group(group.as_str()) => {}
                Principal::Group(group) => staying.provided_groups.push(group.clone()),
            }
        }
        let groups = live.directory.groups.keys();
        let aws_groups = groups.filter(|group| aws_owned_group(group.as_str()));
        staying.aws_groups = aws_groups.cloned().collect();
        if let Some(kiro) = &live.kiro {
            for (user, row) in &kiro.rows {
                match (row.source, &row.status) {
                    (Source::Foreign, _) => {}
                    (_, Status::Cancelled) => staying.cancelled.push(user.clone()),
                    (Source::Unknown, _) => staying.unclear.push(user.clone()),
                    (Source::Own | Source::Group | Source::Both, _) => {}
                }
            }
            (staying.foreign, staying.orphans) = (kiro.foreign, kiro.orphans.len());
        }
        staying
    }
}

/// Who is on both sides under one name, `here` being filed under the names there, and by no common address: it may be
/// two people.
pub fn namesakes(there: &Live, here: &Live) -> Set<UserName> {
    let both = there.directory.users.iter();
    let both = both.filter_map(|(name, user)| {
        let theirs = here.directory.users.get(name)?;
        (!is_same(user, theirs)).then(|| name.clone())
    });
    both.collect()
}

/// Nothing but an address tells that two users of one name are one person.
fn is_same(user: &User, theirs: &User) -> bool {
    let [one, other] = [user, theirs].map(|user| user.email().map(folded));
    one.is_some() && one == other
}

/// How one side's people and groups fare on the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// People, there and here.
    pub people: (u64, u64),
    /// People by the highest tier they have, there and here; `None` is nobody's seat. Empty where Kiro was left alone.
    pub tiers: Vec<(Option<Tier>, u64, u64)>,
    /// Groups, there and here.
    pub groups: (u64, u64),
    /// Each group, by name.
    pub each_group: Vec<GroupRow>,
    /// Who has not arrived, or not whole, and why.
    pub lacking: Vec<(UserName, Lacking)>,
    /// Who has arrived with the address they had and at least the tier, by their name there.
    pub arrived: Set<UserName>,
}

/// One group on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRow {
    /// Its name there.
    pub name: GroupName,
    /// Whether it is here at all.
    pub here: bool,
    /// How many members it has there, and how many of these here.
    pub members: (u64, u64),
    /// The group's own tier, there and here.
    pub tier: (Option<Tier>, Option<Tier>),
}

impl GroupRow {
    /// Whether both sides have the same.
    pub fn is_same(&self) -> bool {
        self.here && self.members.0 == self.members.1 && self.tier.0 == self.tier.1
    }
}

/// Why somebody is not here as they are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// Disabled there, and so not brought to life here.
    Disabled,
    /// An identity provider creates them.
    Provider,
    /// Not here.
    Absent,
    /// Here, and disabled.
    DisabledHere,
    /// Another tier: there, here.
    Tier(Option<Tier>, Option<Tier>),
    /// Other values.
    Attributes(Vec<Attribute>),
}

impl Comparison {
    /// Everybody of `there`, looked for in `here`.
    pub fn of(there: &Live, here: &Live) -> Self {
        let names: HashMap<String, &UserName> = (here.directory.users.keys())
            .map(|name| (folded(name.as_str()), name))
            .collect();
        let called = |user: &UserName| names.get(&folded(user.as_str())).copied();
        let (had, has) = (there.directory.highest(), here.directory.highest());
        let seats = there.kiro.is_some() && here.kiro.is_some();
        let mut compared = Self::default();
        let mut tiers: HashMap<Option<Tier>, (u64, u64)> = HashMap::new();
        for (name, user) in &there.directory.users {
            let before = had.get(name).copied();
            compared.people.0 += 1;
            tiers.entry(before).or_default().0 += 1;
            let Some(same) = called(name) else {
                let provided = there.provided.contains(&Principal::User(name.clone()));
                let why = match (there.disabled.contains(name), provided) {
                    (true, _) => Lacking::Disabled,
                    (false, true) => Lacking::Provider,
                    (false, false) => Lacking::Absent,
                };
                compared.lacking.push((name.clone(), why));
                continue;
            };
            let after = has.get(same).copied();
            compared.people.1 += 1;
            tiers.entry(after).or_default().1 += 1;
            let disabled = here.disabled.contains(same);
            let theirs = here.directory.users.get(same);
            // Somebody else of the same name has not arrived by being here.
            let is_same = theirs.is_some_and(|theirs| is_same(user, theirs));
            if !there.disabled.contains(name) && !disabled && after >= before && is_same {
                compared.arrived.insert(name.clone());
            }
            let differs = user.attributes.iter().filter(|(attribute, value)| {
                theirs.and_then(|user| user.attributes.get(attribute)) != Some(value)
            });
            let differs: Vec<Attribute> = differs.map(|(attribute, _)| *attribute).collect();
            let provided = there.provided.contains(&Principal::User(name.clone()));
            let why = if there.disabled.contains(name) {
                Lacking::Disabled
            } else if disabled {
                Lacking::DisabledHere
            } else if seats && before != after {
                Lacking::Tier(before, after)
            } else if !provided && !differs.is_empty() {
                Lacking::Attributes(differs)
            } else {
                continue;
            };
            compared.lacking.push((name.clone(), why));
        }
        if seats {
            let all = Tier::ALL.into_iter().map(Some).chain([None]);
            let rows = all.filter_map(|tier| Some((tier, *tiers.get(&tier)?)));
            compared.tiers = rows.map(|(tier, (from, to))| (tier, from, to)).collect();
        }
        compared.compare_groups(there, here, called);
        compared
    }

    fn compare_groups<'l>(
        &mut self,
        there: &Live,
        here: &'l Live,
        called: impl Fn(&UserName) -> Option<&'l UserName>,
    ) {
        let names: HashMap<String, &GroupName> = (here.directory.groups.keys())
            .map(|name| (folded(name.as_str()), name))
            .collect();
        for name in there.directory.groups.keys() {
            let same = names.get(&folded(name.as_str())).copied();
            let members: HashMap<&UserName, ()> = same
                .into_iter()
                .flat_map(|same| here.directory.members_of(same))
                .map(|member| (&member.user, ()))
                .collect();
            let mut row = GroupRow {
                name: name.clone(),
                here: same.is_some(),
                members: (0, 0),
                tier: (
                    there.directory.tier_of(name),
                    same.and_then(|same| here.directory.tier_of(same)),
                ),
            };
            for member in there.directory.members_of(name) {
                row.members.0 += 1;
                let arrived = called(&member.user).is_some_and(|user| members.contains_key(user));
                row.members.1 += u64::from(arrived);
            }
            self.groups.0 += 1;
            self.groups.1 += u64::from(row.here);
            self.each_group.push(row);
        }
    }
}
