//! What is written down of a run as it goes: each intent before its call, each outcome after it.

use super::driver::Driver;
use crate::apply::event::{self, Address, Event, Told, What};
use crate::apply::run::Outcome;
use crate::apply::trouble::Trouble;
use crate::apply::write::Job;
use crate::live::Id;
use crate::model::Text;
use crate::plan::{Operation, State, Step, StepId};
use jiff::civil::Date;

impl<T: FnMut(&Event)> Driver<'_, '_, T> {
    pub(super) fn begin(&mut self, command: &'static str, today: Date, states: &[State]) {
        let outcomes = self.run.outcomes();
        let mails = outcomes[self.order.steps.len()..].iter();
        let mails = mails.filter(|outcome| outcome.is_none()).count();
        let writes = self.order.steps.iter().zip(outcomes);
        let operations = writes.filter(|(step, outcome)| match step {
            Step::Write(index) => outcome.is_none() && states[*index] != State::Done,
            Step::SeatShows(_) | Step::AccessShows { .. } => false,
        });
        let begin = What::Begin {
            version: env!("CARGO_PKG_VERSION"),
            command,
            today,
            target: event::target(&self.plan.target),
            operations: operations.count(),
            mails,
        };
        self.note(begin);
    }

    /// Writes an event down and tells it. Without a ledger nothing more is begun: nobody could tell afterwards.
    pub(super) fn note(&mut self, what: What) -> bool {
        match self.ledger.write(what) {
            Ok(event) => {
                (self.told)(&event);
                true
            }
            Err(error) => {
                self.unrecorded.get_or_insert(error.to_string());
                self.run.interrupt();
                false
            }
        }
    }

    pub(super) fn intent(&self, step: StepId, operation: &Operation, job: &Job) -> What {
        let (before, after) = event::sides(operation);
        What::Intent {
            address: Address::of(&operation.subject()),
            action: event::word(operation.action()),
            id: job.id().map(|id| id.as_str().into()),
            before: self.book.whole(operation, before),
            after,
            mail: self.mail_of.contains_key(&step),
        }
    }

    pub(super) fn outcome(
        &self,
        step: StepId,
        outcome: &Outcome<Trouble>,
        id: Option<Text>,
        request_id: Option<Text>,
    ) -> What {
        let (address, action, mut word) = match self.order.steps.get(step) {
            Some(Step::Write(index) | Step::SeatShows(index)) => {
                let operation = &self.plan.operations[*index];
                let adopted = outcome.is_done() && self.adopted.contains(index);
                (
                    Address::of(&operation.subject()),
                    event::word(operation.action()),
                    if adopted {
                        "adopted"
                    } else {
                        event::outcome_word(outcome)
                    },
                )
            }
            Some(Step::AccessShows { user, .. }) => (
                Address(vec!["user".into(), user.as_str().into()]),
                "look".into(),
                event::outcome_word(outcome),
            ),
            None => {
                let mail = &self.mails[step - self.order.steps.len()];
                let word = event::outcome_word(outcome);
                (Address::mail(&mail.user), "mail".into(), word)
            }
        };
        if self.perhaps.contains(&step) {
            word = "perhaps";
        }
        let error = match outcome {
            Outcome::Deferred(trouble) | Outcome::Failed(trouble) => Some(event::error(trouble)),
            Outcome::Done
            | Outcome::Settling
            | Outcome::Skipped(_)
            | Outcome::Stopped(_)
            | Outcome::Left
            | Outcome::Waived => None,
        };
        What::Outcome(Box::new(Told {
            address,
            action,
            outcome: word,
            id,
            request_id,
            error,
            because: None,
        }))
    }
}

impl Job {
    fn id(&self) -> Option<&Id> {
        match self {
            Self::CreateUser(_) | Self::CreateGroup(_) => None,
            Self::UpdateUser { known, .. }
            | Self::DeleteUser(known)
            | Self::UpdateGroup { known, .. }
            | Self::DeleteGroup(known) => Some(&known.id),
            Self::AddMember { user, .. } => Some(user),
            Self::RemoveMember { id, user, .. } => Some(id.as_ref().unwrap_or(user)),
            Self::Seat { id, .. } => Some(id),
        }
    }
}
