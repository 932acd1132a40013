//! Reads the claims of an ID token that this library needs (OpenID Connect Core §2).
//!
//! The signature is not checked. OpenID Connect Core §3.1.3.7 accepts TLS in place of it, because
//! the token comes directly from the token endpoint, if issuer and audience are checked.

use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use crate::Secret;
use crate::members::{Field, Members};

/// A JWT uses base64url without padding (RFC 7515 §2), but some services add it.
const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The claims that this library needs.
pub(crate) struct IdToken {
    pub(crate) subject: Field<Secret>,
    pub(crate) nonce: Field<Secret>,
    issuer: Field<String>,
    audience: Vec<String>,
}

impl IdToken {
    /// `None` if it is not a JWT, or is encrypted.
    pub(crate) fn read(id_token: &Secret) -> Option<Self> {
        let payload = id_token.expose().split('.').nth(1)?;
        let payload = Zeroizing::new(payload.replace('+', "-").replace('/', "_"));
        let claims = Zeroizing::new(BASE64URL.decode(payload.as_str()).ok()?);
        // Bytes that are not UTF-8 make only their own claim unreadable.
        let claims = Zeroizing::new(String::from_utf8_lossy(&claims).into_owned());
        let claims = Members::of_json(&claims).ok()?;
        let secret = |name| {
            let is_whole = |text: &str| !text.contains(char::REPLACEMENT_CHARACTER);
            let text = claims.text(name);
            text.and_then(|text| is_whole(&text).then(|| Secret::from(&*text)))
        };
        Some(Self {
            subject: secret("sub"),
            nonce: secret("nonce"),
            issuer: claims.text("iss").and_then(|text| Some(text.into_owned())),
            audience: claims.texts("aud").ok().unwrap_or_default(),
        })
    }

    /// Whether it is for this client, and from this issuer if one is given (OpenID Connect Core
    /// §3.1.3.7, rules 2 and 3).
    pub(crate) fn is_for(&self, client_id: &str, issuer: Option<&str>) -> bool {
        let is_from = |known: &str| matches!(&self.issuer, Field::Present(named) if named == known);
        self.audience.iter().any(|named| named == client_id) && issuer.is_none_or(is_from)
    }
}

/// The **unverified** subject of an ID token. Use it only to find out that an answer is about
/// another person. `None` if there is no readable subject.
pub fn id_token_subject(id_token: &Secret) -> Option<Secret> {
    IdToken::read(id_token)?.subject.ok()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use alloc::format;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};

    /// An unsigned ID token with these claims.
    pub(crate) fn id_token(claims: &str) -> Secret {
        format!("e30.{}.", URL_SAFE_NO_PAD.encode(claims)).into()
    }

    fn subject(claims: &str) -> Option<Secret> {
        id_token_subject(&id_token(claims))
    }

    #[test]
    fn the_subject_is_read_from_either_base64_alphabet() {
        // `?` next to `>` encodes to the two characters that differ between the alphabets.
        for claims in [
            r#"{"sub":"me?>~?>"}"#,
            r#"{"sub":"me?>~?>" }"#,
            r#"{ "sub":"me?>~?>" }"#,
        ] {
            let encoded = [
                URL_SAFE_NO_PAD.encode(claims),
                URL_SAFE.encode(claims),
                STANDARD.encode(claims),
            ];
            for payload in encoded {
                let read = id_token_subject(&format!("e30.{payload}.s").into());
                assert_eq!(read, Some("me?>~?>".into()), "{payload}");
            }
        }
        let more = r#"{"iat":1e400,"sub":"me","name":"\ud83d","iat":[{}]}"#;
        assert_eq!(subject(more), Some("me".into()));
    }

    #[test]
    fn an_unreadable_subject_is_absent() {
        for claims in [
            r#"{"sub":"me","sub":"me"}"#,
            r#"{"sub":"me","sub":"you"}"#,
            r#"{"sub":7}"#,
            r#"{"sub":null}"#,
            r#"{"sub":""}"#,
            r#"{"sub":["me"]}"#,
            r#"{"sub":"\ud83d"}"#,
            "{}",
            "sub=me",
            r#"["sub"]"#,
            r#"{"sub":"me""#,
        ] {
            assert_eq!(subject(claims), None, "{claims}");
        }
        for token in ["", "e30", "e30.!.s", "e30.bWU.s", "a.b.c.d.e"] {
            assert_eq!(id_token_subject(&token.into()), None, "{token}");
        }
        let of = |claims: &[u8]| {
            let payload = URL_SAFE_NO_PAD.encode(claims);
            id_token_subject(&format!("e30.{payload}.s").into())
        };
        assert_eq!(of(b"{\"sub\":\"m\xe9\"}"), None);
        // In another claim, invalid bytes change nothing.
        let latin_1 = b"{\"sub\":\"me\",\"name\":\"Jos\xe9\"}";
        assert_eq!(of(latin_1), Some("me".into()));
    }

    #[test]
    fn an_id_token_needs_audience_and_issuer() {
        let is_for = |claims: &str, issuer| {
            let read = IdToken::read(&id_token(claims)).unwrap();
            read.is_for("app", issuer)
        };
        let issuer = Some("https://id.example");
        for good in [
            r#"{"aud":"app","iss":"https://id.example"}"#,
            r#"{"aud":["other","app"],"iss":"https://id.example"}"#,
        ] {
            assert!(is_for(good, issuer) && is_for(good, None), "{good}");
        }
        for wrong in [
            "{}",
            r#"{"iss":"https://id.example"}"#,
            r#"{"aud":"app"}"#,
            r#"{"aud":"other","iss":"https://id.example"}"#,
            r#"{"aud":"app other","iss":"https://id.example"}"#,
            r#"{"aud":"app","iss":"https://id.example/"}"#,
            r#"{"aud":"app","iss":"https://id.example","iss":"https://id.example"}"#,
        ] {
            assert!(!is_for(wrong, issuer), "{wrong}");
        }
    }
}
