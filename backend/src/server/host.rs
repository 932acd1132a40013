//! Checks that a request names this service (RFC 9110 section 7.2, RFC 9112 section 3.2).
//!
//! A web page can point its own host name at this machine (DNS rebinding). The browser then treats
//! the service as the same origin as that page, and only `Host` shows the difference.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use serde_json::json;

use super::middleware::refuse;
use crate::web::{response, with_headers};

const UNKNOWN_HOST: &str = "service.unknown-host";

/// What to do about a request for an unknown host name.
const ADVICE: &str = "the service does not know this host name: if the name belongs to the \
                      service, add it to hosts in the configuration; or let the proxy in front \
                      pass Host on";

/// How often one host name is logged, and how many names are logged in this time.
const REPORT_INTERVAL: Duration = Duration::from_secs(5 * 60);
const MAX_REPORTED_NAMES: usize = 32;

/// The host names that a listener accepts.
#[derive(Clone)]
pub(super) struct HostNames {
    names: Arc<Vec<String>>,
    address: IpAddr,
    reported: Arc<ReportedNames>,
}

impl HostNames {
    /// The names of the redirect URI and of the configuration.
    pub(super) fn new(redirect_uri: &str, configured: &[String], address: IpAddr) -> Self {
        let registered = redirect_uri.parse::<Uri>().ok();
        let registered = registered.as_ref().and_then(Uri::host);
        let all = registered
            .into_iter()
            .chain(configured.iter().map(String::as_str));
        Self {
            names: Arc::new(all.map(str::to_owned).collect()),
            address,
            reported: Arc::default(),
        }
    }

    /// The same names, for a listener on another address.
    pub(super) fn at(&self, address: IpAddr) -> Self {
        Self {
            address,
            ..self.clone()
        }
    }

    /// Checks every request to these routes.
    pub(super) fn guard(self, router: Router) -> Router {
        router.layer(from_fn_with_state(self, check))
    }

    /// Whether the host is one of the names, loopback, or the address of the listener. A page
    /// cannot rebind an IP address, so a listener on all addresses accepts every IP address. Ports
    /// are ignored, because they differ behind a proxy.
    fn accepts(&self, authority: &Authority) -> bool {
        let host = authority.host();
        if self
            .names
            .iter()
            .any(|name| name.eq_ignore_ascii_case(host))
        {
            return true;
        }
        match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(ip) => {
                let (ip, here) = (ip.to_canonical(), self.address.to_canonical());
                ip.is_loopback() || here.is_unspecified() || ip == here
            }
            Err(_) => host.eq_ignore_ascii_case("localhost"),
        }
    }

    /// Logs an unknown host name, for the operator.
    fn report(&self, name: &Authority) {
        let name = name.host();
        // The longest host name (RFC 1035 section 2.3.4).
        let host = name.get(..253).unwrap_or(name).to_ascii_lowercase();
        if self.reported.is_due(&host, Instant::now()) {
            tracing::warn!(target: "switchback", event = UNKNOWN_HOST, host, note = ADVICE);
        }
    }

    fn check_host(&self, request: &Request) -> Result<(), Refusal> {
        let mut lines = request.headers().get_all(header::HOST).iter();
        let host = match (lines.next(), lines.next()) {
            (Some(line), None) => Authority::try_from(line.as_bytes()).ok(),
            _ => None,
        };
        let host = host.filter(|host| !host.as_str().contains('@'));
        let host = host.ok_or(Refusal::InvalidHost)?;
        // A request target in absolute form also names the server.
        let target = request.uri().authority();
        match [Some(&host), target]
            .into_iter()
            .flatten()
            .find(|name| !self.accepts(name))
        {
            None => Ok(()),
            Some(unknown) => Err(Refusal::UnknownHost(unknown.clone())),
        }
    }
}

/// Why a request is refused.
enum Refusal {
    /// The request has no `Host`, several, or one that cannot be read.
    InvalidHost,
    /// The service does not have this name.
    UnknownHost(Authority),
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::InvalidHost => StatusCode::BAD_REQUEST,
            Self::UnknownHost(_) => StatusCode::MISDIRECTED_REQUEST,
        }
    }
}

async fn check(State(hosts): State<HostNames>, request: Request, next: Next) -> Response {
    let Err(refusal) = hosts.check_host(&request) else {
        return next.run(request).await;
    };
    match &refusal {
        Refusal::InvalidHost => refuse(refusal.status(), "invalid_request").await,
        Refusal::UnknownHost(name) => {
            hosts.report(name);
            let body = json!({ "error": "misdirected_request", "error_description": ADVICE });
            with_headers(response::json(refusal.status(), body)).await
        }
    }
}

/// The host names that were logged within the interval. Their number is limited, because any client
/// can send any name.
#[derive(Default)]
struct ReportedNames(Mutex<Vec<(String, Instant)>>);

impl ReportedNames {
    /// Whether to log this name now. Notes that it was logged.
    fn is_due(&self, name: &str, now: Instant) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(_, at)| now.saturating_duration_since(*at) < REPORT_INTERVAL);
        let is_due = all.len() < MAX_REPORTED_NAMES && all.iter().all(|(other, _)| other != name);
        if is_due {
            all.push((name.to_owned(), now));
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::{HeaderValue, Request};

    use super::*;

    fn status(address: &str, uri: &str, hosts: &[&[u8]]) -> u16 {
        let configured = ["internal.example".to_owned()];
        let redirect_uri = "https://Service.example:443/truid/complete";
        let any = IpAddr::from([0, 0, 0, 0]);
        let names = HostNames::new(redirect_uri, &configured, any).at(address.parse().unwrap());
        let mut request = Request::get(uri).body(Body::empty()).unwrap();
        for host in hosts {
            let value = HeaderValue::from_bytes(host).unwrap();
            request.headers_mut().append(header::HOST, value);
        }
        names
            .check_host(&request)
            .map_or_else(|refusal| refusal.status().as_u16(), |()| 200)
    }

    #[test]
    fn a_host_name_is_logged_once_per_interval_up_to_a_maximum_of_names() {
        let (reported, start) = (ReportedNames::default(), Instant::now());
        assert!(reported.is_due("a.example", start));
        assert!(!reported.is_due("a.example", start + REPORT_INTERVAL / 2));
        assert!(reported.is_due("a.example", start + REPORT_INTERVAL));
        let later = start + REPORT_INTERVAL * 3;
        let names = (0..1000).filter(|n| reported.is_due(&format!("{n}.example"), later));
        assert_eq!(names.count(), MAX_REPORTED_NAMES);
        assert_eq!(reported.0.lock().unwrap().len(), MAX_REPORTED_NAMES);
        assert!(reported.is_due("b.example", later + REPORT_INTERVAL));
    }

    #[test]
    fn a_request_has_one_known_host() {
        let (here, path) = ("10.0.0.5", "/truid/session");
        for host in [
            "service.example",
            "SERVICE.example:8443",
            "internal.example",
            "localhost:8080",
            "127.0.0.1:8080",
            "[::1]:8080",
            "[::ffff:127.0.0.1]",
            "10.0.0.5:8080",
        ] {
            assert_eq!(status(here, path, &[host.as_bytes()]), 200, "{host}");
        }
        for foreign in [
            "evil.example",
            "service.example.evil.example",
            "evil-service.example",
            "service.example.",
            "sub.service.example",
            "localhost.evil.example",
            "10.0.0.6",
            "[2001:db8::1]",
            "2130706433",
        ] {
            assert_eq!(status(here, path, &[foreign.as_bytes()]), 421, "{foreign}");
        }
        for bad in [
            "",
            " ",
            "service.example, evil.example",
            "service.example/",
            "https://service.example",
            "evil.example@service.example",
            "service.example@evil.example",
            "service example",
            "[::1",
        ] {
            assert_eq!(status(here, path, &[bad.as_bytes()]), 400, "{bad}");
        }
        let good: &[u8] = b"service.example";
        assert_eq!(status(here, path, &[]), 400);
        assert_eq!(status(here, path, &[good, good]), 400);
        assert_eq!(status(here, path, &[good, b"evil.example"]), 400);
        assert_eq!(status(here, path, &[b"service.example\xff"]), 400);
        let (ours, others) = ("https://service.example/ready", "http://evil.example/ready");
        assert_eq!(status(here, ours, &[good]), 200);
        assert_eq!(status(here, others, &[good]), 421);
        assert_eq!(status(here, ours, &[b"evil.example"]), 421);
    }

    #[test]
    fn a_wildcard_listener_accepts_any_ip_address() {
        for here in ["0.0.0.0", "::"] {
            assert_eq!(status(here, "/", &[b"192.0.2.1:8080"]), 200);
            assert_eq!(status(here, "/", &[b"[2001:db8::1]"]), 200);
            assert_eq!(status(here, "/", &[b"evil.example"]), 421);
        }
    }
}
