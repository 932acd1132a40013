//! Invalid configurations fail before a request is sent.

use switchback::{Backend, Client, Config, Error, LoginRequest, Platform, Provider, store};
use switchback::{Purpose, Secret};

use super::{ExampleBackendFixture, login_request};

fn configured(backend: Backend, redirect_uri: &str) -> Result<Client, Error> {
    let config = Config::mediated(Provider::truid(), backend, redirect_uri);
    Client::new(config, Platform::new(store::Memory::new()))
}

#[track_caller]
fn complaint<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Configuration { what }) => what,
        other => panic!("{other:?}"),
    }
}

const REDIRECT: &str = "https://service.example/truid/complete";

#[test]
fn every_url_is_https_and_on_one_origin() {
    let backend = || Backend::switchback("https://service.example/truid");
    assert!(configured(backend(), REDIRECT).is_ok());
    let theirs = || Backend::custom("https://service.example/{purpose}");
    for (backend, redirect, word) in [
        (
            backend(),
            "https://app.example/complete",
            "the redirect URI",
        ),
        (backend(), "http://service.example/complete", "not https"),
        (backend(), "truidtest:///complete", "not https"),
        (backend(), "https://service.example/complete?x=1", "query"),
        (
            Backend::custom("http://service.example/x"),
            REDIRECT,
            "start URL",
        ),
        (
            Backend::custom("https://me:pw@service.example/x"),
            REDIRECT,
            "user name",
        ),
        (Backend::custom("service.example"), REDIRECT, "start URL"),
        (
            theirs().with_user_info("https://x.example/"),
            REDIRECT,
            "user info URL",
        ),
        (
            theirs().with_presentation("http://127.0.0.1/"),
            REDIRECT,
            "presentation URL",
        ),
        (
            theirs().with_log_out("https://service.example:1/"),
            REDIRECT,
            "log-out URL",
        ),
    ] {
        let what = complaint(configured(backend, redirect));
        assert!(what.contains(word), "{what}");
        assert!(!what.contains("pw"), "{what}");
    }
    let local = Backend::custom("http://127.0.0.1:8080/{purpose}");
    assert!(configured(local, "http://127.0.0.1:8080/complete").is_ok());
}

#[tokio::test]
async fn scope_and_nonce_are_rejected_in_mediated_mode() {
    let fixture = ExampleBackendFixture::new().await;
    let app = fixture.app();
    let scoped = LoginRequest::new(Purpose::Login, ["truid.app/data-point/name"]);
    let what = complaint(app.begin(scoped).await);
    assert!(what.contains("leave the scope empty"), "{what}");
    let mut with_nonce = login_request();
    with_nonce.nonce = true;
    let what = complaint(app.begin(with_nonce).await);
    assert!(what.contains("`nonce`"), "{what}");
    let mut unnamed = login_request();
    unnamed.extra.insert(String::new(), "x".into());
    complaint(app.begin(unnamed).await);
    assert_eq!(fixture.backend.seen("/truid/start/login-session").len(), 0);
}

#[tokio::test]
async fn a_missing_backend_url_is_a_configuration_error() {
    let fixture = ExampleBackendFixture::new().await;
    let mut config = fixture.config();
    config.mode = switchback::Mode::Mediated {
        backend: Backend::custom(&fixture.at("/truid/start/{purpose}")),
    };
    let app = Client::new(config, fixture.platform()).unwrap();
    let session = fixture.logged_in(&app).await;
    let what = complaint(session.user_info().await);
    assert!(what.contains("`Backend`"), "{what}");
    let what = complaint(session.presentation(&["truid.app/claim/name/v1"]).await);
    assert!(what.contains("`Backend`"), "{what}");
    let for_person = login_request().for_person(Secret::from("maja"));
    let what = complaint(app.begin(for_person).await);
    assert!(what.contains("`Backend`"), "{what}");
    // A cookie is not an access token.
    let what = complaint(session.access_token().await);
    assert!(what.contains("use `authorize` instead"), "{what}");
    assert_eq!(session.ended(), None);
    let done = session.log_out().await.unwrap();
    assert_eq!(done.revocation, switchback::Revocation::NotOffered);
}

/// A client does not see the sessions of another backend.
#[tokio::test]
async fn clients_of_two_backends_share_nothing() {
    let fixture = ExampleBackendFixture::new().await;
    fixture.logged_in(&fixture.app()).await;
    let mut config = fixture.config();
    config.mode = switchback::Mode::Mediated {
        backend: Backend::custom(&fixture.at("/other/{purpose}")),
    };
    let other = Client::new(config, fixture.platform()).unwrap();
    assert_eq!(other.sessions().await.unwrap(), []);
}
