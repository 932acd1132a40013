//! What must not be read over somebody's shoulder.

use crate::shows::shows;

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

shows!(Secret, |_this| "[redacted]");
