//! What every request is held to before a route sees it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::Request;
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::Response;

use super::{State, answer};
use crate::Refusal;
use crate::form::decode;

/// Lets a request in that names this server and has a path that can be read.
pub(super) async fn check(state: State, request: Request, next: Next) -> Response {
    match host(&state, &request).and_then(|()| path(&request)) {
        Ok(()) => next.run(request).await,
        Err(refusal) => answer::refused(&refusal),
    }
}

/// Whether the `Host` can be ours. A web page whose name was pointed at this machine (DNS
/// rebinding) is of the same origin as the sandbox to a browser, and `Host` alone tells.
fn host(state: &State, request: &Request) -> Result<(), Refusal> {
    let mut all = request.headers().get_all(HOST).iter();
    let (Some(host), None) = (all.next(), all.next()) else {
        return Err(Refusal::request(
            "there must be one Host header (RFC 9112 section 3.2)",
        ));
    };
    // A request for a whole URL names the server there as well.
    let whole = request.uri().authority();
    let host = Authority::try_from(host.as_bytes()).ok();
    if host.is_some_and(|host| is_own(&host, state.address))
        && whole.is_none_or(|whole| is_own(whole, state.address))
    {
        return Ok(());
    }
    Err(Refusal::new(
        "misdirected_request",
        format!(
            "the Host header names another server; use {}, or localhost or an IP address of this machine in its place",
            state.url
        ),
    ))
}

/// Whether the path can be decoded: axum would tell in a shape of its own that it cannot.
fn path(request: &Request) -> Result<(), Refusal> {
    match decode(request.uri().path()) {
        Ok(_) => Ok(()),
        Err(how) => Err(Refusal::request(format!("the path {how}"))),
    }
}

/// Whether a server that listens here may be called by this name. Only names can be
/// pointed elsewhere, so that beyond loopback every IP address will do: which ones lead
/// here, such as 10.0.2.2 in the emulator of Android, nobody here knows.
fn is_own(host: &Authority, listen: SocketAddr) -> bool {
    let name = host.host();
    let ip = match name.strip_prefix('[').and_then(|v6| v6.strip_suffix(']')) {
        Some(v6) => v6.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => name.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
    };
    let localhost = name.eq_ignore_ascii_case("localhost");
    if host.as_str().contains('@') {
        return false;
    }
    if !listen.ip().is_loopback() {
        return localhost || ip.is_some();
    }
    (localhost || ip.is_some_and(|ip| ip.is_loopback()))
        && host.port().is_none_or(|port| port == listen.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_can_be_ours() {
        let own = |host: &str, listen: &str| {
            Authority::try_from(host).is_ok_and(|host| is_own(&host, listen.parse().unwrap()))
        };
        for host in [
            "127.0.0.1:81",
            "127.0.0.1",
            "[::1]:81",
            "localhost:81",
            "LocalHost",
        ] {
            assert!(own(host, "127.0.0.1:81"), "{host}");
            assert!(own(host, "[::1]:81"), "{host}");
            assert!(own(host, "0.0.0.0:81"), "{host}");
        }
        for host in ["10.0.2.2:81", "192.0.2.1", "[2001:db8::1]:81"] {
            assert!(!own(host, "127.0.0.1:81"), "{host}");
            assert!(own(host, "0.0.0.0:81"), "{host}");
            assert!(own(host, "[::]:81"), "{host}");
        }
        for host in [
            "evil.example:81",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "x@localhost:81",
            "2130706433",
            "",
        ] {
            assert!(!own(host, "127.0.0.1:81"), "{host}");
            assert!(!own(host, "0.0.0.0:81"), "{host}");
        }
        assert!(!own("localhost:82", "127.0.0.1:81"));
    }
}
