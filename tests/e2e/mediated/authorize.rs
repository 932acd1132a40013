//! The app's own requests to its backend.

use std::sync::atomic::Ordering;

use switchback::{
    Answered, Backend, Client, Config, Error, Platform, Provider, Session, SessionEnd, store,
};
use switchback_protocol::http::Method;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::switchback_double::SwitchbackBackend;
use super::{ExampleBackendFixture, login_request};
use crate::support::{session_end, session_of};

/// Sends a request as an app does, with its own HTTP client. Returns the status of the last answer.
async fn call(session: &Session, url: &str) -> Result<u16, Error> {
    let mut sent = session.authorize(url).await?;
    for _ in 0..3 {
        let (status, set_cookie) = get(sent.url(), sent.headers()).await;
        match session.answered(&sent, status, &set_cookie).await? {
            Answered::SendAgain(next) => sent = next,
            _ => return Ok(status),
        }
    }
    panic!("sent again and again")
}

type Headers<'a> = &'a [(&'static str, switchback::Secret)];

async fn get(url: &str, headers: Headers<'_>) -> (u16, Vec<String>) {
    send(Method::Get, url, headers).await
}

async fn post(url: &str, headers: Headers<'_>) -> (u16, Vec<String>) {
    send(Method::Post, url, headers).await
}

async fn send(method: Method, url: &str, headers: Headers<'_>) -> (u16, Vec<String>) {
    use switchback::ports::HttpTransport as _;
    let request = switchback_protocol::http::Request {
        method,
        once: false,
        url: url.to_owned(),
        headers: headers.to_vec(),
        body: None,
    };
    let answer = switchback::http::Reqwest::new()
        .send(request)
        .await
        .unwrap();
    let set_cookie = answer.set_cookies().map(String::from).collect();
    (answer.status, set_cookie)
}

#[tokio::test]
async fn a_cookie_session_sends_and_stores_cookies() {
    let fixture = ExampleBackendFixture::new().await;
    fixture.backend.rotate_cookies();
    let app = fixture.app();
    let session = fixture.logged_in(&app).await;
    let me = fixture.at("/api/me");
    let sent = session.authorize(&me).await.unwrap();
    let names: Vec<_> = sent.headers().iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["cookie"]);
    for _ in 0..3 {
        assert_eq!(call(&session, &me).await.unwrap(), 200);
    }
    // Another process reads the newest cookie from the store.
    let other = fixture.app().session(session.id()).await.unwrap();
    assert_eq!(call(&other, &me).await.unwrap(), 200);
    // This process has an older cookie in memory, and finds the newer one.
    assert_eq!(call(&session, &me).await.unwrap(), 200);
    assert_eq!(session.ended(), None);
}

#[tokio::test]
async fn a_rejected_cookie_ends_the_session() {
    let fixture = ExampleBackendFixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    let sent = session.authorize(&fixture.at("/api/me")).await.unwrap();
    let told = session.answered(&sent, 401, &[""; 0]).await;
    assert_eq!(session_end(told.unwrap_err()), SessionEnd::EndedByBackend);
    let next = session.authorize(&fixture.at("/api/me")).await;
    assert_eq!(session_end(next.unwrap_err()), SessionEnd::EndedByBackend);
    assert_eq!(fixture.backend.seen("/truid/user-info").len(), 0);
}

/// For example a missing CSRF token, or an order of another person.
#[tokio::test]
async fn a_forbidden_request_is_returned_to_the_app() {
    let fixture = ExampleBackendFixture::new().await;
    let app = fixture.app();
    let session = fixture.logged_in(&app).await;
    let order = fixture.at("/api/order");
    for n in 1..=2 {
        let sent = session.authorize(&order).await.unwrap();
        let (status, _) = post(sent.url(), sent.headers()).await;
        assert_eq!(status, 403);
        let told = session.answered(&sent, status, &["x=1; Path=/"]).await;
        assert!(matches!(told.unwrap(), Answered::Accepted));
        assert_eq!(fixture.backend.seen("/truid/user-info").len(), n);
    }
    assert_eq!(session.ended(), None);
    session.user_info().await.unwrap();
    // The cookies of the answer are stored.
    let sent = session.authorize(&order).await.unwrap();
    assert!(sent.headers()[0].1.expose().contains("x=1"));
}

/// The session has ended, and this backend reports that with 403.
#[tokio::test]
async fn a_403_ends_the_session_if_the_data_url_confirms() {
    let fixture = ExampleBackendFixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    let order = fixture.at("/api/order");
    let sent = session.authorize(&order).await.unwrap();
    fixture.backend.forget_sessions();
    let told = session.answered(&sent, 403, &[""; 0]).await;
    assert_eq!(session_end(told.unwrap_err()), SessionEnd::EndedByBackend);
    assert_eq!(session.ended(), Some(SessionEnd::EndedByBackend));
}

/// All answers of the data URL: only 401 and 403 confirm the end, except a firewall's page. Without
/// a data URL nothing confirms it.
#[tokio::test]
async fn an_unclear_data_url_ends_no_session() {
    // Represents 403 with a page.
    const PAGE: u16 = 0;
    for (user_info, presentation, ends) in [
        (Some(401), None, true),
        (Some(403), None, true),
        (Some(PAGE), None, false),
        (Some(404), None, false),
        (Some(429), None, false),
        (Some(500), None, false),
        (Some(200), Some(401), false),
        (None, Some(401), true),
        // The refusal is possibly about the requested claim.
        (None, Some(403), false),
        (None, None, false),
    ] {
        let server = MockServer::start().await;
        let start = ResponseTemplate::new(202)
            .insert_header("location", "https://api.truid.app/authorize?state=s")
            .insert_header("set-cookie", "sid=1; Path=/");
        let mut answers = vec![("/start", start), ("/complete", ResponseTemplate::new(200))];
        let at = |path: &str| format!("{}{path}", server.uri());
        let mut backend = Backend::custom(&at("/start"));
        if let Some(status) = user_info {
            let answer = match status {
                PAGE => ResponseTemplate::new(403).set_body_raw("<html>Blocked", "text/html"),
                _ => {
                    ResponseTemplate::new(status).set_body_raw(r#"{"sub":"x"}"#, "application/json")
                }
            };
            answers.push(("/me", answer));
            backend = backend.with_user_info(&at("/me"));
        }
        if let Some(status) = presentation {
            answers.push(("/claims", ResponseTemplate::new(status)));
            backend = backend.with_presentation(&at("/claims"));
        }
        for (at, answer) in answers {
            let mock = Mock::given(path(at)).respond_with(answer);
            mock.mount(&server).await;
        }
        let config = Config::mediated(Provider::truid(), backend, at("/complete"));
        let app = Client::new(config, Platform::new(store::Memory::new())).unwrap();
        app.begin(login_request()).await.unwrap();
        let completed = app.complete(&at("/complete?code=c&state=s")).await;
        let session = app.session(&session_of(completed.unwrap())).await.unwrap();
        let sent = session.authorize(&at("/api")).await.unwrap();
        let told = session.answered(&sent, 403, &[""; 0]).await;
        let ended = ends.then_some(SessionEnd::EndedByBackend);
        assert_eq!(session.ended(), ended, "{user_info:?} {presentation:?}");
        assert_eq!(told.is_err(), ends);
    }
}

/// Another process replaced the cookie meanwhile.
#[tokio::test]
async fn a_403_to_an_old_cookie_is_retried() {
    let fixture = ExampleBackendFixture::new().await;
    fixture.backend.rotate_cookies();
    let app = fixture.app();
    let session = fixture.logged_in(&app).await;
    let me = fixture.at("/api/me");
    let old = session.authorize(&me).await.unwrap();
    let other = fixture.app().session(session.id()).await.unwrap();
    assert_eq!(call(&other, &me).await.unwrap(), 200);
    let told = session.answered(&old, 403, &[""; 0]).await.unwrap();
    let Answered::SendAgain(next) = told else {
        panic!("not to be sent again")
    };
    assert_eq!(get(next.url(), next.headers()).await.0, 200);
}

/// RFC 6265 section 5.4: a cookie for `/api` is not sent to `/elsewhere`, so a rejection there says
/// nothing about the cookie.
#[tokio::test]
async fn a_request_without_cookies_ends_no_session() {
    let server = MockServer::start().await;
    let start = ResponseTemplate::new(202)
        .insert_header("location", "https://api.truid.app/authorize?state=s")
        .insert_header("set-cookie", "sid=1; Path=/api");
    Mock::given(path("/api/start"))
        .respond_with(start)
        .mount(&server)
        .await;
    Mock::given(path("/api/complete"))
        .respond_with(ResponseTemplate::new(200))
        .mount(&server)
        .await;
    let at = |path: &str| format!("{}{path}", server.uri());
    let backend = Backend::custom(&at("/api/start"));
    let config = Config::mediated(Provider::truid(), backend, at("/api/complete"));
    let app = Client::new(config, Platform::new(store::Memory::new())).unwrap();
    app.begin(login_request()).await.unwrap();
    let completed = app.complete(&at("/api/complete?code=c&state=s")).await;
    let session = app.session(&session_of(completed.unwrap())).await.unwrap();
    let sent = session.authorize(&at("/elsewhere")).await.unwrap();
    assert!(sent.headers().is_empty());
    for status in [401, 403] {
        let told = session.answered(&sent, status, &[""; 0]).await.unwrap();
        assert!(matches!(told, Answered::Accepted), "{status}");
    }
    assert_eq!(session.ended(), None);
}

#[tokio::test]
async fn other_answers_are_returned_to_the_app() {
    let fixture = ExampleBackendFixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    let sent = session.authorize(&fixture.at("/api/me")).await.unwrap();
    for status in [200, 302, 400, 404, 409, 429, 500, 503] {
        let told = session.answered(&sent, status, &["x=1"]).await.unwrap();
        assert!(matches!(told, Answered::Accepted), "{status}");
    }
    let sent = session.authorize(&fixture.at("/api/me")).await.unwrap();
    assert!(sent.headers()[0].1.expose().contains("x=1"));
}

#[tokio::test]
async fn a_rejected_token_of_a_backend_is_refreshed_once() {
    let backend = SwitchbackBackend::new().await;
    let session = backend.logged_in(&backend.app()).await;
    let orders = backend.at("/api/orders");
    let sent = session.authorize(&orders).await.unwrap();
    let (name, value) = &sent.headers()[0];
    assert_eq!(
        (*name, value.expose()),
        ("authorization", "Bearer A1-acce55")
    );
    assert_eq!(call(&session, &orders).await.unwrap(), 200);
    // Rejected, although it is fresh by the clock.
    let Answered::SendAgain(next) = session.answered(&sent, 401, &[""; 0]).await.unwrap() else {
        panic!("not to be sent again")
    };
    assert_eq!(next.headers()[0].1.expose(), "Bearer A2-acce55");
    assert_eq!(backend.asked("/truid/token").await, 1);
    // A token identifies the person, so 403 is about a permission.
    let told = session.answered(&next, 403, &[""; 0]).await.unwrap();
    assert!(matches!(told, Answered::Accepted));
    // A rejection of the old token returns its replacement.
    let told = session.answered(&sent, 401, &[""; 0]).await.unwrap();
    assert!(matches!(told, Answered::SendAgain(_)));
    assert_eq!(backend.asked("/truid/token").await, 1);
}

#[tokio::test]
async fn a_rejected_fresh_token_ends_the_session() {
    let backend = SwitchbackBackend::new().await;
    let app = backend.app();
    let session = backend.logged_in(&app).await;
    backend.sessions().refuses.store(true, Ordering::SeqCst);
    let orders = backend.at("/api/orders");
    let ended = session_end(call(&session, &orders).await.unwrap_err());
    assert_eq!(ended, SessionEnd::EndedByBackend);
    assert_eq!(backend.asked("/truid/token").await, 1);
    assert_eq!(app.sessions().await.unwrap(), []);
    let ended = session_end(session.user_info().await.unwrap_err());
    assert_eq!(ended, SessionEnd::EndedByBackend);
}

#[tokio::test]
async fn only_the_backend_gets_session_headers() {
    let fixture = ExampleBackendFixture::new().await;
    let cookies = fixture.logged_in(&fixture.app()).await;
    let backend = SwitchbackBackend::new().await;
    let tokens = backend.logged_in(&backend.app()).await;
    let direct = crate::support::Fixture::new().await;
    let at_provider = direct.logged_in(&direct.app()).await;
    for (session, own) in [
        (&cookies, fixture.backend.url.as_str()),
        (&tokens, &backend.server.uri()),
        (&at_provider, direct.sandbox.url()),
    ] {
        session.authorize(&format!("{own}/x?y")).await.unwrap();
        let port = own.rsplit(':').next().unwrap();
        for foreign in [
            "https://evil.example/".to_owned(),
            own.replace("http://", "https://"),
            format!("{own}1/"),
            format!("http://127.0.0.1:{port}@evil.example/"),
            format!("http://evil.example\\@127.0.0.1:{port}/"),
            format!("http://localhost:{port}/"),
            "/api/me".to_owned(),
            String::new(),
        ] {
            let error = session.authorize(&foreign).await.unwrap_err();
            assert!(
                matches!(error, Error::Configuration { .. }),
                "{foreign}: {error:?}"
            );
        }
    }
}

#[tokio::test]
async fn authorizations_show_no_secret() {
    let backend = SwitchbackBackend::new().await;
    let session = backend.logged_in(&backend.app()).await;
    let sent = session
        .authorize(&backend.at("/api?q=private"))
        .await
        .unwrap();
    let shown = format!("{sent:?} {session:?}");
    assert!(shown.contains("authorization"), "{shown}");
    for secret in ["acce55", "refre5h", "private"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
