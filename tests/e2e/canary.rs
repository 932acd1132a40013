//! Searches all output of a login and a session for the known secrets, in every encoding.

use std::io;
use std::sync::{Arc, LazyLock, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use switchback::provider::truid::ClaimType;
use switchback::{Client, Platform, Purpose};
use switchback_protocol::http::{Request, Response};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::mediated;
use crate::support::{Fixture, ObservedTransport, request, session_of};

#[derive(Clone, Default)]
pub(crate) struct Captured(Arc<Mutex<Vec<u8>>>);

/// Captures the log of the whole process, of all threads: the lines of tests that run at the same
/// time are searched, too.
pub(crate) fn listen() -> Captured {
    static HEARD: LazyLock<Captured> = LazyLock::new(|| {
        let seen = Captured::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_span_events(FmtSpan::FULL)
            .with_writer(seen.clone())
            .finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
        // Libraries that log with `log` (reqwest, rustls) are captured, too.
        tracing_log::LogTracer::init().unwrap();
        seen
    });
    HEARD.clone()
}

impl Captured {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }

    pub(crate) fn add(&self, shown: impl AsRef<str>) {
        self.0
            .lock()
            .unwrap()
            .extend_from_slice(format!("{}\n", shown.as_ref()).as_bytes());
    }
}

impl io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// A secret in every encoding in which it could be hidden. The base64 of a text depends on its
/// offset, so the middle of each of the three shifts is searched for. A short text leaves too
/// little for that.
pub(crate) fn spellings(secret: &str) -> Vec<String> {
    let mut all = vec![
        secret.to_owned(),
        utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
    ];
    if secret.len() < 9 {
        return all;
    }
    for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
        for shift in 0..3 {
            let shifted = [&vec![0; shift][..], secret.as_bytes()].concat();
            let encoded = engine.encode(shifted);
            all.push(encoded[4..encoded.len() - 3].to_owned());
        }
    }
    all
}

pub(crate) fn value_of<'a>(url: &'a str, parameter: &str) -> &'a str {
    let (_, rest) = url.split_once(&format!("{parameter}=")).unwrap();
    rest.split('&').next().unwrap()
}

/// Secrets in the headers of the backend that an app shows.
fn secrets_of(request: &Request, response: &Response) -> Vec<String> {
    let mut known = Vec::new();
    for set in response.set_cookies() {
        let (_, value) = set.split(';').next().unwrap().split_once('=').unwrap();
        known.push(value.to_owned());
    }
    let urls = [Some(request.url.as_str()), response.header("location")];
    for url in urls.into_iter().flatten() {
        for parameter in ["state", "code", "request_uri"] {
            if url.contains(&format!("{parameter}=")) {
                known.push(value_of(url, parameter).to_owned());
            }
        }
    }
    let body: serde_json::Value = serde_json::from_slice(&response.body).unwrap_or_default();
    for field in ["access_token", "refresh_token", "state", "email"] {
        known.extend(body[field].as_str().map(String::from));
    }
    known
}

/// A login and a session in mediated mode, with cookies and with tokens. Returns the number of
/// secrets that became known.
async fn through_backends(seen: &Captured, secrets: &Arc<Mutex<Vec<String>>>) -> usize {
    let before = secrets.lock().unwrap().len();
    let tapped = |mut platform: Platform| {
        let (log, known) = (seen.clone(), secrets.clone());
        platform.http = Arc::new(ObservedTransport {
            inner: Arc::clone(&platform.http),
            on_answer: Box::new(move |request, response| {
                log.add(format!("{request:?} {response:?}"));
                known.lock().unwrap().extend(secrets_of(request, response));
            }),
        });
        platform
    };
    let (example, backend) = (
        mediated::ExampleBackendFixture::new().await,
        mediated::SwitchbackBackend::new().await,
    );
    let app = Client::new(example.config(), tapped(example.platform())).unwrap();
    let login = app.begin(mediated::login_request()).await.unwrap();
    let link = example.approve(&login.url);
    seen.add(format!(
        "{app:?} {login:?} {:?}",
        app.pending_logins().await
    ));
    let completion = app.complete(&link).await.unwrap();
    let with_cookies = app.session(&session_of(completion)).await.unwrap();
    let timeline = app.timeline(&login.id).await.unwrap().unwrap();
    seen.add(format!("{timeline} {timeline:?}"));
    // A session that the backend has forgotten.
    let login = app.begin(mediated::login_request()).await.unwrap();
    let link = example.approve(&login.url);

    let other_app = Client::new(backend.config(), tapped(backend.platform())).unwrap();
    let with_tokens = backend.logged_in(&other_app).await;
    backend.clock.advance(900);
    for (session, url) in [
        (&with_cookies, example.at("/api/me")),
        (&with_tokens, backend.at("/api/orders")),
    ] {
        let info = session.user_info().await.unwrap();
        let sent = session.authorize(&url).await.unwrap();
        seen.add(format!("{session:?} {info:?} {sent:?}"));
        let again = session
            .answered(&sent, 401, &["sid=n3w-c00kie; Path=/"])
            .await;
        seen.add(format!("{again:?} {session:?}"));
        seen.add(format!("{:?}", session.log_out().await));
        seen.add(format!(
            "{:?}",
            session.authorize("https://evil.example").await
        ));
    }
    example.backend.forget_sessions();
    seen.add(format!("{:?}", app.complete(&link).await));
    let mut known = secrets.lock().unwrap();
    known.push("n3w-c00kie".into());
    known.retain(|secret| secret.len() > 3);
    known.len() - before
}

#[tokio::test]
async fn no_secret_is_ever_shown() {
    let seen = listen();
    let secrets = Arc::new(Mutex::new(Vec::<String>::new()));
    let fixture = Fixture::new().await;
    let plain = fixture.platform();
    let (log, known) = (seen.clone(), secrets.clone());
    let tap = ObservedTransport {
        inner: Arc::clone(&plain.http),
        on_answer: Box::new(move |request, response| {
            log.add(format!("{request:?} {response:?}"));
            let mut known = known.lock().unwrap();
            let body: serde_json::Value =
                serde_json::from_slice(&response.body).unwrap_or_default();
            for field in ["access_token", "refresh_token", "sub"] {
                known.extend(body[field].as_str().map(String::from));
            }
            for claim in body["claims"].as_array().into_iter().flatten() {
                let value = claim["value"].as_str();
                known.extend(value.filter(|value| value.len() > 3).map(String::from));
            }
            if let Some(form) = &request.body {
                for field in ["code_verifier", "code"] {
                    if form.expose().contains(&format!("{field}=")) {
                        known.push(value_of(form.expose(), field).to_owned());
                    }
                }
            }
        }),
    };
    let mut platform = plain;
    platform.http = Arc::new(tap);
    let app = Client::new(fixture.config(), platform).unwrap();

    let mut wanted = request(Purpose::Login);
    wanted.nonce = true;
    let login = app.begin(wanted).await.unwrap();
    {
        let mut known = secrets.lock().unwrap();
        known.push(value_of(&login.url, "state").to_owned());
        known.push(value_of(&login.url, "nonce").to_owned());
    }
    seen.add(format!(
        "{app:?} {login:?} {:?}",
        app.pending_logins().await
    ));
    let link = fixture.approve(&login.url);
    for strange in [
        format!("{link}&code=again"),
        link.replace("code=", "code=%zz"),
        link.replace("app.example", "evil.example"),
        link.replace("state=", "error=x&state="),
    ] {
        seen.add(format!("{:?}", app.complete(&strange).await));
    }
    let completion = app.complete(&link).await.unwrap();
    seen.add(format!("{completion:?}"));
    let session = app.session(&session_of(completion)).await.unwrap();
    let presentation = session.presentation(&ClaimType::ALL).await.unwrap();
    let info = session.user_info().await.unwrap();
    seen.add(format!("{session:?} {presentation:?} {info:?}"));
    for claim in &presentation.claims {
        seen.add(format!("{claim:?} {:?}", claim.value));
    }
    fixture.advance(60);
    let token = session.access_token().await.unwrap();
    seen.add(format!("{token:?} {session:?}"));
    // Everything that can fail while the app holds a token.
    fixture.store.lock(true);
    fixture.advance(300);
    let locked = session.access_token().await.unwrap_err();
    fixture.store.lock(false);
    fixture.sandbox.app().end_sessions("test-app");
    let over = session.access_token().await.unwrap_err();
    for error in [locked, over] {
        seen.add(format!("{error} {error:?}"));
    }
    seen.add(format!("{:?}", session.log_out().await));
    seen.add(format!("{:?}", app.complete(&link).await));
    let timeline = app.timeline(&login.id).await.unwrap().unwrap();
    seen.add(format!("{timeline} {timeline:?}"));

    let mediated = through_backends(&seen, &secrets).await;
    assert!(mediated > 15, "only {mediated} secrets are known there");

    let text = seen.text();
    for event in [
        "callback.forwarded",
        "backend.told",
        "login.begun",
        "code.sent",
        "login.completed",
        "refresh.done",
    ] {
        assert!(text.contains(event), "the log was not captured: {event}");
    }
    assert!(text.contains("TRACE"), "the log was not captured at TRACE");
    assert!(
        text.contains("reqwest"),
        "what speaks through `log` was not captured"
    );
    let secrets = secrets.lock().unwrap();
    assert!(
        secrets.len() > 15,
        "only {} secrets are known",
        secrets.len()
    );
    hidden(&text, secrets.iter());
}

/// The text contains none of the secrets, in any encoding.
#[track_caller]
pub(crate) fn hidden<'a>(text: &str, secrets: impl Iterator<Item = &'a String>) {
    for secret in secrets {
        assert!(secret.len() > 3);
        for spelling in spellings(secret) {
            if let Some(at) = text.find(&spelling) {
                let before: String = text[..at].chars().rev().take(120).collect();
                let before: String = before.chars().rev().collect();
                panic!(
                    "a secret of {} characters is shown: {before}…",
                    secret.len()
                );
            }
        }
    }
}

#[test]
fn the_search_finds_planted_secrets() {
    let secret = "s3cr3t-t0ken";
    for hidden in [
        format!("x{secret}y"),
        "x%73".replace("%73", "s3cr3t%2Dt0ken"),
        STANDARD_NO_PAD.encode(format!("Bearer {secret} and more")),
        URL_SAFE_NO_PAD.encode(format!("ab{secret}")),
    ] {
        assert!(
            spellings(secret).iter().any(|s| hidden.contains(s)),
            "{hidden}"
        );
    }
}
