//! Groups: created, described, renamed and deleted as the roster claims. Who is in them is told in `members`.

use super::names::means_rename;
use super::{Claims, Keeper, Lack, Note, Reason};
use crate::desired::{Ask, GroupClaim};
use crate::directory::Group;
use crate::model::{Family, GroupName, Place, Principal, Subject};
use std::sync::Arc;

impl Claims<'_> {
    pub(super) fn groups(&mut self) {
        for (name, claim) in &self.desired.groups {
            match &claim.absent {
                Some(at) => self.remove_group(name, at),
                None => self.claim_group(name, claim),
            }
        }
    }

    /// Creates it, or changes it where it differs.
    fn claim_group(&mut self, name: &GroupName, claim: &GroupClaim) {
        let now = self.live.directory.groups.get(name);
        let group = as_claimed(name, claim, now);
        if now.is_some_and(|now| **now == group) {
            return;
        }
        let subject = Subject::Group(name.clone());
        let keeper = self.keeper(&Principal::Group(name.clone()), Family::Groups);
        match (keeper, now) {
            (Some(because), Some(_)) => self.note_kept(subject, because, vec![]),
            (Some(because), None) => {
                let lacks = match because {
                    Keeper::Provider => Lack::Provider,
                    Keeper::NotManaged(_) => Lack::NotManaged,
                };
                self.group_waits(name, lacks, claim.at.first());
            }
            (None, _) => {
                let groups = &mut self.goal.directory.groups;
                groups.insert(name.clone(), Arc::new(group));
                self.because(subject, Reason::Declared(places_of(claim)));
            }
        }
    }

    fn remove_group(&mut self, name: &GroupName, at: &Place) {
        if !self.live.directory.groups.contains_key(name) {
            return;
        }
        let subject = Subject::Group(name.clone());
        if !self.desired.may_remove() {
            let at = at.clone();
            self.goal.notes.push(Note::NeedsRoot { subject, at });
            return;
        }
        // Nobody knows what becomes of the seat of a group that is deleted: it has to be taken first.
        let group = Principal::Group(name.clone());
        let seated = self.live.directory.seats.contains_key(&group);
        let seat_stays = (seated && !self.manages(Family::Seats)).then_some(Family::Seats);
        let keeper = self.keeper(&group, Family::Groups);
        if let Some(because) = keeper.or(seat_stays.map(Keeper::NotManaged)) {
            self.note_kept(subject, because, vec![]);
            return;
        }
        let mut listed = self.desired.listed_in(name).peekable();
        if let Some(first) = listed.peek().and_then(|(_, at)| at.first()).cloned() {
            self.goal.notes.push(Note::GroupGoesAnyway {
                group: name.clone(),
                listed: listed.count() as u64,
                at: first,
            });
        }
        self.goal.directory.groups.remove(name);
        self.because(subject, Reason::Absent(at.clone()));
        let members = self.live.directory.members_of(name).cloned().collect();
        self.goes(&group, members);
    }
}

/// The group as it is, with what the roster says of it.
fn as_claimed(name: &GroupName, claim: &GroupClaim, now: Option<&Arc<Group>>) -> Group {
    let mut group = match now {
        Some(now) => Group::clone(now),
        None => Group::named(name.clone()),
    };
    let was_called = || claim.previously.iter().any(|old| old.value == group.name);
    if means_rename(name.as_str(), group.name.as_str(), was_called) {
        group.name = name.clone();
    }
    match claim.description.as_ref().map(|said| &said.value) {
        Some(Ask::Is(description)) => group.description = Some(description.clone()),
        Some(Ask::Nothing) => group.description = None,
        None => {}
    }
    group
}

fn places_of(claim: &GroupClaim) -> Vec<Place> {
    match &claim.description {
        Some(said) if claim.previously.is_empty() => vec![said.at.clone()],
        _ => claim.at.clone(),
    }
}
