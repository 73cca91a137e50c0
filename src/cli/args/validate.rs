//! `validate`: a roster, offline.

use super::Sources;
use clap::Args;

/// Check a roster offline and show every problem at once
#[derive(Debug, Args)]
pub(crate) struct Validate {
    #[command(flatten)]
    pub(crate) sources: Sources,
}
