//! What must not be read over somebody's shoulder.

use std::fmt;

/// A token, or a header that holds one. It stays on this side until somebody asks for its
/// text, and shows `[redacted]` wherever it is printed.
#[derive(Clone, uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct Secret(pub(crate) switchback::Secret);

#[uniffi::export]
impl Secret {
    /// The text itself. Every call is a place to look at in a review.
    pub fn expose(&self) -> String {
        self.0.expose().to_owned()
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
