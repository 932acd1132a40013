//! What is secret in the database is sealed: XChaCha20-Poly1305, with the name of its row
//! and of its key as associated data. A row that was moved or copied opens nothing, and a
//! database that was stolen without the key holds no token.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

const NONCE: usize = 24;

/// The keys that seal what is stored. The first one seals, all of them open: a new key is
/// put before the old ones, and an old one is taken away when nothing is sealed with it any
/// more (everything that is refreshed is sealed anew).
#[derive(Clone)]
pub struct Keys {
    sealing: KeyName,
    /// That of the sealing key first.
    deriving: Vec<ring::hmac::Key>,
    all: BTreeMap<KeyName, XChaCha20Poly1305>,
}

/// Names a key: the start of a hash of it.
type KeyName = String;

/// Why there are no keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// There is none.
    #[error("there is no key: write at least one, 32 random bytes as base64, one a line")]
    None,
    /// One is none. Which line it is in, counted from 1.
    #[error(
        "the key in line {line} is not 32 bytes of base64: make one with \
         `openssl rand -base64 32`"
    )]
    NotAKey {
        /// Counted from 1.
        line: usize,
    },
}

/// Why something that is stored was not opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OpenError {
    #[error("it is sealed with the key {0}, which is not among the keys: put it back")]
    UnknownKey(KeyName),
    #[error("it was changed, moved, or sealed by somebody else")]
    Damaged,
}

/// Something sealed, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Which key.
    pub key: String,
    /// Nonce, ciphertext, tag.
    pub bytes: Vec<u8>,
}

impl Keys {
    /// Reads keys, one a line, the sealing one first: 32 bytes each, as base64. Empty lines,
    /// and lines that begin with `#`, say nothing.
    ///
    /// ```
    /// use switchback_backend::Keys;
    /// let text = "# 2026\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
    /// assert!(Keys::read(text).is_ok());
    /// assert!(Keys::read("secret").is_err());
    /// ```
    ///
    /// # Errors
    /// Which line is no key; never what it says.
    pub fn read(text: &str) -> Result<Self, KeyError> {
        let mut sealing = None;
        let mut deriving = Vec::new();
        let mut all = BTreeMap::new();
        for (index, line) in text.lines().map(str::trim).enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = |_| KeyError::NotAKey { line: index + 1 };
            let bytes = Zeroizing::new(STANDARD.decode(line).map_err(wrong)?);
            let key = XChaCha20Poly1305::new_from_slice(&bytes)
                .map_err(|_| KeyError::NotAKey { line: index + 1 })?;
            let name = URL_SAFE_NO_PAD.encode(&Sha256::digest(&*bytes)[..6]);
            sealing.get_or_insert_with(|| name.clone());
            deriving.push(ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &bytes));
            all.insert(name, key);
        }
        let sealing = sealing.ok_or(KeyError::None)?;
        Ok(Self {
            sealing,
            deriving,
            all,
        })
    }

    /// A fresh key, as [`read`](Self::read) reads it.
    ///
    /// # Errors
    /// Where the system's random source fails.
    pub fn generate() -> Result<Zeroizing<String>, getrandom::Error> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *bytes)?;
        Ok(Zeroizing::new(STANDARD.encode(*bytes)))
    }

    /// Seals what is stored in this row. `nonce` is fresh chance.
    pub(crate) fn seal(&self, row: &Row<'_>, nonce: &[u8; NONCE], plain: &[u8]) -> Sealed {
        let name = row.with(&self.sealing);
        let mut bytes = Vec::with_capacity(NONCE + plain.len() + 16);
        bytes.extend_from_slice(nonce);
        let payload = Payload {
            msg: plain,
            aad: name.as_bytes(),
        };
        // It fails for more than 256 GB only, and a row is some kilobytes.
        let sealed = self.all[&self.sealing].encrypt(&XNonce::from(*nonce), payload);
        bytes.extend(sealed.unwrap_or_default());
        Sealed {
            key: self.sealing.clone(),
            bytes,
        }
    }

    /// Secrets that follow from another one, and from each key, the sealing one first.
    pub(crate) fn derive(&self, what: &str, from: &[u8]) -> Vec<Zeroizing<[u8; 32]>> {
        let derived = self.deriving.iter().map(|key| {
            let mut context = ring::hmac::Context::with_key(key);
            for part in ["switchback session ", what, " "] {
                context.update(part.as_bytes());
            }
            context.update(from);
            let mut secret = Zeroizing::new([0; 32]);
            secret.copy_from_slice(context.sign().as_ref());
            secret
        });
        derived.collect()
    }

    pub(crate) fn open(
        &self,
        row: &Row<'_>,
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let unknown = || OpenError::UnknownKey(sealed.key.clone());
        let key = self.all.get(&sealed.key).ok_or_else(unknown)?;
        let (nonce, msg) = sealed
            .bytes
            .split_first_chunk::<NONCE>()
            .ok_or(OpenError::Damaged)?;
        let name = row.with(&sealed.key);
        let payload = Payload {
            msg,
            aad: name.as_bytes(),
        };
        let plain = key.decrypt(&XNonce::from(*nonce), payload);
        Ok(Zeroizing::new(plain.map_err(|_| OpenError::Damaged)?))
    }
}

impl std::fmt::Debug for Keys {
    /// Their names, which say nothing.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.all.keys()).finish()
    }
}

/// Which row something is sealed for.
pub(crate) struct Row<'a> {
    pub(crate) table: &'static str,
    pub(crate) id: &'a str,
}

impl Row<'_> {
    fn with(&self, key: &str) -> String {
        format!("{}/{}/{key}", self.table, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const NEW: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

    fn row(id: &str) -> Row<'_> {
        Row {
            table: "grants",
            id,
        }
    }

    #[test]
    fn what_is_sealed_opens_in_its_row_only() {
        let keys = Keys::read(OLD).unwrap();
        let sealed = keys.seal(&row("a"), &[1; NONCE], b"t0ken");
        assert!(!sealed.bytes.windows(5).any(|w| w == b"t0ken"));
        assert_eq!(&**keys.open(&row("a"), &sealed).unwrap(), b"t0ken");
        assert_eq!(keys.open(&row("b"), &sealed), Err(OpenError::Damaged));
        for at in 0..sealed.bytes.len() {
            let mut changed = sealed.clone();
            changed.bytes[at] ^= 1;
            assert_eq!(keys.open(&row("a"), &changed), Err(OpenError::Damaged));
        }
        let short = Sealed {
            bytes: vec![0; 3],
            ..sealed
        };
        assert_eq!(keys.open(&row("a"), &short), Err(OpenError::Damaged));
    }

    #[test]
    fn a_key_is_replaced_by_putting_another_before_it() {
        let old = Keys::read(OLD).unwrap();
        let sealed = old.seal(&row("a"), &[1; NONCE], b"x");
        let both = Keys::read(&format!("# new\n{NEW}\n\n{OLD}\n")).unwrap();
        assert_eq!(&**both.open(&row("a"), &sealed).unwrap(), b"x");
        let anew = both.seal(&row("a"), &[2; NONCE], b"x");
        let new = Keys::read(NEW).unwrap();
        assert_eq!(&**new.open(&row("a"), &anew).unwrap(), b"x");
        assert_eq!(
            new.open(&row("a"), &sealed),
            Err(OpenError::UnknownKey(sealed.key.clone()))
        );
    }

    #[test]
    fn what_is_no_key_is_named_by_its_line() {
        assert_eq!(Keys::read("# none\n\n").unwrap_err(), KeyError::None);
        let wrong = |text: &str| Keys::read(text).unwrap_err();
        assert_eq!(wrong("hunter2"), KeyError::NotAKey { line: 1 });
        assert_eq!(
            wrong(&format!("{OLD}\nAAAA")),
            KeyError::NotAKey { line: 2 }
        );
        let shown = format!("{:?} {}", Keys::read(OLD).unwrap(), wrong("hunter2"));
        assert!(
            !shown.contains("AAAA") && !shown.contains("hunter2"),
            "{shown}"
        );
        assert!(Keys::read(&Keys::generate().unwrap()).is_ok());
    }
}
