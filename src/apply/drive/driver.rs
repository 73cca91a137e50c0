//! The loop: what may start is started, and what an answer leads to is decided here.

use crate::apply::Lane;
use crate::apply::book::Book;
use crate::apply::event::{Address, Event, What};
use crate::apply::ledger::Ledger;
use crate::apply::mailing::Mail;
use crate::apply::memory::Creation;
use crate::apply::readback::{Found, ReadBack};
use crate::apply::run::{Outcome, Run};
use crate::apply::trouble::Trouble;
use crate::apply::write::{self, Made, Sent};
use crate::aws::{self, Session, Turn};
use crate::live::{Id, Known};
use crate::model::{Principal, Text, UserName};
use crate::plan::{Operation, Order, Plan, Step, StepId};
use futures_util::future::LocalBoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use std::collections::{BTreeMap as Map, BTreeSet as Set};

/// What a call came to.
pub(super) enum Came {
    Write(Result<Made, Trouble>),
    /// It is this mail's turn.
    Turn(Turn),
    Mail(Result<Sent, Trouble>),
}

pub(super) type Call<'a> = LocalBoxFuture<'a, (StepId, Came, Option<String>)>;

pub(super) struct Driver<'a, 'l, T> {
    pub(super) session: &'a Session,
    pub(super) plan: &'a Plan,
    pub(super) order: &'a Order,
    pub(super) mails: &'a [Mail],
    /// The mail that follows a step which creates a user.
    pub(super) mail_of: Map<StepId, StepId>,
    pub(super) ledger: &'l mut Ledger,
    pub(super) told: T,
    pub(super) book: Book,
    pub(super) run: Run<Trouble>,
    pub(super) calls: FuturesUnordered<Call<'a>>,
    pub(super) read_back: ReadBack<'a>,
    pub(super) max_failures: usize,
    pub(super) failures: usize,
    /// Mails whose answers were lost.
    pub(super) perhaps: Set<StepId>,
    /// Operations whose object was there before.
    pub(super) adopted: Set<usize>,
    pub(super) request_ids: Map<StepId, Text>,
    /// Why the ledger cannot be written any more.
    pub(super) unrecorded: Option<String>,
}

/// What is left when nothing runs any more.
pub(super) struct Ended {
    pub(super) ids: Map<usize, Id>,
    pub(super) outcomes: Vec<Option<Outcome<Trouble>>>,
    pub(super) perhaps: Set<StepId>,
    pub(super) adopted: Set<usize>,
    pub(super) request_ids: Map<StepId, Text>,
    pub(super) unrecorded: Option<String>,
    pub(super) gave_up: bool,
    pub(super) interrupted: bool,
}

impl<T: FnMut(&Event)> Driver<'_, '_, T> {
    pub(super) async fn through(mut self, interrupt: impl Future<Output = ()>) -> Ended {
        let interrupted = self.run(interrupt).await;
        Ended {
            ids: self.book.ids_of_created(self.plan),
            outcomes: self.run.outcomes().to_vec(),
            perhaps: self.perhaps,
            adopted: self.adopted,
            request_ids: self.request_ids,
            unrecorded: self.unrecorded,
            gave_up: self.failures >= self.max_failures,
            interrupted,
        }
    }

    /// Returns whether it was interrupted.
    async fn run(&mut self, interrupt: impl Future<Output = ()>) -> bool {
        let mut interrupted = false;
        tokio::pin!(interrupt);
        loop {
            while let Some(step) = self.run.start_next() {
                self.start(step);
            }
            if interrupted {
                // What is written and not seen yet is told as such; a look back could take a minute.
                for step in self.read_back.end() {
                    self.unseen(step, None);
                }
            }
            if self.calls.is_empty() && self.read_back.is_empty() {
                return interrupted;
            }
            let look_due = self.read_back.is_due(&self.run, self.calls.is_empty());
            tokio::select! {
                Some((step, came, request_id)) = self.calls.next() => {
                    self.finish(step, came, request_id);
                }
                seen = self.read_back.look(), if look_due => {
                    let found = self.read_back.looked(seen, &self.book, self.plan, self.order);
                    for (step, found) in found {
                        match found {
                            Found::Shown => self.shown(step),
                            Found::Unseen => self.unseen(step, None),
                            // An earlier run asked for it already: that it is in the way is that it is there.
                            Found::Refused(_) if self.was_asked_for(step) => self.unseen(step, None),
                            Found::Refused(failure) => self.unseen(step, Some(Trouble::Refused(failure))),
                        }
                    }
                }
                () = &mut interrupt, if !interrupted => {
                    interrupted = true;
                    self.run.interrupt();
                }
            }
        }
    }

    fn start(&mut self, step: StepId) {
        let session = self.session;
        match self.order.steps.get(step) {
            Some(Step::Write(index)) => {
                let operation = &self.plan.operations[*index];
                let job = match self.book.job(operation) {
                    Ok(job) => job,
                    Err(trouble) => return self.settle(step, Outcome::Failed(trouble), None, None),
                };
                let intent = self.intent(step, operation, &job);
                if !self.note(intent) {
                    return self.cannot_record(step);
                }
                self.calls.push(Box::pin(async move {
                    let (result, id) = aws::heard(write::perform(session, job)).await;
                    (step, Came::Write(result), id)
                }));
            }
            Some(Step::SeatShows(_) | Step::AccessShows { .. }) => self.read_back.wait_for(step),
            None => self.calls.push(Box::pin(async move {
                (step, Came::Turn(session.turn_to_mail().await), None)
            })),
        }
    }

    /// Asks for a mail whose turn it is. Only now is it written down: a run that is killed leaves a mail in doubt that was
    /// on its way, not one that waited.
    fn mail(&mut self, step: StepId, turn: Turn) {
        let session = self.session;
        let mail = &self.mails[step - self.order.steps.len()];
        let asked = mail.asked;
        let id = match &mail.id {
            Some(id) => Ok(id.clone()),
            None => self.book.id_of_user(&mail.user),
        };
        let id = match id {
            Ok(id) => id,
            Err(trouble) => return self.settle(step, Outcome::Failed(trouble), None, None),
        };
        let intent = What::Intent {
            address: Address::mail(&mail.user),
            action: "mail".into(),
            id: Some(id.as_str().into()),
            before: None,
            after: None,
            mail: false,
        };
        if !self.note(intent) {
            return self.cannot_record(step);
        }
        self.calls.push(Box::pin(async move {
            let (sent, heard) = aws::heard(write::mail(session, &id, turn, asked)).await;
            (step, Came::Mail(sent), heard)
        }));
    }

    fn cannot_record(&mut self, step: StepId) {
        let why = self.unrecorded.clone().unwrap_or_default();
        self.run
            .finished(step, Outcome::Failed(Trouble::Unrecorded(why)));
    }

    fn finish(&mut self, step: StepId, came: Came, request_id: Option<String>) {
        let request_id = request_id.map(Text::from);
        match came {
            Came::Write(result) => {
                let Some(Step::Write(index)) = self.order.steps.get(step) else {
                    return;
                };
                self.written(step, *index, result, request_id);
            }
            Came::Turn(turn) => self.mail(step, turn),
            Came::Mail(sent) => {
                let outcome = match sent {
                    Ok(Sent::Surely) => Outcome::Done,
                    Ok(Sent::Perhaps) => {
                        self.perhaps.insert(step);
                        Outcome::Done
                    }
                    Err(trouble) => self.failed(step, trouble),
                };
                self.settle(step, outcome, None, request_id);
            }
        }
    }

    fn written(
        &mut self,
        step: StepId,
        index: usize,
        result: Result<Made, Trouble>,
        request_id: Option<Text>,
    ) {
        let operation = &self.plan.operations[index];
        let mut id = None;
        let outcome = match result {
            Ok(made) => {
                let known = match made {
                    Made::Object(known) => Some(known),
                    Made::Adopted(known) => {
                        self.adopt(step, index, operation);
                        known
                    }
                    Made::Nothing => None,
                    Made::Unsure(failure) => {
                        self.read_back.doubt(index, failure);
                        None
                    }
                };
                id = known
                    .as_ref()
                    .map(|known: &Known| Text::from(known.id.as_str()));
                self.book.enter(operation, known);
                Outcome::Done
            }
            Err(trouble) if trouble.is_for_later() => Outcome::Deferred(trouble),
            Err(trouble) => self.failed(step, trouble),
        };
        self.settle(step, outcome, id, request_id);
    }

    /// Somebody else's object, unless the ledger knows better: a run that was killed may have made it unseen.
    fn adopt(&mut self, step: StepId, index: usize, operation: &Operation) {
        if let Operation::User(name, _) = operation {
            let creation = self.ledger.memory().creation(name);
            if creation.is_some_and(Creation::may_be_owed) {
                return;
            }
        }
        self.adopted.insert(index);
        let mail = self.mail_of.get(&step).copied();
        self.run.set_aside(mail, &Outcome::Waived);
    }

    /// Counts it, and stops what would only fail like it.
    fn failed(&mut self, step: StepId, trouble: Trouble) -> Outcome<Trouble> {
        if trouble.stops_everything() {
            for lane in Lane::ALL {
                self.run.stop(lane, step);
            }
        } else if trouble.stops_lane() {
            self.run.stop(self.run.lane(step), step);
        }
        self.failures += 1;
        if self.failures >= self.max_failures {
            self.run.interrupt();
        }
        Outcome::Failed(trouble)
    }

    /// A call has ended: it is written down, told, and what depended on it is released.
    fn settle(
        &mut self,
        step: StepId,
        outcome: Outcome<Trouble>,
        id: Option<Text>,
        request_id: Option<Text>,
    ) {
        if let Some(request_id) = &request_id {
            self.request_ids.insert(step, Text::clone(request_id));
        }
        let told = self.outcome(step, &outcome, id, request_id);
        self.note(told);
        self.run.finished(step, outcome);
    }

    fn shown(&mut self, step: StepId) {
        self.run.finished(step, Outcome::Done);
    }

    fn was_asked_for(&self, step: StepId) -> bool {
        let operation = match self.order.steps.get(step) {
            Some(Step::SeatShows(index)) => &self.plan.operations[*index],
            _ => return false,
        };
        let Operation::Seat(holder, _) = operation else {
            return false;
        };
        let store = &self.plan.target.store;
        self.ledger.memory().seat_asked(holder, store).is_some()
    }

    /// A seat that was written does not show; where Kiro had contradicted the write, that is a failure.
    fn unseen(&mut self, step: StepId, trouble: Option<Trouble>) {
        let outcome = match trouble {
            Some(trouble) => self.failed(step, trouble),
            None => Outcome::Settling,
        };
        if matches!(self.order.steps.get(step), Some(Step::SeatShows(_))) {
            let told = self.outcome(step, &outcome, None, None);
            self.note(told);
        }
        self.run.finished(step, outcome);
    }
}

impl Book {
    fn id_of_user(&self, user: &UserName) -> Result<Id, Trouble> {
        self.id(&Principal::User(user.clone()))
    }
}
