//! What is sent to the provider.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use switchback::event;
use switchback::ports::TransportError;
use switchback_protocol::grant::Effect;
use switchback_protocol::http::{Request, Response, Rule};
use switchback_protocol::lease::Lease;
use switchback_protocol::time::Time;
use switchback_protocol::token::{self, TokenFailure, TokenResponse};
use switchback_protocol::{OAuthError, Secret};

use super::Inner;
use crate::error::Error;
use crate::log::log;

/// The provider was not reached with what is no token request; those have events of their own.
const UNREACHABLE: &str = "provider.unreachable";

pub(super) const TOKEN_ENDPOINT: &str = "the token endpoint";

/// What came of a token request.
pub(super) struct Sent {
    pub(super) asked_at: Time,
    pub(super) answered_at: Time,
    pub(super) answer: Result<Result<TokenResponse, TokenFailure>, TransportError>,
}

impl Inner {
    /// Adds the proof of who this client is.
    pub(super) fn authenticate(&self, request: &mut Request) -> Result<(), Error> {
        let jti: String = self
            .chance::<16>()?
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let (registration, now) = (self.registration(), self.now().wall);
        let audience = self.provider().token_endpoint();
        let client_id = registration.client_id();
        let authentication = &self.config.authentication;
        authentication.prove(request, client_id, &audience, now, &jti);
        Ok(())
    }

    /// Sends it, and waits for half a minute at most.
    pub(super) async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let limit = Duration::from_secs(Lease::LAST.unsigned_abs());
        let sent = tokio::time::timeout(limit, self.world.http.send(request)).await;
        sent.unwrap_or_else(|_| Err(TransportError::Lost("no answer came in time".into())))
    }

    /// Sends what may be sent again, and says in the log where nobody was reached.
    pub(super) async fn ask(&self, request: Request) -> Result<Response, Error> {
        let path = request.url.split('?').next().unwrap_or_default().to_owned();
        self.send(request).await.map_err(|error| {
            tracing::warn!(target: "switchback", event = UNREACHABLE, url = path, note = %error);
            match error {
                TransportError::TooLong => Error::Protocol {
                    endpoint: "the provider",
                    rule: Rule::TooLong,
                },
                _ => Error::TryAgain { retry_after: None },
            }
        })
    }

    /// Asks for tokens, under a lease. What certainly never left is tried again while the
    /// lease leaves time for an answer.
    pub(super) async fn ask_for_tokens(
        &self,
        mut request: Request,
        secrets: &[&Secret],
        lease: &Lease,
    ) -> Sent {
        let of_client = self.config.authentication.secret();
        let secrets: Vec<&Secret> = secrets.iter().copied().chain(&of_client).collect();
        let asked_at = self.now();
        let answer = match self.authenticate(&mut request) {
            Err(error) => Err(TransportError::NotSent(error.to_string())),
            Ok(()) => {
                let send = || async {
                    match lease.may_send(&self.now()) {
                        true => self.send(request.clone()).await,
                        false => Err(TransportError::NotSent("it took too long".into())),
                    }
                };
                let again = |error: &TransportError| matches!(error, TransportError::NotSent(_));
                let pauses = ExponentialBuilder::default()
                    .with_min_delay(Duration::from_millis(100))
                    .with_jitter()
                    .with_max_times(2);
                send.retry(pauses).when(again).await
            }
        };
        Sent {
            asked_at,
            answered_at: self.now(),
            answer: match answer {
                Ok(response) => Ok(self.provider().read_tokens(&response, &secrets)),
                Err(TransportError::TooLong) => Ok(Err(TokenFailure::Broken(Rule::TooLong))),
                Err(error) => Err(error),
            },
        }
    }

    /// Reads what a token opens. `None`: the token was refused.
    pub(super) async fn read(
        &self,
        request: Request,
        token: &Secret,
    ) -> Result<Option<Response>, Error> {
        let response = self.ask(request).await?;
        match response.status {
            401 => Ok(None),
            400 | 403 => Err(Error::Withheld(why(&response, &[token]))),
            429 | 500..=599 => Err(Error::TryAgain {
                retry_after: response.retry_after(),
            }),
            _ => Ok(Some(response)),
        }
    }

    /// The provider does not take what this service sent.
    pub(super) fn refused(&self, endpoint: &str, response: &Response, sent: &[&Secret]) -> Error {
        let of_client = self.config.authentication.secret();
        let sent: Vec<&Secret> = sent.iter().copied().chain(&of_client).collect();
        let why = why(response, &sent);
        Error::Misconfigured(format!(
            "{endpoint} refused the request: {why}; compare client id, authentication, redirect \
             URI and scope with what is registered at the provider"
        ))
    }

    /// Tells the provider, where it can be told, that tokens are not needed any more.
    pub(super) async fn revoke(&self, id: &str, effects: Vec<Effect>) {
        let Some(endpoint) = self.provider().revocation_endpoint() else {
            return;
        };
        for effect in effects {
            let Effect::Revoke(token) = effect else {
                continue;
            };
            let client_id = self.registration().client_id();
            let mut request = token::revoke(&endpoint, client_id, &token);
            let sent = match self.authenticate(&mut request) {
                Ok(()) => self.send(request).await,
                Err(_) => continue,
            };
            match sent {
                Ok(response) if token::is_revoked(&response) => log(event::TOKEN_REVOKED, id, None),
                _ => log(event::TOKEN_NOT_REVOKED, id, None),
            }
        }
    }
}

/// What the provider says about why it refuses.
fn why(response: &Response, sent: &[&Secret]) -> OAuthError {
    OAuthError::read(response, sent)
        .unwrap_or_else(|| OAuthError::new("no reason given", None, &[]))
}
