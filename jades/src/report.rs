//! The report, in the words of ETSI EN 319 102-1 §5.1.3 (indications) and table 6 (sub-indications).
//!
//! Before you change this: the names are in stored reports, and in Kotlin and Swift.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

/// The result of a verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Indication {
    /// Every check passed.
    #[serde(rename = "TOTAL-PASSED")]
    TotalPassed,
    /// The signature is wrong, or it is not of what was asked.
    #[serde(rename = "TOTAL-FAILED")]
    TotalFailed,
    /// Nothing shows that the signature is wrong, and what is here does not prove that it is right.
    #[serde(rename = "INDETERMINATE")]
    Indeterminate,
}

/// The reason for an indication that is not TOTAL-PASSED.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum SubIndication {
    /// TOTAL-FAILED: the signature does not have the form that the standard demands.
    FormatFailure,
    /// TOTAL-FAILED: the document is not the signed one.
    HashFailure,
    /// TOTAL-FAILED: the signature value was not made with the key of the certificate.
    SigCryptoFailure,
    /// TOTAL-FAILED: the signing certificate was revoked before the signature existed.
    Revoked,
    /// TOTAL-FAILED: the signature was made after the certificate had expired.
    Expired,
    /// TOTAL-FAILED: the signature was made before the certificate was valid.
    NotYetValid,
    /// INDETERMINATE: an attribute of the signature is not as the policy or the caller demands.
    SigConstraintsFailure,
    /// INDETERMINATE: the certificate chain does not satisfy the policy.
    ChainConstraintsFailure,
    /// INDETERMINATE: the certificates cannot be judged.
    CertificateChainGeneralFailure,
    /// INDETERMINATE: an algorithm or a key is weaker than the policy allows.
    CryptoConstraintsFailureNoPoe,
    /// INDETERMINATE: the document was not given.
    SignedDataNotFound,
    /// INDETERMINATE: the signature has no signing certificate, or another one than it names.
    NoSigningCertificateFound,
    /// INDETERMINATE: no chain leads to a configured trust anchor.
    NoCertificateChainFound,
    /// INDETERMINATE: the certificate was revoked, and no proof shows that the signature is older.
    RevokedNoPoe,
    /// INDETERMINATE: a certificate of an authority was revoked, and no proof shows that the
    /// signature is older.
    RevokedCaNoPoe,
    /// INDETERMINATE: the certificate has expired or is not valid yet, and no proof shows that the
    /// signature was made while the certificate was valid.
    OutOfBoundsNoPoe,
    /// INDETERMINATE: a proof of existence is missing.
    NoPoe,
    /// INDETERMINATE: the times of signature and timestamps contradict each other.
    TimestampOrderFailure,
    /// INDETERMINATE: information about revocation is missing or too old. It may exist later.
    TryLater,
    /// INDETERMINATE: another reason, which the check explains.
    Generic,
}

/// The outcome of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The check passed.
    Passed,
    /// The check failed: the signature is wrong.
    Failed,
    /// The check could not be decided.
    Undecided,
    /// The check was not made, because an earlier one failed or because the policy does not ask for
    /// it.
    Skipped,
    /// A remark about conformance, which does not change the result.
    Remark,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The stable name, in lower case with hyphens: `document-digest`.
    pub name: &'static str,
    /// The outcome.
    pub outcome: Outcome,
    /// One sentence for people: what was found, and what to do about it.
    pub text: String,
    /// The section of the standard that demands the check.
    pub section: &'static str,
    /// The sub-indication that this check leads to, if it did not pass.
    pub sub_indication: Option<SubIndication>,
}

/// What a verification found.
///
/// `Serialize` writes the form that programs read: `indication`, `sub_indication`, `checks`, and
/// what the signature says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The result.
    pub indication: Indication,
    /// The reason, if the result is not TOTAL-PASSED.
    pub sub_indication: Option<SubIndication>,
    /// The result if the signature was made at the time that it claims. It differs from
    /// `indication` where no timestamp proves that time, for example after the certificate has expired.
    pub at_claimed_time: Indication,
    /// The checks, in the order in which they were made.
    pub checks: Vec<Check>,
    /// What the signature says about itself. `None` if it cannot be read. Believe it only if the
    /// indication allows that.
    pub summary: Option<Summary>,
}

/// What a signature says about itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
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
    /// The other members of the protected header. A profile reads them.
    pub header: Map<String, Value>,
}

/// The level of a signature (ETSI TS 119 182-1 §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Level {
    /// Basic.
    #[serde(rename = "B-B")]
    BaselineB,
    /// With a timestamp of the signature value.
    #[serde(rename = "B-T")]
    BaselineT,
}

/// The signing time that a signature claims. A claim proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ClaimedTime {
    /// Seconds since the epoch.
    pub time: i64,
    /// The header that has it.
    pub header: TimeHeader,
}

/// The header that has the signing time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum TimeHeader {
    /// `iat`, a NumericDate: since July 2025 (ETSI TS 119 182-1 v1.2.1 §5.1.11).
    #[serde(rename = "iat")]
    Iat,
    /// `sigT`, a text: before (§5.2.1).
    #[serde(rename = "sigT")]
    SigT,
}

/// A time that a timestamp authority proves (RFC 3161).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProvenTime {
    /// Seconds since the epoch.
    pub time: i64,
    /// The subject of the authority's certificate.
    pub authority: String,
}

/// The document that a signature names (`sigD`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignedDocument {
    /// The id: a URI.
    pub id: String,
    /// SHA-256, base64url without padding.
    pub digest: String,
    /// The content type, unchanged.
    pub content_type: Option<String>,
}

/// One certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CertificateSummary {
    /// The subject (RFC 4514).
    pub subject: String,
    /// The issuer (RFC 4514).
    pub issuer: String,
    /// The serial number, hexadecimal.
    pub serial: String,
    /// The beginning of the validity, in seconds since the epoch.
    pub not_before: i64,
    /// The end of the validity, in seconds since the epoch.
    pub not_after: i64,
    /// SHA-256 of the certificate, hexadecimal.
    pub sha256: String,
    /// The parts of the subject, in the order of the certificate.
    pub attributes: Vec<CertificateAttribute>,
}

/// One part of a distinguished name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CertificateAttribute {
    /// The short name in upper case (`CN`, `O`, `PSEUDONYM`), or an object identifier in numbers.
    pub name: String,
    /// The value, unchanged: text of the certificate, which can contain any character.
    pub value: String,
}

impl Indication {
    /// The name in the standard: `TOTAL-PASSED`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TotalPassed => "TOTAL-PASSED",
            Self::TotalFailed => "TOTAL-FAILED",
            Self::Indeterminate => "INDETERMINATE",
        }
    }
}

impl SubIndication {
    /// The indication that this reason leads to (ETSI EN 319 102-1, tables 5 and 6).
    pub const fn indication(self) -> Indication {
        match self {
            Self::FormatFailure
            | Self::HashFailure
            | Self::SigCryptoFailure
            | Self::Revoked
            | Self::Expired
            | Self::NotYetValid => Indication::TotalFailed,
            _ => Indication::Indeterminate,
        }
    }
}

impl SubIndication {
    /// The outcome of a check that leads to this reason.
    pub(crate) const fn outcome(self) -> Outcome {
        match self.indication() {
            Indication::TotalFailed => Outcome::Failed,
            _ => Outcome::Undecided,
        }
    }
}

impl Check {
    /// A check that passed.
    pub fn passed(name: &'static str, section: &'static str, text: impl Into<String>) -> Self {
        Self::new(name, section, Outcome::Passed, text)
    }

    /// A check that did not pass. [`SubIndication::indication`] says whether the signature is wrong
    /// or the check is undecided.
    pub fn not_passed(
        name: &'static str,
        section: &'static str,
        why: SubIndication,
        text: impl Into<String>,
    ) -> Self {
        Self {
            sub_indication: Some(why),
            ..Self::new(name, section, why.outcome(), text)
        }
    }

    /// A check that was not made.
    pub fn skipped(name: &'static str, section: &'static str, text: impl Into<String>) -> Self {
        Self::new(name, section, Outcome::Skipped, text)
    }

    /// A remark, which does not change the result.
    pub fn remark(name: &'static str, section: &'static str, text: impl Into<String>) -> Self {
        Self::new(name, section, Outcome::Remark, text)
    }

    fn new(
        name: &'static str,
        section: &'static str,
        outcome: Outcome,
        text: impl Into<String>,
    ) -> Self {
        Self {
            name,
            outcome,
            text: text.into(),
            section,
            sub_indication: None,
        }
    }
}

impl Report {
    /// Adds a check of a profile, and concludes once more.
    ///
    /// A check that did not pass can make the result worse, and no check makes it better.
    pub fn add(&mut self, check: Check) {
        let (alone, _) = conclude([&check]);
        self.at_claimed_time = match (self.at_claimed_time, alone) {
            (Indication::TotalFailed, _) | (_, Indication::TotalFailed) => Indication::TotalFailed,
            (Indication::TotalPassed, Indication::TotalPassed) => Indication::TotalPassed,
            _ => Indication::Indeterminate,
        };
        self.checks.push(check);
        (self.indication, self.sub_indication) = conclude(&self.checks);
    }

    /// Whether every check passed: the indication is TOTAL-PASSED.
    pub fn is_passed(&self) -> bool {
        self.indication == Indication::TotalPassed
    }

    /// The check with this name.
    pub fn check(&self, name: &str) -> Option<&Check> {
        self.checks.iter().find(|check| check.name == name)
    }
}

/// The result: a failed check decides before an undecided one, and the first of them gives the
/// reason.
pub(crate) fn conclude<'a>(
    checks: impl IntoIterator<Item = &'a Check>,
) -> (Indication, Option<SubIndication>) {
    let mut undecided = None;
    for why in checks.into_iter().filter_map(|check| check.sub_indication) {
        match why.indication() {
            Indication::TotalFailed => return (Indication::TotalFailed, Some(why)),
            _ => undecided = undecided.or(Some(why)),
        }
    }
    match undecided {
        Some(why) => (Indication::Indeterminate, Some(why)),
        None => (Indication::TotalPassed, None),
    }
}

impl fmt::Display for Indication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
