//! What of a plan an earlier run has asked for: Kiro takes some changes of seats late, and others not before a day has come.
//! They stay in the plan, so that it is the same with a ledger at hand and without, and they are told apart from what is new.

use super::{Operation, Plan};
use crate::goal::{Aside, Hold};
use crate::live::{Live, SeatRow, Status};
use crate::model::{Principal, Tier};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;

/// So long Kiro may take to show what it has taken (facts page, section 3: a new member of a group with a tier). After that
/// something is wrong, and it counts as a change again.
const SHOWS_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// What earlier runs have asked for a seat, in vain so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What it was to become.
    pub wanted: Option<Tier>,
    /// When that was first asked for.
    pub since: Timestamp,
    /// When it was last asked for.
    pub last: Timestamp,
    /// Why it did not come.
    pub hold: Hold,
}

impl Plan {
    /// Tells apart what was asked for before. `asked` is what a ledger knows of a holder's seat; `live` is filed under the
    /// plan's names.
    pub fn recalling(
        mut self,
        asked: impl Fn(&Principal) -> Option<Asked>,
        live: &Live,
        now: Timestamp,
    ) -> Self {
        for operation in &self.operations {
            let Operation::Seat(holder, change) = operation else {
                continue;
            };
            let row = match holder {
                Principal::User(user) => live.seat_row(user),
                Principal::Group(_) => None,
            };
            let asked = asked(holder).filter(|asked| asked.wanted == change.after);
            let Some(asked) = asked.filter(|asked| asked.holds(row, now)) else {
                continue;
            };
            self.aside.push(Aside::Asked {
                holder: holder.clone(),
                since: asked.since,
                hold: asked.hold,
                not_before: asked.not_before(),
            });
        }
        self
    }

    /// Whether anything in it is to be done that no earlier run has asked for.
    pub fn has_news(&self) -> bool {
        let asked = self.aside.iter().filter_map(|aside| match aside {
            Aside::Asked { holder, .. } => Some(holder),
            Aside::Waiting { .. } | Aside::Deferred { .. } => None,
        });
        let asked: HashSet<&Principal> = asked.collect();
        let mut operations = self.operations.iter();
        operations.any(|operation| {
            operation
                .holder()
                .is_none_or(|holder| !asked.contains(holder))
        })
    }
}

impl Asked {
    /// Whether what stood in the way then still does.
    fn holds(&self, row: Option<&SeatRow>, now: Timestamp) -> bool {
        match self.hold {
            Hold::Settling => now.duration_since(self.last) < SHOWS_WITHIN,
            Hold::SignIn => row.is_some_and(|row| row.status == Status::Pending),
            Hold::Month => self.not_before().is_some_and(|day| day_of(now) < day),
        }
    }

    fn not_before(&self) -> Option<Date> {
        match self.hold {
            Hold::Settling | Hold::SignIn => None,
            Hold::Month => day_of(self.last).last_of_month().tomorrow().ok(),
        }
    }
}

fn day_of(time: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(time).date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::Source;

    fn at(time: &str) -> Timestamp {
        time.parse().unwrap()
    }

    #[test]
    fn each_hold_has_its_own_end() {
        let row = |status| SeatRow {
            source: Source::Own,
            tier: Some(Tier::Pro),
            in_force: Some(Tier::Pro),
            status,
            since: None,
            called: None,
        };
        let (pending, active) = (row(Status::Pending), row(Status::Active));
        let cases = [
            (Hold::Settling, "2026-12-11T08:59:59Z", &active, true),
            (Hold::Settling, "2026-12-11T09:00:00Z", &active, false),
            (Hold::SignIn, "2027-06-01T00:00:00Z", &pending, true),
            (Hold::SignIn, "2026-12-10T09:00:01Z", &active, false),
            (Hold::Month, "2026-12-31T23:59:59Z", &active, true),
            (Hold::Month, "2027-01-01T00:00:00Z", &active, false),
        ];
        for (hold, now, row, holds) in cases {
            let asked = Asked {
                wanted: Some(Tier::Power),
                since: at("2026-11-01T00:00:00Z"),
                last: at("2026-12-10T09:00:00Z"),
                hold,
            };
            assert_eq!(asked.holds(Some(row), at(now)), holds, "{hold:?} at {now}");
        }
    }
}
