//! The form of a signature: a JWS in the compact serialization (RFC 7515 §7.1) whose payload is
//! detached (appendix F), and the limits of its size.

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;

use switchback_jose::base64url;

use crate::header::Header;
use crate::{Serialization, Unsigned};

/// The longest compact serialization in bytes: a header, in base64url, and a signature value.
const MAX_COMPACT: usize = 256 * 1024;

/// The longest protected header in bytes of JSON.
pub(crate) const MAX_HEADER: usize = 64 * 1024;

/// A signature that was read, and not verified yet.
#[derive(Debug)]
pub(crate) struct Signature {
    /// The protected header as text: base64url. The signature value is computed over this text and
    /// a dot; the payload after the dot is empty.
    pub(crate) protected: String,
    /// The protected header.
    pub(crate) header: Header,
    /// The signature value.
    pub(crate) value: Vec<u8>,
    /// What was added after the signing. Only the JSON serialization has it.
    pub(crate) unsigned: Unsigned,
}

impl Signature {
    /// Reads a signature in one of its two serializations.
    pub(crate) fn read(signature: &[u8]) -> Result<Self, FormatError> {
        let serialization =
            Serialization::read(signature).map_err(|error| FormatError::new(error.to_string()))?;
        let read = Self::read_compact(serialization.compact())?;
        Ok(Self {
            unsigned: serialization.into_unsigned(),
            ..read
        })
    }

    /// Reads the compact serialization (RFC 7515 §7.1).
    fn read_compact(text: &str) -> Result<Self, FormatError> {
        if text.len() > MAX_COMPACT {
            return Err(FormatError::new(format!(
                "the signature has {} bytes; at most {MAX_COMPACT} are read",
                text.len()
            )));
        }
        let parts: Vec<&str> = text.split('.').take(4).collect();
        let [protected, payload, value] = parts[..] else {
            return Err(FormatError::new(
                "a compact signature has three parts with a dot between them, and this text has \
                 another number of parts",
            ));
        };
        if !payload.is_empty() {
            return Err(FormatError::new(
                "the signature has a payload; the payload of a detached signature is empty",
            ));
        }
        // Four characters are three bytes.
        if protected.len() / 4 * 3 > MAX_HEADER {
            return Err(FormatError::new(format!(
                "the protected header has more than {MAX_HEADER} bytes"
            )));
        }
        let json = decode("the protected header", protected)?;
        let header = Header::read(&json)?;
        Ok(Self {
            protected: protected.to_owned(),
            header,
            value: decode("the signature value", value)?,
            unsigned: Unsigned::default(),
        })
    }

    /// The bytes over which the signature value is computed: `ASCII(protected) || '.'`, and the
    /// empty payload (ETSI TS 119 182-1 §5.2.8.3.3).
    pub(crate) fn signing_input(&self) -> Vec<u8> {
        [self.protected.as_bytes(), b"."].concat()
    }

    /// The signature value as text. A timestamp is computed over this text (§5.3.4).
    pub(crate) fn value_text(&self) -> String {
        base64url::encode(&self.value)
    }
}

/// Decodes base64url without padding and without bits after the last byte, so that a signature has
/// one text only (RFC 7515 §2, RFC 4648 §3.5).
pub(crate) fn decode(what: &str, text: &str) -> Result<Vec<u8>, FormatError> {
    base64url::decode(text).map_err(|error| FormatError::new(format!("{what} is {error}")))
}

/// A signature does not have the form that the standard demands.
#[derive(Debug)]
pub(crate) struct FormatError(String);

impl FormatError {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// One sentence for the report.
    pub(crate) fn into_text(self) -> String {
        self.0
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(signature: &str) -> String {
        Signature::read(signature.as_bytes())
            .unwrap_err()
            .into_text()
    }

    #[test]
    fn a_compact_signature_has_three_parts_and_an_empty_payload() {
        let signature = Signature::read(b"e30..AA").unwrap();
        assert_eq!(signature.signing_input(), b"e30.");
        assert_eq!(signature.value, [0]);
        assert_eq!(signature.value_text(), "AA");
        assert!(refused("e30.AA").contains("three parts"));
        assert!(refused("e30...AA").contains("three parts"));
        assert!(refused(&".".repeat(MAX_HEADER)).contains("three parts"));
        assert!(refused("e30.e30.AA").contains("payload"));
    }

    #[test]
    fn base64url_is_strict() {
        for value in [
            "AA=", "AA==", "AB", "A", "A+AA", "A/AA", "AA\n", " AA", "A A",
        ] {
            assert!(
                refused(&format!("e30..{value}")).contains("signature value"),
                "{value:?}"
            );
        }
        assert!(refused("e30=..AA").contains("protected header"));
        assert!(refused("e31..AA").contains("protected header"));
    }

    #[test]
    fn the_size_is_limited() {
        let header = |length: usize| {
            let json = format!("{{\"a\":\"{}\"}}", "a".repeat(length - 8));
            format!("{}..AA", base64url::encode(json.as_bytes()))
        };
        assert!(Signature::read(header(MAX_HEADER).as_bytes()).is_ok());
        assert!(refused(&header(MAX_HEADER + 2)).contains("65536"));
    }
}
