//! The scripts' files, and the list of Kiro's console, on their way to a roster that a person would have written:
//! completed from what is live, where that can be read. Every change to what the files say is told.

mod complete;

use super::export::Told;
use super::{Format, Together, across, documents, draft, sources, words};
use crate::desired::{Ask, Desired, GroupClaim, Said, UserClaim};
use crate::model::{Attribute, GroupName, Membership, Place, Tier, UserName};
use crate::problem::{Problem, Problems, Spot};
use std::collections::BTreeSet;
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
        let mut read = documents(files, problems);
        let rosters = read.files.iter().map(|(file, _)| file);
        let rosters = rosters.filter(|file| matches!(Format::of(file), Format::Yaml));
        let problems = rosters.map(|file| {
            let problem = Problem::new(Spot::file(file.clone()), "this is a roster already");
            problem.hint("import reads `.csv` and `.json` files")
        });
        read.problems.extend(problems);
        let documents = read.documents.iter();
        let consoles = documents
            .clone()
            .filter(|document| document.console.is_some());
        let console = consoles.flat_map(|document| &document.users);
        let console = console.map(|part| part.name.clone()).collect();
        let unseated = documents.flat_map(|document| &document.unseated);
        let unseated = unseated.cloned().collect();
        let Together {
            desired,
            files: _,
            remarks,
        } = read.together(across::some_entries)?;
        Ok(Self {
            desired,
            console,
            unseated,
            remarks,
            told: Told::default(),
        })
    }

    /// Whether what is live could add something.
    pub fn lacks_something(&self) -> bool {
        let lacks = |claim: &UserClaim| {
            let needed = Attribute::NEEDED_TO_CREATE;
            needed.iter().any(|a| !claim.attributes.contains_key(a))
        };
        !self.console.is_empty() || self.desired.users.values().any(lacks)
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
        for name in self.desired.users.keys().filter(|name| is_stranger(name)) {
            let what = "people are left out, whose user name only live can tell";
            self.told.add(what, name.as_str());
        }
        self.desired.users.retain(|name, _| !is_stranger(name));
        self.desired
            .members
            .retain(|member, _| !is_stranger(&member.user));
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

    fn tell(&mut self, what: &'static str, name: &str) {
        self.told.add(what, name);
    }
}

/// Whether the name cannot be a user name.
fn is_stranger(name: &UserName) -> bool {
    words::user_name(name.as_str()).is_err()
}

/// Whether the display name is what a new user gets anyway.
fn is_default(claim: &UserClaim) -> bool {
    let text = |attribute| {
        let said = claim.attributes.get(&attribute)?;
        said.value.wanted()?.as_text()
    };
    let name = || {
        let (given, family) = (text(Attribute::GivenName)?, text(Attribute::FamilyName)?);
        Some(format!("{given} {family}"))
    };
    text(Attribute::DisplayName).is_some_and(|shown| name().as_deref() == Some(shown))
}
