//! The build habits of this workspace, in Rust, so that one command is the same
//! on every machine: `cargo xtask test` runs every test there is, `cargo xtask bindings`
//! writes the Kotlin and the Swift that go with the Rust, `cargo xtask size` measures the
//! library for phones, `cargo xtask deny` checks what the workspace depends on, `cargo xtask
//! load` measures the sandbox or a service, and `cargo xtask postgres` runs a server for tests
//! that are started by hand.
//!
//! They install what they need where they can. The first two say what they leave out and why,
//! and leave nothing out when the environment variable `CI` is set.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command talks to whoever started it"
)]

mod bindings;
mod deny;
mod install;
mod kotlin;
mod languages;
mod load;
mod outside;
mod postgres;
mod process;
mod pypi;
mod report;
mod size;
mod snippets;
mod swift;
mod swift_api;
mod tally;
mod test;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The build habits of Switchback.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    habit: Habit,
}

#[derive(Subcommand)]
enum Habit {
    /// Run every test there is: wasm and no_std builds, what the core has for
    /// other systems, the oldest Rust we promise, documentation, benchmarks (once
    /// each), the size of the library for phones, Kotlin, Swift, unit, doc and
    /// end-to-end tests. Installs what it needs where it can.
    Test,
    /// Check licences, bans and sources of every dependency, and the advisories
    /// where their database can be had. Installs cargo-deny.
    Deny,
    /// Write the Kotlin and the Swift that go with the Rust in bindings/.
    Bindings(bindings::Bindings),
    /// Measure the library for phones: how large it is, what a call costs, how soon a login can
    /// begin. Installs what it needs where it can.
    Size(size::Size),
    /// Run many whole logins against the sandbox, both built in release mode, on
    /// this machine: logins a second, times, memory.
    Load(load::Load),
    /// Run a PostgreSQL of its own until Ctrl-C, and say what `cargo test` needs to
    /// be told of it. Installs PostgreSQL where it can.
    Postgres,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.habit {
        Habit::Test => test::run_all(strictness()),
        Habit::Deny => deny::run_all(),
        Habit::Bindings(bindings) => bindings::run_all(&bindings),
        Habit::Size(size) => size::run_all(&size),
        Habit::Load(load) => load::run_all(&load),
        Habit::Postgres => postgres::run_all(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn strictness() -> report::Strictness {
    report::Strictness::from_ci(std::env::var("CI").ok().as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_makes_sense() {
        Arguments::command().debug_assert();
    }
}
