//! [`Refusal`]: the error of every request that the sandbox refuses.

use std::fmt;

use crate::Finding;

/// Why the sandbox refused a request: an error code of the standards (RFC 6749 sections
/// 4.1.2.1 and 5.2, RFC 6750 section 3.1) or of the sandbox, and what to do. A description
/// never repeats a secret, token, code or verifier.
#[derive(Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The error code, such as `invalid_grant`.
    pub error: &'static str,
    /// What was wrong and how to correct it, in the characters that RFC 6749 allows.
    pub description: String,
    /// The callback URL with the error, if it is safe to redirect the person to it
    /// (RFC 6749 section 4.1.2.1).
    pub redirect: Option<String>,
    /// The finding, if the request came from a service. Its page says more.
    pub finding: Option<Finding>,
}

impl Refusal {
    /// A refusal of a service's request. Characters that an `error_description` must not
    /// contain (RFC 6749 appendix A.8) become `?`.
    pub(crate) fn new(error: &'static str, finding: Finding, description: impl AsRef<str>) -> Self {
        Refusal {
            finding: Some(finding),
            ..Refusal::own(error, description)
        }
    }

    /// A refusal by the sandbox's own pages and API, which is not a finding.
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

    /// The URL of the finding's page in the sandbox at the base URL `url`: the `error_uri` of
    /// RFC 6749 sections 4.1.2.1 and 5.2.
    pub(crate) fn page(&self, url: &str) -> Option<String> {
        let finding = self.finding?;
        Some(format!("{url}/findings/{finding}"))
    }

    /// The same refusal; it remains a finding only if the service caused it.
    pub(crate) fn finding_if(self, service: bool) -> Self {
        Refusal {
            finding: self.finding.filter(|_| service),
            ..self
        }
    }

    /// `invalid_request` at the sandbox's own API.
    pub(crate) fn bad(description: impl AsRef<str>) -> Self {
        Refusal::own("invalid_request", description)
    }

    /// `invalid_request`: a parameter is missing, repeated or malformed.
    pub(crate) fn request(finding: Finding, description: impl AsRef<str>) -> Self {
        Refusal::new("invalid_request", finding, description)
    }

    /// `invalid_client`: the client is unknown or did not authenticate.
    pub(crate) fn client(finding: Finding, description: impl AsRef<str>) -> Self {
        Refusal::new("invalid_client", finding, description)
    }

    /// `invalid_grant`: the code or the refresh token is not valid, or not for this request.
    pub(crate) fn grant(finding: Finding, description: impl AsRef<str>) -> Self {
        Refusal::new("invalid_grant", finding, description)
    }

    /// `invalid_scope`: the scope is malformed or more than the client may request.
    pub(crate) fn scope(description: impl AsRef<str>) -> Self {
        Refusal::new("invalid_scope", Finding::ScopeUnregistered, description)
    }

    /// `invalid_token`: the access token is not valid (RFC 6750 section 3.1).
    pub(crate) fn token(finding: Finding, description: impl AsRef<str>) -> Self {
        Refusal::new("invalid_token", finding, description)
    }
}

/// Without the query of `redirect`, which contains the state.
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
    fn debug_output_does_not_contain_the_state() {
        let refusal = Refusal {
            redirect: Some("https://a.example/cb?error=x&state=S3CRET".into()),
            ..Refusal::bad("wrong")
        };
        let shown = format!("{refusal:?}");
        assert!(!shown.contains("S3CRET"), "{shown}");
        assert!(shown.contains("https://a.example/cb?•"), "{shown}");
    }
}
