//! `verify`: a saved plan, before it is applied.

use super::{Acknowledged, Sources};
use clap::Args;
use std::path::PathBuf;

/// Check that a saved plan still fits and may be applied; never writes
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The plan
    #[arg(value_name = "PLAN")]
    pub(crate) plan: PathBuf,
    #[command(flatten)]
    pub(crate) sources: Sources,
    #[command(flatten)]
    pub(crate) acknowledged: Acknowledged,
}
