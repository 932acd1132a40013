//! The edits of uniffi's Swift.

use regex_lite::Regex;

use super::{Times, replace, with_header};

pub(crate) fn app(text: &str) -> Result<String, String> {
    // Swift's own name for it is `localizedDescription`.
    replace(
        &edited(&without_android(&with_header(text)?)?)?,
        r"package func describe\(\)",
        "func describe()",
        Times::Exactly(4),
    )
}

pub(crate) fn tests(text: &str) -> Result<String, String> {
    // uniffi assumes that all code is in one module.
    let text = replace(
        &with_header(text)?,
        r"(?m)^import Foundation$",
        "import Foundation\nimport SwitchbackBindings",
        Times::Exactly(1),
    )?;
    edited(&text)
}

/// `exclude` in `uniffi.toml` leaves the converters of optional values and of lists.
fn without_android(text: &str) -> Result<String, String> {
    replace(
        text,
        r"(?sx) \#if\ swift\(>=5\.8\)\n @_documentation\(visibility:\ private\)\n \#endif\n
        fileprivate\ struct\ FfiConverter
        (?: OptionTypeHostState | SequenceTypeBrowser | SequenceTypeHandler ) :\ .*? \n\}\n+",
        "",
        Times::Exactly(3),
    )
}

fn edited(text: &str) -> Result<String, String> {
    // Of an undeclared error of a Swift method, Rust gets only the type, since the description
    // possibly contains a secret.
    let text = replace(
        &cancellable(text)?,
        r"String\(describing: error\)",
        "String(describing: type(of: error))",
        Times::Exactly(2),
    )?;
    inside(&cases(&text)?)
}

/// Makes the generated code `package`, so that another package does not see it: an app uses the API
/// that is written by hand.
fn inside(text: &str) -> Result<String, String> {
    replace(
        text,
        r"(?m)^( *(?:required )?)(?:public|open)\b",
        "${1}package",
        Times::AtLeast(1),
    )
}

/// Cancelling a Swift task cancels the Rust future, and throws `CancellationError`. uniffi generates
/// the necessary functions, but does not use them in Swift.
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

/// Gives the cases of errors a small first letter, as Swift has it. uniffi writes a capital.
fn cases(text: &str) -> Result<String, String> {
    let case = r"(?m)(^ +case |\bcase (?:let )?\.|\breturn \.|`\w+\.)([A-Z])([a-z]\w*)";
    let case = Regex::new(case).map_err(|error| error.to_string())?;
    if case.find_iter(text).count() < 3 {
        return Err("no error has a case".into());
    }
    let text = case.replace_all(text, |case: &regex_lite::Captures<'_>| {
        let name = case[2].to_lowercase() + &case[3];
        match name.as_str() {
            // Keywords, in their declaration.
            "internal" | "protocol" if !case[1].ends_with('.') => format!("{}`{name}`", &case[1]),
            _ => format!("{}{name}", &case[1]),
        }
    });
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cases_of_errors_begin_with_a_small_letter() {
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
    fn the_generated_code_is_not_public() {
        let written = "public\nclass E {\n    open func of() {} // as a public client\n    \
                       required public init()\n";
        assert_eq!(
            inside(written).as_deref(),
            Ok(
                "package\nclass E {\n    package func of() {} // as a public client\n    \
                required package init()\n"
            )
        );
        assert!(inside("enum E {}").is_err());
    }

    #[test]
    fn other_swift_than_uniffis_fails() {
        assert!(app("import Foundation").is_err());
    }
}
