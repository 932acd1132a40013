//! Signatures of the test authority. Most faults of a header can only be told from a wrong signature
//! value if the header with the fault is signed.

use std::sync::OnceLock;

use rcgen::DnType;
use serde_json::{Value, json};
use switchback_jades::SubIndication::{self, *};

use crate::authority::{Key, Made, at, base64, base64url, seconds};
use crate::case::{Case, Document, Outcome, pem, sorted};

const SIGNED_AT: &str = "2026-03-01T09:00:30Z";
const SUBJECT: &str = "0b8f4a4e-3c1d-4b52-9d5a-6f1f6f2b7c11";

/// What most cases have. It is made once.
struct Standard {
    chain: [Vec<u8>; 3],
    key: Key,
    /// PEM.
    anchor: String,
    /// PEM.
    crl: String,
}

impl Standard {
    fn get() -> &'static Self {
        static STANDARD: OnceLock<Standard> = OnceLock::new();
        STANDARD.get_or_init(|| {
            let (root, intermediate, leaf) = (Made::root(), Made::intermediate(), Made::leaf());
            let anchor = root.self_signed();
            Self {
                anchor: pem("CERTIFICATE", &anchor),
                crl: pem("X509 CRL", &root.crl("2026-02-27T00:00:00Z", &[])),
                chain: [
                    leaf.signed_by(&intermediate),
                    intermediate.signed_by(&root),
                    anchor,
                ],
                key: leaf.key,
            }
        })
    }
}

/// A signature before it is signed, and what its verifier has.
struct Draft {
    header: Value,
    /// The last change of the header, as text.
    json: fn(String) -> String,
    key: Key,
    case: Case,
}

impl Draft {
    fn new(name: &str) -> Self {
        let standard = Standard::get();
        let digest = base64url([5; 32]);
        let header = json!({
            "alg": "ES256",
            "typ": "jose",
            "crit": ["sigD", "b64"],
            "iat": seconds(SIGNED_AT),
            "sigD": {
                "mId": "http://uri.etsi.org/19182/ObjectIdByURIHash",
                "pars": ["https://example.com/contract.pdf"],
                "hashM": "S256",
                "hashV": [digest],
                "ctys": ["application/pdf"],
            },
            "b64": false,
            "truid.app/user_message/v1": "I sign the contract \u{e5}\u{e4}\u{f6}",
            "truid.app/presentation/v1": {
                "sub": SUBJECT,
                "claims": [{"type": "truid.app/claim/name/v1", "value": "Anna Example"}],
            },
        });
        let case = Case {
            name: name.to_owned(),
            signature: String::new(),
            document: Some(Document {
                sha256: digest,
                b64: false,
            }),
            id: Some("https://example.com/contract.pdf".to_owned()),
            content_type: Some("application/pdf".to_owned()),
            user_message: Some("I sign the contract \u{e5}\u{e4}\u{f6}".to_owned()),
            anchors: vec![standard.anchor.clone()],
            crls: vec![standard.crl.clone()],
            time: seconds("2026-03-01T09:01:00Z"),
            max_age: None,
            expected: Outcome::passed(),
            timestamp_anchors: Vec::new(),
            later: None,
        };
        let mut draft = Self {
            header,
            json: |json| json,
            key: standard.key.clone(),
            case,
        };
        draft.chain(&standard.chain);
        draft
    }

    /// Sets `x5c`, and `x5t#S256` of the first certificate.
    fn chain(&mut self, certificates: &[Vec<u8>]) {
        use sha2::Digest as _;
        let chain: Vec<String> = certificates.iter().map(|der| base64(der)).collect();
        self.header["x5c"] = json!(chain);
        self.header["x5t#S256"] = json!(base64url(sha2::Sha256::digest(&certificates[0])));
    }

    fn set(&mut self, name: &str, value: Value) {
        self.header[name] = value;
    }

    fn remove(&mut self, name: &str) {
        self.header.as_object_mut().unwrap().remove(name);
    }

    /// Makes `sigT` the header of the signing time.
    fn signing_time_as_text(&mut self, time: Value) {
        self.remove("iat");
        self.set("sigT", time);
        self.set("crit", json!(["sigT", "sigD", "b64"]));
    }

    fn sign(mut self) -> Case {
        let protected = base64url((self.json)(sorted(&self.header).to_string()));
        let value = self.key.sign_jws(&format!("{protected}."));
        self.case.signature = format!("{protected}..{}", base64url(value));
        self.case
    }
}

/// A good signature, to which other cases add something.
pub(crate) fn good(name: &str) -> Case {
    valid(name, |_| {})
}

fn valid(name: &str, edit: impl FnOnce(&mut Draft)) -> Case {
    let mut draft = Draft::new(name);
    edit(&mut draft);
    draft.sign()
}

fn wrong(name: &str, why: SubIndication, check: &str, edit: impl FnOnce(&mut Draft)) -> Case {
    valid(name, |draft| {
        draft.case.expected = Outcome::not_passed(why, check);
        edit(draft);
    })
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = valid_ones();
    cases.extend(algorithm_and_types());
    cases.extend(critical());
    cases.extend(signing_time());
    cases.extend(document());
    cases.extend(profile());
    cases.extend(certificates());
    cases.extend(attacks());
    cases
}

fn valid_ones() -> Vec<Case> {
    vec![
        valid("made-valid", |_| {}),
        valid("made-valid-with-sigt", |draft| {
            draft.signing_time_as_text(json!("2026-03-01T09:00:30Z"));
        }),
        valid("made-valid-without-optional-headers", |draft| {
            for name in ["typ", "x5t#S256", "truid.app/presentation/v1"] {
                draft.remove(name);
            }
            draft.header["sigD"].as_object_mut().unwrap().remove("ctys");
        }),
        valid("made-valid-with-space-in-json", |draft| {
            draft.json = |json| json.replace(",\"", " ,\n \"");
        }),
        valid("made-valid-over-base64url", |draft| {
            draft.set("b64", json!(true));
            draft.case.document.as_mut().unwrap().b64 = true;
        }),
        valid("made-valid-without-b64", |draft| {
            draft.remove("b64");
            draft.set("crit", json!(["sigD"]));
            draft.case.document.as_mut().unwrap().b64 = true;
        }),
        valid("made-valid-with-iat-in-crit", |draft| {
            draft.set("crit", json!(["iat", "sigD", "b64"]));
        }),
        valid("made-valid-without-root-in-chain", |draft| {
            let chain = draft.header["x5c"].as_array_mut().unwrap();
            chain.pop();
        }),
        valid("made-valid-with-key-in-header", |draft| {
            draft.set(
                "jwk",
                json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}),
            );
        }),
        valid("made-valid-with-unknown-header", |draft| {
            draft.set("example.com/extra", json!({"a": [1, 2.5, null]}));
        }),
        valid("made-valid-short-clock-difference", |draft| {
            draft.case.time = seconds(SIGNED_AT) - 60;
        }),
    ]
}

fn algorithm_and_types() -> Vec<Case> {
    let set = |name: &str, why, check: &str, header: &'static str, value: Value| {
        wrong(name, why, check, |draft| draft.set(header, value))
    };
    vec![
        set("alg-none", FormatFailure, "algorithm", "alg", json!("none")),
        set(
            "alg-hs256",
            FormatFailure,
            "algorithm",
            "alg",
            json!("HS256"),
        ),
        set(
            "alg-rs256",
            CryptoConstraintsFailureNoPoe,
            "algorithm",
            "alg",
            json!("RS256"),
        ),
        set("alg-number", FormatFailure, "algorithm", "alg", json!(256)),
        wrong("alg-missing", FormatFailure, "algorithm", |draft| {
            draft.remove("alg")
        }),
        set("typ-jwt", FormatFailure, "type", "typ", json!("JWT")),
        set("typ-number", FormatFailure, "type", "typ", json!(1)),
        set(
            "cty-object",
            FormatFailure,
            "content-type",
            "cty",
            json!({}),
        ),
        // Mallory's key beside the chain of another person.
        wrong(
            "signed-with-the-key-in-the-header",
            SigCryptoFailure,
            "signature-value",
            |draft| {
                draft.key = Key::new("mallory");
                draft.set("jwk", draft.key.jwk());
            },
        ),
    ]
}

fn critical() -> Vec<Case> {
    let crit = |name: &str, value: Value| {
        wrong(name, FormatFailure, "critical-headers", |draft| {
            draft.set("crit", value)
        })
    };
    vec![
        crit("crit-empty", json!([])),
        crit("crit-text", json!("sigD")),
        crit("crit-with-number", json!(["sigD", 1, "b64"])),
        crit("crit-doubled", json!(["sigD", "b64", "sigD"])),
        crit("crit-absent-member", json!(["sigD", "b64", "sigT"])),
        crit("crit-without-b64", json!(["sigD"])),
        crit("crit-of-rfc-7515", json!(["sigD", "b64", "alg"])),
        crit("crit-x5c", json!(["sigD", "b64", "x5c"])),
        wrong("crit-unknown", FormatFailure, "critical-headers", |draft| {
            draft.set("crit", json!(["sigD", "b64", "example.com/must"]));
            draft.set("example.com/must", json!(true));
        }),
        wrong("crit-missing", FormatFailure, "critical-headers", |draft| {
            draft.remove("crit")
        }),
        wrong("b64-text", FormatFailure, "critical-headers", |draft| {
            draft.set("b64", json!("false"));
        }),
    ]
}

fn signing_time() -> Vec<Case> {
    let check = "signing-time-header";
    let text = |name: &str, time: &'static str| {
        wrong(name, FormatFailure, check, |draft| {
            draft.signing_time_as_text(json!(time))
        })
    };
    let number =
        |name: &str, time: Value| wrong(name, FormatFailure, check, |draft| draft.set("iat", time));
    vec![
        wrong("both-times", FormatFailure, check, |draft| {
            draft.set("sigT", json!(SIGNED_AT))
        }),
        wrong("no-time", FormatFailure, check, |draft| draft.remove("iat")),
        number("iat-text", json!("1772355630")),
        number("iat-fraction", json!(1_772_355_630.5)),
        number("iat-negative", json!(-1)),
        number("iat-in-milliseconds", json!(1_772_355_630_000_000_i64)),
        number("iat-null", Value::Null),
        text("sigt-with-fraction", "2026-03-01T09:00:30.0Z"),
        text("sigt-with-offset", "2026-03-01T10:00:30+01:00"),
        text("sigt-in-lower-case", "2026-03-01t09:00:30z"),
        text("sigt-without-zone", "2026-03-01T09:00:30"),
        text("sigt-no-such-day", "2026-02-29T09:00:30Z"),
        wrong("sigt-number", FormatFailure, check, |draft| {
            draft.signing_time_as_text(json!(seconds(SIGNED_AT)));
        }),
        wrong(
            "time-in-the-future",
            SigConstraintsFailure,
            "signing-time",
            |draft| {
                draft.set("iat", json!(seconds(SIGNED_AT) + 3600));
            },
        ),
        wrong(
            "time-before-the-certificate",
            NotYetValid,
            "signing-time-in-validity",
            |draft| {
                draft.set("iat", json!(seconds("2026-03-01T08:59:59Z")));
            },
        ),
        wrong(
            "time-after-the-certificate",
            Expired,
            "signing-time-in-validity",
            |draft| {
                draft.set("iat", json!(seconds("2026-03-31T09:00:01Z")));
                draft.case.time = seconds("2026-03-31T09:00:02Z");
            },
        ),
    ]
}

fn document() -> Vec<Case> {
    let check = "document-reference";
    let set = |name: &str, why, member: &'static str, value: Value| {
        wrong(name, why, check, |draft| {
            draft.header["sigD"][member] = value
        })
    };
    let remove = |name: &str, member: &'static str| {
        wrong(name, FormatFailure, check, |draft| {
            draft.header["sigD"].as_object_mut().unwrap().remove(member);
        })
    };
    let digest = base64url([5; 32]);
    let other = base64url([6; 32]);
    vec![
        wrong("sigd-missing", FormatFailure, check, |draft| {
            draft.remove("sigD");
            draft.set("crit", json!(["b64"]));
        }),
        wrong("sigd-array", FormatFailure, check, |draft| {
            let reference = draft.header["sigD"].take();
            draft.set("sigD", json!([reference]));
        }),
        remove("sigd-without-mechanism", "mId"),
        remove("sigd-without-ids", "pars"),
        remove("sigd-without-digest", "hashV"),
        remove("sigd-without-digest-algorithm", "hashM"),
        set(
            "sigd-other-mechanism",
            SigConstraintsFailure,
            "mId",
            json!("http://uri.etsi.org/19182/HttpHeaders"),
        ),
        set(
            "sigd-sha-512",
            CryptoConstraintsFailureNoPoe,
            "hashM",
            json!("S512"),
        ),
        set("sigd-two-ids", FormatFailure, "pars", json!(["a", "b"])),
        set("sigd-no-id", FormatFailure, "pars", json!([])),
        set(
            "sigd-two-digests",
            FormatFailure,
            "hashV",
            json!([digest, other]),
        ),
        set(
            "sigd-digest-not-in-an-array",
            FormatFailure,
            "hashV",
            json!(digest),
        ),
        set(
            "sigd-digest-padded",
            FormatFailure,
            "hashV",
            json!([format!("{digest}=")]),
        ),
        set(
            "sigd-digest-too-short",
            FormatFailure,
            "hashV",
            json!([base64url([5; 31])]),
        ),
        set(
            "sigd-two-content-types",
            FormatFailure,
            "ctys",
            json!(["pdf", "pdf"]),
        ),
        set("sigd-unknown-member", FormatFailure, "hashX", json!("S256")),
        wrong("b64-true", HashFailure, "document-digest", |draft| {
            draft.set("b64", json!(true))
        }),
        wrong(
            "b64-true-and-another-digest",
            SignedDataNotFound,
            "document-digest",
            |draft| {
                draft.set("b64", json!(true));
                draft.header["sigD"]["hashV"] = json!([other]);
            },
        ),
        wrong(
            "made-other-document",
            HashFailure,
            "document-digest",
            |draft| {
                draft.header["sigD"]["hashV"] = json!([base64url([6; 32])]);
            },
        ),
        wrong(
            "made-other-id",
            SigConstraintsFailure,
            "document-id",
            |draft| {
                draft.header["sigD"]["pars"] = json!(["https://example.com/Contract.pdf"]);
            },
        ),
        wrong(
            "made-other-content-type",
            SigConstraintsFailure,
            "document-content-type",
            |draft| {
                draft.header["sigD"]["ctys"] = json!(["text/pdf"]);
            },
        ),
    ]
}

fn profile() -> Vec<Case> {
    let message = |name: &str, value: Value| {
        wrong(name, SigConstraintsFailure, "user-message", |draft| {
            draft.set("truid.app/user_message/v1", value);
        })
    };
    let presentation = |name: &str, value: Value| {
        wrong(name, SigConstraintsFailure, "presentation", |draft| {
            draft.set("truid.app/presentation/v1", value);
        })
    };
    vec![
        message("made-other-message", json!("I sign the contract")),
        // The letters are the same, and the bytes are not: a + ring above.
        message(
            "message-in-another-normal-form",
            json!("I sign the contract a\u{30a}a\u{308}o\u{308}"),
        ),
        message("message-not-a-text", json!(["I sign the contract"])),
        wrong(
            "message-missing",
            SigConstraintsFailure,
            "user-message",
            |draft| {
                draft.remove("truid.app/user_message/v1");
            },
        ),
        presentation("presentation-text", json!("Anna Example")),
        presentation("presentation-without-subject", json!({"claims": []})),
        presentation("presentation-without-claims", json!({"sub": SUBJECT})),
        wrong(
            "presentation-of-another-person",
            SigConstraintsFailure,
            "presentation-subject",
            |draft| {
                draft.header["truid.app/presentation/v1"]["sub"] = json!("another-person");
            },
        ),
    ]
}

fn certificates() -> Vec<Case> {
    let mut cases = certificates_of_the_header();
    cases.extend(chains());
    cases.extend(validity_and_revocation());
    cases
}

fn certificates_of_the_header() -> Vec<Case> {
    let check = "certificates";
    let x5c = |name: &str, value: Value| {
        wrong(name, FormatFailure, check, |draft| draft.set("x5c", value))
    };
    let x5t = |name: &str, value: Value| {
        wrong(name, FormatFailure, "certificate-thumbprint", |draft| {
            draft.set("x5t#S256", value)
        })
    };
    let leaf = Made::leaf().signed_by(&Made::intermediate());
    vec![
        wrong("x5c-missing", NoSigningCertificateFound, check, |draft| {
            draft.remove("x5c")
        }),
        x5c("x5c-empty", json!([])),
        x5c("x5c-not-in-an-array", json!(base64(&leaf))),
        x5c("x5c-in-base64url", json!([base64url(&leaf)])),
        x5c(
            "x5c-with-line-breaks",
            json!([base64(&leaf).replacen('A', "A\n", 1)]),
        ),
        x5t("x5t-too-short", json!(base64url([1; 20]))),
        x5t("x5t-number", json!(1)),
        wrong(
            "x5t-of-another-certificate",
            NoSigningCertificateFound,
            "certificate-thumbprint",
            |draft| {
                draft.set("x5t#S256", json!(base64url([1; 32])));
            },
        ),
        wrong(
            "x5c-not-a-certificate",
            NoSigningCertificateFound,
            check,
            |draft| {
                draft.chain(&[b"certificate".to_vec()]);
            },
        ),
    ]
}

/// The certificates of another chain, signed from the root down.
fn chain(draft: &mut Draft, root: &Made, intermediate: &Made, leaf: &Made) {
    draft.chain(&[
        leaf.signed_by(intermediate),
        intermediate.signed_by(root),
        root.self_signed(),
    ]);
}

fn chains() -> Vec<Case> {
    let no_chain = |name: &str, edit: fn(&mut Draft)| {
        wrong(name, NoCertificateChainFound, "certificate-chain", edit)
    };
    let usage = |name: &str, edit: fn(&mut Draft)| {
        wrong(name, ChainConstraintsFailure, "certificate-usage", edit)
    };
    let general = |name: &str, check: &str, edit: fn(&mut Draft)| {
        wrong(name, CertificateChainGeneralFailure, check, edit)
    };
    vec![
        no_chain("root-of-the-same-name", |draft| {
            let root = Made {
                key: Key::new("mallory"),
                ..Made::root()
            };
            chain(draft, &root, &Made::intermediate(), &Made::leaf());
        }),
        general("intermediate-missing", "certificates", |draft| {
            draft.header["x5c"].as_array_mut().unwrap().remove(1);
        }),
        no_chain("leaf-of-another-intermediate", |draft| {
            let other = Made {
                key: Key::new("mallory"),
                ..Made::intermediate()
            };
            draft.chain(&[
                Made::leaf().signed_by(&other),
                Made::intermediate().signed_by(&Made::root()),
            ]);
        }),
        no_chain("leaf-self-signed", |draft| {
            draft.chain(&[Made::leaf().self_signed()])
        }),
        wrong(
            "chain-in-reverse-order",
            SigCryptoFailure,
            "signature-value",
            |draft| {
                draft.header["x5c"].as_array_mut().unwrap().reverse();
                draft.remove("x5t#S256");
            },
        ),
        usage("leaf-signed-by-a-person", |draft| {
            let (root, intermediate) = (Made::root(), Made::intermediate());
            let mut mallory = Made::leaf();
            mallory.key = Key::new("mallory");
            draft.chain(&[
                Made::leaf().signed_by(&mallory),
                mallory.signed_by(&intermediate),
                intermediate.signed_by(&root),
            ]);
        }),
        usage("leaf-not-for-signatures", |draft| {
            let mut leaf = Made::leaf();
            leaf.params.key_usages = vec![rcgen::KeyUsagePurpose::KeyAgreement];
            chain(draft, &Made::root(), &Made::intermediate(), &leaf);
        }),
        usage("intermediate-not-for-certificates", |draft| {
            let mut intermediate = Made::intermediate();
            intermediate.params.key_usages = vec![rcgen::KeyUsagePurpose::CrlSign];
            chain(draft, &Made::root(), &intermediate, &Made::leaf());
        }),
        general("path-longer-than-allowed", "certificate-chain", |draft| {
            let root = Made::root();
            // It may issue certificates of persons only.
            let short = Made::authority("Example Intermediate CA v2", 0);
            draft.chain(&[
                Made::leaf().signed_by(&Made::intermediate()),
                Made::intermediate().signed_by(&short),
                short.signed_by(&root),
            ]);
        }),
        general("root-before-intermediate", "certificates", |draft| {
            draft.header["x5c"].as_array_mut().unwrap().swap(1, 2);
        }),
        general("certificate-twice", "certificates", |draft| {
            let chain = draft.header["x5c"].as_array_mut().unwrap();
            chain.push(chain[2].clone());
        }),
        general("extra-certificate", "certificates", |draft| {
            let other = Made::authority("Another Root CA v1", 1).self_signed();
            let chain = draft.header["x5c"].as_array_mut().unwrap();
            chain.push(json!(base64(&other)));
        }),
        general("eleven-certificates", "certificates", |draft| {
            let root = Made::root().self_signed();
            let chain = draft.header["x5c"].as_array_mut().unwrap();
            chain.resize(11, json!(base64(&root)));
        }),
    ]
}

fn validity_and_revocation() -> Vec<Case> {
    let later = |name: &str, crls: fn(&Made) -> Vec<Vec<u8>>| {
        wrong(name, TryLater, "authority-revocation", |draft| {
            let crls = crls(&Made::root()).into_iter();
            draft.case.crls = crls.map(|crl| pem("X509 CRL", &crl)).collect();
        })
    };
    let revoked = |time: &str| {
        let crl = Made::root().crl("2026-03-01T08:00:00Z", &[(&Made::intermediate(), time)]);
        vec![pem("X509 CRL", &crl)]
    };
    vec![
        wrong(
            "leaf-expired",
            OutOfBoundsNoPoe,
            "certificate-validity",
            |draft| {
                draft.case.time = seconds("2026-03-31T09:00:01Z");
                draft.case.expected.at_claimed_time = Outcome::passed().indication;
            },
        ),
        wrong(
            "intermediate-expired",
            OutOfBoundsNoPoe,
            "certificate-validity",
            |draft| {
                let mut intermediate = Made::intermediate();
                intermediate.params.not_after = at("2026-03-01T09:00:15Z");
                chain(draft, &Made::root(), &intermediate, &Made::leaf());
            },
        ),
        wrong(
            "intermediate-expired-before-the-leaf",
            OutOfBoundsNoPoe,
            "certificate-chain",
            |draft| {
                let mut intermediate = Made::intermediate();
                intermediate.params.not_after = at("2026-02-01T00:00:00Z");
                chain(draft, &Made::root(), &intermediate, &Made::leaf());
            },
        ),
        wrong(
            "root-expired",
            OutOfBoundsNoPoe,
            "certificate-validity",
            |draft| {
                let mut root = Made::root();
                root.params.not_after = at("2026-03-01T09:00:15Z");
                chain(draft, &root, &Made::intermediate(), &Made::leaf());
                draft.case.anchors = vec![pem("CERTIFICATE", &root.self_signed())];
            },
        ),
        later("crl-missing", |_| Vec::new()),
        later("crl-outdated", |root| {
            vec![root.crl("2026-02-01T00:00:00Z", &[])]
        }),
        later("crl-from-the-future", |root| {
            vec![root.crl("2026-06-01T00:00:00Z", &[])]
        }),
        later("crl-of-another-authority", |_| {
            let mallory = Made {
                key: Key::new("mallory"),
                ..Made::root()
            };
            vec![mallory.crl("2026-02-27T00:00:00Z", &[])]
        }),
        wrong(
            "intermediate-revoked",
            RevokedCaNoPoe,
            "authority-revocation",
            |draft| {
                draft.case.crls = revoked("2026-02-28T00:00:00Z");
            },
        ),
    ]
}

/// Signatures of an attacker who has the keys of a revoked authority, or writes any certificate.
fn attacks() -> Vec<Case> {
    let mallory = || Made {
        key: Key::new("mallory"),
        ..Made::root()
    };
    let named = |name: &str, edit: fn(&mut rcgen::DistinguishedName)| {
        wrong(
            name,
            SigConstraintsFailure,
            "presentation-subject",
            |draft| {
                let mut leaf = Made::leaf();
                edit(&mut leaf.params.distinguished_name);
                chain(draft, &Made::root(), &Made::intermediate(), &leaf);
            },
        )
    };
    let forged = wrong(
        // Its name is that of the root, so the chain is right by its names, and the list by its key.
        "revoked-intermediate-with-a-forged-issuer",
        CertificateChainGeneralFailure,
        "certificate-chain",
        |draft| {
            let (root, intermediate) = (Made::root(), Made::intermediate());
            draft.chain(&[
                Made::leaf().signed_by(&intermediate),
                intermediate.signed_by(&root),
                mallory().self_signed(),
                root.self_signed(),
            ]);
            let from = "2026-03-01T08:00:00Z";
            let revoked = root.crl(from, &[(&intermediate, "2026-02-28T00:00:00Z")]);
            let lists = [revoked, mallory().crl(from, &[])];
            draft.case.crls = lists.iter().map(|crl| pem("X509 CRL", crl)).collect();
        },
    );
    vec![
        forged,
        named("certificate-of-a-server", |name| {
            name.push(DnType::CommonName, "server.example.com");
        }),
        named("certificate-of-two-persons", |name| {
            let other = DnType::CustomDnType(vec![2, 5, 4, 3]);
            name.push(other, "ppid=another-person");
        }),
    ]
}
