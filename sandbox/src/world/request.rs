//! What an authorization request has to look like (RFC 6749 section 4.1.1, RFC 7636
//! section 4.3, the guide), whether it comes in a URL or was pushed.

use std::sync::Arc;

use super::World;
use crate::form::Form;
use crate::function::Function;
use crate::link::callback;
use crate::pkce::Challenge;
use crate::scope::Scope;
use crate::{Refusal, RegisteredClient};

/// The longest `state` and the longest `nonce`, in bytes. A request is kept while it waits.
const LONGEST: usize = 2 * 1024;

/// A good authorization request.
pub(crate) struct AuthorizationRequest {
    pub(crate) function: Function,
    pub(crate) client: Arc<RegisteredClient>,
    pub(crate) redirect_uri: String,
    pub(crate) scope: Scope,
    pub(crate) state: String,
    pub(crate) challenge: Challenge,
}

impl AuthorizationRequest {
    /// The callback URL with this outcome.
    pub(crate) fn callback(&self, name: &str, value: &str) -> String {
        callback(&self.redirect_uri, &[(name, value), ("state", &self.state)])
    }
}

impl World {
    /// Checks an authorization request. Its refusal has a `redirect` where the client and
    /// the redirect URI are good, and only there (RFC 6749 section 4.1.2.1).
    pub(super) fn check(
        &self,
        function: Function,
        form: &Form<'_>,
    ) -> Result<AuthorizationRequest, Refusal> {
        for name in ["client_id", "redirect_uri"] {
            if form.repeats(name) {
                return Err(Refusal::request(format!(
                    "{name} is there more than once; send it once"
                )));
            }
        }
        let client = self
            .clients
            .get(form.need("client_id")?)
            .ok_or_else(|| Refusal::client("no client is registered with this client_id"))?;
        let redirect_uri = form.get("redirect_uri").ok_or_else(|| {
            Refusal::new(
                "invalid_redirect_uri",
                "redirect_uri is missing; send one that is registered for this client",
            )
        })?;
        client.check_redirect_uri(redirect_uri).map_err(|how| {
            Refusal::new(
                "invalid_redirect_uri",
                format!(
                    "the redirect_uri must equal a registered one, character for character: {how}"
                ),
            )
        })?;
        // From here on the service may hear of it by itself.
        check_rest(form, client)
            .map(|(scope, state, challenge)| AuthorizationRequest {
                function,
                client: Arc::clone(client),
                redirect_uri: redirect_uri.to_owned(),
                scope,
                state: state.to_owned(),
                challenge,
            })
            .map_err(|refusal| {
                let mut parameters = vec![
                    ("error", refusal.error),
                    ("error_description", refusal.description.as_str()),
                ];
                if let (false, Ok(state)) = (form.repeats("state"), check_state(form)) {
                    parameters.push(("state", state));
                }
                let redirect = callback(redirect_uri, &parameters);
                Refusal {
                    redirect: Some(redirect),
                    ..refusal
                }
            })
    }
}

/// Everything but the client and its redirect URI.
fn check_rest<'a>(
    form: &'a Form<'_>,
    client: &RegisteredClient,
) -> Result<(Scope, &'a str, Challenge), Refusal> {
    form.once()?;
    for (name, place) in [
        (
            "client_secret",
            "the body of the token request and the pushed authorization request",
        ),
        ("code_verifier", "the body of the token request"),
        ("code", "the body of the token request"),
        ("refresh_token", "the body of the token request"),
        ("access_token", "an Authorization header"),
    ] {
        // A pushed request has its secret taken out before it comes here.
        if form.get(name).is_some() {
            return Err(Refusal::request(format!(
                "{name} must never be in an authorization request; it belongs in {place}"
            )));
        }
    }
    if form.get("request").is_some() {
        return Err(Refusal::new(
            "request_not_supported",
            "request objects are not supported; send the parameters themselves, or push them",
        ));
    }
    match form.need("response_type")? {
        "code" => {}
        _ => {
            return Err(Refusal::new(
                "unsupported_response_type",
                "response_type must be code",
            ));
        }
    }
    let state = check_state(form)?;
    let challenge = form.get("code_challenge").ok_or_else(|| {
        Refusal::request("code_challenge is missing; PKCE is mandatory (RFC 7636)")
    })?;
    match form.get("code_challenge_method") {
        Some("S256") => {}
        Some(_) => return Err(Refusal::request("code_challenge_method must be S256")),
        None => {
            return Err(Refusal::request(
                "code_challenge_method is missing, which would mean plain; it must be S256",
            ));
        }
    }
    let challenge = Challenge::parse(challenge).ok_or_else(|| {
        Refusal::request(
            "code_challenge must be the SHA-256 of the verifier in 43 characters base64url without padding",
        )
    })?;
    if let Some(nonce) = form.get("nonce") {
        check_text("nonce", nonce)?;
    }
    let scope = form.get("scope").ok_or_else(|| {
        Refusal::scope(
            "scope is missing; send the data points that you need, with a space between them",
        )
    })?;
    Ok((Scope::parse(scope, client)?, state, challenge))
}

/// The `state`, which the guide demands, in the characters that RFC 6749 appendix A.5
/// allows.
fn check_state<'a>(form: &'a Form<'_>) -> Result<&'a str, Refusal> {
    let state = form.get("state").ok_or_else(|| {
        Refusal::request("state is missing; it protects from cross-site request forgery")
    })?;
    check_text("state", state)?;
    Ok(state)
}

/// Holds what the service may choose freely to a length and to printable ASCII.
fn check_text(name: &str, text: &str) -> Result<(), Refusal> {
    if text.len() > LONGEST {
        return Err(Refusal::request(format!(
            "{name} is longer than 2 KiB; keep what it stands for, and send a key to it"
        )));
    }
    if text.bytes().all(|b| matches!(b, 0x20..=0x7e)) {
        Ok(())
    } else {
        Err(Refusal::request(format!("{name} must be printable ASCII")))
    }
}
