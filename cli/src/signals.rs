//! The signals that end a command.

use std::io;

use tokio::sync::SetOnce;

static INTERRUPTED: SetOnce<()> = SetOnce::const_new();

/// Ends all waiting for a person, now and from now on.
pub(crate) fn interrupt() {
    // The second time it says nothing new.
    let _ = INTERRUPTED.set(());
}

/// Waits until somebody wants this process to end.
pub(crate) async fn interrupted() {
    INTERRUPTED.wait().await;
}

/// Ctrl-C, or the polite signal of whoever manages this process. From [`Stop::new`] on
/// neither ends the process by itself.
pub(crate) struct Stop {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 2],
}

impl Stop {
    #[cfg(unix)]
    pub(crate) fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            signals: [
                signal(SignalKind::interrupt())?,
                signal(SignalKind::terminate())?,
            ],
        })
    }

    #[cfg(not(unix))]
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Waits for either.
    pub(crate) async fn wait(&mut self) {
        #[cfg(unix)]
        {
            let [interrupt, terminate] = &mut self.signals;
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        }
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            // Whoever cannot hear it is not interrupted.
            std::future::pending().await
        }
    }
}
