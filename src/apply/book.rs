//! Names to ids, in one place: what was read just before the first write, and what this run has made since.

use super::write::{Job, Made, Trouble};
use crate::live::{Id, Kiro, Known, SeatsSeen};
use crate::model::{Principal, Tier, UserName};
use crate::plan::{Action, Fresh, Operation, Plan, Step};
use std::collections::BTreeMap as Map;
use std::sync::Arc;

/// The ids that calls are made with.
pub(super) struct Book {
    fresh: Fresh,
}

/// What the seat lists show, by name.
pub(super) struct Shows {
    kiro: Kiro,
    seats: Map<Principal, Tier>,
}

impl Book {
    pub(super) fn new(fresh: Fresh) -> Self {
        Self { fresh }
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

    /// Notes what a call has made.
    pub(super) fn enter(&mut self, operation: &Operation, made: Made) {
        let principal = match operation {
            Operation::User(name, _) => Principal::User(name.clone()),
            Operation::Group(name, _) => Principal::Group(name.clone()),
            Operation::Member(..) | Operation::Seat(..) => return,
        };
        match made {
            Made::Object(known) => {
                self.fresh.known.insert(principal, known);
            }
            Made::Nothing => {}
        }
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

    fn id(&self, principal: &Principal) -> Result<Id, Trouble> {
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
            } => self.access(user, *tier, *own, *group),
        }
    }

    fn access(&self, user: &UserName, tier: Tier, own: bool, group: bool) -> bool {
        let Some(row) = self.kiro.rows.get(user) else {
            return false;
        };
        row.tier >= Some(tier) && (!own || row.source.is_own()) && (!group || row.source.is_group())
    }
}
