//! Reads a callback: the URL that the provider opens at the end of the authorization request
//! (RFC 6749 §4.1.2 for a code, §4.1.2.1 for an error, RFC 9207 for `iss`).
//!
//! | parameters | result of [`read`] |
//! |---|---|
//! | `code` and `state` | [`Answer::Code`] |
//! | `error=access_denied` and `state` | [`Answer::Declined`] |
//! | another `error` and `state` | [`Answer::Refused`] |
//! | anything else at our redirect URI | [`MalformedLink`] |
//! | a URL that does not match our redirect URI | `None` |
//!
//! Before you change it: any app and any web page can make the phone open such a URL. Nothing in
//! it is trustworthy until [`Attempt::matches`](crate::attempt::Attempt::matches) has compared
//! `state` with the one of an attempt. This module only reads; the attempt compares `iss` with
//! the configured issuer.

use alloc::borrow::Cow;
use alloc::string::String;

use crate::form::{self, Unreadable};
use crate::{OAuthError, RedirectUri, Secret};

/// The longest URL that is read, in bytes: 16 KiB.
pub const MAX_URL: usize = 16 << 10;

/// A well-formed callback at our redirect URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    /// The redirect URI, in its registered spelling.
    pub redirect_uri: String,
    /// The `state` of the attempt that the callback claims to answer.
    pub state: Secret,
    /// The issuer that the callback names (`iss`, RFC 9207 §2).
    pub issuer: Option<String>,
    /// A code or an error.
    pub answer: Answer,
}

/// The result of the authorization request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The person approved. The code expires soon (RFC 6749 §4.1.2 recommends 10 minutes at
    /// most): exchange it immediately.
    Code(Secret),
    /// The person declined (`access_denied`).
    Declined,
    /// The provider refused for another reason.
    Refused(OAuthError),
}

/// Why a URL at our redirect URI is not a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MalformedLink {
    /// Longer than [`MAX_URL`].
    #[error("the callback is longer than 16 KiB")]
    TooLong,
    /// One of `code`, `state`, `iss` and `error` has a character that a query must not have, or
    /// a `%` without two hexadecimal digits.
    #[error("`code`, `state`, `iss` or `error` of the callback has a broken percent-encoding")]
    Encoding,
    /// One of `code`, `state`, `iss` and `error` is not UTF-8.
    #[error("`code`, `state`, `iss` or `error` of the callback is not UTF-8")]
    NotUtf8,
    /// One of `code`, `state`, `iss` and `error` occurs twice (RFC 6749 §3.1 forbids it).
    #[error("`code`, `state`, `iss` or `error` occurs twice in the callback")]
    Twice,
    /// `code` and `error` together.
    #[error("the callback has both `code` and `error`")]
    CodeAndError,
    /// Neither `code` nor `error`.
    #[error("the callback has neither `code` nor `error`")]
    NoAnswer,
    /// No `state`, or an empty one.
    #[error("the callback has no `state`")]
    NoState,
    /// The parameters are after a `#`: not the response mode that was requested.
    #[error("the callback's parameters are in the fragment, not in the query")]
    Fragment,
}

/// Reads a URL that the operating system opened the app with. `None`: the URL does not match our
/// redirect URI, so it is not a callback.
///
/// ```
/// use switchback_protocol::{Environment, RedirectUri, callback};
///
/// let ours = RedirectUri::new("https://example.com/cb", Environment::Production)?;
/// let read = callback::read("https://EXAMPLE.com:443/cb?code=c&state=s", &ours);
/// assert!(matches!(read, Ok(Some(_))));
/// let read = callback::read("https://example.com.evil/cb?code=c&state=s", &ours);
/// assert_eq!(read, Ok(None));
/// # Ok::<_, switchback_protocol::RegistrationError>(())
/// ```
pub fn read(url: &str, ours: &RedirectUri) -> Result<Option<Callback>, MalformedLink> {
    if !ours.matches(url) {
        return Ok(None);
    }
    if url.len() > MAX_URL {
        return Err(MalformedLink::TooLong);
    }
    let (before_fragment, fragment) = match url.split_once('#') {
        Some((before, fragment)) => (before, Some(fragment)),
        None => (url, None),
    };
    let query = before_fragment
        .split_once('?')
        .map_or("", |(_, query)| query);
    match Parameters::read(query)?.into_callback(ours) {
        // Browsers leave fragments such as `#_=_` beside a valid query, which are ignored.
        // Parameters in the fragment alone came by another response mode.
        Err(MalformedLink::NoAnswer) if fragment.is_some_and(|f| f.contains('=')) => {
            Err(MalformedLink::Fragment)
        }
        other => other.map(Some),
    }
}

/// The known parameters of a callback.
///
/// The first four decide the result, and may occur once each. Unknown parameters are ignored
/// (RFC 6749 §4.1.2), with any encoding and any number of times, and so is a description that
/// cannot be decoded.
#[derive(Default)]
struct Parameters<'a> {
    code: Option<Cow<'a, str>>,
    state: Option<Cow<'a, str>>,
    iss: Option<Cow<'a, str>>,
    error: Option<Cow<'a, str>>,
    error_description: Option<Cow<'a, str>>,
}

impl<'a> Parameters<'a> {
    fn read(query: &'a str) -> Result<Self, MalformedLink> {
        let mut all = Self::default();
        for (name, value) in form::pairs(query) {
            // A name that cannot be decoded is an unknown one.
            let Ok(name) = form::decode(name) else {
                continue;
            };
            let slot = match &*name {
                "code" => &mut all.code,
                "state" => &mut all.state,
                "iss" => &mut all.iss,
                "error" => &mut all.error,
                "error_description" => {
                    all.error_description = all.error_description.or(form::decode(value).ok());
                    continue;
                }
                _ => continue,
            };
            if slot.replace(form::decode(value)?).is_some() {
                return Err(MalformedLink::Twice);
            }
        }
        Ok(all)
    }

    fn into_callback(self, ours: &RedirectUri) -> Result<Callback, MalformedLink> {
        let given = |text: Option<Cow<'a, str>>| text.filter(|text| !text.is_empty());
        let (code, error) = (given(self.code), given(self.error));
        let state = given(self.state);
        let answer = match (code, error) {
            (Some(_), Some(_)) => return Err(MalformedLink::CodeAndError),
            (None, None) => return Err(MalformedLink::NoAnswer),
            (Some(code), None) => Answer::Code(Secret::from(&*code)),
            (None, Some(error)) if error == "access_denied" => Answer::Declined,
            (None, Some(error)) => Answer::Refused(OAuthError::new(
                &error,
                self.error_description.as_deref(),
                state.as_deref().as_slice(),
            )),
        };
        Ok(Callback {
            redirect_uri: ours.as_str().into(),
            state: Secret::from(&*state.ok_or(MalformedLink::NoState)?),
            issuer: given(self.iss).map(Cow::into_owned),
            answer,
        })
    }
}

impl From<Unreadable> for MalformedLink {
    fn from(why: Unreadable) -> Self {
        match why {
            Unreadable::Encoding => Self::Encoding,
            Unreadable::Utf8 => Self::NotUtf8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Environment;
    use alloc::format;
    use proptest::prelude::*;

    fn ours() -> RedirectUri {
        RedirectUri::new("https://example.com/cb", Environment::Production).unwrap()
    }

    // More cases are in tests/vectors/callback.json, for every language.

    #[test]
    fn an_error_description_does_not_repeat_the_state() {
        let url =
            "https://example.com/cb?error=server_error&error_description=no+s3cret&state=s3cret";
        let callback = read(url, &ours()).unwrap().unwrap();
        let Answer::Refused(error) = callback.answer else {
            panic!("not a refusal")
        };
        assert_eq!(format!("{error}"), "server_error (no [redacted])");
    }

    #[test]
    fn a_fragment_beside_a_valid_query_is_ignored() {
        let url = "https://example.com/cb?code=c&state=s#_=_";
        assert!(read(url, &ours()).unwrap().is_some());
        let url = "https://example.com/cb#code=c&state=s";
        assert_eq!(read(url, &ours()), Err(MalformedLink::Fragment));
    }

    #[test]
    fn a_url_longer_than_the_limit_is_refused() {
        let long = format!(
            "https://example.com/cb?code=c&state={}",
            "s".repeat(MAX_URL)
        );
        assert_eq!(read(&long, &ours()), Err(MalformedLink::TooLong));
        let exact = format!(
            "https://example.com/cb?code=c&state={}",
            "s".repeat(MAX_URL - 36)
        );
        assert_eq!(exact.len(), MAX_URL);
        assert!(read(&exact, &ours()).is_ok());
    }

    proptest! {
        #[test]
        fn every_parameter_is_decoded_unchanged(code in ".+", state in ".+", iss: String) {
            let query = form::body(&[("code", &code), ("state", &state), ("iss", &iss)]);
            let url = format!("https://example.com/cb?{query}");
            prop_assume!(url.len() <= MAX_URL);
            let callback = read(&url, &ours()).unwrap().unwrap();
            prop_assert!(callback.state.is(&state));
            prop_assert_eq!(callback.answer, Answer::Code(Secret::from(&*code)));
            let named = Some(iss).filter(|iss| !iss.is_empty());
            prop_assert_eq!(callback.issuer, named);
        }

        #[test]
        fn other_query_parameters_change_nothing(
            before in "[a-z%&=+ÿ \\u{0}]{0,40}",
            after in "([a-z%&=+ÿ;]|%[0-9a-f]{2}){0,40}",
        ) {
            let good = format!("x={before}&code=c&state=s&utm_{after}");
            let decides = |name: &str| ["code", "state", "iss", "error"].contains(&name);
            let all = form::pairs(&good).filter_map(|(name, _)| form::decode(name).ok());
            prop_assume!(all.filter(|name| decides(name)).count() == 2);
            let callback = read(&format!("https://example.com/cb?{good}"), &ours());
            let callback = callback.unwrap().unwrap();
            prop_assert!(callback.state.is("s"));
            prop_assert_eq!(callback.answer, Answer::Code("c".into()));
        }

        #[test]
        fn no_url_makes_the_reader_panic(query: String) {
            let _ = read(&format!("https://example.com/cb{query}"), &ours());
            let _ = read(&format!("https://example.com/cb?{query}"), &ours());
        }
    }
}
