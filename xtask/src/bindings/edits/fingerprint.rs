//! A number for what uniffi makes of the Rust. The library holds it, and the Kotlin compares it
//! when it loads the library: one that is older or newer would read arguments as what they are
//! not. It takes the place of uniffi's own comparison, which is a call for each function.

use super::{Times, replace};

const RUST: &str = include_str!("../../../../bindings/src/fingerprint.rs");

/// The Rust that gives it, from the Kotlin as uniffi wrote it.
pub(crate) fn rust(kotlin: &str) -> Result<String, String> {
    replace(
        RUST,
        r"const FINGERPRINT: i64 = [^;]+;",
        &format!("const FINGERPRINT: i64 = {};", of(kotlin)),
        Times::Exactly(1),
    )
}

/// Compares it, once all functions are found. `written` is the Kotlin as uniffi wrote it.
pub(super) fn compared(text: &str, written: &str) -> Result<String, String> {
    let compare = format!(
        "        if (uniffi_switchback_bindings_fn_func_fingerprint(UniffiRustCallStatus()) != {}) {{\n            \
         throw RuntimeException(\"the native library of Switchback is another than the one that this \
         Kotlin was made for: use both from the same release\")\n        }}\n",
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
    fn it_is_the_same_for_the_same_and_another_for_another() {
        assert_eq!(of("fun a()"), of("fun a()"));
        assert_ne!(of("fun a()"), of("fun b()"));
        assert!(of("") > 0);
    }
}
