//! The signature of Truid's developer guide, and mutations of it that need no key.

use serde_json::Value;
use switchback_jades::SubIndication::{self, *};

use crate::authority::{Made, base64url, seconds};
use crate::case::{Case, Document, Outcome, pem, sorted};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

const SAMPLE: &str = include_str!("../../fixtures/guide-sample.jws");

/// The sample as it was asked for, one second after it was made.
///
/// The anchor is the intermediate certificate: it has a CRL distribution point, and no revocation
/// list of that time was published.
fn sample() -> Case {
    let signature = SAMPLE.trim_end().to_owned();
    let header: Value = serde_json::from_slice(&header(&signature)).unwrap();
    Case {
        name: "sample-valid".to_owned(),
        document: Some(Document {
            sha256: "ZAX3rjdX-tgp3OoFZsQyHg0RQ4esnXU8oPM0u4Yw9bQ".to_owned(),
            b64: false,
        }),
        id: Some("https://example.com/docs/example-document-v1.pdf".to_owned()),
        content_type: Some("application/pdf".to_owned()),
        user_message: Some("I sign the document 'Example Document - v1'".to_owned()),
        anchors: vec![certificate(&header, 1)],
        crls: Vec::new(),
        time: seconds("2023-11-23T13:45:00Z"),
        max_age: None,
        expected: Outcome::passed(),
        timestamp_anchors: Vec::new(),
        later: None,
        signature,
    }
}

fn certificate(header: &Value, index: usize) -> String {
    let text = header["x5c"][index].as_str().unwrap();
    pem("CERTIFICATE", &STANDARD.decode(text).unwrap())
}

fn header(signature: &str) -> Vec<u8> {
    let protected = signature.split('.').next().unwrap();
    URL_SAFE_NO_PAD.decode(protected).unwrap()
}

/// Changes the JSON text of the header, and keeps the signature value.
fn with_header(case: &mut Case, edit: impl FnOnce(String) -> String) {
    let json = String::from_utf8(header(&case.signature)).unwrap();
    let (_, value) = case.signature.rsplit_once('.').unwrap();
    let edited = edit(json.clone());
    assert_ne!(edited, json, "{}", case.name);
    case.signature = format!("{}..{value}", base64url(edited));
}

fn replace(case: &mut Case, from: &str, to: &str) {
    with_header(case, |json| json.replacen(from, to, 1));
}

/// Changes the 64 bytes of the signature value.
fn with_value(case: &mut Case, edit: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let (rest, value) = case.signature.rsplit_once('.').unwrap();
    let value = edit(URL_SAFE_NO_PAD.decode(value).unwrap());
    case.signature = format!("{rest}.{}", base64url(value));
}

fn wrong(name: &str, why: SubIndication, check: &str, edit: impl FnOnce(&mut Case)) -> Case {
    let mut case = Case {
        name: name.to_owned(),
        expected: Outcome::not_passed(why, check),
        ..sample()
    };
    edit(&mut case);
    case
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = vec![
        sample(),
        wrong(
            "root-as-anchor-and-no-revocation-list",
            TryLater,
            "authority-revocation",
            |case| {
                let header: Value = serde_json::from_slice(&header(&case.signature)).unwrap();
                case.anchors = vec![certificate(&header, 2)];
            },
        ),
    ];
    cases.extend(form());
    cases.extend(header_changed());
    cases.extend(value());
    cases.extend(asked());
    cases.extend(trust_and_time());
    cases
}

fn form() -> Vec<Case> {
    let form = |name: &str, edit: fn(&str) -> String| {
        wrong(name, FormatFailure, "form", |case| {
            case.signature = edit(&case.signature)
        })
    };
    vec![
        form("empty", |_| String::new()),
        form("header-only", |text| {
            text.split('.').next().unwrap().to_owned()
        }),
        form("two-parts", |text| text.replacen("..", ".", 1)),
        form("four-parts", |text| text.replacen("..", "...", 1)),
        form("payload-not-empty", |text| text.replacen("..", ".e30.", 1)),
        form("header-empty", |text| {
            text[text.find("..").unwrap()..].to_owned()
        }),
        form("header-truncated", |text| text[4..].to_owned()),
        form("header-padded", |text| text.replacen("..", "=..", 1)),
        form("value-padded", |text| format!("{text}==")),
        form("value-with-trailing-bits", |text| {
            let (last, rest) = (text.len() - 1, &text[..text.len() - 1]);
            assert_eq!(&text[last..], "w");
            format!("{rest}x")
        }),
        form("value-in-the-alphabet-of-base64", |text| {
            let (rest, value) = text.rsplit_once('.').unwrap();
            format!("{rest}.{}", value.replace('_', "/"))
        }),
        form("space-before", |text| format!(" {text}")),
        form("space-within", |text| text.replacen("..", ". .", 1)),
        form("letter-outside-ascii", |text| {
            text.replacen("..", "\u{e9}..", 1)
        }),
    ]
}

fn header_changed() -> Vec<Case> {
    let json = |name: &str, edit: fn(String) -> String| {
        wrong(name, FormatFailure, "form", |case| with_header(case, edit))
    };
    let member = |name: &str, why, check: &str, from: &'static str, to: &'static str| {
        wrong(name, why, check, |case| replace(case, from, to))
    };
    vec![
        json("header-not-json", |json| json[1..].to_owned()),
        json("header-in-an-array", |json| format!("[{json}]")),
        json("header-with-text-after-it", |json| format!("{json}{{}}")),
        json("header-with-a-byte-order-mark", |json| {
            format!("\u{feff}{json}")
        }),
        json("doubled-alg", |json| {
            json.replacen('{', r#"{"alg":"none","#, 1)
        }),
        json("doubled-alg-in-another-spelling", |json| {
            json.replacen('{', r#"{"\u0061lg":"none","#, 1)
        }),
        json("doubled-member-in-sigd", |json| {
            json.replacen(r#""sigD":{"#, r#""sigD":{"hashM":"S256","#, 1)
        }),
        json("doubled-user-message", |json| {
            json.replacen('{', r#"{"truid.app/user_message/v1":"I pay","#, 1)
        }),
        json("header-too-deep", |json| {
            let deep = format!("{{\"x\":{}{},", "[".repeat(40), "]".repeat(40));
            json.replacen('{', &deep, 1)
        }),
        member(
            "space-in-the-header",
            SigCryptoFailure,
            "signature-value",
            "{",
            "{ ",
        ),
        member(
            "other-signing-time",
            SigCryptoFailure,
            "signature-value",
            "13:44:59",
            "13:44:58",
        ),
        member(
            "other-user-message-in-header",
            SigCryptoFailure,
            "signature-value",
            "I sign",
            "I sing",
        ),
        member(
            "content-type-in-full",
            SigCryptoFailure,
            "signature-value",
            r#"["pdf"]"#,
            r#"["application/pdf"]"#,
        ),
        member(
            "other-digest-in-header",
            HashFailure,
            "document-digest",
            "ZAX3rj",
            "ZAX3rk",
        ),
        member(
            "algorithm-in-lower-case",
            CryptoConstraintsFailureNoPoe,
            "algorithm",
            "ES256",
            "es256",
        ),
        member(
            "algorithm-es384",
            CryptoConstraintsFailureNoPoe,
            "algorithm",
            "ES256",
            "ES384",
        ),
        wrong(
            "algorithm-none-without-value",
            FormatFailure,
            "algorithm",
            |case| {
                replace(case, "ES256", "none");
                with_value(case, |_| Vec::new());
            },
        ),
        wrong(
            "critical-removed",
            FormatFailure,
            "critical-headers",
            |case| {
                replace(case, r#""crit":["sigT","sigD","b64"],"#, "");
            },
        ),
        wrong(
            "chain-without-signer",
            SigCryptoFailure,
            "signature-value",
            |case| {
                with_header(case, |json| {
                    let mut header: Value = serde_json::from_str(&json).unwrap();
                    header["x5c"].as_array_mut().unwrap().remove(0);
                    sorted(&header).to_string()
                });
            },
        ),
    ]
}

fn value() -> Vec<Case> {
    let crypto = |name: &str, edit: fn(Vec<u8>) -> Vec<u8>| {
        wrong(name, SigCryptoFailure, "signature-value", |case| {
            with_value(case, edit)
        })
    };
    let form = |name: &str, edit: fn(Vec<u8>) -> Vec<u8>| {
        wrong(name, FormatFailure, "signature-form", |case| {
            with_value(case, edit)
        })
    };
    vec![
        crypto("value-with-another-bit", |mut value| {
            value[40] ^= 1;
            value
        }),
        crypto("r-and-s-swapped", |value| {
            [&value[32..], &value[..32]].concat()
        }),
        crypto("r-zero", |value| [&[0; 32], &value[32..]].concat()),
        crypto("s-zero", |value| [&value[..32], &[0; 32]].concat()),
        crypto("r-and-s-zero", |_| vec![0; 64]),
        crypto("s-is-the-order", |value| [&value[..32], &ORDER].concat()),
        crypto("r-above-the-order", |value| {
            [&[0xff; 32], &value[32..]].concat()
        }),
        form("value-empty", |_| Vec::new()),
        form("value-63-bytes", |value| value[..63].to_vec()),
        form("value-65-bytes", |value| [&value[..], &[0]].concat()),
        form("value-as-asn1", |value| {
            let number = |number: &[u8]| {
                let sign: &[u8] = if number[0] >= 0x80 { &[0] } else { &[] };
                [&[2, (sign.len() + 32) as u8], sign, number].concat()
            };
            let numbers = [number(&value[..32]), number(&value[32..])].concat();
            [&[0x30, numbers.len() as u8], &numbers[..]].concat()
        }),
    ]
}

const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

fn asked() -> Vec<Case> {
    let message = |name: &str, message: &'static str| {
        wrong(name, SigConstraintsFailure, "user-message", |case| {
            case.user_message = Some(message.to_owned());
        })
    };
    vec![
        wrong("other-document", HashFailure, "document-digest", |case| {
            let sha256 = base64url([7; 32]);
            case.document = Some(Document { sha256, b64: false });
        }),
        wrong(
            "document-not-given",
            SignedDataNotFound,
            "document-digest",
            |case| {
                case.document = None;
            },
        ),
        wrong(
            "digest-of-the-base64url-text-given",
            SignedDataNotFound,
            "document-digest",
            |case| {
                let sha256 = base64url([7; 32]);
                case.document = Some(Document { sha256, b64: true });
            },
        ),
        wrong("other-id", SigConstraintsFailure, "document-id", |case| {
            case.id = Some("https://example.com/docs/example-document-v2.pdf".to_owned());
        }),
        wrong(
            "other-content-type",
            SigConstraintsFailure,
            "document-content-type",
            |case| {
                case.content_type = Some("text/plain".to_owned());
            },
        ),
        message(
            "other-message",
            "I sign the document 'Example Document - v2'",
        ),
        message(
            "message-with-a-space-at-the-end",
            "I sign the document 'Example Document - v1' ",
        ),
        message(
            "message-in-lower-case",
            "i sign the document 'Example Document - v1'",
        ),
        message("message-empty", ""),
        Case {
            name: "only-the-document-known".to_owned(),
            id: None,
            content_type: None,
            user_message: None,
            ..sample()
        },
        Case {
            name: "content-type-without-prefix-expected".to_owned(),
            content_type: Some("PDF".to_owned()),
            ..sample()
        },
    ]
}

fn trust_and_time() -> Vec<Case> {
    vec![
        wrong(
            "root-of-another-authority",
            NoCertificateChainFound,
            "certificate-chain",
            |case| {
                case.anchors = vec![pem("CERTIFICATE", &Made::root().self_signed())];
            },
        ),
        wrong(
            "no-anchor",
            NoCertificateChainFound,
            "certificate-chain",
            |case| case.anchors.clear(),
        ),
        wrong(
            "one-hour-before-the-signing-time",
            SigConstraintsFailure,
            "signing-time",
            |case| {
                case.time -= 3600;
            },
        ),
        wrong(
            "older-than-the-policy-allows",
            SigConstraintsFailure,
            "signing-time-age",
            |case| {
                case.time += 7200;
                case.max_age = Some(3600);
            },
        ),
        wrong(
            "after-the-certificate-has-expired",
            OutOfBoundsNoPoe,
            "certificate-validity",
            |case| {
                case.time = seconds("2023-12-23T13:44:01Z");
                case.expected.at_claimed_time = Outcome::passed().indication;
            },
        ),
        wrong(
            "after-the-anchor-has-expired",
            OutOfBoundsNoPoe,
            "certificate-validity",
            |case| {
                case.time = seconds("2026-11-30T00:00:00Z");
                case.expected.at_claimed_time = Outcome::passed().indication;
            },
        ),
    ]
}
