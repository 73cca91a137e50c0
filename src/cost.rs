//! What seats cost a month: an estimate from list prices, or from the root's `tiers`.
//!
//! Kiro bills a person once, at the highest of own and group grants; an upgrade at once, a downgrade or a cancellation
//! from the 1st of the next month; a PENDING seat not before the first sign-in (facts page, section 3).

use crate::desired::Prices;
use crate::directory::{Directory, People, Tiers, raise};
use crate::live::{Kiro, Live, SeatRow, Source, Status};
use crate::model::{Tier, Usd, first_of_next_month};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap as Map;

/// Before, after and from today.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cost {
    /// The month as it is, if nothing changes.
    pub before: Bill,
    /// The steady state after the changes: what limits and the budget judge.
    pub after: Bill,
    /// What is billed from today on: upgrades count, and what is lowered or ends is still paid for this month.
    pub now: Bill,
    /// From this day (UTC) on, `after` is billed.
    #[schemars(with = "Option<String>")]
    pub steady_from: Option<Date>,
    /// What the estimate rests on.
    pub prices: Prices,
}

/// Seats and dollars a month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Bill {
    /// People with a seat, each once.
    pub seats: u64,
    /// What they cost.
    pub usd: Usd,
    /// People by the highest tier they have.
    pub by_tier: Map<Tier, u64>,
    /// How much of it is not billed yet.
    pub pending: Pending,
}

/// Seats whose holders have never signed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Pending {
    /// People.
    pub seats: u64,
    /// What they will cost.
    pub usd: Usd,
}

impl Cost {
    /// What `live` costs and what `goal` will.
    pub fn of(live: &Live, goal: &Directory, prices: &Prices, today: Date) -> Self {
        Self::between(live, &live.directory, goal, prices, today)
    }

    /// The same between two states that lie around `live`, whose seat rows tell what is billed yet.
    pub fn between(
        live: &Live,
        before: &Directory,
        after: &Directory,
        prices: &Prices,
        today: Date,
    ) -> Self {
        let kiro = live.kiro.as_ref();
        let (had, will_have) = (billed(before, kiro), billed(after, kiro));
        let mut now = had.clone();
        for (user, tier) in will_have.iter().map(|(user, tier)| (*user, *tier)) {
            raise(&mut now, user, tier);
        }
        still_charged(&mut now, kiro);
        let used = used(kiro);
        let bill = |tiers: &Tiers<'_>| {
            let seats = tiers
                .iter()
                .map(|(user, tier)| (*tier, !used.contains(user)));
            Bill::of(seats, prices)
        };
        // People who were not looked for keep what they have, as Kiro lists it.
        let others: &[SeatRow] = kiro.map_or(&[], |kiro| &kiro.others);
        let with_others = |mut bill: Bill, charged: fn(&SeatRow) -> Option<Tier>| {
            for row in others.iter().filter(|row| row.source != Source::Foreign) {
                if let Some(tier) = charged(row) {
                    bill.add(tier, row.status == Status::Pending, prices);
                }
            }
            bill
        };
        let held = |row: &SeatRow| row.tier.filter(|_| row.status != Status::Cancelled);
        let charged = |row: &SeatRow| match row.status {
            Status::Pending => row.tier,
            _ => row.tier.max(row.in_force),
        };
        Self {
            before: with_others(bill(&had), held),
            after: with_others(bill(&will_have), held),
            now: with_others(bill(&now), charged),
            steady_from: first_of_next_month(today),
            prices: prices.clone(),
        }
    }

    /// Dollars a month more, or less.
    pub fn delta(&self) -> Usd {
        self.after.usd - self.before.usd
    }
}

/// What each person is billed for in a month without changes: the highest tier.
pub fn billed<'d>(directory: &'d Directory, kiro: Option<&'d Kiro>) -> Tiers<'d> {
    let mut tiers = directory.highest();
    let rows = kiro.into_iter().flat_map(|kiro| &kiro.rows);
    // Whose it is cannot be told, but it is paid for.
    let unclear =
        rows.filter(|(_, row)| row.source == Source::Unknown && row.status != Status::Cancelled);
    for (user, row) in unclear {
        if let Some(tier) = row.tier.filter(|_| directory.users.contains_key(user)) {
            raise(&mut tiers, user, tier);
        }
    }
    tiers
}

/// Adds what is charged in full to the end of the month: what was cancelled, and what was lowered.
pub fn still_charged<'d>(now: &mut Tiers<'d>, kiro: Option<&'d Kiro>) {
    let rows = kiro.into_iter().flat_map(|kiro| &kiro.rows);
    for (user, row) in rows.filter(|(_, row)| row.source != Source::Foreign) {
        let cancelled = (row.status == Status::Cancelled)
            .then_some(row.tier)
            .flatten();
        let charged = cancelled.max(row.in_force.filter(|_| row.status != Status::Pending));
        if let Some(charged) = charged {
            raise(now, user, charged);
        }
    }
}

/// Whose seats are billed already: everybody else has never signed in, as far as Kiro tells.
pub fn used(kiro: Option<&Kiro>) -> People<'_> {
    let rows = kiro.into_iter().flat_map(|kiro| &kiro.rows);
    let many = kiro.map_or(0, |kiro| kiro.rows.len());
    let mut used = People::with_capacity_and_hasher(many, <_>::default());
    used.extend(rows.filter_map(|(user, row)| (row.status != Status::Pending).then_some(user)));
    used
}

impl Bill {
    /// What these people's seats cost: each one's tier, and whether it is not billed yet.
    pub fn of(seats: impl IntoIterator<Item = (Tier, bool)>, prices: &Prices) -> Self {
        let mut bill = Self::default();
        for (tier, is_new) in seats {
            bill.add(tier, is_new, prices);
        }
        bill
    }
}

impl Bill {
    fn add(&mut self, tier: Tier, is_new: bool, prices: &Prices) {
        let price = prices.of(Some(tier));
        self.seats += 1;
        self.usd = self.usd + price;
        *self.by_tier.entry(tier).or_default() += 1;
        if is_new {
            self.pending.seats += 1;
            self.pending.usd = self.pending.usd + price;
        }
    }
}
