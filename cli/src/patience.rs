//! Waiting for a person: until they answer, until it is too late, or until Ctrl-C.

use std::time::Duration;

use switchback::LoginAttempt;
use switchback::ports::{Clock as _, SystemClock};
use tokio::time::Instant;

use crate::exit::{Exit, Failure};
use crate::signals;

/// How long a person is waited for. What the command itself does has limits of its own.
pub(crate) struct Patience(Option<Instant>);

impl Patience {
    /// Until the login's deadline.
    pub(crate) fn of(login: &LoginAttempt) -> Self {
        let left = u64::try_from(login.expires_at - SystemClock.now().wall).unwrap_or_default();
        Self(Instant::now().checked_add(Duration::from_secs(left)))
    }

    /// Until the person ends it.
    pub(crate) fn endless() -> Self {
        Self(None)
    }

    /// Waits for what a person does.
    pub(crate) async fn wait<T>(&self, answer: impl Future<Output = T>) -> Result<T, Failure> {
        let too_late = async {
            match self.0 {
                Some(deadline) => tokio::time::sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = signals::interrupted() => Err(interrupted()),
            answer = answer => Ok(answer),
            () = too_late => Err(self::too_late()),
        }
    }
}

/// Ctrl-C, or SIGTERM.
pub(crate) fn interrupted() -> Failure {
    Failure::new(Exit::Interrupted, "interrupted", "interrupted")
}

/// The login is over, since nobody answered.
pub(crate) fn too_late() -> Failure {
    Failure::new(
        Exit::LoginAgain,
        "expired",
        "the answer did not come before the login's deadline",
    )
    .next("switchback login")
}
