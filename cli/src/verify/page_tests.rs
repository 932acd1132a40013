//! The page, with a report whose values are as hostile as a stranger can make them.

use super::*;
use serde_json::json;
use switchback::signature::{
    CertificateAttribute, CertificateSummary, Check, ClaimedTime, Level, Outcome, ProvenTime,
    SignedDocument, SubIndication, Summary, TimeHeader,
};

const HOSTILE: &str = "</dd><script>alert(1)</script>\"'&\u{202e}";

fn report(summary: Option<Summary>) -> Report {
    Report {
        indication: Indication::Indeterminate,
        sub_indication: Some(SubIndication::OutOfBoundsNoPoe),
        at_claimed_time: Indication::TotalPassed,
        checks: vec![
            Check {
                name: "form",
                outcome: Outcome::Passed,
                text: format!("The form is right {HOSTILE}."),
                section: "RFC 7515 §7",
                sub_indication: None,
            },
            Check {
                name: "validity",
                outcome: Outcome::Undecided,
                text: "The certificate has expired.".into(),
                section: "RFC 5280 §4.1.2.5",
                sub_indication: Some(SubIndication::OutOfBoundsNoPoe),
            },
        ],
        summary,
    }
}

fn summary() -> Summary {
    let presentation = json!({
        "sub": HOSTILE,
        "claims": [
            { "type": "truid.app/claim/name/v1", "value": HOSTILE },
            { "type": HOSTILE, "value": { "x": HOSTILE } },
        ],
    });
    let header = json!({
        "truid.app/user_message/v1": format!("I sign {HOSTILE}"),
        "truid.app/presentation/v1": presentation,
    });
    Summary {
        level: Level::BaselineB,
        claimed_time: Some(ClaimedTime {
            time: 1_700_747_099,
            header: TimeHeader::SigT,
        }),
        proven_time: None,
        document: Some(SignedDocument {
            id: format!("javascript:{HOSTILE}"),
            digest: HOSTILE.into(),
            content_type: Some(HOSTILE.into()),
        }),
        certificates: vec![CertificateSummary {
            subject: format!("CN={HOSTILE}"),
            issuer: HOSTILE.into(),
            serial: "0a1b".into(),
            not_before: 1_700_747_040,
            not_after: 1_703_339_040,
            sha256: "00ff".into(),
            attributes: vec![CertificateAttribute {
                name: "PSEUDONYM".into(),
                value: format!("Maja {HOSTILE}"),
            }],
        }],
        header: header.as_object().expect("an object").clone(),
    }
}

fn page(report: &Report) -> String {
    html(report, &format!("{HOSTILE}.jws"), 1_800_000_000).expect("a page")
}

#[test]
fn the_page_escapes_every_value() {
    let page = page(&report(Some(summary())));
    assert!(!page.contains("<script"), "{page}");
    assert!(!page.contains('\u{202e}'), "{page}");
    assert!(
        page.contains("I sign &#60;/dd&#62;&#60;script&#62;alert(1)"),
        "{page}"
    );
    assert!(page.contains("Maja &#60;"), "{page}");
}

#[test]
fn the_page_loads_nothing_and_runs_nothing() {
    let page = page(&report(Some(summary())));
    assert!(page.contains("default-src 'none'"));
    for word in [
        "src=", "href=", "url(", "@import", "<link", "<img", "<iframe", "<form",
    ] {
        assert!(!page.contains(word), "{word}: {page}");
    }
}

#[test]
fn the_page_says_what_is_not_proven() {
    let unproven = page(&report(Some(summary())));
    for words in [
        "INDETERMINATE",
        "OUT_OF_BOUNDS_NO_POE",
        "2023-11-23 13:44:59 UTC",
        "no timestamp proves this time",
        "Nothing proves that time.",
        "RFC 5280 §4.1.2.5",
        "<li>The certificate has expired.</li>",
        "Verified for 2027-01-15 08:00:00 UTC",
    ] {
        assert!(unproven.contains(words), "{words}: {unproven}");
    }
    let mut timestamped = summary();
    timestamped.proven_time = Some(ProvenTime {
        time: 1_700_747_100,
        authority: "CN=TSA".into(),
    });
    let mut good = report(Some(timestamped));
    good.indication = Indication::TotalPassed;
    good.sub_indication = None;
    let good = page(&good);
    assert!(
        good.contains("not later than 2023-11-23 13:45:00 UTC, by CN=TSA"),
        "{good}"
    );
    assert!(!good.contains("Nothing proves"), "{good}");
}

#[test]
fn a_signature_that_cannot_be_read_has_a_page() {
    let page = page(&report(None));
    assert!(
        page.contains("INDETERMINATE") && !page.contains("What was signed"),
        "{page}"
    );
}

#[test]
fn a_signature_that_breaks_a_rule_is_not_called_unproven() {
    let mut other_message = report(Some(summary()));
    other_message.sub_indication = Some(SubIndication::SigConstraintsFailure);
    let page = page(&other_message);
    assert!(
        page.contains("breaks a rule of this verification"),
        "{page}"
    );
    assert!(!page.contains("Nothing shows"), "{page}");
}
