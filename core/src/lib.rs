#![cfg_attr(
    all(feature = "reqwest", feature = "sealed-file"),
    doc = r#"
Logs a person in with an identity app on the same device, and keeps them logged in.

An app opens the provider's authorization URL, which starts the identity app. The person approves
there, and the identity app opens the redirect URI, a link of this app (OAuth 2.0 for native apps,
RFC 8252). Switchback makes the URL, completes the login with the link, and refreshes the session's
access token when it is needed. All state is in a secure store, so a login also completes if the
system ends the app in between.

# Example

```no_run
use switchback::provider::truid::{ClaimType, DataPoint};
use switchback::{Client, LoginOutcome, Config, Error, LoginRequest, Platform, Provider, Purpose, store};

/// Called once, when the app starts. A clone is the same client.
fn client() -> Result<Client, Error> {
    let config = Config::direct(Provider::truid(), "client-id", "https://app.example/callback");
    Client::new(config, Platform::new(store::SealedFile::open("sessions")?))
}

/// Called when the person taps "Log in".
async fn log_in(client: &Client, open_in_identity_app: fn(&str)) -> Result<(), Error> {
    let request = LoginRequest::new(Purpose::Login, [DataPoint::Name, DataPoint::Email]);
    open_in_identity_app(&client.begin(request).await?.url);
    Ok(())
}

/// Called when the app is opened with a link, possibly in a new process.
async fn on_link(client: &Client, link: &str) -> Result<String, Error> {
    Ok(match client.complete(link).await? {
        LoginOutcome::LoggedIn { session, .. } => {
            let session = client.session(&session).await?;
            let identity = session.presentation(&[ClaimType::Name]).await?;
            format!("Hello, {}", identity.text(ClaimType::Name).unwrap_or("you"))
        }
        LoginOutcome::NotOurs => "this link is not a callback of this app".into(),
        LoginOutcome::Declined => "you declined the login".into(),
        other => format!("please log in again ({other:?})"),
    })
}
```
"#
)]
//!
//! # How it works
//!
//! - **Begin.** [`Client::begin`] stores the attempt and returns the URL to open. In direct mode
//!   the app is a public client with PKCE (RFC 7636); in mediated mode the service's backend
//!   holds the client secret. [`Mode`] selects one of them.
//! - **Complete.** [`Client::complete`] takes the link, finds the attempt by its `state`,
//!   exchanges the code at most once, and returns a [`LoginOutcome`].
//! - **Use.** [`Session::access_token`] returns a valid access token and refreshes it if
//!   necessary, once for all callers and processes. [`Session::authorize`] returns the headers
//!   for a request to the app's backend.
//! - **End.** [`Session::log_out`] removes the session and revokes its tokens. If the service
//!   ends a session, calls return [`Error::LoginRequired`] with the reason.
//!
//! Every `async` function must be called within a tokio runtime. A caller may be cancelled at any
//! time: work that must not be left half done runs in a detached task.
//!
//! # Modules
//!
//! | module | content |
//! |---|---|
//! | [`Client`], [`Config`] | configure a client; list, open and remove sessions |
//! | [`login`] | begin, reopen, complete and cancel a login |
//! | [`session`] | access token, requests to the app's backend, user info, presentation, signature, log-out |
//! | [`Error`] | what went wrong, sorted by what the app should do |
//! | [`signature`] | a document to sign, the signature, and the report of its verification |
//! | [`identity`], [`provider`] | the data of the person; what is specific to each provider |
//! | [`ports`] | the traits that connect Switchback to a platform: clock, randomness, HTTP, store, lock |
//! | [`store`], [`process_lock`], [`http`] | implementations of these traits |
//! | [`event`] | the stable event names in logs and timelines |
//! | `testing` (a feature) | conformance suites for your own store or transport |
//!
//! # For contributors
//!
//! All decisions are in [`switchback_protocol`], which has no clock, no randomness and no
//! network. `switchback-driver` stores, sends and waits, for this crate and for the service's
//! backend. This crate has the client, its secure store and its platform.

mod client;
mod client_mode;
mod config;
mod error;
mod files;
pub mod login;
mod mix_up;
mod oauth_client;
pub mod ports;
pub mod process_lock;
mod records;
pub mod session;
pub mod signature;
mod sorted;
mod state;
pub mod store;
mod task;
#[cfg(feature = "testing")]
pub mod testing;

pub use client::Client;
pub use config::{Config, Mode};
pub use error::{Error, SigningUnavailable};
pub use login::{Links, LoginAttempt, LoginOutcome, PendingLogin};
pub use ports::Platform;
pub use session::{
    Answered, Authorization, LogOut, Session, SessionEvent, SessionEvents, SessionId,
};
pub use switchback_driver::revocation::Revocation;
pub use switchback_driver::{event, http};
pub use switchback_protocol::attempt::{AttemptId, InvalidId, LoginRequest, Timeline};
pub use switchback_protocol::grant::SessionEnd;
pub use switchback_protocol::identity;
pub use switchback_protocol::mediated::Backend;
pub use switchback_protocol::provider;
pub use switchback_protocol::{OAuthError, Provider, Purpose, Rule, Secret};
