//! The redirect URIs of a client: a default one, and separate ones for some purposes.
//!
//! Before you change this: a callback is matched with all of them, and the attempt remembers the
//! one that it began with. The token request must repeat exactly that one (RFC 6749 §4.1.3).

use alloc::vec::Vec;

use super::{Environment, RedirectUri, RegistrationError};
use crate::Purpose;

/// The redirect URIs of a client. Some services, such as Truid, register one for each purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectUris {
    environment: Environment,
    default_uri: RedirectUri,
    others: Vec<(Purpose, RedirectUri)>,
}

impl RedirectUris {
    /// One redirect URI for every purpose.
    pub(crate) fn new(uri: &str, environment: Environment) -> Result<Self, RegistrationError> {
        Ok(Self {
            environment,
            default_uri: RedirectUri::new(uri, environment)?,
            others: Vec::new(),
        })
    }

    /// Sets another redirect URI for this purpose.
    pub(crate) fn set(&mut self, purpose: Purpose, uri: &str) -> Result<(), RegistrationError> {
        let uri = RedirectUri::new(uri, self.environment)?;
        self.others.retain(|(other, _)| *other != purpose);
        self.others.push((purpose, uri));
        Ok(())
    }

    /// The redirect URI of every purpose without its own one.
    pub fn default_uri(&self) -> &RedirectUri {
        &self.default_uri
    }

    /// The redirect URI for this purpose.
    pub fn of(&self, purpose: Purpose) -> &RedirectUri {
        let other = self.others.iter().find(|(other, _)| *other == purpose);
        other.map_or(&self.default_uri, |(_, uri)| uri)
    }

    /// The redirect URI that a URL matches.
    pub fn matching(&self, url: &str) -> Option<&RedirectUri> {
        self.all().find(|uri| uri.matches(url))
    }

    /// All redirect URIs.
    pub fn all(&self) -> impl Iterator<Item = &RedirectUri> {
        let others = self.others.iter().map(|(_, uri)| uri);
        others.chain([&self.default_uri])
    }
}
