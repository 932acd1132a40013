//! Runs the cases in `tests/vectors/android-links.json`.

use alloc::borrow::ToOwned as _;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;

use super::android::{Facts, Question, check};
use super::{LinkCheck, Opens, Return, Severity, Warning};

#[derive(Deserialize)]
struct Vectors {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    question: Question,
    facts: Facts,
    returns: Return,
    plan: Vec<String>,
    warnings: Vec<String>,
    #[serde(default)]
    left_out: BTreeMap<String, String>,
}

fn cases() -> Vec<Case> {
    let text = include_str!("../../../tests/vectors/android-links.json");
    let vectors: Vectors = serde_json::from_str(text).unwrap();
    vectors.cases
}

/// The plan as the vectors write it.
fn plan(check: &LinkCheck) -> Vec<String> {
    let step = |step: &super::Step| {
        let package = step.package.as_deref().unwrap_or("");
        let is_page = matches!(step.opens, Opens::CustomTab | Opens::Browser);
        let ephemeral = if step.is_ephemeral { " ephemeral" } else { "" };
        let tap = if is_page && !step.needs_tap {
            " no-tap"
        } else {
            ""
        };
        format!("{} {package}{ephemeral}{tap}", step.opens.as_str())
    };
    check.plan().map(step).collect()
}

#[test]
fn the_vectors_match() {
    let cases = cases();
    assert!(cases.len() >= 40);
    for case in cases {
        let found = check(&case.question, &case.facts);
        let codes: Vec<&str> = found.warnings.iter().map(Warning::code).collect();
        assert_eq!(found.returns, case.returns, "{}", case.name);
        assert_eq!(plan(&found), case.plan, "{}", case.name);
        assert_eq!(codes, case.warnings, "{}", case.name);
        for (way, reason) in case.left_out {
            let mut steps = found.steps.iter();
            let step = steps.find(|step| step.opens.as_str() == way).unwrap();
            let left_out = step.choice.err().map(super::LeftOut::as_str);
            assert_eq!(left_out, Some(reason.as_str()), "{}: {way}", case.name);
        }
        // A link that does not open this app has a warning that says so.
        if found.returns != Return::ThisApp {
            let worst = found.warnings.first().map(Warning::severity);
            assert!(worst < Some(Severity::Notice), "{}", case.name);
            assert!(worst.is_some(), "{}", case.name);
        }
    }
}

#[test]
fn every_warning_occurs_and_says_what_to_do() {
    let mut codes = BTreeSet::new();
    for case in cases() {
        for warning in check(&case.question, &case.facts).warnings {
            assert!(!warning.message().is_empty() && !warning.fix().is_empty());
            assert!(!warning.message().contains("  ") && !warning.fix().contains("  "));
            codes.insert(warning.code().to_owned());
        }
    }
    assert_eq!(codes.len(), 21, "{codes:?}");
}
