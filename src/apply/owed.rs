//! Which mails earlier runs still owe, and to whom nobody can tell: the ledger's evidence beside what is live.

use super::memory::{Came, Mailed, Memory};
use crate::aws::{Failure, Session};
use crate::live::{Id, UserSeen};
use crate::model::{Attribute, Principal, UserName, Value};
use crate::plan::{Operation, Plan, identity_changes};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use std::collections::{BTreeMap as Map, BTreeSet, HashSet};

/// Mails of earlier runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owed {
    /// Users whom an earlier run created and did not mail, by their present names.
    pub due: Vec<(UserName, Id)>,
    /// Those of them whom an earlier run may have mailed already: it was killed in the middle.
    pub asked: BTreeSet<UserName>,
    /// Users whom an earlier run created and whom a mail must not reach any more, by the names they were created with.
    pub withheld: Vec<(UserName, Withheld)>,
    /// Users whose mail an earlier run had no answer about, and did not live to say so.
    pub doubted: Vec<UserName>,
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

/// Users as a look at each has found them, by the names they were created with.
pub(super) type Seen = Map<UserName, Option<UserSeen>>;

/// Lookups side by side; the pacer sees to the rate.
const SIDE_BY_SIDE: usize = 16;

impl Owed {
    /// What `memory` says is due, as far as what is live and the plan allow it. `suspects` are those whom an earlier run was
    /// to create and mail; if no ledger tells of them, they may have been missed. Each is looked at: what a plan does not
    /// touch need not have been read.
    ///
    /// # Errors
    /// Whatever keeps somebody from being looked at.
    pub async fn look(
        session: &Session,
        memory: &Memory,
        plan: &Plan,
        suspects: &[UserName],
    ) -> Result<Self, Failure> {
        let due = memory
            .creations()
            .filter(|(_, creation)| creation.may_be_owed());
        let due = due.filter(|(name, _)| wanted(plan, name));
        let due = due.map(|(name, creation)| (name, creation.id.as_ref()));
        let untold = suspects.iter().filter(|name| is_untold(memory, name));
        let looks = due
            .chain(untold.map(|name| (name, None)))
            .map(|(name, id)| async move {
                let seen = match id {
                    Some(id) => session.user(id).await,
                    None => session.user_named(name).await,
                };
                seen.map(|seen| (name.clone(), seen))
            });
        let seen = stream::iter(looks).buffer_unordered(SIDE_BY_SIDE);
        let seen: Seen = seen.try_collect().await?;
        Ok(Self::of(memory, &seen, plan, suspects))
    }

    /// The same, of what was seen.
    pub(super) fn of(memory: &Memory, seen: &Seen, plan: &Plan, suspects: &[UserName]) -> Self {
        let going = going(plan);
        let mut owed = Self::default();
        for (created_as, creation) in memory.creations() {
            if !wanted(plan, created_as) {
                continue;
            }
            if creation.mail == Mailed::Doubted {
                owed.doubted.push(created_as.clone());
            }
            if !creation.may_be_owed() {
                continue;
            }
            let user = seen.get(created_as).and_then(Option::as_ref);
            let Some(user) = user else {
                // The call was made or not, but the user is not there: this plan creates it, or nobody wants it.
                if creation.came == Came::Ours {
                    owed.withheld.push((created_as.clone(), Withheld::Gone));
                }
                continue;
            };
            let is_ours = creation.came == Came::Ours || creation.is_like(user);
            let email = user
                .attributes
                .get(&Attribute::Email)
                .and_then(Value::as_text);
            let why_not = match is_ours {
                false => Some(Withheld::Gone),
                true => why_not(user, &going)
                    .or((email != creation.email()).then_some(Withheld::Readdressed)),
            };
            match why_not {
                None => {
                    owed.due.push((user.name.clone(), user.id.clone()));
                    if creation.asked > 0 {
                        owed.asked.insert(user.name.clone());
                    }
                }
                Some(why) => owed.withheld.push((created_as.clone(), why)),
            }
        }
        for suspect in suspects {
            let user = seen.get(suspect).and_then(Option::as_ref);
            let may_be_missed = user.is_some_and(|user| why_not(user, &going).is_none());
            if may_be_missed && is_untold(memory, suspect) {
                owed.missed.push(suspect.clone());
            }
        }
        owed
    }

    /// Whether there is anything to do or to say.
    pub fn is_empty(&self) -> bool {
        let Self {
            due,
            asked: _,
            withheld,
            doubted,
            missed,
        } = self;
        due.is_empty() && withheld.is_empty() && doubted.is_empty() && missed.is_empty()
    }
}

fn is_untold(memory: &Memory, name: &UserName) -> bool {
    memory.creation(name).is_none() && !memory.was_named(name)
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

fn why_not(user: &UserSeen, going: &HashSet<&Id>) -> Option<Withheld> {
    if user.disabled {
        Some(Withheld::Disabled)
    } else if user.provided {
        Some(Withheld::Provided)
    } else {
        going.contains(&user.id).then_some(Withheld::Readdressed)
    }
}
