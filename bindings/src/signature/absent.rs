//! In place of the verification, in a library without the feature `signatures`.

use switchback::provider::Provider;

use crate::error::SwitchbackError;
use crate::signature::report::SignatureReport;
use crate::signature::verifier::{ExpectedSignature, VerifiedSignature};

/// There is none.
pub(super) enum Checker {}

impl Checker {
    pub(super) fn new(
        _provider: &Provider,
        _roots: &[Vec<u8>],
        _timestamp_roots: &[Vec<u8>],
        _crls: &[Vec<u8>],
    ) -> Result<Self, SwitchbackError> {
        Err(SwitchbackError::Configuration {
            what: "this native library cannot verify signatures: build it with the feature \
                   `signatures` of switchback-bindings"
                .into(),
        })
    }

    pub(super) fn verify(
        &self,
        _signature: &str,
        _expected: ExpectedSignature,
    ) -> Result<SignatureReport, SwitchbackError> {
        match *self {}
    }

    pub(super) async fn fetch(
        &self,
        _session: &switchback::Session,
    ) -> Result<VerifiedSignature, switchback::Error> {
        match *self {}
    }
}
