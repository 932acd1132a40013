//! A verified path, and the times at which it is valid.

use alloc::format;
use alloc::string::String;

use crate::anchors::Anchor;
use crate::certificate::{Certificate, Validity};
use crate::checks::{CheckName, Checks};
use crate::{AnchorValidity, Policy, SubIndication, instant, name};

const VALIDITY: CheckName = CheckName {
    name: "certificate-validity",
    section: "ETSI EN 319 102-1 §5.2.6; RFC 5280 §4.1.2.5",
};

/// A verified path.
pub(crate) struct Chain<'a> {
    /// The signing certificate first; without the anchor.
    certificates: &'a [Certificate<'a>],
    anchor: &'a Anchor,
}

impl<'a> Chain<'a> {
    pub(super) const fn new(certificates: &'a [Certificate<'a>], anchor: &'a Anchor) -> Self {
        Self {
            certificates,
            anchor,
        }
    }

    /// The certificates of the path: the signing certificate first; without the anchor.
    pub(crate) const fn certificates(&self) -> &'a [Certificate<'a>] {
        self.certificates
    }

    pub(crate) const fn anchor(&self) -> &'a Anchor {
        self.anchor
    }

    /// The validity of the signing certificate.
    pub(crate) fn leaf_validity(&self) -> Option<Validity> {
        self.certificates.first().map(|leaf| leaf.validity)
    }

    /// Checks that all certificates of the path and the anchor are valid at a time.
    pub(crate) fn check_validity(&self, time: i64, policy: &Policy<'_>, checks: &mut Checks) {
        match self.valid_at(time, policy.anchor_validity) {
            Ok(()) => {
                let text = format!("The certificates are valid at {}.", instant::show(time));
                checks.passed(&VALIDITY, text);
            }
            Err(text) => checks.not_passed(&VALIDITY, SubIndication::OutOfBoundsNoPoe, text),
        }
    }

    fn valid_at(&self, time: i64, anchor: AnchorValidity) -> Result<(), String> {
        for (index, certificate) in self.certificates.iter().enumerate() {
            let label = || label(self.certificates, index);
            within(certificate.validity, time).map_err(|why| format!("{} {why}.", label()))?;
        }
        if anchor == AnchorValidity::Ignored {
            return Ok(());
        }
        let validities = || {
            let certificates = self.anchor.permitting(self.certificates.len());
            certificates.map(|certificate| certificate.validity)
        };
        if validities().any(|validity| validity.contains(time)) {
            return Ok(());
        }
        let latest = validities().max_by_key(|validity| validity.not_after);
        let why = latest.and_then(|validity| within(validity, time).err());
        Err(format!(
            "The trust anchor {} {}.",
            name::text(&self.anchor.subject),
            why.unwrap_or_default()
        ))
    }
}

fn within(validity: Validity, time: i64) -> Result<(), String> {
    if time < validity.not_before {
        let (from, at) = (instant::show(validity.not_before), instant::show(time));
        return Err(format!("is valid from {from} on, and not yet at {at}"));
    }
    if time > validity.not_after {
        let (end, at) = (instant::show(validity.not_after), instant::show(time));
        return Err(format!("has expired on {end}, before {at}"));
    }
    Ok(())
}

/// How a sentence names a certificate of a list that begins with the signing certificate.
pub(crate) fn label(list: &[Certificate<'_>], index: usize) -> String {
    let subject = list.get(index).map(Certificate::subject_text);
    let subject = subject.unwrap_or_default();
    match index {
        0 => format!("The signing certificate ({subject})"),
        _ => format!("Certificate {} ({subject})", index + 1),
    }
}
