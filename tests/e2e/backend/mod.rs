//! The service's backend against the sandbox.

#[cfg(unix)]
mod browser;
mod database;
mod killed;
mod nodes;
mod pages;
mod sessions;
mod support;
mod whole_login;
