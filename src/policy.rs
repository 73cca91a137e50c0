//! How much may change at once. Judged on two directories, not on operations: one plan in ten lowers somebody's tier
//! with no operation that names them.
//!
//! Who is deleted is counted once, under `remove_users`: their memberships and seats go with them and are not counted
//! again. Everything else counts by whatever route it comes: a deleted group takes memberships and perhaps seats.

use crate::cost::Cost;
use crate::desired::{Acknowledgement, Bound, Desired, Limit, Policy};
use crate::directory::{Directory, People, beside};
use crate::goal::{Block, Excess, Note};
use crate::live::{Access, Live};
use crate::model::{GroupName, Membership, Principal, Text, Usd, folded};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap as Map, BTreeSet as Set};
use std::sync::Arc;

/// What percentages are of: the live things that the roster names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    /// Users.
    pub users: u64,
    /// Groups.
    pub groups: u64,
    /// Memberships in those groups.
    pub memberships: u64,
    /// Own seats of those users and groups.
    pub seats: u64,
    /// What those users cost a month.
    pub usd: Usd,
}

impl Base {
    /// Counts what `desired` names in `live`, which is filed under the roster's names.
    pub fn of(desired: &Desired, live: &Live) -> Self {
        let directory = &live.directory;
        let users: People<'_> = beside(&directory.users, &desired.users)
            .filter(|(.., named)| named.is_some())
            .map(|(user, ..)| user)
            .collect();
        let groups: Vec<&GroupName> = beside(&directory.groups, &desired.groups)
            .filter(|(.., named)| named.is_some())
            .map(|(group, ..)| group)
            .collect();
        let named = |holder: &Principal| match holder {
            Principal::User(user) => users.contains(user),
            Principal::Group(group) => desired.groups.contains_key(group),
        };
        let memberships = groups
            .iter()
            .map(|group| directory.members.count(group) as u64);
        let highest = directory.highest().into_iter();
        let theirs = highest.filter(|(user, _)| users.contains(user));
        Self {
            users: users.len() as u64,
            groups: groups.len() as u64,
            memberships: memberships.sum(),
            seats: directory
                .seats
                .keys()
                .filter(|holder| named(holder))
                .count() as u64,
            usd: theirs.map(|(_, tier)| desired.prices.of(Some(tier))).sum(),
        }
    }
}

/// What has been agreed to, by limit: `--ack`, and what counts today of `acknowledge`.
pub type Agreed = Map<Limit, u64>;

/// An acknowledgement may not be older or lie further ahead than this.
const AHEAD_DAYS: i32 = 14;

/// Joins the two, and says which acknowledgements do not count.
pub fn agreed(given: &Agreed, reviewed: &[Acknowledgement], today: Date) -> (Agreed, Vec<Note>) {
    let mut agreed = given.clone();
    let mut notes = Vec::new();
    let last = today.saturating_add(AHEAD_DAYS.days());
    for ack in reviewed {
        if ack.expires < today || ack.expires > last {
            notes.push(Note::NotAcknowledged {
                limit: ack.limit,
                expires: ack.expires,
                at: ack.at.clone(),
            });
            continue;
        }
        let known = agreed.entry(ack.limit).or_default();
        *known = ack.count.max(*known);
    }
    (agreed, notes)
}

/// What is judged: two states, and what is known around them.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// Before the whole change set.
    pub before: &'a Directory,
    /// After it.
    pub after: &'a Directory,
    /// What AWS tells of account access, of those whose access matters to the change.
    pub access: &'a Map<Principal, Access>,
    /// What percentages are of.
    pub base: Base,
    /// What both cost.
    pub cost: &'a Cost,
}

/// Every block that `policy` makes of the change, and notes on account access.
pub fn judge(change: Change<'_>, policy: &Policy, agreed: &Agreed) -> (Vec<Block>, Vec<Note>) {
    let tally = Tally::of(change);
    let mut blocks = Vec::new();
    for limit in Limit::ALL {
        blocks.extend(tally.judged(limit, policy.bound(limit), change, agreed));
    }
    blocks.extend(budget(change, policy));
    blocks.extend(required(change, policy));
    let mut notes = joins(change);
    for (who, access) in change.access {
        match who {
            _ if *access == Access::None => {}
            Principal::Group(group) if !change.after.groups.contains_key(group) => {
                blocks.push(Block::GroupHoldsAccess {
                    group: group.clone(),
                    access: access.clone(),
                });
            }
            Principal::User(user) => notes.push(Note::UserHoldsAccess {
                user: user.clone(),
                access: access.clone(),
            }),
            Principal::Group(_) => {}
        }
    }
    (blocks, notes)
}

/// Who joins a group that holds account access, whether or not that was agreed to: the reviewer must see each.
fn joins(change: Change<'_>) -> Vec<Note> {
    let new = change.after.members.not_in(&change.before.members);
    let notes = new.filter_map(|member| {
        let access = change.access.get(&Principal::Group(member.group.clone()))?;
        (*access != Access::None).then(|| Note::JoinsAccess {
            user: member.user.clone(),
            group: member.group.clone(),
            access: access.clone(),
        })
    });
    notes.collect()
}

/// What is counted, by name.
#[derive(Default)]
struct Tally {
    removed_users: Vec<String>,
    removed_groups: Vec<String>,
    removed_memberships: Vec<String>,
    losers: Vec<String>,
    identities: Vec<String>,
    joined_access: Set<String>,
    /// Why AWS does not tell whether a group that is joined holds access.
    untold: Option<Text>,
    added_users: Vec<String>,
    /// How many members each group loses, and how many it has.
    shrinks: Vec<(String, u64, u64)>,
}

impl Tally {
    fn of(change: Change<'_>) -> Self {
        let Change {
            before,
            after,
            access,
            ..
        } = change;
        let mut tally = Self::default();
        for (name, was, will) in beside(&before.users, &after.users) {
            match will {
                None => tally.removed_users.push(name.to_string()),
                Some(will) if was.name != will.name || was.email() != will.email() => {
                    tally.identities.push(name.to_string());
                }
                Some(_) => {}
            }
        }
        for (name, _, will) in beside(&before.groups, &after.groups) {
            if will.is_none() {
                tally.removed_groups.push(name.to_string());
            }
        }
        let added = beside(&after.users, &before.users).filter(|(.., was)| was.is_none());
        tally.added_users = added.map(|(name, ..)| name.to_string()).collect();
        tally.leaving(before, after);
        tally.joining(before, after, access);
        tally.losers = losers(before, after);
        tally
    }

    /// Who leaves a group and stays, and which groups shrink by that.
    fn leaving(&mut self, before: &Directory, after: &Directory) {
        let mut left: Map<&GroupName, u64> = Map::new();
        for member in before.members.not_in(&after.members) {
            // Who is deleted is counted as a user.
            if after.users.contains_key(&member.user) {
                *left.entry(&member.group).or_default() += 1;
                let subject = format!("{} in {}", member.user, member.group);
                self.removed_memberships.push(subject);
            }
        }
        for (group, gone) in left {
            if after.groups.contains_key(group) {
                let had = before.members.count(group) as u64;
                self.shrinks.push((group.to_string(), gone, had));
            }
        }
    }

    /// Who joins a group that holds account access, or may.
    fn joining(&mut self, before: &Directory, after: &Directory, access: &Map<Principal, Access>) {
        for member in after.members.not_in(&before.members) {
            match access.get(&Principal::Group(member.group.clone())) {
                Some(Access::Holds(_)) => {
                    self.joined_access.insert(member.user.to_string());
                }
                Some(Access::NotTold(why)) => {
                    self.joined_access.insert(member.user.to_string());
                    self.untold = Some(why.clone());
                }
                Some(Access::None) | None => {}
            }
        }
    }

    fn judged(
        &self,
        limit: Limit,
        bound: Bound,
        change: Change<'_>,
        agreed: &Agreed,
    ) -> Option<Block> {
        let base = change.base;
        let share = |of: u64| (of * u64::from(bound.percent) / 100).max(u64::from(bound.floor));
        let listed = |names: &[String]| (names.len() as u64, names.to_vec());
        let ((count, names), allowed) = match limit {
            Limit::RemoveUsers => (listed(&self.removed_users), share(base.users)),
            Limit::RemoveGroups => (listed(&self.removed_groups), share(base.groups)),
            Limit::RemoveMemberships => {
                (listed(&self.removed_memberships), share(base.memberships))
            }
            Limit::CancelSeats => (listed(&self.losers), share(base.seats)),
            Limit::ChangeIdentity => (listed(&self.identities), share(base.users)),
            Limit::GrantsAccess => {
                let names: Vec<String> = self.joined_access.iter().cloned().collect();
                (listed(&names), share(base.users))
            }
            Limit::AddUsers => (listed(&self.added_users), share(base.users)),
            Limit::IncreaseUsd => {
                let more = change.cost.delta().in_cents().max(0) as u64;
                let base = base.usd.in_cents().max(0) as u64 / 100;
                ((more.div_ceil(100), vec![]), share(base))
            }
            Limit::ShrinkGroup => {
                let large = self.shrinks.iter().filter(|(_, gone, had)| {
                    *had >= u64::from(bound.floor) && gone * 100 > had * u64::from(bound.percent)
                });
                let names: Vec<String> = large.map(|(group, ..)| group.clone()).collect();
                (listed(&names), 0)
            }
            // Mails are no part of a directory.
            Limit::Invites => return None,
        };
        tripped(limit, count, allowed, names, self.untold_for(limit), agreed)
    }

    fn untold_for(&self, limit: Limit) -> Option<Text> {
        self.untold.clone().filter(|_| limit == Limit::GrantsAccess)
    }
}

/// A block, where `count` is more than `allowed` and more than what was agreed to.
pub fn tripped(
    limit: Limit,
    count: u64,
    allowed: u64,
    names: Vec<String>,
    untold: Option<Text>,
    agreed: &Agreed,
) -> Option<Block> {
    let acknowledged = agreed.get(&limit).copied();
    let passes = count <= allowed || acknowledged.is_some_and(|agreed| count <= agreed);
    let excess = Excess {
        limit,
        count,
        allowed,
        acknowledged,
        names,
        untold,
    };
    (!passes).then_some(Block::Limit(excess))
}

/// People who stay and have no seat then, or a lower one.
fn losers(before: &Directory, after: &Directory) -> Vec<String> {
    let (had, will) = (before.highest(), after.highest());
    let mut losers: Vec<String> = had
        .into_iter()
        .filter(|(user, tier)| will.get(user) < Some(tier) && after.users.contains_key(*user))
        .map(|(user, _)| user.to_string())
        .collect();
    losers.sort();
    losers
}

/// Only what makes things worse is blocked: a roster over its budget may still be tidied up.
fn budget(change: Change<'_>, policy: &Policy) -> Option<Block> {
    let budget = policy.budget.as_ref()?;
    let (before, after) = (change.cost.before.usd, change.cost.after.usd);
    (after > budget.value && after > before).then(|| Block::Budget {
        after,
        budget: budget.value,
        at: budget.at.clone(),
    })
}

fn required(change: Change<'_>, policy: &Policy) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (group, needs) in &policy.require {
        for key in called(
            &change.before.groups,
            group,
            group.as_str(),
            |key, group| [key.as_str(), group.name.as_str()],
        ) {
            let had = change.before.members.count(key) as u64;
            let count = change.after.members.count(key) as u64;
            if count < u64::from(needs.min) && count < had {
                blocks.push(Block::TooFewMembers {
                    group: group.clone(),
                    count,
                    min: needs.min,
                    at: needs.at.clone(),
                });
            }
            let required = needs.include.iter().flat_map(|user| {
                let keys = called(&change.before.users, user, user.as_str(), |key, user| {
                    [key.as_str(), user.name.as_str()]
                });
                keys.into_iter().map(move |key| (user, key))
            });
            for (user, user_key) in required {
                let member = Membership::new(key.clone(), user_key.clone());
                let [had, has] =
                    [change.before, change.after].map(|side| side.members.contains(&member));
                if had && !has {
                    blocks.push(Block::LosesRequired {
                        group: group.clone(),
                        user: user.clone(),
                        at: needs.at.clone(),
                    });
                }
            }
        }
    }
    blocks
}

/// Under which names a side knows whom or what a rule calls `name`: a roster may spell it otherwise, or rename it, and the
/// rule holds all the same. Its own is one of them: a member need not have been read as a user.
fn called<'d, N: Ord, E>(
    side: &'d Map<N, Arc<E>>,
    name: &'d N,
    spelled: &str,
    names: impl for<'n> Fn(&'n N, &'n E) -> [&'n str; 2],
) -> Vec<&'d N> {
    let spelled = folded(spelled);
    let fits = |key: &N, entry: &E| names(key, entry).iter().any(|one| folded(one) == spelled);
    let others = side
        .iter()
        .filter(|(key, entry)| *key != name && fits(key, entry));
    std::iter::once(name)
        .chain(others.map(|(key, _)| key))
        .collect()
}
