//! `cargo xtask size`: how large the library is on a phone, and what of it is what; with
//! `--check` whether it has stayed below what is allowed; with `calls` what a call costs from
//! Kotlin and from Swift, and how soon the first login can begin.
//!
//! No NDK and no Xcode is needed: what is measured here is linked for measuring only, and
//! ships nowhere. `docs/size.md` has the figures and says what they mean.

mod android;
mod calls;
mod ceiling;
mod figures;
mod ios;
mod library;
mod readelf;
mod table;

use clap::{Args, Subcommand};

use crate::process::Failure;
use crate::report::Availability;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Size {
    #[command(subcommand)]
    what: Option<SizeCommand>,
    /// Build `lite` and `full` for Android only, and fail where one is larger than it may be.
    #[arg(long)]
    check: bool,
}

impl Size {
    /// As `--check` says.
    pub(crate) const CHECK: Self = Self {
        what: None,
        check: true,
    };
}

/// What `--check` needs.
pub(crate) fn tools() -> Availability {
    android::tools().map_err(|failure| failure.0)
}

/// Compiles the programs of `calls`, which are run only by hand.
pub(crate) fn compile_kotlin() -> Result<(), Failure> {
    calls::compile_kotlin().map(drop)
}

/// As [`compile_kotlin`].
pub(crate) fn compile_swift() -> Result<(), Failure> {
    ["Calls", "Start"]
        .into_iter()
        .try_for_each(|program| calls::compile_swift(&["--target", program]))
}

#[derive(Subcommand)]
enum SizeCommand {
    /// What a call costs from Kotlin and from Swift, and how long it takes from loading the
    /// library to the first authorization URL.
    Calls(calls::Calls),
}

/// What can be built: its name, and the features of `switchback-bindings` that it has.
const VARIANTS: [(&str, &str); 2] = [("lite", ""), ("full", "full")];

pub(crate) fn run_all(size: &Size) -> Result<(), Failure> {
    if let Some(SizeCommand::Calls(calls)) = &size.what {
        return calls::run_all(calls);
    }
    android::tools()?;
    let mut libraries = Vec::new();
    for (name, features) in VARIANTS {
        let path = android::build(name, features)?;
        libraries.push(library::Library::of(name, &path)?);
    }
    println!("\n{}", table::android(&libraries));
    if size.check {
        return ceiling::check(&libraries);
    }
    ios::tools()?;
    let mut contributions = Vec::new();
    for (name, features) in VARIANTS {
        contributions.push((name, ios::build(name, features, &libraries)?));
    }
    println!("{}", table::ios(&contributions));
    ceiling::check(&libraries)
}
