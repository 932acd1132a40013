//! Runs the examples in `docs/examples/service/` with the real server and the sandbox. The examples
//! in both languages have the same answers.
//!
//! They need only the language. If it is missing, its tests report that they are skipped; if `CI`
//! is set, they fail.

use std::env;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

use crate::serve::{RunningService, ServiceSetup, XHR, ask, cookie, header, secret};
use crate::support::{Answer, text};

const KEY: &str = "an-api-key-of-the-services-own-code";
const EMAIL: &str = "truid.app/claim/email/v1";

/// A language, and the ending of its files.
#[derive(Clone, Copy)]
pub(crate) struct Language {
    program: &'static str,
    ending: &'static str,
}

pub(crate) const NODE: Language = Language {
    program: "node",
    ending: "mjs",
};
const PYTHON: Language = Language {
    program: "python3",
    ending: "py",
};

impl Language {
    /// Whether it is on this machine.
    #[expect(
        clippy::print_stderr,
        reason = "a person reads which tests were skipped"
    )]
    pub(crate) fn is_here(self) -> bool {
        let found = Command::new(self.program).arg("--version").output();
        let is_here = found.is_ok_and(|it| it.status.success());
        assert!(
            is_here || env::var_os("CI").is_none(),
            "{} is missing: install it",
            self.program
        );
        if !is_here {
            eprintln!("skipped: {} is missing", self.program);
        }
        is_here
    }

    fn command(self, example: &str, base: &str) -> Command {
        let file = format!("../docs/examples/service/{example}.{}", self.ending);
        let mut command = Command::new(self.program);
        command
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(file))
            .arg(base)
            // A proxy that must not be used.
            .env("HTTP_PROXY", "http://127.0.0.1:9")
            .env("http_proxy", "http://127.0.0.1:9")
            .env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }
}

/// A running example.
struct ExampleServer {
    child: Child,
    url: String,
}

impl Drop for ExampleServer {
    fn drop(&mut self) {
        // The process has possibly ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl ExampleServer {
    fn start(language: Language, base: &str) -> Self {
        let mut command = language.command("service", base);
        command.arg("0").stdout(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let url = lines.next().expect("it says where it is").expect("UTF-8");
        Self { child, url }
    }

    fn ask(&self, method: &str, headers: &[(&str, &str)]) -> (u16, Value) {
        let answer = self.answer(method, headers);
        (answer.status, object(&answer))
    }

    fn answer(&self, method: &str, headers: &[(&str, &str)]) -> Answer {
        let (_, host) = self.url.split_once("://").expect("a URL");
        let stream = std::net::TcpStream::connect(host).expect("it listens");
        ask(stream, method, "/orders", headers, "")
    }

    /// Whether the person is logged in, and whether their identity is verified.
    fn identity(&self, cookies: &str) -> (u16, Value) {
        let (_, host) = self.url.split_once("://").expect("a URL");
        let stream = std::net::TcpStream::connect(host).expect("it listens");
        let answer = ask(stream, "GET", "/identity", &[("cookie", cookies)], "");
        (answer.status, object(&answer)["verified"].clone())
    }
}

/// The object in a body, which may come in chunks.
fn object(answer: &Answer) -> Value {
    let body = &answer.body;
    let ends = body.find('{').zip(body.rfind('}'));
    let (first, last) = ends.expect("an object");
    serde_json::from_str(&body[first..=last]).expect("JSON")
}

/// An app without cookies logs a person in with this Truid function. Returns its bearer token.
fn token(setup: &ServiceSetup, service: &RunningService, function: &str) -> String {
    let tokens = ("switchback-session", "token");
    let started = service.get(&format!("/truid/{function}"), &[XHR, tokens]);
    let started_body: Value = serde_json::from_str(&started.body).expect("JSON");
    let login = format!("Bearer {}", text(&started_body["login_token"]));
    let link = setup.truid.approve(header(&started, "location"));
    let path = link.strip_prefix("http://127.0.0.1:8080").expect("ours");
    let completed = service.get(path, &[XHR, tokens, ("authorization", &login)]);
    let completed: Value = serde_json::from_str(&completed.body).expect("JSON");
    format!("Bearer {}", text(&completed["access_token"]))
}

fn an_example_serves_a_person(language: Language) {
    if !language.is_here() {
        return;
    }
    let setup = ServiceSetup::new();
    let service = setup.serve("");
    let own = ExampleServer::start(language, &format!("{}/truid", service.url));
    let no_session = json!({ "error": "login_required", "reason": "no_session" });
    assert_eq!(own.ask("GET", &[]), (401, no_session.clone()));

    let session = service.log_in(&setup, None);
    let by_cookie = ("cookie", &*session);
    let who: Value =
        serde_json::from_str(&service.get("/truid/session", &[by_cookie]).body).expect("JSON");
    let sub = text(&who["sub"]);
    assert_eq!(
        own.ask("GET", &[by_cookie]),
        (200, json!({ "sub": sub, "orders": 0 }))
    );
    assert_eq!(
        own.ask("POST", &[by_cookie]),
        (200, json!({ "sub": sub, "orders": 1 }))
    );

    // A page of another site sends the cookie too; a request with a token does not come from a page.
    for site in ["cross-site", "same-site", "none"] {
        let foreign = own.ask("POST", &[by_cookie, ("sec-fetch-site", site)]);
        assert_eq!(foreign, (403, json!({ "error": "cross_site" })), "{site}");
    }
    let ours = own.ask("POST", &[by_cookie, ("sec-fetch-site", "same-origin")]);
    assert_eq!(ours, (200, json!({ "sub": sub, "orders": 2 })));
    let token = token(&setup, &service, "login-session");
    let by_token = ("authorization", &*token);
    let app = own.ask("POST", &[by_token]);
    assert_eq!(app, (200, json!({ "sub": sub, "orders": 3 })));
    // A wrong token: the cookie does not count.
    let wrong = own.ask("GET", &[("authorization", "Bearer x"), by_cookie]);
    assert_eq!(wrong, (401, no_session.clone()));

    // An identity verification is not a login.
    let proof = self::token(&setup, &service, "idv");
    let proven = own.ask("GET", &[("authorization", &proof)]);
    assert_eq!(proven, (401, no_session.clone()));

    // The person verifies their identity in the same browser, ends that, and stays logged in.
    assert_eq!(own.identity(&session), (200, false.into()));
    let started = service.get("/truid/idv", &[XHR, by_cookie]);
    let link = setup.truid.approve(header(&started, "location"));
    let path = link.strip_prefix("http://127.0.0.1:8080").expect("ours");
    let verification = cookie(&service.get(path, &[XHR, by_cookie]));
    let both = format!("{session}; {verification}");
    assert_eq!(own.identity(&both), (200, true.into()));
    assert_eq!(own.identity(&verification).0, 401);
    let log_out = |query: &str| {
        let address = format!("/truid/log-out{query}");
        let out = ask(
            service.connect(),
            "POST",
            &address,
            &[("cookie", &both)],
            "",
        );
        assert_eq!(out.status, 204, "{}", out.head);
    };
    log_out("?purpose=identity_verification");
    assert_eq!(own.identity(&both), (200, false.into()));
    assert_eq!(own.ask("GET", &[by_cookie]).0, 200);

    log_out("");
    assert_eq!(own.ask("GET", &[by_cookie]), (401, no_session));
    assert_eq!(own.ask("GET", &[by_token]).0, 200);

    // If the server does not answer, the example neither ends the session nor serves the person.
    assert_eq!(service.end(), 0);
    let gone = own.answer("GET", &[by_token]);
    let unavailable = json!({ "error": "temporarily_unavailable" });
    assert_eq!((gone.status, object(&gone)), (503, unavailable));
    assert_eq!(header(&gone, "retry-after"), "5");
}

#[test]
fn the_node_example_serves_a_person() {
    an_example_serves_a_person(NODE);
}

#[test]
fn the_python_example_serves_a_person() {
    an_example_serves_a_person(PYTHON);
}

fn an_example_reads_an_onboarded_person(language: Language) {
    if !language.is_here() {
        return;
    }
    let setup = ServiceSetup::new();
    secret(&setup.home().join("api-keys"), KEY);
    let service = setup.serve("[api_keys]\nfile = 'api-keys'");
    let token = token(&setup, &service, "confirm-signup");
    let address = "/truid/session?purpose=onboarding";
    let who = service.get(address, &[("authorization", &token)]);
    let who: Value = serde_json::from_str(&who.body).expect("JSON");
    let sub = text(&who["sub"]);
    let base = format!("{}/truid", service.url);
    let read = |sub: &str, key: &str| -> Output {
        let mut command = language.command("onboarded", &base);
        command.arg(sub).args([EMAIL, "truid.app/claim/name/v1"]);
        command.env("API_KEY", key).output().expect("it starts")
    };
    let out = |read: &Output| String::from_utf8_lossy(&read.stdout).into_owned();

    let said = read(&sub, KEY);
    assert!(said.status.success(), "{said:?}");
    let lines = out(&said);
    assert_eq!(lines.lines().count(), 2, "{lines}");
    assert!(lines.starts_with(&format!("{EMAIL} \"")), "{lines}");
    let absent = read("absent", KEY);
    assert_eq!(
        (absent.status.success(), &*out(&absent)),
        (true, "nobody\n"),
        "{absent:?}"
    );

    // Without the service's key it fails, and its message does not contain the key.
    let (_, session) = token.split_once(' ').expect("a token");
    for wrong in ["another-key-that-is-none-of-the-keys", session] {
        let refused = read(&sub, wrong);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(
            !refused.status.success() && out(&refused).is_empty(),
            "{said}"
        );
        assert!(said.contains("401 api_key_required wrong_key"), "{said}");
        assert!(!said.contains(wrong), "{said}");
    }
    assert_eq!(service.end(), 0);
}

#[test]
fn the_node_example_reads_an_onboarded_person() {
    an_example_reads_an_onboarded_person(NODE);
}

#[test]
fn the_python_example_reads_an_onboarded_person() {
    an_example_reads_an_onboarded_person(PYTHON);
}

/// A server in the place of Switchback that sends the same response to each request. It counts the
/// requests for `/elsewhere`.
struct Upstream {
    base: String,
    answer: Arc<Mutex<String>>,
    followed: Arc<Mutex<u32>>,
}

const ELSEWHERE: &str = r#"{"sub":"someone","purpose":"login","claims":[]}"#;

impl Upstream {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("it binds");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let base = format!("{url}/truid");
        let answer: Arc<Mutex<String>> = Arc::default();
        let followed: Arc<Mutex<u32>> = Arc::default();
        let (answers, follows) = (Arc::clone(&answer), Arc::clone(&followed));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let mut lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
                let first = lines.next().and_then(Result::ok).unwrap_or_default();
                // Reads the head, and drops the part of a body that came with it.
                while lines.next().is_some_and(|l| l.is_ok_and(|l| !l.is_empty())) {}
                let text = match first.contains("/elsewhere") {
                    true => {
                        *follows.lock().expect("no panic") += 1;
                        whole("200 OK", ELSEWHERE)
                    }
                    false => answers.lock().expect("no panic").replace("$URL", &url),
                };
                // The client has possibly closed the connection.
                let _ = stream.write_all(text.as_bytes());
            }
        });
        Self {
            base,
            answer,
            followed,
        }
    }

    fn answers(&self, text: &str) {
        text.clone_into(&mut self.answer.lock().expect("no panic"));
    }
}

/// A response with these lines of a head.
fn whole(head: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
}

/// Responses with a defined status, with other statuses, and responses that Switchback never sends.
fn an_example_refuses_other_responses(language: Language) {
    if !language.is_here() {
        return;
    }
    let upstream = Upstream::start();
    let own = ExampleServer::start(language, &upstream.base);
    let is_busy = r#"{"error":"too_many_requests"}"#;
    let page = "<html>Bad Gateway</html>";
    for (answer, status, retry_after) in [
        (whole("302 Found\r\nlocation: $URL/elsewhere", ""), 502, ""),
        (
            whole("307 Temporary Redirect\r\nlocation: $URL/elsewhere", page),
            502,
            "",
        ),
        (
            whole("301 Moved Permanently\r\nlocation: /elsewhere", ELSEWHERE),
            502,
            "",
        ),
        (whole("204 No Content", ""), 502, ""),
        (whole("206 Partial Content", ELSEWHERE), 502, ""),
        (
            whole("400 Bad Request", r#"{"error":"invalid_request"}"#),
            502,
            "",
        ),
        (whole("404 Not Found", r#"{"error":"not_found"}"#), 502, ""),
        (
            whole(
                "421 Misdirected Request",
                r#"{"error":"misdirected_request"}"#,
            ),
            502,
            "",
        ),
        (
            whole("429 Too Many Requests\r\nretry-after: 17", is_busy),
            503,
            "17",
        ),
        (
            whole("503 Service Unavailable\r\nretry-after: 3", page),
            503,
            "3",
        ),
        (whole("503 Service Unavailable", ""), 503, "5"),
        (
            whole("500 Internal Server Error", r#"{"error":"server_error"}"#),
            502,
            "",
        ),
        (whole("502 Bad Gateway", page), 502, ""),
        (whole("504 Gateway Timeout", ""), 502, ""),
        (whole("200 OK", ""), 503, "5"),
        (whole("200 OK", page), 503, "5"),
        (whole("200 OK", "null"), 503, "5"),
        (whole("200 OK", "[1]"), 503, "5"),
        (whole("200 OK", r#"{"sub":7,"purpose":"login"}"#), 503, "5"),
        (whole("401 Unauthorized", page), 503, "5"),
        (whole("401 Unauthorized", "{}"), 503, "5"),
        (String::new(), 503, "5"),
        ("nonsense\r\n\r\n".to_owned(), 503, "5"),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"sub\":".to_owned(),
            503,
            "5",
        ),
        // Only a valid response of Switchback lets a person in.
        (whole("200 OK", r#"{"purpose":"login"}"#), 503, "5"),
        (whole("200 OK", ELSEWHERE), 200, ""),
    ] {
        upstream.answers(&answer);
        let said = own.answer("GET", &[("cookie", "a=b"), ("authorization", "Bearer x")]);
        assert_eq!(said.status, status, "{answer}");
        assert_eq!(header(&said, "retry-after"), retry_after, "{answer}");
        let body = object(&said);
        match status {
            200 => assert_eq!(body["sub"], "someone"),
            401 => assert_eq!(body["error"], "login_required"),
            502 => assert_eq!(body["error"], "server_error"),
            _ => assert_eq!(body["error"], "temporarily_unavailable"),
        }
    }
    // The service's key is not sent to another server.
    for (answer, says) in [
        (whole("302 Found\r\nlocation: $URL/elsewhere", ""), "302"),
        (
            whole("307 Temporary Redirect\r\nlocation: $URL/elsewhere", ""),
            "307",
        ),
        (whole("502 Bad Gateway", page), "502"),
        (
            whole("429 Too Many Requests\r\nretry-after: 17", is_busy),
            "429 too_many_requests",
        ),
        (whole("404 Not Found", page), "404"),
    ] {
        upstream.answers(&answer);
        let mut command = language.command("onboarded", &upstream.base);
        command.args(["someone", EMAIL]).env("API_KEY", KEY);
        let read = command.output().expect("it starts");
        let said = String::from_utf8_lossy(&read.stderr).into_owned();
        assert!(!read.status.success() && read.stdout.is_empty(), "{answer}");
        assert!(said.contains(says), "{answer}: {said}");
    }
    assert_eq!(*upstream.followed.lock().expect("no panic"), 0);
}

#[test]
fn the_node_example_refuses_other_responses() {
    an_example_refuses_other_responses(NODE);
}

#[test]
fn the_python_example_refuses_other_responses() {
    an_example_refuses_other_responses(PYTHON);
}
