//! `switchback serve --demo`.

use std::fs;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use switchback::{Backend, Client, Config, LoginRequest, Platform, Provider, Purpose, store};
use switchback_sandbox::RegisteredClient;

use crate::serve::{ask, cookie, header, host};
use crate::support::{Answer, CommandOutput, RunningCommand, http, run, switchback, text};

/// The running command, in its own home.
pub(crate) struct Demo {
    home: tempfile::TempDir,
    running: RunningCommand,
    /// The object of the step `ready`.
    ready: Value,
}

impl Demo {
    fn start(more: &[&str]) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let mut running = Self::running(home.path(), &[&["--json"], more].concat());
        let ready = running.step("ready");
        Self {
            home,
            running,
            ready,
        }
    }

    /// Starts the command without --json, and returns its output too.
    pub(crate) fn in_a_terminal() -> (Self, String) {
        let home = tempfile::tempdir().expect("a folder");
        let mut running = Self::running(home.path(), &[]);
        let printed = running.until("/trace");
        let app = after(&printed, "the person approves at").trim();
        let provider = app.strip_suffix("/app").expect("a page");
        let ready = json!({ "provider": { "base_url": provider } });
        let demo = Self {
            home,
            running,
            ready,
        };
        (demo, printed)
    }

    fn running(home: &Path, more: &[&str]) -> RunningCommand {
        let any = ["serve", "--demo", "--port", "0", "--sandbox-port", "0"];
        let mut command = switchback(home, &[&any, more].concat());
        fs::create_dir_all(temporary(home)).expect("writable");
        RunningCommand::of({
            command.env("TMPDIR", temporary(home));
            command
        })
    }

    /// A text of the ready object, by its JSON pointer.
    fn said(&self, pointer: &str) -> String {
        text(self.ready.pointer(pointer).expect(pointer))
    }

    pub(crate) fn provider(&self) -> String {
        self.said("/provider/base_url")
    }

    /// The person opens the URL and approves. Returns the callback.
    fn approve(&self, link: &str) -> String {
        self.decide(link, "approve")
    }

    /// The person opens the URL, and decides. Returns the callback.
    pub(crate) fn decide(&self, link: &str, decision: &str) -> String {
        let app = format!("{}/sandbox/v1/app", self.provider());
        let opened = http(
            "POST",
            &format!("{app}/open"),
            &json!({ "url": link }).to_string(),
        );
        assert_eq!(opened.status, 200, "{}", opened.body);
        let id = text(&read(&opened)["id"]);
        let decided = http("POST", &format!("{app}/waiting/{id}/{decision}"), "");
        text(&read(&decided)["redirect"])
    }

    /// A browser opens the service's page, and its person logs in. Returns the browser's cookie.
    pub(crate) fn log_in_on(&self, page: &str) -> String {
        let html = ("accept", "text/html");
        let shown = get(page, &[html]);
        assert_eq!(shown.status, 200, "{}", shown.head);
        assert!(shown.body.contains("Demo Service"), "{}", shown.body);
        let (_, rest) = shown.body.split_once("href=\"/browser/").expect("a button");
        let (path, _) = rest.split_once('"').expect("its end");
        let begun = get(&format!("{page}browser/{path}"), &[html]);
        assert_eq!(begun.status, 302, "{}", begun.body);
        let location = header(&begun, "location");
        assert!(location.starts_with(&self.provider()), "{location}");
        let link = self.approve(location);
        assert!(
            link.starts_with(&format!("{page}browser/complete?")),
            "{link}"
        );
        let completed = get(&link, &[html, ("cookie", &cookie(&begun))]);
        assert_eq!(
            (completed.status, header(&completed, "location")),
            (302, "/")
        );
        cookie(&completed)
    }

    /// Fails if the sandbox has findings.
    pub(crate) fn has_no_findings(&self) {
        let assert = format!("{}/sandbox/v1/assert/no-findings", self.provider());
        let answer = http("POST", &assert, "");
        assert_eq!(answer.status, 200, "{}", answer.body);
    }

    pub(crate) fn end(self) -> CommandOutput {
        let kept = || {
            fs::read_dir(temporary(self.home.path()))
                .expect("a folder")
                .count()
        };
        assert_eq!(kept(), 1, "all data is in one folder");
        self.running.signal("TERM");
        let done = self.running.end().expect_code(0);
        assert_eq!(kept(), 0, "the command removes the folder");
        done
    }
}

/// The folder for temporary files.
fn temporary(home: &Path) -> std::path::PathBuf {
    home.join("temporary")
}

/// The rest of the line after these words.
pub(crate) fn after<'a>(printed: &'a str, words: &str) -> &'a str {
    let (_, after) = printed.split_once(words).expect(words);
    after.lines().next().unwrap_or_default()
}

fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).expect("JSON")
}

/// Sends a GET request to a URL on this machine.
pub(crate) fn get(url: &str, headers: &[(&str, &str)]) -> Answer {
    let stream = TcpStream::connect(host(url)).expect("it listens");
    let path = url.splitn(4, '/').nth(3).unwrap_or_default();
    ask(stream, "GET", &format!("/{path}"), headers, "")
}

/// An app logs in with this configuration, and reads the user info. Returns the callback without
/// its query.
#[tokio::main]
async fn log_in(demo: &Demo, mut config: Config, scope: &[&str]) -> String {
    config.test_service = true;
    let client = Client::new(config, Platform::new(store::Memory::new())).expect("it is right");
    let request = LoginRequest::new(Purpose::Login, scope.iter().copied());
    let opened = client.begin(request).await.expect("a login").url;
    let link = demo.approve(&opened);
    client.complete(&link).await.expect("an outcome");
    let session = client.sessions().await.expect("readable").pop();
    let session = client.session(&session.expect("logged in")).await;
    let person = session.expect("it is there").user_info().await;
    assert_eq!(
        person.expect("a person").name.as_deref(),
        Some("Maja Sjöström")
    );
    link.split('?').next().expect("a URL").to_owned()
}

#[test]
fn an_app_logs_in_by_custom_scheme_in_both_modes() {
    let demo = Demo::start(&["--verbose"]);
    let provider = || Provider::truid().with_base_url(&demo.provider());
    let redirect_uri = demo.said("/redirect_uri");
    assert_eq!(redirect_uri, "demoapp://app/truid/complete");
    assert_eq!(demo.ready["test_service"], true);

    let backend = Backend::switchback(&demo.said("/mediated/base_url"));
    let mediated = Config::mediated(provider(), backend, redirect_uri.as_str());
    assert_eq!(log_in(&demo, mediated, &[]), redirect_uri);
    let client_id = demo.said("/direct/client_id");
    let direct = Config::direct(provider(), client_id, redirect_uri.as_str());
    let name = "truid.app/data-point/name";
    assert_eq!(log_in(&demo, direct, &[name]), redirect_uri);

    demo.has_no_findings();
    let log = demo.end().stderr;
    assert!(log.contains("login.begun"), "{log}");
    for secret in ["code=", "state=", "secret", "token="] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}

/// Its person opens the URL in a browser of this machine, and copies the callback.
#[test]
fn a_program_without_a_phone_logs_in_by_http() {
    let demo = Demo::start(&[]);
    let provider = Provider::truid().with_base_url(&demo.provider());
    let backend = Backend::switchback(&demo.said("/browser/base_url"));
    let redirect_uri = demo.said("/browser/redirect_uri");
    let config = Config::mediated(provider, backend, redirect_uri.as_str());
    assert_eq!(log_in(&demo, config, &[]), redirect_uri);
    demo.has_no_findings();
    demo.end();
}

/// As a person copies it from a terminal.
#[test]
fn the_printed_page_logs_a_person_in() {
    let (demo, printed) = Demo::in_a_terminal();
    let (_, browser) = printed.split_once("In a browser\n").expect("a heading");
    let page = browser.lines().next().expect("a line");

    let session = demo.log_in_on(page);
    let html = ("accept", "text/html");
    let shown = get(page, &[html, ("cookie", &session)]);
    assert!(shown.body.contains("Maja Sj"), "{}", shown.body);
    demo.has_no_findings();
    assert_eq!(demo.end().stderr, "");
}

/// The printed command prepares a document to sign, and an app begins with its id.
#[test]
fn the_signing_snippet_prepares_a_document() {
    if std::env::var_os("SWITCHBACK_TEST_CURL").is_none() {
        return;
    }
    let demo = Demo::start(&[]);
    let mut shell = Command::new("sh");
    shell.args(["-c", &demo.said("/snippets/sign")]);
    shell.env("http_proxy", "http://127.0.0.1:9");
    let done = CommandOutput::new(shell.output().expect("a shell")).expect_code(0);
    let prepared: Value = serde_json::from_str(&done.stdout).expect("JSON");
    let service = demo.said("/mediated/base_url");
    let begin = format!("{service}/sign?request={}", text(&prepared["id"]));
    let begun = get(&begin, &[("x-requested-with", "XMLHttpRequest")]);
    assert_eq!(begun.status, 202, "{}", begun.body);
    demo.end();
}

/// The printed lines work in a shell, also if a proxy is configured.
#[test]
fn the_curl_snippet_is_a_whole_login() {
    if std::env::var_os("SWITCHBACK_TEST_CURL").is_none() {
        return;
    }
    let (demo, printed) = Demo::in_a_terminal();
    let (_, after) = printed.split_once("\n(\n").expect("a beginning");
    let (lines, _) = after.split_once("\n)\n").expect("an end");
    let pasted = format!("(\n{lines}\n)\n");
    for shell in ["sh", "bash"] {
        let mut shell = Command::new(shell);
        shell.env("http_proxy", "http://127.0.0.1:9");
        let mut shell = shell
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a shell");
        let mut stdin = shell.stdin.take().expect("piped");
        stdin
            .write_all(pasted.as_bytes())
            .expect("a writable stdin");
        drop(stdin);
        let done = CommandOutput::new(shell.wait_with_output().expect("it ends")).expect_code(0);
        let lines: Vec<&str> = done.stdout.lines().collect();
        let [opens, approves, session, person, log_out, afterwards] = lines[..] else {
            panic!("{done:#?}");
        };
        assert_eq!(
            opens,
            format!(
                "The app opens {}/oauth2/v1/authorize/login-session",
                demo.provider()
            )
        );
        assert!(
            approves.ends_with(" opens demoapp://app/truid/complete"),
            "{approves}"
        );
        assert!(
            session.starts_with("Logged in: {") && session.contains("\"since\":"),
            "{session}"
        );
        assert!(person.contains("\"name\":\"Maja Sjöström\""), "{person}");
        assert_eq!(log_out, "Log-out: 204");
        assert!(afterwards.contains("\"login_required\""), "{afterwards}");
        assert_eq!(done.stderr, "");
    }
    demo.has_no_findings();
    assert_eq!(demo.end().stderr, "");
}

/// The pages show the output of a machine whose default ports are free.
#[test]
fn the_tutorials_contain_the_printed_snippets() {
    let demo = Demo::start(&[]);
    let tutorials = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/tutorials");
    let page = |name| fs::read_to_string(format!("{tutorials}/{name}")).expect("it is there");
    let (app, android) = (page("app.md"), page("android.md"));
    let port = |url: &str| {
        url.trim_end_matches('/')
            .rsplit(':')
            .next()
            .map(str::to_owned)
    };
    let (service, provider) = (port(&demo.said("/url")), port(&demo.provider()));
    let [service, provider] = [service, provider].map(|port| format!(":{}", port.expect("a port")));
    for (name, page) in [
        ("kotlin", &app),
        ("swift", &app),
        ("gradle", &android),
        ("adb", &android),
        ("network_security_config", &android),
        ("android_manifest", &android),
        ("info_plist", &app),
    ] {
        let printed = demo.said(&format!("/snippets/{name}"));
        let printed = printed
            .replace(&service, ":8080")
            .replace(&provider, ":8090");
        assert!(page.contains(&printed), "{name}: {printed}");
    }
    for (name, snippet) in demo.ready["snippets"].as_object().expect("snippets") {
        assert!(!text(snippet).contains("{{"), "{name}: {snippet}");
    }
    demo.end();
}

#[test]
fn the_client_secret_is_random_and_not_shown() {
    let demo = Demo::start(&[]);
    let known = RegisteredClient::DEMO_BACKEND_SECRET;
    let start = get(&format!("{}/", demo.provider()), &[("accept", "text/html")]);
    assert!(start.body.contains("demo-backend"), "{}", start.body);
    for output in [&start.body, &demo.ready.to_string()] {
        assert!(!output.contains(known), "{output}");
    }
    let stream = TcpStream::connect(host(&demo.provider())).expect("it listens");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let body = format!(
        "grant_type=refresh_token&refresh_token=r&client_id=demo-backend&client_secret={known}"
    );
    let refused = ask(stream, "POST", "/oauth2/v1/token", &form, &body);
    assert_eq!(
        read(&refused)["error"],
        "invalid_client",
        "{}",
        refused.body
    );
    demo.end();
}

/// An emulator reaches this machine at 10.0.2.2.
#[test]
fn an_emulator_reaches_the_provider_in_direct_mode() {
    let demo = Demo::start(&[]);
    let emulator = demo.provider().replace("127.0.0.1", "10.0.2.2");
    let (client_id, redirect_uri) = (demo.said("/direct/client_id"), demo.said("/redirect_uri"));
    let args = [
        "url",
        "--json",
        "--test-service",
        "--base-url",
        &emulator,
        "--client-id",
        &client_id,
        "--redirect-uri",
        &redirect_uri,
    ];
    let url = text(&run(demo.home.path(), &args).expect_code(0).last()["url"]);
    assert!(url.starts_with(&emulator), "{url}");
    assert!(demo.approve(&url).starts_with(&redirect_uri));
    demo.end();
}

#[test]
fn the_demo_has_request_ids_and_a_health_route() {
    let demo = Demo::start(&[]);
    let page = demo.said("/url");
    let health = get(&format!("{page}health"), &[]);
    assert_eq!(
        (health.status, &*health.body),
        (200, r#"{"status":"alive"}"#)
    );
    for path in ["", "health", "truid/session", "nothing"] {
        let answer = get(&format!("{page}{path}"), &[("x-request-id", "abc-1")]);
        assert_eq!(
            crate::serve::header(&answer, "x-request-id"),
            "abc-1",
            "{path}"
        );
    }
}

#[test]
fn the_demo_refuses_other_host_names() {
    let demo = Demo::start(&[]);
    let url = demo.said("/url");
    for (name, status) in [
        ("127.0.0.1", 200),
        ("localhost:1", 200),
        ("10.0.2.2:8080", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
    ] {
        let mut stream = TcpStream::connect(host(&url)).expect("it listens");
        let head = format!("GET / HTTP/1.1\r\nhost: {name}\r\nconnection: close\r\n\r\n");
        stream
            .write_all(head.as_bytes())
            .expect("a writable socket");
        assert_eq!(crate::serve::read(stream).status, status, "{name}");
    }
    demo.end();
}

#[test]
fn a_used_port_is_named_with_its_option() {
    let home = tempfile::tempdir().expect("a folder");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("a port").to_string();
    let port = address.rsplit(':').next().expect("a port");
    for (option, other) in [("--port", "--sandbox-port"), ("--sandbox-port", "--port")] {
        let args = ["serve", "--demo", option, port, other, "0"];
        let done = run(home.path(), &args).expect_code(1);
        assert!(done.stderr.contains(&address), "{done:#?}");
        assert!(
            done.stderr
                .contains(&format!("another port with {option};")),
            "{done:#?}"
        );
        assert_eq!(done.stdout, "");
    }
    let help = run(home.path(), &["serve", "--help"]).expect_code(0).stdout;
    for default in ["[default: 8080]", "[default: 8090]", "[default: demoapp]"] {
        assert!(help.contains(default), "{default}: {help}");
    }
}

#[test]
fn the_scheme_of_the_app_can_be_chosen() {
    let demo = Demo::start(&["--scheme", "com.example.shop"]);
    let redirect_uri = demo.said("/redirect_uri");
    assert_eq!(redirect_uri, "com.example.shop://app/truid/complete");
    let backend = Backend::switchback(&demo.said("/mediated/base_url"));
    let provider = Provider::truid().with_base_url(&demo.provider());
    let config = Config::mediated(provider, backend, redirect_uri.as_str());
    assert_eq!(log_in(&demo, config, &[]), redirect_uri);
    let home = demo.home.path();
    let long = "a".repeat(65);
    for scheme in [
        "",
        "a b",
        "1a",
        "a/",
        "a:",
        "https",
        "HTTP",
        "javascript",
        "å",
        &long,
    ] {
        let args = ["serve", "--demo", "--port", "0", "--scheme", scheme];
        let done = run(home, &args).expect_code(2);
        assert!(done.stderr.contains("--scheme"), "{scheme:?}: {done:#?}");
    }
    let args = [
        "serve",
        "--demo",
        "--port",
        "0",
        "--scheme",
        "com.example.Shop",
    ];
    let done = run(home, &args).expect_code(2);
    for part in ["capital letter", "use com.example.shop"] {
        assert!(done.stderr.contains(part), "{part}: {done:#?}");
    }
    demo.end();
}

#[test]
fn demo_options_and_file_options_exclude_each_other() {
    let home = tempfile::tempdir().expect("a folder");
    for args in [
        &["--demo", "--config", "service.toml"][..],
        &["--demo", "--check"],
        &["--demo", "--schema"],
        &["--demo", "--new-key"],
        &["--port", "1"],
        &["--config", "service.toml", "--port", "1"],
        &["--config", "service.toml", "--sandbox-port", "1"],
        &["--config", "service.toml", "--scheme", "demoapp"],
    ] {
        run(home.path(), &[&["serve"], args].concat()).expect_code(2);
    }
}
