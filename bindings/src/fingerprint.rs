// Written by `cargo xtask bindings` from the Rust in bindings/: change that.
//! Whether a library and the Kotlin that calls it were made from the same Rust.

/// Of what Kotlin is told of this crate.
const FINGERPRINT: i64 = 2391277667710281151;

/// A number that is another one whenever this library offers something else. The Kotlin compares it
/// when it loads the library.
#[uniffi::export]
pub fn fingerprint() -> i64 {
    FINGERPRINT
}
