#![cfg_attr(
    all(feature = "reqwest", feature = "sealed-file"),
    doc = r#"
Logs a person in through an identity app on the same device, and keeps them logged in.

```no_run
use switchback::provider::truid::{ClaimType, DataPoint};
use switchback::{Client, LoginOutcome, Config, Error, LoginRequest, Platform, Provider, Purpose, store};

/// Once, when the app starts; clone it to wherever it is needed.
fn client() -> Result<Client, Error> {
    let config = Config::direct(Provider::truid(), "client-id", "https://app.example/callback");
    Client::new(config, Platform::new(store::SealedFile::open("sessions")?))
}

/// The person taps "Login with Truid".
async fn log_in(client: &Client, open_in_identity_app: fn(&str)) -> Result<(), Error> {
    let request = LoginRequest::new(Purpose::Login, [DataPoint::Name, DataPoint::Email]);
    open_in_identity_app(&client.begin(request).await?.url);
    Ok(())
}

/// The app was opened with a link, maybe in a new process.
async fn on_link(client: &Client, link: &str) -> Result<String, Error> {
    Ok(match client.complete(link).await? {
        LoginOutcome::LoggedIn { session, .. } => {
            let session = client.session(&session).await?;
            let identity = session.presentation(&[ClaimType::Name]).await?;
            format!("Hello, {}", identity.text(ClaimType::Name).unwrap_or("you"))
        }
        LoginOutcome::NotOurs => "a link for somebody else".into(),
        LoginOutcome::Declined => "maybe another time".into(),
        other => format!("please log in again ({other:?})"),
    })
}
```
"#
)]
//!
//! Everything that is decided, is decided in [`switchback_protocol`], which knows no
//! clock, no randomness and no network; a driver that services share stores, sends and
//! waits. What it needs of the world comes in through [ports]: a clock, a source of entropy, HTTP, a secure store and the
//! critical section that goes with it. Every `async` method is called within a tokio runtime, and may be cancelled:
//! what must not be left half done runs in a task of its own.
//!
//! | module | what an app finds there |
//! |---|---|
//! | [`Client`], [`Config`] | the way in |
//! | [`login`] | begin, complete, pending_logins, cancel_login |
//! | [`session`] | access token, calls to the app's own backend, user info, presentation, log out |
//! | [`Error`] | what went wrong, by what to do next |
//! | [`ports`], [`store`], [`process_lock`], [`http`] | the world outside, and adapters to it |
//! | [`event`] | the stable names in logs and timelines |
//! | `testing` (a feature) | whether a store of your own keeps its promises |

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
mod state;
pub mod store;
mod task;
#[cfg(feature = "testing")]
pub mod testing;

pub use client::Client;
pub use config::{Config, Mode};
pub use error::Error;
pub use login::{LoginAttempt, LoginOutcome, PendingLogin};
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
