//! An attacker replaces codes, tokens and callbacks.

use switchback::{Error, LoginOutcome, Purpose, store};
use switchback_backend::Service;
use switchback_sandbox::Finding;

use super::{RecordedTraffic, altered, parameter, sent};
use crate::backend::support::{BackendFixture, XHR};
use crate::backend::support::{CLIENT_ID, CLIENT_SECRET, Node, REDIRECT_URI as COMPLETE};
use crate::mediated;
use crate::support::{Fixture, REDIRECT_URI, request, session_of};

/// The attacker's verifier and challenge, from RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The attacker has a victim's code, and wants to log in as the victim in the attacker's app.
#[tokio::test]
async fn section_4_5_authorization_code_injection_direct() {
    let fixture = Fixture::new().await;
    let (victim, attacker) = (fixture.app(), fixture.app_over(store::Memory::new()));
    let theirs = victim.begin(request(Purpose::Login)).await.unwrap();
    let stolen = parameter(&fixture.approve(&theirs.url), "code");
    let own = attacker.begin(request(Purpose::Login)).await.unwrap();
    let link = altered(&fixture.approve(&own.url), "code", Some(&stolen));
    let outcome = attacker.complete(&link).await.unwrap();
    assert!(
        matches!(outcome, LoginOutcome::Refused { .. }),
        "{outcome:?}"
    );
    assert_eq!(attacker.sessions().await.unwrap(), []);
    assert_eq!(fixture.sandbox.counters().code_exchanges, 0);
    let found = fixture.sandbox.findings();
    let found = found.iter().map(|found| found.finding);
    assert!(
        found.eq([Finding::VerifierWrong]),
        "by PKCE, and by PKCE alone"
    );
}

#[tokio::test]
async fn section_4_5_authorization_code_injection_mediated() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    // Both directions: a stolen code in the attacker's login, and the attacker's code in the
    // victim's login.
    for attacker_is_first in [true, false] {
        let (one, other) = (
            fixture.approved_login(&node).await,
            fixture.approved_login(&node).await,
        );
        let (attacker, victim) = match attacker_is_first {
            true => (one, other),
            false => (other, one),
        };
        let link = altered_path(&attacker.callback, &victim.code);
        let answer = node.complete(&link, &attacker.cookie).await;
        answer.is(403, r#"{"error":"invalid_grant"}"#);
        assert_eq!(answer.cookie(), None);
    }
    assert_eq!(fixture.sandbox.counters().code_exchanges, 0);
    let found = fixture.sandbox.findings();
    let found: Vec<_> = found.iter().map(|found| found.finding).collect();
    assert_eq!(found, [Finding::VerifierWrong; 2]);

    // The example backend, and an app in front of it.
    let fixture = mediated::ExampleBackendFixture::new().await;
    let app = fixture.app();
    let theirs = app.begin(mediated::login_request()).await.unwrap();
    let stolen = parameter(&fixture.approve(&theirs.url), "code");
    let own = app.begin(mediated::login_request()).await.unwrap();
    let link = altered(&fixture.approve(&own.url), "code", Some(&stolen));
    // That backend answers 500 if the provider refuses the code, and has used up the state.
    let error = app.complete(&link).await.unwrap_err();
    assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
    let outcome = app.complete(&link).await.unwrap();
    assert!(
        matches!(outcome, LoginOutcome::Refused { .. }),
        "{outcome:?}"
    );
    assert_eq!(app.sessions().await.unwrap(), []);
}

/// The path and query of a callback with another code.
fn altered_path(callback: &str, code: &str) -> String {
    let link = altered(
        &format!("https://service.example{callback}"),
        "code",
        Some(code),
    );
    crate::backend::support::path(&link).to_owned()
}

/// The attacker has an access token of another client or of another person.
#[tokio::test]
async fn section_4_6_access_token_injection_direct() {
    let fixture = Fixture::new().await;
    let (victim, traffic) = RecordedTraffic::app(&fixture);
    fixture.logged_in(&victim).await;
    let stolen = traffic.token("access_token");
    let app = fixture.app_over(store::Memory::new());
    let login = app.begin(request(Purpose::Login)).await.unwrap();
    let link = fixture.approve(&login.url);
    let state = parameter(&link, "state");
    let token = format!("access_token={stolen}&token_type=bearer&expires_in=300");
    for link in [
        format!("{REDIRECT_URI}?{token}&state={state}"),
        format!("{REDIRECT_URI}#{token}&state={state}"),
        format!("{REDIRECT_URI}?state={state}#{token}"),
    ] {
        let outcome = app.complete(&link).await;
        let logged_in = matches!(outcome, Ok(LoginOutcome::LoggedIn { .. }));
        assert!(!logged_in, "{outcome:?}");
    }
    assert_eq!(app.sessions().await.unwrap(), []);
    // A token in the callback is ignored.
    let outcome = app.complete(&format!("{link}&{token}")).await.unwrap();
    let session = app.session(&session_of(outcome)).await.unwrap();
    assert_ne!(session.access_token().await.unwrap().expose(), stolen);
    assert_eq!(fixture.sandbox.counters().code_exchanges, 2);
}

/// An access token that the provider issued to this service: the attacker acts as the service, with
/// its client secret.
async fn providers_token(fixture: &BackendFixture) -> String {
    let url = format!(
        "{}/oauth2/v1/authorize/login-session?response_type=code&client_id={CLIENT_ID}\
         &scope=truid.app%2Fdata-point%2Femail&state=a-state-of-the-attackers-own\
         &code_challenge={CHALLENGE}&code_challenge_method=S256",
        fixture.sandbox.url()
    );
    let url = altered(&url, "redirect_uri", Some(COMPLETE));
    let code = parameter(&fixture.approve(&url), "code");
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("redirect_uri", COMPLETE),
        ("code_verifier", VERIFIER),
        ("code", &code),
    ];
    let (status, tokens) = sent(&fixture.sandbox, "/oauth2/v1/token", None, Some(&form)).await;
    assert_eq!(status, 200, "{tokens}");
    tokens["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn section_4_6_access_token_injection_mediated() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let stolen = providers_token(&fixture).await;
    let shown = format!("Bearer {stolen}");
    for path in ["/truid/session", "/truid/user-info"] {
        let answer = node.get(path, &[("authorization", &shown)]).await;
        assert_eq!(answer.status, 401, "{path}");
        let cookie = format!("__Host-switchback={stolen}");
        assert_eq!(node.get(path, &[("cookie", &cookie)]).await.status, 401);
    }
    // Nor does it work instead of a code.
    let login = fixture.approved_login(&node).await;
    let state = &login.state;
    for query in [
        format!("access_token={stolen}&token_type=bearer&state={state}"),
        format!("code={stolen}&state={state}"),
    ] {
        let callback = format!("/truid/complete?{query}");
        let answer = node.complete(&callback, &login.cookie).await;
        assert_eq!((answer.status.as_u16(), answer.cookie()), (403, None));
    }
}

/// The attacker opens the victim's app with a link of the attacker's login, so that the victim
/// would be logged in as the attacker.
#[tokio::test]
async fn section_4_7_cross_site_request_forgery_direct() {
    let fixture = Fixture::new().await;
    let (victim, attacker) = (fixture.app(), fixture.app_over(store::Memory::new()));
    let own = attacker.begin(request(Purpose::Login)).await.unwrap();
    let link = fixture.approve(&own.url);
    let denied = format!(
        "{REDIRECT_URI}?error=access_denied&state={}",
        parameter(&link, "state")
    );
    let without = altered(&link, "state", None);
    let mut waiting = None;
    for begun in [false, true] {
        if begun {
            waiting = Some(victim.begin(request(Purpose::Login)).await.unwrap());
        }
        for forged in [&link, &denied, &without] {
            let outcome = victim.complete(forged).await.unwrap();
            let nothing = matches!(outcome, LoginOutcome::Unknown | LoginOutcome::Malformed(_));
            assert!(nothing, "{outcome:?}");
        }
        assert_eq!(victim.sessions().await.unwrap(), []);
    }
    // Neither the victim's login nor the attacker's was used up.
    assert_eq!(fixture.sandbox.counters().code_exchanges, 0);
    let theirs = fixture.approve(&waiting.unwrap().url);
    session_of(victim.complete(&theirs).await.unwrap());
    session_of(attacker.complete(&link).await.unwrap());
}

#[tokio::test]
async fn section_4_7_cross_site_request_forgery_mediated() {
    // The app sends nothing to its backend.
    let fixture = mediated::ExampleBackendFixture::new().await;
    let victim = fixture.app();
    let theirs = victim.begin(mediated::login_request()).await.unwrap();
    let platform = switchback::Platform::new(store::Memory::new());
    let attacker = switchback::Client::new(fixture.config(), platform).unwrap();
    let own = attacker.begin(mediated::login_request()).await.unwrap();
    let link = fixture.approve(&own.url);
    let outcome = victim.complete(&link).await.unwrap();
    assert_eq!(outcome, LoginOutcome::Unknown);
    assert_eq!(fixture.backend.seen("/truid/complete").len(), 0);
    session_of(
        victim
            .complete(&fixture.approve(&theirs.url))
            .await
            .unwrap(),
    );

    // A browser forwards every callback.
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let (victim, attacker) = (
        fixture.approved_login(&node).await,
        fixture.approved_login(&node).await,
    );
    let session = fixture.log_in(&node).await;
    let denied = format!(
        "/truid/complete?error=access_denied&state={}",
        attacker.state
    );
    for cookie in ["", &victim.cookie, &session] {
        for forged in [&attacker.callback, &denied] {
            let answer = node.complete(forged, cookie).await;
            assert_eq!((answer.status.as_u16(), answer.cookie()), (403, None));
        }
    }
    assert_eq!(
        fixture.sandbox.counters().code_exchanges,
        1,
        "the session's"
    );
    assert!(node.accepts(&session).await);
    for login in [victim, attacker] {
        let answer = node.complete(&login.callback, &login.cookie).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

/// The attacker changes the authorization request, so that a stolen code needs no verifier, or one
/// that the attacker knows.
#[tokio::test]
async fn section_4_8_pkce_downgrade_attack_direct() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let login = app.begin(request(Purpose::Login)).await.unwrap();
    let method = parameter(&login.url, "code_challenge_method");
    assert_eq!(method, "S256");
    for (name, value) in [
        ("code_challenge", None),
        ("code_challenge_method", None),
        ("code_challenge_method", Some("plain")),
    ] {
        let url = altered(&login.url, name, value);
        let refusal = fixture.sandbox.app().open(&url).unwrap_err();
        assert_eq!(refusal.error, "invalid_request", "{name}={value:?}");
    }
    // With the attacker's challenge the app still sends its own verifier.
    let url = altered(&login.url, "code_challenge", Some(CHALLENGE));
    let outcome = app.complete(&fixture.approve(&url)).await.unwrap();
    assert!(
        matches!(outcome, LoginOutcome::Refused { .. }),
        "{outcome:?}"
    );
    assert_eq!(app.sessions().await.unwrap(), []);
    assert_eq!(fixture.sandbox.counters().code_exchanges, 0);
}

#[tokio::test]
async fn section_4_8_pkce_downgrade_attack_mediated() {
    let fixture = BackendFixture::new().await;
    // A pushed request cannot be changed in the URL.
    let started = fixture.node().get("/truid/login-session", &[XHR]).await;
    for (name, value) in [
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "plain"),
    ] {
        let url = altered(started.location(), name, Some(value));
        let refusal = fixture.sandbox.app().open(&url).unwrap_err();
        assert_eq!(refusal.error, "invalid_request", "{name}");
    }
    // Without PAR the backend still sends its own verifier.
    let mut config = fixture.config();
    config.pushed = false;
    let node = Node::of(Service::new(config, fixture.platform()).unwrap());
    let started = node.get("/truid/login-session", &[XHR]).await;
    for (name, value) in [
        ("code_challenge", None),
        ("code_challenge_method", Some("plain")),
    ] {
        let url = altered(started.location(), name, value);
        fixture.sandbox.app().open(&url).unwrap_err();
    }
    let url = altered(started.location(), "code_challenge", Some(CHALLENGE));
    let link = fixture.approve(&url);
    let callback = crate::backend::support::path(&link);
    let answer = node.complete(callback, &started.cookie().unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.cookie()), (403, None));
    assert_eq!(fixture.sandbox.counters().code_exchanges, 0);
}
