//! What a caller trusts and demands.

use rustls_pki_types::SignatureVerificationAlgorithm;

/// The certificates that a caller trusts.
#[derive(Clone, Debug, Default)]
pub struct Anchors {}

/// A certificate revocation list (RFC 5280 §5).
#[derive(Clone, Debug)]
pub struct Crl {}

/// What a caller trusts and demands.
#[derive(Clone, Copy)]
pub struct Policy<'a> {
    /// The roots of the signers' certificates. Nothing of the signature itself is ever trusted.
    pub anchors: &'a Anchors,
    /// The roots of the timestamp authorities. Empty: no timestamp proves a time.
    pub timestamp_anchors: &'a Anchors,
    /// The revocation lists that the caller has.
    pub crls: &'a [Crl],
    /// The signature algorithms: for example those of `ring` or of RustCrypto.
    pub algorithms: &'a [&'a dyn SignatureVerificationAlgorithm],
    /// The time of the verification, in seconds since the epoch.
    pub time: i64,
    /// How far the signer's clock may be ahead of `time`, in seconds.
    pub skew: i64,
    /// How old a new signature may be, in seconds. `None`: any age, for a stored signature.
    pub max_age: Option<i64>,
}
