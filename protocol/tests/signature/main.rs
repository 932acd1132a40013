//! Signatures: the test vectors in `tests/vectors/jades/*.json`, which Kotlin and Swift run, too.
//!
//! `UPDATE=1 cargo test -p switchback-protocol --test signature` writes the vectors again. Keys and
//! signature values do not depend on random numbers, so the files change only where a case does.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod authority;
mod case;
mod made;
mod sample;
mod timestamp;
mod timestamped;

use std::path::PathBuf;

use case::{Case, File};
use switchback_jades::Report;

/// Writes the cases to the file, if the environment asks for it, and runs what the file has.
fn run(file: &str, about: &str, written: Vec<Case>) {
    let path = path(file);
    let written = File::new(about, written).to_json();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &written).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap();
    assert!(
        stored == written,
        "{file} differs from the cases; write it again with UPDATE=1"
    );
    let wrong: Vec<String> = File::read(&stored)
        .cases
        .iter()
        .flat_map(Case::moments)
        .filter_map(|case| {
            let report = case.verify();
            let found = case::Outcome::of(&report, &case.expected);
            (case.expected != found).then(|| shown(&case, &report))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn path(file: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/jades");
    folder.join(file)
}

/// The cases of a file.
fn stored(file: &str) -> Vec<Case> {
    File::read(&std::fs::read_to_string(path(file)).unwrap()).cases
}

fn shown(case: &Case, report: &Report) -> String {
    let checks: Vec<String> = report
        .checks
        .iter()
        .map(|check| format!("  {} {:?}: {}", check.name, check.outcome, check.text))
        .collect();
    format!(
        "{}: expected {:?}, got {:?}\n{}",
        case.name,
        case.expected,
        case::Outcome::of(report, &case.expected),
        checks.join("\n")
    )
}

#[test]
fn the_sample_of_the_guide() {
    let about = "The signature of Truid's developer guide (test data, its root has expired), and \
                 mutations of it. `document.sha256` is base64url, times are seconds since the epoch. \
                 `expected.check` is the first check that did not pass.";
    run("sample.json", about, sample::cases());
}

#[test]
fn made_signatures() {
    let about = "Signatures of a test authority: valid ones, and ones with one fault each, which \
                 are signed again after the fault was made. The fields are those of sample.json.";
    run("made.json", about, made::cases());
}

#[test]
fn timestamped_signatures() {
    let about = "Signatures of the test authority with a timestamp (JSON serialization), each on day 1 \
                 and on day 31, when the signing certificate has expired. `later` has the members \
                 that replace those of the case on day 31. A timestamp that proves nothing does no \
                 harm on day 1. The other fields are those of sample.json.";
    run("timestamped.json", about, timestamped::cases());
}

#[test]
fn at_least_15_faults_of_timestamps_are_named() {
    let cases = stored("timestamped.json");
    let fails = |case: &&Case| {
        case.later
            .as_ref()
            .is_some_and(|l| l.expected.check.is_some())
    };
    assert!(cases.iter().filter(fails).count() >= 15);
}

#[test]
fn at_least_60_mutations_are_named_and_no_two_have_the_same_name() {
    let files = ["sample.json", "made.json", "timestamped.json"];
    let cases: Vec<Case> = files.into_iter().flat_map(stored).collect();
    let wrong = cases.iter().filter(|case| case.expected.check.is_some());
    assert!(wrong.count() >= 60);
    let mut names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}
