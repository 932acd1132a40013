//! The edits of uniffi's Kotlin.

use std::collections::HashMap;

use regex_lite::Regex;

use super::{Times, fingerprint, replace, with_header};

pub(crate) fn app(text: &str) -> Result<String, String> {
    let ours = without_ios(&with_header(text)?)?;
    let edited = named(&internal(&errors(&edited(&ours)?)?)?)?;
    fingerprint::compared(&edited, text)
}

pub(crate) fn tests(text: &str) -> Result<String, String> {
    // A suspending function outside a class begins a line.
    let text = replace(
        &internal(&edited(&with_header(text)?)?)?,
        r"(?m)^     suspend fun `",
        "     internal suspend fun `",
        Times::Exactly(1),
    )?;
    // Each package has its own class for the same buffer, and uniffi does not convert it.
    replace(
        &text,
        r"FfiConverterTypeStoreError\.lower\(e\)",
        "${0}.let { theirs -> RustBuffer.ByValue().apply { \
         capacity = theirs.capacity; len = theirs.len; data = theirs.data } }",
        Times::Exactly(3),
    )
}

/// `exclude` in `uniffi.toml` leaves the converters of optional values.
fn without_ios(text: &str) -> Result<String, String> {
    replace(
        text,
        r"(?s)/\*\*\n \* @suppress\n \*/\npublic object FfiConverterOptionalTypeIos\w+: .*?\n\}\n+",
        "",
        Times::Exactly(2),
    )
}

/// Makes the name of the used native library available, so that the library for tests can compare it
/// with its own.
fn named(text: &str) -> Result<String, String> {
    let text = replace(
        text,
        r#"findLibraryName\(componentName = "switchback"\)"#,
        "uniffiLibraryName",
        Times::Exactly(2),
    )?;
    replace(
        &text,
        r"(?m)^@Synchronized\nprivate fun findLibraryName\(",
        "internal val uniffiLibraryName: String by lazy { findLibraryName(\"switchback\") }\n\n${0}",
        Times::Exactly(1),
    )
}

fn edited(text: &str) -> Result<String, String> {
    let text = texts(&closed(&thrown(text)?)?)?;
    only_called(&cancellable(&threads(&text)?)?)
}

/// Makes the generated code `internal`, so that apps do not see it in completion, in documentation or
/// at compile time. JNA still finds it, since `internal` is public in bytecode.
fn internal(text: &str) -> Result<String, String> {
    let text = replace(text, r"(?m)^public ", "", Times::AtLeast(10))?;
    // A function outside a class follows its documentation or its `@Throws`.
    let text = replace(
        &text,
        r"(?m)^( *\*/|    @Throws\(\w+::class\)) ((?:suspend )?fun `)",
        "${1} internal ${2}",
        Times::AtLeast(4),
    )?;
    replace(
        &text,
        r"(?m)^(?:(?:open|sealed|data|enum|abstract|inline|const) )*(?:class|object|interface|fun|val|typealias)\b",
        "internal ${0}",
        Times::AtLeast(10),
    )
}

/// An exception has Rust's message and not a list of its fields. A store's exception is the cause of
/// the client's exception.
fn errors(text: &str) -> Result<String, String> {
    let text = replace(
        text,
        r#"(override val message\s+get\(\) = )".*""#,
        "${1}describe()",
        Times::AtLeast(10),
    )?;
    let text = replace(
        &text,
        r"(?m)^sealed class \w+Exception: kotlin\.Exception\(\) \{$",
        "${0}\n    abstract override val message: kotlin.String\n",
        Times::Exactly(4),
    )?;
    let text = replace(
        &text,
        r"fun `describe`\(\)",
        "internal fun `describe`()",
        Times::Exactly(4),
    )?;
    replace(
        &text,
        r"val `reason`: StoreException\n\s*\) : SwitchbackException\(\) \{\n",
        "${0}        override val cause: Throwable get() = `reason`\n",
        Times::Exactly(1),
    )
}

/// Each throwable of Kotlin reaches Rust, also if it is not an `Exception`: `TODO()`, a missing class,
/// no memory. uniffi drops these, and Rust would take a failed write for a successful one. Of
/// undeclared throwables Rust gets only the type, since the message possibly contains a secret.
fn thrown(text: &str) -> Result<String, String> {
    let text = replace(
        text,
        r"catch\(e: kotlin\.Exception\) \{",
        "catch(e: Throwable) {",
        Times::Exactly(2),
    )?;
    replace(
        &text,
        r#"try \{ e\.stackTraceToString\(\) \} catch\(_: Throwable\) \{ "" \}"#,
        "e.javaClass.name",
        Times::Exactly(2),
    )
}

/// A closed object throws an exception also as an argument, which uniffi passes to Rust without a
/// check. `toString` of a closed object says that it is closed.
fn closed(text: &str) -> Result<String, String> {
    let objects = Regex::new("fun uniffiCloneHandle").map_err(|error| error.to_string())?;
    let objects = objects.find_iter(text).count();
    let text = replace(
        text,
        r"(?m)^( *)fun uniffiCloneHandle\(\): Long \{$",
        "${1}fun uniffiCloneHandle(): Long = callWithHandle { it }\n\n${1}private fun uniffiCloneOpen(): Long {",
        Times::Exactly(objects),
    )?;
    let text = replace(
        &text,
        r"return block\(this\.uniffiCloneHandle\(\)\)",
        "return block(this.uniffiCloneOpen())",
        Times::Exactly(objects),
    )?;
    replace(
        &text,
        r"override fun toString\(\): String \{\n( *)(return FfiConverterString\.lift\(\n *callWithHandle)",
        "override fun toString(): String {\n${1}if (callCounter.get() == 0L) return \"$${javaClass.simpleName}(closed)\"\n${1}${2}",
        Times::AtLeast(0),
    )
}

/// Text that cannot be UTF-8 (half a surrogate pair, for example in a link from another app) gets
/// replacement characters. Objects of sealed classes are printed by name.
fn texts(text: &str) -> Result<String, String> {
    let text = replace(
        text,
        r"onMalformedInput\(CodingErrorAction\.REPORT\)",
        "onMalformedInput(CodingErrorAction.REPLACE)",
        Times::Exactly(1),
    )?;
    replace(
        &text,
        r"(?m)^    object (\w+) : (\w+)\(\)$",
        "    data object ${1} : ${2}()",
        Times::AtLeast(1),
    )
}

/// A Rust thread that calls Kotlin stays one Java thread until it ends, and is a daemon, so that the
/// JVM can end. By default JNA attaches a new Java thread in each call: then the thread could not
/// release a lock that it took in an earlier call, and each call would be slow.
fn threads(text: &str) -> Result<String, String> {
    let text = replace(
        text,
        r"(?m)^( *)internal object [`\w]+: Uniffi\w+ \{$",
        "${0}\n${1}    init { com.sun.jna.Native.setCallbackThreadInitializer(this, uniffiThreads) }",
        Times::AtLeast(5),
    )?;
    replace(
        &text,
        r"(?m)^internal const val UNIFFI_RUST_FUTURE_POLL_READY",
        "internal val uniffiThreads = com.sun.jna.CallbackThreadInitializer(true, false, \"switchback\")\n\n${0}",
        Times::Exactly(1),
    )
}

/// The app continues in a thread of Kotlin (`offRust`). If the caller was cancelled, a result that was
/// ready is released.
fn cancellable(text: &str) -> Result<String, String> {
    let text = replace(
        text,
        r"(?s)    try \{\n        do \{\n(            val pollResult.*?\n        \} while [^\n]*\n)\s*return (liftFunc\(.*?\n        \)\n)    \} finally",
        "    try {\n        return app.switchback.internal.offRust {\n            try {\n        do {\n${1}\n        ${2}            \
         } catch (cancelled: CancellationException) {\n                runCatching { \
         liftFunc(uniffiRustCallWithError(errorHandler, { status -> completeFunc(rustFuture, status) })) }\n                \
         throw cancelled\n            }\n        }\n    } finally",
        Times::Exactly(1),
    )?;
    replace(
        &text,
        r"import kotlinx\.coroutines\.CancellableContinuation\n",
        "${0}import kotlinx.coroutines.CancellationException\n",
        Times::Exactly(1),
    )
}

/// Removes the declarations of functions without a call (futures of types that no function returns):
/// JNA looks up each declared function by reflection, while the app waits.
fn only_called(text: &str) -> Result<String, String> {
    let declaration = r"(?m)^ *external fun (\w+)\([^)]*\)[^\n]*\n";
    let declaration = Regex::new(declaration).map_err(|error| error.to_string())?;
    let mut calls = HashMap::new();
    let word = Regex::new(r"\w+").map_err(|error| error.to_string())?;
    for word in word.find_iter(text) {
        *calls.entry(word.as_str()).or_insert(0) += 1;
    }
    let mut left_out = 0;
    let kept = declaration.replace_all(text, |declaration: &regex_lite::Captures<'_>| {
        if calls.get(&declaration[1]) == Some(&1) {
            left_out += 1;
            return String::new();
        }
        declaration[0].to_owned()
    });
    match left_out {
        0 => Err("no declared function is without a call".to_owned()),
        _ => Ok(kept.into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_without_a_call_is_not_declared() {
        let text = "    external fun poll(`handle`: Long,\n    ): Unit\n\
                    \x20   external fun poll_u8(`handle`: Long,\n    ): Unit\n\
                    poll(7)\n";
        assert_eq!(
            only_called(text).as_deref(),
            Ok("    external fun poll(`handle`: Long,\n    ): Unit\npoll(7)\n")
        );
        assert!(only_called("external fun poll(): Unit\npoll(7)\n").is_err());
    }
}
