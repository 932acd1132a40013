//! The manifest of a release: the one of the repository, but with the address and the checksum of the
//! XCFramework instead of its path.

use std::fs;
use std::path::Path;

use super::xcframework::Checksum;
use crate::archive;
use crate::process::{Failure, cannot, root};

/// The manifest of the repository.
pub(super) const MANIFEST: &str = "Package.swift";

const LOCAL: &str = "(name: \"SwitchbackFFI\", path: \"target/ios/SwitchbackFFI.xcframework\")";

/// Writes the manifest of a release.
pub(super) fn write_release(to: &Path, url: &str, checksum: &Checksum) -> Result<(), Failure> {
    let from = root().join(MANIFEST);
    let text = fs::read_to_string(&from).map_err(|error| cannot("read", &from, &error))?;
    archive::write(to, release(&text, url, checksum).map_err(Failure)?)
}

fn release(manifest: &str, url: &str, Checksum(checksum): &Checksum) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_graphic() && c != '"' && c != '\\';
    if !url.starts_with("https://") || !url.ends_with(".zip") || !url.chars().all(plain) {
        return Err(format!(
            "{url} is not the address of an XCFramework: SwiftPM downloads one from https only, as a .zip"
        ));
    }
    if manifest.matches(LOCAL).count() != 1 {
        return Err(format!("{MANIFEST} does not have `{LOCAL}` once"));
    }
    Ok(manifest.replace(LOCAL, &remote(url, checksum)))
}

fn remote(url: &str, checksum: &str) -> String {
    format!(
        "(\n            name: \"SwitchbackFFI\",\n            url: \"{url}\",\n            \
         checksum: \"{checksum}\")"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://app.example/1.0.0/SwitchbackFFI.xcframework.zip";

    fn checksum() -> Checksum {
        Checksum("0".repeat(64))
    }

    #[test]
    fn a_release_differs_in_the_library_only() {
        let manifest = fs::read_to_string(root().join(MANIFEST)).expect("it is in the repository");
        let release = release(&manifest, URL, &checksum()).expect("it names the library");
        assert!(!release.contains("target/ios/"), "{release}");
        let remote = remote(URL, &checksum().0);
        assert_eq!(release.replacen(&remote, LOCAL, 1), manifest);
    }

    #[test]
    fn an_address_that_swiftpm_refuses_is_refused() {
        let manifest = format!(".binaryTarget{LOCAL}");
        assert!(release(&manifest, URL, &checksum()).is_ok());
        for url in [
            "http://app.example/a.zip",
            "https://app.example/a.tar",
            "https://a\".zip",
        ] {
            assert!(release(&manifest, url, &checksum()).is_err(), "{url}");
        }
    }

    #[test]
    fn another_manifest_is_refused() {
        assert!(release("let package", URL, &checksum()).is_err());
    }
}
