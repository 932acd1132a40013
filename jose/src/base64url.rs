//! base64url as the JOSE standards have it (RFC 7515 §2).

use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A text is not strict base64url: it has padding, another character, or bits after the last byte.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not strict base64url: {0}")]
pub struct NotBase64Url(base64::DecodeError);

/// Decodes a text without padding and without bits after the last byte, so that no two texts mean
/// the same bytes (RFC 4648 §3.5).
///
/// # Errors
/// The text has another form.
pub fn decode(text: &str) -> Result<Vec<u8>, NotBase64Url> {
    URL_SAFE_NO_PAD.decode(text).map_err(NotBase64Url)
}

/// Encodes without padding.
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_one_text_only() {
        assert_eq!(decode("AA"), Ok([0].into()));
        assert_eq!(encode(&[0]), "AA");
        for text in [
            "AA=", "AA==", "AB", "A", "A+AA", "A/AA", "AA\n", " AA", "A A",
        ] {
            assert!(decode(text).is_err(), "{text:?}");
        }
    }
}
