//! What a service trusts when it verifies a signature.

use std::fmt;

use switchback_driver::SIGNATURE_ALGORITHMS;
use switchback_jades::{Anchors, Crl, Policy, Report};
use switchback_protocol::provider::SigningFacts;
use switchback_protocol::signature::SignRequest;

use super::Inner;

/// By how many seconds the clocks of the signer and of the service may differ.
const SKEW: i64 = 300;

/// What a service trusts when it verifies signatures. No root is trusted unless it is here: not one
/// of the signature itself, and not one that the provider publishes.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Signing {
    /// The roots of the signers' certificates.
    pub roots: Anchors,
    /// Certificate revocation lists that the service has.
    pub crls: Vec<Crl>,
    /// Whether the service does not fetch revocation lists from the addresses in the certificates.
    pub offline: bool,
}

impl Signing {
    /// Trusts these roots, and fetches revocation lists.
    pub fn new(roots: Anchors) -> Self {
        Self {
            roots,
            ..Self::default()
        }
    }
}

impl fmt::Debug for Signing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signing")
            .field("crls", &self.crls.len())
            .field("offline", &self.offline)
            .finish_non_exhaustive()
    }
}

/// The verification.
pub(in crate::service) type Verify = fn(&[u8], &SignRequest, &SigningFacts, &Policy<'_>) -> Report;

/// The general verification, and the provider's headers.
pub(in crate::service) fn verify(
    signature: &[u8],
    request: &SignRequest,
    facts: &SigningFacts,
    policy: &Policy<'_>,
) -> Report {
    switchback_protocol::signature::verify(signature, &request.asked(), facts, policy)
}

impl Inner {
    /// Verifies a signature that was made in a login which began at this time.
    pub(super) async fn verify_signature(
        &self,
        signature: &str,
        request: &SignRequest,
        facts: &SigningFacts,
        began: i64,
    ) -> Report {
        let nothing = Signing::default();
        let trusted = self.config.signing.as_ref().unwrap_or(&nothing);
        let now = self.now().wall;
        let policy = Policy {
            crls: &trusted.crls,
            skew: SKEW,
            // The person cannot have signed before the login began.
            max_age: Some(now.saturating_sub(began).saturating_add(SKEW)),
            ..Policy::new(&trusted.roots, SIGNATURE_ALGORITHMS, now)
        };
        let signature = signature.as_bytes();
        let report = (self.verify)(signature, request, facts, &policy);
        if trusted.offline || !super::fetch::lacks_revocation(&report) {
            return report;
        }
        let points = switchback_jades::distribution_points(signature, &policy);
        let fetched = self.crls.fetch(&self.sender, points).await;
        if fetched.is_empty() {
            return report;
        }
        let crls = [&trusted.crls[..], &fetched].concat();
        let policy = Policy {
            crls: &crls,
            ..policy
        };
        (self.verify)(signature, request, facts, &policy)
    }
}
