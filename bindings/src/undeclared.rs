//! What Kotlin or Swift throws although the method does not declare it.

/// What a foreign method threw without declaring it: its type and nothing that it says, since
/// that may be anything.
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
    fn of_what_was_thrown_only_the_type_is_told() {
        let told = |reason: &str| {
            undeclared(&uniffi::UnexpectedUniFFICallbackError {
                reason: reason.into(),
            })
        };
        assert_eq!(
            told("java.lang.IllegalStateException: token s3cr3t"),
            "it threw java.lang.IllegalStateException, which it does not declare"
        );
        assert_eq!(
            told("failed(\"s3cr3t\")"),
            "it threw failed, which it does not declare"
        );
        assert_eq!(told(""), "it threw something that it does not declare");
    }
}
