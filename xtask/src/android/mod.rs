//! `cargo xtask android`: what an Android app gets, made without Android's build. `test-app` makes
//! the app of the tests.

mod aapt2;
mod framework;
mod jars;
mod manifest;
mod resource_table;
pub(crate) mod test_app;

use clap::{Args, Subcommand};

use crate::kotlin;
use crate::process::Failure;
use crate::report::Availability;

/// The folder of the manifest and the resources of the library.
const LIBRARY: &str = "android/android/src/main";

#[derive(Args)]
pub(crate) struct Android {
    #[command(subcommand)]
    what: AndroidCommand,
}

#[derive(Subcommand)]
enum AndroidCommand {
    /// Compile the manifest of the tests, merged with the library's, into an APK for Robolectric.
    TestApp,
}

pub(crate) fn run_all(android: &Android) -> Result<(), Failure> {
    match android.what {
        AndroidCommand::TestApp => {
            tools().map_err(Failure)?;
            test_app::build()
        }
    }
}

/// The tools that make the app of the tests.
pub(crate) fn tools() -> Availability {
    kotlin::java()?;
    aapt2::aapt2()?;
    manifest::merger().install()?;
    framework::jars().map_err(|failure| failure.0)?.install()
}
