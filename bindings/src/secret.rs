//! Secrets.

use crate::shows::shows;

/// A token, or a header that contains a token. Its text stays in Rust until the app calls
/// `expose`. Printed, it shows `[redacted]`.
#[derive(Clone, uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct Secret(pub(crate) switchback::Secret);

#[uniffi::export]
impl Secret {
    /// The text itself. A review should look at every call.
    pub fn expose(&self) -> String {
        self.0.expose().to_owned()
    }
}

shows!(Secret, |_this| "[redacted]");
