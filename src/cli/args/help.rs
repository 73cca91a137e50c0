//! What the program tells of itself: `schema`, `completions`, `man`.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Print a JSON Schema, for editors
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Of what
    #[arg(value_enum, default_value_t = SchemaOf::Roster)]
    pub(crate) of: SchemaOf,
}

/// What there is a schema of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// The roster
    Roster,
    /// The saved plan
    Plan,
}

/// Print a completion script
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// For this shell
    pub(crate) shell: clap_complete::Shell,
}

/// Print the manual page, or write one for every command
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Write kiroster.1, kiroster-plan.1, … into this directory
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}
