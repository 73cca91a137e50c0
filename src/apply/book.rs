//! Names to ids, in one place: what was read just before the first write, and what this run has made since.

use super::event;
use super::trouble::Trouble;
use super::write::Job;
use crate::live::{Id, Kiro, Known, SeatRow, SeatsSeen, Source};
use crate::model::{GroupName, Principal, Tier, UserName};
use crate::plan::{Action, Fresh, Operation, Plan, Step, Taken};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap as Map;
use std::sync::Arc;

/// The ids that calls are made with.
pub(super) struct Book {
    fresh: Fresh,
    /// The groups of users who are to be deleted.
    groups: Map<UserName, Vec<GroupName>>,
    /// The members of groups that are to be deleted.
    members: Map<GroupName, Vec<UserName>>,
}

/// What the seat lists show, by name.
pub(super) struct Shows {
    kiro: Kiro,
    seats: Map<Principal, Tier>,
}

impl Book {
    pub(super) fn new(fresh: Fresh, plan: &Plan) -> Self {
        let (mut groups, mut members) = (Map::new(), Map::new());
        for operation in &plan.operations {
            match operation {
                Operation::User(name, change) if change.after.is_none() => {
                    groups.insert(name.clone(), vec![]);
                }
                Operation::Group(name, change) if change.after.is_none() => {
                    members.insert(name.clone(), vec![]);
                }
                _ => {}
            }
        }
        if !(groups.is_empty() && members.is_empty()) {
            for member in fresh.membership_ids.keys() {
                if let Some(groups) = groups.get_mut(&member.user) {
                    groups.push(member.group.clone());
                }
                if let Some(members) = members.get_mut(&member.group) {
                    members.push(member.user.clone());
                }
            }
        }
        Self {
            fresh,
            groups,
            members,
        }
    }

    /// What has to be done, with ids for names. Everything that an operation rests on is in the book by then: the order
    /// saw to it.
    pub(super) fn job(&self, operation: &Operation) -> Result<Job, Trouble> {
        Ok(match operation {
            Operation::User(name, change) => match (&change.before, &change.after) {
                (None, Some(user)) => Job::CreateUser(Arc::clone(user)),
                (Some(before), Some(after)) => Job::UpdateUser {
                    known: self.known(&Principal::User(name.clone()))?.clone(),
                    before: Arc::clone(before),
                    after: Arc::clone(after),
                },
                (_, None) => Job::DeleteUser(self.known(&Principal::User(name.clone()))?.clone()),
            },
            Operation::Group(name, change) => match (&change.before, &change.after) {
                (None, Some(group)) => Job::CreateGroup(Arc::clone(group)),
                (Some(before), Some(after)) => Job::UpdateGroup {
                    known: self.known(&Principal::Group(name.clone()))?.clone(),
                    before: Arc::clone(before),
                    after: Arc::clone(after),
                },
                (_, None) => Job::DeleteGroup(self.known(&Principal::Group(name.clone()))?.clone()),
            },
            Operation::Member(member, change) => {
                let group = self.id(&Principal::Group(member.group.clone()))?;
                let user = self.id(&Principal::User(member.user.clone()))?;
                match change.action() {
                    Action::Delete => Job::RemoveMember {
                        id: self.fresh.membership_ids.get(member).cloned(),
                        group,
                        user,
                    },
                    Action::Create | Action::Update => Job::AddMember { group, user },
                }
            }
            Operation::Seat(holder, change) => {
                let row = match holder {
                    Principal::User(user) => {
                        let kiro = self.fresh.kiro.as_ref();
                        kiro.and_then(|kiro| kiro.rows.get(user)).cloned()
                    }
                    Principal::Group(_) => None,
                };
                Job::Seat {
                    id: self.id(holder)?,
                    holder: holder.clone(),
                    change: change.clone(),
                    row,
                }
            }
        })
    }

    /// Notes what a call has made, if it has made anything that has an id.
    pub(super) fn enter(&mut self, operation: &Operation, made: Option<Known>) {
        let principal = match operation {
            Operation::User(name, _) => Principal::User(name.clone()),
            Operation::Group(name, _) => Principal::Group(name.clone()),
            Operation::Member(..) | Operation::Seat(..) => return,
        };
        if let Some(known) = made {
            self.fresh.known.insert(principal, known);
        }
    }

    /// The ids of users and groups that the plan was to create, as far as they are there now, by operation.
    pub(super) fn ids_of_created(&self, plan: &Plan) -> Map<usize, Id> {
        let operations = plan.operations.iter().enumerate();
        let created = operations.filter_map(|(index, operation)| {
            let principal = match operation {
                Operation::User(name, change) if change.before.is_none() => {
                    Principal::User(name.clone())
                }
                Operation::Group(name, change) if change.before.is_none() => {
                    Principal::Group(name.clone())
                }
                _ => return None,
            };
            Some((index, self.id(&principal).ok()?))
        });
        created.collect()
    }

    /// What is there before an operation; where that removes it, whole, with what goes along: a person could make it
    /// again from this alone.
    pub(super) fn whole(&self, operation: &Operation, before: Option<Json>) -> Option<Json> {
        let (mut whole, more) = match operation {
            Operation::User(name, change) if change.after.is_none() => {
                let groups = self.groups.get(name).into_iter().flatten();
                let kiro = self.fresh.kiro.as_ref();
                let row = kiro.and_then(|kiro| kiro.rows.get(name));
                let seat = row.and_then(|row| row.tier).map(event::tier);
                let groups: Vec<&str> = groups.map(GroupName::as_str).collect();
                (before?, json!({ "groups": groups, "effective_tier": seat }))
            }
            Operation::Group(name, change) if change.after.is_none() => {
                let members = self.members.get(name).into_iter().flatten();
                let members: Vec<&str> = members.map(UserName::as_str).collect();
                (before?, json!({ "members": members }))
            }
            Operation::Member(member, change) if change.after.is_none() => {
                let id = |principal| self.id(&principal).ok();
                let group = id(Principal::Group(member.group.clone()));
                let user = id(Principal::User(member.user.clone()));
                let text = |id: &Option<Id>| id.as_ref().map(|id| id.as_str().to_owned());
                return Some(json!({ "group_id": text(&group), "user_id": text(&user) }));
            }
            _ => return before,
        };
        if let (Json::Object(whole), Json::Object(more)) = (&mut whole, more) {
            whole.extend(more);
        }
        Some(whole)
    }

    /// The seat lists, by the plan's names.
    pub(super) fn seats(&self, seen: SeatsSeen) -> Shows {
        let known = self.fresh.known.iter();
        let (mut users, mut groups) = (Vec::new(), Vec::new());
        for (principal, known) in known {
            match principal {
                Principal::User(name) => users.push((known.id.clone(), name.clone())),
                Principal::Group(name) => groups.push((known.id.clone(), name.clone())),
            }
        }
        let (kiro, seats) =
            seen.by_name(&users.into_iter().collect(), &groups.into_iter().collect());
        Shows { kiro, seats }
    }

    fn known(&self, principal: &Principal) -> Result<&Known, Trouble> {
        let known = self.fresh.known.get(principal);
        known.ok_or_else(|| Trouble::Nameless(principal.clone()))
    }

    pub(super) fn id(&self, principal: &Principal) -> Result<Id, Trouble> {
        Ok(self.known(principal)?.id.clone())
    }
}

impl Shows {
    /// Whether Kiro shows what a step waits for.
    pub(super) fn has(&self, step: &Step, plan: &Plan) -> bool {
        match step {
            Step::Write(_) => true,
            Step::SeatShows(index) => match plan.operations.get(*index) {
                Some(Operation::Seat(holder, change)) => {
                    self.seats.get(holder) == change.after.as_ref()
                }
                _ => true,
            },
            Step::AccessShows {
                user,
                tier,
                own,
                group,
                taken,
            } => {
                let row = self.kiro.rows.get(user);
                // Where rows do not tell, nobody can wait for what an earlier plan gave through a group: it would be for ever.
                let through = |row: &SeatRow| {
                    let cannot_tell = !row.told || row.source == Source::Unknown;
                    row.source.is_group() || (taken.is_some() && cannot_tell)
                };
                let keeps = |row: &SeatRow| {
                    row.tier >= Some(*tier)
                        && (!own || row.source.is_own())
                        && (!group || through(row))
                };
                row.is_some_and(keeps) || taken.is_some_and(|taken| !has_it(row, taken))
            }
        }
    }
}

/// Whether what is taken from a person has ever reached them: nobody loses what they do not have.
fn has_it(row: Option<&SeatRow>, taken: Taken) -> bool {
    row.is_some_and(|row| match row.source {
        Source::Own | Source::Group | Source::Both => {
            (taken.own && row.source.is_own()) || (taken.group && row.source.is_group())
        }
        Source::Unknown => true,
        // Another product's row hides Kiro's.
        Source::Foreign => false,
    })
}
