//! What a plan costs, as a table and a few sentences. An estimate: list prices, or the roster's `tiers`.

use super::phrase::{Phrase, say};
use crate::cost::{Bill as Month, Cost};
use crate::model::{Tier, Usd};
use crate::plan::Plan;

/// Seats and dollars a month, before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    /// By tier, lowest first; only tiers that somebody has or had.
    pub tiers: Vec<Row>,
    /// All together.
    pub total: Row,
    /// What is billed when, and what is not billed yet.
    pub remarks: Vec<Phrase>,
}

/// One row, before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The tier; `None` for all.
    pub tier: Option<Tier>,
    /// People, each once at the highest tier.
    pub seats: (u64, u64),
    /// Dollars a month.
    pub usd: (Usd, Usd),
}

impl Row {
    /// Dollars a month more.
    pub fn difference(&self) -> Usd {
        self.usd.1 - self.usd.0
    }
}

impl Bill {
    /// The rows to be shown: a single tier is its own total.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        let total = Some(&self.total).filter(|_| self.tiers.len() != 1);
        self.tiers.iter().chain(total)
    }

    /// Whether before and after are the same.
    pub fn is_unchanged(&self) -> bool {
        self.rows()
            .all(|row| row.seats.0 == row.seats.1 && row.usd.0 == row.usd.1)
    }

    pub(super) fn of(plan: &Plan) -> Option<Self> {
        let Cost {
            before,
            after,
            now,
            steady_from,
            prices,
        } = &plan.cost;
        if plan.coverage.without_seats {
            return None;
        }
        if [before, after, now].into_iter().all(|bill| bill.seats == 0) {
            return None;
        }
        let seats = |month: &Month, tier| month.by_tier.get(&tier).copied().unwrap_or_default();
        let rows = Tier::ALL.into_iter().map(|tier| {
            let seats = (seats(before, tier), seats(after, tier));
            let price = prices.of(Some(tier));
            Row {
                tier: Some(tier),
                seats,
                usd: (price * seats.0, price * seats.1),
            }
        });
        let mut remarks = Vec::new();
        if now.usd != after.usd {
            let from = match steady_from {
                Some(day) => say![", from ", *day, " "],
                None => say![", then "],
            };
            remarks.push(say!["from today ", now.usd, from, after.usd]);
        }
        let pending = after.pending;
        if pending.seats > 0 {
            let seats = match pending.seats {
                1 => say!["1 seat"],
                many => say![many, " seats"],
            };
            remarks.push(say![pending.usd, " (", seats, ") PENDING, not billed yet"]);
        }
        Some(Self {
            tiers: rows.filter(|row| row.seats != (0, 0)).collect(),
            total: Row {
                tier: None,
                seats: (before.seats, after.seats),
                usd: (before.usd, after.usd),
            },
            remarks,
        })
    }
}
