//! Searches logs, printed values and the database's files for the secrets of several sessions.

use std::path::Path;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use switchback_backend::{Credential, Platform, Service};
use switchback_protocol::Secret;
use switchback_protocol::http::{Request, Response};

use super::database::Address;
use super::support::{
    API_KEY, Answer, ApprovedLogin, BackendFixture, CLIENT_SECRET, HTML, KEY, Node, TOKENS, XHR,
    attempt_id, purpose_of, request, session_path,
};
use crate::canary::{Captured, hidden, listen};
use crate::support::ObservedTransport;

/// Every value that only its owner may know.
#[derive(Clone, Default)]
struct Known(Arc<Mutex<Vec<String>>>);

impl Known {
    fn add(&self, secret: impl Into<String>) {
        self.0.lock().unwrap().push(secret.into());
    }

    /// A credential: the whole value, and the half that is its secret.
    fn credential(&self, text: &str) {
        let (_, value) = text.split_once('=').unwrap_or(("", text));
        // A browser's cookie contains two credentials.
        assert!(matches!(value.len(), 64 | 128));
        for start in (0..value.len()).step_by(64) {
            let one = &value[start..start + 64];
            self.add(one);
            self.add(&one[22..]);
        }
    }

    /// All fields of this name, at any depth.
    fn fields(&self, json: &Value, names: &[&str]) {
        match json {
            Value::Object(object) => {
                for (name, value) in object {
                    match value.as_str() {
                        Some(text) if names.contains(&&**name) && text.len() > 3 => self.add(text),
                        _ => self.fields(value, names),
                    }
                }
            }
            Value::Array(all) => all.iter().for_each(|one| self.fields(one, names)),
            _ => {}
        }
    }

    /// The traffic with the provider.
    fn wire(&self, request: &Request, response: &Response) {
        let form = request.body.as_ref().map_or("", Secret::expose);
        for (name, value) in url::form_urlencoded::parse(form.as_bytes()) {
            if ["code_verifier", "code", "state", "nonce", "client_secret"].contains(&&*name) {
                self.add(value);
            }
        }
        let body = serde_json::from_slice(&response.body).unwrap_or_default();
        let names = [
            "access_token",
            "refresh_token",
            "request_uri",
            "sub",
            "email",
            "name",
            "value",
        ];
        self.fields(&body, &names);
    }

    /// The answers of the service.
    fn answer(&self, answer: &Answer) {
        for cookie in answer.set_cookies().filter(|pair| !pair.ends_with('=')) {
            self.credential(cookie);
        }
        let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        for name in ["access_token", "refresh_token", "login_token"] {
            if let Some(token) = body[name].as_str() {
                self.credential(token);
            }
        }
    }
}

struct Run {
    fixture: BackendFixture,
    node: Node,
    known: Known,
    seen: Captured,
}

impl Run {
    async fn new() -> Self {
        let fixture = BackendFixture::new().await;
        let (seen, known) = (listen(), Known::default());
        known.add(CLIENT_SECRET);
        known.add(KEY);
        known.add(API_KEY);
        let plain = fixture.platform();
        let (log, tapped) = (seen.clone(), known.clone());
        let tap = ObservedTransport {
            inner: Arc::clone(&plain.http),
            on_answer: Box::new(move |request, response| {
                log.add(format!("{request:?} {response:?}"));
                tapped.wire(request, response);
            }),
        };
        let platform = Platform {
            http: Arc::new(tap),
            ..plain
        };
        let node = Node::with_api_keys(Service::new(fixture.config(), platform).unwrap(), API_KEY);
        seen.add(format!("{:?} {:?}", node.service, fixture.platform().keys));
        Self {
            fixture,
            node,
            known,
            seen,
        }
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let answer = self.node.get(path, headers).await;
        self.known.answer(&answer);
        answer
    }

    async fn begun(&self) -> ApprovedLogin {
        let login = self.fixture.approved_login(&self.node).await;
        self.known.credential(&login.cookie);
        self.known.add(&login.state);
        self.known.add(&login.code);
        login
    }

    /// All requests with a session.
    async fn lived(&self, function: &str) -> String {
        let started = self.get(&format!("/truid/{function}"), &[XHR]).await;
        let cookie = started.cookie().unwrap();
        let link = self.fixture.approve(started.location());
        let callback = super::support::path(&link);
        let completed = self.get(callback, &[XHR, ("cookie", &cookie)]).await;
        let session = completed.cookie().unwrap();
        let shown = [("cookie", &*session)];
        let claims = "claims=truid.app/claim/email/v1,truid.app/claim/name/v1";
        for path in ["session?", "user-info?", &format!("presentation?{claims}&")] {
            let address = format!("/truid/{path}purpose={}", purpose_of(function));
            let answer = self.get(&address, &shown).await;
            assert_eq!(answer.status, 200, "{answer:?}");
        }
        let credential = Credential::read(session.split_once('=').unwrap().1).unwrap();
        let person = self.node.service.session(&credential).await.unwrap();
        self.known.add(person.subject());
        let info = person.user_info().await.unwrap();
        let data = person
            .presentation(&["truid.app/claim/email/v1"])
            .await
            .unwrap();
        self.seen
            .add(format!("{credential:?} {person:?} {info:?} {data:?}"));
        session
    }

    /// An app without cookies.
    async fn lived_with_tokens(&self) {
        let started = self.get("/truid/login-session", &[XHR, TOKENS]).await;
        let login = started.json()["login_token"].as_str().unwrap().to_owned();
        let link = self.fixture.approve(started.location());
        let shown = format!("Bearer {login}");
        let headers = [XHR, TOKENS, ("authorization", &*shown)];
        let callback = super::support::path(&link);
        let tokens = self.get(callback, &headers).await.json();
        let mut refresh = tokens["refresh_token"].as_str().unwrap().to_owned();
        for _ in 0..2 {
            let body = format!("grant_type=refresh_token&refresh_token={refresh}");
            let form = [("content-type", "application/x-www-form-urlencoded")];
            let answer = self.node.post("/truid/token", &form, &body).await;
            self.known.answer(&answer);
            refresh = answer.json()["refresh_token"].as_str().unwrap().to_owned();
        }
    }

    /// Requests with an API key, and requests that must be refused.
    async fn asked_by_the_service(&self, sign_up: &str) {
        let who = self
            .get(session_path("confirm-signup"), &[("cookie", sign_up)])
            .await;
        let body = format!("sub={}", who.json()["sub"].as_str().unwrap());
        let form = ("content-type", "application/x-www-form-urlencoded");
        let (right, wrong) = (format!("Bearer {API_KEY}"), format!("Bearer x{API_KEY}"));
        let page = ("origin", "https://service.example");
        for (key, more, status) in [
            (&right, None, 200),
            (&wrong, None, 401),
            (&right, Some(page), 403),
        ] {
            let headers = [form, ("authorization", &**key)].into_iter().chain(more);
            let headers: Vec<_> = headers.collect();
            let path = "/truid/onboarded/user-info";
            let answer = self.node.post(path, &headers, &body).await;
            assert_eq!(answer.status, status);
        }
    }

    /// Requests that fail and contain secrets.
    async fn failed(&self) {
        let (one, other) = (self.begun().await, self.begun().await);
        let injected = format!("/truid/complete?code={}&state={}", one.code, other.state);
        self.get(&injected, &[XHR, ("cookie", &other.cookie)]).await;
        let login = self.begun().await;
        let declined = format!("/truid/complete?error=access_denied&state={}", login.state);
        self.get(&declined, &[HTML, ("cookie", &login.cookie)])
            .await;
        let login = self.begun().await;
        let strange = format!("{}&iss=https://evil.example", login.callback);
        self.get(&strange, &[XHR, ("cookie", &login.cookie)]).await;
        let credential = Credential::read(login.cookie.split_once('=').unwrap().1);
        let query = login.callback.split_once('?').unwrap().1;
        let service = &self.node.service;
        let completed = service
            .complete(query, credential.as_ref(), &[], true)
            .await;
        self.seen.add(format!("{completed:?}"));
        let started = service.begin(switchback_protocol::Purpose::Login, None);
        let started = started.await.unwrap();
        self.known.add(started.state.expose());
        self.seen.add(format!("{started:?}"));
    }

    /// All files of the database.
    fn stolen(&self) -> Vec<u8> {
        let Address::Sqlite(file) = &self.fixture.database.address else {
            panic!("it is another database")
        };
        let folder = Path::new(file).parent().unwrap();
        let files = std::fs::read_dir(folder).unwrap();
        let mut names = Vec::new();
        let mut all = Vec::new();
        for file in files {
            let path = file.unwrap().path();
            names.push(path.file_name().unwrap().to_str().unwrap().to_owned());
            all.extend(std::fs::read(path).unwrap());
        }
        names.sort();
        assert!(names.contains(&"service.db-wal".to_owned()), "{names:?}");
        all
    }
}

#[tokio::test]
async fn no_secret_is_in_output_or_database() {
    let run = Run::new().await;
    let first = run.lived("login-session").await;
    run.lived("idv").await;
    let sign_up = run.lived("confirm-signup").await;
    run.asked_by_the_service(&sign_up).await;
    run.lived("login-session").await;
    run.lived_with_tokens().await;
    run.failed().await;
    // One session is refreshed, and another has ended: the files still contain deleted values.
    run.fixture.advance(301);
    run.get("/truid/session", &[("cookie", &first)]).await;
    let before = run.stolen();
    run.node
        .post("/truid/log-out", &[("cookie", &first)], "")
        .await
        .is(204, "");
    let last = run.begun().await;
    let after = run.stolen();
    let id = attempt_id(&last.state);

    let known = run.known.0.lock().unwrap();
    assert!(known.len() > 100, "only {} secrets are known", known.len());
    let contains = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).any(|w| w == what);
    assert!(contains(&after, id.as_bytes()), "the files were not read");
    for files in [&before, &after] {
        hidden(&String::from_utf8_lossy(files), known.iter());
        // Nor as the bytes that the text encodes.
        for secret in known.iter().filter(|secret| secret.len() == 64) {
            let bytes = URL_SAFE_NO_PAD.decode(secret).unwrap_or_default();
            if let Some(half) = bytes.get(16..) {
                assert!(!contains(files, half), "a credential is in the files");
            }
        }
    }
    let text = run.seen.text();
    for heard in [
        "login.begun",
        "code.refused",
        "refresh.done",
        "service.key-in-browser",
        "TRACE",
        "sqlx",
    ] {
        assert!(text.contains(heard), "the log was not captured: {heard}");
    }
    hidden(&text, known.iter());
}

/// No answer and no log repeats the input.
#[tokio::test]
async fn no_input_is_echoed() {
    const MARK: &str = "m4rk3rOfTheInput";
    let run = Run::new().await;
    let session = run.fixture.log_in(&run.node).await;
    let login = run.begun().await;
    let state = &login.state;
    let headers = [
        "accept",
        "authorization",
        "content-type",
        "cookie",
        "host",
        "origin",
        "referer",
        "sec-fetch-site",
        "switchback-session",
        "user-agent",
        "x-forwarded-for",
        "x-requested-with",
        "x-request-id",
    ];
    let mut answers = Vec::new();
    for path in [
        format!("/{MARK}"),
        format!("/truid/{MARK}"),
        format!("/truid/login-session?{MARK}={MARK}"),
        format!("/truid/session?a={MARK}"),
        format!("/truid/presentation?claims={MARK}"),
        format!("/truid/presentation?claims={MARK}%00"),
        format!("/truid/complete?code={MARK}&state={MARK}"),
        format!("/truid/complete?{MARK}%zz"),
        format!("/truid/complete?error={MARK}&error_description={MARK}&state={state}"),
        format!("/truid/token?{MARK}"),
        format!("/truid/log-out?{MARK}"),
    ] {
        for method in ["GET", "POST", MARK] {
            for cookie in ["", &session, &login.cookie] {
                let mut all = vec![("cookie", cookie)];
                let body = format!("grant_type={MARK}&refresh_token={MARK}");
                answers.push(run.node.send(request(method, &path, &all, &body)).await);
                all.push(("content-type", "application/x-www-form-urlencoded"));
                answers.push(run.node.send(request(method, &path, &all, &body)).await);
                let body = format!("grant_type=refresh_token&refresh_token={MARK}");
                answers.push(run.node.send(request(method, &path, &all, &body)).await);
            }
        }
        for header in headers {
            for value in [
                MARK.to_owned(),
                format!("Bearer {MARK}"),
                format!("a={MARK}"),
            ] {
                let all = [(header, &*value)];
                answers.push(run.node.send(request("GET", &path, &all, "")).await);
                answers.push(run.node.send(request("POST", &path, &all, "")).await);
            }
        }
    }
    assert!(answers.len() > 1_000);
    let mark = [MARK.to_owned()];
    for answer in &answers {
        assert!(answer.status.as_u16() < 500, "{answer:?}");
        hidden(
            &format!("{:?} {}", answer.headers, answer.body),
            mark.iter(),
        );
    }
    hidden(&run.seen.text(), mark.iter());
}
