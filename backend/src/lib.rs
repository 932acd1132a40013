//! The backend of Switchback, which a service runs between its apps and the identity provider.
//!
//! The backend is the confidential client (RFC 6749 section 2.1): it has the client secret,
//! exchanges the codes, and stores the refresh tokens. This crate has a [`Service`] that begins
//! and completes logins and knows who is logged in; a [`web::router`] that serves it over HTTP
//! to apps and browsers; and a [`web::LoginLayer`] for your own routes.
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
//! service.check_database().await?;
//! let app = Router::new()
//!     .route("/hello", get(hello))
//!     .layer(web::LoginLayer::new(&service))
//!     .merge(web::router(service, web::Web::default()));
//! # Ok(app) }
//! ```
//!
//! The state machines of [`switchback_protocol`] make every decision; an app uses the same
//! ones. This crate drives them over a database. Only this crate has a client secret: the
//! phone's library has no field for it.
//!
//! | item | contents |
//! |---|---|
//! | [`Service`], [`Config`], [`Platform`] | the service; its configuration; its database, keys, HTTP client, clock and random source |
//! | [`LoggedIn`], [`User`] | the person who makes a request; a person who was onboarded |
//! | [`Signing`], [`SigningStatus`], [`signature`] | a document that a person signs |
//! | [`web`] | routes, pages, and the layer |
//! | [`store`] | SQLite and PostgreSQL behind one trait |
//! | [`Keys`] | the keys that seal the stored tokens |
//! | [`ClientAuthentication`] | client secret or private key |
//! | [`Error`] | an error, by what the caller does next |
//!
//! The provider decides for each purpose what the service stores ([`provider::Retention`]):
//!
//! | retention | stored | until | at Truid |
//! |---|---|---|---|
//! | engagement | the refresh token, with the person's subject; no access token | the person ends it, or is onboarded again | onboarding |
//! | session | access and refresh token, with the session | log-out, or the provider ends it | login |
//! | one-off | the access token, no refresh token | it expires, or the person logs out | identity verification |
//! | limited | the refresh token and the verified signature; no access token | 30 days, or [`Service::remove_signing`] | signing |

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
    LoggedIn, LoginAttempt, LoginOutcome, NotASigningId, Platform, PreparedSigning, Refusal,
    SamePerson, Service, Signature, Signing, SigningId, SigningOptions, SigningStatus, Timestamps,
    Tokens, User,
};
pub use switchback_protocol::{
    Environment, Origin, Provider, Purpose, RedirectUri, Registration, RegistrationError, Secret,
    identity, provider,
};

/// What a person is asked to sign, and what a service trusts when it verifies the signature.
pub mod signature {
    pub use switchback_jades::{Anchors, Crl, DigestInput, DocumentDigest, DocumentHasher};
    pub use switchback_protocol::signature::SignRequest;
}
