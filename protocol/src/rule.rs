//! The rules of the protocol that a server's answer can break.
//!
//! Before you change this: the names are an interface for programs and never change. A rule has no
//! text of the answer, because the text may have a secret. Which status breaks which rule is in
//! [`status`](mod@crate::status).

/// A rule of the protocol that a server's answer broke. It has no text of the answer, because the
/// text may have a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rule {
    /// The status is neither a success nor an error of the protocol.
    #[error("status {0} is neither a success nor an OAuth error")]
    Status(u16),
    /// The answer is a redirect. Redirects are never followed, because they would send tokens to
    /// another server.
    #[error(
        "status {0} is a redirect, and redirects are not followed; check that the base URL is the \
         service's own"
    )]
    Redirect(u16),
    /// The content type is not JSON; that of a signature is not `application/jose`.
    #[error(
        "the content type is not application/json (application/jose for a signature); a proxy or a \
         login page may have answered"
    )]
    ContentType,
    /// The body has a content coding that the request did not allow (RFC 9110 §8.4).
    #[error(
        "the body is compressed ({0}), although the request did not allow it; configure the proxy \
         in front of the service to respect `Accept-Encoding`"
    )]
    ContentCoding(&'static str),
    /// There is no body.
    #[error("the body is empty")]
    EmptyBody,
    /// The body is not valid JSON, or does not have the structure that the standard requires.
    #[error("the body is not valid JSON of the expected shape (broken at byte {0})")]
    Json(usize),
    /// The body is longer than [`MAX_BODY`](crate::http::MAX_BODY).
    #[error("the body is longer than 1 MiB")]
    TooLong,
    /// A required field is missing or has the wrong type.
    #[error("the field `{0}` is missing or has the wrong type")]
    Field(&'static str),
    /// The token type is not `bearer` (RFC 6749 §7.1: an unknown type must not be used).
    #[error("the token type is not `bearer`")]
    TokenType,
    /// The callback does not name the configured issuer (RFC 9207 §2.4): a mix-up or an attack.
    #[error("the callback does not name the issuer that this login was started with")]
    Issuer,
    /// The backend's answer has no URL to open, neither in `Location` nor in JSON.
    #[error("the answer has no authorization URL, neither in `Location` nor in its JSON")]
    NoLocation,
    /// The backend's URL is not an authorization URL: it is not absolute, not http or https, has a
    /// user name, a fragment or a parameter twice, or does not follow RFC 3986.
    #[error("the URL to open is not an absolute https URL without user name and fragment")]
    Location,
    /// The backend's URL is not on the provider's origin.
    #[error("the URL to open does not have the provider's scheme, host and port")]
    LocationHost,
    /// The `redirect_uri` in the backend's URL leads to another app.
    #[error("the `redirect_uri` in the URL to open is not this app's")]
    LocationRedirectUri,
    /// The `state` is missing, empty, or differs from the one in the backend's JSON.
    #[error("the URL to open has no `state`, or one that differs from the backend's JSON")]
    LocationState,
    /// The backend set no cookie that belongs to the callback, so it would not recognise the
    /// login.
    #[error("the answer set no cookie that would be sent back with the callback")]
    NoCookie,
    /// The ID token does not repeat the `nonce` of the request (OpenID Connect Core §3.1.3.7), so
    /// it may belong to another login.
    #[error("the ID token does not repeat the `nonce` of this login; it may be of another login")]
    Nonce,
    /// The signature is not a JWS in compact serialization with a detached payload (RFC 7515 §7.1
    /// and appendix F).
    #[error("the body is not a detached signature in compact serialization (RFC 7515)")]
    Signature,
    /// The answer is about another person.
    #[error("the answer is not about the person who logged in: its subject differs")]
    Subject,
}

impl Rule {
    /// The stable name of this rule, without its value: for programs and logs. `docs/reference/errors.md`
    /// lists all names.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Status(_) => "Status",
            Self::Redirect(_) => "Redirect",
            Self::ContentType => "ContentType",
            Self::ContentCoding(_) => "ContentCoding",
            Self::EmptyBody => "EmptyBody",
            Self::Json(_) => "Json",
            Self::TooLong => "TooLong",
            Self::Field(_) => "Field",
            Self::TokenType => "TokenType",
            Self::Issuer => "Issuer",
            Self::NoLocation => "NoLocation",
            Self::Location => "Location",
            Self::LocationHost => "LocationHost",
            Self::LocationRedirectUri => "LocationRedirectUri",
            Self::LocationState => "LocationState",
            Self::NoCookie => "NoCookie",
            Self::Nonce => "Nonce",
            Self::Signature => "Signature",
            Self::Subject => "Subject",
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use alloc::format;
    use alloc::vec::Vec;

    /// The page that explains every error and every rule.
    pub(crate) const ERRORS_PAGE: &str = include_str!("../../docs/reference/errors.md");

    /// Every rule. If one is missing here, this does not compile.
    fn every_rule() -> impl Iterator<Item = Rule> {
        core::iter::successors(Some(Rule::Status(500)), |rule| {
            Some(match rule {
                Rule::Status(_) => Rule::Redirect(302),
                Rule::Redirect(_) => Rule::ContentType,
                Rule::ContentType => Rule::ContentCoding("br"),
                Rule::ContentCoding(_) => Rule::EmptyBody,
                Rule::EmptyBody => Rule::Json(7),
                Rule::Json(_) => Rule::TooLong,
                Rule::TooLong => Rule::Field("sub"),
                Rule::Field(_) => Rule::TokenType,
                Rule::TokenType => Rule::Issuer,
                Rule::Issuer => Rule::NoLocation,
                Rule::NoLocation => Rule::Location,
                Rule::Location => Rule::LocationHost,
                Rule::LocationHost => Rule::LocationRedirectUri,
                Rule::LocationRedirectUri => Rule::LocationState,
                Rule::LocationState => Rule::NoCookie,
                Rule::NoCookie => Rule::Nonce,
                Rule::Nonce => Rule::Signature,
                Rule::Signature => Rule::Subject,
                Rule::Subject => return None,
            })
        })
    }

    #[test]
    fn every_rule_has_a_unique_documented_name() {
        let mut names: Vec<_> = every_rule().map(|rule| rule.name()).collect();
        for name in &names {
            assert!(ERRORS_PAGE.contains(&format!("\n| `{name}` |")), "{name}");
        }
        let rules = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), rules);
    }
}
