//! Apps in mediated mode, with two backends: the example backend by Truid's guide, which uses the
//! sandbox and keeps its session in a cookie, and a double of Switchback's own backend.

mod answers;
mod authorize;
mod configuration;
mod crashes;
mod example_backend;
mod faulty_transport;
mod login;
mod processes;
mod pushed;
mod sessions;
mod starts;
mod switchback_double;
mod under_session;

use std::sync::Arc;

use switchback::ports::HttpTransport;
use switchback::{
    Backend, Client, Config, LoginRequest, Platform, Provider, Purpose, Session, store,
};
use switchback_sandbox::{RegisteredClient, Sandbox};
use tokio::net::TcpListener;

use crate::support::{LockableStore, TestClock, sandbox_of, session_of};
use example_backend::ExampleBackend;
pub(crate) use switchback_double::SwitchbackBackend;

/// A phone with one store, the example backend, and the sandbox behind it.
pub(crate) struct ExampleBackendFixture {
    pub(crate) sandbox: Sandbox,
    pub(crate) backend: Arc<ExampleBackend>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) store: Arc<LockableStore>,
}

impl ExampleBackendFixture {
    pub(crate) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut client = RegisteredClient::confidential(
            example_backend::CLIENT_ID,
            example_backend::SECRET,
            format!("{url}{}", example_backend::COMPLETE),
        );
        let more = [
            example_backend::OWN_SCHEME.to_owned(),
            format!("{url}/truid/v1/complete-login"),
            format!("{url}/truid/v1/complete-signup"),
        ];
        client.redirect_uris.extend(more);
        let sandbox = Sandbox::start(sandbox_of(client)).await.unwrap();
        let backend = ExampleBackend::serve(listener, sandbox.url());
        let clock = TestClock::at(sandbox.now());
        Self {
            sandbox,
            backend,
            clock,
            store: Arc::default(),
        }
    }

    pub(crate) fn config(&self) -> Config {
        let at = |path: &str| format!("{}{path}", self.backend.url);
        Config::mediated(
            Provider::truid().with_base_url(self.sandbox.url()),
            Backend::custom(&at("/truid/start/{purpose}"))
                .with_user_info(&at("/truid/user-info"))
                .with_presentation(&at("/truid/presentation"))
                .with_log_out(&at("/truid/log-out")),
            at(example_backend::COMPLETE),
        )
    }

    pub(crate) fn platform(&self) -> Platform {
        let mut platform = Platform::new(store::Memory::new());
        platform.clock = self.clock.clone();
        platform.with_store(self.store.clone())
    }

    /// A new client, as in a new process: it has no state in memory.
    pub(crate) fn app(&self) -> Client {
        Client::new(self.config(), self.platform()).unwrap()
    }

    /// A new client with another transport.
    pub(crate) fn app_through(&self, http: Arc<dyn HttpTransport>) -> Client {
        let mut platform = self.platform();
        platform.http = http;
        Client::new(self.config(), platform).unwrap()
    }

    /// Opens the URL and approves. Returns the callback link.
    pub(crate) fn approve(&self, url: &str) -> String {
        let waiting = self.sandbox.app().open(url).unwrap();
        self.sandbox.app().approve(&waiting.id).unwrap()
    }

    pub(crate) async fn logged_in(&self, app: &Client) -> Session {
        let login = app.begin(login_request()).await.unwrap();
        let link = self.approve(&login.url);
        let id = session_of(app.complete(&link).await.unwrap());
        app.session(&id).await.unwrap()
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.backend.url)
    }
}

/// A request without a scope, which the backend decides.
pub(crate) fn login_request() -> LoginRequest {
    LoginRequest::mediated(Purpose::Login)
}
