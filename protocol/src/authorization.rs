//! The authorization request: the URL that the app opens for the person.
//!
//! RFC 6749 §4.1.1 with PKCE (RFC 7636, `S256` only). [`AuthorizationRequest::url`] first refuses
//! invalid scope tokens, and extra parameters that would replace one of the protocol.
//!
//! Before you change this: the URL passes through browsers, other apps and logs. Its only secrets
//! are `state` and `nonce`, which are worth nothing without the stored attempt.

use alloc::collections::BTreeMap;
use alloc::string::String;

use crate::secret::Fingerprint;
use crate::{Purpose, Registration, form};

/// Parameters that a caller may not add, in alphabetical order. Some would override a checked
/// value (`redirect_uri`, `state`), `response_mode` would move the answer out of the query, and
/// some would put a secret into a URL.
pub const RESERVED_PARAMETERS: [&str; 19] = [
    "assertion",
    "client_assertion",
    "client_assertion_type",
    "client_id",
    "client_secret",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "grant_type",
    "nonce",
    "redirect_uri",
    "refresh_token",
    "request",
    "request_uri",
    "response_mode",
    "response_type",
    "scope",
    "state",
];

/// Why an authorization request was not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorizationError {
    /// The provider does not offer this purpose.
    #[error("{provider} does not offer the purpose {purpose}: choose another one")]
    Purpose {
        /// The provider's name.
        provider: String,
        /// The requested purpose.
        purpose: Purpose,
    },
    /// An extra parameter is one of [`RESERVED_PARAMETERS`].
    #[error(
        "the extra parameter {0:?} belongs to the protocol: remove it from `extra`; Switchback \
         sets it itself or must not send it"
    )]
    ReservedParameter(String),
    /// An extra parameter has no name.
    #[error("an extra parameter has an empty name: remove it from `extra`")]
    UnnamedParameter,
    /// The purpose is [`Purpose::Signing`], and the request does not say what the person signs.
    #[error(
        "the request does not say what the person signs: use `LoginRequest::signing` with a \
         document's digest"
    )]
    NothingToSign,
    /// A text of the request for a signature has a control character (RFC 6749 appendix A).
    #[error(
        "the {0} of the request for a signature has a control character, such as a line break: \
         write it on one line"
    )]
    ControlCharacter(&'static str),
    /// A scope token is empty, or has a character that RFC 6749 §3.3 forbids.
    #[error(
        "the scope {0:?} is not a scope token: write each data point as a separate entry, without \
         spaces, quotes or backslashes (RFC 6749 section 3.3)"
    )]
    Scope(String),
}

/// The part of the URL that differs between logins. The [`Registration`] has the rest. The values
/// are not encoded yet.
///
/// ```
/// use switchback_protocol::authorization::AuthorizationRequest;
/// use switchback_protocol::{Environment, Provider, Purpose, Random, Registration};
///
/// let (provider, redirect_uri) = (Provider::truid(), "https://example.com/cb");
/// let registration =
///     Registration::new(provider, "abcdef", redirect_uri, Environment::Production)?;
/// let (state, verifier) = (Random::new(&[1; 32]), Random::new(&[2; 32]));
/// let url = AuthorizationRequest {
///     purpose: Purpose::Login,
///     scope: &["truid.app/data-point/email"],
///     state: state.as_str(),
///     code_verifier: verifier.as_str(),
///     nonce: None,
///     extra: &Default::default(),
/// }
/// .url(&registration)?;
/// assert!(url.starts_with("https://api.truid.app/oauth2/v1/authorize/login-session?response_type=code"));
/// assert!(url.contains("&code_challenge_method=S256"));
/// assert!(!url.contains(verifier.as_str()));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub struct AuthorizationRequest<'a, S: AsRef<str> = &'a str> {
    /// The purpose decides the authorization endpoint.
    pub purpose: Purpose,
    /// The scope tokens. If there are none, no `scope` is sent (RFC 6749 §3.3).
    pub scope: &'a [S],
    /// A random value of at least 256 bits, used for this attempt only.
    pub state: &'a str,
    /// The PKCE verifier. The URL has its `S256` challenge.
    pub code_verifier: &'a str,
    /// Binds an ID token to this attempt (OpenID Connect Core §3.1.2.1).
    pub nonce: Option<&'a str>,
    /// More parameters, without [`RESERVED_PARAMETERS`].
    pub extra: &'a BTreeMap<String, String>,
}

impl<S: AsRef<str>> AuthorizationRequest<'_, S> {
    /// Checks purpose, scope and extra parameters, and returns the URL.
    pub fn url(&self, registration: &Registration) -> Result<String, AuthorizationError> {
        let provider = registration.provider();
        let path = provider.authorization_path(self.purpose).ok_or_else(|| {
            AuthorizationError::Purpose {
                provider: provider.name().into(),
                purpose: self.purpose,
            }
        })?;
        check_scope(self.scope)?;
        check_extra(self.extra)?;

        let mut url = String::with_capacity(self.capacity(registration, path));
        url.push_str(provider.base_url());
        url.push_str(path);
        url.push_str(registration.authorization_query());
        let redirect_uri = registration.redirect_uris().of(self.purpose);
        form::push(&mut url, "&", "redirect_uri", redirect_uri.as_str());
        if let Some((first, rest)) = self.scope.split_first() {
            form::push(&mut url, "&", "scope", first.as_ref());
            for token in rest {
                form::push_more(&mut url, "%20", token.as_ref());
            }
        }
        form::push(&mut url, "&", "state", self.state);
        // base64url needs no percent-encoding.
        url.push_str("&code_challenge=");
        url.push_str(Fingerprint::of(self.code_verifier).as_str());
        url.push_str("&code_challenge_method=S256");
        if let Some(nonce) = self.nonce {
            form::push(&mut url, "&", "nonce", nonce);
        }
        for (name, value) in self.extra {
            form::push(&mut url, "&", name, value);
        }
        Ok(url)
    }

    /// Bytes to reserve for the URL: 120 for names and challenge, and one and a half times the
    /// length of each value that may need encoding.
    fn capacity(&self, registration: &Registration, path: &str) -> usize {
        let base = registration.provider().base_url().len() + path.len();
        let scope: usize = self.scope.iter().map(|s| s.as_ref().len() + 6).sum();
        let extra: usize = self.extra.iter().map(|(n, v)| n.len() + v.len() + 2).sum();
        let redirect_uri = registration.redirect_uris().of(self.purpose);
        let encoded = scope + extra + redirect_uri.as_str().len();
        let plain = registration.authorization_query().len()
            + self.state.len()
            + self.nonce.map_or(0, str::len);
        120 + base + plain + encoded + encoded / 2
    }
}

/// Refuses a scope token that is not `1*( %x21 / %x23-5B / %x5D-7E )` (RFC 6749 §3.3).
pub fn check_scope(scope: &[impl AsRef<str>]) -> Result<(), AuthorizationError> {
    let is_token = |token: &str| {
        !token.is_empty()
            && token
                .bytes()
                .all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
    };
    match scope.iter().find(|token| !is_token(token.as_ref())) {
        Some(wrong) => Err(AuthorizationError::Scope(wrong.as_ref().into())),
        None => Ok(()),
    }
}

/// Refuses [`RESERVED_PARAMETERS`] and empty names.
pub fn check_extra(extra: &BTreeMap<String, String>) -> Result<(), AuthorizationError> {
    for name in extra.keys() {
        if name.is_empty() {
            return Err(AuthorizationError::UnnamedParameter);
        }
        if RESERVED_PARAMETERS.binary_search(&name.as_str()).is_ok() {
            return Err(AuthorizationError::ReservedParameter(name.clone()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Environment, Provider};
    use alloc::vec;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn request<'a>(
        scope: &'a [String],
        extra: &'a BTreeMap<String, String>,
    ) -> AuthorizationRequest<'a, String> {
        AuthorizationRequest {
            purpose: Purpose::Login,
            scope,
            state: "st",
            code_verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            nonce: Some("n"),
            extra,
        }
    }

    fn url(
        scope: &[String],
        extra: &BTreeMap<String, String>,
    ) -> Result<String, AuthorizationError> {
        request(scope, extra).url(&registration("a b&c"))
    }

    fn registration(client_id: &str) -> Registration {
        let truid = Provider::truid().with_base_url("https://id.example");
        Registration::new(
            truid,
            client_id,
            "https://app.example/cb",
            Environment::Production,
        )
        .unwrap()
    }

    #[test]
    fn the_url_has_all_parameters() {
        let extra = BTreeMap::from([("ui_locales".into(), "sv en".into())]);
        let scope = vec!["x/y".into(), "z".into()];
        assert_eq!(
            url(&scope, &extra).unwrap(),
            "https://id.example/oauth2/v1/authorize/login-session?response_type=code\
             &client_id=a%20b%26c&redirect_uri=https%3A%2F%2Fapp.example%2Fcb\
             &scope=x%2Fy%20z&state=st\
             &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM\
             &code_challenge_method=S256&nonce=n&ui_locales=sv%20en"
        );
    }

    #[test]
    fn the_protocols_own_parameters_cannot_be_overridden() {
        assert!(RESERVED_PARAMETERS.is_sorted());
        for name in RESERVED_PARAMETERS {
            let extra = BTreeMap::from([(name.into(), "x".into())]);
            assert_eq!(
                url(&[], &extra),
                Err(AuthorizationError::ReservedParameter(name.into()))
            );
        }
        let extra = BTreeMap::from([(String::new(), "x".into())]);
        assert_eq!(url(&[], &extra), Err(AuthorizationError::UnnamedParameter));
    }

    #[test]
    fn a_scope_token_has_no_space_quote_or_backslash() {
        for wrong in ["", "a b", "a\"b", "a\\b", "å", "a\n"] {
            let scope = [String::from(wrong)];
            assert_eq!(
                url(&scope, &BTreeMap::new()),
                Err(AuthorizationError::Scope(wrong.into())),
            );
        }
    }

    #[test]
    fn an_empty_scope_is_not_sent() {
        let url = url(&[], &BTreeMap::new()).unwrap();
        assert!(!url.contains("scope"));
    }

    proptest! {
        #[test]
        fn every_url_parameter_is_decoded_unchanged(
            client_id in "[^\\s].*",
            scope in prop::collection::vec("[!#-\\[\\]-~]{1,20}", 1..5),
            value in ".*",
        ) {
            let extra = BTreeMap::from([("x".into(), value.clone())]);
            let url = request(&scope, &extra).url(&registration(&client_id)).unwrap();
            let query = url.split_once('?').unwrap().1;
            let pairs: Vec<_> = form::read(query).map(|p| p.unwrap()).collect();
            let get = |name: &str| &*pairs.iter().find(|p| p.0 == name).unwrap().1;
            prop_assert_eq!(get("client_id"), &*client_id);
            prop_assert_eq!(get("scope"), scope.join(" "));
            prop_assert_eq!(get("x"), &*value);
        }
    }
}
