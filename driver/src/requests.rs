//! The token requests of a client: to the provider's token endpoint, or to the backend.
//!
//! Before you change this: each request carries the list of its secrets. A secret that is missing
//! in the list is not redacted if the server repeats it in an error.

use switchback_protocol::attempt::Attempt;
use switchback_protocol::{Secret, http, token};

use crate::client::OAuthClient;
use crate::peer::Peer;
use crate::ports::TransportError;
use crate::sender::TokenRequest;

/// Requests tokens with a code (RFC 6749 §4.1.3).
pub(crate) fn exchange<C: OAuthClient>(
    client: &C,
    attempt: &Attempt,
    code: &Secret,
) -> Result<TokenRequest, TransportError> {
    let Peer::Provider(registration) = client.peer() else {
        return Err(not_sent("the backend exchanges the code, not the app"));
    };
    let verifier = attempt.code_verifier();
    let request = token::exchange(
        &registration.provider().token_endpoint(),
        registration.client_id(),
        &attempt.redirect_uri,
        code,
        verifier,
    );
    authenticated(client, request, &[code, verifier])
}

/// Requests new tokens with a refresh token (RFC 6749 §6).
pub(crate) fn refresh<C: OAuthClient>(
    client: &C,
    refresh_token: &Secret,
) -> Result<TokenRequest, TransportError> {
    let request = match client.peer() {
        Peer::Provider(registration) => {
            let endpoint = registration.provider().token_endpoint();
            let client_id = Some(registration.client_id());
            Some(token::refresh(&endpoint, client_id, refresh_token))
        }
        Peer::Backend(mediation) => mediation.refresh(refresh_token),
    };
    let none = || not_sent("this backend does not refresh sessions");
    authenticated(client, request.ok_or_else(none)?, &[refresh_token])
}

/// Revokes a token (RFC 7009 §2.1). `None` if the service has no revocation endpoint. A backend has
/// none: it ends the whole session when the app logs out.
pub(crate) fn revocation<C: OAuthClient>(
    client: &C,
    token: &Secret,
) -> Option<Result<http::Request, TransportError>> {
    let Peer::Provider(registration) = client.peer() else {
        return None;
    };
    let endpoint = registration.provider().revocation_endpoint()?;
    let mut request = token::revoke(&endpoint, registration.client_id(), token);
    Some(client.authenticate(&mut request).map(|_| request))
}

fn authenticated<C: OAuthClient>(
    client: &C,
    mut request: http::Request,
    secrets: &[&Secret],
) -> Result<TokenRequest, TransportError> {
    let of_client = client.authenticate(&mut request)?;
    let secrets = secrets.iter().copied().cloned().chain(of_client);
    let secrets = secrets.collect();
    Ok(TokenRequest { request, secrets })
}

fn not_sent(why: &str) -> TransportError {
    TransportError::NotSent(why.into())
}
