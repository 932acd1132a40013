//! The certificates of a signature. Each signature value counts as right here, so their content alone
//! decides.
//!
//! Input: certificates in DER, one after the other: the signing certificate first.
//!
//! A second reader, which reads a whole certificate into one value, finds no fault in a chain that
//! passes (RFC 5280 §6.1), and no damage in any of its certificates.
#![no_main]

use libfuzzer_sys::fuzz_target;
use switchback_fuzz::signatures::{ACCEPTS_ALL, given, values};
use switchback_jades::Indication;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};

fuzz_target!(|input: &[u8]| {
    let given = given();
    let certificates = values(input);
    let signature = given.with_certificates(&certificates);
    let report = given.verify(signature.as_bytes(), ACCEPTS_ALL);
    if report.indication != Indication::TotalPassed {
        return;
    }
    let read = |der: &&[u8]| Certificate::from_der(der).expect("the second reader refuses it");
    let root = read(&given.root.as_slice());
    let name = root.tbs_certificate().subject();
    let mut chain = Vec::new();
    let mut names = vec![name];
    for certificate in certificates.iter().map(read) {
        let is_last = certificate.tbs_certificate().issuer() == name;
        chain.push(certificate);
        // The verifier takes its own root, and does not use that of the signature.
        if is_last {
            break;
        }
    }
    for certificate in &chain {
        // Otherwise a verifier could take another path.
        let name = certificate.tbs_certificate().subject();
        assert!(!names.contains(&name), "{name}");
        names.push(name);
    }
    for (place, certificate) in chain.iter().enumerate() {
        let issuer = chain.get(place + 1).unwrap_or(&root);
        check(place, certificate, issuer, given.time);
    }
});

fn check(place: usize, certificate: &Certificate, issuer: &Certificate, time: i64) {
    let (certificate, issuer) = (certificate.tbs_certificate(), issuer.tbs_certificate());
    assert_eq!(certificate.issuer(), issuer.subject());
    let validity = certificate.validity();
    let seconds = |time: x509_cert::time::Time| time.to_unix_duration().as_secs().cast_signed();
    assert!(seconds(validity.not_before) <= time && time <= seconds(validity.not_after));
    let usage = certificate.get_extension::<KeyUsage>().expect("readable");
    let basic = certificate.get_extension::<BasicConstraints>();
    let is_authority = basic.expect("readable").is_some_and(|(_, basic)| basic.ca);
    if place == 0 {
        assert!(!is_authority);
        let (_, usage) = usage.expect("the usage of a key that signs");
        assert!(usage.digital_signature() || usage.non_repudiation());
    } else {
        assert!(is_authority);
        assert!(usage.is_none_or(|(_, usage)| usage.key_cert_sign()));
    }
}
