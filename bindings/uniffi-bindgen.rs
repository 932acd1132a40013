//! Writes the Kotlin and the Swift. `cargo xtask bindings` calls it.

fn main() {
    uniffi::uniffi_bindgen_main();
}
