//! What may be written at all: scope, protection, AWS's own groups, managed families.
//!
//! Judged on the differences, so that naming without change never blocks. A refused change is taken back: live stays,
//! and what hung on the change goes with it.

use super::{Block, Claims, Keeper, Note};
use crate::change::{Change, Operation, diff};
use crate::desired::Policy;
use crate::live::Live;
use crate::model::{
    Family, Glob, GroupName, Membership, Principal, Subject, aws_owned_group, hidden_in,
};
use std::collections::HashSet;
use std::sync::Arc;

impl Claims<'_> {
    pub(super) fn guard(&mut self) {
        // Taking one change back can take others with it (a user who is not created has no seat), never add one that
        // was not asked for, so this ends.
        self.leave_to_aws();
        loop {
            // An address is only free if the change that frees it may be made.
            self.settle_emails();
            let (mut blocked, mut kept) = (Vec::new(), Vec::new());
            let untouchable = self.fence().untouchable();
            for operation in diff(&self.live.directory, &self.goal.directory) {
                let subject = operation.subject();
                match self.refusal(&operation, &untouchable) {
                    Some(Refusal::Block(block)) => {
                        self.goal.blocks.push(block);
                        blocked.push(subject);
                    }
                    Some(Refusal::Note(note)) => {
                        self.goal.notes.push(note);
                        kept.push(subject);
                    }
                    None => {}
                }
            }
            if blocked.is_empty() && kept.is_empty() {
                return;
            }
            self.refuse(blocked);
            self.take_back(kept);
        }
    }

    /// Takes back what a block forbids, and remembers it with what hung on it.
    pub(super) fn refuse(&mut self, subjects: Vec<Subject>) {
        let hanging = self.hanging(&subjects);
        let refused = subjects.iter().chain(&hanging);
        let refused: Vec<Operation> = refused
            .filter_map(|subject| self.operation(subject))
            .collect();
        self.goal.refused.extend(refused);
        self.take_back(subjects);
    }

    /// What the goal does about this so far.
    fn operation(&self, subject: &Subject) -> Option<Operation> {
        let (live, goal) = (&self.live.directory, &self.goal.directory);
        match subject {
            Subject::User(name) => {
                let change = change(live.users.get(name), goal.users.get(name))?;
                Some(Operation::User(name.clone(), change))
            }
            Subject::Group(name) => {
                let change = change(live.groups.get(name), goal.groups.get(name))?;
                Some(Operation::Group(name.clone(), change))
            }
            Subject::Member(member) => {
                let [before, after] =
                    [live, goal].map(|side| side.members.contains(member).then_some(&()));
                Some(Operation::Member(member.clone(), change(before, after)?))
            }
            Subject::Seat(holder) => {
                let change = change(live.seats.get(holder), goal.seats.get(holder))?;
                Some(Operation::Seat(holder.clone(), change))
            }
        }
    }

    /// A deleted user's seat ends with the user; where seats are not ours to write, that is all that happens to it.
    fn leave_to_aws(&mut self) {
        if self.manages(Family::Seats) {
            return;
        }
        let gone = self.live.directory.seats.keys().filter(|holder| {
            matches!(holder, Principal::User(_)) && !self.goal.directory.has(holder)
        });
        let gone: Vec<Subject> = gone.map(|holder| Subject::Seat(holder.clone())).collect();
        self.goal.by_itself.extend(gone);
    }

    fn refusal(&self, operation: &Operation, untouchable: &[GroupName]) -> Option<Refusal> {
        let block = self.fence().block(operation, untouchable);
        if let Some(block) = block.or_else(|| self.invisible_name(operation)) {
            return Some(Refusal::Block(block));
        }
        let subject = operation.subject();
        let family = subject.family();
        if self.goal.by_itself.contains(&subject) {
            return None;
        }
        (!self.manages(family)).then_some(Refusal::Note(Note::Kept {
            subject,
            because: Keeper::NotManaged(family),
            differs: vec![],
        }))
    }

    /// A new name with a character that AWS would refuse. One that is live came by another road, and is only shown with what
    /// hides in it written out.
    fn invisible_name(&self, operation: &Operation) -> Option<Block> {
        let (was, will, who) = match operation {
            Operation::User(name, Change { before, after }) => (
                before.as_ref().map(|user| user.name.as_str()),
                after.as_ref()?.name.as_str(),
                Principal::User(name.clone()),
            ),
            Operation::Group(name, Change { before, after }) => (
                before.as_ref().map(|group| group.name.as_str()),
                after.as_ref()?.name.as_str(),
                Principal::Group(name.clone()),
            ),
            Operation::Member(..) | Operation::Seat(..) => return None,
        };
        let character = hidden_in(will).filter(|_| was != Some(will))?;
        let at = match &who {
            Principal::User(name) => self.desired.users.get(name).map(|claim| &claim.at),
            Principal::Group(name) => self.desired.groups.get(name).map(|claim| &claim.at),
        };
        Some(Block::Invisible {
            character: character.into(),
            at: at.and_then(|at| at.first()).cloned(),
            who,
        })
    }

    /// Leaves these as they are live, and with them what hangs on them.
    pub(super) fn take_back(&mut self, subjects: Vec<Subject>) {
        let hanging: Vec<Subject> = self.hanging(&subjects);
        for subject in subjects {
            self.keep(&subject);
        }
        for subject in hanging {
            // What hung on two ends needs both of them.
            if subject
                .principals()
                .all(|end| self.goal.directory.has(&end))
            {
                self.keep(&subject);
            } else {
                self.forget(&subject);
            }
        }
    }

    /// Who stays after all keeps memberships and seat; who is not created gets none. Who only is not changed is not
    /// here: what hangs on them is judged by itself.
    fn hanging(&self, subjects: &[Subject]) -> Vec<Subject> {
        let (live, goal) = (&self.live.directory, &self.goal.directory);
        let (mut returning, mut never) = (HashSet::new(), HashSet::new());
        let mut hanging = Vec::new();
        for subject in subjects {
            match subject {
                Subject::User(name) => {
                    match (live.users.contains_key(name), goal.users.contains_key(name)) {
                        (true, false) => returning.insert(name),
                        (false, true) => never.insert(name),
                        _ => continue,
                    };
                    hanging.push(Subject::Seat(Principal::User(name.clone())));
                }
                Subject::Group(name) => {
                    let members = match (
                        live.groups.contains_key(name),
                        goal.groups.contains_key(name),
                    ) {
                        (true, false) => live.members_of(name),
                        (false, true) => goal.members_of(name),
                        _ => continue,
                    };
                    hanging.extend(members.cloned().map(Subject::Member));
                    hanging.push(Subject::Seat(Principal::Group(name.clone())));
                }
                Subject::Member(_) | Subject::Seat(_) => {}
            }
        }
        for (side, people) in [(live, returning), (goal, never)] {
            for (user, groups) in side.members.groups_of(&people, |_| true) {
                let members = groups.into_iter().cloned();
                let members = members.map(|group| Membership::new(group, user.clone()));
                hanging.extend(members.map(Subject::Member));
            }
        }
        hanging
    }

    fn forget(&mut self, subject: &Subject) {
        match subject {
            Subject::Member(member) => drop(self.goal.directory.members.remove(member)),
            Subject::Seat(holder) => drop(self.goal.directory.seats.remove(holder)),
            Subject::User(_) | Subject::Group(_) => return,
        }
        self.goal.why.remove(subject);
    }

    fn keep(&mut self, subject: &Subject) {
        let live = &self.live.directory;
        let goal = &mut self.goal.directory;
        match subject {
            Subject::User(name) => match live.users.get(name) {
                Some(now) => drop(goal.users.insert(name.clone(), Arc::clone(now))),
                None => drop(goal.users.remove(name)),
            },
            Subject::Group(name) => match live.groups.get(name) {
                Some(now) => drop(goal.groups.insert(name.clone(), Arc::clone(now))),
                None => drop(goal.groups.remove(name)),
            },
            Subject::Member(member) => match live.members.contains(member) {
                true => drop(goal.members.insert(member.clone())),
                false => drop(goal.members.remove(member)),
            },
            Subject::Seat(holder) => match live.seats.get(holder) {
                Some(tier) => drop(goal.seats.insert(holder.clone(), *tier)),
                None => drop(goal.seats.remove(holder)),
            },
        }
        self.goal.why.remove(subject);
    }

    /// Where writes end.
    pub(super) fn fence(&self) -> Fence<'_> {
        Fence {
            policy: self.policy,
            live: self.live,
        }
    }
}

/// Where writes end: scope, protection, AWS's own groups, what an identity provider owns. Judged by the name that a
/// principal has today as well as by the one it shall have, and again whenever a plan is applied.
#[derive(Clone, Copy, Debug)]
pub struct Fence<'a> {
    /// What bounds them.
    pub policy: &'a Policy,
    /// What is live, under the names of the operations.
    pub live: &'a Live,
}

impl Fence<'_> {
    /// The groups that take no write, not even by somebody's deletion.
    pub fn untouchable(self) -> Vec<GroupName> {
        let groups = self.live.directory.groups.keys();
        let untouchable = groups.filter(|group| {
            let who = Principal::Group((*group).clone());
            self.protects(&who) || self.is_aws_owned(&who)
        });
        untouchable.cloned().collect()
    }

    /// Why this operation may not be, if it may not. `untouchable` is what [`Self::untouchable`] says, which many operations
    /// ask for.
    pub fn block(self, operation: &Operation, untouchable: &[GroupName]) -> Option<Block> {
        let subject = operation.subject();
        let touched: Vec<Principal> = subject
            .principals()
            .chain(self.cascade(operation, untouchable))
            .collect();
        for principal in touched {
            if let Principal::Group(group) = &principal
                && self.is_aws_owned(&principal)
            {
                return Some(Block::AwsOwned {
                    subject,
                    group: group.clone(),
                });
            }
            if self.protects(&principal) {
                return Some(Block::Protected {
                    subject,
                    protected: principal,
                });
            }
            if !self.reaches(&principal) && subject.principals().any(|end| end == principal) {
                return Some(Block::OutOfScope {
                    subject,
                    outside: principal,
                });
            }
        }
        None
    }

    /// Those who take no write and whom a deletion would touch: people whom it would put out of a group, groups that would
    /// lose a member.
    fn cascade(self, operation: &Operation, untouchable: &[GroupName]) -> Vec<Principal> {
        match operation {
            Operation::User(name, change) if change.after.is_none() => {
                let members = &self.live.directory.members;
                let groups = untouchable.iter().filter(|group| {
                    members.contains(&Membership::new((*group).clone(), name.clone()))
                });
                groups.cloned().map(Principal::Group).collect()
            }
            Operation::Group(name, change) if change.after.is_none() => {
                let members = self.live.directory.members_of(name);
                members
                    .map(|member| Principal::User(member.user.clone()))
                    .filter(|member| self.protects(member))
                    .collect()
            }
            _ => vec![],
        }
    }

    /// Whether a group is AWS Control Tower's, by the name it has or the one it shall have.
    fn is_aws_owned(self, principal: &Principal) -> bool {
        let is_group = matches!(principal, Principal::Group(_));
        is_group
            && (aws_owned_group(principal.name())
                || self.present(principal).is_some_and(aws_owned_group))
    }

    /// Whether `policy.protect` names a principal.
    pub(super) fn protects(self, principal: &Principal) -> bool {
        self.fits(self.policy.protect.of(principal), principal)
    }

    /// Whether an identity provider owns a principal: its `ExternalIds` tell, or `policy.provider` does.
    pub fn is_provided(self, principal: &Principal) -> bool {
        self.live.provided.contains(principal)
            || self.fits(self.policy.provider.of(principal), principal)
    }

    /// Whether one of these globs fits the name a principal has or the one it shall have.
    fn fits(self, globs: &[Glob], principal: &Principal) -> bool {
        let fits = |name: &str| globs.iter().any(|glob| glob.fits(name));
        // Half a million memberships are judged, mostly by no glob at all.
        !globs.is_empty() && (fits(principal.name()) || self.present(principal).is_some_and(fits))
    }

    /// Whether both the name a principal has and the one it shall have are within scope.
    pub(super) fn reaches(self, principal: &Principal) -> bool {
        let Some(globs) = self.policy.scope.of(principal) else {
            return true;
        };
        let fits = |name: &str| globs.iter().any(|glob| glob.fits(name));
        fits(principal.name()) && self.present(principal).is_none_or(fits)
    }

    /// The name it has at AWS today.
    fn present(&self, principal: &Principal) -> Option<&str> {
        let directory = &self.live.directory;
        match principal {
            Principal::User(name) => directory.users.get(name).map(|user| user.name.as_str()),
            Principal::Group(name) => directory.groups.get(name).map(|group| group.name.as_str()),
        }
    }
}

/// What differs between the two, if anything does.
fn change<T: Clone + PartialEq>(before: Option<&T>, after: Option<&T>) -> Option<Change<T>> {
    (before != after).then(|| Change {
        before: before.cloned(),
        after: after.cloned(),
    })
}

enum Refusal {
    Block(Block),
    Note(Note),
}
