//! `export`: what is live, as files.

use crate::plan::Selector;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Write what is live as a roster, or in a format of the scripts
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// Write here instead of to standard output; CSV needs it, and writes X.csv and X-groups.csv
    #[arg(long, value_name = "FILE", required_if_eq("format", "csv"))]
    pub(crate) out: Option<PathBuf>,
    /// As a roster, or as the files that the scripts read
    #[arg(long, value_enum, default_value_t = ExportFormat::Yaml)]
    pub(crate) format: ExportFormat,
    /// Only these and what they need: user: or group: (whole entries), membership: or seat:, and a glob
    #[arg(long, value_name = "KIND:GLOB", value_parser = Selector::parse)]
    pub(crate) only: Vec<Selector>,
    /// Show what it would change in this roster file instead, as a unified diff
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "format"])]
    pub(crate) diff: Option<PathBuf>,
    /// Which user attributes to write
    #[arg(long, value_enum, default_value_t = Attributes::Core)]
    pub(crate) attributes: Attributes,
    /// For use in another account: without the `target` pins, disabled people, and AWS's own groups
    #[arg(long)]
    pub(crate) no_target: bool,
}

/// What an export writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// A roster
    Yaml,
    /// The scripts' two tables: people, and groups with a tier
    Csv,
    /// The scripts' backup of a store: users, groups, memberships
    Json,
}

/// Which attributes an export writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Attributes {
    /// Names and e-mail
    Core,
    /// Everything that is set
    All,
}
