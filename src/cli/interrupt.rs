//! Ctrl-C, and what an orchestrator sends. Before the first write, a command just ends, with 130; from then on, only what
//! writes may say when: it finishes what is in flight and tells.

use super::exit::{Exit, Stop};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::signal;
use tokio::sync::watch;

static WRITES: AtomicBool = AtomicBool::new(false);
static ASKED: LazyLock<watch::Sender<bool>> = LazyLock::new(|| watch::Sender::new(false));

/// Does `work`, but for an interrupt before anything is written.
pub(super) async fn unless_interrupted(
    work: impl Future<Output = anyhow::Result<Exit>>,
) -> anyhow::Result<Exit> {
    let mut asked = false;
    tokio::pin!(work);
    let interrupt = signalled();
    tokio::pin!(interrupt);
    loop {
        tokio::select! {
            done = &mut work => return done,
            () = &mut interrupt, if !asked => {
                asked = true;
                if !WRITES.load(Ordering::Relaxed) {
                    return Err(Stop::new(Exit::Interrupted, "interrupted; nothing was written").into());
                }
                ASKED.send_replace(true);
            }
        }
    }
}

/// From now on, what writes ends the command.
pub(super) fn writes() {
    WRITES.store(true, Ordering::Relaxed);
}

/// Returns when the command has been asked to end.
pub(super) async fn asked() {
    // The sender is never dropped.
    let _ = ASKED.subscribe().wait_for(|asked| *asked).await;
}

/// Returns with the first signal that asks to end.
pub(super) async fn signalled() {
    #[cfg(unix)]
    let terminated = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => terminate.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<Option<()>>();
    tokio::select! {
        result = signal::ctrl_c() => if result.is_err() { std::future::pending().await },
        _ = terminated => {}
    }
}
