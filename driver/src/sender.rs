//! Sending requests. A request that must arrive at most once is sent by the holder of a lease,
//! while the lease holds; other requests may be retried.
//!
//! Before you change this: a request that is [`once`](http::Request::once) may be sent again only
//! after [`TransportError::NotSent`]. After any other failure it may have arrived.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use backon::Retryable as _;
use switchback_protocol::Rule;
use switchback_protocol::Secret;
use switchback_protocol::http::{self, Response};
use switchback_protocol::lease::Lease;
use switchback_protocol::time::{self, Time};
use switchback_protocol::token::{TokenFailure, TokenResponse};

use crate::background::BackgroundTask;
use crate::backoff::RetryLimit;
use crate::log;
use crate::peer::Peer;
use crate::ports::{Clock, HttpTransport, TransportError};

/// In seconds: a change of the clock offset that is written to the log.
const NOTABLE_OFFSET: u64 = 60;

/// No answer has had a `Date` header yet.
const UNKNOWN_OFFSET: i64 = i64::MIN;

/// A request and its secrets, which are removed from errors that repeat them.
pub struct TokenRequest {
    pub(crate) request: http::Request,
    pub(crate) secrets: Vec<Secret>,
}

/// The answer to a request, with times.
pub struct TimedAnswer<T> {
    /// When the request was sent.
    pub asked_at: Time,
    /// When the answer arrived, or the request failed.
    pub answered_at: Time,
    /// The answer.
    pub answer: Result<T, TransportError>,
}

/// Sends requests and measures the offset of the service's clock.
pub struct Sender {
    http: Arc<dyn HttpTransport>,
    clock: Arc<dyn Clock>,
    /// In seconds, or [`UNKNOWN_OFFSET`].
    clock_offset: AtomicI64,
}

impl Sender {
    /// A sender with this transport and clock. Leases are measured by this clock; all processes
    /// that share a store must use the same clock.
    pub fn new(http: Arc<dyn HttpTransport>, clock: Arc<dyn Clock>) -> Self {
        Self {
            http,
            clock,
            clock_offset: AtomicI64::new(UNKNOWN_OFFSET),
        }
    }

    /// The current time.
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// How many seconds the service's clock is ahead of this clock, by the `Date` header of its
    /// last answer. `None` before the first answer.
    pub fn clock_offset(&self) -> Option<i64> {
        let offset = self.clock_offset.load(Ordering::Relaxed);
        (offset != UNKNOWN_OFFSET).then_some(offset)
    }

    /// Sends a request to the token endpoint, and reads the answer.
    pub async fn send_for_tokens(
        &self,
        TokenRequest { request, secrets }: TokenRequest,
        peer: Peer<'_>,
        lease: &Lease,
        background: &BackgroundTask,
    ) -> TimedAnswer<Result<TokenResponse, TokenFailure>> {
        let sent = self.send_with_lease(request, lease, background).await;
        let secrets: Vec<&Secret> = secrets.iter().collect();
        TimedAnswer {
            asked_at: sent.asked_at,
            answered_at: sent.answered_at,
            answer: match sent.answer {
                Ok(response) => Ok(peer.read_tokens(&response, &secrets)),
                Err(TransportError::TooLong) => Ok(Err(TokenFailure::Broken(Rule::TooLong))),
                Err(error) => Err(error),
            },
        }
    }

    /// Sends a request at most once, while the lease holds. A request that was certainly not sent
    /// is retried as long as the lease leaves time for an answer.
    pub async fn send_with_lease(
        &self,
        request: http::Request,
        lease: &Lease,
        background: &BackgroundTask,
    ) -> TimedAnswer<Response> {
        let asked_at = self.now();
        let send = || self.send_while_held(request.clone(), lease, background);
        let tries = RetryLimit::begin();
        let may_try_again = |error: &TransportError| {
            let not_sent = matches!(error, TransportError::NotSent(_));
            let may_run = !background.has_expired();
            not_sent && may_run && tries.are_left() && lease.may_send(&self.now())
        };
        let answer = send.retry(tries.pauses()).when(may_try_again).await;
        self.sent(asked_at, answer)
    }

    /// Sends nothing if the lease has expired, for example while the device slept: another holder
    /// may have taken over.
    async fn send_while_held(
        &self,
        request: http::Request,
        lease: &Lease,
        background: &BackgroundTask,
    ) -> Result<Response, TransportError> {
        if background.has_expired() || !lease.may_send(&self.now()) {
            return Err(TransportError::NotSent(
                "the lease expired before the request was sent; try again".into(),
            ));
        }
        tokio::select! {
            biased;
            // An answer that has arrived is used: the stored state decides whether it is too late.
            answer = self.send(request) => answer,
            () = background.expired() => {
                Err(TransportError::Lost("the system suspended this app while it waited for the answer".into()))
            }
        }
    }

    /// Sends a request without a lease, and retries it only if it was certainly not sent.
    pub async fn send_retrying_unsent(
        &self,
        request: http::Request,
    ) -> Result<Response, TransportError> {
        self.send_retrying_if(request, |error| matches!(error, TransportError::NotSent(_)))
            .await
    }

    /// Sends a request that changes nothing at the service, and retries it after any failure that
    /// may be temporary.
    pub async fn send_retrying(&self, request: http::Request) -> Result<Response, TransportError> {
        self.send_retrying_if(request, |error| {
            !matches!(error, TransportError::TooLong | TransportError::Local(_))
        })
        .await
    }

    async fn send_retrying_if(
        &self,
        request: http::Request,
        may_be_sent_again: fn(&TransportError) -> bool,
    ) -> Result<Response, TransportError> {
        let asked_at = self.now();
        let send = || self.send(request.clone());
        let tries = RetryLimit::begin();
        let again = |error: &TransportError| may_be_sent_again(error) && tries.are_left();
        let answer = send.retry(tries.pauses()).when(again).await;
        self.sent(asked_at, answer).answer
    }

    /// Sends a request with a limit of 30 seconds, even if the transport has no timeout. A lease
    /// lasts longer.
    pub async fn send(&self, request: http::Request) -> Result<Response, TransportError> {
        let limit = Duration::from_secs(Lease::NO_SENDING_IN_LAST_SECONDS.unsigned_abs());
        let sent = tokio::time::timeout(limit, self.http.send(request)).await;
        sent.unwrap_or_else(|_| Err(TransportError::Lost("no answer within 30 s".into())))
    }

    fn sent(
        &self,
        asked_at: Time,
        answer: Result<Response, TransportError>,
    ) -> TimedAnswer<Response> {
        let answered_at = self.now();
        if let Ok(response) = &answer {
            self.note_date(response, &asked_at, &answered_at);
        }
        TimedAnswer {
            asked_at,
            answered_at,
            answer,
        }
    }

    /// Compares the two clocks, and writes to the log if they differ by a minute or more.
    fn note_date(&self, response: &Response, asked_at: &Time, now: &Time) {
        let date = response.header("date");
        if let Some(offset) = date.and_then(|date| time::clock_offset(date, asked_at, now)) {
            let before = self.clock_offset.swap(offset, Ordering::Relaxed);
            let before = if before == UNKNOWN_OFFSET { 0 } else { before };
            if offset.abs_diff(before) >= NOTABLE_OFFSET {
                log::clock_off(offset);
            }
        }
    }
}
