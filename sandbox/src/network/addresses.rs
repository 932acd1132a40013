//! [`Names`]: the hosts, addresses and URLs of the sandbox. They decide which `Host`, `Origin` and
//! links belong to the sandbox.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use axum::http::uri::Authority;
use url::{Host, Url};

/// The address of this machine in the Android emulator.
pub(crate) const EMULATOR: Ipv4Addr = Ipv4Addr::new(10, 0, 2, 2);

/// This machine and the private networks (RFC 1918, RFC 3927, RFC 4193, RFC 6598).
pub(super) const PRIVATE: [(IpAddr, u8); 8] = [
    (IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), 8),
    (IpAddr::V4(Ipv4Addr::new(10, 0, 0, 0)), 8),
    (IpAddr::V4(Ipv4Addr::new(172, 16, 0, 0)), 12),
    (IpAddr::V4(Ipv4Addr::new(192, 168, 0, 0)), 16),
    (IpAddr::V4(Ipv4Addr::new(169, 254, 0, 0)), 16),
    (IpAddr::V4(Ipv4Addr::new(100, 64, 0, 0)), 10),
    (IpAddr::V6(Ipv6Addr::LOCALHOST), 128),
    (IpAddr::V6(Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0)), 7),
];

/// The names of a sandbox.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    listen: SocketAddr,
    scheme: &'static str,
    public: Option<Url>,
    /// The addresses of this machine, if the sandbox listens on all of them.
    machine: Vec<IpAddr>,
    url: String,
}

/// Parses a `public_url`.
///
/// # Errors
/// It is not an http or https origin.
pub(crate) fn public(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text)
        .map_err(|_| "it is not an absolute URL, such as https://sandbox.example")?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("it must begin with http:// or https://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it must not have a user name or a password");
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err("it must end after host and port, without path, query and fragment");
    }
    Ok(url)
}

impl Names {
    /// The names of a sandbox that listens on this address.
    pub(crate) fn new(listen: SocketAddr, tls: bool, public: Option<Url>) -> Self {
        let scheme = if tls { "https" } else { "http" };
        let url = public.as_ref().map_or_else(
            || base_url(scheme, listen.ip(), listen.port()),
            |url| url.origin().ascii_serialization(),
        );
        let machine = if listen.ip().is_unspecified() {
            machine(listen.is_ipv4())
        } else {
            Vec::new()
        };
        Names {
            listen,
            scheme,
            public,
            machine,
            url,
        }
    }

    /// The base URL for clients.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The address that the sandbox listens on.
    pub(crate) fn listen(&self) -> SocketAddr {
        self.listen
    }

    /// Whether the sandbox itself uses TLS.
    pub(crate) fn tls(&self) -> bool {
        self.scheme == "https"
    }

    /// The host of `public_url`, if it is set.
    pub(crate) fn public_host(&self) -> Option<Host<&str>> {
        self.public.as_ref().and_then(Url::host)
    }

    /// The addresses for clients. With TLS, only those for which the authority may sign.
    pub(crate) fn addresses(&self) -> Vec<IpAddr> {
        let mut all = vec![
            Ipv4Addr::LOCALHOST.into(),
            Ipv6Addr::LOCALHOST.into(),
            EMULATOR.into(),
        ];
        for ip in self.further() {
            if !all.contains(&ip) {
                all.push(ip);
            }
        }
        all
    }

    /// The addresses that depend on the machine.
    fn further(&self) -> impl Iterator<Item = IpAddr> {
        let own = (!self.listen.ip().is_unspecified()).then(|| self.listen.ip());
        let machine = self.machine.iter().copied();
        own.into_iter()
            .chain(machine.filter(|ip| !self.tls() || is_private(*ip)))
    }

    /// The base URL with this host.
    pub(crate) fn at(&self, host: IpAddr) -> String {
        base_url(self.scheme, host, self.listen.port())
    }

    /// The known base URLs for other machines.
    pub(crate) fn beyond_loopback(&self) -> Vec<String> {
        self.further()
            .filter(|ip| !ip.is_loopback())
            .map(|ip| self.at(ip))
            .collect()
    }

    /// Whether this URL leads to the sandbox.
    pub(crate) fn leads_here(&self, url: &Url) -> bool {
        let public = self.public.as_ref();
        if public.is_some_and(|public| public.origin() == url.origin()) {
            return true;
        }
        url.scheme() == self.scheme
            && url.port_or_known_default() == Some(self.listen.port())
            && match url.host() {
                Some(Host::Domain(name)) => name == "localhost",
                Some(Host::Ipv4(ip)) => self.addresses().contains(&ip.into()),
                Some(Host::Ipv6(ip)) => self.addresses().contains(&ip.into()),
                None => false,
            }
    }

    /// Whether a request may have this `Host`. DNS rebinding needs a domain name, so if the
    /// sandbox does not listen on loopback, every IP address is allowed: the sandbox cannot know
    /// all addresses that lead to it.
    pub(crate) fn is_host(&self, host: &Authority) -> bool {
        if host.as_str().contains('@') {
            return false;
        }
        let name = host.host();
        let port = host.port_u16();
        if host.port().is_some() && port.is_none() {
            return false;
        }
        let here = port.is_none_or(|port| port == self.listen.port());
        if let Some(public) = &self.public
            && public
                .host_str()
                .is_some_and(|own| own.eq_ignore_ascii_case(name))
            && (here || port == public.port_or_known_default())
        {
            return true;
        }
        let ip = match name.strip_prefix('[').and_then(|v6| v6.strip_suffix(']')) {
            Some(v6) => v6.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
            None => name.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
        };
        let localhost = name.eq_ignore_ascii_case("localhost");
        if !self.listen.ip().is_loopback() {
            return localhost || ip.is_some();
        }
        here && (localhost || ip.is_some_and(|ip| ip.is_loopback() || ip == EMULATOR))
    }

    /// Whether this origin (RFC 6454 section 6.2) is the sandbox's, in a request to this host.
    pub(crate) fn is_origin(&self, origin: &[u8], host: &[u8]) -> bool {
        let own = [self.scheme.as_bytes(), b"://", host].concat();
        // With a TLS proxy in front, the page has another scheme than the sandbox.
        let public = self.public.as_ref().map(|_| self.url.as_bytes());
        origin.eq_ignore_ascii_case(&own)
            || public.is_some_and(|public| origin.eq_ignore_ascii_case(public))
    }
}

/// Whether this address is a loopback address or in a private network.
pub(crate) fn is_private(ip: IpAddr) -> bool {
    let bits = |ip| match ip {
        IpAddr::V4(ip) => (u128::from(u32::from(ip)) << 96, 32),
        IpAddr::V6(ip) => (u128::from(ip), 128),
    };
    PRIVATE.iter().any(|(network, prefix)| {
        let ((network, length), (ip, same)) = (bits(*network), bits(ip));
        length == same && (network ^ ip).checked_shr(128 - u32::from(*prefix)) == Some(0)
    })
}

/// The base URL for clients on this machine, of a sandbox that listens on this address.
fn base_url(scheme: &str, ip: IpAddr, port: u16) -> String {
    let ip: IpAddr = match ip {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    let host = match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    };
    match (scheme, port) {
        // An origin does not contain the scheme's default port (RFC 3986 section 6.2.3).
        ("http", 80) | ("https", 443) => format!("{scheme}://{host}"),
        _ => format!("{scheme}://{host}:{port}"),
    }
}

/// The addresses of this machine that other machines can use, the most probable first; empty if
/// the system does not list its interfaces.
fn machine(v4_only: bool) -> Vec<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let mut all: Vec<IpAddr> = interfaces
        .iter()
        .filter(|interface| !interface.is_loopback() && !interface.is_link_local())
        .map(|interface| interface.ip())
        .filter(|ip| ip.is_ipv4() || !v4_only)
        .collect();
    let outward = outward();
    all.sort_by_key(|ip| (outward != Some(*ip), *ip));
    all.dedup();
    all
}

/// The address of the default route, to distinguish it from bridges to virtual machines.
/// Connecting a datagram socket sends nothing; the target is a documentation address (RFC 5737).
fn outward() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(listen: &str, tls: bool, url: Option<&str>) -> Names {
        let url = url.map(|url| public(url).unwrap());
        Names::new(listen.parse().unwrap(), tls, url)
    }

    fn plain(listen: &str) -> Names {
        names(listen, false, None)
    }

    #[test]
    fn the_base_url_follows_from_the_address() {
        for (address, url) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("0.0.0.0:8080", "http://127.0.0.1:8080"),
            ("[::]:8080", "http://[::1]:8080"),
            ("192.0.2.1:80", "http://192.0.2.1"),
            ("[::1]:80", "http://[::1]"),
            ("127.0.0.1:443", "http://127.0.0.1:443"),
        ] {
            assert_eq!(plain(address).url(), url);
        }
        let tls = |listen| names(listen, true, None).url().to_owned();
        assert_eq!(tls("127.0.0.1:8443"), "https://127.0.0.1:8443");
        assert_eq!(tls("127.0.0.1:443"), "https://127.0.0.1");
        assert_eq!(tls("127.0.0.1:80"), "https://127.0.0.1:80");
    }

    #[test]
    fn a_public_url_is_an_origin() {
        let base = |url| names("127.0.0.1:81", false, Some(url)).url().to_owned();
        assert_eq!(base("https://Tunnel.example"), "https://tunnel.example");
        assert_eq!(
            base("https://tunnel.example:443/"),
            "https://tunnel.example"
        );
        assert_eq!(base("http://mac.local:81"), "http://mac.local:81");
        for (url, part) in [
            ("tunnel.example", "absolute"),
            ("", "absolute"),
            ("truid://tunnel.example", "http"),
            ("https://a@tunnel.example", "user"),
            ("https://tunnel.example/a", "path"),
            ("https://tunnel.example?a", "query"),
            ("https://tunnel.example/#", "fragment"),
        ] {
            assert!(public(url).unwrap_err().contains(part), "{url}");
        }
    }

    #[test]
    fn only_hosts_of_the_sandbox_are_allowed() {
        let own = |host: &str, listen: &str| {
            Authority::try_from(host).is_ok_and(|host| plain(listen).is_host(&host))
        };
        for host in [
            "127.0.0.1:81",
            "127.0.0.1",
            "[::1]:81",
            "localhost:81",
            "LocalHost",
            "10.0.2.2:81",
        ] {
            assert!(own(host, "127.0.0.1:81"), "{host}");
            assert!(own(host, "[::1]:81"), "{host}");
            assert!(own(host, "0.0.0.0:81"), "{host}");
        }
        for host in ["10.0.2.3:81", "192.0.2.1", "[2001:db8::1]:81"] {
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

    #[test]
    fn only_the_configured_domain_is_allowed() {
        let own = |host: &str| {
            let host = Authority::try_from(host).unwrap();
            names("127.0.0.1:81", false, Some("https://tunnel.example")).is_host(&host)
        };
        for host in [
            "tunnel.example",
            "Tunnel.Example:443",
            "tunnel.example:81",
            "localhost",
        ] {
            assert!(own(host), "{host}");
        }
        for host in [
            "tunnel.example:82",
            "a.tunnel.example",
            "tunnel.example.evil.example",
            "evil.example",
            "x@tunnel.example",
        ] {
            assert!(!own(host), "{host}");
        }
    }

    #[test]
    fn an_origin_must_have_the_right_scheme() {
        let own = |names: Names, origin: &str| names.is_origin(origin.as_bytes(), b"localhost:81");
        assert!(own(plain("127.0.0.1:81"), "http://localhost:81"));
        assert!(!own(plain("127.0.0.1:81"), "https://localhost:81"));
        let tls = names("127.0.0.1:81", true, None);
        assert!(own(tls.clone(), "https://localhost:81"));
        assert!(!own(tls, "http://localhost:81"));
        let tunnel = names("127.0.0.1:81", false, Some("https://tunnel.example"));
        assert!(own(tunnel.clone(), "https://tunnel.example"));
        assert!(!own(tunnel.clone(), "http://tunnel.example"));
        assert!(!own(tunnel, "null"));
    }

    #[test]
    fn other_machines_get_base_urls_on_the_network() {
        let names = plain("192.0.2.7:81");
        assert_eq!(names.beyond_loopback(), ["http://192.0.2.7:81"]);
        assert_eq!(plain("127.0.0.1:81").beyond_loopback(), [""; 0]);
        let all = plain("0.0.0.0:81");
        assert!(!all.addresses().iter().any(IpAddr::is_unspecified));
        for url in all.beyond_loopback() {
            assert!(all.leads_here(&Url::parse(&url).unwrap()), "{url}");
        }
    }

    #[test]
    fn private_addresses_are_recognized() {
        for (ip, permitted) in [
            ("127.0.0.1", true),
            ("127.255.255.255", true),
            ("10.0.2.2", true),
            ("172.16.0.1", true),
            ("172.31.255.255", true),
            ("172.32.0.0", false),
            ("192.168.255.1", true),
            ("192.169.0.1", false),
            ("100.64.0.1", true),
            ("100.128.0.1", false),
            ("8.8.8.8", false),
            ("::1", true),
            ("::2", false),
            ("::ffff:10.0.0.1", false),
            ("fd12::1", true),
            ("fe80::1", false),
            ("2001:db8::1", false),
        ] {
            assert_eq!(is_private(ip.parse::<IpAddr>().unwrap()), permitted, "{ip}");
        }
    }
}
