//! [`Key`]: a P-256 key that is derived from the seed. Its signatures are deterministic (RFC 6979),
//! so the same seed gives the same certificates and the same signatures.

use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use rcgen::{PublicKeyData, SignatureAlgorithm};
use sha2::{Digest, Sha256};

use super::der;

/// A key pair for ES256.
#[derive(Clone)]
pub(super) struct Key {
    secret: SigningKey,
    /// The public key as an uncompressed point (SEC 1 section 2.3.3).
    point: [u8; 65],
}

impl Key {
    /// The key with this name and number. Only the seed's owner can compute it.
    pub(super) fn derive(seed: &[u8; 32], name: &str, number: u64) -> Key {
        let mut attempt: u64 = 0;
        loop {
            let scalar = Sha256::new()
                .chain_update(b"switchback-sandbox signing key\0")
                .chain_update(seed)
                .chain_update(number.to_be_bytes())
                .chain_update(attempt.to_be_bytes())
                .chain_update(name)
                .finalize();
            // One hash in 2^32 is not a scalar of P-256.
            if let Ok(secret) = SigningKey::from_slice(&scalar) {
                let mut point = [0; 65];
                let public = secret.verifying_key().to_sec1_point(false);
                point.copy_from_slice(public.as_bytes());
                return Key { secret, point };
            }
            attempt += 1;
        }
    }

    /// The signature of a JWS (RFC 7518 section 3.4): r and s, 32 bytes each.
    pub(super) fn sign_fixed(&self, message: &[u8]) -> [u8; 64] {
        let signature: Signature = self.secret.sign(message);
        signature.to_bytes().into()
    }

    /// The signature as in certificates and CMS (RFC 3279 section 2.2.3): a sequence of r and s.
    pub(super) fn sign_der(&self, message: &[u8]) -> Vec<u8> {
        fixed_to_der(&self.sign_fixed(message))
    }

    /// The key identifier: the first 20 bytes of the SHA-256 of the point (RFC 7093 section 2).
    pub(super) fn id(&self) -> Vec<u8> {
        Sha256::digest(self.point)[..20].to_vec()
    }
}

/// A signature of a JWS as a sequence of r and s.
pub(super) fn fixed_to_der(signature: &[u8; 64]) -> Vec<u8> {
    let (r, s) = signature.split_at(32);
    der::sequence(&[&der::unsigned(r), &der::unsigned(s)])
}

impl PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        &self.point
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_ECDSA_P256_SHA256
    }
}

impl rcgen::SigningKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(self.sign_der(message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::signature::{ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    #[test]
    fn the_same_seed_gives_the_same_key_and_signatures() {
        let key = Key::derive(&[1; 32], "root", 0);
        let fixed = key.sign_fixed(b"message");
        assert_eq!(
            fixed,
            Key::derive(&[1; 32], "root", 0).sign_fixed(b"message")
        );
        for other in [
            Key::derive(&[2; 32], "root", 0),
            Key::derive(&[1; 32], "roots", 0),
            Key::derive(&[1; 32], "root", 1),
        ] {
            assert_ne!(other.point, key.point);
        }
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.point);
        public.verify(b"message", &fixed).unwrap();
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key.point);
        public
            .verify(b"message", &key.sign_der(b"message"))
            .unwrap();
    }
}
