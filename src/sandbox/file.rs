//! The state on disk: read once, locked while open, and whole and synced before a write is answered.
//!
//! One thread saves. While it does, further writes gather behind it and share the next save, so that a bulk run costs a
//! save for every few dozen writes and each of them is durable before its caller hears of it.

use super::Error;
use super::shape;
use super::state::State;
use super::world::World;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use tokio::sync::oneshot;

/// The lock on a state file; free again when it is dropped.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "held, not used")] File);

/// Takes the lock beside `path`, and makes the folder if it is missing.
pub(super) fn lock(path: &Path) -> Result<Lock, Error> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|cause| Error::file(path, cause))?;
    }
    let beside = with_end(path, ".lock");
    let file = File::create(&beside).map_err(|cause| Error::file(&beside, cause))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(fs::TryLockError::WouldBlock) => Err(Error::InUse(path.to_owned())),
        Err(fs::TryLockError::Error(cause)) => Err(Error::file(&beside, cause)),
    }
}

/// The state in a file; a missing one is an empty world.
pub(super) fn read(path: &Path) -> Result<State, Error> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(State::default()),
        Err(cause) => return Err(Error::file(path, cause)),
    };
    // A list would be read as the fields in their order.
    if !text.trim_start().starts_with('{') {
        return Err(Error::Malformed(path.to_owned(), "no JSON object".into()));
    }
    serde_json::from_str(&text).map_err(|cause| {
        let why = cause.to_string();
        let hint = unknown(&why);
        Error::Malformed(path.to_owned(), why + &hint)
    })
}

/// A hint for the message about an unknown field, which names the field first and then all that there are.
fn unknown(message: &str) -> String {
    if !message.starts_with("unknown field") {
        return String::new();
    }
    let mut quoted = message.split('`').skip(1).step_by(2);
    let word = quoted.next().unwrap_or_default();
    shape::meant(word, quoted)
}

/// `F` with an ending of its own, such as `F.calls.jsonl`.
pub(super) fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Somebody waits to hear that the state is safe, or why it is not.
pub(super) type Save = oneshot::Sender<Result<(), String>>;

/// Starts the thread that saves; it ends when the sender is dropped.
pub(super) fn saver(
    path: PathBuf,
    world: Arc<Mutex<World>>,
) -> (mpsc::Sender<Save>, std::thread::JoinHandle<()>) {
    let (sender, receiver) = mpsc::channel::<Save>();
    let thread = std::thread::spawn(move || {
        while let Ok(first) = receiver.recv() {
            let mut waiting = vec![first];
            waiting.extend(receiver.try_iter());
            // Read after they asked: it holds everything that they wait for.
            let state = world
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .closed();
            let result = write(&path, &state).map_err(|cause| cause.to_string());
            for done in waiting {
                // A caller that has gone away needs no answer.
                let _ = done.send(result.clone());
            }
        }
    });
    (sender, thread)
}

fn write(path: &Path, state: &State) -> std::io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut aside = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    serde_json::to_writer_pretty(std::io::BufWriter::new(aside.as_file_mut()), state)?;
    aside.write_all(b"\n")?;
    aside.as_file().sync_data()?;
    aside.persist(path)?;
    Ok(())
}
