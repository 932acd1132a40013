//! The reference to the signed document, `sigD`, with the mechanism ObjectIdByURIHash (ETSI TS
//! 119 182-1 §5.2.8): the header has the id of the document and its digest.

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{Map, Value};

use crate::checks::{CheckName, Checks};
use crate::format::FormatError;
use crate::header::{Header, texts};
use crate::{DigestInput, DocumentDigest, Expected, SignedDocument, SubIndication};

const REFERENCE: CheckName = CheckName {
    name: "document-reference",
    section: "ETSI TS 119 182-1 §5.2.8.3.3",
};
const DIGEST: CheckName = CheckName {
    name: "document-digest",
    section: "ETSI EN 319 102-1 §5.2.7, ETSI TS 119 182-1 §5.2.8.3.3",
};
const ID: CheckName = CheckName {
    name: "document-id",
    section: "ETSI TS 119 182-1 §5.2.8.2",
};
const CONTENT_TYPE: CheckName = CheckName {
    name: "document-content-type",
    section: "ETSI TS 119 182-1 §5.2.8.2, RFC 7515 §4.1.10",
};

const MECHANISM: &str = "http://uri.etsi.org/19182/ObjectIdByURIHash";

/// The reference to one document.
#[derive(Debug)]
pub(crate) struct SigD<'a> {
    id: &'a str,
    digest: DocumentDigest,
    content_type: Option<&'a str>,
}

/// Checks the form of `sigD`, and reads it. `None`: a check that did not pass says why.
pub(crate) fn check<'a>(header: &'a Header, checks: &mut Checks) -> Option<SigD<'a>> {
    match SigD::read(header) {
        Ok(sig_d) => {
            let text = format!(
                "The header names one document, {:?}, and its digest.",
                sig_d.id
            );
            checks.passed(&REFERENCE, text);
            Some(sig_d)
        }
        Err((why, text)) => {
            checks.not_passed(
                &REFERENCE,
                why,
                format!("The reference to the document: {text}."),
            );
            None
        }
    }
}

impl<'a> SigD<'a> {
    fn read(header: &'a Header) -> Result<Self, (SubIndication, String)> {
        let format = |error: FormatError| (SubIndication::FormatFailure, error.into_text());
        let wrong = |text: &str| (SubIndication::FormatFailure, text.to_owned());
        let members = header.object("sigD").map_err(format)?;
        let members = members.ok_or_else(|| wrong("the header `sigD` is missing"))?;
        let text = |name: &str| match members.get(name).map(Value::as_str) {
            Some(Some(text)) => Ok(text),
            Some(None) => Err(wrong(&format!("`sigD.{name}` is not a text"))),
            None => Err(wrong(&format!("`sigD.{name}` is missing"))),
        };

        let mechanism = text("mId")?;
        if mechanism != MECHANISM {
            let text = format!("`sigD.mId` is {mechanism:?}; only {MECHANISM} is supported");
            return Err((SubIndication::SigConstraintsFailure, text));
        }
        let algorithm = text("hashM")?;
        if algorithm != "S256" {
            let text = format!("`sigD.hashM` is {algorithm:?}; only S256 is allowed");
            return Err((SubIndication::CryptoConstraintsFailureNoPoe, text));
        }
        let known = ["mId", "pars", "hashM", "hashV", "ctys"];
        if let Some(name) = members.keys().find(|name| !known.contains(&name.as_str())) {
            return Err(wrong(&format!("`sigD` has the unknown member {name:?}")));
        }
        let list = |name: &str| list(members, name).map_err(format);
        let (ids, digests) = (list("pars")?, list("hashV")?);
        let (&[id], &[digest]) = (&ids[..], &digests[..]) else {
            return Err(wrong(&format!(
                "`sigD` has {} ids and {} digests; one of each is demanded",
                ids.len(),
                digests.len()
            )));
        };
        let content_types = match members.contains_key("ctys") {
            true => list("ctys")?,
            false => Vec::new(),
        };
        if content_types.len() > 1 {
            return Err(wrong(
                "`sigD.ctys` has more content types than there are documents",
            ));
        }
        let input = digest_input(header).map_err(format)?;
        let digest = DocumentDigest::from_base64url(digest, input)
            .ok_or_else(|| wrong("`sigD.hashV` is not the strict base64url of 32 bytes"))?;
        Ok(Self {
            id,
            digest,
            content_type: content_types.first().copied(),
        })
    }

    /// Compares the reference with the document that the caller has.
    pub(crate) fn compare(&self, expected: &Expected<'_>, checks: &mut Checks) {
        self.compare_digest(expected.document, checks);
        match expected.id {
            None => checks.skipped(&ID, "The caller accepts any id of the document."),
            Some(id) if id == self.id => {
                checks.passed(
                    &ID,
                    format!("The id of the document is {id:?}, as expected."),
                );
            }
            Some(id) => checks.not_passed(
                &ID,
                SubIndication::SigConstraintsFailure,
                format!(
                    "The signature is for the document {:?}, and not for {id:?}.",
                    self.id
                ),
            ),
        }
        match (expected.content_type, self.content_type) {
            (None, _) => checks.skipped(
                &CONTENT_TYPE,
                "The caller accepts any content type of the document.",
            ),
            // A service may leave it out: the document is bound by its digest.
            (Some(_), None) => checks.remark(
                &CONTENT_TYPE,
                "The signature names no content type, so there is nothing to compare.",
            ),
            (Some(expected), Some(signed)) if same_content_type(expected, signed) => checks.passed(
                &CONTENT_TYPE,
                format!("The content type of the document is {signed:?}, as expected."),
            ),
            (Some(expected), Some(signed)) => checks.not_passed(
                &CONTENT_TYPE,
                SubIndication::SigConstraintsFailure,
                format!("The signature is for the content type {signed:?}, and not {expected:?}."),
            ),
        }
    }

    fn compare_digest(&self, document: Option<DocumentDigest>, checks: &mut Checks) {
        let signed = self.digest.base64url();
        let Some(document) = document else {
            checks.not_passed(
                &DIGEST,
                SubIndication::SignedDataNotFound,
                format!(
                    "The document was not given, so its digest cannot be compared with the signed \
                     digest {signed}; pass in the document or its digest."
                ),
            );
            return;
        };
        if document == self.digest {
            let text = format!("The digest of the document is the signed digest {signed}.");
            checks.passed(&DIGEST, text);
        } else if document.input() != self.digest.input() && document.bytes() != self.digest.bytes()
        {
            let (demanded, variant) = match self.digest.input() {
                DigestInput::Document => ("of the document itself", "Document"),
                DigestInput::Base64url => ("of the document's base64url text", "Base64url"),
            };
            checks.not_passed(
                &DIGEST,
                SubIndication::SignedDataNotFound,
                format!(
                    "The signed digest is one {demanded} (header `b64`), and the given digest is \
                     not; compute it with DigestInput::{variant}."
                ),
            );
        } else {
            // Also the same 32 bytes with the other input: a document and its base64url text cannot
            // have the same digest.
            checks.not_passed(
                &DIGEST,
                SubIndication::HashFailure,
                format!(
                    "The document is not the signed one: its digest is {} over {}, and the signed \
                     digest is {signed} over {}.",
                    document.base64url(),
                    over(document.input()),
                    over(self.digest.input()),
                ),
            );
        }
    }

    pub(crate) fn summary(&self) -> SignedDocument {
        SignedDocument {
            id: self.id.to_owned(),
            digest: self.digest.base64url(),
            content_type: self.content_type.map(str::to_owned),
        }
    }
}

/// Over which bytes the signed digest was computed (RFC 7797 §3: `b64` is true if it is missing).
pub(crate) fn digest_input(header: &Header) -> Result<DigestInput, FormatError> {
    Ok(match header.flag("b64")? {
        Some(false) => DigestInput::Document,
        Some(true) | None => DigestInput::Base64url,
    })
}

fn list<'a>(members: &'a Map<String, Value>, name: &str) -> Result<Vec<&'a str>, FormatError> {
    let value = members.get(name);
    let value = value.ok_or_else(|| FormatError::new(format!("`sigD.{name}` is missing")))?;
    texts(value).ok_or_else(|| FormatError::new(format!("`sigD.{name}` is not an array of texts")))
}

fn over(input: DigestInput) -> &'static str {
    match input {
        DigestInput::Document => "the document",
        DigestInput::Base64url => "its base64url text",
    }
}

/// Compares media types: `application/pdf`, `Application/PDF` and `pdf` are the same (RFC 7515
/// §4.1.10, RFC 2045 §5.1). Parameters compare byte for byte.
fn same_content_type(one: &str, other: &str) -> bool {
    let parts = |text: &str| {
        let (name, parameters) = text.split_once(';').unwrap_or((text, ""));
        let name = name.trim().to_ascii_lowercase();
        let name = match text.contains('/') {
            true => name,
            false => format!("application/{name}"),
        };
        (name, parameters.trim().to_owned())
    };
    parts(one) == parts(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_application_may_be_left_out() {
        for (one, other) in [
            ("application/pdf", "pdf"),
            ("pdf", "APPLICATION/pdf"),
            ("text/plain; charset=utf-8", "Text/Plain;charset=utf-8"),
        ] {
            assert!(same_content_type(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("application/pdf", "text/pdf"),
            ("pdf", "text/pdf"),
            ("application/pdf", ""),
            ("text/plain;charset=utf-8", "text/plain"),
        ] {
            assert!(!same_content_type(one, other), "{one} {other}");
        }
    }
}
