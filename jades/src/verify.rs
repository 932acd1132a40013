//! The verification: the order of the checks (ETSI EN 319 102-1 §5.3 and §5.5).

use alloc::format;
use alloc::vec::Vec;

use rustls_pki_types::CertificateDer;

use crate::checks::{CheckName, Checks};
use crate::format::{FormatError, Signature};
use crate::report::conclude;
use crate::sigd::{self, SigD};
use crate::{
    ClaimedTime, DigestInput, Expected, Indication, Level, Policy, ProvenTime, Report,
    SubIndication, Summary, jose, signature_value, signing_time, timestamp,
};

const FORM: CheckName = CheckName {
    name: "form",
    section: "RFC 7515 §7, appendix F",
};
const OTHERS: CheckName = CheckName {
    name: "other-checks",
    section: "ETSI EN 319 102-1 §5.3.4",
};
const SIGNER: CheckName = CheckName {
    name: "signing-certificate",
    section: "ETSI EN 319 102-1 §5.2.3, RFC 7515 §4.1.6",
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
        return stop(checks, Some(content.summary(&signature, None)));
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
        let mut format = |error: FormatError| {
            let text = format!("The signing certificate: {error}.");
            checks.not_passed(&SIGNER, SubIndication::FormatFailure, text);
        };
        let certificates = header.certificates().map_err(&mut format);
        let thumbprint = header.thumbprint().map_err(&mut format);
        if let Ok(None) = certificates {
            let text = "The header has no `x5c`, so the signing certificate is unknown.";
            checks.not_passed(&SIGNER, SubIndication::NoSigningCertificateFound, text);
        }
        Self {
            document,
            claimed,
            certificates: certificates.ok().flatten().unwrap_or_default(),
            thumbprint: thumbprint.ok().flatten(),
            value,
        }
    }
}

impl Content<'_> {
    fn verify(
        self,
        signature: &Signature,
        expected: &Expected<'_>,
        policy: &Policy<'_>,
        mut checks: Checks,
    ) -> Report {
        if let Some(document) = &self.document {
            document.compare(expected, &mut checks);
        }
        let signer = self.certificates.first();
        if let (Some(value), Some(signer)) = (&self.value, signer) {
            signature_value::check(signature, value, signer, policy, &mut checks);
        }
        let claimed = self.claimed.map(|claimed| claimed.time);
        let proven = timestamp::check(&mut checks, signature, claimed, policy);
        let validity = None;
        if let Some(claimed) = self.claimed {
            signing_time::check(claimed, validity, policy, &mut checks);
        }

        // What is proven is judged at the proven time, and everything else now.
        let at = proven.as_ref().map_or(policy.time, |proven| proven.time);
        let certificates = self.check_certificates(at, policy);
        let everything = || checks.as_list().iter();
        let (indication, sub_indication) = conclude(everything().chain(certificates.as_list()));
        let at_claimed_time = match self.claimed {
            Some(claimed) if conclude(certificates.as_list()).0 != Indication::TotalPassed => {
                let then = self.check_certificates(claimed.time, policy);
                conclude(everything().chain(then.as_list())).0
            }
            _ => indication,
        };
        let summary = self.summary(signature, proven);
        checks.append(certificates);
        Report {
            indication,
            sub_indication,
            at_claimed_time,
            checks: checks.into_list(),
            summary: Some(summary),
        }
    }

    /// The checks of the certificates, which depend on the time.
    fn check_certificates(&self, _at: i64, _policy: &Policy<'_>) -> Checks {
        let mut checks = Checks::default();
        let text = "No chain was built.";
        checks.not_passed(&SIGNER, SubIndication::NoCertificateChainFound, text);
        checks
    }

    fn summary(&self, signature: &Signature, proven: Option<ProvenTime>) -> Summary {
        Summary {
            level: match proven {
                Some(_) => Level::BaselineT,
                None => Level::BaselineB,
            },
            claimed_time: self.claimed,
            proven_time: proven,
            document: self.document.as_ref().map(SigD::summary),
            certificates: Vec::new(),
            header: signature.header.others(),
        }
    }
}
