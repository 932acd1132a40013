//! The `Authorization` header of a request: HTTP Basic (RFC 6749 section 2.3.1) or a bearer
//! token (RFC 6750 section 2.1).

use std::cell::OnceCell;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::form::decode;
use crate::{Finding, Refusal};

/// An `Authorization` header.
pub(crate) struct Authorization<'a> {
    scheme: &'a str,
    /// The text after the scheme; possibly empty.
    credentials: &'a str,
    basic: OnceCell<Result<Basic, Refusal>>,
}

/// The credentials of HTTP Basic.
pub(crate) struct Basic {
    pub(crate) client_id: String,
    pub(crate) secret: String,
}

impl<'a> Authorization<'a> {
    /// Reads the `Authorization` header, if there is one.
    ///
    /// # Errors
    /// `invalid_request` if there are several, or if the header is not ASCII.
    pub(crate) fn read(headers: &'a HeaderMap) -> Result<Option<Self>, Refusal> {
        let malformed = |what| Refusal::request(Finding::RequestMalformed, what);
        let mut all = headers.get_all(AUTHORIZATION).iter();
        let Some(header) = all.next() else {
            return Ok(None);
        };
        if all.next().is_some() {
            return Err(malformed("there is more than one Authorization header"));
        }
        let header = header
            .to_str()
            .map_err(|_| malformed("the Authorization header is not ASCII"))?;
        Ok(Some(Authorization::from_text(header)))
    }

    /// Reads the value of the header.
    fn from_text(header: &'a str) -> Self {
        let (scheme, credentials) = header.split_once(' ').unwrap_or((header, ""));
        Authorization {
            scheme,
            credentials,
            basic: OnceCell::new(),
        }
    }

    /// The text after the scheme, for any scheme.
    pub(crate) fn credentials(&self) -> &'a str {
        self.credentials
    }

    /// The bearer token, if the header has one.
    pub(crate) fn bearer(&self) -> Option<&'a str> {
        let bearer = self.scheme.eq_ignore_ascii_case("bearer");
        (bearer && !self.credentials.is_empty()).then_some(self.credentials)
    }

    /// The client id and the secret. Both are form-encoded, and then encoded according to RFC 7617
    /// (RFC 6749 section 2.3.1). Only the first call decodes the header.
    ///
    /// # Errors
    /// `invalid_client`.
    pub(crate) fn basic(&self) -> Result<&Basic, Refusal> {
        let read = self.basic.get_or_init(|| {
            self.decode_basic().ok_or_else(|| {
                Refusal::client(
                    Finding::RequestMalformed,
                    "the Authorization header must be Basic with the base64 of client_id:client_secret, each form-encoded",
                )
            })
        });
        read.as_ref().map_err(Clone::clone)
    }

    fn decode_basic(&self) -> Option<Basic> {
        if !self.scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let bytes = STANDARD.decode(self.credentials.trim_matches(' ')).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (client_id, secret) = text.split_once(':')?;
        Some(Basic {
            client_id: decode(client_id).ok()?.into_owned(),
            secret: decode(secret).ok()?.into_owned(),
        })
    }
}
