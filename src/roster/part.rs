//! Some of what is live, to be written instead of all of it: what is chosen, and what that cannot do without.
//!
//! A person or a group that is chosen comes whole: with all that its entry says in the roster of everything, a person with
//! memberships too. A membership or a seat comes with its person, since nobody is created from a name, and with its group
//! by name, since a name is enough for one. So a part plans to nothing where it was read, can be planned anywhere, and no
//! list of members is shorter than the live one.

use super::export::Told;
use super::sayable::has_list;
use crate::directory::{Directory, Group, Members, User};
use crate::live::{Kiro, Live};
use crate::model::{Membership, Principal, Subject};
use std::collections::{BTreeMap as Map, BTreeSet as Set};
use std::sync::Arc;

/// What is written: all of what is live, or some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// As if there were nothing else.
    pub live: Live,
    /// Who is in it by name, because something else names them.
    pub(super) mentioned: Set<Principal>,
}

impl Part {
    /// All of it.
    pub fn whole(live: Live) -> Self {
        let mentioned = Set::new();
        Self { live, mentioned }
    }

    /// What is chosen among the [`subjects`], and what comes along.
    pub fn of(live: &Live, chosen: impl Fn(&Subject) -> bool) -> Self {
        let mut choice = Choice::default();
        for subject in subjects(live).filter(chosen) {
            choice.take(subject);
        }
        choice.part(live)
    }

    /// Whether nothing was chosen.
    pub fn is_empty(&self) -> bool {
        self.live.directory.users.is_empty() && self.live.directory.groups.is_empty()
    }

    /// Who is in it and not whole, although nobody asked for that: a line each kind.
    pub fn told(&self) -> Vec<String> {
        told(self.mentioned.iter())
    }
}

/// What is said of those who are named by others.
pub(super) fn told<'p>(mentioned: impl Iterator<Item = &'p Principal>) -> Vec<String> {
    let mut told = Told::default();
    for who in mentioned {
        let what = match who {
            Principal::User(_) => {
                "people are in it by name alone, and `--only user:NAME` writes them whole"
            }
            Principal::Group(_) => {
                "groups are in it in part, and `--only group:NAME` writes them whole"
            }
        };
        told.add(what, who.name());
    }
    told.lines()
}

/// Everything that can be chosen: what a roster can say of what is live.
pub fn subjects(live: &Live) -> impl Iterator<Item = Subject> {
    let Directory {
        users,
        groups,
        members,
        seats,
    } = &live.directory;
    let users = users.keys().cloned().map(Subject::User);
    let groups = groups.keys().cloned().map(Subject::Group);
    let members = members.iter().cloned();
    let members = members.filter(|member| has_list(live, &member.group));
    let members = members.map(Subject::Member);
    let seats = seats.keys().cloned().map(Subject::Seat);
    users.chain(groups).chain(members).chain(seats)
}

#[derive(Default)]
struct Choice {
    /// People and groups that come whole.
    whole: Set<Principal>,
    members: Set<Membership>,
    seats: Set<Principal>,
}

/// Who is in the part, and who is in which group.
struct Ends {
    /// With what they are.
    described: Set<Principal>,
    /// By name.
    mentioned: Set<Principal>,
    members: Members,
}

impl Choice {
    fn take(&mut self, subject: Subject) {
        match subject {
            Subject::User(user) => drop(self.whole.insert(Principal::User(user))),
            Subject::Group(group) => drop(self.whole.insert(Principal::Group(group))),
            Subject::Member(member) => drop(self.members.insert(member)),
            Subject::Seat(holder) => drop(self.seats.insert(holder)),
        }
    }

    fn part(&self, live: &Live) -> Part {
        let ends = self.ends(live);
        let seats = live.directory.seats.iter();
        let seats = seats.filter(|(holder, _)| self.has_seat(holder));
        let directory = Directory {
            users: ends.of(&live.directory.users, User::named),
            groups: ends.of(&live.directory.groups, Group::named),
            seats: seats.map(|(who, tier)| (who.clone(), *tier)).collect(),
            members: ends.members,
        };
        let owned = |who: &&Principal| match who {
            Principal::User(_) => ends.described.contains(*who),
            Principal::Group(_) => directory.has(who),
        };
        let disabled = live.disabled.iter();
        let disabled = disabled.filter(|user| directory.users.contains_key(*user));
        let known = live.known.iter();
        let known = known.filter(|(who, _)| directory.has(who));
        let live = Live {
            target: live.target.clone(),
            known: known
                .map(|(who, known)| (who.clone(), known.clone()))
                .collect(),
            provided: live.provided.iter().filter(owned).cloned().collect(),
            disabled: disabled.cloned().collect(),
            kiro: live.kiro.as_ref().map(|kiro| self.rows(kiro)),
            listed: live.listed,
            membership_ids: Map::new(),
            directory,
        };
        Part {
            live,
            mentioned: ends.mentioned,
        }
    }

    fn has_seat(&self, holder: &Principal) -> bool {
        self.whole.contains(holder) || self.seats.contains(holder)
    }

    fn rows(&self, kiro: &Kiro) -> Kiro {
        let rows = kiro.rows.iter();
        let rows = rows.filter(|(user, _)| self.has_seat(&Principal::User((*user).clone())));
        Kiro {
            rows: rows
                .map(|(user, row)| (user.clone(), row.clone()))
                .collect(),
            claims_tell: kiro.claims_tell,
            ..Kiro::default()
        }
    }

    fn ends(&self, live: &Live) -> Ends {
        let (mut described, mut mentioned) = (self.whole.clone(), Set::new());
        for holder in &self.seats {
            match holder {
                Principal::User(_) => described.insert(holder.clone()),
                Principal::Group(_) => mentioned.insert(holder.clone()),
            };
        }
        let mut members = Vec::new();
        for member in live.directory.members.iter() {
            let user = Principal::User(member.user.clone());
            let group = Principal::Group(member.group.clone());
            if self.members.contains(member) || self.whole.contains(&user) {
                described.insert(user);
                mentioned.insert(group);
            } else if self.whole.contains(&group) {
                mentioned.insert(user);
            } else {
                continue;
            }
            members.push(member.clone());
        }
        mentioned.retain(|who| !described.contains(who));
        Ends {
            described,
            mentioned,
            members: members.into_iter().collect(),
        }
    }
}

impl Ends {
    fn of<N, E>(&self, live: &Map<N, Arc<E>>, named: impl Fn(N) -> E) -> Map<N, Arc<E>>
    where
        N: Clone + Ord + Into<Principal>,
    {
        let entries = live.iter().filter_map(|(name, entry)| {
            let who = name.clone().into();
            let entry = match (self.described.contains(&who), self.mentioned.contains(&who)) {
                (true, _) => entry.clone(),
                (false, true) => Arc::new(named(name.clone())),
                (false, false) => return None,
            };
            Some((name.clone(), entry))
        });
        entries.collect()
    }
}
