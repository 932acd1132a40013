//! The pure half of Switchback: values in, values out.
//!
//! This crate is `no_std`, so that the compiler itself keeps clocks, randomness
//! and input/output out of it. Whoever drives it (the crate `switchback` in an app, a
//! backend on a server) brings the time, the random bytes and the network; what is
//! decided, is decided here, and can be tested without any of them.
//!
//! | module | what it decides | standard |
//! |---|---|---|
//! | [`registration`] | may this client be configured like this? | RFC 6749 §2, RFC 8252 |
//! | [`authorization`] | the URL that the person is sent to | RFC 6749 §4.1.1, RFC 7636 |
//! | [`callback`] | what the link that came back means | RFC 6749 §4.1.2, RFC 9207 |
//! | [`attempt`] | where a login stands, across processes | |
//! | [`mediated`] | what a backend between app and provider is asked, and may answer | |
//! | [`cookies`] | which cookies go where | RFC 6265 |
//! | [`token`] | the token request, and what the answer means | RFC 6749 §4.1.3, §5, §6 |
//! | [`grant`] | may this token be used, must it be refreshed, is it over? | RFC 9700 §4.14 |
//! | [`form`] | a form, written: the spelling of every value that is sent | RFC 6749 appendix B |
//! | [`lease`] | which of several processes may send | |
//! | [`time`] | what time it is, whatever the clock says | |
//! | [`identity`] | who logged in: user info and presentation | OpenID Connect Core §5.3 |
//! | [`visible`] | text from elsewhere, before a person sees it | |
//! | [`rule`] | which rule of the protocol an answer broke | |
//! | [`provider`] | the facts about each service, one file each | |
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
pub mod mediated;
mod members;
pub mod oauth_error;
mod origin;
pub mod provider;
mod purpose;
mod redact;
pub mod registration;
pub mod rule;
mod secret;
pub mod stored;
pub mod time;
pub mod token;
pub mod visible;

pub use oauth_error::OAuthError;
pub use origin::Origin;
pub use provider::Provider;
pub use purpose::Purpose;
pub use registration::{Environment, RedirectUri, RedirectUris, Registration, RegistrationError};
pub use rule::Rule;
pub use secret::{Random, Secret};
