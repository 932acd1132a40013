//! The token endpoint: its requests and the content of its answers.
//!
//! RFC 6749 §4.1.3 (code), §6 (refresh), §5.1 and §5.2 (answers). The client is a public client: it
//! sends its client id and no secret.
//!
//! Before you change this: tokens that a server has sent are lost if they are not read, and the old
//! refresh token is already used up. So one unreadable field never loses the others. What an answer
//! without tokens means is in [`status`](mod@status).

use alloc::string::String;
use alloc::vec::Vec;

use crate::http::{self, Request, Response};
use crate::members::Members;
use crate::redact::redacted;
use crate::rule::Rule;
use crate::status::{self, Meaning, RequestKind};
use crate::{OAuthError, Secret, form};

pub use crate::members::Field;

/// The longest lifetime of a token, in seconds: ten years. A longer one is cut to it.
const LONGEST_LIFETIME: i64 = 10 * 366 * 24 * 3600;

/// The request that exchanges a code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.5).
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

/// The request for new tokens with a refresh token (RFC 6749 §6). The granted scope stays the same.
/// A provider needs the client id. A backend has one app, and needs none.
pub fn refresh(endpoint: &str, client_id: Option<&str>, refresh_token: &Secret) -> Request {
    let client_id = client_id.map(|id| ("client_id", id));
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token.expose()),
    ];
    let form: Vec<_> = form.into_iter().chain(client_id).collect();
    Request::post(endpoint, form::body(&form))
}

/// The request that revokes a token (RFC 7009 §2.1). Revoking a refresh token ends the whole grant.
pub fn revoke(endpoint: &str, client_id: &str, token: &Secret) -> Request {
    Request::post(
        endpoint,
        form::body(&[("token", token.expose()), ("client_id", client_id)]),
    )
}

/// Whether the token is invalid now, by the answer to [`revoke`]. The status is 200 also for
/// a token that the service does not know (RFC 7009 §2.2).
pub fn is_revoked(response: &Response) -> bool {
    response.status == 200
}

/// A successful answer of the token endpoint (RFC 6749 §5.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenResponse {
    /// The access token.
    pub access_token: Secret,
    /// Its lifetime in seconds, from the time of the answer, 0 or more. `None` if the server did
    /// not send a number.
    pub expires_in: Option<i64>,
    /// The next refresh token. Absent if the old one stays valid, or there is none.
    pub refresh_token: Field<Secret>,
    /// The granted scope: tokens separated by spaces. Absent if it is the requested one. A secret
    /// that the server repeats in it is redacted.
    pub scope: Field<String>,
    /// The ID token, **not verified: do not trust it**.
    pub id_token: Field<Secret>,
}

impl TokenResponse {
    /// The token to revoke if these tokens are not used: the refresh token if there is one, because
    /// its revocation ends the whole grant (RFC 7009 §2.1).
    pub fn token_to_revoke(&self) -> &Secret {
        match &self.refresh_token {
            Field::Present(refresh_token) => refresh_token,
            Field::Absent | Field::Unreadable => &self.access_token,
        }
    }
}

/// Why an answer has no tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenFailure {
    /// The server refused with an OAuth error (RFC 6749 §5.2).
    Refused(OAuthError),
    /// The server did not process the request, which may be sent again later.
    Busy {
        /// Seconds to wait, if the server says so.
        retry_after: Option<u32>,
    },
    /// The server failed with this status. It may have used up the code or refresh token before.
    Failed(u16),
    /// The answer breaks a rule of the protocol. The code or refresh token may be used up.
    Broken(Rule),
}

/// Reads the answer to [`exchange`] or [`refresh`]. `sent` has the secrets of the request, which
/// are redacted if the server repeats them.
///
/// Only the fields of a token answer or of an error decide, because some services refuse with
/// status 200. [`status`] decides what an answer without tokens means.
pub fn read(response: &Response, sent: &[&Secret]) -> Result<TokenResponse, TokenFailure> {
    let read = http::members(response, |members| tokens(members, sent)).flatten();
    read.map_err(|rule| {
        // The rows of a refresh are the same.
        let (meaning, error) = status::read(RequestKind::Code, response, sent);
        match (meaning, error) {
            (Meaning::NotProcessed, _) => TokenFailure::Busy {
                retry_after: response.retry_after(),
            },
            (Meaning::Failed, _) => TokenFailure::Failed(response.status),
            (Meaning::Refused, Some(error)) => TokenFailure::Refused(error),
            _ if matches!(rule, Rule::Status(400..=499)) => {
                TokenFailure::Broken(http::unreadable(response, rule))
            }
            _ => TokenFailure::Broken(rule),
        }
    })
}

fn tokens(members: &Members<'_>, sent: &[&Secret]) -> Result<TokenResponse, Rule> {
    // RFC 6749 appendix A: tokens are visible ASCII.
    let token = |name| {
        let is_token = |text: &str| text.bytes().all(|b| matches!(b, 0x20..=0x7e));
        let field = members.text(name);
        field.and_then(|text| is_token(&text).then(|| Secret::from(&*text)))
    };
    let token_type = members.text("token_type").ok();
    let token_type = token_type.ok_or(Rule::Field("token_type"))?;
    if !token_type.trim().eq_ignore_ascii_case("bearer") {
        return Err(Rule::TokenType);
    }
    let access_token = token("access_token").ok();
    let access_token = access_token.ok_or(Rule::Field("access_token"))?;
    let (refresh_token, id_token) = (token("refresh_token"), token("id_token"));
    let came = [
        Some(&access_token),
        refresh_token.as_ref().ok(),
        id_token.as_ref().ok(),
    ];
    let secrets = sent.iter().copied().chain(came.into_iter().flatten());
    let secrets: Vec<&str> = secrets.map(Secret::expose).collect();
    Ok(TokenResponse {
        expires_in: members
            .seconds("expires_in")
            .ok()
            .map(|seconds| seconds.clamp(0, LONGEST_LIFETIME)),
        scope: members
            .texts("scope")
            .and_then(|scope| Some(redacted(scope.join(" "), &secrets))),
        access_token,
        refresh_token,
        id_token,
    })
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
    fn truids_sample_answer_is_read() {
        let tokens = ok(
            r#"{"access_token":"A","token_type":"bearer","expires_in":300,
            "refresh_token":"R","scope":"a b","more":{"x":[1]}}"#,
        )
        .unwrap();
        assert_eq!(tokens.access_token.expose(), "A");
        assert_eq!(tokens.refresh_token, Field::Present("R".into()));
        assert_eq!(tokens.expires_in, Some(300));
        assert_eq!(tokens.scope, Field::Present("a b".into()));
        assert_eq!(tokens.id_token, Field::Absent);
    }

    /// Tokens with more fields.
    fn with(more: &str) -> TokenResponse {
        let body = format!(r#"{{"access_token":"A","token_type":"bearer",{more}}}"#);
        ok(&body).unwrap()
    }

    #[test]
    fn an_unreadable_scope_is_not_absent() {
        for (shape, scope) in [
            (r#""a b""#, Field::Present("a b")),
            (r#"["a","b c"]"#, Field::Present("a b c")),
            (r#"["a",7,null,["b"]]"#, Field::Present("a")),
            ("[]", Field::Present("")),
            ("null", Field::Absent),
            (r#""""#, Field::Present("")),
            ("7", Field::Unreadable),
            ("true", Field::Unreadable),
            (r#"{"a":true}"#, Field::Unreadable),
            (r#""\ud83d""#, Field::Unreadable),
            (r#""a","scope":"a""#, Field::Unreadable),
        ] {
            let scope = scope.and_then(|text| Some(text.into()));
            assert_eq!(with(&format!(r#""scope":{shape}"#)).scope, scope, "{shape}");
        }
        assert_eq!(with(r#""a":1"#).scope, Field::Absent);
    }

    #[test]
    fn an_unreadable_token_keeps_the_other_tokens() {
        for (shape, is) in [
            ("null", Field::Absent),
            (r#""""#, Field::Absent),
            ("7", Field::Unreadable),
            ("false", Field::Unreadable),
            ("1e400", Field::Unreadable),
            (r#"["R"]"#, Field::Unreadable),
            (r#""å""#, Field::Unreadable),
            (r#""R\n""#, Field::Unreadable),
        ] {
            let tokens = with(&format!(r#""refresh_token":{shape},"id_token":{shape}"#));
            assert_eq!(
                (tokens.refresh_token, tokens.id_token),
                (is.clone(), is),
                "{shape}"
            );
        }
        let twice = with(r#""refresh_token":"R","refresh_token":"R""#);
        assert_eq!(twice.refresh_token, Field::Unreadable);
        assert_eq!(twice.token_to_revoke().expose(), "A");
    }

    #[test]
    fn unknown_fields_are_ignored() {
        for more in [
            r#""more":1e400,"more":-1e400"#,
            r#""name":"\ud83d""#,
            "\"name\":\"one\ntwo\u{1}\"",
            r#""jti":"a","jti":"b""#,
            r#""error":null,"error_description":7"#,
            r#""error":"not_what_it_says""#,
        ] {
            assert_eq!(with(more).access_token.expose(), "A", "{more}");
        }
        let deep = ["\"deep\":", &"[".repeat(500), &"]".repeat(500)].concat();
        assert_eq!(with(&deep).access_token.expose(), "A");
        let latin_1 = b"{\"access_token\":\"A\",\"token_type\":\"bearer\",\"name\":\"\xe5\"}";
        let mut response = answer(200, "application/json", "");
        response.body = latin_1.to_vec();
        assert!(read(&response, &[]).is_ok());
    }

    #[test]
    fn a_token_with_invalid_characters_is_refused() {
        for token in ["\"A\u{7}\"", "\"A\nB\"", r#""Å""#, r#""\ud83d""#] {
            let body = format!(r#"{{"access_token":{token},"token_type":"bearer"}}"#);
            let field = TokenFailure::Broken(Rule::Field("access_token"));
            assert_eq!(ok(&body), Err(field), "{token}");
        }
    }

    /// The error in an answer with this status and body.
    fn refusal(status: u16, body: &[u8]) -> Result<OAuthError, TokenFailure> {
        let mut response = answer(status, "text/html", "");
        response.body = body.into();
        match read(&response, &[]).unwrap_err() {
            TokenFailure::Refused(error) => Ok(error),
            other => Err(other),
        }
    }

    #[test]
    fn only_the_error_code_decides_a_refusal() {
        let utf_16 = |text: &str, bytes: fn(u16) -> [u8; 2]| {
            let units = core::iter::once(0xfeff).chain(text.encode_utf16());
            units.flat_map(bytes).collect::<Vec<u8>>()
        };
        let plain = r#"{"error":"invalid_grant"}"#;
        let bodies: Vec<Vec<u8>> = vec![
            plain.into(),
            r#"{"error":"invalid_grant","error_description":{"code":"expired"}}"#.into(),
            r#"{"error":"invalid_grant","error_description":["a"],"error_uri":7}"#.into(),
            r#"{"error":"invalid_grant","error_description":"a","error_description":"b"}"#.into(),
            r#"{"error":"invalid_grant","error_description":"\ud83d"}"#.into(),
            r#"{"error":"invalid_grant","timestamp":1e400}"#.into(),
            b"{\"error\":\"invalid_grant\",\"error_description\":\"refus\xe9\"}".into(),
            b"{\"error\":\"invalid_grant\",\"error_description\":\"one\r\ntwo\"}".into(),
            format!("\u{feff}{plain}").into(),
            format!("\u{feff} \r\n{plain}\r\n").into(),
            format!("{plain}\0<!-- cached -->").into(),
            utf_16(plain, u16::to_le_bytes),
            utf_16(plain, u16::to_be_bytes),
            "error=invalid_grant".into(),
            "error=invalid_grant&error_description=it+was%20used&error_uri=https%3A%2F%2Fa".into(),
            "error=invalid%5Fgrant&error_description=refus%E9".into(),
            r#"{"error":{"code":"invalid_grant","message":"used"}}"#.into(),
        ];
        for body in bodies {
            for status in [200, 400, 401, 403, 404, 409, 422] {
                let shown = alloc::string::String::from_utf8_lossy(&body);
                let error = refusal(status, &body).unwrap_or_else(|e| panic!("{shown}: {e:?}"));
                assert!(error.is("invalid_grant"), "{status} {shown}: {error}");
            }
        }
    }

    #[test]
    fn unknown_error_codes_are_refusals() {
        for (body, code) in [
            (
                r#"{"error":"bad_verification_code"}"#,
                "bad_verification_code",
            ),
            (
                r#"{"error":"invalid_grant: it expired"}"#,
                "invalid_grant: it expired",
            ),
            (r#"{"error":400}"#, "400"),
            (r#"{"ok":false,"error":true}"#, "true"),
            (
                r#"{"error":{"type":"E","code":190}}"#,
                r#"{"type":"E","code":190}"#,
            ),
            ("error=bad_refresh_token", "bad_refresh_token"),
        ] {
            for status in [200, 400, 401, 403, 410] {
                assert_eq!(refusal(status, body.as_bytes()).unwrap().code, code);
            }
            for status in [404, 405, 407] {
                let other = TokenFailure::Broken(Rule::Status(status));
                assert_eq!(refusal(status, body.as_bytes()), Err(other), "{body}");
            }
        }
    }

    #[test]
    fn an_answer_without_an_error_code_is_broken() {
        for body in [
            "",
            "{}",
            "[]",
            r#"{"error":null}"#,
            r#"{"error":""}"#,
            r#"{"error":false,"message":"no"}"#,
            r#"{"error":"invalid_grant","error":"invalid_client"}"#,
            r#"{"message":"Forbidden"}"#,
            "<a href=\"/?a=b&error=invalid_grant&c=d\">log in</a>",
            "see /?a=b&error=invalid_grant&c=d",
            r#"{"error":"inv"#,
            "=invalid_grant",
        ] {
            assert!(
                matches!(refusal(400, body.as_bytes()), Err(TokenFailure::Broken(_))),
                "{body}"
            );
            assert!(
                matches!(refusal(200, body.as_bytes()), Err(TokenFailure::Broken(_))),
                "{body}"
            );
        }
    }

    #[test]
    fn tokens_in_a_form_are_read() {
        let form =
            "access_token=A%2FB&token_type=bearer&expires_in=300&scope=a+b%20c&refresh_token=R";
        let tokens = read(&answer(200, "application/x-www-form-urlencoded", form), &[]).unwrap();
        assert_eq!(tokens.access_token.expose(), "A/B");
        assert_eq!(tokens.expires_in, Some(300));
        assert_eq!(tokens.refresh_token, Field::Present("R".into()));
        assert_eq!(tokens.scope, Field::Present("a b c".into()));
    }

    #[test]
    fn an_undecoded_content_coding_is_named() {
        for (coding, rule) in [
            ("br", Rule::ContentCoding("br")),
            ("Identity, ZSTD", Rule::ContentCoding("zstd")),
            ("secret-coding", Rule::ContentCoding("an unknown one")),
            ("identity", Rule::Json(1)),
            ("", Rule::Json(1)),
        ] {
            let mut response = answer(200, "application/json", "\u{1b}\u{3}");
            response
                .headers
                .push(("content-encoding".into(), coding.into()));
            assert_eq!(
                read(&response, &[]),
                Err(TokenFailure::Broken(rule)),
                "{coding}"
            );
        }
        // A transport may decode the body and leave the header.
        let mut decoded = answer(
            200,
            "application/json",
            r#"{"access_token":"A","token_type":"bearer"}"#,
        );
        decoded
            .headers
            .push(("content-encoding".into(), "br".into()));
        assert!(read(&decoded, &[]).is_ok());
    }

    #[test]
    fn a_secret_in_the_scope_is_redacted() {
        let body = r#"{"access_token":"acc3ss","token_type":"bearer","refresh_token":"r3fresh2",
            "scope":"read r3fresh1 r3fresh%31 cjNmcmVzaDE= acc3ss r3fresh2"}"#;
        let tokens = read(
            &answer(200, "application/json", body),
            &[&"r3fresh1".into()],
        )
        .unwrap();
        let Field::Present(scope) = tokens.scope else {
            panic!("no scope")
        };
        for secret in ["fresh", "cjNm", "acc3ss"] {
            assert!(!scope.contains(secret), "{scope}");
        }
    }

    #[test]
    fn every_form_of_expires_in_is_read() {
        for (shape, seconds) in [
            ("300", Some(300)),
            ("\"300\"", Some(300)),
            ("\" 300 \"", Some(300)),
            ("299.9", Some(299)),
            ("-5", Some(0)),
            ("1e30", Some(LONGEST_LIFETIME)),
            ("1e400", Some(LONGEST_LIFETIME)),
            ("\"1e400\"", Some(LONGEST_LIFETIME)),
            ("-1e400", Some(0)),
            ("99999999999999999999", Some(LONGEST_LIFETIME)),
            ("\"99999999999999999999\"", Some(LONGEST_LIFETIME)),
            ("\"299.9\"", Some(299)),
            ("\"300 s\"", None),
            ("300,\"expires_in\":300", None),
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
    fn a_duplicate_field_is_unreadable() {
        let body = r#"{"access_token":"A","access_token":"B","token_type":"bearer"}"#;
        let field = TokenFailure::Broken(Rule::Field("access_token"));
        assert_eq!(ok(body), Err(field));
    }

    #[test]
    fn a_sent_secret_is_redacted_in_a_refusal() {
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
    fn an_unprocessed_request_is_busy() {
        for status in [421, 425, 429] {
            let busy = answer(status, "text/html", r#"{"error":"strange"}"#);
            let none = TokenFailure::Busy { retry_after: None };
            assert_eq!(read(&busy, &[]), Err(none));
        }
        let timeout = answer(408, "text/html", "");
        assert_eq!(read(&timeout, &[]), Err(TokenFailure::Failed(408)));
        let mut limited = answer(403, "application/json", r#"{"error":"rate_limited"}"#);
        limited.headers.push(("retry-after".into(), "3".into()));
        let retry_after = Some(3);
        assert_eq!(read(&limited, &[]), Err(TokenFailure::Busy { retry_after }));
    }

    #[test]
    fn only_503_with_retry_after_is_busy() {
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
