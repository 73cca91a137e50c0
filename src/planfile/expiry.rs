//! Until when a plan may wait.

use crate::desired::Desired;
use crate::model::Subject;
use crate::plan::Plan;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The end of `plan_ttl`; where seats change, the turn of the month (UTC), when other things can be done and other
/// things cost; the end of the first `until` to come, after which the roster says something else; and that of the first
/// agreement that the plan could not do without.
pub fn expires(plan: &Plan, desired: &Desired, made: Timestamp) -> Timestamp {
    let today = TimeZone::UTC.to_datetime(made).date();
    let ttl = made
        .checked_add(plan.terms.policy.plan_ttl)
        .unwrap_or(Timestamp::MAX);
    let is_seat = |subject: &Subject| matches!(subject, Subject::Seat(_));
    let seats = !plan.shifts.is_empty() || plan.operations.iter().any(|op| is_seat(&op.subject()));
    let month = seats.then(|| today.last_of_month());
    let untils = desired
        .users
        .values()
        .filter_map(|claim| Some(claim.until.as_ref()?.value));
    let until = untils.filter(|day| *day >= today).min();
    // An agreement that was given with the command, or to no more than is allowed anyway, ends nothing.
    let agreements = desired.acknowledge.iter();
    let agreement = agreements
        .filter(|said| said.expires >= today && plan.terms.agreed.contains_key(&said.limit))
        .map(|said| said.expires)
        .min();
    let days = [month, until, agreement].into_iter().flatten();
    days.filter_map(end_of).chain([ttl]).min().unwrap_or(ttl)
}

/// The first instant after a day, UTC.
fn end_of(day: Date) -> Option<Timestamp> {
    let next = day.tomorrow().ok()?;
    Some(next.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp())
}
