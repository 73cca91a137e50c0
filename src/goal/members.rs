//! Who is in which group: who is listed joins, and whoever an exact list leaves out goes.

use super::waiting::nearest;
use super::{Block, Claims, Lack, Note, Reason};
use crate::change::{Change, Operation};
use crate::model::{Attribute, Family, GroupName, Membership, Place, Principal, Subject, UserName};

impl Claims<'_> {
    pub(super) fn members(&mut self) {
        let (live, desired) = (&self.live.directory.members, &self.desired.members);
        // Both are in the same order: one walk finds what only one of them has.
        let mut present = live.iter().peekable();
        for (member, at) in desired {
            while let Some(unlisted) = present.next_if(|present| *present < member) {
                self.drop_unlisted(unlisted);
            }
            if present.next_if_eq(&member).is_none() {
                self.add_member(member, at);
            }
        }
        for unlisted in present {
            self.drop_unlisted(unlisted);
        }
    }

    fn drop_unlisted(&mut self, member: &Membership) {
        if let Some(at) = self.exact(&member.group) {
            self.drop_member(member, Reason::NotListed(at));
        }
    }

    /// Where a group says that its list is the whole list, if people may be taken out of it.
    fn exact(&self, group: &GroupName) -> Option<Place> {
        let claim = self.desired.groups.get(group)?;
        let at = claim.exact.clone().filter(|_| claim.absent.is_none())?;
        let group = Principal::Group(group.clone());
        let provided = self.fence().is_provided(&group);
        (!provided && self.desired.may_remove()).then_some(at)
    }

    fn add_member(&mut self, member: &Membership, at: &[Place]) {
        let Some(first) = at.first() else { return };
        let (user, group) = (&member.user, &member.group);
        if self.leaving(user).is_some() {
            return;
        }
        if !self.goal.directory.groups.contains_key(group) {
            self.group_is_missing(member, first);
            return;
        }
        if !self.goal.directory.users.contains_key(user) {
            self.user_is_missing(user, first);
            return;
        }
        let subject = Subject::Member(member.clone());
        let group = Principal::Group(group.clone());
        if let Some(because) = self.keeper(&group, Family::Memberships) {
            self.note_kept(subject, because, vec![]);
        } else if self.live.disabled.contains(user) {
            let user = user.clone();
            self.goal.notes.push(Note::Disabled { user, subject });
        } else {
            self.goal.directory.members.insert(member.clone());
            self.because(subject, Reason::Declared(at.to_vec()));
        }
    }

    /// An entry says for itself what becomes of the group; a name that is only listed has nobody else to say it.
    fn group_is_missing(&mut self, member: &Membership, listed: &Place) {
        let group = &member.group;
        if self.desired.groups.contains_key(group) {
            return;
        }
        let live = self.live.directory.groups.keys().map(GroupName::as_str);
        self.goal.blocks.push(Block::NoSuchGroup {
            group: group.clone(),
            like: nearest(group.as_str(), live).map(GroupName::new),
            at: listed.clone(),
        });
        let (before, after) = (None, Some(()));
        let joins = Operation::Member(member.clone(), Change { before, after });
        self.goal.refused.push(joins);
    }

    /// The same of a person, once.
    fn user_is_missing(&mut self, user: &UserName, listed: &Place) {
        if self.desired.users.contains_key(user) || !self.waiting.insert(user.clone()) {
            return;
        }
        let lacks = match self.fence().is_provided(&Principal::User(user.clone())) {
            true => Lack::Provider,
            false => Lack::Attributes(Attribute::NEEDED_TO_CREATE.into()),
        };
        self.user_waits(user, lacks, Some(listed));
    }
}
