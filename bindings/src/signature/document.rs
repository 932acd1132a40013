//! The document: its digest, and the request to sign it.

use std::sync::Mutex;

use switchback_jades as jades;
use switchback_protocol::signature;

use crate::error::SwitchbackError;
use crate::lock::unpoisoned;
use crate::shows::shows;

/// The SHA-256 digest of a document.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct DocumentDigest {
    /// The 32 bytes.
    pub sha256: Vec<u8>,
    /// Whether the digest is of the base64url text of the document, without padding (the header
    /// `b64` is true), and not of the document itself.
    #[uniffi(default = false)]
    pub base64url: bool,
}

impl TryFrom<DocumentDigest> for jades::DocumentDigest {
    type Error = SwitchbackError;

    fn try_from(digest: DocumentDigest) -> Result<Self, SwitchbackError> {
        let length = digest.sha256.len();
        let bytes = digest.sha256.try_into();
        let bytes = bytes.map_err(|_| SwitchbackError::Configuration {
            what: format!("a SHA-256 digest has 32 bytes, and this one has {length}"),
        })?;
        Ok(Self::from_bytes(bytes, input(digest.base64url)))
    }
}

impl From<jades::DocumentDigest> for DocumentDigest {
    fn from(digest: jades::DocumentDigest) -> Self {
        Self {
            sha256: digest.bytes().to_vec(),
            base64url: digest.input() == jades::DigestInput::Base64url,
        }
    }
}

fn input(base64url: bool) -> jades::DigestInput {
    match base64url {
        true => jades::DigestInput::Base64url,
        false => jades::DigestInput::Document,
    }
}

/// Computes the digest of a document that arrives in parts, in constant memory.
#[derive(uniffi::Object)]
pub struct DocumentHasher {
    hasher: Mutex<jades::DocumentHasher>,
    base64url: bool,
}

#[uniffi::export]
impl DocumentHasher {
    /// Starts a digest: of the base64url text of the document if `base64url` is true.
    #[uniffi::constructor]
    pub fn new(base64url: bool) -> Self {
        let hasher = jades::DocumentHasher::new(input(base64url));
        Self {
            hasher: Mutex::new(hasher),
            base64url,
        }
    }

    /// Adds the next bytes of the document.
    pub fn update(&self, bytes: &[u8]) {
        unpoisoned(&self.hasher).update(bytes);
    }

    /// The digest of all bytes. The hasher begins again.
    pub fn finish(&self) -> DocumentDigest {
        let next = jades::DocumentHasher::new(input(self.base64url));
        let hasher = std::mem::replace(&mut *unpoisoned(&self.hasher), next);
        hasher.finish().into()
    }
}

/// What a person is asked to sign. The document stays in the app: the provider gets its id and its
/// digest.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct SignRequest {
    /// The document's id: a URI, preferably one that locates the document. On one line, without
    /// control characters.
    pub id: String,
    /// The document's digest.
    pub digest: DocumentDigest,
    /// The text that the identity app shows to the person, in the person's language. On one line,
    /// without control characters.
    pub user_message: String,
    /// The document's media type, `application/pdf` for example. On one line, without control
    /// characters.
    #[uniffi(default = None)]
    pub content_type: Option<String>,
}

// The id and the message may be personal data.
shows!(SignRequest, |this| format!(
    "SignRequest(content_type={:?})",
    this.content_type
));

impl TryFrom<SignRequest> for signature::SignRequest {
    type Error = SwitchbackError;

    fn try_from(request: SignRequest) -> Result<Self, SwitchbackError> {
        let digest = request.digest.try_into()?;
        let mut core = Self::new(request.id, digest, request.user_message);
        core.content_type = request.content_type;
        Ok(core)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_has_32_bytes() {
        let digest = |length| DocumentDigest {
            sha256: vec![7; length],
            base64url: true,
        };
        let core = jades::DocumentDigest::try_from(digest(32)).expect("a digest");
        assert_eq!(DocumentDigest::from(core), digest(32));
        for wrong in [0, 31, 33, 64] {
            let error = jades::DocumentDigest::try_from(digest(wrong)).expect_err("no digest");
            assert!(error.to_string().contains("has 32 bytes"), "{error}");
        }
    }

    #[test]
    fn a_hasher_begins_again() {
        let hasher = DocumentHasher::new(false);
        for document in [&b"one"[..], b"two"] {
            hasher.update(document);
            let expected = jades::DocumentDigest::of(document).into();
            assert_eq!(hasher.finish(), expected);
        }
        hasher.update(b"one");
        assert_ne!(DocumentHasher::new(true).finish(), hasher.finish());
    }
}
