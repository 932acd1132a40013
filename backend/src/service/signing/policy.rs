//! What a service trusts when it verifies a signature.

use std::fmt;

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
pub(in crate::service) type Verify =
    fn(&[u8], &SignRequest, &SigningFacts, &Policy<'_>) -> Report;

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
        let verify = |crls: &[Crl]| {
            let now = self.now().wall;
            let policy = Policy {
                crls,
                skew: SKEW,
                // The person cannot have signed before the login began.
                max_age: Some(now.saturating_sub(began).saturating_add(SKEW)),
                ..Policy::new(&trusted.roots, webpki::ALL_VERIFICATION_ALGS, now)
            };
            (self.verify)(signature.as_bytes(), request, facts, &policy)
        };
        let report = verify(&trusted.crls);
        // Only of certificates that a configured root has vouched for: everything else passed.
        if trusted.offline || !super::fetch::lacks_revocation(&report) {
            return report;
        }
        let fetched = self.crls.fetch(&self.sender, signature).await;
        match fetched.is_empty() {
            true => report,
            false => verify(&[&trusted.crls[..], &fetched].concat()),
        }
    }
}
