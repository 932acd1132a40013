//! What the service's own code shows in place of a session.

use std::fmt;
use std::sync::Arc;

use axum::http::{HeaderMap, header};
use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};

use super::request::bearer;

/// Shorter keys can be guessed.
const MIN_LENGTH: usize = 32;

/// The keys that the service's own code shows as a bearer token (RFC 6750), to read the data of
/// people who are not there. Each of them is good: while one is replaced, both are there.
///
/// They are kept as hashes.
#[derive(Clone)]
pub struct ApiKeys(Arc<[[u8; 32]]>);

/// Why there are no keys. No key is repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApiKeysError {
    /// There is none.
    #[error("there is no key: write at least one, one a line")]
    None,
    /// One cannot be sent as a bearer token.
    #[error(
        "the key in line {line} has a character that a bearer token cannot have: write letters, \
         digits and - . _ ~ + / =, and one key a line"
    )]
    NotAToken {
        /// Counted from 1.
        line: usize,
    },
    /// One can be guessed.
    #[error(
        "the key in line {line} has fewer than 32 characters, and could be guessed: make one with \
         `switchback serve --new-key` or `openssl rand -base64 32`"
    )]
    Short {
        /// Counted from 1.
        line: usize,
    },
}

/// Why a request does not come from the service's own code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallerRejected {
    /// No key was presented.
    NoKey,
    /// What was presented is no key.
    WrongKey,
    /// A browser sent it: with a key, whoever opens that page has the key.
    Browser { with_key: bool },
}

impl ApiKeys {
    /// Reads keys, one a line. Empty lines, and those that begin with `#`, are passed over.
    ///
    /// # Errors
    /// Where there is none, or one is no key. Nothing of it is said.
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

    /// Whether these headers are sent by whoever has a key, and by no browser. A cookie says
    /// nothing, and neither does a session's token.
    pub(super) fn admit(&self, headers: &HeaderMap) -> Result<(), CallerRejected> {
        let mut tokens = headers
            .get_all(header::AUTHORIZATION)
            .iter()
            .filter_map(|value| bearer(value.as_bytes()));
        let admitted = match (tokens.next(), tokens.next()) {
            (None, _) => Err(CallerRejected::NoKey),
            (Some(token), None) if self.has(token) => Ok(()),
            (Some(_), _) => Err(CallerRejected::WrongKey),
        };
        // Browsers send one of them with each request that a page makes with this method (Fetch
        // section 3.1; Fetch Metadata).
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

    /// Compares with each of them in a time that says nothing.
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

/// RFC 6750 section 2.1: `b64token`.
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
        // Node's own `fetch` sends this one.
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
