//! Client authentication (RFC 6749 section 2.3): in the body or with HTTP Basic, never
//! both; and none at all for a public client, which only says who it is.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::World;
use crate::form::{Form, decode};
use crate::{Finding, Refusal, RegisteredClient};

impl World {
    /// Who sends this form, whose names are known to be there once.
    ///
    /// # Errors
    /// `invalid_client`, or `invalid_request` where there are two kinds of
    /// authentication.
    pub(super) fn authenticate(
        &self,
        form: &Form<'_>,
        authorization: Option<&str>,
    ) -> Result<Arc<RegisteredClient>, Refusal> {
        let basic = authorization.map(basic).transpose()?;
        if basic.is_some() && form.get("client_secret").is_some() {
            return Err(Refusal::request(
                Finding::AuthenticationTwice,
                "the client authenticates in the Authorization header and in the body; use one of them",
            ));
        }
        let (client_id, secret) = match (&basic, form.get("client_id")) {
            (Some((id, _)), Some(other)) if id != other => {
                return Err(Refusal::request(
                    Finding::AuthenticationTwice,
                    "client_id in the body is another than in the Authorization header",
                ));
            }
            (Some((id, secret)), _) => (id.as_str(), Some(secret.as_str())),
            (None, Some(id)) => (id, form.get("client_secret")),
            (None, None) => {
                return Err(Refusal::client(
                    Finding::ClientUnknown,
                    "client_id is missing; send it, and client_secret for a confidential client, in the body",
                ));
            }
        };
        let client = self.clients.get(client_id).ok_or_else(|| {
            Refusal::client(
                Finding::ClientUnknown,
                "no client is registered with this client_id",
            )
        })?;
        match (&client.secret, secret) {
            (None, None) if form.get("client_secret").is_none() => {}
            (None, _) => {
                return Err(Refusal::client(
                    Finding::SecretFromPublicClient,
                    "this is a public client, which has no secret and must not send one",
                ));
            }
            (Some(_), None) => {
                return Err(Refusal::client(
                    Finding::SecretWrong,
                    "client_secret is missing; this client is confidential",
                ));
            }
            (Some(_), Some(given)) if client.has_secret(given) => {}
            (Some(_), Some(_)) => {
                return Err(Refusal::client(
                    Finding::SecretWrong,
                    "the client_secret is wrong",
                ));
            }
        }
        Ok(Arc::clone(client))
    }
}

/// Reads an `Authorization` header: both halves are encoded as a form would be, and then
/// as RFC 7617 has it (RFC 6749 section 2.3.1).
pub(super) fn basic(header: &str) -> Result<(String, String), Refusal> {
    let bad = || {
        Refusal::client(
            Finding::RequestMalformed,
            "the Authorization header must be Basic and base64 of client_id:client_secret, each form-encoded",
        )
    };
    let (scheme, credentials) = header.split_once(' ').ok_or_else(bad)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(bad());
    }
    let bytes = STANDARD
        .decode(credentials.trim_matches(' '))
        .map_err(|_| bad())?;
    let text = String::from_utf8(bytes).map_err(|_| bad())?;
    let (id, secret) = text.split_once(':').ok_or_else(bad)?;
    let id = decode(id).map_err(|_| bad())?.into_owned();
    let secret = decode(secret).map_err(|_| bad())?.into_owned();
    Ok((id, secret))
}
