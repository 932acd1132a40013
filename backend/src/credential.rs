//! What a browser or an app shows to be known again: a cookie or a bearer token.
//!
//! It has two halves. The first names a row, the second is compared with what is stored
//! there, which is a hash: a stolen database opens no session.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use switchback_protocol::Secret;
use zeroize::{Zeroize as _, Zeroizing};

use crate::in_order;

const NAME: usize = 16;
const SECRET: usize = 32;
const LENGTH: usize = NAME + SECRET;

/// 128 bits that name a session (the second in which it was begun, and chance) and 256 that
/// open it, as 64 characters of base64url.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential(Zeroizing<[u8; LENGTH]>);

/// Names a session: the first half of its credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SessionName([u8; NAME]);

/// The second half, as it is stored: SHA-256.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hash([u8; 32]);

impl Credential {
    /// Fresh chance for a new session.
    pub(crate) fn new(chance: &[u8; LENGTH]) -> Self {
        Self(Zeroizing::new(*chance))
    }

    /// Another secret for the same session.
    pub(crate) fn again(name: SessionName, chance: &[u8; SECRET]) -> Self {
        let mut all = Zeroizing::new([0; LENGTH]);
        all[..NAME].copy_from_slice(&name.0);
        all[NAME..].copy_from_slice(chance);
        Self(all)
    }

    /// Reads what was shown. Whatever is no credential of ours opens nothing.
    pub fn read(text: &str) -> Option<Self> {
        // The decoder wants room for what the text could hold at most.
        let mut bytes = Zeroizing::new([0; LENGTH]);
        (text.len() == LENGTH / 3 * 4).then_some(())?;
        let read = URL_SAFE_NO_PAD.decode_slice(text, &mut *bytes).ok()?;
        (read == LENGTH).then_some(Self(bytes))
    }

    /// As it is shown.
    pub fn text(&self) -> Secret {
        let mut text = URL_SAFE_NO_PAD.encode(&self.0[..]);
        let secret = Secret::from(&*text);
        text.zeroize();
        secret
    }

    pub(crate) fn name(&self) -> SessionName {
        let mut name = [0; NAME];
        name.copy_from_slice(&self.0[..NAME]);
        SessionName(name)
    }

    pub(crate) fn hash(&self) -> Hash {
        Hash(Sha256::digest(&self.0[NAME..]).into())
    }
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

impl SessionName {
    /// As a row is named: by the second, and by a hash, so that whoever has read the database
    /// knows no name that could be shown.
    pub(crate) fn text(self) -> String {
        let hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(self.0)[..12]);
        in_order::id(&self.0, &hash)
    }
}

impl Hash {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether this is what is stored, in constant time.
    pub(crate) fn is(&self, stored: &[u8]) -> bool {
        self.0.ct_eq(stored).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chance() -> [u8; LENGTH] {
        std::array::from_fn(|n| u8::try_from(n).unwrap())
    }

    #[test]
    fn what_is_shown_is_read_and_nothing_else() {
        let credential = Credential::new(&chance());
        let shown = credential.text();
        assert_eq!(shown.expose().len(), 64);
        assert!(Credential::read(shown.expose()) == Some(credential.clone()));
        let longer = format!("{}A", shown.expose());
        let padded = format!("{}==", &shown.expose()[..62]);
        for other in [
            "",
            "x",
            &longer,
            &padded,
            &shown.expose()[..63],
            &"å".repeat(32),
        ] {
            assert!(Credential::read(other).is_none(), "{other}");
        }
        assert_eq!(format!("{credential:?}"), "[redacted]");
    }

    #[test]
    fn a_row_is_named_by_the_second_and_by_a_hash() {
        let name = |last: u8| {
            let mut name = [7; NAME];
            name[..4].copy_from_slice(&[0x6a, 0, 0, 0]);
            name[NAME - 1] = last;
            SessionName(name).text()
        };
        assert_eq!((&name(1)[..8], name(1).len()), ("6a000000", 24));
        assert_ne!(name(1), name(2));
    }

    #[test]
    fn another_secret_keeps_the_name() {
        let first = Credential::new(&chance());
        let second = Credential::again(first.name(), &[7; SECRET]);
        assert_eq!(first.name(), second.name());
        assert!(!first.hash().is(second.hash().bytes()));
        assert!(first.hash().is(first.hash().bytes()));
    }
}
