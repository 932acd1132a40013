//! How clients reach the sandbox: its addresses, its connections, and TLS.

pub(crate) mod addresses;
mod authority;
pub(crate) mod connection;
pub(crate) mod tls;

pub use tls::Tls;

/// Why a file of the certificate authority cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}", file.display())]
pub(crate) struct TlsError {
    pub(crate) file: std::path::PathBuf,
    /// What is wrong, and what to do about it.
    pub(crate) reason: String,
}
