//! What a certificate may be used for (RFC 5280 §4.2.1.3, §4.2.1.9 and §4.2.1.12).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use x509_cert::der::Decode;
use x509_cert::der::asn1::ObjectIdentifier;

use super::label;
use crate::certificate::Certificate;

/// What the first certificate of a path is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Usage {
    /// It signs documents.
    Signing,
    /// It signs timestamps (RFC 3161 §2.3).
    Timestamping,
}

/// Checks each certificate of a path: the signing certificate first.
pub(super) fn check(path: &[Certificate<'_>], usage: Usage) -> Result<(), String> {
    for (index, certificate) in path.iter().enumerate() {
        let result = match index {
            0 => check_leaf(certificate, usage),
            _ => check_authority(certificate),
        };
        result
            .and_then(|()| check_purposes(certificate, usage, index == 0))
            .map_err(|why| format!("{} {why}.", label(path, index)))?;
    }
    Ok(())
}

/// ETSI EN 319 412-2 §4.3.2 demands the key usage in the certificate of a signer.
fn check_leaf(leaf: &Certificate<'_>, usage: Usage) -> Result<(), String> {
    if leaf.is_authority {
        return Err("is the certificate of an authority, which does not sign documents".into());
    }
    match (leaf.key_usage, usage) {
        (None, Usage::Timestamping) => Ok(()),
        (None, Usage::Signing) => Err("has no key usage".into()),
        (Some(usage), _) if usage.digital_signature() || usage.non_repudiation() => Ok(()),
        (Some(_), _) => Err(
            "may not sign: its key usage has neither digitalSignature nor nonRepudiation".into(),
        ),
    }
}

fn check_authority(certificate: &Certificate<'_>) -> Result<(), String> {
    if !certificate.is_authority {
        return Err("issued a certificate, and is not the certificate of an authority".into());
    }
    // RFC 5280 §6.1.4 (n): only if the extension is present.
    if certificate
        .key_usage
        .is_some_and(|usage| !usage.key_cert_sign())
    {
        return Err("may not issue certificates: its key usage has no keyCertSign".into());
    }
    Ok(())
}

const ANY_PURPOSE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");
const TIMESTAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
/// The purposes of a certificate that signs documents, if it names purposes.
const SIGNING: [ObjectIdentifier; 5] = [
    ANY_PURPOSE,
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36"), // RFC 9336
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4"),  // S/MIME
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.10.3.12"), // Microsoft's document signing
    ObjectIdentifier::new_unwrap("1.2.840.113583.1.1.5"), // Adobe's document signing
];

/// The extended key usage (RFC 5280 §4.2.1.12). A certificate without it may be used for each
/// purpose; only a timestamp authority must have it, critical and alone (RFC 3161 §2.3).
fn check_purposes(
    certificate: &Certificate<'_>,
    usage: Usage,
    is_leaf: bool,
) -> Result<(), String> {
    let Some((der, critical)) = certificate.extended_key_usage else {
        return match usage {
            Usage::Timestamping if is_leaf => Err("does not say that it signs timestamps".into()),
            _ => Ok(()),
        };
    };
    let unreadable = |_| String::from("has an extended key usage that cannot be read");
    let purposes = Vec::<ObjectIdentifier>::from_der(der).map_err(unreadable)?;
    let permitted = match usage {
        Usage::Signing => purposes.iter().any(|purpose| SIGNING.contains(purpose)),
        Usage::Timestamping if is_leaf => critical && purposes == [TIMESTAMPING],
        Usage::Timestamping => [TIMESTAMPING, ANY_PURPOSE]
            .iter()
            .any(|p| purposes.contains(p)),
    };
    match (permitted, usage) {
        (true, _) => Ok(()),
        (false, Usage::Signing) => {
            Err("is for other purposes than the signing of documents (extended key usage)".into())
        }
        (false, Usage::Timestamping) => {
            Err("is not for timestamps alone (extended key usage, critical: RFC 3161 §2.3)".into())
        }
    }
}
