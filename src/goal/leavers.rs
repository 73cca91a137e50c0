//! People who leave: `state: absent` takes the user, `offboarded` leaves it; both take seat and memberships.

use super::{Claims, Note, Reason};
use crate::desired::{Ask, Leaving, UserClaim};
use crate::model::{
    Attribute, Family, GroupName, Membership, Place, Principal, Subject, UserName, Value, folded,
};

impl Claims<'_> {
    pub(super) fn leavers(&mut self) {
        if !self.desired.may_remove() {
            return;
        }
        let leavers = self.desired.users.iter();
        let leavers = leavers.filter(|(_, claim)| claim.leaving.is_some());
        let leavers = leavers.map(|(name, _)| name).collect();
        let joined = self.live.directory.members.groups_of(&leavers, |_| true);
        let listed = self.desired.listed(&leavers);
        for (name, claim) in &self.desired.users {
            let Some(said) = &claim.leaving else { continue };
            let Some(user) = self.live.directory.users.get(name) else {
                continue;
            };
            let Some(leaving) = self.leaving(name) else {
                self.goal.notes.push(Note::Namesake {
                    user: name.clone(),
                    live: user.email().map(str::to_owned),
                    at: said.at.clone(),
                });
                continue;
            };
            self.note_what_leaving_beats(name, claim, listed.get(name));
            let groups = joined.get(name).map_or(&[][..], Vec::as_slice);
            self.leaves(name, leaving, &said.at, groups);
        }
    }

    fn leaves(&mut self, name: &UserName, leaving: Leaving, at: &Place, groups: &[&GroupName]) {
        let user = Principal::User(name.clone());
        let subject = Subject::User(name.clone());
        match (leaving, self.keeper(&user, Family::Users)) {
            (Leaving::Absent, None) => {
                self.goal.directory.users.remove(name);
                self.because(subject, Reason::Absent(at.clone()));
                let groups = groups.iter().copied().cloned();
                let members = groups.map(|group| Membership::new(group, name.clone()));
                self.goes(&user, members.collect());
            }
            (Leaving::Absent, Some(because)) => {
                self.note_kept(subject, because, vec![]);
                self.goes_without(name, groups, at, Reason::Absent(at.clone()));
            }
            (Leaving::Offboarded, _) => {
                self.goes_without(name, groups, at, Reason::Offboarded(at.clone()));
            }
        }
    }

    /// The user stays, without memberships and seat.
    fn goes_without(&mut self, name: &UserName, groups: &[&GroupName], at: &Place, reason: Reason) {
        for group in groups.iter().copied().cloned() {
            let left = Principal::Group(group.clone());
            // Out of scope is somebody else's group, declared or not: leaving it is not this roster's to do.
            if !self.fence().is_provided(&left) && self.fence().reaches(&left) {
                self.drop_member(&Membership::new(group, name.clone()), reason.clone());
            }
        }
        let holder = Principal::User(name.clone());
        let held = self.live.directory.seats.get(&holder).copied();
        let row = self.live.seat_row(name);
        self.claim_seat(&holder, held, row, &Ask::Nothing, at, || reason);
    }

    fn note_what_leaving_beats(
        &mut self,
        name: &UserName,
        claim: &UserClaim,
        listed: Option<&Vec<(&Membership, &Vec<Place>)>>,
    ) {
        let listed = listed.into_iter().flatten();
        let mut over: Vec<(Subject, Place)> = listed
            .flat_map(|(member, at)| {
                at.iter()
                    .map(|at| (Subject::Member((*member).clone()), at.clone()))
            })
            .collect();
        if let Some(said) = &claim.seat
            && matches!(said.value, Ask::Is(_))
        {
            let holder = Principal::User(name.clone());
            over.push((Subject::Seat(holder), said.at.clone()));
        }
        if !over.is_empty() {
            self.goal.notes.push(Note::LeavingWins {
                user: name.clone(),
                over,
            });
        }
    }

    /// Whether and how this person leaves. A tombstone whose e-mail is not the live user's is nobody's.
    pub(super) fn leaving(&self, name: &UserName) -> Option<Leaving> {
        if !self.desired.may_remove() {
            return None;
        }
        let claim = self.desired.users.get(name)?;
        let leaving = claim.leaving.as_ref()?.value;
        let live = self.live.directory.users.get(name);
        match (leaving, live, claim.attributes.get(&Attribute::Email)) {
            (Leaving::Offboarded, ..) | (Leaving::Absent, None, _) => Some(leaving),
            (Leaving::Absent, Some(user), Some(said)) => match &said.value {
                Ask::Is(Value::Text(email)) => {
                    let same = user.email().map(folded) == Some(folded(email));
                    same.then_some(leaving)
                }
                _ => None,
            },
            (Leaving::Absent, Some(_), None) => None,
        }
    }

    /// Who goes takes memberships and seat along. The memberships are AWS's cascade; the seat is a call of its own.
    pub(super) fn goes(&mut self, gone: &Principal, members: Vec<Membership>) {
        for member in members {
            self.drop_member(&member, Reason::GoesWith(gone.clone()));
        }
        self.drop_seat(gone, Reason::GoesWith(gone.clone()));
    }
}
