//! What live adds to the files: who the console's names mean, and what is missing of people.

use super::{Import, is_default, is_stranger};
use crate::desired::{Ask, Said, UserClaim};
use crate::directory::User;
use crate::live::Live;
use crate::model::{Attribute, Membership, Place, Principal, UserName, Value, folded};
use crate::roster::words;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

impl Import {
    /// Adds what is live of these people: names and address, and of those whom the console lists their groups too.
    pub fn complete(&mut self, live: &Live) {
        let people = People::of(live);
        let mut users = std::mem::take(&mut self.desired.users);
        let mut called_now: BTreeMap<UserName, UserName> = BTreeMap::new();
        while let Some((name, mut claim)) = users.pop_first() {
            let from_console = self.console.contains(&name);
            let found = people.find(&name, from_console);
            if from_console && found.is_none() && is_stranger(&name) {
                let what = "people are left out, of whom live knows nobody or several";
                self.tell(what, name.as_str());
                continue;
            }
            let called = match found {
                Some(user) if from_console => user.name.clone(),
                _ => name.clone(),
            };
            if called != name {
                if self.desired.users.contains_key(&called) || users.contains_key(&called) {
                    self.tell(
                        "people are left out, who are here under their user name too",
                        name.as_str(),
                    );
                    continue;
                }
                self.tell("people get their user name", &format!("{called} ({name})"));
            }
            match found {
                Some(user) => self.fill(&mut claim, user, live),
                None => self.stand_in(&called, &mut claim),
            }
            self.desired.users.insert(called.clone(), claim);
            called_now.insert(name, called);
        }
        self.call(&called_now);
        if !self.console.is_empty() {
            self.join_groups(live);
            self.group_tiers(live);
        }
    }

    /// What is known of people under the names that they have now.
    fn call(&mut self, now: &BTreeMap<UserName, UserName>) {
        let call = |name: UserName| now.get(&name).cloned().unwrap_or(name);
        let all = |names: &mut BTreeSet<UserName>| {
            *names = std::mem::take(names).into_iter().map(call).collect();
        };
        all(&mut self.console);
        all(&mut self.unseated);
        let members = std::mem::take(&mut self.desired.members).into_iter();
        let members = members.map(|(m, at)| (Membership::new(m.group, call(m.user)), at));
        self.desired.members = members.collect();
    }

    fn fill(&mut self, claim: &mut UserClaim, user: &User, live: &Live) {
        // What an identity provider owns is not for a roster to say.
        if live.provided.contains(&Principal::User(user.name.clone())) {
            return;
        }
        let Some(at) = claim.at.first().cloned() else {
            return;
        };
        for attribute in Attribute::ALL.iter().copied().filter(|a| a.is_core()) {
            if claim.attributes.contains_key(&attribute) {
                continue;
            }
            if let Some(value) = user.attributes.get(&attribute)
                && value.as_text().is_some_and(|text| fits(attribute, text))
            {
                let said = Said {
                    value: Ask::Is(value.clone()),
                    at: at.clone(),
                };
                claim.attributes.insert(attribute, said);
                if attribute == Attribute::DisplayName && is_default(claim) {
                    claim.attributes.remove(&attribute);
                } else {
                    self.tell(completed(attribute), user.name.as_str());
                }
            }
        }
    }

    /// Where a user is to be created, the scripts let the user name stand in; a roster has to say so.
    fn stand_in(&mut self, name: &UserName, claim: &mut UserClaim) {
        let creates = claim.attributes.contains_key(&Attribute::Email);
        let Some(at) = claim.at.first().cloned().filter(|_| creates) else {
            return;
        };
        for attribute in [Attribute::GivenName, Attribute::FamilyName] {
            if let Entry::Vacant(missing) = claim.attributes.entry(attribute) {
                let value = Ask::Is(Value::text(name.as_str()));
                let at = at.clone();
                missing.insert(Said { value, at });
                let what = "people who are not live get their user name for a missing one";
                self.told.add(what, name.as_str());
            }
        }
    }

    fn join_groups(&mut self, live: &Live) {
        let console: Vec<(UserName, Place)> = (self.desired.users.iter())
            .filter(|(name, _)| self.console.contains(*name))
            .filter_map(|(name, claim)| Some((name.clone(), claim.at.first()?.clone())))
            .collect();
        let people = console.iter().map(|(name, _)| name).collect();
        let mut groups = live.directory.members.groups_of(&people, |_| true);
        for (name, at) in &console {
            for group in groups.remove(name).unwrap_or_default() {
                self.tell("groups are completed from live for", name.as_str());
                let member = Membership::new(group.clone(), name.clone());
                self.join(member, at.clone());
            }
        }
    }

    fn group_tiers(&mut self, live: &Live) {
        let mut seated = Vec::new();
        for (name, claim) in &mut self.desired.groups {
            if let (None, Some(tier)) = (&claim.seat, live.directory.tier_of(name))
                && let Some(at) = claim.at.first().cloned()
            {
                let value = Ask::Is(tier);
                claim.seat = Some(Said { value, at });
                seated.push(name.to_string());
            }
        }
        for name in seated {
            self.tell("tiers are completed from live for the groups", &name);
        }
    }
}

fn completed(attribute: Attribute) -> &'static str {
    match attribute {
        Attribute::GivenName => "given names are completed from live for",
        Attribute::FamilyName => "family names are completed from live for",
        Attribute::Email => "e-mail addresses are completed from live for",
        _ => "display names are completed from live for",
    }
}

/// Whether a roster that says so would load.
fn fits(attribute: Attribute, text: &str) -> bool {
    match attribute {
        Attribute::Email => words::email(text).is_ok(),
        _ => words::text(text, "").is_ok(),
    }
}

/// Whom a name means: a user name, as it is or in another case; and in the console's list a display name or an address,
/// where only one person has it.
struct People<'l> {
    live: &'l Live,
    folded: HashMap<String, Option<&'l User>>,
    otherwise: HashMap<String, Option<&'l User>>,
}

impl<'l> People<'l> {
    fn of(live: &'l Live) -> Self {
        let mut people = Self {
            live,
            folded: HashMap::new(),
            otherwise: HashMap::new(),
        };
        for user in live.directory.users.values().map(|user| &**user) {
            let once = |known: &mut HashMap<String, Option<&'l User>>, name: &str| {
                let place = known.entry(folded(name));
                place
                    .and_modify(|first| *first = None)
                    .or_insert(Some(user));
            };
            once(&mut people.folded, user.name.as_str());
            let display = user.attributes.get(&Attribute::DisplayName);
            let display = display.and_then(Value::as_text);
            let names: BTreeMap<String, &str> = (display.into_iter().chain(user.email()))
                .map(|name| (folded(name), name))
                .collect();
            for name in names.into_values() {
                once(&mut people.otherwise, name);
            }
        }
        people
    }

    fn find(&self, name: &UserName, from_console: bool) -> Option<&'l User> {
        if let Some(user) = self.live.directory.users.get(name) {
            return Some(user);
        }
        let key = folded(name.as_str());
        let by_name = self.folded.get(&key).copied().flatten();
        let otherwise = || self.otherwise.get(&key).copied().flatten();
        by_name.or_else(|| from_console.then(otherwise).flatten())
    }
}
