//! `verify`: a saved plan, before it is applied.

use super::Acknowledged;
use clap::Args;
use std::path::PathBuf;

/// Check that a saved plan still fits and may be applied; never writes
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The plan
    #[arg(value_name = "PLAN")]
    pub(crate) plan: PathBuf,
    /// The roster that it must have been made of: file, directory, or `-`; repeatable
    #[arg(short, long = "file", value_name = "PATH")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) acknowledged: Acknowledged,
}
