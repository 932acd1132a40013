//! `cargo xtask`: the workspace's build tasks, written in Rust so that they work on every machine.
//! `cargo xtask test` runs every test, `bindings` generates the Kotlin and the Swift of
//! `bindings/`, `book` builds the site of `docs/`, `size` measures the library for phones, `deny`
//! checks the dependencies, `fuzz` searches for inputs that cause a failure, `load` measures the
//! sandbox or a service, and `postgres` runs a database server for tests that a person starts.
//!
//! Each task installs its tools if it can. `test` reports each skipped step and the reason. If the
//! environment variable `CI` is set, a missing tool is a failure.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command prints to its terminal"
)]

mod android;
mod archive;
mod bindings;
mod book;
mod browsers;
mod deny;
mod doc_code;
mod dss;
mod fuzz;
mod install;
mod ios;
mod jars;
mod jdk;
mod kotlin;
mod kotlin_swift_tests;
mod load;
mod postgres;
mod process;
mod pypi;
mod report;
mod size;
mod spelling;
mod swift;
mod swift_api;
mod test;
mod test_counts;
mod tools;
mod verify_page;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The build tasks of Switchback's workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every test: wasm and no_std builds, checks for other systems, the oldest
    /// supported Rust, the linter, documentation, benchmarks (once each), a short run
    /// of each fuzz target, the size of the library for phones, Kotlin, Swift, unit,
    /// doc and end-to-end tests. Installs missing tools if it can.
    Test,
    /// Check licences, bans and sources of every dependency, and the advisories if
    /// their database can be fetched. Installs cargo-deny.
    Deny,
    /// Search for misspelt words, and for words that docs/STYLE.md replaces. Installs typos.
    Spelling,
    /// Build the site of docs/ into target/book, and check its links. Installs mdBook and lychee.
    Book,
    /// Search for inputs that cause a failure, with libFuzzer. The results are in
    /// target/fuzz. Installs a C++ compiler if it can.
    Fuzz(fuzz::Fuzz),
    /// Generate the Kotlin and the Swift of the Rust in bindings/.
    Bindings(bindings::Bindings),
    /// Make a Maven repository with the Kotlin modules and the Android library, in
    /// target/android/repository.
    Android(android::Android),
    /// Make the XCFramework that the Swift package needs, in target/ios, and the manifest of a release.
    Ios(ios::Ios),
    /// Measure the library for phones: its size, the time of a call, the time until a login can
    /// begin. Installs missing tools if it can.
    Size(size::Size),
    /// Run many whole logins against the sandbox on this machine, both built in release
    /// mode: logins per second, times, memory.
    Load(load::Load),
    /// Make the web page that verifies signatures without a network: one HTML file, in
    /// target/verify-page.
    VerifyPage,
    /// Run a separate PostgreSQL until Ctrl-C, and print the variable that `cargo test`
    /// needs for it. Installs PostgreSQL if it can.
    Postgres,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.task {
        Task::Test => test::run_all(strictness()),
        Task::Deny => deny::run_all(),
        Task::Spelling => spelling::run_all(),
        Task::Book => book::run_all(),
        Task::Fuzz(fuzz) => fuzz::run_all(&fuzz),
        Task::Bindings(bindings) => bindings::run_all(&bindings),
        Task::Android(android) => android::run_all(&android),
        Task::Ios(ios) => ios::run_all(&ios),
        Task::Size(size) => size::run_all(&size),
        Task::Load(load) => load::run_all(&load),
        Task::VerifyPage => verify_page::run_all(),
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
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
