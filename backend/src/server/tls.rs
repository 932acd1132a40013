//! TLS with rustls, from a certificate and a key in PEM.

use std::path::Path;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use switchback_driver::files::check_file_is_private;

use super::settings::read_bytes;

/// Why the files cannot be used. It holds no part of the key.
#[derive(Debug)]
pub(super) struct TlsError {
    /// The configuration key of the file.
    pub(super) key: &'static str,
    pub(super) reason: String,
}

/// Reads both files.
pub(super) fn load(certificate: &Path, key: &Path) -> Result<rustls::ServerConfig, TlsError> {
    let wrong = |which, path: &Path, what: &str| TlsError {
        key: which,
        reason: format!("the file {} {what}", path.display()),
    };
    let no_certificate = |why: &dyn std::fmt::Display| {
        let what = format!("has no certificate in PEM (-----BEGIN CERTIFICATE-----): {why}");
        wrong("certificate", certificate, &what)
    };
    let read = |which, path, check| {
        let bytes = read_bytes(path, check);
        bytes.map_err(|reason| TlsError { key: which, reason })
    };
    let pem = read("certificate", certificate, |_| Ok(()))?;
    let chain = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| no_certificate(&error))?;
    if chain.is_empty() {
        return Err(no_certificate(&"it has no such section"));
    }
    let pem = read("key", key, check_file_is_private)?;
    let secret = PrivateKeyDer::from_pem_slice(&pem).map_err(|error| {
        let what = format!("has no private key in PEM (-----BEGIN PRIVATE KEY-----): {error}");
        wrong("key", key, &what)
    })?;
    rustls::ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map(|builder| builder.with_no_client_auth())
        .and_then(|builder| builder.with_single_cert(chain, secret))
        .map(|mut config| {
            config.alpn_protocols = vec![b"http/1.1".to_vec()];
            config
        })
        .map_err(|error| {
            let what =
                format!("does not match the certificate, or its kind is not supported: {error}");
            wrong("key", key, &what)
        })
}
