//! `show`: a saved plan, for people to read.

use super::Format;
use clap::Args;
use std::path::PathBuf;

/// Show a saved plan again, in any format; offline
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The plan
    #[arg(value_name = "PLAN")]
    pub(crate) plan: PathBuf,
    /// How to show it
    #[arg(short, long, value_enum, value_name = "FORMAT")]
    pub(crate) output: Option<Format>,
    /// List what was live and in no file, and fold nothing
    #[arg(long)]
    pub(crate) full: bool,
    /// Show people by pseudonyms
    #[arg(long)]
    pub(crate) redact: bool,
}
