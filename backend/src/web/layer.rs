//! A layer for a service's own routes: a request passes only with a session.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse as _, Response};
use switchback_protocol::Purpose;
use switchback_protocol::grant::SessionEnd;
use tower::{Layer, Service as TowerService};

use super::cross_site::is_cross_site;
use super::request::PresentedCredential;
use super::{Web, WebState, response, session};
use crate::error::Error;
use crate::service::{LoggedIn, Service};

/// Lets a request pass only with a session for one of the purposes, and puts [`LoggedIn`] into the
/// request's extensions: the session for the first purpose that has one. Other requests get 401 and a stable reason. A request that changes
/// something (a POST, for example) with a cookie from a page of another origin gets 403; the
/// service's origin is the redirect URI's.
///
/// ```
/// # use axum::{Router, routing::get};
/// # use switchback_backend::{LoggedIn, Service, web::LoginLayer};
/// async fn hello(person: LoggedIn) -> String {
///     format!("you came for {}", person.purpose())
/// }
///
/// fn routes(service: &Service) -> Router {
///     Router::new().route("/hello", get(hello)).layer(LoginLayer::new(service))
/// }
/// ```
#[derive(Clone)]
pub struct LoginLayer {
    shared: Arc<LayerState>,
}

struct LayerState {
    state: WebState,
    purposes: Vec<Purpose>,
}

impl LoginLayer {
    /// A layer for the purpose [`Login`](Purpose::Login).
    pub fn new(service: &Service) -> Self {
        Self::for_purposes(service, [Purpose::Login])
    }

    /// A layer for any of these purposes.
    pub fn for_purposes(service: &Service, purposes: impl IntoIterator<Item = Purpose>) -> Self {
        Self {
            shared: Arc::new(LayerState {
                state: WebState::new(service.clone(), Web::default()),
                purposes: purposes.into_iter().collect(),
            }),
        }
    }
}

impl<S> Layer<S> for LoginLayer {
    type Service = LoginService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        LoginService {
            inner,
            shared: Arc::clone(&self.shared),
        }
    }
}

/// The service that [`LoginLayer`] makes.
#[derive(Clone)]
pub struct LoginService<S> {
    inner: S,
    shared: Arc<LayerState>,
}

impl<S, B> TowerService<Request<B>> for LoginService<S>
where
    S: TowerService<Request<B>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let fresh = self.inner.clone();
        // Calls the instance that was polled until it was ready.
        let mut inner = std::mem::replace(&mut self.inner, fresh);
        let shared = Arc::clone(&self.shared);
        Box::pin(async move {
            let (state, headers) = (&shared.state, request.headers());
            let presented = PresentedCredential::read(headers, &state.cookies);
            if !request.method().is_safe() && is_cross_site(headers, &presented, &state.origin) {
                return Ok(response::error(StatusCode::FORBIDDEN, "cross_site"));
            }
            match session::first_of(state, &presented, &shared.purposes).await {
                Ok(person) => {
                    request.extensions_mut().insert(person);
                    inner.call(request).await
                }
                Err(error) => Ok(response::for_error(&error)),
            }
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for LoggedIn {
    type Rejection = Response;

    /// Works only behind a [`LoginLayer`]; elsewhere the request is rejected with 401.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let person = parts.extensions.get::<Self>().cloned();
        person.ok_or_else(|| {
            response::for_error(&Error::LoginRequired(SessionEnd::NoSession)).into_response()
        })
    }
}
