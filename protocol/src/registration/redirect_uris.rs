//! The redirect URIs of a client: one, and others for some purposes.

use alloc::vec::Vec;

use super::{Environment, RedirectUri, RegistrationError};
use crate::Purpose;

/// The redirect URIs of a client. Some services have one for each purpose, as Truid has one for
/// each function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectUris {
    environment: Environment,
    default_uri: RedirectUri,
    others: Vec<(Purpose, RedirectUri)>,
}

impl RedirectUris {
    /// One for every purpose.
    pub(crate) fn new(uri: &str, environment: Environment) -> Result<Self, RegistrationError> {
        Ok(Self {
            environment,
            default_uri: RedirectUri::new(uri, environment)?,
            others: Vec::new(),
        })
    }

    /// Another one for this purpose.
    pub(crate) fn set(&mut self, purpose: Purpose, uri: &str) -> Result<(), RegistrationError> {
        let uri = RedirectUri::new(uri, self.environment)?;
        self.others.retain(|(other, _)| *other != purpose);
        self.others.push((purpose, uri));
        Ok(())
    }

    /// The one for every purpose that has none of its own.
    pub fn default_uri(&self) -> &RedirectUri {
        &self.default_uri
    }

    /// The one for this purpose.
    pub fn of(&self, purpose: Purpose) -> &RedirectUri {
        let other = self.others.iter().find(|(other, _)| *other == purpose);
        other.map_or(&self.default_uri, |(_, uri)| uri)
    }

    /// The one that a URL leads to.
    pub fn leads_to(&self, url: &str) -> Option<&RedirectUri> {
        self.all().find(|uri| uri.leads_here(url))
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &RedirectUri> {
        let others = self.others.iter().map(|(_, uri)| uri);
        others.chain([&self.default_uri])
    }
}
