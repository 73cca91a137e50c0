//! `seats`: which seats are shown, and how.

use super::value::{glob, tier};
use crate::holdings::{By, Kind};
use crate::model::{Glob, Tier};
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Show who has which seat, in which state, from where, and at what cost
#[derive(Debug, Args)]
pub(crate) struct Seats {
    /// Only people of these user names; globs
    #[arg(value_name = "NAME", value_parser = glob)]
    pub(crate) names: Vec<Glob>,
    /// Only seats with this to look at; repeatable
    #[arg(long, value_enum, value_name = "KIND", value_delimiter = ',')]
    pub(crate) only: Vec<Kind>,
    /// Only people in this group, whatever it gives; a glob, repeatable
    #[arg(long, value_name = "GROUP", value_parser = glob)]
    pub(crate) group: Vec<Glob>,
    /// Only people who are billed for this tier; repeatable
    #[arg(long, value_name = "TIER", value_parser = tier, value_delimiter = ',')]
    pub(crate) tier: Vec<Tier>,
    /// Sum instead of listing people
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) by: Option<By>,
    /// A roster, to tell whom it leaves out, and for its prices; repeatable
    #[arg(short, long = "file", value_name = "PATH")]
    pub(crate) files: Vec<PathBuf>,
    /// How to show it
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t = SeatsFormat::Text)]
    pub(crate) output: SeatsFormat,
}

/// The list is that of [`holdings`](crate::holdings); what is said of each is only here.
impl ValueEnum for Kind {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Self::Idle => "PENDING: assigned, and never used",
            Self::Disabled => "Of a disabled user",
            Self::Orphaned => "Of nobody in the store",
            Self::Shadowed => "An own grant that a group's makes superfluous",
            Self::Unlisted => "Of somebody whom the roster (`-f`) does not name",
            Self::Unknown => "Whose it is, or in what state, Kiro does not tell",
            Self::Foreign => "Another product's",
            Self::Cancelled => "Ends with the month",
            Self::Changing => "Another tier is in force than is assigned",
        };
        Some(PossibleValue::new(self.key()).help(help))
    }
}

impl ValueEnum for By {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Self::Group => "Who is in several counts in each",
            Self::Tier => "What is billed",
            Self::CostCenter | Self::Department => "The attribute of that name",
        };
        Some(PossibleValue::new(self.key()).help(help))
    }
}

/// How seats are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeatsFormat {
    /// For a terminal
    Text,
    /// For programs
    Json,
    /// For a spreadsheet
    Csv,
}
