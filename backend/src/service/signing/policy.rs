//! What a service trusts when it verifies a signature.

use std::fmt;

use switchback_driver::SIGNATURE_ALGORITHMS;
use switchback_jades::{Anchors, Crl, Indication, Policy, Report, SubIndication};
use switchback_protocol::provider::SigningFacts;
use switchback_protocol::signature::SignRequest;

use super::{Inner, Timestamps};

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
    /// The timestamps of signatures. `None`: a signature cannot be verified any more after the
    /// certificate of the person has expired (INDETERMINATE / OUT_OF_BOUNDS_NO_POE).
    pub timestamps: Option<Timestamps>,
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
            .field("timestamps", &self.timestamps.is_some())
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

/// What the service demands of every signature.
pub(super) fn policy<'a>(trusted: &'a Signing, crls: &'a [Crl], now: i64) -> Policy<'a> {
    Policy {
        crls,
        ..Policy::new(&trusted.roots, SIGNATURE_ALGORITHMS, now)
    }
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
        let policy = policy(trusted, &trusted.crls, now);
        let policy = Policy {
            // The person cannot have signed before the login began.
            max_age: Some(now.saturating_sub(began).saturating_add(policy.skew)),
            ..policy
        };
        let signature = signature.as_bytes();
        let report = (self.verify)(signature, request, facts, &policy);
        if !lacks_revocation(&report) {
            return report;
        }
        let crls = self.revocation_lists(trusted, signature, &policy).await;
        let policy = Policy {
            crls: &crls,
            ..policy
        };
        (self.verify)(signature, request, facts, &policy)
    }

    /// The configured revocation lists, and those that the certificates of the signature name.
    pub(super) async fn revocation_lists(
        &self,
        trusted: &Signing,
        signature: &[u8],
        policy: &Policy<'_>,
    ) -> Vec<Crl> {
        let mut all = trusted.crls.clone();
        if !trusted.offline {
            let points = switchback_jades::distribution_points(signature, policy);
            let http = &self.platform.http;
            all.extend(self.crls.fetch(http, policy.time, points).await);
        }
        all
    }
}

/// Whether a revocation list is missing that may be published. A signature that is wrong needs none.
fn lacks_revocation(report: &Report) -> bool {
    let mut reasons = report.checks.iter().filter_map(|it| it.sub_indication);
    report.indication == Indication::Indeterminate
        && reasons.any(|why| why == SubIndication::TryLater)
}
