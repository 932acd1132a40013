//! `cargo xtask load`: how much the sandbox does on this machine, and how much a service:
//! both are built in release mode, and are processes of their own. Loopback only, and
//! bounded in count and time.

mod measured_process;
mod sandbox;
mod service;
mod slow;
mod wrk;

use clap::{Args, Subcommand};

use crate::process::Failure;

/// What is loaded: the sandbox, unless it is said.
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
    /// `switchback serve`: authenticated requests and logins begun a second, memory, and how
    /// soon it is ready. Needs wrk, and installs it where it can.
    Service(service::Requests),
    /// `switchback serve` while thousands of sockets are held against it: how soon it answers,
    /// and its memory
    Slow(slow::Sockets),
}

pub(crate) fn run_all(load: &Load) -> Result<(), Failure> {
    match &load.what {
        Some(LoadTarget::Service(load)) => service::run_all(load),
        Some(LoadTarget::Slow(load)) => slow::run_all(load),
        None => sandbox::run_all(&load.sandbox),
    }
}
