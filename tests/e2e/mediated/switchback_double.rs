//! A double of Switchback's own backend, as an app sees it: with its own session tokens, which
//! rotate.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use switchback::{Backend, Client, Config, Platform, Provider, Session, store};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::login_request;
use crate::support::{LockableStore, TestClock, session_of};

/// The provider's base URL. No server listens there.
pub(crate) const PROVIDER: &str = "http://127.0.0.1:9";

const START: i64 = 1_700_000_000;

/// An app, its store and its backend.
pub(crate) struct SwitchbackBackend {
    pub(crate) server: MockServer,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) store: Arc<LockableStore>,
    state: Arc<Sessions>,
}

/// The state of the only session.
#[derive(Default)]
pub(crate) struct Sessions {
    /// Counts the token pairs: the newest is `A<n>` and `R<n>`.
    newest: AtomicU64,
    starts: AtomicU64,
    pub(crate) is_over: AtomicBool,
    /// Whether to reject every access token.
    pub(crate) refuses: AtomicBool,
}

impl Sessions {
    fn pair(&self) -> String {
        let n = self.newest.load(Ordering::SeqCst);
        format!(
            r#"{{"purpose":"login","access_token":"A{n}-acce55","token_type":"bearer",
            "expires_in":900,"refresh_token":"R{n}-refre5h"}}"#
        )
    }

    fn answer(&self, request: &Request) -> ResponseTemplate {
        let json = |status: u16, body: &str| {
            ResponseTemplate::new(status).set_body_raw(body, "application/json")
        };
        let header = |name: &str| {
            let value = request.headers.get(name)?;
            value.to_str().ok()
        };
        let n = self.newest.load(Ordering::SeqCst);
        let is_bearer = header("authorization") == Some(&format!("Bearer A{n}-acce55"));
        let is_in = is_bearer
            && !self.is_over.load(Ordering::SeqCst)
            && !self.refuses.load(Ordering::SeqCst);
        let login_required = json(401, r#"{"error":"login_required","reason":"revoked"}"#);
        match request.url.path() {
            "/truid/login-session" => {
                let n = self.starts.fetch_add(1, Ordering::SeqCst) + 1;
                assert_eq!(header("switchback-session"), Some("token"));
                let url = format!("{PROVIDER}/authorize?client_id=c&request_uri=urn%3A{n}");
                let started = json(202, &format!(r#"{{"state":"state-{n}","expires_in":60}}"#))
                    .insert_header("location", url);
                // A client with a token completes the login with the token.
                if is_in {
                    return started;
                }
                started.insert_header(
                    "set-cookie",
                    "switchback=c00kie; Path=/; HttpOnly; SameSite=Lax",
                )
            }
            "/truid/complete" => {
                assert_eq!(header("switchback-session"), Some("token"));
                assert!(is_in || header("cookie") == Some("switchback=c00kie"));
                // The same link returns the same session again.
                let _ = self
                    .newest
                    .compare_exchange(0, 1, Ordering::SeqCst, Ordering::SeqCst);
                json(200, &self.pair())
            }
            "/truid/token" => {
                let body = String::from_utf8_lossy(&request.body);
                assert!(!body.contains("client_id"), "{body}");
                let expected = format!("refresh_token=R{n}-refre5h");
                if !body.contains(&expected) || self.is_over.load(Ordering::SeqCst) {
                    return json(400, r#"{"error":"invalid_grant"}"#);
                }
                self.newest.fetch_add(1, Ordering::SeqCst);
                json(200, &self.pair())
            }
            _ if !is_in => login_required,
            "/truid/user-info" => json(200, r#"{"sub":"maja","name":"Maja"}"#),
            "/truid/presentation" => json(200, r#"{"sub":"maja","claims":[]}"#),
            "/truid/log-out" => {
                self.is_over.store(true, Ordering::SeqCst);
                ResponseTemplate::new(204)
            }
            _ => json(200, "{}"),
        }
    }
}

impl SwitchbackBackend {
    pub(crate) async fn new() -> Self {
        let (server, state) = (MockServer::start().await, Arc::<Sessions>::default());
        let answering = state.clone();
        let answer = move |request: &Request| answering.answer(request);
        Mock::given(any()).respond_with(answer).mount(&server).await;
        Self {
            server,
            clock: TestClock::at(START),
            store: Arc::default(),
            state,
        }
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.state
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.server.uri())
    }

    pub(crate) fn config(&self) -> Config {
        Config::mediated(
            Provider::truid().with_base_url(PROVIDER),
            Backend::switchback(&self.at("/truid")),
            self.at("/truid/complete"),
        )
    }

    pub(crate) fn platform(&self) -> Platform {
        let mut platform = Platform::new(store::Memory::new());
        platform.clock = self.clock.clone();
        platform.with_store(self.store.clone())
    }

    pub(crate) fn app(&self) -> Client {
        Client::new(self.config(), self.platform()).unwrap()
    }

    /// The callback link of the n-th login.
    pub(crate) fn link(&self, n: u64) -> String {
        self.at(&format!(
            "/truid/complete?code=c0de-of-no-login&state=state-{n}"
        ))
    }

    pub(crate) async fn logged_in(&self, app: &Client) -> Session {
        app.begin(login_request()).await.unwrap();
        let link = self.link(self.state.starts.load(Ordering::SeqCst));
        let id = session_of(app.complete(&link).await.unwrap());
        app.session(&id).await.unwrap()
    }

    /// The number of requests to a path.
    pub(crate) async fn asked(&self, path: &str) -> usize {
        let all = self.server.received_requests().await.unwrap();
        all.iter().filter(|seen| seen.url.path() == path).count()
    }
}
