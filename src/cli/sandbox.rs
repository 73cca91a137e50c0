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
use std::rc::Rc;

/// The sandbox of one command. Its state file is locked while it is open, so both sessions of a command that has two
/// share one.
#[derive(Clone)]
pub(super) struct Embedded {
    sandbox: Rc<Sandbox>,
    file: PathBuf,
}

impl Embedded {
    /// Opens the state file and serves it on a free port of loopback.
    pub(super) fn open(file: &Path) -> anyhow::Result<Self> {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Ok(Self {
            sandbox: Rc::new(Sandbox::open(file, listen, Faults::default())?),
            file: file.to_owned(),
        })
    }

    /// Where and as whom it is called.
    pub(super) fn access(&self, profile: Option<&str>, kiro_profile: Option<&str>) -> aws::Sandbox {
        aws::Sandbox {
            url: self.sandbox.url(),
            access_key_id: sandbox::access_key(profile),
            kiro_access_key_id: kiro_profile.map(|profile| sandbox::access_key(Some(profile))),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.sandbox.now()
    }

    pub(super) fn name(&self) -> String {
        self.file.display().to_string()
    }

    /// Ends it with the last session that uses it.
    pub(super) fn close(self) {
        if let Some(sandbox) = Rc::into_inner(self.sandbox) {
            sandbox.close();
        }
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
