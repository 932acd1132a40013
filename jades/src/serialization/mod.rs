//! The two forms of a signature in a file: the compact serialization, and the JSON serialization
//! with one signature (RFC 7515 §7).
//!
//! Only the JSON serialization has room for what is added after the signing: the unprotected header
//! `etsiU` (ETSI TS 119 182-1 §5.3.1). Nothing in this header is signed, so a verifier believes
//! none of it: a timestamp, a certificate and a revocation list each have a signature of their own.
//!
//! Before you change this: the text of the signature value is what a timestamp covers (§5.3.4), so it
//! stays unchanged, character by character.

mod unsigned;

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use serde_json::{Map, Value};
use switchback_jose::json::read_object;

use unsigned::Component;
pub use unsigned::Unsigned;

/// The longest signature that is read, in bytes: 4 MiB. Revocation lists need most of it.
pub const MAX_SIGNATURE: usize = 4 << 20;

/// A signature, and what was added to it after the signing.
///
/// ```
/// use switchback_jades::Serialization;
///
/// // A person signed; a timestamp authority answered with `token`.
/// # let (compact, token) = ("eyJ4IjoxfQ..c2lnbmF0dXJl", b"DER");
/// let mut signature = Serialization::read(compact.as_bytes())?;
/// signature.add_timestamp(token);
/// let json = signature.to_json();
///
/// // Later.
/// let signature = Serialization::read(json.as_bytes())?;
/// assert_eq!(signature.compact(), compact);
/// assert_eq!(signature.unsigned().timestamps, [token]);
/// # Ok::<(), switchback_jades::SerializationError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Serialization {
    compact: String,
    is_json: bool,
    components: Vec<Component>,
    unsigned: Unsigned,
}

/// Why a signature cannot be read from its serialization.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SerializationError {
    /// The signature is longer than [`MAX_SIGNATURE`].
    #[error("the signature is longer than 4 MiB")]
    TooLong,
    /// The bytes are not UTF-8.
    #[error("the signature is not text: byte {0} is not UTF-8")]
    NotText(usize),
    /// The text begins like JSON, and is not strict JSON: for example, a member occurs twice.
    #[error("the JSON serialization {0}")]
    Json(String),
    /// A part is missing, or has another form.
    #[error("the JSON serialization is malformed: {0}")]
    Malformed(&'static str),
}

impl Serialization {
    /// Reads a signature in either serialization. The parts of a compact serialization are not
    /// judged here: [`verify`](crate::verify()) reports them.
    ///
    /// # Errors
    /// [`SerializationError`]: the text is neither of the two.
    pub fn read(signature: &[u8]) -> Result<Self, SerializationError> {
        if signature.len() > MAX_SIGNATURE {
            return Err(SerializationError::TooLong);
        }
        let text = core::str::from_utf8(signature)
            .map_err(|error| SerializationError::NotText(error.valid_up_to()))?;
        if !text.trim_ascii_start().starts_with('{') {
            return Ok(Self {
                compact: text.into(),
                is_json: false,
                components: Vec::new(),
                unsigned: Unsigned::default(),
            });
        }
        let mut document =
            read_object(signature).map_err(|error| SerializationError::Json(error.to_string()))?;
        let payload = match document.remove("payload") {
            None => String::new(),
            Some(payload) => part(Some(payload), "`payload` is not base64url")?,
        };
        let mut signature = the_signature(document)?;
        let protected = part(
            signature.remove("protected"),
            "`protected` is missing, or is not base64url",
        )?;
        let value = part(
            signature.remove("signature"),
            "`signature` is missing, or is not base64url",
        )?;
        let components = unsigned::components(signature.remove("header"))?;
        Ok(Self {
            compact: format!("{protected}.{payload}.{value}"),
            is_json: true,
            unsigned: Unsigned::read(&components)?,
            components,
        })
    }

    /// The compact serialization (RFC 7515 §7.1): what the person signed, without what was added
    /// later.
    pub fn compact(&self) -> &str {
        &self.compact
    }

    /// Whether the signature was read from the JSON serialization.
    pub const fn is_json(&self) -> bool {
        self.is_json
    }

    /// What was added after the signing.
    pub const fn unsigned(&self) -> &Unsigned {
        &self.unsigned
    }

    pub(crate) fn into_unsigned(self) -> Unsigned {
        self.unsigned
    }

    /// The text of the signature value: base64url. A timestamp covers it (§5.3.4).
    pub(crate) fn signature_text(&self) -> &str {
        let text = self.compact.trim_ascii();
        text.rsplit_once('.').map_or("", |(_, value)| value)
    }

    /// Adds a timestamp of the signature value (`sigTst`): the DER of an RFC 3161 token.
    pub fn add_timestamp(&mut self, token: &[u8]) {
        unsigned::add_timestamp(&mut self.components, token);
        self.unsigned.timestamps.push(token.into());
    }

    /// Adds a certificate (`xVals`), DER, unless it is there already.
    pub fn add_certificate(&mut self, certificate: &[u8]) {
        if !self.unsigned.certificates.iter().any(|c| c == certificate) {
            unsigned::add_certificate(&mut self.components, certificate);
            self.unsigned.certificates.push(certificate.into());
        }
    }

    /// Adds a certificate revocation list (`rVals`), DER, unless it is there already.
    pub fn add_crl(&mut self, crl: &[u8]) {
        if !self.unsigned.crls.iter().any(|c| c == crl) {
            unsigned::add_crl(&mut self.components, crl);
            self.unsigned.crls.push(crl.into());
        }
    }

    /// The flattened JSON serialization (RFC 7515 §7.2.2). A detached signature has no `payload`
    /// (appendix F).
    pub fn to_json(&self) -> String {
        let mut parts = self.compact.trim_ascii().splitn(3, '.');
        let mut next = || parts.next().unwrap_or_default();
        let (protected, payload, signature) = (next(), next(), next());
        let mut document = Map::new();
        if !payload.is_empty() {
            document.insert("payload".into(), payload.into());
        }
        document.insert("protected".into(), protected.into());
        if !self.components.is_empty() {
            let header = unsigned::header(&self.components);
            document.insert("header".into(), header);
        }
        document.insert("signature".into(), signature.into());
        Value::Object(document).to_string()
    }
}

/// The only signature of a document: its flattened members, or the only entry of `signatures`.
fn the_signature(
    mut document: Map<String, Value>,
) -> Result<Map<String, Value>, SerializationError> {
    let Some(signatures) = document.remove("signatures") else {
        return Ok(document);
    };
    // RFC 7515 §7.2.2: the flattened form has no `signatures`.
    let both = ["protected", "signature", "header"];
    if both.iter().any(|name| document.contains_key(*name)) {
        return Err(SerializationError::Malformed(
            "it has `signatures` and also the members of the flattened form",
        ));
    }
    match signatures {
        Value::Array(mut signatures) if signatures.len() == 1 => match signatures.pop() {
            Some(Value::Object(signature)) => Ok(signature),
            _ => Err(SerializationError::Malformed(
                "the entry of `signatures` is not an object",
            )),
        },
        _ => Err(SerializationError::Malformed(
            "`signatures` must be an array with exactly one signature",
        )),
    }
}

/// A part of the compact serialization: characters of base64url, so that no part can end early.
fn part(value: Option<Value>, problem: &'static str) -> Result<String, SerializationError> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    match value {
        Some(Value::String(text)) if text.bytes().all(allowed) => Ok(text),
        _ => Err(SerializationError::Malformed(problem)),
    }
}

#[cfg(test)]
mod tests;
