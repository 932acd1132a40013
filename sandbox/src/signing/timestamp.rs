//! The timestamp authority (RFC 3161): a signed statement that a digest existed at a time. The
//! answer is a CMS signed-data (RFC 5652).
//!
//! EN 319 422 profiles the answer: the certificate by its digest (ESSCertIDv2, RFC 5816), an
//! accuracy of a second, and no order.

use sha2::{Digest, Sha256};
use x509_cert::der::asn1::{Null, ObjectIdentifier, OctetStringRef};
use x509_cert::der::{Decode, Error, Reader, SliceReader, Tag};

use super::authorities::{Authorities, moment};
use super::der;
use crate::Misbehaviour;

/// The policy of the timestamps: that of OpenSSL's examples. The arc for examples is 2.999 (X.660),
/// but some libraries cannot read its second part.
const POLICY: &[u64] = &[1, 2, 3, 4, 1];

const SHA_256: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 2, 1];
const ECDSA_WITH_SHA_256: &[u64] = &[1, 2, 840, 10_045, 4, 3, 2];
const SIGNED_DATA: &[u64] = &[1, 2, 840, 113_549, 1, 7, 2];
const TST_INFO: &[u64] = &[1, 2, 840, 113_549, 1, 9, 16, 1, 4];
const CONTENT_TYPE: &[u64] = &[1, 2, 840, 113_549, 1, 9, 3];
const MESSAGE_DIGEST: &[u64] = &[1, 2, 840, 113_549, 1, 9, 4];
const SIGNING_CERTIFICATE_V2: &[u64] = &[1, 2, 840, 113_549, 1, 9, 16, 2, 47];

/// The digests that a request may have: the algorithm, and the length in bytes.
const DIGESTS: [(ObjectIdentifier, usize); 3] = [
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
    nonce: Option<&'a [u8]>,
    /// Whether the answer contains the certificate.
    with_certificate: bool,
}

impl<'a> Query<'a> {
    fn read(request: &'a [u8]) -> Result<Query<'a>, Failure> {
        let bad = |_: Error| Failure::BadDataFormat;
        let mut reader = SliceReader::new(request).map_err(bad)?;
        let query = reader.sequence(Query::fields);
        let query = query.map_err(bad)?;
        reader.finish().map_err(bad)?;
        query
    }

    /// The fields in their order. The inner error is the answer to a request that can be read.
    fn fields(reader: &mut SliceReader<'a>) -> Result<Result<Query<'a>, Failure>, Error> {
        let version: u8 = reader.decode()?;
        let imprint = reader.tlv_bytes()?;
        let policy = optional::<ObjectIdentifier>(reader, Tag::ObjectIdentifier)?;
        let nonce = match next(reader)? {
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
        if *length != digest.len() {
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
            nonce,
            with_certificate,
        }))
    }
}

/// The tag of the next field; `None` at the end.
fn next(reader: &SliceReader<'_>) -> Result<Option<Tag>, Error> {
    match reader.is_finished() {
        true => Ok(None),
        false => Tag::peek(reader).map(Some),
    }
}

/// A field that is there if its tag is the next one.
fn optional<'a, T: Decode<'a, Error = Error>>(
    reader: &mut SliceReader<'a>,
    tag: Tag,
) -> Result<Option<T>, Error> {
    match next(reader)? {
        Some(own) if own == tag => reader.decode().map(Some),
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
                let _: Null = reader.decode()?;
            }
            Ok::<_, Error>(algorithm)
        })?;
        let digest: &OctetStringRef = reader.decode()?;
        Ok((algorithm, digest.as_bytes()))
    })
}

/// A timestamp authority's answer (section 2.4.2), in DER.
///
/// `number` makes the serial number unique, and `now` is in seconds since 1970-01-01.
pub(super) fn answer(
    authorities: &Authorities,
    seed: &[u8; 32],
    number: u64,
    request: &[u8],
    now: i64,
    wrong: Option<Misbehaviour>,
) -> Vec<u8> {
    match Query::read(request) {
        Ok(query) => {
            let info = info(&query, &serial(seed, number), now, wrong);
            let granted = der::sequence(&[&der::unsigned(&[0])]);
            let token = signed_data(authorities, &info, query.with_certificate);
            der::sequence(&[&granted, &token])
        }
        Err(failure) => refusal(failure),
    }
}

/// The answer to a request that is refused.
fn refusal(failure: Failure) -> Vec<u8> {
    let bit = failure as usize;
    let mut bits = vec![0; bit / 8 + 2];
    // A bit string begins with the number of unused bits at its end.
    bits[0] = (7 - bit % 8) as u8;
    bits[bit / 8 + 1] = 0x80 >> (bit % 8);
    let rejection = der::unsigned(&[2]);
    let status = der::sequence(&[&rejection, &der::value(der::BIT_STRING, bits)]);
    der::sequence(&[&status])
}

/// The `TSTInfo`: what the authority states.
fn info(query: &Query<'_>, serial: &[u8], now: i64, wrong: Option<Misbehaviour>) -> Vec<u8> {
    let mut imprint = query.imprint.to_vec();
    if wrong == Some(Misbehaviour::TimestampWrongImprint)
        && let Some(last) = imprint.last_mut()
    {
        // The digest is the last part.
        *last ^= 1;
    }
    let time = moment(now);
    let (year, month, day) = (time.year(), u8::from(time.month()), time.day());
    let (hour, minute, second) = time.to_hms();
    let time = format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z");
    let accuracy = der::sequence(&[&der::unsigned(&[1])]);
    der::sequence(&[
        &der::unsigned(&[1]),
        &der::oid(POLICY),
        &imprint,
        &der::unsigned(serial),
        &der::value(der::GENERALIZED_TIME, time),
        &accuracy,
        query.nonce.unwrap_or_default(),
    ])
}

/// The signed statement as a CMS `ContentInfo` (RFC 5652 sections 3 and 5).
fn signed_data(authorities: &Authorities, info: &[u8], with_certificate: bool) -> Vec<u8> {
    let own = &authorities.timestamp;
    let serial = der::unsigned(&own.serial);
    let sha_256 = der::sequence(&[&der::oid(SHA_256)]);
    // A directoryName is a CHOICE, so its tag is explicit.
    let issuer = der::value(der::context_constructed(4), &own.issuer);
    let issuer_serial = der::sequence(&[&der::sequence(&[&issuer]), &serial]);
    // SHA-256 is the default of the algorithm, so it is left out.
    let thumbprint = der::value(der::OCTET_STRING, Sha256::digest(&own.certificate));
    let certificate = der::sequence(&[&thumbprint, &issuer_serial]);
    let certificates = der::sequence(&[&der::sequence(&[&certificate])]);
    let digest = der::value(der::OCTET_STRING, Sha256::digest(info));
    let attributes = vec![
        attribute(CONTENT_TYPE, &der::oid(TST_INFO)),
        attribute(MESSAGE_DIGEST, &digest),
        attribute(SIGNING_CERTIFICATE_V2, &certificates),
    ];
    // The signature is over the set with its own tag (RFC 5652 section 5.4).
    let attributes = der::set_of(attributes);
    let signature = own.key.sign_der(&attributes);
    let mut tagged = attributes;
    tagged[0] = der::context_constructed(0);
    let signer = der::sequence(&[
        &der::unsigned(&[1]),
        &der::sequence(&[&own.issuer, &serial]),
        &sha_256,
        &tagged,
        &der::sequence(&[&der::oid(ECDSA_WITH_SHA_256)]),
        &der::value(der::OCTET_STRING, signature),
    ]);
    let content = der::value(der::OCTET_STRING, info);
    let content = der::sequence(&[
        &der::oid(TST_INFO),
        &der::value(der::context_constructed(0), content),
    ]);
    let certificates = match with_certificate {
        true => {
            let root = &authorities.timestamp_root;
            let mut set = der::set_of(vec![own.certificate.clone(), root.certificate.clone()]);
            set[0] = der::context_constructed(0);
            set
        }
        false => Vec::new(),
    };
    let data = der::sequence(&[
        &der::unsigned(&[3]),
        &der::set_of(vec![sha_256]),
        &content,
        &certificates,
        &der::set_of(vec![signer]),
    ]);
    der::sequence(&[
        &der::oid(SIGNED_DATA),
        &der::value(der::context_constructed(0), data),
    ])
}

fn attribute(kind: &[u64], value: &[u8]) -> Vec<u8> {
    der::sequence(&[&der::oid(kind), &der::set_of(vec![value.to_vec()])])
}

/// A serial number that no other timestamp of this seed has.
fn serial(seed: &[u8; 32], number: u64) -> Vec<u8> {
    let digest = Sha256::new()
        .chain_update(b"switchback-sandbox timestamp\0")
        .chain_update(seed)
        .chain_update(number.to_be_bytes())
        .finalize();
    digest[..16].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A request for the imprint of 32 zeros.
    fn request(version: u8, algorithm: &[u64], rest: &[&[u8]]) -> Vec<u8> {
        let digest = der::value(der::OCTET_STRING, [0; 32]);
        let algorithm = der::sequence(&[&der::oid(algorithm), &[5, 0]]);
        let imprint = der::sequence(&[&algorithm, &digest]);
        let mut parts = vec![der::unsigned(&[version]), imprint];
        parts.extend(rest.iter().map(|part| part.to_vec()));
        der::value(der::SEQUENCE, parts.concat())
    }

    #[test]
    fn each_failure_has_its_bit() {
        let extension = der::value(der::context_constructed(0), [5, 0]);
        let other = der::oid(&[1, 2, 3]);
        for (request, failure) in [
            (vec![], Failure::BadDataFormat),
            (vec![0x30, 0x80], Failure::BadDataFormat),
            (request(2, SHA_256, &[]), Failure::BadDataFormat),
            (
                request(1, &[1, 3, 14, 3, 2, 26], &[]),
                Failure::BadAlgorithm,
            ),
            (
                request(1, &[2, 16, 840, 1, 101, 3, 4, 2, 3], &[]),
                Failure::BadDataFormat,
            ),
            (request(1, SHA_256, &[&other]), Failure::UnacceptedPolicy),
            (
                request(1, SHA_256, &[&extension]),
                Failure::UnacceptedExtension,
            ),
        ] {
            assert_eq!(Query::read(&request).err(), Some(failure), "{request:x?}");
        }
        let own = der::oid(POLICY);
        let nonce = der::unsigned(&[9]);
        let all = request(1, SHA_256, &[&own, &nonce, &[1, 1, 0xff]]);
        let query = Query::read(&all).ok().unwrap();
        assert_eq!(query.nonce, Some(&nonce[..]));
        assert!(query.with_certificate);
        assert_eq!(
            refusal(Failure::BadAlgorithm),
            [0x30, 9, 0x30, 7, 2, 1, 2, 3, 2, 7, 0x80]
        );
        let extension = refusal(Failure::UnacceptedExtension);
        assert_eq!(extension[7..], [3, 4, 7, 0, 0, 0x80]);
    }
}
