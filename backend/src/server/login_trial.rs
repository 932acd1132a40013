//! Checks whether the provider accepts a login of this service: pushes an authorization request
//! (RFC 9126) for each purpose, and sends no person there.

use std::sync::Arc;
use std::time::Duration;

use switchback_driver::http::Reqwest;
use switchback_driver::ports::{
    Clock as _, Entropy as _, HttpTransport, SystemClock, SystemEntropy, TransportError,
};
use switchback_driver::resource::refusal_reason;
use switchback_jades::DocumentDigest;
use switchback_protocol::attempt::{Attempt, LoginRequest};
use switchback_protocol::http::{Request, Response};
use switchback_protocol::signature::SignRequest;
use switchback_protocol::status::{self, Meaning, RequestKind};
use switchback_protocol::{OAuthError, Purpose, Random, Secret};
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::Plan;
use super::settings::{ClientAuthenticationMethod, ProviderSettings};
use crate::client_authentication;
use crate::pushed;

/// How long the check waits for an answer, for each purpose.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// The result of a login that was only tried.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoginTrial {
    /// The provider accepts the login.
    Accepted,
    /// No request was sent, with the reason.
    NotSent(String),
    /// The provider refuses the login until something is changed.
    Refused {
        /// The provider's answer.
        why: String,
        /// What to change, here or at the provider.
        remedy: String,
    },
    /// The provider did not answer, or cannot answer now.
    NoAnswer {
        /// What happened.
        why: String,
        /// What to check.
        remedy: String,
    },
    /// This machine cannot connect until its configuration changes, with the reason.
    Blocked(String),
}

impl LoginTrial {
    /// Whether every purpose has the same result.
    fn applies_to_all(&self, error: Option<&OAuthError>) -> bool {
        match self {
            Self::Accepted | Self::NotSent(_) => false,
            Self::Refused { .. } => error.is_some_and(|error| error.is("invalid_client")),
            Self::NoAnswer { .. } | Self::Blocked(_) => true,
        }
    }
}

impl Plan {
    /// Pushes an authorization request for each offered purpose, and returns the result by
    /// purpose. A result that applies to all purposes is returned once. The provider discards such
    /// a request after a minute; nothing is stored here.
    pub async fn try_online(&self) -> Vec<(&'static str, LoginTrial)> {
        let http: Arc<dyn HttpTransport> = Arc::new(Reqwest::new());
        let mut all = Vec::new();
        for purpose in self.config.scopes.keys().copied() {
            let (tried, error) = self.try_one(&*http, purpose).await;
            let applies_to_all = tried.applies_to_all(error.as_ref());
            all.push((purpose.as_str(), tried));
            if applies_to_all {
                break;
            }
        }
        all
    }

    async fn try_one(
        &self,
        http: &dyn HttpTransport,
        purpose: Purpose,
    ) -> (LoginTrial, Option<OAuthError>) {
        let endpoint = self.provider().pushed_authorization_endpoint(purpose);
        let endpoint = match endpoint {
            Some(endpoint) if self.config.pushed => endpoint,
            Some(_) => return (LoginTrial::NotSent(NOT_PUSHED.into()), None),
            None => {
                let name = self.provider().name();
                let why = format!("{name} has no endpoint for pushed requests for this purpose");
                return (LoginTrial::NotSent(why), None);
            }
        };
        let (request, state) = match self.request(&endpoint, purpose) {
            Ok(request) => request,
            Err(why) => return (LoginTrial::Blocked(why), None),
        };
        let base_url = self.provider().base_url();
        match timeout(ANSWER_TIMEOUT, http.send(request)).await {
            Ok(Ok(response)) => self.judge(&endpoint, purpose, &response, &state),
            Ok(Err(TransportError::Local(why))) => (LoginTrial::Blocked(why), None),
            Ok(Err(error)) => (no_answer(error.to_string(), base_url), None),
            Err(_) => {
                let seconds = ANSWER_TIMEOUT.as_secs();
                let why = format!("no answer came within {seconds} s");
                (no_answer(why, base_url), None)
            }
        }
    }

    /// The request as the service pushes it, and its `state`.
    fn request(&self, endpoint: &str, purpose: Purpose) -> Result<(Request, Secret), String> {
        let registration = &self.config.registration;
        let mut bytes = Zeroizing::new([0; 112]);
        let filled = SystemEntropy.fill(&mut *bytes);
        filled.map_err(|_| "the operating system returned no random bytes".to_owned())?;
        let (thirds, rest) = bytes.as_chunks::<32>();
        let random = [0, 1, 2].map(|n| Random::new(&thirds[n]));
        let now = SystemClock.now();
        let scope = self.config.scopes.get(&purpose).into_iter().flatten();
        let login = match purpose {
            // No person gets this request, so its document does not exist.
            Purpose::Signing => {
                let empty = DocumentDigest::of(b"");
                let sign = SignRequest::new("urn:example:check", empty, "A check of the settings");
                LoginRequest::signing(sign, scope.cloned())
            }
            _ => LoginRequest::new(purpose, scope.cloned()),
        };
        let timeout = self.config.login_timeout;
        let attempt = Attempt::begin(registration, login, &random, now, timeout);
        let url = attempt
            .url(registration)
            .map_err(|error| error.to_string())?;
        let mut request = pushed::request(endpoint, &url);
        self.config.authentication.prove(
            &mut request,
            registration.client_id(),
            &self.provider().token_endpoint(),
            now.wall,
            &client_authentication::jti(rest),
        );
        Ok((request, Secret::from(&random[0])))
    }

    fn judge(
        &self,
        endpoint: &str,
        purpose: Purpose,
        response: &Response,
        state: &Secret,
    ) -> (LoginTrial, Option<OAuthError>) {
        if pushed::read(response).is_some() {
            return (LoginTrial::Accepted, None);
        }
        let secret = self.config.authentication.secret();
        let sent: Vec<&Secret> = std::iter::once(state).chain(&secret).collect();
        let (meaning, error) = status::read(RequestKind::Push, response, &sent);
        let error = refusal_reason(error);
        let status = response.status;
        if let Meaning::NotProcessed | Meaning::Failed = meaning {
            let why = format!("the provider answers with {status}: {error}");
            let remedy = "try again in some minutes; if it fails again, ask the operator of the \
                          provider"
                .into();
            return (LoginTrial::NoAnswer { why, remedy }, None);
        }
        let refused = RefusedRequest {
            endpoint,
            purpose: purpose.as_str(),
            scope: self
                .config
                .scopes
                .get(&purpose)
                .map_or("".into(), |it| it.join(" ")),
            redirect_uri: self.config.registration.redirect_uri().as_str(),
            proof: proof(&self.settings.provider),
        };
        let refused = LoginTrial::Refused {
            why: format!("the provider answers with {status}: {error}"),
            remedy: refused.remedy(status, &error),
        };
        (refused, Some(error))
    }
}

const NOT_PUSHED: &str = "pushed = false: only a pushed request can be tried without a person";

fn no_answer(why: String, base_url: &str) -> LoginTrial {
    let remedy = format!(
        "compare base_url ({base_url}) with the provider's address, including scheme and port, and \
         check DNS, firewall and HTTPS_PROXY of this machine"
    );
    LoginTrial::NoAnswer { why, remedy }
}

/// The file or variable with the secret or key, and its configuration key.
fn proof(given: &ProviderSettings) -> String {
    let named = |key: &str, value: String| format!("{value} ({key})");
    match (&given.client_secret_file, &given.client_secret_env) {
        _ if given.client_authentication == ClientAuthenticationMethod::PrivateKeyJwt => {
            let file = given.private_key_file.clone().unwrap_or_default();
            named("private_key_file", file.display().to_string())
        }
        (Some(file), _) => named("client_secret_file", file.display().to_string()),
        (None, env) => named("client_secret_env", env.clone().unwrap_or_default()),
    }
}

/// The facts that a remedy may name.
struct RefusedRequest<'a> {
    endpoint: &'a str,
    purpose: &'static str,
    scope: String,
    redirect_uri: &'a str,
    proof: String,
}

impl RefusedRequest<'_> {
    /// What to change. The code decides; if a code has several meanings, the description decides.
    fn remedy(&self, status: u16, error: &OAuthError) -> String {
        let Self {
            endpoint,
            purpose,
            scope,
            redirect_uri,
            proof,
        } = self;
        let words = error.description.as_deref().unwrap_or_default();
        let is_about = |word: &str| words.to_ascii_lowercase().contains(word);
        let is_request = error.is("invalid_request");
        if error.is("invalid_redirect_uri") || is_request && is_about("redirect") {
            format!(
                "register {redirect_uri} with the provider, exactly as written here, or set \
                 redirect_uri to the registered URI"
            )
        } else if error.is("unauthorized_client") {
            format!(
                "ask the provider to allow {purpose} and pushed requests for this client, or \
                 remove {purpose} from [purposes]"
            )
        } else if error.is("invalid_scope") || is_request && is_about("scope") {
            format!(
                "ask the provider to register this scope ({scope}), or remove from {purpose} in \
                 [purposes] what this client may not request"
            )
        } else if error.is("invalid_client") || status == 401 {
            format!(
                "compare client_id with the registration, and put the client's secret or key \
                 into {proof}; if both are right, the provider requires another \
                 client_authentication"
            )
        } else if matches!(status, 404 | 405 | 410) {
            format!(
                "there is no endpoint at {endpoint}: compare base_url with the provider's address; \
                 if the provider has no pushed requests, write pushed = false"
            )
        } else if matches!(status, 200..=399) {
            format!(
                "{endpoint} does not answer as RFC 9126 requires: compare base_url with the \
                 provider's address"
            )
        } else {
            "send this answer to the operator of the provider".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remedy(status: u16, code: &str, words: &str) -> String {
        let refused = RefusedRequest {
            endpoint: "https://id.example/par",
            purpose: "login",
            scope: "email name".into(),
            redirect_uri: "https://service.example/back",
            proof: "client-secret (client_secret_file)".into(),
        };
        refused.remedy(status, &OAuthError::new(code, Some(words), &[]))
    }

    #[test]
    fn every_refusal_has_a_remedy() {
        for (status, code, words, remedy_has) in [
            (
                401,
                "invalid_client",
                "",
                "client-secret (client_secret_file)",
            ),
            (400, "invalid_client", "", "compare client_id"),
            (401, "no reason given", "", "compare client_id"),
            (
                400,
                "unauthorized_client",
                "",
                "remove login from [purposes]",
            ),
            (
                400,
                "invalid_redirect_uri",
                "",
                "register https://service.example/back",
            ),
            (
                400,
                "invalid_request",
                "Redirect URI not allowed",
                "register https://",
            ),
            (400, "invalid_scope", "", "(email name)"),
            (400, "invalid_request", "unknown scope", "(email name)"),
            (404, "no reason given", "", "pushed = false"),
            (302, "no reason given", "", "compare base_url"),
            (200, "no reason given", "", "compare base_url"),
            (
                400,
                "invalid_request",
                "code_challenge",
                "operator of the provider",
            ),
            (418, "teapot", "", "operator of the provider"),
        ] {
            let said = remedy(status, code, words);
            assert!(said.contains(remedy_has), "{status} {code}: {said}");
        }
    }
}
