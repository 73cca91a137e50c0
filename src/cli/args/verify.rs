//! `verify`: a saved plan, before it is applied.

use super::Sources;
use super::value::ack;
use crate::desired::Limit;
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
    /// Agree to so many of what a limit counts, such as remove_users=42
    #[arg(long, value_name = "RULE=N", value_parser = ack)]
    pub(crate) ack: Vec<(Limit, u64)>,
}
