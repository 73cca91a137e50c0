//! The short loop around the pure run: writes down what it is about to do, starts what may start, waits for whatever
//! answers first, looks back at seats.

use super::Lane;
use super::book::Book;
use super::event::{self, Address, Event, Told, What};
use super::ledger::Ledger;
use super::mailing::{self, Mail};
use super::memory::Creation;
use super::owed::Owed;
use super::readback::{Found, ReadBack};
use super::report::Report;
use super::run::{Outcome, Run};
use super::trouble::Trouble;
use super::wave;
use super::write::{self, Job, Made, Sent};
use crate::aws::{self, Session, Turn};
use crate::live::{Id, Known};
use crate::model::{Principal, Text, UserName};
use crate::plan::{Approved, Operation, Order, Plan, State, Step, StepId};
use futures_util::future::LocalBoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use std::collections::{BTreeMap as Map, BTreeSet as Set};
use std::time::Duration;

/// How a plan is to be run.
#[derive(Clone, Debug, Default)]
pub struct How {
    /// For the ledger: which command runs it.
    pub command: &'static str,
    /// The longest that a written seat is looked for.
    pub patience: Duration,
    /// Only so many people; the rest is for another run.
    pub limit: Option<usize>,
    /// After so many failures nothing more starts.
    pub max_failures: Option<usize>,
    /// Mails of earlier runs.
    pub owed: Owed,
}

/// Runs an approved plan to its end, or until `interrupt`: then nothing more starts, and what is in flight finishes.
/// Everything is written to the ledger first; `told` hears of it as well.
pub async fn drive(
    session: &Session,
    approved: Approved,
    how: How,
    ledger: &mut Ledger,
    interrupt: impl Future<Output = ()>,
    mut told: impl FnMut(&Event),
) -> Report {
    let Approved {
        plan,
        order,
        states,
        fresh,
    } = approved;
    let How {
        command,
        patience,
        limit,
        max_failures,
        owed,
    } = how;
    let mails = mailing::due(&plan, &order, &states, &owed);
    let due: Vec<_> = mails.iter().map(|mail| (&mail.user, mail.after)).collect();
    let mut run = Run::with_mails(&plan.operations, &order, &states, &due);
    let left = limit.map(|limit| wave::left(&plan.operations, &order, &states, limit));
    let left = left.unwrap_or_default();
    run.set_aside(left.steps.iter().copied(), &Outcome::Left);
    let driver = Driver {
        session,
        plan: &plan,
        order: &order,
        mails: &mails,
        mail_of: mails
            .iter()
            .zip(order.steps.len()..)
            .filter_map(|(mail, step)| Some((mail.after?, step)))
            .collect(),
        ledger,
        told: &mut told,
        book: Book::new(fresh, &plan),
        run,
        calls: FuturesUnordered::new(),
        read_back: ReadBack::new(session, patience),
        max_failures: max_failures.unwrap_or(usize::MAX),
        failures: 0,
        perhaps: Set::new(),
        adopted: Set::new(),
        request_ids: Map::new(),
        unrecorded: None,
    };
    let Ended {
        ids,
        mut outcomes,
        perhaps,
        adopted,
        request_ids,
        unrecorded,
        gave_up,
        interrupted,
    } = driver.through(command, &states, interrupt).await;
    let mailed = outcomes.split_off(order.steps.len());
    let mailed = mailed.into_iter().zip(order.steps.len()..);
    let mailings = mails.into_iter().zip(mailed);
    let mailings = mailings.map(|(mail, (outcome, step))| {
        mail.came_to(
            outcome,
            perhaps.contains(&step),
            request_ids.get(&step).cloned(),
        )
    });
    let seats = plan.operations.iter().enumerate();
    let open_since = seats.filter_map(|(index, operation)| match operation {
        Operation::Seat(holder, _) => Some((index, ledger.memory().seat_open_since(holder)?)),
        Operation::User(..) | Operation::Group(..) | Operation::Member(..) => None,
    });
    let mut report = Report {
        open_since: open_since.collect(),
        run: Text::clone(ledger.run()),
        mailings: mailings.collect(),
        plan,
        order,
        states,
        outcomes,
        adopted,
        ids,
        request_ids,
        withheld: owed.withheld,
        doubted: owed.doubted,
        missed: owed.missed,
        left_people: left.people,
        interrupted,
        gave_up,
        unrecorded,
    };
    let end = What::End {
        summary: report.summary(),
        interrupted,
        complete: report.is_complete(),
    };
    match ledger.write(end) {
        Ok(event) => told(&event),
        Err(error) => {
            report.unrecorded.get_or_insert(error.to_string());
        }
    }
    report
}

/// What a call came to.
enum Came {
    Write(Result<Made, Trouble>),
    /// It is this mail's turn.
    Turn(Turn),
    Mail(Result<Sent, Trouble>),
}

type Call<'a> = LocalBoxFuture<'a, (StepId, Came, Option<String>)>;

struct Driver<'a, 'l, T> {
    session: &'a Session,
    plan: &'a Plan,
    order: &'a Order,
    mails: &'a [Mail],
    /// The mail that follows a step which creates a user.
    mail_of: Map<StepId, StepId>,
    ledger: &'l mut Ledger,
    told: T,
    book: Book,
    run: Run<Trouble>,
    calls: FuturesUnordered<Call<'a>>,
    read_back: ReadBack<'a>,
    max_failures: usize,
    failures: usize,
    /// Mails whose answers were lost.
    perhaps: Set<StepId>,
    /// Operations whose object was there before.
    adopted: Set<usize>,
    request_ids: Map<StepId, Text>,
    /// Why the ledger cannot be written any more.
    unrecorded: Option<String>,
}

/// What is left when nothing runs any more.
struct Ended {
    ids: Map<usize, Id>,
    outcomes: Vec<Option<Outcome<Trouble>>>,
    perhaps: Set<StepId>,
    adopted: Set<usize>,
    request_ids: Map<StepId, Text>,
    unrecorded: Option<String>,
    gave_up: bool,
    interrupted: bool,
}

impl<T: FnMut(&Event)> Driver<'_, '_, T> {
    async fn through(
        mut self,
        command: &'static str,
        states: &[State],
        interrupt: impl Future<Output = ()>,
    ) -> Ended {
        self.begin(command, states);
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

    fn begin(&mut self, command: &'static str, states: &[State]) {
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
            target: event::target(&self.plan.target),
            operations: operations.count(),
            mails,
        };
        self.note(begin);
    }

    /// Writes an event down and tells it. Without a ledger nothing more is begun: nobody could tell afterwards.
    fn note(&mut self, what: What) -> bool {
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

    fn intent(&self, step: StepId, operation: &Operation, job: &Job) -> What {
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

    fn outcome(
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

    fn shown(&mut self, step: StepId) {
        self.run.finished(step, Outcome::Done);
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

impl Book {
    fn id_of_user(&self, user: &UserName) -> Result<Id, Trouble> {
        self.id(&Principal::User(user.clone()))
    }
}
