//! The app of the tests: the manifest of `android/android/src/test/app` merged with the library's,
//! and both resources, compiled into an APK. Robolectric reads it, so intent filters, exported
//! activities and themes count in the tests.

use std::path::{Path, PathBuf};

use super::{LIBRARY, aapt2, archive, framework, manifest};
use crate::install::clear;
use crate::process::{Failure, root, run, target_dir};

/// The folder of the app's manifest, and of its resources if it has any.
const SOURCES: &str = "android/android/src/test/app";

const PACKAGE: &str = "com.example.app";

/// The placeholders that an app sets, and `applicationId`, which Android's build sets.
const PLACEHOLDERS: [(&str, &str); 3] = [
    ("applicationId", PACKAGE),
    ("switchbackHost", "app.example"),
    ("switchbackPath", "/callback"),
];

/// Robolectric looks for this file on the classpath.
const CONFIGURATION: &str = "com/android/tools/test_config.properties";

/// The folder that the classpath of the tests has.
pub(crate) fn folder() -> PathBuf {
    root().join(target_dir()).join("android/test-app")
}

/// Builds the app. Its tools must be installed.
pub(crate) fn build() -> Result<(), Failure> {
    let folder = folder();
    clear(&folder)?;
    let (sources, library) = (root().join(SOURCES), root().join(LIBRARY));
    let resources = [library.join("res"), sources.join("res")];
    let compiled = aapt2::compile(&resources, &folder.join("compiled"))?;
    let merged = folder.join("AndroidManifest.xml");
    let manifest_of = |folder: &Path| folder.join("AndroidManifest.xml");
    manifest::merge(
        &manifest_of(&sources),
        &[manifest_of(&library)],
        &PLACEHOLDERS,
        &merged,
    )?;
    let apk = folder.join("app.apk");
    let mut link = aapt2::link(&framework::resources()?, &merged, &compiled);
    run(link.arg("-o").arg(&apk))?;
    let configuration = folder.join(CONFIGURATION);
    archive::write(&configuration, &properties(&merged, &apk))
}

fn properties(manifest: &Path, apk: &Path) -> String {
    let lines = [
        ("android_merged_manifest", manifest.display().to_string()),
        ("android_resource_apk", apk.display().to_string()),
        ("android_custom_package", PACKAGE.to_owned()),
    ];
    // The form has a meaning for a backslash, as in a path of Windows.
    let line = |(name, value): (&str, String)| format!("{name}={}\n", value.replace('\\', "\\\\"));
    lines.map(line).concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_properties_name_the_files_and_the_package() {
        let properties = properties(
            Path::new("/a/AndroidManifest.xml"),
            Path::new("C:\\app.apk"),
        );
        let expected = "android_merged_manifest=/a/AndroidManifest.xml\n\
                        android_resource_apk=C:\\\\app.apk\n\
                        android_custom_package=com.example.app\n";
        assert_eq!(properties, expected);
    }

    #[test]
    fn the_manifest_has_the_same_package() {
        let manifest = root().join(SOURCES).join("AndroidManifest.xml");
        let manifest = std::fs::read_to_string(manifest).expect("it is in the repository");
        assert!(manifest.contains(&format!("package=\"{PACKAGE}\"")));
    }
}
