//! Kotlin.

use super::{Times, begun, replace};

pub(crate) fn app(text: &str) -> Result<String, String> {
    errors(&mended(&begun(text)?)?)
}

pub(crate) fn tests(text: &str) -> Result<String, String> {
    // Each package has a class of its own for the same buffer, and uniffi forgets that.
    replace(
        &mended(&begun(text)?)?,
        r"FfiConverterTypeStoreError\.lower\(e\)",
        "${0}.let { theirs -> RustBuffer.ByValue().apply { \
         capacity = theirs.capacity; len = theirs.len; data = theirs.data } }",
        Times::Exactly(3),
    )
}

fn mended(text: &str) -> Result<String, String> {
    cancellable(&threads(&thrown(text)?)?)
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

/// A thread of Rust's that calls Kotlin is one thread there, from its first call to its end. By
/// itself it is another one in each call, and every call costs what making a thread costs.
fn threads(text: &str) -> Result<String, String> {
    let text = replace(
        text,
        r"(?m)^( +)writeReturn\(makeCall\(\)\)$",
        "${1}com.sun.jna.Native.detach(false)\n${0}",
        Times::Exactly(2),
    )?;
    replace(
        &text,
        r"(?m)^( +)uniffiContinuationHandleMap\.remove\(data\)",
        "${1}com.sun.jna.Native.detach(false)\n${0}",
        Times::Exactly(1),
    )
}

/// The app goes on in a thread of Kotlin's, whatever its dispatcher: Rust wakes it in the only
/// thread that it has. And what was ready when the caller was cancelled is let go of.
fn cancellable(text: &str) -> Result<String, String> {
    let text = replace(
        text,
        r"(?s)    try \{\n        do \{\n(            val pollResult.*?\n        \} while [^\n]*\n)\s*return (liftFunc\(.*?\n        \)\n)    \} finally",
        "    try {\n        return withContext(Dispatchers.Default) {\n            try {\n        do {\n${1}\n        ${2}            \
         } catch (cancelled: CancellationException) {\n                runCatching { \
         liftFunc(uniffiRustCallWithError(errorHandler, { status -> completeFunc(rustFuture, status) })) }\n                \
         throw cancelled\n            }\n        }\n    } finally",
        Times::Exactly(1),
    )?;
    replace(
        &text,
        r"import kotlinx\.coroutines\.CancellableContinuation\n",
        "${0}import kotlinx.coroutines.CancellationException\n\
         import kotlinx.coroutines.Dispatchers\nimport kotlinx.coroutines.withContext\n",
        Times::Exactly(1),
    )
}
