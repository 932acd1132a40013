//! `switchback serve --check --online`: tries a login at the provider.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;

use serde_json::Value;
use switchback_sandbox::{Endpoint, Misbehaviour, RegisteredClient, Rule};

use crate::serve::secret;
use crate::support::{Truid, run, text};

const REDIRECT_URI: &str = "http://127.0.0.1:8080/truid/complete";
const SECRET: &str = "the-secret-of-the-service";

/// A client and its configuration, in which a test changes one text.
struct OnlineCheck {
    home: tempfile::TempDir,
    truid: Truid,
    config: String,
}

impl OnlineCheck {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(change: impl Fn(&mut RegisteredClient)) -> Self {
        let mut client = RegisteredClient::confidential("my-service", SECRET, REDIRECT_URI);
        change(&mut client);
        let home = tempfile::tempdir().expect("a folder");
        let truid = Truid::with(client);
        secret(&home.path().join("secret"), SECRET);
        let config = format!(
            "listen = '127.0.0.1:0'\n\
             [database]\nsqlite = 'service.db'\n\
             [provider]\nbase_url = '{}'\nclient_id = 'my-service'\n\
             client_secret_file = 'secret'\nredirect_uri = '{REDIRECT_URI}'\n\
             test_service = true\n\
             [purposes]\nlogin = ['name', 'email']\nidentity_verification = ['name']\n",
            truid.url()
        );
        Self {
            home,
            truid,
            config,
        }
    }

    fn home(&self) -> &Path {
        self.home.path()
    }

    /// The objects of all purposes and the failure, after a text of the configuration was replaced.
    #[track_caller]
    fn changed(&self, from: &str, to: &str, code: i32) -> (Vec<Value>, Value) {
        assert!(self.config.contains(from), "{from}");
        let file = self.home().join("service.toml");
        fs::write(&file, self.config.replace(from, to)).expect("writable");
        let file = file.display().to_string();
        let args = ["serve", "--config", &file, "--check", "--online"];
        let people = run(self.home(), &args).expect_code(code);
        let programs = run(self.home(), &[&args[..], &["--json"]].concat()).expect_code(code);
        for done in [&people, &programs] {
            for output in [&done.stdout, &done.stderr] {
                assert!(!output.contains(SECRET), "{output}");
            }
        }
        assert!(
            !self.home().join("service.db").exists(),
            "the check stored a login"
        );
        let mut objects = programs.objects();
        assert_eq!(objects.remove(0)["result"], "right");
        let error = match code {
            0 => Value::Null,
            _ => objects.pop().expect("an error")["error"].take(),
        };
        if let Some(next) = error["next"].as_str() {
            assert!(people.stderr.contains(next), "{people:#?}");
        }
        (objects, error)
    }

    /// The same if the provider refuses the first purpose. Returns the next step.
    #[track_caller]
    fn refused(&self, from: &str, to: &str, says: &str) -> String {
        let (purposes, error) = self.changed(from, to, 7);
        assert_eq!(error["kind"], "configuration");
        assert!(text(&error["message"]).contains(says), "{error}");
        let refused = purposes.iter().find(|it| it["online"] == "refused");
        let refused = refused.expect("one is refused");
        assert_eq!(refused["next"], error["next"]);
        text(&error["next"])
    }
}

#[test]
fn check_online_tries_each_purpose_and_stores_nothing() {
    let tried = OnlineCheck::new();
    let (purposes, _) = tried.changed("", "", 0);
    let described = |purpose: &str| serde_json::json!({ "purpose": purpose, "online": "accepted" });
    assert_eq!(
        purposes,
        [described("login"), described("identity_verification")]
    );
    assert_eq!(tried.truid.sandbox().findings(), []);
    // Without --online the command sends nothing.
    let pushed = tried.truid.sandbox().counters();
    let file = tried.home().join("service.toml").display().to_string();
    run(tried.home(), &["serve", "--config", &file, "--check"]).expect_code(0);
    assert_eq!(tried.truid.sandbox().counters(), pushed);
    run(tried.home(), &["serve", "--config", &file, "--online"]).expect_code(2);
}

#[test]
fn a_wrong_registration_is_reported_with_the_next_step() {
    let tried = OnlineCheck::new();
    let next = tried.refused("'my-service'", "'another-service'", "invalid_client");
    assert!(next.starts_with("compare client_id"), "{next}");
    let other = "http://127.0.0.1:8080/truid/callback";
    let next = tried.refused(REDIRECT_URI, other, "invalid_redirect_uri");
    assert!(next.contains(&format!("register {other}")), "{next}");
    let basic = "client_authentication = 'client_secret_basic'\ntest_service";
    let only_post = OnlineCheck::with(|client| {
        client.authentication = Some(switchback_sandbox::AuthenticationMethod::ClientSecretPost);
    });
    let next = only_post.refused("test_service", basic, "invalid_client");
    assert!(next.contains("client_authentication"), "{next}");

    secret(
        &tried.home().join("secret"),
        "the-secret-of-another-service",
    );
    let (purposes, error) = tried.changed("", "", 7);
    assert_eq!(
        purposes.len(),
        1,
        "it is the same for each purpose: {purposes:?}"
    );
    assert!(
        text(&error["message"]).contains("invalid_client"),
        "{error}"
    );
    let next = text(&error["next"]);
    assert!(next.contains("into secret (client_secret_file)"), "{next}");
}

#[test]
fn a_scope_that_is_not_registered_is_reported_by_purpose() {
    let tried = OnlineCheck::with(|client| client.data_points.retain(|it| !it.contains("email")));
    let next = tried.refused("", "", "invalid_scope");
    assert!(next.contains("data-point/email"), "{next}");
    let (purposes, _) = tried.changed("", "", 7);
    let described: Vec<_> = purposes.iter().map(|it| text(&it["online"])).collect();
    assert_eq!(described, ["refused", "accepted"]);
}

#[test]
fn a_missing_answer_and_a_refusal_have_different_exit_codes() {
    let tried = OnlineCheck::new();
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port");
    let closed_url = format!("http://{}", closed.local_addr().expect("a port"));
    drop(closed);
    let (purposes, error) = tried.changed(tried.truid.url(), &closed_url, 5);
    assert_eq!(purposes.len(), 1, "{purposes:?}");
    assert_eq!(purposes[0]["online"], "no answer");
    assert_eq!(error["kind"], "try-again");
    assert!(text(&error["next"]).contains(&closed_url), "{error}");

    for busy in [Misbehaviour::Unavailable, Misbehaviour::ServerError] {
        let mut rule = Rule::new(busy);
        rule.endpoint = Some(Endpoint::Par);
        rule.times = switchback_sandbox::Times::Count(2);
        tried.truid.sandbox().misbehave(rule).expect("a rule");
        let (purposes, error) = tried.changed("", "", 5);
        assert_eq!(purposes[0]["online"], "no answer");
        assert_eq!(error["kind"], "try-again");
    }
    // A server that is not a provider.
    for (answer, says) in [
        ("404 Not Found\r\ncontent-length: 0", "pushed = false"),
        ("200 OK\r\ncontent-length: 2", "compare base_url"),
        (
            "302 Found\r\nlocation: /\r\ncontent-length: 0",
            "compare base_url",
        ),
    ] {
        let next = tried.refused(
            tried.truid.url(),
            &answering(answer),
            "the provider answers with",
        );
        assert!(next.contains(says), "{next}");
    }
}

#[test]
fn a_server_without_tls_has_its_own_message() {
    let tried = OnlineCheck::new();
    let https = tried.truid.url().replace("http://", "https://");
    let (_, error) = tried.changed(tried.truid.url(), &https, 5);
    let message = text(&error["message"]);
    assert!(message.contains("does not speak TLS"), "{message}");
    assert!(text(&error["next"]).contains("base_url"), "{error}");
}

/// A client that requests an unregistered data point gets a long list of its registered ones.
#[test]
fn the_reason_of_a_refused_login_is_reported_once() {
    let tried = OnlineCheck::with(|client| client.data_points.retain(|it| !it.contains("email")));
    let file = tried.home().join("service.toml");
    fs::write(&file, &tried.config).expect("writable");
    let file = file.display().to_string();
    let said = run(
        tried.home(),
        &["serve", "--config", &file, "--check", "--online"],
    );
    let said = said.expect_code(7);
    let all = format!("{}{}", said.stdout, said.stderr);
    assert_eq!(all.matches("invalid_scope").count(), 1, "{said:#?}");
    let message = said
        .stderr
        .lines()
        .find(|line| line.contains("invalid_scope"));
    let message = message.expect("a message with the reason");
    if let Some((cut, _)) = message.split_once(" …") {
        let last = cut
            .rsplit(' ')
            .next()
            .expect("a word")
            .trim_end_matches(',');
        assert!(
            tried
                .truid
                .sandbox()
                .clients()
                .iter()
                .any(|it| { it.data_points.iter().any(|point| point == last) }),
            "{message}"
        );
    }
}

#[test]
fn without_par_check_online_sends_nothing() {
    let tried = OnlineCheck::new();
    let not_pushed = "pushed = false\ntest_service";
    let (purposes, _) = tried.changed("test_service", not_pushed, 0);
    for described in &purposes {
        assert_eq!(described["online"], "not tried");
        assert!(
            text(&described["why"]).contains("pushed = false"),
            "{described}"
        );
    }
    assert_eq!(purposes.len(), 2);
}

/// A server with this answer to every request.
fn answering(head: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("a port"));
    let answer = format!("HTTP/1.1 {head}\r\nconnection: close\r\n\r\n{{}}");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 8192]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    url
}
