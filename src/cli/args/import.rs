//! `import`: files of others, as a roster.

use super::value::tier;
use crate::model::Tier;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Make a roster of the scripts' files, or of the list of Kiro's console
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// CSV files, backups in JSON, or the console's list
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Write here instead of to standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// One tier for everybody
    #[arg(long, value_name = "TIER", value_parser = tier)]
    pub(crate) tier: Option<Tier>,
    /// Whom `--tier` is for, where the files say tiers too
    #[arg(long, value_enum, value_name = "WHOM", requires = "tier")]
    pub(crate) tier_for: Option<ImportTierFor>,
    /// A group for everybody; repeatable
    #[arg(long, value_name = "NAME")]
    pub(crate) group: Vec<String>,
    /// Do not look at what is live
    #[arg(long)]
    pub(crate) offline: bool,
}

/// Whom one tier is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImportTierFor {
    /// Everybody: it replaces what the files say
    All,
    /// Those of whom the files say none
    Blank,
}
