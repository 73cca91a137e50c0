//! Where the roster is: options of every command that reads one.

use clap::Args;
use std::path::PathBuf;

/// Where the roster is.
#[derive(Debug, Args)]
pub(crate) struct Sources {
    /// Roster file, directory of them, or `-` for standard input; repeatable, in any order [default: kiroster.yaml]
    #[arg(short, long = "file", value_name = "PATH")]
    pub(crate) files: Vec<PathBuf>,
    /// Policy and acknowledgements of a trusted checkout, instead of the roster's own
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
}

impl Sources {
    /// The files that are named, or the one that is meant.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        match self.files.as_slice() {
            [] => vec![PathBuf::from("kiroster.yaml")],
            files => files.to_vec(),
        }
    }
}
