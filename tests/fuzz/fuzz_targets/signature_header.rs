//! The protected header of a signature. Each signature value counts as right here, so the header alone
//! decides.
//!
//! Input: the header, JSON.
//!
//! A second, simple reader finds no fault in a header that passes. All members that no check
//! understands are in the report, unchanged.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};
use switchback_fuzz::signatures::{ACCEPTS_ALL, are_different, given};
use switchback_fuzz::{are_distinct, members};
use switchback_jades::Indication;

fuzz_target!(|input: &[u8]| {
    let given = given();
    let signature = given.with_header(input);
    let report = given.verify(signature.as_bytes(), ACCEPTS_ALL);
    let Some(summary) = &report.summary else {
        return;
    };
    let listed = members(input).expect("the second reader refuses the header");
    assert!(are_distinct(listed.iter().map(|(name, _)| name)));
    let header: Map<String, Value> = listed.into_iter().collect();
    for (name, value) in &summary.header {
        assert_eq!(header.get(name), Some(value));
    }
    if report.indication == Indication::TotalPassed {
        check(&header, given.time);
    }
});

/// RFC 7515 §4.1, RFC 7797 §6, ETSI TS 119 182-1 §5.
fn check(header: &Map<String, Value>, now: i64) {
    assert_eq!(header["alg"], "ES256");
    let texts = |value: &Value| -> Vec<String> {
        let texts = value.as_array().expect("an array").iter();
        texts
            .map(|text| text.as_str().expect("a text").to_owned())
            .collect()
    };
    let critical = header.get("crit").map(texts).unwrap_or_default();
    let critical: Vec<&str> = critical.iter().map(String::as_str).collect();
    assert!(are_different(&critical) && header.get("crit").is_none() == critical.is_empty());
    for name in &critical {
        assert!(["b64", "iat", "sigD", "sigT"].contains(name), "{name}");
        assert!(header.contains_key(*name), "{name}");
    }
    let unencoded = header.get("b64").is_some_and(|b64| b64 == false);
    assert!(critical.contains(&"b64") || !unencoded);
    // The given digest is that of the document itself.
    assert!(unencoded);

    assert!(header.contains_key("iat") != header.contains_key("sigT"));
    if let Some(time) = header.get("iat") {
        assert!(
            time.as_i64()
                .is_some_and(|time| (0..=now + 60).contains(&time))
        );
    }

    let document = header["sigD"].as_object().expect("an object");
    assert_eq!(
        document["mId"],
        "http://uri.etsi.org/19182/ObjectIdByURIHash"
    );
    assert_eq!(document["hashM"], "S256");
    assert_eq!(
        (
            texts(&document["pars"]).len(),
            texts(&document["hashV"]).len()
        ),
        (1, 1)
    );
    assert!(
        document
            .get("ctys")
            .is_none_or(|types| texts(types).len() <= 1)
    );
    assert!(!texts(&header["x5c"]).is_empty());
}
