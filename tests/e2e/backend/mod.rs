//! The service's backend against the sandbox.

mod sessions;
mod support;
mod whole_login;
