//! Requests to the sandbox, one after the other, over its own port.
//!
//! Input: blocks with an empty line between them. A block is a request (its first line `GET /path`
//! or `POST /path`, then headers, then, after a line `.`, the body) or an action: `approve`,
//! `decline`, `advance SECONDS`. Values of earlier answers replace `{waiting}`, `{code}`,
//! `{access}`, `{refresh}`, `{request_uri}`; `{url}` is the sandbox's URL.
//!
//! There is no 5xx answer that was not configured. A person is redirected only to the sandbox
//! itself or to a registered redirect URI. A code and a refresh token work once. Data is returned
//! only for an issued access token. The trace contains no secret.
#![no_main]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use switchback_fuzz::split_once;
use switchback_sandbox::{Config, RegisteredClient, Sandbox};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use url::form_urlencoded;

/// More blocks find nothing new.
const MOST: usize = 12;

/// How much of an endless answer is read, in bytes.
const LONGEST: u64 = 1 << 20;

/// The timeout, by a paused clock, which advances while all tasks wait.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(3600);

fuzz_target!(|input: &[u8]| {
    let Ok(input) = std::str::from_utf8(input) else {
        return;
    };
    let place = Place::get();
    place.runtime.block_on(async {
        let mut script = Script::default();
        for block in input.split("\n\n").take(MOST) {
            script.play(&place.sandbox, block).await;
        }
        script.is_masked(&place.sandbox);
        place.sandbox.behave();
        place.sandbox.reset();
    });
});

struct Place {
    runtime: Runtime,
    sandbox: Sandbox,
}

impl Place {
    fn get() -> &'static Place {
        static PLACE: OnceLock<Place> = OnceLock::new();
        PLACE.get_or_init(|| {
            let runtime = Builder::new_current_thread()
                .enable_all()
                .start_paused(true)
                .build();
            let runtime = runtime.expect("a runtime starts");
            let config = Config {
                seed: Some("fuzz".into()),
                now: Some(1_800_000_000),
                ..Config::default()
            };
            let sandbox = runtime.block_on(Sandbox::start(config));
            Place {
                sandbox: sandbox.expect("a sandbox starts"),
                runtime,
            }
        })
    }
}

/// The values of earlier answers.
#[derive(Default)]
struct Script {
    given: BTreeMap<&'static str, String>,
    access_tokens: BTreeSet<String>,
    used: BTreeSet<String>,
    secrets: BTreeSet<String>,
    /// Whether a misbehaviour is configured, so that 5xx and dropped connections are allowed.
    misbehaves: bool,
    /// Whether the client secret, which is not random, is in a place where it does not belong.
    exposes: bool,
}

impl Script {
    async fn play(&mut self, sandbox: &Sandbox, block: &str) {
        self.misbehaves |= block.contains("isbehave") || block.contains("rules");
        let mut block = block.replace("{url}", sandbox.url());
        for (name, value) in &self.given {
            block = block.replace(&format!("{{{name}}}"), value);
        }
        let (word, rest) = block.split_once(' ').unwrap_or((&block, ""));
        match word.trim_end() {
            "approve" | "decline" => {
                let waiting = self.given.get("waiting").cloned().unwrap_or_default();
                let app = sandbox.app();
                let link = match word.starts_with("approve") {
                    true => app.approve(&waiting),
                    false => app.decline(&waiting),
                };
                if let Ok(link) = link {
                    self.goes_to_a_registered(sandbox, &link);
                    self.gives_a_code(&link);
                }
            }
            "advance" => {
                if let Ok(seconds) = rest.trim().parse() {
                    sandbox.advance(seconds);
                }
            }
            "GET" | "POST" => self.send(sandbox, &block).await,
            _ => {}
        }
    }

    async fn send(&mut self, sandbox: &Sandbox, block: &str) {
        let (head, body) = block.split_once("\n.\n").unwrap_or((block, ""));
        let own = RegisteredClient::DEMO_BACKEND_SECRET;
        let in_its_place = format!("&client_secret={own}");
        self.exposes |= block.matches(own).count() != body.matches(&in_its_place).count();
        let mut lines = head.lines();
        let first = lines.next().unwrap_or_default();
        let mut request = format!("{first} HTTP/1.1\r\n");
        let has = |name: &str| {
            let mut names = head.lines().filter_map(|line| line.split_once(':'));
            names.any(|(found, _)| found.eq_ignore_ascii_case(name))
        };
        if !has("host") {
            request += &format!("Host: {}\r\n", sandbox.address());
        }
        if !has("content-length") && !has("transfer-encoding") {
            request += &format!("Content-Length: {}\r\n", body.len());
        }
        for line in lines {
            request += &format!("{line}\r\n");
        }
        request += &format!("Connection: close\r\n\r\n{body}");
        let Some(answer) = exchange(sandbox, request.as_bytes()).await else {
            return;
        };
        if first.contains("reset") {
            // The sandbox is reset, with its codes and tokens.
            *self = Self {
                misbehaves: self.misbehaves,
                exposes: self.exposes,
                ..Self::default()
            };
        }
        self.is_right(sandbox, first, head, body, &answer);
    }

    fn is_right(&mut self, sandbox: &Sandbox, first: &str, head: &str, body: &str, answer: &[u8]) {
        let Some((answered, content)) = split_once(answer, b"\r\n\r\n") else {
            // A partial answer was delayed or dropped.
            return assert!(answer.is_empty() || self.misbehaves, "{answer:?}");
        };
        let answered = String::from_utf8_lossy(answered);
        let status: u16 = answered
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .expect("a status");
        assert!(status < 500 || self.misbehaves, "{answered}");
        let header = |name: &str| {
            let mut headers = answered.lines().filter_map(|line| line.split_once(": "));
            let found = headers.find(|(found, _)| found.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value)
        };
        if let Some(location) = header("location") {
            self.goes_to_a_registered(sandbox, location);
            self.gives_a_code(location);
        }
        let json = serde_json::from_slice::<serde_json::Value>(content).unwrap_or_default();
        let text = |name: &str| json[name].as_str().map(str::to_owned);
        if let Some(id) = text("id") {
            self.given.insert("waiting", id);
        }
        if let Some(redirect) = text("redirect") {
            self.gives_a_code(&redirect);
        }
        if let Some(uri) = text("request_uri") {
            self.given.insert("request_uri", uri);
        }
        let is_good = (200..300).contains(&status);
        if first.starts_with("POST /oauth2/v1/token") && is_good && !self.misbehaves {
            let access = text("access_token").expect("an access token");
            for (name, value) in form_urlencoded::parse(body.as_bytes()) {
                if name == "code" || name == "refresh_token" {
                    assert!(self.used.insert(value.into()), "{name} was used twice");
                }
            }
            self.secrets.extend(text("refresh_token"));
            self.given
                .extend(text("refresh_token").map(|token| ("refresh", token)));
            self.access_tokens.insert(access.clone());
            self.secrets.insert(access.clone());
            self.given.insert("access", access);
        }
        let is_data = first.contains("/user-info") || first.contains("/presentation");
        if is_data && is_good && text("sub").is_some() && !self.misbehaves {
            let known = self
                .access_tokens
                .iter()
                .any(|token| head.contains(token.as_str()));
            assert!(known, "data without a known token: {head}");
        }
    }

    /// The sandbox must not be an open redirector (RFC 9700 §4.11.2).
    fn goes_to_a_registered(&self, sandbox: &Sandbox, link: &str) {
        let registered = |client: &RegisteredClient| {
            client.redirect_uris.iter().any(|uri| {
                let rest = link.strip_prefix(uri.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['?', '#']))
            })
        };
        let own = link.starts_with('/') && !link.starts_with("//")
            || link
                .strip_prefix(sandbox.url())
                .is_some_and(|rest| rest.starts_with('/'));
        assert!(
            own || self.misbehaves || sandbox.clients().iter().any(registered),
            "{link}"
        );
    }

    fn gives_a_code(&mut self, link: &str) {
        let query = link.split_once('?').map_or("", |(_, query)| query);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if name == "code" && value.len() > 16 {
                self.secrets.insert(value.clone().into());
                self.given.insert("code", value.into());
            }
        }
    }

    fn is_masked(&self, sandbox: &Sandbox) {
        let flows = sandbox.flows();
        let flows = flows.iter().filter_map(|flow| sandbox.flow(&flow.id));
        let mut shown = serde_json::to_string(&sandbox.findings()).expect("it is written");
        for flow in flows {
            shown += &serde_json::to_string(&flow).expect("it is written");
        }
        for secret in &self.secrets {
            assert!(!shown.contains(secret), "{secret} is in the trace");
        }
        let own = RegisteredClient::DEMO_BACKEND_SECRET;
        assert!(self.exposes || !shown.contains(own), "{shown}");
    }
}

async fn exchange(sandbox: &Sandbox, request: &[u8]) -> Option<Vec<u8>> {
    let mut stream = TcpStream::connect(sandbox.address()).await.ok()?;
    // The sandbox may answer and close the connection before it has read everything.
    let _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    let _ = timeout(
        ANSWER_TIMEOUT,
        stream.take(LONGEST).read_to_end(&mut answer),
    )
    .await;
    Some(answer)
}
