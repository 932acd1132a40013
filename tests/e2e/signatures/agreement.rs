//! DSS judges the vectors. Each difference is a row of a table in `docs/explanation/signatures.md`.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::dss::{self, Answer, Dss};
use super::sandbox;
use super::vectors::{self, Case, base64_of};

const PAGE: &str = include_str!("../../../docs/explanation/signatures.md");

/// One compiler for Java: the second one would compile longer than it saves.
const FAST_START: &[&str] = &["-XX:TieredStopAtLevel=1"];

#[tokio::test]
async fn dss_agrees_or_the_difference_is_explained() {
    let Some(mut dss) = Dss::start(FAST_START) else {
        return;
    };
    let mut found = BTreeMap::new();
    let mut agreed = 0;
    let files = ["sample.json", "made.json", "timestamped.json"];
    let cases = files.into_iter().flat_map(vectors::cases);
    for case in cases.chain(sandbox::cases().await) {
        let answer = judge(&mut dss, &case);
        if agree(&case, &answer) {
            agreed += 1;
        } else {
            found.insert(case.name, (case.expected.says(), says(&answer)));
        }
    }
    let (explained, found) = (explained(), lines(&found));
    let missing: Vec<_> = found.difference(&explained).collect();
    let outdated: Vec<_> = explained.difference(&found).collect();
    assert!(
        missing.is_empty() && outdated.is_empty(),
        "docs/explanation/signatures.md: not in the table: {missing:#?}\nno longer so: {outdated:#?}"
    );
    assert!(agreed > 200, "only {agreed} cases agree");
}

/// The claim that counts most, without the table: a signature of the sandbox is JAdES-BASELINE-B, and
/// with a timestamp JAdES-BASELINE-T. It passes on day 1, and on day 31 only with the timestamp.
#[tokio::test]
async fn both_accept_the_sandbox_on_day_31_only_with_a_timestamp() {
    let Some(mut dss) = Dss::start(FAST_START) else {
        return;
    };
    let forms = [
        "sandbox",
        "sandbox-without-presentation",
        "sandbox-with-sigt-in-2024",
    ];
    let cases = sandbox::cases().await;
    for (kind, ours, theirs) in [
        ("", "TOTAL-PASSED, B-B", "JAdES-BASELINE-B"),
        ("-timestamped", "TOTAL-PASSED, B-T", "JAdES-BASELINE-T"),
        (
            "-day-31",
            "OUT_OF_BOUNDS_NO_POE",
            "OUT_OF_BOUNDS_NOT_REVOKED",
        ),
        (
            "-timestamped-day-31",
            "TOTAL-PASSED, B-T",
            "JAdES-BASELINE-T",
        ),
    ] {
        for form in forms {
            let name = format!("{form}{kind}");
            let case = cases.iter().find(|case| case.name == name).expect(&name);
            let answer = judge(&mut dss, case);
            assert_eq!(case.expected.says(), ours, "{name}");
            assert_eq!(says(&answer), theirs, "{name}: {answer:?}");
        }
    }
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
        anchors: case.all_anchors().map(|pem| base64_of(pem)).collect(),
        crls: case.crls.iter().map(|pem| base64_of(pem)).collect(),
        time: case.time,
    })
}

/// Whether both accept the signature and believe the same timestamps, or both refuse it.
fn agree(case: &Case, answer: &Answer) -> bool {
    let level = match case.expected.level.as_deref() {
        Some("B-T") => vec!["JAdES-BASELINE-T"],
        _ => vec!["JAdES-BASELINE-B", WORTHLESS],
    };
    match (case.expected.passed(), answer.passed()) {
        (true, true) => level.contains(&&*says(answer)),
        (ours, theirs) => ours == theirs,
    }
}

/// What is said of a signature whose timestamp proves nothing.
const WORTHLESS: &str = "JAdES-BASELINE-T, no time proven";

/// The level of an accepted signature, or the reason of a refusal.
fn says(answer: &Answer) -> String {
    match (answer.passed(), answer.level.as_deref()) {
        (true, Some("JAdES_BASELINE_B")) => "JAdES-BASELINE-B".into(),
        (true, Some("JAdES_BASELINE_T")) if answer.time_is_proven => "JAdES-BASELINE-T".into(),
        (true, Some("JAdES_BASELINE_T")) => WORTHLESS.into(),
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
