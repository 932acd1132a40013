//! Client authentication by each method, and pushed authorization requests.

use std::sync::Arc;

use switchback_backend::{ClientAuthentication, Config, Service, SigningKey};
use switchback_sandbox::RegisteredClient;

use super::support::{BackendFixture, CLIENT_ID, CLIENT_SECRET, Node, REDIRECT_URI};

/// A login, a refresh and a log-out: every request that a client authenticates for.
async fn login_refresh_and_log_out(fixture: &BackendFixture, config: Config) {
    let node = Node::of(Service::new(config, fixture.platform()).unwrap());
    let session = fixture.log_in(&node).await;
    fixture.advance(61);
    let who = node.get("/truid/session", &[("cookie", &session)]).await;
    assert_eq!(who.status, 200, "{who:?}");
    let counters = fixture.sandbox.counters();
    assert_eq!((counters.code_exchanges, counters.refreshes), (1, 1));
    assert_eq!(counters.refused_token_requests, 0);
    assert_eq!(fixture.sandbox.findings(), []);
}

#[tokio::test]
async fn a_client_secret_is_sent_in_the_body_or_in_the_header() {
    for authentication in [
        ClientAuthentication::SecretPost(CLIENT_SECRET.into()),
        ClientAuthentication::SecretBasic(CLIENT_SECRET.into()),
    ] {
        let fixture = BackendFixture::new().await;
        let mut config = fixture.config();
        config.authentication = authentication;
        login_refresh_and_log_out(&fixture, config).await;
    }
}

#[tokio::test]
async fn a_secret_with_special_characters_arrives_unchanged() {
    let secret = "s% +&=:~\"/?#";
    for authentication in [
        ClientAuthentication::SecretPost(secret.into()),
        ClientAuthentication::SecretBasic(secret.into()),
    ] {
        let client = RegisteredClient::confidential(CLIENT_ID, secret, REDIRECT_URI);
        let fixture = BackendFixture::with(client).await;
        let mut config = fixture.config();
        config.authentication = authentication;
        login_refresh_and_log_out(&fixture, config).await;
    }
}

#[tokio::test]
async fn private_key_jwt_sends_no_secret() {
    let p256 = rcgen::KeyPair::generate().unwrap();
    let rsa = include_str!("keys/rsa-for-tests.pem");
    let rsa = rcgen::KeyPair::from_pem(rsa).unwrap();
    for key in [p256, rsa] {
        let client = RegisteredClient::with_key(CLIENT_ID, key.public_key_pem(), REDIRECT_URI);
        let fixture = BackendFixture::with(client).await;
        let mut config = fixture.config();
        let signing = SigningKey::from_pem(&key.serialize_pem(), Some("2026".into())).unwrap();
        config.authentication = ClientAuthentication::PrivateKey(Arc::new(signing));
        login_refresh_and_log_out(&fixture, config).await;
    }
}

#[tokio::test]
async fn without_par_the_url_has_the_whole_request() {
    let fixture = BackendFixture::new().await;
    let mut config = fixture.config();
    config.pushed = false;
    let node = Node::of(Service::new(config.clone(), fixture.platform()).unwrap());
    let started = node
        .get("/truid/login-session", &[super::support::XHR])
        .await;
    let state = started.json()["state"].as_str().unwrap().to_owned();
    assert!(started.location().contains(&format!("state={state}")));
    assert!(!started.location().contains("secret"));
    assert_eq!(started.json().get("expires_in"), None);
    login_refresh_and_log_out(&fixture, config).await;
}

#[tokio::test]
async fn a_refused_client_is_logged_for_the_operator() {
    let fixture = BackendFixture::new().await;
    let mut config = fixture.config();
    config.authentication = ClientAuthentication::SecretPost("another".into());
    let service = Service::new(config, fixture.platform()).unwrap();
    let error = service
        .begin(switchback::Purpose::Login, None)
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("invalid_client"), "{error}");
    assert!(error.contains("compare the client id"), "{error}");
    assert!(!error.contains("another"), "{error}");
}

#[test]
fn an_invalid_key_is_explained_and_not_shown() {
    let p384 = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap();
    for (pem, words) in [
        ("hunter2", "openssl genpkey"),
        (
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            "P-256",
        ),
        (&p384.serialize_pem(), "P-256"),
    ] {
        let error = SigningKey::from_pem(pem, None).err().unwrap().to_string();
        assert!(error.contains(words), "{error}");
        assert!(
            !error.contains("hunter2") && !error.contains("AAAA"),
            "{error}"
        );
    }
}
