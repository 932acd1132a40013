//! Proof Key for Code Exchange (RFC 7636), S256 only, as the guide demands.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A code challenge: the SHA-256 of the verifier that will come with the code.
#[derive(Clone, Copy)]
pub(crate) struct Challenge([u8; 32]);

impl Challenge {
    /// Reads a challenge: 43 characters base64url without padding, and the one way of
    /// writing these 32 bytes (section 4.2).
    pub(crate) fn parse(text: &str) -> Option<Challenge> {
        let mut digest = [0; 32];
        let length = URL_SAFE_NO_PAD.decode_slice(text, &mut digest);
        (text.len() == 43 && length == Ok(32)).then_some(Challenge(digest))
    }

    /// Whether this is the verifier (section 4.6).
    pub(crate) fn matches(&self, verifier: &Verifier<'_>) -> bool {
        Sha256::digest(verifier.0).as_slice().ct_eq(&self.0).into()
    }
}

/// A code verifier with the right form.
pub(crate) struct Verifier<'a>(&'a str);

impl<'a> Verifier<'a> {
    /// Reads a verifier: 43 to 128 unreserved characters (section 4.1).
    pub(crate) fn parse(text: &'a str) -> Option<Verifier<'a>> {
        let unreserved =
            |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
        let good = (43..=128).contains(&text.len()) && text.bytes().all(unreserved);
        good.then_some(Verifier(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn appendix_b() {
        let challenge = Challenge::parse(CHALLENGE).unwrap();
        assert!(challenge.matches(&Verifier::parse(VERIFIER).unwrap()));
        let other = VERIFIER.replace('d', "e");
        assert!(!challenge.matches(&Verifier::parse(&other).unwrap()));
    }

    #[test]
    fn forms() {
        for bad in [
            "",
            &CHALLENGE[1..],
            &format!("{CHALLENGE}="),
            &format!("{CHALLENGE}A"),
            &CHALLENGE.replace('-', "+"),
            // The last character carries two bits that nobody reads.
            &format!("{}N", &CHALLENGE[..42]),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw öM",
        ] {
            assert!(Challenge::parse(bad).is_none(), "{bad}");
        }
        assert!(Verifier::parse(&"a".repeat(42)).is_none());
        assert!(Verifier::parse(&"a".repeat(43)).is_some());
        assert!(Verifier::parse(&"~".repeat(128)).is_some());
        assert!(Verifier::parse(&"a".repeat(129)).is_none());
        assert!(Verifier::parse(&format!("{}+", "a".repeat(43))).is_none());
    }
}
