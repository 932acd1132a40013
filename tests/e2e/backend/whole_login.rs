//! Complete logins for apps and browsers, as Truid's guide describes them.

use serde_json::json;
use switchback_backend::{Error, Purpose, Service};

use super::support::{BackendFixture, HTML, TOKENS, XHR, path};

#[tokio::test]
async fn an_app_logs_in_through_the_backend() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let started = node.get("/truid/login-session", &[XHR]).await;
    assert_eq!(started.status, 202);
    assert!(started.location().contains("request_uri="), "{started:?}");
    assert!(!started.location().contains("state="), "{started:?}");
    assert_eq!(started.json()["expires_in"], 60);
    let cookie = started.cookie().unwrap();
    let link = fixture.approve(started.location());
    let state = started.json()["state"].as_str().unwrap().to_owned();
    assert!(link.contains(&format!("state={state}")));

    let completed = node.get(path(&link), &[XHR, ("cookie", &cookie)]).await;
    completed.is(200, r#"{"purpose":"login"}"#);
    let session = completed.cookie().unwrap();
    assert_ne!(
        session, cookie,
        "what was known before the login opens nothing after it"
    );

    let shown = [("cookie", &*session)];
    let who = node.get("/truid/session", &shown).await;
    assert_eq!(who.json()["purpose"], "login");
    let info = node.get("/truid/user-info", &shown).await;
    assert_eq!(info.status, 200, "{info:?}");
    assert!(info.json()["email"].is_string(), "{info:?}");
    let email = "truid.app/claim/email/v1";
    let presentation = node
        .get(&format!("/truid/presentation?claims={email}"), &shown)
        .await;
    assert_eq!(presentation.json()["claims"][0]["type"], email);
    assert_eq!(fixture.sandbox.findings(), []);

    let gone = node.post("/truid/log-out", &shown, "").await;
    gone.is(204, "");
    node.get("/truid/session", &shown)
        .await
        .is(401, r#"{"error":"login_required","reason":"no_session"}"#);
}

#[tokio::test]
async fn a_browser_logs_in_and_returns_to_a_page() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let started = node.get("/truid/login-session", &[HTML]).await;
    assert_eq!(started.status, 302);
    let cookie = started.cookie().unwrap();
    let link = fixture.approve(started.location());
    let completed = node.get(path(&link), &[HTML, ("cookie", &cookie)]).await;
    assert_eq!(
        (completed.status.as_u16(), completed.location()),
        (302, "/")
    );
    let session = completed.cookie().unwrap();
    let who = node.get("/truid/session", &[("cookie", &session)]).await;
    assert_eq!(who.status, 200);
}

#[tokio::test]
async fn a_decline_is_reported_as_access_denied() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    for (kind, status) in [(XHR, 403), (HTML, 302)] {
        let started = node.get("/truid/login-session", &[kind]).await;
        let cookie = started.cookie().unwrap();
        let link = fixture.decline(started.location());
        let completed = node.get(path(&link), &[kind, ("cookie", &cookie)]).await;
        assert_eq!(completed.status, status);
        match status {
            403 => completed.is(403, r#"{"error":"access_denied"}"#),
            _ => assert_eq!(completed.location(), "/?login=access_denied"),
        }
    }
}

#[tokio::test]
async fn an_app_without_cookies_gets_the_backends_tokens() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let started = node.get("/truid/login-session", &[XHR, TOKENS]).await;
    let login = started.json()["login_token"].as_str().unwrap().to_owned();
    let bearer = |token: &str| format!("Bearer {token}");
    let link = fixture.approve(started.location());
    let shown = bearer(&login);
    let completed = node
        .get(path(&link), &[XHR, TOKENS, ("authorization", &shown)])
        .await;
    assert_eq!(completed.status, 200, "{completed:?}");
    assert_eq!(completed.cookie(), None);
    let tokens = completed.json();
    assert_eq!(tokens["token_type"], "bearer");
    assert_eq!(tokens["expires_in"], json!(900));
    let access = bearer(tokens["access_token"].as_str().unwrap());
    let who = node
        .get("/truid/session", &[("authorization", &access)])
        .await;
    assert_eq!(who.status, 200);
}

/// The backend serves one callback path only; other redirect URIs would lead to no route.
#[tokio::test]
async fn separate_redirect_uris_per_purpose_are_refused() {
    let fixture = BackendFixture::new().await;
    let mut config = fixture.config();
    let sign_up = "https://service.example/truid/complete-signup";
    let registration = config.registration.clone();
    let registration = registration.with_redirect_uri(Purpose::Onboarding, sign_up);
    config.registration = registration.unwrap();
    let error = Service::new(config, fixture.platform()).map(drop);
    let Err(Error::Configuration(what)) = error else {
        panic!("{error:?}")
    };
    assert!(what.contains("register the same redirect URI"), "{what}");
}
