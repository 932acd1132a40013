//! One complete login, in six requests.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use url::Url;
use url::form_urlencoded::Serializer;

use crate::connection::{Connection, Failure};

/// The number of requests of a complete login.
pub(crate) const REQUESTS: u64 = 6;

const PAR: &str = "/oauth2/v1/par/login-session";
const AUTHORIZE: &str = "/oauth2/v1/authorize/login-session";
const TOKEN: &str = "/oauth2/v1/token";
const PRESENTATION: &str = "/exchange/v2/presentation?claims=truid.app%2Fclaim%2Femail%2Fv1";

/// The confidential client of the sandbox's default configuration.
const CLIENT_ID: (&str, &str) = ("client_id", "demo-backend");
const CLIENT_SECRET: (&str, &str) = ("client_secret", "demo-backend-secret");
const REDIRECT_URI: (&str, &str) = ("redirect_uri", "https://service.example/truid/complete");

/// The service of the logins.
pub(crate) struct Service {
    /// A prefix of 16 characters for the verifiers of this run.
    run: String,
}

#[derive(Deserialize)]
struct Pushed<'a> {
    request_uri: &'a str,
}

#[derive(Deserialize)]
pub(crate) struct Approved<'a> {
    pub(crate) redirect: &'a str,
}

#[derive(Deserialize)]
struct Tokens<'a> {
    access_token: &'a str,
    refresh_token: &'a str,
}

#[derive(Deserialize)]
struct Presentation<'a> {
    sub: &'a str,
}

impl Service {
    pub(crate) fn new() -> Result<Self, String> {
        let mut run = [0; 12];
        getrandom::fill(&mut run)
            .map_err(|error| format!("the operating system returned no random bytes: {error}"))?;
        let run = URL_SAFE_NO_PAD.encode(run);
        Ok(Service { run })
    }

    /// One complete login. Its state and verifier derive from its `number`, since a service makes
    /// new ones for each login.
    pub(crate) async fn log_in(
        &self,
        number: u64,
        connection: &mut Connection,
    ) -> Result<(), Failure> {
        let verifier = format!("{}{number:027}", self.run);
        let state = number.to_string();

        let body = connection.post(PAR, push(&verifier, &state)).await?;
        let Pushed { request_uri } = read(PAR, &body)?;

        let query = encode(&[CLIENT_ID, ("request_uri", request_uri)]);
        let page = connection
            .get(&format!("{AUTHORIZE}?{query}"), None)
            .await?;
        let id = waiting(&page)?;

        let path = format!("/sandbox/v1/app/waiting/{id}/approve");
        let body = connection.post(&path, String::new()).await?;
        let Approved { redirect } = read("approve", &body)?;
        let code = code(redirect, &state)?;

        let form = encode(&[
            CLIENT_ID,
            CLIENT_SECRET,
            REDIRECT_URI,
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("code_verifier", &verifier),
        ]);
        let body = connection.post(TOKEN, form).await?;
        let tokens: Tokens<'_> = read("code exchange", &body)?;

        let form = encode(&[
            CLIENT_ID,
            CLIENT_SECRET,
            ("grant_type", "refresh_token"),
            ("refresh_token", tokens.refresh_token),
        ]);
        let body = connection.post(TOKEN, form).await?;
        let tokens: Tokens<'_> = read("refresh", &body)?;

        let body = connection
            .get(PRESENTATION, Some(tokens.access_token))
            .await?;
        let Presentation { sub } = read(PRESENTATION, &body)?;
        if sub.is_empty() {
            return Err(Failure::Refused("the presentation has no subject".into()));
        }
        Ok(())
    }
}

/// The pushed authorization request.
fn push(verifier: &str, state: &str) -> String {
    encode(&[
        CLIENT_ID,
        CLIENT_SECRET,
        REDIRECT_URI,
        ("response_type", "code"),
        ("scope", "truid.app/data-point/email"),
        ("state", state),
        (
            "code_challenge",
            &URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)),
        ),
        ("code_challenge_method", "S256"),
    ])
}

fn encode(parameters: &[(&str, &str)]) -> String {
    Serializer::new(String::with_capacity(512))
        .extend_pairs(parameters)
        .finish()
}

pub(crate) fn read<'a, T: Deserialize<'a>>(place: &str, body: &'a [u8]) -> Result<T, Failure> {
    serde_json::from_slice(body)
        .map_err(|error| Failure::Refused(format!("{place}: not the JSON that was due: {error}")))
}

/// The id of the waiting request: the authorize page has a link with it, for a Truid app on the
/// same device.
pub(crate) fn waiting(page: &[u8]) -> Result<&str, Failure> {
    const LINK: &[u8] = b"/app/";
    let is_id = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
    let start = page.windows(LINK.len()).position(|part| part == LINK);
    start
        .map(|start| &page[start + LINK.len()..])
        .and_then(|rest| rest.split(|byte| !is_id(byte)).next())
        .and_then(|id| std::str::from_utf8(id).ok())
        .filter(|id| !id.is_empty())
        .ok_or_else(|| Failure::Refused(format!("{AUTHORIZE}: the page has no link to /app/…")))
}

/// The code of a callback with our state.
fn code(redirect: &str, state: &str) -> Result<String, Failure> {
    let wrong = |what: &str| Failure::Refused(format!("approve: the callback {what}"));
    let url = Url::parse(redirect).map_err(|_| wrong("is no URL"))?;
    let value = |wanted: &str| url.query_pairs().find(|(name, _)| name == wanted);
    if value("state").is_none_or(|(_, given)| given != state) {
        return Err(wrong("has another state"));
    }
    let code = value("code").ok_or_else(|| wrong("has no code"))?;
    Ok(code.1.into_owned())
}
