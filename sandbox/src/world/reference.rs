//! Every opaque string that the sandbox gives out (codes, tokens, request URIs, the ids of
//! waiting requests) is a reference to an entry of the world: what kind it is, which entry it belongs to, which one of
//! that entry's it is, and a tag that only this sandbox can make. So nothing is stored for
//! a token that was given out: one look-up by number finds its grant, an old generation
//! shows that it was used before, and the same seed gives the same references again.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What a reference is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// An authorization code.
    Code = 1,
    /// An access token.
    Access = 2,
    /// A refresh token.
    Refresh = 3,
    /// The end of a `request_uri`.
    Pushed = 4,
    /// The id of a waiting request.
    Waiting = 5,
}

impl Kind {
    /// As a description has it.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Kind::Code => "an authorization code",
            Kind::Access => "an access token",
            Kind::Refresh => "a refresh token",
            Kind::Pushed => "a request_uri",
            Kind::Waiting => "the id of a waiting request",
        }
    }
}

/// A reference that this sandbox gave out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) kind: Kind,
    /// The entry that it belongs to.
    pub(crate) entry: u64,
    /// Which one it is, counted from 0, where an entry has several.
    pub(crate) generation: u32,
}

/// Issues and reads references.
pub(crate) struct References {
    seed: [u8; 32],
}

const TAG: usize = 20;
const LENGTH: usize = 1 + 8 + 4 + TAG;

impl References {
    /// References that nobody can guess who does not know `seed`.
    pub(crate) fn new(seed: [u8; 32]) -> Self {
        References { seed }
    }

    /// The reference as it is given out: 44 characters base64url.
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

    /// The reference behind `text`, if this sandbox ever made it.
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

    /// The references in a text that may be more than one of them: frameworks join a parameter
    /// that came twice, with a comma or as a list.
    pub(crate) fn within(&self, text: &str) -> impl Iterator<Item = Reference> {
        let other = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        text.split(other).filter_map(|part| self.read(part))
    }

    /// What only the holder of the seed can compute. All that is hashed has one fixed
    /// length, so a plain hash with the seed in front is enough.
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
    fn what_was_written_is_read_and_nothing_else() {
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
