//! `--sandbox` and `sandbox serve`: the embedded double of AWS, inside this process or alone.

use super::args;
use super::exit::Exit;
use super::screen::Screen;
use crate::aws;
use crate::sandbox::{self, Faults, Sandbox};
use anyhow::Context;
use jiff::Timestamp;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

/// The sandbox of one command.
pub(super) struct Embedded {
    sandbox: Sandbox,
    file: PathBuf,
    access_key: String,
    kiro_access_key: Option<String>,
}

impl Embedded {
    /// Opens the state file and serves it on a free port of loopback.
    pub(super) fn open(
        file: &Path,
        profile: Option<&str>,
        kiro_profile: Option<&str>,
    ) -> anyhow::Result<Self> {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Ok(Self {
            sandbox: Sandbox::open(file, listen, Faults::default())?,
            file: file.to_owned(),
            access_key: sandbox::access_key(profile),
            kiro_access_key: kiro_profile.map(|profile| sandbox::access_key(Some(profile))),
        })
    }

    pub(super) fn access(&self) -> aws::Sandbox {
        aws::Sandbox {
            url: self.sandbox.url(),
            access_key_id: self.access_key.clone(),
            kiro_access_key_id: self.kiro_access_key.clone(),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.sandbox.now()
    }

    pub(super) fn name(&self) -> String {
        self.file.display().to_string()
    }

    pub(super) fn close(self) {
        self.sandbox.close();
    }
}

pub(super) async fn serve(args: &args::Serve, screen: &Screen) -> anyhow::Result<Exit> {
    let faults = match &args.faults {
        Some(file) => read_faults(file)?,
        None => Faults::default(),
    };
    let sandbox = Sandbox::open(&args.file, args.listen, faults)?;
    screen.product(&format!("{}\n", sandbox.url()))?;
    super::interrupt::signalled().await;
    sandbox.close();
    Ok(Exit::Done)
}

fn read_faults(file: &Path) -> anyhow::Result<Faults> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read `{}`", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("`{}` names no faults", file.display()))
}
