//! The tests in Kotlin and in Swift, against the real Rust library and a real sandbox.

use std::path::PathBuf;
use std::process::Command;

use crate::process::{cargo, command, root, run, run_and_keep, shown, target_dir};
use crate::report::{Have, Report};
use crate::tally::Tally;
use crate::{bindings, swift, swift_api};

/// What both need: the library that has everything in it, HTTP of its own as well, and the
/// command that is a sandbox and a backend.
const BUILDS: [&str; 2] = [bindings::BUILD, "build -p switchback-cli --locked"];

/// Runs both, where what they need is here.
pub(crate) fn tests(report: &mut Report, kotlin: &Have, swift: &Have) -> Tally {
    let mut tally = Tally::default();
    let built = report.step(
        "bindings",
        "build what Kotlin and Swift are tested against",
        || {
            BUILDS
                .into_iter()
                .try_for_each(|build| run(&mut cargo(build)))
        },
    );
    if built.is_none() {
        return tally;
    }
    let mut step = |name, have: &Have, mut test: Command, count: fn(&str) -> Tally| {
        report.step_with(have, name, &shown(&test), || {
            let (output, done) = run_and_keep(&mut test);
            let counted = count(&output);
            tally += counted;
            done?;
            counted.some_ran()
        });
    };
    step("jvm", kotlin, maven(), Tally::of_maven);
    step("swift", swift, xctest(), Tally::of_xctest);
    report.step_with(
        swift,
        "swift",
        "what the module offers, as it is kept",
        || swift_api::keep(true),
    );
    tally
}

fn built() -> PathBuf {
    root().join(target_dir()).join("debug")
}

fn vectors() -> PathBuf {
    root().join("tests/vectors")
}

fn maven() -> Command {
    let mut maven = command("mvn", ["-B", "-ntp", "test"]);
    maven
        .arg(format!("-Dswitchback.library.path={}", built().display()))
        .arg(format!(
            "-Dswitchback.command={}",
            built().join("switchback").display()
        ))
        .arg(format!("-Dswitchback.vectors={}", vectors().display()))
        .current_dir(root().join("android"));
    maven
}

fn xctest() -> Command {
    let mut test = command(
        swift::inside(),
        ["swift", "test", "--disable-swift-testing"],
    );
    test.args(["--package-path", "ios/linux", "--scratch-path"])
        .arg(root().join(target_dir()).join("swift"))
        .env("SWITCHBACK_LIBRARY_PATH", built())
        .env("SWITCHBACK_TEST_COMMAND", built().join("switchback"))
        .env("SWITCHBACK_TEST_VECTORS", vectors());
    test
}
