//! Truid's format of a portrait: an object with the media type and the picture in base64.
//!
//! The reader accepts base64 with and without padding.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Value, json};

use crate::identity::{ClaimValue, More, Summary, take_text};

/// A portrait in base64. [`bytes`](Self::bytes) decodes it.
#[derive(Clone, PartialEq)]
pub struct PortraitImage {
    /// The media type, such as `image/png`.
    pub format: String,
    image_data: String,
    /// Unknown fields.
    pub more: More,
}

/// The data of a portrait is not base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the portrait's image data is not base64")]
pub struct NotBase64;

impl PortraitImage {
    /// Reads the value of [`ClaimType::PortraitImage`](super::ClaimType::PortraitImage).
    /// `None` if format or data are missing.
    pub fn read(value: &ClaimValue) -> Option<Self> {
        let ClaimValue::Other(Value::Object(fields)) = value else {
            return None;
        };
        let mut more = fields.clone();
        Some(Self {
            format: take_text(&mut more, "format")?,
            image_data: take_text(&mut more, "image-data")?,
            more,
        })
    }

    /// The bytes of the picture in [`format`](Self::format). Padding is optional.
    ///
    /// # Errors
    /// The data is not base64.
    pub fn bytes(&self) -> Result<Vec<u8>, NotBase64> {
        const LENIENT: GeneralPurpose = GeneralPurpose::new(
            &STANDARD,
            GeneralPurposeConfig::new()
                .with_decode_padding_mode(DecodePaddingMode::Indifferent)
                .with_decode_allow_trailing_bits(true),
        );
        LENIENT.decode(&self.image_data).map_err(|_| NotBase64)
    }

    /// Format and size.
    pub(super) fn summary(&self) -> Summary {
        let bytes = self.bytes().map(|bytes| bytes.len());
        Summary {
            text: match bytes {
                Ok(bytes) => format!("{}, {bytes} bytes", self.format),
                Err(error) => format!("{}, unreadable: {error}", self.format),
            },
            json: json!({ "format": self.format, "bytes": bytes.ok() }),
        }
    }
}

impl fmt::Debug for PortraitImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PortraitImage({}, [redacted])", self.format)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_base64_in_a_portrait_is_an_error() {
        let portrait = PortraitImage {
            format: "image/png".into(),
            image_data: "%%%".into(),
            more: More::new(),
        };
        assert_eq!(portrait.bytes(), Err(NotBase64));
        let sample = PortraitImage {
            // The guide's sample, whose padding and last bits are not canonical.
            image_data:
                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR4nGNgAAIAAAUAAXpeqz8="
                    .into(),
            ..portrait
        };
        assert!(sample.bytes().unwrap().starts_with(b"\x89PNG"));
    }
}
