//! DSS judges the vectors. Each difference is a row of a table in `docs/explanation/signatures.md`.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::dss::{self, Answer, Dss};
use super::vectors::{self, Case, base64_of};

const PAGE: &str = include_str!("../../../docs/explanation/signatures.md");

/// One compiler for Java: the second one would compile longer than it saves.
const FAST_START: &[&str] = &["-XX:TieredStopAtLevel=1"];

#[test]
fn dss_agrees_or_the_difference_is_explained() {
    let Some(mut dss) = Dss::start(FAST_START) else {
        return;
    };
    let mut found = BTreeMap::new();
    let mut agreed = 0;
    let files = ["sample.json", "made.json"];
    for case in files.into_iter().flat_map(vectors::cases) {
        let answer = judge(&mut dss, &case);
        let (ours, theirs) = (case.expected.reason().to_owned(), says(&answer));
        if case.expected.passed() && theirs == ACCEPTED
            || !case.expected.passed() && !answer.passed()
        {
            agreed += 1;
        } else {
            found.insert(case.name, (ours, theirs));
        }
    }
    let (explained, found) = (explained(), lines(&found));
    let missing: Vec<_> = found.difference(&explained).collect();
    let outdated: Vec<_> = explained.difference(&found).collect();
    assert!(
        missing.is_empty() && outdated.is_empty(),
        "docs/explanation/signatures.md: not in the table: {missing:#?}\nno longer so: {outdated:#?}"
    );
    assert!(agreed > 100, "only {agreed} cases agree");
}

/// The revocation list of that time is lost, so the anchor is the intermediate certificate.
#[test]
fn dss_accepts_the_real_signature() {
    let Some(mut dss) = Dss::start(FAST_START) else {
        return;
    };
    let cases = vectors::cases("sample.json");
    let mut judge = |name: &str| {
        let case = cases.iter().find(|case| case.name == name);
        judge(&mut dss, case.expect("a case of the vectors"))
    };
    let answer = judge("sample-valid");
    assert!(answer.passed(), "{answer:?}");
    let answer = judge("root-as-anchor-and-no-revocation-list");
    assert_eq!(answer.indication.as_deref(), Some("INDETERMINATE"));
    let errors = answer.errors.join(" ");
    assert!(errors.contains("No revocation data found"), "{errors}");
}

/// What DSS says about a case.
fn judge(dss: &mut Dss, case: &Case) -> Answer {
    let digest = case.document.as_ref().map(|document| {
        let digest = URL_SAFE_NO_PAD.decode(&document.sha256);
        STANDARD.encode(digest.expect("the vectors are base64url"))
    });
    dss.judge(&dss::Case {
        signature: &case.signature,
        digest,
        id: case.id.as_deref(),
        anchors: case.anchors.iter().map(|pem| base64_of(pem)).collect(),
        crls: case.crls.iter().map(|pem| base64_of(pem)).collect(),
        time: case.time,
    })
}

const ACCEPTED: &str = "JAdES-BASELINE-B";

/// The level of an accepted signature, or the reason of a refusal.
fn says(answer: &Answer) -> String {
    match (answer.passed(), answer.level.as_deref()) {
        (true, Some("JAdES_BASELINE_B")) => ACCEPTED.into(),
        (true, Some("JSON_NOT_ETSI")) => "TOTAL_PASSED, no JAdES level".into(),
        (true, level) => format!("TOTAL_PASSED, {level:?}"),
        (false, _) => answer.reason().into(),
    }
}

/// As in the table: a name, our reason, and what DSS says.
fn lines(found: &BTreeMap<String, (String, String)>) -> BTreeSet<String> {
    let line = |(name, (ours, theirs)): (&String, &(String, String))| {
        format!("{name} | {ours} | {theirs}")
    };
    found.iter().map(line).collect()
}

/// The rows of the table. A row has one or more names, each as code.
fn explained() -> BTreeSet<String> {
    let rows = PAGE.lines().filter_map(|line| {
        let cells: Vec<&str> = line.strip_prefix("| `")?.split(" | ").collect();
        let [names, ours, theirs, _why] = cells[..] else {
            return None;
        };
        let names = names.trim_end_matches('`').split("`, `");
        Some(names.map(move |name| format!("{name} | {ours} | {theirs}")))
    });
    rows.flatten().collect()
}
