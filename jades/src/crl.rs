//! A certificate revocation list (RFC 5280 §5).

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use once_cell::race::OnceBox;
use rustls_pki_types::pem::SliceIter;
use rustls_pki_types::{CertificateRevocationListDer, SignatureVerificationAlgorithm};
use webpki::{BorrowedCertRevocationList, BorrowedRevokedCert, CertRevocationList};
use x509_cert::der::asn1::AnyRef;
use x509_cert::der::{self, Decode, Reader, SliceReader};
use x509_cert::ext::pkix::crl::dp::IssuingDistributionPoint;
use x509_cert::time::Time;

use crate::anchors::is_pem;
use crate::certificate::{is_serial, seconds};
use crate::strength::{SignatureError, Signed};
use crate::{instant, name};

/// A certificate revocation list that an authority published (RFC 5280 §5).
///
/// Its signature is verified when a signature is verified, because that is when the authority's key
/// is known. The list and its clones remember the key, so a list that is kept is verified once.
///
/// Not supported: delta lists, indirect lists, lists of some reasons only, lists without
/// `nextUpdate`, and lists with an unknown critical extension. [`Crl::read`] refuses them.
#[derive(Clone)]
pub struct Crl {
    der: Vec<u8>,
    /// DER, with tag and length.
    issuer: Vec<u8>,
    this_update: i64,
    next_update: i64,
    /// The key (SubjectPublicKeyInfo, DER) with which the signature was verified.
    signer: Arc<OnceBox<Vec<u8>>>,
}

impl PartialEq for Crl {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Crl {}

/// A revocation list cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CrlError {
    /// There is no revocation list in the file.
    #[error(
        "the file has no revocation list: give one as DER, or as PEM (`-----BEGIN X509 CRL-----`)"
    )]
    NoList,
    /// There are several revocation lists in the file.
    #[error("the file has {count} revocation lists: give each in a file of its own")]
    SeveralLists {
        /// How many.
        count: usize,
    },
    /// The file is malformed PEM.
    #[error("the revocation list is not PEM: {why}; download it again")]
    Pem {
        /// The reason.
        why: String,
    },
    /// The list is malformed.
    #[error("the revocation list cannot be read: {why}; download it again")]
    Malformed {
        /// The reason.
        why: String,
    },
    /// The list is of a form that this crate does not support.
    #[error(
        "the revocation list is not supported: {why}; ask the authority for a complete list of \
         version 2"
    )]
    Unsupported {
        /// The reason.
        why: &'static str,
    },
}

impl Crl {
    /// Reads a revocation list: DER, or PEM.
    ///
    /// # Errors
    ///
    /// [`CrlError`] if the file is something else, or a list of a form that is not supported.
    pub fn read(file: &[u8]) -> Result<Self, CrlError> {
        if !is_pem(file) {
            return Self::from_der(file);
        }
        let lists = SliceIter::<CertificateRevocationListDer<'_>>::new(file);
        let malformed = |error: rustls_pki_types::pem::Error| CrlError::Pem {
            why: error.to_string(),
        };
        let lists = lists.collect::<Result<Vec<_>, _>>().map_err(malformed)?;
        match lists.as_slice() {
            [] => Err(CrlError::NoList),
            [list] => Self::from_der(list),
            lists => Err(CrlError::SeveralLists { count: lists.len() }),
        }
    }

    fn from_der(der: &[u8]) -> Result<Self, CrlError> {
        if der.is_empty() {
            return Err(CrlError::NoList);
        }
        let list = BorrowedCertRevocationList::from_der(der).map_err(refused)?;
        for entry in &list {
            if !is_serial(entry.map_err(refused)?.serial_number) {
                let why = "a serial number is not an INTEGER in its shortest form".into();
                return Err(CrlError::Malformed { why });
            }
        }
        let times = read_times(der).map_err(|error| CrlError::Malformed {
            why: error.to_string(),
        })?;
        let (issuer, this_update, next_update) = times;
        Ok(Self {
            der: der.to_vec(),
            issuer: issuer.to_vec(),
            this_update,
            next_update,
            signer: Arc::default(),
        })
    }

    /// The authority that published the list (RFC 4514).
    pub fn issuer(&self) -> String {
        name::text(&self.issuer)
    }

    /// When the authority published the list, in seconds since the epoch.
    pub const fn this_update(&self) -> i64 {
        self.this_update
    }

    /// When the authority publishes the next list at the latest, in seconds since the epoch. From
    /// then on this list is too old.
    pub const fn next_update(&self) -> i64 {
        self.next_update
    }

    /// The list as DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// DER, with tag and length.
    pub(crate) fn issuer_der(&self) -> &[u8] {
        &self.issuer
    }

    /// Verifies the signature with the authority's key (SubjectPublicKeyInfo, DER), once for this key.
    /// The algorithm must be one of the caller's each time.
    pub(crate) fn verify(
        &self,
        key: &[u8],
        algorithms: &[&dyn SignatureVerificationAlgorithm],
    ) -> Result<(), SignatureError> {
        // `Crl::read` has read these parts.
        let signed = Signed::read(&self.der).map_err(|_| SignatureError::Wrong)?;
        let (algorithm, point) = signed.algorithm(key, algorithms)?;
        if self.signer.get().is_some_and(|signer| signer == key) {
            return Ok(());
        }
        algorithm
            .verify_signature(point, signed.message, signed.signature)
            .map_err(|_| SignatureError::Wrong)?;
        // If there is a key already, it stays: this one is then verified each time.
        let _ = self.signer.set(Box::new(key.into()));
        Ok(())
    }

    fn list(&self) -> Option<CertRevocationList<'_>> {
        let list = BorrowedCertRevocationList::from_der(&self.der).ok()?;
        Some(list.into())
    }

    /// The scope of the list, if it is limited. `Err`: it cannot be read.
    pub(crate) fn scope(&self) -> Result<Option<IssuingDistributionPoint>, ()> {
        let list = self.list().ok_or(())?;
        let point = list.issuing_distribution_point();
        let point = point.map(IssuingDistributionPoint::from_der).transpose();
        point.map_err(|_| ())
    }

    /// Reads the entry of a certificate, if the list has one.
    pub(crate) fn find<T>(
        &self,
        serial: &[u8],
        read: impl FnOnce(&BorrowedRevokedCert<'_>) -> T,
    ) -> Option<T> {
        let list = self.list()?;
        let entry = list.find_serial(serial).ok()??;
        Some(read(&entry))
    }
}

impl fmt::Debug for Crl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Crl")
            .field("issuer", &self.issuer())
            .field("this_update", &instant::show(self.this_update))
            .field("next_update", &instant::show(self.next_update))
            .finish_non_exhaustive()
    }
}

/// Issuer, `thisUpdate` and `nextUpdate`: `rustls-webpki` does not show them.
fn read_times(der: &[u8]) -> der::Result<(&[u8], i64, i64)> {
    let message = Signed::read(der)?.message;
    let mut reader = SliceReader::new(message)?;
    reader.sequence(|list| {
        // The version and the algorithm.
        AnyRef::decode(list)?;
        AnyRef::decode(list)?;
        let issuer = list.tlv_bytes()?;
        let this_update = seconds(Time::decode(list)?);
        let next_update = seconds(Time::decode(list)?);
        // The entries can be many, and `rustls-webpki` has read them.
        let rest = list.remaining_len();
        list.read_slice(rest)?;
        Ok((issuer, this_update, next_update))
    })
}

fn refused(error: webpki::Error) -> CrlError {
    use webpki::Error;
    let why = match error {
        Error::UnsupportedCrlVersion => "it is not of version 2",
        Error::UnsupportedDeltaCrl => "it is a delta list",
        Error::UnsupportedIndirectCrl => "it is an indirect list",
        Error::UnsupportedRevocationReasonsPartitioning => "it covers only some reasons",
        Error::UnsupportedCriticalExtension => "it has an unknown critical extension",
        Error::UnsupportedRevocationReason => "it has an unknown reason",
        Error::UnsupportedCrlIssuingDistributionPoint => {
            "its issuing distribution point has no full name"
        }
        other => {
            return CrlError::Malformed {
                why: other.to_string(),
            };
        }
    };
    CrlError::Unsupported { why }
}

#[cfg(test)]
mod tests {
    use core::sync::atomic::{AtomicUsize, Ordering};

    use rcgen::{
        CertificateRevocationListParams, CrlDistributionPoint, CrlIssuingDistributionPoint,
        KeyIdMethod, PublicKeyData as _, SerialNumber,
    };
    use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, alg_id};

    use super::*;
    use crate::test_chain::{DAY, Issuer, NOW, at, root};

    fn list() -> Vec<u8> {
        signed_list(&root())
    }

    fn signed_list(issuer: &Issuer) -> Vec<u8> {
        let params = CertificateRevocationListParams {
            this_update: at(NOW),
            next_update: at(NOW + DAY),
            crl_number: SerialNumber::from(1_u64),
            issuing_distribution_point: Some(CrlIssuingDistributionPoint {
                distribution_point: CrlDistributionPoint {
                    uris: [String::from("http://ca.example/root.crl")].into(),
                },
                scope: None,
            }),
            revoked_certs: Vec::new(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        params.signed_by(issuer).unwrap().der().to_vec()
    }

    fn pem(der: &[u8]) -> Vec<u8> {
        use base64::Engine as _;
        let text = base64::engine::general_purpose::STANDARD.encode(der);
        let (begin, end) = ("-----BEGIN X509 CRL-----", "-----END X509 CRL-----");
        alloc::format!("{begin}\n{text}\n{end}\n").into_bytes()
    }

    #[test]
    fn a_file_is_der_or_pem() {
        let der = list();
        for file in [&der, &pem(&der)] {
            let list = Crl::read(file).unwrap();
            assert_eq!(list.issuer(), "CN=Root");
            assert_eq!((list.this_update(), list.next_update()), (NOW, NOW + DAY));
            assert_eq!(list.der(), der);
            assert_eq!(
                alloc::format!("{list:?}"),
                "Crl { issuer: \"CN=Root\", this_update: \"2027-01-15T08:00:00Z\", \
                 next_update: \"2027-01-16T08:00:00Z\", .. }"
            );
        }
    }

    /// Replaces the only place that has `old`.
    fn replaced(der: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
        let start = der.windows(old.len()).position(|part| part == old);
        let start = start.expect("the list has these bytes");
        [&der[..start], new, &der[start + old.len()..]].concat()
    }

    #[test]
    fn a_list_that_cannot_be_used_says_why() {
        let der = list();
        let two = [pem(&der), pem(&der)].concat();
        // The object identifier of the issuing distribution point becomes another one.
        let scope = [6, 3, 0x55, 0x1d, 28];
        let delta = replaced(&der, &scope, &[6, 3, 0x55, 0x1d, 27]);
        let unknown = replaced(&der, &scope, &[6, 3, 0x55, 0x1d, 99]);
        let version = replaced(&der, &[2, 1, 1, 0x30], &[2, 1, 0, 0x30]);
        for (file, part) in [
            (&b""[..], "has no revocation list"),
            (
                b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
                "has no revocation list",
            ),
            (&two, "has 2 revocation lists"),
            (
                b"-----BEGIN X509 CRL-----\n!\n-----END X509 CRL-----\n",
                "is not PEM",
            ),
            (&der[..der.len() - 1], "cannot be read"),
            (b"<html>", "cannot be read"),
            (&delta, "delta list"),
            (&unknown, "unknown critical extension"),
            (&version, "not of version 2"),
        ] {
            let error = Crl::read(file).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }

    /// Counts its verifications.
    #[derive(Debug, Default)]
    struct Counting(AtomicUsize);

    impl SignatureVerificationAlgorithm for Counting {
        fn verify_signature(
            &self,
            key: &[u8],
            message: &[u8],
            signature: &[u8],
        ) -> Result<(), InvalidSignature> {
            self.0.fetch_add(1, Ordering::Relaxed);
            webpki::ring::ECDSA_P256_SHA256.verify_signature(key, message, signature)
        }

        fn public_key_alg_id(&self) -> AlgorithmIdentifier {
            alg_id::ECDSA_P256
        }

        fn signature_alg_id(&self) -> AlgorithmIdentifier {
            alg_id::ECDSA_SHA256
        }
    }

    #[test]
    fn a_list_is_verified_once_with_the_key_of_its_issuer() {
        let (issuer, other) = (root(), root());
        let der = signed_list(&issuer);
        let list = Crl::read(&der).unwrap();
        let kept = list.clone();
        let counting = Counting::default();
        let verify = |list: &Crl, issuer: &Issuer| {
            list.verify(&issuer.key().subject_public_key_info(), &[&counting])
        };
        for _ in 0..2 {
            assert_eq!(verify(&list, &other), Err(SignatureError::Wrong));
        }
        assert_eq!(counting.0.load(Ordering::Relaxed), 2);
        for list in [&list, &kept, &list] {
            assert_eq!(verify(list, &issuer), Ok(()));
        }
        assert_eq!(counting.0.load(Ordering::Relaxed), 3);
        assert_eq!(verify(&kept, &other), Err(SignatureError::Wrong));
        let key = issuer.key().subject_public_key_info();
        assert_eq!(list.verify(&key, &[]), Err(SignatureError::Unsupported));
        assert_eq!(verify(&Crl::read(&der).unwrap(), &issuer), Ok(()));
        assert_eq!(counting.0.load(Ordering::Relaxed), 5);
    }

    #[test]
    fn no_change_of_a_byte_makes_the_reader_panic() {
        let der = list();
        for position in 0..der.len() {
            for bit in 0..8 {
                let mut changed = der.clone();
                changed[position] ^= 1 << bit;
                if let Ok(list) = Crl::read(&changed) {
                    let _ = (list.issuer(), list.scope(), list.find(&[1], |_| ()));
                }
            }
        }
    }
}
