//! What a browser or an app shows to be known again: a cookie or a bearer token.
//!
//! It has two parts. The first names a row, the second is compared with what is stored there,
//! which is a hash: a stolen database opens no session.
//!
//! The cookie of a browser that logged in has a third part: what the browser was known by
//! before its first login. It opens nothing. The logins that the browser began in other tabs
//! are known by it. It is under the same hash as the second part, so that nobody puts another in
//! its place.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use switchback_protocol::Secret;
use zeroize::{Zeroize as _, Zeroizing};

use crate::time_ordered;

const NAME_BYTES: usize = 16;
const SECRET_BYTES: usize = 32;
const LENGTH: usize = NAME_BYTES + SECRET_BYTES;
const BROWSER_LENGTH: usize = 2 * LENGTH;

/// 128 bits that name a session (the second in which it was begun, and random bits) and 256 that
/// open it, as 64 characters of base64url; or these and what the browser was known by before, as
/// 128.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential(Zeroizing<Vec<u8>>);

/// Names a session: the first part of its credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SessionName([u8; NAME_BYTES]);

/// What follows the name, as it is stored: SHA-256.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hash([u8; Self::LENGTH]);

impl Credential {
    /// Fresh random for a new session.
    pub(crate) fn new(random: &[u8; LENGTH]) -> Self {
        Self(Zeroizing::new(random.to_vec()))
    }

    /// Another secret for the same session.
    pub(crate) fn again(name: SessionName, random: &[u8; SECRET_BYTES]) -> Self {
        Self(Zeroizing::new([&name.0[..], random].concat()))
    }

    /// The same for a browser that showed this when it logged in.
    pub(crate) fn in_browser(&self, presented: &Self) -> Self {
        Self(Zeroizing::new(
            [&self.0[..LENGTH], presented.browser()].concat(),
        ))
    }

    /// What the browser was known by before it logged in, where it did.
    fn browser(&self) -> &[u8] {
        &self.0[self.0.len() - LENGTH..]
    }

    /// Whoever begins logins with this: the same before and after one of them is completed.
    pub(crate) fn initiator(&self) -> Self {
        Self(Zeroizing::new(self.browser().to_vec()))
    }

    /// Whether it came from a login that was completed in a browser.
    pub(crate) fn is_of_browser(&self) -> bool {
        self.0.len() > LENGTH
    }

    /// Reads what was presented. Whatever is no credential of ours opens nothing.
    pub fn read(text: impl AsRef<[u8]>) -> Option<Self> {
        let text = text.as_ref();
        let length = text.len() / 4 * 3;
        let is_one = matches!(length, LENGTH | BROWSER_LENGTH) && text.len() % 4 == 0;
        // The decoder wants room for what the text could hold at most.
        let mut bytes = Zeroizing::new(vec![0; is_one.then_some(length)?]);
        let read = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        (read == length).then_some(Self(bytes))
    }

    /// As it is presented.
    pub fn text(&self) -> Secret {
        let mut text = URL_SAFE_NO_PAD.encode(&self.0[..]);
        let secret = Secret::from(&*text);
        text.zeroize();
        secret
    }

    pub(crate) fn name(&self) -> SessionName {
        let mut name = [0; NAME_BYTES];
        name.copy_from_slice(&self.0[..NAME_BYTES]);
        SessionName(name)
    }

    /// What opens it, without what the browser was known by before.
    pub(crate) fn secret(&self) -> &[u8] {
        &self.0[NAME_BYTES..LENGTH]
    }

    pub(crate) fn hash(&self) -> Hash {
        Hash(Sha256::digest(&self.0[NAME_BYTES..]).into())
    }
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

impl SessionName {
    /// The second in which the session was begun.
    pub(crate) fn second(self) -> i64 {
        time_ordered::second(&self.0).into()
    }

    /// As a row is named: by the second, and by a hash, so that whoever has read the database
    /// knows no name that could be presented.
    pub(crate) fn text(self) -> String {
        let hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(self.0)[..12]);
        time_ordered::id(&self.0, &hash)
    }
}

impl Hash {
    pub(crate) const LENGTH: usize = 32;

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

    fn random() -> [u8; LENGTH] {
        std::array::from_fn(|n| u8::try_from(n).unwrap())
    }

    #[test]
    fn only_well_formed_credentials_are_read() {
        let credential = Credential::new(&random());
        let in_browser = credential.in_browser(&Credential::new(&[7; LENGTH]));
        let presented = credential.text();
        assert_eq!(presented.expose().len(), 64);
        assert_eq!(in_browser.text().expose().len(), 128);
        for one in [&credential, &in_browser] {
            assert!(Credential::read(one.text().expose()) == Some(one.clone()));
        }
        let longer = format!("{}A", presented.expose());
        let padded = format!("{}==", &presented.expose()[..62]);
        for other in [
            "",
            "x",
            &longer,
            &padded,
            &presented.expose()[..63],
            &"A".repeat(96),
            &"A".repeat(127),
            &"A".repeat(129),
            &"A".repeat(192),
            &"å".repeat(32),
            &"å".repeat(64),
        ] {
            assert!(Credential::read(other).is_none(), "{other}");
        }
        assert_eq!(format!("{credential:?}"), "[redacted]");
    }

    #[test]
    fn a_session_row_id_is_the_second_and_a_hash() {
        let name = |last: u8| {
            let mut name = [7; NAME_BYTES];
            name[..4].copy_from_slice(&[0x6a, 0, 0, 0]);
            name[NAME_BYTES - 1] = last;
            SessionName(name).text()
        };
        assert_eq!((&name(1)[..8], name(1).len()), ("6a000000", 24));
        assert_ne!(name(1), name(2));
    }

    #[test]
    fn a_new_secret_keeps_the_session_name() {
        let first = Credential::new(&random());
        let second = Credential::again(first.name(), &[7; SECRET_BYTES]);
        assert_eq!(first.name(), second.name());
        assert!(!first.hash().is(second.hash().bytes()));
        assert!(first.hash().is(first.hash().bytes()));
    }

    #[test]
    fn a_browsers_initiator_part_survives_new_sessions() {
        let before = Credential::new(&[1; LENGTH]);
        let first = Credential::new(&[2; LENGTH]).in_browser(&before);
        let second = Credential::new(&[3; LENGTH]).in_browser(&first);
        for one in [&before, &first, &second] {
            assert!(one.initiator() == before);
        }
        assert!(!before.is_of_browser() && first.is_of_browser() && second.is_of_browser());
        assert!(second.name() == Credential::new(&[3; LENGTH]).name());
        // With another browser's part it opens nothing.
        let mixed = second.in_browser(&Credential::new(&[4; LENGTH]));
        assert_eq!(mixed.name(), second.name());
        assert!(!mixed.hash().is(second.hash().bytes()));
    }
}
