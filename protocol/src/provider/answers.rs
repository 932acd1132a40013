//! Reads the answers of a service by the standards and by the service's own rules.
//!
//! Before you change this: a service's own error code becomes the standard one here, so that the
//! machines know only the standard codes. The original code stays in the description.

use alloc::borrow::ToOwned as _;

use super::Provider;
use crate::callback::{self, Answer, Callback, MalformedLink};
use crate::http::Response;
use crate::identity::{Presentation, UserInfo};
use crate::rule::Rule;
use crate::token::{self, TokenFailure, TokenResponse};
use crate::{OAuthError, RedirectUri, Secret};

impl Provider {
    /// Reads a callback like [`callback::read`], and translates the service's own error codes.
    ///
    /// # Errors
    /// The URL matches the redirect URI and is not a valid callback.
    pub fn read_callback(
        &self,
        url: &str,
        ours: &RedirectUri,
    ) -> Result<Option<Callback>, MalformedLink> {
        let read = callback::read(url, ours)?;
        Ok(read.map(|mut callback| {
            if let Answer::Refused(error) = &mut callback.answer {
                translate(error, self.facts.errors.callback);
                if error.is("access_denied") {
                    callback.answer = Answer::Declined;
                }
            }
            callback
        }))
    }

    /// Reads an answer of the token endpoint like [`token::read`], and translates the service's own
    /// error codes.
    ///
    /// # Errors
    /// The answer has no tokens.
    pub fn read_tokens(
        &self,
        response: &Response,
        sent: &[&Secret],
    ) -> Result<TokenResponse, TokenFailure> {
        token::read(response, sent).map_err(|mut failure| {
            if let TokenFailure::Refused(error) = &mut failure {
                translate(error, self.facts.errors.token);
            }
            failure
        })
    }

    /// Reads an answer of the user info endpoint, with the service's own reader if it has one.
    ///
    /// # Errors
    /// The rule that the answer breaks.
    pub fn read_user_info(&self, response: &Response) -> Result<UserInfo, Rule> {
        match &self.facts.user_info {
            Some(user_info) => (user_info.read)(response),
            None => UserInfo::read(response),
        }
    }

    /// Reads an answer of the presentation endpoint, with the service's own reader if it has one.
    ///
    /// # Errors
    /// The rule that the answer breaks.
    pub fn read_presentation(&self, response: &Response) -> Result<Presentation, Rule> {
        match &self.facts.presentation {
            Some(presentation) => (presentation.read)(response),
            None => Presentation::read(response),
        }
    }
}

/// Replaces the service's error code with the standard one. The original code goes into the
/// description.
fn translate(error: &mut OAuthError, codes: &[(&str, &str)]) {
    let Some((theirs, standard)) = codes.iter().find(|(theirs, _)| error.is(theirs)) else {
        return;
    };
    error.description = Some(match &error.description {
        Some(description) => [theirs, ": ", description].concat(),
        None => (*theirs).to_owned(),
    });
    error.code = (*standard).to_owned();
}
