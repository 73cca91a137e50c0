//! Which operations a part has: what is chosen, what that needs, and whatever keeps people where they are meant to be.

use super::{Partial, principals, takes};
use crate::directory::Directory;
use crate::goal::Reason;
use crate::model::{Membership, Principal, Subject, UserName};
use crate::plan::{Action, Operation, Plan, Side, on, shifts};
use std::collections::{BTreeSet as Set, HashMap, HashSet};

/// By index in the plan.
pub(super) fn chosen(partial: &Partial, plan: &Plan, live: &Directory) -> Set<usize> {
    let operations = plan.operations.iter().enumerate();
    let wanted = operations.filter(|(_, operation)| {
        let subject = operation.subject();
        let only = partial.only.is_empty() || partial.only.iter().any(|s| s.fits(&subject));
        only && !(partial.additive && takes(operation))
    });
    let wanted: Vec<usize> = wanted.map(|(index, _)| index).collect();
    let graph = Needs::of(&plan.operations);
    let needs = |index: &usize| graph.needed_by(&plan.operations[*index], plan);
    let mut chosen = Set::new();
    let mut fresh = wanted;
    while !fresh.is_empty() {
        while let Some(index) = fresh.pop() {
            if chosen.insert(index) {
                fresh.extend(needs(&index));
            }
        }
        if !partial.additive {
            fresh = replacements(&chosen, plan, live);
        }
    }
    if partial.additive {
        chosen.retain(|index| !takes(&plan.operations[*index]));
        // What needs something that was left out cannot be done either.
        loop {
            let stuck = |index: &&usize| needs(index).iter().any(|n| !chosen.contains(n));
            let stuck: Set<usize> = chosen.iter().filter(stuck).copied().collect();
            if stuck.is_empty() {
                break;
            }
            chosen.retain(|index| !stuck.contains(index));
        }
    }
    chosen
}

/// What is missing for those who would be lower with only what is chosen than they are now, and than they are to be: nobody
/// loses a seat because half of a move was chosen.
fn replacements(chosen: &Set<usize>, plan: &Plan, live: &Directory) -> Vec<usize> {
    let some: Vec<Operation> = chosen.iter().map(|i| plan.operations[*i].clone()).collect();
    let shifts = shifts(&some, live, &on(Side::After, live, &some));
    let losers: HashSet<&UserName> = shifts
        .iter()
        .filter(|(user, shift)| {
            let whole = plan.shifts.get(*user);
            let meant = whole.map_or(shift.before, |whole| whole.after);
            shift.lowers() && shift.after < meant
        })
        .map(|(user, _)| user)
        .collect();
    if losers.is_empty() {
        return vec![];
    }
    let whole = on(Side::After, live, &plan.operations);
    let gives = |operation: &Operation| match operation {
        Operation::Seat(Principal::User(user), change) => {
            change.after > change.before && losers.contains(user)
        }
        Operation::Member(member, change) => {
            let seated = whole.tier_of(&member.group).is_some();
            change.after.is_some() && seated && losers.contains(&member.user)
        }
        Operation::Seat(Principal::Group(group), change) => {
            let is_in = |user: &&UserName| {
                let member = Membership::new(group.clone(), (*user).clone());
                whole.members.contains(&member)
            };
            change.after > change.before && losers.iter().any(is_in)
        }
        Operation::User(..) | Operation::Group(..) => false,
    };
    let operations = plan.operations.iter().enumerate();
    let missing =
        operations.filter(|(index, operation)| !chosen.contains(index) && gives(operation));
    missing.map(|(index, _)| index).collect()
}

/// Which operations others rest on: creations, addresses set free, and what goes with its owner.
struct Needs {
    creates: HashMap<Principal, usize>,
    frees: HashMap<String, usize>,
    seats: HashMap<Principal, usize>,
}

impl Needs {
    fn of(operations: &[Operation]) -> Self {
        let mut needs = Self {
            creates: HashMap::new(),
            frees: HashMap::new(),
            seats: HashMap::new(),
        };
        for (index, operation) in operations.iter().enumerate() {
            match operation {
                Operation::User(name, change) => {
                    if change.before.is_none() {
                        needs.creates.insert(Principal::User(name.clone()), index);
                    }
                    let freed = change.email_freed();
                    needs.frees.extend(freed.map(|email| (email, index)));
                }
                Operation::Group(name, change) if change.before.is_none() => {
                    needs.creates.insert(Principal::Group(name.clone()), index);
                }
                Operation::Seat(holder, change) if change.after.is_none() => {
                    needs.seats.insert(holder.clone(), index);
                }
                Operation::Group(..) | Operation::Member(..) | Operation::Seat(..) => {}
            }
        }
        needs
    }

    fn needed_by(&self, operation: &Operation, plan: &Plan) -> Vec<usize> {
        let mut needed: Vec<usize> = principals(operation)
            .iter()
            .filter(|_| operation.action() != Action::Delete)
            .filter(|end| !is_itself(operation, end))
            .filter_map(|end| self.creates.get(end).copied())
            .collect();
        match operation {
            Operation::User(name, change) => {
                let email = change.email_taken();
                needed.extend(email.and_then(|email| self.frees.get(&email).copied()));
                if change.after.is_none() {
                    needed.extend(self.goes_with(Principal::User(name.clone()), plan));
                }
            }
            Operation::Group(name, change) if change.after.is_none() => {
                needed.extend(self.goes_with(Principal::Group(name.clone()), plan));
            }
            Operation::Group(..) | Operation::Member(..) | Operation::Seat(..) => {}
        }
        needed.retain(|index| plan.operations.get(*index) != Some(operation));
        needed
    }

    /// The seat of somebody who is deleted.
    fn goes_with(&self, owner: Principal, plan: &Plan) -> Option<usize> {
        let goes =
            plan.why.get(&Subject::Seat(owner.clone())) == Some(&Reason::GoesWith(owner.clone()));
        self.seats.get(&owner).copied().filter(|_| goes)
    }
}

fn is_itself(operation: &Operation, end: &Principal) -> bool {
    match operation {
        Operation::User(name, _) => *end == Principal::User(name.clone()),
        Operation::Group(name, _) => *end == Principal::Group(name.clone()),
        Operation::Member(..) | Operation::Seat(..) => false,
    }
}
