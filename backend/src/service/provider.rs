//! Requests to the provider that are not token requests.

use switchback_driver::resource::{self, ResourceFailure};
use switchback_protocol::Rule;
use switchback_protocol::Secret;
use switchback_protocol::http::{Request, Response};

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

    /// Sends a request with an access token. An answer of 401 refuses the token.
    pub(super) async fn get_resource(
        &self,
        request: Request,
        token: &Secret,
    ) -> Result<Response, Error> {
        let url = path_of(&request);
        let response = resource::get(&self.sender, request).await;
        let response = response.map_err(|failure| to_error(&url, failure))?;
        let readable = resource::check_status(response, || vec![token.clone()]);
        readable.map_err(|failure| to_error(&url, failure))
    }

    /// The error for a request of this service that the provider refused.
    pub(super) fn refused(&self, endpoint: &str, response: &Response, sent: &[&Secret]) -> Error {
        let of_client = self.config.authentication.secret();
        let sent: Vec<&Secret> = sent.iter().copied().chain(&of_client).collect();
        let why = resource::refusal_reason(response, &sent);
        Error::Configuration(format!(
            "{endpoint} refused the request: {why}; compare the client id, authentication, \
             redirect URI and scope with the registration at the provider"
        ))
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
