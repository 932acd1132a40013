//! Signing: a person signs a document in the identity app, and the signature is verified against
//! what the person was asked to sign.
//!
//! ```no_run
//! use switchback::signature::{DocumentDigest, Policy, SignRequest};
//! use switchback::{Client, Error, LoginRequest, Session};
//!
//! /// Asks the person to sign a document. The URL opens the identity app.
//! async fn begin(client: &Client, contract: &[u8]) -> Result<String, Error> {
//!     let request = SignRequest::new(
//!         "https://example.com/docs/contract-17.pdf",
//!         DocumentDigest::of(contract),
//!         "I sign the rental contract no. 17",
//!     )
//!     .with_content_type("application/pdf");
//!     let login = LoginRequest::signing(request, ["truid.app/data-point/name"]);
//!     Ok(client.begin(login).await?.url)
//! }
//!
//! /// After `Client::complete`: the signature, if it is good.
//! async fn signature(session: &Session, policy: &Policy<'_>) -> Result<Option<String>, Error> {
//!     let (signature, report) = session.verify_signature(policy).await?;
//!     Ok(report.is_passed().then(|| signature.as_str().to_owned()))
//! }
//! ```
//!
//! In mediated mode the backend asks for the signature, fetches it and verifies it.

pub use switchback_jades::{
    Anchors, CertificateAttribute, CertificateSummary, Check, ClaimedTime, Crl, DigestInput,
    DocumentDigest, DocumentHasher, Expected, Indication, Level, Outcome, Policy, ProvenTime,
    Report, SignedDocument, SubIndication, Summary, TimeHeader, digest_input,
};
pub use switchback_protocol::signature::{Asked, SignRequest, Signature, Signed, verify};

#[cfg(feature = "ring")]
pub use switchback_driver::SIGNATURE_ALGORITHMS;
