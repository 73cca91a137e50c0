//! `sandbox`: the embedded AWS double.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// The embedded AWS double
#[derive(Debug, Subcommand)]
pub(crate) enum Sandbox {
    Serve(Serve),
}

/// Run the AWS double as a server; the first line on standard output is its address
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Its state
    #[arg(long, value_name = "FILE", default_value = ".kiroster/sandbox.json")]
    pub(crate) file: PathBuf,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) listen: std::net::SocketAddr,
    /// Faults to make, for tests
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,
}
