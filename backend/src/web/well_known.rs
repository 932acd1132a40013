//! The files that tell a phone which apps take the service's links.
//!
//! Phones read both files from the redirect URI's host, without following redirects, and require
//! this content type. Older systems of Apple read `/apple-app-site-association`. All systems that
//! know `components` (iOS 13 and later) read the file below `/.well-known/`, so the older path
//! does not exist.

use axum::Json;
use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use serde_json::{Value, json};

use super::apps::{AndroidApp, Apps};
use super::{Web, response, with_headers};
use crate::service::Service;

/// Apple reads the file about once a day; ten minutes let a developer see a change soon.
const CACHED: &str = "public, max-age=600";

/// `/.well-known/apple-app-site-association` and `/.well-known/assetlinks.json`, for
/// [`Web::apps`]. If there is no app for a system, its file does not exist.
pub fn well_known(service: &Service, web: &Web) -> Router {
    let redirect_uri = service.config().registration.redirect_uri().as_str();
    let uri = redirect_uri.parse::<Uri>().unwrap_or_default();
    let apple = apple(&web.apps, uri.path());
    let android = android(&web.apps);
    Router::new()
        .route(
            "/.well-known/apple-app-site-association",
            get(async || file(apple)),
        )
        .route("/.well-known/assetlinks.json", get(async || file(android)))
        .layer(axum::middleware::map_response(with_headers))
}

fn file(content: Option<Value>) -> Response {
    match content {
        Some(content) => ([(header::CACHE_CONTROL, CACHED)], Json(content)).into_response(),
        None => response::error(StatusCode::NOT_FOUND, "not_found"),
    }
}

/// Claims the redirect URI with any query, and no other link of the service.
fn apple(apps: &Apps, path: &str) -> Option<Value> {
    let components = json!([{ "/": path }]);
    (!apps.ios.is_empty()).then(
        || json!({ "applinks": { "details": [{ "appIDs": apps.ios, "components": components }] } }),
    )
}

/// An Android app's own manifest lists the links that it takes.
fn android(apps: &Apps) -> Option<Value> {
    let statement = |app: &AndroidApp| {
        json!({
            "relation": ["delegate_permission/common.handle_all_urls"],
            "target": {
                "namespace": "android_app",
                "package_name": app.package,
                "sha256_cert_fingerprints": app.sha256_cert_fingerprints,
            },
        })
    };
    (!apps.android.is_empty()).then(|| apps.android.iter().map(statement).collect())
}
