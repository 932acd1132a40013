//! The trust anchors: the certificates that a caller trusts (RFC 5280 §6.1.1 (d)).

use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use rustls_pki_types::pem::SliceIter;
use rustls_pki_types::{CertificateDer, TrustAnchor};

use crate::certificate::{Certificate, Validity};
use crate::{CertificateSummary, strength};

/// The certificates that a caller trusts: roots, or intermediate certificates.
///
/// An anchor is a subject with a public key. Several generations of a root stand beside each other.
/// A root that was issued again with the same key is the same anchor, which is then valid in the
/// periods of all its certificates.
///
/// ```
/// # fn main() -> Result<(), switchback_jades::AnchorsError> {
/// # let (first, second) = (include_bytes!("../tests/chains/truid-test-root.der"), include_bytes!("../tests/chains/truid-test-root.pem"));
/// use switchback_jades::Anchors;
///
/// let mut anchors = Anchors::read(first)?;
/// anchors.add(second)?;
/// assert_eq!(anchors.certificates().count(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Anchors {
    list: Vec<Anchor>,
}

/// One subject and public key, with its certificates.
#[derive(Clone)]
pub(crate) struct Anchor {
    pub(crate) trust: TrustAnchor<'static>,
    /// DER, with tag and length.
    pub(crate) subject: Vec<u8>,
    /// DER, with tag and length.
    pub(crate) key: Vec<u8>,
    /// Why the key is too weak, if it is.
    pub(crate) weakness: Option<String>,
    /// The key may sign revocation lists.
    pub(crate) signs_crls: bool,
    certificates: Vec<AnchorCertificate>,
}

/// One certificate of an anchor.
#[derive(Clone)]
pub(crate) struct AnchorCertificate {
    pub(crate) validity: Validity,
    path_length: Option<u32>,
    summary: CertificateSummary,
}

/// A file of trust anchors cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnchorsError {
    /// There is no certificate in the file.
    #[error(
        "the file of trust anchors has no certificate: give certificates as PEM (`-----BEGIN \
         CERTIFICATE-----`), or one certificate as DER"
    )]
    NoCertificate,
    /// A PEM section is malformed. Which certificate it is, counted from 1.
    #[error("certificate {entry} of the file of trust anchors is not PEM: {why}; export it again")]
    Pem {
        /// Counted from 1.
        entry: usize,
        /// The reason.
        why: String,
    },
    /// A certificate is malformed, or it is not of version 3.
    #[error(
        "certificate {entry} of the file of trust anchors cannot be read: {why}; give an X.509 \
         certificate of version 3"
    )]
    Certificate {
        /// Counted from 1.
        entry: usize,
        /// The reason.
        why: String,
    },
    /// A certificate is not the certificate of an authority (RFC 5280 §4.2.1.9).
    #[error(
        "certificate {entry} of the file of trust anchors ({subject}) is not the certificate of an \
         authority: give the root certificate that the provider publishes, and not the \
         certificate of a signer"
    )]
    NotAuthority {
        /// Counted from 1.
        entry: usize,
        /// The subject.
        subject: String,
    },
}

impl Anchors {
    /// No anchors: then no signature passes.
    pub const fn new() -> Self {
        Self { list: Vec::new() }
    }

    /// Reads a file: PEM with one or more certificates, or DER with one.
    ///
    /// # Errors
    ///
    /// [`AnchorsError`], which names the certificate.
    pub fn read(file: &[u8]) -> Result<Self, AnchorsError> {
        let mut anchors = Self::new();
        anchors.add(file)?;
        Ok(anchors)
    }

    /// Adds the certificates of a file, as [`Anchors::read`] reads it. After an error nothing was
    /// added.
    ///
    /// # Errors
    ///
    /// [`AnchorsError`], which names the certificate.
    pub fn add(&mut self, file: &[u8]) -> Result<(), AnchorsError> {
        let certificates = if is_pem(file) {
            pem(file)?
        } else if file.is_empty() {
            return Err(AnchorsError::NoCertificate);
        } else {
            vec![CertificateDer::from(file)]
        };
        let read = |(index, certificate)| Anchor::read(index + 1, certificate);
        let entries = certificates.iter().enumerate().map(read);
        for anchor in entries.collect::<Result<Vec<_>, _>>()? {
            self.merge(anchor);
        }
        Ok(())
    }

    fn merge(&mut self, new: Anchor) {
        let same = |old: &&mut Anchor| old.trust == new.trust;
        match self.list.iter_mut().find(same) {
            None => self.list.push(new),
            Some(old) => {
                old.signs_crls |= new.signs_crls;
                for new in new.certificates {
                    if !old
                        .certificates
                        .iter()
                        .any(|old| old.summary == new.summary)
                    {
                        old.certificates.push(new);
                    }
                }
            }
        }
    }

    /// Whether there is no anchor.
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The certificates of all anchors.
    pub fn certificates(&self) -> impl Iterator<Item = &CertificateSummary> {
        let certificates = self.list.iter().flat_map(|anchor| &anchor.certificates);
        certificates.map(|certificate| &certificate.summary)
    }

    /// The anchors with this subject and key. There are several if their name constraints differ.
    pub(crate) fn find(&self, subject: &[u8], key: &[u8]) -> Vec<&Anchor> {
        let same = |anchor: &&Anchor| anchor.subject == subject && anchor.key == key;
        self.list.iter().filter(same).collect()
    }

    /// The anchors with this subject.
    pub(crate) fn named<'a>(&'a self, subject: &'a [u8]) -> impl Iterator<Item = &'a Anchor> {
        self.list
            .iter()
            .filter(move |anchor| anchor.subject == subject)
    }
}

impl fmt::Debug for Anchors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subjects = self.certificates().map(|certificate| &certificate.subject);
        f.debug_list().entries(subjects).finish()
    }
}

impl Anchor {
    fn read(entry: usize, certificate: &CertificateDer<'_>) -> Result<Self, AnchorsError> {
        let malformed = |why: String| AnchorsError::Certificate { entry, why };
        let trust = webpki::anchor_from_trusted_cert(certificate)
            .map_err(|error| malformed(error.to_string()))?;
        let read = Certificate::read(certificate).map_err(|error| malformed(error.to_string()))?;
        if !read.is_authority {
            return Err(AnchorsError::NotAuthority {
                entry,
                subject: read.subject_text(),
            });
        }
        Ok(Self {
            trust: trust.to_owned(),
            subject: read.subject.to_vec(),
            key: read.key.to_vec(),
            weakness: strength::of_key(read.key).err(),
            signs_crls: read.key_usage.is_none_or(|usage| usage.crl_sign()),
            certificates: vec![AnchorCertificate {
                validity: read.validity,
                path_length: read.path_length,
                summary: read.summary(),
            }],
        })
    }

    /// The certificates of the anchor that permit a path with this number of certificates below it: the
    /// signing certificate, and those of authorities, which the path length constraint counts (RFC
    /// 5280 §4.2.1.9). RFC 5937 §3.2 applies it to anchors, too.
    pub(crate) fn permitting(&self, length: usize) -> impl Iterator<Item = &AnchorCertificate> {
        let authorities = u32::try_from(length.saturating_sub(1)).unwrap_or(u32::MAX);
        let permits = move |path_length| authorities <= path_length;
        let certificates = self.certificates.iter();
        certificates.filter(move |certificate| certificate.path_length.is_none_or(permits))
    }
}

pub(crate) fn is_pem(file: &[u8]) -> bool {
    let begin = b"-----BEGIN ";
    file.windows(begin.len()).any(|window| window == begin)
}

fn pem(file: &[u8]) -> Result<Vec<CertificateDer<'static>>, AnchorsError> {
    let mut certificates = Vec::new();
    for certificate in SliceIter::<CertificateDer<'_>>::new(file) {
        let malformed = |error: rustls_pki_types::pem::Error| AnchorsError::Pem {
            entry: certificates.len() + 1,
            why: error.to_string(),
        };
        certificates.push(certificate.map_err(malformed)?);
    }
    if certificates.is_empty() {
        return Err(AnchorsError::NoCertificate);
    }
    Ok(certificates)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::*;
    use crate::test_chain::{World, root};

    const DER: &[u8] = include_bytes!("../tests/chains/truid-test-root.der");
    const PEM: &[u8] = include_bytes!("../tests/chains/truid-test-root.pem");

    #[test]
    fn a_file_is_der_or_pem() {
        let text = [b"Issued by a test\r\n", PEM, b"\n# another one\n", PEM].concat();
        for file in [DER, PEM, &text] {
            let anchors = Anchors::read(file).unwrap();
            assert_eq!(anchors.certificates().count(), 1);
            assert!(!anchors.is_empty());
            let text = alloc::format!("{anchors:?}");
            assert_eq!(text, r#"["CN=TEST - Root CA v1,O=Truid AB - TEST,C=SE"]"#);
        }
    }

    #[test]
    fn generations_of_a_root_stand_beside_each_other() {
        let mut anchors = Anchors::read(root().der()).unwrap();
        anchors.add(root().der()).unwrap();
        anchors.add(PEM).unwrap();
        assert_eq!(anchors.certificates().count(), 3);
    }

    #[test]
    fn a_file_that_cannot_be_used_says_which_certificate_it_is() {
        let world = World::new();
        let mut mixed = PEM.to_vec();
        let broken = b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
        mixed.extend_from_slice(broken);
        let key = b"-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n";
        let cut = [PEM, &PEM[..200]].concat();
        for (file, part) in [
            (&b""[..], "has no certificate"),
            (key, "has no certificate"),
            (
                b"MIIB",
                "certificate 1 of the file of trust anchors cannot be read",
            ),
            (
                &DER[..100],
                "certificate 1 of the file of trust anchors cannot be read",
            ),
            (
                &mixed,
                "certificate 2 of the file of trust anchors cannot be read",
            ),
            (
                &cut,
                "certificate 2 of the file of trust anchors is not PEM",
            ),
            (
                &world.x5c[0],
                "CN=Leaf) is not the certificate of an authority",
            ),
        ] {
            let mut anchors = Anchors::new();
            let error = anchors.add(file).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
            assert!(anchors.is_empty());
        }
    }
}
