//! The parts of the XCFramework: one for each system, with the library of each of its processors.

use std::fs;
use std::path::PathBuf;

use super::{library, universal};
use crate::install::{rust_component, rust_target};
use crate::process::{Failure, cannot, root, run, target_dir};
use crate::report::Availability;
use crate::size::phone;

/// Rust's name of a phone.
pub(crate) const DEVICE: &str = "aarch64-apple-ios";

/// A system of Apple, with the variable that sets its oldest version for Rust.
#[derive(Clone, Copy)]
pub(crate) struct System {
    pub(super) platform: &'static str,
    pub(super) variant: Option<&'static str>,
    pub(super) oldest: (&'static str, &'static str),
    /// Rust's name, and Apple's name of the processor.
    pub(super) targets: &'static [(&'static str, &'static str)],
}

/// A phone or a tablet.
pub(crate) const IOS: System = System {
    platform: "ios",
    variant: None,
    oldest: ("IPHONEOS_DEPLOYMENT_TARGET", "15.0"),
    targets: &[(DEVICE, "arm64")],
};

pub(super) const SYSTEMS: [System; 3] = [
    IOS,
    System {
        platform: "ios",
        variant: Some("simulator"),
        oldest: IOS.oldest,
        targets: &[
            ("aarch64-apple-ios-sim", "arm64"),
            ("x86_64-apple-ios", "x86_64"),
        ],
    },
    System {
        platform: "macos",
        variant: None,
        oldest: ("MACOSX_DEPLOYMENT_TARGET", "13.0"),
        targets: &[
            ("aarch64-apple-darwin", "arm64"),
            ("x86_64-apple-darwin", "x86_64"),
        ],
    },
];

impl System {
    /// The name of the folder: `ios-arm64_x86_64-simulator`.
    pub(super) fn identifier(&self) -> String {
        let processors: Vec<_> = self.processors().collect();
        let variant = self
            .variant
            .map_or(String::new(), |variant| format!("-{variant}"));
        format!("{}-{}{variant}", self.platform, processors.join("_"))
    }

    pub(super) fn processors(&self) -> impl Iterator<Item = &'static str> {
        self.targets.iter().map(|(_, processor)| *processor)
    }
}

/// A system, and the bytes of its library.
pub(super) struct Slice {
    pub(super) system: System,
    pub(super) library: Vec<u8>,
}

/// Builds the library for every system.
pub(super) fn all() -> Result<Vec<Slice>, Failure> {
    SYSTEMS.into_iter().map(slice).collect()
}

fn slice(system: System) -> Result<Slice, Failure> {
    let mut libraries = Vec::new();
    for (target, processor) in system.targets {
        let library = build(&system, target)?;
        let bytes = fs::read(&library).map_err(|error| cannot("read", &library, &error))?;
        libraries.push((*processor, bytes));
    }
    let library = universal::join(libraries).map_err(Failure)?;
    Ok(Slice { system, library })
}

/// Builds the library for a target, and returns its path. If rustup cannot install Rust's standard library
/// for the target, it is compiled too. This needs an unstable option of cargo.
fn build(system: &System, target: &str) -> Result<PathBuf, Failure> {
    let mut compile = library::compile(system, target, "");
    let Err(why) = rust_target(target) else {
        run(&mut compile)?;
        return Ok(phone::archive_of(target));
    };
    println!("{why}: compiling Rust's standard library from its sources");
    rust_component("rust-src").map_err(Failure)?;
    compile.args(["-Zbuild-std=std,panic_unwind", "--target-dir"]);
    // In a folder of its own: many build scripts run again if the variable changes.
    let folder = root().join(target_dir()).join("build-std");
    compile.arg(&folder).env("RUSTC_BOOTSTRAP", "1");
    run(&mut compile)?;
    Ok(folder.join(target).join(phone::ARCHIVE))
}

/// The tools that build the library for a device.
pub(super) fn tools() -> Availability {
    rust_target(DEVICE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_have_the_names_that_xcode_gives() {
        let names = SYSTEMS.map(|system| system.identifier());
        let expected = [
            "ios-arm64",
            "ios-arm64_x86_64-simulator",
            "macos-arm64_x86_64",
        ];
        assert_eq!(names, expected);
    }
}
