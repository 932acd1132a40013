//! OpenID Connect: what a provider says about itself, and the ID token.
//!
//! | module | what it decides | standard |
//! |---|---|---|
//! | [`metadata`] | which endpoints and abilities a provider has | OpenID Connect Discovery 1.0, RFC 8414 |
//! | [`id_token`] | whether an ID token is of this login | OpenID Connect Core §3.1.3.7, §12.2 |
//!
//! A token that was verified has another type than one that was only received:
//! [`VerifiedIdToken`] is made by [`IdTokenRules::verify`] alone. Signatures are verified by
//! [`switchback_jose`].

pub mod id_token;
pub mod metadata;

pub use id_token::{IdTokenError, IdTokenRules, Nonce, VerifiedIdToken};
pub use metadata::{Endpoint, Metadata, MetadataError};
