//! Runs the cases in `tests/vectors/android-links.json` and `ios-links.json`.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{LeftOut, LinkCheck, Opens, Return, Severity, Step, android, ios};

#[derive(Deserialize)]
struct Vectors<Question, Facts> {
    cases: Vec<Case<Question, Facts>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case<Question, Facts> {
    name: String,
    question: Question,
    facts: Facts,
    returns: Return,
    plan: Vec<String>,
    warnings: Vec<String>,
    #[serde(default)]
    left_out: BTreeMap<String, String>,
}

/// Runs the cases of a file, and returns the results.
fn run<Question: DeserializeOwned, Facts: DeserializeOwned>(
    text: &str,
    check: fn(&Question, &Facts) -> LinkCheck,
) -> Vec<LinkCheck> {
    let vectors: Vectors<Question, Facts> = serde_json::from_str(text).unwrap();
    let run = |case: &Case<Question, Facts>| {
        let found = check(&case.question, &case.facts);
        let codes: Vec<&str> = found.warnings.iter().map(|it| it.code).collect();
        assert_eq!(found.returns, case.returns, "{}", case.name);
        assert_eq!(plan(&found), case.plan, "{}", case.name);
        assert_eq!(codes, case.warnings, "{}", case.name);
        for (way, reason) in &case.left_out {
            let mut steps = found.steps.iter();
            let step = steps.find(|step| step.opens.as_str() == way).unwrap();
            let left_out = step.choice.err().map(LeftOut::as_str);
            assert_eq!(left_out, Some(reason.as_str()), "{}: {way}", case.name);
        }
        // A link that does not open this app has a warning that says so.
        let worst = found.warnings.first().map(|it| it.severity);
        match found.returns {
            Return::ThisApp => {}
            Return::Unknown => assert!(worst.is_some(), "{}", case.name),
            _ => assert!(
                worst.is_some_and(|it| it < Severity::Notice),
                "{}",
                case.name
            ),
        }
        found
    };
    vectors.cases.iter().map(run).collect()
}

fn android() -> Vec<LinkCheck> {
    let text = include_str!("../../../tests/vectors/android-links.json");
    run(text, android::check)
}

fn ios() -> Vec<LinkCheck> {
    let text = include_str!("../../../tests/vectors/ios-links.json");
    run(text, ios::check)
}

/// The plan as the vectors write it.
fn plan(check: &LinkCheck) -> Vec<String> {
    let step = |step: &Step| {
        let opens = step.opens;
        let is_page = matches!(opens, Opens::CustomTab | Opens::SafariView | Opens::Browser);
        let words = [
            Some(opens.as_str()),
            step.package.as_deref(),
            step.is_ephemeral.then_some("ephemeral"),
            (is_page && !step.needs_tap).then_some("no-tap"),
        ];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    check.plan().map(step).collect()
}

#[test]
fn the_vectors_match() {
    assert!(android().len() >= 52);
    let ios = ios();
    assert!(ios.len() >= 65);
    let is_broken = |it: &&LinkCheck| {
        let worst = it.warnings.first().map(|it| it.severity);
        worst.is_some_and(|it| it < Severity::Notice)
    };
    assert!(ios.iter().filter(is_broken).count() >= 30);
}

#[test]
fn every_warning_occurs_and_says_what_to_do() {
    let mut codes = BTreeSet::new();
    for check in android().into_iter().chain(ios()) {
        for warning in check.warnings {
            for text in [&warning.message, &warning.fix] {
                assert!(!text.is_empty() && !text.contains("  "), "{text}");
            }
            codes.insert(warning.code);
        }
        for step in check.steps {
            assert!(!step.reason().is_empty() && !step.reason().contains("  "));
        }
    }
    assert_eq!(codes.len(), 31, "{codes:?}");
}
