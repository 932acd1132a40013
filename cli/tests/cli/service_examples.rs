//! The examples of a service's own code in `docs/examples/service/`, each run beside the real
//! server and the sandbox. In both languages they answer the same.
//!
//! They need nothing but the language. Where that is missing, its tests are skipped and say so;
//! under `CI` that is a failure.

use std::env;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

use crate::running::{Answer, text};
use crate::serve::{Service, Stage, XHR, ask, header, secret};

const KEY: &str = "an-api-key-of-the-services-own-code";
const EMAIL: &str = "truid.app/claim/email/v1";

/// A language, and the ending of its files.
#[derive(Clone, Copy)]
struct Language {
    program: &'static str,
    ending: &'static str,
}

const NODE: Language = Language {
    program: "node",
    ending: "mjs",
};
const PYTHON: Language = Language {
    program: "python3",
    ending: "py",
};

impl Language {
    /// Whether it is on this machine.
    #[expect(clippy::print_stderr, reason = "whoever runs the tests is told")]
    fn is_here(self) -> bool {
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
            // What is meant for other addresses.
            .env("HTTP_PROXY", "http://127.0.0.1:9")
            .env("http_proxy", "http://127.0.0.1:9")
            .env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }
}

/// The example while it runs.
struct Own {
    child: Child,
    url: String,
}

impl Drop for Own {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Own {
    fn start(language: Language, service: &Service) -> Self {
        let mut command = language.command("service", &format!("{}/truid", service.url));
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
}

/// The object in a body, which may come in chunks.
fn object(answer: &Answer) -> Value {
    let body = &answer.body;
    let ends = body.find('{').zip(body.rfind('}'));
    let (first, last) = ends.expect("an object");
    serde_json::from_str(&body[first..=last]).expect("JSON")
}

/// Somebody comes for this with an app that has no cookies: its access token.
fn token(stage: &Stage, service: &Service, function: &str) -> String {
    let tokens = ("switchback-session", "token");
    let started = service.get(&format!("/truid/{function}"), &[XHR, tokens]);
    let started_body: Value = serde_json::from_str(&started.body).expect("JSON");
    let login = format!("Bearer {}", text(&started_body["login_token"]));
    let link = stage.truid.approve(header(&started, "location"));
    let path = link.strip_prefix("http://127.0.0.1:8080").expect("ours");
    let completed = service.get(path, &[XHR, tokens, ("authorization", &login)]);
    let completed: Value = serde_json::from_str(&completed.body).expect("JSON");
    format!("Bearer {}", text(&completed["access_token"]))
}

fn somebody_is_served_by_a_service_in(language: Language) {
    if !language.is_here() {
        return;
    }
    let stage = Stage::new();
    let service = stage.serve("");
    let own = Own::start(language, &service);
    let no_session = json!({ "error": "login_required", "reason": "no_session" });
    assert_eq!(own.ask("GET", &[]), (401, no_session.clone()));

    let session = service.log_in(&stage, None);
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

    // A page of another site sends the cookie along; an app has a token, and is no page.
    for site in ["cross-site", "same-site", "none"] {
        let foreign = own.ask("POST", &[by_cookie, ("sec-fetch-site", site)]);
        assert_eq!(foreign, (403, json!({ "error": "cross_site" })), "{site}");
    }
    let ours = own.ask("POST", &[by_cookie, ("sec-fetch-site", "same-origin")]);
    assert_eq!(ours, (200, json!({ "sub": sub, "orders": 2 })));
    let token = token(&stage, &service, "login-session");
    let by_token = ("authorization", &*token);
    let app = own.ask("POST", &[by_token]);
    assert_eq!(app, (200, json!({ "sub": sub, "orders": 3 })));
    // A token that is over: the app is told to refresh it, and not to log in.
    let wrong = own.ask("GET", &[("authorization", "Bearer x"), by_cookie]);
    assert_eq!(wrong, (401, no_session.clone()));

    // Whoever proves who they are has not logged in.
    let proof = self::token(&stage, &service, "idv");
    let proven = own.ask("GET", &[("authorization", &proof)]);
    assert_eq!(proven, (401, no_session.clone()));

    let out = ask(
        service.connect(),
        "POST",
        "/truid/log-out",
        &[by_cookie],
        "",
    );
    assert_eq!(out.status, 204, "{}", out.head);
    assert_eq!(own.ask("GET", &[by_cookie]), (401, no_session));
    assert_eq!(own.ask("GET", &[by_token]).0, 200);

    // Nobody is logged out by a service that does not answer, and nobody is let in.
    assert_eq!(service.end(), 0);
    let gone = own.answer("GET", &[by_token]);
    let unavailable = json!({ "error": "temporarily_unavailable" });
    assert_eq!((gone.status, object(&gone)), (503, unavailable));
    assert_eq!(header(&gone, "retry-after"), "5");
}

#[test]
fn somebody_is_served_by_a_service_in_node() {
    somebody_is_served_by_a_service_in(NODE);
}

#[test]
fn somebody_is_served_by_a_service_in_python() {
    somebody_is_served_by_a_service_in(PYTHON);
}

fn somebody_who_was_onboarded_is_read_in(language: Language) {
    if !language.is_here() {
        return;
    }
    let stage = Stage::new();
    secret(&stage.home().join("api-keys"), KEY);
    let service = stage.serve("[api_keys]\nfile = 'api-keys'");
    let token = token(&stage, &service, "confirm-signup");
    let who = service.get("/truid/session", &[("authorization", &token)]);
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
    let nobody = read("nobody", KEY);
    assert_eq!(
        (nobody.status.success(), &*out(&nobody)),
        (true, "nobody\n"),
        "{nobody:?}"
    );

    // Without the service's key it fails, and says why without the key.
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
fn somebody_who_was_onboarded_is_read_in_node() {
    somebody_who_was_onboarded_is_read_in(NODE);
}

#[test]
fn somebody_who_was_onboarded_is_read_in_python() {
    somebody_who_was_onboarded_is_read_in(PYTHON);
}
