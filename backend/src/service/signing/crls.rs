//! Fetches certificate revocation lists (RFC 5280 section 5) from the addresses in the certificates
//! of a signature (section 4.2.1.13).
//!
//! Only certificates that lead to a configured root count, so an address is never one that a
//! stranger wrote. A list is signed, so it may come by plain HTTP. The verification judges a list;
//! this module only stores it for an hour.

use std::time::Duration;

use quick_cache::sync::Cache;
use switchback_driver::sender::Sender;
use switchback_jades::{Crl, DistributionPoint};
use switchback_protocol::http::{Method, Request};

/// The log event for a revocation list that could not be fetched.
const NOT_FETCHED: &str = "signature.crl-not-fetched";

/// How long a list is used without fetching it again, in seconds. Authorities issue one about once a
/// day, and sooner after a revocation.
const FRESH: i64 = 3600;

/// The number of lists in memory. A list has at most 1 MiB.
const CACHED: usize = 16;

/// The number of lists for one signature.
const MAX_LISTS: usize = 4;

/// How long to wait for one list.
const TIMEOUT: Duration = Duration::from_secs(4);

/// The lists that were fetched, by address.
pub(in crate::service) struct Crls(Cache<String, FetchedCrl>);

#[derive(Clone)]
struct FetchedCrl {
    /// In seconds since the epoch.
    at: i64,
    list: Crl,
}

impl Default for Crls {
    fn default() -> Self {
        Self(Cache::new(CACHED))
    }
}

impl Crls {
    /// The revocation lists at these addresses. A list that cannot be fetched is missing, and the
    /// failure is logged.
    pub(super) async fn fetch(&self, sender: &Sender, points: Vec<DistributionPoint>) -> Vec<Crl> {
        let mut urls: Vec<String> = points.into_iter().map(|point| point.url).collect();
        urls.sort();
        urls.dedup();
        let mut lists = Vec::new();
        for url in urls.into_iter().take(MAX_LISTS) {
            lists.extend(self.list(sender, url).await);
        }
        lists
    }

    async fn list(&self, sender: &Sender, url: String) -> Option<Crl> {
        let now = sender.now().wall;
        let known = self.0.get(&url);
        if let Some(known) = &known
            && (0..FRESH).contains(&now.saturating_sub(known.at))
        {
            return Some(known.list.clone());
        }
        let request = Request {
            method: Method::Get,
            once: false,
            url: url.clone(),
            headers: vec![("accept", "application/pkix-crl".into())],
            body: None,
        };
        let why = match tokio::time::timeout(TIMEOUT, sender.send(request)).await {
            Ok(Ok(response)) if response.status == 200 => match Crl::read(&response.body) {
                Ok(list) => {
                    let fetched = FetchedCrl {
                        at: now,
                        list: list.clone(),
                    };
                    self.0.insert(url, fetched);
                    return Some(list);
                }
                Err(error) => error.to_string(),
            },
            Ok(Ok(response)) => format!("status {}", response.status),
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("no answer within {} s", TIMEOUT.as_secs()),
        };
        tracing::warn!(target: "switchback", event = NOT_FETCHED, url, note = why);
        // The verification says whether the older list is too old.
        known.map(|known| known.list)
    }
}
