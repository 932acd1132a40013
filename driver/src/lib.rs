//! What drives the two machines of [`switchback_protocol`]: it stores what they decide, sends
//! what they ask for, waits, and tells what came of it. An app drives them with a secure
//! store and as a public client, a service with a database and a client secret; both are an
//! [`OAuthClient`] here, over a [`GrantStore`].
//!
//! This crate is below `switchback` (apps) and `switchback-backend` (services), and is not
//! meant to be used beside them: what an app or a service needs of it, they offer.
//!
//! | module | what is there |
//! |---|---|
//! | [`OAuthClient`] | what the driver must know of the app or the service |
//! | [`GrantStore`] | where attempts and grants are kept, by compare and set |
//! | [`complete`] | the end of a login: the callback, the exchange of its code, the session |
//! | [`refresh`] | the refresh of a grant, once for all who need it |
//! | [`resource`], [`revocation`] | reading what a token opens; giving tokens back |
//! | [`sender`] | requests that must arrive once, and others that may be sent again |
//! | [`ports`], [`http`] | clock, randomness, HTTP; and HTTP by reqwest |
//! | [`event`], [`log`] | the stable names in logs and timelines, and the log |
//! | [`files`] | files that hold secrets, or locks |
//! | [`SingleFlight`], [`task`], [`background`] | one task for all who wait; tasks that outlive their caller; running on in the background |

pub mod background;
mod backoff;
mod client;
pub mod complete;
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
mod single_flight;
mod store;
pub mod task;

pub use client::{Failure, Link, OAuthClient, Redemption, Step};
pub use peer::Peer;
pub use single_flight::{FlightResult, SingleFlight};
pub use store::{AttemptDecision, AttemptTransition, Commit, GrantDecision, GrantStore};
