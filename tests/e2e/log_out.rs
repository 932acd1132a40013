//! Log-out at a service that offers revocation (RFC 7009) and RP-Initiated Logout. Truid documents
//! neither, so a separate server answers here.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use switchback::{
    Client, Config, LoginOutcome, Provider, Purpose, Revocation, Session, SessionEnd,
};
use wiremock::matchers::{body_string_contains, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{CLIENT_ID, Fixture, REDIRECT_URI, TestClock, request, session_end};

const NOW: i64 = 1_700_000_000;

fn tokens(n: u32, subject: &str) -> ResponseTemplate {
    let claims = URL_SAFE_NO_PAD.encode(format!(r#"{{"sub":"{subject}","aud":"{CLIENT_ID}"}}"#));
    ResponseTemplate::new(200).set_body_json(serde_json::json!({
        "access_token": format!("access-{n}"), "token_type": "bearer", "expires_in": 60,
        "refresh_token": format!("refresh-{n}"), "id_token": format!("e30.{claims}.s{n}"),
    }))
}

/// A service that answers a code with tokens, and a refresh with this answer.
async fn service(refreshed: ResponseTemplate, revoked: u16) -> MockServer {
    let server = MockServer::start().await;
    for (grant_type, answer) in [
        ("authorization_code", tokens(1, "me")),
        ("refresh_token", refreshed),
    ] {
        Mock::given(method("POST"))
            .and(path("/oauth2/v1/token"))
            .and(body_string_contains(format!("grant_type={grant_type}")))
            .respond_with(answer)
            .mount(&server)
            .await;
    }
    Mock::given(method("POST"))
        .and(path("/revoke"))
        .respond_with(ResponseTemplate::new(revoked))
        .mount(&server)
        .await;
    server
}

async fn revocations(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    let revocations = requests.iter().filter(|r| r.url.path() == "/revoke");
    revocations
        .map(|request| String::from_utf8(request.body.clone()).unwrap())
        .collect()
}

async fn logged_in(server: &MockServer, clock: &std::sync::Arc<TestClock>) -> Session {
    let provider = Provider::truid()
        .with_base_url(&server.uri())
        .with_revocation("/revoke")
        .with_end_session("/logout");
    let platform = {
        let mut platform = switchback::Platform::new(switchback::store::Memory::new());
        platform.clock = clock.clone();
        platform
    };
    let config = Config::direct(provider, CLIENT_ID, REDIRECT_URI);
    let app = Client::new(config, platform).unwrap();
    let login = app.begin(request(Purpose::Login)).await.unwrap();
    let state = login.url.split("state=").nth(1).unwrap();
    let state = state.split('&').next().unwrap();
    let link = format!("{REDIRECT_URI}?code=c&state={state}");
    match app.complete(&link).await.unwrap() {
        LoginOutcome::LoggedIn { session, .. } => app.session(&session).await.unwrap(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn log_out_revokes_and_returns_the_end_session_url() {
    let server = service(tokens(2, "me"), 200).await;
    let session = logged_in(&server, &TestClock::at(NOW)).await;
    let done = session.log_out().await.unwrap();
    assert_eq!(done.revocation, Revocation::Done);
    let [form] = &revocations(&server).await[..] else {
        panic!("once")
    };
    assert_eq!(form, &format!("token=refresh-1&client_id={CLIENT_ID}"));
    let url = done.end_session_url.clone().unwrap();
    let expected = format!(
        "{}/logout?client_id={CLIENT_ID}&id_token_hint=e30.",
        server.uri()
    );
    assert!(url.expose().starts_with(&expected), "{}", url.expose());
    assert!(!format!("{done:?}").contains("id_token_hint"));
    // The second log-out has nothing to revoke.
    let again = session.log_out().await.unwrap();
    assert_eq!(again.revocation, Revocation::NotNeeded);
    assert_eq!(revocations(&server).await.len(), 1);
}

#[tokio::test]
async fn a_failed_revocation_still_logs_out() {
    let server = service(tokens(2, "me"), 503).await;
    let session = logged_in(&server, &TestClock::at(NOW)).await;
    let done = session.log_out().await.unwrap();
    assert_eq!(done.revocation, Revocation::Failed);
    assert_eq!(session.ended(), Some(SessionEnd::LoggedOut));
}

#[tokio::test]
async fn tokens_of_another_person_are_dropped_and_revoked() {
    let server = service(tokens(2, "another-person"), 200).await;
    let clock = TestClock::at(NOW);
    let session = logged_in(&server, &clock).await;
    assert!(session.subject().unwrap().is("me"));
    clock.advance(60);
    let error = session.access_token().await.unwrap_err();
    assert_eq!(session_end(error), SessionEnd::OtherPerson);
    // The revocation runs in a detached task, which no caller waits for.
    let revoked = async {
        while revocations(&server).await.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), revoked)
        .await
        .unwrap();
    assert!(revocations(&server).await[0].contains("token=refresh-2"));
}

#[tokio::test]
async fn truid_offers_no_revocation() {
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    let done = session.log_out().await.unwrap();
    assert_eq!(done.revocation, Revocation::NotOffered);
    assert_eq!(done.end_session_url, None);
}
