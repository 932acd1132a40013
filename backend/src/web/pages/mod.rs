//! Pages for a person's browser: the home page, on which they log in, and the pages at the end of
//! a login.
//!
//! A page contains everything it needs, works without scripts, and runs only its own script.

mod home;
mod html;
mod login;
mod messages;

use std::sync::Arc;

use axum::Router;
use axum::http::Uri;
use axum::routing::get;

use super::{Web, WebState, origin, with_headers};
use crate::service::Service;

pub(crate) use login::{error_page, not_found};
pub(super) use login::{is_framed, leave_frame, return_page};

/// The name on the home page, and the origins that the page may frame.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Page {
    /// The name of the service. `None`: the host of its redirect URI.
    pub name: Option<String>,
    /// Further origins, as in `https://login.example`, to which the provider's page may redirect
    /// inside its frame. The origin of the provider's endpoints is always allowed.
    pub frame_origins: Vec<String>,
}

/// The state of the home page's handler.
struct PageState {
    state: WebState,
    name: String,
    /// With spaces between them.
    frame_origins: String,
    /// The origin of the page after a login or a log-out, if it is another one.
    after: Option<String>,
}

/// The home page at `/`: a person can log in, see the data that they shared, and log out. After a
/// login was declined or refused, the page says so: `/?login=access_denied`.
///
/// The page uses the addresses of [`router`](super::router): mount both, with the same [`Web`]. A
/// service with its own page at `/` does not mount this router.
///
/// ```
/// # use axum::Router;
/// # use switchback_backend::{Service, web::{self, Web, pages::Page}};
/// fn routes(service: &Service, web: &Web) -> Router {
///     let mut page = Page::default();
///     page.name = Some("Example".into());
///     web::router(service.clone(), web.clone())
///         .merge(web::pages::router(service.clone(), web.clone(), page))
///         .merge(web::well_known(service, web))
/// }
/// ```
pub fn router(service: Service, web: Web, page: Page) -> Router {
    let state = WebState::new(service, web);
    let provider = state.service.config().registration.provider().base_url();
    let all = std::iter::once(provider).chain(page.frame_origins.iter().map(String::as_str));
    let all: Vec<String> = all
        .filter_map(|url| url.parse::<Uri>().ok())
        .filter(|uri| uri.scheme().is_some())
        .map(|uri| origin(&uri))
        .collect();
    let page_state = Arc::new(PageState {
        after: state.web.after_login.origin(),
        name: page.name.unwrap_or_else(|| state.name().to_owned()),
        frame_origins: all.join(" "),
        state,
    });
    Router::new()
        .route("/", get(home::home))
        .layer(axum::middleware::map_response(with_headers))
        .with_state(page_state)
}
