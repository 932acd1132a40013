//! The report of a verification.

use std::sync::Arc;

use crate::identity::Presentation;
use crate::remote::{
    CertificateSummary, ClaimedTime, Indication, Level, Outcome, ProvenTime, SignedDocument,
};
use crate::shows::shows;

/// What a verification found, in the words of ETSI EN 319 102-1. Its text form shows nothing of the
/// document and of the person.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct SignatureReport {
    /// The result.
    pub indication: Indication,
    /// The reason, if the result is not TOTAL-PASSED: `HASH_FAILURE` for example.
    pub sub_indication: Option<String>,
    /// The result if the signature was made at the time that it claims. It differs from
    /// `indication` where no timestamp proves that time, for example after the certificate has expired.
    pub at_claimed_time: Indication,
    /// The checks, in the order in which they were made.
    pub checks: Vec<SignatureCheck>,
    /// What the signature says about itself. Nothing if it cannot be read. Believe it only if the
    /// indication allows that.
    pub summary: Option<SignatureSummary>,
}

shows!(SignatureReport, |this| format!(
    "SignatureReport({}{})",
    this.indication,
    this.sub_indication
        .as_ref()
        .map(|why| format!(" / {why}"))
        .unwrap_or_default()
));

/// One check.
#[derive(Clone, Debug, uniffi::Record)]
pub struct SignatureCheck {
    /// The stable name, in lower case with hyphens: `document-digest`.
    pub name: String,
    /// The outcome.
    pub outcome: Outcome,
    /// One sentence for people, in English: what was found, and what to do about it.
    pub text: String,
    /// The section of the standard that demands the check.
    pub section: String,
    /// The sub-indication that this check leads to, if it did not pass.
    pub sub_indication: Option<String>,
}

/// What a signature says about itself. Its text form shows the level.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct SignatureSummary {
    /// The level of the signature.
    pub level: Level,
    /// The signing time that the signature claims.
    pub claimed_time: Option<ClaimedTime>,
    /// The earliest time for which a valid timestamp proves that the signature existed.
    pub proven_time: Option<ProvenTime>,
    /// The signed document.
    pub document: Option<SignedDocument>,
    /// The certificates of the chain: the signing certificate first.
    pub certificates: Vec<CertificateSummary>,
    /// The text that the identity app showed to the person.
    pub user_message: Option<String>,
    /// The person's claims.
    pub presentation: Option<Arc<Presentation>>,
    /// The person's identifier in the signing certificate: the `sub` of the person.
    pub subject: Option<String>,
    /// The other members of the protected header, as a JSON object.
    pub header: String,
}

shows!(SignatureSummary, |this| format!(
    "SignatureSummary(level={:?})",
    this.level
));
