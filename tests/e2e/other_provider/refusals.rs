//! Refusals of a token endpoint: an app and a backend interpret them alike.

use switchback::Session;
use switchback_protocol::Rule;

use super::*;

/// A logged-in person whose access token has expired.
enum LoggedIn {
    App(Session),
    Backend(Backend, String),
}

/// The result of a call: the reason for a new login and the message, or another error.
#[derive(Debug, PartialEq)]
enum CallResult {
    Ended(String),
    Other(String),
}

impl LoggedIn {
    async fn in_app_and_backend() -> [(Self, Double); 2] {
        let (double, clock) = (Double::start().await, TestClock::at(NOW));
        let app = app(&double, &clock);
        let login = app.begin(LoginRequest::new(Purpose::Login, words())).await;
        let link = double.visit(&login.unwrap().url).await;
        let LoginOutcome::LoggedIn { session, .. } = app.complete(&link).await.unwrap() else {
            panic!("not logged in")
        };
        let session = app.session(&session).await.unwrap();
        clock.advance(LIFETIME);
        let in_app = (Self::App(session), double);

        let backend = Backend::start().await;
        let cookie = backend.log_in("sign-in").await;
        backend.clock.advance(LIFETIME);
        let double = backend.double.clone();
        [in_app, (Self::Backend(backend, cookie), double)]
    }

    async fn result(&self) -> CallResult {
        match self {
            Self::App(session) => match session.access_token().await.unwrap_err() {
                Error::LoginRequired { reason, said } => {
                    let message = Error::LoginRequired { reason, said }.to_string();
                    CallResult::Ended(format!("{reason:?} {message}"))
                }
                other => CallResult::Other(other.to_string()),
            },
            Self::Backend(backend, cookie) => {
                let shown = [("cookie", &**cookie)];
                let answer = backend.get("/example-id/session", &shown).await;
                match answer.status.as_u16() {
                    401 => CallResult::Ended(answer.json()["reason"].to_string()),
                    _ => CallResult::Other(answer.status.to_string()),
                }
            }
        }
    }

    async fn assert_ended(&self, reason: SessionEnd, code: &str) {
        let CallResult::Ended(result) = self.result().await else {
            panic!("{code}: the session is alive")
        };
        match self {
            Self::App(_) => {
                assert!(
                    result.starts_with(&format!("{reason:?} ")),
                    "{code}: {result}"
                );
                assert!(result.contains(code), "{code}: {result}");
            }
            Self::Backend(..) => {
                let name = serde_json::to_string(&reason).unwrap().replace('-', "_");
                assert_eq!(result, name, "{code}");
            }
        }
    }
}

#[tokio::test]
async fn a_final_refusal_is_requested_once() {
    for (status, body) in [
        (
            400,
            r#"{"error":"invalid_grant","error_description":{"code":"expired"}}"#,
        ),
        (200, r#"{"error":"invalid_grant"}"#),
        (401, "\u{feff}{\"error\":\"invalid_grant\",\"at\":1e400}"),
        (403, "error=invalid_grant&error_description=refus%E9"),
        (
            400,
            "error=invalid_grant&error_description=The <token> has {expired}",
        ),
        (500, r#"{"error":"invalid_grant"}"#),
        (400, r#"{"error":"interaction_required"}"#),
        (400, r#"{"error":"consent_required","suberror":["x"]}"#),
    ] {
        for (session, double) in LoggedIn::in_app_and_backend().await {
            double.refuse_with(status, body);
            for _ in 0..3 {
                let code = match body.contains("invalid_grant") {
                    true => "invalid_grant",
                    false => "_required",
                };
                session.assert_ended(SessionEnd::Revoked, code).await;
            }
            assert_eq!(double.refused(), 1, "{body}");
        }
    }
}

#[tokio::test]
async fn a_repeated_unknown_refusal_ends_the_session() {
    for (status, body, code) in [
        (400, r#"{"error":"token_expired"}"#, "token_expired"),
        (403, r#"{"error":{"code":"E-17","message":"no"}}"#, "E-17"),
        (200, r#"{"error":"bad_refresh_token"}"#, "bad_refresh_token"),
        (422, r#"{"error":"invalid_token"}"#, "invalid_token"),
        (400, r#"{"error":"invalid_scope"}"#, "invalid_scope"),
    ] {
        for (session, double) in LoggedIn::in_app_and_backend().await {
            double.refuse_with(status, body);
            assert!(
                matches!(session.result().await, CallResult::Other(_)),
                "{code}"
            );
            for _ in 0..3 {
                session
                    .assert_ended(SessionEnd::RotationInterrupted, code)
                    .await;
            }
            assert_eq!(double.refused(), 2, "{code}");
        }
    }
}

#[tokio::test]
async fn temporary_and_client_errors_end_no_session() {
    for (status, body) in [
        (408, ""),
        (421, ""),
        (425, ""),
        (429, r#"{"error":"invalid_grant"}"#),
        (404, r#"{"error":"Not Found"}"#),
        (401, r#"{"error":"invalid_client"}"#),
        (401, r#"{"error":"unauthorized_client"}"#),
        (400, r#"{"error":"slow_down"}"#),
    ] {
        for (session, double) in LoggedIn::in_app_and_backend().await {
            double.refuse_with(status, body);
            for turn in 1..4 {
                assert!(
                    matches!(session.result().await, CallResult::Other(_)),
                    "{status}"
                );
                assert_eq!(double.refused(), turn, "{status}");
            }
        }
    }
}

#[tokio::test]
async fn a_refusal_with_status_200_keeps_its_code() {
    let (double, clock) = (Double::start().await, TestClock::at(NOW));
    let app = app(&double, &clock);
    let login = app.begin(LoginRequest::new(Purpose::Login, words())).await;
    let link = double.visit(&login.unwrap().url).await;
    double.refuse_with(200, r#"{"error":"bad_verification_code"}"#);
    let LoginOutcome::Refused { error, interrupted } = app.complete(&link).await.unwrap() else {
        panic!("not refused")
    };
    assert_eq!(
        (&*error.code, interrupted),
        ("bad_verification_code", false)
    );
}

/// A login with a nonce, at a provider whose ID tokens have this nonce. Returns two results of
/// `complete`.
async fn with_nonce(nonce: impl Fn(&str) -> Option<String>) -> [Result<LoginOutcome, Error>; 2] {
    let (double, clock) = (Double::start().await, TestClock::at(NOW));
    let app = app(&double, &clock);
    let mut login = LoginRequest::new(Purpose::Login, words());
    login.nonce = true;
    let url = app.begin(login).await.unwrap().url;
    let (_, sent) = url.split_once("&nonce=").unwrap();
    if let Some(nonce) = nonce(&sent[..43]) {
        double.claims("nonce", &nonce);
    }
    let link = double.visit(&url).await;
    [app.complete(&link).await, app.complete(&link).await]
}

#[tokio::test]
async fn an_id_token_of_another_login_is_rejected() {
    let good = with_nonce(|sent| Some(sent.into())).await;
    assert!(
        good.iter()
            .all(|result| matches!(result, Ok(LoginOutcome::LoggedIn { .. }))),
        "{good:?}"
    );
    for other in [None, Some("another"), Some("")] {
        let [first, second] = with_nonce(|_| other.map(Into::into)).await;
        let Err(Error::Protocol { endpoint, rule }) = first else {
            panic!("{first:?}")
        };
        assert_eq!((endpoint, rule), ("the token endpoint", Rule::Nonce));
        let Ok(LoginOutcome::Refused { error, .. }) = second else {
            panic!("{second:?}")
        };
        assert_eq!(error.code, "nonce_mismatch");
    }
}

#[tokio::test]
async fn an_id_token_for_another_audience_sets_no_subject() {
    let (double, clock) = (Double::start().await, TestClock::at(NOW));
    let provider = provider::example_id().with_base_url(&double.url);
    let provider = provider.with_issuer("https://id.example");
    let config = Config::direct(provider, "an-app", REDIRECT_URI);
    let platform = Platform::from_parts(
        clock.clone(),
        Arc::new(SystemEntropy),
        Arc::new(Reqwest::new()),
        Arc::new(store::Memory::new()),
    );
    let app = Client::new(config, platform).unwrap();
    for (issuer, subject) in [
        ("https://other.example", None),
        ("https://id.example", Some(SUBJECT)),
    ] {
        double.claims("iss", issuer);
        let login = app.begin(LoginRequest::new(Purpose::Login, words())).await;
        let link = double.visit(&login.unwrap().url).await;
        let link = format!("{link}&iss=https%3A%2F%2Fid.example");
        let LoginOutcome::LoggedIn { session, .. } = app.complete(&link).await.unwrap() else {
            panic!("not logged in")
        };
        let session = app.session(&session).await.unwrap();
        assert_eq!(
            session.subject().as_ref().map(|known| known.expose()),
            subject
        );
    }
}
