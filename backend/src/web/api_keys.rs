//! The keys of the service's own code, which has no session.

use std::fmt;
use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};

use super::request::bearer;
use super::{WebState, response};

/// Shorter keys can be guessed.
const MIN_LENGTH: usize = 32;

/// The keys that the service's own code sends as a bearer token (RFC 6750), to read the data of
/// onboarded people who are not logged in, and to have documents signed. Every key is valid: to replace one, configure the old
/// and the new key together. Only hashes of the keys are kept in memory.
#[derive(Clone)]
pub struct ApiKeys(Arc<[[u8; 32]]>);

/// Why API keys cannot be read. No error holds a part of a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApiKeysError {
    /// The text has no key.
    #[error("there is no key: write at least one, one key per line")]
    None,
    /// A key cannot be sent as a bearer token.
    #[error(
        "the key in line {line} has a character that is not allowed in a bearer token: write \
         letters, digits and - . _ ~ + / =, and one key per line"
    )]
    NotAToken {
        /// The line of the key, counted from 1.
        line: usize,
    },
    /// A key is short enough to be guessed.
    #[error(
        "the key in line {line} has fewer than 32 characters, and could be guessed: make one with \
         `switchback serve --new-key` or `openssl rand -base64 32`"
    )]
    Short {
        /// The line of the key, counted from 1.
        line: usize,
    },
}

/// The log event for a key in a browser, where it is not a secret any more.
const KEY_IN_BROWSER: &str = "service.key-in-browser";

/// Accepts a request of the service's own code only.
///
/// # Errors
/// The response to every other request.
pub(super) fn admit(state: &WebState, headers: &HeaderMap) -> Result<(), Box<Response>> {
    let keys = state.web.api_keys.as_ref();
    let admitted = keys.map_or(Err(CallerRejected::NoKey), |keys| keys.admit(headers));
    admitted.map_err(|why| Box::new(reject(why)))
}

fn reject(why: CallerRejected) -> Response {
    let reason = match why {
        CallerRejected::Browser { with_key } => {
            if with_key {
                tracing::error!(target: "switchback", event = KEY_IN_BROWSER);
            }
            return response::error(StatusCode::FORBIDDEN, "not_for_browsers");
        }
        CallerRejected::NoKey => "no_key",
        CallerRejected::WrongKey => "wrong_key",
    };
    let body = json!({ "error": "api_key_required", "reason": reason });
    let response = response::json(StatusCode::UNAUTHORIZED, body);
    response::with_header(response, header::WWW_AUTHENTICATE, Some(response::BEARER))
}

/// Why a request is not accepted as one of the service's own code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CallerRejected {
    /// The request has no key.
    NoKey,
    /// The key is wrong, or there are several.
    WrongKey,
    /// A browser sent the request. With a valid key, every visitor of that page has the key.
    Browser { with_key: bool },
}

impl ApiKeys {
    /// Reads keys, one per line. Empty lines and lines that begin with `#` are ignored.
    ///
    /// # Errors
    /// [`ApiKeysError`], with the line of the malformed key, and without its text.
    pub fn read(text: &str) -> Result<Self, ApiKeysError> {
        let mut keys = Vec::new();
        for (index, key) in text.lines().map(str::trim).enumerate() {
            if key.is_empty() || key.starts_with('#') {
                continue;
            }
            let line = index + 1;
            if !is_token(key) {
                return Err(ApiKeysError::NotAToken { line });
            }
            if key.len() < MIN_LENGTH {
                return Err(ApiKeysError::Short { line });
            }
            keys.push(hash(key.as_bytes()));
        }
        match keys.is_empty() {
            true => Err(ApiKeysError::None),
            false => Ok(Self(keys.into())),
        }
    }

    /// Checks that a request has exactly one valid key and does not come from a browser. Cookies
    /// and sessions' tokens do not count.
    fn admit(&self, headers: &HeaderMap) -> Result<(), CallerRejected> {
        let mut tokens = headers
            .get_all(header::AUTHORIZATION)
            .iter()
            .filter_map(|value| bearer(value.as_bytes()));
        let admitted = match (tokens.next(), tokens.next()) {
            (None, _) => Err(CallerRejected::NoKey),
            (Some(token), None) if self.has(token) => Ok(()),
            (Some(_), _) => Err(CallerRejected::WrongKey),
        };
        // Browsers send one of these headers with each POST of a page (Fetch section 3.1; Fetch
        // Metadata).
        let is_browser = ["origin", "sec-fetch-site"]
            .iter()
            .any(|name| headers.contains_key(*name));
        match is_browser {
            true => Err(CallerRejected::Browser {
                with_key: admitted.is_ok(),
            }),
            false => admitted,
        }
    }

    /// Compares with every key in constant time.
    fn has(&self, token: &[u8]) -> bool {
        let presented = hash(token);
        let none = Choice::from(0);
        let found = self
            .0
            .iter()
            .fold(none, |found, key| found | key.ct_eq(&presented));
        found.into()
    }
}

fn hash(key: &[u8]) -> [u8; 32] {
    Sha256::digest(key).into()
}

/// `b64token` (RFC 6750 section 2.1).
fn is_token(text: &str) -> bool {
    let token = text.trim_end_matches('=');
    let may_be = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
    !token.is_empty() && token.bytes().all(may_be)
}

impl fmt::Debug for ApiKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => f.write_str("1 API key"),
            many => write!(f, "{many} API keys"),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const ONE: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const OTHER: &str = "another-key_of~more.than+32/characters";

    fn headers(all: &[(&'static str, &[u8])]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in all {
            headers.append(*name, HeaderValue::from_bytes(value).unwrap());
        }
        headers
    }

    #[test]
    fn a_malformed_api_key_is_reported_by_its_line() {
        let keys = ApiKeys::read(&format!("# 2026\r\n{ONE}\r\n\n  {OTHER}  \n")).unwrap();
        assert_eq!(format!("{keys:?}"), "2 API keys");
        assert!(keys.has(ONE.as_bytes()) && keys.has(OTHER.as_bytes()));
        for none in ["", "\n\n", "# only words\n"] {
            assert_eq!(ApiKeys::read(none).unwrap_err(), ApiKeysError::None);
        }
        let line = |text: &str| ApiKeys::read(&format!("{ONE}\n{text}")).unwrap_err();
        for short in ["hunter2", &ONE[..31]] {
            assert_eq!(line(short), ApiKeysError::Short { line: 2 });
        }
        for bad in [
            "thirty-two characters and a space".to_owned(),
            format!("{ONE} {OTHER}"),
            format!("\"{OTHER}\""),
            format!("{OTHER}å"),
            format!("={OTHER}"),
            format!("{OTHER}\u{200b}"),
            "=".repeat(40),
        ] {
            let error = line(&bad);
            assert_eq!(error, ApiKeysError::NotAToken { line: 2 }, "{bad}");
            assert!(!error.to_string().contains(OTHER));
        }
    }

    #[test]
    fn only_one_exact_key_outside_a_browser_is_accepted() {
        let keys = ApiKeys::read(ONE).unwrap();
        let name = "authorization";
        let good = format!("bEARER  {ONE} ");
        let good = good.as_bytes();
        let admit = |all: &[(&'static str, &[u8])]| keys.admit(&headers(all));
        assert_eq!(admit(&[(name, good)]), Ok(()));
        assert_eq!(admit(&[(name, good), (name, b"Basic YTpi")]), Ok(()));
        let cookie = ("cookie", &b"__Host-switchback=a"[..]);
        // Node's own `fetch` sends this header.
        let mode = ("sec-fetch-mode", &b"cors"[..]);
        assert_eq!(admit(&[(name, good), cookie, mode]), Ok(()));

        let missing: &[&[(&'static str, &[u8])]] =
            &[&[], &[cookie], &[(name, b"Basic YTpi")], &[(name, b"")]];
        for all in missing {
            assert_eq!(admit(all), Err(CallerRejected::NoKey), "{all:?}");
        }
        let longer = [good, b"A"].concat();
        let wrong: &[&[(&'static str, &[u8])]] = &[
            &[(name, b"Bearer")],
            &[(name, b"Bearer ")],
            &[(name, b"Bearer =")],
            &[(name, b"Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")],
            &[(name, b"Bearer BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")],
            &[(name, b"Bearer \xff")],
            &[(name, &longer)],
            &[(name, good), (name, good)],
            &[(name, good), (name, b"Bearer x")],
        ];
        for all in wrong {
            assert_eq!(admit(all), Err(CallerRejected::WrongKey), "{all:?}");
        }
        for said in [
            ("origin", &b"https://service.example"[..]),
            ("origin", b"null"),
            ("origin", b""),
            ("sec-fetch-site", b"same-origin"),
            ("sec-fetch-site", b"none"),
        ] {
            let with_key = |with_key| Err(CallerRejected::Browser { with_key });
            assert_eq!(admit(&[(name, good), said]), with_key(true), "{said:?}");
            assert_eq!(admit(&[said, cookie]), with_key(false), "{said:?}");
        }
    }
}
