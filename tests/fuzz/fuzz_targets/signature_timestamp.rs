//! A timestamp of a signature, and the JSON serialization that carries it. Each signature value counts
//! as right here, so the content alone decides.
//!
//! Input: a timestamp token (DER) for the signature of `jades/tests/timestamps`; or, if it begins with
//! `{`, the JSON serialization of a signature.
//!
//! A second, simple reader finds no fault in a token that proves a time (RFC 3161 §2.4.2, RFC 5652
//! §5.4). A signature whose certificate has expired passes only with such a token. A token makes no
//! signature wrong. A JSON serialization that is read is written with the same content.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use switchback_fuzz::signatures::{ACCEPTS_ALL, Stamped, stamped, values};
use switchback_jades::{Indication, ProvenTime, Serialization};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::ext::pkix::ExtendedKeyUsage;

fuzz_target!(|input: &[u8]| {
    let stamped = stamped();
    match input.first() {
        Some(b'{') => serialization(stamped, input),
        _ => token(stamped, input),
    }
});

fn serialization(stamped: &Stamped, input: &[u8]) {
    stamped.verify(input);
    let Ok(signature) = Serialization::read(input) else {
        return;
    };
    let written = signature.to_json();
    let again = Serialization::read(written.as_bytes()).expect("readable");
    assert_eq!(again.compact(), signature.compact());
    assert_eq!(again.unsigned(), signature.unsigned());
    assert_eq!(again.to_json(), written);
}

fn token(stamped: &Stamped, token: &[u8]) {
    let proven = stamped.prove(token, ACCEPTS_ALL);
    if let Ok(proven) = &proven {
        check(token, proven, stamped);
    }
    // The same token for a signature that has expired.
    let mut signature = Serialization::read(stamped.expired.as_bytes()).expect("a signature");
    let without = stamped.verify(stamped.expired.as_bytes());
    assert_eq!(without.indication, Indication::Indeterminate);
    signature.add_timestamp(&stamped.for_expired(token));
    let json = signature.to_json();
    let report = stamped.verify(json.as_bytes());
    assert_ne!(report.indication, Indication::TotalFailed);
    let summary = report.summary.expect("a readable signature");
    let passed = report.indication == Indication::TotalPassed;
    assert_eq!(passed, summary.proven_time.is_some());
    assert!(!passed || proven.is_ok());
}

const CONSTRUCTED_0: u8 = 0xa0;

/// The content of a value, without its head.
fn content<'a>(value: &'a [u8], tags: &[u8]) -> &'a [u8] {
    assert!(tags.contains(&value[0]), "{value:x?}");
    match value[1] {
        short @ 0..0x80 => &value[2..2 + usize::from(short)],
        long => &value[2 + usize::from(long & 0x7f)..],
    }
}

fn parts<'a>(value: &'a [u8], tags: &[u8]) -> Vec<&'a [u8]> {
    values(content(value, tags))
}

/// The digest by the algorithm, an AlgorithmIdentifier.
fn digest(algorithm: &[u8], bytes: &[u8]) -> Vec<u8> {
    let id = parts(algorithm, &[0x30])[0];
    match id[id.len() - 1] {
        1 => Sha256::digest(bytes).to_vec(),
        2 => Sha384::digest(bytes).to_vec(),
        3 => Sha512::digest(bytes).to_vec(),
        other => panic!("{other}"),
    }
}

fn check(token: &[u8], proven: &ProvenTime, stamped: &Stamped) {
    let outer = parts(token, &[0x30]);
    let signed_data = parts(outer[1], &[CONSTRUCTED_0])[0];
    let data = parts(signed_data, &[0x30]);
    // Version, algorithms, content, certificates, possibly lists, signers.
    let encapsulated = parts(data[2], &[0x30]);
    let info_der = content(parts(encapsulated[1], &[CONSTRUCTED_0])[0], &[4]);
    let info = parts(values(info_der)[0], &[0x30]);
    let imprint = parts(info[2], &[0x30]);
    let expected = digest(imprint[0], stamped.value.as_bytes());
    assert_eq!(content(imprint[1], &[4]), expected);

    let signers = parts(data[data.len() - 1], &[0x31]);
    assert_eq!(signers.len(), 1);
    let signer = parts(signers[0], &[0x30]);
    let mut named = None;
    let mut kinds = Vec::new();
    for attribute in parts(signer[3], &[CONSTRUCTED_0]) {
        let attribute = parts(attribute, &[0x30]);
        let kind = content(attribute[0], &[6]);
        kinds.push(kind);
        let value = parts(attribute[1], &[0x31])[0];
        match kind {
            // contentType
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 3] => assert_eq!(value, encapsulated[0]),
            // messageDigest
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 4] => {
                assert_eq!(content(value, &[4]), digest(signer[2], info_der));
            }
            // signingCertificateV2
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 2, 47] => {
                let certificates = parts(value, &[0x30])[0];
                named = Some(parts(parts(certificates, &[0x30])[0], &[0x30]));
            }
            _ => kinds.truncate(kinds.len() - 1),
        }
    }
    assert_eq!(kinds.len(), 3, "each is there once");
    let named = named.expect("a certificate is named");
    let sha_256 = [0x30, 3, 6, 1, 1];
    let (algorithm, hash) = match named[0][0] {
        0x30 => (named[0], named[1]),
        _ => (&sha_256[..], named[0]),
    };
    let mut certificates = parts(data[3], &[CONSTRUCTED_0]).into_iter();
    let certificate = certificates.find(|der| digest(algorithm, der) == content(hash, &[4]));
    let certificate = certificate.expect("it is in the token");
    let certificate = Certificate::from_der(certificate).expect("the second reader refuses it");
    let certificate = certificate.tbs_certificate();
    assert_eq!(certificate.subject().to_string(), proven.authority);
    let purposes = certificate.get_extension::<ExtendedKeyUsage>();
    let (critical, purposes) = purposes.expect("readable").expect("it names its purpose");
    assert!(critical && purposes.0.len() == 1);
    assert_eq!(purposes.0[0].to_string(), "1.3.6.1.5.5.7.3.8");
    let validity = certificate.validity();
    let seconds = |time: x509_cert::time::Time| time.to_unix_duration().as_secs().cast_signed();
    assert!(seconds(validity.not_before) <= proven.time);
    assert!(stamped.time <= seconds(validity.not_after));
}
