//! The public key of a client that signs instead of sending a secret: read from PEM, as
//! `openssl pkey -pubout` writes it (RFC 7468 section 13, RFC 5280 section 4.1).

use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use x509_cert::der::DecodePem as _;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// An RSA key of fewer bytes has fewer than the 2,048 bits that RFC 7518 section 3.3 requires.
const SHORTEST_RSA: usize = 256;

/// A key that verifies signatures.
pub(crate) struct PublicKey {
    /// The algorithm of the key (RFC 7518 section 3.1).
    pub(crate) alg: &'static str,
    algorithm: &'static dyn VerificationAlgorithm,
    bytes: Vec<u8>,
}

impl PublicKey {
    /// Reads a key in PEM.
    ///
    /// # Errors
    /// The mistake, without the key.
    pub(crate) fn read(pem: &str) -> Result<PublicKey, &'static str> {
        if pem.contains("PRIVATE KEY") {
            return Err("it is a private key, which must stay with the client; \
                        `openssl pkey -in key.pem -pubout` writes the public one");
        }
        let info = SubjectPublicKeyInfoOwned::from_pem(pem.trim()).map_err(
            |_| "it is not a public key in PEM, which begins with -----BEGIN PUBLIC KEY-----",
        )?;
        let bits = info.subject_public_key.as_bytes();
        let bytes = bits.ok_or("it is not a public key: it has an incomplete byte")?;
        let curve = info.algorithm.parameters.as_ref();
        let curve = curve.and_then(|curve| curve.decode_as::<ObjectIdentifier>().ok());
        let (alg, algorithm): (_, &'static dyn VerificationAlgorithm) = match info.algorithm.oid {
            EC if curve == Some(P256) => ("ES256", &ECDSA_P256_SHA256_FIXED),
            RSA if bytes.len() < SHORTEST_RSA => {
                return Err("it is too short; an RSA key must have at least 2,048 bits");
            }
            RSA => ("RS256", &RSA_PKCS1_2048_8192_SHA256),
            _ => return Err("it is for neither ES256 (a P-256 key) nor RS256 (an RSA key)"),
        };
        Ok(PublicKey {
            alg,
            algorithm,
            bytes: bytes.to_vec(),
        })
    }

    /// Whether the private key that belongs to this key signed the message.
    pub(crate) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(self.algorithm, &self.bytes)
            .verify(message, signature)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::PublicKeyData as _;
    use x509_cert::der::pem::{LineEnding, encode_string};

    #[test]
    fn each_kind_of_wrong_key_has_its_error() {
        let pem = |curve| {
            let pair = rcgen::KeyPair::generate_for(curve).unwrap();
            let public = pair.subject_public_key_info();
            encode_string("PUBLIC KEY", LineEnding::LF, &public).unwrap()
        };
        let other = pem(&rcgen::PKCS_ECDSA_P384_SHA384);
        let pem = pem(&rcgen::PKCS_ECDSA_P256_SHA256);
        let read = |pem: &str| PublicKey::read(pem).map(|key| key.alg);
        assert_eq!(read(&pem), Ok("ES256"));
        assert_eq!(read(&format!("\n{pem}\n")), Ok("ES256"));
        for (pem, part) in [
            (pem.replace("PUBLIC", "PRIVATE"), "a private key"),
            (other, "neither ES256"),
            (pem.replace("PUBLIC", "PUBIC"), "not a public key"),
            (pem.replace("MFk", "MFj"), "not a public key"),
            (String::new(), "not a public key"),
            (
                include_str!("../../tests/sandbox/keys/rsa-1024.pem").into(),
                "too short",
            ),
        ] {
            assert!(read(&pem).unwrap_err().contains(part), "{part}");
        }
    }
}
