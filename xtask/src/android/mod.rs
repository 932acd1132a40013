//! `cargo xtask android`: a Maven repository with what apps get, made without Android's build.
//! `test-app` makes the app of the tests.

pub(crate) mod aapt2;
mod aar;
mod consumer;
pub(crate) mod dex;
mod framework;
#[cfg(test)]
mod gradle;
pub(crate) mod lint;
mod manifest;
mod native;
mod pom;
pub(crate) mod project;
mod repository;
mod resource_table;
pub(crate) mod test_app;

use clap::{Args, Subcommand};

use self::repository::Before;
use crate::process::Failure;
use crate::report::Availability;
use crate::{archive, kotlin, kotlin_swift_tests, workspace};

/// The folder of the manifest and the resources of the library.
const LIBRARY: &str = "android/android/src/main";

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Android {
    #[command(subcommand)]
    what: Option<AndroidCommand>,
    /// Leave out the jars with the documentation, which need a minute.
    #[arg(long)]
    no_documentation: bool,
}

#[derive(Subcommand)]
enum AndroidCommand {
    /// Compile the manifest of the tests, merged with the library's, into an APK for Robolectric.
    TestApp,
    /// Build the app in android/consumer from the repository, with R8, and check it.
    Consumer,
    /// Check the style of the Kotlin code with ktlint and detekt.
    Lint,
    /// Measure the time from `Switchback(context, config)` in a new process to the first URL.
    Start {
        /// The number of processes.
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=200))]
        processes: u32,
    },
}

pub(crate) fn run_all(android: &Android) -> Result<(), Failure> {
    if let Some(AndroidCommand::Lint) = android.what {
        lint::tools().map_err(Failure)?;
        return lint::run_all();
    }
    tools().map_err(Failure)?;
    match android.what {
        Some(AndroidCommand::TestApp) => test_app::build(),
        Some(AndroidCommand::Consumer) => consumer::build(),
        Some(AndroidCommand::Start { processes }) => {
            workspace::build()?;
            test_app::build()?;
            kotlin_swift_tests::measure_start(processes)
        }
        _ if android.no_documentation => repository(Before::Classes),
        _ => repository(Before::Everything),
    }
}

/// Makes the repository from the classes of the tests, and builds an app from it.
pub(crate) fn check() -> Result<(), Failure> {
    repository(Before::Nothing)?;
    consumer::build()
}

fn repository(before: Before) -> Result<(), Failure> {
    let missing = repository::build(before)?;
    println!("\nThe repository is {}.", repository::shown().display());
    for what in missing {
        println!("- Not complete: {what}.");
    }
    Ok(())
}

/// The tools of the tasks.
pub(crate) fn tools() -> Availability {
    kotlin::kotlin()?;
    aapt2::aapt2()?;
    manifest::merger().install()?;
    dex::tools()
}
