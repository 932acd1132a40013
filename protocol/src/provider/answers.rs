//! What a service answers, read by the standard and by the service's own rules.

use alloc::borrow::ToOwned as _;

use super::Provider;
use crate::callback::{self, Answer, Callback, MalformedLink};
use crate::http::Response;
use crate::identity::{Presentation, UserInfo};
use crate::rule::Rule;
use crate::token::{self, TokenFailure, TokenResponse};
use crate::{OAuthError, RedirectUri, Secret};

impl Provider {
    /// Reads a URL that the app was opened with, as [`callback::read`] does, with the
    /// service's own words for errors.
    ///
    /// # Errors
    /// Where the URL leads to the redirect URI and cannot be read.
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

    /// Reads an answer of the token endpoint, as [`token::read`] does, with the service's own
    /// words for errors.
    ///
    /// # Errors
    /// Where there are no tokens.
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

    /// Reads an answer of the user info endpoint: by the service's own rule where it has one,
    /// and as OpenID Connect has it otherwise.
    ///
    /// # Errors
    /// The rule that the answer breaks.
    pub fn read_user_info(&self, response: &Response) -> Result<UserInfo, Rule> {
        match &self.facts.user_info {
            Some(user_info) => (user_info.read)(response),
            None => UserInfo::read(response),
        }
    }

    /// Reads an answer of the presentation endpoint.
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

/// Puts OAuth's word for an error in place of the service's, which stays in the description.
fn translate(error: &mut OAuthError, words: &[(&str, &str)]) {
    let Some((theirs, standard)) = words.iter().find(|(theirs, _)| error.is(theirs)) else {
        return;
    };
    error.description = Some(match &error.description {
        Some(description) => [theirs, ": ", description].concat(),
        None => (*theirs).to_owned(),
    });
    error.code = (*standard).to_owned();
}
