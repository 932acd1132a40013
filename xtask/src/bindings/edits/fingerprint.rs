//! The fingerprint of the generated Kotlin. The library contains the fingerprint, and the Kotlin
//! compares it when it loads the library: an older or newer library would misread arguments. This
//! replaces uniffi's own check, which makes one call for each function.

use super::{Times, replace};

const RUST: &str = include_str!("../../../../bindings/src/fingerprint.rs");

/// The Rust file with the fingerprint of uniffi's Kotlin.
pub(crate) fn rust(kotlin: &str) -> Result<String, String> {
    replace(
        RUST,
        r"const FINGERPRINT: i64 = [^;]+;",
        &format!("const FINGERPRINT: i64 = {};", of(kotlin)),
        Times::Exactly(1),
    )
}

/// Adds the comparison, after all functions are found. `written` is uniffi's unedited Kotlin.
pub(super) fn compared(text: &str, written: &str) -> Result<String, String> {
    let compare = format!(
        "        if (uniffi_switchback_bindings_fn_func_fingerprint(UniffiRustCallStatus()) != {}) {{\n            \
         throw RuntimeException(\"the native library of Switchback does not match this Kotlin code: \
         use both from the same release\")\n        }}\n",
        of(written).to_string() + "L"
    );
    replace(
        text,
        r"(?m)^        Native\.register\(UniffiLib::class\.java, [^\n]*\n",
        &format!("${{0}}{compare}"),
        Times::Exactly(1),
    )
}

/// FNV-1a, which is the same with every compiler, and never negative.
fn of(text: &str) -> i64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    i64::try_from(hash >> 1).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_equal_fingerprints() {
        assert_eq!(of("fun a()"), of("fun a()"));
        assert_ne!(of("fun a()"), of("fun b()"));
        assert!(of("") > 0);
    }
}
