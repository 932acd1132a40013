//! The certificate authority of the control API.

use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::body::JsonBody;
use crate::endpoints::answer::{self, Answer};
use crate::http::State;
use crate::http::TSA;
use crate::http::certificates::{ROOT_PEM, TSA_ROOT_PEM};
use crate::shared::Shared;
use crate::signing::CRL;

/// The certificate authority that signs for the people.
#[derive(Serialize, JsonSchema)]
pub(super) struct CertificateAuthority {
    /// The URL of the root in PEM: the trust anchor of the signatures.
    root: String,
    /// The URL of the certificate revocation list of the root, in DER.
    crl: String,
    /// The URL of the timestamp authority (RFC 3161).
    timestamp: String,
    /// The URL of the root of the timestamp authority in PEM.
    timestamp_root: String,
    /// When the intermediate certificate was revoked, by the sandbox's clock, in seconds since
    /// 1970-01-01. Absent if it is not revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<i64>,
}

/// A revocation.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Revocation {
    /// Whether the intermediate certificate is revoked, from now on. `false` undoes the revocation.
    revoked: bool,
}

/// `GET /sandbox/v1/certificate-authority`.
pub(super) async fn authority(state: State) -> Answer {
    answer::json(StatusCode::OK, &described(&state))
}

/// `POST /sandbox/v1/certificate-authority`.
pub(super) async fn revoke(state: State, JsonBody(by): JsonBody<Revocation>) -> Answer {
    state.revoke_intermediate(by.revoked);
    answer::json(StatusCode::OK, &described(&state))
}

fn described(state: &Shared) -> CertificateAuthority {
    let url = state.url();
    CertificateAuthority {
        root: format!("{url}{ROOT_PEM}"),
        crl: format!("{url}{CRL}"),
        timestamp: format!("{url}{TSA}"),
        timestamp_root: format!("{url}{TSA_ROOT_PEM}"),
        revoked: state.provider().signing.revoked,
    }
}
