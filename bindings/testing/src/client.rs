//! A client with the test's clock and random source.

use std::sync::{Arc, Mutex, PoisonError};

use switchback::ports::{self, EntropyError, Time, Uptime};
use switchback_bindings::{Client, Config, Platform, SwitchbackError};

/// The clock of a test. Calls come from any thread, and must return at once.
#[uniffi::export(with_foreign)]
pub trait Clock: Send + Sync {
    /// The time by the wall clock and by a monotonic clock.
    fn now(&self) -> Result<Now, WorldError>;
}

/// The current time.
#[derive(Clone, Copy, Debug, uniffi::Record)]
pub struct Now {
    /// Seconds since the epoch.
    pub wall: i64,
    /// Seconds since the machine started.
    pub uptime: i64,
}

/// A clock that does not run: the test moves it.
#[derive(uniffi::Object)]
pub struct TestClock(Mutex<Now>);

#[uniffi::export]
impl TestClock {
    /// Begins at this time, with an uptime of 1,000 seconds.
    #[uniffi::constructor]
    pub fn new(epoch_seconds: i64) -> Arc<Self> {
        let wall = epoch_seconds;
        Arc::new(Self(Mutex::new(Now {
            wall,
            uptime: 1_000,
        })))
    }

    /// Moves both clocks forward by this number of seconds.
    pub fn advance(&self, seconds: i64) {
        self.change(|now| {
            now.wall = now.wall.saturating_add(seconds);
            now.uptime = now.uptime.saturating_add(seconds);
        });
    }

    /// Sets the wall clock, as a person can. The uptime does not change.
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

/// The random source of a test.
#[uniffi::export(foreign)]
pub trait Entropy: Send + Sync {
    /// This number of bytes.
    fn bytes(&self, count: u32) -> Result<Vec<u8>, WorldError>;
}

/// The test's clock or random source failed.
#[derive(Clone, Debug, thiserror::Error, uniffi::Error)]
pub enum WorldError {
    /// It failed.
    #[error("{reason}")]
    Failed {
        /// Why.
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

/// A [`Client`] with the test's clock and random source. A source that is absent is the system's.
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
        // A clock that fails shows 0.
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
            return Err(EntropyError(format!(
                "{count} bytes were requested, but {} returned",
                bytes.len()
            )));
        }
        buffer.copy_from_slice(&bytes);
        Ok(())
    }
}
