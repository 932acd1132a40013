//! User info (OpenID Connect Core §5.3).
//!
//! Before you change this: only `sub` is required, because it says who the person is. Another field
//! that has an unexpected type goes to [`UserInfo::more`] and does not fail the whole answer.

use alloc::string::String;
use core::fmt;

use serde_json::Value;

use super::{More, take_bool, take_object, take_text};
use crate::http::{self, Header, Request, Response};
use crate::rule::Rule;

/// The request for user info, with the headers of a session.
pub fn user_info_request(endpoint: String, session: &[Header]) -> Request {
    Request::get(endpoint, session)
}

/// The answer of the user info endpoint. Every field except `sub` is optional.
#[derive(Clone, PartialEq)]
pub struct UserInfo {
    /// The person: a pairwise identifier (OpenID Connect Core §8.1), stable for this person at this
    /// service, and different at every other service.
    pub sub: String,
    /// The issuer.
    pub iss: Option<String>,
    /// The audience.
    pub aud: Option<String>,
    /// The full name.
    pub name: Option<String>,
    /// Given names.
    pub given_name: Option<String>,
    /// Family names.
    pub family_name: Option<String>,
    /// `YYYY-MM-DD`.
    pub birthdate: Option<String>,
    /// `female`, `male` or `other`.
    pub gender: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Whether the service verified it.
    pub email_verified: Option<bool>,
    /// Telephone number, E.164.
    pub phone_number: Option<String>,
    /// Whether the service verified it.
    pub phone_number_verified: Option<bool>,
    /// The postal address as one text (`address.formatted`).
    pub address: Option<String>,
    /// All other fields, and the fields above that have another type.
    pub more: More,
}

impl UserInfo {
    /// Reads the answer to [`user_info_request`].
    pub fn read(response: &Response) -> Result<Self, Rule> {
        let mut fields: More = http::json(response)?;
        let sub = take_text(&mut fields, "sub").filter(|sub| !sub.is_empty());
        let mut address = take_object(&mut fields, "address").unwrap_or_default();
        let formatted = take_text(&mut address, "formatted");
        if !address.is_empty() {
            fields.insert("address".into(), Value::Object(address));
        }
        Ok(Self {
            sub: sub.ok_or(Rule::Field("sub"))?,
            iss: take_text(&mut fields, "iss"),
            aud: take_text(&mut fields, "aud"),
            name: take_text(&mut fields, "name"),
            given_name: take_text(&mut fields, "given_name"),
            family_name: take_text(&mut fields, "family_name"),
            birthdate: take_text(&mut fields, "birthdate"),
            gender: take_text(&mut fields, "gender"),
            email: take_text(&mut fields, "email"),
            email_verified: take_bool(&mut fields, "email_verified"),
            phone_number: take_text(&mut fields, "phone_number"),
            phone_number_verified: take_bool(&mut fields, "phone_number_verified"),
            address: formatted,
            more: fields,
        })
    }
}

impl fmt::Debug for UserInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserInfo([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn answer(body: &str) -> Response {
        Response {
            status: 200,
            headers: vec![("content-type".into(), "application/json".into())],
            body: body.into(),
        }
    }

    #[test]
    fn user_info_is_read_leniently_and_completely() {
        let info = UserInfo::read(&answer(
            r#"{"sub":"s1","email":"a@b.c","email_verified":"true","aud":["x"],
                "phone_number_verified":false,"address":{"formatted":"Street 1","country":"SE"},
                "id.example/claim/nationality":"SWE"}"#,
        ))
        .unwrap();
        assert_eq!(info.email_verified, Some(true));
        assert_eq!(info.phone_number_verified, Some(false));
        assert_eq!(info.address.as_deref(), Some("Street 1"));
        assert_eq!(info.more["address"]["country"], "SE");
        assert_eq!(info.more["id.example/claim/nationality"], "SWE");
        assert_eq!(info.aud, None);
        assert_eq!(info.more["aud"][0], "x");
    }

    #[test]
    fn user_info_without_a_subject_is_refused() {
        for body in ["{}", r#"{"sub":""}"#, r#"{"sub":7}"#] {
            assert_eq!(UserInfo::read(&answer(body)), Err(Rule::Field("sub")));
        }
    }
}
