//! What of a plan an earlier run has asked for: Kiro takes some changes of seats late, and others not before a day has come.
//! They stay in the plan, so that it is the same with a ledger at hand and without, and they are told apart from what is new.

use super::{Change, Operation, Plan};
use crate::goal::{Aside, Hold};
use crate::live::{Id, Live, SeatRow, Source, Status};
use crate::model::{Principal, Tier};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;

/// So long Kiro may take to show what it has taken (facts page, section 3: a new member of a group with a tier). After that
/// something is wrong, and it counts as a change again.
const SETTLES_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// A change of a seat that earlier runs have asked for, in vain so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Whose seat, by AWS's id.
    pub holder: Option<Id>,
    /// What it was.
    pub before: Option<Tier>,
    /// What it was to become.
    pub after: Option<Tier>,
    /// When that was first asked for.
    pub since: Timestamp,
    /// Why it did not come.
    pub hold: Hold,
    /// From which day on it may be, where that is known.
    pub not_before: Option<Date>,
}

impl Plan {
    /// Tells apart what was asked for before. `asked` is what a ledger knows of a holder's seat; `live` is filed under the
    /// plan's names; `now` is by the ledger's clock, `today` by the plan's (UTC).
    pub fn recalling(
        mut self,
        asked: impl Fn(&Principal) -> Option<Asked>,
        live: &Live,
        now: Timestamp,
        today: Date,
    ) -> Self {
        for operation in &self.operations {
            let Operation::Seat(holder, change) = operation else {
                continue;
            };
            let row = match holder {
                Principal::User(user) => live.seat_row(user),
                Principal::Group(_) => None,
            };
            let id = live.known.get(holder).map(|known| &known.id);
            let asked = asked(holder).filter(|asked| asked.is_same(id, change));
            let Some(asked) = asked.filter(|asked| asked.holds(row, now, today)) else {
                continue;
            };
            self.aside.push(Aside::Asked {
                holder: holder.clone(),
                since: asked.since,
                hold: asked.hold,
                not_before: asked.not_before,
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
            let holder = operation.holder();
            holder.is_none_or(|holder| !asked.contains(holder))
        })
    }
}

impl Asked {
    /// Whether it was this very change, of the same person's seat.
    fn is_same(&self, holder: Option<&Id>, change: &Change<Tier>) -> bool {
        (self.before, self.after) == (change.before, change.after)
            && self.holder.is_some()
            && self.holder.as_ref() == holder
    }

    /// Whether what stood in the way then still does.
    fn holds(&self, row: Option<&SeatRow>, now: Timestamp, today: Date) -> bool {
        match self.hold {
            Hold::Settling => now.duration_since(self.since) < SETTLES_WITHIN,
            Hold::SignIn => {
                self.before.is_some() && row.is_some_and(|row| row.status == Status::Pending)
            }
            Hold::BesideGroup => {
                row.is_some_and(|row| row.source == Source::Group)
                    && self.not_before.is_none_or(|day| today < day)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn row(source: Source, status: Status) -> SeatRow {
        SeatRow {
            source,
            told: true,
            tier: Some(Tier::Pro),
            in_force: Some(Tier::Pro),
            status,
            since: None,
            called: None,
        }
    }

    fn asked(hold: Hold) -> Asked {
        Asked {
            holder: Some(Id::new("u-1")),
            before: Some(Tier::Pro),
            after: Some(Tier::Power),
            since: "2026-12-10T09:00:00Z".parse().unwrap(),
            hold,
            not_before: Some(date(2027, 1, 1)),
        }
    }

    #[test]
    fn each_hold_lasts_as_long_as_its_reason() {
        let pending = row(Source::Own, Status::Pending);
        let own = row(Source::Own, Status::Active);
        let group = row(Source::Group, Status::Active);
        let cases = [
            (Hold::Settling, "2026-12-11T08:59:59Z", Some(&own), true),
            (Hold::Settling, "2026-12-11T09:00:00Z", Some(&own), false),
            (Hold::SignIn, "2027-06-01T00:00:00Z", Some(&pending), true),
            (Hold::SignIn, "2026-12-10T09:00:01Z", Some(&own), false),
            (Hold::SignIn, "2026-12-10T09:00:01Z", None, false),
            (
                Hold::BesideGroup,
                "2026-12-31T23:59:59Z",
                Some(&group),
                true,
            ),
            (
                Hold::BesideGroup,
                "2027-01-01T00:00:00Z",
                Some(&group),
                false,
            ),
            (Hold::BesideGroup, "2026-12-10T09:00:01Z", None, false),
        ];
        for (hold, now, row, holds) in cases {
            let now: Timestamp = now.parse().unwrap();
            let today = jiff::tz::TimeZone::UTC.to_datetime(now).date();
            assert_eq!(
                asked(hold).holds(row, now, today),
                holds,
                "{hold:?} at {now}"
            );
        }
    }

    #[test]
    fn another_change_or_another_person_is_news() {
        let (asked, ada, other) = (asked(Hold::Settling), Id::new("u-1"), Id::new("u-2"));
        let change = |before, after| Change {
            before: Some(before),
            after: Some(after),
        };
        let same = change(Tier::Pro, Tier::Power);
        assert!(asked.is_same(Some(&ada), &same));
        assert!(!asked.is_same(Some(&other), &same));
        assert!(!asked.is_same(None, &same));
        assert!(!asked.is_same(Some(&ada), &change(Tier::ProPlus, Tier::Power)));
        assert!(!asked.is_same(Some(&ada), &change(Tier::Pro, Tier::ProMax)));
    }
}
