//! One X.509 certificate (RFC 5280 §4), as far as `rustls-webpki` does not show it: key usage,
//! validity, key and algorithms. The reader borrows and allocates nothing.

use alloc::string::String;

use rustls_pki_types::CertificateDer;
use x509_cert::der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use x509_cert::der::{self, Decode, Reader, SliceReader, Tag, TagNumber};
use x509_cert::ext::pkix::KeyUsage;
use x509_cert::spki::AlgorithmIdentifierRef;
use x509_cert::time::Time;

use crate::CertificateSummary;
use crate::name;

const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
const CRL_DISTRIBUTION_POINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.31");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");

/// A certificate whose parts borrow from its DER form.
pub(crate) struct Certificate<'a> {
    pub(crate) der: &'a [u8],
    pub(crate) serial: &'a [u8],
    /// The algorithm with which the issuer signed the certificate.
    pub(crate) signature_algorithm: AlgorithmIdentifierRef<'a>,
    /// DER, with tag and length.
    pub(crate) issuer: &'a [u8],
    /// DER, with tag and length.
    pub(crate) subject: &'a [u8],
    pub(crate) validity: Validity,
    /// DER, with tag and length.
    pub(crate) key: &'a [u8],
    pub(crate) key_usage: Option<KeyUsage>,
    /// The basic constraints say that this is the certificate of an authority.
    pub(crate) is_authority: bool,
    /// How many authorities may be below it in a path.
    pub(crate) path_length: Option<u32>,
    /// DER of the extension's value.
    pub(crate) distribution_points: Option<&'a [u8]>,
    /// DER of the extension's value, and whether it is critical.
    pub(crate) extended_key_usage: Option<(&'a [u8], bool)>,
}

/// A period, both ends included, in seconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Validity {
    pub(crate) not_before: i64,
    pub(crate) not_after: i64,
}

impl Validity {
    pub(crate) const fn contains(self, time: i64) -> bool {
        self.not_before <= time && time <= self.not_after
    }
}

impl<'a> Certificate<'a> {
    pub(crate) fn read(certificate: &'a CertificateDer<'_>) -> der::Result<Self> {
        let der = certificate.as_ref();
        let mut reader = SliceReader::new(der)?;
        let certificate = reader.sequence(|outer| {
            let certificate = outer.sequence(|tbs| Self::read_tbs(der, tbs))?;
            AlgorithmIdentifierRef::decode(outer)?;
            outer.tlv_bytes()?;
            Ok::<_, der::Error>(certificate)
        })?;
        reader.finish()?;
        Ok(certificate)
    }

    fn read_tbs(der: &'a [u8], tbs: &mut SliceReader<'a>) -> der::Result<Self> {
        // `rustls-webpki` demands version 3.
        context_specific(tbs, 0)?;
        let serial = AnyRef::decode(tbs)?.value();
        if !is_serial(serial) {
            return Err(Tag::Integer.value_error().into());
        }
        let signature_algorithm = AlgorithmIdentifierRef::decode(tbs)?;
        let issuer = tbs.tlv_bytes()?;
        name::check(issuer)?;
        let validity = tbs.sequence(|validity| {
            Ok::<_, der::Error>(Validity {
                not_before: seconds(Time::decode(validity)?),
                not_after: seconds(Time::decode(validity)?),
            })
        })?;
        let subject = tbs.tlv_bytes()?;
        name::check(subject)?;
        let key = tbs.tlv_bytes()?;
        let mut certificate = Self {
            der,
            serial,
            signature_algorithm,
            issuer,
            subject,
            validity,
            key,
            key_usage: None,
            is_authority: false,
            path_length: None,
            distribution_points: None,
            extended_key_usage: None,
        };
        if let Some(extensions) = context_specific(tbs, 3)? {
            let mut reader = SliceReader::new(extensions)?;
            reader.sequence(|extensions| {
                while !extensions.is_finished() {
                    extensions.sequence(|extension| certificate.read_extension(extension))?;
                }
                Ok::<_, der::Error>(())
            })?;
            reader.finish()?;
        }
        Ok(certificate)
    }

    // `rustls-webpki` refuses doubled extensions.
    fn read_extension(&mut self, extension: &mut SliceReader<'a>) -> der::Result<()> {
        let id = ObjectIdentifier::decode(extension)?;
        let critical = Option::<bool>::decode(extension)?.unwrap_or_default();
        let value = <&OctetStringRef>::decode(extension)?.as_bytes();
        match id {
            KEY_USAGE => self.key_usage = Some(KeyUsage::from_der(value)?),
            BASIC_CONSTRAINTS => {
                SliceReader::new(value)?.sequence(|constraints| {
                    let authority = Option::<bool>::decode(constraints)?;
                    self.is_authority = authority.unwrap_or_default();
                    self.path_length = Option::<u32>::decode(constraints)?;
                    Ok::<_, der::Error>(())
                })?;
            }
            CRL_DISTRIBUTION_POINTS => self.distribution_points = Some(value),
            EXTENDED_KEY_USAGE => self.extended_key_usage = Some((value, critical)),
            _ => {}
        }
        Ok(())
    }

    /// What a report says about this certificate.
    pub(crate) fn summary(&self) -> CertificateSummary {
        let (subject, attributes) = name::text_and_attributes(self.subject);
        CertificateSummary {
            // A root names itself.
            issuer: match self.issuer == self.subject {
                true => subject.clone(),
                false => name::text(self.issuer),
            },
            subject,
            serial: name::hex(self.serial),
            not_before: self.validity.not_before,
            not_after: self.validity.not_after,
            sha256: name::hex(&sha256(self.der)),
            attributes,
        }
    }

    /// The subject, for a sentence.
    pub(crate) fn subject_text(&self) -> String {
        name::text(self.subject)
    }
}

/// Whether these are the bytes of a serial number: an INTEGER in its shortest form, of at most 20 bytes
/// and one for the sign (RFC 5280 §4.1.2.2). A number has one form only, so a list cannot miss it.
pub(crate) fn is_serial(bytes: &[u8]) -> bool {
    match bytes {
        [] | [0, 0..=0x7f, ..] | [0xff, 0x80..=0xff, ..] => false,
        bytes => bytes.len() <= 21,
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).into()
}

/// The value with this context-specific, constructed tag, if it is the next one.
fn context_specific<'a>(
    reader: &mut SliceReader<'a>,
    number: u32,
) -> der::Result<Option<&'a [u8]>> {
    let tag = Tag::ContextSpecific {
        constructed: true,
        number: TagNumber(number),
    };
    if reader.is_finished() || Tag::peek(reader)? != tag {
        return Ok(None);
    }
    Ok(Some(AnyRef::decode(reader)?.value()))
}

pub(crate) fn seconds(time: Time) -> i64 {
    // A `Time` ends in the year 9999.
    i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::is_serial;

    #[test]
    fn a_serial_number_has_one_form() {
        for right in [&[0][..], &[1], &[0, 0x80], &[0xff, 0x7f], &[0x80], &[1; 21]] {
            assert!(is_serial(right), "{right:x?}");
        }
        for wrong in [&[][..], &[0, 0], &[0, 1], &[0xff, 0x80], &[1; 22]] {
            assert!(!is_serial(wrong), "{wrong:x?}");
        }
    }
}
