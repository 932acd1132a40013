//! Conversion of the report of a verification.

use std::sync::Arc;

use switchback_jades as jades;
use switchback_protocol::provider::SigningFacts;
use switchback_protocol::signature::Signed;

use crate::signature::report::{SignatureCheck, SignatureReport, SignatureSummary};

impl SignatureReport {
    /// Converts the report, and reads the service's own headers.
    pub(super) fn of(report: jades::Report, facts: &SigningFacts) -> Self {
        Self {
            indication: report.indication,
            sub_indication: report.sub_indication.map(name),
            at_claimed_time: report.at_claimed_time,
            checks: report.checks.into_iter().map(Into::into).collect(),
            summary: report
                .summary
                .map(|summary| SignatureSummary::of(summary, facts)),
        }
    }
}

impl From<jades::Check> for SignatureCheck {
    fn from(check: jades::Check) -> Self {
        Self {
            name: check.name.into(),
            outcome: check.outcome,
            text: check.text,
            section: check.section.into(),
            sub_indication: check.sub_indication.map(name),
        }
    }
}

impl SignatureSummary {
    fn of(summary: jades::Summary, facts: &SigningFacts) -> Self {
        let signed = Signed::read(&summary, facts);
        Self {
            level: summary.level,
            claimed_time: summary.claimed_time,
            proven_time: summary.proven_time,
            document: summary.document,
            certificates: summary.certificates,
            user_message: signed.user_message,
            presentation: signed.presentation.map(|read| Arc::new(read.into())),
            subject: signed.subject,
            header: serde_json::Value::Object(summary.header).to_string(),
        }
    }
}

/// The name in the standard.
fn name(why: jades::SubIndication) -> String {
    match serde_json::to_value(why) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sub_indication_has_its_name_in_the_standard() {
        assert_eq!(name(jades::SubIndication::HashFailure), "HASH_FAILURE");
        let longest = jades::SubIndication::CryptoConstraintsFailureNoPoe;
        assert_eq!(name(longest), "CRYPTO_CONSTRAINTS_FAILURE_NO_POE");
    }
}
