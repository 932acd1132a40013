//! `cargo xtask load`: measures the throughput of the sandbox or of a service on this machine. The
//! programs are built in release mode, and run as separate processes on loopback, with limits of
//! count and time.

mod measured_process;
mod sandbox;
mod service;
mod slow;
mod wrk;

use clap::{Args, Subcommand};

use crate::process::Failure;

/// The program to measure: the sandbox by default.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Load {
    #[command(subcommand)]
    what: Option<LoadTarget>,
    #[command(flatten)]
    sandbox: sandbox::Logins,
}

#[derive(Subcommand)]
enum LoadTarget {
    /// Measure `switchback serve`: authenticated requests and started logins per second, memory,
    /// and the time until it is ready. Needs wrk, and installs it if it can.
    Service(service::Requests),
    /// Measure `switchback serve` while clients hold thousands of sockets: the time of an answer,
    /// and memory
    Slow(slow::Sockets),
}

pub(crate) fn run_all(load: &Load) -> Result<(), Failure> {
    match &load.what {
        Some(LoadTarget::Service(load)) => service::run_all(load),
        Some(LoadTarget::Slow(load)) => slow::run_all(load),
        None => sandbox::run_all(&load.sandbox),
    }
}
