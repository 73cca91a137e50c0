//! `invite`: whom to mail.

use super::Consent;
use super::value::{ack, time};
use crate::desired::Limit;
use clap::Args;
use std::path::PathBuf;

/// Mail people a link to set a password, again or for the first time; the link dies after an hour
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("whom").required(true).multiple(true)))]
pub(crate) struct InviteArgs {
    /// This user; repeatable
    #[arg(long = "user", value_name = "NAME", group = "whom")]
    pub(crate) users: Vec<String>,
    /// Everybody in this roster who is live
    #[arg(short, long = "file", value_name = "PATH", group = "whom")]
    pub(crate) files: Vec<PathBuf>,
    /// Policy of a trusted checkout, instead of the roster's own
    #[arg(long, value_name = "FILE", requires = "files")]
    pub(crate) policy: Option<PathBuf>,
    /// Everybody whom this report of an apply lists as created
    #[arg(long, value_name = "FILE", group = "whom")]
    pub(crate) report: Option<PathBuf>,
    /// Only whom the ledger knows to have been created so recently, such as 24h
    #[arg(long, value_name = "TIME", group = "whom", value_parser = time)]
    pub(crate) created_within: Option<jiff::SignedDuration>,
    /// The ledger that knows; that of this folder, unless a saved plan was applied
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: Option<PathBuf>,
    /// Only the first N, those longest without a mail first; the same command goes on
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: Option<u32>,
    /// Agree to so many mails, as in invites=500
    #[arg(long, value_name = "RULE=N", value_parser = ack)]
    pub(crate) ack: Vec<(Limit, u64)>,
    #[command(flatten)]
    pub(crate) consent: Consent,
}
