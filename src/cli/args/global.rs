//! Options of every command; each but `--sandbox` is also `KIROSTER_…`.

use super::value::positive;
use clap::builder::{BoolishValueParser, NonEmptyStringValueParser};
use clap::{ArgAction, Args, ValueEnum};
use std::path::PathBuf;

/// Options of every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// AWS profile; the SDK's own chain decides otherwise
    #[arg(long, global = true, env = "KIROSTER_PROFILE", value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) profile: Option<String>,
    /// Identity Center's region
    #[arg(long, global = true, env = "KIROSTER_REGION", value_name = "REGION", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) region: Option<String>,
    /// Kiro's region, where it cannot be discovered
    #[arg(
        long,
        global = true,
        env = "KIROSTER_KIRO_REGION",
        value_name = "REGION",
        value_parser = NonEmptyStringValueParser::new()
    )]
    pub(crate) kiro_region: Option<String>,
    /// AWS profile for seat calls, where Kiro lives in a member account
    #[arg(
        long,
        global = true,
        env = "KIROSTER_KIRO_PROFILE",
        value_name = "NAME",
        value_parser = NonEmptyStringValueParser::new()
    )]
    pub(crate) kiro_profile: Option<String>,
    /// Identity Center instance, where there are several
    #[arg(long, global = true, env = "KIROSTER_INSTANCE", value_name = "ARN", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) instance: Option<String>,
    /// Identity store that the instance must have
    #[arg(
        long,
        global = true,
        env = "KIROSTER_IDENTITY_STORE_ID",
        value_name = "ID",
        value_parser = NonEmptyStringValueParser::new()
    )]
    pub(crate) identity_store_id: Option<String>,
    /// Which of Kiro's two endpoints takes seat writes
    #[arg(long, global = true, env = "KIROSTER_KIRO_ENDPOINT", value_enum, default_value_t = KiroEndpoint::Codewhisperer)]
    pub(crate) kiro_endpoint: KiroEndpoint,
    /// Never call any API more often than this each second
    #[arg(long, global = true, env = "KIROSTER_MAX_RPS", value_name = "N", value_parser = positive)]
    pub(crate) max_rps: Option<f64>,
    /// Use the embedded AWS double, with its state in FILE
    #[arg(long, global = true, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = ".kiroster/sandbox.json")]
    pub(crate) sandbox: Option<PathBuf>,
    /// Leave Kiro alone altogether
    #[arg(long, global = true, env = "KIROSTER_NO_SEATS", value_parser = BoolishValueParser::new())]
    pub(crate) no_seats: bool,
    /// Whether to colour
    #[arg(long, global = true, env = "KIROSTER_COLOR", value_enum, default_value_t = Colour::Auto)]
    pub(crate) color: Colour,
    /// Never ask anything
    #[arg(long, global = true, env = "KIROSTER_NO_INPUT", value_parser = BoolishValueParser::new())]
    pub(crate) no_input: bool,
    /// Say more; twice: the SDK's own log too (the variable is a number)
    #[arg(short, long, global = true, env = "KIROSTER_VERBOSE", action = ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Say only what went wrong
    #[arg(
        short,
        long,
        global = true,
        env = "KIROSTER_QUIET",
        value_parser = BoolishValueParser::new()
    )]
    pub(crate) quiet: bool,
    /// How log lines are written
    #[arg(long, global = true, env = "KIROSTER_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,
}

/// The two endpoints that take seat writes; which one an account needs cannot be known from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KiroEndpoint {
    /// codewhisperer.REGION.amazonaws.com
    Codewhisperer,
    /// management.REGION.kiro.dev, the console's since about July 2026
    Management,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// As NO_COLOR, CLICOLOR_FORCE and the terminal say
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}
