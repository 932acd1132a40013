//! One connection to the sandbox, kept open: HTTP/1.1, one request after another.

use std::net::SocketAddr;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, HeaderMap, HeaderValue};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// How much of a refusal the report repeats.
const ENOUGH: usize = 300;

/// A connection that is kept open.
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: HeaderValue,
}

/// Why a login failed.
pub(crate) enum Failure {
    /// The sandbox refused a request, or its answer was invalid: this login failed.
    Refused(String),
    /// The sandbox is not reachable: the run ends.
    Lost(String),
}

impl Connection {
    /// Connects, and runs the connection in a task.
    pub(crate) async fn open(to: SocketAddr) -> Result<Self, Failure> {
        let cannot = |error: &dyn std::fmt::Display| {
            Failure::Lost(format!("cannot connect to {to}: {error}"))
        };
        let stream = TcpStream::connect(to).await.map_err(|e| cannot(&e))?;
        stream.set_nodelay(true).map_err(|e| cannot(&e))?;
        let (sender, work) = handshake(TokioIo::new(stream))
            .await
            .map_err(|e| cannot(&e))?;
        // If the connection breaks, the next request fails.
        tokio::task::spawn_local(work);
        let host = HeaderValue::from_str(&to.to_string()).map_err(|e| cannot(&e))?;
        Ok(Connection { sender, host })
    }

    /// Sends a GET, with an access token if there is one.
    pub(crate) async fn get(
        &mut self,
        path: &str,
        access_token: Option<&str>,
    ) -> Result<Bytes, Failure> {
        let mut request = Request::new(Full::default());
        if let Some(token) = access_token {
            let bearer = HeaderValue::from_str(&format!("Bearer {token}"))
                .map_err(|_| Failure::Refused("no header can hold the access token".into()))?;
            request.headers_mut().insert(AUTHORIZATION, bearer);
        }
        self.send(path, request).await
    }

    /// Posts a form.
    pub(crate) async fn post(&mut self, path: &str, form: String) -> Result<Bytes, Failure> {
        let mut request = Request::new(Full::from(form));
        *request.method_mut() = Method::POST;
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, kind);
        self.send(path, request).await
    }

    /// Sends a GET as an app does, with a cookie if there is one. Returns the headers of the
    /// answer.
    pub(crate) async fn ask(
        &mut self,
        path: &str,
        cookie: Option<&str>,
    ) -> Result<HeaderMap, Failure> {
        let mut request = Request::new(Full::default());
        let headers = request.headers_mut();
        let xhr = HeaderValue::from_static("XMLHttpRequest");
        headers.insert("x-requested-with", xhr);
        if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::from_str(cookie).ok()) {
            headers.insert(COOKIE, cookie);
        }
        Ok(self.whole(path, request).await?.0)
    }

    async fn send(&mut self, path: &str, request: Request<Full<Bytes>>) -> Result<Bytes, Failure> {
        Ok(self.whole(path, request).await?.1)
    }

    async fn whole(
        &mut self,
        path: &str,
        mut request: Request<Full<Bytes>>,
    ) -> Result<(HeaderMap, Bytes), Failure> {
        // Without the query.
        let place = path.split('?').next().unwrap_or_default();
        let lost = |error: hyper::Error| Failure::Lost(format!("{place}: {error}"));
        *request.uri_mut() = path
            .parse()
            .map_err(|error| Failure::Refused(format!("{place}: not a path: {error}")))?;
        request.headers_mut().insert(HOST, self.host.clone());
        self.sender.ready().await.map_err(lost)?;
        let answer = self.sender.send_request(request).await.map_err(lost)?;
        let status = answer.status();
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.map_err(lost)?.to_bytes();
        if status.is_success() {
            return Ok((parts.headers, body));
        }
        let said = String::from_utf8_lossy(&body[..body.len().min(ENOUGH)]);
        Err(Failure::Refused(format!("{place}: {status}: {said}")))
    }
}
