//! What became of a plan, operation by operation, and of its mails.

use super::owed::Withheld;
use super::run::Outcome;
use super::trouble::Trouble;
use crate::live::Id;
use crate::model::{Principal, Text, UserName};
use crate::plan::{Action, Operation, Order, Plan, State, Step, StepId};
use jiff::Timestamp;
use std::collections::{BTreeMap as Map, BTreeSet as Set};

/// What became of a plan.
#[derive(Debug)]
pub struct Report {
    /// The run.
    pub run: Text,
    /// The plan.
    pub plan: Plan,
    /// The graph that was run.
    pub order: Order,
    /// How each operation stood before the first write.
    pub states: Vec<State>,
    /// What became of each step of the order; `None` was never started.
    pub outcomes: Vec<Option<Outcome<Trouble>>>,
    /// Operations whose object somebody else had made by then.
    pub adopted: Set<usize>,
    /// Ids of users and groups that are there because of this plan, by operation.
    pub ids: Map<usize, Id>,
    /// Since when earlier runs have asked for seats that do not come, by operation.
    pub open_since: Map<usize, Timestamp>,
    /// AWS's id of the last call for each step.
    pub request_ids: Map<StepId, Text>,
    /// The mails that were due.
    pub mailings: Vec<Mailing>,
    /// Users whom an earlier run created and whom a mail must not reach any more.
    pub withheld: Vec<(UserName, Withheld)>,
    /// Users whose mail an earlier run had no answer about, and did not live to say so.
    pub doubted: Vec<UserName>,
    /// Users whom an earlier run may have created and not mailed.
    pub missed: Vec<UserName>,
    /// People for whom another wave is needed.
    pub left_people: usize,
    /// Whether the person stopped it.
    pub interrupted: bool,
    /// Whether there were as many failures as were allowed.
    pub gave_up: bool,
    /// Why the ledger could not be written.
    pub unrecorded: Option<String>,
}

/// A mail and what became of it.
#[derive(Debug)]
pub struct Mailing {
    /// To whom.
    pub user: UserName,
    /// What became of it.
    pub fate: MailFate,
    /// Whether this run was to create the user; else an earlier one had.
    pub created: bool,
    /// AWS's id of the last call.
    pub request_id: Option<Text>,
}

/// What became of a mail.
#[derive(Clone, Debug)]
pub enum MailFate {
    /// Sent.
    Sent,
    /// It may have been sent, once or twice: no answer came.
    Perhaps,
    /// It was not sent.
    Failed(Trouble),
    /// Not due: the user was there before.
    Waived,
    /// For a later wave.
    Left,
    /// Not attempted.
    NotSent,
}

/// What became of one operation.
#[derive(Clone, Copy, Debug)]
pub enum Fate<'a> {
    /// It was so before the first write.
    Already,
    /// Done by this run.
    Done,
    /// Somebody else had done it by then.
    Adopted,
    /// Written, and Kiro does not show it yet.
    Settling,
    /// Kiro will not do it today.
    Deferred(&'a Trouble),
    /// Not attempted, because what it replaces it with does not show yet, or not today: nobody loses access meanwhile.
    Held,
    /// It went wrong.
    Failed(&'a Trouble),
    /// Not attempted, because of this operation's failure.
    Skipped(&'a Operation),
    /// Not attempted: for a later wave.
    Left,
    /// Not attempted: interrupted.
    NotStarted,
}

impl Fate<'_> {
    /// As events and reports write it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Already => "already",
            Self::Done => "done",
            Self::Adopted => "adopted",
            Self::Settling => "settling",
            Self::Deferred(_) => "deferred",
            Self::Held => "held",
            Self::Failed(_) => "failed",
            Self::Skipped(_) => "skipped",
            Self::Left => "left",
            Self::NotStarted => "not_started",
        }
    }
}

impl MailFate {
    /// As events and reports write it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Sent => "done",
            Self::Perhaps => "perhaps",
            Self::Failed(_) => "failed",
            Self::Waived => "waived",
            Self::Left => "left",
            Self::NotSent => "not_started",
        }
    }
}

impl Report {
    /// Each operation and what became of it, in the plan's order.
    pub fn fates(&self) -> Vec<(&Operation, Fate<'_>)> {
        let mut fates: Vec<Fate> = vec![Fate::NotStarted; self.plan.operations.len()];
        for (id, step) in self.order.steps.iter().enumerate() {
            match step {
                Step::Write(index) => fates[*index] = self.fate(id, *index),
                Step::SeatShows(index) if matches!(fates[*index], Fate::Done) => {
                    match &self.outcomes[id] {
                        Some(Outcome::Failed(trouble)) => fates[*index] = Fate::Failed(trouble),
                        Some(Outcome::Done) => {}
                        _ => fates[*index] = Fate::Settling,
                    }
                }
                Step::SeatShows(_) | Step::AccessShows { .. } => {}
            }
        }
        self.plan.operations.iter().zip(fates).collect()
    }

    /// Whether everything happened that can happen today and was asked for: nothing failed, nobody may have been missed.
    pub fn is_complete(&self) -> bool {
        let open =
            |fate: &Fate| matches!(fate, Fate::Failed(_) | Fate::Skipped(_) | Fate::NotStarted);
        let unsent = |mail: &Mailing| matches!(mail.fate, MailFate::Failed(_) | MailFate::NotSent);
        self.unrecorded.is_none()
            && self.missed.is_empty()
            && !self.fates().iter().any(|(_, fate)| open(fate))
            && !self.mailings.iter().any(unsent)
    }

    /// People whose replacement of a seat does not show yet, so that nothing was taken from them.
    pub fn unseen(&self) -> impl Iterator<Item = &UserName> {
        let steps = self.order.steps.iter().zip(&self.outcomes);
        steps.filter_map(|(step, outcome)| match (step, outcome) {
            (Step::AccessShows { user, .. }, Some(Outcome::Settling)) => Some(user),
            _ => None,
        })
    }

    /// People who are gone while their seat may still be there: nobody can see it in Identity Center any more, and it is
    /// billed.
    pub fn orphans(&self) -> Vec<(&UserName, Option<&Id>)> {
        let fates = self.fates();
        let deleted: Set<&UserName> = fates
            .iter()
            .filter_map(|(operation, fate)| match (operation, fate) {
                (Operation::User(name, change), Fate::Done | Fate::Already)
                    if change.after.is_none() =>
                {
                    Some(name)
                }
                _ => None,
            })
            .collect();
        let orphans = fates.iter().filter_map(|(operation, fate)| {
            let (Operation::Seat(Principal::User(user), change), Action::Delete) =
                (operation, operation.action())
            else {
                return None;
            };
            let gone = change.after.is_none() && deleted.contains(user);
            let seat_stays = !matches!(fate, Fate::Done | Fate::Already | Fate::Settling);
            let known = self.plan.basis.get(&Principal::User(user.clone()));
            (gone && seat_stays).then_some((user, known.map(|known| &known.id)))
        });
        orphans.collect()
    }

    /// Users who probably have mail: no answer came, in this run or in an earlier one that could not say so.
    pub fn probably_mailed(&self) -> impl Iterator<Item = &UserName> {
        let perhaps = |mail: &&Mailing| matches!(mail.fate, MailFate::Perhaps);
        let perhaps = self.mailings.iter().filter(perhaps);
        self.doubted.iter().chain(perhaps.map(|mail| &mail.user))
    }

    /// Users who were created and whose mail has not been sent yet; a later run does it.
    pub fn still_owed(&self) -> impl Iterator<Item = &UserName> {
        let unsent = self
            .mailings
            .iter()
            .filter(|mail| matches!(mail.fate, MailFate::Failed(_) | MailFate::NotSent));
        unsent.map(|mail| &mail.user)
    }

    fn fate(&self, id: StepId, index: usize) -> Fate<'_> {
        match &self.outcomes[id] {
            Some(Outcome::Done) if self.states[index] == State::Done => Fate::Already,
            Some(Outcome::Done) if self.adopted.contains(&index) => Fate::Adopted,
            Some(Outcome::Done) => Fate::Done,
            Some(Outcome::Settling) => Fate::Settling,
            Some(Outcome::Deferred(trouble)) => Fate::Deferred(trouble),
            Some(Outcome::Failed(trouble)) => Fate::Failed(trouble),
            Some(Outcome::Skipped(because) | Outcome::Stopped(because)) => self.cause(*because),
            Some(Outcome::Left) => Fate::Left,
            Some(Outcome::Waived) | None => Fate::NotStarted,
        }
    }

    /// What stood in the way, at the far end of the chain.
    fn cause(&self, mut step: StepId) -> Fate<'_> {
        loop {
            let Some(outcome) = self.outcomes.get(step) else {
                // A mail that stopped everything: the credentials are no longer good.
                return Fate::NotStarted;
            };
            match (outcome, &self.order.steps[step]) {
                (Some(Outcome::Skipped(because) | Outcome::Stopped(because)), _) => step = *because,
                (Some(Outcome::Failed(_)), Step::Write(index) | Step::SeatShows(index)) => {
                    return Fate::Skipped(&self.plan.operations[*index]);
                }
                (Some(Outcome::Settling | Outcome::Deferred(_)), _) => return Fate::Held,
                _ => return Fate::NotStarted,
            }
        }
    }
}
