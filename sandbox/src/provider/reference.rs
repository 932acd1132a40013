//! The opaque strings that the sandbox issues: codes, tokens, request URIs, the ids of pending
//! requests. Each is a reference: its kind, the number of an entry, a generation, and a tag that
//! only this sandbox can compute. So the sandbox stores no tokens: the number finds the grant, an
//! old generation shows that the token was used before, and the same seed gives the same
//! references.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The kind of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// An authorization code.
    Code = 1,
    /// An access token.
    Access = 2,
    /// A refresh token.
    Refresh = 3,
    /// The last part of a `request_uri`.
    Pushed = 4,
    /// The id of a pending request.
    Waiting = 5,
}

impl Kind {
    /// The kind as text, for a description.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Kind::Code => "an authorization code",
            Kind::Access => "an access token",
            Kind::Refresh => "a refresh token",
            Kind::Pushed => "a request_uri",
            Kind::Waiting => "the id of a pending request",
        }
    }
}

/// A reference that this sandbox issued.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) kind: Kind,
    /// The number of the entry.
    pub(crate) entry: u64,
    /// The generation, counted from 0: an entry can have several references of a kind.
    pub(crate) generation: u32,
}

/// Issues and reads references.
pub(crate) struct References {
    seed: [u8; 32],
}

const TAG: usize = 20;
const LENGTH: usize = 1 + 8 + 4 + TAG;

impl References {
    /// References that can be computed only with `seed`.
    pub(crate) fn new(seed: [u8; 32]) -> Self {
        References { seed }
    }

    /// The seed of the references.
    pub(crate) fn seed(&self) -> [u8; 32] {
        self.seed
    }

    /// The text of a reference: 44 characters in base64url.
    pub(crate) fn issue(&self, kind: Kind, entry: u64, generation: u32) -> String {
        let reference = Reference {
            kind,
            entry,
            generation,
        };
        let mut bytes = [0; LENGTH];
        bytes[0] = kind as u8;
        bytes[1..9].copy_from_slice(&entry.to_be_bytes());
        bytes[9..13].copy_from_slice(&generation.to_be_bytes());
        bytes[13..].copy_from_slice(&self.tag(reference));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The reference in `text`, if this sandbox issued it.
    pub(crate) fn read(&self, text: &str) -> Option<Reference> {
        let mut bytes = [0; LENGTH];
        if URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) != Ok(LENGTH) {
            return None;
        }
        let kind = match bytes[0] {
            1 => Kind::Code,
            2 => Kind::Access,
            3 => Kind::Refresh,
            4 => Kind::Pushed,
            5 => Kind::Waiting,
            _ => return None,
        };
        let reference = Reference {
            kind,
            entry: u64::from_be_bytes(bytes[1..9].try_into().ok()?),
            generation: u32::from_be_bytes(bytes[9..13].try_into().ok()?),
        };
        let good: bool = self.tag(reference).ct_eq(&bytes[13..]).into();
        good.then_some(reference)
    }

    /// All references in a text: frameworks join a repeated parameter with a comma or as a list.
    pub(crate) fn within(&self, text: &str) -> impl Iterator<Item = Reference> {
        let other = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        text.split(other).filter_map(|part| self.read(part))
    }

    /// The tag, which can be computed only with the seed. The hashed data has a fixed length, so a
    /// plain hash with the seed in front is enough.
    fn tag(&self, reference: Reference) -> [u8; TAG] {
        let digest = Sha256::new()
            .chain_update(self.seed)
            .chain_update([reference.kind as u8])
            .chain_update(reference.entry.to_be_bytes())
            .chain_update(reference.generation.to_be_bytes())
            .finalize();
        let mut tag = [0; TAG];
        tag.copy_from_slice(&digest[..TAG]);
        tag
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_issued_references_are_read() {
        let references = References::new([7; 32]);
        for kind in [
            Kind::Code,
            Kind::Access,
            Kind::Refresh,
            Kind::Pushed,
            Kind::Waiting,
        ] {
            let text = references.issue(kind, 42, 3);
            assert_eq!(text.len(), 44);
            let reference = references.read(&text).unwrap();
            assert!(
                reference
                    == Reference {
                        kind,
                        entry: 42,
                        generation: 3
                    }
            );
            assert!(References::new([8; 32]).read(&text).is_none());
            for index in 0..text.len() {
                let mut other = text.clone().into_bytes();
                other[index] = if other[index] == b'A' { b'B' } else { b'A' };
                assert!(
                    references
                        .read(&String::from_utf8(other).unwrap())
                        .is_none()
                );
            }
            assert!(references.read(&text[1..]).is_none());
            assert!(references.read(&format!("{text}A")).is_none());
        }
        let (one, other) = (
            references.issue(Kind::Code, 42, 0),
            references.issue(Kind::Code, 42, 1),
        );
        for (text, count) in [
            (format!("{one},{other}"), 2),
            (format!("{one}, {other}"), 2),
            (format!("[\"{one}\",\"{other}\"]"), 2),
            (format!("urn:x:{one}"), 1),
            (format!("{one}{other}"), 0),
        ] {
            assert_eq!(references.within(&text).count(), count, "{text}");
        }
        assert!(references.read("").is_none());
        assert!(references.read(&"A".repeat(44)).is_none());
    }
}
