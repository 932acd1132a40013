//! What happened so far, in numbers.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts one thing that happens.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// How often it happened.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What happened in this process since it started.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Counters {
    /// Logins that were begun.
    pub started: Counter,
    /// Logins that were completed with a session.
    pub logged_in: Counter,
    /// Callbacks that were refused, people who declined among them.
    pub refused: Counter,
    /// Refresh tokens that were sent to the provider.
    pub refreshes_sent: Counter,
    /// Refreshes that brought a new pair of tokens.
    pub refreshed: Counter,
    /// Sessions that were found to be over.
    pub sessions_over: Counter,
    /// People who logged out.
    pub logged_out: Counter,
    /// Pairs of tokens that apps were given for their refresh token.
    pub tokens_refreshed: Counter,
    /// Refresh tokens of apps that came again before the new pair was used: after a lost answer,
    /// or from a thief who is in step with the app.
    pub repeated: Counter,
    /// Refresh tokens of apps that were used twice, and ended their session.
    pub reused: Counter,
}
