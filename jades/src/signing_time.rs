//! The time of the signature: what the signature claims, and what that claim must agree with (ETSI
//! TS 119 182-1 §5.1.11 and §5.2.1, ETSI EN 319 102-1 §5.2.8).

use alloc::format;
use alloc::string::String;

use crate::certificate::Validity;
use crate::checks::{CheckName, Checks};
use crate::format::FormatError;
use crate::header::Header;
use crate::instant::{self, show};
use crate::{ClaimedTime, Policy, SubIndication, TimeHeader};

const HEADER: CheckName = CheckName {
    name: "signing-time-header",
    section: "ETSI TS 119 182-1 §5.1.11, §5.2.1",
};
const CONFORMANCE: CheckName = CheckName {
    name: "signing-time-conformance",
    section: "ETSI TS 119 182-1 §5.1.11, §5.2.1",
};
const CLAIMED: CheckName = CheckName {
    name: "signing-time",
    section: "ETSI EN 319 102-1 §5.2.8.4.2.1",
};
const AGE: CheckName = CheckName {
    name: "signing-time-age",
    section: "ETSI EN 319 102-1 §5.2.8.4.2.1",
};
const IN_VALIDITY: CheckName = CheckName {
    name: "signing-time-in-validity",
    section: "ETSI EN 319 102-1 §5.2.6, RFC 5280 §4.1.2.5",
};

/// 2025-07-15T00:00:00Z. Signatures from then on have `iat`, and those before have `sigT`
/// (§5.2.1 of version 1.2.1).
const IAT_SINCE: i64 = 1_752_537_600;

/// Reads the claimed time: exactly one of `iat` and `sigT`.
pub(crate) fn check_header(header: &Header, checks: &mut Checks) -> Option<ClaimedTime> {
    let claimed = match read(header) {
        Ok(claimed) => claimed,
        Err(error) => {
            let text = format!("The signing time: {error}.");
            checks.not_passed(&HEADER, SubIndication::FormatFailure, text);
            return None;
        }
    };
    let (name, demanded) = match claimed.header {
        TimeHeader::Iat => ("iat", "sigT"),
        TimeHeader::SigT => ("sigT", "iat"),
    };
    let time = show(claimed.time);
    checks.passed(
        &HEADER,
        format!("The signature claims the time {time} in `{name}`."),
    );
    if (claimed.header == TimeHeader::Iat) == (claimed.time >= IAT_SINCE) {
        let text = format!("`{name}` is the header that the standard demands at that time.");
        checks.passed(&CONFORMANCE, text);
    } else {
        let text = format!(
            "The standard demands `{demanded}` at that time (`iat` since {}), and the signature \
             has `{name}`.",
            show(IAT_SINCE)
        );
        checks.remark(&CONFORMANCE, text);
    }
    Some(claimed)
}

fn read(header: &Header) -> Result<ClaimedTime, FormatError> {
    match (header.has("iat"), header.has("sigT")) {
        (true, true) => {
            return Err(FormatError::new(
                "the header has both `iat` and `sigT`; one is allowed",
            ));
        }
        (false, false) => {
            return Err(FormatError::new("the header has neither `iat` nor `sigT`"));
        }
        _ => {}
    }
    if let Some(time) = header.integer("iat")? {
        return match (0..=instant::MAX).contains(&time) {
            true => Ok(ClaimedTime {
                time,
                header: TimeHeader::Iat,
            }),
            false => Err(FormatError::new(
                "`iat` is not a time in the years 1970 to 9999",
            )),
        };
    }
    let text = header.text("sigT")?.unwrap_or_default();
    match instant::read(text) {
        Some(time) => Ok(ClaimedTime {
            time,
            header: TimeHeader::SigT,
        }),
        None => Err(FormatError::new(format!(
            "`sigT` is {text:?}, and not a time in UTC such as 2025-01-31T08:00:00Z"
        ))),
    }
}

/// Compares the claimed time with the clock and with the validity of the certificate.
///
/// `validity` is the one of the signing certificate.
pub(crate) fn check(
    claimed: ClaimedTime,
    validity: Option<Validity>,
    policy: &Policy<'_>,
    checks: &mut Checks,
) {
    let time = show(claimed.time);
    let now = show(policy.time);
    if claimed.time > policy.time.saturating_add(policy.skew) {
        checks.not_passed(
            &CLAIMED,
            SubIndication::SigConstraintsFailure,
            format!(
                "The signature claims the time {time}, which is more than {} s after the time of \
                 the verification, {now}; check the clock.",
                policy.skew
            ),
        );
    } else {
        let text = format!("The claimed time {time} is not in the future.");
        checks.passed(&CLAIMED, text);
    }
    check_age(claimed, &time, policy, checks);
    if let Some(validity) = validity {
        check_validity(claimed, &time, validity, checks);
    }
}

fn check_age(claimed: ClaimedTime, time: &str, policy: &Policy<'_>, checks: &mut Checks) {
    let Some(max_age) = policy.max_age else {
        return checks.skipped(&AGE, "The policy accepts a signature of any age.");
    };
    let age = policy.time.saturating_sub(claimed.time);
    if age > max_age {
        checks.not_passed(
            &AGE,
            SubIndication::SigConstraintsFailure,
            format!(
                "The claimed time {time} is {age} s ago, and the policy accepts at most {max_age} \
                 s for a new signature."
            ),
        );
    } else {
        checks.passed(
            &AGE,
            format!("The claimed time {time} is at most {max_age} s ago."),
        );
    }
}

fn check_validity(claimed: ClaimedTime, time: &str, validity: Validity, checks: &mut Checks) {
    let period: String = format!(
        "{} to {}",
        show(validity.not_before),
        show(validity.not_after)
    );
    let why = if claimed.time < validity.not_before {
        Some(SubIndication::NotYetValid)
    } else if claimed.time > validity.not_after {
        Some(SubIndication::Expired)
    } else {
        None
    };
    match why {
        None => checks.passed(
            &IN_VALIDITY,
            format!("The claimed time {time} is within the certificate's validity, {period}."),
        ),
        Some(why) => checks.not_passed(
            &IN_VALIDITY,
            why,
            format!("The claimed time {time} is outside the certificate's validity, {period}."),
        ),
    }
}
