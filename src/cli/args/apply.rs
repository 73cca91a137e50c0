//! `apply`: a plan or a roster is made so.

use super::{Consent, Sources, Wishes};
use crate::apply::SHOWS_WITHIN;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Apply a saved plan, or plan a roster and, after consent, make it so
#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// A plan that `plan --out` saved: exactly that is done, or nothing
    #[arg(value_name = "PLAN", conflicts_with_all = ["only", "additive", "invite", "strict", "expect", "policy"])]
    pub(crate) plan: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) sources: Sources,
    #[command(flatten)]
    pub(crate) wishes: Wishes,
    /// Go on only if the plan has this digest
    #[arg(long, value_name = "DIGEST")]
    pub(crate) expect: Option<String>,
    #[command(flatten)]
    pub(crate) consent: Consent,
    /// Wait this long for written seats to show in Kiro's lists; what does not show by then is left for a later run
    #[arg(long, value_name = "SECONDS", default_value_t = SHOWS_WITHIN.as_secs(), value_parser = clap::value_parser!(u64).range(..=SHOWS_WITHIN.as_secs()))]
    pub(crate) settle: u64,
    #[command(flatten)]
    pub(crate) running: Running,
}

/// How an apply runs and speaks.
#[derive(Debug, Args)]
pub(crate) struct Running {
    /// Only the first N people with anything to do, by name, and what they need; the same command goes on
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: Option<u32>,
    /// Stop after N failures: what is in flight is finished, nothing more starts
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) max_failures: Option<u32>,
    /// Write what became of everything to FILE, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// What goes to standard output: the plan and the account, or each event as it happens
    #[arg(short = 'o', long = "output", value_enum, value_name = "FORMAT", default_value_t = Stream::Text)]
    pub(crate) output: Stream,
}

/// What an apply writes to standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stream {
    /// For people
    Text,
    /// One JSON object a line, as in the ledger
    Jsonl,
}
