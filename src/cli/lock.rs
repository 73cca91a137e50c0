//! One apply at a time on one identity store, whatever folder it is started from.
//!
//! The file stays; the lock on it is the system's and goes with the process, so a killed run leaves nothing to clean up.
//! What a killed run leaves on purpose is whom it was about to create and mail: should its ledger be lost as well, those
//! people can still be named.

use super::exit::{Exit, Stop};
use super::screen::Screen;
use crate::model::UserName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A lock that is held; it is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    holder: Holder,
}

/// What stands in the file.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Holder {
    /// The process that holds the lock; 0 when it has ended by itself.
    process: u32,
    /// Since when.
    started: Option<Timestamp>,
    /// The folder it was started in.
    folder: PathBuf,
    /// Whom it was to create and mail, as far as it has not told by itself how that went.
    mails: Vec<String>,
}

impl Lock {
    /// Takes the lock on a store. Where no such file can be made, it says so and goes on: a machine without a home is
    /// hardly shared.
    pub(super) fn take(store: &str, screen: &Screen) -> Result<Option<Self>, Stop> {
        let Some(path) = path(store) else {
            screen
                .say("neither XDG_STATE_HOME nor HOME is set, so nothing keeps a second apply out");
            return Ok(None);
        };
        match Self::at(&path) {
            Ok(lock) => lock.map(Some),
            Err(error) => {
                let path = path.display();
                screen.say(&format!(
                    "`{path}`: {error}, so nothing keeps a second apply out"
                ));
                Ok(None)
            }
        }
    }

    fn at(path: &Path) -> io::Result<Result<Self, Stop>> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(Err(taken(&read(&mut file)))),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let before = read(&mut file);
        let mut lock = Self {
            file,
            holder: Holder {
                process: std::process::id(),
                started: Some(Timestamp::now()),
                folder: std::env::current_dir().unwrap_or_default(),
                mails: before.mails,
            },
        };
        lock.write()?;
        Ok(Ok(lock))
    }

    /// Whom earlier runs were to create and mail, and did not tell what became of.
    pub(super) fn untold(&self) -> Vec<UserName> {
        let names = self.holder.mails.iter();
        names.map(|name| UserName::new(name.as_str())).collect()
    }

    /// Notes whom this run is about to create and mail, beside those of whom nothing is told yet.
    pub(super) fn begin<'a>(
        &mut self,
        mails: impl Iterator<Item = &'a UserName>,
    ) -> io::Result<()> {
        self.holder.mails.extend(mails.map(ToString::to_string));
        self.holder.mails.sort();
        self.holder.mails.dedup();
        self.write()
    }

    /// The run has told everything, but for these, whom a later run is to mail.
    pub(super) fn end<'a>(mut self, mails: impl Iterator<Item = &'a UserName>) -> io::Result<()> {
        self.holder = Holder {
            mails: mails.map(ToString::to_string).collect(),
            ..Holder::default()
        };
        self.write()
    }

    fn write(&mut self) -> io::Result<()> {
        let mut text = serde_json::to_vec(&self.holder)?;
        text.push(b'\n');
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&text)
    }
}

/// What stands in the file; one that was torn tells nothing.
fn read(file: &mut File) -> Holder {
    let mut text = Vec::new();
    let read = file.seek(SeekFrom::Start(0));
    let read = read.and_then(|_| file.read_to_end(&mut text));
    match read {
        Ok(_) => serde_json::from_slice(&text).unwrap_or_default(),
        Err(_) => Holder::default(),
    }
}

fn taken(holder: &Holder) -> Stop {
    let Holder {
        process,
        started,
        folder,
        mails: _,
    } = holder;
    let who = match started {
        Some(started) => format!(
            "process {process}, started {} in `{}`",
            started.strftime("%Y-%m-%d %H:%M:%S UTC"),
            folder.display()
        ),
        None => "a process that has just started".to_owned(),
    };
    Stop::new(
        Exit::Error,
        format!("another apply on this identity store is under way: {who}; nothing was written"),
    )
    .hint("wait for it to end, or interrupt it: it finishes what is in flight, and the same command goes on")
}

/// `$XDG_STATE_HOME/kiroster/STORE.lock`; a path that is not absolute is no place (the XDG rules say so).
fn path(store: &str) -> Option<PathBuf> {
    let absolute = |path: PathBuf| path.is_absolute().then_some(path);
    let state = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    let state = state.and_then(absolute).or_else(|| {
        let home = std::env::home_dir().and_then(absolute)?;
        Some(home.join(".local/state"))
    })?;
    // An id is letters, digits and `-`; whatever else came from a server must not lead elsewhere.
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || c == '-' {
            c
        } else {
            '_'
        }
    };
    let store: String = store.chars().map(safe).collect();
    Some(state.join("kiroster").join(format!("{store}.lock")))
}
