//! Whether a request names this service (RFC 9110 section 7.2, RFC 9112 section 3.2).
//!
//! A web page may point a name of its own at this machine (DNS rebinding). To a browser it is of
//! one origin with the service then, and `Host` alone tells.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use serde_json::json;

use super::front::refuse;
use crate::web::{answer, with_headers};

const UNKNOWN_HOST: &str = "service.unknown-host";

/// What to do about a request by another name.
const ADVICE: &str = "the service does not know itself by this name: if it is one of its own, add it \
                      to hosts in its configuration, or let the proxy in front pass Host on";

/// A name is told once in so long, and not more names than this.
const ONCE_IN: Duration = Duration::from_secs(5 * 60);
const MOST_NAMES: usize = 32;

/// The names that a listener answers to.
#[derive(Clone)]
pub(super) struct Hosts {
    names: Arc<Vec<String>>,
    address: IpAddr,
    told: Arc<Told>,
}

impl Hosts {
    /// Those of the redirect URI and of the configuration.
    pub(super) fn new(redirect_uri: &str, configured: &[String], address: IpAddr) -> Self {
        let registered = redirect_uri.parse::<Uri>().ok();
        let registered = registered.as_ref().and_then(Uri::host);
        let all = registered
            .into_iter()
            .chain(configured.iter().map(String::as_str));
        Self {
            names: Arc::new(all.map(str::to_owned).collect()),
            address,
            told: Arc::default(),
        }
    }

    /// The same names, for a listener of another address.
    pub(super) fn at(&self, address: IpAddr) -> Self {
        Self {
            address,
            ..self.clone()
        }
    }

    /// Holds every request of these routes to the names.
    pub(super) fn guard(self, router: Router) -> Router {
        router.layer(from_fn_with_state(self, check))
    }

    /// Whether a host is one of the names, this machine for itself, or the address that is
    /// listened on. A page cannot rebind an address, so that any may be ours where all are
    /// listened on. Ports differ behind a proxy.
    fn knows(&self, authority: &Authority) -> bool {
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

    /// Whoever runs the service is told by which name it was asked.
    fn tell(&self, request: &Request) {
        let named = [
            request
                .headers()
                .get(header::HOST)
                .map(HeaderValue::as_bytes),
            request
                .uri()
                .authority()
                .map(|whole| whole.as_str().as_bytes()),
        ];
        let named = named.into_iter().flatten();
        let unknown = named
            .filter_map(|name| Authority::try_from(name).ok())
            .find(|name| !self.knows(name));
        let Some(name) = unknown.as_ref().map(Authority::host) else {
            return;
        };
        // No name is longer (RFC 1035 section 2.3.4).
        let host = name.get(..253).unwrap_or(name).to_ascii_lowercase();
        if self.told.is_new(&host, Instant::now()) {
            tracing::warn!(target: "switchback", event = UNKNOWN_HOST, host, note = ADVICE);
        }
    }

    fn judge(&self, request: &Request) -> Result<(), (StatusCode, &'static str)> {
        let mut lines = request.headers().get_all(header::HOST).iter();
        let host = match (lines.next(), lines.next()) {
            (Some(line), None) => Authority::try_from(line.as_bytes()).ok(),
            _ => None,
        };
        let host = host.filter(|host| !host.as_str().contains('@'));
        let Some(host) = host else {
            return Err((StatusCode::BAD_REQUEST, "invalid_request"));
        };
        // A request for a whole URL names the server there as well.
        let whole = request.uri().authority();
        match self.knows(&host) && whole.is_none_or(|whole| self.knows(whole)) {
            true => Ok(()),
            false => Err((StatusCode::MISDIRECTED_REQUEST, "misdirected_request")),
        }
    }
}

async fn check(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    match hosts.judge(&request) {
        Ok(()) => next.run(request).await,
        Err((StatusCode::MISDIRECTED_REQUEST, code)) => {
            hosts.tell(&request);
            let body = json!({ "error": code, "error_description": ADVICE });
            with_headers(answer::json(StatusCode::MISDIRECTED_REQUEST, body)).await
        }
        Err((status, code)) => refuse(status, code).await,
    }
}

/// Names that were told of late. Anybody can ask by any name: there are only so many lines.
#[derive(Default)]
struct Told(Mutex<Vec<(String, Instant)>>);

impl Told {
    /// Whether this name is to be told now.
    fn is_new(&self, name: &str, now: Instant) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(_, at)| now.saturating_duration_since(*at) < ONCE_IN);
        let is_new = all.len() < MOST_NAMES && all.iter().all(|(told, _)| told != name);
        if is_new {
            all.push((name.to_owned(), now));
        }
        is_new
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
        let names = Hosts::new(redirect_uri, &configured, any).at(address.parse().unwrap());
        let mut request = Request::get(uri).body(Body::empty()).unwrap();
        for host in hosts {
            let value = HeaderValue::from_bytes(host).unwrap();
            request.headers_mut().append(header::HOST, value);
        }
        names
            .judge(&request)
            .map_or_else(|(status, _)| status.as_u16(), |()| 200)
    }

    #[test]
    fn a_name_is_told_once_in_a_while_and_only_so_many_are() {
        let (told, start) = (Told::default(), Instant::now());
        assert!(told.is_new("a.example", start));
        assert!(!told.is_new("a.example", start + ONCE_IN / 2));
        assert!(told.is_new("a.example", start + ONCE_IN));
        let later = start + ONCE_IN * 3;
        let names = (0..1000).filter(|n| told.is_new(&format!("{n}.example"), later));
        assert_eq!(names.count(), MOST_NAMES);
        assert_eq!(told.0.lock().unwrap().len(), MOST_NAMES);
        assert!(told.is_new("b.example", later + ONCE_IN));
    }

    #[test]
    fn a_request_names_the_service_once() {
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
    fn where_all_addresses_are_listened_on_any_may_be_ours() {
        for here in ["0.0.0.0", "::"] {
            assert_eq!(status(here, "/", &[b"192.0.2.1:8080"]), 200);
            assert_eq!(status(here, "/", &[b"[2001:db8::1]"]), 200);
            assert_eq!(status(here, "/", &[b"evil.example"]), 421);
        }
    }
}
