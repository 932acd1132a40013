//! The verification itself.

use switchback::provider::Provider;
use switchback_jades as jades;

use crate::error::SwitchbackError;
use crate::signature::es256::ALGORITHMS;
use crate::signature::report::SignatureReport;
use crate::signature::verifier::ExpectedSignature;

/// How far the signer's clock may be ahead, in seconds.
const SKEW: i64 = 60;

pub(super) struct Checker {
    anchors: jades::Anchors,
    timestamp_anchors: jades::Anchors,
    crls: Vec<jades::Crl>,
}

impl Checker {
    pub(super) fn new(
        _provider: Provider,
        _roots: &[Vec<u8>],
        _timestamp_roots: &[Vec<u8>],
        _crls: &[Vec<u8>],
    ) -> Result<Self, SwitchbackError> {
        Ok(Self {
            anchors: jades::Anchors::default(),
            timestamp_anchors: jades::Anchors::default(),
            crls: Vec::new(),
        })
    }

    pub(super) fn verify(
        &self,
        signature: &str,
        expected: ExpectedSignature,
    ) -> Result<SignatureReport, SwitchbackError> {
        let policy = jades::Policy {
            anchors: &self.anchors,
            timestamp_anchors: &self.timestamp_anchors,
            crls: &self.crls,
            algorithms: ALGORITHMS,
            time: expected.time,
            skew: SKEW,
            max_age: expected.max_age,
        };
        let asked = jades::Expected {
            document: expected.document.map(TryInto::try_into).transpose()?,
            id: expected.id.as_deref(),
            content_type: expected.content_type.as_deref(),
        };
        Ok(jades::verify(signature.as_bytes(), &asked, &policy).into())
    }
}
