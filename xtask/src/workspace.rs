//! The crates of the workspace, and the arguments of all commands that compile them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use crate::process::{Failure, cargo, output_bytes, root, run, target_dir};

/// Every crate, with every feature. cargo compiles a dependency once for each set of features, so
/// the tests of all crates and languages use exactly these arguments. The library for phones is
/// compiled separately, with its own features (`crate::size`).
pub(crate) const EVERYTHING: &str = "--workspace --all-features --locked";

/// Builds the libraries, programs and examples. With examples, cargo includes the features of the
/// dev-dependencies, as it does for the tests.
pub(crate) fn build() -> Result<(), Failure> {
    run(&mut cargo(&format!(
        "build {EVERYTHING} --lib --bins --examples"
    )))
}

/// The path of a file that [`build`] made.
pub(crate) fn built(name: &str) -> PathBuf {
    root().join(target_dir()).join("debug").join(name)
}

/// A version of Rust, and the crates that have it as their `rust-version`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SupportedRust {
    pub(crate) version: String,
    pub(crate) packages: Vec<String>,
}

/// All supported versions, the oldest first.
pub(crate) fn supported_rust() -> Result<Vec<SupportedRust>, Failure> {
    let mut ask = cargo("metadata --no-deps --format-version 1 --locked");
    supported_rust_in(&output_bytes(&mut ask)?)
        .map_err(|why| Failure(format!("`cargo metadata`: {why}")))
}

fn supported_rust_in(metadata: &[u8]) -> Result<Vec<SupportedRust>, String> {
    let metadata: Value = serde_json::from_slice(metadata).map_err(|error| error.to_string())?;
    let mut versions: BTreeMap<Vec<u32>, SupportedRust> = BTreeMap::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        let version = package["rust_version"].as_str();
        let version = version.ok_or_else(|| format!("{name} has no rust-version"))?;
        let numbers = version.split('.').map(str::parse).collect::<Result<_, _>>();
        let numbers = numbers.map_err(|error| format!("rust-version {version}: {error}"))?;
        let supported = versions.entry(numbers).or_insert_with(|| SupportedRust {
            version: version.to_owned(),
            packages: Vec::new(),
        });
        supported.packages.push(name.to_owned());
    }
    Ok(versions.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_version_comes_first() {
        let metadata = br#"{"packages": [
            {"name": "service", "rust_version": "1.100"},
            {"name": "app", "rust_version": "1.89"},
            {"name": "library", "rust_version": "1.89"}
        ]}"#;
        let supported = |version: &str, packages: &[&str]| SupportedRust {
            version: version.to_owned(),
            packages: packages.iter().map(|&name| name.to_owned()).collect(),
        };
        assert_eq!(
            supported_rust_in(metadata),
            Ok(vec![
                supported("1.89", &["app", "library"]),
                supported("1.100", &["service"]),
            ])
        );
    }

    #[test]
    fn a_crate_without_a_rust_version_is_a_mistake() {
        assert!(
            supported_rust_in(br#"{"packages": [{"name": "app", "rust_version": null}]}"#).is_err()
        );
        assert!(supported_rust_in(b"no JSON").is_err());
    }

    #[test]
    fn apps_support_an_older_rust_than_services() {
        let versions = supported_rust().expect("cargo describes the workspace");
        let [apps, services] = &versions[..] else {
            panic!("{versions:?}");
        };
        assert!(apps.packages.contains(&"switchback-bindings".to_owned()));
        assert!(services.packages.contains(&"switchback-backend".to_owned()));
    }
}
