//! A signature, as a person gets it: compact or JSON serialization.
//!
//! Input: the text.
//!
//! Only a signed header passes, with a value of 64 bytes. A text without the form of a signature is
//! TOTAL-FAILED. The report is the same each time, and consistent.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use switchback_fuzz::signatures::given;
use switchback_jades::{Indication, Outcome, SubIndication, digest_input};
use webpki::ring::ECDSA_P256_SHA256;

fuzz_target!(|input: &[u8]| {
    let given = given();
    let report = given.verify(input, &[ECDSA_P256_SHA256]);
    let is_read = |name| {
        let check = report.check(name);
        check.is_some_and(|check| check.outcome == Outcome::Passed)
    };
    if !is_read("form") {
        assert_eq!(report.indication, Indication::TotalFailed);
        assert_eq!(report.sub_indication, Some(SubIndication::FormatFailure));
        assert!(digest_input(input).is_none());
        return;
    }
    let text = std::str::from_utf8(input).expect("a signature is text");
    if report.indication == Indication::TotalPassed {
        assert!(given.signed.contains(&protected(text)), "{text}");
    }
});

/// The protected header of both serializations.
fn protected(text: &str) -> String {
    if let Ok(json) = serde_json::from_str::<Value>(text) {
        let general = &json["signatures"][0]["protected"];
        let one = json["protected"].as_str().or(general.as_str());
        return one.unwrap_or_default().to_owned();
    }
    text.split('.').next().unwrap_or_default().to_owned()
}
