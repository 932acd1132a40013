//! The token endpoint: the request, and what the answer means.
//!
//! RFC 6749 §4.1.3 (code), §6 (refresh), §5.1 and §5.2 (answers). The client is a
//! public one: it sends its identifier and no secret.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::http::{self, Request, Response};
use crate::rule::Rule;
use crate::{OAuthError, Secret, form};

/// A lifetime longer than this is cut to it, in seconds: ten years.
const LONGEST_LIFETIME: i64 = 10 * 366 * 24 * 3600;

/// Asks for tokens with the code of a callback (RFC 6749 §4.1.3, RFC 7636 §4.5).
pub fn exchange(
    endpoint: &str,
    client_id: &str,
    redirect_uri: &str,
    code: &Secret,
    code_verifier: &Secret,
) -> Request {
    Request::post(
        endpoint,
        form::body(&[
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("redirect_uri", redirect_uri),
            ("client_id", client_id),
            ("code_verifier", code_verifier.expose()),
        ]),
    )
}

/// Asks for new tokens with a refresh token (RFC 6749 §6). The scope stays as granted. A
/// provider knows its clients by id; a backend has one app, and needs none.
pub fn refresh(endpoint: &str, client_id: Option<&str>, refresh_token: &Secret) -> Request {
    let client_id = client_id.map(|id| ("client_id", id));
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token.expose()),
    ];
    let form: Vec<_> = form.into_iter().chain(client_id).collect();
    Request::post(endpoint, form::body(&form))
}

/// Tells the service that a token is not needed any more (RFC 7009 §2.1). Of a refresh
/// token the whole grant ends with it.
pub fn revoke(endpoint: &str, client_id: &str, token: &Secret) -> Request {
    Request::post(
        endpoint,
        form::body(&[("token", token.expose()), ("client_id", client_id)]),
    )
}

/// Whether the token is worth nothing any more, by the answer to [`revoke`]: 200, also for
/// a token that the service does not know (RFC 7009 §2.2).
pub fn is_revoked(response: &Response) -> bool {
    response.status == 200
}

/// A good answer of the token endpoint (RFC 6749 §5.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenResponse {
    /// The token that opens the protected resources.
    pub access_token: Secret,
    /// Seconds for which it lives, counted from when the answer was made. `None` where
    /// the server did not say, or said something that is no number.
    pub expires_in: Option<i64>,
    /// The next refresh token; `None` where the server keeps the old one, or gives none.
    pub refresh_token: Option<Secret>,
    /// The scope that was granted, as it came: tokens with spaces between them. `None`
    /// where it is the one that was asked for.
    pub scope: Option<String>,
    /// An ID token, where one came: kept as it is, **not verified and not to be trusted**.
    pub id_token: Option<Secret>,
}

impl TokenResponse {
    /// The token to revoke where all of them are dropped: of a refresh token the whole grant
    /// ends with it (RFC 7009 §2.1).
    pub fn newest(&self) -> &Secret {
        self.refresh_token.as_ref().unwrap_or(&self.access_token)
    }
}

/// Why there are no tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenFailure {
    /// The server refused, in the protocol's own words (RFC 6749 §5.2).
    Refused(OAuthError),
    /// The server is not able to answer now, and says when it may be (429, or 503 with
    /// `Retry-After`).
    Busy {
        /// Seconds to wait, where it says so in seconds.
        retry_after: Option<u32>,
    },
    /// The server failed (5xx). It may have used up the code or refresh token first.
    Failed(u16),
    /// The answer breaks the protocol. The code or refresh token may be used up.
    Broken(Rule),
}

/// Reads the answer to [`exchange`] or [`refresh`]. `sent` holds the secrets of the
/// request, which are blacked out should the server repeat them.
pub fn read(response: &Response, sent: &[&Secret]) -> Result<TokenResponse, TokenFailure> {
    match response.status {
        400..=499 if response.status != 429 => Err(read_refusal(response, sent)),
        429 | 503 if response.status == 429 || response.header("retry-after").is_some() => {
            Err(TokenFailure::Busy {
                retry_after: response.retry_after(),
            })
        }
        status @ 500..=599 => Err(TokenFailure::Failed(status)),
        _ => http::json::<Answer>(response)
            .and_then(Answer::check)
            .map_err(TokenFailure::Broken),
    }
}

/// The answer as it stands, borrowed from the body: only what is kept is copied.
#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    access_token: Option<Text<'a>>,
    #[serde(borrow)]
    token_type: Option<Text<'a>>,
    #[serde(default)]
    expires_in: Seconds,
    #[serde(borrow)]
    refresh_token: Option<Text<'a>>,
    #[serde(default)]
    scope: Lenient,
    #[serde(default)]
    id_token: Lenient,
}

/// A text, or something else that is passed over: a field that is not needed is no
/// reason to lose the tokens beside it.
#[derive(Default)]
struct Lenient(Option<String>);

/// Makes serde borrow inside an `Option`, which it does not by itself.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Answer<'_> {
    fn check(self) -> Result<TokenResponse, Rule> {
        let secret = |text: Option<Text<'_>>| {
            text.filter(|Text(text)| !text.is_empty())
                .map(|Text(text)| match text {
                    Cow::Borrowed(text) => Secret::from(text),
                    Cow::Owned(text) => Secret::from(text),
                })
        };
        let token_type = self.token_type.ok_or(Rule::Field("token_type"))?.0;
        if !token_type.eq_ignore_ascii_case("bearer") {
            return Err(Rule::TokenType);
        }
        Ok(TokenResponse {
            access_token: secret(self.access_token)
                .filter(|token| token.expose().bytes().all(|b| matches!(b, 0x20..=0x7e)))
                .ok_or(Rule::Field("access_token"))?,
            expires_in: self.expires_in.0,
            refresh_token: secret(self.refresh_token),
            scope: self.scope.0,
            id_token: self.id_token.0.map(Secret::from),
        })
    }
}

/// `expires_in` as servers send it: a number, a number in quotes, a fraction, nothing.
/// What is no number is "not said": a lifetime that cannot be read is no reason to lose
/// a login.
#[derive(Default)]
struct Seconds(Option<i64>);

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let seconds = match from.deserialize_any(Scalar)? {
            Some(Value::Number(seconds)) => Some(seconds),
            Some(Value::Text(text)) => text.trim().parse().ok(),
            None => None,
        };
        Ok(Self(seconds.map(|s| s.clamp(0, LONGEST_LIFETIME))))
    }
}

impl<'de> Deserialize<'de> for Lenient {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(match from.deserialize_any(Scalar)? {
            Some(Value::Text(text)) => Some(text.into_owned()),
            _ => None,
        }))
    }
}

enum Value<'a> {
    Number(i64),
    Text(Cow<'a, str>),
}

/// Reads a number or a text, and passes over anything else.
struct Scalar;

impl<'de> Visitor<'de> for Scalar {
    type Value = Option<Value<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a text")
    }
    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        let seconds = i64::try_from(value).unwrap_or(i64::MAX);
        Ok(Some(Value::Number(seconds)))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Some(Value::Number(value)))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Some(Value::Number(value as i64)))
    }
    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Value::Text(Cow::Borrowed(value))))
    }
    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Some(Value::Text(Cow::Owned(value.into()))))
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

/// 4xx: an OAuth error where there is one, whatever the status and the content type say
/// (services answer 400, 401 and 403).
fn read_refusal(response: &Response, sent: &[&Secret]) -> TokenFailure {
    match OAuthError::read(response, sent) {
        Some(error) => TokenFailure::Refused(error),
        None if response.body.len() > http::MAX_BODY => TokenFailure::Broken(Rule::TooLong),
        None => TokenFailure::Broken(Rule::Status(response.status)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::vec;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn answer(status: u16, content_type: &str, body: &str) -> Response {
        Response {
            status,
            headers: vec![("content-type".into(), content_type.into())],
            body: body.into(),
        }
    }

    fn ok(body: &str) -> Result<TokenResponse, TokenFailure> {
        read(&answer(200, "application/json", body), &[])
    }

    #[test]
    fn truids_sample_is_read() {
        let tokens = ok(
            r#"{"access_token":"A","token_type":"bearer","expires_in":300,
            "refresh_token":"R","scope":"a b","more":{"x":[1]}}"#,
        )
        .unwrap();
        assert_eq!(tokens.access_token.expose(), "A");
        assert_eq!(tokens.refresh_token.unwrap().expose(), "R");
        assert_eq!(tokens.expires_in, Some(300));
        assert_eq!(tokens.scope.as_deref(), Some("a b"));
        assert_eq!(tokens.id_token, None);
    }

    #[test]
    fn expires_in_comes_in_many_shapes() {
        for (shape, seconds) in [
            ("300", Some(300)),
            ("\"300\"", Some(300)),
            ("\" 300 \"", Some(300)),
            ("299.9", Some(299)),
            ("-5", Some(0)),
            ("1e30", Some(LONGEST_LIFETIME)),
            ("null", None),
            ("\"soon\"", None),
            ("true", None),
            ("[3]", None),
            ("{\"s\":3}", None),
        ] {
            let body =
                format!(r#"{{"access_token":"A","token_type":"Bearer","expires_in":{shape}}}"#);
            assert_eq!(ok(&body).unwrap().expires_in, seconds, "{shape}");
        }
    }

    #[test]
    fn another_token_type_is_not_used() {
        let body = r#"{"access_token":"A","token_type":"DPoP"}"#;
        assert_eq!(ok(body), Err(TokenFailure::Broken(Rule::TokenType)));
        let body = r#"{"access_token":"A"}"#;
        assert_eq!(
            ok(body),
            Err(TokenFailure::Broken(Rule::Field("token_type")))
        );
    }

    #[test]
    fn a_field_twice_is_not_guessed_about() {
        let body = r#"{"access_token":"A","access_token":"B","token_type":"bearer"}"#;
        assert!(matches!(ok(body), Err(TokenFailure::Broken(Rule::Json(_)))));
    }

    #[test]
    fn a_refusal_never_repeats_what_was_sent() {
        let body = r#"{"error":"invalid_grant","error_description":"R3fresh was used twice"}"#;
        for status in [400, 401, 403] {
            let TokenFailure::Refused(error) = read(
                &answer(status, "application/json", body),
                &[&Secret::from("R3fresh")],
            )
            .unwrap_err() else {
                panic!("no refusal")
            };
            assert!(error.is("invalid_grant"));
            assert_eq!(error.description.unwrap(), "[redacted] was used twice");
        }
    }

    #[test]
    fn busy_is_not_failed() {
        let mut busy = answer(503, "text/plain", "");
        assert_eq!(read(&busy, &[]), Err(TokenFailure::Failed(503)));
        busy.headers.push(("retry-after".into(), "7".into()));
        assert_eq!(
            read(&busy, &[]),
            Err(TokenFailure::Busy {
                retry_after: Some(7)
            })
        );
        busy.status = 429;
        busy.headers.pop();
        assert_eq!(
            read(&busy, &[]),
            Err(TokenFailure::Busy { retry_after: None })
        );
    }

    proptest! {
        #[test]
        fn no_answer_makes_the_reader_panic(
            status in 100u16..600, content_type: String, body: Vec<u8>
        ) {
            let mut response = answer(status, &content_type, "");
            response.body = body;
            let _ = read(&response, &[]);
        }
    }
}
