//! The rules of a login and of a session, as pure functions.
//!
//! This crate is `no_std`: it has no clock, no random numbers and no input or output, and the
//! compiler enforces that. Its caller (the crate `switchback` in an app, `switchback-backend` on
//! a server) passes in the time, the random bytes and the answers of servers. The crate makes
//! every decision, so a test needs none of them.
//!
//! | module | what it decides | standard |
//! |---|---|---|
//! | [`registration`] | whether a client may have this configuration | RFC 6749 §2, RFC 8252 |
//! | [`authorization`] | the URL of the authorization request | RFC 6749 §4.1.1, RFC 7636 |
//! | [`callback`] | what a callback says | RFC 6749 §4.1.2, RFC 9207 |
//! | [`attempt`] | the state of a login, shared by processes | RFC 6749 §4.1, RFC 9207 §2.4 |
//! | [`mediated`] | requests to a backend between app and provider, and its answers | RFC 8252 §8.5 |
//! | [`cookies`] | which cookies belong to a request | RFC 6265 |
//! | [`status`] | what an HTTP status and an error code mean: the table | RFC 9110 §15, RFC 6749 §5.2 |
//! | [`token`] | token requests, and what their answers mean | RFC 6749 §4.1.3, §5, §6 |
//! | [`grant`] | the state of a session: use, refresh or end its tokens | RFC 9700 §4.14 |
//! | [`form`] | how every parameter is encoded | RFC 6749 appendix B |
//! | [`link_check`] | whether a login's link will come back to the app | Android App Links, universal links of iOS |
//! | [`lease`] | which of several processes may send a request | |
//! | [`time`] | elapsed time, when a clock may be wrong | |
//! | [`signature`] | what a person is asked to sign | ETSI TS 119 182-1 |
//! | [`identity`] | who logged in: user info, presentation, ID token | OpenID Connect Core §2, §5.3 |
//! | [`openid`] | what a provider says about itself, and whether an ID token is of this login | OpenID Connect Core and Discovery, RFC 8414 |
//! | [`visible`] | text from a server, made safe to display | |
//! | [`rule`] | the rules of the protocol that an answer can break | |
//! | [`provider`] | the facts about each service, in one file for each | |
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod attempt;
pub mod authorization;
pub mod callback;
pub mod cookies;
pub mod form;
pub mod grant;
pub mod http;
pub mod identity;
pub mod lease;
pub mod link_check;
pub mod mediated;
mod members;
pub mod oauth_error;
pub mod openid;
mod origin;
pub mod provider;
mod purpose;
mod redact;
pub mod registration;
pub mod rule;
mod secret;
pub mod signature;
pub mod status;
pub mod stored;
pub mod time;
pub mod token;
pub mod visible;

pub use oauth_error::OAuthError;
pub use origin::Origin;
pub use provider::Provider;
pub use purpose::Purpose;
pub use redact::redact;
pub use registration::{Environment, RedirectUri, RedirectUris, Registration, RegistrationError};
pub use rule::Rule;
pub use secret::{Random, Secret};
