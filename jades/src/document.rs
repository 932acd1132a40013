//! The signed document: its digest, and what the caller expects of it.

use alloc::string::String;
use core::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// The bytes over which the digest is computed (ETSI TS 119 182-1 §5.2.8.3.3, RFC 7797).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DigestInput {
    /// The document itself: the header `b64` is false.
    #[default]
    Document,
    /// The base64url text of the document, without padding: the header `b64` is true or missing.
    Base64url,
}

/// The SHA-256 digest of a document.
///
/// ```
/// use switchback_jades::{DigestInput, DocumentDigest, DocumentHasher};
///
/// let mut hasher = DocumentHasher::new(DigestInput::Document);
/// hasher.update(b"a long ");
/// hasher.update(b"document");
/// assert_eq!(hasher.finish(), DocumentDigest::of(b"a long document"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DocumentDigest {
    bytes: [u8; 32],
    input: DigestInput,
}

impl DocumentDigest {
    /// The digest of a document that is in memory.
    pub fn of(document: &[u8]) -> Self {
        let mut hasher = DocumentHasher::new(DigestInput::Document);
        hasher.update(document);
        hasher.finish()
    }

    /// A digest that the caller has computed with SHA-256.
    pub const fn from_bytes(bytes: [u8; 32], input: DigestInput) -> Self {
        Self { bytes, input }
    }

    /// A digest as text: base64url without padding, as in `sigD.hashV`. `None` if the text is
    /// something else.
    pub fn from_base64url(text: &str, input: DigestInput) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let bytes = bytes.try_into().ok()?;
        Some(Self { bytes, input })
    }

    /// The 32 bytes.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// Over which bytes the digest was computed.
    pub const fn input(&self) -> DigestInput {
        self.input
    }

    /// The digest as text: base64url without padding.
    pub fn base64url(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes)
    }
}

impl fmt::Debug for DocumentDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DocumentDigest({}, {:?})", self.base64url(), self.input)
    }
}

/// Computes the digest of a document that arrives in parts, in constant memory.
pub struct DocumentHasher {
    hasher: Sha256,
    input: DigestInput,
    /// Up to two bytes that do not fill a group of base64url yet.
    rest: [u8; 2],
    rest_length: usize,
}

impl DocumentHasher {
    /// Starts a digest.
    pub fn new(input: DigestInput) -> Self {
        Self {
            hasher: Sha256::new(),
            input,
            rest: [0; 2],
            rest_length: 0,
        }
    }

    /// Adds the next bytes of the document.
    pub fn update(&mut self, bytes: &[u8]) {
        match self.input {
            DigestInput::Document => self.hasher.update(bytes),
            DigestInput::Base64url => self.update_base64url(bytes),
        }
    }

    fn update_base64url(&mut self, mut bytes: &[u8]) {
        let mut text = [0; 4096];
        if self.rest_length > 0 {
            let missing = 3 - self.rest_length;
            let Some((first, others)) = bytes.split_at_checked(missing) else {
                self.keep(bytes);
                return;
            };
            let mut group = [0; 3];
            group[..self.rest_length].copy_from_slice(&self.rest[..self.rest_length]);
            group[self.rest_length..].copy_from_slice(first);
            self.rest_length = 0;
            self.encode(&group, &mut text);
            bytes = others;
        }
        // 3 bytes become 4 characters, so a chunk fills `text` exactly.
        for chunk in bytes.chunks(3072) {
            let (groups, rest) = chunk.split_at(chunk.len() / 3 * 3);
            self.encode(groups, &mut text);
            self.keep(rest);
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        self.rest[self.rest_length..][..bytes.len()].copy_from_slice(bytes);
        self.rest_length += bytes.len();
    }

    fn encode(&mut self, bytes: &[u8], text: &mut [u8; 4096]) {
        let length = URL_SAFE_NO_PAD.encode_slice(bytes, text.as_mut_slice());
        let text = length.ok().and_then(|length| text.get(..length));
        self.hasher.update(text.unwrap_or_default());
    }

    /// The digest of all bytes.
    pub fn finish(mut self) -> DocumentDigest {
        let (rest, length) = (self.rest, self.rest_length);
        self.encode(&rest[..length], &mut [0; 4096]);
        DocumentDigest {
            bytes: self.hasher.finalize().into(),
            input: self.input,
        }
    }
}

/// What the caller knows about the document. The report compares the signature with it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Expected<'a> {
    /// The document's digest. Without it, the report is INDETERMINATE / SIGNED_DATA_NOT_FOUND at
    /// best.
    pub document: Option<DocumentDigest>,
    /// The document's id (a URI) that the caller asked to be signed. `None`: any id.
    pub id: Option<&'a str>,
    /// The document's content type that the caller asked to be signed. `None`: any.
    pub content_type: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn the_base64url_digest_does_not_depend_on_the_parts() {
        let document: Vec<u8> = (0..10_000_u32).map(|n| n as u8).collect();
        let text = URL_SAFE_NO_PAD.encode(&document);
        let whole = DocumentDigest::of(text.as_bytes());
        for part in [1, 2, 3, 4, 5, 7, 3072, 3073, 10_000] {
            let mut hasher = DocumentHasher::new(DigestInput::Base64url);
            document.chunks(part).for_each(|bytes| hasher.update(bytes));
            assert_eq!(hasher.finish().bytes(), whole.bytes(), "parts of {part}");
        }
    }

    #[test]
    fn the_text_form_is_32_bytes_of_base64url() {
        let digest = DocumentDigest::of(b"");
        let read = |text: &str| DocumentDigest::from_base64url(text, DigestInput::Document);
        assert_eq!(read(&digest.base64url()), Some(digest));
        for wrong in ["", "AA", "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU="] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
