//! Timestamps of a signature (RFC 3161): a timestamp authority signs the digest of the signature
//! value together with a time. This proves that the signature existed at that time, also after the
//! signer's certificate has expired (ETSI TS 119 182-1 §5.3.4, level B-T).
//!
//! | file | what it does |
//! |---|---|
//! | `request` | requests a timestamp |
//! | `token` | reads a token |
//! | `verify`, `chain` | verify a token: signature, certificate, time; the path to a root |
//! | this file | checks the timestamps of a signature, for the report |
//!
//! The token is read here, with `der`, and not by the crates `cms` and `x509-tsp`:
//! `docs/explanation/dependencies.md` says why.

mod chain;
mod error;
mod hash;
mod request;
mod time;
mod token;
mod verify;

pub use error::TimestampError;
pub use request::TimestampRequest;
pub use verify::{timestamp_distribution_points, verify_timestamp};

use alloc::format;
use alloc::string::String;

use crate::checks::{CheckName, Checks};
use crate::format::Signature;
use crate::{DistributionPoint, Policy, ProvenTime, SubIndication, Unsigned, instant};

const TIMESTAMP: CheckName = CheckName {
    name: "timestamp",
    section: "RFC 3161 §2.4.2, ETSI EN 319 102-1 §5.4",
};
const ORDER: CheckName = CheckName {
    name: "timestamp-order",
    section: "ETSI EN 319 102-1 §5.5.4",
};

/// Where the certificates of the authorities of all timestamps say that their revocation lists are.
pub(crate) fn distribution_points(
    unsigned: &Unsigned,
    policy: &Policy<'_>,
) -> impl Iterator<Item = DistributionPoint> {
    let tokens = unsigned.timestamps.iter();
    tokens.flat_map(|token| verify::distribution_points(token, unsigned, policy))
}

/// Checks the timestamps of a signature, and returns the earliest time that a valid one proves.
///
/// `claimed` is the signing time that the signature claims. It must not be after the proven time.
/// A timestamp that proves nothing is a remark: any person can add one, so it cannot make a good
/// signature wrong (ETSI EN 319 102-1 §5.5.4 leaves it out).
pub(crate) fn check(
    checks: &mut Checks,
    signature: &Signature,
    claimed: Option<i64>,
    policy: &Policy<'_>,
) -> Option<ProvenTime> {
    let unsigned = &signature.unsigned;
    if unsigned.timestamps.is_empty() {
        checks.skipped(&TIMESTAMP, "The signature has no timestamp.");
        return None;
    }
    if policy.timestamp_anchors.is_empty() {
        let text = "The timestamps were not verified: no root of a timestamp authority is \
                    configured.";
        checks.skipped(&TIMESTAMP, text);
        return None;
    }
    let text = signature.value_text();
    let mut earliest: Option<ProvenTime> = None;
    for token in &unsigned.timestamps {
        match verify::verify(token, &text, unsigned, policy) {
            Ok(proven) => {
                let text = format!(
                    "The timestamp of {} proves that the signature existed at {}.",
                    proven.authority,
                    instant::show(proven.time)
                );
                checks.passed(&TIMESTAMP, text);
                if earliest.as_ref().is_none_or(|e| proven.time < e.time) {
                    earliest = Some(proven);
                }
            }
            Err(error) => {
                let text = format!("A timestamp proves nothing: {error}.");
                checks.remark(&TIMESTAMP, text);
            }
        }
    }
    if let (Some(proven), Some(claimed)) = (&earliest, claimed) {
        check_order(checks, proven, claimed, policy);
    }
    earliest
}

fn check_order(checks: &mut Checks, proven: &ProvenTime, claimed: i64, policy: &Policy<'_>) {
    if claimed <= proven.time.saturating_add(policy.skew) {
        let text = "The claimed signing time is not after the timestamp.";
        return checks.passed(&ORDER, text);
    }
    let text = format!(
        "The claimed signing time {} is after the timestamp {}: one of the two clocks was wrong.",
        instant::show(claimed),
        instant::show(proven.time)
    );
    checks.not_passed(&ORDER, SubIndication::TimestampOrderFailure, text);
}

impl ProvenTime {
    /// The time as text: RFC 3339, in UTC.
    pub fn date(&self) -> String {
        instant::show(self.time)
    }
}

#[cfg(test)]
mod tests;
