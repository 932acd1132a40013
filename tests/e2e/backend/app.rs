//! The core in mediated mode against this backend, over real HTTP.

use std::sync::Arc;

use switchback::{
    Backend, Client, Config, Error, LoginOutcome, LoginRequest, Platform, Provider, Purpose,
    Session, SessionEnd, SessionEvent, store,
};
use switchback_backend::{ClientAuthentication, Service, web};
use switchback_backend::{Environment, Registration};
use switchback_sandbox::RegisteredClient;

use super::support::{BackendFixture, CLIENT_ID, CLIENT_SECRET};
use crate::support::session_of;

/// A service that listens on a port, and apps that use it.
struct RunningService {
    fixture: BackendFixture,
    service: Service,
    base: String,
    redirect_uri: String,
}

impl RunningService {
    async fn new() -> Self {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", socket.local_addr().unwrap());
        let redirect_uri = format!("{origin}/truid/complete");
        let client = RegisteredClient::confidential(CLIENT_ID, CLIENT_SECRET, &redirect_uri);
        let fixture = BackendFixture::with(client).await;
        let provider = Provider::truid().with_base_url(fixture.sandbox.url());
        let mut config = fixture.config();
        config.registration =
            Registration::new(provider, CLIENT_ID, &redirect_uri, Environment::Test).unwrap();
        config.authentication = ClientAuthentication::SecretBasic(CLIENT_SECRET.into());
        let service = Service::new(config, fixture.platform()).unwrap();
        let router = web::router(service.clone(), web::Web::default());
        tokio::spawn(async move { axum::serve(socket, router).await.unwrap() });
        Self {
            fixture,
            service,
            base: format!("{origin}/truid"),
            redirect_uri,
        }
    }

    fn app(&self, store: &Arc<store::Memory>) -> Client {
        let mut platform = Platform::new(store::Memory::new()).with_store(store.clone());
        platform.clock = self.fixture.clock.clone();
        let provider = Provider::truid().with_base_url(self.fixture.sandbox.url());
        let backend = Backend::switchback(&self.base);
        let config = Config::mediated(provider, backend, &self.redirect_uri);
        Client::new(config, platform).unwrap()
    }

    async fn logged_in(&self, app: &Client) -> Session {
        let login = app.begin(login_request()).await.unwrap();
        let link = self.fixture.approve(&login.url);
        let id = session_of(app.complete(&link).await.unwrap());
        app.session(&id).await.unwrap()
    }
}

fn login_request() -> LoginRequest {
    LoginRequest::new(Purpose::Login, [""; 0])
}

#[tokio::test]
async fn an_app_session_survives_a_kill() {
    let running = RunningService::new().await;
    let store = Arc::new(store::Memory::new());
    let login = running.app(&store).begin(login_request()).await.unwrap();
    let seconds = login.open_before.unwrap() - running.fixture.clock_now();
    assert_eq!(seconds, 60, "a request_uri lives for a minute");
    let link = running.fixture.approve(&login.url);

    let app = running.app(&store);
    assert_eq!(app.pending_logins().await.unwrap().len(), 1);
    let id = session_of(app.complete(&link).await.unwrap());
    assert_eq!(session_of(app.complete(&link).await.unwrap()), id);
    assert_eq!(running.fixture.sandbox.counters().code_exchanges, 1);
    let session = app.session(&id).await.unwrap();
    let subject = session.user_info().await.unwrap().sub;

    // The app's tokens and the provider's tokens have expired, more than once.
    for round in 1..=3 {
        running.fixture.advance(901);
        let token = session.access_token().await.unwrap();
        assert_eq!(session.user_info().await.unwrap().sub, subject);
        assert_eq!(session.access_token().await.unwrap(), token);
        assert_eq!(running.fixture.sandbox.counters().refreshes, round);
    }
    let authorization = session
        .authorize(&format!("{}/session", running.base))
        .await
        .unwrap();
    assert_eq!(authorization.headers().len(), 1);
    session.log_out().await.unwrap();
    assert_eq!(running.service.counters().logged_out.get(), 1);
    assert_eq!(running.fixture.sandbox.findings(), []);
}

#[tokio::test]
async fn an_app_learns_that_the_provider_ended_the_login() {
    let running = RunningService::new().await;
    let store = Arc::new(store::Memory::new());
    let app = running.app(&store);
    let session = running.logged_in(&app).await;
    let mut events = session.events();
    running.fixture.sandbox.app().end_sessions(CLIENT_ID);
    running.fixture.advance(61);
    let over = session.user_info().await.unwrap_err();
    assert!(matches!(over, Error::LoginRequired { .. }), "{over:?}");
    assert!(matches!(
        events.next().await,
        SessionEvent::LoginRequired(_)
    ));
    assert_eq!(app.sessions().await.unwrap(), []);
}

#[tokio::test]
async fn a_decline_and_a_forged_link_differ() {
    let running = RunningService::new().await;
    let store = Arc::new(store::Memory::new());
    let app = running.app(&store);
    let login = app.begin(login_request()).await.unwrap();
    let forged = format!("{}?code=stolen&state=invented", running.redirect_uri);
    assert_eq!(app.complete(&forged).await.unwrap(), LoginOutcome::Unknown);
    let link = running.fixture.decline(&login.url);
    assert_eq!(app.complete(&link).await.unwrap(), LoginOutcome::Declined);
}

#[tokio::test]
async fn a_session_logged_out_elsewhere_needs_a_login() {
    let running = RunningService::new().await;
    let store = Arc::new(store::Memory::new());
    let app = running.app(&store);
    let session = running.logged_in(&app).await;
    let token = session.access_token().await.unwrap();
    let shown = switchback_backend::Credential::read(token.expose()).unwrap();
    running.service.log_out(&shown).await.unwrap();
    running.fixture.advance(901);
    let over = session.access_token().await.unwrap_err();
    let Error::LoginRequired { reason, .. } = over else {
        panic!("not over: {over:?}")
    };
    assert_eq!(reason, SessionEnd::Revoked);
}
