//! The service's backend against the sandbox.

#[cfg(unix)]
mod browser;
mod pages;
mod sessions;
mod support;
mod whole_login;
