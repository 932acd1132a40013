//! Who logged in: user info (OpenID Connect Core §5.3) and presentation (Truid's own
//! format, with more claims).
//!
//! What is known is typed, what is not known passes through: a claim or a field that a
//! service adds tomorrow is in `more`, or comes as [`ClaimValue::Other`]. `Debug` shows
//! which claims there are and never what they say.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::Secret;
use crate::form;
use crate::http::{self, Header, Request, Response, Rule};
use crate::provider::truid::ClaimType;

/// Fields that are not known here, by name.
pub type More = Map<String, Value>;

/// Asks for user info, with the headers of a session.
pub fn user_info_request(endpoint: String, session: &[Header]) -> Request {
    Request::get(endpoint, session)
}

/// Asks for a presentation of these claims, by key.
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

/// The subject that an ID token names (OpenID Connect Core §2), **without its signature
/// being verified**: good for finding out that an answer is about somebody else, and for
/// nothing more. The token came from the token endpoint itself, over TLS.
pub fn id_token_subject(id_token: &Secret) -> Option<Secret> {
    #[derive(serde::Deserialize)]
    struct Claims {
        sub: String,
    }
    let payload = id_token.expose().split('.').nth(1)?;
    let claims = Zeroizing::new(URL_SAFE_NO_PAD.decode(payload).ok()?);
    let claims = core::str::from_utf8(&claims).ok()?;
    let Claims { sub } = serde_json::from_str(claims).ok()?;
    (!sub.is_empty()).then(|| Secret::from(sub))
}

/// The answer of the user info endpoint. Every field but `sub` may be absent.
#[derive(Clone, PartialEq)]
pub struct UserInfo {
    /// Who: stable for this person at this service, and different at every other
    /// (a pairwise identifier, OpenID Connect Core §8.1).
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
    /// Everything else, and whatever above had another type than expected.
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

/// The answer of the presentation endpoint.
#[derive(Clone, PartialEq)]
pub struct Presentation {
    /// Who: a pairwise identifier, as in [`UserInfo::sub`].
    pub sub: String,
    /// The claims, in the order in which they came.
    pub claims: Vec<Claim>,
    /// Fields beside `sub` and `claims`.
    pub more: More,
}

impl Presentation {
    /// Reads the answer to [`presentation_request`].
    pub fn read(response: &Response) -> Result<Self, Rule> {
        let mut fields: More = http::json(response)?;
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

    /// The value of a claim, where it came.
    pub fn get(&self, claim: ClaimType) -> Option<&ClaimValue> {
        let found = self.claims.iter().find(|c| c.key == claim.as_str())?;
        Some(&found.value)
    }

    /// The text of a claim, where it came and is a text.
    pub fn text(&self, claim: ClaimType) -> Option<&str> {
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
    /// Its key, `truid.app/claim/email/v1` for example.
    pub key: String,
    /// What it says.
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
            value: ClaimValue::read(&key, value),
            key,
            more: fields,
        })
    }

    /// Which claim it is, where it is a known one.
    pub fn claim_type(&self) -> Option<ClaimType> {
        ClaimType::from_key(&self.key)
    }
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [redacted]", self.key)
    }
}

/// What a claim says.
#[derive(Clone, PartialEq)]
pub enum ClaimValue {
    /// A text.
    Text(String),
    /// A name in parts.
    StructuredName(StructuredName),
    /// A portrait.
    PortraitImage(PortraitImage),
    /// Anything else, as it came.
    Other(Value),
}

impl ClaimValue {
    fn read(key: &str, value: Value) -> Self {
        match (ClaimType::from_key(key), value) {
            (_, Value::String(text)) => Self::Text(text),
            (Some(ClaimType::StructuredName), Value::Object(mut fields)) => {
                Self::StructuredName(StructuredName {
                    full_name: take_text(&mut fields, "full-name"),
                    given_name: take_text(&mut fields, "given-name"),
                    family_name: take_text(&mut fields, "family-name"),
                    more: fields,
                })
            }
            (Some(ClaimType::PortraitImage), Value::Object(mut fields)) => {
                match (
                    take_text(&mut fields, "format"),
                    take_text(&mut fields, "image-data"),
                ) {
                    (Some(format), Some(image_data)) => Self::PortraitImage(PortraitImage {
                        format,
                        image_data,
                        more: fields,
                    }),
                    (format, image_data) => {
                        put_back(&mut fields, "format", format);
                        put_back(&mut fields, "image-data", image_data);
                        Self::Other(Value::Object(fields))
                    }
                }
            }
            (_, other) => Self::Other(other),
        }
    }
}

impl fmt::Debug for ClaimValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// A name in parts. For showing it use `full_name`: not every country writes the given
/// name first. *The field names are a guess.*
#[derive(Clone, PartialEq)]
pub struct StructuredName {
    /// The whole name in its right order.
    pub full_name: Option<String>,
    /// Given names.
    pub given_name: Option<String>,
    /// Family names.
    pub family_name: Option<String>,
    /// Fields that are not known here.
    pub more: More,
}

/// A portrait, still in base64: the bytes are decoded when somebody wants them.
#[derive(Clone, PartialEq)]
pub struct PortraitImage {
    /// The media type, `image/png` for example.
    pub format: String,
    image_data: String,
    /// Fields that are not known here.
    pub more: More,
}

/// A portrait whose data is not base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the portrait's image data is not base64")]
pub struct NotBase64;

impl PortraitImage {
    /// The picture itself, in the format that [`format`](Self::format) names. Padding may
    /// be there or not.
    pub fn bytes(&self) -> Result<Vec<u8>, NotBase64> {
        const LENIENT: GeneralPurpose = GeneralPurpose::new(
            &STANDARD,
            GeneralPurposeConfig::new()
                .with_decode_padding_mode(DecodePaddingMode::Indifferent)
                .with_decode_allow_trailing_bits(true),
        );
        LENIENT.decode(&self.image_data).map_err(|_| NotBase64)
    }

    /// Length of the data as it came, in bytes of base64.
    pub fn encoded_len(&self) -> usize {
        self.image_data.len()
    }
}

impl fmt::Debug for StructuredName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StructuredName([redacted])")
    }
}

impl fmt::Debug for PortraitImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PortraitImage({}, [redacted])", self.format)
    }
}

/// Takes a field out if it has this type, and leaves it where it is otherwise.
fn take_text(fields: &mut More, name: &str) -> Option<String> {
    match fields.get_mut(name)? {
        Value::String(text) => {
            let text = core::mem::take(text);
            fields.remove(name);
            Some(text)
        }
        _ => None,
    }
}

fn take_object(fields: &mut More, name: &str) -> Option<More> {
    let object = fields.get_mut(name)?.as_object_mut()?.to_owned();
    fields.remove(name);
    Some(object)
}

/// Some services send `"true"`.
fn take_bool(fields: &mut More, name: &str) -> Option<bool> {
    let value = match fields.get(name)? {
        Value::Bool(value) => *value,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    fields.remove(name);
    Some(value)
}

fn put_back(fields: &mut More, name: &str, text: Option<String>) {
    if let Some(text) = text {
        fields.insert(name.into(), Value::String(text));
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
    fn claims_are_asked_for_in_one_parameter() {
        let claims = [ClaimType::Email, ClaimType::PhoneNumber];
        let request = presentation_request(
            "https://id.example/p",
            &claims,
            &[http::bearer(&"A".into())],
        );
        assert_eq!(
            request.url,
            "https://id.example/p?claims=truid.app%2Fclaim%2Femail%2Fv1%2C\
             truid.app%2Fclaim%2Fphone-number%2Fv1"
        );
    }

    #[test]
    fn a_presentation_is_typed_where_it_is_known_and_whole_where_it_is_not() {
        let presentation = Presentation::read(&answer(
            r#"{"sub":"s1","valid":true,"claims":[
                {"type":"truid.app/claim/email/v1","value":"a@b.c","source":"x"},
                {"type":"truid.app/claim/structured-name/v1",
                 "value":{"full-name":"Li Wei","family-name":"Li","title":"Dr"}},
                {"type":"truid.app/claim/portrait-image/v1",
                 "value":{"format":"image/png","image-data":"iVBORw0KGgo"}},
                {"type":"truid.app/claim/shoe-size/v1","value":{"eu":42}},
                {"type":"truid.app/claim/portrait-image/v1","value":{"format":"image/png"}}
            ]}"#,
        ))
        .unwrap();
        assert_eq!(presentation.sub, "s1");
        assert_eq!(presentation.more["valid"], true);
        assert_eq!(presentation.text(ClaimType::Email), Some("a@b.c"));
        assert_eq!(presentation.text(ClaimType::Name), None);
        assert_eq!(presentation.claims[0].more["source"], "x");
        let Some(ClaimValue::StructuredName(name)) = presentation.get(ClaimType::StructuredName)
        else {
            panic!("no name")
        };
        assert_eq!(name.full_name.as_deref(), Some("Li Wei"));
        assert_eq!(name.given_name, None);
        assert_eq!(name.more["title"], "Dr");
        let Some(ClaimValue::PortraitImage(portrait)) = presentation.get(ClaimType::PortraitImage)
        else {
            panic!("no portrait")
        };
        assert_eq!(portrait.bytes().unwrap(), b"\x89PNG\r\n\x1a\n");
        assert_eq!(presentation.claims[3].claim_type(), None);
        assert!(matches!(presentation.claims[3].value, ClaimValue::Other(_)));
        let ClaimValue::Other(half) = &presentation.claims[4].value else {
            panic!("half a portrait is no portrait")
        };
        assert_eq!(half["format"], "image/png");
    }

    #[test]
    fn every_known_claim_is_found_by_its_key() {
        for claim in ClaimType::ALL {
            assert_eq!(ClaimType::from_key(claim.as_str()), Some(claim));
        }
        assert_eq!(
            ClaimType::short("truid.app/claim/personal-number/swe-10/v1"),
            "personal-number/swe-10"
        );
        assert_eq!(ClaimType::short("other"), "other");
    }

    #[test]
    fn user_info_is_read_leniently_and_completely() {
        let info = UserInfo::read(&answer(
            r#"{"sub":"s1","email":"a@b.c","email_verified":"true","aud":["x"],
                "phone_number_verified":false,"address":{"formatted":"Street 1","country":"SE"},
                "truid.app/claim/nationality/v1":"SWE"}"#,
        ))
        .unwrap();
        assert_eq!(info.email_verified, Some(true));
        assert_eq!(info.phone_number_verified, Some(false));
        assert_eq!(info.address.as_deref(), Some("Street 1"));
        assert_eq!(info.more["address"]["country"], "SE");
        assert_eq!(info.more["truid.app/claim/nationality/v1"], "SWE");
        assert_eq!(info.aud, None);
        assert_eq!(info.more["aud"][0], "x");
    }

    #[test]
    fn an_answer_about_nobody_is_refused() {
        for body in ["{}", r#"{"sub":""}"#, r#"{"sub":7}"#] {
            assert_eq!(UserInfo::read(&answer(body)), Err(Rule::Field("sub")));
        }
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
    fn debug_says_which_claims_and_not_what_they_say() {
        let presentation = Presentation::read(&answer(
            r#"{"sub":"s3cret","claims":[{"type":"k","value":"s3cret","s3cret":1}]}"#,
        ))
        .unwrap();
        let shown = format!("{presentation:?} {:?}", presentation.claims[0].value);
        assert!(shown.contains('k') && !shown.contains("s3cret"), "{shown}");
    }

    #[test]
    fn a_portrait_that_is_no_base64_says_so() {
        let portrait = PortraitImage {
            format: "image/png".into(),
            image_data: "%%%".into(),
            more: More::new(),
        };
        assert_eq!(portrait.bytes(), Err(NotBase64));
        let sample = PortraitImage {
            // The sample of the guide, whose padding and last bits are not canonical.
            image_data:
                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR4nGNgAAIAAAUAAXpeqz8="
                    .into(),
            ..portrait
        };
        assert!(sample.bytes().unwrap().starts_with(b"\x89PNG"));
    }
}
