//! The service's backend against the sandbox.

mod app;
mod around;
mod at_rest;
mod authentication;
mod bad_input;
#[cfg(unix)]
mod browser;
mod canary;
mod clean_up;
pub(crate) mod database;
mod database_tls;
mod document;
mod failing;
mod forged;
mod held;
mod killed;
mod layer;
mod migration;
mod nodes;
mod onboarded;
mod onboarding;
mod over;
mod pages;
mod parrot;
mod quota;
mod same_person;
mod schemathesis;
mod sessions;
pub(crate) mod support;
mod tabs;
mod who;
mod whole_login;
