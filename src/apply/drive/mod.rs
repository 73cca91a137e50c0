//! The short loop around the pure run: writes down what it is about to do, starts what may start, waits for whatever
//! answers first, looks back at seats.
//!
//! - `driver`: the loop, and what an answer leads to; `record`: what is written down of it

mod driver;
mod record;

use super::book::Book;
use super::event::{Event, What};
use super::ledger::Ledger;
use super::mailing;
use super::owed::Owed;
use super::readback::ReadBack;
use super::report::Report;
use super::run::{Outcome, Run};
use super::wave;
use crate::aws::Session;
use crate::model::Text;
use crate::plan::{Approved, Operation};
use driver::{Driver, Ended};
use futures_util::stream::FuturesUnordered;
use jiff::civil::Date;
use std::collections::{BTreeMap as Map, BTreeSet as Set};
use std::time::Duration;

/// How a plan is to be run.
#[derive(Clone, Debug, Default)]
pub struct How {
    /// For the ledger: which command runs it.
    pub command: &'static str,
    /// The day that counts (UTC).
    pub today: Date,
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
        notes: _,
    } = approved;
    let How {
        command,
        today,
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
    let mut driver = Driver {
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
    driver.begin(command, today, &states);
    let Ended {
        ids,
        mut outcomes,
        perhaps,
        adopted,
        request_ids,
        unrecorded,
        gave_up,
        interrupted,
    } = driver.through(interrupt).await;
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
        Operation::Seat(holder, _) => {
            let asked = ledger.memory().seat_asked(holder, &plan.target.store)?;
            Some((index, asked.since))
        }
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
