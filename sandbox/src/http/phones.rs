//! The routes for phones and emulators: the certificate to install, the association files of
//! apps, and the pages that explain the configuration.

use axum::extract::RawQuery;
use axum::http::header::CONTENT_DISPOSITION;
use axum::http::{HeaderValue, StatusCode};

use super::{State, log_in};
use crate::endpoints::answer::{self, Answer};
use crate::{Refusal, pages};

/// `GET /phones`.
pub(super) async fn phones(state: State) -> Answer {
    answer::page(StatusCode::OK, pages::phones(&state))
}

/// `GET /sandbox/ca.crt`: the certificate in DER, for phones (RFC 5280).
pub(super) async fn ca_der(state: State) -> Answer {
    match &state.tls {
        Some(tls) => file(
            "application/x-x509-ca-cert",
            "switchback-sandbox.crt",
            tls.authority.certificate.to_vec(),
        ),
        None => no_tls(),
    }
}

/// `GET /sandbox/ca.pem`: the certificate in PEM, for programs (RFC 7468).
pub(super) async fn ca_pem(state: State) -> Answer {
    match &state.tls {
        Some(tls) => file(
            "application/x-pem-file",
            "switchback-sandbox.pem",
            tls.authority.pem.clone().into_bytes(),
        ),
        None => no_tls(),
    }
}

/// A file with the disposition `inline`: iOS would store an attachment among the downloads,
/// without an offer to install it.
fn file(kind: &'static str, name: &'static str, bytes: Vec<u8>) -> Answer {
    let mut response = answer::body(StatusCode::OK, kind, bytes);
    if let Ok(value) = HeaderValue::from_str(&format!("inline; filename=\"{name}\"")) {
        response.headers_mut().insert(CONTENT_DISPOSITION, value);
    }
    response
}

fn no_tls() -> Answer {
    let what = "this sandbox uses plain http and has no certificate; start it with TLS (switchback sandbox --tls)";
    Refusal::own("not_found", what).into()
}

/// `GET /.well-known/apple-app-site-association`.
pub(super) async fn apple(state: State) -> Answer {
    match state.apps.apple() {
        Some(file) => answer::json(StatusCode::OK, &file),
        None => no_apps("ios, with application identifiers such as ABCDE12345.com.example.app"),
    }
}

/// `GET /.well-known/assetlinks.json`.
pub(super) async fn android(state: State) -> Answer {
    match state.apps.android() {
        Some(file) => answer::json(StatusCode::OK, &file),
        None => no_apps("android, with a package and sha256_cert_fingerprints"),
    }
}

fn no_apps(what: &str) -> Answer {
    let words = format!("no app is allowed to open links of this sandbox; configure apps.{what}");
    Refusal::own("not_found", words).into()
}

/// `GET /sample/callback`: completes a login from the start page. For other logins, it shows that
/// the callback opened the browser instead of the app.
pub(super) async fn sample_callback(state: State, RawQuery(query): RawQuery) -> Answer {
    let query = query.unwrap_or_default();
    if let Some(page) = log_in::complete(&state, &query) {
        return page;
    }
    answer::page(StatusCode::OK, pages::sample_callback(&state, &query))
}
