//! The one shape of every refusal.

use std::fmt;

use crate::Finding;

/// Why something was refused: an error code of the standards (RFC 6749 sections 4.1.2.1
/// and 5.2, RFC 6750 section 3.1) or of the sandbox, and what to do about it. A
/// description never repeats a secret, token, code or verifier.
#[derive(Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The error code, such as `invalid_grant`.
    pub error: &'static str,
    /// What was wrong and how to mend it, in the characters that RFC 6749 allows.
    pub description: String,
    /// Where the error goes: the callback URL, when it is safe to send the person back
    /// to the service with it (RFC 6749 section 4.1.2.1).
    pub redirect: Option<String>,
    /// What was found, where a service's request was refused. Its page says more.
    pub finding: Option<Finding>,
}

impl Refusal {
    /// A refusal of what a service sends. Characters that an `error_description` may not
    /// have (RFC 6749 appendix A.8) become `?`.
    pub(crate) fn new(error: &'static str, finding: Finding, description: impl AsRef<str>) -> Self {
        Refusal {
            finding: Some(finding),
            ..Refusal::own(error, description)
        }
    }

    /// A refusal of what is the sandbox's own, and says nothing about a service.
    pub(crate) fn own(error: &'static str, description: impl AsRef<str>) -> Self {
        let allowed = |c: char| matches!(c, ' '..='~') && !matches!(c, '"' | '\\');
        Refusal {
            error,
            description: description
                .as_ref()
                .chars()
                .map(|c| if allowed(c) { c } else { '?' })
                .collect(),
            redirect: None,
            finding: None,
        }
    }

    /// The page of what was found, in the sandbox at this base URL: the `error_uri` of RFC 6749
    /// sections 4.1.2.1 and 5.2.
    pub(crate) fn page(&self, url: &str) -> Option<String> {
        let finding = self.finding?;
        Some(format!("{url}/findings/{finding}"))
    }

    /// The same, which is a finding only where the service is to blame.
    pub(crate) fn blames(self, service: bool) -> Self {
        Refusal {
            finding: self.finding.filter(|_| service),
            ..self
        }
    }

    /// `invalid_request` at the sandbox's own API.
    pub(crate) fn bad(description: impl AsRef<str>) -> Self {
        Refusal::own("invalid_request", description)
    }

    /// `invalid_request`: a parameter is missing, twice there or malformed.
    pub(crate) fn request(finding: Finding, description: impl AsRef<str>) -> Self {
        Refusal::new("invalid_request", finding, description)
    }

    /// `invalid_client`: the client is unknown or did not prove who it is.
    pub(crate) fn client(finding: Finding, description: impl AsRef<str>) -> Self {
        Refusal::new("invalid_client", finding, description)
    }

    /// `invalid_grant`: the code or the refresh token is not good, or not for this
    /// request.
    pub(crate) fn grant(finding: Finding, description: impl AsRef<str>) -> Self {
        Refusal::new("invalid_grant", finding, description)
    }

    /// `invalid_scope`: the scope is malformed or more than the client may ask for.
    pub(crate) fn scope(description: impl AsRef<str>) -> Self {
        Refusal::new("invalid_scope", Finding::ScopeUnregistered, description)
    }

    /// `invalid_token`: the access token is not good (RFC 6750 section 3.1).
    pub(crate) fn token(finding: Finding, description: impl AsRef<str>) -> Self {
        Refusal::new("invalid_token", finding, description)
    }
}

/// Without the query of `redirect`: the state is in it.
impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let redirect = self
            .redirect
            .as_deref()
            .map(|url| match url.split_once('?') {
                Some((base, _)) => format!("{base}?•"),
                None => url.to_owned(),
            });
        f.debug_struct("Refusal")
            .field("error", &self.error)
            .field("description", &self.description)
            .field("redirect", &redirect)
            .field("finding", &self.finding)
            .finish()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error, self.description)
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_is_not_in_the_debug_output() {
        let refusal = Refusal {
            redirect: Some("https://a.example/cb?error=x&state=S3CRET".into()),
            ..Refusal::bad("wrong")
        };
        let shown = format!("{refusal:?}");
        assert!(!shown.contains("S3CRET"), "{shown}");
        assert!(shown.contains("https://a.example/cb?•"), "{shown}");
    }
}
