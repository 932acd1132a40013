//! Requests to the provider that are not token requests.

use switchback_driver::resource::{self, ResourceFailure, refusal_reason};
use switchback_protocol::Rule;
use switchback_protocol::Secret;
use switchback_protocol::http::{Request, Response};
use switchback_protocol::status::{self, Meaning, RequestKind};

use super::Inner;
use crate::client_authentication;
use crate::error::Error;

/// The log event for a provider that cannot be reached. Token requests have separate events.
const UNREACHABLE: &str = "provider.unreachable";

impl Inner {
    /// Adds the client authentication to a request.
    pub(super) fn prove(&self, request: &mut Request) -> Result<(), Error> {
        let jti = client_authentication::jti(&self.random_bytes::<16>()?);
        let (registration, now) = (self.registration(), self.now().wall);
        let audience = self.provider().token_endpoint();
        let client_id = registration.client_id();
        let authentication = &self.config.authentication;
        authentication.prove(request, client_id, &audience, now, &jti);
        Ok(())
    }

    /// Sends a request that is not a token request, and logs if the provider cannot be reached.
    pub(super) async fn send(&self, request: Request) -> Result<Response, Error> {
        let url = path_of(&request);
        let sent = self.sender.send(request).await;
        sent.map_err(|error| to_error(&url, error.into()))
    }

    /// Sends a request with an access token. The answer may reject the token.
    pub(super) async fn get_resource(
        &self,
        request: Request,
        token: &Secret,
    ) -> Result<Response, Error> {
        let url = path_of(&request);
        let response = resource::get(&self.sender, request).await;
        let checked =
            response.and_then(|it| resource::check_status(it, std::slice::from_ref(token)));
        checked.map_err(|failure| to_error(&url, failure))
    }

    /// The error for a pushed authorization request that has no `request_uri` in its answer.
    pub(super) fn not_pushed(&self, response: &Response, state: &Secret) -> Error {
        let secret = self.config.authentication.secret();
        let sent: Vec<&Secret> = std::iter::once(state).chain(&secret).collect();
        let (meaning, error) = status::read(RequestKind::Push, response, &sent);
        let endpoint = "the pushed authorization request endpoint";
        match meaning {
            Meaning::NotProcessed | Meaning::Failed => Error::TryAgain {
                retry_after: response.retry_after(),
            },
            Meaning::Refused | Meaning::NotAuthenticated => {
                let why = refusal_reason(error);
                Error::Configuration(format!(
                    "{endpoint} refused the request: {why}; compare the client id, authentication, \
                     redirect URI and scope with the registration at the provider"
                ))
            }
            Meaning::Success => Error::Protocol {
                endpoint,
                rule: Rule::Field("request_uri"),
            },
            Meaning::Broken(rule) => Error::Protocol { endpoint, rule },
        }
    }
}

/// The URL without its query, which may contain personal data.
fn path_of(request: &Request) -> String {
    request.url.split('?').next().unwrap_or_default().to_owned()
}

fn to_error(url: &str, failure: ResourceFailure) -> Error {
    match failure {
        ResourceFailure::TryAgain {
            retry_after,
            source,
        } => {
            if let Some(error) = source {
                let event = UNREACHABLE;
                tracing::warn!(target: "switchback", event, url, note = %error);
            }
            Error::TryAgain { retry_after }
        }
        ResourceFailure::TooLong => Error::Protocol {
            endpoint: "the provider",
            rule: Rule::TooLong,
        },
        ResourceFailure::Refused(error) => Error::Withheld(error),
    }
}
