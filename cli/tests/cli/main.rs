//! The command, run as a person or a script runs it.

mod demo;
mod interrupt;
mod login;
mod running;
mod sandbox;
mod session;
mod store;
mod usage;
