//! Signatures of the test authority with a timestamp (ETSI TS 119 182-1 §5.3.4), on the day of the
//! signature and on day 31, when the signing certificate has expired.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha512};
use switchback_jades::SubIndication::{self, *};

use crate::authority::{Key, Made, TIME_STAMPING, at, base64, base64url, seconds};
use crate::case::{Case, Later, Outcome, pem, sorted};
use crate::made;
use crate::timestamp::{SHA_1, SHA_512, Timestamp};

const DAY_31: &str = "2026-04-01T09:00:00Z";

/// A signature before its timestamps are made.
struct Draft {
    case: Case,
    timestamps: Vec<Timestamp>,
    /// Whether one `sigTst` has all of them.
    together: bool,
    /// The components of `etsiU` before the timestamps.
    more: Vec<Value>,
    /// Whether the components are base64url.
    encoded: bool,
    /// The last change of a token.
    token: fn(Vec<u8>) -> Vec<u8>,
    /// The last change of the JSON document.
    json: fn(&mut Value),
}

impl Draft {
    /// Good on both days: the revocation list of the first day is in the signature, and the verifier
    /// has the one of day 31 then.
    fn new(name: &str) -> Self {
        let mut case = made::good(name);
        let value = case.signature.rsplit_once('.').unwrap().1;
        let timestamp = Timestamp::of(value);
        let root = timestamp.root.self_signed();
        let list = json!([{"val": base64(&Made::root().crl("2026-02-27T00:00:00Z", &[]))}]);
        case.timestamp_anchors = vec![pem("CERTIFICATE", &root)];
        case.crls = Vec::new();
        case.expected.level = Some("B-T".to_owned());
        case.later = Some(Later {
            time: seconds(DAY_31),
            crls: lists(&Made::root(), &[]),
            expected: case.expected.clone(),
        });
        Self {
            case,
            timestamps: vec![timestamp],
            together: false,
            more: vec![json!({"rVals": {"crlVals": list}})],
            encoded: true,
            token: |token| token,
            json: |_| {},
        }
    }

    fn timestamp(&mut self) -> &mut Timestamp {
        &mut self.timestamps[0]
    }

    fn later_timestamp(&self) -> Timestamp {
        let value = self.case.signature.rsplit_once('.').unwrap().1;
        Timestamp {
            time: "2026-03-01T09:00:50Z",
            ..Timestamp::of(value)
        }
    }

    fn later(&mut self) -> &mut Later {
        self.case.later.as_mut().unwrap()
    }

    /// The verifier also has this list, on both days.
    fn crl(&mut self, crl: &[u8]) {
        self.case.crls.push(pem("X509 CRL", crl));
        self.later().crls.push(pem("X509 CRL", crl));
    }

    fn finish(mut self) -> Case {
        let token =
            |timestamp: &Timestamp| json!({"val": base64(&(self.token)(timestamp.token()))});
        let tokens: Vec<Value> = self.timestamps.iter().map(token).collect();
        let size = if self.together { tokens.len() } else { 1 };
        let containers = tokens.chunks(size.max(1));
        let containers = containers.map(|tokens| json!({"sigTst": {"tstTokens": tokens}}));
        let mut components = self.more;
        components.extend(containers);
        if self.encoded {
            let encode = |value: &Value| json!(base64url(sorted(value).to_string()));
            components = components.iter().map(encode).collect();
        }
        let (protected, value) = self.case.signature.split_once("..").unwrap();
        let mut document = json!({
            "protected": protected,
            "header": {"etsiU": components},
            "signature": value,
        });
        (self.json)(&mut document);
        self.case.signature = sorted(&document).to_string();
        self.case
    }
}

/// The lists that a verifier has on day 31.
fn lists(root: &Made, revoked: &[(&Made, &str)]) -> Vec<String> {
    vec![pem("X509 CRL", &root.crl("2026-04-01T00:00:00Z", revoked))]
}

/// The timestamp proves its time, on both days.
fn proven(name: &str, edit: impl FnOnce(&mut Draft)) -> Case {
    let mut draft = Draft::new(name);
    edit(&mut draft);
    draft.finish()
}

/// What the report says on day 31 of a signature without a good timestamp.
fn unproven() -> Outcome {
    Outcome {
        at_claimed_time: Outcome::passed().indication,
        level: Some("B-B".to_owned()),
        ..Outcome::not_passed(OutOfBoundsNoPoe, "certificate-validity")
    }
}

/// The timestamp proves nothing, for which the report has these words.
fn worthless(name: &str, words: &str, edit: impl FnOnce(&mut Draft)) -> Case {
    proven(name, |draft| {
        let expect = |mut outcome: Outcome| {
            outcome.level = Some("B-B".to_owned());
            outcome.timestamp = Some(words.to_owned());
            outcome
        };
        draft.case.expected = expect(Outcome::passed());
        draft.later().expected = expect(unproven());
        edit(draft);
    })
}

/// The signature is refused on both days.
fn refused(name: &str, why: SubIndication, check: &str, edit: impl FnOnce(&mut Draft)) -> Case {
    proven(name, |draft| {
        let expected = Outcome::not_passed(why, check);
        draft.case.expected = expected.clone();
        draft.later().expected = expected;
        edit(draft);
    })
}

/// The JSON document is not one of the standard.
fn malformed(name: &str, json: fn(&mut Value)) -> Case {
    refused(name, FormatFailure, "form", |draft| draft.json = json)
}

fn etsi_u(document: &mut Value) -> &mut Vec<Value> {
    document["header"]["etsiU"].as_array_mut().unwrap()
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = without();
    cases.extend(good());
    cases.extend(of_something_else());
    cases.extend(tokens());
    cases.extend(authorities());
    cases.extend(times());
    cases.extend(revocation());
    cases.extend(documents());
    cases
}

fn without() -> Vec<Case> {
    let without = |name: &str, words: &str, edit: fn(&mut Draft)| worthless(name, words, edit);
    vec![
        without("timestamp-none", "has no timestamp", |draft| {
            draft.timestamps.clear()
        }),
        without("timestamp-root-not-configured", "no root", |draft| {
            draft.case.timestamp_anchors.clear()
        }),
    ]
}

fn good() -> Vec<Case> {
    vec![
        proven("timestamp-good", |_| {}),
        proven("timestamp-in-clear-json", |draft| draft.encoded = false),
        proven("timestamp-in-general-serialization", |draft| {
            draft.json = |document| *document = json!({"signatures": [document.take()]});
        }),
        proven("timestamp-with-sha-512", |draft| {
            let value = draft.case.signature.rsplit_once('.').unwrap().1;
            let imprint = Sha512::digest(value).to_vec();
            let timestamp = draft.timestamp();
            (timestamp.hash, timestamp.imprint) = (SHA_512, imprint);
        }),
        proven("timestamp-certificate-beside-it", |draft| {
            draft.timestamp().with_certificate = false;
            let certificate = draft.timestamp().authority_certificate();
            let values = json!([{"x509Cert": {"val": base64(&certificate)}}]);
            draft.more.push(json!({"xVals": values}));
        }),
        proven("timestamp-beside-a-worthless-one", |draft| {
            let mut other = Timestamp::of("another value");
            other.time = "2026-03-01T09:00:35Z";
            draft.timestamps.insert(0, other);
        }),
        proven("timestamp-beside-a-later-one", |draft| {
            let later = draft.later_timestamp();
            draft.timestamps.push(later);
        }),
        proven("timestamp-beside-a-later-one-in-one-container", |draft| {
            let later = draft.later_timestamp();
            draft.timestamps.push(later);
            draft.together = true;
        }),
        proven("timestamp-on-the-last-day", |draft| {
            draft.timestamp().time = "2026-03-31T09:00:00Z";
            draft.case.time = seconds("2026-03-31T09:00:00Z");
            draft.case.crls = vec![pem(
                "X509 CRL",
                &Made::root().crl("2026-03-31T00:00:00Z", &[]),
            )];
        }),
        // The list in the signature covers the time of the timestamp.
        proven("timestamp-and-no-newer-revocation-list", |draft| {
            draft.later().crls.clear();
        }),
    ]
}

fn of_something_else() -> Vec<Case> {
    let other = |name: &str, imprint: fn(&str) -> Vec<u8>| {
        worthless(name, "of another signature", |draft| {
            let value = draft.case.signature.rsplit_once('.').unwrap().1;
            draft.timestamp().imprint = imprint(value);
        })
    };
    vec![
        other("timestamp-of-another-signature", |_| {
            Sha256::digest("another value").to_vec()
        }),
        // §5.3.4: the base64url text counts.
        other("timestamp-of-the-decoded-value", |value| {
            use base64::Engine as _;
            let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
            Sha256::digest(engine.decode(value).unwrap()).to_vec()
        }),
        other("timestamp-of-a-longer-text", |value| {
            Sha256::digest(format!(".{value}")).to_vec()
        }),
        other("timestamp-with-a-short-imprint", |value| {
            Sha256::digest(value)[..31].to_vec()
        }),
        worthless("timestamp-with-sha-1", "not accepted", |draft| {
            let timestamp = draft.timestamp();
            (timestamp.hash, timestamp.imprint) = (SHA_1, vec![1; 20]);
        }),
    ]
}

fn tokens() -> Vec<Case> {
    let token = |name: &str, words: &str, change: fn(Vec<u8>) -> Vec<u8>| {
        worthless(name, words, |draft| draft.token = change)
    };
    vec![
        token("timestamp-not-a-token", "malformed", |_| b"token".to_vec()),
        token("timestamp-cut-off", "malformed", |mut token| {
            token.pop();
            token
        }),
        token(
            "timestamp-with-bytes-behind-it",
            "malformed",
            |mut token| {
                token.push(0);
                token
            },
        ),
        // The last bytes are s of the authority's signature.
        token("timestamp-with-a-changed-signature", "is wrong", |mut t| {
            *t.last_mut().unwrap() ^= 1;
            t
        }),
        worthless("timestamp-with-a-changed-time", "is wrong", |draft| {
            // The last character before the `Z`.
            draft.timestamp().info = |mut info| {
                let last = info.len() - 2;
                info[last] ^= 1;
                info
            };
        }),
        worthless("timestamp-without-certificate", "is missing", |draft| {
            draft.timestamp().with_certificate = false;
        }),
        worthless("timestamp-naming-no-certificate", "malformed", |draft| {
            draft.timestamp().names_certificate = false;
        }),
        worthless("timestamp-with-two-signers", "malformed", |draft| {
            draft.timestamp().signers = 2;
        }),
    ]
}

fn authorities() -> Vec<Case> {
    let purposes = |name: &str, purposes: &'static [u8], critical: bool| {
        worthless(name, "timestamp authority: ", |draft| {
            let authority = &mut draft.timestamp().authority;
            match purposes {
                [] => authority.params.custom_extensions.clear(),
                purposes => authority.purposes(purposes, critical),
            }
        })
    };
    vec![
        worthless(
            "timestamp-of-a-foreign-authority",
            "timestamp authority: ",
            |draft| {
                // The same name, and another key.
                draft.timestamp().root.key = Key::new("mallory");
            },
        ),
        worthless(
            "timestamp-of-the-signer",
            "timestamp authority: ",
            |draft| {
                let timestamp = draft.timestamp();
                (timestamp.authority, timestamp.key) = (Made::leaf(), Made::leaf().key);
                timestamp.root = Made::intermediate();
            },
        ),
        worthless("timestamp-by-another-key", "is wrong", |draft| {
            draft.timestamp().key = Key::new("mallory");
        }),
        purposes("timestamp-authority-without-purpose", &[], true),
        purposes("timestamp-authority-for-mail", &[4], true),
        purposes(
            "timestamp-authority-purpose-not-critical",
            &[TIME_STAMPING],
            false,
        ),
        purposes(
            "timestamp-authority-of-two-purposes",
            &[TIME_STAMPING, 4],
            true,
        ),
        worthless(
            "timestamp-authority-expired-before",
            "timestamp authority: ",
            |draft| draft.timestamp().ends("2026-03-01T09:00:39Z"),
        ),
        worthless(
            "timestamp-authority-not-yet-valid",
            "timestamp authority: ",
            |draft| {
                let params = &mut draft.timestamp().authority.params;
                params.not_before = at("2026-03-01T09:00:41Z");
            },
        ),
        // A proof that ends: another timestamp over it would be needed (B-LTA).
        proven("timestamp-authority-expired-later", |draft| {
            draft.timestamp().ends("2026-03-31T00:00:00Z");
            draft.later().expected = unproven();
        }),
    ]
}

fn times() -> Vec<Case> {
    let before = |draft: &mut Draft| draft.timestamp().time = "2026-03-01T08:00:30Z";
    vec![
        // An hour before the time that the signature claims.
        refused(
            "timestamp-before-the-signature",
            TimestampOrderFailure,
            "timestamp-order",
            before,
        ),
        proven("timestamp-some-seconds-before-the-signature", |draft| {
            draft.timestamp().time = "2026-03-01T09:00:00Z";
        }),
        // The verifier of day 1 cannot believe it, and the one of day 31 can.
        proven("timestamp-from-the-future", |draft| {
            draft.timestamp().time = "2026-03-20T09:00:00Z";
            draft.case.expected.level = Some("B-B".to_owned());
            draft.case.expected.timestamp = Some("in the future".to_owned());
        }),
        proven("timestamp-after-the-certificate", |draft| {
            draft.timestamp().time = "2026-03-31T09:00:01Z";
            draft.case.expected.level = Some("B-B".to_owned());
            draft.later().expected = Outcome {
                level: Some("B-T".to_owned()),
                at_claimed_time: unproven().indication,
                ..unproven()
            };
        }),
        // Long after, while the authority is valid.
        proven("timestamp-years-later", |draft| {
            draft.later().time = seconds("2034-01-01T00:00:00Z");
        }),
    ]
}

fn revocation() -> Vec<Case> {
    let authority = |time: &str| {
        let root = Made::timestamp_root();
        root.crl(
            "2026-03-01T00:00:00Z",
            &[(&Made::timestamp_authority(), time)],
        )
    };
    vec![
        worthless("timestamp-authority-revoked", "was revoked", |draft| {
            draft.crl(&authority("2026-02-28T00:00:00Z"));
        }),
        // A thief of the key can write an earlier time, so a revocation counts at any time.
        worthless(
            "timestamp-authority-revoked-later",
            "was revoked",
            |draft| {
                draft.crl(&authority("2026-03-01T09:00:50Z"));
            },
        ),
        proven("timestamp-before-the-revocation", |draft| {
            let revoked = [(&Made::intermediate(), "2026-03-10T00:00:00Z")];
            draft.later().crls = lists(&Made::root(), &revoked);
        }),
        proven("timestamp-after-the-revocation", |draft| {
            let revoked = [(&Made::intermediate(), "2026-02-28T00:00:00Z")];
            draft.later().crls = lists(&Made::root(), &revoked);
            draft.later().expected = Outcome {
                level: Some("B-T".to_owned()),
                ..Outcome::not_passed(RevokedCaNoPoe, "authority-revocation")
            };
        }),
    ]
}

fn documents() -> Vec<Case> {
    vec![
        malformed("etsiu-empty", |document| etsi_u(document).clear()),
        malformed("etsiu-not-an-array", |document| {
            document["header"]["etsiU"] = json!({});
        }),
        malformed("etsiu-in-both-forms", |document| {
            etsi_u(document).push(json!({"sigTst": {"tstTokens": []}}));
        }),
        malformed("etsiu-component-of-two-members", |document| {
            *etsi_u(document) = vec![json!({"sigTst": {"tstTokens": []}, "rVals": {}})];
        }),
        malformed("etsiu-padded", |document| {
            let first = etsi_u(document)[0].as_str().unwrap().to_owned();
            etsi_u(document)[0] = json!(first + "=");
        }),
        malformed("etsiu-beside-another-member", |document| {
            document["header"]["kid"] = json!("1");
        }),
        malformed("sigtst-without-tokens", |document| {
            *etsi_u(document) = vec![json!({"sigTst": {}})];
        }),
        malformed("sigtst-not-base64", |document| {
            *etsi_u(document) = vec![json!({"sigTst": {"tstTokens": [{"val": "-_"}]}})];
        }),
        malformed("sigtst-of-another-encoding", |document| {
            let token = json!({"val": "AAAA", "encoding": "http://uri.etsi.org/01903/v1.2.2#PER"});
            *etsi_u(document) = vec![json!({"sigTst": {"tstTokens": [token]}})];
        }),
        malformed("sigtst-nine", |document| {
            let tokens = vec![json!({"val": "AAAA"}); 9];
            *etsi_u(document) = vec![json!({"sigTst": {"tstTokens": tokens}})];
        }),
        malformed("json-with-two-signatures", |document| {
            let one = document.take();
            *document = json!({"signatures": [one.clone(), one]});
        }),
        malformed("json-in-both-serializations", |document| {
            let one = document.clone();
            document["signatures"] = json!([one]);
        }),
        malformed("json-with-a-payload", |document| {
            document["payload"] = json!("e30");
        }),
    ]
}
