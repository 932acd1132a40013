//! `cargo xtask ios`: the XCFramework with the native library, which the Swift package needs, and the
//! manifest of a release. `privacy` writes the privacy manifest. It needs no Xcode and no Mac; a Mac signs
//! the XCFramework (`docs/how-to/ios-release.md`).

#[cfg(test)]
mod availability;
#[cfg(test)]
mod concurrency;
mod library;
mod manifest;
mod package;
mod plist;
mod privacy;
mod required_reasons;
mod slice;
mod symbols;
mod universal;
mod xcframework;

use std::path::PathBuf;

use clap::{Args, Subcommand};

pub(crate) use self::library::{compile, link};
pub(crate) use self::slice::{DEVICE, IOS};
use self::xcframework::Checksum;
use crate::process::{Failure, root};
use crate::report::Availability;
use crate::swift;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Ios {
    #[command(subcommand)]
    what: Option<IosCommand>,
    /// Also write the `Package.swift` of a release, which downloads the XCFramework from this address.
    #[arg(long, value_name = "URL")]
    release_url: Option<String>,
}

#[derive(Subcommand)]
enum IosCommand {
    /// Check the privacy manifest and the Swift package, as `cargo xtask test` does. Needs Swift and a JDK.
    Check,
    /// Write the privacy manifest, from the symbols of the library and the names in the Swift code.
    Privacy,
    /// Write the `Package.swift` of a release for an existing archive, for example a signed one.
    Release {
        /// The address of the archive for the users of the release.
        url: String,
        /// The archive: a zip with the XCFramework.
        archive: PathBuf,
    },
}

pub(crate) fn run_all(ios: &Ios) -> Result<(), Failure> {
    match &ios.what {
        Some(IosCommand::Check) => {
            tools().and_then(|()| swift::swift()).map_err(Failure)?;
            check()?;
            check_package()
        }
        Some(IosCommand::Privacy) => {
            tools().map_err(Failure)?;
            privacy::write(&library::undefined_symbols()?)
        }
        Some(IosCommand::Release { url, archive }) => {
            release(url, &xcframework::checksum(&root().join(archive))?)
        }
        None => build(ios.release_url.as_deref()),
    }
}

/// Builds the XCFramework for all systems and processors.
fn build(url: Option<&str>) -> Result<(), Failure> {
    tools().map_err(Failure)?;
    privacy::check(&library::undefined_symbols()?)?;
    let archive = xcframework::build(&folder(), &slice::all()?)?;
    let checksum = xcframework::checksum(&archive)?;
    println!("\nThe XCFramework is in target/ios. Its checksum is {checksum}.");
    url.map_or(Ok(()), |url| release(url, &checksum))
}

fn release(url: &str, checksum: &Checksum) -> Result<(), Failure> {
    manifest::write_release(&folder().join("Package.swift"), url, checksum)?;
    println!("The manifest of the release is target/ios/Package.swift.");
    Ok(())
}

/// Builds the library for a device, and checks the privacy manifest against it.
pub(crate) fn check() -> Result<(), Failure> {
    privacy::check(&library::undefined_symbols()?)
}

/// Checks with SwiftPM the manifests of the repository and of a release, and a small XCFramework.
pub(crate) fn check_package() -> Result<(), Failure> {
    package::check(&folder().join("check"))
}

/// The tools of [`check`].
pub(crate) fn tools() -> Availability {
    slice::tools()
}

/// The folder of all files made here. `Package.swift` names it, so it does not depend on
/// `CARGO_TARGET_DIR`.
fn folder() -> PathBuf {
    root().join("target/ios")
}
