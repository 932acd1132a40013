//! The check of an authorization request (RFC 6749 section 4.1.1, RFC 7636 section 4.3, the
//! guide), whether its parameters are in a URL or were pushed.

use std::sync::Arc;

use super::Provider;
use super::reuse::Value;
use crate::clients::redirect_uri;
use crate::oauth::form::Form;
use crate::oauth::link::callback;
use crate::oauth::pkce::Challenge;
use crate::oauth::scope::Scope;
use crate::signing::DocumentToSign;
use crate::trace::{RequestContext, Status};
use crate::{Finding, Purpose, Refusal, RegisteredClient, suggest};

/// The maximum length of `state` and of `nonce`, in bytes. Pending requests are stored.
const MAX_TEXT_LENGTH: usize = 2 * 1024;
/// A `state` with fewer characters cannot contain 128 random bits in base64url.
const SHORT_STATE: usize = 22;
/// The maximum length of a shown `user_message`, in characters.
const MAX_MESSAGE_LENGTH: usize = 500;

/// A valid authorization request.
pub(crate) struct AuthorizationRequest {
    pub(crate) purpose: Purpose,
    pub(crate) client: Arc<RegisteredClient>,
    pub(crate) redirect_uri: String,
    pub(crate) scope: Scope,
    pub(crate) state: String,
    pub(crate) challenge: Challenge,
    /// The service's message to the person. The guide has it only for signing.
    pub(crate) user_message: Option<String>,
    /// The document to sign, if this is a signing.
    pub(crate) document: Option<DocumentToSign>,
    /// The number of its flow.
    pub(crate) flow: u64,
}

impl Provider {
    /// Checks an authorization request. The refusal has a `redirect` only if the client and the
    /// redirect URI are valid (RFC 6749 section 4.1.2.1).
    pub(super) fn check(
        &mut self,
        context: &mut RequestContext,
        purpose: Purpose,
        form: &Form<'_>,
    ) -> Result<AuthorizationRequest, Refusal> {
        let checked = self.check_all(context.flow, purpose, form);
        if let Some(flow) = self.trace.get_mut(context.flow) {
            flow.purpose = Some(purpose);
            match &checked {
                Ok(request) => flow.scope = Some(request.scope.clone()),
                Err(_) => flow.status = Status::Refused,
            }
        }
        if let Ok(request) = &checked {
            self.find_repetition(context, request, form);
            if let Some(document) = &request.document {
                let message = request.user_message.as_deref().unwrap_or_default();
                for (finding, detail) in document.findings(message) {
                    context.find(finding, detail);
                }
            } else if request.user_message.is_some() {
                context.find(
                    Finding::UserMessageUnsigned,
                    "the request has a user_message, but does not ask for a signature",
                );
            }
        }
        checked
    }

    /// Adds the findings for reused values. If a browser reloads the authorize page, it sends the
    /// same request again; that is not a new login.
    fn find_repetition(
        &mut self,
        context: &mut RequestContext,
        request: &AuthorizationRequest,
        form: &Form<'_>,
    ) {
        let client_id = &request.client.client_id;
        let mut before = |kind, value| self.used.earlier_use(client_id, kind, value, context.flow);
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
                context.find(finding, format!("{name} was already used in flow {first}"));
            }
        }
        if request.state.len() < SHORT_STATE {
            let length = request.state.len();
            context.find(
                Finding::StateShort,
                format!("state has {length} characters"),
            );
        }
    }

    /// As [`Provider::check`], without changes of the state.
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
                    format!("{name} is repeated; send it once"),
                ));
            }
        }
        let client_id = form.need("client_id", Finding::ClientUnknown)?;
        let client = self
            .clients
            .get(client_id)
            .ok_or_else(|| self.unknown_client(client_id))?;
        let registered = &client.redirect_uris;
        let given = form.get("redirect_uri").ok_or_else(|| {
            let all = suggest::list(registered);
            Refusal::new(
                "invalid_redirect_uri",
                Finding::RedirectUriMissing,
                format!("redirect_uri is missing; send one of the registered ones: {all}"),
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
        // From here on the service may get the error at its redirect URI.
        check_rest(purpose, form, client)
            .map(|(scope, state, challenge, signing)| AuthorizationRequest {
                purpose,
                client: Arc::clone(client),
                redirect_uri: given.to_owned(),
                scope,
                state: state.to_owned(),
                challenge,
                user_message: match &signing {
                    // The signature contains the whole message.
                    Some((_, message)) => Some(message.clone()),
                    None => form
                        .get("user_message")
                        .map(|text| text.chars().take(MAX_MESSAGE_LENGTH).collect()),
                },
                document: signing.map(|(document, _)| document),
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

/// The scope, the state and the challenge of a request; of a signing also the document and the
/// message.
type CheckedRest<'a> = (Scope, &'a str, Challenge, Option<(DocumentToSign, String)>);

/// Checks everything except the client and the redirect URI.
fn check_rest<'a>(
    purpose: Purpose,
    form: &'a Form<'_>,
    client: &RegisteredClient,
) -> Result<CheckedRest<'a>, Refusal> {
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
        None if purpose == Purpose::Signing => Scope::none(),
        None => {
            return Err(Refusal::new(
                "invalid_scope",
                Finding::ScopeMissing,
                "scope is missing; send the data points that you need, separated by spaces",
            ));
        }
    };
    let signing = (purpose == Purpose::Signing).then(|| DocumentToSign::read(form));
    Ok((scope, state, challenge, signing.transpose()?))
}

/// Checks that the request has no parameter that belongs in another request.
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
        // The secret of a pushed request was removed before this check.
        if form.get(name).is_some() {
            return Err(Refusal::request(
                Finding::SecretInUrl,
                format!("{name} must not be in an authorization request; it belongs in {place}"),
            ));
        }
    }
    Ok(())
}

/// The `code_challenge` (RFC 7636 section 4.3), with the only allowed method.
fn read_challenge(form: &Form<'_>) -> Result<Challenge, Refusal> {
    let challenge = form.get("code_challenge").ok_or_else(|| {
        Refusal::request(
            Finding::ChallengeMissing,
            "code_challenge is missing; PKCE is required (RFC 7636)",
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
                "code_challenge_method is missing, which means plain; it must be S256",
            ));
        }
    }
    Challenge::parse(challenge).ok_or_else(|| {
        let mistake = Challenge::mistake(challenge);
        Refusal::request(
            Finding::ChallengeMalformed,
            format!("code_challenge must be the SHA-256 of the verifier, in 43 characters of base64url without padding: {mistake}"),
        )
    })
}

/// The `state`, which the guide requires, in the characters that RFC 6749 appendix A.5 allows.
fn check_state<'a>(form: &'a Form<'_>) -> Result<&'a str, Refusal> {
    let state = form.get("state").ok_or_else(|| {
        Refusal::request(
            Finding::StateMissing,
            "state is missing; it protects against cross-site request forgery",
        )
    })?;
    check_text("state", state)?;
    Ok(state)
}

/// Checks the length and the characters of a text that the service chooses freely.
fn check_text(name: &str, text: &str) -> Result<(), Refusal> {
    if text.len() > MAX_TEXT_LENGTH {
        return Err(Refusal::request(
            Finding::RequestMalformed,
            format!("{name} is longer than 2 KiB; store the data, and send a random key for it"),
        ));
    }
    if text.bytes().all(|b| matches!(b, 0x20..=0x7e)) {
        Ok(())
    } else {
        let what = format!("{name} must be printable ASCII");
        Err(Refusal::request(Finding::RequestMalformed, what))
    }
}
