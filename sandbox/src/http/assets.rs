//! The static files: styles, scripts, the icon, and the manifest for the installation of the fake
//! app.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;

use crate::endpoints::answer::{self, Answer};
use crate::shared::Shared;

const CSS: &str = "text/css; charset=utf-8";
/// RFC 9239.
const SCRIPT: &str = "text/javascript; charset=utf-8";

macro_rules! files {
    ($($path:literal $kind:ident $file:literal;)*) => {
        pub(super) fn routes() -> Router<Arc<Shared>> {
            // Browsers request this icon automatically. It does not exist, without an error.
            let none = get(async || StatusCode::NO_CONTENT);
            Router::new().route("/favicon.ico", none)$(.route($path, get(async || -> Answer {
                let bytes: &'static [u8] = include_bytes!(concat!("../../", $file));
                answer::body(StatusCode::OK, $kind, bytes)
            })))*
        }
    };
}

const SVG: &str = "image/svg+xml";
const PNG: &str = "image/png";
/// Web Application Manifest (W3C).
const MANIFEST: &str = "application/manifest+json";

files! {
    "/sandbox/style.css" CSS "templates/style.css";
    "/sandbox/trace.css" CSS "templates/trace.css";
    "/sandbox/app.css" CSS "templates/app.css";
    "/sandbox/live.js" SCRIPT "templates/live.js";
    "/sandbox/app.js" SCRIPT "assets/app.js";
    "/sandbox/authorize.js" SCRIPT "assets/authorize.js";
    "/sandbox/copy.js" SCRIPT "assets/copy.js";
    "/sandbox/countdown.js" SCRIPT "assets/countdown.js";
    "/sandbox/icon.svg" SVG "assets/icon.svg";
    "/sandbox/icon-180.png" PNG "assets/icon-180.png";
    "/sandbox/icon-512.png" PNG "assets/icon-512.png";
    "/app/manifest.webmanifest" MANIFEST "assets/app.webmanifest";
}
