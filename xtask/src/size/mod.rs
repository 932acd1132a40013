//! `cargo xtask size`: measures the library for phones and its parts. With `--check` it compares the
//! size with the allowed size; with `calls` it measures the time of a call from Kotlin and from
//! Swift, and the time until the first login can begin.
//!
//! It needs no NDK and no Xcode: the libraries are linked only to measure them. `docs/explanation/size.md` has
//! the figures and explains them.

mod android;
mod calls;
mod ceiling;
mod figures;
mod ios;
pub(crate) mod kotlin;
mod library;
mod readelf;
mod table;

use clap::{Args, Subcommand};

use crate::process::Failure;
use crate::report::Availability;

/// How the library for phones is built, for a release too.
pub(crate) mod phone {
    pub(crate) use super::android::{ARCHIVE, COMPILER, LINK, TARGET, archive, archive_of, linker};
    pub(crate) use super::library::{called, check};
}

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Size {
    #[command(subcommand)]
    what: Option<SizeCommand>,
    /// Build `lite` and `full` for Android only, and fail if one is larger than allowed. `cargo xtask
    /// test` also compares the Kotlin classes.
    #[arg(long)]
    check: bool,
}

impl Size {
    /// The options of `--check`.
    pub(crate) const CHECK: Self = Self {
        what: None,
        check: true,
    };
}

/// The tools for `--check`.
pub(crate) fn tools() -> Availability {
    android::tools().map_err(|failure| failure.0)
}

/// Compiles the Kotlin program of `calls`, which only a person runs.
pub(crate) fn compile_kotlin() -> Result<(), Failure> {
    calls::compile_kotlin().map(drop)
}

/// Compiles the Swift programs of `calls`.
pub(crate) fn compile_swift() -> Result<(), Failure> {
    ["Calls", "Start"]
        .into_iter()
        .try_for_each(|program| calls::compile_swift(&["--target", program]))
}

#[derive(Subcommand)]
enum SizeCommand {
    /// Measure the time of a call from Kotlin and from Swift, and the time from loading the library
    /// to the first authorization URL.
    Calls(calls::Calls),
    /// Measure the Kotlin classes for Android, and fail if they are larger than allowed.
    Kotlin,
}

/// The variants: a name, and the features of `switchback-bindings` beside its default ones.
const VARIANTS: [(&str, &str); 2] = [("lite", ""), ("full", "full")];

/// `lite` without the verification of signatures, to see what that adds. No app gets it.
const WITHOUT_SIGNATURES: &str = "without-signatures";

/// The bytes that the verification of signatures adds to `lite`.
fn signatures(libraries: &[library::Library]) -> Result<u64, Failure> {
    let without = library::size(&android::build_without_signatures(WITHOUT_SIGNATURES)?)?;
    let lite = libraries.iter().find(|library| library.name == "lite");
    Ok(lite.map_or(0, |lite| lite.size.saturating_sub(without)))
}

pub(crate) fn run_all(size: &Size) -> Result<(), Failure> {
    match &size.what {
        Some(SizeCommand::Calls(calls)) => return calls::run_all(calls),
        Some(SizeCommand::Kotlin) => {
            kotlin::tools().map_err(Failure)?;
            return kotlin::check();
        }
        None => {}
    }
    android::tools()?;
    let mut libraries = Vec::new();
    for (name, features) in VARIANTS {
        let path = android::build(name, features)?;
        libraries.push(library::Library::of(name, &path)?);
    }
    // A third build takes minutes: only a person who looks at the size pays for it.
    let added = match size.check {
        true => None,
        false => Some(signatures(&libraries)?),
    };
    println!("\n{}", table::android(&libraries, added));
    let sizes = libraries.iter().map(|library| (library.name, library.size));
    if size.check {
        return ceiling::check(sizes);
    }
    ios::tools()?;
    let mut contributions = Vec::new();
    for (name, features) in VARIANTS {
        contributions.push((name, ios::build(name, features, &libraries)?));
    }
    println!("{}", table::ios(&contributions));
    kotlin::tools().map_err(Failure)?;
    kotlin::check()?;
    ceiling::check(sizes)
}
