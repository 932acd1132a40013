//! The verification, as Kotlin and Swift call it.

use std::sync::Arc;

use crate::config::Provider;
use crate::error::SwitchbackError;
use crate::runtime::run;
use crate::session::Session;
use crate::shows::shows;
use crate::signature::checker::Checker;
use crate::signature::document::DocumentDigest;
use crate::signature::report::SignatureReport;

/// Verifies the signatures of one service. Make it once: it parses the certificates.
#[derive(uniffi::Object)]
pub struct SignatureVerifier(Arc<Checker>);

#[uniffi::export]
impl SignatureVerifier {
    /// A verifier that trusts these certificates. It sends nothing.
    ///
    /// `roots` are the roots of the service's certificates, `timestamp_roots` those of timestamp
    /// authorities, and `crls` the revocation lists that the app has: each a file, PEM or DER.
    ///
    /// `Configuration`: a file cannot be read, or this library was built without the feature
    /// `signatures`.
    #[uniffi::constructor]
    pub fn new(
        provider: Provider,
        roots: Vec<Vec<u8>>,
        timestamp_roots: Vec<Vec<u8>>,
        crls: Vec<Vec<u8>>,
    ) -> Result<Self, SwitchbackError> {
        let provider = provider.try_into()?;
        let checker = Checker::new(&provider, &roots, &timestamp_roots, &crls)?;
        Ok(Self(Arc::new(checker)))
    }

    /// Verifies a signature. A wrong signature is a report, and no error. It takes some
    /// milliseconds of this thread.
    ///
    /// `Configuration`: the expected digest is not one.
    pub fn verify(
        &self,
        signature: &str,
        expected: ExpectedSignature,
    ) -> Result<SignatureReport, SwitchbackError> {
        self.0.verify(signature, expected)
    }

    /// Fetches the signature of a session from the provider, in direct mode, and verifies it against
    /// what the person was asked to sign, at the time of the client's clock.
    pub async fn fetch(&self, session: Arc<Session>) -> Result<VerifiedSignature, SwitchbackError> {
        let (checker, session) = (Arc::clone(&self.0), session.core());
        run(async move { checker.fetch(&session).await }).await
    }
}

/// What the app knows about a signature. The report compares the signature with it.
#[derive(Clone, uniffi::Record)]
pub struct ExpectedSignature {
    /// The digest of the document. Without it, the report is INDETERMINATE /
    /// SIGNED_DATA_NOT_FOUND at best.
    pub document: Option<DocumentDigest>,
    /// The document's id that the app asked to be signed. Nothing: any id.
    pub id: Option<String>,
    /// The document's content type that the app asked to be signed. Nothing: any.
    pub content_type: Option<String>,
    /// The text that the person has read. Nothing: any.
    pub user_message: Option<String>,
    /// The time of the verification, in seconds since the epoch.
    pub time: i64,
    /// How old the signature may be, in seconds. Nothing: any age.
    pub max_age: Option<i64>,
}

/// A signature with the report of its verification.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct VerifiedSignature {
    /// The signature: a JWS in compact form. It contains data of the person.
    pub jws: String,
    /// The report.
    pub report: SignatureReport,
}

shows!(VerifiedSignature, |this| format!("{}", this.report));
