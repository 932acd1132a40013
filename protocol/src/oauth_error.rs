//! The errors that an authorization server answers with, by name.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::Secret;
use crate::http::{self, Response};

/// Longer texts from a server are cut here, in characters.
const LONGEST: usize = 300;

/// An OAuth error (RFC 6749 §4.1.2.1 and §5.2): the code, and what the server says
/// about it in words.
///
/// The words come from outside. They are cut after 300 characters, control characters
/// are taken out, and whatever secret was sent in the request (of four characters or
/// more: shorter ones are in every text) is blacked out, so that a server that repeats it
/// cannot get it into a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OAuthError {
    /// The code, `invalid_grant` for example.
    pub code: String,
    /// The server's own words, for a developer and not for the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl OAuthError {
    /// Takes code and description as they came; `sent` is what must not come back.
    pub fn new(code: &str, description: Option<&str>, sent: &[&str]) -> Self {
        Self {
            code: readable(code, sent),
            description: description.map(|text| readable(text, sent)),
        }
    }

    /// Reads the error out of an answer (RFC 6749 §5.2), whatever its content type says.
    pub fn read(response: &Response, sent: &[&Secret]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Refusal {
            error: String,
            error_description: Option<String>,
        }
        if response.body.len() > http::MAX_BODY {
            return None;
        }
        let body = core::str::from_utf8(&response.body).ok()?;
        let refusal: Refusal = serde_json::from_str(body).ok()?;
        let sent: Vec<&str> = sent.iter().map(|secret| secret.expose()).collect();
        let description = refusal.error_description.as_deref();
        (!refusal.error.is_empty()).then(|| Self::new(&refusal.error, description, &sent))
    }

    /// Whether it speaks of the server's condition and not of the request: then the code or
    /// refresh token was not judged.
    pub fn is_temporary(&self) -> bool {
        self.is("temporarily_unavailable") || self.is("server_error")
    }

    /// Whether it speaks of the client (RFC 6749 §5.2): then the code or refresh token was not
    /// looked at, and every request fails until the configuration is changed.
    pub fn is_about_the_client(&self) -> bool {
        let codes = [
            "invalid_client",
            "unauthorized_client",
            "unsupported_grant_type",
        ];
        codes.contains(&self.code.as_str())
    }

    /// Whether the code is this one.
    pub fn is(&self, code: &str) -> bool {
        self.code == code
    }
}

impl fmt::Display for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.description {
            Some(description) => write!(f, "{} ({description})", self.code),
            None => f.write_str(&self.code),
        }
    }
}

fn readable(text: &str, sent: &[&str]) -> String {
    // First what cannot be seen: it could hide a secret from the search.
    let mut text: String = text.chars().filter(|c| !c.is_control()).collect();
    for secret in sent.iter().filter(|secret| secret.len() >= 4) {
        if text.contains(secret) {
            text = text.replace(secret, "[redacted]");
        }
    }
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => text[..end].to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;

    #[test]
    fn a_server_that_repeats_a_secret_is_silenced() {
        let error = OAuthError::new(
            "invalid_grant",
            Some("refresh token R3f\u{7}resh was used\r\n"),
            &["R3fresh"],
        );
        assert_eq!(
            error.to_string(),
            "invalid_grant (refresh token [redacted] was used)"
        );
    }

    #[test]
    fn long_words_are_cut() {
        let error = OAuthError::new("x", Some(&"å".repeat(1000)), &[]);
        assert_eq!(error.description.unwrap().chars().count(), 300);
    }
}
