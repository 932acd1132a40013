//! Proof Key for Code Exchange (RFC 7636), only S256, as the guide requires.

use base64::Engine;
use base64::engine::general_purpose::{
    GeneralPurpose, STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD,
};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A code challenge: the SHA-256 hash of the code verifier.
#[derive(Clone, Copy)]
pub(crate) struct Challenge([u8; 32]);

impl Challenge {
    /// Parses a challenge: 43 characters of base64url without padding, in the canonical encoding
    /// (section 4.2).
    pub(crate) fn parse(text: &str) -> Option<Challenge> {
        let mut digest = [0; 32];
        let length = URL_SAFE_NO_PAD.decode_slice(text, &mut digest);
        (text.len() == 43 && length == Ok(32)).then_some(Challenge(digest))
    }

    /// Whether the verifier matches this challenge (section 4.6).
    pub(crate) fn matches(&self, verifier: &Verifier<'_>) -> bool {
        Sha256::digest(verifier.0).as_slice().ct_eq(&self.0).into()
    }

    /// The mistake in a text that is not a challenge, and what to send instead.
    pub(crate) fn mistake(text: &str) -> &'static str {
        let hexadecimal = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
        let bytes = OTHERS.iter().find_map(|base64| base64.decode(text).ok());
        let bytes = bytes.unwrap_or_default();
        match text.len() {
            64 if hexadecimal(text) => {
                "it is hexadecimal; encode the 32 bytes of the SHA-256 in base64url"
            }
            // A plus that is not percent-encoded is a space.
            43 | 44 if text.contains(['+', '/', ' ']) => {
                "it is in the other base64 alphabet; use - instead of +, _ instead of /, and no = at the end"
            }
            44 if text.ends_with('=') => "it has padding; leave out the = at its end",
            _ if bytes.len() == 64 && bytes.iter().all(u8::is_ascii_hexdigit) => {
                "it is base64 of the hexadecimal SHA-256; encode the 32 bytes themselves in base64url"
            }
            43..=128 if Verifier::parse(text).is_some() => {
                "it looks like the code_verifier itself; send its SHA-256"
            }
            43.. => "it is too long, or has characters that are not in base64url",
            _ => "it is too short",
        }
    }

    /// Why the verifier does not match this challenge, as far as the values show it.
    pub(crate) fn mismatch(&self, verifier: &Verifier<'_>) -> &'static str {
        let text = verifier.0;
        let hash = |bytes: &[u8]| <[u8; 32]>::from(Sha256::digest(bytes));
        let of = |text: &str| hash(text.as_bytes());
        let digest = of(text);
        let hexadecimal: String = digest.iter().map(|b| format!("{b:02x}")).collect();
        let base64url = URL_SAFE_NO_PAD.encode(digest);
        let bytes = URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
        let was_hashed_twice = "code_challenge was hashed twice";
        let reasons = [
            // The mistake can be in either of the two requests.
            (
                URL_SAFE_NO_PAD.encode(self.0) == text,
                "code_verifier and code_challenge are the same; the challenge must be the SHA-256 of the verifier, in base64url",
            ),
            (
                self.0 == hash(&bytes),
                "code_challenge is the SHA-256 of the bytes that the verifier encodes; hash the characters of the verifier instead",
            ),
            (
                self.0 == of(&format!("{text}\n")),
                "code_challenge is the SHA-256 of the verifier and a line break; hash only the verifier (printf, not echo)",
            ),
            (
                self.0 == of(&format!("{text}=")),
                "code_challenge is the SHA-256 of the verifier with a = at its end; hash the verifier that you send",
            ),
            (self.0 == hash(&digest), was_hashed_twice),
            (self.0 == of(&hexadecimal), was_hashed_twice),
            (self.0 == of(&base64url), was_hashed_twice),
        ];
        let reason = reasons.into_iter().find(|(is, _)| *is);
        reason.map_or(
            "the SHA-256 of code_verifier is not the code_challenge of the authorization request",
            |(_, reason)| reason,
        )
    }
}

/// The encodings that developers mistake for base64url without padding.
const OTHERS: [&GeneralPurpose; 4] = [&URL_SAFE_NO_PAD, &URL_SAFE, &STANDARD_NO_PAD, &STANDARD];

/// A well-formed code verifier.
pub(crate) struct Verifier<'a>(&'a str);

impl<'a> Verifier<'a> {
    /// Parses a verifier: 43 to 128 unreserved characters (section 4.1).
    pub(crate) fn parse(text: &'a str) -> Option<Verifier<'a>> {
        let unreserved =
            |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
        let good = (43..=128).contains(&text.len()) && text.bytes().all(unreserved);
        good.then_some(Verifier(text))
    }

    /// The mistake in a text that is not a verifier.
    pub(crate) fn mistake(text: &str) -> &'static str {
        match text.len() {
            _ if text.ends_with('=') => "it has padding; leave out the = at its end",
            _ if text.contains(['+', '/', ' ']) => {
                "it is in the other base64 alphabet; use - instead of + and _ instead of /"
            }
            ..43 => "it is too short",
            129.. => "it is too long",
            _ => "it has other characters",
        }
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
            // Two bits of the last character have no meaning.
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

    #[test]
    fn each_wrong_challenge_has_its_error() {
        let digest = Sha256::digest(VERIFIER);
        let hexadecimal: String = digest.iter().map(|b| format!("{b:02x}")).collect();
        for (text, part) in [
            (hexadecimal.clone(), "it is hexadecimal"),
            (hexadecimal.to_uppercase(), "it is hexadecimal"),
            (URL_SAFE.encode(digest), "padding"),
            (STANDARD.encode(digest), "other base64 alphabet"),
            (STANDARD_NO_PAD.encode(digest), "other base64 alphabet"),
            // `+` in a query that is not percent-encoded.
            (
                STANDARD.encode(digest).replace('+', " "),
                "other base64 alphabet",
            ),
            (
                URL_SAFE_NO_PAD.encode(&hexadecimal),
                "base64 of the hexadecimal",
            ),
            (STANDARD.encode(&hexadecimal), "base64 of the hexadecimal"),
            (format!("{VERIFIER}."), "the code_verifier itself"),
            ("a".repeat(128), "the code_verifier itself"),
            // 43 characters that are not an encoding of 32 bytes.
            (format!("{}9", &VERIFIER[..42]), "the code_verifier itself"),
            ("a".repeat(129), "too long"),
            ("abc".into(), "too short"),
            (String::new(), "too short"),
        ] {
            assert!(Challenge::parse(&text).is_none(), "{text}");
            let mistake = Challenge::mistake(&text);
            assert!(mistake.contains(part), "{text}: {mistake}");
        }
    }

    #[test]
    fn a_mismatch_names_the_wrong_computation() {
        let verifier = Verifier::parse(VERIFIER).unwrap();
        let digest = Sha256::digest(VERIFIER);
        let hexadecimal: String = digest.iter().map(|b| format!("{b:02x}")).collect();
        let hashed = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(Sha256::digest(bytes));
        for (challenge, part) in [
            (VERIFIER.to_owned(), "are the same"),
            (
                hashed(&URL_SAFE_NO_PAD.decode(VERIFIER).unwrap()),
                "the bytes that",
            ),
            (hashed(format!("{VERIFIER}\n").as_bytes()), "line break"),
            (hashed(format!("{VERIFIER}=").as_bytes()), "with a ="),
            (hashed(&digest), "hashed twice"),
            (hashed(hexadecimal.as_bytes()), "hashed twice"),
            (hashed(CHALLENGE.as_bytes()), "hashed twice"),
            (hashed(b"another"), "is not the code_challenge"),
        ] {
            let challenge = Challenge::parse(&challenge).unwrap();
            assert!(!challenge.matches(&verifier));
            let mismatch = challenge.mismatch(&verifier);
            assert!(mismatch.contains(part), "{mismatch}");
        }
    }

    #[test]
    fn each_wrong_verifier_has_its_error() {
        for (text, part) in [
            (format!("{VERIFIER}="), "padding"),
            (VERIFIER.replace('-', "+"), "other base64 alphabet"),
            (VERIFIER[..42].to_owned(), "too short"),
            ("a".repeat(129), "too long"),
            (format!("{VERIFIER}%"), "other characters"),
        ] {
            assert!(Verifier::parse(&text).is_none());
            assert!(Verifier::mistake(&text).contains(part), "{text}");
        }
    }
}
