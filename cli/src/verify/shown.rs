//! A report as text for people: who signed, what, when, and each check. The table and the page show
//! the same rows.

use switchback::Provider;
use switchback::provider::KNOWN;
use switchback::signature::{
    CertificateSummary, Check, Indication, Outcome, Report, Signed, SubIndication, Summary,
};

use crate::format;

/// A name with its value.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) value: String,
}

impl Row {
    fn new(name: &str, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
        }
    }
}

/// The result in one sentence for a person who does not know the standard.
pub(super) fn sentence(report: &Report) -> &'static str {
    match report.indication {
        Indication::TotalPassed => {
            "The signature is valid: the person of this certificate signed this document."
        }
        Indication::TotalFailed => {
            "The signature is not valid: it is wrong, or it is not a signature of this document."
        }
        Indication::Indeterminate
            if report.sub_indication == Some(SubIndication::SigConstraintsFailure) =>
        {
            "The signature breaks a rule of this verification: do not accept it."
        }
        Indication::Indeterminate => {
            "Nothing shows that the signature is wrong, but a proof is missing."
        }
    }
}

/// What is known beside the result, if only the time is not proven.
pub(super) fn remark(report: &Report) -> Option<&'static str> {
    let is_good_then = report.at_claimed_time == Indication::TotalPassed;
    (is_good_then && report.indication != Indication::TotalPassed).then_some(
        "It is valid if it was made at the time that it claims. Nothing proves that time.",
    )
}

/// The name of the reason: `TRY_LATER`.
pub(super) fn reason(report: &Report) -> Option<String> {
    let reason = serde_json::to_value(report.sub_indication).ok()?;
    reason.as_str().map(Into::into)
}

/// The checks that decided the result, or kept it from being a better one.
pub(super) fn deciding(report: &Report) -> impl Iterator<Item = &Check> {
    let checks = report.checks.iter();
    checks.filter(|check| matches!(check.outcome, Outcome::Failed | Outcome::Undecided))
}

pub(super) const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "passed",
        Outcome::Failed => "failed",
        Outcome::Undecided => "undecided",
        Outcome::Skipped => "skipped",
        Outcome::Remark => "remark",
    }
}

/// Who signed: the claims of the presentation, and the certificate's subject.
pub(super) fn who(summary: &Summary) -> Vec<Row> {
    let mut rows = Vec::new();
    if let Some(presentation) = signed(summary).and_then(|signed| signed.presentation) {
        let provider = Provider::new(KNOWN[0]);
        rows.extend(presentation.claims.iter().map(|claim| {
            let value = provider.summary(&claim.key, &claim.value);
            Row::new(provider.short_claim(&claim.key), value.text)
        }));
        rows.push(Row::new("subject", presentation.sub));
    }
    if let Some(signer) = summary.certificates.first() {
        rows.push(Row::new("certificate of", &signer.subject));
        let parts = signer.attributes.iter();
        let pseudonyms = parts.filter(|part| part.name == "PSEUDONYM");
        rows.extend(pseudonyms.map(|part| Row::new("pseudonym", &part.value)));
        rows.push(Row::new("issued by", &signer.issuer));
    }
    rows
}

/// The headers of the provider. The first one is the only one with signatures.
fn signed(summary: &Summary) -> Option<Signed> {
    let facts = KNOWN[0].signing.as_ref()?;
    Some(Signed::read(summary, facts))
}

/// What was signed: the document, and the message that the person saw.
pub(super) fn what(summary: &Summary) -> Vec<Row> {
    let mut rows = Vec::new();
    if let Some(document) = &summary.document {
        rows.push(Row::new("document", &document.id));
        rows.push(Row::new("SHA-256", &document.digest));
        if let Some(content_type) = &document.content_type {
            rows.push(Row::new("content type", content_type));
        }
    }
    let message = signed(summary).and_then(|signed| signed.user_message);
    rows.extend(message.map(|message| Row::new("message", message)));
    rows
}

/// When it was signed.
pub(super) fn when(summary: &Summary) -> Vec<Row> {
    let mut rows = Vec::new();
    if let Some(claimed) = summary.claimed_time {
        let time = format::time(claimed.time);
        rows.push(Row::new("claimed time", time));
    }
    let proven = match &summary.proven_time {
        Some(proven) => format!(
            "not later than {}, by {}",
            format::time(proven.time),
            proven.authority
        ),
        None => "no timestamp proves this time".into(),
    };
    rows.push(Row::new("proven time", proven));
    rows
}

/// The rows of one certificate.
pub(super) fn certificate(certificate: &CertificateSummary) -> Vec<Row> {
    let valid = format!(
        "{} to {}",
        format::time(certificate.not_before),
        format::time(certificate.not_after)
    );
    vec![
        Row::new("subject", &certificate.subject),
        Row::new("issuer", &certificate.issuer),
        Row::new("serial number", &certificate.serial),
        Row::new("valid", valid),
        Row::new("SHA-256", &certificate.sha256),
    ]
}
