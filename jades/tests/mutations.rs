//! No changed signature is accepted: 100,000 mutations of valid signatures.
//!
//! The mutations do not depend on random numbers, so a failure happens again. A signature in the
//! compact serialization has one text only, so every other text must be refused.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls_pki_types::SignatureVerificationAlgorithm;
use serde_json::Value;
use switchback_jades::{
    Anchors, Crl, DigestInput, DocumentDigest, Expected, Indication, Policy, Report, verify,
};

static ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[webpki::ring::ECDSA_P256_SHA256];

/// A valid signature, and what its verifier has.
struct Valid {
    signature: String,
    document: DocumentDigest,
    id: String,
    anchors: Anchors,
    crls: Vec<Crl>,
    time: i64,
}

impl Valid {
    fn verify(&self, signature: &[u8]) -> Report {
        let expected = Expected {
            document: Some(self.document),
            id: Some(&self.id),
            content_type: None,
        };
        let policy = Policy {
            anchors: &self.anchors,
            crls: &self.crls,
            ..Policy::new(&self.anchors, ALGORITHMS, self.time)
        };
        verify(signature, &expected, &policy)
    }
}

/// The valid signatures of the test vectors.
fn valid() -> Vec<Valid> {
    let vectors = include_str!("../../tests/vectors/jades/made.json");
    let vectors: Value = serde_json::from_str(vectors).unwrap();
    let cases = vectors["cases"].as_array().unwrap().iter();
    let valid = cases.filter(|case| case["expected"]["indication"] == "TOTAL-PASSED");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let valid: Vec<Valid> = valid
        .map(|case| Valid {
            signature: text(&case["signature"]),
            document: {
                let input = match case["document"]["b64"] == true {
                    true => DigestInput::Base64url,
                    false => DigestInput::Document,
                };
                let digest = text(&case["document"]["sha256"]);
                DocumentDigest::from_base64url(&digest, input).unwrap()
            },
            id: text(&case["id"]),
            anchors: {
                let anchors = case["anchors"].as_array().unwrap().iter();
                Anchors::read(anchors.map(text).collect::<String>().as_bytes()).unwrap()
            },
            crls: {
                let crls = case["crls"].as_array().unwrap().iter();
                crls.map(|crl| Crl::read(text(crl).as_bytes()).unwrap())
                    .collect()
            },
            time: case["time"].as_i64().unwrap(),
        })
        .collect();
    assert!(valid.len() > 5);
    for case in &valid {
        let report = case.verify(case.signature.as_bytes());
        assert_eq!(report.indication, Indication::TotalPassed, "{report:?}");
    }
    valid
}

/// Numbers that look random (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^ (number >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

/// Makes mutations, and expects that none is accepted and that none panics. Together the tests make
/// 100,000; the cheap ones make the most.
fn refuse(mutations: u64, seed: u64, mutate: impl Fn(&[u8], &[Valid], &mut Numbers) -> Vec<u8>) {
    let valid = valid();
    let mut numbers = Numbers(seed);
    let mut made = 0;
    while made < mutations {
        let case = &valid[numbers.below(valid.len())];
        let original = case.signature.as_bytes();
        let mutation = mutate(original, &valid, &mut numbers);
        // The signature of another case can be valid with the anchors of this one.
        if valid
            .iter()
            .any(|case| case.signature.as_bytes() == mutation)
        {
            continue;
        }
        let report = case.verify(&mutation);
        assert_ne!(
            report.indication,
            Indication::TotalPassed,
            "mutation {made}: {}",
            String::from_utf8_lossy(&mutation)
        );
        made += 1;
    }
}

/// Changes single bytes of the text: another bit, another letter, one more, one less.
#[test]
fn a_changed_byte_of_the_text_is_refused() {
    refuse(50_000, 1, |original, _, numbers| {
        let mut text = original.to_vec();
        for _ in 0..=numbers.below(3) {
            let at = numbers.below(text.len());
            match numbers.below(4) {
                0 => text[at] ^= 1 << numbers.below(8),
                1 => text[at] = LETTERS[numbers.below(LETTERS.len())],
                2 => text.insert(at, LETTERS[numbers.below(LETTERS.len())]),
                _ => {
                    text.remove(at);
                }
            }
        }
        text
    });
}

const LETTERS: &[u8] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+/= \n\0\xff";

/// Cuts, repeats and joins parts of texts.
#[test]
fn a_text_of_other_parts_is_refused() {
    refuse(30_000, 2, |original, valid, numbers| {
        let other = valid[numbers.below(valid.len())].signature.as_bytes();
        let (from, to) = (numbers.below(original.len()), numbers.below(original.len()));
        let (from, to) = (from.min(to), from.max(to));
        let cut = numbers.below(other.len());
        match numbers.below(6) {
            0 => original[..from].to_vec(),
            1 => original[to..].to_vec(),
            2 => [&original[..from], &original[to..]].concat(),
            3 => [&original[..to], &original[from..]].concat(),
            4 => [&original[..from], &other[cut..]].concat(),
            _ => {
                // The header of one signature with the value of another one.
                let header = original.split(|byte| *byte == b'.').next();
                let value = other.rsplit(|byte| *byte == b'.').next();
                [header.unwrap(), b"..", value.unwrap()].concat()
            }
        }
    });
}

/// Changes the header as JSON: swaps, removes and copies members at any depth.
#[test]
fn a_changed_member_of_the_header_is_refused() {
    refuse(10_000, 3, |original, valid, numbers| {
        let (header, value) = parts(original);
        let mut header: Value = serde_json::from_slice(&header).unwrap();
        let (other, _) = parts(valid[numbers.below(valid.len())].signature.as_bytes());
        let other: Value = serde_json::from_slice(&other).unwrap();
        for _ in 0..=numbers.below(2) {
            edit(&mut header, &other, numbers);
        }
        join(header.to_string().as_bytes(), &value)
    });
}

/// Changes bytes of the JSON text and of the signature value, under a correct encoding.
#[test]
fn a_changed_byte_under_the_encoding_is_refused() {
    refuse(10_000, 4, |original, _, numbers| {
        let (mut header, mut value) = parts(original);
        match numbers.below(4) {
            0 => {
                let at = numbers.below(value.len());
                value[at] ^= 1 << numbers.below(8);
            }
            1 => {
                let at = numbers.below(header.len());
                header.insert(at, b"{}[]\",:0a \\\n"[numbers.below(12)]);
            }
            2 => {
                let at = numbers.below(header.len());
                header.remove(at);
            }
            _ => {
                let at = numbers.below(header.len());
                header[at] ^= 1 << numbers.below(8);
            }
        }
        join(&header, &value)
    });
}

fn parts(signature: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let text = std::str::from_utf8(signature).unwrap();
    let (header, value) = text.split_once("..").unwrap();
    let decode = |text| URL_SAFE_NO_PAD.decode(text).unwrap();
    (decode(header), decode(value))
}

fn join(header: &[u8], value: &[u8]) -> Vec<u8> {
    let (header, value) = (
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(value),
    );
    format!("{header}..{value}").into_bytes()
}

/// Changes one member: of the object itself, or of a value in it.
fn edit(value: &mut Value, other: &Value, numbers: &mut Numbers) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            let names: Vec<String> = members.keys().cloned().collect();
            let name = &names[numbers.below(names.len())];
            let second = &names[numbers.below(names.len())];
            match numbers.below(6) {
                0 => {
                    members.remove(name);
                }
                1 => {
                    let (first, last) = (members[name].clone(), members[second].clone());
                    members.insert(name.clone(), last);
                    members.insert(second.clone(), first);
                }
                2 => {
                    let copied = members[name].clone();
                    members.insert(format!("{name} "), copied);
                }
                3 => {
                    members.insert(name.clone(), Value::Null);
                }
                4 => {
                    let copied = other.get(name).cloned().unwrap_or(Value::Bool(true));
                    members.insert(name.clone(), copied);
                }
                _ => edit(&mut members[name.as_str()], &other[name.as_str()], numbers),
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let (one, two) = (numbers.below(items.len()), numbers.below(items.len()));
            match numbers.below(3) {
                0 => items.swap(one, two),
                1 => items.push(items[one].clone()),
                _ => {
                    items.remove(one);
                }
            }
        }
        Value::Bool(flag) => *flag = !*flag,
        Value::Number(_) => *value = Value::from(numbers.next() >> 12),
        Value::String(text) => {
            let letter = char::from(b'a' + numbers.below(26) as u8);
            text.insert(text.len() / 2, letter);
        }
        _ => *value = Value::from("text"),
    }
}
