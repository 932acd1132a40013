//! Fetching a signature: the request, and the form that the answer must have.
//!
//! Reading verifies nothing. It only makes sure that the answer is a detached compact JWS, and not
//! the page of a proxy.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use core::fmt;

use crate::http::{self, Header, Request, Response};
use crate::rule::Rule;

/// The longest signature that is read, in bytes: 128 KiB. The certificate chain and the claims of
/// the person (a portrait) are in it.
const MAX_SIGNATURE: usize = 128 << 10;

/// The media type of a JWS in compact serialization (RFC 7515 §9.2.1).
const JOSE: &str = "application/jose";

/// The request for the signature of a session.
pub fn signature_request(endpoint: String, session: &[Header]) -> Request {
    Request::get_as(JOSE, endpoint, session)
}

/// A signature: a JWS in compact serialization with a detached payload (RFC 7515 §7.1 and
/// appendix F). Nothing is verified yet.
///
/// `Debug` shows only its length: the header has claims of the person.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature {
    jws: String,
}

impl Signature {
    /// Reads the answer to [`signature_request`].
    ///
    /// # Errors
    /// The rule that the answer breaks.
    pub fn read(response: &Response) -> Result<Self, Rule> {
        let body = http::successful(response)?;
        if body.len() > MAX_SIGNATURE {
            return Err(Rule::TooLong);
        }
        let has_type = response.media_type().eq_ignore_ascii_case(JOSE);
        let jws = core::str::from_utf8(body).ok().filter(|_| has_type);
        let jws = jws.ok_or_else(|| http::unreadable(response, Rule::ContentType))?;
        Self::from_compact(jws).ok_or(Rule::Signature)
    }

    /// A signature that was stored before. `None` if the text is not a compact JWS with a detached
    /// payload.
    pub fn from_compact(jws: &str) -> Option<Self> {
        let mut parts = jws.split('.');
        let (header, payload, value) = (parts.next()?, parts.next()?, parts.next()?);
        let is_base64url = |part: &str| {
            let is_of_alphabet = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
            !part.is_empty() && part.bytes().all(is_of_alphabet)
        };
        let is_detached = payload.is_empty() && parts.next().is_none();
        let is_signature = is_detached && is_base64url(header) && is_base64url(value);
        is_signature.then(|| Self {
            jws: jws.to_owned(),
        })
    }

    /// The text of the signature, for a file or a database.
    pub fn as_str(&self) -> &str {
        &self.jws
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({} bytes)", self.jws.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString as _;
    use alloc::vec::Vec;

    use crate::http::bearer;

    fn answer(content_type: &str, body: impl Into<Vec<u8>>) -> Response {
        Response {
            status: 200,
            headers: [("content-type".to_owned(), content_type.to_owned())].into(),
            body: body.into(),
        }
    }

    #[test]
    fn the_request_accepts_jose() {
        let session = [bearer(&"t0ken".into())];
        let request = signature_request("https://id.example/s".into(), &session);
        let accept = request.headers.iter().find(|(name, _)| *name == "accept");
        assert_eq!(accept.map(|(_, value)| value.expose()), Some(JOSE));
        assert!(!request.once);
    }

    #[test]
    fn a_detached_compact_jws_is_read() {
        for content_type in ["application/jose", "Application/JOSE; charset=utf-8"] {
            let read = Signature::read(&answer(content_type, "eyJ-_0..c2ln"));
            let read = read.unwrap();
            assert_eq!(read.as_str(), "eyJ-_0..c2ln");
            assert_eq!(format!("{read:?}"), "Signature(12 bytes)");
        }
    }

    #[test]
    fn any_other_answer_breaks_a_rule() {
        let long = "a".repeat(MAX_SIGNATURE);
        for (content_type, body, rule) in [
            ("text/html", "a..b".to_string(), Rule::ContentType),
            ("application/json", "a..b".to_string(), Rule::ContentType),
            ("", "a..b".to_string(), Rule::ContentType),
            ("application/jose", String::new(), Rule::EmptyBody),
            ("application/jose", format!("{long}..b"), Rule::TooLong),
        ] {
            let read = Signature::read(&answer(content_type, body));
            assert_eq!(read.unwrap_err(), rule, "{content_type}");
        }
        for wrong in [
            "a", "a.b", "a.b.c", "a..", "..b", "a..b.", "a..b\n", "a..=", "a..b c", "{}",
        ] {
            let read = Signature::read(&answer(JOSE, wrong));
            assert_eq!(read.unwrap_err(), Rule::Signature, "{wrong}");
        }
        let binary = answer(JOSE, [b'a', 0xff]);
        assert_eq!(Signature::read(&binary).unwrap_err(), Rule::ContentType);
        let mut compressed = answer(JOSE, [0x1f, 0x8b, 0xff]);
        let coding = ("content-encoding".to_owned(), "br".to_owned());
        compressed.headers.push(coding);
        let read = Signature::read(&compressed);
        assert_eq!(read.unwrap_err(), Rule::ContentCoding("br"));
    }
}
