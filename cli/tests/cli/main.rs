//! The command, run as a person or a script runs it.

#[cfg(all(feature = "serve", unix))]
mod check_online;
mod demo;
mod doctor;
mod interrupt;
mod login;
#[cfg(all(feature = "serve", unix))]
mod machine_setup;
#[cfg(all(feature = "serve", unix))]
mod open_files;
mod openssl_authority;
mod sandbox;
#[cfg(all(feature = "serve", unix))]
mod serve;
#[cfg(all(feature = "serve", unix))]
mod serve_demo;
#[cfg(all(feature = "serve", unix))]
mod service_examples;
mod session;
mod sign;
mod store;
mod support;
#[cfg(all(feature = "serve", unix))]
mod systemd_unit;
mod timestamp;
#[cfg(all(feature = "serve", unix))]
mod tutorials;
mod usage;
