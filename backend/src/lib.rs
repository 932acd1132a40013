//! The confidential half of Switchback: what a service runs between its apps and the
//! identity provider.
//!
//! The client secret, the exchange of codes and the refresh tokens belong to the service's
//! backend. This crate is that backend: a [`Service`] that begins logins, completes
//! them and knows who is logged in; a [`web::router`] that serves it over HTTP, to apps and
//! browsers; and a [`web::LoginLayer`] for the routes of your own.
//!
//! ```no_run
//! use axum::{Router, routing::get};
//! use switchback_backend::provider::truid::{ClaimType, DataPoint};
//! use switchback_backend::{ClientAuthentication, Config, Error, Keys, LoggedIn, Service, Platform};
//! use switchback_backend::{Environment, Provider, Purpose, Registration};
//! use switchback_backend::{store::Sqlite, web};
//!
//! async fn hello(person: LoggedIn) -> String {
//!     match person.presentation(&[ClaimType::Name]).await {
//!         Ok(claims) => format!("Hello, {}", claims.text(ClaimType::Name).unwrap_or("you")),
//!         Err(error) => error.to_string(),
//!     }
//! }
//!
//! # async fn service(secret: &str, keys: &str) -> Result<Router, Box<dyn std::error::Error>> {
//! let registration = Registration::new(
//!     Provider::truid(),
//!     "client-id",
//!     "https://service.example/truid/complete",
//!     Environment::Production,
//! )?;
//! let config = Config::new(registration, ClientAuthentication::SecretPost(secret.into()))
//!     .with_purpose(Purpose::Login, [DataPoint::Name, DataPoint::Email]);
//! let platform = Platform::new(Sqlite::open("service.db").await?, Keys::read(keys)?);
//! let service = Service::new(config, platform)?;
//! let app = Router::new()
//!     .route("/hello", get(hello))
//!     .layer(web::LoginLayer::new(&service))
//!     .merge(web::router(service, web::Web::default()));
//! # Ok(app) }
//! ```
//!
//! What happens is decided by the machines of [`switchback_protocol`], the same that an app
//! uses; this crate drives them over a database. Nothing confidential is in any other crate:
//! the phone's library has no place for a client secret.
//!
//! | module | what is there |
//! |---|---|
//! | [`Service`], [`Config`], [`Platform`] | start, complete, session; how it is configured; what it needs of the world |
//! | [`LoggedIn`], [`User`] | whoever makes a request; whoever was onboarded |
//! | [`web`] | routes, pages, and the layer |
//! | [`store`] | SQLite and PostgreSQL behind one trait |
//! | [`Keys`] | what seals the tokens that are stored |
//! | [`ClientAuthentication`] | client secret or private key |
//!
//! The provider says for each purpose what is kept ([`provider::Retention`]):
//!
//! | kept for | what is stored | until | at Truid |
//! |---|---|---|---|
//! | the engagement | the refresh token, with the person's subject; no access token | they end it, or are onboarded again | onboarding |
//! | the session | access and refresh token, with the session | log-out, or the provider ends it | login |
//! | once | the access token, no refresh token | it expires, or the person logs out | identity verification |

mod client_authentication;
mod config;
mod counters;
mod credential;
mod error;
mod pushed;
mod sealing;
#[cfg(feature = "server")]
pub mod server;
mod service;
pub mod store;
mod time_ordered;
pub mod web;

pub use client_authentication::{ClientAuthentication, SigningKey, SigningKeyError};
pub use config::Config;
pub use counters::{Counter, Counters};
pub use credential::Credential;
pub use error::{Error, reason};
pub use sealing::{KeyError, Keys, Mac, Sealed};
pub use service::{
    LoggedIn, LoginAttempt, LoginOutcome, Platform, Refusal, SamePerson, Service, Tokens, User,
};
pub use switchback_protocol::{
    Environment, Origin, Provider, Purpose, RedirectUri, Registration, RegistrationError, Secret,
    identity, provider,
};
