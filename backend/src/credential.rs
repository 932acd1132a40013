//! The cookie or bearer token of this service.
//!
//! A credential has two parts. The first part names a session row. The second part is a secret, of
//! which the row holds only a hash: a stolen database opens no session.
//!
//! The cookie of a browser that has logged in has a third part: the credential that the browser
//! had before its first login. The service recognizes by it the logins that the browser began in
//! other tabs; the third part opens no session. The hash covers the third part too, so that
//! another one cannot take its place.

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

/// A credential: 128 bits that name a session (the second of its start, and random bits), and 256
/// secret bits, as 64 characters of base64url. In a browser that has logged in, the credential
/// from before the first login follows: 128 characters in all.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential(Zeroizing<Vec<u8>>);

/// The first part of a credential, which names a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SessionName([u8; NAME_BYTES]);

/// SHA-256 of everything behind the name, as the row stores it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hash([u8; Self::LENGTH]);

impl Credential {
    /// A credential for a new session, from new random bytes.
    pub(crate) fn new(random: &[u8; LENGTH]) -> Self {
        Self(Zeroizing::new(random.to_vec()))
    }

    /// Another secret for the same session.
    pub(crate) fn with_new_secret(name: SessionName, random: &[u8; SECRET_BYTES]) -> Self {
        Self(Zeroizing::new([&name.0[..], random].concat()))
    }

    /// This credential for a browser that presented another one when it logged in.
    pub(crate) fn in_browser(&self, presented: &Self) -> Self {
        Self(Zeroizing::new(
            [&self.0[..LENGTH], presented.initiator_part()].concat(),
        ))
    }

    /// The credential of the browser before its first login.
    fn initiator_part(&self) -> &[u8] {
        &self.0[self.0.len() - LENGTH..]
    }

    /// The credential by which the logins of this browser or app are recognized. It is the same
    /// before and after one of these logins is completed.
    pub(crate) fn initiator(&self) -> Self {
        Self(Zeroizing::new(self.initiator_part().to_vec()))
    }

    /// Whether a completed login in a browser set this credential.
    pub(crate) fn is_of_browser(&self) -> bool {
        self.0.len() > LENGTH
    }

    /// Reads a credential. `None`: the text does not have the format of a credential.
    pub fn read(text: impl AsRef<[u8]>) -> Option<Self> {
        let text = text.as_ref();
        let length = text.len() / 4 * 3;
        let is_one = matches!(length, LENGTH | BROWSER_LENGTH) && text.len() % 4 == 0;
        // The decoder needs a buffer for the longest value that the text can hold.
        let mut bytes = Zeroizing::new(vec![0; is_one.then_some(length)?]);
        let read = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        (read == length).then_some(Self(bytes))
    }

    /// The credential as text, for a cookie or a bearer token.
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

    /// The second part, which is compared with the stored hash.
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
    /// The second in which the session began.
    pub(crate) fn second(self) -> i64 {
        time_ordered::second(&self.0).into()
    }

    /// The id of the row: the second, and a hash of the name. A reader of the database does not
    /// learn the name.
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

    /// Compares with a stored hash in constant time.
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
        let second = Credential::with_new_secret(first.name(), &[7; SECRET_BYTES]);
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
        // With the third part of another browser, the credential opens nothing.
        let mixed = second.in_browser(&Credential::new(&[4; LENGTH]));
        assert_eq!(mixed.name(), second.name());
        assert!(!mixed.hash().is(second.hash().bytes()));
    }
}
