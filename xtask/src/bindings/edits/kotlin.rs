//! Kotlin.

use std::collections::HashMap;

use regex_lite::Regex;

use super::{Times, fingerprint, replace, with_header};

pub(crate) fn app(text: &str) -> Result<String, String> {
    let edited = named(&internal(&errors(&edited(&with_header(text)?)?)?)?)?;
    fingerprint::compared(&edited, text)
}

pub(crate) fn tests(text: &str) -> Result<String, String> {
    // A function that waits and is in no class begins a line of its own.
    let text = replace(
        &internal(&edited(&with_header(text)?)?)?,
        r"(?m)^     suspend fun `",
        "     internal suspend fun `",
        Times::Exactly(1),
    )?;
    // Each package has a class of its own for the same buffer, and uniffi forgets that.
    replace(
        &text,
        r"FfiConverterTypeStoreError\.lower\(e\)",
        "${0}.let { theirs -> RustBuffer.ByValue().apply { \
         capacity = theirs.capacity; len = theirs.len; data = theirs.data } }",
        Times::Exactly(3),
    )
}

/// The name of the native library that is used is known, so that the library for tests sees whether
/// it is its own.
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

/// No app sees what is generated: not in completion, not in documentation, and not in what it is
/// compiled against. JNA finds it all the same, since `internal` is public in bytecode.
fn internal(text: &str) -> Result<String, String> {
    let text = replace(text, r"(?m)^public ", "", Times::AtLeast(10))?;
    // A function that is in no class begins behind its documentation or what it throws.
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

/// An error has a message, which is what Rust says of it and not a list of its fields, and what
/// the store said is the cause of what the client says.
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

/// What is thrown by Kotlin reaches Rust, also what is no `Exception`: `TODO()`, a class that is
/// missing, no memory. uniffi lets go of those, and Rust would take a write that never was for
/// one that is done. Of what is not declared only the type is told: what it says may be
/// anything.
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

/// An object that was closed says so: also where it is an argument, which uniffi hands to Rust
/// without looking, and where it is only printed.
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

/// A text that cannot be UTF-8 (half a surrogate pair, in a link from another app for example)
/// is read as well as it can be, and what is one of several is printed by its name.
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

/// A thread of Rust's that calls Kotlin is one thread there, from its first call to its end, and
/// keeps no JVM from ending. By itself it is another one in each call: a lock could not be let
/// go of by who took it, and every call would cost what making a thread costs.
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

/// The app goes on in a thread of Kotlin's (`offRust`), and what was ready when the caller was
/// cancelled is let go of.
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

/// JNA looks up every function that is declared, by reflection, while the app waits: those that
/// nothing calls (futures of types that no function gives) are not declared.
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
        0 => Err("every function that is declared in it is called".to_owned()),
        _ => Ok(kept.into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_that_nothing_calls_is_not_declared() {
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
