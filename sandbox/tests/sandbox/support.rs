//! A raw HTTP client, which can send malformed requests that an HTTP library would refuse.

use std::net::SocketAddr;

use serde_json::Value;
use switchback_sandbox::{Config, Sandbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const REDIRECT: &str = "https://app.example/truid/callback";
pub(crate) const FORM: &str = "Content-Type: application/x-www-form-urlencoded";
pub(crate) const JSON: &str = "Content-Type: application/json";
pub(crate) const BASIC: &str = "Authorization: Basic ZGVtby1iYWNrZW5kOmRlbW8tYmFja2VuZC1zZWNyZXQ=";

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/json"));
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (own, value) = line.split_once(':')?;
            own.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    /// Checks that the answer is this refusal. Returns the description.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, error: &str) -> String {
        let body = self.json();
        assert_eq!(
            (self.status, body["error"].as_str()),
            (status, Some(error)),
            "{body}"
        );
        assert_eq!(self.header("cache-control"), Some("no-store"));
        body["error_description"].as_str().unwrap().to_owned()
    }
}

/// Sends a request, such as `GET /`, and reads the complete answer.
pub(crate) async fn send(to: SocketAddr, request: &str, headers: &[&str], body: &str) -> Answer {
    let host = format!("Host: {to}");
    let headers: Vec<&str> = std::iter::once(host.as_str())
        .chain(headers.iter().copied())
        .collect();
    send_as_is(to, request, &headers, body).await
}

/// As [`send`], without a `Host` header.
pub(crate) async fn send_as_is(
    to: SocketAddr,
    request: &str,
    headers: &[&str],
    body: &str,
) -> Answer {
    let answer = raw_as_is(to, request, headers, body).await;
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer {
        status,
        head: head.into(),
        body: body.into(),
    }
}

/// Sends a request, and reads until the connection ends, also with a reset.
pub(crate) async fn raw(to: SocketAddr, request: &str, headers: &[&str], body: &str) -> Vec<u8> {
    let host = format!("Host: {to}");
    let headers: Vec<&str> = std::iter::once(host.as_str())
        .chain(headers.iter().copied())
        .collect();
    raw_as_is(to, request, &headers, body).await
}

async fn raw_as_is(to: SocketAddr, request: &str, headers: &[&str], body: &str) -> Vec<u8> {
    let mut text = format!("{request} HTTP/1.1\r\nConnection: close\r\n");
    for header in headers {
        text.push_str(header);
        text.push_str("\r\n");
    }
    text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // After a reset, `answer` contains the data before it.
    let _ = stream.read_to_end(&mut answer).await;
    answer
}

pub(crate) fn encode(parameters: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish()
}

pub(crate) fn parameter(url: &str, name: &str) -> Option<String> {
    let url = url::Url::parse(url).unwrap();
    url.query_pairs()
        .find(|(n, _)| n == name)
        .map(|(_, value)| value.into_owned())
}

/// The path and query of a valid authorization request.
pub(crate) fn authorization(function: &str) -> String {
    let query = encode(&[
        ("response_type", "code"),
        ("client_id", "demo-app"),
        ("redirect_uri", REDIRECT),
        (
            "scope",
            "truid.app/data-point/email truid.app/data-point/name",
        ),
        ("state", "S-1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]);
    format!("/oauth2/v1/authorize/{function}?{query}")
}

pub(crate) async fn started() -> (Sandbox, SocketAddr) {
    let sandbox = Sandbox::start(Config::default()).await.unwrap();
    let address = sandbox.address();
    (sandbox, address)
}

pub(crate) async fn token(to: SocketAddr, parameters: &[(&str, &str)]) -> Answer {
    send(to, "POST /oauth2/v1/token", &[FORM], &encode(parameters)).await
}

pub(crate) async fn exchange(to: SocketAddr, code: &str) -> Answer {
    exchange_at(to, code, REDIRECT).await
}

/// As [`exchange`], with a given redirect URI.
pub(crate) async fn exchange_at(to: SocketAddr, code: &str, redirect_uri: &str) -> Answer {
    let parameters = [
        ("grant_type", "authorization_code"),
        ("client_id", "demo-app"),
        ("code", code),
        ("redirect_uri", redirect_uri),
        ("code_verifier", VERIFIER),
    ];
    token(to, &parameters).await
}

pub(crate) async fn refresh(to: SocketAddr, refresh_token: &str) -> Answer {
    let parameters = [
        ("grant_type", "refresh_token"),
        ("client_id", "demo-app"),
        ("refresh_token", refresh_token),
    ];
    token(to, &parameters).await
}

pub(crate) async fn user_info(to: SocketAddr, access_token: &str) -> Answer {
    let bearer = format!("Authorization: Bearer {access_token}");
    send(to, "GET /oidc/v1/user-info", &[&bearer], "").await
}

/// A code, approved in the fake Truid app.
pub(crate) fn code(sandbox: &Sandbox, function: &str) -> String {
    let url = format!("{}{}", sandbox.url(), authorization(function));
    let waiting = sandbox.app().open(&url).unwrap();
    parameter(&sandbox.app().approve(&waiting.id).unwrap(), "code").unwrap()
}

pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}
