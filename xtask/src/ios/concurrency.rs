//! Foreign traits without `async`. uniffi 0.32 writes Swift for them that the compiler refuses in its
//! language mode 6 (<https://github.com/mozilla/uniffi-rs/issues/2929>).

use std::fs;

use crate::archive;
use crate::process::root;

/// The traits that Kotlin and Swift implement, each with its functions.
fn foreign_traits(source: &str) -> impl Iterator<Item = &str> {
    let traits = source.split("#[uniffi::export(").skip(1);
    let traits = traits.filter(|rest| {
        let arguments = rest.split(')').next().unwrap_or_default();
        arguments.contains("foreign") || arguments.contains("callback_interface")
    });
    traits.map(|rest| rest.split("\n}").next().unwrap_or_default())
}

#[test]
fn no_foreign_trait_is_async() {
    let mut count = 0;
    for folder in ["bindings/src", "bindings/testing/src"] {
        for file in archive::files(&root().join(folder)).expect("the folder is in the repository") {
            let source = fs::read_to_string(root().join(folder).join(&file)).expect("a source");
            for found in foreign_traits(&source) {
                count += 1;
                assert!(!found.contains("async fn"), "{}: {found}", file.display());
            }
        }
    }
    assert!(count >= 4, "{count} foreign traits");
}

#[test]
fn an_async_foreign_trait_is_found() {
    let source = "#[uniffi::export(with_foreign)]\n#[async_trait]\npub trait A {\n    async fn a();\n}\n\
                  #[uniffi::export]\nimpl B {\n    async fn b();\n}\n";
    let found: Vec<_> = foreign_traits(source).collect();
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("async fn a()"));
}
