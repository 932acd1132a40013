//! A double of Example ID on loopback: a page that redirects the person back, and a token endpoint.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use switchback::http::Reqwest;
use switchback::ports::HttpTransport as _;
use switchback_protocol::http::{Method, Request};
use tokio::net::TcpListener;
use url::Url;

/// The lifetime of its access tokens, in seconds.
pub(crate) const LIFETIME: i64 = 60;

/// The subject of every login.
pub(crate) const SUBJECT: &str = "person-7";

type Parameters = HashMap<String, String>;

/// The state of the provider.
#[derive(Default)]
struct Known {
    /// Whether the next person declines.
    declines: bool,
    /// Authorization requests, by code.
    codes: HashMap<String, Parameters>,
    /// The only valid refresh token.
    refresh_token: Option<String>,
    /// How often it issued tokens.
    given: u64,
    /// The status and body of every answer of the token endpoint, instead of tokens.
    refuses_with: Option<(u16, String)>,
    /// How often it refused.
    refused: u64,
    /// The claims of its ID tokens besides `sub` and `aud`.
    claims: serde_json::Map<String, serde_json::Value>,
}

#[derive(Clone)]
pub(crate) struct Double {
    pub(crate) url: String,
    known: Arc<Mutex<Known>>,
}

impl Double {
    pub(crate) async fn start() -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", socket.local_addr().unwrap());
        let known = Arc::<Mutex<Known>>::default();
        let routes = Router::new()
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .with_state(Arc::clone(&known));
        tokio::spawn(async move { axum::serve(socket, routes).await });
        Self { url, known }
    }

    /// Opens the URL, where the person decides. Returns the callback link.
    pub(crate) async fn visit(&self, url: &str) -> String {
        let request = Request {
            method: Method::Get,
            once: true,
            url: url.into(),
            headers: Vec::new(),
            body: None,
        };
        let answer = Reqwest::new().send(request).await.unwrap();
        assert_eq!(answer.status, 303);
        answer.header("location").unwrap().to_owned()
    }

    pub(crate) fn next_declines(&self) {
        self.known.lock().unwrap().declines = true;
    }

    /// Ends the login: its refresh token becomes invalid.
    pub(crate) fn end_the_login(&self) {
        self.known.lock().unwrap().refresh_token = None;
    }

    /// Refuses all token requests from now on.
    pub(crate) fn refuse_with(&self, status: u16, body: &str) {
        self.known.lock().unwrap().refuses_with = Some((status, body.into()));
    }

    /// How often it refused.
    pub(crate) fn refused(&self) -> u64 {
        self.known.lock().unwrap().refused
    }

    /// Adds this claim to its ID tokens.
    pub(crate) fn claims(&self, name: &str, value: &str) {
        let claims = &mut self.known.lock().unwrap().claims;
        claims.insert(name.into(), value.into());
    }

    pub(crate) fn given(&self) -> u64 {
        self.known.lock().unwrap().given
    }
}

async fn authorize(
    State(known): State<Arc<Mutex<Known>>>,
    Query(asked): Query<Parameters>,
) -> Response {
    let mut known = known.lock().unwrap();
    let mut link = Url::parse(&asked["redirect_uri"]).unwrap();
    link.query_pairs_mut().append_pair("state", &asked["state"]);
    match std::mem::take(&mut known.declines) {
        true => {
            link.query_pairs_mut()
                .append_pair("error", "user_cancelled");
        }
        false => {
            let code = format!("code-{}", known.codes.len());
            link.query_pairs_mut().append_pair("code", &code);
            known.codes.insert(code, asked);
        }
    }
    (
        StatusCode::SEE_OTHER,
        [(header::LOCATION, link.to_string())],
    )
        .into_response()
}

async fn token(State(known): State<Arc<Mutex<Known>>>, body: String) -> Response {
    let sent: Parameters = url::form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect();
    let mut known = known.lock().unwrap();
    let is_good = match sent["grant_type"].as_str() {
        "authorization_code" => match known.codes.remove(&sent["code"]) {
            Some(asked) => {
                let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&sent["code_verifier"]));
                asked["code_challenge"] == challenge
                    && asked["client_id"] == sent["client_id"]
                    && asked["redirect_uri"] == sent["redirect_uri"]
            }
            None => false,
        },
        "refresh_token" => {
            let given = known.refresh_token.take();
            given.is_some_and(|given| sent.get("refresh_token") == Some(&given))
        }
        _ => false,
    };
    if let Some((status, body)) = known.refuses_with.clone() {
        known.refused += 1;
        let status = StatusCode::from_u16(status).unwrap();
        let json = [(header::CONTENT_TYPE, "application/json")];
        return (status, json, body).into_response();
    }
    if !is_good {
        // The standard's code is `invalid_grant`.
        let error = json!({ "error": "invalid_request", "error_description": "too late" });
        return (StatusCode::BAD_REQUEST, Json(error)).into_response();
    }
    known.given += 1;
    let refresh_token = format!("refresh-{}", known.given);
    known.refresh_token = Some(refresh_token.clone());
    let mut claims = known.claims.clone();
    claims.insert("sub".into(), SUBJECT.into());
    claims.insert("aud".into(), json!([sent["client_id"]]));
    let part = |json: serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let (head, body) = (part(json!({ "alg": "none" })), part(claims.into()));
    Json(json!({
        "access_token": format!("access-{}", known.given),
        "token_type": "Bearer",
        "expires_in": LIFETIME,
        "refresh_token": refresh_token,
        "id_token": format!("{head}.{body}."),
    }))
    .into_response()
}
