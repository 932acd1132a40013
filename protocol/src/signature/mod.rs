//! Signing: what a person is asked to sign, the parameters that ask for it, and whether the signature
//! is the one that was asked for.
//!
//! A provider's own names of the parameters are in its
//! [`SigningFacts`](crate::provider::SigningFacts).
//!
//! Before you change this: a started signing stores its [`SignRequest`], and the signature is later
//! compared with it.

mod fetch;
mod verify;

use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Serialize};
use switchback_jades::{DigestInput, DocumentDigest, Expected};

pub use fetch::{Signature, signature_request};
pub use verify::{Asked, Signed, verify};

/// What a person is asked to sign.
///
/// The document stays with the caller: the provider gets its id and its digest.
///
/// ```
/// use switchback_jades::DocumentDigest;
/// use switchback_protocol::signature::SignRequest;
///
/// let contract = b"%PDF-1.7 ...";
/// let request = SignRequest::new(
///     "https://example.com/docs/contract-17.pdf",
///     DocumentDigest::of(contract),
///     "I sign the rental contract no. 17",
/// )
/// .with_content_type("application/pdf");
/// assert_eq!(request.digest(), DocumentDigest::of(contract));
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignRequest {
    /// The document's id: a URI, preferably one that locates the document. On one line, without
    /// control characters.
    pub id: String,
    /// The document's digest.
    #[serde(with = "stored_digest")]
    digest: DocumentDigest,
    /// The document's media type, `application/pdf` for example. On one line, without control
    /// characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// The text that the identity app shows to the person, in the person's language. On one line,
    /// without control characters.
    pub user_message: String,
}

impl SignRequest {
    /// Asks for the signature of the document with this id and digest. The identity app shows the
    /// message.
    ///
    /// Write each text on one line, without control characters: [`text_with_control_character`]
    /// names one that is not, and a login with it cannot begin.
    ///
    /// [`text_with_control_character`]: Self::text_with_control_character
    pub fn new(
        id: impl Into<String>,
        digest: DocumentDigest,
        user_message: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            digest,
            content_type: None,
            user_message: user_message.into(),
        }
    }

    /// Names the document's media type.
    pub fn with_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// The document's digest.
    pub fn digest(&self) -> DocumentDigest {
        self.digest
    }

    /// The name of a text that has a control character, for example a line break: `id`,
    /// `content type` or `user message`. `None`: a login can begin. No parameter of an authorization
    /// request may have such a character (RFC 6749 appendix A).
    pub fn text_with_control_character(&self) -> Option<&'static str> {
        let content_type = self.content_type.as_deref().unwrap_or_default();
        let texts = [
            ("id", &*self.id),
            ("content type", content_type),
            ("user message", &self.user_message),
        ];
        let found = texts
            .into_iter()
            .find(|(_, text)| text.contains(char::is_control));
        found.map(|(name, _)| name)
    }

    /// What [`verify`] compares the signature with.
    pub fn asked(&self) -> Asked<'_> {
        Asked {
            document: Expected {
                document: Some(self.digest),
                id: Some(&self.id),
                content_type: self.content_type.as_deref(),
            },
            user_message: Some(&self.user_message),
        }
    }
}

impl fmt::Debug for SignRequest {
    /// Without the message and the id, which may be personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignRequest")
            .field("digest", &self.digest)
            .field("content_type", &self.content_type)
            .finish_non_exhaustive()
    }
}

/// The stored form of a digest: `{"sha256": "…", "b64": true}`.
mod stored_digest {
    use super::*;
    use serde::de::Error as _;
    use serde::{Deserializer, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Stored {
        sha256: String,
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        b64: bool,
    }

    pub(super) fn serialize<S: Serializer>(
        digest: &DocumentDigest,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let stored = Stored {
            sha256: digest.base64url(),
            b64: digest.input() == DigestInput::Base64url,
        };
        stored.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<DocumentDigest, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        let input = match stored.b64 {
            true => DigestInput::Base64url,
            false => DigestInput::Document,
        };
        DocumentDigest::from_base64url(&stored.sha256, input)
            .ok_or_else(|| D::Error::custom("`sha256` is not the base64url of 32 bytes"))
    }
}
