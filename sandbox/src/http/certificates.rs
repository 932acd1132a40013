//! The routes of the certificate authority: its roots and its certificate revocation list.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use x509_cert::der::pem::{LineEnding, encode_string};

use super::State;
use crate::endpoints::answer::{self, Answer};
use crate::endpoints::sender::wants_page;
use crate::shared::Shared;
use crate::signing::{CRL, Signing};
use crate::{Refusal, pages};

/// The page with the roots. Truid's is `https://pki.truid.app/certs/`.
pub(crate) const ROOTS: &str = "/certs/";
pub(crate) const ROOT_PEM: &str = "/certs/root-ca-v1.pem";
pub(crate) const ROOT_DER: &str = "/certs/root-ca-v1.crt";
/// The root of the timestamp authority. It is not below [`ROOTS`], because it is no anchor of
/// signatures.
pub(crate) const TSA_ROOT_PEM: &str = "/tsa/root-ca-v1.pem";
pub(crate) const TSA_ROOT_DER: &str = "/tsa/root-ca-v1.crt";

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route(ROOTS, get(roots))
        .route(ROOT_PEM, get(root_pem))
        .route(ROOT_DER, get(root_der))
        .route(CRL, get(crl))
        .route(TSA_ROOT_PEM, get(timestamp_root_pem))
        .route(TSA_ROOT_DER, get(timestamp_root_der))
}

/// `GET /certs/`: a page with links, or all roots in PEM for a program. What a program gets at
/// Truid is not documented.
async fn roots(state: State, headers: HeaderMap) -> Answer {
    match wants_page(&headers) {
        true => answer::page(StatusCode::OK, pages::certificates()),
        false => root_pem(state).await,
    }
}

/// `GET /certs/root-ca-v1.pem` (RFC 7468).
async fn root_pem(state: State) -> Answer {
    pem(&state, Signing::root)
}

/// `GET /certs/root-ca-v1.crt`: the same in DER (RFC 5280 section 4.2.2.1 names the media type).
async fn root_der(state: State) -> Answer {
    der(&state, Signing::root)
}

/// `GET /crl/root-ca-v1.crl` (RFC 5280 section 4.2.1.13 names the media type).
async fn crl(state: State) -> Answer {
    let now = state.now();
    let list = state.provider().signing.crl(now);
    match list {
        Ok(list) => answer::body(StatusCode::OK, "application/pkix-crl", list),
        Err(refusal) => refusal.into(),
    }
}

/// `GET /tsa/root-ca-v1.pem`.
async fn timestamp_root_pem(state: State) -> Answer {
    pem(&state, Signing::timestamp_root)
}

/// `GET /tsa/root-ca-v1.crt`.
async fn timestamp_root_der(state: State) -> Answer {
    der(&state, Signing::timestamp_root)
}

/// A certificate of the authority.
type Certificate = fn(&mut Signing) -> Result<&[u8], Refusal>;

fn der(state: &Shared, certificate: Certificate) -> Answer {
    match certificate(&mut state.provider().signing) {
        Ok(bytes) => answer::body(StatusCode::OK, "application/pkix-cert", bytes.to_vec()),
        Err(refusal) => refusal.into(),
    }
}

fn pem(state: &Shared, certificate: Certificate) -> Answer {
    let mut provider = state.provider();
    let text = certificate(&mut provider.signing).map(|bytes| {
        // Encoding fails only for a label that is not ASCII.
        encode_string("CERTIFICATE", LineEnding::LF, bytes).unwrap_or_default()
    });
    match text {
        Ok(text) => answer::body(StatusCode::OK, "application/x-pem-file", text),
        Err(refusal) => refusal.into(),
    }
}
