//! `cargo xtask test`: every test there is. The tests themselves come last, so
//! that their closing lines are the last thing a person reads before the table.

use std::ffi::OsStr;
use std::process::Command;

use crate::bindings::{self, Bindings};
use crate::browsers::npm_folder;
use crate::process::{Failure, cargo, command_line, run, run_and_keep, target_dir};
use crate::pypi::SCHEMATHESIS;
use crate::report::{Availability, Report, Strictness};
use crate::size::{self, Size};
use crate::test_counts::TestCounts;
use crate::tools::{BARE_METAL, SYSTEMS, Tools, WASM};
use crate::workspace::{EVERYTHING, SupportedRust};
use crate::{fuzz, kotlin, kotlin_swift_tests, postgres, swift};

pub(crate) fn run_all(strictness: Strictness) -> Result<(), Failure> {
    let mut report = Report::new(strictness);
    let Some(tools) = report.step("tools", "look for them, install what is missing", || {
        Tools::gather()
    }) else {
        return report.finish();
    };

    for (step, target, have) in [
        ("wasm", WASM, &tools.wasm),
        ("no_std", BARE_METAL, &tools.bare_metal),
    ] {
        let build = format!("build -p switchback-protocol --locked --target {target}");
        cargo_step(&mut report, have, step, cargo(&build));
    }

    for ((target, what), have) in SYSTEMS.iter().zip(&tools.systems) {
        let check = cargo(&format!("check {what} --locked --target {target}"));
        cargo_step(&mut report, have, "systems", check);
    }

    oldest_rust(&mut report, &tools);

    // Each benchmark runs once, to show that it still can; nothing is measured. As a test it
    // needs no other profile, so nothing is compiled again for it.
    let benches = cargo(&format!("test {EVERYTHING} --bench * -- --test"));
    cargo_step(&mut report, &Ok(()), "benches", benches);

    report.step_with(&tools.fuzz, "fuzz", "a short run of each target", || {
        fuzz::run_short()
    });

    // What is committed in Kotlin and Swift is what the Rust says, and works.
    report.step("generated", "cargo xtask bindings --check", || {
        bindings::run_all(&Bindings::CHECK)
    });
    report.step_with(&tools.size, "size", "cargo xtask size --check", || {
        size::run_all(&Size::CHECK)
    });
    let mut counts = kotlin_swift_tests::tests(&mut report, &tools.kotlin, &tools.swift);

    counts += tests(&mut report, &tools);
    println!("\n{}\n{counts}", report.table());
    report.finish()
}

/// Compiles with the oldest versions of Rust that are promised: first what others compile, each
/// crate with the features that it asks for itself and without the crates that only tests need.
/// The newest of these versions then lints and documents the whole workspace, tests included, so
/// that these are compiled with it as well.
fn oldest_rust(report: &mut Report, tools: &Tools) {
    for (SupportedRust { version, packages }, have) in &tools.rust {
        let packages = packages.join(" -p ");
        let check = format!("check -p {packages} --locked");
        cargo_step(report, have, "msrv", with_rust(version, &check));
    }
    let Some((services, linter)) = tools.rust.last() else {
        return;
    };
    let clippy = format!("clippy {EVERYTHING} --all-targets -- -D warnings");
    let clippy = with_rust(&services.version, &clippy);
    cargo_step(report, linter, "clippy", clippy);

    // It asks for examples for the same reason as `workspace::build`: so that what the linter has
    // checked is used. The program `switchback` is left out, since the library has its name.
    let docs = "--no-deps --lib --bin xtask --bin switchback-* --examples";
    let mut docs = with_rust(&services.version, &format!("doc {EVERYTHING} {docs}"));
    docs.env("RUSTDOCFLAGS", "-D warnings");
    cargo_step(report, linter, "docs", docs);
}

/// cargo of another version. It has a target directory of its own, since two versions that share
/// one compile everything anew.
fn with_rust(version: &str, arguments: &str) -> Command {
    let mut cargo = cargo(&format!("+{version} {arguments}"));
    cargo.env(
        "CARGO_TARGET_DIR",
        target_dir().join(format!("rust-{version}")),
    );
    cargo
}

fn cargo_step(report: &mut Report, needed: &Availability, step: &'static str, mut cargo: Command) {
    report.step_with(needed, step, &command_line(&cargo), || run(&mut cargo));
}

fn tests(report: &mut Report, tools: &Tools) -> TestCounts {
    let mut test = cargo(&format!("test {EVERYTHING} --no-fail-fast"));
    // Tests that need more than cargo run only where their variable is set.
    let mut switch = |step, what, variable, value: &OsStr, have: &Availability| match have {
        Ok(()) => {
            test.env(variable, value);
        }
        Err(why) => {
            test.env_remove(variable);
            report.leave_out(step, &format!("tests with {what}: {why}"));
        }
    };
    switch(
        "keyring",
        "a real keyring",
        "SWITCHBACK_TEST_SECRET_SERVICE",
        "1".as_ref(),
        &tools.secret_service,
    );
    switch(
        "node",
        "a client from npm",
        "SWITCHBACK_TEST_NODE",
        npm_folder().as_ref(),
        &tools.node,
    );
    switch(
        "curl",
        "curl",
        "SWITCHBACK_TEST_CURL",
        "1".as_ref(),
        &tools.curl,
    );
    switch(
        "kotlin",
        "Kotlin",
        "SWITCHBACK_TEST_KOTLIN",
        kotlin::jars().as_ref(),
        &tools.kotlin,
    );
    switch(
        "swift",
        "Swift",
        "SWITCHBACK_TEST_SWIFT",
        &swift::runner(),
        &tools.swift,
    );
    switch(
        "schemathesis",
        "Schemathesis",
        "SWITCHBACK_TEST_SCHEMATHESIS",
        SCHEMATHESIS.path().as_ref(),
        &tools.schemathesis,
    );
    // The judge of the pages is from npm as well.
    let browsers = tools.browsers.clone().and(tools.node.clone());
    switch(
        "browsers",
        "real browsers",
        "SWITCHBACK_TEST_BROWSER",
        "1".as_ref(),
        &browsers,
    );
    // It is there as long as this value is, to the end of the tests.
    let server = tools.postgres.clone().and_then(|()| postgres::serve());
    match &server {
        Ok(Some(server)) => {
            test.env(postgres::VARIABLE, &server.url);
        }
        // A person's own server is in the variable already, with its password.
        Ok(None) => {}
        Err(why) => {
            test.env_remove(postgres::VARIABLE);
            report.leave_out("postgres", &format!("tests with PostgreSQL: {why}"));
        }
    }

    let mut counts = TestCounts::default();
    report.step("tests", &command_line(&test), || {
        let (output, done) = run_and_keep(&mut test);
        counts = TestCounts::of(&output);
        done?;
        counts.some_ran()
    });
    counts
}
