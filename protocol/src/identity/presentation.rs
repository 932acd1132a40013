//! A presentation: claims about a person, each with a key.
//!
//! The service decides the keys and the formats of the values ([`provider`](crate::provider)).

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;

use serde_json::Value;

use super::{More, take_text};
use crate::form;
use crate::http::{self, Header, Request, Response};
use crate::rule::Rule;

/// The request for a presentation of the claims with these keys.
pub fn presentation_request(
    endpoint: &str,
    claims: &[impl AsRef<str>],
    session: &[Header],
) -> Request {
    let keys: Vec<&str> = claims.iter().map(AsRef::as_ref).collect();
    let mut url = String::from(endpoint);
    form::push_to_url(&mut url, "claims", &keys.join(","));
    Request::get(url, session)
}

/// The answer of the presentation endpoint.
#[derive(Clone, PartialEq)]
pub struct Presentation {
    /// The person: a pairwise identifier, as in [`UserInfo::sub`](super::UserInfo::sub).
    pub sub: String,
    /// The claims, in the order of the answer.
    pub claims: Vec<Claim>,
    /// Fields beside `sub` and `claims`.
    pub more: More,
}

impl Presentation {
    /// Reads the answer to [`presentation_request`].
    pub fn read(response: &Response) -> Result<Self, Rule> {
        Self::from_fields(http::json(response)?)
    }

    /// Reads a presentation that is part of another JSON text: a signature can have one.
    pub fn from_fields(mut fields: More) -> Result<Self, Rule> {
        let sub = take_text(&mut fields, "sub").filter(|sub| !sub.is_empty());
        let Some(Value::Array(claims)) = fields.remove("claims") else {
            return Err(Rule::Field("claims"));
        };
        Ok(Self {
            sub: sub.ok_or(Rule::Field("sub"))?,
            claims: claims
                .into_iter()
                .map(Claim::read)
                .collect::<Result<_, _>>()?,
            more: fields,
        })
    }

    /// The value of a claim, by its key or by the service's type for keys, such as
    /// [`truid::ClaimType`](crate::provider::truid::ClaimType).
    pub fn get(&self, claim: impl AsRef<str>) -> Option<&ClaimValue> {
        let key = claim.as_ref();
        let found = self.claims.iter().find(|claim| claim.key == key)?;
        Some(&found.value)
    }

    /// The value of a claim, if it is a text.
    pub fn text(&self, claim: impl AsRef<str>) -> Option<&str> {
        match self.get(claim)? {
            ClaimValue::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl fmt::Debug for Presentation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presentation")
            .field("claims", &self.claims)
            .finish_non_exhaustive()
    }
}

/// One claim.
#[derive(Clone, PartialEq)]
pub struct Claim {
    /// The service's key.
    pub key: String,
    /// The value.
    pub value: ClaimValue,
    /// Fields beside `type` and `value`.
    pub more: More,
}

impl Claim {
    fn read(claim: Value) -> Result<Self, Rule> {
        let Value::Object(mut fields) = claim else {
            return Err(Rule::Field("claims"));
        };
        let key = take_text(&mut fields, "type").ok_or(Rule::Field("claims.type"))?;
        let value = fields.remove("value").ok_or(Rule::Field("claims.value"))?;
        Ok(Self {
            value: ClaimValue::from(value),
            key,
            more: fields,
        })
    }
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [redacted]", self.key)
    }
}

/// The value of a claim. A service with its own format has a type to read it, such as
/// [`truid::PortraitImage`](crate::provider::truid::PortraitImage).
#[derive(Clone, PartialEq)]
pub enum ClaimValue {
    /// A text.
    Text(String),
    /// Any other JSON value.
    Other(Value),
}

impl From<Value> for ClaimValue {
    fn from(value: Value) -> Self {
        match value {
            Value::String(text) => Self::Text(text),
            other => Self::Other(other),
        }
    }
}

impl fmt::Debug for ClaimValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The value of a claim for a table. A picture, for example, is shown by its size.
#[derive(Clone, PartialEq)]
pub struct Summary {
    /// One line for a person to read.
    pub text: String,
    /// The same for a program.
    pub json: Value,
}

impl Summary {
    /// The unchanged value.
    pub fn of(value: &ClaimValue) -> Self {
        match value {
            ClaimValue::Text(text) => Self {
                text: text.clone(),
                json: Value::String(text.clone()),
            },
            ClaimValue::Other(other) => Self {
                text: other.to_string(),
                json: other.clone(),
            },
        }
    }
}

impl fmt::Debug for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Summary([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::vec;

    fn answer(body: &str) -> Response {
        Response {
            status: 200,
            headers: vec![("content-type".into(), "application/json".into())],
            body: body.into(),
        }
    }

    #[test]
    fn claims_are_requested_in_one_parameter() {
        let claims = ["id.example/claim/email", "id.example/claim/phone"];
        let request = presentation_request(
            "https://id.example/p",
            &claims,
            &[http::bearer(&"A".into())],
        );
        assert_eq!(
            request.url,
            "https://id.example/p?claims=id.example%2Fclaim%2Femail%2C\
             id.example%2Fclaim%2Fphone"
        );
    }

    #[test]
    fn a_presentation_without_a_subject_is_refused() {
        let read = |body| Presentation::read(&answer(body));
        for body in [r#"{"claims":[]}"#, r#"{"sub":"","claims":[]}"#] {
            assert_eq!(read(body), Err(Rule::Field("sub")));
        }
        assert_eq!(read(r#"{"sub":"s"}"#), Err(Rule::Field("claims")));
        assert_eq!(
            read(r#"{"sub":"s","claims":[{"type":"x"}]}"#),
            Err(Rule::Field("claims.value"))
        );
        assert!(matches!(read("[]"), Err(Rule::Json(_))));
    }

    #[test]
    fn debug_shows_claim_keys_and_no_values() {
        let presentation = Presentation::read(&answer(
            r#"{"sub":"s3cret","claims":[{"type":"k","value":"s3cret","s3cret":1}]}"#,
        ))
        .unwrap();
        let value = &presentation.claims[0].value;
        let shown = format!("{presentation:?} {value:?} {:?}", Summary::of(value));
        assert!(shown.contains('k') && !shown.contains("s3cret"), "{shown}");
    }
}
