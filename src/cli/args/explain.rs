//! `explain`: about whom.

use super::Sources;
use clap::Args;

/// Show why a person or group has what it has, and why a plan would do what it would do
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A user name, a group, or an e-mail address; `user:` or `group:` in front says which
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) sources: Sources,
    /// Do not look at what is live
    #[arg(long)]
    pub(crate) offline: bool,
}
