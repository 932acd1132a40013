//! The service's backend against the sandbox.

mod app;
mod around;
mod at_rest;
mod authentication;
mod bad_input;
#[cfg(unix)]
mod browser;
mod canary;
mod database;
mod document;
mod echoes;
mod failing;
mod held;
mod killed;
mod layer;
mod nodes;
mod onboarding;
mod over;
mod pages;
mod parrot;
mod schemathesis;
mod sessions;
mod support;
mod whole_login;
