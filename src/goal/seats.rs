//! Seats: what is asked, what Kiro shows, and what can be done about it today.

use super::{Aside, Claims, Note, Reason};
use crate::desired::{Ask, Prune, Said};
use crate::directory::beside;
use crate::live::{SeatRow, Source, Status};
use crate::model::{Family, Place, Principal, Subject, Tier, UserName, first_of_next_month};

/// What follows from what is asked and what Kiro shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// It is so already, or nothing is asked.
    Keep,
    /// Subscribe or change to this tier.
    Give(Tier),
    /// Unsubscribe.
    Take,
    /// Not before the 1st of next month (UTC).
    DeferToNextMonth(Tier),
    /// Whose seat it is cannot be told, or it is another product's: said, never written.
    Report,
}

/// The table of design section 11: `held` is the holder's own live seat, `row` what Kiro's list says of a person.
///
/// The evidence, line by line, is in the facts page, section 3. What Kiro refuses only when asked (a change while
/// PENDING, a second grant beside a group's) is asked, and deferred when refused.
pub fn kiro_rule(ask: &Ask<Tier>, held: Option<Tier>, row: Option<&SeatRow>) -> Rule {
    let source = row.map(|row| row.source);
    let cancelled = row.is_some_and(|row| row.status == Status::Cancelled);
    match (ask, source) {
        (_, Some(Source::Unknown | Source::Foreign)) => Rule::Report,
        // A cancelled seat answers 200 to an update and a conflict to a create, and changes by neither (M).
        (Ask::Is(tier), Some(source)) if cancelled && source.is_own() => {
            Rule::DeferToNextMonth(*tier)
        }
        (Ask::Is(tier), _) if held == Some(*tier) => Rule::Keep,
        (Ask::Is(tier), _) => Rule::Give(*tier),
        (Ask::Nothing, _) if held.is_some() => Rule::Take,
        (Ask::Nothing, _) => Rule::Keep,
    }
}

impl Claims<'_> {
    pub(super) fn seats(&mut self) {
        let Some(kiro) = &self.live.kiro else { return };
        let live = self.live;
        // Users come before groups, each in the order of their names: one walk beside the roster's.
        let mut held = live.directory.seats.iter().peekable();
        for (name, claim, row) in beside(&self.desired.users, &kiro.rows) {
            let Some(said) = &claim.seat else { continue };
            let leaves = || claim.leaving.is_some() && self.leaving(name).is_some();
            if claim.is_tombstone() || leaves() {
                continue;
            }
            let before = |(holder, _): &(&Principal, &Tier)| match holder {
                Principal::User(user) => user < name,
                Principal::Group(_) => false,
            };
            while held.next_if(before).is_some() {}
            let own = held.peek().filter(|(holder, _)| match holder {
                Principal::User(user) => user == name,
                Principal::Group(_) => false,
            });
            let own = own.map(|(_, tier)| **tier);
            let over = claim.until.as_ref().filter(|day| day.value < self.today);
            let holder = Principal::User(name.clone());
            match over {
                Some(day) => {
                    let reason = || Reason::Until(day.at.clone());
                    self.claim_seat(&holder, own, row, &Ask::Nothing, &day.at, reason);
                }
                None => {
                    let reason = || reason_of(said);
                    self.claim_seat(&holder, own, row, &said.value, &said.at, reason);
                }
            }
        }
        for (name, claim) in &self.desired.groups {
            if let (Some(said), None) = (&claim.seat, &claim.absent) {
                let holder = Principal::Group(name.clone());
                let own = live.directory.seats.get(&holder).copied();
                let reason = || reason_of(said);
                self.claim_seat(&holder, own, None, &said.value, &said.at, reason);
            }
        }
    }

    /// `policy.prune`: own seats that nobody asks for, or that nobody can use. A blanket rule stops at scope and
    /// protection instead of running into them.
    pub(super) fn prune(&mut self) {
        let Some(Said { value: prune, at }) = &self.policy.prune else {
            return;
        };
        if !self.desired.may_remove() || !self.manages(Family::Seats) {
            return;
        }
        // A group's list names people as well as an entry does.
        let listed = &self.goal.listed.users;
        let holders = self.live.directory.seats.keys().filter(|holder| {
            let Principal::User(user) = holder else {
                return false;
            };
            let named = self.desired.users.contains_key(user) || listed.contains(user);
            let unlisted = *prune == Prune::Unlisted && !named;
            (unlisted || self.live.disabled.contains(user))
                && self.fence().reaches(holder)
                && !self.fence().protects(holder)
        });
        let pruned: Vec<Principal> = holders.cloned().collect();
        for holder in pruned {
            let row = match &holder {
                Principal::User(user) => self.live.seat_row(user),
                Principal::Group(_) => None,
            };
            let held = self.live.directory.seats.get(&holder).copied();
            if kiro_rule(&Ask::Nothing, held, row) == Rule::Take {
                self.drop_seat(&holder, Reason::Pruned(at.clone()));
            }
        }
    }

    pub(super) fn claim_seat(
        &mut self,
        holder: &Principal,
        held: Option<Tier>,
        row: Option<&SeatRow>,
        ask: &Ask<Tier>,
        at: &Place,
        reason: impl FnOnce() -> Reason,
    ) {
        let rule = kiro_rule(ask, held, row);
        if rule == Rule::Keep || !self.goal.directory.has(holder) {
            return;
        }
        let subject = Subject::Seat(holder.clone());
        let person = match holder {
            Principal::User(name) => Some(name),
            Principal::Group(_) => None,
        };
        match (rule, person) {
            (Rule::Keep, _) => {}
            (Rule::Give(tier), Some(user))
                if self.live.disabled.contains(user) && held < Some(tier) =>
            {
                let user = user.clone();
                self.goal.notes.push(Note::Disabled { user, subject });
            }
            (Rule::Give(tier), _) => {
                self.goal.directory.seats.insert(holder.clone(), tier);
                self.because(subject, reason());
            }
            (Rule::Take, _) if !self.desired.may_remove() => {
                let at = at.clone();
                self.goal.notes.push(Note::NeedsRoot { subject, at });
            }
            (Rule::Take, _) => self.drop_seat(holder, reason()),
            (Rule::DeferToNextMonth(tier), _) => self.goal.aside.push(Aside::Deferred {
                holder: holder.clone(),
                tier,
                not_before: first_of_next_month(self.today),
                at: at.clone(),
            }),
            (Rule::Report, Some(user)) => self.goal.notes.push(Note::SeatUnclear {
                user: user.clone(),
                foreign: row.is_some_and(|row| row.source == Source::Foreign),
                at: at.clone(),
            }),
            (Rule::Report, None) => {}
        }
    }

    /// Seats that are paid for nothing: a disabled person's, and an own one that a group's outbids.
    pub(super) fn seat_notes(&mut self) {
        let directory = &self.goal.directory;
        let named = |user: &UserName| self.desired.users.contains_key(user);
        let mut notes = Vec::new();
        for user in self.live.disabled.iter().filter(|user| named(user)) {
            if let Some(tier) = directory.seats.get(&Principal::User(user.clone())) {
                notes.push(Note::DisabledSeat {
                    user: user.clone(),
                    tier: *tier,
                });
            }
        }
        let any_group_seat = directory
            .seats
            .keys()
            .any(|holder| matches!(holder, Principal::Group(_)));
        if any_group_seat {
            let joined = directory.seated_groups_of(&self.desired.users.keys().collect());
            for user in self.desired.users.keys() {
                let holder = Principal::User(user.clone());
                let (Some(own), Some(groups)) = (directory.seats.get(&holder), joined.get(user))
                else {
                    continue;
                };
                let through = groups
                    .iter()
                    .filter_map(|group| directory.seats.get(&Principal::Group((*group).clone())))
                    .max();
                if let Some(through) = through.filter(|tier| *tier >= own) {
                    notes.push(Note::Shadowed {
                        user: user.clone(),
                        own: *own,
                        through: *through,
                    });
                }
            }
        }
        self.goal.notes.extend(notes);
    }
}

fn reason_of(said: &Said<Ask<Tier>>) -> Reason {
    match said.value {
        Ask::Nothing => Reason::AskedNone(said.at.clone()),
        Ask::Is(_) => Reason::Declared(vec![said.at.clone()]),
    }
}
