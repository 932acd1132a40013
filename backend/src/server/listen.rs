//! Accepts connections, decrypts them, serves HTTP/1.1 on them, and closes them at the end.
//!
//! Each connection has a slot among the others, deadlines for the bytes that its client sends and
//! reads, and a limit on its memory in this process and in the operating system.
//!
//! There is no HTTP/2: apps send one small request at a time, a proxy in front can speak HTTP/2 to
//! browsers, and HTTP/2 would need more memory for each connection.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use super::connections::{Connections, Slot};
use super::middleware::{PeerAddress, refuse};
use super::write_deadline::WriteDeadline;

/// The longest head of a request, in bytes.
const MAX_HEAD: usize = 16 << 10;

/// The socket buffer for each direction, in bytes: more than a head and a body.
const BUFFER: u32 = 64 << 10;

/// The number of connections that the operating system queues until they are accepted.
const BACKLOG: u32 = 1024;

/// The pause after an error in accepting.
const PAUSE: Duration = Duration::from_millis(100);

/// Listens, with socket buffers of a limited size.
pub(super) fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }?;
    // On Windows the option would let another program take over the address.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.set_recv_buffer_size(BUFFER)?;
    socket.set_send_buffer_size(BUFFER)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// The TLS configuration for new connections. A reload replaces it.
pub(super) type CurrentTlsConfig = Arc<RwLock<Arc<rustls::ServerConfig>>>;

/// A server for one listener.
#[derive(Clone)]
pub(super) struct HttpServer {
    pub(super) router: Router,
    pub(super) certificate: Option<CurrentTlsConfig>,
    pub(super) connections: Arc<Connections>,
    /// How long the head of a request or a handshake may take.
    pub(super) read_within: Duration,
    /// How long a write may make no progress.
    pub(super) write_within: Duration,
}

impl HttpServer {
    /// Accepts connections until `stop` is true or closed, and then waits for the requests under
    /// way.
    pub(super) async fn serve(self, socket: TcpListener, mut stop: watch::Receiver<bool>) {
        let connections = GracefulShutdown::new();
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(self.read_within)
            .max_buf_size(MAX_HEAD);
        let mut is_accepting = true;
        loop {
            let accepted = tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => break,
                accepted = self.accept(&socket) => accepted,
            };
            match accepted {
                Ok(Some((stream, peer, slot))) => {
                    is_accepting = true;
                    let (server, http) = (self.clone(), http.clone());
                    let watcher = connections.watcher();
                    tokio::spawn(async move {
                        let closed = slot.closed();
                        // A broken connection needs no answer.
                        tokio::select! {
                            biased;
                            () = closed => {}
                            _ = server.handle(stream, peer, slot, http, watcher) => {}
                        }
                    });
                }
                Ok(None) => {}
                Err(error) if affects_one_connection(&error) => {}
                Err(error) => {
                    // Most often the process has too many open files; this passes when some are
                    // closed.
                    if is_accepting {
                        tracing::error!(target: "switchback", event = "service.not-accepting", %error);
                    }
                    is_accepting = false;
                    self.connections.close_some();
                    let pause = tokio::time::sleep(PAUSE);
                    tokio::select! {
                        _ = stop.wait_for(|stop| *stop) => break,
                        () = pause => {}
                    }
                }
            }
        }
        drop(socket);
        connections.shutdown().await;
    }

    /// The next connection and its slot; `None` if there is no slot for it.
    async fn accept(
        &self,
        socket: &TcpListener,
    ) -> io::Result<Option<(TcpStream, PeerAddress, Slot)>> {
        let (stream, from) = socket.accept().await?;
        let slot = self.connections.slot(from.ip()).await;
        Ok(slot.map(|slot| (stream, PeerAddress(from.ip()), slot)))
    }

    async fn handle(
        self,
        stream: TcpStream,
        peer: PeerAddress,
        slot: Slot,
        http: http1::Builder,
        watcher: Watcher,
    ) -> Option<()> {
        stream.set_nodelay(true).ok()?;
        let stream = WriteDeadline::new(stream, self.write_within);
        let Some(certificate) = &self.certificate else {
            return self.serve_http(stream, peer, slot, &http, watcher).await;
        };
        let config = Arc::clone(&certificate.read().unwrap_or_else(PoisonError::into_inner));
        let handshake = TlsAcceptor::from(config).accept(stream);
        let stream = tokio::time::timeout(self.read_within, handshake)
            .await
            .ok()?
            .ok()?;
        self.serve_http(stream, peer, slot, &http, watcher).await
    }

    async fn serve_http(
        self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        peer: PeerAddress,
        slot: Slot,
        http: &http1::Builder,
        watcher: Watcher,
    ) -> Option<()> {
        let router = self.router;
        let service = service_fn(move |request: Request<Incoming>| {
            let active = slot.request();
            let router = router.clone();
            async move {
                let active = active.ok_or(io::ErrorKind::ConnectionAborted)?;
                if is_too_long(&request) {
                    let too_long = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
                    return Ok(refuse(too_long, "too_large").await);
                }
                let mut request = request.map(|body| Body::new(active.body(body)));
                request.extensions_mut().insert(peer);
                let Ok(response) = router.oneshot(request).await;
                Ok::<Response, io::Error>(response)
            }
        });
        let connection = http.serve_connection(TokioIo::new(stream), service);
        watcher.watch(connection).await.ok()
    }
}

/// Whether a head is too long. hyper reads in pieces, and a head that ends within the last piece
/// may be longer than hyper's buffer.
fn is_too_long(request: &Request<Incoming>) -> bool {
    let fields = request.headers().iter();
    let fields = fields.map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len());
    let target = request
        .uri()
        .path_and_query()
        .map_or(0, |target| target.as_str().len());
    target + fields.sum::<usize>() > MAX_HEAD
}

/// Whether the error is about the accepted connection only.
fn affects_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}
