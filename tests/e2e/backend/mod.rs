//! The service's backend against the sandbox.

mod at_rest;
mod bad_input;
mod canary;
mod database;
mod document;
mod killed;
mod nodes;
mod schemathesis;
mod sessions;
mod support;
mod whole_login;
