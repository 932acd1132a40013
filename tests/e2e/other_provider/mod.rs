//! A provider that the library does not know. Its facts are in one file, [`provider`]; no other
//! code knows it.

mod double;
pub(crate) mod provider;
mod refusals;

use std::sync::Arc;

use axum::Router;
use switchback::http::Reqwest;
use switchback::ports::{Platform, SystemEntropy};
use switchback::{Client, Config, Error, LoginOutcome, LoginRequest, Purpose, SessionEnd, store};
use switchback_backend::web::{self, Web, pages};
use switchback_backend::{ClientAuthentication, Environment, Registration, Service};
use tower::ServiceExt as _;

use crate::backend::database::Database;
use crate::backend::support::{Answer, HTML, XHR, path, platform, request};
use crate::support::TestClock;
use double::{Double, LIFETIME, SUBJECT};
pub(crate) use provider::example_id;

const REDIRECT_URI: &str = "https://service.example/example-id/complete";

/// The time of these tests.
const NOW: i64 = 1_800_000_000;

fn app(double: &Double, clock: &Arc<TestClock>) -> Client {
    let provider = provider::example_id().with_base_url(&double.url);
    let config = Config::direct(provider, "an-app", REDIRECT_URI);
    let platform = Platform::from_parts(
        clock.clone(),
        Arc::new(SystemEntropy),
        Arc::new(Reqwest::new()),
        Arc::new(store::Memory::new()),
    );
    Client::new(config, platform).unwrap()
}

fn words() -> Vec<String> {
    let provider = provider::example_id();
    let known = provider.facts().scope.known.iter();
    known
        .map(|word| provider.scope_token(word).unwrap())
        .collect()
}

#[tokio::test]
async fn an_app_logs_in_with_another_provider() {
    let (double, clock) = (Double::start().await, TestClock::at(NOW));
    let app = app(&double, &clock);
    let login = app.begin(LoginRequest::new(Purpose::Login, words())).await;
    let url = login.unwrap().url;
    assert!(url.starts_with(&format!("{}/authorize?", double.url)));
    assert!(url.contains("&scope=openid%20mail&"), "{url}");
    let link = double.visit(&url).await;
    let LoginOutcome::LoggedIn { session, .. } = app.complete(&link).await.unwrap() else {
        panic!("not logged in")
    };
    let session = app.session(&session).await.unwrap();
    assert!(session.subject().is_some_and(|subject| subject.is(SUBJECT)));
    assert_eq!(session.access_token().await.unwrap().expose(), "access-1");

    // The provider has neither endpoint, and the error names the provider.
    let claims = session.presentation(&["mail"]).await.map(drop);
    let user_info = session.user_info().await.map(drop);
    for (answer, endpoint) in [(claims, "presentation"), (user_info, "user info")] {
        let Err(Error::Configuration { what }) = answer else {
            panic!("there is a {endpoint} endpoint")
        };
        let said = format!("Example ID has no {endpoint} endpoint");
        assert!(what.starts_with(&said), "{what}");
    }

    clock.advance(LIFETIME);
    assert_eq!(session.access_token().await.unwrap().expose(), "access-2");
    // The client understands the provider's own code for an expired refresh token.
    double.end_the_login();
    clock.advance(LIFETIME);
    let over = session.access_token().await;
    assert!(
        matches!(
            over,
            Err(Error::LoginRequired {
                reason: SessionEnd::Revoked,
                ..
            })
        ),
        "{over:?}"
    );
}

#[tokio::test]
async fn the_providers_own_terms_are_understood() {
    let (double, clock) = (Double::start().await, TestClock::at(NOW));
    let app = app(&double, &clock);
    let login = app.begin(LoginRequest::new(Purpose::Login, words())).await;
    double.next_declines();
    let link = double.visit(&login.unwrap().url).await;
    assert!(link.contains("error=user_cancelled"), "{link}");
    assert_eq!(app.complete(&link).await.unwrap(), LoginOutcome::Declined);

    let not_there = app
        .begin(LoginRequest::new(Purpose::Onboarding, words()))
        .await;
    let Err(Error::Configuration { what }) = not_there else {
        panic!("it has no onboarding")
    };
    assert!(what.contains("Example ID"), "{what}");
    let provider = provider::example_id();
    assert_eq!(
        provider.purpose_named("proof"),
        Ok(Purpose::IdentityVerification)
    );
    assert!(provider.purpose_named("idv").is_err());
    assert_eq!(provider.scope_token("email"), None);
}

struct Backend {
    double: Double,
    clock: Arc<TestClock>,
    routes: Router,
    /// Deleted at the end of the test.
    _database: Database,
}

impl Backend {
    async fn start() -> Self {
        let (double, clock) = (Double::start().await, TestClock::at(NOW));
        let provider = provider::example_id().with_base_url(&double.url);
        let registration =
            Registration::new(provider, "a-service", REDIRECT_URI, Environment::Production);
        let secret = ClientAuthentication::SecretPost("a-secret".into());
        let config = switchback_backend::Config::new(registration.unwrap(), secret)
            .with_purpose(Purpose::Login, words())
            .with_purpose(Purpose::IdentityVerification, words());
        let database = Database::sqlite();
        let platform = platform(database.open().await, clock.clone());
        let service = Service::new(config, platform).unwrap();
        let page = pages::Page::default();
        let routes = web::router(service.clone(), Web::default()).merge(pages::router(
            service,
            Web::default(),
            page,
        ));
        Self {
            double,
            clock,
            routes,
            _database: database,
        }
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request = request("GET", path, headers, "");
        let response = self.routes.clone().oneshot(request).await.unwrap();
        Answer::of(response).await
    }

    /// Logs in by this name of a purpose. Returns the cookie of the session.
    async fn log_in(&self, name: &str) -> String {
        let started = self.get(&format!("/example-id/{name}"), &[XHR]).await;
        assert_eq!(started.status, 202, "{started:?}");
        let cookie = started.cookie().unwrap();
        let link = self.double.visit(started.location()).await;
        let completed = self.get(path(&link), &[XHR, ("cookie", &cookie)]).await;
        assert_eq!(completed.status, 200, "{completed:?}");
        completed.cookie().unwrap()
    }
}

#[tokio::test]
async fn a_backend_logs_in_with_another_provider() {
    let backend = Backend::start().await;
    let session = backend.log_in("sign-in").await;
    let shown = [("cookie", &*session)];
    let who = backend.get("/example-id/session", &shown).await;
    assert_eq!(
        (who.status.as_u16(), &who.json()["purpose"]),
        (200, &"login".into())
    );
    let claims = "/example-id/presentation?claims=mail";
    let claims = backend.get(claims, &shown).await;
    claims.is(502, r#"{"error":"misconfigured"}"#);

    backend.clock.advance(LIFETIME);
    assert_eq!(backend.get("/example-id/session", &shown).await.status, 200);
    assert_eq!(backend.double.given(), 2, "it was refreshed");
    backend.double.end_the_login();
    backend.clock.advance(LIFETIME);
    let over = backend.get("/example-id/session", &shown).await;
    assert_eq!(
        (over.status.as_u16(), &over.json()["reason"]),
        (401, &"revoked".into())
    );
}

#[tokio::test]
async fn a_backend_uses_the_providers_terms() {
    let backend = Backend::start().await;
    // A one-time login ends with its access token.
    let proof = backend.log_in("proof").await;
    let shown = [("cookie", &*proof)];
    let address = "/example-id/session?purpose=identity_verification";
    assert_eq!(backend.get(address, &shown).await.status, 200);
    backend.clock.advance(LIFETIME);
    assert_eq!(backend.get(address, &shown).await.status, 401);
    assert_eq!(
        backend.double.given(),
        1,
        "there was nothing to refresh it with"
    );

    let page = backend.get("/", &[HTML]).await.body;
    for words in [
        "Continue with Example ID",
        "Prove it with Example ID",
        "/example-id/proof",
    ] {
        assert!(page.contains(words), "{page}");
    }
    assert!(!page.contains("<dialog"), "its page is not framed: {page}");

    backend.double.next_declines();
    let started = backend.get("/example-id/sign-in", &[XHR]).await;
    let cookie = started.cookie().unwrap();
    let link = backend.double.visit(started.location()).await;
    let declined = backend.get(path(&link), &[XHR, ("cookie", &cookie)]).await;
    declined.is(403, r#"{"error":"access_denied"}"#);
    let not_there = backend.get("/example-id/register", &[XHR]).await;
    assert_eq!(not_there.status, 404);
}

/// The guide contains this file.
#[test]
fn the_guide_shows_this_provider() {
    let page = include_str!("../../../docs/how-to/add-a-provider.md");
    let (_, code) = include_str!("provider.rs").split_once("\n\n").unwrap();
    assert!(
        page.contains(code),
        "docs/how-to/add-a-provider.md shows another file"
    );
}
