//! Seats are believed only after reading them back: all together, when somebody waits for it or nothing else is left to
//! do, and for a bounded time.

use super::book::Book;
use super::run::Run;
use crate::aws::{self, Failure, Session};
use crate::live::SeatsSeen;
use crate::plan::{Order, Plan, Step, StepId};
use futures_util::future::LocalBoxFuture;
use std::collections::BTreeMap as Map;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// The longest that a written seat is waited for. A user's shows after about five seconds (M); a group's can take a day,
/// and nobody waits for that.
pub const SHOWS_WITHIN: Duration = Duration::from_secs(60);

/// The pause between two looks at the seat lists grows from the first to the second.
const LOOK_AGAIN: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(10));

type Look<'a> = LocalBoxFuture<'a, Result<SeatsSeen, aws::Error>>;

/// Steps that wait for the seat lists to show something.
pub(super) struct ReadBack<'a> {
    session: &'a Session,
    patience: Duration,
    unseen: Vec<(StepId, Instant)>,
    looking: Option<Look<'a>>,
    next: Instant,
    pause: Duration,
    /// Why Kiro contradicted a write, by operation; what the lists show decides.
    doubts: Map<usize, Failure>,
}

/// What a look found for a step.
pub(super) enum Found {
    /// It shows.
    Shown,
    /// It did not show in time.
    Unseen,
    /// It did not show in time, and Kiro had contradicted the write.
    Refused(Failure),
}

impl<'a> ReadBack<'a> {
    pub(super) fn new(session: &'a Session, patience: Duration) -> Self {
        Self {
            session,
            patience,
            unseen: Vec::new(),
            looking: None,
            next: Instant::now(),
            pause: LOOK_AGAIN.0,
            doubts: Map::new(),
        }
    }

    /// Whether nothing is waited for.
    pub(super) fn is_empty(&self) -> bool {
        self.unseen.is_empty()
    }

    pub(super) fn doubt(&mut self, operation: usize, failure: Failure) {
        self.doubts.insert(operation, failure);
    }

    /// This step waits from now on.
    pub(super) fn wait_for(&mut self, step: StepId) {
        let now = Instant::now();
        if self.unseen.is_empty() {
            self.pause = LOOK_AGAIN.0;
            self.next = now;
        }
        self.unseen.push((step, now + self.patience));
    }

    /// Gives up waiting, and says for what.
    pub(super) fn end(&mut self) -> Vec<StepId> {
        self.looking = None;
        let unseen = std::mem::take(&mut self.unseen);
        unseen.into_iter().map(|(step, _)| step).collect()
    }

    /// A look costs a listing: it is taken when somebody waits for it, or when nothing else is left to do.
    pub(super) fn is_due<F: Clone>(&self, run: &Run<F>, idle: bool) -> bool {
        let awaited = || self.unseen.iter().any(|(step, _)| run.is_awaited(*step));
        self.looking.is_some() || (!self.unseen.is_empty() && (idle || awaited()))
    }

    /// The next look, when its time has come. What is begun goes on in the next call.
    pub(super) async fn look(&mut self) -> Result<SeatsSeen, aws::Error> {
        if self.looking.is_none() {
            sleep_until(self.next).await;
            self.looking = Some(Box::pin(aws::read_seats(self.session)));
        }
        match &mut self.looking {
            Some(look) => {
                let seen = look.await;
                self.looking = None;
                seen
            }
            None => std::future::pending().await,
        }
    }

    /// What a look found, for the steps that it ends the waiting of.
    pub(super) fn looked(
        &mut self,
        seen: Result<SeatsSeen, aws::Error>,
        book: &Book,
        plan: &Plan,
        order: &Order,
    ) -> Vec<(StepId, Found)> {
        let now = Instant::now();
        // A failed look is as good as one that shows nothing yet: the seats were written all the same.
        let shows = seen.ok().map(|seen| book.seats(seen));
        let mut found = Vec::new();
        self.unseen.retain(|(id, until)| {
            let step = &order.steps[*id];
            if shows.as_ref().is_some_and(|shows| shows.has(step, plan)) {
                found.push((*id, Found::Shown));
                return false;
            }
            if now < *until {
                return true;
            }
            let doubt = match step {
                Step::SeatShows(index) => self.doubts.remove(index),
                Step::Write(_) | Step::AccessShows { .. } => None,
            };
            found.push((*id, doubt.map_or(Found::Unseen, Found::Refused)));
            false
        });
        self.next = now + self.pause;
        self.pause = (self.pause * 2).min(LOOK_AGAIN.1);
        found
    }
}
