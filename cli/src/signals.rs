//! The signals that end a command.

use std::io;

use tokio::sync::SetOnce;

static INTERRUPTED: SetOnce<()> = SetOnce::const_new();

/// Ends each present and future wait for a person.
pub(crate) fn interrupt() {
    // A second call changes nothing.
    let _ = INTERRUPTED.set(());
}

/// Waits for [`interrupt`].
pub(crate) async fn interrupted() {
    INTERRUPTED.wait().await;
}

/// Ctrl-C and SIGTERM. After [`Stop::new`] these signals no longer end the process
/// automatically.
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

    /// Waits for one of the two signals.
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
            // Without a handler for Ctrl-C the command runs to its end.
            std::future::pending().await
        }
    }
}
