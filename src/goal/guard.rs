//! What may be written at all: scope, protection, AWS's own groups, managed families.
//!
//! Judged on the differences, so that naming without change never blocks. A refused change is taken back: live stays,
//! and what hung on the change goes with it.

use super::{Block, Claims, Keeper, Note};
use crate::model::{Family, Membership, Principal, Subject, aws_owned_group};
use crate::plan::{Operation, diff};
use std::sync::Arc;

impl Claims<'_> {
    pub(super) fn guard(&mut self) {
        // Taking one change back can take others with it (a user who is not created has no seat), never add one that
        // was not asked for, so this ends.
        self.leave_to_aws();
        loop {
            // An address is only free if the change that frees it may be made.
            self.settle_emails();
            let mut refused = false;
            for operation in diff(&self.live.directory, &self.goal.directory) {
                if let Some(refusal) = self.refusal(&operation) {
                    refused = true;
                    match refusal {
                        Refusal::Block(block) => self.goal.blocks.push(block),
                        Refusal::Note(note) => self.goal.notes.push(note),
                    }
                    self.take_back(&operation.subject());
                }
            }
            if !refused {
                return;
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

    fn refusal(&self, operation: &Operation) -> Option<Refusal> {
        let subject = operation.subject();
        let touched: Vec<Principal> = subject
            .principals()
            .chain(self.cascade(operation))
            .collect();
        for principal in touched {
            if let Principal::Group(group) = &principal
                && (aws_owned_group(group.as_str())
                    || self.present(&principal).is_some_and(aws_owned_group))
            {
                return Some(Refusal::Block(Block::AwsOwned {
                    subject,
                    group: group.clone(),
                }));
            }
            if self.is_protected(&principal) {
                return Some(Refusal::Block(Block::Protected {
                    subject,
                    protected: principal,
                }));
            }
            if !self.in_scope(&principal) && subject.principals().any(|end| end == principal) {
                return Some(Refusal::Block(Block::OutOfScope {
                    subject,
                    outside: principal,
                }));
            }
        }
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

    /// Protected people whom the deletion of a group would put out of it.
    fn cascade(&self, operation: &Operation) -> Vec<Principal> {
        match operation {
            Operation::Group(name, change) if change.after.is_none() => {
                let members = self.live.directory.members_of(name);
                members
                    .map(|member| Principal::User(member.user.clone()))
                    .filter(|member| self.is_protected(member))
                    .collect()
            }
            _ => vec![],
        }
    }

    pub(super) fn take_back(&mut self, subject: &Subject) {
        let live = &self.live.directory;
        let goal = &mut self.goal.directory;
        match subject {
            Subject::User(name) => {
                let returns = !goal.users.contains_key(name);
                self.keep_user(name);
                self.tie(&Principal::User(name.clone()), returns);
            }
            Subject::Group(name) => {
                let returns = !goal.groups.contains_key(name);
                match live.groups.get(name) {
                    Some(now) => goal.groups.insert(name.clone(), Arc::clone(now)),
                    None => goal.groups.remove(name),
                };
                self.goal.why.remove(subject);
                self.tie(&Principal::Group(name.clone()), returns);
            }
            Subject::Member(member) => {
                match live.members.contains(member) {
                    true => goal.members.insert(member.clone()),
                    false => goal.members.remove(member),
                };
                self.goal.why.remove(subject);
            }
            Subject::Seat(holder) => {
                match live.seats.get(holder) {
                    Some(tier) => goal.seats.insert(holder.clone(), *tier),
                    None => goal.seats.remove(holder),
                };
                self.goal.why.remove(subject);
            }
        }
    }

    /// Who stays after all keeps memberships and seat; who is not created gets none.
    fn tie(&mut self, principal: &Principal, returns: bool) {
        let touches = |member: &Membership| match principal {
            Principal::User(user) => member.user == *user,
            Principal::Group(group) => member.group == *group,
        };
        let side = match returns {
            true => &self.live.directory,
            false => &self.goal.directory,
        };
        if !returns && self.live.directory.has(principal) {
            return; // it is only not changed; what hangs on it is judged by itself
        }
        let members = side.members.iter().filter(|m| touches(m)).cloned();
        let mut subjects: Vec<Subject> = members.map(Subject::Member).collect();
        subjects.push(Subject::Seat(principal.clone()));
        for subject in subjects {
            let ends_exist = subject
                .principals()
                .all(|end| self.goal.directory.has(&end) || !returns);
            if ends_exist {
                self.take_back(&subject);
            }
        }
    }

    fn is_protected(&self, principal: &Principal) -> bool {
        let globs = match principal {
            Principal::User(_) => &self.policy.protect.users,
            Principal::Group(_) => &self.policy.protect.groups,
        };
        let mut names = [Some(principal.name()), self.present(principal)]
            .into_iter()
            .flatten();
        names.any(|name| globs.iter().any(|glob| glob.fits(name)))
    }

    /// Whether both the name a principal has and the one it shall have are within scope.
    pub(super) fn in_scope(&self, principal: &Principal) -> bool {
        let globs = match principal {
            Principal::User(_) => &self.policy.scope.users,
            Principal::Group(_) => &self.policy.scope.groups,
        };
        let Some(globs) = globs else { return true };
        let mut names = [Some(principal.name()), self.present(principal)]
            .into_iter()
            .flatten();
        names.all(|name| globs.iter().any(|glob| glob.fits(name)))
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

enum Refusal {
    Block(Block),
    Note(Note),
}
