//! Money: US dollars, exact to the cent.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Mul, Sub};

/// US dollars in whole cents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Usd {
    cents: i64,
}

impl Usd {
    /// So many dollars.
    pub const fn whole(dollars: i64) -> Self {
        Self {
            cents: dollars.saturating_mul(100),
        }
    }

    /// So many cents.
    pub const fn cents(cents: i64) -> Self {
        Self { cents }
    }

    /// The amount in cents.
    pub const fn in_cents(self) -> i64 {
        self.cents
    }

    /// `39`, `39.5` or `39.50`; no sign, no more than two digits after the point, under a million.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(part) || part.len() > 2 || whole.len() > 12 {
            return None;
        }
        let part = format!("{part:0<2}");
        Some(Self::cents(
            whole.parse::<i64>().ok()? * 100 + part.parse::<i64>().ok()?,
        ))
    }

    /// With a sign even where it is positive: `+$20`, `-$1,200`, `$0`.
    pub fn signed(self) -> String {
        match self.cents {
            1.. => format!("+{self}"),
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.cents < 0 { "-" } else { "" };
        let (dollars, cents) = (
            self.cents.unsigned_abs() / 100,
            self.cents.unsigned_abs() % 100,
        );
        write!(f, "{sign}${}", grouped(dollars))?;
        match cents {
            0 => Ok(()),
            cents => write!(f, ".{cents:02}"),
        }
    }
}

/// A count with its thousands apart: `1,950`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

impl Add for Usd {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::cents(self.cents.saturating_add(other.cents))
    }
}

impl Sub for Usd {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::cents(self.cents.saturating_sub(other.cents))
    }
}

impl Mul<u64> for Usd {
    type Output = Self;
    fn mul(self, times: u64) -> Self {
        let times = i64::try_from(times).unwrap_or(i64::MAX);
        Self::cents(self.cents.saturating_mul(times))
    }
}

impl Sum for Usd {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_and_print() {
        for (text, printed) in [
            ("0", "$0"),
            ("20", "$20"),
            ("39.5", "$39.50"),
            ("39.05", "$39.05"),
            ("1234567", "$1,234,567"),
        ] {
            assert_eq!(
                Usd::parse(text).map(|usd| usd.to_string()).as_deref(),
                Some(printed)
            );
        }
        for wrong in [
            "",
            "-1",
            "+1",
            "1e3",
            ".5",
            "5.",
            "1.234",
            "1,000",
            "$5",
            "9999999999999",
        ] {
            assert_eq!(Usd::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Usd::whole(-1_200).signed(), "-$1,200");
        assert_eq!(Usd::whole(20).signed(), "+$20");
        assert_eq!(Usd::default().signed(), "$0");
    }
}
