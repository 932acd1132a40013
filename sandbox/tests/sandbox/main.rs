//! The sandbox as its users meet it: over real HTTP.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod config;
#[cfg(unix)]
mod browser;
mod foreign;
mod http;
mod scene;
mod support;
mod tls;
