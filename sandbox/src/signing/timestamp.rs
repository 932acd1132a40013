//! The timestamp authority (RFC 3161): a signed statement that a digest existed at a time. The
//! answer is a CMS signed-data (RFC 5652).
//!
//! EN 319 422 profiles the answer: the certificate by its digest (ESSCertIDv2, RFC 5816), an
//! accuracy of a second, and no order.

use sha2::{Digest, Sha256};
use x509_cert::der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef, UintRef};
use x509_cert::der::{Decode, Encode, Error, ErrorKind, Reader, SliceReader, Tag};

use super::authorities::{Authorities, moment};
use super::der;
use crate::Misbehaviour;

/// The policy of the timestamps: `2.999` is the arc for examples (X.660).
const POLICY: &[u64] = &[2, 999, 1];

const SHA_256: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 2, 1];
const ECDSA_WITH_SHA_256: &[u64] = &[1, 2, 840, 10_045, 4, 3, 2];
const SIGNED_DATA: &[u64] = &[1, 2, 840, 113_549, 1, 7, 2];
const TST_INFO: &[u64] = &[1, 2, 840, 113_549, 1, 9, 16, 1, 4];
const CONTENT_TYPE: &[u64] = &[1, 2, 840, 113_549, 1, 9, 3];
const MESSAGE_DIGEST: &[u64] = &[1, 2, 840, 113_549, 1, 9, 4];
const SIGNING_TIME: &[u64] = &[1, 2, 840, 113_549, 1, 9, 5];
const SIGNING_CERTIFICATE_V2: &[u64] = &[1, 2, 840, 113_549, 1, 9, 16, 2, 47];

/// The digests that a request may have: the algorithm, and the length in bytes.
const DIGESTS: [(ObjectIdentifier, u32); 3] = [
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1"), 32),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2"), 48),
    (ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3"), 64),
];

/// Why a request was refused (`PKIFailureInfo`, RFC 3161 section 2.4.2): the number of its bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    BadAlgorithm = 0,
    BadDataFormat = 5,
    UnacceptedPolicy = 15,
    UnacceptedExtension = 16,
}

/// A request (section 2.4.1).
struct Query<'a> {
    /// The imprint: the algorithm and the digest, in DER.
    imprint: &'a [u8],
    digest: &'a [u8],
    nonce: Option<&'a [u8]>,
    /// Whether the answer contains the certificate.
    with_certificate: bool,
}

impl<'a> Query<'a> {
    fn read(request: &'a [u8]) -> Result<Query<'a>, Failure> {
        let bad = |_: Error| Failure::BadDataFormat;
        let mut reader = SliceReader::new(request).map_err(bad)?;
        let query = reader.sequence(|reader| Query::fields(reader));
        let query = query.map_err(bad)?;
        reader.finish().map_err(bad)?;
        query
    }

    /// The fields in their order. The inner error is the answer to a request that can be read.
    fn fields(reader: &mut SliceReader<'a>) -> Result<Result<Query<'a>, Failure>, Error> {
        let version: u8 = reader.decode()?;
        let imprint = reader.tlv_bytes()?;
        let policy = optional::<ObjectIdentifier>(reader, Tag::ObjectIdentifier)?;
        let nonce = match reader.peek_tag_if_any()? {
            Some(Tag::Integer) => Some(reader.tlv_bytes()?),
            _ => None,
        };
        let with_certificate = optional::<bool>(reader, Tag::Boolean)?.unwrap_or_default();
        let extensions = !reader.is_finished();
        if extensions {
            reader.tlv_bytes()?;
        }
        let (algorithm, digest) = read_imprint(imprint)?;
        if version != 1 {
            return Ok(Err(Failure::BadDataFormat));
        }
        let known = DIGESTS.iter().find(|(own, _)| *own == algorithm);
        let Some((_, length)) = known else {
            return Ok(Err(Failure::BadAlgorithm));
        };
        if usize::try_from(*length) != Ok(digest.len()) {
            return Ok(Err(Failure::BadDataFormat));
        }
        let own = ObjectIdentifier::from_der(&der::oid(POLICY))?;
        if policy.is_some_and(|policy| policy != own) {
            return Ok(Err(Failure::UnacceptedPolicy));
        }
        if extensions {
            return Ok(Err(Failure::UnacceptedExtension));
        }
        Ok(Ok(Query {
            imprint,
            digest,
            nonce,
            with_certificate,
        }))
    }
}

/// A field that is there if its tag is the next one.
fn optional<'a, T: Decode<'a, Error = Error>>(
    reader: &mut SliceReader<'a>,
    tag: Tag,
) -> Result<Option<T>, Error> {
    match reader.peek_tag_if_any()? {
        Some(next) if next == tag => reader.decode().map(Some),
        _ => Ok(None),
    }
}

/// The algorithm and the digest of an imprint. The parameters of the algorithm are absent or null.
fn read_imprint(imprint: &[u8]) -> Result<(ObjectIdentifier, &[u8]), Error> {
    let mut reader = SliceReader::new(imprint)?;
    reader.sequence(|reader| {
        let algorithm = reader.sequence(|reader| {
            let algorithm: ObjectIdentifier = reader.decode()?;
            if !reader.is_finished() {
                AnyRef::NULL.eq(&reader.decode()?).then_some(()).ok_or_else(|| Error::from(ErrorKind::Failed))?;
            }
            Ok::<_, Error>(algorithm)
        })?;
        let digest: &OctetStringRef = reader.decode()?;
        Ok((algorithm, digest.as_bytes()))
    })
}
