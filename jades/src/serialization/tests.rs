use super::*;
use alloc::vec;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

const COMPACT: &str = "eyJ4IjoxfQ..c2lnbmF0dXJl";

fn flattened(header: Value) -> Value {
    json!({"protected": "eyJ4IjoxfQ", "header": header, "signature": "c2lnbmF0dXJl"})
}

fn read(document: &Value) -> Result<Serialization, SerializationError> {
    Serialization::read(document.to_string().as_bytes())
}

fn refused(document: &Value) -> String {
    read(document).unwrap_err().to_string()
}

#[test]
fn both_json_forms_and_the_compact_form_are_the_same_signature() {
    let general = json!({"payload": "", "signatures": [
        {"protected": "eyJ4IjoxfQ", "signature": "c2lnbmF0dXJl"},
    ]});
    let flattened = json!({"protected": "eyJ4IjoxfQ", "signature": "c2lnbmF0dXJl", "other": 1});
    for document in [general, flattened] {
        let signature = read(&document).unwrap();
        assert_eq!(signature.compact(), COMPACT);
        assert_eq!(signature.signature_text(), "c2lnbmF0dXJl");
        assert_eq!(signature.unsigned(), &Unsigned::default());
    }
    let compact = Serialization::read(COMPACT.as_bytes()).unwrap();
    let json = r#"{"protected":"eyJ4IjoxfQ","signature":"c2lnbmF0dXJl"}"#;
    let members = |json: &str| serde_json::from_str::<Value>(json).unwrap();
    assert_eq!(members(&compact.to_json()), members(json));
}

#[test]
fn what_was_added_is_read_again() {
    let mut signature = Serialization::read(COMPACT.as_bytes()).unwrap();
    signature.add_timestamp(b"token 1");
    signature.add_certificate(b"certificate 1");
    signature.add_crl(b"list");
    let mut signature = Serialization::read(signature.to_json().as_bytes()).unwrap();
    for certificate in [b"certificate 1", b"certificate 2"] {
        signature.add_certificate(certificate);
    }
    signature.add_crl(b"list");
    signature.add_timestamp(b"token 2");
    let again = Serialization::read(signature.to_json().as_bytes()).unwrap();
    assert_eq!(again.unsigned(), signature.unsigned());
    assert_eq!(again.compact(), COMPACT);
    let Unsigned {
        timestamps,
        certificates,
        crls,
    } = again.unsigned();
    assert_eq!(timestamps, &[b"token 1", b"token 2"]);
    assert_eq!(certificates, &[b"certificate 1", b"certificate 2"]);
    assert_eq!(crls, &[b"list"]);
}

#[test]
fn components_are_written_as_they_were_read() {
    let spaced = URL_SAFE_NO_PAD.encode(r#"{ "arcTst": {"z":1, "a":2} }"#);
    for (entry, added) in [
        (json!(spaced), true),
        (json!({"cSig": {"z": 1, "a": 2}}), false),
    ] {
        let mut signature = read(&flattened(json!({"etsiU": [entry]}))).unwrap();
        signature.add_timestamp(b"token");
        let json: Value = serde_json::from_str(&signature.to_json()).unwrap();
        let entries = json["header"]["etsiU"].as_array().unwrap();
        assert_eq!(entries[0], entry);
        assert_eq!(entries[1].is_string(), added, "one form for all components");
    }
}

#[test]
fn clear_components_are_read() {
    let signature = read(&flattened(json!({"etsiU": [
        {"sigTst": {"tstTokens": [{"val": "AQI=", "encoding": unsigned::DER}], "canonAlg": "x"}},
        {"xVals": [{"x509Cert": {"val": "Aw=="}}, {"otherCert": {}}]},
        {"rVals": {"crlVals": [{"val": "BA=="}], "ocspVals": []}},
        {"rVals": {"ocspVals": []}},
    ]})));
    let signature = signature.unwrap();
    assert_eq!(signature.unsigned().timestamps, [vec![1, 2]]);
    assert_eq!(signature.unsigned().certificates, [vec![3]]);
    assert_eq!(signature.unsigned().crls, [vec![4]]);
}

#[test]
fn malformed_documents_are_refused() {
    let token = || json!({"sigTst": {"tstTokens": [{"val": "AQI="}]}});
    let components = |components: Value| flattened(json!({"etsiU": components}));
    for (document, why) in [
        (json!({}), "`protected`"),
        (json!({"protected": "a.b", "signature": "c"}), "`protected`"),
        (json!({"protected": "a", "signature": 1}), "`signature`"),
        (json!({"protected": "a", "signature": "b="}), "`signature`"),
        (
            json!({"payload": "{}", "protected": "a", "signature": "b"}),
            "`payload`",
        ),
        (json!({"signatures": []}), "exactly one"),
        (json!({"signatures": {}}), "exactly one"),
        (json!({"signatures": [1]}), "not an object"),
        (
            json!({"signatures": [
                {"protected": "a", "signature": "b"}, {"protected": "a", "signature": "b"},
            ]}),
            "exactly one",
        ),
        (
            json!({"protected": "a", "signatures": [{"protected": "a", "signature": "b"}]}),
            "flattened",
        ),
        (flattened(json!([])), "`header` is not an object"),
        (flattened(json!({})), "`etsiU`"),
        (flattened(json!({"etsiU": {}})), "`etsiU`"),
        (
            flattened(json!({"etsiU": [token()], "alg": "none"})),
            "no other",
        ),
        (components(json!([])), "1 to 64"),
        (components(vec![token(); 65].into()), "1 to 64"),
        (components(vec![token(); 9].into()), "at most 8"),
        (components(json!([1])), "one member"),
        (components(json!(["e30"])), "one member"),
        (components(json!(["eyJhIjoxfQ=="])), "one member"),
        (components(json!([{"a": 1, "b": 1}])), "one member"),
        (components(json!([{"a": 1}, "eyJhIjoxfQ"])), "both forms"),
        (components(json!([{"sigTst": {}}])), "`tstTokens`"),
        (components(json!([{"sigTst": []}])), "`tstTokens`"),
        (
            components(json!([{"sigTst": {"tstTokens": ["AQI="]}}])),
            "`val`",
        ),
        (
            components(json!([{"sigTst": {"tstTokens": [{"val": "AQI"}]}}])),
            "`val`",
        ),
        (
            components(json!([{"sigTst": {"tstTokens": [{"val": "AQI=", "encoding": "BER"}]}}])),
            "`val`",
        ),
        (components(json!([{"xVals": {}}])), "`xVals`"),
        (components(json!([{"rVals": []}])), "`rVals`"),
        (components(json!([{"rVals": {"crlVals": {}}}])), "`crlVals`"),
    ] {
        let refused = refused(&document);
        assert!(refused.contains(why), "{refused}: {document}");
    }
}

#[test]
fn json_is_read_strictly() {
    let refused = |text: &str| Serialization::read(text.as_bytes()).unwrap_err();
    for text in [
        r#"{"protected":"a","signature":"b","signature":"c"}"#,
        r#"{"protected":"a","signature":"b","x":{"y":1,"y":1}}"#,
        r#"{"protected":"a","signature":"b"} x"#,
        "{",
        &"{\"a\":".repeat(100_000),
    ] {
        assert!(matches!(refused(text), SerializationError::Json(_)));
    }
    let doubled = URL_SAFE_NO_PAD.encode(r#"{"sigTst":{"tstTokens":[],"tstTokens":[]}}"#);
    let doubled = flattened(json!({"etsiU": [doubled]}));
    assert!(read(&doubled).is_err());
    assert_eq!(
        Serialization::read(b"a\xff").unwrap_err(),
        SerializationError::NotText(1)
    );
    let long = vec![b' '; MAX_SIGNATURE + 1];
    assert_eq!(
        Serialization::read(&long).unwrap_err(),
        SerializationError::TooLong
    );
}

#[test]
fn the_number_of_values_is_limited() {
    let many = json!({ "x": vec![0; 2000] });
    let encoded = URL_SAFE_NO_PAD.encode(many.to_string());
    for (entry, problem) in [(&many, "4000 values"), (&json!(encoded), "its base64url")] {
        assert!(read(&flattened(json!({"etsiU": [entry]}))).is_ok());
        let text = refused(&flattened(json!({"etsiU": [entry, entry]})));
        assert!(text.contains(problem), "{text}");
    }
}
