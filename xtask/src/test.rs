//! `cargo xtask test`: every test. The tests of cargo come last, so that their counts are the last
//! lines before the table.

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
use crate::{dss, fuzz, ios, kotlin, kotlin_swift_tests, postgres, swift, verify_page};

pub(crate) fn run_all(strictness: Strictness) -> Result<(), Failure> {
    let mut report = Report::new(strictness);
    let Some(tools) = report.step("tools", "find them, and install missing tools", || {
        Tools::gather()
    }) else {
        return report.finish();
    };

    for (step, target, have) in [
        ("wasm", WASM, &tools.wasm),
        ("no_std", BARE_METAL, &tools.bare_metal),
    ] {
        let build =
            format!("build -p switchback-protocol -p switchback-jades --locked --target {target}");
        cargo_step(&mut report, have, step, cargo(&build));
    }

    let page = tools.wasm.clone().and(tools.node.clone());
    let page = page.and(tools.browsers.clone());
    let what = "verify signatures in one HTML file, in Node and in Chromium";
    report.step_with(&page, "verify-page", what, verify_page::check);

    for ((target, what), have) in SYSTEMS.iter().zip(&tools.systems) {
        let check = cargo(&format!("check {what} --locked --target {target}"));
        cargo_step(&mut report, have, "systems", check);
    }

    oldest_rust(&mut report, &tools);

    // Each benchmark runs once, to show that it works, and measures nothing. As a test it uses the
    // profile of the tests, so cargo compiles nothing again.
    let benches = cargo(&format!("test {EVERYTHING} --bench * -- --test"));
    cargo_step(&mut report, &Ok(()), "benches", benches);

    report.step_with(&tools.fuzz, "fuzz", "a short run of each target", || {
        fuzz::run_short()
    });

    // The committed Kotlin and Swift correspond to the Rust, and their tests pass.
    report.step("generated", "cargo xtask bindings --check", || {
        bindings::run_all(&Bindings::CHECK)
    });
    report.step_with(&tools.size, "size", "cargo xtask size --check", || {
        size::run_all(&Size::CHECK)
    });
    let privacy = "compare the privacy manifest with the library for iOS";
    report.step_with(&tools.ios, "ios", privacy, ios::check);
    let mut counts = kotlin_swift_tests::tests(&mut report, &tools);

    counts += tests(&mut report, &tools);
    println!("\n{}\n{counts}", report.table());
    report.finish()
}

/// Checks the workspace with the oldest supported versions of Rust: each crate with its default
/// features, without the crates that only tests need. The newest of these versions then lints and
/// documents the whole workspace, and so also compiles the tests.
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

    // With examples, for the same reason as in `workspace::build`: cargo then reuses the result of
    // the linter. Without the program `switchback`, since the library has the same name.
    let docs = "--no-deps --lib --bin xtask --bin switchback-* --examples";
    let mut docs = with_rust(&services.version, &format!("doc {EVERYTHING} {docs}"));
    docs.env("RUSTDOCFLAGS", "-D warnings");
    cargo_step(report, linter, "docs", docs);
}

/// cargo of another version, with a separate target directory: two versions with the same directory
/// would compile everything again each time.
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
    // Tests that need other tools run only if their variable is set.
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
    // It is of use only if the compiler is here.
    let classpath = kotlin::compiler().and_then(|compiler| compiler.classpath());
    let classpath = classpath.unwrap_or_default();
    switch(
        "kotlin",
        "Kotlin",
        "SWITCHBACK_TEST_KOTLIN",
        classpath.as_ref(),
        &tools.kotlin,
    );
    switch(
        "dss",
        "the EU's DSS",
        "SWITCHBACK_TEST_DSS",
        dss::jars().classpath().unwrap_or_default().as_ref(),
        &tools.dss,
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
    // The accessibility checker of the pages also comes from npm.
    let browsers = tools.browsers.clone().and(tools.node.clone());
    switch(
        "browsers",
        "real browsers",
        "SWITCHBACK_TEST_BROWSER",
        "1".as_ref(),
        &browsers,
    );
    // The server runs until this value is dropped, at the end of the tests.
    let server = tools.postgres.clone().and_then(|()| postgres::serve());
    match &server {
        Ok(Some(server)) => {
            test.env(postgres::VARIABLE, &server.url);
        }
        // The variable already names the person's own server, with its password.
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
