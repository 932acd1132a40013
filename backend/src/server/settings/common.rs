//! Helpers of several checks: the place of a key in the file, and loopback URLs.

use std::net::IpAddr;

use axum::http::Uri;
use switchback_config_file::KeyPath;

/// The place of a key in a table.
pub(super) fn at(table: &str, key: &str) -> KeyPath {
    KeyPath::default().key(table).key(key)
}

/// The host of an http URL on loopback.
pub(super) fn loopback(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    let host = uri.host()?;
    let is_loopback = host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<IpAddr>()
            .is_ok_and(|ip| ip.is_loopback());
    (uri.scheme_str() == Some("http") && is_loopback).then(|| host.to_owned())
}
