//! The path from the signing certificate to a trust anchor (RFC 5280 §6, ETSI EN 319 102-1 §5.2.6).
//!
//! `rustls-webpki` verifies the signatures, the basic constraints and the name constraints. This
//! module checks what it leaves out: the order of `x5c`, the key usage, the strength of keys and
//! algorithms, and the validity of the anchor.
//!
//! The signatures do not depend on the time. They are verified once, and [`Chain::check_validity`]
//! then judges as many times as the caller likes.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};
use webpki::{EndEntityCert, ExtendedKeyUsageValidator, KeyPurposeIdIter};

use crate::anchors::{Anchor, Anchors};
use crate::certificate::{Certificate, Validity, sha256};
use crate::checks::{CheckName, Checks};
use crate::{CertificateSummary, SubIndication, name, strength};

mod chain;
mod usage;

pub(crate) use chain::{Chain, label};
pub(crate) use usage::Usage;

const CERTIFICATES: CheckName = CheckName {
    name: "certificates",
    section: "ETSI EN 319 102-1 §5.2.3; RFC 7515 §4.1.6",
};
const THUMBPRINT: CheckName = CheckName {
    name: "certificate-thumbprint",
    section: "ETSI EN 319 102-1 §5.2.3; ETSI TS 119 182-1 §5.1.7",
};
const STRENGTH: CheckName = CheckName {
    name: "certificate-algorithms",
    section: "ETSI EN 319 102-1 §5.2.6; ETSI TS 119 312",
};
const USAGE: CheckName = CheckName {
    name: "certificate-usage",
    section: "ETSI EN 319 102-1 §5.2.6; RFC 5280 §4.2.1.3",
};
const CHAIN: CheckName = CheckName {
    name: "certificate-chain",
    section: "ETSI EN 319 102-1 §5.2.6; RFC 5280 §6.1",
};
/// The largest number of certificates in `x5c`. It bounds the work for a hostile signature.
pub(crate) const MAX_CERTIFICATES: usize = 10;

/// The certificates of a signature: readable, and not yet trusted.
pub(crate) struct Certificates<'a> {
    list: Vec<Certificate<'a>>,
    der: &'a [CertificateDer<'a>],
    leaf: EndEntityCert<'a>,
}

impl<'a> Certificates<'a> {
    /// Reads the certificates: the signing certificate first.
    pub(crate) fn read(x5c: &'a [CertificateDer<'a>], checks: &mut Checks) -> Option<Self> {
        match Self::try_read(x5c) {
            Ok(certificates) => Some(certificates),
            Err((why, text)) => {
                checks.not_passed(&CERTIFICATES, why, text);
                None
            }
        }
    }

    fn try_read(x5c: &'a [CertificateDer<'a>]) -> Result<Self, (SubIndication, String)> {
        let Some(first) = x5c.first() else {
            let text = "The signature has no signing certificate.";
            return Err((SubIndication::NoSigningCertificateFound, text.into()));
        };
        if x5c.len() > MAX_CERTIFICATES {
            let text = format!(
                "The signature has {} certificates; at most {MAX_CERTIFICATES} are read.",
                x5c.len()
            );
            return Err((SubIndication::CertificateChainGeneralFailure, text));
        }
        let malformed = |index: usize, why: &dyn core::fmt::Display| {
            let text = format!("Certificate {} cannot be read: {why}.", index + 1);
            match index {
                0 => (SubIndication::NoSigningCertificateFound, text),
                _ => (SubIndication::CertificateChainGeneralFailure, text),
            }
        };
        let mut list = Vec::with_capacity(x5c.len());
        for (index, der) in x5c.iter().enumerate() {
            list.push(Certificate::read(der).map_err(|error| malformed(index, &error))?);
        }
        let leaf = EndEntityCert::try_from(first).map_err(|error| match error {
            webpki::Error::UnsupportedCriticalExtension => (
                SubIndication::CertificateChainGeneralFailure,
                String::from("The signing certificate has an unknown critical extension."),
            ),
            error => malformed(0, &error),
        })?;
        Ok(Self {
            list,
            der: x5c,
            leaf,
        })
    }

    /// The signing certificate. The signature's check uses its key.
    pub(crate) const fn leaf(&self) -> &EndEntityCert<'a> {
        &self.leaf
    }

    /// What a report says about the certificates.
    pub(crate) fn summaries(&self) -> Vec<CertificateSummary> {
        self.list.iter().map(Certificate::summary).collect()
    }

    /// Compares the signing certificate with the header `x5t#S256`: SHA-256 of the certificate.
    pub(crate) fn check_thumbprint(&self, thumbprint: &[u8; 32], checks: &mut Checks) {
        let same = self.list.first().map(|leaf| sha256(leaf.der)) == Some(*thumbprint);
        if same {
            checks.passed(
                &THUMBPRINT,
                "The header x5t#S256 names the signing certificate.",
            );
        } else {
            checks.not_passed(
                &THUMBPRINT,
                SubIndication::NoSigningCertificateFound,
                "The header x5t#S256 names another certificate than the first of x5c.",
            );
        }
    }

    /// Checks the path to an anchor, at no particular time: see [`Chain::check_validity`].
    pub(crate) fn check(
        &'a self,
        anchors: &'a Anchors,
        algorithms: &[&dyn SignatureVerificationAlgorithm],
        usage: Usage,
        checks: &mut Checks,
    ) -> Option<Chain<'a>> {
        if let Err(text) = self.check_order() {
            let why = SubIndication::CertificateChainGeneralFailure;
            checks.not_passed(&CERTIFICATES, why, text);
            return None;
        }
        checks.passed(
            &CERTIFICATES,
            "The certificates are in order: each names the next as its issuer.",
        );
        let path = match self.end(anchors) {
            Ok(path) => path,
            Err(text) => {
                checks.not_passed(&CHAIN, SubIndication::NoCertificateChainFound, text);
                return None;
            }
        };
        let certificates = self.list.get(..path.length)?;
        if let Err(text) = self.check_strength(&path) {
            let why = SubIndication::CryptoConstraintsFailureNoPoe;
            checks.not_passed(&STRENGTH, why, text);
            return None;
        }
        checks.passed(
            &STRENGTH,
            "The keys and algorithms of the certificates are strong enough.",
        );
        if let Err(text) = usage::check(certificates, usage) {
            checks.not_passed(&USAGE, SubIndication::ChainConstraintsFailure, text);
            return None;
        }
        checks.passed(&USAGE, "Each certificate may be used for its purpose.");
        match self.verify(&path, algorithms) {
            Ok(anchor) => {
                let subject = name::text(&anchor.subject);
                let text = format!("The certificates lead to the trust anchor {subject}.");
                checks.passed(&CHAIN, text);
                if path.length + 1 < self.list.len() {
                    let text = format!(
                        "Certificate {} and those after it are above the trust anchor and were \
                         ignored.",
                        path.length + 2
                    );
                    checks.remark(&CERTIFICATES, text);
                }
                Some(Chain::new(certificates, anchor))
            }
            Err((why, text)) => {
                checks.not_passed(&CHAIN, why, text);
                None
            }
        }
    }

    fn check_order(&self) -> Result<(), String> {
        for (index, pair) in self.list.windows(2).enumerate() {
            let [certificate, issuer] = pair else {
                continue;
            };
            if certificate.issuer != issuer.subject {
                return Err(format!(
                    "Certificate {} ({}) did not issue certificate {}: x5c is in the wrong order, \
                     or has a certificate that is not part of the chain.",
                    index + 2,
                    issuer.subject_text(),
                    index + 1
                ));
            }
        }
        // There are at most `MAX_CERTIFICATES`.
        for (index, der) in self.der.iter().enumerate() {
            if let Some(earlier) = self.der.iter().take(index).position(|other| other == der) {
                return Err(format!(
                    "Certificates {} and {} of x5c are the same.",
                    earlier + 1,
                    index + 1
                ));
            }
        }
        Ok(())
    }

    /// Where the path ends: at the first certificate that is an anchor, or after the last one.
    fn end(&'a self, anchors: &'a Anchors) -> Result<Path<'a>, String> {
        for (index, certificate) in self.list.iter().enumerate().skip(1) {
            let anchors = anchors.find(certificate.subject, certificate.key);
            if !anchors.is_empty() {
                return Ok(Path {
                    length: index,
                    anchors,
                });
            }
        }
        let Some(last) = self.list.last() else {
            return Err("There is no certificate.".into());
        };
        // The last certificate can be one that calls itself its issuer: then it is a root, and it is
        // not an anchor.
        let named: Vec<_> = anchors.named(last.issuer).collect();
        if !named.is_empty() && last.issuer != last.subject {
            return Ok(Path {
                length: self.list.len(),
                anchors: named,
            });
        }
        let from_anchor =
            |certificate: &Certificate<'_>| anchors.named(certificate.issuer).next().is_some();
        match self.list.iter().position(from_anchor) {
            Some(index) if index + 1 < self.list.len() => Err(format!(
                "Certificate {} has the name of a trust anchor and another key: no chain leads to \
                 a trust anchor.",
                index + 2
            )),
            _ => Err(format!(
                "The certificates lead to {}, which is not a trust anchor: if the provider \
                 publishes this root, add it to the trust anchors.",
                name::text(last.issuer)
            )),
        }
    }

    fn check_strength(&self, path: &Path<'_>) -> Result<(), String> {
        for (index, certificate) in self.list.iter().take(path.length).enumerate() {
            strength::of_key(certificate.key)
                .and_then(|()| strength::of_signature(&certificate.signature_algorithm))
                .map_err(|why| format!("{} {why}.", self.label(index)))?;
        }
        match path
            .anchors
            .iter()
            .find_map(|anchor| anchor.weakness.as_ref())
        {
            Some(why) => Err(format!("The trust anchor {why}.")),
            None => Ok(()),
        }
    }

    /// A name occurs once in a path, so `rustls-webpki`, which looks for a path by names, can only find
    /// this one: it leaves no certificate out, and tries no other order.
    ///
    /// RFC 5280 §6.1 also permits a certificate that an authority issued to itself, for a new key.
    fn check_names(&self, path: &Path<'_>) -> Result<(), String> {
        let certificates = self.list.iter().take(path.length);
        let anchor = path.anchors.first().map(|anchor| anchor.subject.as_slice());
        let names = certificates.map(|certificate| certificate.subject);
        let names: Vec<&[u8]> = names.chain(anchor).collect();
        for (index, name) in names.iter().enumerate() {
            if let Some(earlier) = names.iter().take(index).position(|other| other == name) {
                return Err(format!(
                    "Certificates {} and {} of the chain have the same name, {}: it is not clear \
                     which of them issued a certificate.",
                    earlier + 1,
                    index + 1,
                    name::text(name)
                ));
            }
        }
        Ok(())
    }

    /// Lets `rustls-webpki` validate the path, at a time at which all its certificates are valid.
    fn verify(
        &'a self,
        path: &Path<'a>,
        algorithms: &[&dyn SignatureVerificationAlgorithm],
    ) -> Result<&'a Anchor, (SubIndication, String)> {
        self.check_names(path)
            .map_err(|text| (SubIndication::CertificateChainGeneralFailure, text))?;
        let certificates = self.list.iter().take(path.length);
        let Some(common) = common_validity(certificates.map(|certificate| certificate.validity))
        else {
            return Err((
                SubIndication::OutOfBoundsNoPoe,
                "There is no time at which all certificates of the chain are valid.".into(),
            ));
        };
        let time = u64::try_from(common.not_before).unwrap_or_default();
        let intermediates = self.der.get(1..path.length).unwrap_or_default();
        let mut error = webpki::Error::UnknownIssuer;
        for anchor in &path.anchors {
            if anchor.permitting(path.length).next().is_none() {
                error = webpki::Error::PathLenConstraintViolated;
                continue;
            }
            let result = self.leaf.verify_for_usage(
                algorithms,
                core::slice::from_ref(&anchor.trust),
                intermediates,
                UnixTime::since_unix_epoch(Duration::from_secs(time)),
                AnyPurpose,
                None,
                None,
            );
            match result {
                Ok(_) => return Ok(anchor),
                Err(other) => error = other,
            }
        }
        Err(self.refused(path, error))
    }

    fn refused(&self, path: &Path<'_>, error: webpki::Error) -> (SubIndication, String) {
        use SubIndication as Why;
        use webpki::Error;
        match error {
            Error::InvalidSignatureForPublicKey | Error::UnknownIssuer => (
                Why::NoCertificateChainFound,
                "No chain leads to a trust anchor: the signature of a certificate was not made \
                 with the key of its issuer."
                    .into(),
            ),
            Error::UnsupportedSignatureAlgorithmContext(_)
            | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => (
                Why::CryptoConstraintsFailureNoPoe,
                "A certificate was signed with an algorithm that the policy does not permit."
                    .into(),
            ),
            Error::PathLenConstraintViolated => (
                Why::CertificateChainGeneralFailure,
                "The chain is longer than a certificate of it, or the trust anchor, permits (path \
                 length constraint)."
                    .into(),
            ),
            Error::NameConstraintViolation => (
                Why::CertificateChainGeneralFailure,
                "A certificate has a name that its issuer may not certify, or the issuer has name \
                 constraints of a kind that is not supported (only DNS names and IP addresses are)."
                    .into(),
            ),
            Error::UnsupportedCriticalExtension => {
                let unknown = |der: &&CertificateDer<'_>| {
                    matches!(
                        EndEntityCert::try_from(*der),
                        Err(Error::UnsupportedCriticalExtension)
                    )
                };
                let index = self
                    .der
                    .iter()
                    .take(path.length)
                    .position(|der| unknown(&der));
                let label = self.label(index.unwrap_or_default());
                (
                    Why::CertificateChainGeneralFailure,
                    format!("{label} has an unknown critical extension."),
                )
            }
            other => (
                Why::CertificateChainGeneralFailure,
                format!("The certificate chain is not valid: {other}."),
            ),
        }
    }

    fn label(&self, index: usize) -> String {
        label(&self.list, index)
    }
}

/// A candidate of a path: how many certificates it has, and the anchors at which it could end.
struct Path<'a> {
    length: usize,
    anchors: Vec<&'a Anchor>,
}

fn common_validity(mut validities: impl Iterator<Item = Validity>) -> Option<Validity> {
    let first = validities.next()?;
    let common = validities.fold(first, |common, next| Validity {
        not_before: common.not_before.max(next.not_before),
        not_after: common.not_after.min(next.not_after),
    });
    (common.not_before <= common.not_after).then_some(common)
}

/// [`usage`] decides, so that the report can say which certificate it is.
struct AnyPurpose;

impl ExtendedKeyUsageValidator for AnyPurpose {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
