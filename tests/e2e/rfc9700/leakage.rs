//! Leaks: in a `Referer`, in a browser's history, to a wrong server, and through a proxy.

use switchback::{
    Backend, Client, Config, Error, LoginOutcome, Platform, Provider, Purpose, store,
};
use switchback_backend::Credential;
use url::Url;
use wiremock::matchers::{any, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{RecordedTraffic, parameter, sent};
use crate::backend::support::{self, BackendFixture, HTML, XHR};
use crate::mediated;
use crate::support::{Fixture, REDIRECT_URI, config_at, request, session_of};

#[tokio::test]
async fn section_4_2_credential_leakage_via_referer_headers_direct() {
    let fixture = Fixture::new().await;
    let (app, traffic) = RecordedTraffic::app(&fixture);
    let login = app.begin(request(Purpose::Login)).await.unwrap();
    let link = fixture.approve(&login.url);
    let id = session_of(app.complete(&link).await.unwrap());
    let session = app.session(&id).await.unwrap();
    session.user_info().await.unwrap();
    fixture.advance(61);
    session.access_token().await.unwrap();
    let form = traffic.all()[0].0.body.clone().unwrap();
    let form = Url::parse(&format!("x:?{}", form.expose())).unwrap();
    let verifier = form.query_pairs().find(|(name, _)| name == "code_verifier");
    let secrets = [
        parameter(&link, "code"),
        parameter(&link, "state"),
        verifier.unwrap().1.into_owned(),
        traffic.token("access_token"),
        traffic.token("refresh_token"),
    ];
    let all = traffic.all();
    assert_eq!(all.len(), 3, "the code, the user info, the refresh");
    // A `Referer` contains only a URL, and the app sends no `Referer`.
    for (request, _) in &all {
        assert!(request.headers.iter().all(|(name, _)| *name != "referer"));
        for secret in &secrets {
            assert!(!request.url.contains(secret), "{}", request.url);
        }
    }
}

#[tokio::test]
async fn section_4_2_credential_leakage_via_referer_headers_mediated() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let started = node.get("/truid/login-session", &[HTML]).await;
    let cookie = started.cookie().unwrap();
    let link = fixture.approve(started.location());
    let (code, state) = (parameter(&link, "code"), parameter(&link, "state"));
    let callback = support::path(&link);
    // In a browser without the login's cookie, and in the browser that began it.
    let stranger = node.get(callback, &[HTML]).await;
    let completed = node.get(callback, &[HTML, ("cookie", &cookie)]).await;
    assert!(completed.cookie().is_some(), "{completed:?}");
    for answer in [&started, &stranger, &completed] {
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
    }
    // The URL of the page after the login contains nothing, and a page whose URL contains a code
    // loads nothing and links nowhere else.
    for secret in [&code, &state] {
        assert!(!completed.location().contains(secret.as_str()));
    }
    let policy = stranger.header("content-security-policy");
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(!stranger.body.contains("=\"http"), "{}", stranger.body);
}

#[tokio::test]
async fn section_4_3_credential_leakage_via_browser_history_direct() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let login = app.begin(request(Purpose::Login)).await.unwrap();
    let link = fixture.approve(&login.url);
    let id = session_of(app.complete(&link).await.unwrap());
    // The link from the history, on another phone and on the same phone.
    let other = fixture.app_over(store::Memory::new());
    let outcome = other.complete(&link).await.unwrap();
    assert_eq!(outcome, LoginOutcome::Unknown);
    app.session(&id).await.unwrap().log_out().await.unwrap();
    assert_eq!(app.complete(&link).await.unwrap(), LoginOutcome::Replayed);
    assert_eq!(app.sessions().await.unwrap(), []);
    assert_eq!(fixture.sandbox.counters().code_exchanges, 1);
    // The authorization URL from the history: its state was used.
    let again = fixture.approve(&login.url);
    assert_eq!(app.complete(&again).await.unwrap(), LoginOutcome::Replayed);
    assert_eq!(fixture.sandbox.counters().code_exchanges, 1);
    // An access token in a URL opens nothing.
    let (app, traffic) = RecordedTraffic::app(&fixture);
    fixture.logged_in(&app).await;
    let access = traffic.token("access_token");
    let in_url = format!("/oidc/v1/user-info?access_token={access}");
    assert_eq!(sent(&fixture.sandbox, &in_url, None, None).await.0, 400);
}

#[tokio::test]
async fn section_4_3_credential_leakage_via_browser_history_mediated() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let login = fixture.approved_login(&node).await;
    let mine = node.complete(&login.callback, &login.cookie).await;
    let session = mine.cookie().unwrap();
    let other = fixture.log_in(&node).await;
    // The link from the history, opened by others: before and after the log-out.
    for over in [false, true] {
        for cookie in ["", &other] {
            let answer = node.complete(&login.callback, cookie).await;
            assert_ne!(answer.status, 200, "{answer:?}");
            assert_eq!(answer.cookie(), None);
        }
        if !over {
            node.post("/truid/log-out", &[("cookie", &session)], "")
                .await;
        }
    }
    // And with the cookies of that time.
    for cookie in [&login.cookie, &session] {
        let answer = node.complete(&login.callback, cookie).await;
        assert_ne!(answer.status, 200, "{answer:?}");
    }
    assert_eq!(fixture.sandbox.counters().code_exchanges, 2);
    // A session in a URL opens nothing.
    let value = other.split_once('=').unwrap().1;
    for name in ["access_token", "switchback", "__Host-switchback"] {
        let in_url = format!("/truid/user-info?{name}={value}");
        assert_eq!(node.get(&in_url, &[]).await.status, 401, "{name}");
    }
    assert!(node.accepts(&other).await);
}

/// A server that redirects to the attacker's server, and that server.
async fn redirecting_server(at: &str) -> (MockServer, MockServer) {
    let (server, evil) = (MockServer::start().await, MockServer::start().await);
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200))
        .mount(&evil)
        .await;
    let redirect = ResponseTemplate::new(307).insert_header("location", evil.uri());
    Mock::given(path(at))
        .respond_with(redirect)
        .mount(&server)
        .await;
    (server, evil)
}

async fn answers(server: &MockServer, at: &str, answer: ResponseTemplate) {
    Mock::given(path(at))
        .respond_with(answer)
        .mount(server)
        .await;
}

async fn requests(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

#[tokio::test]
async fn section_4_9_access_token_leakage_at_the_resource_server_direct() {
    let (server, evil) = redirecting_server("/oidc/v1/user-info").await;
    let tokens = r#"{"access_token":"A","token_type":"bearer","expires_in":300}"#;
    let tokens = ResponseTemplate::new(200).set_body_raw(tokens, "application/json");
    answers(&server, "/oauth2/v1/token", tokens).await;
    let platform = Platform::new(store::Memory::new());
    let app = Client::new(config_at(&server.uri()), platform).unwrap();
    let login = app.begin(request(Purpose::Login)).await.unwrap();
    let state = parameter(&login.url, "state");
    let link = format!("{REDIRECT_URI}?code=c&state={state}");
    let id = session_of(app.complete(&link).await.unwrap());
    let session = app.session(&id).await.unwrap();
    // The token follows no redirect, and is sent to no other server.
    session.user_info().await.unwrap_err();
    let error = session.authorize(&evil.uri()).await.unwrap_err();
    assert!(matches!(error, Error::Configuration { .. }), "{error:?}");
    assert_eq!((requests(&server).await, requests(&evil).await), (2, 0));
}

#[tokio::test]
async fn section_4_9_access_token_leakage_at_the_resource_server_mediated() {
    let (server, evil) = redirecting_server("/user-info").await;
    let at = |path: &str| format!("{}{path}", server.uri());
    let start = ResponseTemplate::new(202)
        .insert_header("location", "https://api.truid.app/authorize?state=s")
        .insert_header("set-cookie", "sid=1; Path=/");
    answers(&server, "/start", start).await;
    answers(&server, "/complete", ResponseTemplate::new(200)).await;
    let backend = Backend::custom(&at("/start")).with_user_info(&at("/user-info"));
    let config = Config::mediated(Provider::truid(), backend, at("/complete"));
    let app = Client::new(config, Platform::new(store::Memory::new())).unwrap();
    app.begin(mediated::login_request()).await.unwrap();
    let completed = app.complete(&at("/complete?code=c&state=s")).await.unwrap();
    let session = app.session(&session_of(completed)).await.unwrap();
    session.user_info().await.unwrap_err();
    let error = session.authorize(&evil.uri()).await.unwrap_err();
    assert!(matches!(error, Error::Configuration { .. }), "{error:?}");
    assert_eq!((requests(&server).await, requests(&evil).await), (3, 0));
}

/// Any client can send the headers of a proxy.
#[tokio::test]
async fn section_4_13_tls_terminating_reverse_proxies_mediated() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let session = fixture.log_in(&node).await;
    let who = node.get("/truid/session", &[("cookie", &session)]).await;
    let credential = Credential::read(session.split_once('=').unwrap().1).unwrap();
    let person = node.service.session(&credential).await.unwrap();
    let subject = person.user_info().await.unwrap().sub;
    let subject = subject.as_str();
    for (name, value) in [
        ("x-forwarded-user", subject),
        ("x-remote-user", subject),
        ("remote-user", subject),
        ("x-authenticated-userid", subject),
        ("x-ssl-client-cert", "-----BEGIN CERTIFICATE-----"),
        ("x-forwarded-client-cert", "Subject=\"CN=maja\""),
        ("client-cert", ":MIIB:"),
        ("x-forwarded-for", "127.0.0.1"),
        ("x-real-ip", "127.0.0.1"),
        (
            "forwarded",
            "for=127.0.0.1;host=service.example;proto=https",
        ),
        ("x-original-url", "/truid/user-info"),
        ("x-rewrite-url", "/truid/user-info"),
    ] {
        for path in ["/truid/session", "/truid/user-info"] {
            let answer = node.get(path, &[(name, value)]).await;
            assert_eq!(answer.status, 401, "{name} at {path}");
        }
        let shown = [("cookie", &*session), (name, value)];
        let same = node.get("/truid/session", &shown).await;
        assert_eq!((same.status, &same.body), (who.status, &who.body), "{name}");
        // The cookie stays `Secure` even if the headers claim plain HTTP.
        let plain = [XHR, (name, value), ("x-forwarded-proto", "http")];
        let started = node.get("/truid/login-session", &plain).await;
        let set = started.header("set-cookie");
        assert!(
            set.starts_with("__Host-") && set.contains("Secure"),
            "{set}"
        );
    }
}
