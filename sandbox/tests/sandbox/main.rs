//! Tests of the sandbox over HTTP.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[cfg(unix)]
mod browser;
mod config;
mod examples;
mod foreign;
mod http;
mod openapi;
mod signer;
mod signing;
mod support;
mod test_client;
mod tls;
