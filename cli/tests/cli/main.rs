//! The command, run as a person or a script runs it.

mod demo;
mod interrupt;
#[cfg(all(feature = "serve", unix))]
mod local;
mod login;
mod running;
mod sandbox;
#[cfg(all(feature = "serve", unix))]
mod serve;
#[cfg(all(feature = "serve", unix))]
mod serve_demo;
mod session;
#[cfg(all(feature = "serve", unix))]
mod sockets;
mod store;
#[cfg(all(feature = "serve", unix))]
mod unit;
mod usage;
