//! The verification: the order of the checks (ETSI EN 319 102-1 §5.3 and §5.5).

use alloc::format;
use alloc::vec::Vec;

use rustls_pki_types::CertificateDer;

use crate::checks::{CheckName, Checks};
use crate::format::{FormatError, Signature};
use crate::path::{Certificates, Chain, Usage};
use crate::report::conclude;
use crate::revocation::{self, Statuses, Times};
use crate::sigd::{self, SigD};
use crate::{
    CertificateSummary, ClaimedTime, Crl, DigestInput, DistributionPoint, Expected, Level, Policy,
    ProvenTime, Report, SubIndication, Summary, jose, signature_value, signing_time, timestamp,
};

const FORM: CheckName = CheckName {
    name: "form",
    section: "RFC 7515 §7, appendix F",
};
const OTHERS: CheckName = CheckName {
    name: "other-checks",
    section: "ETSI EN 319 102-1 §5.3.4",
};
const CERTIFICATES: CheckName = CheckName {
    name: "certificates",
    section: "RFC 7515 §4.1.6",
};
const THUMBPRINT: CheckName = CheckName {
    name: "certificate-thumbprint",
    section: "RFC 7515 §4.1.8",
};

/// Verifies a signature: compact or JSON serialization (RFC 7515 §7).
///
/// The function makes every check that it can make, so a report can name several reasons. If the
/// form is wrong, it stops there.
pub fn verify(signature: &[u8], expected: &Expected<'_>, policy: &Policy<'_>) -> Report {
    let mut checks = Checks::default();
    let signature = match Signature::read(signature) {
        Ok(signature) => signature,
        Err(error) => {
            checks.not_passed(
                &FORM,
                SubIndication::FormatFailure,
                format!("The form: {error}."),
            );
            return stop(checks, None);
        }
    };
    checks.passed(
        &FORM,
        "The signature has the form of a detached JWS, and a strict JSON header.",
    );
    let content = Content::check(&signature, &mut checks);
    if checks.has_failed() {
        return stop(checks, Some(content.summary(&signature, Vec::new(), None)));
    }
    content.verify(&signature, expected, policy, checks)
}

/// Over which bytes of the document the signed digest was computed. A caller that has to hash a long
/// document before it calls [`verify`] needs this. `None`: the signature cannot be read.
///
/// The value is not verified here. [`verify`] compares it with the given digest.
pub fn digest_input(signature: &[u8]) -> Option<DigestInput> {
    let signature = Signature::read(signature).ok()?;
    sigd::digest_input(&signature.header).ok()
}

/// Where the revocation lists for the certificates of a signature and of its timestamps are published.
/// A caller that has a network fetches them before it calls [`verify`]. The signature can carry older
/// lists of its timestamp authority; a current one shows also a later revocation.
///
/// Only certificates that lead to an anchor of the policy count, so a hostile signature cannot send
/// the caller to an address. Empty: there is no such chain, or its certificates name no list.
pub fn distribution_points(signature: &[u8], policy: &Policy<'_>) -> Vec<DistributionPoint> {
    let Ok(signature) = Signature::read(signature) else {
        return Vec::new();
    };
    let mut checks = Checks::default();
    let x5c = signature.header.certificates().ok().flatten();
    let x5c = x5c.unwrap_or_default();
    let certificates = Certificates::read(&x5c, &mut checks);
    let chain = certificates.as_ref().and_then(|certificates| {
        let (anchors, algorithms) = (policy.anchors, policy.algorithms);
        certificates.check(anchors, algorithms, Usage::Signing, &mut checks)
    });
    let of_chain = chain.map_or_else(Vec::new, |chain| revocation::distribution_points(&chain));
    let of_timestamps = timestamp::distribution_points(&signature.unsigned, policy);
    of_chain.into_iter().chain(of_timestamps).collect()
}

/// The report of a signature whose form is wrong.
fn stop(mut checks: Checks, summary: Option<Summary>) -> Report {
    checks.skipped(
        &OTHERS,
        "The other checks were not made, because the form is wrong.",
    );
    let (indication, sub_indication) = conclude(checks.as_list());
    Report {
        indication,
        sub_indication,
        at_claimed_time: indication,
        checks: checks.into_list(),
        summary,
    }
}

/// What the protected header says, after the checks of its form.
struct Content<'a> {
    document: Option<SigD<'a>>,
    claimed: Option<ClaimedTime>,
    /// The certificates of `x5c` in their order, not parsed.
    certificates: Vec<CertificateDer<'static>>,
    thumbprint: Option<[u8; 32]>,
    /// The value, if the algorithm is ES256.
    value: Option<[u8; 64]>,
}

impl<'a> Content<'a> {
    fn check(signature: &'a Signature, checks: &mut Checks) -> Self {
        let header = &signature.header;
        let es256 = jose::check_algorithm(header, checks);
        jose::check_critical(header, checks);
        jose::check_types(header, checks);
        let claimed = signing_time::check_header(header, checks);
        let document = sigd::check(header, checks);
        let value = match es256 {
            true => signature_value::check_form(signature, checks),
            false => None,
        };
        let certificates = header
            .certificates()
            .unwrap_or_else(|error| wrong_form(&CERTIFICATES, "The certificates", error, checks));
        let thumbprint = header.thumbprint().unwrap_or_else(|error| {
            wrong_form(&THUMBPRINT, "The digest of the certificate", error, checks)
        });
        Self {
            document,
            claimed,
            certificates: certificates.unwrap_or_default(),
            thumbprint,
            value,
        }
    }
}

fn wrong_form<T>(
    check: &CheckName,
    what: &str,
    error: FormatError,
    checks: &mut Checks,
) -> Option<T> {
    let text = format!("{what}: {error}.");
    checks.not_passed(check, SubIndication::FormatFailure, text);
    None
}

impl Content<'_> {
    fn verify(
        self,
        signature: &Signature,
        expected: &Expected<'_>,
        policy: &Policy<'_>,
        mut checks: Checks,
    ) -> Report {
        let crls = with_lists_of(signature, policy);
        let policy = &Policy {
            crls: crls.as_deref().unwrap_or(policy.crls),
            ..*policy
        };
        if let Some(document) = &self.document {
            document.compare(expected, &mut checks);
        }
        let certificates = Certificates::read(&self.certificates, &mut checks);
        let chain = certificates.as_ref().and_then(|certificates| {
            if let Some(thumbprint) = &self.thumbprint {
                certificates.check_thumbprint(thumbprint, &mut checks);
            }
            if let Some(value) = &self.value {
                let signer = certificates.leaf();
                signature_value::check(signature, value, signer, policy, &mut checks);
            }
            let (anchors, algorithms) = (policy.anchors, policy.algorithms);
            certificates.check(anchors, algorithms, Usage::Signing, &mut checks)
        });
        let claimed = self.claimed.map(|claimed| claimed.time);
        let proven = timestamp::check(&mut checks, signature, claimed, policy);
        if let Some(claimed) = self.claimed {
            let validity = chain.as_ref().and_then(Chain::leaf_validity);
            signing_time::check(claimed, validity, policy, &mut checks);
        }

        let times = Times {
            now: now(policy, claimed),
            proven: proven.as_ref().map(|proven| proven.time),
            claimed,
        };
        let in_time = InTime::new(chain.as_ref(), policy);
        let (now, then) = (
            in_time.check(&times),
            in_time.check(&times.if_claim_is_true()),
        );
        let with = |more: &Checks| conclude(checks.as_list().iter().chain(more.as_list()));
        let ((indication, sub_indication), (at_claimed_time, _)) = (with(&now), with(&then));

        let certificates = certificates.as_ref().map(Certificates::summaries);
        let summary = self.summary(signature, certificates.unwrap_or_default(), proven);
        checks.append(now);
        Report {
            indication,
            sub_indication,
            at_claimed_time,
            checks: checks.into_list(),
            summary: Some(summary),
        }
    }

    fn summary(
        &self,
        signature: &Signature,
        certificates: Vec<CertificateSummary>,
        proven: Option<ProvenTime>,
    ) -> Summary {
        Summary {
            level: match proven {
                Some(_) => Level::BaselineT,
                None => Level::BaselineB,
            },
            claimed_time: self.claimed,
            proven_time: proven,
            document: self.document.as_ref().map(SigD::summary),
            certificates,
            header: signature.header.others(),
        }
    }
}

/// The checks of a chain that depend on the time. Its signatures do not, and are verified once.
struct InTime<'a> {
    chain: Option<(&'a Chain<'a>, Statuses)>,
    policy: &'a Policy<'a>,
}

impl<'a> InTime<'a> {
    fn new(chain: Option<&'a Chain<'a>>, policy: &'a Policy<'a>) -> Self {
        let chain = chain.map(|chain| (chain, Statuses::read(chain, policy)));
        Self { chain, policy }
    }

    fn check(&self, times: &Times) -> Checks {
        let mut checks = Checks::default();
        if let Some((chain, statuses)) = &self.chain {
            let time = times.proven.unwrap_or(times.now);
            chain.check_validity(time, self.policy, &mut checks);
            statuses.check(times, &mut checks);
        }
        checks
    }
}

/// The time of the verification. If the signer's clock is ahead, within the skew, its time counts: the
/// certificate can be some seconds old only.
fn now(policy: &Policy<'_>, claimed: Option<i64>) -> i64 {
    let latest = policy.time.saturating_add(policy.skew);
    let claimed = claimed.filter(|claimed| *claimed <= latest);
    claimed.map_or(policy.time, |claimed| claimed.max(policy.time))
}

impl Times {
    /// The times if the signature was made when it claims. A proven time stays.
    fn if_claim_is_true(self) -> Self {
        Self {
            proven: self.proven.or(self.claimed),
            ..self
        }
    }
}

/// The lists of the policy, and those that the signature carries since it was timestamped (ETSI TS
/// 119 182-1 §5.3.5.3). A list is signed, so it does not matter where it comes from. `None`: the
/// signature carries none.
fn with_lists_of(signature: &Signature, policy: &Policy<'_>) -> Option<Vec<Crl>> {
    let carried = signature.unsigned.crls.iter();
    let carried: Vec<Crl> = carried.filter_map(|crl| Crl::read(crl).ok()).collect();
    (!carried.is_empty()).then(|| [policy.crls, &carried].concat())
}
