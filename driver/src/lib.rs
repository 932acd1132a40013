//! The driver for the two state machines of [`switchback_protocol`]: the attempt machine (one
//! login) and the grant machine (one session). The machines decide; the driver does the input and
//! output for them. It reads the stored state, gives it to the machine with the current time,
//! stores the next state by compare and set, and carries out the effects: it sends a request,
//! waits, retries or reports a result.
//!
//! It serves two crates. `switchback` (apps) drives the machines with a secure store and as a
//! public client; `switchback-backend` (services) drives them with a database and a client secret.
//! Each of them implements [`OAuthClient`] and [`GrantStore`], and shares the rest: the end of a
//! login ([`complete`]), the refresh of a token ([`refresh`]), leases, single flight, retries,
//! revocation and the log.
//!
//! The driver never decides what an answer means: whether a login succeeded, whether a token is
//! still valid, whether a code or a refresh token may be sent again, whether a session has ended.
//! The machines decide all of that, without a clock and without a network, so tests can reach every
//! case. To change
//! such a rule, change `switchback_protocol`. The driver also never shows anything to a person and
//! never chooses where data is stored.
//!
//! Apps and services do not use this crate directly: `switchback` and `switchback-backend` export
//! what they need from it.
//!
//! | module | content |
//! |---|---|
//! | [`OAuthClient`] | what the driver must know about the app or the service |
//! | [`GrantStore`] | storage for attempts and grants, by compare and set |
//! | [`complete`] | the end of a login: callback, code exchange (RFC 6749 §4.1.3), new session |
//! | [`refresh`] | the refresh of a grant (RFC 6749 §6), shared by all callers |
//! | [`resource`], [`revocation`] | requests with an access token (RFC 6750); token revocation (RFC 7009) |
//! | [`sender`] | requests that are sent at most once, and requests that may be retried |
//! | [`timestamp`] | timestamps for signatures (RFC 3161) |
//! | [`crl`] | certificate revocation lists, by HTTP (RFC 5280) |
//! | [`ports`], [`http`] | traits for clock, randomness and HTTP; HTTP by reqwest |
//! | `SIGNATURE_ALGORITHMS` (feature `ring`) | the algorithms with which document signatures are verified |
//! | [`event`], [`log`] | the stable event names, and the functions that write them to the log |
//! | [`files`] | opening files that hold secrets or locks |
//! | [`SingleFlight`], [`task`], [`background`] | single flight; detached tasks; background tasks of a phone |

pub mod background;
mod backoff;
mod client;
pub mod complete;
pub mod crl;
pub mod event;
pub mod files;
pub mod http;
pub mod log;
pub mod owner;
mod peer;
pub mod ports;
pub mod refresh;
mod requests;
pub mod resource;
pub mod revocation;
pub mod sender;
#[cfg(feature = "ring")]
mod signature_algorithms;
mod single_flight;
mod store;
pub mod task;
pub mod timestamp;

pub use client::{Failure, Link, OAuthClient, Redemption, Step};
pub use peer::Peer;
#[cfg(feature = "ring")]
pub use signature_algorithms::SIGNATURE_ALGORITHMS;
pub use single_flight::{FlightResult, SingleFlight};
pub use store::{AttemptDecision, AttemptTransition, Commit, GrantDecision, GrantStore};
