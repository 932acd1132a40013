//! Remembers certificate revocation lists (RFC 5280 section 5) for an hour. The driver fetches them,
//! and the verification judges them.
//!
//! Most lists come over plain HTTP, so a machine on the way can answer with an older list, which is
//! correctly signed and lacks a revocation. An older list never replaces the one that is known.

use std::collections::BTreeMap;
use std::sync::Arc;

use quick_cache::sync::Cache;
use switchback_driver::crl::{self, FetchedCrl};
use switchback_driver::ports::HttpTransport;
use switchback_jades::{Crl, DistributionPoint};

/// The log event for a revocation list that could not be fetched.
const NOT_FETCHED: &str = "signature.crl-not-fetched";

/// How long a list is used without fetching it again, in seconds. Authorities issue one about once a
/// day, and sooner after a revocation.
const FRESH: i64 = 3600;

/// The number of lists in memory. A list has at most 1 MiB.
const CACHED: usize = 16;

/// The lists that were fetched, by address.
pub(in crate::service) struct Crls(Cache<String, CachedCrl>);

#[derive(Clone)]
struct CachedCrl {
    /// In seconds since the epoch.
    fetched_at: i64,
    list: Crl,
}

impl CachedCrl {
    /// Whether this list is of the same issuer, and newer.
    fn is_newer_than(&self, list: &Crl) -> bool {
        self.list.issuer() == list.issuer() && self.list.this_update() > list.this_update()
    }

    /// Whether the authority cannot have issued a newer list that matters.
    fn is_fresh(&self, now: i64) -> bool {
        (0..FRESH).contains(&now.saturating_sub(self.fetched_at)) && now < self.list.next_update()
    }
}

impl Default for Crls {
    fn default() -> Self {
        Self(Cache::new(CACHED))
    }
}

impl Crls {
    /// The revocation lists at these addresses. A list that cannot be fetched is logged, and the
    /// list before it is used: the verification says whether that list is too old. Without one, the
    /// signature is INDETERMINATE / TRY_LATER.
    pub(super) async fn fetch(
        &self,
        http: &Arc<dyn HttpTransport>,
        now: i64,
        points: Vec<DistributionPoint>,
    ) -> Vec<Crl> {
        let mut lists = BTreeMap::new();
        let mut older = Vec::new();
        let mut due = Vec::new();
        for point in points {
            match self.0.get(&point.url).filter(|known| known.is_fresh(now)) {
                Some(known) => drop(lists.insert(point.url, known.list)),
                None => due.push(point),
            }
        }
        for fetched in crl::fetch(http, due).await {
            match fetched {
                Ok(FetchedCrl { url, list }) => {
                    let known = self.0.get(&url);
                    if let Some(known) = known.filter(|known| known.is_newer_than(&list)) {
                        // Both: the list in memory is not verified, and could be a wrong one.
                        lists.insert(url, known.list);
                        older.push(list);
                        continue;
                    }
                    let cached = CachedCrl {
                        fetched_at: now,
                        list: list.clone(),
                    };
                    self.0.insert(url.clone(), cached);
                    lists.insert(url, list);
                }
                Err(failure) => {
                    let url = failure.url;
                    tracing::warn!(
                        target: "switchback", event = NOT_FETCHED, url, note = %failure.why
                    );
                    let known = self.0.get(&url).map(|known| known.list);
                    lists.extend(known.map(|list| (url, list)));
                }
            }
        }
        lists.into_values().chain(older).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use rcgen::{
        CertificateParams, CertificateRevocationListParams, CertifiedIssuer, IsCa, KeyIdMethod,
        KeyPair, KeyUsagePurpose, SerialNumber, date_time_ymd,
    };
    use switchback_driver::ports::{BoxFuture, TransportError};
    use switchback_driver::task::lock;
    use switchback_protocol::http::{Request, Response};

    use super::*;

    const URL: &str = "http://ca.example/root.crl";

    /// A server with one list, or with none.
    #[derive(Default)]
    struct ListServer(Mutex<(Option<Vec<u8>>, usize)>);

    impl HttpTransport for ListServer {
        fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            assert_eq!(request.url, URL);
            let mut state = lock(&self.0);
            state.1 += 1;
            let response = Response {
                status: if state.0.is_some() { 200 } else { 503 },
                headers: Vec::new(),
                body: state.0.clone().unwrap_or_default(),
            };
            Box::pin(std::future::ready(Ok(response)))
        }
    }

    fn authority() -> CertifiedIssuer<'static, KeyPair> {
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        authority.key_usages = vec![KeyUsagePurpose::CrlSign];
        CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap()
    }

    /// The list of this day in January.
    fn list_of(authority: &CertifiedIssuer<'_, KeyPair>, day: u8) -> Crl {
        let list = CertificateRevocationListParams {
            this_update: date_time_ymd(2026, 1, day),
            next_update: date_time_ymd(2026, 1, day + 2),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: Vec::new(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let list = list.signed_by(authority).unwrap();
        Crl::read(list.der()).unwrap()
    }

    fn list() -> Crl {
        list_of(&authority(), 1)
    }

    fn point() -> DistributionPoint {
        DistributionPoint {
            certificate: "CN=Intermediate".into(),
            url: URL.into(),
        }
    }

    #[tokio::test]
    async fn an_older_list_does_not_replace_a_newer_one() {
        let server = Arc::new(ListServer::default());
        let http: Arc<dyn HttpTransport> = Arc::clone(&server) as _;
        let crls = Crls::default();
        let fetch = async |now| crls.fetch(&http, now, vec![point()]).await;
        let serves = |list: &Crl| lock(&server.0).0 = Some(list.der().to_vec());
        let authority = authority();
        let [first, second, third] = [1, 2, 3].map(|day| list_of(&authority, day));
        let begin = second.this_update();

        serves(&second);
        assert_eq!(fetch(begin).await, std::slice::from_ref(&second));
        serves(&first);
        let both = [second.clone(), first];
        assert_eq!(fetch(begin + FRESH).await, both);
        assert_eq!(fetch(begin + FRESH + 1).await, both, "it is fetched again");
        serves(&third);
        assert_eq!(fetch(begin + FRESH + 2).await, [third]);
    }

    #[tokio::test]
    async fn a_list_is_used_for_an_hour_and_until_the_next_one() {
        let server = Arc::new(ListServer::default());
        let http: Arc<dyn HttpTransport> = Arc::clone(&server) as _;
        let crls = Crls::default();
        let (first, second) = (list(), list());
        let fetch = async |now| crls.fetch(&http, now, vec![point(), point()]).await;
        let serves = |list: Option<&Crl>| {
            lock(&server.0).0 = list.map(|list| list.der().to_vec());
        };
        let requests = || lock(&server.0).1;
        let (begin, end) = (first.this_update(), first.next_update());

        assert_eq!(fetch(begin).await, []);
        serves(Some(&first));
        assert_eq!(fetch(begin).await, std::slice::from_ref(&first));
        assert_eq!(requests(), 2, "a failure is not remembered");
        serves(Some(&second));
        assert_eq!(fetch(begin + FRESH - 1).await, [first]);
        assert_eq!(requests(), 2);
        assert_eq!(fetch(begin + FRESH).await, std::slice::from_ref(&second));
        serves(None);
        assert_eq!(
            fetch(begin + 2 * FRESH).await,
            std::slice::from_ref(&second)
        );
        serves(Some(&second));
        assert_eq!(fetch(end - 1).await, std::slice::from_ref(&second));
        let before = requests();
        assert_eq!(fetch(end).await, [second]);
        assert_eq!(requests(), before + 1, "the list has ended");
    }
}
