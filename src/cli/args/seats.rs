//! `seats`: which seats are shown, and how.

use super::value::{glob, tier};
use crate::model::{Glob, Tier};
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
    pub(crate) only: Vec<SeatKind>,
    /// Only people in this group, whatever it gives; a glob, repeatable
    #[arg(long, value_name = "GROUP", value_parser = glob)]
    pub(crate) group: Vec<Glob>,
    /// Only people who are billed for this tier; repeatable
    #[arg(long, value_name = "TIER", value_parser = tier, value_delimiter = ',')]
    pub(crate) tier: Vec<Tier>,
    /// Sum instead of listing people
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) by: Option<SeatsBy>,
    /// A roster, to tell whom it leaves out, and for its prices; repeatable
    #[arg(short, long = "file", value_name = "PATH")]
    pub(crate) files: Vec<PathBuf>,
    /// How to show it
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t = SeatsFormat::Text)]
    pub(crate) output: SeatsFormat,
}

/// What there is to look at in a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeatKind {
    /// PENDING: assigned, and never used
    Idle,
    /// Of a disabled user
    Disabled,
    /// Of nobody in the store
    Orphaned,
    /// An own grant that a group's makes superfluous
    Shadowed,
    /// Of somebody whom the roster (`-f`) does not name
    Unlisted,
    /// Whose it is, or in what state, Kiro does not tell
    Unknown,
    /// Another product's
    Foreign,
    /// Ends with the month
    Cancelled,
    /// Another tier is in force than is assigned
    Changing,
}

/// By what seats are summed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeatsBy {
    /// Who is in several counts in each
    Group,
    /// What is billed
    Tier,
    /// The attribute of that name
    #[value(name = "cost_center")]
    CostCenter,
    /// The attribute of that name
    Department,
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
