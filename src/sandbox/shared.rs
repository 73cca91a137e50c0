//! What all requests share, and how a change of it gets to disk.

use super::answer::Refusal;
use super::calls::Log;
use super::faults::Mischief;
use super::file::Save;
use super::world::World;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use tokio::sync::oneshot;

/// What all requests share.
pub(super) struct Shared {
    pub(super) world: Arc<Mutex<World>>,
    pub(super) mischief: Mutex<Mischief>,
    pub(super) log: Mutex<Log>,
    pub(super) saver: mpsc::Sender<Save>,
    pub(super) requests: AtomicU64,
}

/// A request that panicked has left the state as it was: it is changed only by what cannot fail.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Asks the thread that saves.
pub(super) fn save(shared: &Shared) -> Option<oneshot::Receiver<Result<(), String>>> {
    let (done, saved): (Save, _) = oneshot::channel();
    // Where the saver is gone, `saved` says so.
    let _ = shared.saver.send(done);
    Some(saved)
}

/// Waits until it is on disk.
pub(super) async fn durable(
    saved: Option<oneshot::Receiver<Result<(), String>>>,
) -> Result<(), Refusal> {
    let Some(saved) = saved else { return Ok(()) };
    let lost = |why: String| Refusal::new("InternalServerException", why).status(500);
    match saved.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(why)) => Err(lost(format!("the sandbox cannot save its state: {why}"))),
        Err(_) => Err(lost("the sandbox is closing".into())),
    }
}
