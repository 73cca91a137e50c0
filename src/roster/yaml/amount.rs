//! Numbers, money, days and lengths of time, each within bounds that catch a slip of the finger.

use super::{Is, Look, Node};
use crate::model::Usd;
use jiff::SignedDuration;
use jiff::civil::Date;
use std::ops::RangeInclusive;

/// More than all memberships of the largest store, and than its seats cost a month.
pub(in crate::roster) const MOST: u32 = 100_000_000;
/// Shorter, and nobody could review; longer, and nobody would remember. Seats bound a plan to the month anyway.
const PLAN_TTL: RangeInclusive<SignedDuration> =
    SignedDuration::from_mins(5)..=SignedDuration::from_hours(30 * 24);

impl Look<'_> {
    /// A whole number of this range.
    pub(super) fn count(
        &mut self,
        node: &Node<'_>,
        key: &str,
        range: RangeInclusive<u32>,
    ) -> Option<u32> {
        if !matches!(node.is, Is::Number) {
            self.not_a(node, &format!("`{key}`"), "a whole number");
            return None;
        }
        let spelled = self.spelled(node);
        let digits = spelled.bytes().all(|b| b.is_ascii_digit());
        let count = spelled.parse().ok().filter(|n| digits && range.contains(n));
        if count.is_none() {
            let (least, most) = (range.start(), range.end());
            let hint = format!("a whole number from {least} to {most}");
            self.wrong_hint(node.at, format!("`{key}` cannot be `{spelled}`"), hint);
        }
        count
    }

    /// Dollars a month.
    pub(super) fn usd(&mut self, node: &Node<'_>, key: &str) -> Option<Usd> {
        if !matches!(node.is, Is::Number | Is::Text(_)) {
            self.not_a(node, &format!("`{key}`"), "an amount in dollars");
            return None;
        }
        let spelled = self.spelled(node);
        let amount = matches!(node.is, Is::Number)
            .then(|| Usd::parse(spelled))
            .flatten()
            .filter(|usd| *usd <= Usd::whole(i64::from(MOST)));
        if amount.is_none() {
            let hint = format!("US dollars, as in `200` or `39.50`, {MOST} at most");
            self.wrong_hint(node.at, format!("`{key}` cannot be `{spelled}`"), hint);
        }
        amount
    }

    /// A day.
    pub(super) fn date(&mut self, node: &Node<'_>, key: &str, hint: &str) -> Option<Date> {
        let text = self.string(node, &format!("`{key}`"))?;
        let date = Date::strptime("%Y-%m-%d", text).ok();
        if date.is_none() {
            self.wrong_hint(node.at, format!("`{text}` is not a date"), hint);
        }
        date
    }

    /// `plan_ttl`: a number and its unit.
    pub(super) fn span(&mut self, node: &Node<'_>, key: &str) -> Option<SignedDuration> {
        if !matches!(node.is, Is::Number | Is::Text(_)) {
            self.not_a(node, &format!("`{key}`"), "a length of time");
            return None;
        }
        let (spelled, told) = match &node.is {
            Is::Text(text) => (span(text), &**text),
            _ => (None, self.spelled(node)),
        };
        match spelled {
            Some(length) if PLAN_TTL.contains(&length) => Some(length),
            Some(_) => {
                let message = format!("`{key}` cannot be `{told}`");
                self.wrong_hint(node.at, message, "from five minutes to thirty days");
                None
            }
            None => {
                let message = format!("`{told}` is not a length of time");
                let hint = "a number and its unit, as in `72h`, `90m` or `3d`";
                self.wrong_hint(node.at, message, hint);
                None
            }
        }
    }
}

fn span(text: &str) -> Option<SignedDuration> {
    let (unit_at, unit) = text.char_indices().next_back()?;
    let number = &text[..unit_at];
    let minutes: i64 = match unit {
        'm' => 1,
        'h' => 60,
        'd' => 24 * 60,
        _ => return None,
    };
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // What is too much for a number is too long in any unit.
    let number: u32 = number.parse().unwrap_or(u32::MAX);
    Some(SignedDuration::from_mins(i64::from(number) * minutes))
}
