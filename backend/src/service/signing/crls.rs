//! Fetches certificate revocation lists (RFC 5280 section 5) from the addresses in the certificates
//! of a signature (section 4.2.1.13).
//!
//! The caller fetches only after a configured root has vouched for the certificates, so an address
//! is never one that a stranger wrote. A list is signed, so it may come by plain HTTP. The
//! verification judges it; this module only keeps it for a while.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use quick_cache::sync::Cache;
use serde::Deserialize;
use switchback_driver::sender::Sender;
use switchback_jades::Crl;
use switchback_protocol::http::{Method, Request};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::ext::pkix::CrlDistributionPoints;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};

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
    /// The revocation lists for the certificates of a compact signature. What cannot be fetched is
    /// missing, and logged.
    pub(super) async fn fetch(&self, sender: &Sender, signature: &str) -> Vec<Crl> {
        let mut lists = Vec::new();
        for url in addresses(signature) {
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

/// The addresses in the certificates of a compact signature.
fn addresses(signature: &str) -> Vec<String> {
    #[derive(Deserialize)]
    struct Header {
        x5c: Vec<String>,
    }
    let header = signature.split('.').next().unwrap_or_default();
    let header = URL_SAFE_NO_PAD.decode(header).ok();
    let header = header.and_then(|json| serde_json::from_slice::<Header>(&json).ok());
    let mut all = Vec::new();
    for certificate in header.iter().flat_map(|header| &header.x5c) {
        let der = STANDARD.decode(certificate).unwrap_or_default();
        if let Ok(certificate) = Certificate::from_der(&der) {
            all.extend(addresses_in(&certificate));
        }
    }
    all.sort();
    all.dedup();
    all.truncate(MAX_LISTS);
    all
}

fn addresses_in(certificate: &Certificate) -> Vec<String> {
    let points = certificate.tbs_certificate().get_extension::<CrlDistributionPoints>();
    let Ok(Some((_, points))) = points else {
        return Vec::new();
    };
    let names = points.0.into_iter().filter_map(|point| point.distribution_point);
    let names = names.flat_map(|name| match name {
        DistributionPointName::FullName(names) => names,
        DistributionPointName::NameRelativeToCRLIssuer(_) => Vec::new(),
    });
    let urls = names.filter_map(|name| match name {
        GeneralName::UniformResourceIdentifier(url) => Some(url.as_str().to_owned()),
        _ => None,
    });
    // Not `ldap:` or `file:`.
    urls.filter(|url| url.starts_with("http://") || url.starts_with("https://"))
        .collect()
}
