//! The middleware of every request. In this order, a request gets an id, is checked against the
//! limits, is answered, and is counted. Every answer has the server's own format, also after a
//! panic.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::{FutureExt as _, StreamExt as _};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Body as _;
use ipnet::IpNet;
use tokio::sync::Semaphore;
use tracing::Instrument as _;

use super::address;
use super::metrics::Metrics;
use super::rate::StartLimiter;
use super::settings::Limits;
use crate::error::Error;
use crate::web::request::is_browser;
use crate::web::{WebState, pages, response, with_headers};

/// The lowest rate of a long body, in bytes per second.
const MIN_RATE: u64 = 1024;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const ONE_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// The routes that are answered even at the limit on requests, so that monitoring does not take a
/// busy server for a dead one.
pub(super) const HEALTH_ROUTES: [&str; 2] = ["/health", "/ready"];

/// The address of the connection that a request came on.
#[derive(Clone, Copy, Debug)]
pub(super) struct PeerAddress(pub(super) IpAddr);

/// The state that all requests share.
pub(super) struct MiddlewareState {
    pub(super) limits: Limits,
    pub(super) permits: Semaphore,
    pub(super) starts: Option<StartLimiter>,
    /// The routes that begin a login.
    pub(super) start_routes: Vec<String>,
    /// The route whose body may be of any length: its handler reads it in parts.
    pub(super) long_body: Option<String>,
    pub(super) proxies: Vec<IpNet>,
    pub(super) metrics: Option<Arc<Metrics>>,
    /// Whether this server has TLS. Browsers are then told to use only https (RFC 6797).
    pub(super) https: bool,
    pub(super) logs_requests: bool,
    pub(super) ids: RequestIds,
    /// For error pages in a browser. `None`: all errors are JSON.
    pub(super) web: Option<Arc<WebState>>,
}

impl MiddlewareState {
    /// For so many requests at the same time, and with every option off.
    pub(super) fn new(limits: Limits, requests: usize, ids: RequestIds) -> Self {
        Self {
            limits,
            permits: Semaphore::new(requests),
            starts: None,
            start_routes: Vec::new(),
            long_body: None,
            proxies: Vec::new(),
            metrics: None,
            https: false,
            logs_requests: false,
            ids,
            web: None,
        }
    }
}

/// Ids for requests without one.
pub(super) struct RequestIds {
    first: u64,
    count: AtomicU64,
}

impl RequestIds {
    pub(super) fn new() -> Result<Self, getrandom::Error> {
        Ok(Self {
            first: getrandom::u64()?,
            count: AtomicU64::new(0),
        })
    }

    /// The request's own id, if it is safe to log; otherwise a new one.
    fn of(&self, headers: &HeaderMap) -> HeaderValue {
        let is_plain = |b: &u8| b.is_ascii_alphanumeric() || b"-_.".contains(b);
        let given = headers.get(REQUEST_ID);
        if let Some(given) = given.filter(|id| (1..=128).contains(&id.len()))
            && given.as_bytes().iter().all(is_plain)
        {
            return given.clone();
        }
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        // The multiplication makes consecutive ids look different; no two are equal.
        let id = self
            .first
            .wrapping_add(count.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let id = HeaderValue::try_from(format!("{id:016x}"));
        id.unwrap_or(HeaderValue::from_static("-"))
    }
}

/// The middleware.
pub(super) async fn handle(
    State(middleware): State<Arc<MiddlewareState>>,
    mut request: Request,
    next: Next,
) -> Response {
    let since = Instant::now();
    let id = middleware.ids.of(request.headers());
    // Pages show it.
    request.headers_mut().insert(REQUEST_ID, id.clone());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    let text = id.to_str().unwrap_or_default();
    let span = tracing::info_span!(target: "switchback", "request", id = text);
    let answered = async {
        let answered = AssertUnwindSafe(middleware.answer(request, next, route)).catch_unwind();
        let Ok(response) = answered.await else {
            tracing::error!(target: "switchback", event = "request.panicked", route);
            return refuse(StatusCode::INTERNAL_SERVER_ERROR, "server_error").await;
        };
        if middleware.logs_requests {
            let (status, ms) = (response.status().as_u16(), since.elapsed().as_millis());
            tracing::info!(
                target: "switchback", event = "request.answered", %method, route, status, %ms
            );
        }
        response
    };
    let mut response = answered.instrument(span.clone()).await;
    if let Some(metrics) = &middleware.metrics {
        metrics.count(&method, route, response.status().as_u16(), since.elapsed());
    }
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id);
    if middleware.https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, ONE_YEAR);
    }
    response
}

impl MiddlewareState {
    async fn answer(&self, request: Request, next: Next, route: &str) -> Response {
        if let Some(starts) = &self.starts
            && self.start_routes.iter().any(|start| start == route)
            && let Some(PeerAddress(peer)) = request.extensions().get()
            && let Err(seconds) =
                starts.count(address::client(*peer, request.headers(), &self.proxies))
        {
            return self
                .too_many(request.headers(), request.uri().path(), seconds)
                .await;
        }
        let request = match self.long_body.as_deref() == Some(route) {
            true => self.with_long_body(request),
            false => match self.with_body(request).await {
                Ok(request) => request,
                Err((status, code)) => return refuse(status, code).await,
            },
        };
        // After the body was read: a client that sends slowly holds no permit.
        let permit = self.permits.try_acquire();
        if permit.is_err() && !HEALTH_ROUTES.contains(&route) {
            let busy = StatusCode::SERVICE_UNAVAILABLE;
            return later(busy, "temporarily_unavailable", 1).await;
        }
        next.run(request).await
    }

    /// For a browser, a page with a link that begins the login again.
    async fn too_many(&self, headers: &HeaderMap, again: &str, seconds: u64) -> Response {
        match self.web.as_ref().filter(|_| is_browser(headers)) {
            Some(state) => {
                let retry_after = u32::try_from(seconds).unwrap_or(u32::MAX);
                let error = Error::TooManyRequests { retry_after };
                with_headers(pages::error_page(state, headers, &error, Some(again))).await
            }
            None => later(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", seconds).await,
        }
    }

    /// The request with a body that ends with an error if the client sends it too slowly, since
    /// such a request holds a permit.
    fn with_long_body(&self, request: Request) -> Request {
        let window = Duration::from_secs(self.limits.read_seconds);
        let least = self.limits.read_seconds.saturating_mul(MIN_RATE);
        request.map(|body| {
            let parts = body.into_data_stream();
            let until = tokio::time::Instant::now() + window;
            let parts = futures_util::stream::unfold(
                (parts, until, least),
                move |(mut parts, mut until, mut missing)| async move {
                    let part = match tokio::time::timeout_at(until, parts.next()).await {
                        Ok(part) => part?.map_err(std::io::Error::other),
                        Err(_) => Err(std::io::ErrorKind::TimedOut.into()),
                    };
                    let length = part.as_ref().map_or(0, Bytes::len);
                    missing = missing.saturating_sub(u64::try_from(length).unwrap_or(u64::MAX));
                    if missing == 0 {
                        (until, missing) = (tokio::time::Instant::now() + window, least);
                    }
                    Some((part, (parts, until, missing)))
                },
            );
            Body::from_stream(parts)
        })
    }

    /// The request with its body in memory, within the limits on length and time.
    async fn with_body(&self, request: Request) -> Result<Request, (StatusCode, &'static str)> {
        let too_large = (StatusCode::PAYLOAD_TOO_LARGE, "too_large");
        let hint = request.body().size_hint();
        if hint.exact() == Some(0) {
            return Ok(request);
        }
        if usize::try_from(hint.lower()).map_or(true, |length| length > self.limits.body) {
            return Err(too_large);
        }
        let (parts, body) = request.into_parts();
        let limit = Duration::from_secs(self.limits.read_seconds);
        let read = Limited::new(body, self.limits.body).collect();
        let body = match tokio::time::timeout(limit, read).await {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(error)) if error.is::<LengthLimitError>() => return Err(too_large),
            Ok(Err(_)) => return Err((StatusCode::BAD_REQUEST, "invalid_request")),
            Err(_) => return Err((StatusCode::REQUEST_TIMEOUT, "too_slow")),
        };
        Ok(Request::from_parts(parts, Body::from(body)))
    }
}

/// An error response of the server itself, in the format of all others.
pub(super) async fn refuse(status: StatusCode, code: &str) -> Response {
    with_headers(response::error(status, code)).await
}

async fn later(status: StatusCode, code: &str, seconds: u64) -> Response {
    let mut response = refuse(status, code).await;
    let seconds = HeaderValue::from(seconds);
    response.headers_mut().insert(header::RETRY_AFTER, seconds);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_id_is_kept_only_if_safe_to_log() {
        let ids = RequestIds::new().unwrap();
        let of = |given: &str| {
            let headers = HeaderMap::from_iter([(REQUEST_ID, given.parse().unwrap())]);
            ids.of(&headers).to_str().unwrap().to_owned()
        };
        assert_eq!(of("abc-1.2_3"), "abc-1.2_3");
        let mut made = vec![ids.of(&HeaderMap::new()).to_str().unwrap().to_owned()];
        for strange in ["", "a b", "a\tb", "{\"a\":1}", &"x".repeat(129)] {
            made.push(of(strange));
        }
        assert!(made.iter().all(|id| id.len() == 16), "{made:?}");
        made.sort();
        made.dedup();
        assert_eq!(made.len(), 6);
    }

    fn middleware(requests: usize) -> Arc<MiddlewareState> {
        let ids = RequestIds::new().unwrap();
        Arc::new(MiddlewareState::new(Limits::default(), requests, ids))
    }

    fn router(middleware: &Arc<MiddlewareState>) -> axum::Router {
        async fn broken() -> Response {
            panic!("on purpose")
        }
        let handle = axum::middleware::from_fn_with_state(Arc::clone(middleware), handle);
        axum::Router::new()
            .route("/broken", axum::routing::get(broken))
            .route("/health", axum::routing::get(async || "alive"))
            .layer(handle)
    }

    async fn asked(
        middleware: &Arc<MiddlewareState>,
        path: &str,
    ) -> (StatusCode, HeaderMap, String) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = tower::ServiceExt::oneshot(router(middleware), request);
        let response = response.await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        (
            parts.status,
            parts.headers,
            String::from_utf8(body).unwrap(),
        )
    }

    #[tokio::test]
    async fn a_panic_is_answered_and_does_not_stop_the_server() {
        let middleware = middleware(1);
        for _ in 0..2 {
            let (status, headers, body) = asked(&middleware, "/broken").await;
            assert_eq!(
                (status.as_u16(), &*body),
                (500, r#"{"error":"server_error"}"#)
            );
            assert_eq!(headers[header::CACHE_CONTROL], "no-store");
            assert!(headers.contains_key(REQUEST_ID));
        }
    }

    #[tokio::test]
    async fn at_the_request_limit_only_health_routes_answer() {
        let middleware = middleware(1);
        let under_way = middleware.permits.acquire().await.unwrap();
        let (status, headers, body) = asked(&middleware, "/broken").await;
        assert_eq!(
            (status.as_u16(), &*body),
            (503, r#"{"error":"temporarily_unavailable"}"#)
        );
        assert_eq!(headers[header::RETRY_AFTER], "1");
        assert_eq!(asked(&middleware, "/health").await.2, "alive");
        drop(under_way);
        assert_eq!(asked(&middleware, "/broken").await.0, 500);
    }

    /// Reads a body in parts, as the handler of a document does.
    async fn length(body: Body) -> Response {
        let mut parts = body.into_data_stream();
        let mut length = 0;
        while let Some(part) = parts.next().await {
            match part {
                Ok(part) => length += part.len(),
                Err(error) => return crate::web::signatures::unread(&error),
            }
        }
        response::json(StatusCode::OK, serde_json::json!(length))
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_long_body_has_no_limit_on_its_length() {
        let ids = RequestIds::new().unwrap();
        let middleware = Arc::new(MiddlewareState {
            long_body: Some("/long".into()),
            ..MiddlewareState::new(Limits::default(), 8, ids)
        });
        let handle = axum::middleware::from_fn_with_state(Arc::clone(&middleware), handle);
        let router = axum::Router::new()
            .route("/long", axum::routing::post(length))
            .route("/short", axum::routing::post(length))
            .layer(handle);
        let send = async |path: &str, body: Body| {
            let request = Request::post(path).body(body).unwrap();
            let response = tower::ServiceExt::oneshot(router.clone(), request);
            response.await.unwrap().status().as_u16()
        };
        let part = axum::body::Bytes::from(vec![7; 1 << 20]);
        let parts = || {
            let parts = vec![part.clone(); 8].into_iter();
            futures_util::stream::iter(parts.map(Ok::<_, std::io::Error>))
        };
        assert_eq!(send("/long", Body::from_stream(parts())).await, 200);
        assert_eq!(send("/short", Body::from_stream(parts())).await, 413);
        // A client that stops sending, or sends a byte now and then, does not hold its request.
        let stalled = parts().chain(futures_util::stream::pending());
        assert_eq!(send("/long", Body::from_stream(stalled)).await, 408);
        let drops = futures_util::stream::repeat(()).then(async |()| {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok::<_, std::io::Error>(axum::body::Bytes::from_static(b"x"))
        });
        assert_eq!(send("/long", Body::from_stream(drops)).await, 408);
        // A slow client that sends enough is waited for.
        let slow = futures_util::stream::iter(0..120).then(async |_| {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok::<_, std::io::Error>(axum::body::Bytes::from(vec![7; 2048]))
        });
        assert_eq!(send("/long", Body::from_stream(slow)).await, 200);
        let broken = futures_util::stream::iter([Err(std::io::ErrorKind::UnexpectedEof)]);
        let broken = broken.map(|it: Result<Bytes, _>| it.map_err(std::io::Error::from));
        assert_eq!(send("/long", Body::from_stream(broken)).await, 400);
    }

    #[tokio::test]
    async fn a_slow_body_does_not_use_a_request_permit() {
        let middleware = middleware(1);
        let never = futures_util::stream::pending::<Result<axum::body::Bytes, std::io::Error>>();
        let slow = Request::get("/broken").body(Body::from_stream(never));
        let mut slow = tower::ServiceExt::oneshot(router(&middleware), slow.unwrap());
        assert!((&mut slow).now_or_never().is_none(), "its body is awaited");
        assert_eq!(asked(&middleware, "/broken").await.0, 500);
    }
}
