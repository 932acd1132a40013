//! The files by which a phone knows that an app may take the service's links.
//!
//! Both are read from the redirect URI's host, without a redirect and with this content type.
//! Apple's systems had an older place for theirs, `/apple-app-site-association`; all that
//! know `components` (iOS 13 and later) look below `/.well-known/`, so that nothing is there.

use axum::Json;
use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use serde_json::{Value, json};

use super::apps::{AndroidApp, Apps};
use super::{Web, response, with_headers};
use crate::service::Service;

/// Apple asks about once a day by itself; who changes the file does not want to wait.
const CACHED: &str = "public, max-age=600";

/// `/.well-known/apple-app-site-association` and `/.well-known/assetlinks.json`, for
/// [`Web::apps`]. Where there is no app for a system, its file is not there.
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

/// Claims the redirect URI, whatever its query, and nothing else: other links of the service
/// are not ours to give away.
fn apple(apps: &Apps, path: &str) -> Option<Value> {
    let components = json!([{ "/": path }]);
    (!apps.ios.is_empty()).then(
        || json!({ "applinks": { "details": [{ "appIDs": apps.ios, "components": components }] } }),
    )
}

/// Which links an app takes, its own manifest says.
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
