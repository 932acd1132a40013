//! A service's own names: of purposes, scope tokens and claims.
//!
//! Before you change this: people write these names in settings and on the command line. If a
//! service's own name and a general name are the same text, the service's own name is meant.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Provider, PurposeFacts, Retention};
use crate::Purpose;
use crate::identity::{ClaimValue, Summary};

/// A text is not the name of a purpose of a service.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is not a purpose of this service: use {}", .known.join(" or "))]
pub struct UnknownPurpose {
    /// The text.
    pub name: String,
    /// The names of the service's purposes.
    pub known: Vec<String>,
}

impl Provider {
    pub(super) fn purpose(&self, purpose: Purpose) -> Option<&'static PurposeFacts> {
        let mut all = self.facts.purposes.iter();
        all.find(|facts| facts.purpose == purpose)
    }

    /// The purposes that the service offers.
    pub fn purposes(&self) -> impl Iterator<Item = Purpose> + use<> {
        self.facts.purposes.iter().map(|facts| facts.purpose)
    }

    /// The service's own name for a purpose, or the general name if it does not offer the purpose.
    pub fn purpose_name(&self, purpose: Purpose) -> &'static str {
        self.purpose(purpose)
            .map_or(purpose.as_str(), |facts| facts.name)
    }

    /// The purpose with this name: the service's own, or the general one with `_` or `-`.
    ///
    /// # Errors
    /// The service has no such purpose. The error lists the names of its purposes.
    pub fn purpose_named(&self, name: &str) -> Result<Purpose, UnknownPurpose> {
        let find = |is: fn(&PurposeFacts, &str) -> bool| {
            self.facts.purposes.iter().find(|facts| is(facts, name))
        };
        // The service's own name wins: it may be the general name of another purpose.
        let found = find(|facts, name| name == facts.name)
            .or_else(|| find(|facts, name| name.replace('-', "_") == facts.purpose.as_str()));
        found.map(|facts| facts.purpose).ok_or_else(|| {
            let names = |facts: &PurposeFacts| match facts.purpose.as_str() {
                general if general == facts.name => general.to_owned(),
                general => [general, " (", facts.name, ")"].concat(),
            };
            UnknownPurpose {
                name: name.to_owned(),
                known: self.facts.purposes.iter().map(names).collect(),
            }
        })
    }

    /// How long a backend stores the tokens of a login. [`Retention::Session`] if the service does
    /// not offer the purpose.
    pub fn retention(&self, purpose: Purpose) -> Retention {
        self.purpose(purpose)
            .map_or(Retention::Session, |facts| facts.retention)
    }

    /// The label of a button that starts a login, if the service prescribes one.
    pub fn button(&self, purpose: Purpose) -> Option<&'static str> {
        self.purpose(purpose)?.button
    }

    /// A scope token, by its short or full name. `None` if the service does not accept it. The
    /// authorization request checks its characters.
    pub fn scope_token(&self, word: &str) -> Option<String> {
        let scope = &self.facts.scope;
        let is_known = |known: &&&str| **known == word || self.short_scope_token(known) == word;
        if let Some(known) = scope.known.iter().find(is_known) {
            return Some((*known).to_owned());
        }
        (scope.accepts_unknown)(word).then(|| word.to_owned())
    }

    /// A scope token without the common prefix of the service's tokens.
    pub fn short_scope_token<'a>(&self, word: &'a str) -> &'a str {
        word.strip_prefix(self.facts.scope.prefix).unwrap_or(word)
    }

    /// The key of a claim, by its short or full name. `None` if the service does not accept it.
    pub fn claim_key(&self, name: &str) -> Option<String> {
        let claims = &self.facts.claims;
        let is_known = |known: &&&str| **known == name || (claims.short)(known) == name;
        if let Some(known) = claims.known.iter().find(is_known) {
            return Some((*known).to_owned());
        }
        (claims.accepts_unknown)(name).then(|| name.to_owned())
    }

    /// The short name of a key, for a table.
    pub fn short_claim<'a>(&self, key: &'a str) -> &'a str {
        (self.facts.claims.short)(key)
    }

    /// The summary of a claim, for a table.
    pub fn summary(&self, key: &str, value: &ClaimValue) -> Summary {
        let own = (self.facts.claims.summary)(key, value);
        own.unwrap_or_else(|| Summary::of(value))
    }
}
