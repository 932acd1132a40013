//! A clock and chance of the test's own.

use std::sync::{Arc, Mutex, PoisonError};

use switchback::ports::{self, EntropyError, Time, Uptime};
use switchback_bindings::{Client, Config, Platform, SwitchbackError};

/// What time it is, for a test. It is asked from any thread, and must answer at once.
#[uniffi::export(with_foreign)]
pub trait Clock: Send + Sync {
    /// By the wall clock and by one that nobody sets.
    fn now(&self) -> Result<Now, WorldError>;
}

/// A moment.
#[derive(Clone, Copy, Debug, uniffi::Record)]
pub struct Now {
    /// Seconds since the epoch.
    pub wall: i64,
    /// Seconds since the machine started.
    pub uptime: i64,
}

/// A clock that stands still until a test moves it.
#[derive(uniffi::Object)]
pub struct TestClock(Mutex<Now>);

#[uniffi::export]
impl TestClock {
    /// Begins at this moment, on a machine that was started a while ago.
    #[uniffi::constructor]
    pub fn new(epoch_seconds: i64) -> Arc<Self> {
        let wall = epoch_seconds;
        Arc::new(Self(Mutex::new(Now {
            wall,
            uptime: 1_000,
        })))
    }

    /// Lets so many seconds go by.
    pub fn advance(&self, seconds: i64) {
        self.change(|now| {
            now.wall = now.wall.saturating_add(seconds);
            now.uptime = now.uptime.saturating_add(seconds);
        });
    }

    /// Sets the wall clock, as a person may do it. No time goes by.
    pub fn set(&self, epoch_seconds: i64) {
        self.change(|now| now.wall = epoch_seconds);
    }
}

impl TestClock {
    fn change(&self, change: impl FnOnce(&mut Now)) -> Now {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut now);
        *now
    }
}

#[uniffi::export]
impl Clock for TestClock {
    fn now(&self) -> Result<Now, WorldError> {
        Ok(self.change(|_| ()))
    }
}

/// Bytes that a test knows beforehand.
#[uniffi::export(foreign)]
pub trait Entropy: Send + Sync {
    /// So many bytes.
    fn bytes(&self, count: u32) -> Result<Vec<u8>, WorldError>;
}

/// The world of a test failed.
#[derive(Clone, Debug, thiserror::Error, uniffi::Error)]
pub enum WorldError {
    /// Whatever the reason.
    #[error("{reason}")]
    Failed {
        /// What it was.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for WorldError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed {
            reason: error.reason,
        }
    }
}

/// A client as [`Client`] is, with a clock and chance of the test's own where they are given.
#[uniffi::export(default(clock = None, entropy = None))]
pub fn client_for_tests(
    config: Config,
    platform: Platform,
    clock: Option<Arc<dyn Clock>>,
    entropy: Option<Arc<dyn Entropy>>,
) -> Result<Arc<Client>, SwitchbackError> {
    let mut platform = platform.into_core()?;
    if let Some(clock) = clock {
        platform.clock = Arc::new(ForeignClock(clock));
    }
    if let Some(entropy) = entropy {
        platform.entropy = Arc::new(ForeignEntropy(entropy));
    }
    Client::on(config, platform)
}

struct ForeignClock(Arc<dyn Clock>);

impl ports::Clock for ForeignClock {
    fn now(&self) -> Time {
        // A clock that fails has stopped at the beginning.
        let now = self.0.now().unwrap_or(Now { wall: 0, uptime: 0 });
        Time {
            wall: now.wall,
            uptime: Some(Uptime {
                boot: 1,
                seconds: now.uptime,
            }),
        }
    }
}

struct ForeignEntropy(Arc<dyn Entropy>);

impl ports::Entropy for ForeignEntropy {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        let count = u32::try_from(buffer.len()).unwrap_or(u32::MAX);
        let bytes = self.0.bytes(count);
        let bytes = bytes.map_err(|error| EntropyError(error.to_string()))?;
        if bytes.len() != buffer.len() {
            return Err(EntropyError(format!("{count} bytes were asked for")));
        }
        buffer.copy_from_slice(&bytes);
        Ok(())
    }
}
