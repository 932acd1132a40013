//! Whether a signature is the one that was asked for: the general verification of
//! [`switchback_jades`], and the headers of an identity service.

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use serde_json::Value;
use switchback_jades as jades;
use switchback_jades::{Check, Expected, Policy, Report, SubIndication, Summary};

use crate::identity::Presentation;
use crate::provider::SigningFacts;

const USER_MESSAGE: &str = "user-message";
const PRESENTATION: &str = "presentation";
const SUBJECT: &str = "presentation-subject";
/// No standard has these headers.
const SECTION: &str = "the identity service's profile of ETSI TS 119 182-1";

/// What a verifier knows about the signature that was asked for.
///
/// [`SignRequest::asked`](super::SignRequest::asked) returns the one of a request. A verifier of a
/// file, who has only the document, leaves out what it does not know.
#[derive(Clone, Copy, Default)]
pub struct Asked<'a> {
    /// The document.
    pub document: Expected<'a>,
    /// The text that the identity app showed to the person. `None`: any text.
    pub user_message: Option<&'a str>,
}

impl fmt::Debug for Asked<'_> {
    /// Without the message and the id, which may be personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked")
            .field("digest", &self.document.document)
            .field("content_type", &self.document.content_type)
            .finish_non_exhaustive()
    }
}

/// Verifies a signature of an identity service.
///
/// After the checks of [`switchback_jades::verify()`] the report has those of the service's headers:
/// the user message is byte for byte the one that was asked for, and the presentation is about the
/// person of the certificate.
///
/// ```
/// use switchback_jades::{Anchors, Indication, Policy};
/// use switchback_protocol::Provider;
/// use switchback_protocol::signature::{self, SignRequest};
///
/// fn is_signed(jws: &[u8], request: &SignRequest, policy: &Policy<'_>) -> bool {
///     let truid = Provider::truid();
///     let Some(facts) = &truid.facts().signing else {
///         return false;
///     };
///     let report = signature::verify(jws, &request.asked(), facts, policy);
///     report.indication == Indication::TotalPassed
/// }
/// ```
pub fn verify(
    signature: &[u8],
    asked: &Asked<'_>,
    facts: &SigningFacts,
    policy: &Policy<'_>,
) -> Report {
    let mut report = jades::verify(signature, &asked.document, policy);
    if report.sub_indication == Some(SubIndication::FormatFailure) {
        return report;
    }
    let Some(summary) = &report.summary else {
        return report;
    };
    let mut checks = vec![check_user_message(summary, asked.user_message, facts)];
    checks.extend(check_presentation(summary, facts));
    checks.into_iter().for_each(|check| report.add(check));
    report
}

fn check_user_message(summary: &Summary, asked: Option<&str>, facts: &SigningFacts) -> Check {
    let wrong = |text: String| {
        Check::not_passed(
            USER_MESSAGE,
            SECTION,
            SubIndication::SigConstraintsFailure,
            text,
        )
    };
    let name = facts.user_message;
    let signed = match summary.header.get(name) {
        Some(Value::String(signed)) => signed,
        Some(_) => return wrong(format!("The header `{name}` is not a text.")),
        None => {
            return wrong(format!(
                "The header `{name}` is missing, so it is unknown what the person read."
            ));
        }
    };
    match asked {
        Some(asked) if asked == signed => Check::passed(
            USER_MESSAGE,
            SECTION,
            format!("The person read {signed:?}, as asked."),
        ),
        Some(asked) => wrong(format!("The person read {signed:?}, and not {asked:?}.")),
        None => Check::skipped(
            USER_MESSAGE,
            SECTION,
            format!("The person read {signed:?}; the caller accepts any text."),
        ),
    }
}

/// The presentation, and whether it is about the person of the certificate.
fn check_presentation(summary: &Summary, facts: &SigningFacts) -> Vec<Check> {
    let mut checks = Vec::new();
    let Some(name) = facts.presentation else {
        return checks;
    };
    let wrong =
        |check, text| Check::not_passed(check, SECTION, SubIndication::SigConstraintsFailure, text);
    let presentation = match presentation(summary, facts) {
        None => {
            let text = format!("The header `{name}` is missing; the service may leave it out.");
            checks.push(Check::skipped(PRESENTATION, SECTION, text));
            return checks;
        }
        Some(None) => {
            let text =
                format!("The header `{name}` is not a presentation with `sub` and `claims`.");
            checks.push(wrong(PRESENTATION, text));
            return checks;
        }
        Some(Some(presentation)) => presentation,
    };
    let claims = presentation.claims.len();
    let text = format!("The signature has {claims} claims about the signatory.");
    checks.push(Check::passed(PRESENTATION, SECTION, text));
    checks.push(match certificate_subject(summary, facts) {
        None if facts.subject_prefix.is_none() => Check::skipped(
            SUBJECT,
            SECTION,
            "The certificates of the service have no identifier of the person.",
        ),
        // Any certificate under the root could sign claims about any person.
        None => wrong(
            SUBJECT,
            "The certificate does not have one identifier of the person, so it is unknown whether \
             the presentation is about this person."
                .into(),
        ),
        Some(subject) if subject == presentation.sub => Check::passed(
            SUBJECT,
            SECTION,
            format!("The presentation and the certificate have the same subject, {subject:?}."),
        ),
        Some(subject) => wrong(
            SUBJECT,
            format!(
                "The presentation is about {:?}, and the certificate is of {subject:?}.",
                presentation.sub
            ),
        ),
    });
    checks
}

/// `None`: the header is missing. `Some(None)`: it is malformed.
fn presentation(summary: &Summary, facts: &SigningFacts) -> Option<Option<Presentation>> {
    let fields = summary.header.get(facts.presentation?)?.as_object();
    Some(fields.and_then(|fields| Presentation::from_fields(fields.clone()).ok()))
}

/// The identifier of the person in the signing certificate. `None` if it has none, or several.
fn certificate_subject<'a>(summary: &'a Summary, facts: &SigningFacts) -> Option<&'a str> {
    let prefix = facts.subject_prefix?;
    let names = &summary.certificates.first()?.attributes;
    let common = names.iter().filter(|name| name.name == "CN");
    let mut subjects = common.filter_map(|name| name.value.strip_prefix(prefix));
    subjects.next().filter(|_| subjects.next().is_none())
}

/// What the signature says about the person, beside the document. Believe it only if the report
/// allows that.
#[derive(Clone, PartialEq)]
pub struct Signed {
    /// The text that the identity app showed to the person.
    pub user_message: Option<String>,
    /// The person's claims.
    pub presentation: Option<Presentation>,
    /// The person's identifier in the signing certificate.
    pub subject: Option<String>,
}

impl Signed {
    /// Reads the headers of a report. What is missing or malformed is `None`.
    pub fn read(summary: &Summary, facts: &SigningFacts) -> Self {
        let message = summary.header.get(facts.user_message);
        Self {
            user_message: message.and_then(Value::as_str).map(str::to_owned),
            presentation: presentation(summary, facts).flatten(),
            subject: certificate_subject(summary, facts).map(str::to_owned),
        }
    }
}

impl fmt::Debug for Signed {
    /// Without the message and the identifier, which are personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed")
            .field("presentation", &self.presentation)
            .finish_non_exhaustive()
    }
}
