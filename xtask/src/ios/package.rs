//! Checks the Swift package with SwiftPM on Linux: its manifests can be read, it has the same targets as
//! the package of the tests (`ios/linux`), and SwiftPM reads the XCFramework. Only a Mac builds the
//! package, because the compiler needs Apple's SDK.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::manifest;
use super::slice::{IOS, SYSTEMS, Slice};
use super::xcframework::{self, Checksum, MODULE};
use crate::archive;
use crate::install::clear;
use crate::process::{Failure, cannot, command, output_bytes, root, run, target_dir};
use crate::swift;

/// The package of the tests, and the folder of its own targets.
const LINUX: &str = "ios/linux";
const STAND_INS: &str = "StandIns/";

/// The folder of all modules.
const SOURCES: &str = "ios/Sources";

/// The modules that a release does not have. The library for tests contains the whole native library
/// once more, and an app cannot link two of them.
const ONLY_FOR_TESTS: [&str; 3] = [
    "SwitchbackTesting",
    "SwitchbackTestingBindings",
    "SwitchbackTestingFFI",
];

/// An archive without members, in the place of the libraries.
const EMPTY: &[u8] = b"!<arch>\n";

const URL: &str = "https://app.example/SwitchbackFFI.xcframework.zip";

/// Makes all files of the check in this folder.
pub(super) fn check(folder: &Path) -> Result<(), Failure> {
    clear(folder)?;
    let root_manifest = dump(root())?;
    let linux = dump(&root().join(LINUX))?;
    let complaints = complaints(&root_manifest, &linux, &modules()?);
    if !complaints.is_empty() {
        return Err(Failure(complaints.join("\n       ")));
    }

    let small = |system| Slice {
        system,
        library: EMPTY.to_vec(),
    };
    let slices = SYSTEMS.map(small);
    xcframework::same_again(folder, &slices)?;
    let archive = xcframework::build(folder, &slices)?;
    let checksum = xcframework::checksum(&archive)?;
    same_checksum(&archive, &checksum)?;

    let release = folder.join("release");
    manifest::write_release(&release.join("Package.swift"), URL, &checksum)?;
    let released = dump(&release)?;
    let complaint = of_release(&released, &root_manifest, &checksum);
    complaint.map_or(Ok(()), |why| Err(Failure(why)))?;

    user(folder)
}

/// The manifest as SwiftPM understands it.
fn dump(package: &Path) -> Result<Value, Failure> {
    let mut dump = package_command(package);
    let printed = output_bytes(dump.arg("dump-package"))?;
    serde_json::from_slice(&printed).map_err(|error| {
        let place = package.display();
        Failure(format!(
            "SwiftPM's description of {place} has an unknown form: {error}"
        ))
    })
}

fn package_command(package: &Path) -> Command {
    let mut swift = command(swift::runner(), ["swift", "package", "--package-path"]);
    swift.arg(package).arg("--scratch-path");
    swift.arg(root().join(target_dir()).join("swift-manifests"));
    swift
}

fn modules() -> Result<BTreeSet<String>, Failure> {
    let folder = root().join(SOURCES);
    let unreadable = |error| cannot("read", &folder, &error);
    let mut modules = BTreeSet::new();
    for entry in fs::read_dir(&folder).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name();
        modules.insert(name.to_string_lossy().into_owned());
    }
    Ok(modules)
}

/// The differences between both packages, and settings that SwiftPM refuses in a package that an app adds.
fn complaints(root: &Value, linux: &Value, modules: &BTreeSet<String>) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut named: BTreeSet<String> = ONLY_FOR_TESTS.map(str::to_owned).into();
    if root["swiftLanguageVersions"] != serde_json::json!(["6"]) {
        complaints.push("Package.swift: the language mode is not 6".to_owned());
    }
    for target in list(&root["targets"]) {
        let name = text(&target["name"]);
        named.insert(name.to_owned());
        // A flag is unsafe in a package that an app adds. An upcoming feature or another default isolation
        // changes where functions run.
        if !list(&target["settings"]).is_empty() {
            complaints.push(format!(
                "Package.swift: {name} has settings, and must have none"
            ));
        }
        if target["type"] == "binary" {
            continue;
        }
        if text(&target["path"]) != format!("{SOURCES}/{name}") {
            complaints.push(format!("Package.swift: {name} is not in {SOURCES}/{name}"));
        }
        let same = list(&linux["targets"])
            .iter()
            .find(|other| other["name"] == name);
        let Some(same) = same else {
            complaints.push(format!("{LINUX}/Package.swift has no target {name}"));
            continue;
        };
        if !text(&same["path"]).is_empty() {
            complaints.push(format!("{LINUX}/Package.swift: {name} has another path"));
        }
        if needs(target, root) != needs(same, linux) {
            complaints.push(format!(
                "{name} needs other targets in {LINUX}/Package.swift"
            ));
        }
        for what in ["resources", "exclude"] {
            if target[what] != same[what] {
                complaints.push(format!("{name} has other {what} in {LINUX}/Package.swift"));
            }
        }
    }
    let forgotten = modules.symmetric_difference(&named);
    complaints.extend(forgotten.map(|name| {
        format!("{name} is only in one of Package.swift (or package.rs) and {SOURCES}")
    }));
    complaints
}

/// The targets that a target needs, without the stand-ins for Apple's frameworks.
fn needs<'a>(target: &'a Value, package: &'a Value) -> BTreeSet<&'a str> {
    let targets = list(&package["targets"]).iter();
    let stand_ins = targets.filter(|target| text(&target["path"]).starts_with(STAND_INS));
    let stand_ins: BTreeSet<_> = stand_ins.map(|target| text(&target["name"])).collect();
    let names = list(&target["dependencies"])
        .iter()
        .map(|one| match &one["byName"] {
            Value::Null => text(&one["target"][0]),
            name => text(&name[0]),
        });
    names.filter(|name| !stand_ins.contains(name)).collect()
}

/// What is wrong with the manifest of a release.
fn of_release(release: &Value, root: &Value, Checksum(checksum): &Checksum) -> Option<String> {
    let (mut release, mut expected) = (release.clone(), root.clone());
    // The folder of the package.
    for manifest in [&mut release, &mut expected] {
        manifest.as_object_mut()?.remove("packageKind");
    }
    for target in expected["targets"].as_array_mut()? {
        if target["type"] == "binary" {
            target.as_object_mut()?.remove("path");
            target["url"] = URL.into();
            target["checksum"] = checksum.as_str().into();
        }
    }
    (release != expected).then(|| {
        "the manifest of a release differs from Package.swift in more than the library: compare it with \
         target/ios/check/release/Package.swift"
            .to_owned()
    })
}

fn same_checksum(archive: &Path, ours: &Checksum) -> Result<(), Failure> {
    let mut compute = package_command(root());
    let printed = output_bytes(compute.arg("compute-checksum").arg(archive))?;
    let theirs = String::from_utf8_lossy(&printed).trim().to_owned();
    match theirs == ours.0 {
        true => Ok(()),
        false => Err(Failure(format!(
            "SwiftPM's checksum is {theirs}, and ours is {ours}"
        ))),
    }
}

/// A package that has the XCFramework, in the way of the one for apps: SwiftPM reads the list of libraries,
/// and the compiler finds the module in the headers.
fn user(folder: &Path) -> Result<(), Failure> {
    let manifest = format!(
        "// swift-tools-version: 6.0\nimport PackageDescription\n\
         let package = Package(name: \"User\", targets: [\
         .binaryTarget(name: \"{MODULE}\", path: \"{MODULE}.xcframework\"), \
         .target(name: \"User\", dependencies: [\"{MODULE}\"], path: \"User\")])\n"
    );
    archive::write(&folder.join("Package.swift"), manifest)?;
    let code = folder.join("User/User.swift");
    archive::write(
        &code,
        format!("import {MODULE}\nlet buffer = RustBuffer()\n"),
    )?;
    output_bytes(package_command(folder).arg("describe"))?;
    let framework = folder.join(format!("{MODULE}.xcframework"));
    let headers = framework.join(IOS.identifier()).join("Headers");
    let mut check = command(swift::runner(), ["swiftc", "-typecheck", "-I"]);
    run(check.arg(headers).arg(&code))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn root_manifest() -> Value {
        json!({"swiftLanguageVersions": ["6"], "targets": [
            {"name": "F", "type": "binary", "path": "target/ios/F.xcframework"},
            {"name": "Bindings", "type": "regular", "path": "ios/Sources/Bindings",
             "dependencies": [{"byName": ["F", null]}], "settings": [], "resources": [], "exclude": []},
        ]})
    }

    fn linux_manifest() -> Value {
        json!({"targets": [
            {"name": "F", "type": "system", "path": null},
            {"name": "UIKit", "type": "regular", "path": "StandIns/UIKit"},
            {"name": "Bindings", "type": "regular", "path": null, "resources": [], "exclude": [],
             "dependencies": [{"byName": ["F", null]}, {"target": ["UIKit", null]}]},
        ]})
    }

    fn found(root: &Value, linux: &Value) -> Vec<String> {
        let modules = ["F", "Bindings"].into_iter().chain(ONLY_FOR_TESTS);
        complaints(root, linux, &modules.map(str::to_owned).collect())
    }

    #[test]
    fn a_stand_in_makes_no_difference() {
        assert_eq!(found(&root_manifest(), &linux_manifest()), [""; 0]);
    }

    #[test]
    fn each_difference_is_found() {
        type Change = fn(&mut Value, &mut Value);
        let changes: [(&str, Change); 7] = [
            ("settings", |root, _| {
                root["targets"][1]["settings"] = json!([{"kind": {"unsafeFlags": {}}}]);
            }),
            ("is not in", |root, _| {
                root["targets"][1]["path"] = json!("ios/Bindings")
            }),
            ("language mode", |root, _| {
                root["swiftLanguageVersions"] = json!(["5"])
            }),
            ("no target", |_, linux| {
                linux["targets"][2]["name"] = json!("Other")
            }),
            ("other targets", |_, linux| {
                linux["targets"][2]["dependencies"] = json!([{"byName": ["G", null]}]);
            }),
            ("other resources", |root, _| {
                root["targets"][1]["resources"] = json!([{"path": "a"}])
            }),
            ("only in one", |root, _| {
                root["targets"][0]["name"] = json!("G")
            }),
        ];
        for (expected, change) in changes {
            let (mut root, mut linux) = (root_manifest(), linux_manifest());
            change(&mut root, &mut linux);
            let found = found(&root, &linux).join("\n");
            assert!(found.contains(expected), "{expected}: {found}");
        }
    }

    #[test]
    fn a_release_has_the_same_targets() {
        let checksum = Checksum("0".repeat(64));
        let mut release = root_manifest();
        release["targets"][0] =
            json!({"name": "F", "type": "binary", "url": URL, "checksum": checksum.0});
        assert_eq!(of_release(&release, &root_manifest(), &checksum), None);
        release["targets"][1]["name"] = json!("Other");
        assert!(of_release(&release, &root_manifest(), &checksum).is_some());
    }
}
