//! Kiro's tiers: what people write, what Kiro reads and what Kiro writes.
//!
//! Source: the tier table of the facts page (section 3); the wire's words were observed, not published, which is why they
//! stand here and nowhere else.

use std::fmt;

/// A Kiro tier; a later one is a higher one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Kiro Pro: 20 USD a month, 1,000 credits.
    Pro,
    /// Kiro Pro+: 40 USD a month, 2,000 credits.
    ProPlus,
    /// Kiro Pro Max: 100 USD a month, 5,000 credits.
    ProMax,
    /// Kiro Power: 200 USD a month, 10,000 credits.
    Power,
}

impl Tier {
    /// Every tier, lowest first.
    pub const ALL: [Self; 4] = [Self::Pro, Self::ProPlus, Self::ProMax, Self::Power];

    /// The roster's word: `pro`, `pro+`, `pro-max`, `power`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Pro => "pro",
            Self::ProPlus => "pro+",
            Self::ProMax => "pro-max",
            Self::Power => "power",
        }
    }

    /// The list price in USD a month.
    pub fn usd(self) -> u32 {
        match self {
            Self::Pro => 20,
            Self::ProPlus => 40,
            Self::ProMax => 100,
            Self::Power => 200,
        }
    }

    /// The credits a month that come with it.
    pub fn credits(self) -> u32 {
        match self {
            Self::Pro => 1_000,
            Self::ProPlus => 2_000,
            Self::ProMax => 5_000,
            Self::Power => 10_000,
        }
    }

    /// What people write, in any case: the roster's words and the spellings of older files.
    pub fn spelled(text: &str) -> Option<Self> {
        let plain = text.trim().to_lowercase().replace(['_', ' '], "-");
        let plain = plain.strip_prefix("kiro-").unwrap_or(&plain);
        match plain {
            "pro" => Some(Self::Pro),
            "pro+" | "pro-plus" | "proplus" => Some(Self::ProPlus),
            "pro-max" => Some(Self::ProMax),
            "power" => Some(Self::Power),
            _ => None,
        }
    }

    /// The value that seat writes carry.
    pub fn written(self) -> &'static str {
        match self {
            Self::Pro => "Q_DEVELOPER_STANDALONE_PRO",
            Self::ProPlus => "Q_DEVELOPER_STANDALONE_PRO_PLUS",
            Self::ProMax => "Q_DEVELOPER_STANDALONE_PRO_MAX",
            Self::Power => "Q_DEVELOPER_STANDALONE_POWER",
        }
    }

    /// The value that seat lists carry; `None` for another product's seat, which is reported and never touched.
    pub fn read(value: &str) -> Option<Self> {
        match value {
            "KIRO_ENTERPRISE_PRO" => Some(Self::Pro),
            "KIRO_ENTERPRISE_PRO_PLUS" => Some(Self::ProPlus),
            "KIRO_ENTERPRISE_PRO_MAX" => Some(Self::ProMax),
            "KIRO_ENTERPRISE_POWER" | "KIRO_ENTERPRISE_PRO_POWER" => Some(Self::Power),
            _ => None,
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_accepted_spelling_means_its_tier() {
        for (tier, spellings) in [
            (Tier::Pro, "pro,Pro,kiro pro,KIRO_PRO"),
            (Tier::ProPlus, "pro+,pro_plus,proplus,pro-plus,Kiro Pro+"),
            (Tier::ProMax, "pro max,pro_max,pro-max,kiro pro max"),
            (Tier::Power, "power,Kiro Power"),
        ] {
            for spelling in spellings.split(',') {
                assert_eq!(Tier::spelled(spelling), Some(tier), "{spelling}");
            }
            assert_eq!(Tier::spelled(tier.key()), Some(tier));
        }
        for wrong in ["", "none", "free", "pro++", "plus", "KIRO_ENTERPRISE_PRO"] {
            assert_eq!(Tier::spelled(wrong), None, "{wrong}");
        }
    }
}
