//! The XCFramework: a folder with a static library for each system, the C header, and a list of the
//! libraries (`Info.plist`). Its zip has the same bytes each time.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use super::plist::{self, Value};
use super::slice::{Slice, System};
use crate::archive;
use crate::install::{clear, on_path};
use crate::process::{Failure, cannot, command, output_bytes, root};

/// The module of the C header, which the generated Swift imports.
pub(super) const MODULE: &str = "SwitchbackFFI";

const LIBRARY: &str = "libswitchback_bindings.a";

/// The folder of the header and the module map.
pub(super) const HEADERS: &str = "ios/Sources/SwitchbackFFI";

/// The SHA-256 of an archive, as SwiftPM compares it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Checksum(pub(super) String);

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Writes the XCFramework and its archive into this folder. Returns the archive.
pub(super) fn build(folder: &Path, slices: &[Slice]) -> Result<PathBuf, Failure> {
    let name = format!("{MODULE}.xcframework");
    let framework = folder.join(&name);
    clear(&framework)?;
    for slice in slices {
        private(&slice.library)?;
        let place = framework.join(slice.system.identifier());
        archive::write(&place.join(LIBRARY), &slice.library)?;
        // In a folder with the name of the module: Xcode copies the content of `Headers` into one folder for
        // all packages of an app, and each package has a `module.modulemap`.
        let headers = place.join("Headers").join(MODULE);
        for file in archive::files(&root().join(HEADERS))? {
            archive::copy(&root().join(HEADERS).join(&file), &headers.join(&file))?;
        }
    }
    let systems: Vec<_> = slices.iter().map(|slice| slice.system).collect();
    archive::write(&framework.join("Info.plist"), info(&systems))?;
    let files = archive::files(&framework)?;
    let files: Vec<_> = files
        .iter()
        .map(|file| Path::new(&name).join(file))
        .collect();
    let packed = folder.join(format!("{name}.zip"));
    archive::pack_files(folder, &files, &packed)?;
    Ok(packed)
}

/// The list of the libraries.
fn info(systems: &[System]) -> String {
    let library = |system: &System| {
        let mut library = vec![
            ("BinaryPath", LIBRARY.into()),
            ("HeadersPath", "Headers".into()),
            ("LibraryIdentifier", system.identifier().as_str().into()),
            ("LibraryPath", LIBRARY.into()),
            ("SupportedArchitectures", system.processors().collect()),
            ("SupportedPlatform", system.platform.into()),
        ];
        let variant = system.variant;
        library.extend(variant.map(|variant| ("SupportedPlatformVariant", variant.into())));
        Value::Map(library)
    };
    plist::write(&Value::Map(vec![
        ("AvailableLibraries", systems.iter().map(library).collect()),
        ("CFBundlePackageType", "XFWK".into()),
        ("XCFrameworkFormatVersion", "1.0".into()),
    ]))
}

/// Refuses a library with a path of this machine.
fn private(library: &[u8]) -> Result<(), Failure> {
    let home = std::env::var("HOME").unwrap_or_default();
    let places = [root().display().to_string(), home];
    // A short path, for example `/root`, is part of other texts.
    let mut places = places
        .iter()
        .filter(|place| place.len() > 1)
        .map(|place| format!("{place}/"));
    let has = |place: &String| {
        library
            .windows(place.len())
            .any(|part| part == place.as_bytes())
    };
    match places.find(has) {
        None => Ok(()),
        Some(place) => Err(Failure(format!(
            "the library contains {place}, a path of this machine: remap it in \
             xtask/src/size/android.rs (`remapped_paths`)"
        ))),
    }
}

/// The checksum of an archive.
pub(super) fn checksum(archive: &Path) -> Result<Checksum, Failure> {
    let mut compute = match on_path("sha256sum") {
        true => command("sha256sum", ["--"]),
        false => command("shasum", ["-a", "256"]),
    };
    let printed = output_bytes(compute.arg(archive))?;
    let printed = String::from_utf8_lossy(&printed).into_owned();
    let sum = printed.split_whitespace().next().unwrap_or_default();
    match sum.len() {
        64 => Ok(Checksum(sum.to_owned())),
        _ => Err(cannot(
            "read",
            archive,
            &std::io::Error::other("no checksum was printed"),
        )),
    }
}

/// Whether two archives of the same files have the same bytes.
pub(super) fn same_again(folder: &Path, slices: &[Slice]) -> Result<(), Failure> {
    let read =
        |archive: PathBuf| fs::read(&archive).map_err(|error| cannot("read", &archive, &error));
    let first = read(build(folder, slices)?)?;
    match first == read(build(folder, slices)?)? {
        true => Ok(()),
        false => Err(Failure(
            "two XCFrameworks of the same libraries have other bytes".to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ios::slice::SYSTEMS;

    #[test]
    fn the_list_names_each_library() {
        let list = info(&SYSTEMS);
        for expected in [
            "<key>LibraryIdentifier</key>\n\t\t\t<string>ios-arm64</string>",
            "<string>ios-arm64_x86_64-simulator</string>",
            "<key>SupportedPlatformVariant</key>\n\t\t\t<string>simulator</string>",
            "<key>SupportedPlatform</key>\n\t\t\t<string>macos</string>",
            "<string>arm64</string>\n\t\t\t\t<string>x86_64</string>",
            "<key>HeadersPath</key>\n\t\t\t<string>Headers</string>",
        ] {
            assert!(list.contains(expected), "{expected} in {list}");
        }
        assert_eq!(list.matches("SupportedPlatformVariant").count(), 1);
    }

    #[test]
    fn a_path_of_this_machine_is_found() {
        assert!(private(b"switchback/core/src/lib.rs").is_ok());
        let library = format!("at {}/core/src/lib.rs", root().display());
        assert!(private(library.as_bytes()).is_err());
    }
}
