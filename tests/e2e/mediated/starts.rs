//! Answers of a backend to a start, and what an attacker in its place cannot do.

use switchback::{Backend, Client, Config, Error, LoginAttempt, Platform, Provider, Rule, store};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::faulty_transport::{Fault, FaultyTransport};
use super::{ExampleBackendFixture, login_request};
use crate::support::TestClock;

const PAGE: &str = "https://api.truid.app/oauth2/v1/authorize/login-session?state=s";

async fn app_at(answer: ResponseTemplate) -> (MockServer, Client) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let at = |path: &str| format!("{}{path}", server.uri());
    let config = Config::mediated(
        Provider::truid(),
        Backend::custom(&at("/start")),
        at("/complete"),
    );
    let mut platform = Platform::new(store::Memory::new());
    platform.clock = TestClock::at(1_700_000_000);
    (server, Client::new(config, platform).unwrap())
}

/// A cookie of ASP.NET: `Expires` without `Max-Age`. The phone's clock is two hours ahead.
#[tokio::test]
async fn a_clock_that_is_ahead_keeps_cookies() {
    let server = MockServer::start().await;
    let set = "sid=1; Path=/; Secure; Expires=Tue, 14 Nov 2023 22:43:20 GMT; Comment=Åsa";
    let dated = |status| {
        ResponseTemplate::new(status).insert_header("date", "Tue, 14 Nov 2023 22:13:20 GMT")
    };
    let start = dated(202)
        .insert_header("location", PAGE)
        .insert_header("set-cookie", set.as_bytes());
    for (at, answer) in [
        ("/start", start),
        (
            "/complete",
            dated(200).insert_header("set-cookie", set.as_bytes()),
        ),
    ] {
        let mock = Mock::given(wiremock::matchers::path(at)).respond_with(answer);
        mock.mount(&server).await;
    }
    let at = |path: &str| format!("{}{path}", server.uri());
    let backend = Backend::custom(&at("/start"));
    let config = Config::mediated(Provider::truid(), backend, at("/complete"));
    let mut platform = Platform::new(store::Memory::new());
    let clock = TestClock::at(1_700_000_000 + 7_200);
    platform.clock = clock.clone();
    let app = Client::new(config, platform).unwrap();
    app.begin(login_request()).await.unwrap();
    let completed = app.complete(&at("/complete?code=c&state=s")).await;
    let id = crate::support::session_of(completed.unwrap());
    let session = app.session(&id).await.unwrap();
    clock.advance(1_799);
    let me = at("/api/me");
    let sent = session.authorize(&me).await.unwrap();
    assert_eq!(sent.headers()[0].1.expose(), "sid=1");
    // The answer to the app's own request has no date: the backend's clock is known from before. It
    // renews the cookie for another half an hour.
    let renewed = "sid=2; Path=/; Expires=Tue, 14 Nov 2023 23:13:19 GMT";
    session.answered(&sent, 200, &[renewed]).await.unwrap();
    let sent = session.authorize(&me).await.unwrap();
    assert_eq!(sent.headers()[0].1.expose(), "sid=2");
    clock.advance(1_801);
    assert!(session.authorize(&me).await.unwrap().headers().is_empty());
}

async fn begun(answer: ResponseTemplate) -> Result<LoginAttempt, Error> {
    let (server, app) = app_at(answer).await;
    let begun = app.begin(login_request()).await;
    let stored = app.pending_logins().await.unwrap().len();
    assert_eq!(
        stored,
        usize::from(begun.is_ok()),
        "the number of stored attempts"
    );
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
    begun
}

fn good(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status).insert_header("set-cookie", "sid=1; Path=/")
}

fn to(location: &str) -> ResponseTemplate {
    good(202).insert_header("location", location)
}

#[track_caller]
fn broken(begun: Result<LoginAttempt, Error>) -> Rule {
    match begun {
        Err(Error::Protocol { rule, .. }) => rule,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn only_the_providers_url_is_opened() {
    for (location, rule) in [
        ("javascript:alert(1)", Rule::Location),
        (
            "intent://api.truid.app#Intent;scheme=https;end",
            Rule::Location,
        ),
        ("truidtest:///x?state=s", Rule::Location),
        ("/oauth2/v1/authorize?state=s", Rule::Location),
        ("//api.truid.app/?state=s", Rule::Location),
        (
            "https://evil.example\\@api.truid.app/?state=s",
            Rule::Location,
        ),
        (
            "https://api.truid.app@evil.example/?state=s",
            Rule::Location,
        ),
        ("https://me@api.truid.app/?state=s", Rule::Location),
        ("https://api.truid.app/?state=s#x", Rule::Location),
        ("http://api.truid.app/?state=s", Rule::LocationHost),
        ("https://api.truid.app:8443/?state=s", Rule::LocationHost),
        (
            "https://api.truid.app.evil.example/?state=s",
            Rule::LocationHost,
        ),
        ("https://evil.example/?state=s", Rule::LocationHost),
        ("https://api.truid.app/?x=1", Rule::LocationState),
        ("https://api.truid.app/?state=", Rule::LocationState),
        (
            "https://api.truid.app/?state=s&redirect_uri=https%3A%2F%2Fevil.example%2F",
            Rule::LocationRedirectUri,
        ),
    ] {
        assert_eq!(broken(begun(to(location)).await), rule, "{location}");
        let json = serde_json::json!({ "url": location });
        let in_json = good(200).set_body_json(json);
        assert_eq!(broken(begun(in_json).await), rule, "{location} in JSON");
    }
}

#[tokio::test]
async fn every_valid_start_answer_is_accepted() {
    for answer in [
        to(PAGE),
        good(200).insert_header("location", PAGE),
        good(302).insert_header("location", PAGE),
        good(303).insert_header("location", PAGE),
        good(307).insert_header("location", PAGE),
        good(200).set_body_json(serde_json::json!({ "location": PAGE })),
        good(202).set_body_json(serde_json::json!({ "url": PAGE })),
        good(200).set_body_json(serde_json::json!({ "authorization_url": PAGE })),
    ] {
        assert_eq!(begun(answer).await.unwrap().url, PAGE);
    }
}

#[tokio::test]
async fn a_start_without_url_or_cookie_is_explained() {
    assert_eq!(broken(begun(good(202)).await), Rule::NoLocation);
    assert_eq!(broken(begun(good(204)).await), Rule::Status(204));
    let no_cookie = ResponseTemplate::new(202).insert_header("location", PAGE);
    assert_eq!(broken(begun(no_cookie.clone()).await), Rule::NoCookie);
    for set in [
        "__Host-sid=1; Path=/; Secure",
        "sid=1; Domain=evil.example",
        "sid=1; Path=/elsewhere",
        "sid=1; Max-Age=0",
    ] {
        let unusable = no_cookie.clone().insert_header("set-cookie", set);
        assert_eq!(broken(begun(unusable).await), Rule::NoCookie, "{set}");
    }
    let long = vec![b' '; (1 << 20) + 1];
    let too_long = to(PAGE).set_body_raw(long, "text/plain");
    assert_eq!(broken(begun(too_long).await), Rule::TooLong);
}

#[tokio::test]
async fn a_refused_start_says_what_to_do() {
    for status in [429, 500, 503] {
        let busy = ResponseTemplate::new(status).insert_header("retry-after", "7");
        let error = begun(busy).await.unwrap_err();
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
    }
    for (status, words) in [
        (400, "status 400: invalid_request (no such locale)"),
        (401, "begin it under a session"),
        (403, "status 403"),
        (404, "check the URL"),
    ] {
        let body = r#"{"error":"invalid_request","error_description":"no such locale"}"#;
        let refusal = ResponseTemplate::new(status).set_body_string(body);
        let error = begun(refusal).await.unwrap_err();
        assert!(matches!(error, Error::Configuration { .. }), "{error:?}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[tokio::test]
async fn an_unreachable_backend_begins_nothing() {
    let fixture = ExampleBackendFixture::new().await;
    let network = FaultyTransport::new();
    let app = fixture.app_through(network.clone());
    // A request that was not sent is retried; a request that may have arrived is not.
    network.next([Fault::NotSent, Fault::LostAnswer]);
    let error = app.begin(login_request()).await.unwrap_err();
    assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
    assert_eq!(fixture.backend.seen("/truid/start/login-session").len(), 1);
    assert_eq!(app.pending_logins().await.unwrap(), []);
    network.next([Fault::NotSent]);
    app.begin(login_request()).await.unwrap();
}

#[tokio::test]
async fn a_login_is_stored_before_its_url_is_returned() {
    let fixture = ExampleBackendFixture::new().await;
    fixture.store.lock(true);
    let error = fixture.app().begin(login_request()).await.unwrap_err();
    assert!(matches!(error, Error::StoreLocked), "{error:?}");
}
