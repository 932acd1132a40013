//! The loopback redirect URI (RFC 8252 section 7.3): this command listens at the address of the
//! redirect URI, and so receives the callback.
//!
//! Before you change this: every program and every web page on the machine can connect. The listener
//! only checks the path; the login decides by `state` whether a request is the callback.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tower::ServiceExt as _;
use url::{Host, Url};

use crate::exit::Failure;

/// How long the listener waits for its last answers when it stops.
const STOP_WITHIN: Duration = Duration::from_secs(1);

/// A request that is possibly the callback.
pub(crate) struct CallbackRequest {
    /// The whole URL. It possibly contains a code.
    pub(crate) url: String,
    answer: oneshot::Sender<Page>,
}

impl CallbackRequest {
    /// Sends the page that the person sees.
    pub(crate) fn answer(self, page: Page) {
        // The browser possibly closed the connection.
        let _ = self.answer.send(page);
    }
}

/// The page that the person sees in the browser.
#[derive(Clone, Copy)]
pub(crate) enum Page {
    /// The login is complete.
    LoggedIn,
    /// The login ended without success.
    Ended,
    /// The request was not the callback of a login that waits here.
    NotOurs,
}

/// A listener at a loopback redirect URI. It hands over each request to its path with
/// parameters, one after the other, until the callback has arrived. The answer to other requests
/// is 404.
pub(crate) struct Listener {
    requests: mpsc::Receiver<CallbackRequest>,
    stop: watch::Sender<bool>,
    servers: JoinSet<()>,
    has_fallback: bool,
}

struct CallbackRoute {
    redirect_uri: String,
    path: String,
    requests: mpsc::Sender<CallbackRequest>,
    /// The routes for all other requests: the demo's backend.
    fallback: Option<Router>,
}

/// The addresses to listen on for a redirect URI: none, unless it is `http` on loopback.
pub(crate) fn addresses(redirect_uri: &str) -> Vec<SocketAddr> {
    let Ok(url) = Url::parse(redirect_uri) else {
        return Vec::new();
    };
    let port = url.port_or_known_default().unwrap_or_default();
    let ips: &[IpAddr] = match url.host() {
        _ if url.scheme() != "http" => &[],
        Some(Host::Ipv4(ip)) if ip.is_loopback() => &[IpAddr::V4(ip)],
        Some(Host::Ipv6(ip)) if ip.is_loopback() => &[IpAddr::V6(ip)],
        // A browser uses one of the two.
        Some(Host::Domain("localhost")) => &[
            IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(Ipv6Addr::LOCALHOST),
        ],
        _ => &[],
    };
    ips.iter().map(|ip| SocketAddr::new(*ip, port)).collect()
}

impl Listener {
    /// Listens at the address of the redirect URI; `None` if that is not `http` on loopback.
    pub(crate) async fn at(redirect_uri: &str) -> Result<Option<Self>, Failure> {
        let mut sockets = Vec::new();
        for address in addresses(redirect_uri) {
            match TcpListener::bind(address).await {
                Ok(socket) => sockets.push(socket),
                // One of the two addresses of `localhost` is enough.
                Err(_) if !sockets.is_empty() => {}
                Err(error) => {
                    return Err(Failure::failed(format!(
                        "cannot listen for the callback on {address}: {error}"
                    ))
                    .next("end the program that listens there, or register a redirect URI with another port"));
                }
            }
        }
        Ok((!sockets.is_empty()).then(|| Self::on(sockets, redirect_uri, None)))
    }

    /// Listens on these sockets for this redirect URI. `fallback` receives all requests that are
    /// not a browser's callback, as a phone gives links to an app and sends the rest to the
    /// network.
    pub(crate) fn on(
        sockets: Vec<TcpListener>,
        redirect_uri: &str,
        fallback: Option<Router>,
    ) -> Self {
        let (sender, requests) = mpsc::channel(1);
        let has_fallback = fallback.is_some();
        let path = Url::parse(redirect_uri).map_or("/".into(), |url| url.path().to_owned());
        let route = Arc::new(CallbackRoute {
            redirect_uri: redirect_uri.into(),
            path,
            requests: sender,
            fallback,
        });
        let (stop, stopped) = watch::channel(false);
        let mut servers = JoinSet::new();
        for socket in sockets {
            let routes = Router::new()
                .fallback(handle)
                .with_state(Arc::clone(&route));
            let mut stopped = stopped.clone();
            servers.spawn(async move {
                let stopped = async move {
                    if stopped.wait_for(|stop| *stop).await.is_err() {
                        std::future::pending().await
                    }
                };
                let server = axum::serve(socket, routes).with_graceful_shutdown(stopped);
                // The server never returns an error: it repeats a failed accept.
                let _ = server.await;
            });
        }
        Self {
            requests,
            stop,
            servers,
            has_fallback,
        }
    }

    /// The next request that is possibly the callback.
    pub(crate) async fn next(&mut self) -> Option<CallbackRequest> {
        self.requests.recv().await
    }

    /// Stops after the last answer was sent. With a fallback, the server continues.
    pub(crate) async fn stop(mut self) {
        self.requests.close();
        if self.has_fallback {
            return self.servers.detach_all();
        }
        let _ = self.stop.send(true);
        let all = async { while self.servers.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(STOP_WITHIN, all).await;
    }
}

async fn handle(State(route): State<Arc<CallbackRoute>>, request: Request) -> Response {
    if let Some(fallback) = &route.fallback
        && (is_script(request.headers()) || request.uri().path() != route.path)
    {
        let Ok(response) = fallback.clone().oneshot(request).await;
        return response;
    }
    let (method, uri) = (request.method(), request.uri());
    let query = uri.query().unwrap_or_default();
    if uri.path() != route.path || query.is_empty() {
        return page(StatusCode::NOT_FOUND, "This page does not exist.");
    }
    if *method != Method::GET {
        return page(StatusCode::METHOD_NOT_ALLOWED, "This URL accepts only GET.");
    }
    let (answer, answered) = oneshot::channel();
    let request = CallbackRequest {
        url: format!("{}?{query}", route.redirect_uri),
        answer,
    };
    if route.requests.send(request).await.is_err() {
        return page(StatusCode::NOT_FOUND, "This login has ended.");
    }
    match answered.await {
        Ok(Page::LoggedIn) => page(
            StatusCode::OK,
            "You are logged in. You can close this window.",
        ),
        Ok(Page::Ended) => page(
            StatusCode::OK,
            "You are not logged in; the terminal shows the reason. You can close this window.",
        ),
        Ok(Page::NotOurs) => page(StatusCode::NOT_FOUND, "No login waits for this URL."),
        Err(_) => page(StatusCode::NOT_FOUND, "This login has ended."),
    }
}

/// Whether a script or an app sent the request. A web view sends its app's name in this header.
fn is_script(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all("x-requested-with").iter();
    values.any(|value| value.as_bytes().eq_ignore_ascii_case(b"xmlhttprequest"))
}

fn page(status: StatusCode, words: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Switchback</title>\
         <p>{words}</p></html>"
    );
    let mut headers = HeaderMap::new();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONNECTION, "close"),
        // The URL of this page contains the code.
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    (status, headers, html).into_response()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    #[test]
    fn xmlhttprequest_is_found_in_any_case_and_with_other_values() {
        let is_script = |values: &[&'static str]| {
            let values = values.iter().map(|value| HeaderValue::from_static(value));
            let headers = values.map(|value| (HeaderName::from_static("x-requested-with"), value));
            is_script(&headers.collect())
        };
        for values in [
            &["XMLHttpRequest"][..],
            &["xmlhttprequest"],
            &["com.example.shop", "XMLHttpRequest"],
        ] {
            assert!(is_script(values), "{values:?}");
        }
        for values in [&[][..], &[""], &["com.example.shop"], &["XMLHttpRequest2"]] {
            assert!(!is_script(values), "{values:?}");
        }
    }

    #[test]
    fn the_listener_takes_only_http_on_loopback() {
        let at = |uri| {
            addresses(uri)
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        assert_eq!(at("http://127.0.0.1:81/cb"), ["127.0.0.1:81"]);
        assert_eq!(at("http://[::1]:81/cb"), ["[::1]:81"]);
        assert_eq!(at("http://localhost:81"), ["127.0.0.1:81", "[::1]:81"]);
        for elsewhere in [
            "https://127.0.0.1:81/cb",
            "http://a.example/cb",
            "http://10.0.0.1:81/cb",
            "demoapp:///callback",
            "",
        ] {
            assert!(addresses(elsewhere).is_empty(), "{elsewhere}");
        }
    }
}
