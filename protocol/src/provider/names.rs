//! A service's own words: for purposes, for what is asked for, and for what is read.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Provider, PurposeFacts, Retention};
use crate::Purpose;
use crate::identity::{ClaimValue, Summary};

/// A word that names no purpose of a service.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no function {name:?}: use {}", .known.join(" or "))]
pub struct UnknownPurpose {
    /// The word.
    pub name: String,
    /// What could be written in its place.
    pub known: Vec<String>,
}

impl Provider {
    pub(super) fn purpose(&self, purpose: Purpose) -> Option<&'static PurposeFacts> {
        let mut all = self.facts.purposes.iter();
        all.find(|facts| facts.purpose == purpose)
    }

    /// The purposes that the service has.
    pub fn purposes(&self) -> impl Iterator<Item = Purpose> + use<> {
        self.facts.purposes.iter().map(|facts| facts.purpose)
    }

    /// The service's own name for a purpose; the general word where it has none.
    pub fn purpose_name(&self, purpose: Purpose) -> &'static str {
        self.purpose(purpose)
            .map_or(purpose.as_str(), |facts| facts.name)
    }

    /// The purpose with this name, which is the service's own or the general word, with `_` or `-`.
    ///
    /// # Errors
    /// Where the service has no such purpose. The error lists the names that it has.
    pub fn purpose_named(&self, name: &str) -> Result<Purpose, UnknownPurpose> {
        let find = |is: fn(&PurposeFacts, &str) -> bool| {
            self.facts.purposes.iter().find(|facts| is(facts, name))
        };
        // The service's own name comes first: it may be the general word for something else.
        let found = find(|facts, name| name == facts.name)
            .or_else(|| find(|facts, name| name.replace('-', "_") == facts.purpose.as_str()));
        found.map(|facts| facts.purpose).ok_or_else(|| {
            let words = |facts: &PurposeFacts| match facts.purpose.as_str() {
                general if general == facts.name => general.to_owned(),
                general => [general, " (", facts.name, ")"].concat(),
            };
            UnknownPurpose {
                name: name.to_owned(),
                known: self.facts.purposes.iter().map(words).collect(),
            }
        })
    }

    /// What a service's backend keeps of a login: nothing for longer than a session where the
    /// service does not have this purpose.
    pub fn retention(&self, purpose: Purpose) -> Retention {
        self.purpose(purpose)
            .map_or(Retention::Session, |facts| facts.retention)
    }

    /// The words of a button that begins a login, where the service prescribes them.
    pub fn button(&self, purpose: Purpose) -> Option<&'static str> {
        self.purpose(purpose)?.button
    }

    /// A word of the scope, by its short name or as it is sent: `None` where it cannot be one
    /// of this service. Whether it can be sent at all is checked with the request.
    pub fn scope_token(&self, word: &str) -> Option<String> {
        let scope = &self.facts.scope;
        let is_known = |known: &&&str| **known == word || self.short_scope_token(known) == word;
        if let Some(known) = scope.known.iter().find(is_known) {
            return Some((*known).to_owned());
        }
        (scope.may_be)(word).then(|| word.to_owned())
    }

    /// A word of the scope without the beginning that all words of this service share.
    pub fn short_scope_token<'a>(&self, word: &'a str) -> &'a str {
        word.strip_prefix(self.facts.scope.prefix).unwrap_or(word)
    }

    /// A claim's key, by its short name or as it is sent: `None` where it cannot be one of
    /// this service.
    pub fn claim_key(&self, name: &str) -> Option<String> {
        let claims = &self.facts.claims;
        let is_known = |known: &&&str| **known == name || (claims.short)(known) == name;
        if let Some(known) = claims.known.iter().find(is_known) {
            return Some((*known).to_owned());
        }
        (claims.may_be)(name).then(|| name.to_owned())
    }

    /// A claim's key without its frame, for a table.
    pub fn short_claim<'a>(&self, key: &'a str) -> &'a str {
        (self.facts.claims.short)(key)
    }

    /// What a table shows of a claim.
    pub fn summary(&self, key: &str, value: &ClaimValue) -> Summary {
        let own = (self.facts.claims.summary)(key, value);
        own.unwrap_or_else(|| Summary::of(value))
    }
}
