//! A certificate revocation list (RFC 5280 §5).

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use rustls_pki_types::CertificateRevocationListDer;
use rustls_pki_types::pem::SliceIter;
use webpki::{BorrowedCertRevocationList, BorrowedRevokedCert, CertRevocationList};
use x509_cert::der::asn1::AnyRef;
use x509_cert::der::{self, Decode, Reader, SliceReader};
use x509_cert::ext::pkix::crl::dp::IssuingDistributionPoint;
use x509_cert::time::Time;

use crate::anchors::is_pem;
use crate::certificate::seconds;
use crate::strength::Signed;
use crate::{instant, name};

/// A certificate revocation list that an authority published (RFC 5280 §5).
///
/// Its signature is verified when a signature is verified, because that is when the authority's key
/// is known.
///
/// Not supported: delta lists, indirect lists, lists of some reasons only, lists without
/// `nextUpdate`, and lists with an unknown critical extension. [`Crl::read`] refuses them.
#[derive(Clone, PartialEq, Eq)]
pub struct Crl {
    der: Vec<u8>,
    /// DER, with tag and length.
    issuer: Vec<u8>,
    this_update: i64,
    next_update: i64,
}

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
            entry.map_err(refused)?;
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

    pub(crate) fn signed(&self) -> der::Result<Signed<'_>> {
        Signed::read(&self.der)
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
