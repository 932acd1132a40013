//! `switchback serve`.

use std::fs;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::ChildStderr;
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, ServerName};
use serde_json::Value;
use switchback_sandbox::RegisteredClient;

use crate::interrupt::Proxy;
use crate::support::{Answer, RunningCommand, Truid, parameter, run, text};

const REDIRECT_URI: &str = "http://127.0.0.1:8080/truid/complete";
const SECRET: &str = "the-secret-of-the-service";

/// A folder with a service's configuration, and its sandbox.
pub(crate) struct ServiceSetup {
    home: tempfile::TempDir,
    pub(crate) truid: Truid,
}

impl ServiceSetup {
    pub(crate) fn new() -> Self {
        let client = RegisteredClient::confidential("my-service", SECRET, REDIRECT_URI);
        Self {
            home: tempfile::tempdir().expect("a folder"),
            truid: Truid::with(client),
        }
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// Writes the configuration; `more` comes after it.
    pub(crate) fn configure(&self, base_url: &str, more: &str) -> String {
        secret(&self.home().join("secret"), SECRET);
        let config = format!(
            "listen = '127.0.0.1:0'\n\
             database = {{ sqlite = 'service.db' }}\n\
             purposes = {{ login = ['name', 'email'], onboarding = ['name', 'email'], \
             identity_verification = ['name'] }}\n\
             [provider]\n\
             base_url = '{base_url}'\n\
             client_id = 'my-service'\n\
             client_secret_file = 'secret'\n\
             redirect_uri = '{REDIRECT_URI}'\n\
             test_service = true\n\
             pushed = false\n\
             [metrics]\n\
             listen = '127.0.0.1:0'\n\
             {more}\n"
        );
        let file = self.home().join("service.toml");
        fs::write(&file, config).expect("writable");
        file.display().to_string()
    }

    pub(crate) fn serve(&self, more: &str) -> RunningService {
        let file = self.configure(self.truid.url(), more);
        RunningService::start(self.home(), &file)
    }
}

/// Writes a file that only its owner can read.
pub(crate) fn secret(path: &Path, content: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(path, content).expect("writable");
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("ours");
}

/// The command while it serves.
pub(crate) struct RunningService {
    pub(crate) running: RunningCommand,
    pub(crate) url: String,
    pub(crate) metrics: String,
}

impl RunningService {
    pub(crate) fn start(home: &Path, config: &str) -> Self {
        let args = ["serve", "--json", "--config", config];
        let mut running = RunningCommand::start(home, &args);
        let ready = running.step("ready");
        Self {
            running,
            url: text(&ready["url"]),
            metrics: text(&ready["metrics"]),
        }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(host(&self.url)).expect("it listens");
        // A missing answer fails the test, instead of blocking it.
        let timeout = Some(std::time::Duration::from_secs(60));
        stream.set_read_timeout(timeout).expect("a socket");
        stream
    }

    pub(crate) fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        ask(self.connect(), "GET", path, headers, "")
    }

    pub(crate) fn metrics(&self, path: &str) -> Answer {
        let stream = TcpStream::connect(host(&self.metrics)).expect("it listens");
        ask(stream, "GET", path, &[], "")
    }

    /// The log of the server, from here on.
    pub(crate) fn log(&mut self) -> Log {
        Log {
            lines: BufReader::new(self.running.child.stderr.take().expect("piped")),
            all: String::new(),
        }
    }

    /// A person logs in. Returns the cookie of the session.
    pub(crate) fn log_in(&self, setup: &ServiceSetup, proxy: Option<&Proxy>) -> String {
        let started = self.get("/truid/login-session", &[XHR]);
        assert_eq!(started.status, 202, "{}", started.head);
        let cookie = cookie(&started);
        let mut url = header(&started, "location").to_owned();
        if let Some(proxy) = proxy {
            url = url.replace(&proxy.url, setup.truid.url());
            proxy.go.send(()).expect("the proxy runs");
        }
        let link = setup.truid.approve(&url);
        let path = link.strip_prefix("http://127.0.0.1:8080").expect("ours");
        let completed = self.get(path, &[XHR, ("cookie", &cookie)]);
        assert_eq!(completed.status, 200, "{}", completed.body);
        if let Some(proxy) = proxy {
            proxy.held.recv().expect("the tokens came this way");
        }
        self::cookie(&completed)
    }

    pub(crate) fn end(self) -> i32 {
        self.running.signal("TERM");
        self.gone()
    }

    /// Waits for the end of the server. Returns the exit code.
    fn gone(mut self) -> i32 {
        let mut rest = String::new();
        if let Some(mut stderr) = self.running.child.stderr.take() {
            stderr.read_to_string(&mut rest).expect("UTF-8");
        }
        self.running
            .child
            .wait()
            .expect("it ends")
            .code()
            .expect("a code")
    }
}

/// Lines on stderr.
pub(crate) struct Log {
    lines: BufReader<ChildStderr>,
    all: String,
}

impl Log {
    /// Waits for a line with this.
    pub(crate) fn until(&mut self, words: &str) {
        loop {
            let from = self.all.len();
            let read = self.lines.read_line(&mut self.all).expect("UTF-8");
            assert!(read > 0, "no {words} in {}", self.all);
            if self.all[from..].contains(words) {
                return;
            }
        }
    }

    fn rest(mut self) -> String {
        self.lines.read_to_string(&mut self.all).expect("UTF-8");
        self.all
    }
}

pub(crate) const XHR: (&str, &str) = ("x-requested-with", "XMLHttpRequest");

pub(crate) fn host(url: &str) -> &str {
    let (_, rest) = url.split_once("://").expect("a URL");
    rest.split('/').next().expect("a host")
}

pub(crate) fn ask(
    mut stream: impl Read + Write,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    // A server that refuses a body possibly closes the connection before its end.
    let _ = stream.write_all(format!("{head}\r\n{body}").as_bytes());
    read(stream)
}

pub(crate) fn read(mut stream: impl Read) -> Answer {
    let mut answer = Vec::new();
    // The server possibly closes TLS without a close_notify.
    let _ = stream.read_to_end(&mut answer);
    Answer::of(&String::from_utf8(answer).expect("UTF-8"))
}

pub(crate) fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let lines = answer.head.lines().filter_map(|line| line.split_once(": "));
    let mut found = lines.filter(|(key, _)| key.eq_ignore_ascii_case(name));
    found.next().map_or("", |(_, value)| value)
}

pub(crate) fn cookie(answer: &Answer) -> String {
    let set = header(answer, "set-cookie");
    set.split(';').next().expect("a cookie").to_owned()
}

#[test]
fn a_login_works_and_no_secret_is_logged() {
    let setup = ServiceSetup::new();
    let mut service = setup.serve("[log]\nformat = 'json'\nlevel = 'debug'\nrequests = true");
    let log = service.log();
    assert_eq!(service.get("/health", &[]).body, r#"{"status":"alive"}"#);
    assert_eq!(service.get("/ready", &[]).body, r#"{"status":"ready"}"#);
    let session = service.log_in(&setup, None);
    let id = ("x-request-id", "from-the-proxy");
    let who = service.get("/truid/session?secret=hunter2", &[("cookie", &session), id]);
    assert_eq!(who.status, 200, "{}", who.body);
    assert!(who.body.contains(r#""purpose":"login""#), "{}", who.body);
    assert_eq!(header(&who, "x-request-id"), "from-the-proxy");
    assert_eq!(header(&who, "strict-transport-security"), "");

    let figures = service.metrics("/metrics");
    for figure in [
        "switchback_logins_completed_total 1",
        "switchback_http_requests_total{method=\"GET\",route=\"/truid/session\",status=\"200\"} 1",
        "switchback_http_request_duration_seconds_count{route=\"/truid/session\"} 1",
    ] {
        assert!(figures.body.contains(figure), "{figure}\n{}", figures.body);
    }
    assert!(!figures.body.contains("hunter2"), "{}", figures.body);
    assert_eq!(service.metrics("/ready").status, 200);
    assert_eq!(
        service.get("/metrics", &[]).status,
        404,
        "not for the public"
    );

    assert_eq!(service.end(), 0);
    let log = log.rest();
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect();
    for line in &lines {
        let event = line["event"].as_str().expect("an event");
        let is_of_one = line["span"]["id"].is_string();
        assert_eq!(is_of_one, !event.starts_with("service."), "{line}");
    }
    let answered = |line: &&Value| line["span"]["id"] == "from-the-proxy";
    let answered = lines.iter().find(answered).expect(&log);
    assert_eq!(answered["event"], "request.answered");
    assert_eq!(answered["route"], "/truid/session");
    assert_eq!(answered["status"], 200);
    let (_, cookie) = session.split_once('=').expect("a cookie");
    for secret in ["hunter2", SECRET, cookie, "code=", "state="] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}

#[test]
fn limits_answer_with_json_and_the_usual_headers() {
    let setup = ServiceSetup::new();
    let service = setup.serve("[limits]\nbody = 1024\nstarts_per_minute = 2");
    let expect = |answer: Answer, status, code: &str| {
        assert_eq!(answer.status, status, "{}", answer.head);
        assert_eq!(answer.body, format!(r#"{{"error":"{code}"}}"#));
        assert_eq!(header(&answer, "content-type"), "application/json");
        assert_eq!(header(&answer, "cache-control"), "no-store");
        assert_eq!(header(&answer, "x-frame-options"), "SAMEORIGIN");
        assert_eq!(header(&answer, "x-request-id").len(), 16);
        answer
    };
    expect(service.get("/nothing?x", &[]), 404, "not_found");
    let wrong = ask(service.connect(), "DELETE", "/truid/session", &[], "");
    let wrong = expect(wrong, 405, "method_not_allowed");
    assert!(header(&wrong, "allow").contains("GET"), "{}", wrong.head);

    let post = |headers: &[(&str, &str)], body: &str| {
        ask(service.connect(), "POST", "/truid/token", headers, body)
    };
    expect(post(&[], &"x".repeat(1025)), 413, "too_large");
    let chunk = format!("400\r\n{}\r\n1\r\nx\r\n0\r\n\r\n", "x".repeat(1024));
    let mut stream = service.connect();
    let head = "POST /truid/token HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
                transfer-encoding: chunked\r\n\r\n";
    stream
        .write_all(format!("{head}{chunk}").as_bytes())
        .expect("a writable socket");
    expect(read(stream), 413, "too_large");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    expect(
        post(&form, &format!("grant_type={}", "x".repeat(1000))),
        400,
        "unsupported_grant_type",
    );

    let start = |from: &str| service.get("/truid/login-session", &[XHR, ("x-forwarded-for", from)]);
    for n in 1..=2 {
        assert_eq!(start(&format!("192.0.2.{n}")).status, 202);
    }
    // The server ignores this header without a trusted proxy.
    let refused = expect(start("192.0.2.3"), 429, "too_many_requests");
    let seconds: u32 = header(&refused, "retry-after").parse().expect("seconds");
    assert!((1..=30).contains(&seconds), "{seconds}");
    assert_eq!(
        service.get("/truid/session", &[]).status,
        401,
        "only starts are counted"
    );
    assert_eq!(service.end(), 0);
}

#[test]
fn a_refused_person_gets_a_page_with_the_request_id() {
    let setup = ServiceSetup::new();
    let service = setup.serve("[limits]\nstarts_per_minute = 1\n[web]\nname = 'Fish'");
    let html = ("accept", "text/html");
    let begin = || service.get("/truid/login-session", &[html]);
    assert_eq!(begin().status, 302);
    for (page, status, says) in [
        (begin(), 429, "Too many requests came at once"),
        (
            service.get("/truid/nothing", &[html]),
            404,
            "This page does not exist",
        ),
        (
            service.get("/nothing", &[html]),
            404,
            "This page does not exist",
        ),
        (
            service.get("/truid/complete", &[html, ("sec-fetch-site", "none")]),
            200,
            "Go back to where you started",
        ),
    ] {
        assert_eq!(page.status, status, "{}", page.head);
        assert!(header(&page, "content-type").starts_with("text/html"));
        assert_eq!(header(&page, "cache-control"), "no-store");
        assert_eq!(header(&page, "retry-after").is_empty(), status != 429);
        let id = header(&page, "x-request-id");
        for part in [
            format!("<title>{says} – Fish</title>"),
            format!("<code>{id}</code>"),
            "<a href=\"/\" target=\"_top\">Fish</a>".into(),
        ] {
            assert!(page.body.contains(&part), "{part}: {}", page.body);
        }
        if status == 429 {
            let again = "href=\"/truid/login-session\"";
            assert!(page.body.contains(again), "{}", page.body);
        }
    }
    assert_eq!(service.end(), 0);
}

/// A page whose name leads to this machine is not the service (DNS rebinding).
#[test]
fn a_request_for_another_name_is_refused_on_both_listeners() {
    let setup = ServiceSetup::new();
    let service = setup.serve("");
    for url in [&service.url, &service.metrics] {
        for (lines, status) in [
            ("host: 127.0.0.1\r\n", 200),
            ("host: localhost:1\r\n", 200),
            ("host: evil.example\r\n", 421),
            ("", 400),
            ("host: \r\n", 400),
            ("host: localhost\r\nhost: localhost\r\n", 400),
            ("host: localhost\r\nhost: evil.example\r\n", 400),
        ] {
            let mut stream = TcpStream::connect(host(url)).expect("it listens");
            let head = format!("GET /health HTTP/1.1\r\n{lines}connection: close\r\n\r\n");
            stream
                .write_all(head.as_bytes())
                .expect("a writable socket");
            let answer = read(stream);
            assert_eq!(answer.status, status, "{lines:?}: {}", answer.body);
        }
    }
    assert_eq!(service.end(), 0);
}

#[test]
fn the_limit_counts_the_address_from_a_trusted_proxy() {
    let setup = ServiceSetup::new();
    let file = setup.configure(setup.truid.url(), "[limits]\nstarts_per_minute = 1");
    let config = fs::read_to_string(&file).expect("it is there");
    fs::write(
        &file,
        format!("trusted_proxies = ['127.0.0.0/8']\n{config}"),
    )
    .expect("writable");
    let service = RunningService::start(setup.home(), &file);
    let start = |from: &str| {
        let from = [XHR, ("x-forwarded-for", from)];
        service.get("/truid/login-session", &from).status
    };
    assert_eq!(start("192.0.2.1"), 202);
    assert_eq!(start("192.0.2.1"), 429);
    assert_eq!(start("192.0.2.2, 192.0.2.1"), 429, "the last hop counts");
    assert_eq!(start("192.0.2.2"), 202);
    assert_eq!(service.end(), 0);
}

/// Writes a certificate for this name to the configured files.
fn certify(home: &Path, name: &str) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).expect("a certificate");
    fs::write(home.join("certificate.pem"), made.cert.pem()).expect("writable");
    secret(&home.join("key.pem"), &made.signing_key.serialize_pem());
    made.cert.der().clone()
}

/// Sends a request over TLS, and trusts only this certificate.
fn ask_securely(service: &RunningService, name: &str, trusted: &CertificateDer<'static>) -> Answer {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(trusted.clone()).expect("a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).expect("a name");
    let connection = rustls::ClientConnection::new(Arc::new(config), name).expect("a client");
    ask(
        rustls::StreamOwned::new(connection, service.connect()),
        "GET",
        "/health",
        &[],
        "",
    )
}

#[test]
fn sighup_replaces_the_certificate() {
    let setup = ServiceSetup::new();
    let first = certify(setup.home(), "one.example");
    let mut service = setup.serve("[tls]\ncertificate = 'certificate.pem'\nkey = 'key.pem'");
    assert!(service.url.starts_with("https://"), "{}", service.url);
    let answer = ask_securely(&service, "one.example", &first);
    assert_eq!(answer.status, 200);
    assert_eq!(
        header(&answer, "strict-transport-security"),
        "max-age=31536000"
    );
    let mut log = service.log();
    let second = certify(setup.home(), "two.example");
    service.running.signal("HUP");
    log.until("service.certificate-read");
    assert_eq!(ask_securely(&service, "two.example", &second).status, 200);
    // A broken key changes nothing.
    fs::write(setup.home().join("key.pem"), "no key").expect("writable");
    service.running.signal("HUP");
    log.until("service.certificate-refused");
    assert_eq!(ask_securely(&service, "two.example", &second).status, 200);
    assert_eq!(service.end(), 0);
}

/// A session during a refresh: the proxy holds the tokens.
fn refreshing(setup: &ServiceSetup) -> (Proxy, RunningService, Log, String, TcpStream) {
    let proxy = Proxy::to(&setup.truid);
    let file = setup.configure(&proxy.url, "");
    let mut service = RunningService::start(setup.home(), &file);
    let log = service.log();
    let session = service.log_in(setup, Some(&proxy));
    // The token has expired at the provider, which refuses it.
    setup.truid.sandbox().advance(100);
    let mut asking = service.connect();
    let head =
        format!("GET /truid/user-info HTTP/1.1\r\nhost: localhost\r\ncookie: {session}\r\n\r\n");
    asking
        .write_all(head.as_bytes())
        .expect("a writable socket");
    proxy.held.recv().expect("it refreshes");
    (proxy, service, log, session, asking)
}

#[test]
fn the_server_waits_for_an_open_refresh() {
    for waits in [true, false] {
        let setup = ServiceSetup::new();
        let (proxy, service, mut log, session, asking) = refreshing(&setup);
        // The refresh continues, also if the client has closed its connection.
        let asking = waits.then_some(asking);
        service.running.signal("TERM");
        log.until("service.stopping");
        let ready = service.metrics("/ready");
        assert_eq!(
            (ready.status, ready.body.as_str()),
            (503, r#"{"status":"stopping"}"#)
        );
        proxy.go.send(()).expect("the proxy runs");
        if let Some(asking) = asking {
            assert_eq!(read(asking).status, 200);
        }
        assert_eq!(service.gone(), 0);

        // The server stored the new refresh token: another refresh works.
        setup.truid.sandbox().advance(1000);
        let file = setup.configure(&proxy.url, "");
        let service = RunningService::start(setup.home(), &file);
        proxy.go.send(()).expect("the proxy runs");
        let who = service.get("/truid/user-info", &[("cookie", &session)]);
        assert_eq!(who.status, 200, "{}", who.body);
        let counters = setup.truid.sandbox().counters();
        assert_eq!((counters.refreshes, counters.revoked_grants), (2, 0));
        assert_eq!(service.end(), 0);
    }
}

#[test]
fn a_second_signal_ends_the_server_at_once() {
    let setup = ServiceSetup::new();
    let (_proxy, service, mut log, ..) = refreshing(&setup);
    service.running.signal("INT");
    log.until("service.stopping");
    service.running.signal("TERM");
    assert_eq!(service.gone(), 130);
}

#[test]
fn two_processes_cannot_use_one_database_file() {
    let setup = ServiceSetup::new();
    let service = setup.serve("");
    let file = setup.configure(setup.truid.url(), "");
    let second = run(setup.home(), &["serve", "--config", &file]).expect_code(6);
    assert!(
        second.stderr.contains("in use by another process"),
        "{second:#?}"
    );
    assert!(second.stderr.contains("PostgreSQL"), "{second:#?}");
    assert_eq!(service.end(), 0);
    // After the end, another process can use the file.
    assert_eq!(setup.serve("").end(), 0);
}

#[test]
fn a_database_of_another_client_is_refused() {
    let setup = ServiceSetup::new();
    let service = setup.serve("");
    let session = service.log_in(&setup, None);
    assert_eq!(service.end(), 0);
    let url = setup.truid.url();
    let other = url.replace("127.0.0.1", "localhost");
    for (base_url, client_id) in [(url, "another-service"), (&*other, "my-service")] {
        let file = setup.configure(base_url, "");
        let config = fs::read_to_string(&file).expect("it was written");
        let config = config.replace("'my-service'", &format!("'{client_id}'"));
        fs::write(&file, config).expect("writable");
        let refused = run(setup.home(), &["serve", "--config", &file]).expect_code(7);
        for words in [
            format!("belongs to the client \"my-service\" of truid at {url}"),
            format!("the client {client_id:?} of truid at {base_url}"),
            "use an empty database".into(),
        ] {
            assert!(refused.stderr.contains(&words), "{words}: {refused:#?}");
        }
    }
    // With the earlier configuration the person is still logged in.
    let service = setup.serve("");
    let who = service.get("/truid/session", &[("cookie", &session)]);
    assert_eq!(who.status, 200, "{}", who.body);
    assert_eq!(service.end(), 0);
}

#[test]
fn a_link_to_the_database_file_is_the_same_file() {
    let setup = ServiceSetup::new();
    let service = setup.serve("");
    let at = |name: &str| setup.home().join(name);
    std::os::unix::fs::symlink("service.db", at("link.db")).expect("writable");
    if cfg!(target_os = "linux") {
        fs::hard_link(at("service.db"), at("hard.db")).expect("writable");
        fs::copy(at("service.db.key"), at("hard.db.key")).expect("writable");
    }
    let file = setup.configure(setup.truid.url(), "");
    let config = fs::read_to_string(&file).expect("it is there");
    for name in ["link.db", "hard.db"]
        .iter()
        .filter(|name| at(name).exists())
    {
        fs::write(&file, config.replace("service.db", name)).expect("writable");
        let second = run(setup.home(), &["serve", "--config", &file]).expect_code(6);
        let says = "in use by another process";
        assert!(second.stderr.contains(says), "{name}: {second:#?}");
    }
    assert_eq!(service.end(), 0);
}

#[test]
fn a_removed_database_file_makes_it_not_ready() {
    let setup = ServiceSetup::new();
    let mut service = setup.serve("");
    let mut log = service.log();
    fs::rename(setup.home().join("service.db"), setup.home().join("old")).expect("writable");
    assert_eq!(service.get("/ready", &[]).status, 503);
    log.until("was removed while the service ran");
    assert_eq!(service.end(), 0);
}

#[test]
fn a_used_port_is_named() {
    let setup = ServiceSetup::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("a port").to_string();
    let file = setup.configure(setup.truid.url(), "");
    let config = fs::read_to_string(&file).expect("it is there");
    let config = config.replacen("127.0.0.1:0", &address, 1);
    fs::write(&file, config).expect("writable");
    let done = run(setup.home(), &["serve", "--config", &file]).expect_code(1);
    assert!(done.stderr.contains(&address), "{done:#?}");
    assert!(!setup.home().join("service.db").exists());
}

#[test]
fn check_starts_nothing() {
    let setup = ServiceSetup::new();
    let file = setup.configure(setup.truid.url(), "");
    let done = run(
        setup.home(),
        &["serve", "--config", &file, "--check", "--json"],
    );
    let right = done.expect_code(0).last();
    assert_eq!(right["result"], "right");
    assert_eq!(right["client_id"], "my-service");
    assert!(!setup.home().join("service.db").exists());
    let done = run(setup.home(), &["serve", "--config", &file, "--check"]).expect_code(0);
    assert!(done.stdout.contains("is correct."), "{done:#?}");

    let wrong = "[limits]\nbdy = 5\n[web]\nprefix = 'truid'";
    let file = setup.configure(setup.truid.url(), wrong);
    for check in [&["--check"][..], &[]] {
        let args = [&["serve", "--config", &file, "--json"], check].concat();
        let done = run(setup.home(), &args).expect_code(7);
        let problems = done.objects();
        let at = |n: usize| text(&problems[n]["problem"]["where"]);
        assert!(at(0).ends_with("service.toml:14:1"), "{done:#?}");
        assert!(at(1).ends_with("service.toml:16:1"), "{done:#?}");
        assert_eq!(problems[2]["error"]["kind"], "configuration");
    }
    let begin = run(setup.home(), &["serve"]).expect_code(2);
    let none = run(setup.home(), &["serve", "--config", "none.toml"]).expect_code(7);
    assert!(none.stderr.contains("cannot be read"), "{none:#?}");
    for done in [begin, none] {
        let words = ["docs/reference/service.toml", "switchback serve --demo"];
        assert!(words.iter().all(|it| done.stderr.contains(it)), "{done:#?}");
    }
}

#[test]
fn a_probable_mistake_is_a_warning() {
    let setup = ServiceSetup::new();
    let file = setup.configure(setup.truid.url(), "");
    let config = fs::read_to_string(&file).expect("it is there");
    let config = config.replace("'127.0.0.1:0'\ndatabase", "'0.0.0.0:0'\ndatabase");
    fs::write(&file, config).expect("writable");
    let args = ["serve", "--config", &file, "--check"];
    let said = run(setup.home(), &args).expect_code(0);
    let warning = "warning: listen: other machines reach this address without TLS";
    assert!(said.stderr.contains(warning), "{said:#?}");
    let said = run(setup.home(), &[&args[..], &["--json"]].concat()).expect_code(0);
    assert_eq!(said.objects()[0]["doubts"][0]["key"], "listen");
    let mut service = RunningService::start(setup.home(), &file);
    service.log().until(warning);
    assert_eq!(service.end(), 0);
}

/// The addresses differ behind a proxy.
#[test]
fn the_start_reports_the_listening_and_the_public_address() {
    let setup = ServiceSetup::new();
    let file = setup.configure(setup.truid.url(), "");
    let mut running = RunningCommand::start(setup.home(), &["serve", "--json", "--config", &file]);
    let ready = running.step("ready");
    assert_eq!(ready["public_url"], "http://127.0.0.1:8080");
    assert_ne!(ready["url"], ready["public_url"]);
}

/// With the default log settings.
#[test]
fn a_request_for_an_unknown_host_is_logged_once_with_advice() {
    let setup = ServiceSetup::new();
    let mut service = setup.serve("");
    for name in ["shop.example:8080", "SHOP.example"] {
        let mut stream = service.connect();
        write!(
            stream,
            "GET /truid/session HTTP/1.1\r\nhost: {name}\r\nconnection: close\r\n\r\n"
        )
        .expect("a writable socket");
        let answer = read(stream);
        assert_eq!(answer.status, 421, "{}", answer.head);
        let said: Value = serde_json::from_str(&answer.body).expect("JSON");
        assert_eq!(said["error"], "misdirected_request");
        assert!(text(&said["error_description"]).contains("hosts"), "{said}");
        assert!(!answer.body.contains("127.0.0.1"), "{said}");
    }
    let mut log = service.log();
    log.until("service.unknown-host");
    service.running.signal("TERM");
    let log = log.rest();
    assert_eq!(log.matches("service.unknown-host").count(), 1, "{log}");
}

#[test]
fn the_page_has_the_configured_name_and_frames() {
    let setup = ServiceSetup::new();
    let service =
        setup.serve("[web]\nname = '<Åsa>'\nframe_origins = ['https://login.example:8443']");
    let page = service.get("/", &[("accept", "text/html")]);
    assert!(
        page.body.contains("<h1>&#60;Åsa&#62;</h1>"),
        "{}",
        page.body
    );
    let policy = header(&page, "content-security-policy");
    let frames = format!(
        "frame-src 'self' {} https://login.example:8443",
        setup.truid.url()
    );
    assert!(policy.contains(&frames), "{policy}");
    // There is no setting for frame-ancestors: no other site can frame the page.
    assert!(policy.contains("frame-ancestors 'self';"), "{policy}");
    assert_eq!(service.end(), 0);
}

#[test]
fn new_key_and_schema_print() {
    let home = tempfile::tempdir().expect("a folder");
    let keys = [(); 2].map(|()| {
        run(home.path(), &["serve", "--new-key"])
            .expect_code(0)
            .stdout
    });
    assert!(keys[0].trim_end().len() == 44 && keys[0] != keys[1]);
    let schema = run(home.path(), &["serve", "--schema"])
        .expect_code(0)
        .stdout;
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    assert_eq!(schema["title"], "Switchback service");
}

#[test]
fn a_key_rotation_keeps_sessions() {
    let setup = ServiceSetup::new();
    let service = setup.serve("");
    let session = service.log_in(&setup, None);
    assert_eq!(service.end(), 0);
    let old = fs::read_to_string(setup.home().join("service.db.key")).expect("it was made");
    let new = run(setup.home(), &["serve", "--new-key"])
        .expect_code(0)
        .stdout;
    secret(&setup.home().join("keys"), &format!("{new}{old}"));
    let service = setup.serve("[keys]\nfile = 'keys'");
    let who = service.get("/truid/session", &[("cookie", &session)]);
    assert_eq!(who.status, 200, "{}", who.body);
    assert_eq!(service.end(), 0);
    // Without the old key the answer is 500, and not that the person is logged out.
    secret(&setup.home().join("keys"), &new);
    let service = setup.serve("[keys]\nfile = 'keys'");
    let who = service.get("/truid/session", &[("cookie", &session)]);
    assert_eq!(who.status, 500, "{}", who.body);
    let started = service.get("/truid/login-session", &[XHR]);
    assert_eq!(
        parameter(header(&started, "location"), "client_id"),
        "my-service"
    );
    assert_eq!(service.end(), 0);
}
