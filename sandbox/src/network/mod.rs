//! The network: the sandbox's addresses, its connections, and TLS.

pub(crate) mod addresses;
mod authority;
pub(crate) mod connection;
pub(crate) mod tls;

pub use tls::Tls;

/// A file of the certificate authority cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}", file.display())]
pub(crate) struct TlsError {
    pub(crate) file: std::path::PathBuf,
    /// What is wrong, and what to do.
    pub(crate) reason: String,
}
