//! Client authentication (RFC 6749 section 2.3): with HTTP Basic, with a secret in the body, or
//! with an assertion in the body (RFC 7523), and never with two of them. A public client only
//! sends its `client_id`.

use std::sync::Arc;

use super::Provider;
use super::reuse::Value;
use crate::clients::key::PublicKey;
use crate::oauth::assertion::{self, Assertion};
use crate::oauth::authorization::Authorization;
use crate::oauth::form::Form;
use crate::trace::{RequestContext, flow_id};
use crate::{AuthenticationMethod, Finding, Refusal, RegisteredClient, suggest};

/// The credentials in a request.
enum Credentials<'a> {
    Nothing,
    Secret(AuthenticationMethod, &'a str),
    Assertion(Box<Assertion<'a>>),
}

impl Credentials<'_> {
    fn method(&self) -> AuthenticationMethod {
        match self {
            Credentials::Nothing => AuthenticationMethod::None,
            Credentials::Secret(method, _) => *method,
            Credentials::Assertion(_) => AuthenticationMethod::PrivateKeyJwt,
        }
    }
}

impl Provider {
    /// Authenticates the client that sent this form. The caller has checked that no parameter is
    /// repeated.
    ///
    /// # Errors
    /// `invalid_client`, or `invalid_request` if there are two kinds of authentication.
    pub(super) fn authenticate(
        &mut self,
        context: &mut RequestContext,
        form: &Form<'_>,
        authorization: Option<&Authorization<'_>>,
        now: i64,
    ) -> Result<Arc<RegisteredClient>, Refusal> {
        let basic = authorization.map(Authorization::basic).transpose()?;
        let credentials = credentials(form, basic.map(|basic| basic.secret.as_str()))?;
        let basic = basic.map(|basic| basic.client_id.as_str());
        let named = match (basic, form.get("client_id")) {
            (Some(id), Some(other)) if id != other => {
                return Err(Refusal::request(
                    Finding::AuthenticationTwice,
                    "client_id in the body differs from the one in the Authorization header; send the same",
                ));
            }
            (Some(id), _) | (None, Some(id)) => Some(id),
            // The subject of an assertion is the client_id (RFC 7521 section 4.2).
            (None, None) => match &credentials {
                Credentials::Assertion(assertion) => assertion.subject(),
                _ => None,
            },
        };
        let named = named.ok_or_else(|| {
            Refusal::client(
                Finding::ClientUnknown,
                "client_id is missing; send it in the body, for a confidential client with client_secret",
            )
        })?;
        let client = self.clients.get(named).map(Arc::clone);
        let client = client.ok_or_else(|| self.unknown_client(named))?;
        check_method(&client, &credentials)?;
        match credentials {
            Credentials::Nothing => {}
            Credentials::Secret(_, given) if client.has_secret(given) => {}
            Credentials::Secret(..) => {
                return Err(Refusal::client(
                    Finding::SecretWrong,
                    "the client_secret is wrong; compare it with the configuration",
                ));
            }
            Credentials::Assertion(assertion) => {
                self.verify_assertion(context, &client, &assertion, now)?;
            }
        }
        Ok(client)
    }

    /// The refusal of an unknown client.
    pub(super) fn unknown_client(&self, client_id: &str) -> Refusal {
        let mut ids: Vec<&str> = self.clients.keys().map(String::as_str).collect();
        ids.sort_unstable();
        let ids = suggest::alternatives(client_id, ids);
        Refusal::client(
            Finding::ClientUnknown,
            format!("no client is registered with this client_id; {ids}"),
        )
    }

    /// Verifies an assertion, and that its `jti` is new.
    fn verify_assertion(
        &mut self,
        context: &mut RequestContext,
        client: &RegisteredClient,
        assertion: &Assertion<'_>,
        now: i64,
    ) -> Result<(), Refusal> {
        let wrong = |why: &str| Refusal::client(Finding::AssertionWrong, why);
        let pem = client.public_key.as_deref().unwrap_or_default();
        let key = PublicKey::read(pem).map_err(wrong)?;
        let now = self.moment(now);
        let jti = assertion.check(&key, &client.client_id, &self.url, now)?;
        let before = self
            .used
            .earlier_use(&client.client_id, Value::Jti, jti, context.flow);
        if let Some(first) = before {
            let first = flow_id(first);
            return Err(Refusal::client(
                Finding::AssertionReused,
                format!(
                    "the jti of client_assertion was already used in flow {first}; sign a new assertion for each request"
                ),
            ));
        }
        for (finding, detail) in assertion.unwise(&self.url, now) {
            context.find(finding, detail);
        }
        Ok(())
    }
}

/// Checks that the client is registered for the method of these credentials.
fn check_method(client: &RegisteredClient, credentials: &Credentials<'_>) -> Result<(), Refusal> {
    if client.takes(credentials.method()) {
        return Ok(());
    }
    let (finding, description) = match credentials {
        Credentials::Nothing if client.takes_secrets() => (
            Finding::SecretWrong,
            "client_secret is missing; a confidential client must send it".to_owned(),
        ),
        Credentials::Nothing => (
            Finding::AssertionWrong,
            "client_assertion is missing; this confidential client must sign one with its key"
                .to_owned(),
        ),
        Credentials::Secret(..) if !client.is_confidential() => (
            Finding::SecretFromPublicClient,
            "a public client must not send a client_secret; remove it".to_owned(),
        ),
        _ => (
            Finding::AuthenticationMethod,
            format!(
                "this client is not registered for {}; use the registered method",
                credentials.method().as_str()
            ),
        ),
    };
    Err(Refusal::client(finding, description))
}

/// The credentials in a form; `basic` is the secret in the header.
fn credentials<'a>(form: &'a Form<'_>, basic: Option<&'a str>) -> Result<Credentials<'a>, Refusal> {
    let wrong = |why: &str| Refusal::client(Finding::AssertionWrong, why);
    let posted = form.get("client_secret");
    let assertion = match (
        form.get("client_assertion_type"),
        form.get("client_assertion"),
    ) {
        (None, None) => None,
        (Some(assertion::TYPE), Some(text)) => Some(text),
        (Some(_), None) => return Err(wrong("client_assertion is missing")),
        (_, Some(_)) => {
            return Err(wrong(&format!(
                "client_assertion_type must be {}",
                assertion::TYPE
            )));
        }
    };
    let secret = AuthenticationMethod::ClientSecretPost;
    match (basic, posted, assertion) {
        (None, None, None) => Ok(Credentials::Nothing),
        (Some(given), None, None) => {
            let method = AuthenticationMethod::ClientSecretBasic;
            Ok(Credentials::Secret(method, given))
        }
        (None, Some(given), None) => Ok(Credentials::Secret(secret, given)),
        (None, None, Some(text)) => Ok(Credentials::Assertion(Box::new(Assertion::read(text)?))),
        _ => Err(Refusal::request(
            Finding::AuthenticationTwice,
            "the client authenticates in more than one way; use only one of the Authorization header, client_secret and client_assertion",
        )),
    }
}

/// The subject of an unverified assertion, for the trace.
pub(super) fn unverified_subject(form: &Form<'_>) -> Option<String> {
    let assertion = Assertion::read(form.get("client_assertion")?).ok()?;
    assertion.subject().map(str::to_owned)
}
