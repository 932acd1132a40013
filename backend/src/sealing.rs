//! Encryption and authentication of database rows.
//!
//! A value with a secret is sealed with XChaCha20-Poly1305. Table, row id, key name and the plain
//! columns of the row are its associated data. A row without a secret has an HMAC-SHA-256 over the
//! same fields. A row that was changed, moved or copied therefore opens nothing, only a holder of
//! the key can write a valid row, and a stolen database without the key holds no token.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ring::hmac;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

const NONCE_BYTES: usize = 24;

/// The keys that seal stored values. The first key seals, and every key opens. To replace a key,
/// put the new key first, and remove the old one when no row is sealed with it any more; each
/// refresh seals a row with the first key.
#[derive(Clone)]
pub struct Keys {
    sealing: Box<Key>,
    others: Vec<Key>,
}

#[derive(Clone)]
struct Key {
    /// The start of a hash of the key.
    name: String,
    cipher: XChaCha20Poly1305,
    hmac: hmac::Key,
}

/// Why keys cannot be read. No error holds a part of a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The text has no key.
    #[error("there is no key: write at least one, 32 random bytes as base64, one key per line")]
    None,
    /// A key is malformed.
    #[error(
        "the key in line {line} is not 32 bytes as base64: make one with \
         `openssl rand -base64 32`"
    )]
    NotAKey {
        /// The line of the key, counted from 1.
        line: usize,
    },
}

/// Why a stored value cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OpenError {
    #[error(
        "it is sealed with the key {0}, which is not among the configured keys: add that key again"
    )]
    UnknownKey(String),
    #[error("it was changed or moved, or sealed with another key")]
    Damaged,
}

/// A sealed value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sealed {
    /// The name of the key.
    pub key: String,
    /// Nonce, ciphertext, tag.
    pub bytes: Vec<u8>,
}

/// The message authentication code of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mac {
    /// The name of the key.
    pub key: String,
    /// HMAC-SHA-256.
    pub bytes: Vec<u8>,
}

impl Keys {
    /// Reads keys, one per line, the sealing key first: 32 bytes each, as base64. Empty lines and
    /// lines that begin with `#` are ignored.
    ///
    /// ```
    /// use switchback_backend::Keys;
    /// let text = "# 2026\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
    /// assert!(Keys::read(text).is_ok());
    /// assert!(Keys::read("secret").is_err());
    /// ```
    ///
    /// # Errors
    /// [`KeyError`], with the line of the malformed key, and without its text.
    pub fn read(text: &str) -> Result<Self, KeyError> {
        let mut keys = Vec::new();
        for (index, line) in text.lines().map(str::trim).enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = KeyError::NotAKey { line: index + 1 };
            keys.push(Key::read(line).ok_or(wrong)?);
        }
        let mut keys = keys.into_iter();
        Ok(Self {
            sealing: Box::new(keys.next().ok_or(KeyError::None)?),
            others: keys.collect(),
        })
    }

    /// A new random key, in the format of [`read`](Self::read).
    ///
    /// # Errors
    /// If the operating system returns no random bytes.
    pub fn generate() -> Result<Zeroizing<String>, getrandom::Error> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *bytes)?;
        Ok(Zeroizing::new(STANDARD.encode(*bytes)))
    }

    /// Seals a value for this row. `nonce` must be new random bytes.
    pub(crate) fn seal(
        &self,
        row: &AssociatedData<'_>,
        nonce: &[u8; NONCE_BYTES],
        plain: &[u8],
    ) -> Sealed {
        let key = &self.sealing;
        let mut bytes = Vec::with_capacity(NONCE_BYTES + plain.len() + 16);
        bytes.extend_from_slice(nonce);
        let payload = Payload {
            msg: plain,
            aad: &row.bytes_with(&key.name),
        };
        // Encryption fails only for more than 256 GB; a row has some kilobytes.
        let sealed = key.cipher.encrypt(&XNonce::from(*nonce), payload);
        bytes.extend(sealed.unwrap_or_default());
        Sealed {
            key: key.name.clone(),
            bytes,
        }
    }

    pub(crate) fn open(
        &self,
        row: &AssociatedData<'_>,
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let key = self.named(&sealed.key)?;
        let (nonce, msg) = sealed
            .bytes
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or(OpenError::Damaged)?;
        let payload = Payload {
            msg,
            aad: &row.bytes_with(&key.name),
        };
        let plain = key.cipher.decrypt(&XNonce::from(*nonce), payload);
        Ok(Zeroizing::new(plain.map_err(|_| OpenError::Damaged)?))
    }

    /// The message authentication code of a row.
    pub(crate) fn sign(&self, row: &AssociatedData<'_>) -> Mac {
        let key = &self.sealing;
        Mac {
            key: key.name.clone(),
            bytes: key
                .hmac_of("row", &row.bytes_with(&key.name))
                .as_ref()
                .into(),
        }
    }

    /// Verifies in constant time that a holder of the key wrote this row.
    pub(crate) fn verify(&self, row: &AssociatedData<'_>, mac: &Mac) -> Result<(), OpenError> {
        use subtle::ConstantTimeEq as _;
        let key = self.named(&mac.key)?;
        let ours = key.hmac_of("row", &row.bytes_with(&key.name));
        match ours.as_ref().ct_eq(&mac.bytes).into() {
            true => Ok(()),
            false => Err(OpenError::Damaged),
        }
    }

    /// Secrets that are derived from a value with each key, the sealing key first.
    pub(crate) fn derive(&self, what: &str, from: &[u8]) -> Vec<Zeroizing<[u8; 32]>> {
        let derived = self.all().map(|key| {
            let mut secret = Zeroizing::new([0; 32]);
            secret.copy_from_slice(key.hmac_of(what, from).as_ref());
            secret
        });
        derived.collect()
    }

    fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&*self.sealing).chain(&self.others)
    }

    fn named(&self, name: &str) -> Result<&Key, OpenError> {
        let found = self.all().find(|key| key.name == name);
        found.ok_or_else(|| OpenError::UnknownKey(name.into()))
    }
}

impl Key {
    /// Reads 32 bytes as base64.
    fn read(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(STANDARD.decode(text).ok()?);
        Some(Self {
            name: URL_SAFE_NO_PAD.encode(&Sha256::digest(&*bytes)[..6]),
            cipher: XChaCha20Poly1305::new_from_slice(&bytes).ok()?,
            hmac: hmac::Key::new(hmac::HMAC_SHA256, &bytes),
        })
    }

    /// The label `what` is one word. It separates the uses of a key: two uses never have the same
    /// input.
    fn hmac_of(&self, what: &str, from: &[u8]) -> hmac::Tag {
        let mut context = hmac::Context::with_key(&self.hmac);
        for part in ["switchback ", what, " "] {
            context.update(part.as_bytes());
        }
        context.update(from);
        context.sign()
    }
}

impl std::fmt::Debug for Keys {
    /// Only the names of the keys.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set()
            .entries(self.all().map(|key| &key.name))
            .finish()
    }
}

/// Table, id and plain columns of a row, in a fixed order.
pub(crate) struct AssociatedData<'a> {
    pub(crate) table: &'static str,
    pub(crate) id: &'a str,
    columns: Vec<u8>,
}

impl<'a> AssociatedData<'a> {
    pub(crate) fn new(table: &'static str, id: &'a str) -> Self {
        Self {
            table,
            id,
            columns: Vec::new(),
        }
    }

    pub(crate) fn text(self, column: &str) -> Self {
        self.bytes(Some(column.as_bytes()))
    }

    pub(crate) fn number(self, column: i64) -> Self {
        self.bytes(Some(&column.to_be_bytes()))
    }

    /// A column; `None` is NULL.
    pub(crate) fn bytes(mut self, column: Option<&[u8]>) -> Self {
        add(&mut self.columns, column);
        self
    }

    fn bytes_with(&self, key: &str) -> Vec<u8> {
        let mut all = Vec::with_capacity(self.columns.len() + 128);
        for name in [self.table, self.id, key] {
            add(&mut all, Some(name.as_bytes()));
        }
        all.extend_from_slice(&self.columns);
        all
    }
}

/// Writes the length of a column before its bytes, so that two different rows never have the same
/// bytes.
fn add(to: &mut Vec<u8>, column: Option<&[u8]>) {
    let length = column.map_or(u64::MAX, |column| {
        u64::try_from(column.len()).unwrap_or(u64::MAX)
    });
    to.extend_from_slice(&length.to_be_bytes());
    to.extend_from_slice(column.unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const NEW: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

    fn row(id: &str) -> AssociatedData<'_> {
        AssociatedData::new("grants", id).text("login").number(7)
    }

    /// Rows that differ from `row("a")`.
    fn others() -> Vec<AssociatedData<'static>> {
        let row = |id| AssociatedData::new("grants", id);
        vec![
            row("b").text("login").number(7),
            AssociatedData::new("sessions", "a").text("login").number(7),
            row("a").text("onboarding").number(7),
            row("a").text("login").number(8),
            row("a").number(7).text("login"),
            row("a").text("login"),
            row("a").text("login").number(7).bytes(None),
            row("a").bytes(None).number(7),
            row("a").text("").number(7),
            row("a").text("logi").text("n").number(7),
        ]
    }

    #[test]
    fn a_mac_covers_every_column_of_its_row() {
        let keys = Keys::read(OLD).unwrap();
        let mac = keys.sign(&row("a"));
        assert_eq!(keys.verify(&row("a"), &mac), Ok(()));
        for other in others() {
            assert_eq!(keys.verify(&other, &mac), Err(OpenError::Damaged));
        }
        for bytes in [vec![], vec![0; 32], mac.bytes[..31].to_vec()] {
            let key = mac.key.clone();
            let verified = keys.verify(&row("a"), &Mac { key, bytes });
            assert_eq!(verified, Err(OpenError::Damaged));
        }
        // The first key signs, and every key verifies.
        let both = Keys::read(&format!("{NEW}\n{OLD}")).unwrap();
        assert_eq!(both.verify(&row("a"), &mac), Ok(()));
        let new = Keys::read(NEW).unwrap();
        assert_eq!(new.verify(&row("a"), &both.sign(&row("a"))), Ok(()));
        let unknown = OpenError::UnknownKey(mac.key.clone());
        assert_eq!(new.verify(&row("a"), &mac), Err(unknown));
        // A code does not verify under the name of another key.
        let renamed = Mac {
            key: both.sign(&row("a")).key,
            bytes: mac.bytes,
        };
        assert_eq!(both.verify(&row("a"), &renamed), Err(OpenError::Damaged));
    }

    #[test]
    fn a_sealed_value_opens_only_in_its_row() {
        let keys = Keys::read(OLD).unwrap();
        let sealed = keys.seal(&row("a"), &[1; NONCE_BYTES], b"t0ken");
        assert!(!sealed.bytes.windows(5).any(|w| w == b"t0ken"));
        assert_eq!(&**keys.open(&row("a"), &sealed).unwrap(), b"t0ken");
        for other in others() {
            assert_eq!(keys.open(&other, &sealed), Err(OpenError::Damaged));
        }
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
    fn a_new_first_key_seals_and_old_keys_open() {
        let old = Keys::read(OLD).unwrap();
        let sealed = old.seal(&row("a"), &[1; NONCE_BYTES], b"x");
        let both = Keys::read(&format!("# new\n{NEW}\n\n{OLD}\n")).unwrap();
        assert_eq!(&**both.open(&row("a"), &sealed).unwrap(), b"x");
        let resealed = both.seal(&row("a"), &[2; NONCE_BYTES], b"x");
        let new = Keys::read(NEW).unwrap();
        assert_eq!(&**new.open(&row("a"), &resealed).unwrap(), b"x");
        assert_eq!(
            new.open(&row("a"), &sealed),
            Err(OpenError::UnknownKey(sealed.key.clone()))
        );
    }

    #[test]
    fn a_malformed_key_is_reported_by_its_line() {
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
