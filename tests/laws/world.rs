//! AWS as ids and rows. It shares nothing with the plan but the operations that it is told to perform, and refuses what
//! AWS would refuse.

use super::chance::Chance;
use kiroster::live::{
    ClaimSeen, Claimant, GroupSeen, Id, Reading, RowSeen, SeatsSeen, Target, UserSeen,
};
use kiroster::model::{Attribute, GroupName, Principal, Tier, UserName, Value};
use kiroster::plan::Operation;
use std::collections::{BTreeMap as Map, BTreeSet as Set};

#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) attributes: Map<Attribute, Value>,
    pub(crate) revision: u32,
    pub(crate) disabled: bool,
    pub(crate) provided: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Team {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) revision: u32,
    pub(crate) provided: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    Active,
    Pending,
    Cancelled,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) users: Map<u32, Person>,
    pub(crate) groups: Map<u32, Team>,
    pub(crate) members: Set<(u32, u32)>,
    pub(crate) own: Map<u32, (Tier, Held)>,
    pub(crate) foreign: Set<u32>,
    pub(crate) subscribed: Map<u32, Tier>,
    pub(crate) claims_tell: bool,
    next: u32,
    /// Every operation that was done, by what it was: none may be there twice.
    pub(crate) done: Vec<String>,
    /// A planted fault: memberships are answered well and not kept.
    pub(crate) forgets_members: bool,
}

pub(crate) type Ids = Map<Principal, u32>;

impl World {
    pub(crate) fn random(chance: &mut Chance) -> Self {
        let mut world = Self {
            claims_tell: !chance.one_in(5),
            ..Self::default()
        };
        for n in 0..6 {
            if chance.one_in(3) {
                continue;
            }
            // Some people are spelled otherwise than the roster will spell them.
            let name = if chance.one_in(8) {
                format!("U{n}")
            } else {
                format!("u{n}")
            };
            let mut attributes = Map::from([(Attribute::Email, Value::text(format!("m{n}@x")))]);
            for attribute in [
                Attribute::GivenName,
                Attribute::FamilyName,
                Attribute::DisplayName,
            ] {
                attributes.insert(attribute, Value::text("n"));
            }
            if chance.one_in(2) {
                attributes.insert(Attribute::Title, Value::text("t"));
            }
            let id = world.id();
            let person = Person {
                name,
                attributes,
                revision: 1,
                disabled: chance.one_in(8),
                provided: chance.one_in(8),
            };
            world.users.insert(id, person);
            match chance.below(8) {
                0..=2 => {
                    let held = [Held::Active, Held::Pending][chance.below(2)];
                    world.own.insert(id, (chance.tier(), held));
                }
                3 => {
                    world.own.insert(id, (chance.tier(), Held::Cancelled));
                }
                4 => {
                    world.foreign.insert(id);
                }
                _ => {}
            }
        }
        for n in 0..4 {
            if chance.one_in(3) {
                continue;
            }
            let id = world.id();
            let team = Team {
                name: if n == 3 {
                    "AWSSecurityAuditors".into()
                } else {
                    format!("g{n}")
                },
                description: chance.one_in(2).then(|| "d".into()),
                revision: 1,
                provided: chance.one_in(8),
            };
            world.groups.insert(id, team);
            if chance.one_in(2) {
                world.subscribed.insert(id, chance.tier());
            }
            let people: Vec<u32> = world.users.keys().copied().collect();
            for user in people {
                if chance.one_in(2) {
                    world.members.insert((id, user));
                }
            }
        }
        world
    }

    fn id(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    pub(crate) fn read(&self) -> Reading {
        let id = |n: &u32| Id::new(format!("id-{n}"));
        let through = |user: &u32| {
            let groups = self.members.iter().filter(|(_, member)| member == user);
            groups
                .filter_map(|(group, _)| self.subscribed.get(group))
                .max()
                .copied()
        };
        let mut seats = SeatsSeen::default();
        for user in self.users.keys() {
            let own = self.own.get(user);
            let through = through(user);
            let grant = own.filter(|(_, held)| *held != Held::Cancelled);
            if self.foreign.contains(user) && own.is_none() && through.is_none() {
                seats.rows.push(RowSeen {
                    user: Some(id(user)),
                    assigned: Some("Q_DEVELOPER_STANDALONE_PRO".into()),
                    status: Some("ACTIVE".into()),
                    ..RowSeen::default()
                });
            }
            let highest = own.map(|(tier, _)| *tier).max(through);
            let Some(highest) = highest else { continue };
            let (aggregated, status) = match (grant, through, own) {
                (Some(_), Some(_), _) => ("INDIVIDUAL_AND_GROUP", "ACTIVE"),
                (Some((_, Held::Pending)), None, _) => ("INDIVIDUAL", "PENDING"),
                (Some(_), None, _) => ("INDIVIDUAL", "ACTIVE"),
                (None, Some(_), Some(_)) => ("INDIVIDUAL_AND_GROUP", "CANCELLED"),
                (None, Some(_), None) => ("GROUP", "ACTIVE"),
                (None, None, _) => ("INDIVIDUAL", "CANCELLED"),
            };
            seats.rows.push(RowSeen {
                user: Some(id(user)),
                assigned: Some(word(highest).into()),
                in_force: Some(word(highest).into()),
                status: Some(status.into()),
                aggregated: Some(aggregated.into()),
                since: None,
            });
            if let (true, Some((tier, _))) = (self.claims_tell, grant) {
                seats.claims.push(ClaimSeen {
                    holder: Claimant::User(id(user)),
                    assigned: Some(word(*tier).into()),
                });
            }
        }
        for (group, tier) in &self.subscribed {
            seats.claims.push(ClaimSeen {
                holder: Claimant::Group(id(group)),
                assigned: Some(word(*tier).into()),
            });
        }
        let users = self.users.iter().map(|(n, person)| UserSeen {
            id: id(n),
            name: UserName::new(person.name.as_str()),
            revision: Some(person.revision.to_string().into()),
            attributes: person.attributes.clone(),
            marks: None,
            disabled: person.disabled,
            provided: person.provided,
        });
        let groups = self.groups.iter().map(|(n, team)| GroupSeen {
            id: id(n),
            name: GroupName::new(team.name.as_str()),
            revision: Some(team.revision.to_string().into()),
            description: team.description.as_deref().map(Into::into),
            provided: team.provided,
        });
        let members = self.members.iter();
        Reading {
            target: Target::default(),
            users: users.collect(),
            groups: groups.collect(),
            members: members
                .map(|(g, u)| (id(g), id(u), Id::new(format!("m-{g}-{u}"))))
                .collect(),
            seats: Some(seats),
            ..Reading::default()
        }
    }

    /// What Kiro gives a person: the highest of own and group grants.
    pub(crate) fn effective(&self, user: u32) -> Option<Tier> {
        let own = self
            .own
            .get(&user)
            .filter(|(_, held)| *held != Held::Cancelled);
        let groups = self.members.iter().filter(|(_, member)| *member == user);
        let through = groups
            .filter_map(|(group, _)| self.subscribed.get(group))
            .max();
        own.map(|(tier, _)| *tier).max(through.copied())
    }

    /// Does one operation, as one call does.
    pub(crate) fn perform(&mut self, operation: &Operation, ids: &mut Ids) -> Result<(), String> {
        let at = |ids: &Ids, p: &Principal| ids.get(p).copied().ok_or(format!("{p:?} has no id"));
        match operation {
            Operation::User(name, change) => {
                let principal = Principal::User(name.clone());
                match (&change.before, &change.after) {
                    (None, Some(user)) => {
                        self.free(user.name.as_str(), user.email(), None)?;
                        let id = self.id();
                        let person = Person {
                            name: user.name.as_str().into(),
                            attributes: user.attributes.clone(),
                            revision: 1,
                            disabled: false,
                            provided: false,
                        };
                        self.users.insert(id, person);
                        ids.insert(principal, id);
                    }
                    (Some(_), Some(user)) => {
                        let id = at(ids, &principal)?;
                        self.free(user.name.as_str(), user.email(), Some(id))?;
                        let person = self.users.get_mut(&id).ok_or("no such user")?;
                        if person.provided {
                            return Err("the provider's".into());
                        }
                        person.name = user.name.as_str().into();
                        person.attributes = user.attributes.clone();
                        person.revision += 1;
                    }
                    (_, None) => {
                        let id = at(ids, &principal)?;
                        let person = self.users.remove(&id).ok_or("no such user")?;
                        if person.provided {
                            return Err("the provider's".into());
                        }
                        self.members.retain(|(_, user)| *user != id);
                        self.own.remove(&id);
                    }
                }
            }
            Operation::Group(name, change) => {
                let principal = Principal::Group(name.clone());
                match (&change.before, &change.after) {
                    (None, Some(group)) => {
                        let id = self.id();
                        let taken = self
                            .groups
                            .values()
                            .any(|team| team.name == group.name.as_str());
                        if taken {
                            return Err("the name is taken".into());
                        }
                        let team = Team {
                            name: group.name.as_str().into(),
                            description: group.description.as_deref().map(Into::into),
                            revision: 1,
                            provided: false,
                        };
                        self.groups.insert(id, team);
                        ids.insert(principal, id);
                    }
                    (Some(_), Some(group)) => {
                        let id = at(ids, &principal)?;
                        let team = self.groups.get_mut(&id).ok_or("no such group")?;
                        if team.provided {
                            return Err("the provider's".into());
                        }
                        team.name = group.name.as_str().into();
                        team.description = group.description.as_deref().map(Into::into);
                        team.revision += 1;
                    }
                    (_, None) => {
                        let id = at(ids, &principal)?;
                        if self.subscribed.contains_key(&id) {
                            return Err("it still has a seat".into());
                        }
                        self.groups.remove(&id).ok_or("no such group")?;
                        self.members.retain(|(group, _)| *group != id);
                    }
                }
            }
            Operation::Member(member, change) => {
                let group = at(ids, &Principal::Group(member.group.clone()))?;
                let user = at(ids, &Principal::User(member.user.clone()))?;
                if !self.groups.contains_key(&group) || !self.users.contains_key(&user) {
                    return Err("a membership of nobody".into());
                }
                let changed = match change.after {
                    Some(()) if self.forgets_members => true,
                    Some(()) => self.members.insert((group, user)),
                    None => self.members.remove(&(group, user)),
                };
                if !changed {
                    return Err("a membership twice".into());
                }
            }
            Operation::Seat(Principal::Group(_), change) => {
                let Operation::Seat(holder, _) = operation else {
                    return Ok(());
                };
                let group = at(ids, holder)?;
                if !self.groups.contains_key(&group) {
                    return Err("a seat of nobody".into());
                }
                if self.subscribed.get(&group).copied() != change.before {
                    return Err("invalid state".into());
                }
                match change.after {
                    Some(tier) => self.subscribed.insert(group, tier),
                    None => self.subscribed.remove(&group),
                };
            }
            Operation::Seat(holder, change) => {
                let user = at(ids, holder)?;
                // A leaver's deletion waits for no seat call, and has taken the seat along: Kiro says it is gone.
                let Some(_) = self.users.get(&user) else {
                    self.done.push(format!("{operation:?}"));
                    return match change.after {
                        None => Ok(()),
                        Some(_) => Err("a seat of nobody".into()),
                    };
                };
                let held = self.own.get(&user);
                match (held, change.after) {
                    (Some((_, Held::Cancelled)), Some(_)) => {
                        return Err("held until the month ends".into());
                    }
                    (held, _) if held.map(|(tier, _)| *tier) != change.before => {
                        return Err("invalid state".into());
                    }
                    (_, Some(tier)) => {
                        self.own.insert(user, (tier, Held::Active));
                    }
                    (_, None) => {
                        self.own.remove(&user);
                    }
                }
            }
        }
        self.done.push(format!("{operation:?}"));
        Ok(())
    }

    fn free(&self, name: &str, email: Option<&str>, but: Option<u32>) -> Result<(), String> {
        for (id, person) in self.users.iter().filter(|(id, _)| Some(**id) != but) {
            if person.name.to_lowercase() == name.to_lowercase() {
                return Err(format!("the name {name} is taken by {id}"));
            }
            let theirs = person
                .attributes
                .get(&Attribute::Email)
                .and_then(Value::as_text);
            if theirs.is_some() && theirs == email {
                return Err(format!("the address of {name} is taken by {id}"));
            }
        }
        Ok(())
    }
}

fn word(tier: Tier) -> &'static str {
    match tier {
        Tier::Pro => "KIRO_ENTERPRISE_PRO",
        Tier::ProPlus => "KIRO_ENTERPRISE_PRO_PLUS",
        Tier::ProMax => "KIRO_ENTERPRISE_PRO_MAX",
        Tier::Power => "KIRO_ENTERPRISE_POWER",
    }
}
