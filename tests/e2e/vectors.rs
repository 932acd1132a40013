//! The test vectors in `tests/vectors/*.json`, which Kotlin and Swift run, too.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use switchback_protocol::authorization::{AuthorizationError, AuthorizationRequest};
use switchback_protocol::callback::{self, Answer};
use switchback_protocol::http::Response;
use switchback_protocol::token::{self, Field, TokenFailure};
use switchback_protocol::{Environment, Provider, Purpose, RedirectUri, Registration};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<T> {
    #[serde(rename = "about")]
    _about: String,
    cases: Vec<T>,
}

fn cases<T: DeserializeOwned>(json: &str) -> Vec<T> {
    let file: File<T> = serde_json::from_str(json).unwrap();
    assert!(!file.cases.is_empty());
    file.cases
}

/// `Field("token_type")` becomes `Field`: the vectors name only the rule.
fn name(rule: impl std::fmt::Debug) -> String {
    let shown = format!("{rule:?}");
    let end = shown.find(['(', ' ', '{']).unwrap_or(shown.len());
    shown[..end].to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CallbackCase {
    name: String,
    redirect_uri: String,
    #[serde(default)]
    test_service: bool,
    url: String,
    outcome: String,
    code: Option<String>,
    state: Option<String>,
    issuer: Option<String>,
    error: Option<String>,
    description: Option<String>,
    rule: Option<String>,
}

#[test]
fn callbacks() {
    for case in cases::<CallbackCase>(include_str!("../vectors/callback.json")) {
        let ours = RedirectUri::new(
            &case.redirect_uri,
            Environment::from_test_service(case.test_service),
        )
        .unwrap();
        let read = callback::read(&case.url, &ours);
        let callback = match read {
            Ok(None) => {
                assert_eq!(case.outcome, "not-ours", "{}", case.name);
                continue;
            }
            Err(rule) => {
                assert_eq!(case.outcome, "malformed", "{}", case.name);
                assert_eq!(case.rule, Some(name(rule)), "{}", case.name);
                continue;
            }
            Ok(Some(callback)) => callback,
        };
        assert_eq!(
            Some(callback.state.expose()),
            case.state.as_deref(),
            "{}",
            case.name
        );
        assert_eq!(callback.issuer, case.issuer, "{}", case.name);
        let (outcome, code, error, description) = match callback.answer {
            Answer::Code(code) => ("code", Some(code.expose().to_owned()), None, None),
            Answer::Declined => ("declined", None, None, None),
            Answer::Refused(error) => ("refused", None, Some(error.code), error.description),
        };
        assert_eq!(outcome, case.outcome, "{}", case.name);
        assert_eq!(
            (code, error, description),
            (case.code, case.error, case.description),
            "{}",
            case.name
        );
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UrlCase {
    name: String,
    provider: String,
    purpose: Purpose,
    client_id: String,
    redirect_uri: String,
    #[serde(default)]
    redirect_uris: BTreeMap<Purpose, String>,
    scope: Vec<String>,
    state: String,
    verifier: String,
    nonce: Option<String>,
    #[serde(default)]
    extra: BTreeMap<String, String>,
    url: Option<String>,
    error: Option<String>,
}

#[test]
fn authorization_urls() {
    for case in cases::<UrlCase>(include_str!("../vectors/authorization-url.json")) {
        assert_eq!(case.provider, "truid");
        let truid = Provider::truid();
        let registration = Registration::new(
            truid,
            &case.client_id,
            &case.redirect_uri,
            Environment::Production,
        );
        let others = case.redirect_uris.iter();
        let registration = others.fold(registration.unwrap(), |registration, (purpose, uri)| {
            registration.with_redirect_uri(*purpose, uri).unwrap()
        });
        let url = AuthorizationRequest {
            purpose: case.purpose,
            scope: &case.scope,
            state: &case.state,
            code_verifier: &case.verifier,
            nonce: case.nonce.as_deref(),
            extra: &case.extra,
        }
        .url(&registration);
        let error = |error: AuthorizationError| name(error);
        assert_eq!(
            url.map_err(error),
            case.url.ok_or_else(|| case.error.unwrap()),
            "{}",
            case.name
        );
    }
}

/// Another implementation decodes `%20` and `%2F` to the same values.
#[test]
fn authorization_urls_decode_to_their_parameters() {
    for case in cases::<UrlCase>(include_str!("../vectors/authorization-url.json")) {
        let Some(url) = case.url else { continue };
        let url = url::Url::parse(&url).unwrap();
        let read: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(read.len(), url.query_pairs().count(), "{}", case.name);
        assert_eq!(read["client_id"], case.client_id, "{}", case.name);
        let own = case.redirect_uris.get(&case.purpose);
        let redirect_uri = own.unwrap_or(&case.redirect_uri);
        assert_eq!(read["redirect_uri"], *redirect_uri, "{}", case.name);
        let scope = read.get("scope").map_or("", String::as_str);
        assert_eq!(scope, case.scope.join(" "), "{}", case.name);
        for (name, value) in case.extra {
            assert_eq!(read[&name], value, "{}", case.name);
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenCase {
    name: String,
    status: u16,
    content_type: Option<String>,
    retry_after: Option<String>,
    date: Option<String>,
    #[serde(default)]
    body: String,
    /// Instead of `body`, for a body that is not text.
    body_base64: Option<String>,
    outcome: String,
    access_token: Option<String>,
    refresh_token: Option<String>,
    id_token: Option<String>,
    expires_in: Option<i64>,
    scope: Option<Vec<String>>,
    error: Option<String>,
    description: Option<String>,
    rule: Option<String>,
    retry_after_seconds: Option<u32>,
}

#[test]
fn token_answers() {
    for case in cases::<TokenCase>(include_str!("../vectors/token-answer.json")) {
        let header = |name: &str, value: Option<String>| value.map(|v| (name.to_owned(), v));
        let response = Response {
            status: case.status,
            headers: [
                header("content-type", case.content_type),
                header("retry-after", case.retry_after),
                header("date", case.date),
            ]
            .into_iter()
            .flatten()
            .collect(),
            body: match case.body_base64 {
                Some(encoded) => STANDARD.decode(encoded).unwrap(),
                None => case.body.into_bytes(),
            },
        };
        let text = |secret: switchback::Secret| secret.expose().to_owned();
        let (mut rule, mut error, mut description, mut wait) = (None, None, None, None);
        let outcome = match token::read(&response, &[]) {
            Ok(tokens) => {
                assert_eq!(
                    case.access_token,
                    Some(text(tokens.access_token)),
                    "{}",
                    case.name
                );
                assert_eq!(
                    case.refresh_token,
                    tokens.refresh_token.ok().map(text),
                    "{}",
                    case.name
                );
                assert_eq!(
                    case.id_token,
                    tokens.id_token.ok().map(text),
                    "{}",
                    case.name
                );
                assert_eq!(case.expires_in, tokens.expires_in, "{}", case.name);
                let words = |scope: String| scope.split_whitespace().map(String::from).collect();
                let scope = match tokens.scope {
                    Field::Absent => None,
                    Field::Unreadable => Some(vec![]),
                    Field::Present(scope) => Some(words(scope)),
                };
                assert_eq!(case.scope, scope, "{}", case.name);
                "tokens"
            }
            Err(TokenFailure::Refused(refusal)) => {
                (error, description) = (Some(refusal.code), refusal.description);
                "refused"
            }
            Err(TokenFailure::Busy { retry_after }) => {
                wait = retry_after;
                "busy"
            }
            Err(TokenFailure::Failed(_)) => "failed",
            Err(TokenFailure::Broken(broken)) => {
                rule = Some(broken.name().to_owned());
                "broken"
            }
        };
        assert_eq!(outcome, case.outcome, "{}", case.name);
        assert_eq!(
            (rule, error, description, wait),
            (
                case.rule,
                case.error,
                case.description,
                case.retry_after_seconds
            ),
            "{}",
            case.name
        );
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegistrationCase {
    name: String,
    base_url: Option<String>,
    client_id: String,
    redirect_uri: String,
    #[serde(default)]
    test_service: bool,
    error: Option<String>,
    says: Option<String>,
}

#[test]
fn registrations() {
    for case in cases::<RegistrationCase>(include_str!("../vectors/registration.json")) {
        let mut provider = Provider::truid();
        if let Some(base_url) = &case.base_url {
            provider = provider.with_base_url(base_url);
        }
        let checked = Registration::new(
            provider,
            &case.client_id,
            &case.redirect_uri,
            Environment::from_test_service(case.test_service),
        );
        let error = checked.err();
        assert_eq!(error.as_ref().map(name), case.error, "{}", case.name);
        if let (Some(error), Some(says)) = (error, case.says) {
            let error = error.to_string();
            assert!(error.contains(&says), "{}: {error}", case.name);
            // An app in Kotlin or Swift gets the same text: it has no name of Rust's.
            let own_words: String = error.split('"').step_by(2).collect();
            let is_plain =
                !own_words.contains('_') && !own_words.replace("[::1]", "").contains("::");
            assert!(is_plain, "{}: {error}", case.name);
        }
    }
}

/// The documentation explains every event.
#[test]
fn every_event_is_documented() {
    let page = include_str!("../../docs/reference/diagnostics.md");
    for event in switchback::event::ALL {
        assert!(page.contains(&format!("`{event}`")), "{event}");
    }
}
