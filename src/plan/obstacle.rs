//! What stands in the way of an operation whose fields are still as planned.

use super::taken::taken;
use super::{Action, Operation, Plan};
use crate::directory::Directory;
use crate::live::Live;
use crate::model::{Family, Principal, Subject, Tier, UserName};
use std::collections::{HashMap, HashSet};

/// What stands in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// This one has the name or the e-mail address by now.
    Taken(Principal),
    /// An identity provider owns this one by now.
    Provided(Principal),
    /// This person is disabled by now, and so is given nothing.
    Disabled(UserName),
    /// What is to be deleted has been given a seat since, which nobody would take first.
    Seat(Tier),
}

/// Of these operations of a plan, all of them ready. `live` is under the plan's names; `after` is what comes of them.
pub(super) fn obstacles<'o>(
    ready: impl Iterator<Item = &'o Operation> + Clone,
    plan: &Plan,
    live: &Live,
    after: &Directory,
) -> HashMap<Subject, Obstacle> {
    let taken = taken(ready.clone(), after);
    let taken = taken
        .into_iter()
        .map(|(subject, by)| (subject, Obstacle::Taken(by)));
    // Where seats are not ours to write, one ends with its holder, as the plan has said.
    let seats = plan.terms.policy.manage.contains(&Family::Seats);
    let planned: HashSet<&Principal> = plan
        .operations
        .iter()
        .filter_map(Operation::holder)
        .collect();
    let given = |owner: &Principal| {
        let tier = live.directory.seats.get(owner).copied();
        tier.filter(|_| seats && !planned.contains(owner))
    };
    let others = ready.filter_map(|operation| {
        let obstacle = match owner_to_delete(operation).and_then(|owner| given(&owner)) {
            Some(tier) => Some(Obstacle::Seat(tier)),
            None => out_of_reach(operation, live),
        };
        Some((operation.subject(), obstacle?))
    });
    others.chain(taken).collect()
}

fn owner_to_delete(operation: &Operation) -> Option<Principal> {
    match operation {
        _ if operation.action() != Action::Delete => None,
        Operation::User(name, _) => Some(Principal::User(name.clone())),
        Operation::Group(name, _) => Some(Principal::Group(name.clone())),
        Operation::Member(..) | Operation::Seat(..) => None,
    }
}

/// Whether somebody has become what no plan made today would touch.
fn out_of_reach(operation: &Operation, live: &Live) -> Option<Obstacle> {
    let provided = |who: Principal| {
        let is = live.provided.contains(&who);
        is.then_some(Obstacle::Provided(who))
    };
    let disabled = |user: &UserName| {
        let is = live.disabled.contains(user);
        is.then(|| Obstacle::Disabled(user.clone()))
    };
    match operation {
        Operation::User(name, _) => provided(Principal::User(name.clone())),
        Operation::Group(name, _) => provided(Principal::Group(name.clone())),
        Operation::Member(member, change) => {
            let joins = change.after.is_some().then_some(&member.user);
            joins
                .and_then(disabled)
                .or_else(|| provided(Principal::Group(member.group.clone())))
        }
        Operation::Seat(Principal::User(user), change) => {
            let gains = (change.after > change.before).then_some(user);
            gains.and_then(disabled)
        }
        Operation::Seat(Principal::Group(_), _) => None,
    }
}
