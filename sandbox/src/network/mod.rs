//! How clients reach the sandbox: under which addresses, over which connections, with TLS or
//! without.

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
    /// What is wrong with it, and what to do.
    pub(crate) reason: String,
}
