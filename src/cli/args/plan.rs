//! `plan`: a roster against what is live.

use super::{Sources, Wishes};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Compare a roster with what is live and show what apply would do; never writes
#[derive(Debug, Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) sources: Sources,
    #[command(flatten)]
    pub(crate) wishes: Wishes,
    /// Save the plan, for review and for `apply`
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// How to show it
    #[arg(short, long, value_enum, value_name = "FORMAT")]
    pub(crate) output: Option<Format>,
    /// List what is live and in no file, and fold nothing
    #[arg(long)]
    pub(crate) full: bool,
    /// Show people by pseudonyms; a file that is saved is whole all the same
    #[arg(long)]
    pub(crate) redact: bool,
    /// Exit 2 where there are changes
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
}

/// How a plan is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a terminal
    Text,
    /// The plan file
    Json,
    /// For a pull request
    Markdown,
    /// One line
    Summary,
}
