//! Waits for a person until they answer, until the login's deadline, or until Ctrl-C.

use std::time::Duration;

use switchback::LoginAttempt;
use switchback::ports::{Clock as _, SystemClock};
use tokio::time::Instant;

use crate::exit::{Exit, Failure};
use crate::signals;

/// Until when the command waits for a person. Requests of the command have other limits.
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    /// The deadline of this login.
    pub(crate) fn of_login(login: &LoginAttempt) -> Self {
        let left = u64::try_from(login.expires_at - SystemClock.now().wall).unwrap_or_default();
        Self(Instant::now().checked_add(Duration::from_secs(left)))
    }

    /// No deadline: waits until the person answers, or until Ctrl-C.
    pub(crate) fn none() -> Self {
        Self(None)
    }

    /// Waits for this answer of a person.
    pub(crate) async fn wait<T>(&self, answer: impl Future<Output = T>) -> Result<T, Failure> {
        let expired = async {
            match self.0 {
                Some(deadline) => tokio::time::sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = signals::interrupted() => Err(interrupted()),
            answer = answer => Ok(answer),
            () = expired => Err(self::expired()),
        }
    }
}

/// The failure after Ctrl-C or SIGTERM.
pub(crate) fn interrupted() -> Failure {
    Failure::new(Exit::Interrupted, "interrupted", "interrupted")
}

/// The failure if no answer came before the deadline.
pub(crate) fn expired() -> Failure {
    Failure::new(
        Exit::LoginAgain,
        "expired",
        "the answer did not come before the login's deadline",
    )
    .next("switchback login")
}
