//! The service's backend against the sandbox.

mod app;
mod at_rest;
mod bad_input;
#[cfg(unix)]
mod browser;
mod canary;
mod database;
mod document;
mod killed;
mod nodes;
mod pages;
mod parrot;
mod schemathesis;
mod sessions;
mod support;
mod whole_login;
