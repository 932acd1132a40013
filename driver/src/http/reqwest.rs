//! The HTTP transport by reqwest and rustls.
//!
//! Before you change this: every error is sorted into "certainly not sent" and "may have arrived"
//! ([`TransportError`]), and a wrong "not sent" makes the driver send a refresh token twice. Only a
//! failure while connecting is "not sent". It is enough for that because a request that must arrive
//! [once](Request::once) never uses a connection that was used before.

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
/// Shorter than the remaining lifetime of an access token when its refresh begins.
const TIMEOUT: Duration = Duration::from_secs(20);

/// HTTP/1.1 by reqwest, with TLS by rustls. It uses the system's certificates (webpki-roots on
/// Android) and the system's proxy. Requests to loopback go by plain HTTP and never through a
/// proxy.
///
/// A request that must arrive [once](Request::once) gets a new connection and is never repeated. If
/// the server closes a reused connection at the moment of the request, the client cannot know
/// whether the request arrived.
///
/// It configures rustls with ring, and sets no default for the process. A program that also uses
/// reqwest directly, without a TLS feature of reqwest, calls [`install_default_crypto_provider`]
/// first.
pub struct Reqwest {
    timeout: Duration,
    system: OnceLock<Clients>,
    loopback: OnceLock<Clients>,
}

/// Makes ring the default crypto provider of rustls in this process, unless there is a default.
///
/// For programs that create reqwest clients themselves. cargo builds one reqwest for all crates,
/// and Switchback selects rustls without a default provider. Creating a client then panics, unless
/// the program enables a TLS feature of reqwest (`rustls`, `native-tls`) or calls this function
/// first.
pub fn install_default_crypto_provider() {
    // An error means that there is a default.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

struct Clients {
    /// Reuses connections; for requests that may be repeated.
    pooled: Client,
    /// A new connection for each request.
    once: Client,
}

impl Default for Reqwest {
    fn default() -> Self {
        Self::with_timeout(TIMEOUT)
    }
}

impl Reqwest {
    /// With a timeout of 20 seconds. Nothing is loaded or opened before the first request.
    pub fn new() -> Self {
        Self::default()
    }

    /// With this timeout, counted to the end of the answer.
    pub fn with_timeout(timeout: Duration) -> Self {
        Self {
            timeout,
            system: OnceLock::new(),
            loopback: OnceLock::new(),
        }
    }

    /// Loads certificates and proxy settings for this address, and sends no request: a problem with
    /// this machine shows before the first request.
    ///
    /// # Errors
    /// [`TransportError::Local`] if this machine cannot connect; [`TransportError::NotSent`] if
    /// `url` is not a URL.
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
            false => &clients.pooled,
            true => &clients.once,
        })
    }

    /// Loads the clients once. A failure is not stored: the next call tries again.
    fn loaded<'a>(
        &self,
        cell: &'a OnceLock<Clients>,
        certificates: Certificates,
        proxy: fn(ClientBuilder) -> ClientBuilder,
    ) -> Result<&'a Clients, TransportError> {
        if let Some(clients) = cell.get() {
            return Ok(clients);
        }
        let clients = Clients::new(self.timeout, certificates, proxy)?;
        Ok(cell.get_or_init(|| clients))
    }
}

impl HttpTransport for Reqwest {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let body = request.body.as_ref();
        let body = body.map_or_else(Vec::new, |body| body.expose().as_bytes().to_vec());
        self.send_bytes(request, body)
    }

    fn send_bytes(
        &self,
        request: Request,
        body: Vec<u8>,
    ) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let url = Url::parse(&request.url).map_err(|error| not_sent(&error))?;
            let client = self.client(&url, request.once)?;
            let mut outgoing = match request.method {
                Method::Get => client.get(url),
                Method::Post => client.post(url),
            };
            // Without this header a server may use any coding (RFC 9110 §12.5.3).
            outgoing = outgoing.header("accept-encoding", "identity");
            for (name, value) in &request.headers {
                outgoing = outgoing.header(*name, value.expose());
            }
            if request.method == Method::Post {
                outgoing = outgoing.body(body);
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
            pooled: client(2)?,
            once: client(0)?,
        })
    }
}

type Certificates = fn(ConfigBuilder<ClientConfig, WantsVerifier>) -> WithCertificates;
type WithCertificates = Result<ConfigBuilder<ClientConfig, WantsClientCert>, rustls::Error>;

/// Requests to loopback use http, so no certificate is trusted.
fn no_certificates(tls: ConfigBuilder<ClientConfig, WantsVerifier>) -> WithCertificates {
    Ok(tls.with_root_certificates(RootCertStore::empty()))
}

#[cfg(not(target_os = "android"))]
fn system_certificates(tls: ConfigBuilder<ClientConfig, WantsVerifier>) -> WithCertificates {
    use rustls_platform_verifier::BuilderVerifierExt as _;
    tls.with_platform_verifier()
}

/// On Android the platform verifier panics unless Java code has initialized it.
#[cfg(target_os = "android")]
fn system_certificates(tls: ConfigBuilder<ClientConfig, WantsVerifier>) -> WithCertificates {
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

/// Appends to a body. If the buffer must grow, the old buffer is overwritten, since it may hold
/// tokens.
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

/// Each request has a new connection or may be repeated, so a failure while connecting means that
/// the request was not sent.
fn classify(error: ::reqwest::Error) -> TransportError {
    let never_left = error.is_connect() || error.is_builder();
    let error = error.without_url();
    if !never_left {
        return TransportError::Lost(reason(&error));
    }
    let why = reason(&error);
    if error_chain(&error).any(is_untrusted) {
        return local(format_args!(
            "the server's certificate is not trusted here ({why}); install its CA on this \
             machine, and check the machine's clock"
        ));
    }
    if error_chain(&error).any(is_not_tls) {
        return TransportError::NotSent(
            "the server at this address does not speak TLS: check the port, and whether the URL \
             must begin with http://"
                .into(),
        );
    }
    if error_chain(&error).any(is_proxy_error) {
        return local(format_args!(
            "the proxy cannot be used ({why}); check HTTPS_PROXY, or the system's settings"
        ));
    }
    TransportError::NotSent(why)
}

/// An error and its causes.
fn error_chain<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        let error: &'a (dyn Error + 'static) = *error;
        // The inner error of an `io::Error` is not its `source`.
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

fn is_not_tls(error: &(dyn Error + 'static)) -> bool {
    let tls = error.downcast_ref::<rustls::Error>();
    matches!(tls, Some(rustls::Error::InvalidMessage(_)))
}

/// The type of this error is private to hyper-util.
fn is_proxy_error(error: &(dyn Error + 'static)) -> bool {
    error.to_string().starts_with("tunnel error")
}

fn local(why: impl ToString) -> TransportError {
    TransportError::Local(why.to_string())
}

fn not_sent(error: &(dyn Error + 'static)) -> TransportError {
    TransportError::NotSent(reason(error))
}

/// The innermost cause is the most helpful: "connection refused", "unknown issuer". No cause
/// contains parts of the request.
fn reason(error: &(dyn Error + 'static)) -> String {
    error_chain(error)
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn body_collects_all_chunks() {
        let mut body = Vec::new();
        let all: Vec<u8> = (0..=255).collect();
        for chunk in all.chunks(7) {
            extend(&mut body, chunk);
        }
        assert_eq!(body, all);
    }
}
