//! The Gradle files of `android/` have the versions, names and modules of Maven's files. No Gradle runs
//! here, so only their text is compared.

use super::manifest;
use super::project::{Module, properties, read};

/// The modules that have Gradle files: those that make the Android library.
const MODULES: [&str; 2] = ["core-jvm", "android"];

fn file_of(module: &str) -> String {
    read(&format!("android/{module}/build.gradle.kts")).expect("it is in the repository")
}

fn assert_has(file: &str, lines: &[String]) {
    for line in lines {
        let found = file.lines().any(|found| found.trim() == line);
        assert!(found, "`{line}` is missing in:\n{file}");
    }
}

#[test]
fn the_settings_have_the_plugins_and_the_modules() {
    let settings = read("android/settings.gradle.kts").expect("it is in the repository");
    let properties = properties().expect("Maven's file");
    // The merger has the version of Android's build, and 23 more in its first number.
    let merger = manifest::merger().coordinates;
    let version = merger.rsplit(':').next().expect("a version");
    let (major, rest) = version.split_once('.').expect("several numbers");
    let major = major.parse::<u32>().expect("a number") - 23;
    let modules = MODULES.map(|module| format!("\":{module}\""));
    let kotlin = &properties["kotlin.version"];
    assert_has(
        &settings,
        &[
            format!("id(\"com.android.library\") version \"{major}.{rest}\""),
            format!("kotlin(\"android\") version \"{kotlin}\""),
            format!("kotlin(\"jvm\") version \"{kotlin}\""),
            "rootProject.name = \"switchback-parent\"".to_owned(),
            format!("include({})", modules.join(", ")),
        ],
    );
}

#[test]
fn each_module_has_the_names_and_versions() {
    let properties = properties().expect("Maven's file");
    for module in MODULES {
        let oldest = &properties["kotlin.oldest"];
        let java = &properties["jvm.oldest"];
        assert_has(
            &file_of(module),
            &[
                format!("group = \"{}\"", properties["project.groupId"]),
                format!("version = \"{}\"", properties["project.version"]),
                format!(
                    "coreLibrariesVersion = \"{}\"",
                    properties["kotlin.stdlib.version"]
                ),
                format!("languageVersion = KotlinVersion.fromVersion(\"{oldest}\")"),
                format!("apiVersion = KotlinVersion.fromVersion(\"{oldest}\")"),
                format!("jvmTarget = JvmTarget.fromTarget(\"{java}\")"),
                format!("targetCompatibility = JavaVersion.toVersion(\"{java}\")"),
            ],
        );
    }
}

#[test]
fn each_module_has_the_dependencies() {
    let jna = &properties().expect("Maven's file")["jna.version"];
    for name in MODULES {
        let module = Module::read(name).expect("Maven's file");
        let dependencies = module.dependencies.into_iter();
        let mut lines: Vec<_> = dependencies
            // Kotlin's plugin adds its library.
            .filter(|dependency| dependency.artifact != "kotlin-stdlib")
            .map(
                |dependency| match dependency.artifact.strip_prefix("switchback-") {
                    Some(module) => format!("api(project(\":{module}\"))"),
                    None => {
                        let how = if dependency.scope == "runtime" {
                            "runtimeOnly"
                        } else {
                            "api"
                        };
                        let kind = if dependency.kind == "aar" { "@aar" } else { "" };
                        let [group, artifact, version] =
                            [dependency.group, dependency.artifact, dependency.version];
                        format!("{how}(\"{group}:{artifact}:{version}{kind}\")")
                    }
                },
            )
            .collect();
        if name == "core-jvm" {
            lines.push(format!("compileOnly(\"net.java.dev.jna:jna:{jna}\")"));
        }
        let file = file_of(name);
        assert_has(&file, &lines);
        let (_, listed) = file.split_once("\ndependencies {").expect("dependencies");
        let listed = listed.lines().filter(|line| line.contains('('));
        assert_eq!(listed.count(), lines.len(), "{file}");
    }
}

#[test]
fn the_android_library_has_the_levels_of_its_manifest() {
    let manifest = format!("{}/AndroidManifest.xml", super::LIBRARY);
    let manifest = read(&manifest).expect("it is in the repository");
    let value = |name: &str| {
        let (_, rest) = manifest.split_once(&format!("{name}=\"")).expect(name);
        rest.split_once('"').expect("an end").0
    };
    let target = value("android:targetSdkVersion");
    let rules = super::aar::RULES.strip_prefix("android/").expect("a path");
    assert_has(
        &file_of("android"),
        &[
            format!("namespace = \"{}\"", value("package")),
            format!("minSdk = {}", value("android:minSdkVersion")),
            format!("targetSdk = {target}"),
            format!("compileSdk = {target}"),
            format!("consumerProguardFiles(\"../{rules}\")"),
        ],
    );
}
