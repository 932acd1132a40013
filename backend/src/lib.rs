//! x
#![allow(missing_docs)]
mod client_authentication;
mod config;
mod counters;
mod credential;
mod error;
mod form;
mod log;
mod pushed;
mod sealing;
mod service;
pub mod store;
pub mod web;

pub use client_authentication::{ClientAuthentication, SigningKey, SigningKeyError};
pub use config::Config;
pub use counters::{Counter, Counters};
pub use credential::{Credential, SessionName};
pub use error::{Error, reason};
pub use sealing::{KeyError, Keys, Sealed};
pub use service::{Completed, LoggedIn, Refusal, Service, Started, Tokens, User, World};
