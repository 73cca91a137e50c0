//! What a plan does not touch, as digests: enough to say later that something else has changed, too little to say what.

use super::{Operation, Plan};
use crate::live::Live;
use crate::model::{Principal, Subject, Text, hex};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet as Set};

/// Enough to tell one state from another: nobody tries to hit a digest here.
const BYTES: usize = 8;

/// A digest a kind, of what is live and not a subject of the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere(BTreeMap<Text, Text>);

impl Elsewhere {
    /// `live` is under the plan's names. Memberships count in groups whose memberships or tier the plan changes, which are read
    /// whenever it is applied. `None` where not everything was listed.
    pub fn of(plan: &Plan, live: &Live) -> Option<Self> {
        if !live.listed.is_all() {
            return None;
        }
        let subjects: Set<Subject> = plan.operations.iter().map(Operation::subject).collect();
        // Whom the plan renames or deletes takes memberships and seat along: those are called otherwise, or are gone, once
        // a part of it is applied.
        let touched = |end: Principal| subjects.contains(&Subject::from(end));
        let directory = &live.directory;
        let users = directory.users.iter();
        let users = users
            .filter(|(key, _)| !touched(Principal::User((*key).clone())))
            .map(|(_, user)| format!("{user:?}"));
        let groups = directory.groups.iter();
        let groups = groups
            .filter(|(key, _)| !touched(Principal::Group((*key).clone())))
            .map(|(_, group)| format!("{group:?}"));
        let joined: Set<_> = subjects
            .iter()
            .filter_map(|subject| match subject {
                Subject::Member(member) => Some(&member.group),
                // What becomes of its tier reaches everybody who is in it.
                Subject::Seat(Principal::Group(group)) => Some(group),
                _ => None,
            })
            .collect();
        // By the names that AWS has: the plan's own names are the roster's for one reading and not for the next.
        let present = |end: Principal| live.present_name(&end).unwrap_or(end);
        let members = joined
            .iter()
            .flat_map(|group| directory.members.of(group))
            .filter(|member| {
                !subjects.contains(&Subject::Member((*member).clone()))
                    && !touched(Principal::User(member.user.clone()))
                    && !touched(Principal::Group(member.group.clone()))
            })
            .map(|member| {
                let user = present(Principal::User(member.user.clone()));
                let group = present(Principal::Group(member.group.clone()));
                format!("{group:?} {user:?}")
            });
        let seats = directory.seats.iter();
        let seats = seats
            .filter(|(holder, _)| {
                let seat = Subject::Seat((*holder).clone());
                !subjects.contains(&seat) && !touched((*holder).clone())
            })
            .map(|(holder, tier)| format!("{:?} {tier}", present(holder.clone())));
        let kinds = BTreeMap::from([
            ("users".into(), digest(users)),
            ("groups".into(), digest(groups)),
            ("memberships".into(), digest(members)),
            ("seats".into(), digest(seats)),
        ]);
        // Whoever is in a group that is deleted leaves it: once it is gone, there is nothing to compare.
        let going = plan
            .operations
            .iter()
            .filter_map(|operation| match operation {
                Operation::Group(group, change) if change.after.is_none() => Some(group),
                _ => None,
            });
        let going = going.filter(|group| directory.groups.contains_key(*group));
        let going = going.map(|group| {
            let members = directory.members.of(group);
            let members = members.filter(|member| {
                !subjects.contains(&Subject::Member((*member).clone()))
                    && !touched(Principal::User(member.user.clone()))
            });
            let members = members
                .map(|member| format!("{:?}", present(Principal::User(member.user.clone()))));
            (format!("memberships of {group}").into(), digest(members))
        });
        Some(Self(kinds.into_iter().chain(going).collect()))
    }

    /// The kinds in which something differs.
    pub fn differs<'a>(&'a self, now: &'a Self) -> impl Iterator<Item = &'a str> {
        let kinds = self.0.iter();
        kinds
            .filter(|(kind, digest)| now.0.get(*kind).is_some_and(|now| now != *digest))
            .map(|(kind, _)| &**kind)
    }
}

/// The debug form names every field, and a new one changes it: then a difference is told once too often, never once too
/// rarely.
fn digest(things: impl Iterator<Item = String>) -> Text {
    let mut things: Vec<String> = things.collect();
    things.sort_unstable();
    let mut digest = Sha256::new();
    for thing in things {
        digest.update(thing);
        digest.update("\n");
    }
    hex(digest.finalize().into_iter().take(BYTES)).into()
}
