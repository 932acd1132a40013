//! A certificate revocation list. Each signature value counts as right here, so its content alone
//! decides.
//!
//! Input: the list, DER or PEM.
//!
//! A second reader reads the DER of each list that is read. If a signature passes with it, the list is of the
//! root, it is valid at the time, and it does not have the intermediate certificate (RFC 5280 §6.3).
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::fuzz_target;
use switchback_fuzz::signatures::{ACCEPTS_ALL, given};
use switchback_jades::{Crl, Indication};
use x509_cert::Certificate;
use x509_cert::certificate::Rfc5280;
use x509_cert::crl::CertificateList;
use x509_cert::der::{Decode as _, ErrorKind};

fuzz_target!(|input: &[u8]| {
    let given = given();
    let Ok(list) = Crl::read(input) else {
        return;
    };
    let signature = given.signature.as_bytes();
    let report = given.verify_with(signature, ACCEPTS_ALL, std::slice::from_ref(&list));
    if report.indication != Indication::TotalPassed {
        return;
    }
    let list = match CertificateList::<Rfc5280>::from_der(list.der()) {
        Ok(list) => list.tbs_cert_list,
        // The identifier of an extension that is not critical: the authority has signed the damage.
        Err(error) if error.kind() == ErrorKind::OidMalformed => return,
        Err(error) => panic!("the second reader refuses the list: {error}"),
    };
    let root = Certificate::from_der(&given.root).expect("a root");
    assert_eq!(&list.issuer, root.tbs_certificate().subject());
    let seconds = |time: x509_cert::time::Time| time.to_unix_duration().as_secs().cast_signed();
    assert!(seconds(list.this_update) <= given.time + 60);
    assert!(
        list.next_update
            .is_some_and(|next| given.time <= seconds(next))
    );
    let intermediate = given.header["x5c"][1].as_str().expect("a certificate");
    let intermediate = STANDARD.decode(intermediate).expect("base64");
    let intermediate = Certificate::from_der(&intermediate).expect("a certificate");
    let serial = intermediate.tbs_certificate().serial_number();
    let revoked = list.revoked_certificates.unwrap_or_default();
    assert!(revoked.iter().all(|entry| &entry.serial_number != serial));
});
