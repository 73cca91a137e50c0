//! The embedded double of AWS: a real HTTP server on loopback that behaves as the facts page says, for newcomers and for
//! tests. It keeps its own rows by id in AWS's words and uses nothing of the rest of this crate, so that one misreading
//! cannot agree with itself.
//!
//! - [`state`](State): the file, pleasant to write by hand; `file`: how it stays whole
//! - `world`, `org`: everything that is open, by account and by id
//! - `server`, `signature`, `calls`, [`faults`](Faults): HTTP, who asks, what was asked, what goes wrong
//! - `own`: its own paths under `/sandbox/`: the clock, a first sign-in, faults
//! - `identity`, `memberships`, `attributes`, `shape`, `admin`, `kiro`, `seats`: the services; `paging`, `answer`: what they share

mod admin;
mod answer;
mod attributes;
mod calls;
mod faults;
mod file;
mod identity;
mod kiro;
mod memberships;
mod org;
mod own;
mod paging;
mod seats;
mod server;
mod shape;
mod shared;
mod signature;
mod state;
mod world;

pub use faults::{Faults, Nth};
pub use state::{Account, Group, Instance, Kiro, Orphan, Seat, State, User};

use axum::serve::ListenerExt;
use faults::Mischief;
use jiff::Timestamp;
use shared::{Shared, locked};
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use world::World;

/// An access key that starts like this is the profile's that it ends with.
const PROFILE_KEY: &str = "SANDBOX-";

/// The access key by which the sandbox knows a profile; without one, the default account's.
pub fn access_key(profile: Option<&str>) -> String {
    match profile {
        Some(profile) => format!("{PROFILE_KEY}{profile}"),
        None => "SANDBOX".into(),
    }
}

/// Why a sandbox does not open.
#[derive(Debug)]
pub enum Error {
    /// The file cannot be read or written.
    File(PathBuf, std::io::Error),
    /// Another process has it open.
    InUse(PathBuf),
    /// It is no state file.
    Malformed(PathBuf, String),
    /// The address cannot be listened on.
    Listen(SocketAddr, std::io::Error),
}

impl Error {
    fn file(path: &Path, cause: std::io::Error) -> Self {
        Self::File(path.to_owned(), cause)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, cause) => {
                write!(f, "the sandbox cannot use `{}`: {cause}", path.display())
            }
            Self::InUse(path) => write!(
                f,
                "the sandbox `{}` is in use by another process",
                path.display()
            ),
            Self::Malformed(path, why) => {
                write!(f, "`{}` is no state of a sandbox: {why}", path.display())
            }
            Self::Listen(address, cause) => write!(f, "cannot listen on {address}: {cause}"),
        }
    }
}

impl std::error::Error for Error {}

/// A running sandbox.
pub struct Sandbox {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: oneshot::Sender<()>,
    server: std::thread::JoinHandle<()>,
    saver: std::thread::JoinHandle<()>,
    _lock: file::Lock,
}

impl Sandbox {
    /// Opens a state file and serves it on `listen`, on a thread of its own.
    ///
    /// # Errors
    /// A file that is in use, cannot be read, or is no state; an address that cannot be had.
    pub fn open(path: &Path, listen: SocketAddr, faults: Faults) -> Result<Self, Error> {
        let lock = file::lock(path)?;
        let state = file::read(path)?;
        let world = World::open(state).map_err(|why| Error::Malformed(path.to_owned(), why))?;
        let log = file::with_end(path, ".calls.jsonl");
        let log = calls::Log::open(&log).map_err(|cause| Error::file(&log, cause))?;
        let cannot = |cause| Error::Listen(listen, cause);
        let listener = std::net::TcpListener::bind(listen).map_err(cannot)?;
        listener.set_nonblocking(true).map_err(cannot)?;
        let address = listener.local_addr().map_err(cannot)?;
        let world = Arc::new(Mutex::new(world));
        let (sender, saver) = file::saver(path.to_owned(), Arc::clone(&world));
        let shared = Arc::new(Shared {
            world,
            mischief: Mutex::new(Mischief::new(faults)),
            log: Mutex::new(log),
            saver: sender,
            requests: AtomicU64::new(0),
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(cannot)?;
        let (stop, stopped) = oneshot::channel::<()>();
        let router = server::router(Arc::clone(&shared));
        let server = std::thread::spawn(move || {
            runtime.block_on(async {
                let Ok(listener) = TcpListener::from_std(listener) else {
                    return;
                };
                // Small answers on kept connections would otherwise wait for each other's acknowledgements.
                let listener = listener.tap_io(|stream| {
                    let _ = stream.set_nodelay(true);
                });
                let serving = axum::serve(listener, router);
                tokio::select! {
                    _ = serving => {}
                    _ = stopped => {}
                }
            });
        });
        Ok(Self {
            address,
            shared,
            stop,
            server,
            saver,
            _lock: lock,
        })
    }

    /// Where it answers.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Now, by the sandbox's clock.
    pub fn now(&self) -> Timestamp {
        locked(&self.shared.world).now()
    }

    /// Ends it: every write that was answered is on disk already.
    pub fn close(self) {
        let Self {
            stop,
            server,
            saver,
            shared,
            ..
        } = self;
        // It may have ended by itself.
        let _ = stop.send(());
        let _ = server.join();
        drop(shared);
        let _ = saver.join();
    }
}
