//! The scripts' files, and the list of Kiro's console, on their way to a roster that a person would have written:
//! completed from what is live, where that can be read. Every change to what the files say is told.

use super::document::Document;
use super::export::Told;
use super::{Format, Read, across, documents, draft, sources, words};
use crate::desired::{Ask, Desired, GroupClaim, Said, UserClaim};
use crate::directory::User;
use crate::live::Live;
use crate::model::{
    Attribute, GroupName, Membership, Place, Principal, Tier, UserName, Value, folded,
};
use crate::problem::{Problem, Problems, Spot};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::path::PathBuf;

/// What files say, on its way to a roster.
#[derive(Debug)]
pub struct Import {
    desired: Desired,
    /// Who goes by a name of the console's, which need not be a user name.
    console: BTreeSet<UserName>,
    /// Whose seat is cancelled or a group's: none of their own is claimed, whatever is wished for all.
    unseated: BTreeSet<UserName>,
    remarks: Vec<Said<String>>,
    told: Told,
}

/// Whom a tier for everybody is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TierFor {
    /// Everybody, whatever the files say.
    All,
    /// Those of whom the files say none.
    Blank,
}

/// The files have tiers of their own, so that one for everybody needs a word more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HasTiers {
    /// How many people.
    pub people: usize,
}

impl Import {
    /// Reads the files.
    ///
    /// # Errors
    /// Every problem at once.
    pub fn read(paths: &[PathBuf]) -> Result<Self, Problems> {
        let (files, problems) = sources::gather(paths);
        let Read {
            files,
            documents,
            whole,
            mut problems,
            remarks,
        } = documents(files, problems);
        for (file, _) in &files {
            if matches!(Format::of(file), Format::Yaml) {
                let problem = Problem::new(Spot::file(file.clone()), "this is a roster already");
                problems.push(problem.hint("import reads `.csv` and `.json` files"));
            }
        }
        if whole {
            across::some_entries(&documents, &mut problems);
        }
        across::names(&documents, &mut problems);
        let of = |document: &Document| document.console.is_some();
        let console = documents.iter().filter(|d| of(d)).flat_map(|d| &d.users);
        let console = console.map(|part| part.name.clone()).collect();
        let unseated = documents
            .iter()
            .flat_map(|d| &d.unseated)
            .cloned()
            .collect();
        let desired = Desired::of(documents, whole, &mut problems);
        match problems.is_empty() {
            true => Ok(Self {
                desired,
                console,
                unseated,
                remarks,
                told: Told::default(),
            }),
            false => Err(Problems::new(problems, files)),
        }
    }

    /// Whether what is live could add something.
    pub fn lacks_something(&self) -> bool {
        let lacks = |claim: &UserClaim| {
            let needed = Attribute::NEEDED_TO_CREATE;
            needed.iter().any(|a| !claim.attributes.contains_key(a))
        };
        !self.console.is_empty() || self.desired.users.values().any(lacks)
    }

    /// Adds what is live of these people: names and address, and of those whom the console lists their groups too.
    pub fn complete(&mut self, live: &Live) {
        let people = People::of(live);
        let mut users = std::mem::take(&mut self.desired.users);
        while let Some((name, mut claim)) = users.pop_first() {
            let from_console = self.console.contains(&name);
            let found = people.find(&name, from_console);
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
            if from_console {
                self.join_groups(&called, &claim, live);
            }
            self.desired.users.insert(called, claim);
        }
        if !self.console.is_empty() {
            self.group_tiers(live);
        }
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

    fn join_groups(&mut self, name: &UserName, claim: &UserClaim, live: &Live) {
        let Some(at) = claim.at.first() else { return };
        let joined = live.directory.members.iter().filter(|m| m.user == *name);
        let joined: Vec<Membership> = joined.cloned().collect();
        for member in joined {
            self.tell("groups are completed from live for", name.as_str());
            self.join(member, at.clone());
        }
    }

    fn join(&mut self, member: Membership, at: Place) {
        let group = self.desired.groups.entry(member.group.clone());
        let claim: &mut GroupClaim = group.or_default();
        if claim.at.is_empty() {
            claim.at.push(at.clone());
        }
        let places = self.desired.members.entry(member).or_default();
        if places.is_empty() {
            places.push(at);
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

    /// One tier for everybody.
    ///
    /// # Errors
    /// If the files have tiers of their own, and nobody said which are meant.
    pub fn tier(&mut self, tier: Tier, whom: Option<TierFor>) -> Result<(), HasTiers> {
        let has = self
            .desired
            .users
            .values()
            .filter(|claim| claim.seat.is_some());
        let people = has.count();
        if people > 0 && whom.is_none() {
            return Err(HasTiers { people });
        }
        let mut told = Vec::new();
        for (name, claim) in &mut self.desired.users {
            let Some(at) = claim.at.first().cloned() else {
                continue;
            };
            if self.unseated.contains(name) {
                told.push((
                    "people get no tier of their own, their seat is cancelled or a group's",
                    name,
                ));
                continue;
            }
            match &claim.seat {
                Some(_) if whom == Some(TierFor::Blank) => continue,
                Some(said) if said.value != Ask::Is(tier) => {
                    told.push(("people get the one tier instead of their own", name));
                }
                Some(_) => {}
                None => told.push(("people get the one tier", name)),
            }
            let value = Ask::Is(tier);
            claim.seat = Some(Said { value, at });
        }
        for (what, name) in told {
            self.told.add(what, name.as_str());
        }
        Ok(())
    }

    /// One more group for everybody.
    ///
    /// # Errors
    /// Why no group can have the name.
    pub fn group(&mut self, group: &str) -> Result<(), String> {
        words::group_name(group).map_err(|fault| fault.message)?;
        let group = GroupName::new(group);
        let people: Vec<(UserName, Place)> = (self.desired.users.iter())
            .filter_map(|(name, claim)| Some((name.clone(), claim.at.first()?.clone())))
            .collect();
        for (user, at) in people {
            self.join(Membership::new(group.clone(), user), at);
        }
        Ok(())
    }

    /// The roster's text, if anybody is left to be in it, and what the files do not say as it does.
    ///
    /// # Errors
    /// What the YAML library cannot write; nothing that can come from a file is known to be such.
    pub fn written(mut self) -> Result<(Option<String>, Vec<String>), fmt::Error> {
        let nameless = |name: &&UserName| words::user_name(name.as_str()).is_err();
        let strangers: Vec<UserName> = (self.desired.users.keys())
            .filter(nameless)
            .cloned()
            .collect();
        for name in strangers {
            self.desired.users.remove(&name);
            self.desired.members.retain(|member, _| member.user != name);
            self.tell(
                "people are left out, whose user name only live can tell",
                name.as_str(),
            );
        }
        for (name, claim) in &mut self.desired.users {
            if is_default(claim) {
                claim.attributes.remove(&Attribute::DisplayName);
                let what = "display names are left out, where they are \"Given Family\"";
                self.told.add(what, name.as_str());
            }
        }
        let some = !self.desired.users.is_empty() || !self.desired.groups.is_empty();
        let text = match some {
            true => Some(draft::write(&self.desired)?),
            false => None,
        };
        let remarks = self.remarks.iter();
        let remarks = remarks.map(|Said { value, at }| format!("{}: {value}", at.line()));
        Ok((text, remarks.chain(self.told.lines()).collect()))
    }

    fn tell(&mut self, what: &'static str, name: &str) {
        self.told.add(what, name);
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

/// Whether the display name is what a new user gets anyway.
fn is_default(claim: &UserClaim) -> bool {
    let text = |attribute| match &claim.attributes.get(&attribute)?.value {
        Ask::Is(value) => value.as_text(),
        Ask::Nothing => None,
    };
    let name = || {
        let (given, family) = (text(Attribute::GivenName)?, text(Attribute::FamilyName)?);
        Some(format!("{given} {family}"))
    };
    text(Attribute::DisplayName).is_some_and(|shown| name().as_deref() == Some(shown))
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
