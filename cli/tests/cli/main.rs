//! The command, run as a person or a script runs it.

mod demo;
mod interrupt;
mod login;
mod running;
mod sandbox;
#[cfg(all(feature = "serve", unix))]
mod serve;
mod session;
mod store;
mod usage;
