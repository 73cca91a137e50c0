//! The short loop around the pure run: starts what may start, waits for whatever answers first, looks back at seats.

use super::book::Book;
use super::report::Report;
use super::run::{Outcome, Run};
use super::write::{self, Trouble};
use crate::aws::{self, Session};
use crate::live::SeatsSeen;
use crate::model::Family;
use crate::plan::{Approved, Operation, Order, Plan, Step, StepId};
use futures_util::future::LocalBoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// Calls under way at once. At 20 a second and 100 ms an answer, two would do for each of a dozen APIs; the rest is
/// slack for slow answers, and small enough that an interrupted run ends soon.
const IN_FLIGHT: usize = 32;

/// The longest that a written seat is waited for. A user's shows after about five seconds (M); a group's can take a day,
/// and nobody waits for that.
pub const SHOWS_WITHIN: Duration = Duration::from_secs(60);

/// The pause between two looks at the seat lists grows from the first to the second.
const LOOK_AGAIN: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(10));

/// Runs an approved plan to its end, or until `interrupt`: then nothing more starts, and what is in flight finishes.
/// Written seats are looked for at most as long as `patience`. `told` hears of every operation as it finishes.
pub async fn drive(
    session: &Session,
    approved: Approved,
    patience: Duration,
    interrupt: impl Future<Output = ()>,
    mut told: impl FnMut(&Operation, &Outcome<Trouble>),
) -> Report {
    let Approved {
        plan,
        order,
        states,
        fresh,
    } = approved;
    let mut run = Run::new(&plan.operations, &order, &states);
    let mut book = Book::new(fresh);
    let mut loop_ = Loop {
        session,
        plan: &plan,
        order: &order,
        calls: FuturesUnordered::new(),
        looking: None,
        unseen: Vec::new(),
        next_look: Instant::now(),
        pause: LOOK_AGAIN.0,
        patience,
    };
    let mut interrupted = false;
    tokio::pin!(interrupt);
    loop {
        while loop_.calls.len() < IN_FLIGHT
            && let Some(step) = run.start_next()
        {
            loop_.start(step, &book);
        }
        if interrupted {
            // What is written and not seen yet is told as such; a look back could take a minute.
            for unseen in std::mem::take(&mut loop_.unseen) {
                run.finished(unseen.step, Outcome::Settling);
            }
            loop_.looking = None;
        }
        if loop_.calls.is_empty() && loop_.unseen.is_empty() {
            break;
        }
        let look_due = loop_.looking.is_none() && loop_.wants_look(&run);
        tokio::select! {
            Some((step, result)) = loop_.calls.next() => {
                let outcome = finish(step, result, operation_of(&plan, &order, step), &mut book, &mut run);
                if let Some(operation) = operation_of(&plan, &order, step) {
                    told(operation, &outcome);
                }
                run.finished(step, outcome);
            }
            seen = async { match loop_.looking.as_mut() { Some(look) => look.await, None => std::future::pending().await } } => {
                loop_.looking = None;
                loop_.looked(seen, &book, &mut run);
            }
            () = sleep_until(loop_.next_look), if look_due => {
                loop_.looking = Some(Box::pin(aws::read_seats(session)));
            }
            () = &mut interrupt, if !interrupted => {
                interrupted = true;
                run.interrupt();
            }
        }
    }
    let outcomes = run.outcomes().to_vec();
    drop(loop_);
    Report {
        plan,
        order,
        states,
        outcomes,
        interrupted,
    }
}

fn operation_of<'p>(plan: &'p Plan, order: &Order, step: StepId) -> Option<&'p Operation> {
    match order.steps[step] {
        Step::Write(index) => plan.operations.get(index),
        Step::SeatShows(_) | Step::AccessShows { .. } => None,
    }
}

/// Enters what was made into the book, and stops a family that the whole account was refused.
fn finish(
    step: StepId,
    result: Result<write::Made, Trouble>,
    operation: Option<&Operation>,
    book: &mut Book,
    run: &mut Run<Trouble>,
) -> Outcome<Trouble> {
    let Some(operation) = operation else {
        return Outcome::Done;
    };
    match result {
        Ok(made) => {
            book.enter(operation, made);
            Outcome::Done
        }
        Err(trouble) if trouble.is_for_later() => Outcome::Deferred(trouble),
        Err(trouble) => {
            if trouble.stops_everything() {
                for family in Family::ALL {
                    run.stop(family, step);
                }
            } else if trouble.stops_family() {
                run.stop(operation.subject().family(), step);
            }
            Outcome::Failed(trouble)
        }
    }
}

type Call<'a> = LocalBoxFuture<'a, (StepId, Result<write::Made, Trouble>)>;
type Look<'a> = LocalBoxFuture<'a, Result<SeatsSeen, aws::Error>>;

struct Loop<'a> {
    session: &'a Session,
    plan: &'a Plan,
    order: &'a Order,
    calls: FuturesUnordered<Call<'a>>,
    looking: Option<Look<'a>>,
    unseen: Vec<Unseen>,
    next_look: Instant,
    pause: Duration,
    patience: Duration,
}

/// A step that waits for the seat lists to show something.
struct Unseen {
    step: StepId,
    until: Instant,
}

impl<'a> Loop<'a> {
    fn start(&mut self, step: StepId, book: &Book) {
        match &self.order.steps[step] {
            Step::Write(index) => {
                let job = book.job(&self.plan.operations[*index]);
                let session = self.session;
                self.calls.push(Box::pin(async move {
                    let result = match job {
                        Ok(job) => write::perform(session, job).await,
                        Err(trouble) => Err(trouble),
                    };
                    (step, result)
                }));
            }
            Step::SeatShows(_) | Step::AccessShows { .. } => {
                let now = Instant::now();
                if self.unseen.is_empty() {
                    self.pause = LOOK_AGAIN.0;
                    self.next_look = now;
                }
                self.unseen.push(Unseen {
                    step,
                    until: now + self.patience,
                });
            }
        }
    }

    /// A look costs a listing: it is taken when somebody waits for it, or when nothing else is left to do.
    fn wants_look(&self, run: &Run<Trouble>) -> bool {
        let awaited = || self.unseen.iter().any(|unseen| run.is_awaited(unseen.step));
        !self.unseen.is_empty() && (self.calls.is_empty() || awaited())
    }

    fn looked(&mut self, seen: Result<SeatsSeen, aws::Error>, book: &Book, run: &mut Run<Trouble>) {
        let now = Instant::now();
        // A failed look is as good as one that shows nothing yet: the seats were written all the same.
        let shows = seen.ok().map(|seen| book.seats(seen));
        let (plan, order) = (self.plan, self.order);
        self.unseen.retain(|unseen| {
            let step = &order.steps[unseen.step];
            if shows.as_ref().is_some_and(|shows| shows.has(step, plan)) {
                run.finished(unseen.step, Outcome::Done);
                return false;
            }
            if now >= unseen.until {
                run.finished(unseen.step, Outcome::Settling);
                return false;
            }
            true
        });
        self.next_look = now + self.pause;
        self.pause = (self.pause * 2).min(LOOK_AGAIN.1);
    }
}
