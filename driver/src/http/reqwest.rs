//! HTTP by reqwest and rustls.

use std::error::Error;
use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ::reqwest::{Client, ClientBuilder, Url, redirect, retry};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier, client::WantsClientCert};
use switchback_protocol::http::{MAX_BODY, Method, Request, Response};

use zeroize::Zeroize as _;

use super::content_coding::decoded;
use crate::ports::{BoxFuture, HttpTransport, TransportError};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Shorter than the time for which a token is still good when its refresh begins.
const TIMEOUT: Duration = Duration::from_secs(20);

/// HTTP/1.1 by reqwest, TLS by rustls with the system's certificates (webpki-roots on
/// Android), through the system's proxy; to loopback over plain http, and never through a
/// proxy.
///
/// What must arrive [once](Request::once) goes out on a connection of its own and is never
/// repeated: on a kept connection that the server has just closed nobody can tell whether it
/// arrived.
///
/// It hands ring to rustls, and sets nothing for the whole process. A program that uses
/// reqwest itself, without a TLS feature of its own, calls
/// [`install_default_crypto_provider`] first.
pub struct Reqwest {
    timeout: Duration,
    system: OnceLock<Clients>,
    loopback: OnceLock<Clients>,
}

/// Makes ring the default of rustls in this process, where there is none yet.
///
/// For programs that make clients of reqwest themselves: cargo builds one reqwest for all,
/// and by way of Switchback that one has rustls and no default. A client that is made without
/// a default panics, unless the program turns on a TLS feature of reqwest (`rustls`,
/// `native-tls`) or calls this first.
pub fn install_default_crypto_provider() {
    // An error says that there is one.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

struct Clients {
    /// Keeps connections, for what may be repeated.
    kept: Client,
    /// A connection for each request that must arrive once.
    once: Client,
}

impl Default for Reqwest {
    fn default() -> Self {
        Self::with_timeout(TIMEOUT)
    }
}

impl Reqwest {
    /// Gives up after 20 seconds. Nothing is loaded or opened before the first request.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives up after this long, counted to the end of the answer.
    pub fn with_timeout(timeout: Duration) -> Self {
        Self {
            timeout,
            system: OnceLock::new(),
            loopback: OnceLock::new(),
        }
    }

    /// Loads what requests to this address need, and sends none: what is wrong with this
    /// machine shows before the first one.
    ///
    /// # Errors
    /// [`TransportError::Local`] where this machine cannot connect; [`TransportError::NotSent`]
    /// where this is no address.
    pub fn prepare(&self, url: &str) -> Result<(), TransportError> {
        let url = Url::parse(url).map_err(|error| not_sent(&error))?;
        self.client(&url, false).map(drop)
    }

    fn client(&self, url: &Url, once: bool) -> Result<&Client, TransportError> {
        let clients = match is_loopback(url) {
            true => self.loaded(&self.loopback, no_certificates, ClientBuilder::no_proxy)?,
            false => self.loaded(&self.system, system_certificates, |builder| builder)?,
        };
        Ok(match once {
            false => &clients.kept,
            true => &clients.once,
        })
    }

    /// Loads what is missing. What could not be loaded may be there the next time.
    fn loaded<'a>(
        &self,
        place: &'a OnceLock<Clients>,
        certificates: Certificates,
        proxy: fn(ClientBuilder) -> ClientBuilder,
    ) -> Result<&'a Clients, TransportError> {
        if let Some(clients) = place.get() {
            return Ok(clients);
        }
        let clients = Clients::new(self.timeout, certificates, proxy)?;
        Ok(place.get_or_init(|| clients))
    }
}

impl HttpTransport for Reqwest {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let url = Url::parse(&request.url).map_err(|error| not_sent(&error))?;
            let client = self.client(&url, request.once)?;
            let mut outgoing = match request.method {
                Method::Get => client.get(url),
                Method::Post => client.post(url),
            };
            // None of a header means any coding (RFC 9110 §12.5.3).
            outgoing = outgoing.header("accept-encoding", "identity");
            for (name, value) in &request.headers {
                outgoing = outgoing.header(*name, value.expose());
            }
            if let Some(body) = &request.body {
                outgoing = outgoing.body(body.expose().to_owned());
            }
            let incoming = outgoing.send().await.map_err(classify)?;
            read(incoming).await
        })
    }
}

impl Clients {
    fn new(
        timeout: Duration,
        certificates: Certificates,
        proxy: fn(ClientBuilder) -> ClientBuilder,
    ) -> Result<Self, TransportError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(certificates)
            .map_err(|error| {
                local(format_args!(
                    "{}; install the system's CA certificates (ca-certificates), or name them in \
                     SSL_CERT_FILE",
                    reason(&error)
                ))
            })?
            .with_no_client_auth();
        let client = |connections: usize| {
            let builder = Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .redirect(redirect::Policy::none())
                .retry(retry::never())
                .referer(false)
                .pool_max_idle_per_host(connections)
                .connect_timeout(CONNECT_TIMEOUT)
                .timeout(timeout)
                .user_agent(concat!("switchback/", env!("CARGO_PKG_VERSION")));
            let built = proxy(builder).build();
            built.map_err(|error| local(reason(&error)))
        };
        Ok(Self {
            kept: client(2)?,
            once: client(0)?,
        })
    }
}

type Certificates = fn(ConfigBuilder<ClientConfig, WantsVerifier>) -> Verified;
type Verified = Result<ConfigBuilder<ClientConfig, WantsClientCert>, rustls::Error>;

/// Loopback is http: no certificate is trusted there.
fn no_certificates(tls: ConfigBuilder<ClientConfig, WantsVerifier>) -> Verified {
    Ok(tls.with_root_certificates(RootCertStore::empty()))
}

#[cfg(not(target_os = "android"))]
fn system_certificates(tls: ConfigBuilder<ClientConfig, WantsVerifier>) -> Verified {
    use rustls_platform_verifier::BuilderVerifierExt as _;
    tls.with_platform_verifier()
}

/// The platform verifier panics on Android unless Java has prepared it.
#[cfg(target_os = "android")]
fn system_certificates(tls: ConfigBuilder<ClientConfig, WantsVerifier>) -> Verified {
    let roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    Ok(tls.with_root_certificates(roots))
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let ip = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    url.scheme() == "http" && (host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback()))
}

async fn read(mut incoming: ::reqwest::Response) -> Result<Response, TransportError> {
    let too_long = |length: usize| length > MAX_BODY;
    if incoming
        .content_length()
        .is_some_and(|length| too_long(usize::try_from(length).unwrap_or(usize::MAX)))
    {
        return Err(TransportError::TooLong);
    }
    let text = |value: &::reqwest::header::HeaderValue| {
        String::from_utf8_lossy(value.as_bytes()).into_owned()
    };
    let mut response = Response {
        status: incoming.status().as_u16(),
        headers: incoming
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), text(value)))
            .collect(),
        body: Vec::new(),
    };
    while let Some(chunk) = incoming.chunk().await.map_err(classify)? {
        if too_long(response.body.len() + chunk.len()) {
            return Err(TransportError::TooLong);
        }
        extend(&mut response.body, &chunk);
    }
    decoded(response)
}

/// A body that grows moves, and leaves nothing where it was.
fn extend(body: &mut Vec<u8>, chunk: &[u8]) {
    let length = body.len() + chunk.len();
    if length > body.capacity() {
        let mut larger = Vec::with_capacity(length.next_power_of_two());
        larger.extend_from_slice(body);
        body.zeroize();
        *body = larger;
    }
    body.extend_from_slice(chunk);
}

/// Every request is on a new connection or may be repeated: what failed while connecting
/// never left.
fn classify(error: ::reqwest::Error) -> TransportError {
    let never_left = error.is_connect() || error.is_builder();
    let error = error.without_url();
    if !never_left {
        return TransportError::Lost(reason(&error));
    }
    let why = reason(&error);
    if layers(&error).any(is_untrusted) {
        return local(format_args!(
            "the server's certificate is not trusted here ({why}); install its CA on this \
             machine, and check the machine's clock"
        ));
    }
    if layers(&error).any(speaks_no_tls) {
        return TransportError::NotSent(
            "what answers there does not speak TLS: compare the port, and whether the address \
             begins with http://"
                .into(),
        );
    }
    if layers(&error).any(is_of_the_proxy) {
        return local(format_args!(
            "the proxy cannot be used ({why}); check HTTPS_PROXY, or the system's settings"
        ));
    }
    TransportError::NotSent(why)
}

/// An error, and all that caused it.
fn layers<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        let error: &'a (dyn Error + 'static) = *error;
        // What is in an error of the system's kind is not its source.
        let inner = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        match inner {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

fn is_untrusted(error: &(dyn Error + 'static)) -> bool {
    let tls = error.downcast_ref::<rustls::Error>();
    matches!(tls, Some(rustls::Error::InvalidCertificate(_)))
}

fn speaks_no_tls(error: &(dyn Error + 'static)) -> bool {
    let tls = error.downcast_ref::<rustls::Error>();
    matches!(tls, Some(rustls::Error::InvalidMessage(_)))
}

/// Its type is nobody's to name.
fn is_of_the_proxy(error: &(dyn Error + 'static)) -> bool {
    error.to_string().starts_with("tunnel error")
}

fn local(why: impl ToString) -> TransportError {
    TransportError::Local(why.to_string())
}

fn not_sent(error: &(dyn Error + 'static)) -> TransportError {
    TransportError::NotSent(reason(error))
}

/// The innermost cause says most: "connection refused", "unknown issuer". No layer
/// repeats what was sent.
fn reason(error: &(dyn Error + 'static)) -> String {
    layers(error)
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_grows_to_what_came() {
        let mut body = Vec::new();
        let all: Vec<u8> = (0..=255).collect();
        for chunk in all.chunks(7) {
            extend(&mut body, chunk);
        }
        assert_eq!(body, all);
    }
}
