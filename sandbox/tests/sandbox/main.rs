//! The sandbox as its users meet it: over real HTTP.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[cfg(unix)]
mod browser;
mod config;
mod examples;
mod foreign;
mod http;
mod openapi;
mod scene;
mod signer;
mod support;
mod tls;
