//! Proof Key for Code Exchange (RFC 7636), S256 only, as the guide demands.

use base64::Engine;
use base64::engine::general_purpose::{
    GeneralPurpose, STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD,
};
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

    /// What is wrong with a text that is no challenge, and what to send in its place.
    pub(crate) fn mistake(text: &str) -> &'static str {
        let hexadecimal = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
        let bytes = OTHERS.iter().find_map(|base64| base64.decode(text).ok());
        let bytes = bytes.unwrap_or_default();
        match text.len() {
            64 if hexadecimal(text) => {
                "it is hexadecimal; write the 32 bytes of the SHA-256 in base64url"
            }
            // A plus that is not percent-encoded is a space.
            43 | 44 if text.contains(['+', '/', ' ']) => {
                "it is in the other base64 alphabet; write - for +, _ for /, and no = at its end"
            }
            44 if text.ends_with('=') => "it has padding; leave out the = at its end",
            _ if bytes.len() == 64 && bytes.iter().all(u8::is_ascii_hexdigit) => {
                "it is base64 of the hexadecimal SHA-256; write the 32 bytes themselves in base64url"
            }
            43..=128 if Verifier::parse(text).is_some() => {
                "it looks like the code_verifier itself; send its SHA-256"
            }
            43.. => "it is too long, or has characters that base64url has not",
            _ => "it is too short",
        }
    }

    /// Why this is not the challenge of a verifier, where that can be seen.
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
            // Either of the two requests may have the wrong one.
            (
                URL_SAFE_NO_PAD.encode(self.0) == text,
                "code_verifier and code_challenge are the same; the challenge must be the SHA-256 of the verifier, in base64url",
            ),
            (
                self.0 == hash(&bytes),
                "code_challenge is the SHA-256 of the bytes that the verifier encodes; hash the characters of the verifier",
            ),
            (
                self.0 == of(&format!("{text}\n")),
                "code_challenge is the SHA-256 of the verifier and the end of a line; hash the verifier alone (printf, not echo)",
            ),
            (
                self.0 == of(&format!("{text}=")),
                "code_challenge is the SHA-256 of the verifier with a = at its end; hash what you send",
            ),
            (self.0 == hash(&digest), was_hashed_twice),
            (self.0 == of(&hexadecimal), was_hashed_twice),
            (self.0 == of(&base64url), was_hashed_twice),
        ];
        let reason = reasons.into_iter().find(|(is, _)| *is);
        reason.map_or(
            "code_verifier is not the one whose SHA-256 was the code_challenge",
            |(_, reason)| reason,
        )
    }
}

/// The ways to write bytes that are mistaken for base64url without padding.
const OTHERS: [&GeneralPurpose; 4] = [&URL_SAFE_NO_PAD, &URL_SAFE, &STANDARD_NO_PAD, &STANDARD];

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

    /// What is wrong with a text that is no verifier.
    pub(crate) fn mistake(text: &str) -> &'static str {
        match text.len() {
            _ if text.ends_with('=') => "it has padding; leave out the = at its end",
            _ if text.contains(['+', '/', ' ']) => {
                "it is in the other base64 alphabet; write - for + and _ for /"
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

    #[test]
    fn what_is_sent_in_place_of_a_challenge_is_told_as_that() {
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
            // 43 characters, and no way to write 32 bytes.
            (format!("{}9", &VERIFIER[..42]), "the code_verifier itself"),
            ("a".repeat(129), "too long"),
            ("abc".into(), "too short"),
            (String::new(), "too short"),
        ] {
            assert!(Challenge::parse(&text).is_none(), "{text}");
            let said = Challenge::mistake(&text);
            assert!(said.contains(part), "{text}: {said}");
        }
    }

    #[test]
    fn how_a_challenge_was_made_is_told_where_it_can_be_seen() {
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
            (hashed(format!("{VERIFIER}\n").as_bytes()), "end of a line"),
            (hashed(format!("{VERIFIER}=").as_bytes()), "with a ="),
            (hashed(&digest), "hashed twice"),
            (hashed(hexadecimal.as_bytes()), "hashed twice"),
            (hashed(CHALLENGE.as_bytes()), "hashed twice"),
            (hashed(b"another"), "is not the one"),
        ] {
            let challenge = Challenge::parse(&challenge).unwrap();
            assert!(!challenge.matches(&verifier));
            let said = challenge.mismatch(&verifier);
            assert!(said.contains(part), "{said}");
        }
    }

    #[test]
    fn what_is_sent_in_place_of_a_verifier_is_told_as_that() {
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
