//! Errors that Kotlin or Swift throws although the method does not declare them.

/// Describes an undeclared error by its type, without its message, which may contain a secret.
pub(crate) fn undeclared(error: &uniffi::UnexpectedUniFFICallbackError) -> String {
    let name = |c: char| c.is_alphanumeric() || "._$".contains(c);
    let kind = error.reason.split(|c| !name(c)).next();
    match kind.filter(|kind| !kind.is_empty()) {
        Some(kind) => format!("it threw {kind}, which it does not declare"),
        None => "it threw something that it does not declare".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::undeclared;

    #[test]
    fn only_the_type_of_the_error_is_shown() {
        let shown = |reason: &str| {
            undeclared(&uniffi::UnexpectedUniFFICallbackError {
                reason: reason.into(),
            })
        };
        assert_eq!(
            shown("java.lang.IllegalStateException: token s3cr3t"),
            "it threw java.lang.IllegalStateException, which it does not declare"
        );
        assert_eq!(
            shown("failed(\"s3cr3t\")"),
            "it threw failed, which it does not declare"
        );
        assert_eq!(shown(""), "it threw something that it does not declare");
    }
}
