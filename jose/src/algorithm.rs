//! The signature algorithms (RFC 7518 §3, RFC 8037 §3.1).
//!
//! There is no `none` and no HMAC here on purpose: a program cannot allow them by mistake (RFC 8725
//! §3.1, §3.2).

use alloc::borrow::Cow;
use core::fmt;

use rustls_pki_types::{AlgorithmIdentifier, SignatureVerificationAlgorithm, alg_id};

use crate::der;

/// A signature algorithm. Its name is the value of the header `alg`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3).
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384 (RFC 7518 §3.3).
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512 (RFC 7518 §3.3).
    Rs512,
    /// RSASSA-PSS with SHA-256 (RFC 7518 §3.5).
    Ps256,
    /// ECDSA with P-256 and SHA-256 (RFC 7518 §3.4).
    Es256,
    /// ECDSA with P-384 and SHA-384 (RFC 7518 §3.4).
    Es384,
    /// EdDSA with Ed25519 (RFC 8037 §3.1). The other curve of `EdDSA`, Ed448, is not supported.
    EdDsa,
}

/// The kind of key that an algorithm uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyType {
    Rsa,
    P256,
    P384,
    Ed25519,
}

impl Algorithm {
    /// Every algorithm.
    pub const ALL: &[Self] = &[
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Es256,
        Self::Es384,
        Self::EdDsa,
    ];

    /// The name in the header `alg`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The algorithm with this name. The case counts (RFC 7515 §4.1.1).
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|algorithm| algorithm.as_str() == name)
    }

    pub(crate) const fn key_type(self) -> KeyType {
        match self {
            Self::Rs256 | Self::Rs384 | Self::Rs512 | Self::Ps256 => KeyType::Rsa,
            Self::Es256 => KeyType::P256,
            Self::Es384 => KeyType::P384,
            Self::EdDsa => KeyType::Ed25519,
        }
    }

    /// The implementation of this algorithm, if it is one of these.
    pub(crate) fn implementation(
        self,
        among: &[&'static dyn SignatureVerificationAlgorithm],
    ) -> Option<&'static dyn SignatureVerificationAlgorithm> {
        let (key, signature) = self.identifiers();
        among.iter().copied().find(|implementation| {
            implementation.public_key_alg_id() == key
                && implementation.signature_alg_id() == signature
        })
    }

    /// The identifiers of the key and of the signature in X.509.
    const fn identifiers(self) -> (AlgorithmIdentifier, AlgorithmIdentifier) {
        match self {
            Self::Rs256 => (alg_id::RSA_ENCRYPTION, alg_id::RSA_PKCS1_SHA256),
            Self::Rs384 => (alg_id::RSA_ENCRYPTION, alg_id::RSA_PKCS1_SHA384),
            Self::Rs512 => (alg_id::RSA_ENCRYPTION, alg_id::RSA_PKCS1_SHA512),
            Self::Ps256 => (alg_id::RSA_ENCRYPTION, alg_id::RSA_PSS_SHA256),
            Self::Es256 => (alg_id::ECDSA_P256, alg_id::ECDSA_SHA256),
            Self::Es384 => (alg_id::ECDSA_P384, alg_id::ECDSA_SHA384),
            Self::EdDsa => (alg_id::ED25519, alg_id::ED25519),
        }
    }

    /// A signature value of JOSE in the form of X.509, which implementations take. `None`: it has
    /// the wrong length. The
    /// implementation checks that the numbers of an ECDSA signature are in their range.
    pub fn value_of_x509(self, value: &[u8]) -> Option<Cow<'_, [u8]>> {
        let number = match self.key_type() {
            KeyType::P256 => 32,
            KeyType::P384 => 48,
            // RSA implementations compare the length with that of the key (RFC 8017 §8.2.2).
            KeyType::Rsa => return Some(value.into()),
            KeyType::Ed25519 => return (value.len() == 64).then_some(value.into()),
        };
        let (r, s) = value.split_at_checked(number)?;
        (s.len() == number).then(|| der::sequence_of_two(r, s).into())
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn only_the_exact_names_of_signatures_are_algorithms() {
        for algorithm in Algorithm::ALL {
            assert_eq!(Algorithm::named(algorithm.as_str()), Some(*algorithm));
        }
        for name in [
            "none", "HS256", "rs256", "ES256 ", "ES256K", "ES512", "Ed448", "",
        ] {
            assert_eq!(Algorithm::named(name), None, "{name}");
        }
    }

    #[test]
    fn a_value_of_another_length_is_no_signature() {
        for (algorithm, length) in [
            (Algorithm::Es256, 64),
            (Algorithm::Es384, 96),
            (Algorithm::EdDsa, 64),
        ] {
            for wrong in [0, length / 2, length - 1, length + 1, length * 2] {
                assert!(algorithm.value_of_x509(&vec![1; wrong]).is_none());
            }
            assert!(algorithm.value_of_x509(&vec![1; length]).is_some());
        }
    }
}
