//! Connections: accepted, decrypted, served with HTTP/1.1, and let go in peace.
//!
//! HTTP/1.1 and not HTTP/2: apps send one small request at a time, a proxy in front speaks
//! HTTP/2 to browsers, and what is not there holds no memory.

use std::io;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use super::front::Peer;

/// The longest head of a request, in bytes.
const LONGEST_HEAD: usize = 64 << 10;

/// What the acceptor uses now: another certificate takes its place while it runs.
pub(super) type Certificate = Arc<RwLock<Arc<rustls::ServerConfig>>>;

/// How connections are served.
#[derive(Clone)]
pub(super) struct Doorway {
    pub(super) router: Router,
    pub(super) certificate: Option<Certificate>,
    /// How long a head may take, or a handshake.
    pub(super) patience: Duration,
}

impl Doorway {
    /// Accepts until `stop` says so or is gone, and then waits for what is under way.
    pub(super) async fn serve(self, socket: TcpListener, mut stop: watch::Receiver<bool>) {
        let connections = GracefulShutdown::new();
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(self.patience)
            .max_buf_size(LONGEST_HEAD);
        loop {
            let accepted = tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => break,
                accepted = socket.accept() => accepted,
            };
            match accepted {
                Ok((stream, _)) => {
                    let (doorway, http) = (self.clone(), http.clone());
                    let watcher = connections.watcher();
                    tokio::spawn(async move {
                        // Whoever breaks the connection is told nothing, and nobody else.
                        let _ = doorway.welcome(stream, http, watcher).await;
                    });
                }
                Err(error) if is_of_one(&error) => {}
                Err(error) => {
                    // No more files, most often: it passes when some are closed.
                    tracing::error!(target: "switchback", event = "service.not-accepting", %error);
                    let pause = tokio::time::sleep(Duration::from_secs(1));
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

    async fn welcome(
        self,
        stream: TcpStream,
        http: http1::Builder,
        watcher: Watcher,
    ) -> Option<()> {
        let peer = Peer(stream.peer_addr().ok()?.ip());
        stream.set_nodelay(true).ok()?;
        let Some(certificate) = &self.certificate else {
            return self.talk(stream, peer, &http, watcher).await;
        };
        let config = Arc::clone(&certificate.read().unwrap_or_else(PoisonError::into_inner));
        let handshake = TlsAcceptor::from(config).accept(stream);
        let stream = tokio::time::timeout(self.patience, handshake)
            .await
            .ok()?
            .ok()?;
        self.talk(stream, peer, &http, watcher).await
    }

    async fn talk(
        self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        peer: Peer,
        http: &http1::Builder,
        watcher: Watcher,
    ) -> Option<()> {
        let router = self.router;
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            router.clone().oneshot(request.map(Body::new))
        });
        let connection = http.serve_connection(TokioIo::new(stream), service);
        watcher.watch(connection).await.ok()
    }
}

/// An error of the connection that was to be accepted, and of no other.
fn is_of_one(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}
