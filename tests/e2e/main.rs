//! What crosses crates: the core against the sandbox over real HTTP, against servers
//! that answer wrongly, and the cases that every language shares.

#![expect(clippy::unwrap_used, reason = "a test may panic: that is how it fails")]

mod allocations;
mod canary;
mod load;
mod login;
mod misbehaviour;
mod races;
mod secret_service;
mod session;
mod support;
mod vectors;
mod wrong_answers;
