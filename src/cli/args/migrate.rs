//! `migrate`: two accounts, each with options of its own.

use super::value::ack;
use super::{Consent, InviteWhom, Part};
use crate::desired::Limit;
use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use std::path::PathBuf;

/// Bring everybody from one account to another: export the one, plan against the other, and, after consent, make it so
#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// AWS profile of the account that people come from; it is only read
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) from_profile: String,
    /// AWS profile of the account that people go to
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) to_profile: String,
    #[command(flatten)]
    pub(crate) sides: Sides,
    /// Show the plan and end; nothing is written to AWS
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Whether users that are created are mailed a password link [default: new]
    #[arg(long, value_enum, value_name = "WHOM", conflicts_with = "no_invite")]
    pub(crate) invite: Option<InviteWhom>,
    /// Mail nobody: the same as `--invite off`
    #[arg(long)]
    pub(crate) no_invite: bool,
    #[command(flatten)]
    pub(crate) part: Part,
    /// Agree to so many of what a limit counts, such as add_users=420
    #[arg(long, value_name = "RULE=N", value_parser = ack)]
    pub(crate) ack: Vec<(Limit, u64)>,
    #[command(flatten)]
    pub(crate) consent: Consent,
    /// Export anew instead of using what an earlier run has kept
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Write what became of everything to FILE, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
}

impl Migrate {
    /// Global options that are one side's here: which side would be meant cannot be told.
    pub(super) const OF_A_SIDE: [&str; 6] = [
        "profile",
        "region",
        "kiro_region",
        "kiro_profile",
        "instance",
        "identity_store_id",
    ];
}

/// Where each of the two accounts of a migration has what.
#[derive(Debug, Args)]
#[command(next_help_heading = "Each side's own")]
pub(crate) struct Sides {
    /// Identity Center's region there
    #[arg(long, value_name = "REGION", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) from_region: Option<String>,
    /// Identity Center's region here
    #[arg(long, value_name = "REGION", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) to_region: Option<String>,
    /// Kiro's region there, where it cannot be discovered
    #[arg(long, value_name = "REGION", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) from_kiro_region: Option<String>,
    /// Kiro's region here, where it cannot be discovered
    #[arg(long, value_name = "REGION", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) to_kiro_region: Option<String>,
    /// AWS profile for seat calls there, where Kiro lives in a member account
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) from_kiro_profile: Option<String>,
    /// AWS profile for seat calls here, where Kiro lives in a member account
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) to_kiro_profile: Option<String>,
    /// Identity Center instance there, where there are several
    #[arg(long, value_name = "ARN", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) from_instance: Option<String>,
    /// Identity Center instance here, where there are several
    #[arg(long, value_name = "ARN", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) to_instance: Option<String>,
}
