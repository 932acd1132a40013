//! The connections, plain or with TLS, and [`ResetHandle`], with which a handler resets one: a
//! client must handle a server that reads a request and sends no answer.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// The time limit of a TLS handshake.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// The maximum number of concurrent handshakes.
const MAX_HANDSHAKES: usize = 64;

/// The answer to plain http on a port with TLS.
const WANTS_TLS: &[u8] = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\
    Content-Type: text/plain\r\nContent-Length: 65\r\n\r\n\
    This sandbox was started with TLS: its addresses begin https://.\n";

/// Resets the connection of a request. A handler gets it as `ConnectInfo<ResetHandle>`.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResetHandle(Arc<AtomicBool>);

impl ResetHandle {
    /// From now on, the sandbox writes nothing to the connection. It closes the connection with a
    /// reset instead of sending the answer of the handler.
    pub(crate) fn reset_connection(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// An error, if a handler has reset the connection.
    fn check(&self) -> io::Result<()> {
        if self.0.load(Ordering::Acquire) {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(())
    }
}

impl Connected<IncomingStream<'_, Connections>> for ResetHandle {
    fn connect_info(stream: IncomingStream<'_, Connections>) -> Self {
        stream.io().reset.clone()
    }
}

/// A listener for [`axum::serve()`].
pub(crate) struct Connections {
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    /// The open handshakes, each in a task, so that a slow client does not delay others.
    handshakes: JoinSet<Option<(Connection, SocketAddr)>>,
}

impl Connections {
    pub(crate) fn new(listener: TcpListener, tls: Option<Arc<ServerConfig>>) -> Self {
        Connections {
            listener,
            tls: tls.map(TlsAcceptor::from),
            handshakes: JoinSet::new(),
        }
    }
}

impl Listener for Connections {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            // `accept` retries after an error.
            let (stream, from) = tokio::select! {
                Some(done) = self.handshakes.join_next() => match done {
                    Ok(Some(connection)) => return connection,
                    _ => continue,
                },
                accepted = Listener::accept(&mut self.listener),
                    if self.handshakes.len() < MAX_HANDSHAKES => accepted,
            };
            // Otherwise small answers on a persistent connection can wait for the client's delayed
            // acknowledgement.
            let _ = stream.set_nodelay(true);
            match &self.tls {
                None => return (Connection::new(Stream::Plain(stream)), from),
                Some(tls) => {
                    let done = secure(tls.clone(), stream);
                    self.handshakes.spawn(async move {
                        let stream = timeout(HANDSHAKE_TIMEOUT, done).await.ok()??;
                        Some((Connection::new(stream), from))
                    });
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Does the handshake. A client that sends plain http gets an explanation.
async fn secure(tls: TlsAcceptor, mut stream: TcpStream) -> Option<Stream> {
    let mut first = [0];
    stream.peek(&mut first).await.ok()?;
    // TLS begins with 22 (RFC 8446 section 5.1), and http with the name of a method.
    if first[0].is_ascii_uppercase() {
        // Unread data would turn the end of the connection into a reset.
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(WANTS_TLS).await;
        let _ = stream.shutdown().await;
        return None;
    }
    let stream = tls.accept(stream).await.ok()?;
    Some(Stream::Secure(Box::new(stream)))
}

/// The transport of a connection.
enum Stream {
    Plain(TcpStream),
    Secure(Box<TlsStream<TcpStream>>),
}

/// A connection.
pub(crate) struct Connection {
    stream: Stream,
    reset: ResetHandle,
}

impl Connection {
    fn new(stream: Stream) -> Self {
        Connection {
            stream,
            reset: ResetHandle::default(),
        }
    }
}

impl Drop for Connection {
    /// With zero linger, the system closes the socket with a reset.
    fn drop(&mut self) {
        if self.reset.check().is_err() {
            let stream = match &self.stream {
                Stream::Plain(stream) => stream,
                Stream::Secure(stream) => stream.get_ref().0,
            };
            let _ = stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Stream::Secure(stream) => Pin::new(stream).poll_read(cx, buf),
        };
        ready!(read)?;
        Poll::Ready(self.reset.check())
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.reset.check()?;
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Stream::Secure(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.reset.check()?;
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
            Stream::Secure(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match &self.stream {
            Stream::Plain(stream) => stream.is_write_vectored(),
            Stream::Secure(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.reset.check()?;
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Secure(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.reset.check()?;
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Secure(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::extract::ConnectInfo;
    use axum::routing::{get, post};
    use tokio::sync::mpsc;

    use super::*;

    async fn served(app: Router) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = app.into_make_service_with_connect_info::<ResetHandle>();
        tokio::spawn(async { axum::serve(Connections::new(listener, None), app).await });
        address
    }

    const HELLO: &[u8] = b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";

    /// Sends a request, and reads until the body is complete.
    async fn hello(stream: &mut TcpStream) {
        stream.write_all(HELLO).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"hello") {
            assert!(stream.read_buf(&mut answer).await.unwrap() > 0);
        }
        assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
    }

    #[tokio::test]
    async fn a_reset_sends_no_byte_of_an_answer() {
        let (read, mut was_read) = mpsc::unbounded_channel();
        let app = Router::new()
            .route(
                "/gone",
                post(
                    async move |ConnectInfo(connection): ConnectInfo<ResetHandle>, body: String| {
                        read.send(body).unwrap();
                        connection.reset_connection();
                        "an answer that is not sent"
                    },
                ),
            )
            .route("/hello", get(async || "hello"));
        let to = served(app).await;
        let mut other = TcpStream::connect(to).await.unwrap();
        hello(&mut other).await;

        let mut stream = TcpStream::connect(to).await.unwrap();
        // A persistent connection, to see that the reset ends it.
        hello(&mut stream).await;
        stream
            .write_all(b"POST /gone HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody")
            .await
            .unwrap();
        let mut answer = Vec::new();
        let end = stream.read_to_end(&mut answer).await;
        assert_eq!(was_read.recv().await.as_deref(), Some("body"));
        assert_eq!(answer, b"");
        assert_eq!(end.unwrap_err().kind(), io::ErrorKind::ConnectionReset);

        hello(&mut other).await;
    }

    #[tokio::test]
    async fn a_reset_with_tls_sends_no_close_notify() {
        let folder = tempfile::tempdir().unwrap();
        let tls = crate::Tls {
            folder: folder.path().into(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let to = listener.local_addr().unwrap();
        let tls = tls
            .serve(&crate::network::addresses::Names::new(to, true, None))
            .unwrap();
        let app = Router::new().route(
            "/gone",
            get(async |ConnectInfo(connection): ConnectInfo<ResetHandle>| {
                connection.reset_connection()
            }),
        );
        let app = app.into_make_service_with_connect_info::<ResetHandle>();
        let connections = Connections::new(listener, Some(tls.config));
        tokio::spawn(async { axum::serve(connections, app).await });

        let mut roots = rustls::RootCertStore::empty();
        roots.add(tls.authority.certificate).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let client = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = tokio_rustls::TlsConnector::from(Arc::new(client));
        let stream = TcpStream::connect(to).await.unwrap();
        let name = rustls::pki_types::ServerName::try_from("localhost").unwrap();
        let mut stream = client.connect(name, stream).await.unwrap();
        stream
            .write_all(b"GET /gone HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .unwrap();
        let mut answer = Vec::new();
        let end = stream.read_to_end(&mut answer).await;
        assert_eq!(answer, b"");
        assert_eq!(end.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    }

    #[tokio::test]
    async fn pipelined_requests_are_lost_with_a_reset() {
        let app = Router::new()
            .route(
                "/gone",
                get(async |ConnectInfo(connection): ConnectInfo<ResetHandle>| {
                    connection.reset_connection()
                }),
            )
            .route("/hello", get(async || "hello"));
        let mut stream = TcpStream::connect(served(app).await).await.unwrap();
        let both = [b"GET /gone HTTP/1.1\r\nHost: x\r\n\r\n", HELLO].concat();
        stream.write_all(&both).await.unwrap();
        let mut answer = Vec::new();
        assert!(stream.read_to_end(&mut answer).await.is_err());
        assert_eq!(answer, b"");
    }
}
