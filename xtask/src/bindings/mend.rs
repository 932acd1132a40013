//! What is done to the Kotlin and the Swift that uniffi writes. Each change says how often it
//! must find its place, and fails otherwise: a new uniffi does not slip through.

use regex_lite::Regex;

/// The line that everything begins with.
const WRITTEN: &str =
    "// Written by `cargo xtask bindings` from the Rust in bindings/: change that.\n";

pub(crate) fn kotlin(text: &str) -> Result<String, String> {
    let text = mended_kotlin(&begun(text)?)?;
    // An error's message is what Rust says of it, and not a list of its fields.
    let text = replace(
        &text,
        r#"(override val message\s+get\(\) = )".*""#,
        "${1}describe()",
        Times::AtLeast(10),
    )?;
    let text = replace(
        &text,
        r"fun `describe`\(\)",
        "internal fun `describe`()",
        Times::Exactly(4),
    )?;
    // So it is always there, also for those who hold an error of any kind.
    let text = replace(
        &text,
        r"(?m)^sealed class \w+Exception: kotlin\.Exception\(\) \{$",
        "${0}\n    abstract override val message: kotlin.String\n",
        Times::Exactly(4),
    )?;
    // What the store said is the cause of what the client says.
    replace(
        &text,
        r"val `reason`: StoreException\n\s*\) : SwitchbackException\(\) \{\n",
        "${0}        override val cause: Throwable get() = `reason`\n",
        Times::Exactly(1),
    )
}

pub(crate) fn kotlin_for_tests(text: &str) -> Result<String, String> {
    // Each package has a class of its own for the same buffer, and uniffi forgets that.
    replace(
        &mended_kotlin(&begun(text)?)?,
        r"FfiConverterTypeStoreError\.lower\(e\)",
        "${0}.let { theirs -> RustBuffer.ByValue().apply { \
         capacity = theirs.capacity; len = theirs.len; data = theirs.data } }",
        Times::Exactly(3),
    )
}

fn mended_kotlin(text: &str) -> Result<String, String> {
    // A method that ends with an `Error`, out of memory for example, has not done its work. And
    // of what it does not declare, only the type is told: the rest may be anything.
    let text = replace(
        text,
        r"catch\(e: kotlin\.Exception\) \{",
        "catch(e: Throwable) {",
        Times::Exactly(2),
    )?;
    let text = replace(
        &text,
        r#"try \{ e\.stackTraceToString\(\) \} catch\(_: Throwable\) \{ "" \}"#,
        "e.javaClass.name",
        Times::Exactly(2),
    )?;
    let text = threads(&text)?;
    // The app goes on in a thread of Kotlin's, whatever its dispatcher: Rust wakes it in the
    // only thread that it has. And what was ready when the caller was cancelled is let go of.
    let text = replace(
        &text,
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

/// A thread of Rust's that calls Kotlin is one thread there, from its first call to its end. By
/// itself it is another one in each call: a lock could not be let go of by who took it, and
/// every call would cost what making a thread costs.
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

pub(crate) fn swift(text: &str) -> Result<String, String> {
    // The word for it in Swift is `localizedDescription`.
    replace(
        &mended_swift(&begun(text)?)?,
        r"public func describe\(\)",
        "func describe()",
        Times::Exactly(4),
    )
}

pub(crate) fn swift_for_tests(text: &str) -> Result<String, String> {
    // uniffi thinks that everything is one module.
    let text = begun(text)?;
    let text = replace(
        &text,
        r"(?m)^import Foundation$",
        "import Foundation\nimport Switchback",
        Times::Exactly(1),
    )?;
    mended_swift(&text)
}

fn mended_swift(text: &str) -> Result<String, String> {
    let text = cancellable(text)?;
    // Of what a Swift method throws without declaring it, only the type: what it says of
    // itself may be anything.
    let text = replace(
        &text,
        r"String\(describing: error\)",
        "String(describing: type(of: error))",
        Times::Exactly(2),
    )?;
    cases(&text)
}

/// The cases of errors begin with a capital in what uniffi writes, and in Swift they do not.
fn cases(text: &str) -> Result<String, String> {
    let case = r"(?m)(^ +case |\bcase (?:let )?\.|\breturn \.|`\w+\.)([A-Z])([a-z]\w*)";
    let case = Regex::new(case).map_err(|error| error.to_string())?;
    if case.find_iter(text).count() < 3 {
        return Err("no error in it has a case".into());
    }
    let text = case.replace_all(text, |case: &regex_lite::Captures<'_>| {
        let name = case[2].to_lowercase() + &case[3];
        match name.as_str() {
            // Words of the language, where they are declared.
            "internal" | "protocol" if !case[1].ends_with('.') => format!("{}`{name}`", &case[1]),
            _ => format!("{}{name}", &case[1]),
        }
    });
    Ok(text.into_owned())
}

pub(crate) fn header(text: &str) -> Result<String, String> {
    begun(text)
}

/// Linux has no module `Darwin`, and the others come by themselves.
pub(crate) fn module_map(text: &str) -> Result<String, String> {
    let text = replace(text, r#"(?m)^ *use "[^"]*"\n"#, "", Times::Exactly(3))?;
    Ok(format!("{WRITTEN}{text}"))
}

fn begun(text: &str) -> Result<String, String> {
    let text = replace(
        text,
        r"\A// This file was autogenerated[^\n]*\n// Trust me[^\n]*\n",
        WRITTEN,
        Times::Exactly(1),
    )?;
    Ok(words(&text))
}

/// Cancelling a Swift task cancels the Rust future, and throws what Swift throws then. uniffi
/// has all that this needs, and does not use it in Swift.
fn cancellable(text: &str) -> Result<String, String> {
    let text = replace(
        text,
        r"(?m)^( *)freeFunc: ffi_(\w+)_rust_future_free_(\w+),$",
        "${1}cancelFunc: ffi_${2}_rust_future_cancel_${3},\n${0}",
        Times::AtLeast(1),
    )?;
    let text = replace(
        &text,
        r"    freeFunc: \(UInt64\) -> \(\),\n",
        "    cancelFunc: @escaping @Sendable (UInt64) -> (),\n${0}",
        Times::Exactly(1),
    )?;
    let text = replace(
        &text,
        r"pollResult = await withUnsafeContinuation \{([\s\S]*?)\n        \}\n    \} while",
        "pollResult = await withTaskCancellationHandler {\n            \
         await withUnsafeContinuation {${1}\n            }\n        \
         } onCancel: {\n            cancelFunc(rustFuture)\n        }\n    } while",
        Times::Exactly(1),
    )?;
    replace(
        &text,
        r#"fatalError\("Cancellation not supported yet"\)"#,
        "throw CancellationError()",
        Times::Exactly(1),
    )
}

/// The documentation is written for Rust: its links, and its names.
fn words(text: &str) -> String {
    let link = Regex::new(r"\[`([^`\]]+)`\](\([^)\s]*\))?").expect("a regular expression");
    let text = link.replace_all(text, |link: &regex_lite::Captures<'_>| {
        format!("`{}`", link[1].replace("::", "."))
    });
    // A name that is in the text in the way of these languages is meant.
    let name = Regex::new(r"`[a-z]+(?:_[a-z]+)+`").expect("a regular expression");
    let text = name.replace_all(&text, |name: &regex_lite::Captures<'_>| {
        let camel = camel_case(&name[0]);
        match text.contains(camel.trim_matches('`')) {
            true => camel,
            false => name[0].to_owned(),
        }
    });
    // What uniffi leaves at the ends of lines.
    let lines = text.lines().map(str::trim_end).collect::<Vec<_>>();
    lines.join("\n") + "\n"
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let (first, rest) = word.split_at(1);
        camel.push_str(&first.to_uppercase());
        camel.push_str(rest);
    }
    camel
}

enum Times {
    Exactly(usize),
    AtLeast(usize),
}

fn replace(text: &str, pattern: &str, with: &str, times: Times) -> Result<String, String> {
    let pattern = Regex::new(pattern).map_err(|error| error.to_string())?;
    let found = pattern.find_iter(text).count();
    let expected = match times {
        Times::Exactly(number) => found == number,
        Times::AtLeast(number) => found >= number,
    };
    if !expected {
        return Err(format!("`{pattern}` is in it {found} times"));
    }
    Ok(pattern.replace_all(text, with).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_of_rust_becomes_a_name() {
        assert_eq!(
            words("a [`DataPoint::key`](crate::DataPoint::key) or [`Secret`]  \nb"),
            "a `DataPoint.key` or `Secret`\nb\n"
        );
        assert_eq!(
            words("val retryAfter: after `retry_after`, not `invalid_scope`"),
            "val retryAfter: after `retryAfter`, not `invalid_scope`\n"
        );
    }

    #[test]
    fn the_cases_of_errors_begin_small() {
        let written = "enum E: Error {\n    case TooLong\n    case Internal(what: String)\n\
                       case 1: return .TooLong\ncase let .Internal(what): see `E.TooLong`";
        assert_eq!(
            cases(written).as_deref(),
            Ok(
                "enum E: Error {\n    case tooLong\n    case `internal`(what: String)\n\
                case 1: return .tooLong\ncase let .internal(what): see `E.tooLong`"
            )
        );
        assert!(cases("    case CALL_ERROR").is_err());
    }

    #[test]
    fn a_change_without_a_place_fails() {
        assert_eq!(
            replace("a b a", "a", "c", Times::Exactly(2)),
            Ok("c b c".into())
        );
        assert!(replace("a b a", "a", "c", Times::Exactly(1)).is_err());
        assert!(replace("b", "a", "c", Times::AtLeast(1)).is_err());
        assert!(swift("import Foundation").is_err());
    }
}
