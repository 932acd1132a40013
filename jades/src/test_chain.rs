//! Certificates for the tests: a root, an intermediate certificate, a signing certificate.

use alloc::string::ToString as _;
use alloc::vec;
use alloc::vec::Vec;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CrlDistributionPoint, DnType, IsCa,
    KeyPair, KeyUsagePurpose, SerialNumber,
};
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm};
use time::OffsetDateTime;

use crate::checks::Checks;
use crate::{Anchors, Check, Outcome, SubIndication};

pub(crate) static ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] =
    &[webpki::ring::ECDSA_P256_SHA256];

pub(crate) const DAY: i64 = 86_400;
/// A time at which the certificates of this module are valid.
pub(crate) const NOW: i64 = 1_800_000_000;
pub(crate) const LIST: &str = "http://ca.example/root.crl";

pub(crate) type Issuer = CertifiedIssuer<'static, KeyPair>;

pub(crate) fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(seconds).unwrap()
}

pub(crate) fn key() -> KeyPair {
    KeyPair::generate().unwrap()
}

fn params(name: &str, serial: u64, days: i64) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.not_before = at(NOW - days * DAY);
    params.not_after = at(NOW + days * DAY);
    params.serial_number = Some(SerialNumber::from(serial));
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.use_authority_key_identifier_extension = true;
    params
}

pub(crate) fn authority(name: &str, serial: u64) -> CertificateParams {
    let mut params = params(name, serial, 1000);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

pub(crate) fn root() -> Issuer {
    CertifiedIssuer::self_signed(authority("Root", 1), key()).unwrap()
}

pub(crate) fn intermediate() -> CertificateParams {
    let mut params = authority("Intermediate", 2);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.crl_distribution_points = vec![CrlDistributionPoint {
        uris: vec![LIST.to_string()],
    }];
    params
}

pub(crate) fn leaf() -> CertificateParams {
    let mut params = params("Leaf", 3, 10);
    params.key_usages = vec![
        KeyUsagePurpose::DigitalSignature,
        KeyUsagePurpose::ContentCommitment,
    ];
    params
}

pub(crate) fn issue(params: &CertificateParams, issuer: &Issuer) -> CertificateDer<'static> {
    params.signed_by(&key(), issuer).unwrap().into()
}

pub(crate) fn authority_by(params: CertificateParams, issuer: &Issuer) -> Issuer {
    CertifiedIssuer::signed_by(params, key(), issuer).unwrap()
}

/// A root and what it certified.
pub(crate) struct World {
    pub(crate) root: Issuer,
    pub(crate) intermediate: Issuer,
    pub(crate) anchors: Anchors,
    /// Leaf, intermediate, root.
    pub(crate) x5c: Vec<CertificateDer<'static>>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(intermediate(), &leaf())
    }

    pub(crate) fn with(intermediate: CertificateParams, leaf: &CertificateParams) -> Self {
        let root = root();
        let intermediate = authority_by(intermediate, &root);
        let leaf = issue(leaf, &intermediate);
        Self {
            anchors: Anchors::read(root.der()).unwrap(),
            x5c: vec![leaf, intermediate.der().clone(), root.der().clone()],
            root,
            intermediate,
        }
    }
}

/// The first check with this name.
pub(crate) fn find(checks: Checks, name: &str) -> Check {
    let mut list = checks.into_list().into_iter();
    let check = list.find(|check| check.name == name);
    check.unwrap_or_else(|| panic!("no check {name}"))
}

/// The name, the reason and the text of the first check that did not pass.
pub(crate) fn refusal(checks: Checks) -> Option<(&'static str, SubIndication, Check)> {
    let list = checks.into_list();
    assert!(list.iter().all(|check| {
        let passed = check.outcome != Outcome::Failed && check.outcome != Outcome::Undecided;
        passed == check.sub_indication.is_none()
    }));
    let check = list
        .into_iter()
        .find(|check| check.sub_indication.is_some())?;
    Some((check.name, check.sub_indication?, check))
}
