//! Timestamps for signatures, from an authority by HTTP (RFC 3161 §3.4).
//!
//! A timestamp proves that a signature existed before its certificate expired. This module requests
//! one, fetches the revocation lists of the authority, verifies the timestamp, and only then adds it
//! and the lists to the signature. A failure leaves the signature unchanged. A repeated request is
//! harmless: the authority only signs the time once more.

use std::sync::Arc;

use switchback_jades::{
    Policy, ProvenTime, Serialization, SubIndication, TimestampError, TimestampRequest,
    timestamp_distribution_points, verify_timestamp,
};
use switchback_protocol::http::{Method, Request};

use crate::crl::{self, NotFetched};
use crate::ports::{Clock, Entropy, EntropyError, HttpTransport, TransportError};

/// A timestamp authority, and the ports with which it is reached.
///
/// ```no_run
/// # use std::sync::Arc;
/// # use switchback_jades::{Policy, Serialization};
/// # use switchback_driver::ports::{HttpTransport, SystemClock, SystemEntropy};
/// use switchback_driver::timestamp::TimestampAuthority;
///
/// # async fn timestamp(http: Arc<dyn HttpTransport>, policy: &Policy<'_>, compact: &str)
/// # -> Result<String, Box<dyn std::error::Error>> {
/// let authority = TimestampAuthority {
///     url: "https://tsa.example/rfc3161".into(),
///     http,
///     clock: Arc::new(SystemClock),
///     entropy: Arc::new(SystemEntropy),
/// };
/// let mut signature = Serialization::read(compact.as_bytes())?;
/// let proven = authority.timestamp(&mut signature, policy).await?;
/// println!("{} proves the time {}", proven.authority, proven.time);
/// Ok(signature.to_json())
/// # }
/// ```
#[derive(Clone)]
pub struct TimestampAuthority {
    /// The URL of the authority. `http` is common, and safe: the answer is signed.
    pub url: String,
    /// The transport. It must implement [`HttpTransport::send_bytes`].
    pub http: Arc<dyn HttpTransport>,
    /// The clock. The time of a timestamp must not be in the future.
    pub clock: Arc<dyn Clock>,
    /// The random source, for the nonce.
    pub entropy: Arc<dyn Entropy>,
}

/// The signature got no timestamp.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimestampFailure {
    /// The authority was not reached, or sent no answer. Try again.
    #[error("the request to the timestamp authority failed: {0}")]
    Transport(#[from] TransportError),
    /// The authority answered with an error. Try again if the status is 429 or 5xx.
    #[error("the timestamp authority answered with status {0}")]
    Status(u16),
    /// The answer has another content type: it is not from a timestamp authority.
    #[error(
        "the answer does not have the content type application/timestamp-reply; check that the URL \
         of the timestamp authority is the one for RFC 3161"
    )]
    ContentType,
    /// The authority refused, or its timestamp is wrong.
    #[error(transparent)]
    Timestamp(#[from] TimestampError),
    /// A revocation list of the authority could not be fetched, and the timestamp cannot be verified
    /// without it. Try again if a reason [is temporary](crate::crl::CrlFailure::is_temporary), or
    /// add the list to the signature.
    #[error("{error}; {}", listed(.not_fetched))]
    NoCrl {
        /// The result of the verification.
        error: TimestampError,
        /// The lists that could not be fetched: at least one.
        not_fetched: Vec<NotFetched>,
    },
    /// There are no random bytes.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

impl TimestampFailure {
    /// Whether the same call can succeed later, with nothing changed.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Transport(error) => error.is_temporary(),
            Self::Status(status) => crl::is_temporary_status(*status),
            Self::NoCrl { not_fetched, .. } => not_fetched.iter().any(|it| it.why.is_temporary()),
            _ => false,
        }
    }
}

impl TimestampAuthority {
    /// Requests a timestamp, verifies it with this policy at the clock's time, and adds it to the
    /// signature, with the revocation lists of the authority. Returns the time that it proves.
    ///
    /// # Errors
    /// [`TimestampFailure`]; then the signature is unchanged.
    pub async fn timestamp(
        &self,
        signature: &mut Serialization,
        policy: &Policy<'_>,
    ) -> Result<ProvenTime, TimestampFailure> {
        let mut nonce = [0; 8];
        self.entropy.fill(&mut nonce)?;
        let request = TimestampRequest::new(signature, nonce);
        let token = request.read_response(&self.post(request.der()).await?)?;
        let mut timestamped = signature.clone();
        timestamped.add_timestamp(&token);
        let not_fetched = self.add_lists(&token, &mut timestamped, policy).await;
        let policy = Policy {
            time: self.clock.now().wall,
            ..*policy
        };
        let proven = match verify_timestamp(&token, &timestamped, &policy) {
            Err(error)
                if error.sub_indication() == SubIndication::TryLater && !not_fetched.is_empty() =>
            {
                return Err(TimestampFailure::NoCrl { error, not_fetched });
            }
            result => result?,
        };
        *signature = timestamped;
        Ok(proven)
    }

    /// Adds the revocation lists that the authority's certificates name. Returns those that could
    /// not be fetched: the verification says whether they are needed.
    async fn add_lists(
        &self,
        token: &[u8],
        to: &mut Serialization,
        policy: &Policy<'_>,
    ) -> Vec<NotFetched> {
        let points = timestamp_distribution_points(token, to, policy);
        let mut not_fetched = Vec::new();
        for fetched in crl::fetch(&self.http, points).await {
            match fetched {
                Ok(fetched) => to.add_crl(fetched.list.der()),
                Err(failure) => not_fetched.push(failure),
            }
        }
        not_fetched
    }

    async fn post(&self, query: &[u8]) -> Result<Vec<u8>, TimestampFailure> {
        let header = |name, value: &str| (name, value.into());
        let request = Request {
            method: Method::Post,
            once: false,
            url: self.url.clone(),
            headers: vec![
                header("content-type", "application/timestamp-query"),
                header("accept", "application/timestamp-reply"),
            ],
            body: None,
        };
        let mut answer = self.http.send_bytes(request, query.to_vec()).await?;
        if answer.status != 200 {
            return Err(TimestampFailure::Status(answer.status));
        }
        let content_type = answer.header("content-type").unwrap_or_default();
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/timestamp-reply") {
            return Err(TimestampFailure::ContentType);
        }
        Ok(std::mem::take(&mut answer.body))
    }
}

fn listed(not_fetched: &[NotFetched]) -> String {
    let texts: Vec<String> = not_fetched.iter().map(ToString::to_string).collect();
    texts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crl::CrlFailure;

    #[test]
    fn a_list_that_is_never_fetched_is_no_temporary_failure() {
        let is_temporary = |reasons: &[CrlFailure]| {
            let not_fetched = reasons.iter().map(|why| NotFetched {
                url: "http://ca.example/root.crl".into(),
                why: why.clone(),
            });
            let error = TimestampError::Chain {
                why: SubIndication::TryLater,
                text: String::new(),
            };
            let not_fetched = not_fetched.collect();
            TimestampFailure::NoCrl { error, not_fetched }.is_temporary()
        };
        let permanent = [
            CrlFailure::Address,
            CrlFailure::TooMany(1),
            CrlFailure::Redirect(301),
            CrlFailure::Status(404),
            CrlFailure::Transport(TransportError::Local(String::new())),
            CrlFailure::Transport(TransportError::TooLong),
        ];
        assert!(!is_temporary(&permanent));
        for temporary in [
            CrlFailure::Timeout,
            CrlFailure::Status(429),
            CrlFailure::Status(503),
            CrlFailure::Transport(TransportError::NotSent(String::new())),
            CrlFailure::Transport(TransportError::Lost(String::new())),
        ] {
            assert!(
                is_temporary(std::slice::from_ref(&temporary)),
                "{temporary}"
            );
            let [first, ..] = permanent.clone();
            assert!(is_temporary(&[first, temporary]));
        }
    }
}
