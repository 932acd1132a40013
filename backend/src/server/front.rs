//! What every request goes through, in one place and in this order: it gets an id, is held to
//! the limits, is answered, and is counted. Whatever happens, the answer is ours.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::FutureExt as _;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Body as _;
use ipnet::IpNet;
use tokio::sync::Semaphore;
use tracing::Instrument as _;

use super::address;
use super::metrics::Metrics;
use super::rate::Starts;
use super::settings::Limits;
use crate::error::Error;
use crate::web::{Site, answer, is_browser, pages, with_headers};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const A_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// The routes that are answered however many requests are under way: whoever watches over the
/// service must not take it for dead when it is busy.
pub(super) const WATCHED: [&str; 2] = ["/health", "/ready"];

/// Whose connection a request came by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) IpAddr);

/// What all requests share.
pub(super) struct Front {
    pub(super) limits: Limits,
    pub(super) permits: Semaphore,
    pub(super) starts: Option<Starts>,
    /// The routes that begin a login.
    pub(super) start_routes: Vec<String>,
    pub(super) proxies: Vec<IpNet>,
    pub(super) metrics: Option<Arc<Metrics>>,
    /// Whether https is served here: then browsers are told to use nothing else (RFC 6797).
    pub(super) https: bool,
    pub(super) logs_requests: bool,
    pub(super) ids: Ids,
    /// For what a person's browser is shown.
    pub(super) site: Option<Site>,
}

/// Names for requests that come without one.
pub(super) struct Ids {
    first: u64,
    count: AtomicU64,
}

impl Ids {
    pub(super) fn new() -> Result<Self, getrandom::Error> {
        Ok(Self {
            first: getrandom::u64()?,
            count: AtomicU64::new(0),
        })
    }

    /// The one that a request came with, where it can stand in a log; or else a new one.
    fn of(&self, headers: &HeaderMap) -> HeaderValue {
        let is_plain = |b: &u8| b.is_ascii_alphanumeric() || b"-_.".contains(b);
        let given = headers.get(REQUEST_ID);
        if let Some(given) = given.filter(|id| (1..=128).contains(&id.len()))
            && given.as_bytes().iter().all(is_plain)
        {
            return given.clone();
        }
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        // No two are the same, and they do not look alike.
        let id = self
            .first
            .wrapping_add(count.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let id = HeaderValue::try_from(format!("{id:016x}"));
        id.unwrap_or(HeaderValue::from_static("-"))
    }
}

/// The middleware.
pub(super) async fn pass(
    State(front): State<Arc<Front>>,
    mut request: Request,
    next: Next,
) -> Response {
    let since = Instant::now();
    let id = front.ids.of(request.headers());
    // A page shows it.
    request.headers_mut().insert(REQUEST_ID, id.clone());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    let text = id.to_str().unwrap_or_default();
    let span = tracing::info_span!(target: "switchback", "request", id = text);
    let answered = async {
        let answered = AssertUnwindSafe(front.answer(request, next, route)).catch_unwind();
        let Ok(response) = answered.await else {
            tracing::error!(target: "switchback", event = "request.panicked", route);
            return refuse(StatusCode::INTERNAL_SERVER_ERROR, "server_error").await;
        };
        if front.logs_requests {
            let (status, ms) = (response.status().as_u16(), since.elapsed().as_millis());
            tracing::info!(
                target: "switchback", event = "request.answered", %method, route, status, %ms
            );
        }
        response
    };
    let mut response = answered.instrument(span.clone()).await;
    if let Some(metrics) = &front.metrics {
        metrics.count(&method, route, response.status().as_u16(), since.elapsed());
    }
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id);
    if front.https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, A_YEAR);
    }
    response
}

impl Front {
    async fn answer(&self, request: Request, next: Next, route: &str) -> Response {
        if let Some(starts) = &self.starts
            && self.start_routes.iter().any(|start| start == route)
            && let Some(Peer(peer)) = request.extensions().get()
            && let Err(seconds) =
                starts.count(address::client(*peer, request.headers(), &self.proxies))
        {
            return self
                .too_many(request.headers(), request.uri().path(), seconds)
                .await;
        }
        let request = match self.with_body(request).await {
            Ok(request) => request,
            Err((status, code)) => return refuse(status, code).await,
        };
        // Not before: whoever sends slowly takes nobody's place.
        let permit = self.permits.try_acquire();
        if permit.is_err() && !WATCHED.contains(&route) {
            let busy = StatusCode::SERVICE_UNAVAILABLE;
            return later(busy, "temporarily_unavailable", 1).await;
        }
        next.run(request).await
    }

    /// For a person a page, with a link to begin again.
    async fn too_many(&self, headers: &HeaderMap, again: &str, seconds: u64) -> Response {
        match self.site.as_ref().filter(|_| is_browser(headers)) {
            Some(site) => {
                let retry_after = u32::try_from(seconds).unwrap_or(u32::MAX);
                let error = Error::TooManyRequests { retry_after };
                with_headers(pages::failed(site, headers, &error, Some(again))).await
            }
            None => later(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", seconds).await,
        }
    }

    /// The request with its body in memory: the little that it may be, and in time.
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

/// An answer of the server's own, which looks like the others.
pub(super) async fn refuse(status: StatusCode, code: &str) -> Response {
    with_headers(answer::error(status, code)).await
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
    fn an_id_is_taken_over_where_it_can_stand_in_a_log() {
        let ids = Ids::new().unwrap();
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

    fn front(requests: usize) -> Arc<Front> {
        Arc::new(Front {
            limits: Limits::default(),
            permits: Semaphore::new(requests),
            starts: None,
            start_routes: Vec::new(),
            proxies: Vec::new(),
            metrics: None,
            https: false,
            logs_requests: false,
            ids: Ids::new().unwrap(),
            site: None,
        })
    }

    fn router(front: &Arc<Front>) -> axum::Router {
        async fn broken() -> Response {
            panic!("on purpose")
        }
        let pass = axum::middleware::from_fn_with_state(Arc::clone(front), pass);
        axum::Router::new()
            .route("/broken", axum::routing::get(broken))
            .route("/health", axum::routing::get(async || "alive"))
            .layer(pass)
    }

    async fn asked(front: &Arc<Front>, path: &str) -> (StatusCode, HeaderMap, String) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = tower::ServiceExt::oneshot(router(front), request);
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
    async fn a_panic_is_answered_and_the_next_request_as_well() {
        let front = front(1);
        for _ in 0..2 {
            let (status, headers, body) = asked(&front, "/broken").await;
            assert_eq!(
                (status.as_u16(), &*body),
                (500, r#"{"error":"server_error"}"#)
            );
            assert_eq!(headers[header::CACHE_CONTROL], "no-store");
            assert!(headers.contains_key(REQUEST_ID));
        }
    }

    #[tokio::test]
    async fn beyond_so_many_at_once_only_whoever_watches_is_answered() {
        let front = front(1);
        let under_way = front.permits.acquire().await.unwrap();
        let (status, headers, body) = asked(&front, "/broken").await;
        assert_eq!(
            (status.as_u16(), &*body),
            (503, r#"{"error":"temporarily_unavailable"}"#)
        );
        assert_eq!(headers[header::RETRY_AFTER], "1");
        assert_eq!(asked(&front, "/health").await.2, "alive");
        drop(under_way);
        assert_eq!(asked(&front, "/broken").await.0, 500);
    }

    #[tokio::test]
    async fn whoever_sends_slowly_takes_nobodys_place() {
        let front = front(1);
        let never = futures_util::stream::pending::<Result<axum::body::Bytes, std::io::Error>>();
        let slow = Request::get("/broken").body(Body::from_stream(never));
        let mut slow = tower::ServiceExt::oneshot(router(&front), slow.unwrap());
        assert!((&mut slow).now_or_never().is_none(), "its body is awaited");
        assert_eq!(asked(&front, "/broken").await.0, 500);
    }
}
