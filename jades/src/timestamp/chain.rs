//! The path from the certificate of a timestamp authority to a configured root (RFC 3161 §2.3,
//! ETSI EN 319 102-1 §5.4).
//!
//! All certificates must be valid at the time of the timestamp, and also now: after the end of a
//! certificate its authority no longer says whether the key was stolen, and a thief can write any
//! time into a timestamp. For the same reason a revocation counts at any time. A revocation list is
//! new enough if it was valid at the time of the timestamp, so that a list that was stored with the
//! signature serves later.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use rustls_pki_types::CertificateDer;

use super::TimestampError;
use super::token::Token;
use crate::certificate::Certificate;
use crate::checks::Checks;
use crate::path::{Certificates, Chain, MAX_CERTIFICATES, Usage};
use crate::revocation::{self, Statuses, Times};
use crate::{Crl, DistributionPoint, LeafRevocation, Policy, Unsigned};

pub(super) fn check(
    token: &Token<'_>,
    signer: &CertificateDer<'_>,
    unsigned: &Unsigned,
    policy: &Policy<'_>,
) -> Result<(), TimestampError> {
    let lists = token.crls.iter().copied();
    let lists = lists.chain(unsigned.crls.iter().map(Vec::as_slice));
    let lists = with_lists(policy.crls, lists);
    let policy = Policy {
        crls: &lists,
        // An authority that names no list publishes none.
        leaf_revocation: LeafRevocation::ShortLived { seconds: i64::MAX },
        ..*policy
    };
    let time = token.info.time.div_euclid(1000);
    let mut checks = Checks::default();
    with_chain(
        token,
        signer,
        unsigned,
        &policy,
        &mut checks,
        |chain, checks| {
            for time in [time, policy.time.max(time)] {
                chain.check_validity(time, &policy, checks);
            }
            let times = Times {
                now: time,
                proven: None,
                claimed: None,
            };
            Statuses::read(chain, &policy).check(&times, checks);
        },
    );
    for check in checks.into_list() {
        if let Some(why) = check.sub_indication {
            let text = check.text;
            return Err(TimestampError::Chain { why, text });
        }
    }
    Ok(())
}

/// Where the authorities of the path publish their revocation lists. Empty if there is no path.
pub(super) fn distribution_points(
    token: &Token<'_>,
    signer: &CertificateDer<'_>,
    unsigned: &Unsigned,
    policy: &Policy<'_>,
) -> Vec<DistributionPoint> {
    let mut points = Vec::new();
    let mut checks = Checks::default();
    with_chain(token, signer, unsigned, policy, &mut checks, |chain, _| {
        points = revocation::distribution_points(chain);
    });
    points
}

/// Uses the verified path to a root of the policy, if there is one.
fn with_chain(
    token: &Token<'_>,
    signer: &CertificateDer<'_>,
    unsigned: &Unsigned,
    policy: &Policy<'_>,
    checks: &mut Checks,
    mut then: impl FnMut(&Chain<'_>, &mut Checks),
) {
    let certificates = in_order(token, signer, unsigned, policy);
    let Some(certificates) = Certificates::read(&certificates, checks) else {
        return;
    };
    let (anchors, algorithms) = (policy.timestamp_anchors, policy.algorithms);
    let chain = certificates.check(anchors, algorithms, Usage::Timestamping, checks);
    if let Some(chain) = chain {
        then(&chain, checks);
    }
}

/// The signer's certificate and those of its issuers, up to one that an anchor issued. The
/// certificates of a token are a set, without an order.
fn in_order<'a>(
    token: &Token<'a>,
    signer: &'a CertificateDer<'_>,
    unsigned: &'a Unsigned,
    policy: &Policy<'_>,
) -> Vec<CertificateDer<'a>> {
    let beside = unsigned.certificates.iter().map(Vec::as_slice);
    let all: Vec<CertificateDer<'_>> = token
        .certificates
        .iter()
        .copied()
        .chain(beside)
        .map(CertificateDer::from)
        .collect();
    let candidates: Vec<Certificate<'_>> = all
        .iter()
        .filter_map(|certificate| Certificate::read(certificate).ok())
        .collect();
    let mut path = alloc::vec![CertificateDer::from(signer.as_ref())];
    let mut last = candidates.iter().find(|c| c.der == signer.as_ref());
    while let Some(certificate) = last {
        let is_last = certificate.issuer == certificate.subject
            || policy
                .timestamp_anchors
                .named(certificate.issuer)
                .next()
                .is_some()
            || path.len() == MAX_CERTIFICATES;
        if is_last {
            break;
        }
        let issuer = |c: &&Certificate<'_>| c.subject == certificate.issuer;
        last = candidates.iter().find(issuer);
        path.extend(last.map(|issuer| CertificateDer::from(issuer.der.to_vec())));
    }
    path
}

/// The lists of a caller, and those of a signature. A list that cannot be read is left out.
fn with_lists<'a>(known: &'a [Crl], more: impl Iterator<Item = &'a [u8]>) -> Cow<'a, [Crl]> {
    let mut lists = Cow::Borrowed(known);
    for der in more {
        if lists.iter().any(|list| list.der() == der) {
            continue;
        }
        if let Ok(list) = Crl::read(der) {
            lists.to_mut().push(list);
        }
    }
    lists
}
