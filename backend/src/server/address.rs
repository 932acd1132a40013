//! The client's address: the peer's, or the one that a trusted proxy reports.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;

/// The client's address. From a trusted proxy only, `X-Forwarded-For` is read from its end, or
/// `Forwarded` (RFC 7239) if there is none: the last address that is not a trusted proxy is the
/// client. Any sender may have written the entries before it.
pub(super) fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> IpAddr {
    let is_proxy = |ip: &IpAddr| proxies.iter().any(|net| net.contains(ip));
    let mut client = peer.to_canonical();
    if !is_proxy(&client) {
        return client;
    }
    const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
    let (name, read): (_, fn(&str) -> Option<IpAddr>) = match headers.contains_key(X_FORWARDED_FOR)
    {
        true => (X_FORWARDED_FOR, address),
        false => (header::FORWARDED, forwarded),
    };
    let lines = headers.get_all(name).iter();
    let lines: Vec<&str> = lines.map(|line| line.to_str().unwrap_or("?")).collect();
    for hop in lines.iter().flat_map(|line| line.split(',')).rev() {
        // If an entry has no address ("unknown", "_hidden"), the proxy before it counts as the
        // client.
        let Some(ip) = read(hop.trim()) else { break };
        client = ip;
        if !is_proxy(&client) {
            break;
        }
    }
    client
}

/// The `for` of one entry.
fn forwarded(hop: &str) -> Option<IpAddr> {
    let mut pairs = hop.split(';').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    address(value.trim().trim_matches('"'))
}

/// An address, with or without a port and brackets.
fn address(text: &str) -> Option<IpAddr> {
    let plain = text
        .parse()
        .or_else(|_| text.trim_matches(['[', ']']).parse());
    let with_port = || text.parse::<SocketAddr>().map(|address| address.ip());
    Some(plain.or_else(|_| with_port()).ok()?.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, headers: &[(&'static str, &str)]) -> String {
        let proxies = ["10.0.0.0/8", "::1/128"].map(|net| net.parse().unwrap());
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        client(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn only_a_trusted_proxys_own_entry_is_believed() {
        let for_ = |value| [("x-forwarded-for", value)];
        assert_eq!(seen("192.0.2.1", &for_("198.51.100.7")), "192.0.2.1");
        assert_eq!(
            seen("10.0.0.1", &for_("6.6.6.6, 198.51.100.7")),
            "198.51.100.7"
        );
        assert_eq!(
            seen("10.0.0.1", &for_("198.51.100.7, 10.0.0.9")),
            "198.51.100.7"
        );
        assert_eq!(seen("::ffff:10.0.0.1", &for_("2001:db8::1")), "2001:db8::1");
        assert_eq!(seen("10.0.0.1", &for_("6.6.6.6, unknown")), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn both_forwarded_headers_are_read() {
        let forwarded = |value| [("forwarded", value)];
        assert_eq!(
            seen(
                "::1",
                &forwarded("for=6.6.6.6, For=\"[2001:db8::1]:4711\";proto=https")
            ),
            "2001:db8::1"
        );
        assert_eq!(
            seen("10.0.0.1", &forwarded("proto=https;for=192.0.2.60")),
            "192.0.2.60"
        );
        assert_eq!(seen("10.0.0.1", &forwarded("for=_hidden")), "10.0.0.1");
        let lines = [
            ("x-forwarded-for", "6.6.6.6"),
            ("x-forwarded-for", "192.0.2.5:80"),
        ];
        assert_eq!(seen("10.0.0.1", &lines), "192.0.2.5");
    }
}
