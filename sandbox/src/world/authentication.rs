//! Client authentication (RFC 6749 section 2.3): by HTTP Basic, by a secret in the body, or by
//! an assertion there (RFC 7523), never by two of them; and none at all for a public client,
//! which only says who it is.

use std::sync::Arc;

use super::World;
use super::reuse::Value;
use crate::clients::key::PublicKey;
use crate::oauth::assertion::{self, Assertion};
use crate::oauth::authorization::Authorization;
use crate::oauth::form::Form;
use crate::trace::{Trail, flow_id};
use crate::{AuthenticationMethod, Finding, Refusal, RegisteredClient, known};

/// What a request has to prove who sends it.
enum Proof<'a> {
    Nothing,
    Secret(AuthenticationMethod, &'a str),
    Assertion(Box<Assertion<'a>>),
}

impl Proof<'_> {
    fn method(&self) -> AuthenticationMethod {
        match self {
            Proof::Nothing => AuthenticationMethod::None,
            Proof::Secret(method, _) => *method,
            Proof::Assertion(_) => AuthenticationMethod::PrivateKeyJwt,
        }
    }
}

impl World {
    /// Who sends this form, whose names are known to be there once.
    ///
    /// # Errors
    /// `invalid_client`, or `invalid_request` where there are two kinds of
    /// authentication.
    pub(super) fn authenticate(
        &mut self,
        trail: &mut Trail,
        form: &Form<'_>,
        authorization: Option<&Authorization<'_>>,
        now: i64,
    ) -> Result<Arc<RegisteredClient>, Refusal> {
        let basic = authorization.map(Authorization::basic).transpose()?;
        let proof = proof(form, basic.map(|basic| basic.secret.as_str()))?;
        let basic = basic.map(|basic| basic.client_id.as_str());
        let named = match (basic, form.get("client_id")) {
            (Some(id), Some(other)) if id != other => {
                return Err(Refusal::request(
                    Finding::AuthenticationTwice,
                    "client_id in the body is another than in the Authorization header",
                ));
            }
            (Some(id), _) | (None, Some(id)) => Some(id),
            // An assertion says it too (RFC 7521 section 4.2).
            (None, None) => match &proof {
                Proof::Assertion(assertion) => assertion.subject(),
                _ => None,
            },
        };
        let named = named.ok_or_else(|| {
            Refusal::client(
                Finding::ClientUnknown,
                "client_id is missing; send it, and client_secret for a confidential client, in the body",
            )
        })?;
        let client = self.clients.get(named).map(Arc::clone);
        let client = client.ok_or_else(|| self.no_client(named))?;
        hold_to_registration(&client, &proof)?;
        match proof {
            Proof::Nothing => {}
            Proof::Secret(_, given) if client.has_secret(given) => {}
            Proof::Secret(..) => {
                return Err(Refusal::client(
                    Finding::SecretWrong,
                    "the client_secret is wrong",
                ));
            }
            Proof::Assertion(assertion) => self.believe(trail, &client, &assertion, now)?,
        }
        Ok(client)
    }

    /// The refusal of a client that is not registered.
    pub(super) fn no_client(&self, client_id: &str) -> Refusal {
        let mut ids: Vec<&str> = self.clients.keys().map(String::as_str).collect();
        ids.sort_unstable();
        let ids = known::instead(client_id, ids);
        Refusal::client(
            Finding::ClientUnknown,
            format!("no client is registered with this client_id; {ids}"),
        )
    }

    /// Holds an assertion to what it must be, once.
    fn believe(
        &mut self,
        trail: &mut Trail,
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
            .before(&client.client_id, Value::Jti, jti, trail.flow);
        if let Some(first) = before {
            let first = flow_id(first);
            return Err(Refusal::client(
                Finding::AssertionReused,
                format!(
                    "the jti of client_assertion was first seen in flow {first}; sign a new one for each request"
                ),
            ));
        }
        for (finding, detail) in assertion.unwise(&self.url, now) {
            trail.find(finding, detail);
        }
        Ok(())
    }
}

/// Whether the client may prove itself in this way, if it has to at all.
fn hold_to_registration(client: &RegisteredClient, proof: &Proof<'_>) -> Result<(), Refusal> {
    if client.takes(proof.method()) {
        return Ok(());
    }
    let (finding, description) = match proof {
        Proof::Nothing if client.takes_secrets() => (
            Finding::SecretWrong,
            "client_secret is missing; this client is confidential".to_owned(),
        ),
        Proof::Nothing => (
            Finding::AssertionWrong,
            "client_assertion is missing; this client is confidential, and signs with a key"
                .to_owned(),
        ),
        Proof::Secret(..) if !client.is_confidential() => (
            Finding::SecretFromPublicClient,
            "this is a public client, which has no secret and must not send one".to_owned(),
        ),
        _ => (
            Finding::AuthenticationMethod,
            format!(
                "this client is not registered for {}",
                proof.method().as_str()
            ),
        ),
    };
    Err(Refusal::client(finding, description))
}

/// What there is to prove who sends this form; `basic` is the secret in the header.
fn proof<'a>(form: &'a Form<'_>, basic: Option<&'a str>) -> Result<Proof<'a>, Refusal> {
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
        (None, None, None) => Ok(Proof::Nothing),
        (Some(given), None, None) => {
            let method = AuthenticationMethod::ClientSecretBasic;
            Ok(Proof::Secret(method, given))
        }
        (None, Some(given), None) => Ok(Proof::Secret(secret, given)),
        (None, None, Some(text)) => Ok(Proof::Assertion(Box::new(Assertion::read(text)?))),
        _ => Err(Refusal::request(
            Finding::AuthenticationTwice,
            "the client authenticates in more than one way; use one of the Authorization header, client_secret and client_assertion",
        )),
    }
}

/// Who an assertion says that it is from, for the trace. Nothing has proved it.
pub(super) fn claimed(form: &Form<'_>) -> Option<String> {
    let assertion = Assertion::read(form.get("client_assertion")?).ok()?;
    assertion.subject().map(str::to_owned)
}
