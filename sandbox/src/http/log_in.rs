//! The login from the start page. The sandbox plays the service's app: it makes the request, and
//! exchanges the code of the callback at its own endpoints, so that everything is in the trace.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use super::{State, TOKEN, exchange, parameter};
use crate::endpoints::answer::{self, Answer};
use crate::oauth::incoming::{Incoming, Target};
use crate::oauth::link::AUTHORIZE;
use crate::truid::claims::CLAIMS;
use crate::{Purpose, Refusal, RegisteredClient, pages};

/// The maximum number of open logins.
const MAX_LOGINS: usize = 100;

/// The open logins, the newest first.
#[derive(Default)]
pub(crate) struct Logins(Mutex<VecDeque<Login>>);

/// An open login.
struct Login {
    state: String,
    verifier: String,
    client_id: String,
    /// The scope in the request.
    scope: String,
}

impl Logins {
    fn put(&self, login: Login) {
        let mut logins = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        logins.truncate(MAX_LOGINS - 1);
        logins.push_front(login);
    }

    /// Removes and returns the login with this state.
    fn take(&self, state: &str) -> Option<Login> {
        let mut logins = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = logins.iter().position(|login| login.state == state)?;
        logins.remove(place)
    }
}

/// `GET /log-in?client_id=…`: an authorization request of this client.
pub(super) async fn begin(state: State, RawQuery(query): RawQuery) -> Answer {
    let client_id = parameter(query.as_deref().unwrap_or_default().as_bytes(), "client_id");
    match request(&state, &client_id) {
        Ok(url) => answer::see_other(&url),
        Err(refusal) => answer::page(answer::status(refusal.error), pages::refused(&refusal)),
    }
}

fn request(state: &State, client_id: &str) -> Result<String, Refusal> {
    state.check_client(client_id)?;
    let url = state.names.url();
    let mut clients = state.clients.iter();
    let client = clients.find(|client| client.client_id == client_id && client.can_be_tried(url));
    let client = client.ok_or_else(|| {
        Refusal::bad(
            "the sandbox can log in only as a public client with the redirect URI /sample/callback",
        )
    })?;
    let random =
        || random().map_err(|_| Refusal::bad("the operating system returned no random bytes"));
    let login = Login {
        state: random()?,
        verifier: random()?,
        client_id: client_id.to_owned(),
        scope: client.sample_scope().join(" "),
    };
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&login.verifier));
    let query = form(&[
        ("response_type", "code"),
        ("client_id", client_id),
        ("redirect_uri", &RegisteredClient::sample_callback(url)),
        ("scope", &login.scope),
        ("state", &login.state),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);
    state.logins.put(login);
    Ok(format!("{AUTHORIZE}{}?{query}", Purpose::Login.function()))
}

/// The page for a callback, if it belongs to a login from the start page.
pub(super) fn complete(state: &State, query: &str) -> Option<Answer> {
    let parameter = |name| parameter(query.as_bytes(), name);
    let login = state.logins.take(&parameter("state"))?;
    let outcome = match (parameter("code"), parameter("error")) {
        (code, error) if error.is_empty() => exchange_code(state, &login, &code),
        (_, error) => Err(error),
    };
    let html = pages::logged_in(&login.client_id, outcome.as_deref().map_err(String::as_str));
    Some(answer::page(StatusCode::OK, html))
}

/// Exchanges a code and reads the claims, as an app does. Returns the claims, or the error.
fn exchange_code(
    state: &State,
    login: &Login,
    code: &str,
) -> Result<Vec<(String, String)>, String> {
    let body = form(&[
        ("grant_type", "authorization_code"),
        ("client_id", &login.client_id),
        ("code", code),
        (
            "redirect_uri",
            &RegisteredClient::sample_callback(state.names.url()),
        ),
        ("code_verifier", &login.verifier),
    ]);
    let kind = "application/x-www-form-urlencoded";
    let post = Request::post(TOKEN).header(CONTENT_TYPE, kind);
    let tokens = send(state, Target::Token, post, body)?;
    let token = tokens["access_token"].as_str().unwrap_or_default();
    let claims = CLAIMS
        .iter()
        .filter(|(.., point)| login.scope.split(' ').any(|own| own == *point));
    let claims: Vec<&str> = claims.map(|(_, key, _)| *key).collect();
    let query = form(&[("claims", &claims.join(","))]);
    let get = Request::get(format!("/exchange/v2/presentation?{query}"));
    let get = get.header(AUTHORIZATION, format!("Bearer {token}"));
    let shown = send(state, Target::Presentation, get, String::new())?;
    let claims = shown["claims"].as_array().into_iter().flatten();
    let claims = claims.map(|claim| {
        let text = |name| match &claim[name] {
            Value::String(text) => text.clone(),
            Value::Object(members) => {
                let texts = members.values().filter_map(Value::as_str);
                texts.collect::<Vec<_>>().join(", ")
            }
            _ => String::new(),
        };
        (text("type"), text("value"))
    });
    Ok(claims.collect())
}

/// Sends a request to an endpoint, as the app. Returns the JSON of a successful answer, or the
/// error.
fn send(
    state: &State,
    place: Target,
    request: axum::http::request::Builder,
    body: String,
) -> Result<Value, String> {
    let unsent = |_| "the sandbox could not build the request".to_owned();
    let (head, body) = request
        .body(Bytes::from(body))
        .map_err(unsent)?
        .into_parts();
    let answer = exchange::handle(state, &Incoming::read(place, &head, &Ok(body), None)).answer;
    let json: Option<Value> = serde_json::from_slice(answer.body()).ok();
    match json {
        Some(json) if answer.status().is_success() => Ok(json),
        json => {
            let error = json.and_then(|json| json["error"].as_str().map(str::to_owned));
            Err(error.unwrap_or_else(|| answer.status().to_string()))
        }
    }
}

fn form(parameters: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(parameters).finish()
}

/// 256 random bits in 43 characters.
fn random() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
