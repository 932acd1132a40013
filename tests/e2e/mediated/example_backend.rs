//! A backend by Truid's guide, which was made without Switchback. It answers as Truid's public
//! example does (github.com/truid-app/client-integration at 2b744807,
//! `example-backend/…/TruidLoginSessionFlow.kt`), including its flaws:
//!
//! - It repeats an `error` of the callback with 403, without a look at the session.
//! - An unknown session or `state` is 403 `access_denied`, the same as a decline. So is a 403 of
//!   the token endpoint; other refusals of that endpoint become 500.
//! - The first callback uses up the `state`, whatever its own state
//!   ([`ExampleBackend::compare_first`]: other backends compare first). The state and the PKCE
//!   verifier are in the session. The sessions are in memory, and lost after a restart.
//! - A login does not change the cookie ([`ExampleBackend::rotate_cookies`]: other backends change
//!   it).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use switchback::http::Reqwest;
use switchback::ports::HttpTransport as _;
use switchback_protocol::http::{Method, Request as Outgoing, Response as Answer};
use tokio::net::TcpListener;

pub(crate) const CLIENT_ID: &str = "demo-backend";
pub(crate) const SECRET: &str = "their-client-s3cret";
pub(crate) const COMPLETE: &str = "/truid/complete";
/// The redirect URI of a service that is registered for development (`truidtest:///…`).
pub(crate) const OWN_SCHEME: &str = "truidtest:///truid/complete";

#[derive(Default, Clone)]
struct Session {
    /// The state of the login in progress.
    state: Option<String>,
    verifier: String,
    redirect_uri: String,
    /// Truid's access token, if the person is logged in.
    access_token: Option<String>,
    /// The access token with which the login in progress began.
    began_as: Option<String>,
}

#[derive(Default)]
struct Inner {
    sessions: HashMap<String, Session>,
    /// The method, path, query and headers of each request.
    seen: Vec<(String, HeaderMap)>,
    /// Whether to push the request to the provider first (RFC 9126).
    pushes: bool,
    /// Whether to send a new cookie with every answer to a logged-in client.
    rotates: bool,
    /// Whether only the callback with the same `state` uses it up.
    compares_first: bool,
    /// The redirect URIs by function, if not [`COMPLETE`].
    redirect_uris: HashMap<String, String>,
}

pub(crate) struct ExampleBackend {
    pub(crate) url: String,
    provider: String,
    http: Reqwest,
    inner: Mutex<Inner>,
}

type Shared = State<Arc<ExampleBackend>>;
type Parameters = Query<HashMap<String, String>>;

impl Inner {
    /// Changes the cookie of a session.
    fn renamed(&mut self, sid: &str) -> String {
        let session = self.sessions.remove(sid).unwrap();
        let sid = random_text();
        self.sessions.insert(sid.clone(), session);
        sid
    }
}

impl ExampleBackend {
    pub(crate) fn serve(listener: TcpListener, provider: &str) -> Arc<Self> {
        let backend = Arc::new(Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            provider: provider.to_owned(),
            http: Reqwest::new(),
            inner: Mutex::default(),
        });
        let router = Router::new()
            .route("/truid/start/{function}", get(start))
            .route(COMPLETE, get(complete))
            .route("/truid/v1/{complete}", get(complete))
            .route("/truid/user-info", get(user_info))
            .route("/truid/presentation", get(presentation))
            .route("/truid/log-out", post(log_out))
            .route("/api/me", get(me))
            .route("/api/order", post(order))
            .layer(from_fn_with_state(backend.clone(), see))
            .with_state(backend.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        backend
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    pub(crate) fn push_requests(&self) {
        self.inner().pushes = true;
    }

    pub(crate) fn rotate_cookies(&self) {
        self.inner().rotates = true;
    }

    /// Uses a separate redirect URI for a function, or a custom scheme.
    pub(crate) fn redirect(&self, function: &str, redirect_uri: &str) {
        let (function, uri) = (function.into(), redirect_uri.into());
        self.inner().redirect_uris.insert(function, uri);
    }

    fn redirect_uri(&self, function: &str) -> String {
        let own = self.inner().redirect_uris.get(function).cloned();
        own.unwrap_or_else(|| format!("{}{COMPLETE}", self.url))
    }

    pub(crate) fn compare_first(&self) {
        self.inner().compares_first = true;
    }

    /// Loses all sessions, as a backend does that stores them in memory and is restarted.
    pub(crate) fn forget_sessions(&self) {
        self.inner().sessions.clear();
    }

    /// The headers of all requests to a path.
    pub(crate) fn seen(&self, path: &str) -> Vec<(String, HeaderMap)> {
        let inner = self.inner();
        let seen = inner.seen.iter();
        let is_it = |target: &str| target.split([' ', '?']).nth(1) == Some(path);
        seen.filter(|(target, _)| is_it(target)).cloned().collect()
    }

    /// The access token with which the last completed login began.
    pub(crate) fn began_as(&self) -> Vec<Option<String>> {
        let inner = self.inner();
        inner
            .sessions
            .values()
            .map(|s| s.began_as.clone())
            .collect()
    }

    async fn ask(&self, path: &str, form: Option<String>, authorization: String) -> Answer {
        let request = Outgoing {
            method: match form {
                Some(_) => Method::Post,
                None => Method::Get,
            },
            once: true,
            url: format!("{}{path}", self.provider),
            headers: vec![
                ("content-type", "application/x-www-form-urlencoded".into()),
                ("accept", "application/json".into()),
                ("authorization", authorization.into()),
            ],
            body: form.map(Into::into),
        };
        self.http.send(request).await.unwrap()
    }

    async fn post(&self, path: &str, form: String) -> Answer {
        let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT_ID}:{SECRET}")));
        self.ask(path, Some(form), basic).await
    }
}

fn random_text() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).unwrap();
    URL_SAFE_NO_PAD.encode(bytes)
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let header = headers.get(header::COOKIE)?.to_str().ok()?;
    let mut pairs = header.split("; ").filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| *name == "SESSION")?;
    Some(value.to_owned())
}

fn set(sid: &str) -> (header::HeaderName, String) {
    (
        header::SET_COOKIE,
        format!("SESSION={sid}; Path=/; HttpOnly; SameSite=Lax"),
    )
}

fn refuse(status: StatusCode, error: &str) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    (status, json, format!(r#"{{"error":"{error}"}}"#)).into_response()
}

async fn see(State(backend): Shared, request: Request, next: Next) -> Response {
    let target = format!("{} {}", request.method(), request.uri());
    let headers = request.headers().clone();
    backend.inner().seen.push((target, headers));
    next.run(request).await
}

async fn start(
    State(backend): Shared,
    Path(function): Path<String>,
    headers: HeaderMap,
) -> Response {
    let (state, verifier) = (random_text(), random_text());
    let redirect_uri = backend.redirect_uri(&function);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    let form = format!(
        "response_type=code&client_id={CLIENT_ID}&scope={}&redirect_uri={}&state={state}\
         &code_challenge={challenge}&code_challenge_method=S256",
        encoded("truid.app/data-point/name truid.app/data-point/email"),
        encoded(&redirect_uri),
    );
    let pushes = backend.inner().pushes;
    let query = match pushes {
        false => form,
        true => {
            let pushed = backend
                .post(&format!("/oauth2/v1/par/{function}"), form)
                .await;
            let pushed: serde_json::Value = serde_json::from_slice(&pushed.body).unwrap();
            let request_uri = encoded(pushed["request_uri"].as_str().unwrap());
            format!("client_id={CLIENT_ID}&request_uri={request_uri}")
        }
    };
    let location = format!(
        "{}/oauth2/v1/authorize/{function}?{query}",
        backend.provider
    );
    let mut inner = backend.inner();
    let known = cookie(&headers).filter(|sid| inner.sessions.contains_key(sid));
    let is_new = known.is_none();
    let sid = known.unwrap_or_else(random_text);
    let session = inner.sessions.entry(sid.clone()).or_default();
    session.state = Some(state);
    session.verifier = verifier;
    session.redirect_uri = redirect_uri;
    session.began_as = session.access_token.clone();
    if function == "login-session" {
        session.access_token = None;
    }
    let status = match headers.get("x-requested-with") {
        Some(value) if value == "XMLHttpRequest" => StatusCode::ACCEPTED,
        _ => StatusCode::FOUND,
    };
    let mut response = (status, [(header::LOCATION, location)]).into_response();
    if is_new {
        let (name, value) = set(&sid);
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}

async fn complete(
    State(backend): Shared,
    Query(query): Parameters,
    headers: HeaderMap,
) -> Response {
    let denied = || refuse(StatusCode::FORBIDDEN, "access_denied");
    if let Some(error) = query.get("error") {
        return refuse(StatusCode::FORBIDDEN, error);
    }
    let sid = cookie(&headers).unwrap_or_default();
    let session = {
        let mut inner = backend.inner();
        let compares_first = inner.compares_first;
        let Some(session) = inner.sessions.get_mut(&sid) else {
            return denied();
        };
        let is_it = session.state.is_some() && session.state.as_ref() == query.get("state");
        if is_it || !compares_first {
            session.state = None;
        }
        if !is_it {
            return denied();
        }
        session.clone()
    };
    let form = format!(
        "grant_type=authorization_code&code={}&redirect_uri={}&code_verifier={}",
        encoded(query.get("code").map_or("", String::as_str)),
        encoded(&session.redirect_uri),
        session.verifier,
    );
    let answer = backend.post("/oauth2/v1/token", form).await;
    match answer.status {
        200..=299 => {}
        403 => return denied(),
        _ => return refuse(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
    }
    let tokens: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let access_token = tokens["access_token"].as_str().unwrap().to_owned();
    let mut inner = backend.inner();
    // The backend was possibly restarted meanwhile.
    let session = inner.sessions.entry(sid.clone()).or_insert(session);
    session.access_token = Some(access_token);
    match inner.rotates {
        true => [set(&inner.renamed(&sid))].into_response(),
        false => StatusCode::OK.into_response(),
    }
}

/// Truid's access token of the logged-in client.
fn logged_in(backend: &ExampleBackend, headers: &HeaderMap) -> Result<String, Box<Response>> {
    let inner = backend.inner();
    let session = cookie(headers).and_then(|sid| inner.sessions.get(&sid));
    let token = session.and_then(|session| session.access_token.clone());
    token.ok_or_else(|| refuse(StatusCode::UNAUTHORIZED, "authentication_required").into())
}

async fn relay(backend: &ExampleBackend, path: &str, headers: &HeaderMap) -> Response {
    let token = match logged_in(backend, headers) {
        Ok(token) => token,
        Err(refusal) => return *refusal,
    };
    let answer = backend.ask(path, None, format!("Bearer {token}")).await;
    let status = StatusCode::from_u16(answer.status).unwrap();
    let json = [(header::CONTENT_TYPE, "application/json")];
    (status, json, answer.body.clone()).into_response()
}

async fn user_info(State(backend): Shared, headers: HeaderMap) -> Response {
    relay(&backend, "/oidc/v1/user-info", &headers).await
}

async fn presentation(
    State(backend): Shared,
    Query(query): Parameters,
    headers: HeaderMap,
) -> Response {
    let claims = encoded(&query["claims"]);
    let path = format!("/exchange/v2/presentation?claims={claims}");
    relay(&backend, &path, &headers).await
}

async fn log_out(State(backend): Shared, headers: HeaderMap) -> Response {
    if let Err(refusal) = logged_in(&backend, &headers) {
        return *refusal;
    }
    let sid = cookie(&headers).unwrap();
    backend.inner().sessions.remove(&sid);
    StatusCode::NO_CONTENT.into_response()
}

async fn me(State(backend): Shared, headers: HeaderMap) -> Response {
    if let Err(refusal) = logged_in(&backend, &headers) {
        return *refusal;
    }
    let mut inner = backend.inner();
    match inner.rotates {
        true => {
            let sid = inner.renamed(&cookie(&headers).unwrap());
            ([set(&sid)], "it is you").into_response()
        }
        false => "it is you".into_response(),
    }
}

/// Requires a CSRF token, as a backend for browsers does, and checks nothing else.
async fn order(headers: HeaderMap) -> Response {
    match headers.contains_key("x-csrf-token") {
        true => "ordered".into_response(),
        false => refuse(StatusCode::FORBIDDEN, "invalid_csrf_token"),
    }
}
