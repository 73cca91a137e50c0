//! `doctor`: how its findings are shown.

use clap::{Args, ValueEnum};

/// Check credentials, Identity Center, Kiro and each permission, and say what to do about what is wrong; never writes
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// How to show it
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t = DoctorFormat::Text)]
    pub(crate) output: DoctorFormat,
}

/// How findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DoctorFormat {
    /// For a terminal
    Text,
    /// For programs
    Json,
}
