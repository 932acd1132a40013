//! The backend under test, the sandbox, and a clock that moves for both, in one process. Requests
//! reach the router without sockets.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http_body_util::BodyExt as _;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use switchback::Provider;
use switchback::http::Reqwest;
use switchback::ports::SystemEntropy;
use switchback_backend::provider::truid::DataPoint;
use switchback_backend::store::RowStore;
use switchback_backend::{ClientAuthentication, Config, Keys, Platform, Service, web};
use switchback_backend::{Environment, Purpose, Registration};
use switchback_sandbox::{RegisteredClient, Sandbox};
use tower::ServiceExt as _;

use super::database::Database;
use crate::support::TestClock;

pub(crate) const CLIENT_ID: &str = "test-service";
pub(crate) const CLIENT_SECRET: &str = "a-secret-of-the-test-service";
pub(crate) const REDIRECT_URI: &str = "https://service.example/truid/complete";
pub(crate) const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

pub(crate) const API_KEY: &str = "an-api-key-of-the-services-own-code";

/// The parts of a service.
pub(crate) struct BackendFixture {
    pub(crate) sandbox: Sandbox,
    pub(crate) clock: Arc<TestClock>,
    /// The store that the nodes share while it is open in this process.
    pub(crate) store: Option<Arc<dyn RowStore>>,
    pub(crate) database: Database,
}

impl BackendFixture {
    pub(crate) async fn new() -> Self {
        Self::with(RegisteredClient::confidential(
            CLIENT_ID,
            CLIENT_SECRET,
            REDIRECT_URI,
        ))
        .await
    }

    pub(crate) async fn with(client: RegisteredClient) -> Self {
        Self::with_config(client, Default::default()).await
    }

    /// With this configuration of the sandbox.
    pub(crate) async fn with_config(
        client: RegisteredClient,
        mut config: switchback_sandbox::Config,
    ) -> Self {
        config.clients = vec![client];
        // The first access token of a login is valid for a minute.
        config.lifetimes.first_login_access_token = 60;
        let sandbox = Sandbox::start(config).await.unwrap();
        let database = Database::sqlite();
        Self {
            clock: TestClock::at(sandbox.now()),
            sandbox,
            store: Some(database.open().await),
            database,
        }
    }

    /// A fixture with another database.
    pub(crate) async fn over(database: Database) -> Self {
        let mut fixture = Self::new().await;
        fixture.store = Some(database.open().await);
        fixture.database = database;
        fixture
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.advance(seconds);
        self.sandbox.advance_with_clients(seconds);
    }

    pub(crate) fn clock_now(&self) -> i64 {
        switchback::ports::Clock::now(&*self.clock).wall
    }

    pub(crate) fn config(&self) -> Config {
        config_at(self.sandbox.url())
    }

    pub(crate) fn platform(&self) -> Platform {
        self.platform_over(self.store.clone().unwrap())
    }

    pub(crate) fn platform_over(&self, store: Arc<dyn RowStore>) -> Platform {
        platform(store, self.clock.clone())
    }

    pub(crate) fn service(&self) -> Service {
        Service::new(self.config(), self.platform()).unwrap()
    }

    pub(crate) fn node(&self) -> Node {
        Node::of(self.service())
    }

    /// Approves in the Truid app. Returns the callback link.
    pub(crate) fn approve(&self, location: &str) -> String {
        let app = self.sandbox.app();
        let waiting = app.open(location).unwrap();
        app.approve(&waiting.id).unwrap()
    }

    pub(crate) fn decline(&self, location: &str) -> String {
        let app = self.sandbox.app();
        let waiting = app.open(location).unwrap();
        app.decline(&waiting.id).unwrap()
    }
}

pub(crate) fn config_at(base_url: &str) -> Config {
    let provider = Provider::truid().with_base_url(base_url);
    let registration =
        Registration::new(provider, CLIENT_ID, REDIRECT_URI, Environment::Production).unwrap();
    let secret = ClientAuthentication::SecretPost(CLIENT_SECRET.into());
    let scope = || [DataPoint::Name, DataPoint::Email];
    Config::new(registration, secret)
        .with_purpose(Purpose::Login, scope())
        .with_purpose(Purpose::Onboarding, scope())
        .with_purpose(Purpose::IdentityVerification, scope())
}

pub(crate) fn platform(store: Arc<dyn RowStore>, clock: Arc<TestClock>) -> Platform {
    Platform {
        store,
        keys: Keys::read(KEY).unwrap(),
        http: Arc::new(Reqwest::new()),
        clock,
        entropy: Arc::new(SystemEntropy),
    }
}

/// A node of the service, with its router.
#[derive(Clone)]
pub(crate) struct Node {
    pub(crate) service: Service,
    pub(crate) router: Router,
}

impl Node {
    pub(crate) fn of(service: Service) -> Self {
        Self {
            router: web::router(service.clone(), web::Web::default()),
            service,
        }
    }

    /// A node with API keys for the service's own code.
    pub(crate) fn with_api_keys(service: Service, keys: &str) -> Self {
        let mut web = web::Web::default();
        web.api_keys = Some(web::ApiKeys::read(keys).unwrap());
        Self {
            router: web::router(service.clone(), web),
            service,
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let answer = Answer::of(response).await;
        super::document::check(method.as_str(), &path, &answer);
        answer
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(request("GET", path, headers, "")).await
    }

    pub(crate) async fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.send(request("POST", path, headers, body)).await
    }
}

pub(crate) fn request(
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

/// An answer of the service.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) async fn of(response: axum::response::Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Self {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    pub(crate) fn location(&self) -> &str {
        self.header(header::LOCATION.as_str())
    }

    /// The pairs of every `Set-Cookie`. A removed cookie has an empty value.
    pub(crate) fn set_cookies(&self) -> impl Iterator<Item = &str> {
        let all = self.headers.get_all(header::SET_COOKIE).iter();
        all.map(|set| set.to_str().unwrap().split(';').next().unwrap())
    }

    /// The pair of the first `Set-Cookie`, as a client sends it back.
    pub(crate) fn cookie(&self) -> Option<String> {
        let pair = self.set_cookies().next()?;
        (!pair.ends_with('=')).then(|| pair.to_owned())
    }

    /// The `Cookie` header of a client after this answer, if it was `before`.
    pub(crate) fn cookies_after(&self, before: &str) -> String {
        let mut pairs: Vec<&str> = before.split("; ").filter(|it| !it.is_empty()).collect();
        for set in self.set_cookies() {
            let (name, value) = set.split_once('=').unwrap();
            pairs.retain(|pair| pair.split_once('=').unwrap().0 != name);
            pairs.extend((!value.is_empty()).then_some(set));
        }
        pairs.join("; ")
    }

    #[track_caller]
    pub(crate) fn is(&self, status: u16, body: &str) {
        assert_eq!((self.status.as_u16(), &*self.body), (status, body));
    }
}

pub(crate) const XHR: (&str, &str) = ("x-requested-with", "XMLHttpRequest");
pub(crate) const HTML: (&str, &str) = ("accept", "text/html,application/xhtml+xml");
pub(crate) const TOKENS: (&str, &str) = ("switchback-session", "token");

/// The id of the login with this `state`, by the documented format: the second in which it began,
/// which is the first part of the state, and a hash.
pub(crate) fn attempt_id(state: &str) -> String {
    let second = &URL_SAFE_NO_PAD.decode(state).unwrap()[..4];
    let hash = Sha256::digest(state);
    let all = second.iter().chain(&hash[..12]);
    all.map(|byte| format!("{byte:02x}")).collect()
}

/// The API's name for a function of Truid, by the documentation.
pub(crate) fn purpose_of(function: &str) -> &'static str {
    match function {
        "confirm-signup" => "onboarding",
        "login-session" => "login",
        "idv" => "identity_verification",
        "sign" => "signing",
        other => panic!("Truid has no function {other}"),
    }
}

/// The address of the session for this function of Truid.
pub(crate) fn session_path(function: &str) -> &'static str {
    match purpose_of(function) {
        "onboarding" => "/truid/session?purpose=onboarding",
        "identity_verification" => "/truid/session?purpose=identity_verification",
        _ => "/truid/session",
    }
}

/// The path and query of a link to the service.
pub(crate) fn path(link: &str) -> &str {
    link.strip_prefix("https://service.example").unwrap()
}

impl BackendFixture {
    /// Logs in with an app that has cookies. Returns the cookie of the session.
    pub(crate) async fn log_in(&self, node: &Node) -> String {
        self.log_in_for(node, "login-session").await
    }

    pub(crate) async fn log_in_for(&self, node: &Node, function: &str) -> String {
        let started = node.get(&format!("/truid/{function}"), &[XHR]).await;
        let cookie = started.cookie().unwrap();
        let link = self.approve(started.location());
        let completed = node.get(path(&link), &[XHR, ("cookie", &cookie)]).await;
        assert_eq!(completed.status, 200, "{completed:?}");
        completed.cookie().unwrap()
    }
}

/// A login that was approved and is not completed yet.
pub(crate) struct ApprovedLogin {
    pub(crate) cookie: String,
    pub(crate) state: String,
    pub(crate) code: String,
    /// The path and query of the callback.
    pub(crate) callback: String,
}

impl BackendFixture {
    /// Begins and approves a login without a session.
    pub(crate) async fn approved_login(&self, node: &Node) -> ApprovedLogin {
        self.approved_login_with(node, &[]).await
    }

    pub(crate) async fn approved_login_with(
        &self,
        node: &Node,
        shown: &[(&str, &str)],
    ) -> ApprovedLogin {
        let headers = [&[XHR], shown].concat();
        let started = node.get("/truid/login-session", &headers).await;
        assert_eq!(started.status, 202, "{started:?}");
        let link = url::Url::parse(&self.approve(started.location())).unwrap();
        let value = |name: &str| {
            let mut pairs = link.query_pairs().filter(|(n, _)| n == name);
            pairs.next().unwrap().1.into_owned()
        };
        ApprovedLogin {
            cookie: started.cookie().unwrap_or_default(),
            state: value("state"),
            code: value("code"),
            callback: path(link.as_str()).to_owned(),
        }
    }
}

impl Node {
    /// Forwards a callback, as an app does.
    pub(crate) async fn complete(&self, callback: &str, cookie: &str) -> Answer {
        self.get(callback, &[XHR, ("cookie", cookie)]).await
    }

    /// Whether this cookie opens a session, for any purpose.
    pub(crate) async fn accepts(&self, cookie: &str) -> bool {
        for function in ["login-session", "confirm-signup", "idv"] {
            let answer = self
                .get(session_path(function), &[("cookie", cookie)])
                .await;
            if answer.status == 200 {
                return true;
            }
        }
        false
    }
}
