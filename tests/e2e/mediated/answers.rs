//! Every answer to a forwarded callback, including lost answers.

use std::sync::atomic::Ordering;

use switchback::{Backend, Client, Config, Error, LoginOutcome, Platform, Provider, Rule, store};
use switchback::{OAuthError, SessionEnd};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::example_backend::COMPLETE;
use super::faulty_transport::{Fault, FaultyTransport};
use super::switchback_double::SwitchbackBackend;
use super::{ExampleBackendFixture, login_request};
use crate::support::{TestClock, session_of};

struct App {
    client: Client,
    server: MockServer,
    link: String,
}

/// An app with a begun login, and a backend that answers its callback with these answers in turn.
async fn app_with_answers(answers: &[ResponseTemplate]) -> App {
    let server = MockServer::start().await;
    let page = "https://api.truid.app/authorize?state=s";
    let start = ResponseTemplate::new(202)
        .insert_header("location", page)
        .insert_header("set-cookie", "sid=s3ss10n; Path=/");
    Mock::given(path("/start"))
        .respond_with(start)
        .mount(&server)
        .await;
    let (last, first) = answers.split_last().unwrap();
    for answer in first {
        Mock::given(path("/complete"))
            .respond_with(answer.clone())
            .up_to_n_times(1)
            .mount(&server)
            .await;
    }
    Mock::given(path("/complete"))
        .respond_with(last.clone())
        .mount(&server)
        .await;
    let at = |path: &str| format!("{}{path}", server.uri());
    let config = Config::mediated(
        Provider::truid(),
        Backend::custom(&at("/start")),
        at("/complete"),
    );
    let mut platform = Platform::new(store::Memory::new());
    platform.clock = TestClock::at(1_700_000_000);
    let client = Client::new(config, platform).unwrap();
    client.begin(login_request()).await.unwrap();
    let link = at("/complete?code=c0de&state=s");
    App {
        client,
        server,
        link,
    }
}

impl App {
    async fn completed(&self) -> Result<LoginOutcome, Error> {
        self.client.complete(&self.link).await
    }

    async fn forwarded(&self) -> usize {
        let all = self.server.received_requests().await.unwrap();
        all.iter().filter(|r| r.url.path() == "/complete").count()
    }
}

fn json(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, "application/json")
}

fn refused(code: &str, interrupted: bool) -> LoginOutcome {
    LoginOutcome::Refused {
        error: OAuthError::new(code, None, &[]),
        interrupted,
    }
}

#[tokio::test]
async fn the_backends_refusal_is_final() {
    for (answer, completion) in [
        (
            json(403, r#"{"error":"access_denied"}"#),
            LoginOutcome::Forgotten,
        ),
        (
            json(403, r#"{"error":"bad_state"}"#),
            refused("bad_state", false),
        ),
        (
            json(401, r#"{"error":"login_required"}"#),
            LoginOutcome::Forgotten,
        ),
        (ResponseTemplate::new(401), LoginOutcome::Forgotten),
    ] {
        let app = app_with_answers(&[answer, ResponseTemplate::new(200)]).await;
        for _ in 0..3 {
            assert_eq!(app.completed().await.unwrap(), completion);
        }
        assert_eq!(app.forwarded().await, 1, "{completion:?}");
    }
}

#[tokio::test]
async fn a_busy_backend_has_not_used_the_code() {
    for status in [429, 503] {
        let busy = json(status, r#"{"error":"temporarily_unavailable"}"#)
            .insert_header("retry-after", "7");
        let refusal = json(403, r#"{"error":"bad_state"}"#);
        let app = app_with_answers(&[busy, refusal]).await;
        let error = app.completed().await.unwrap_err();
        assert!(
            matches!(
                error,
                Error::TryAgain {
                    retry_after: Some(7),
                    ..
                }
            ),
            "{error:?}"
        );
        assert_eq!(app.completed().await.unwrap(), refused("bad_state", false));
    }
}

#[tokio::test]
async fn a_failing_backend_may_have_used_the_code() {
    for failed in [500, 502, 503] {
        let refusal = json(403, r#"{"error":"invalid_grant"}"#);
        let app = app_with_answers(&[ResponseTemplate::new(failed), refusal]).await;
        let error = app.completed().await.unwrap_err();
        assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
        let completion = app.completed().await.unwrap();
        assert_eq!(completion, refused("invalid_grant", true));
    }
}

#[tokio::test]
async fn an_invalid_answer_keeps_the_link_usable() {
    for (answer, rule) in [
        (
            ResponseTemplate::new(302).insert_header("location", "/"),
            Rule::Redirect(302),
        ),
        (ResponseTemplate::new(404), Rule::Status(404)),
        (ResponseTemplate::new(400), Rule::Status(400)),
        (json(403, "<html>a firewall</html>"), Rule::Status(403)),
    ] {
        let app = app_with_answers(&[answer, ResponseTemplate::new(200)]).await;
        match app.completed().await {
            Err(Error::Protocol { rule: broken, .. }) => assert_eq!(broken, rule),
            other => panic!("{other:?}"),
        }
        session_of(app.completed().await.unwrap());
    }
}

#[tokio::test]
async fn a_switchback_backend_must_return_tokens() {
    let backend = SwitchbackBackend::new().await;
    backend.server.reset().await;
    let start = ResponseTemplate::new(202)
        .insert_header(
            "location",
            format!("{}/a?state=s", super::switchback_double::PROVIDER),
        )
        .insert_header("set-cookie", "switchback=1; Path=/");
    let starting = Mock::given(path("/truid/login-session"));
    starting.respond_with(start).mount(&backend.server).await;
    let complete = Mock::given(path("/truid/complete"));
    let cookie = json(200, r#"{"purpose":"login"}"#);
    complete.respond_with(cookie).mount(&backend.server).await;
    let app = backend.app();
    app.begin(login_request()).await.unwrap();
    let error = app
        .complete(&backend.at("/truid/complete?code=c&state=s"))
        .await;
    assert!(
        matches!(
            error,
            Err(Error::Protocol {
                rule: Rule::Field("token_type"),
                ..
            })
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn secrets_repeated_by_a_backend_are_redacted() {
    let body = r#"{"error":"bad","error_description":"s3ss10n and c0de"}"#;
    let app = app_with_answers(&[json(403, body)]).await;
    let shown = format!("{:?}", app.completed().await.unwrap());
    assert!(
        !shown.contains("s3ss10n") && !shown.contains("c0de"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_session_cookie_repeated_by_a_backend_is_redacted() {
    let server = MockServer::start().await;
    let start = ResponseTemplate::new(202)
        .insert_header("location", "https://api.truid.app/authorize?state=s")
        .insert_header("set-cookie", "sid=s3ss10n; Path=/");
    let refusal = json(
        400,
        r#"{"error":"no","error_description":"not for s3ss10n"}"#,
    );
    for (at, answer) in [
        ("/start", start),
        ("/complete", ResponseTemplate::new(200)),
        ("/me", refusal),
    ] {
        Mock::given(path(at))
            .respond_with(answer)
            .mount(&server)
            .await;
    }
    let at = |path: &str| format!("{}{path}", server.uri());
    let backend = Backend::custom(&at("/start")).with_user_info(&at("/me"));
    let config = Config::mediated(Provider::truid(), backend, at("/complete"));
    let app = Client::new(config, Platform::new(store::Memory::new())).unwrap();
    app.begin(login_request()).await.unwrap();
    let completed = app.complete(&at("/complete?code=c&state=s")).await;
    let session = app.session(&session_of(completed.unwrap())).await.unwrap();
    let error = session.user_info().await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(
        shown.contains("[redacted]") && !shown.contains("s3ss10n"),
        "{shown}"
    );
}

/// The answer was lost, and the app has the session's cookie: the data URL confirms the login.
#[tokio::test]
async fn a_lost_answer_is_recovered_at_the_data_url() {
    for known in ["user info", "presentation"] {
        let fixture = ExampleBackendFixture::new().await;
        let network = FaultyTransport::new();
        let mut config = fixture.config();
        if known == "presentation" {
            config.mode = switchback::Mode::Mediated {
                backend: Backend::custom(&fixture.at("/truid/start/{purpose}"))
                    .with_presentation(&fixture.at("/truid/presentation")),
            };
        }
        let mut platform = fixture.platform();
        platform.http = network.clone();
        let app = Client::new(config, platform).unwrap();
        let login = app.begin(login_request()).await.unwrap();
        let link = fixture.approve(&login.url);
        network.next([Fault::LostAnswer]);
        let error = app.complete(&link).await.unwrap_err();
        assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
        let id = session_of(app.complete(&link).await.unwrap());
        assert_eq!(id.attempt(), &login.id);
        assert_eq!(fixture.backend.seen(COMPLETE).len(), 1, "{known}");
        let session = app.session(&id).await.unwrap();
        let claim = switchback::provider::truid::ClaimType::Name;
        session.presentation(&[claim]).await.unwrap();
        assert_eq!(fixture.sandbox.counters().code_exchanges, 1);
    }
}

/// The callback never arrived, or the backend was restarted afterwards: the cookie has no session.
#[tokio::test]
async fn a_lost_callback_is_forwarded_after_checking_the_data_url() {
    for is_forgotten in [false, true] {
        let fixture = ExampleBackendFixture::new().await;
        let network = FaultyTransport::new();
        let app = fixture.app_through(network.clone());
        let login = app.begin(login_request()).await.unwrap();
        let link = fixture.approve(&login.url);
        network.next([Fault::Lost]);
        let error = app.complete(&link).await.unwrap_err();
        assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
        if is_forgotten {
            fixture.backend.forget_sessions();
        }
        let completion = app.complete(&link).await.unwrap();
        match is_forgotten {
            true => assert_eq!(completion, refused("access_denied", true)),
            false => drop(session_of(completion)),
        }
        assert_eq!(fixture.backend.seen("/truid/user-info").len(), 1);
        assert_eq!(fixture.backend.seen(COMPLETE).len(), 1);
    }
}

/// Without a data URL, or if the lost answer contained the new cookie, a refusal is reported as an
/// interruption.
#[tokio::test]
async fn a_refusal_after_a_lost_answer_is_an_interruption() {
    for rotates in [false, true] {
        let fixture = ExampleBackendFixture::new().await;
        let network = FaultyTransport::new();
        let mut config = fixture.config();
        match rotates {
            true => fixture.backend.rotate_cookies(),
            false => {
                config.mode = switchback::Mode::Mediated {
                    backend: Backend::custom(&fixture.at("/truid/start/{purpose}")),
                };
            }
        }
        let mut platform = fixture.platform();
        platform.http = network.clone();
        let app = Client::new(config, platform).unwrap();
        let login = app.begin(login_request()).await.unwrap();
        let link = fixture.approve(&login.url);
        network.next([Fault::LostAnswer]);
        let error = app.complete(&link).await.unwrap_err();
        assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
        for _ in 0..2 {
            let completion = app.complete(&link).await.unwrap();
            assert_eq!(completion, refused("access_denied", true));
        }
        assert_eq!(fixture.backend.seen(COMPLETE).len(), 2);
        assert_eq!(fixture.sandbox.counters().code_exchanges, 1);
    }
}

/// A login under a session has that session's cookies, which open the data URL whatever the outcome
/// of the login.
#[tokio::test]
async fn the_earlier_sessions_cookies_do_not_complete_a_login() {
    let fixture = ExampleBackendFixture::new().await;
    let network = FaultyTransport::new();
    let app = fixture.app_through(network.clone());
    let session = fixture.logged_in(&app).await;
    let verification =
        switchback::LoginRequest::mediated(switchback::Purpose::IdentityVerification);
    let login = session.begin(verification).await.unwrap();
    let link = fixture.approve(&login.url);
    network.next([Fault::Lost]);
    let error = app.complete(&link).await.unwrap_err();
    assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
    session_of(app.complete(&link).await.unwrap());
    assert_eq!(fixture.backend.seen(COMPLETE).len(), 2);
    assert_eq!(fixture.backend.seen("/truid/user-info").len(), 0);
}

#[tokio::test]
async fn a_switchback_backend_repeats_a_lost_answer() {
    let backend = SwitchbackBackend::new().await;
    let network = FaultyTransport::new();
    let mut platform = backend.platform();
    platform.http = network.clone();
    let app = Client::new(backend.config(), platform).unwrap();
    app.begin(login_request()).await.unwrap();
    network.next([Fault::LostAnswer]);
    let error = app.complete(&backend.link(1)).await.unwrap_err();
    assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
    session_of(app.complete(&backend.link(1)).await.unwrap());
    assert_eq!(backend.asked("/truid/complete").await, 2);
}

#[tokio::test]
async fn an_unsent_callback_is_forwarded_once() {
    let fixture = ExampleBackendFixture::new().await;
    let network = FaultyTransport::new();
    let app = fixture.app_through(network.clone());
    let login = app.begin(login_request()).await.unwrap();
    let link = fixture.approve(&login.url);
    // More failures than the retries of one call.
    network.next([Fault::NotSent; 4]);
    let error = app.complete(&link).await.unwrap_err();
    assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
    let before = network.sent.load(Ordering::SeqCst);
    session_of(app.complete(&link).await.unwrap());
    assert_eq!(network.sent.load(Ordering::SeqCst), before + 1);
    assert_eq!(fixture.backend.seen(COMPLETE).len(), 1);
}

#[tokio::test]
async fn concurrent_completes_share_one_run() {
    let fixture = ExampleBackendFixture::new().await;
    let (app, other) = (fixture.app(), fixture.app());
    let login = app.begin(login_request()).await.unwrap();
    let link = fixture.approve(&login.url);
    let all: Vec<_> = (0..20)
        .map(|n| {
            let (app, link) = (if n % 2 == 0 { &app } else { &other }.clone(), link.clone());
            tokio::spawn(async move { app.complete(&link).await })
        })
        .collect();
    for one in all {
        let id = session_of(one.await.unwrap().unwrap());
        assert_eq!(id.attempt(), &login.id);
    }
    assert_eq!(fixture.backend.seen(COMPLETE).len(), 1);
}

#[tokio::test]
async fn an_unstored_session_is_kept_for_the_same_link() {
    let fixture = ExampleBackendFixture::new().await;
    let mut platform = fixture.platform();
    let store = fixture.store.clone();
    let tap = crate::support::ObservedTransport {
        inner: platform.http,
        on_answer: Box::new(move |request, _| {
            if request.url.contains(COMPLETE) {
                store.lock(true);
            }
        }),
    };
    platform.http = std::sync::Arc::new(tap);
    let app = Client::new(fixture.config(), platform).unwrap();
    let login = app.begin(login_request()).await.unwrap();
    let link = fixture.approve(&login.url);
    let error = app.complete(&link).await.unwrap_err();
    assert!(matches!(error, Error::StoreLocked), "{error:?}");
    fixture.store.lock(false);
    let id = session_of(app.complete(&link).await.unwrap());
    assert_eq!(fixture.backend.seen(COMPLETE).len(), 1);
    let session = app.session(&id).await.unwrap();
    session.user_info().await.unwrap();
    assert_eq!(session.ended(), None::<SessionEnd>);
}
