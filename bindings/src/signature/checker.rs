//! The verification itself.

use switchback::provider::Provider;
use switchback_jades::{self as jades, P256_ALGORITHMS};
use switchback_protocol::provider::SigningFacts;
use switchback_protocol::signature::{self, Asked, SignRequest};

use crate::error::SwitchbackError;
use crate::signature::report::SignatureReport;
use crate::signature::verifier::{ExpectedSignature, VerifiedSignature};

/// What the app trusts.
pub(super) struct Checker {
    facts: &'static SigningFacts,
    anchors: jades::Anchors,
    timestamp_anchors: jades::Anchors,
    crls: Vec<jades::Crl>,
}

impl Checker {
    pub(super) fn new(
        provider: &Provider,
        roots: &[Vec<u8>],
        timestamp_roots: &[Vec<u8>],
        crls: &[Vec<u8>],
    ) -> Result<Self, SwitchbackError> {
        let facts = provider.facts().signing.as_ref();
        let facts = facts.ok_or_else(|| wrong("the provider has no signatures"))?;
        let crls = crls.iter().map(|file| jades::Crl::read(file)).collect();
        Ok(Self {
            facts,
            anchors: anchors(roots)?,
            timestamp_anchors: anchors(timestamp_roots)?,
            crls: Result::map_err(crls, |error: jades::CrlError| wrong(error))?,
        })
    }

    pub(super) fn verify(
        &self,
        signature: &str,
        expected: ExpectedSignature,
    ) -> Result<SignatureReport, SwitchbackError> {
        let asked = Asked {
            document: jades::Expected {
                document: expected.document.map(TryInto::try_into).transpose()?,
                id: expected.id.as_deref(),
                content_type: expected.content_type.as_deref(),
            },
            user_message: expected.user_message.as_deref(),
        };
        let policy = self.policy(expected.time, expected.max_age);
        let report = signature::verify(signature.as_bytes(), &asked, self.facts, &policy);
        Ok(SignatureReport::of(report, self.facts))
    }

    pub(super) async fn fetch(
        &self,
        session: &switchback::Session,
    ) -> Result<VerifiedSignature, switchback::Error> {
        let signature = session.signature().await?;
        let jws = signature.as_str();
        let asked = session.sign_request();
        // A session without a request has no signature either.
        let asked = asked.as_ref().map(SignRequest::asked).unwrap_or_default();
        let policy = self.policy(session.now(), None);
        let report = signature::verify(jws.as_bytes(), &asked, self.facts, &policy);
        Ok(VerifiedSignature {
            jws: jws.to_owned(),
            report: SignatureReport::of(report, self.facts),
        })
    }

    fn policy(&self, time: i64, max_age: Option<i64>) -> jades::Policy<'_> {
        jades::Policy {
            timestamp_anchors: &self.timestamp_anchors,
            crls: &self.crls,
            max_age,
            ..jades::Policy::new(&self.anchors, P256_ALGORITHMS, time)
        }
    }
}

fn anchors(files: &[Vec<u8>]) -> Result<jades::Anchors, SwitchbackError> {
    let mut anchors = jades::Anchors::default();
    for file in files {
        anchors.add(file).map_err(wrong)?;
    }
    Ok(anchors)
}

fn wrong(what: impl ToString) -> SwitchbackError {
    SwitchbackError::Configuration {
        what: what.to_string(),
    }
}
