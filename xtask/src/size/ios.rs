//! What the library adds to an app for iOS: linked by Rust's own linker without the parts that
//! nothing calls, against nothing of Apple's (what is missing is looked for when it is loaded).
//! An estimate: Xcode links it into the app, and adds no table of names.

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

/// How many bytes it adds, when all is called that the library for Android shows.
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
        // C's names begin with a `_` there.
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
