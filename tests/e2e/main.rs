//! Tests across crates: the core and the backend against the sandbox over real HTTP, against
//! servers that answer wrongly, and the test vectors that all languages share.

#![expect(clippy::unwrap_used, reason = "a test may panic: that is how it fails")]

mod allocations;
mod backend;
mod canary;
mod conformance;
mod damaged;
mod error_table;
mod guesses;
mod kill_points;
mod killed;
mod lease_takeover;
mod load;
mod log_out;
mod logged_ends;
mod login;
mod mediated;
mod misbehaviour;
mod mix_up;
mod moved_clock;
mod other_person;
mod other_provider;
mod pausable_transport;
mod phone_lock;
mod process;
mod races;
mod readme;
mod reinstall;
mod reqwest_beside;
mod rfc9700;
mod secret_service;
mod session;
mod session_events;
mod several_processes;
mod signatures;
mod store_faults;
mod support;
mod vectors;
mod wrong_answers;
mod wrong_clock;
