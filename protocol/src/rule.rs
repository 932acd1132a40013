//! The rules of the protocol that a server's answer can break.

/// A rule of the protocol that a server's answer broke. Nothing of the answer itself is
/// kept, since it may hold anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rule {
    /// Neither success nor an error that the protocol knows.
    #[error("status {0} is neither a success nor an OAuth error")]
    Status(u16),
    /// A redirect, which is never followed: it would carry tokens elsewhere.
    #[error(
        "status {0} is a redirect, and redirects are not followed; is the base URL the service's own?"
    )]
    Redirect(u16),
    /// The content type is not JSON.
    #[error("the content type is not application/json; a proxy or a login page may have answered")]
    ContentType,
    /// The body is in a content coding that was not asked for and is not decoded here (RFC 9110
    /// §8.4).
    #[error(
        "the body is compressed ({0}), which was not asked for; a proxy in front of the service \
         may do that, and must honour `Accept-Encoding`"
    )]
    ContentCoding(&'static str),
    /// There is no body.
    #[error("the body is empty")]
    EmptyBody,
    /// The body is not the JSON that was promised.
    #[error("the body is not valid JSON of the expected shape (broken at byte {0})")]
    Json(usize),
    /// The body is longer than [`MAX_BODY`](crate::http::MAX_BODY).
    #[error("the body is longer than 1 MiB")]
    TooLong,
    /// A field that the standard requires is missing or of another type.
    #[error("the field `{0}` is missing or has the wrong type")]
    Field(&'static str),
    /// The token type is not `bearer` (RFC 6749 §7.1: an unknown type must not be used).
    #[error("the token type is not `bearer`")]
    TokenType,
    /// The callback names another issuer (RFC 9207 §2.4): a mix-up, or an attack.
    #[error("the callback does not come from the issuer that this login was started at")]
    Issuer,
    /// A backend names no URL to open, neither in `Location` nor in JSON.
    #[error("the answer names no authorization URL, neither in `Location` nor in its JSON")]
    NoLocation,
    /// What a backend wants opened is no authorization URL: not absolute, not http or https,
    /// with a user name, a fragment, a parameter twice, or not readable by RFC 3986.
    #[error("the URL to open is not an absolute https URL without user name and fragment")]
    Location,
    /// A backend wants something opened that is not the provider's.
    #[error("the URL to open is not on the provider's own scheme, host and port")]
    LocationHost,
    /// A backend has the provider answer to another app.
    #[error("the URL to open has another `redirect_uri` than this app's")]
    LocationRedirectUri,
    /// The `state` is missing or empty, or not the one that the backend says beside it.
    #[error("the URL to open has no `state`, or not the one that the backend names beside it")]
    LocationState,
    /// A backend set no cookie by which it would know this login again.
    #[error("the answer set no cookie that would be sent back with the callback")]
    NoCookie,
    /// The ID token does not repeat the `nonce` that was sent (OpenID Connect Core §3.1.3.7): it
    /// is of another login.
    #[error("the ID token does not repeat the `nonce` of this login, and may be of another one")]
    Nonce,
    /// The token or resource answer belongs to somebody else.
    #[error("the answer is about another subject than the one that logged in")]
    Subject,
}

impl Rule {
    /// The stable name of this rule, as `docs/errors.md` lists it: for a program, a log or a
    /// report. It holds no value of the rule.
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
            Self::Subject => "Subject",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::vec::Vec;

    /// Every rule. A rule that is missing here does not compile.
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
                Rule::Nonce => Rule::Subject,
                Rule::Subject => return None,
            })
        })
    }

    #[test]
    fn every_rule_has_a_unique_documented_name() {
        let page = include_str!("../../docs/errors.md");
        let mut names: Vec<_> = every_rule().map(|rule| rule.name()).collect();
        for name in &names {
            assert!(page.contains(&format!("\n| `{name}` |")), "{name}");
        }
        let rules = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), rules);
    }
}
