//! Redacts secrets that a server repeats, in plain text and in the encodings that the server may
//! use.
//!
//! Before you change this: the text goes into logs and errors. If it is not certain that no secret
//! is left, the whole text is replaced.

use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::percent_decode_str;

use crate::form;
use crate::visible::is_invisible;

/// The shortest secret that is redacted, in bytes: a shorter one occurs in ordinary text.
const SHORTEST: usize = 4;

/// The text that replaces a secret.
const MASK: &str = "[redacted]";

/// The number of nested percent-encodings that are searched.
const DEPTH: usize = 3;

/// A text from outside, for display: without invisible characters and without these secrets.
pub fn redact(text: &str, secrets: &[&str]) -> String {
    // Invisible characters first: they could hide a secret from the search.
    let visible = text.chars().filter(|c| !is_invisible(*c)).collect();
    redacted(visible, secrets)
}

/// The text without these secrets: plain, percent-encoded, and in base64 or base64url, alone or
/// as a part of a longer encoded text. If a secret is still there after decoding, the whole text is
/// replaced.
pub(crate) fn redacted(mut text: String, secrets: &[&str]) -> String {
    let secrets = secrets.iter().filter(|secret| secret.len() >= SHORTEST);
    let mut forms: Vec<String> = Vec::new();
    for form in secrets.flat_map(|secret| self::forms(secret, &text)) {
        // The longest first, because one form may be a part of another.
        let shorter = forms.iter().position(|known| known.len() < form.len());
        forms.insert(shorter.unwrap_or(forms.len()), form);
    }
    for form in &forms {
        if text.contains(form.as_str()) {
            text = text.replace(form.as_str(), MASK);
        }
    }
    match is_within(&text, &forms, DEPTH) {
        true => MASK.into(),
        false => text,
    }
}

/// The encoded forms of a secret that are short enough to be in the text.
fn forms(secret: &str, text: &str) -> impl Iterator<Item = String> {
    let has_room = secret.len() * 4 / 3 <= text.len() + 2;
    let in_base64 = (0..3).filter(move |_| has_room).flat_map(|behind| {
        [STANDARD_NO_PAD, URL_SAFE_NO_PAD].map(|engine| in_base64(&engine, secret, behind))
    });
    let plain = (secret.len() <= text.len()).then(|| secret.into());
    let encoded = text.contains('%').then(|| form::encoded(secret));
    in_base64.chain(plain).chain(encoded)
}

/// The base64 characters that depend on this secret alone, if `behind` bytes precede it in the
/// encoded text.
fn in_base64(engine: &impl Engine, secret: &str, behind: usize) -> String {
    let mut bytes = alloc::vec![0; behind];
    bytes.extend_from_slice(secret.as_bytes());
    let encoded = engine.encode(&bytes);
    let (first, last) = ((behind * 8).div_ceil(6), bytes.len() * 8 / 6);
    encoded[first..last].into()
}

/// Whether the decoded text has one of these forms.
fn is_within(text: &str, forms: &[String], depth: usize) -> bool {
    if depth == 0 || !text.contains(['%', '+']) {
        return false;
    }
    let spaced = text.replace('+', " ");
    [text, &spaced].into_iter().any(|text| {
        let decoded = percent_decode_str(text).decode_utf8_lossy();
        let is_there = forms.iter().any(|form| decoded.contains(form.as_str()));
        is_there || decoded != text && is_within(&decoded, forms, depth - 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};
    use proptest::prelude::*;

    const SECRET: &str = "s3cr3t/+=~of mine";

    fn assert_redacted(text: &str) {
        let redacted = redacted(text.into(), &[SECRET, "part", "other-secret"]);
        assert!(redacted.contains(MASK), "{text} became {redacted}");
        for left in ["s3cr3t", "mine", "czNjcjN0"] {
            assert!(!redacted.contains(left), "{text} became {redacted}");
        }
    }

    #[test]
    fn a_secret_is_redacted_in_every_encoding() {
        assert_redacted(&format!("the token {SECRET} was used"));
        for encoded in [
            "s3cr3t%2F%2B%3D~of%20mine",
            "s3cr3t%2f%2b%3d~of+mine",
            "s3cr3t/%2B=~of%20mine",
            "%73%33cr3t%2F%2B%3D%7Eof%20mine",
            "s3cr3t%252F%252B%253D~of%2520mine",
        ] {
            assert_redacted(&format!("refresh_token={encoded}&a=b"));
        }
        for before in ["", "a", "ab", "client:"] {
            let text = format!("{before}{SECRET}");
            assert_redacted(&format!("Basic {}", STANDARD.encode(&text)));
            assert_redacted(&URL_SAFE_NO_PAD.encode(format!("{text} and more")));
            assert_redacted(&form::encoded(&URL_SAFE.encode(&text)));
        }
    }

    #[test]
    fn other_text_is_unchanged() {
        let redacted = |text: &str| redacted(text.into(), &["abc", "s3cr3t"]);
        for text in [
            "",
            "abc is short",
            "100% + 1",
            "read write a%20b",
            "czNjcjN",
        ] {
            assert_eq!(redacted(text), text);
        }
        assert_eq!(redacted("a s3cr3t b"), "a [redacted] b");
    }

    proptest! {
        #[test]
        fn no_encoded_secret_remains(
            secret in "[!-~]{8,40}", before in "[ -~]{0,9}", behind in "[ -~]{0,9}"
        ) {
            let plain = [&*before, &*secret, &*behind].concat();
            for text in [STANDARD.encode(&plain), URL_SAFE.encode(&plain), plain.clone()] {
                let redacted = redacted(text, &[&secret]);
                prop_assert!(!redacted.contains(&secret));
                prop_assert!(redacted.contains(MASK));
            }
        }
    }
}
