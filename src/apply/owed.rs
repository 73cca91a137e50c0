//! Which mails earlier runs still owe, and to whom nobody can tell: the ledger's evidence beside what is live.

use super::memory::{Came, Memory};
use crate::live::{Id, Live};
use crate::model::{Principal, UserName};
use crate::plan::{Operation, Plan, identity_changes};
use std::collections::{BTreeMap as Map, HashSet};

/// Mails of earlier runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owed {
    /// Users whom an earlier run created and did not mail, by their present names.
    pub due: Vec<(UserName, Id)>,
    /// Users whom an earlier run created and whom a mail must not reach any more, by the names they were created with.
    pub withheld: Vec<(UserName, Withheld)>,
    /// Users whom an earlier run may have created, and of whom no ledger tells whether they were mailed.
    pub missed: Vec<UserName>,
}

/// Why a mail that was due is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Withheld {
    /// There is no such user any more, or only a namesake.
    Gone,
    /// DISABLED.
    Disabled,
    /// An identity provider owns the user now.
    Provided,
    /// The address is another one now, or this plan makes it another, or removes the user.
    Readdressed,
}

impl Withheld {
    /// For the ledger and for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Disabled => "disabled",
            Self::Provided => "provider-owned",
            Self::Readdressed => "re-addressed",
        }
    }
}

impl Owed {
    /// What `memory` says is due, as far as `live` (under AWS's names) and the plan allow it. `suspects` are those whom an
    /// earlier run was to create and mail; if no ledger tells of them, they may have been missed.
    pub fn of(memory: &Memory, live: &Live, plan: &Plan, suspects: &[UserName]) -> Self {
        let names: Map<&Id, &UserName> = live
            .known
            .iter()
            .filter_map(|(principal, known)| match principal {
                Principal::User(name) => Some((&known.id, name)),
                Principal::Group(_) => None,
            })
            .collect();
        let going = going(plan);
        let mut owed = Self::default();
        for (created_as, creation) in memory.creations() {
            if !creation.may_be_owed() || !wanted(plan, created_as) {
                continue;
            }
            let present = match &creation.id {
                Some(id) => names.get(id).map(|name| (*name, id)),
                None => {
                    let known = live.known.get(&Principal::User(created_as.clone()));
                    known.map(|known| (created_as, &known.id))
                }
            };
            let user = present.and_then(|(name, _)| live.directory.users.get(name));
            let why_not =
                match (present, user) {
                    (Some((name, _)), Some(user)) => {
                        let is_like = creation.came == Came::Ours || creation.is_like(user);
                        match is_like {
                            false => Some(Withheld::Gone),
                            true => why_not(live, &going, name)
                                .or((user.email() != creation.email())
                                    .then_some(Withheld::Readdressed)),
                        }
                    }
                    // The call was made or not, but the user is not there: this plan creates it, or nobody wants it.
                    _ if creation.came == Came::Begun => continue,
                    _ => Some(Withheld::Gone),
                };
            match (why_not, present) {
                (None, Some((name, id))) => owed.due.push((name.clone(), id.clone())),
                (why_not, _) => owed
                    .withheld
                    .push((created_as.clone(), why_not.unwrap_or(Withheld::Gone))),
            }
        }
        for suspect in suspects {
            let live_now = live.directory.users.contains_key(suspect);
            let told = memory.creation(suspect).is_some() || memory.was_named(suspect);
            if live_now && !told && why_not(live, &going, suspect).is_none() {
                owed.missed.push(suspect.clone());
            }
        }
        owed
    }

    /// Whether there is anything to do or to say.
    pub fn is_empty(&self) -> bool {
        let Self {
            due,
            withheld,
            missed,
        } = self;
        due.is_empty() && withheld.is_empty() && missed.is_empty()
    }
}

/// A plan that was asked to be about some people only is not about the mails of others.
fn wanted(plan: &Plan, user: &UserName) -> bool {
    plan.partial.only.is_empty() || plan.partial.only.iter().any(|only| only.fits_user(user))
}

/// Whom the plan removes or gives another name or address.
fn going(plan: &Plan) -> HashSet<&Id> {
    let going = plan
        .operations
        .iter()
        .filter_map(|operation| match operation {
            Operation::User(name, change) => {
                let goes = change.after.is_none() || identity_changes(operation);
                goes.then(|| Some(&plan.basis.get(&Principal::User(name.clone()))?.id))?
            }
            Operation::Group(..) | Operation::Member(..) | Operation::Seat(..) => None,
        });
    going.collect()
}

fn why_not(live: &Live, going: &HashSet<&Id>, name: &UserName) -> Option<Withheld> {
    let user = Principal::User(name.clone());
    if live.disabled.contains(name) {
        return Some(Withheld::Disabled);
    }
    if live.provided.contains(&user) {
        return Some(Withheld::Provided);
    }
    let id = live.known.get(&user).map(|known| &known.id);
    let goes = id.is_some_and(|id| going.contains(id));
    goes.then_some(Withheld::Readdressed)
}
