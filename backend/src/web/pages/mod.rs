//! Pages for a person's browser: one to log in on, and what is seen where a login ends.
//!
//! A page has all that it needs in itself, works without a script, and runs no script but its
//! own.

mod home;
mod html;
mod login;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::http::Uri;
use axum::routing::get;

use super::{Site, Web, origin, with_headers};
use crate::service::Service;

pub(super) use login::{come_back, is_framed, landed};
pub(crate) use login::{failed, not_found};

/// What the page at `/` is called, and what it may frame.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Page {
    /// The name of the service. The host of its redirect URI, where there is none.
    pub name: Option<String>,
    /// Origins, as in `https://login.example`, that the provider's page may be sent on to
    /// when it is in a frame. That of the provider's own endpoints need not be here.
    pub frame_origins: Vec<String>,
}

/// What the page knows beside the site.
struct Place {
    site: Site,
    name: String,
    /// With spaces between them.
    frame_origins: String,
    /// The origin of the page after a login or a log-out, where that is another one.
    after: Option<String>,
}

/// The page at `/`: logs in with a browser, shows who is logged in and what they shared, and
/// logs out. Where somebody declined or was refused, it says so: `/?login=access_denied`.
///
/// It begins and ends logins by the addresses of [`router`](super::router), so that both are
/// mounted together, with the same [`Web`]. A service that has a page of its own at `/` leaves
/// this one out.
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
    let site = Site::new(service, web);
    let provider = site.service.config().registration.provider().base_url();
    let all = std::iter::once(provider).chain(page.frame_origins.iter().map(String::as_str));
    let all: Vec<String> = all
        .filter_map(|url| url.parse::<Uri>().ok())
        .filter(|uri| uri.scheme().is_some())
        .map(|uri| origin(&uri))
        .collect();
    let place = Arc::new(Place {
        after: site.web.after_login.origin(),
        name: page.name.unwrap_or_else(|| site.name().to_owned()),
        frame_origins: all.join(" "),
        site,
    });
    Router::new()
        .route("/", get(home::home))
        .layer(axum::middleware::map_response(with_headers))
        .with_state(place)
}
