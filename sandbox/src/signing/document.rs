//! [`DocumentToSign`]: what a service asks a person to sign, from the parameters of the guide
//! ("JAdES Level Baseline-B signature detached").

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use schemars::JsonSchema;
use serde::Serialize;
use url::Url;

use crate::oauth::form::Form;
use crate::{Finding, Refusal};

/// The parameters that have only one value.
const FIXED: [(&str, &str); 4] = [
    ("signature_profile", "aes_jades_baseline_b-b"),
    ("jws_serialization", "compact"),
    ("jws_packaging", "detached"),
    ("data_object_digest_algorithm", "S256"),
];
/// The parameters of a signing.
pub(crate) const PARAMETERS: [&str; 9] = [
    FIXED[0].0,
    FIXED[1].0,
    FIXED[2].0,
    FIXED[3].0,
    "data_object_id",
    "data_object_digest",
    "data_object_b64",
    "data_object_content_type",
    "user_message",
];
/// The maximum length of the user message and of the document's id, in bytes. The signature
/// contains both.
const MAX_LENGTH: usize = 4 * 1024;
/// A user message with more characters does not fit on the screen of a phone.
const LONG_MESSAGE: usize = 500;

/// The document that a person is asked to sign. The service sends the digest, not the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct DocumentToSign {
    /// The document's identifier, which should be a URI: `data_object_id`.
    pub id: String,
    /// The SHA-256 digest in base64url: `data_object_digest`.
    pub digest: String,
    /// Whether the digest is that of the document's base64url text: `data_object_b64`.
    pub b64: bool,
    /// The document's media type: `data_object_content_type`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
}

impl DocumentToSign {
    /// Reads the parameters of a signing, and the message that the person sees.
    ///
    /// # Errors
    /// `invalid_request`: a parameter is missing or has a value that the guide does not allow.
    pub(crate) fn read(form: &Form<'_>) -> Result<(DocumentToSign, String), Refusal> {
        for (name, only) in FIXED {
            if need(form, name)? != only {
                return Err(wrong(format!("{name} must be {only}")));
            }
        }
        let id = short(form, "data_object_id")?;
        let digest = need(form, "data_object_digest")?;
        check_digest(digest)?;
        let b64 = match need(form, "data_object_b64")? {
            "true" => true,
            "false" => false,
            _ => return Err(wrong("data_object_b64 must be true or false")),
        };
        let content_type = form.get("data_object_content_type");
        if content_type.is_some_and(|kind| !is_media_type(kind)) {
            return Err(wrong(
                "data_object_content_type must be a media type, such as application/pdf",
            ));
        }
        let message = short(form, "user_message")?;
        let document = DocumentToSign {
            id: id.to_owned(),
            digest: digest.to_owned(),
            b64,
            content_type: content_type.map(str::to_owned),
        };
        Ok((document, message.to_owned()))
    }

    /// What is unwise about a signing of this document with this message.
    pub(crate) fn findings(&self, message: &str) -> Vec<(Finding, String)> {
        let mut found = Vec::new();
        if !is_uri(&self.id) {
            let what = "data_object_id is not an absolute URI";
            found.push((Finding::DocumentIdNotUri, what.to_owned()));
        }
        let length = message.chars().count();
        if message.trim().is_empty() {
            let what = "user_message has only white space";
            found.push((Finding::UserMessageBlank, what.to_owned()));
        } else if length > LONG_MESSAGE {
            let what = format!("user_message has {length} characters");
            found.push((Finding::UserMessageLong, what));
        }
        found
    }
}

fn need<'a>(form: &'a Form<'_>, name: &str) -> Result<&'a str, Refusal> {
    let value = form.get(name);
    value.ok_or_else(|| {
        let what = format!("{name} is missing; a signing needs it");
        Refusal::request(Finding::SigningParameterMissing, what)
    })
}

/// A required text that the signature contains.
fn short<'a>(form: &'a Form<'_>, name: &str) -> Result<&'a str, Refusal> {
    let value = need(form, name)?;
    if value.len() > MAX_LENGTH {
        return Err(wrong(format!("{name} is longer than 4 KiB; shorten it")));
    }
    Ok(value)
}

fn wrong(what: impl AsRef<str>) -> Refusal {
    Refusal::request(Finding::SigningParameterWrong, what)
}

/// Checks that a digest is 32 bytes in base64url without padding.
fn check_digest(digest: &str) -> Result<(), Refusal> {
    if URL_SAFE_NO_PAD
        .decode(digest)
        .is_ok_and(|bytes| bytes.len() == 32)
    {
        return Ok(());
    }
    let is_32 = |bytes: Option<Vec<u8>>| bytes.is_some_and(|bytes| bytes.len() == 32);
    let how = if digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit()) {
        "it is hexadecimal"
    } else if is_32(URL_SAFE.decode(digest).ok()) {
        "it has padding; remove the = at its end"
    } else if is_32(STANDARD.decode(digest).ok()) {
        "it is base64 with the characters + and /, and padding"
    } else if let Ok(bytes) = URL_SAFE_NO_PAD.decode(digest) {
        return Err(malformed(format!("it has {} bytes", bytes.len())));
    } else {
        "it is not base64url"
    };
    Err(malformed(how))
}

fn malformed(how: impl AsRef<str>) -> Refusal {
    let how = how.as_ref();
    Refusal::request(
        Finding::DocumentDigestMalformed,
        format!(
            "data_object_digest must be the 32 bytes of a SHA-256 in base64url without padding: {how}"
        ),
    )
}

/// Whether a text is an absolute URI (RFC 3986 section 4.3).
fn is_uri(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&b);
    text.bytes().all(allowed) && Url::parse(text).is_ok()
}

/// Whether a text is a media type as in `cty` (RFC 7515 section 4.1.10): `application/` may be
/// left out.
fn is_media_type(text: &str) -> bool {
    // RFC 6838 section 4.2.
    let name = |part: &str| {
        let mut bytes = part.bytes();
        bytes.next().is_some_and(|b| b.is_ascii_alphanumeric())
            && bytes.all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
            && part.len() <= 127
    };
    let kind = text.split(';').next().unwrap_or_default().trim_end();
    let printable = text.bytes().all(|b| matches!(b, 0x20..=0x7e));
    printable
        && match kind.split_once('/') {
            Some((top, sub)) => name(top) && name(sub),
            None => name(kind),
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_is_absolute() {
        for good in ["https://example.com/docs/a.pdf", "urn:uuid:1-2", "doc:a"] {
            assert!(is_uri(good), "{good}");
        }
        for bad in [
            "",
            "a.pdf",
            "/docs/a.pdf",
            "https://e.example/a b",
            "https://e.example/ö",
        ] {
            assert!(!is_uri(bad), "{bad}");
        }
    }

    #[test]
    fn a_media_type_may_lack_its_first_part() {
        for good in [
            "application/pdf",
            "pdf",
            "text/plain; charset=utf-8",
            "image/svg+xml",
        ] {
            assert!(is_media_type(good), "{good}");
        }
        for bad in ["", "/pdf", "application/", "a/b/c", "a b", "töxt/plain"] {
            assert!(!is_media_type(bad), "{bad}");
        }
    }

    #[test]
    fn a_refused_digest_is_explained() {
        let good = "ZAX3rjdX-tgp3OoFZsQyHg0RQ4esnXU8oPM0u4Yw9bQ";
        assert!(check_digest(good).is_ok());
        for (bad, part) in [
            ("ZAX3rjdX-tgp3OoFZsQyHg0RQ4esnXU8oPM0u4Yw9bQ=", "padding"),
            ("ZAX3rjdX+tgp3OoFZsQyHg0RQ4esnXU8oPM0u4Yw9bQ=", "+ and /"),
            ("ZAX3", "3 bytes"),
            (
                "ZAX3rjdX-tgp3OoFZsQyHg0RQ4esnXU8oPM0u4Yw9bR",
                "not base64url",
            ),
            (&"6a".repeat(32), "hexadecimal"),
        ] {
            let text = check_digest(bad).unwrap_err().description;
            assert!(text.contains(part), "{text}");
        }
    }
}
