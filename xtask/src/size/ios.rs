//! Estimates the bytes that the library adds to an app for iOS. Rust's linker links it without unused
//! parts and without Apple's libraries (missing symbols would be resolved at load time). Xcode
//! instead links the library into the app, without a table of names.

use std::fmt::Write as _;
use std::fs;

use super::android::{self, archive, archive_of, folder, headers, linker};
use super::library::{self, Library};
use crate::install::rust_target;
use crate::process::{Failure, command, run};

const TARGET: &str = "aarch64-apple-ios";

const LINK: [&str; 13] = [
    "-flavor",
    "darwin",
    "-arch",
    "arm64",
    "-platform_version",
    "ios",
    "15.0",
    "15.0",
    "-dylib",
    "-dead_strip",
    "-undefined",
    "dynamic_lookup",
    "-S",
];

pub(super) fn tools() -> Result<(), Failure> {
    rust_target(TARGET).map_err(Failure)
}

/// The added bytes, if the app calls all functions that the library for Android exports.
pub(super) fn build(name: &str, features: &str, android: &[Library]) -> Result<u64, Failure> {
    let mut compile = archive(TARGET, features);
    compile
        .env("IPHONEOS_DEPLOYMENT_TARGET", "15.0")
        .env("CC_aarch64_apple_ios", "clang")
        .env("AR_aarch64_apple_ios", "ar")
        .env("SDKROOT", headers())
        .env(
            "CFLAGS_aarch64_apple_ios",
            android::cflags("arm64-apple-ios15.0"),
        );
    run(&mut compile)?;
    let called = folder().join("ios-called");
    let exports = android.iter().find(|library| library.name == name);
    let mut names = String::new();
    for export in exports.iter().flat_map(|library| &library.exports) {
        // C symbols have the prefix `_` on Apple's systems.
        let _ = writeln!(names, "_{export}");
    }
    fs::write(&called, names)
        .map_err(|error| Failure(format!("cannot write {}: {error}", called.display())))?;
    let library = folder().join(format!("switchback_bindings-{name}.dylib"));
    let mut link = command(linker()?, LINK);
    link.arg("-x").arg("-exported_symbols_list").arg(&called);
    link.arg("-o").arg(&library).arg(archive_of(TARGET));
    run(&mut link)?;
    library::size(&library)
}
