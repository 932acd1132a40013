//! The tests in Kotlin and in Swift, against the real Rust library and a real sandbox.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::android::test_app;
use crate::install::clear;
use crate::process::{Failure, command, command_line, root, run, run_and_keep, target_dir};
use crate::report::{Availability, Report};
use crate::test_counts::TestCounts;
use crate::tools::Tools;
use crate::{android, archive, doc_code, ios, jdk, size, swift, swift_api, workspace};

/// Runs both, if their tools are here.
pub(crate) fn tests(report: &mut Report, tools: &Tools) -> TestCounts {
    let (kotlin, swift) = (&tools.kotlin, &tools.swift);
    let mut counts = TestCounts::default();
    let built = report.step(
        "bindings",
        "build what Kotlin and Swift are tested against",
        || {
            prepare()?;
            workspace::build()
        },
    );
    if built.is_none() {
        return counts;
    }
    if tools.jdk.is_ok() {
        let doing = "compile the manifest and the resources of the tests";
        report.step_with(&tools.android, "android", doing, test_app::build);
    }
    let mut step = |name, have: &Availability, mut test: Command, count: fn(&str) -> TestCounts| {
        report.step_with(have, name, &command_line(&test), || {
            let (output, done) = run_and_keep(&mut test);
            let counted = count(&output);
            counts += counted;
            done?;
            counted.some_ran()
        });
    };
    let mut modules = maven();
    if tools.jdk.is_err() {
        modules.arg("-Dswitchback.robolectric.skip=true");
    }
    step("jvm", kotlin, modules, TestCounts::of_maven);
    step("swift", swift, xctest(), TestCounts::of_xctest);
    if let Err(why) = &tools.jdk {
        report.leave_out("android", why);
    }
    for page in pages() {
        let mut snippets = typecheck(page);
        report.step_with(swift, "swift", &command_line(&snippets), || {
            run(&mut snippets)
        });
    }
    let lint = "ktlint and detekt";
    report.step_with(&tools.kotlin_lint, "jvm", lint, android::lint::run_all);
    let dex = "cargo xtask size kotlin";
    report.step_with(&tools.android, "android", dex, size::kotlin::check);
    let app = "make the Maven repository, and build an app from it";
    report.step_with(&tools.android, "android", app, android::check);
    let package = "check the Swift package, with a small XCFramework";
    let have = swift.clone().and(kotlin.clone());
    report.step_with(&have, "ios", package, ios::check_package);
    let mut refused = refused();
    report.step_with(swift, "swift", &command_line(&refused), || {
        run(&mut refused)
    });
    let mut lint = swift_lint();
    report.step_with(swift, "swift", &command_line(&lint), || run(&mut lint));
    let programs = "compile the programs of `cargo xtask size calls`";
    report.step_with(kotlin, "jvm", programs, size::compile_kotlin);
    report.step_with(swift, "swift", programs, size::compile_swift);
    let offers = "compare the modules' API with ios/api";
    report.step_with(swift, "swift", offers, || swift_api::update(true));
    let documentation = "make the modules' documentation";
    report.step_with(swift, "swift", documentation, swift_api::documentation);
    counts
}

/// The folder for the Kotlin of the documentation.
const KOTLIN_SNIPPETS: &str = "android/snippets";

/// The pages with code to compile, in both languages.
fn pages() -> impl Iterator<Item = &'static str> {
    let all = [doc_code::API].into_iter().chain(doc_code::TESTS);
    all.chain(doc_code::CALLS)
}

/// The file for the code of a page.
fn snippet(folder: &str, page: &str, extension: &str) -> PathBuf {
    let name = Path::new(page).with_extension(extension);
    target(folder).join(name.file_name().unwrap_or_default())
}

fn swift_snippets(page: &str) -> PathBuf {
    snippet("swift-snippets", page, "swift")
}

/// The Maven modules, by folder.
const MODULES: [&str; 11] = [
    "core-jvm",
    "testing",
    "support",
    "jvm",
    "android",
    "sample",
    "okhttp",
    "ktor",
    "tests",
    "refused",
    "oldest-kotlin",
];

/// Writes the code of the pages, and removes Kotlin's compiled files: Maven compiles only changed
/// files, and not their callers.
fn prepare() -> Result<(), Failure> {
    for module in MODULES {
        clear(&target(&format!("android/{module}")))?;
    }
    clear(&target(KOTLIN_SNIPPETS))?;
    pages().try_for_each(|page| {
        doc_code::write("kotlin", page, &snippet(KOTLIN_SNIPPETS, page, "kt"))
    })?;
    pages().try_for_each(|page| doc_code::write("swift", page, &swift_snippets(page)))
}

/// Writes the present API of each Kotlin module, which a test compares.
pub(crate) fn write_kotlin_api() -> Result<(), Failure> {
    prepare()?;
    let mut write = maven();
    write.args([
        "-pl",
        "tests",
        "-am",
        "-Dtest=ApiTest",
        "-Dsurefire.failIfNoSpecifiedTests=false",
        "-Dswitchback.api.write=true",
    ]);
    run(&mut write)
}

/// Runs the test that starts new processes, and prints their times.
pub(crate) fn measure_start(processes: u32) -> Result<(), Failure> {
    jdk::jdk().map_err(Failure)?;
    let mut test = maven();
    test.args(["-pl", "android", "-am", "-Dtest=ProcessDeathTest#each*"]);
    test.arg("-Dsurefire.failIfNoSpecifiedTests=false");
    run(test.arg(format!("-Dswitchback.starts={processes}")))
}

fn target(path: &str) -> PathBuf {
    root().join(target_dir()).join(path)
}

fn vectors() -> PathBuf {
    root().join("tests/vectors")
}

/// Maven's command line for the tests in Kotlin.
fn maven() -> Command {
    let property = |name: &str, place: PathBuf| format!("-Dswitchback.{name}={}", place.display());
    let mut maven = command("mvn", ["-B", "-ntp", "test"]);
    // Maven prints only the output of the tests.
    let log = "-Dorg.slf4j.simpleLogger";
    maven
        .arg("-Dstyle.color=never")
        .arg(format!("{log}.defaultLogLevel=warn"))
        .arg(format!("{log}.log.org.apache.maven.plugin.surefire=info"))
        .arg(property("library.path", target("debug")))
        .arg(property("command", target("debug/switchback")))
        .arg(property("vectors", vectors()))
        .arg(property("snippets", target("android/snippets")))
        .arg(property("test.app", test_app::folder()))
        .arg(property("sample.app", test_app::sample_folder()))
        .current_dir(root().join("android"));
    maven.args(jdk::home().map(|home| property("jdk", home)));
    maven
}

fn xctest() -> Command {
    let inside = [
        "swift",
        "test",
        "--disable-swift-testing",
        "-Xswiftc",
        "-warnings-as-errors",
    ];
    let mut test = command(swift::runner(), inside);
    test.args(["--package-path", "ios/linux", "--scratch-path"])
        .arg(target("swift"))
        .env("SWITCHBACK_LIBRARY_PATH", target("debug"))
        .env("SWITCHBACK_TEST_COMMAND", target("debug/switchback"))
        .env("SWITCHBACK_TEST_VECTORS", vectors());
    test
}

/// Checks the Swift of a page with the modules that the tests have built.
fn typecheck(page: &str) -> Command {
    let mut check = swiftc();
    check.arg("-warnings-as-errors").arg(swift_snippets(page));
    check
}

/// Swift that must not compile: the compiler compares its errors with the comments in each file.
fn refused() -> Command {
    let mut check = swiftc();
    check.args(["-whole-module-optimization", "-Xfrontend", "-verify"]);
    check.args(by_hand("ios/Tests/Refused"));
    check
}

fn swiftc() -> Command {
    let inside = ["swiftc", "-typecheck", "-swift-version", "6"];
    let mut check = command(swift::runner(), inside);
    check
        .args(["-I", "ios/Sources/SwitchbackFFI"])
        .args(["-I", "ios/Sources/SwitchbackTestingFFI", "-I"])
        .arg(target("swift/debug/Modules"));
    check
}

/// Checks that all files that are not generated have the format of Swift's own tool.
fn swift_lint() -> Command {
    let inside = ["swift", "format", "lint", "--strict", "--recursive"];
    let mut lint = command(swift::runner(), inside);
    lint.args(["--configuration", "ios/.swift-format", "Package.swift"]);
    // `ios/linux` has links to the other folders.
    let linked = |file: &Path| file.ancestors().any(|part| root().join(part).is_symlink());
    lint.args(by_hand("ios").into_iter().filter(|file| !linked(file)));
    lint
}

/// The Swift files of a folder and its subfolders, except those in `Generated`.
fn by_hand(folder: &str) -> Vec<PathBuf> {
    let files = archive::files(&root().join(folder))
        .unwrap_or_default()
        .into_iter();
    let swift = files.filter(|file| file.extension().is_some_and(|name| name == "swift"));
    let by_hand = swift.filter(|file| !file.iter().any(|part| part == "Generated"));
    by_hand.map(|file| Path::new(folder).join(file)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn read(path: &Path) -> String {
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    #[test]
    fn every_swift_file_that_is_not_generated_is_linted_once() {
        let lint = command_line(&swift_lint());
        let count = |file: &str| lint.matches(&format!(" {file}")).count();
        for file in [
            "Package.swift",
            "ios/linux/Package.swift",
            "ios/linux/StandIns/SwiftUI/View.swift",
            "ios/Sources/Switchback/Session/Session.swift",
            "ios/Tests/TestSupport/Ports.swift",
            "ios/programs/LogInDirectly/main.swift",
        ] {
            assert_eq!(count(file), 1, "{file}");
        }
        assert!(!lint.contains("/Generated/") && !lint.contains("ios/linux/Sources"));
    }

    /// The text between the first `before` and the next `after`.
    fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
        let rest = text.split_once(before).map(|(_, rest)| rest);
        let found = rest.and_then(|rest| rest.split_once(after));
        found.map_or("", |(found, _)| found)
    }

    /// All sources below a folder.
    fn sources(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let paths = entries.map(|entry| entry.path());
        let sources = paths.flat_map(|path| match path.is_dir() {
            true => sources(&path),
            false => vec![path],
        });
        sources
            .filter(|path| path.extension().is_some_and(|name| name == "kt"))
            .collect()
    }

    #[test]
    fn the_package_is_the_maven_group_everywhere() {
        let android = root().join("android");
        let group = read(&android.join("pom.xml"));
        let group = between(&group, "<groupId>", "</groupId>");
        assert!(group.contains('.'), "{group}");
        for module in MODULES {
            let pom = read(&android.join(module).join("pom.xml"));
            assert_eq!(between(&pom, "<groupId>", "</groupId>"), group, "{module}");
            for source in sources(&android.join(module).join("src")) {
                let text = read(&source);
                let package = format!("\n{}", text);
                let package = between(&package, "\npackage ", "\n");
                let inside = package == group || package.starts_with(&format!("{group}."));
                assert!(inside, "{}: package {package}", source.display());
            }
        }
        let generated = |settings: &str| {
            let settings = read(&root().join(settings));
            between(&settings, "package_name = \"", "\"").to_owned()
        };
        assert_eq!(
            generated("bindings/uniffi.toml"),
            format!("{group}.internal")
        );
        let tests = generated("bindings/testing/uniffi.toml");
        assert_eq!(tests, format!("{group}.testing.internal"));
        let page = read(&root().join("docs/reference/api.md"));
        let another = between(&page, "## Another name\n", "```\n\n");
        assert!(another.contains(&format!("are `{group}`")), "{another}");
        assert!(another.contains(&format!("old={group} ")), "{another}");
    }
}
