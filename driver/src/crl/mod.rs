//! Fetches certificate revocation lists (RFC 5280 §5) by HTTP, from the addresses in certificates
//! (§4.2.1.13).
//!
//! A service, the command line and [`timestamp`](crate::timestamp) fetch lists with [`fetch`] only.
//! It does not judge a list: `switchback_jades` verifies its signature and its age. A list that is
//! missing makes a verification INDETERMINATE / TRY_LATER, unless the policy needs no list. It never
//! makes a signature valid.
//!
//! # Which addresses
//!
//! An address comes from a certificate that leads to a configured root
//! ([`distribution_points`](switchback_jades::distribution_points)). So an authority that the caller
//! trusts wrote it, and never a stranger. The rules beyond that:
//!
//! - http and https only, without a user name. A list is signed, so plain HTTP is safe, and usual.
//! - A redirect is a failure: over plain HTTP, any machine on the way could choose its target.
//! - Loopback and private addresses are allowed: an authority inside a company publishes its lists
//!   there, and so does the sandbox. A check of the address before the request would also be no
//!   protection, because a name can resolve to another address at the next moment. A server that
//!   must not reach internal addresses needs a rule in its firewall, or fetches no lists.
//! - The request is a `GET` without credentials and cookies, and no caller gets the answer unless it
//!   is a revocation list.
//!
//! # Limits
//!
//! At most [`MAX_LISTS`] lists, each at most [`MAX_BODY`](switchback_protocol::http::MAX_BODY) long,
//! all at the same time, within [`TIMEOUT`].

#[cfg(all(test, feature = "reqwest"))]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use switchback_jades::{Crl, CrlError, DistributionPoint};
use switchback_protocol::Origin;
use switchback_protocol::http::{Method, Request};
use tokio::task::JoinSet;

use crate::ports::{HttpTransport, TransportError};

/// How many lists are fetched for one signature or timestamp at most. A chain has about three
/// certificates, and a certificate usually names one address.
pub const MAX_LISTS: usize = 8;

/// How long [`fetch`] takes at most. The callers of a service wait for 10 seconds.
pub const TIMEOUT: Duration = Duration::from_secs(8);

/// A revocation list, and its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedCrl {
    /// The address.
    pub url: String,
    /// The list. It is not verified.
    pub list: Crl,
}

/// A revocation list could not be fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the revocation list at {} was not fetched: {why}", .url.escape_debug())]
pub struct NotFetched {
    /// The address.
    pub url: String,
    /// The reason.
    pub why: CrlFailure,
}

/// Why a revocation list could not be fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CrlFailure {
    /// The address in the certificate is not an http or https URL, or it has a user name.
    #[error("the address in the certificate is not an http or https URL without a user name")]
    Address,
    /// The certificates name more lists than [`MAX_LISTS`]. The other addresses are not reported.
    #[error("the certificates name more than {MAX_LISTS} lists: {0} of them were not requested")]
    TooMany(usize),
    /// There is no answer.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The answer was not complete in time.
    #[error("the answer was not complete within {} s", TIMEOUT.as_secs())]
    Timeout,
    /// The server redirects to another address.
    #[error(
        "the server redirects (status {0}), and redirects of revocation lists are not followed"
    )]
    Redirect(u16),
    /// The server has no list.
    #[error("the server answered with status {0}")]
    Status(u16),
    /// The answer is not a revocation list.
    #[error(transparent)]
    List(#[from] CrlError),
}

impl CrlFailure {
    /// Whether the list can be fetched later, with nothing changed in the certificates and at the
    /// address: another answer than a list, and a redirect, are permanent.
    pub const fn is_temporary(&self) -> bool {
        match self {
            Self::Transport(error) => error.is_temporary(),
            Self::Timeout => true,
            Self::Status(status) => is_temporary_status(*status),
            Self::Address | Self::TooMany(_) | Self::Redirect(_) | Self::List(_) => false,
        }
    }
}

/// Whether a server that answers with this status may answer otherwise later.
pub(crate) const fn is_temporary_status(status: u16) -> bool {
    status == 429 || status >= 500
}

/// Fetches the lists at these addresses, each address once, in the order of the addresses.
pub async fn fetch(
    http: &Arc<dyn HttpTransport>,
    points: impl IntoIterator<Item = DistributionPoint>,
) -> Vec<Result<FetchedCrl, NotFetched>> {
    let urls: BTreeSet<String> = points.into_iter().map(|point| point.url).collect();
    let too_many = urls.iter().nth(MAX_LISTS).map(|first| NotFetched {
        url: first.clone(),
        why: CrlFailure::TooMany(urls.len() - MAX_LISTS),
    });
    let mut requests = JoinSet::new();
    for (index, url) in urls.into_iter().take(MAX_LISTS).enumerate() {
        let http = Arc::clone(http);
        requests.spawn(async move {
            let answer = tokio::time::timeout(TIMEOUT, list(&*http, &url)).await;
            let fetched = match answer.unwrap_or(Err(CrlFailure::Timeout)) {
                Ok(list) => Ok(FetchedCrl { url, list }),
                Err(why) => Err(NotFetched { url, why }),
            };
            (index, fetched)
        });
    }
    let mut fetched = requests.join_all().await;
    fetched.sort_by_key(|(index, _)| *index);
    let fetched = fetched.into_iter().map(|(_, fetched)| fetched);
    fetched.chain(too_many.map(Err)).collect()
}

async fn list(http: &dyn HttpTransport, url: &str) -> Result<Crl, CrlFailure> {
    if Origin::of(url).is_none() {
        return Err(CrlFailure::Address);
    }
    let request = Request {
        method: Method::Get,
        once: false,
        url: url.to_owned(),
        // Many servers send another media type (RFC 2585 §4.2), so the content decides.
        headers: vec![("accept", "application/pkix-crl, */*;q=0.5".into())],
        body: None,
    };
    let answer = http.send(request).await?;
    match answer.status {
        200 => Ok(Crl::read(&answer.body)?),
        status @ 300..=399 => Err(CrlFailure::Redirect(status)),
        status => Err(CrlFailure::Status(status)),
    }
}
