//! The apps of the tests: the manifests of `android/android/src/test/app` and of the sample, each
//! merged with the library's, and both resources, compiled into an APK. Robolectric reads it, so
//! intent filters, exported activities and themes count in the tests.

use std::path::{Path, PathBuf};

use super::{LIBRARY, aapt2, archive, framework, manifest};
use crate::install::clear;
use crate::process::{Failure, root, run, target_dir};

struct App {
    /// The folder of the app's manifest, and of its resources if it has any.
    sources: &'static str,
    package: &'static str,
    /// The placeholders that the app sets, and `applicationId`, which Android's build sets.
    placeholders: &'static [(&'static str, &'static str)],
}

const TEST: App = App {
    sources: "android/android/src/test/app",
    package: "com.example.app",
    placeholders: &[
        ("applicationId", "com.example.app"),
        ("switchbackHost", "app.example"),
        ("switchbackPath", "/callback"),
    ],
};

/// The tests replace the values of the placeholders that have no default here.
const SAMPLE: App = App {
    sources: "android/sample/src/main",
    package: "app.switchback.sample",
    placeholders: &[
        ("applicationId", "app.switchback.sample"),
        ("switchbackHost", "app"),
        ("switchbackPath", "/truid/complete"),
        ("serviceUrl", "http://127.0.0.1:8080/truid"),
        ("providerUrl", "http://127.0.0.1:8090"),
        ("clientId", "demo-app"),
    ],
};

/// Robolectric looks for this file on the classpath.
const CONFIGURATION: &str = "com/android/tools/test_config.properties";

/// The folder that the classpath of the library's tests has.
pub(crate) fn folder() -> PathBuf {
    root().join(target_dir()).join("android/test-app")
}

/// The folder that the classpath of the sample's tests has.
pub(crate) fn sample_folder() -> PathBuf {
    folder().with_file_name("sample-app")
}

/// Builds the apps. Their tools must be installed.
pub(crate) fn build() -> Result<(), Failure> {
    build_app(&TEST, &folder())?;
    build_app(&SAMPLE, &sample_folder())
}

fn build_app(app: &App, folder: &Path) -> Result<(), Failure> {
    clear(folder)?;
    let (sources, library) = (root().join(app.sources), root().join(LIBRARY));
    let resources = [library.join("res"), sources.join("res")];
    let compiled = aapt2::compile(&resources, &folder.join("compiled"))?;
    let merged = folder.join("AndroidManifest.xml");
    let manifest_of = |folder: &Path| folder.join("AndroidManifest.xml");
    manifest::merge(
        &manifest_of(&sources),
        &[manifest_of(&library)],
        app.placeholders,
        &merged,
    )?;
    let apk = folder.join("app.apk");
    let mut link = aapt2::link(&framework::resources()?, &merged, &compiled);
    // Robolectric needs no rules. The test of the shrunk app does.
    let rules = folder.join("manifest.pro");
    run(link.arg("-o").arg(&apk).arg("--proguard").arg(rules))?;
    let configuration = folder.join(CONFIGURATION);
    archive::write(&configuration, properties(app, &merged, &apk))
}

fn properties(app: &App, manifest: &Path, apk: &Path) -> String {
    let lines = [
        ("android_merged_manifest", manifest.display().to_string()),
        ("android_resource_apk", apk.display().to_string()),
        ("android_custom_package", app.package.to_owned()),
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
            &TEST,
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
        for app in [TEST, SAMPLE] {
            let manifest = root().join(app.sources).join("AndroidManifest.xml");
            let manifest = std::fs::read_to_string(manifest).expect("it is in the repository");
            let package = format!("package=\"{}\"", app.package);
            assert!(manifest.contains(&package), "{manifest}");
        }
    }
}
