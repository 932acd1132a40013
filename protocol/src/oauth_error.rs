//! The errors that an authorization server answers with, by name.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::http::{self, Response};
use crate::masked::masked;
use crate::visible::is_invisible;
use crate::{Secret, members};

/// Longer texts from a server are cut here, in characters.
const LONGEST: usize = 300;

/// An OAuth error (RFC 6749 §4.1.2.1 and §5.2): the code, and what the server says
/// about it in words.
///
/// The words come from outside. They are cut after 300 characters, control characters
/// are taken out, and whatever secret was sent in the request (of four characters or
/// more: shorter ones are in every text) is blacked out, percent-encoded and in base64 as
/// well, so that a server that repeats it cannot get it into a log.
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
        let known = Self {
            code: code.into(),
            description: None,
        };
        Self {
            // A word of a standard is no secret, whatever else is called so.
            code: match known.is_known() {
                true => known.code,
                false => readable(code, sent),
            },
            description: description.map(|text| readable(text, sent)),
        }
    }

    /// Reads the error out of an answer (RFC 6749 §5.2), whatever its status and its content
    /// type say. Only the code decides: a description that is no text is left out.
    pub fn read(response: &Response, sent: &[&Secret]) -> Option<Self> {
        if response.body.len() > http::MAX_BODY {
            return None;
        }
        let sent: Vec<&str> = sent.iter().map(|secret| secret.expose()).collect();
        let error = members::read(&response.body, |members| {
            let code = members.code("error").ok()?;
            let description = members.text("error_description").ok();
            Some(Self::new(&code, description.as_deref(), &sent))
        });
        error.ok().flatten()
    }

    /// Whether it speaks of the server's condition and not of the request: then the code or
    /// refresh token was not judged.
    pub fn is_temporary(&self) -> bool {
        // The last is of RFC 8628 §3.5.
        self.is_one_of(&["temporarily_unavailable", "server_error", "slow_down"])
    }

    /// Whether it speaks of the client (RFC 6749 §5.2): then the code or refresh token was not
    /// looked at, and every request fails until the configuration is changed.
    pub fn is_about_the_client(&self) -> bool {
        self.is_one_of(&[
            "invalid_client",
            "unauthorized_client",
            "unsupported_grant_type",
        ])
    }

    /// Whether it speaks of the form of the request (RFC 6749 §5.2).
    pub fn is_about_the_request(&self) -> bool {
        self.is_one_of(&["invalid_request", "invalid_scope"])
    }

    /// Whether it ends what was granted: the grant itself does not hold (RFC 6749 §5.2), or
    /// only the person can go on, at the authorization endpoint (OpenID Connect Core §3.1.2.6,
    /// OpenID Connect Unmet Authentication Requirements §3, RFC 9470 §3).
    pub fn ends_the_grant(&self) -> bool {
        self.is_one_of(&[
            "invalid_grant",
            "access_denied",
            "interaction_required",
            "login_required",
            "account_selection_required",
            "consent_required",
            "unmet_authentication_requirements",
            "insufficient_user_authentication",
        ])
    }

    /// Whether a standard gives its code a meaning here.
    pub(crate) fn is_known(&self) -> bool {
        self.is_temporary()
            || self.is_about_the_client()
            || self.is_about_the_request()
            || self.ends_the_grant()
    }

    fn is_one_of(&self, codes: &[&str]) -> bool {
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

/// What came from outside, as it may be shown: without what cannot be seen, without secrets, and
/// not longer than anybody reads.
pub(crate) fn readable(text: &str, sent: &[&str]) -> String {
    // First what cannot be seen: it could hide a secret from the search.
    let text = text.chars().filter(|c| !is_invisible(*c)).collect();
    let text = masked(text, sent);
    if text.chars().nth(LONGEST).is_none() {
        return text;
    }
    // After a whole word, and so that it can be seen.
    let start: String = text.chars().take(LONGEST - 2).collect();
    let whole = start.rsplit_once(' ').map_or(&*start, |(whole, _)| whole);
    [whole, " …"].concat()
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
        let list = "truid.app/data-point/name ".repeat(20);
        let error = OAuthError::new("x", Some(&list), &[]);
        let said = error.description.unwrap();
        let cut = said.strip_suffix(" …").unwrap();
        assert!(
            cut.split(' ')
                .all(|word| word == "truid.app/data-point/name")
        );
    }
}
