//! Reads a timestamp token: a CMS `SignedData` (RFC 5652 §5) with a `TSTInfo` (RFC 3161 §2.4.2).
//!
//! The reader borrows from the token, and does not parse certificates. It accepts sets in any order,
//! because many authorities do not sort them; everything else must be DER.

use alloc::vec::Vec;

use x509_cert::der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use x509_cert::der::{self, Decode as _, Reader as _, SliceReader, Tag, TagNumber, Tagged as _};
use x509_cert::spki::AlgorithmIdentifierRef;

use super::TimestampError;
use super::hash::{Hash, SHA_256, without_parameters};
use super::time::{self, Milliseconds};

/// The longest token that is read, in bytes. A token with a chain has 3 to 10 KiB.
pub(super) const MAX_TOKEN: usize = 128 << 10;
/// The most certificates in a token. A token has the signer's certificate, and at most its chain.
const MAX_CERTIFICATES: usize = 16;

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

type Read<T> = Result<T, TimestampError>;
/// A hash function, and the digest that it made.
type Digest<'a> = (Hash, &'a [u8]);

/// A timestamp token that was read, and not verified.
pub(super) struct Token<'a> {
    /// The DER of the `TSTInfo`.
    pub(super) content: &'a [u8],
    pub(super) info: Info<'a>,
    /// The certificates, DER, in the token's order.
    pub(super) certificates: Vec<&'a [u8]>,
    /// The revocation lists, DER.
    pub(super) crls: Vec<&'a [u8]>,
    pub(super) signer: Signer<'a>,
}

/// What the authority signs (`TSTInfo`).
pub(super) struct Info<'a> {
    pub(super) hash: Hash,
    pub(super) imprint: &'a [u8],
    /// The time, and by how much it can be wrong.
    pub(super) time: Milliseconds,
    pub(super) accuracy: Milliseconds,
    /// The DER value of the INTEGER.
    pub(super) nonce: Option<&'a [u8]>,
}

/// The signature of a token (`SignerInfo`).
pub(super) struct Signer<'a> {
    /// The issuer and the serial number of the signer's certificate, DER: of the issuer with tag and
    /// length, of the number without.
    pub(super) issuer_and_serial: Option<(&'a [u8], &'a [u8])>,
    pub(super) hash: Hash,
    /// The DER of the signed attributes, as they are signed: a `SET`.
    pub(super) signed: Vec<u8>,
    pub(super) message_digest: &'a [u8],
    /// The digest of the signer's certificate (RFC 5816).
    pub(super) certificate: Digest<'a>,
    pub(super) algorithm: AlgorithmIdentifierRef<'a>,
    pub(super) signature: &'a [u8],
}

impl<'a> Token<'a> {
    pub(super) fn read(token: &'a [u8]) -> Read<Self> {
        if token.len() > MAX_TOKEN {
            return Err(TimestampError::Malformed("it is longer than 128 KiB"));
        }
        let mut reader = SliceReader::new(token)?;
        let signed_data = reader.sequence(|content| {
            if ObjectIdentifier::decode(content)? != SIGNED_DATA {
                return Err(TimestampError::Malformed("it is not signed data"));
            }
            tagged(content, 0)?.ok_or(TimestampError::Malformed("it has no content"))
        })?;
        reader.finish()?;
        let mut reader = SliceReader::new(signed_data)?;
        let token = reader.sequence(Self::read_signed_data)?;
        reader.finish()?;
        Ok(token)
    }

    fn read_signed_data(data: &mut SliceReader<'a>) -> Read<Self> {
        // RFC 5652 §5.1: 3, or more if the token has certificates or lists of other kinds.
        if !matches!(u8::decode(data)?, 3..=5) {
            return Err(TimestampError::Malformed("the version of the signed data"));
        }
        set(data)?;
        let content = data.sequence(|content| {
            if ObjectIdentifier::decode(content)? != TST_INFO {
                return Err(TimestampError::Malformed("it is no timestamp"));
            }
            tagged(content, 0)?.ok_or(TimestampError::Malformed("its content is missing"))
        })?;
        let content = <&OctetStringRef>::from_der(content)?.as_bytes();
        let certificates = sequences(tagged(data, 0)?)?;
        let crls = sequences(tagged(data, 1)?)?;
        let mut signers = SliceReader::new(set(data)?)?;
        let signer = signers.sequence(Signer::read)?;
        if !signers.is_finished() {
            return Err(TimestampError::Malformed("it has more than one signer"));
        }
        let mut info = SliceReader::new(content)?;
        let read = info.sequence(Info::read)?;
        info.finish()?;
        Ok(Self {
            content,
            info: read,
            certificates,
            crls,
            signer,
        })
    }
}

impl<'a> Info<'a> {
    fn read(info: &mut SliceReader<'a>) -> Read<Self> {
        if u8::decode(info)? != 1 {
            return Err(TimestampError::Malformed("the version of the timestamp"));
        }
        // The policy of the authority. Which authorities are good enough, the anchors decide.
        info.decode::<ObjectIdentifier>()?;
        let (hash, imprint) = info.sequence(|imprint| {
            let hash = AlgorithmIdentifierRef::decode(imprint)?;
            let hash = Hash::from_algorithm(&hash).ok_or(TimestampError::Algorithm(
                "the digest of the signature is not SHA-256, SHA-384 or SHA-512",
            ))?;
            let imprint = <&OctetStringRef>::decode(imprint)?.as_bytes();
            Ok::<_, TimestampError>((hash, imprint))
        })?;
        // The serial number.
        integer(info)?;
        let time = time::general(info)?;
        let accuracy = match next_is(info, Tag::Sequence)? {
            true => info.sequence(time::accuracy)?,
            false => 0,
        };
        // Whether the authority orders its timestamps.
        if next_is(info, Tag::Boolean)? {
            bool::decode(info)?;
        }
        let nonce = match next_is(info, Tag::Integer)? {
            true => Some(integer(info)?),
            false => None,
        };
        // The name of the authority is a hint only: the signed attribute names the certificate.
        tagged(info, 0)?;
        if let Some(extensions) = tagged(info, 1)? {
            refuse_critical(extensions)?;
        }
        Ok(Self {
            hash,
            imprint,
            time,
            accuracy,
            nonce,
        })
    }
}

/// Refuses a critical extension: this reader knows none (RFC 3161 §2.4.1).
fn refuse_critical(extensions: &[u8]) -> Read<()> {
    let mut extensions = SliceReader::new(extensions)?;
    while !extensions.is_finished() {
        extensions.sequence(|extension| {
            extension.decode::<ObjectIdentifier>()?;
            let critical = next_is(extension, Tag::Boolean)? && bool::decode(extension)?;
            <&OctetStringRef>::decode(extension)?;
            match critical {
                true => Err(TimestampError::Malformed("it has a critical extension")),
                false => Ok(()),
            }
        })?;
    }
    Ok(())
}

impl<'a> Signer<'a> {
    fn read(signer: &mut SliceReader<'a>) -> Read<Self> {
        let version = u8::decode(signer)?;
        let identifier = AnyRef::decode(signer)?;
        let issuer_and_serial = match (version, identifier.tag()) {
            (1, Tag::Sequence) => Some(identifier.sequence(|identifier| {
                let issuer = identifier.tlv_bytes()?;
                Ok::<_, TimestampError>((issuer, integer(identifier)?))
            })?),
            // The subject key identifier is a hint only: the signed attribute names the certificate.
            (
                3,
                Tag::ContextSpecific {
                    number: TagNumber(0),
                    ..
                },
            ) => None,
            _ => return Err(TimestampError::Malformed("the version of its signer")),
        };
        let hash = AlgorithmIdentifierRef::decode(signer)?;
        let hash = Hash::from_algorithm(&hash).ok_or(TimestampError::Algorithm(
            "the digest of its content is not SHA-256, SHA-384 or SHA-512",
        ))?;
        let attributes = tagged_with_header(signer, 0)?;
        let (header, attributes) =
            attributes.ok_or(TimestampError::Malformed("it has no signed attributes"))?;
        let (message_digest, certificate) = read_attributes(attributes)?;
        let algorithm = AlgorithmIdentifierRef::decode(signer)?;
        if !without_parameters(&algorithm) {
            return Err(TimestampError::Algorithm("its signature has parameters"));
        }
        let signature = <&OctetStringRef>::decode(signer)?.as_bytes();
        tagged(signer, 1)?;
        // RFC 5652 §5.4: the signature covers the attributes with the tag of a SET.
        let mut signed = header.to_vec();
        if let Some(tag) = signed.first_mut() {
            *tag = 0x31;
        }
        signed.extend_from_slice(attributes);
        Ok(Self {
            issuer_and_serial,
            hash,
            signed,
            message_digest,
            certificate,
            algorithm,
            signature,
        })
    }
}

/// The message digest, and the digest of the signer's certificate, of the signed attributes
/// (RFC 5652 §11, RFC 5816 §2.2.1).
fn read_attributes(attributes: &[u8]) -> Read<(&[u8], Digest<'_>)> {
    let (mut content_type, mut message_digest, mut certificate) = (None, None, None);
    let mut reader = SliceReader::new(attributes)?;
    while !reader.is_finished() {
        reader.sequence(|attribute| {
            let kind = ObjectIdentifier::decode(attribute)?;
            let mut values = SliceReader::new(set(attribute)?)?;
            let doubled = match kind {
                CONTENT_TYPE => content_type
                    .replace(ObjectIdentifier::decode(&mut values)?)
                    .is_some(),
                MESSAGE_DIGEST => message_digest
                    .replace(<&OctetStringRef>::decode(&mut values)?.as_bytes())
                    .is_some(),
                SIGNING_CERTIFICATE_V2 => certificate
                    .replace(values.sequence(signing_certificate)?)
                    .is_some(),
                _ => return Ok(()),
            };
            match doubled || !values.is_finished() {
                true => Err(TimestampError::Malformed("a signed attribute occurs twice")),
                false => Ok(()),
            }
        })?;
    }
    if content_type != Some(TST_INFO) {
        return Err(TimestampError::Malformed(
            "its signed attribute `content-type` is missing, or is another",
        ));
    }
    let message_digest = message_digest.ok_or(TimestampError::Malformed(
        "its signed attribute `message-digest` is missing",
    ))?;
    // The older attribute `signing-certificate` has SHA-1.
    let certificate = certificate.ok_or(TimestampError::Malformed(
        "its signed attribute `signing-certificate-v2` (RFC 5816) is missing",
    ))?;
    Ok((message_digest, certificate))
}

/// The first certificate of `SigningCertificateV2`, which is the signer's (RFC 5035 §3).
fn signing_certificate<'a>(attribute: &mut SliceReader<'a>) -> Read<Digest<'a>> {
    let certificate = attribute.sequence(|certificates| {
        let first = certificates.sequence(|first| {
            let hash = match next_is(first, Tag::Sequence)? {
                true => AlgorithmIdentifierRef::decode(first)?,
                false => AlgorithmIdentifierRef {
                    oid: SHA_256,
                    parameters: None,
                },
            };
            let hash = Hash::from_algorithm(&hash).ok_or(TimestampError::Algorithm(
                "the digest of its certificate is not SHA-256, SHA-384 or SHA-512",
            ))?;
            let digest = <&OctetStringRef>::decode(first)?.as_bytes();
            // The issuer and the serial number add nothing to the digest of the certificate.
            rest(first)?;
            Ok::<_, TimestampError>((hash, digest))
        })?;
        rest(certificates)?;
        Ok::<_, TimestampError>(first)
    })?;
    rest(attribute)?;
    Ok(certificate)
}

/// Skips what follows.
fn rest(reader: &mut SliceReader<'_>) -> der::Result<()> {
    let length = reader.remaining_len();
    reader.read_slice(length).map(drop)
}

pub(super) fn next_is(reader: &SliceReader<'_>, tag: Tag) -> der::Result<bool> {
    Ok(!reader.is_finished() && Tag::peek(reader)? == tag)
}

/// The value of a SET.
fn set<'a>(reader: &mut SliceReader<'a>) -> der::Result<&'a [u8]> {
    let any = AnyRef::decode(reader)?;
    any.tag().assert_eq(Tag::Set)?;
    Ok(any.value())
}

/// The value of an INTEGER, of any length.
pub(super) fn integer<'a>(reader: &mut SliceReader<'a>) -> der::Result<&'a [u8]> {
    let any = AnyRef::decode(reader)?;
    any.tag().assert_eq(Tag::Integer)?;
    Ok(any.value())
}

/// The value with this context-specific, constructed tag, if it is the next one.
fn tagged<'a>(reader: &mut SliceReader<'a>, number: u32) -> der::Result<Option<&'a [u8]>> {
    Ok(tagged_with_header(reader, number)?.map(|(_, value)| value))
}

/// The same, with the bytes of the tag and the length.
fn tagged_with_header<'a>(
    reader: &mut SliceReader<'a>,
    number: u32,
) -> der::Result<Option<(&'a [u8], &'a [u8])>> {
    let tag = Tag::ContextSpecific {
        constructed: true,
        number: TagNumber(number),
    };
    if !next_is(reader, tag)? {
        return Ok(None);
    }
    let bytes = reader.tlv_bytes()?;
    let value = AnyRef::from_der(bytes)?.value();
    Ok(bytes
        .len()
        .checked_sub(value.len())
        .map(|header| (&bytes[..header], value)))
}

/// The sequences of a set, DER: certificates or revocation lists. Those of other kinds are skipped.
fn sequences(set: Option<&[u8]>) -> Read<Vec<&[u8]>> {
    let mut list = Vec::new();
    let mut reader = SliceReader::new(set.unwrap_or_default())?;
    while !reader.is_finished() {
        let is_sequence = next_is(&reader, Tag::Sequence)?;
        let bytes = reader.tlv_bytes()?;
        if is_sequence {
            list.push(bytes);
        }
        if list.len() > MAX_CERTIFICATES {
            return Err(TimestampError::Malformed(
                "it has more than 16 certificates or revocation lists",
            ));
        }
    }
    Ok(list)
}
