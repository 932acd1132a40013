//! Requests that must arrive once, to the token endpoint or to a backend: by whoever holds
//! the lease, while it holds.

use std::time::Duration;

use backon::Retryable as _;
use switchback_protocol::Secret;
use switchback_protocol::http::{Request, Response, Rule};
use switchback_protocol::lease::Lease;
use switchback_protocol::time::Time;
use switchback_protocol::token::{TokenFailure, TokenResponse};

use crate::awake::Awake;
use crate::client::Inner;
use crate::patience::Tries;
use crate::ports::TransportError;

pub(crate) const TOKEN_ENDPOINT: &str = "the token endpoint";

/// What came of a request.
pub(crate) struct Sent<T> {
    pub(crate) asked_at: Time,
    pub(crate) answered_at: Time,
    pub(crate) answer: Result<T, TransportError>,
}

impl Inner {
    /// Sends it to the token endpoint. `secrets` are blacked out in what the service says.
    pub(crate) async fn ask_for_tokens(
        &self,
        request: Request,
        secrets: &[&Secret],
        lease: &Lease,
        awake: &Awake,
    ) -> Sent<Result<TokenResponse, TokenFailure>> {
        let sent = self.ask_under(request, lease, awake).await;
        Sent {
            asked_at: sent.asked_at,
            answered_at: sent.answered_at,
            answer: match sent.answer {
                Ok(response) => Ok(self.service.read_tokens(&response, secrets)),
                Err(TransportError::TooLong) => Ok(Err(TokenFailure::Broken(Rule::TooLong))),
                Err(error) => Err(error),
            },
        }
    }

    /// Sends it. What certainly never left is tried again, while the lease leaves time for
    /// an answer.
    pub(crate) async fn ask_under(
        &self,
        request: Request,
        lease: &Lease,
        awake: &Awake,
    ) -> Sent<Response> {
        let asked_at = self.now();
        let send = || self.send_under(lease, awake, request.clone());
        let tries = Tries::begin();
        let may_try_again = |error: &TransportError| {
            let not_sent = matches!(error, TransportError::NotSent(_));
            not_sent && tries.are_left() && lease.may_send(&self.now())
        };
        let answer = send.retry(tries.pauses()).when(may_try_again).await;
        let answered_at = self.now();
        if let Ok(response) = &answer {
            self.note_date(response, &asked_at, &answered_at);
        }
        Sent {
            asked_at,
            answered_at,
            answer,
        }
    }

    /// A holder that slept before it could send sends nothing: another may have taken over.
    async fn send_under(
        &self,
        lease: &Lease,
        awake: &Awake,
        request: Request,
    ) -> Result<Response, TransportError> {
        if awake.has_expired() || !lease.may_send(&self.now()) {
            return Err(TransportError::NotSent(
                "the app was put to sleep before the request could be sent".into(),
            ));
        }
        tokio::select! {
            biased;
            // An answer that is there counts, however long it took: whether it comes too late
            // is decided by what is stored.
            answer = self.send(request) => answer,
            () = awake.expired() => {
                Err(TransportError::Lost("the system puts this app to sleep".into()))
            }
        }
    }

    /// Sends what needs no lease, and again only what certainly never left.
    pub(crate) async fn send_again_unless_sent(
        &self,
        request: Request,
    ) -> Result<Response, TransportError> {
        let send = || self.send(request.clone());
        let tries = Tries::begin();
        let may_try_again = |error: &TransportError| {
            matches!(error, TransportError::NotSent(_)) && tries.are_left()
        };
        send.retry(tries.pauses()).when(may_try_again).await
    }

    /// Sends it, and waits for half a minute at most, whatever the transport does. A lease
    /// holds for longer.
    pub(crate) async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let limit = Duration::from_secs(Lease::LAST.unsigned_abs());
        let sent = tokio::time::timeout(limit, self.platform.http.send(request)).await;
        sent.unwrap_or_else(|_| Err(TransportError::Lost("no answer came in time".into())))
    }
}
