//! Counters of a service since the process started.

use std::sync::atomic::{AtomicU64, Ordering};

/// A counter that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// The count since the process started.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The counters of a service since the process started.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Counters {
    /// Logins that were begun.
    pub started: Counter,
    /// Logins that were completed with a session.
    pub logged_in: Counter,
    /// Refused callbacks, including those of people who declined.
    pub refused: Counter,
    /// Refresh tokens that were sent to the provider.
    pub refreshes_sent: Counter,
    /// Refreshes that returned new tokens.
    pub refreshed: Counter,
    /// Sessions that ended without a log-out: at the provider, or because a refresh token was used
    /// twice.
    pub sessions_over: Counter,
    /// Log-outs.
    pub logged_out: Counter,
    /// Pairs of tokens that apps got for their refresh token.
    pub tokens_refreshed: Counter,
    /// Refresh tokens of apps that were sent again before the new pair was used. The answer was
    /// lost, or a thief sends each token right after the app.
    pub repeated: Counter,
    /// Refresh tokens of apps that were used again after the new pair was used. Each ended its
    /// session.
    pub reused: Counter,
    /// Signings that were prepared.
    pub signings_prepared: Counter,
    /// Signatures that were verified and stored.
    pub signatures_verified: Counter,
    /// Verifications that had to be put off, because revocation information was missing.
    pub signatures_unverified: Counter,
    /// Signatures that the service did not accept.
    pub signatures_refused: Counter,
    /// Signatures that got a timestamp.
    pub signatures_timestamped: Counter,
}
