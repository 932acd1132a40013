//! The service's backend against the sandbox.

mod app;
mod at_rest;
mod authentication;
mod bad_input;
mod beside_login;
#[cfg(unix)]
mod browser;
mod canary;
mod clean_up;
pub(crate) mod database;
mod database_client;
mod database_tls;
mod document;
mod failing;
mod forged;
mod killed;
mod layer;
mod migration;
mod nodes;
mod onboarding;
mod pages;
mod pause_point;
mod provider_answers;
mod quota;
mod redaction;
mod same_person;
mod schemathesis;
mod session_end;
mod session_route;
mod sessions;
mod signing;
mod statement_hook;
pub(crate) mod support;
mod tabs;
mod timestamped;
mod user_data;
mod whole_login;
