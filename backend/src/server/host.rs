//! Checks that a request names this service (RFC 9110 section 7.2, RFC 9112 section 3.2).
//!
//! A web page can point its own host name at this machine (DNS rebinding). The browser then treats
//! the service as the same origin as that page, and only `Host` shows the difference.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;

use super::middleware::refuse;

/// The host names that a listener accepts.
#[derive(Clone)]
pub(super) struct HostNames {
    names: Arc<Vec<String>>,
    address: IpAddr,
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

    fn check_host(&self, request: &Request) -> Result<(), (StatusCode, &'static str)> {
        let mut lines = request.headers().get_all(header::HOST).iter();
        let host = match (lines.next(), lines.next()) {
            (Some(line), None) => Authority::try_from(line.as_bytes()).ok(),
            _ => None,
        };
        let host = host.filter(|host| !host.as_str().contains('@'));
        let Some(host) = host else {
            return Err((StatusCode::BAD_REQUEST, "invalid_request"));
        };
        // A request target in absolute form also names the server.
        let whole = request.uri().authority();
        match self.accepts(&host) && whole.is_none_or(|whole| self.accepts(whole)) {
            true => Ok(()),
            false => Err((StatusCode::MISDIRECTED_REQUEST, "misdirected_request")),
        }
    }
}

async fn check(State(hosts): State<HostNames>, request: Request, next: Next) -> Response {
    match hosts.check_host(&request) {
        Ok(()) => next.run(request).await,
        Err((status, code)) => refuse(status, code).await,
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
            .map_or_else(|(status, _)| status.as_u16(), |()| 200)
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
