//! Users, groups and who is in which: the roster's claims laid over live.

use super::{Aside, Block, Claims, Keeper, Lack, Note, Reason};
use crate::desired::{Ask, GroupClaim, Leaving, UserClaim};
use crate::directory::{Group, User, beside};
use crate::model::{
    Attribute, Family, GroupName, Membership, Place, Principal, Subject, UserName, Value, folded,
};
use std::collections::BTreeMap as Map;
use std::sync::Arc;

/// So many waiting entries are looked up for "did you mean".
const HINTED: usize = 100;

impl Claims<'_> {
    /// Attributes, renames and creations. Who leaves is dealt with in [`Self::leavers`].
    pub(super) fn users(&mut self) {
        for (name, claim, live) in beside(&self.desired.users, &self.live.directory.users) {
            if claim.is_tombstone() {
                continue;
            }
            match live {
                Some(now) => self.update_user(name, claim, now),
                None if claim.leaving.is_none() => self.create_user(name, claim),
                None => {}
            }
        }
    }

    fn update_user(&mut self, name: &UserName, claim: &UserClaim, now: &Arc<User>) {
        let renames = means_rename(name.as_str(), now.name.as_str(), || {
            claim.previously.iter().any(|old| old.value == now.name)
        });
        let mut said = claim.attributes.iter();
        let says_more =
            said.any(|(attribute, said)| said.value.wanted() != now.attributes.get(attribute));
        if !renames && !says_more {
            return;
        }
        let mut user = User::clone(now);
        if renames {
            user.name = name.clone();
        }
        for (attribute, said) in &claim.attributes {
            match &said.value {
                Ask::Is(value) => user.attributes.insert(*attribute, value.clone()),
                Ask::Nothing => user.attributes.remove(attribute),
            };
        }
        let subject = Subject::User(name.clone());
        if let Some(because) = self.keeper_of_user(name) {
            self.goal.notes.push(Note::Kept {
                subject,
                because,
                differs: differing(now, &user),
            });
            return;
        }
        let places = places_of(claim, now, &user);
        self.goal
            .directory
            .users
            .insert(name.clone(), Arc::new(user));
        self.because(subject, Reason::Declared(places));
    }

    fn create_user(&mut self, name: &UserName, claim: &UserClaim) {
        let mut user = User::named(name.clone());
        for (attribute, said) in &claim.attributes {
            if let Ask::Is(value) = &said.value {
                user.attributes.insert(*attribute, value.clone());
            }
        }
        let display_name = default_display_name(name, &user);
        if claim.stands_in {
            for attribute in [Attribute::GivenName, Attribute::FamilyName] {
                let said = user.attributes.entry(attribute);
                said.or_insert_with(|| Value::text(name.as_str()));
            }
        }
        let missing: Vec<Attribute> = Attribute::NEEDED_TO_CREATE
            .into_iter()
            .filter(|needed| !user.attributes.contains_key(needed))
            .collect();
        let lacks = if self.fence().is_provided(&Principal::User(name.clone())) {
            Some(Lack::Provider)
        } else if !missing.is_empty() {
            Some(Lack::Attributes(missing))
        } else if !self.manages(Family::Users) {
            Some(Lack::NotManaged)
        } else {
            None
        };
        if let Some(lacks) = lacks {
            self.user_waits(name, lacks, claim.at.first());
            return;
        }
        user.attributes
            .entry(Attribute::DisplayName)
            .or_insert(display_name);
        self.goal
            .directory
            .users
            .insert(name.clone(), Arc::new(user));
        self.because(
            Subject::User(name.clone()),
            Reason::Declared(claim.at.clone()),
        );
    }

    fn user_waits(&mut self, name: &UserName, lacks: Lack, at: Option<&Place>) {
        let Some(at) = at.cloned() else { return };
        let live = self.live.directory.users.keys().map(UserName::as_str);
        // A few that wait may be slips of the pen; a whole list that waits is none, and would be slow to look up.
        let like = match self.goal.aside.len() < HINTED {
            true => nearest(name.as_str(), live),
            false => None,
        };
        self.goal.aside.push(Aside::Waiting {
            who: Principal::User(name.clone()),
            lacks,
            like,
            at,
        });
    }

    /// No two users may share an address: a claim that would make them is refused, and live kept.
    pub(super) fn settle_emails(&mut self) {
        loop {
            let mut holders = self.addresses_that_change_hands();
            if holders.is_empty() {
                return;
            }
            for (name, user) in &self.goal.directory.users {
                if let Some(email) = user.email()
                    && let Some(names) = holders.get_mut(&folded(email))
                {
                    names.push(name.clone());
                }
            }
            holders.retain(|_, names| names.len() > 1);
            let mut refused = Vec::new();
            for (email, names) in &holders {
                let keeps = |name: &&UserName| {
                    let before = self.live.directory.users.get(*name);
                    before.and_then(|user| user.email()).map(folded).as_ref() == Some(email)
                };
                let holder = names.iter().find(keeps).unwrap_or(&names[0]);
                let takers = names.iter().filter(|name| *name != holder && !keeps(name));
                refused.extend(takers.map(|taker| (taker.clone(), email.clone(), holder.clone())));
            }
            if refused.is_empty() {
                return;
            }
            let takers = refused
                .iter()
                .map(|(taker, ..)| Subject::User(taker.clone()));
            self.take_back(takers.collect());
            for (user, email, holder) in refused {
                let creates = !self.live.directory.users.contains_key(&user);
                self.goal.blocks.push(Block::EmailHeld {
                    user,
                    email,
                    holder,
                    creates,
                });
            }
        }
    }

    /// Each address that somebody shall have and does not have yet, for its holders: live itself has no two of any.
    fn addresses_that_change_hands(&self) -> Map<String, Vec<UserName>> {
        let live = &self.live.directory.users;
        let mut addresses = Map::new();
        for (_, user, before) in beside(&self.goal.directory.users, live) {
            if before.is_some_and(|before| Arc::ptr_eq(before, user)) {
                continue;
            }
            if let Some(email) = user.email()
                && before.and_then(|before| before.email()) != Some(email)
            {
                addresses.insert(folded(email), vec![]);
            }
        }
        addresses
    }

    pub(super) fn groups(&mut self) {
        for (name, claim) in &self.desired.groups {
            let subject = Subject::Group(name.clone());
            let now = self.live.directory.groups.get(name);
            if let Some(at) = &claim.absent {
                self.remove_group(name, at);
                continue;
            }
            let mut group = match now {
                Some(now) => Group::clone(now),
                None => Group::named(name.clone()),
            };
            if means_rename(name.as_str(), group.name.as_str(), || {
                claim.previously.iter().any(|old| old.value == group.name)
            }) {
                group.name = name.clone();
            }
            match claim.description.as_ref().map(|said| &said.value) {
                Some(Ask::Is(description)) => group.description = Some(description.clone()),
                Some(Ask::Nothing) => group.description = None,
                None => {}
            }
            if now.is_some_and(|now| **now == group) {
                continue;
            }
            match (self.keeper_of_group(name), now) {
                (Some(because), Some(_)) => self.goal.notes.push(Note::Kept {
                    subject,
                    because,
                    differs: vec![],
                }),
                (Some(because), None) => {
                    let lacks = match because {
                        Keeper::Provider => Lack::Provider,
                        Keeper::NotManaged(_) => Lack::NotManaged,
                    };
                    let live = self.live.directory.groups.keys().map(GroupName::as_str);
                    if let Some(at) = claim.at.first().cloned() {
                        self.goal.aside.push(Aside::Waiting {
                            who: Principal::Group(name.clone()),
                            lacks,
                            like: nearest(name.as_str(), live),
                            at,
                        });
                    }
                }
                (None, _) => {
                    self.goal
                        .directory
                        .groups
                        .insert(name.clone(), Arc::new(group));
                    self.because(subject, Reason::Declared(group_places(claim)));
                }
            }
        }
    }

    fn remove_group(&mut self, name: &GroupName, at: &Place) {
        if !self.live.directory.groups.contains_key(name) {
            return;
        }
        let subject = Subject::Group(name.clone());
        if !self.desired.may_remove() {
            let at = at.clone();
            self.goal.notes.push(Note::NeedsRoot { subject, at });
            return;
        }
        // Nobody knows what becomes of the seat of a group that is deleted: it has to be taken first.
        let seated = Principal::Group(name.clone());
        let seated = self.live.directory.seats.contains_key(&seated);
        let seat_stays = (seated && !self.manages(Family::Seats)).then_some(Family::Seats);
        let keeper = self.keeper_of_group(name);
        if let Some(because) = keeper.or(seat_stays.map(Keeper::NotManaged)) {
            self.goal.notes.push(Note::Kept {
                subject,
                because,
                differs: vec![],
            });
            return;
        }
        let mut listed = self.desired.listed_in(name).peekable();
        if let Some(first) = listed.peek().and_then(|(_, at)| at.first()).cloned() {
            self.goal.notes.push(Note::GroupGoesAnyway {
                group: name.clone(),
                listed: listed.count() as u64,
                at: first,
            });
        }
        self.goal.directory.groups.remove(name);
        self.because(subject, Reason::Absent(at.clone()));
        let members = self.live.directory.members_of(name).cloned().collect();
        self.goes(&Principal::Group(name.clone()), members);
    }

    /// `state: absent` and `offboarded`: the seat, the memberships and, for the one, the user.
    pub(super) fn leavers(&mut self) {
        if !self.desired.may_remove() {
            return;
        }
        let leavers = self.desired.users.iter();
        let leavers = leavers.filter(|(_, claim)| claim.leaving.is_some());
        let leavers = leavers.map(|(name, _)| name).collect();
        let joined = self.live.directory.members.groups_of(&leavers, |_| true);
        let listed = self.desired.listed(&leavers);
        for (name, claim) in &self.desired.users {
            let Some(said) = &claim.leaving else { continue };
            let Some(user) = self.live.directory.users.get(name) else {
                continue;
            };
            let Some(leaving) = self.leaving(name) else {
                self.goal.notes.push(Note::Namesake {
                    user: name.clone(),
                    live: user.email().map(str::to_owned),
                    at: said.at.clone(),
                });
                continue;
            };
            let reason = match leaving {
                Leaving::Absent => Reason::Absent(said.at.clone()),
                Leaving::Offboarded => Reason::Offboarded(said.at.clone()),
            };
            self.note_what_leaving_beats(name, claim, listed.get(name));
            let keeper = self.keeper_of_user(name);
            if leaving == Leaving::Absent && keeper.is_none() {
                self.goal.directory.users.remove(name);
                self.because(Subject::User(name.clone()), reason);
                let groups = joined.get(name).into_iter().flatten();
                let members = groups.map(|group| Membership::new((*group).clone(), name.clone()));
                self.goes(&Principal::User(name.clone()), members.collect());
                continue;
            }
            if let (Leaving::Absent, Some(because)) = (leaving, keeper) {
                self.goal.notes.push(Note::Kept {
                    subject: Subject::User(name.clone()),
                    because,
                    differs: vec![],
                });
            }
            for group in joined.get(name).into_iter().flatten() {
                let left = Principal::Group((*group).clone());
                // Out of scope is somebody else's group, declared or not: leaving it is not this roster's to do.
                if !self.fence().is_provided(&left) && self.fence().reaches(&left) {
                    let member = Membership::new((*group).clone(), name.clone());
                    self.drop_member(&member, reason.clone());
                }
            }
            if self.live.kiro.is_some() {
                self.drop_seat(&Principal::User(name.clone()), reason);
            }
        }
    }

    fn note_what_leaving_beats(
        &mut self,
        name: &UserName,
        claim: &UserClaim,
        listed: Option<&Vec<(&Membership, &Vec<Place>)>>,
    ) {
        let listed = listed.into_iter().flatten();
        let mut over: Vec<(Subject, Place)> = listed
            .flat_map(|(member, at)| {
                at.iter()
                    .map(|at| (Subject::Member((*member).clone()), at.clone()))
            })
            .collect();
        if let Some(said) = &claim.seat
            && matches!(said.value, Ask::Is(_))
        {
            let holder = Principal::User(name.clone());
            over.push((Subject::Seat(holder), said.at.clone()));
        }
        if !over.is_empty() {
            self.goal.notes.push(Note::LeavingWins {
                user: name.clone(),
                over,
            });
        }
    }

    /// Whether and how this person leaves. A tombstone whose e-mail is not the live user's is nobody's.
    pub(super) fn leaving(&self, name: &UserName) -> Option<Leaving> {
        if !self.desired.may_remove() {
            return None;
        }
        let claim = self.desired.users.get(name)?;
        let leaving = claim.leaving.as_ref()?.value;
        let live = self.live.directory.users.get(name);
        match (leaving, live, claim.attributes.get(&Attribute::Email)) {
            (Leaving::Offboarded, ..) | (Leaving::Absent, None, _) => Some(leaving),
            (Leaving::Absent, Some(user), Some(said)) => match &said.value {
                Ask::Is(Value::Text(email)) => {
                    let same = user.email().map(folded) == Some(folded(email));
                    same.then_some(leaving)
                }
                _ => None,
            },
            (Leaving::Absent, Some(_), None) => None,
        }
    }

    pub(super) fn members(&mut self) {
        let (live, desired) = (&self.live.directory.members, &self.desired.members);
        // Both are in the same order: one walk finds what only one of them has.
        let mut present = live.iter().peekable();
        for (member, at) in desired {
            while let Some(unlisted) = present.next_if(|present| *present < member) {
                self.drop_unlisted(unlisted);
            }
            if present.next_if_eq(&member).is_none() {
                self.add_member(member, at);
            }
        }
        for unlisted in present {
            self.drop_unlisted(unlisted);
        }
    }

    fn drop_unlisted(&mut self, member: &Membership) {
        if let Some(at) = self.exact(&member.group) {
            self.drop_member(member, Reason::NotListed(at));
        }
    }

    /// Where a group says that its list is the whole list, if people may be taken out of it.
    fn exact(&self, group: &GroupName) -> Option<Place> {
        let claim = self.desired.groups.get(group)?;
        let at = claim.exact.clone().filter(|_| claim.absent.is_none())?;
        let group = Principal::Group(group.clone());
        let provided = self.fence().is_provided(&group);
        (!provided && self.desired.may_remove()).then_some(at)
    }

    fn add_member(&mut self, member: &Membership, at: &[Place]) {
        let Some(first) = at.first() else { return };
        let live = &self.live.directory;
        let (user, group) = (&member.user, &member.group);
        if self.leaving(user).is_some() {
            return;
        }
        let subject = Subject::Member(member.clone());
        if !self.goal.directory.groups.contains_key(group) {
            if !self.desired.groups.contains_key(group) {
                let names = live.groups.keys().map(GroupName::as_str);
                self.goal.blocks.push(Block::NoSuchGroup {
                    group: group.clone(),
                    like: nearest(group.as_str(), names).map(GroupName::new),
                    at: first.clone(),
                });
            }
            return;
        }
        if !self.goal.directory.users.contains_key(user) {
            // An entry says for itself that it waits; a name that is only listed has nobody else to say it.
            if !self.desired.users.contains_key(user) && self.waiting.insert(user.clone()) {
                let lacks = match self.fence().is_provided(&Principal::User(user.clone())) {
                    true => Lack::Provider,
                    false => Lack::Attributes(Attribute::NEEDED_TO_CREATE.into()),
                };
                self.user_waits(user, lacks, Some(first));
            }
            return;
        }
        let group = Principal::Group(group.clone());
        if let Some(because) = self.keeper(&group, Family::Memberships) {
            self.goal.notes.push(Note::Kept {
                subject,
                because,
                differs: vec![],
            });
        } else if self.live.disabled.contains(user) {
            let user = user.clone();
            self.goal.notes.push(Note::Disabled { user, subject });
        } else {
            self.goal.directory.members.insert(member.clone());
            self.because(subject, Reason::Declared(at.to_vec()));
        }
    }

    fn keeper_of_user(&self, name: &UserName) -> Option<Keeper> {
        self.keeper(&Principal::User(name.clone()), Family::Users)
    }

    fn keeper_of_group(&self, name: &GroupName) -> Option<Keeper> {
        self.keeper(&Principal::Group(name.clone()), Family::Groups)
    }

    /// Who goes takes memberships and seat along. The memberships are AWS's cascade; the seat is a call of its own.
    fn goes(&mut self, gone: &Principal, members: Vec<Membership>) {
        for member in members {
            self.drop_member(&member, Reason::GoesWith(gone.clone()));
        }
        self.drop_seat(gone, Reason::GoesWith(gone.clone()));
    }
}

/// A different name is a rename, unless it is the same in another case that nobody called an old name.
fn means_rename(wanted: &str, live: &str, was_called: impl Fn() -> bool) -> bool {
    wanted != live && (folded(wanted) != folded(live) || was_called())
}

/// "Given Family", as far as they are said; a name that stands in for both is said once.
fn default_display_name(name: &UserName, user: &User) -> Value {
    let parts = [Attribute::GivenName, Attribute::FamilyName];
    let parts = parts.map(|part| user.attributes.get(&part).and_then(Value::as_text));
    match parts {
        [Some(given), Some(family)] => Value::text(format!("{given} {family}")),
        [Some(one), None] | [None, Some(one)] => Value::text(one),
        [None, None] => Value::text(name.as_str()),
    }
}

/// Attributes in which two states of a user differ.
fn differing(now: &User, then: &User) -> Vec<Attribute> {
    let all = Attribute::ALL.iter().copied();
    all.filter(|a| now.attributes.get(a) != then.attributes.get(a))
        .collect()
}

/// Where the changed facts stand: the entry's own place only if nothing closer does.
fn places_of(claim: &UserClaim, now: &User, then: &User) -> Vec<Place> {
    let changed = differing(now, then).into_iter();
    let mut places: Vec<Place> = changed
        .filter_map(|attribute| Some(claim.attributes.get(&attribute)?.at.clone()))
        .collect();
    if now.name != then.name {
        places.extend(claim.previously.iter().map(|old| old.at.clone()));
    }
    if places.is_empty() {
        places.clone_from(&claim.at);
    }
    places.sort();
    places.dedup();
    places
}

fn group_places(claim: &GroupClaim) -> Vec<Place> {
    match &claim.description {
        Some(said) if claim.previously.is_empty() => vec![said.at.clone()],
        _ => claim.at.clone(),
    }
}

/// The live name that looks most like this one, if any does.
fn nearest<'a>(name: &str, live: impl Iterator<Item = &'a str>) -> Option<String> {
    let wanted = folded(name);
    let first = wanted.chars().next();
    // Among 100,000 names only those that can be a slip of this one are worth the full comparison.
    live.filter(|live| live.chars().flat_map(char::to_lowercase).next() == first)
        .filter(|live| live.len().abs_diff(name.len()) <= 3)
        .map(|live| (likeness(&wanted, &folded(live)), live))
        .filter(|(likeness, _)| *likeness > 0.88)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, live)| live.to_owned())
}

/// Of 1. Short names have few letters to be alike in: one slip of the pen is a likeness all the same.
fn likeness(wanted: &str, live: &str) -> f64 {
    let alike = strsim::jaro_winkler(wanted, live);
    match wanted.len() < 8 && strsim::damerau_levenshtein(wanted, live) == 1 {
        true => alike.max(0.9),
        false => alike,
    }
}
