//! The OAuth errors of an authorization server (RFC 6749 §4.1.2.1 and §5.2).
//!
//! Before you change this: code and description are texts of another party, and may repeat the
//! request. [`OAuthError::new`] removes secrets and invisible characters, so make no `OAuthError`
//! in another way from a server's text. What a code means is in [`status`](mod@crate::status).

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::http::{self, Response};
use crate::redact::redact;
use crate::status::ErrorKind;
use crate::{Secret, members};

/// The length to which a text of a server is cut, in characters.
const MAX_DESCRIPTION_CHARS: usize = 300;

/// An OAuth error (RFC 6749 §4.1.2.1 and §5.2): code and description.
///
/// Both come from the server and may go into a log. They are cut after 300 characters and have no
/// control characters. A secret of the request that the server repeats is redacted, also if it is
/// percent-encoded or in base64. Secrets of less than four characters are not redacted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OAuthError {
    /// The code, such as `invalid_grant`.
    pub code: String,
    /// The server's description, for a developer and not for the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl OAuthError {
    /// Code and description of a server. `sent` has the secrets of the request, to redact.
    pub fn new(code: &str, description: Option<&str>, sent: &[&str]) -> Self {
        Self {
            // A standard code stays, even if a secret has the same text.
            code: match ErrorKind::of(code) {
                ErrorKind::Unknown => readable(code, sent),
                _ => code.into(),
            },
            description: description.map(|text| readable(text, sent)),
        }
    }

    /// Reads the error in an answer (RFC 6749 §5.2) with any status and content type. Only the
    /// code is required: a description of another type is left out.
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

    /// What the code says.
    pub fn kind(&self) -> ErrorKind {
        ErrorKind::of(&self.code)
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

/// A server's text for display: [redacted](redact), and cut to a maximum length.
pub(crate) fn readable(text: &str, sent: &[&str]) -> String {
    let text = redact(text, sent);
    if text.chars().nth(MAX_DESCRIPTION_CHARS).is_none() {
        return text;
    }
    // The cut is after a whole word, and visible.
    let start: String = text.chars().take(MAX_DESCRIPTION_CHARS - 2).collect();
    let whole = start.rsplit_once(' ').map_or(&*start, |(whole, _)| whole);
    [whole, " …"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;

    #[test]
    fn a_secret_in_a_description_is_redacted() {
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
    fn a_long_description_is_cut() {
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
