//! Estimates the bytes that the library adds to an app for iOS. Rust's linker links it without unused
//! parts and without Apple's libraries (missing symbols would be resolved at load time). Xcode
//! instead links the library into the app, without a table of names.

use super::android::{self, folder, headers};
use super::library::{self, Library};
use crate::install::rust_target;
use crate::ios;
use crate::process::{Failure, run};

pub(super) fn tools() -> Result<(), Failure> {
    rust_target(ios::DEVICE).map_err(Failure)
}

/// The added bytes, if the app calls all functions that the library for Android exports.
pub(super) fn build(name: &str, features: &str, android: &[Library]) -> Result<u64, Failure> {
    let mut compile = ios::compile(&ios::IOS, ios::DEVICE, features);
    compile
        .env("CC_aarch64_apple_ios", "clang")
        .env("AR_aarch64_apple_ios", "ar")
        .env("SDKROOT", headers())
        .env(
            "CFLAGS_aarch64_apple_ios",
            android::cflags("arm64-apple-ios15.0"),
        );
    run(&mut compile)?;
    let exports = android.iter().find(|library| library.name == name);
    let exports = exports.iter().flat_map(|library| &library.exports);
    let library = folder().join(format!("switchback_bindings-{name}.dylib"));
    ios::link(exports.map(String::as_str), &library)?;
    library::size(&library)
}
