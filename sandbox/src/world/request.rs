//! What an authorization request has to look like (RFC 6749 section 4.1.1, RFC 7636
//! section 4.3, the guide), whether it comes in a URL or was pushed.

use std::sync::Arc;

use super::World;
use super::reuse::Value;
use crate::clients::redirect_uri;
use crate::oauth::form::Form;
use crate::oauth::link::callback;
use crate::oauth::pkce::Challenge;
use crate::oauth::scope::Scope;
use crate::trace::{Status, Trail};
use crate::{Finding, Purpose, Refusal, RegisteredClient, known};

/// The longest `state` and the longest `nonce`, in bytes. A request is kept while it waits.
const LONGEST: usize = 2 * 1024;
/// A `state` that is shorter than this cannot hold 128 random bits in base64url.
const SHORT_STATE: usize = 22;
/// The longest `user_message` that is shown, in characters.
const LONGEST_MESSAGE: usize = 500;

/// A good authorization request.
pub(crate) struct AuthorizationRequest {
    pub(crate) purpose: Purpose,
    pub(crate) client: Arc<RegisteredClient>,
    pub(crate) redirect_uri: String,
    pub(crate) scope: Scope,
    pub(crate) state: String,
    pub(crate) challenge: Challenge,
    /// What the service tells the person. The guide has it with signing only.
    pub(crate) user_message: Option<String>,
    /// The flow that it began.
    pub(crate) flow: u64,
}

impl World {
    /// Checks an authorization request. Its refusal has a `redirect` where the client and
    /// the redirect URI are good, and only there (RFC 6749 section 4.1.2.1).
    pub(super) fn check(
        &mut self,
        trail: &mut Trail,
        purpose: Purpose,
        form: &Form<'_>,
    ) -> Result<AuthorizationRequest, Refusal> {
        let checked = self.check_all(trail.flow, purpose, form);
        if let Some(flow) = self.trace.get_mut(trail.flow) {
            flow.purpose = Some(purpose);
            match &checked {
                Ok(request) => flow.scope = Some(request.scope.clone()),
                Err(_) => flow.status = Status::Refused,
            }
        }
        if let Ok(request) = &checked {
            self.find_repetition(trail, request, form);
            if request.user_message.is_some() {
                trail.find(
                    Finding::UserMessageUnsigned,
                    "the service sends a user_message, and asks for no signature",
                );
            }
        }
        checked
    }

    /// What should have been made anew, and was not. A page that is loaded again while it
    /// waits sends the whole request again, and is no new login.
    fn find_repetition(
        &mut self,
        trail: &mut Trail,
        request: &AuthorizationRequest,
        form: &Form<'_>,
    ) {
        let client_id = &request.client.client_id;
        let mut before = |kind, value| self.used.before(client_id, kind, value, trail.flow);
        let challenge = form.get("code_challenge").unwrap_or_default();
        let state = before(Value::State, &request.state);
        let challenge = before(Value::Challenge, challenge);
        let nonce = form
            .get("nonce")
            .and_then(|nonce| before(Value::Nonce, nonce));
        let open = |flow: u64| {
            let status = self.trace.get(flow).map(|flow| flow.status);
            matches!(status, Some(Status::Pushed | Status::Waiting))
        };
        let loaded_again = state.is_some_and(open) && state == challenge;
        for (finding, first, name) in [
            (Finding::StateReused, state, "state"),
            (Finding::ChallengeReused, challenge, "code_challenge"),
            (Finding::NonceReused, nonce, "nonce"),
        ] {
            if let Some(first) = first.filter(|_| !loaded_again) {
                let first = crate::trace::flow_id(first);
                trail.find(finding, format!("{name} was first seen in flow {first}"));
            }
        }
        if request.state.len() < SHORT_STATE {
            let length = request.state.len();
            trail.find(
                Finding::StateShort,
                format!("state has {length} characters"),
            );
        }
    }

    /// As [`World::check`], without any effect.
    pub(super) fn check_all(
        &self,
        flow: u64,
        purpose: Purpose,
        form: &Form<'_>,
    ) -> Result<AuthorizationRequest, Refusal> {
        for name in ["client_id", "redirect_uri"] {
            if form.repeats(name) {
                return Err(Refusal::request(
                    Finding::ParameterRepeated,
                    format!("{name} is there more than once; send it once"),
                ));
            }
        }
        let client_id = form.need("client_id", Finding::ClientUnknown)?;
        let client = self
            .clients
            .get(client_id)
            .ok_or_else(|| self.no_client(client_id))?;
        let registered = &client.redirect_uris;
        let given = form.get("redirect_uri").ok_or_else(|| {
            let all = known::list(registered);
            Refusal::new(
                "invalid_redirect_uri",
                Finding::RedirectUriMissing,
                format!(
                    "redirect_uri is missing; send one that is registered for this client: {all}"
                ),
            )
        })?;
        if !registered.iter().any(|own| own == given) {
            let how = redirect_uri::mistake(registered, given);
            return Err(Refusal::new(
                "invalid_redirect_uri",
                Finding::RedirectUriMismatch,
                format!(
                    "the redirect_uri must equal a registered one, character for character: {how}"
                ),
            ));
        }
        // From here on the service may hear of it by itself.
        check_rest(purpose, form, client)
            .map(|(scope, state, challenge)| AuthorizationRequest {
                purpose,
                client: Arc::clone(client),
                redirect_uri: given.to_owned(),
                scope,
                state: state.to_owned(),
                challenge,
                user_message: form
                    .get("user_message")
                    .map(|text| text.chars().take(LONGEST_MESSAGE).collect()),
                flow,
            })
            .map_err(|refusal| {
                let page = refusal.page(&self.url);
                let mut parameters = vec![
                    ("error", refusal.error),
                    ("error_description", refusal.description.as_str()),
                ];
                if let Some(page) = &page {
                    parameters.push(("error_uri", page));
                }
                if let (false, Ok(state)) = (form.repeats("state"), check_state(form)) {
                    parameters.push(("state", state));
                }
                let redirect = callback(given, &parameters);
                Refusal {
                    redirect: Some(redirect),
                    ..refusal
                }
            })
    }
}

/// Everything but the client and its redirect URI.
fn check_rest<'a>(
    purpose: Purpose,
    form: &'a Form<'_>,
    client: &RegisteredClient,
) -> Result<(Scope, &'a str, Challenge), Refusal> {
    form.once()?;
    check_no_secrets(form)?;
    if form.get("request").is_some() {
        return Err(Refusal::new(
            "request_not_supported",
            Finding::RequestObject,
            "request objects are not supported; send the parameters themselves, or push them",
        ));
    }
    match form.need("response_type", Finding::ResponseType)? {
        "code" => {}
        _ => {
            return Err(Refusal::new(
                "unsupported_response_type",
                Finding::ResponseType,
                "response_type must be code",
            ));
        }
    }
    let state = check_state(form)?;
    let challenge = read_challenge(form)?;
    if let Some(nonce) = form.get("nonce") {
        check_text("nonce", nonce)?;
    }
    let scope = match form.get("scope") {
        Some(scope) => Scope::parse(scope, client)?,
        None if purpose == Purpose::IdentityVerification => Scope::registered(client),
        None => {
            return Err(Refusal::new(
                "invalid_scope",
                Finding::ScopeMissing,
                "scope is missing; send the data points that you need, with a space between them",
            ));
        }
    };
    Ok((scope, state, challenge))
}

/// Checks that no parameter is there which belongs into another request.
fn check_no_secrets(form: &Form<'_>) -> Result<(), Refusal> {
    for (name, place) in [
        (
            "client_secret",
            "the body of the token request and the pushed authorization request",
        ),
        (
            "client_assertion",
            "the body of the token request and the pushed authorization request",
        ),
        ("code_verifier", "the body of the token request"),
        ("code", "the body of the token request"),
        ("refresh_token", "the body of the token request"),
        ("access_token", "an Authorization header"),
    ] {
        // A pushed request has its secret taken out before it comes here.
        if form.get(name).is_some() {
            return Err(Refusal::request(
                Finding::SecretInUrl,
                format!("{name} must never be in an authorization request; it belongs in {place}"),
            ));
        }
    }
    Ok(())
}

/// The `code_challenge` (RFC 7636 section 4.3), by the only method that is allowed.
fn read_challenge(form: &Form<'_>) -> Result<Challenge, Refusal> {
    let challenge = form.get("code_challenge").ok_or_else(|| {
        Refusal::request(
            Finding::ChallengeMissing,
            "code_challenge is missing; PKCE is mandatory (RFC 7636)",
        )
    })?;
    match form.get("code_challenge_method") {
        Some("S256") => {}
        Some(_) => {
            return Err(Refusal::request(
                Finding::ChallengeMethod,
                "code_challenge_method must be S256",
            ));
        }
        None => {
            return Err(Refusal::request(
                Finding::ChallengeMethod,
                "code_challenge_method is missing, which would mean plain; it must be S256",
            ));
        }
    }
    Challenge::parse(challenge).ok_or_else(|| {
        let mistake = Challenge::mistake(challenge);
        Refusal::request(
            Finding::ChallengeMalformed,
            format!("code_challenge must be the SHA-256 of the verifier in 43 characters base64url without padding: {mistake}"),
        )
    })
}

/// The `state`, which the guide demands, in the characters that RFC 6749 appendix A.5
/// allows.
fn check_state<'a>(form: &'a Form<'_>) -> Result<&'a str, Refusal> {
    let state = form.get("state").ok_or_else(|| {
        Refusal::request(
            Finding::StateMissing,
            "state is missing; it protects from cross-site request forgery",
        )
    })?;
    check_text("state", state)?;
    Ok(state)
}

/// Holds what the service may choose freely to a length and to printable ASCII.
fn check_text(name: &str, text: &str) -> Result<(), Refusal> {
    if text.len() > LONGEST {
        return Err(Refusal::request(
            Finding::RequestMalformed,
            format!("{name} is longer than 2 KiB; keep what it stands for, and send a key to it"),
        ));
    }
    if text.bytes().all(|b| matches!(b, 0x20..=0x7e)) {
        Ok(())
    } else {
        let what = format!("{name} must be printable ASCII");
        Err(Refusal::request(Finding::RequestMalformed, what))
    }
}
