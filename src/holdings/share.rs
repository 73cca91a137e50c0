//! The same seats, summed by what people have in common.

use super::{Holding, Holdings};
use crate::cost::Bill;
use crate::model::Text;
use std::collections::BTreeMap as Map;

/// By what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Groups: who is in several counts in each.
    Group,
    /// Tiers.
    Tier,
    /// `cost_center`.
    CostCenter,
    /// `department`.
    Department,
}

/// What people who have one thing in common cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The thing; `None` for those who have none.
    pub of: Option<Text>,
    /// Their seats.
    pub bill: Bill,
}

impl By {
    /// Everything to sum by, in the order in which options list it.
    pub const ALL: [Self; 4] = [Self::Group, Self::Tier, Self::CostCenter, Self::Department];

    /// As options and files say it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Tier => "tier",
            Self::CostCenter => "cost_center",
            Self::Department => "department",
        }
    }

    fn of(self, holding: &Holding) -> Vec<Option<Text>> {
        match self {
            Self::Group if holding.groups.is_empty() => vec![None],
            Self::Group => {
                let groups = holding.groups.iter();
                groups.map(|group| Some(group.as_str().into())).collect()
            }
            Self::Tier => vec![holding.tier.map(|tier| tier.key().into())],
            Self::CostCenter => vec![holding.cost_center.clone()],
            Self::Department => vec![holding.department.clone()],
        }
    }
}

impl Holdings {
    /// What is billed, by this; in the order of names, tiers from the lowest, those who have none last.
    pub fn by(&self, by: By) -> Vec<Share> {
        let mut seats: Map<(bool, usize, Option<Text>), Vec<_>> = Map::new();
        for holding in &self.people {
            let Some(tier) = holding.tier else { continue };
            let height = match by {
                By::Tier => tier as usize,
                By::Group | By::CostCenter | By::Department => 0,
            };
            for of in by.of(holding) {
                let key = (of.is_none(), height, of);
                seats.entry(key).or_default().push((tier, holding.is_new));
            }
        }
        let shares = seats.into_iter().map(|((.., of), seats)| Share {
            of,
            bill: Bill::of(seats, &self.prices),
        });
        shares.collect()
    }
}
