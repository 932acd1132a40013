//! The service's backend against the sandbox.

mod app;
mod database;
mod killed;
mod nodes;
mod sessions;
mod support;
mod whole_login;
