//! Users: created, changed and renamed as the roster claims.

use super::names::means_rename;
use super::{Claims, Lack, Reason};
use crate::desired::{Ask, UserClaim};
use crate::directory::{User, beside};
use crate::model::{Attribute, Family, Place, Principal, Subject, UserName, Value};
use std::sync::Arc;

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
        if let Some(because) = self.keeper(&Principal::User(name.clone()), Family::Users) {
            self.note_kept(subject, because, differing(now, &user));
            return;
        }
        let places = places_of(claim, now, &user);
        let users = &mut self.goal.directory.users;
        users.insert(name.clone(), Arc::new(user));
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
        if let Some(lacks) = self.what_lacks(&user) {
            self.user_waits(name, lacks, claim.at.first());
            return;
        }
        let shown = user.attributes.entry(Attribute::DisplayName);
        shown.or_insert(display_name);
        let users = &mut self.goal.directory.users;
        users.insert(name.clone(), Arc::new(user));
        let subject = Subject::User(name.clone());
        self.because(subject, Reason::Declared(claim.at.clone()));
    }

    /// What it would take to create this user, if anything is missing.
    fn what_lacks(&self, user: &User) -> Option<Lack> {
        let needed = Attribute::NEEDED_TO_CREATE.into_iter();
        let missing: Vec<Attribute> = needed
            .filter(|needed| !user.attributes.contains_key(needed))
            .collect();
        if self
            .fence()
            .is_provided(&Principal::User(user.name.clone()))
        {
            Some(Lack::Provider)
        } else if !missing.is_empty() {
            Some(Lack::Attributes(missing))
        } else if !self.manages(Family::Users) {
            Some(Lack::NotManaged)
        } else {
            None
        }
    }
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
