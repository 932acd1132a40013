//! Redirects: similar redirect URIs, open redirectors, and redirects of the provider.

use switchback::{LoginOutcome, Purpose};
use switchback_sandbox::{Endpoint, Misbehaviour, Rule, Sandbox, StepView};

use super::altered;
use crate::backend::support::{BackendFixture, HTML, XHR};
use crate::mediated;
use crate::support::{Fixture, REDIRECT_URI, request, session_of};

/// Redirect URIs that are similar to the app's.
const NEAR: [&str; 10] = [
    "https://evil.example/truid/callback",
    "https://app.example.evil.example/truid/callback",
    "https://app.example@evil.example/truid/callback",
    "https://sub.app.example/truid/callback",
    "https://app.example:444/truid/callback",
    "http://app.example/truid/callback",
    "https://app.example/truid/callbacks",
    "https://app.example/truid/callback/..",
    "https://app.example/truid/callback/../../evil",
    "https://app.example/evil",
];

#[tokio::test]
async fn section_4_1_insufficient_redirection_uri_validation_direct() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let login = app.begin(request(Purpose::Login)).await.unwrap();
    // The attacker changes the redirect URI: the provider refuses.
    let query = format!("{REDIRECT_URI}?next=https://evil.example");
    for near in NEAR.into_iter().chain([&*query]) {
        let url = altered(&login.url, "redirect_uri", Some(near));
        let refusal = fixture.sandbox.app().open(&url).unwrap_err();
        assert_eq!(refusal.error, "invalid_redirect_uri", "{near}");
        assert_eq!(refusal.redirect, None, "{near}");
    }
    // A link with another address is not the app's.
    let link = fixture.approve(&login.url);
    for near in NEAR {
        let other = link.replace(REDIRECT_URI, near);
        assert!(!app.accepts(&other), "{near}");
        let outcome = app.complete(&other).await.unwrap();
        assert_eq!(outcome, LoginOutcome::NotOurs, "{near}");
    }
    assert_eq!(fixture.sandbox.counters().code_exchanges, 0);
    session_of(app.complete(&link).await.unwrap());
}

#[tokio::test]
async fn section_4_1_insufficient_redirection_uri_validation_mediated() {
    // The backend has pushed the redirect URI, so the URL contains none that could be changed.
    let fixture = BackendFixture::new().await;
    let started = fixture.node().get("/truid/login-session", &[XHR]).await;
    assert!(!started.location().contains("redirect_uri"), "{started:?}");
    for near in NEAR {
        let url = altered(started.location(), "redirect_uri", Some(near));
        let refusal = fixture.sandbox.app().open(&url).unwrap_err();
        assert_eq!(refusal.redirect, None, "{near}");
    }
    // The app forwards no link with another address to its backend.
    let fixture = mediated::ExampleBackendFixture::new().await;
    let app = fixture.app();
    let link = fixture.approve(&app.begin(mediated::login_request()).await.unwrap().url);
    let own = fixture.at("/truid/complete");
    for near in NEAR.map(String::from).into_iter().chain([
        format!("{own}s"),
        fixture.at("/truid/start/login-session"),
        own.replace("http://", "http://evil.example@"),
        own.replace("127.0.0.1", "127.0.0.1.evil.example"),
    ]) {
        let other = link.replace(&own, &near);
        let outcome = app.complete(&other).await.unwrap();
        assert_eq!(outcome, LoginOutcome::NotOurs, "{near}");
    }
    assert_eq!(fixture.backend.seen("/truid/complete").len(), 0);
    session_of(app.complete(&link).await.unwrap());
}

const EVIL: &str = "https%3A%2F%2Fevil.example%2Fphish";

#[tokio::test]
async fn section_4_11_open_redirection_direct() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    for outcome in ["code=c", "error=server_error"] {
        let login = app.begin(request(Purpose::Login)).await.unwrap();
        let state = super::parameter(&login.url, "state");
        let link = format!(
            "{REDIRECT_URI}?{outcome}&state={state}&error_uri={EVIL}&redirect_uri={EVIL}&next={EVIL}"
        );
        // No URL results that an app could open.
        let told = app.complete(&link).await.unwrap();
        assert!(!format!("{told:?}").contains("evil"), "{told:?}");
    }
    // The provider is not an open redirector either: it refuses instead of redirecting.
    let login = app.begin(request(Purpose::Login)).await.unwrap();
    let url = altered(&login.url, "redirect_uri", Some("https://evil.example/"));
    let refusal = fixture.sandbox.app().open(&url).unwrap_err();
    assert_eq!(refusal.redirect, None);
}

#[tokio::test]
async fn section_4_11_open_redirection_mediated() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let names = [
        "after_login",
        "next",
        "return_to",
        "redirect",
        "redirect_uri",
        "url",
    ];
    let asked: Vec<_> = names.iter().map(|name| format!("{name}={EVIL}")).collect();
    let asked = asked.join("&");
    for approves in [true, false] {
        let start = format!("/truid/login-session?{asked}");
        let started = node.get(&start, &[HTML]).await;
        assert!(started.location().starts_with(fixture.sandbox.url()));
        assert!(!started.location().contains("evil"), "{started:?}");
        let cookie = started.cookie().unwrap();
        let link = match approves {
            true => fixture.approve(started.location()),
            false => fixture.decline(started.location()),
        };
        let callback = format!("{}&{asked}", crate::backend::support::path(&link));
        let shown = [
            HTML,
            ("cookie", &*cookie),
            ("referer", "https://evil.example/"),
        ];
        let completed = node.get(&callback, &shown).await;
        // To the configured page, on the service itself.
        assert!(completed.location().starts_with('/'), "{completed:?}");
        assert!(!completed.location().starts_with("//"), "{completed:?}");
        assert!(!format!("{completed:?}").contains("evil"), "{completed:?}");
    }
}

/// The next request is answered with 307, which would repeat the form with its secrets.
fn redirects(sandbox: &Sandbox, endpoint: Endpoint) {
    let rule = Rule {
        endpoint: Some(endpoint),
        ..Rule::new(Misbehaviour::Redirected)
    };
    sandbox.misbehave(rule).unwrap();
}

/// The number of redirects, and the number of requests that followed one.
fn redirected(sandbox: &Sandbox) -> (usize, usize) {
    let flows = sandbox.flows();
    let flows = flows.iter().filter_map(|flow| sandbox.flow(&flow.id));
    let said: Vec<_> = flows.flat_map(|flow| flow.said).collect();
    let count = |what: &dyn Fn(&StepView) -> bool| said.iter().filter(|step| what(step)).count();
    (
        count(&|step| step.status == Some(307)),
        count(&|step| step.title.ends_with("/moved")),
    )
}

#[tokio::test]
async fn section_4_12_307_redirect_direct() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    redirects(&fixture.sandbox, Endpoint::CodeExchange);
    let login = app.begin(request(Purpose::Login)).await.unwrap();
    let outcome = app.complete(&fixture.approve(&login.url)).await;
    let logged_in = matches!(outcome, Ok(LoginOutcome::LoggedIn { .. }));
    assert!(!logged_in, "{outcome:?}");
    let session = fixture.logged_in(&app).await;
    fixture.advance(61);
    redirects(&fixture.sandbox, Endpoint::Refresh);
    assert!(session.access_token().await.is_err());
    assert_eq!(redirected(&fixture.sandbox), (2, 0));
    assert_eq!(fixture.sandbox.findings(), []);
}

#[tokio::test]
async fn section_4_12_307_redirect_mediated() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    redirects(&fixture.sandbox, Endpoint::Par);
    let refused = node.get("/truid/login-session", &[XHR]).await;
    assert_eq!(refused.location(), "", "{refused:?}");
    redirects(&fixture.sandbox, Endpoint::CodeExchange);
    let login = fixture.approved_login(&node).await;
    let refused = node.complete(&login.callback, &login.cookie).await;
    assert_ne!(refused.status, 200, "{refused:?}");
    let session = fixture.log_in(&node).await;
    fixture.advance(61);
    redirects(&fixture.sandbox, Endpoint::Refresh);
    node.get("/truid/user-info", &[("cookie", &session)]).await;
    assert_eq!(redirected(&fixture.sandbox), (3, 0));
    // The service's own redirects never repeat a form.
    let started = node.get("/truid/login-session", &[HTML]).await;
    let cookie = started.cookie().unwrap();
    let link = fixture.approve(started.location());
    let shown = [HTML, ("cookie", &*cookie)];
    let completed = node.get(crate::backend::support::path(&link), &shown).await;
    let session = completed.cookie().unwrap();
    let gone = node
        .post("/truid/log-out", &[HTML, ("cookie", &session)], "")
        .await;
    for answer in [&started, &completed, &gone] {
        let status = answer.status.as_u16();
        assert!([302, 303].contains(&status), "{answer:?}");
    }
}
