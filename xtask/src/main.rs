//! `cargo xtask`: what is done with this workspace beside compiling it, in Rust, so that one
//! command is the same on every machine. `cargo xtask test` runs every test, `bindings` writes
//! the Kotlin and the Swift that go with the Rust, `size` measures the library for phones,
//! `deny` checks what the workspace depends on, `fuzz` looks for inputs that make something go
//! wrong, `load` measures the sandbox or a service, and `postgres` runs a server for tests that are
//! started by hand.
//!
//! Each task installs what it needs where it can. `test` says what it leaves out and why. When the
//! environment variable `CI` is set it leaves nothing out.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command talks to whoever started it"
)]

mod bindings;
mod browsers;
mod deny;
mod doc_code;
mod fuzz;
mod install;
mod kotlin;
mod kotlin_swift_tests;
mod load;
mod postgres;
mod process;
mod pypi;
mod report;
mod size;
mod swift;
mod swift_api;
mod test;
mod test_counts;
mod tools;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What is done with Switchback's workspace beside compiling it.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every test there is: wasm and no_std builds, what the core has for
    /// other systems, the oldest Rust we supported, the linter, documentation,
    /// benchmarks (once each), a short run of each fuzz target, the size of the
    /// library for phones, Kotlin, Swift, unit, doc and end-to-end tests. Installs
    /// what it needs where it can.
    Test,
    /// Check licences, bans and sources of every dependency, and the advisories
    /// where their database can be had. Installs cargo-deny.
    Deny,
    /// Look for inputs that make something go wrong, by libFuzzer. What is found is in
    /// target/fuzz. Installs a C++ compiler where it can.
    Fuzz(fuzz::Fuzz),
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
    let done = match arguments.task {
        Task::Test => test::run_all(strictness()),
        Task::Deny => deny::run_all(),
        Task::Fuzz(fuzz) => fuzz::run_all(&fuzz),
        Task::Bindings(bindings) => bindings::run_all(&bindings),
        Task::Size(size) => size::run_all(&size),
        Task::Load(load) => load::run_all(&load),
        Task::Postgres => postgres::run_all(),
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
