//! The people who can use the phone.
//!
//! | file | what it does |
//! |---|---|
//! | `invented` | the default people, each with data that breaks a common assumption |
//! | `assurance` | assurance levels |
//! | `check` | checks a person's data |
//! | `portrait` | a portrait, and the file that contains it |
//! | `profile` | a person's data as fields that a form can change |

mod assurance;
mod check;
mod invented;
mod portrait;
pub(crate) mod profile;

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::truid::claims::Claim;

pub use assurance::Assurance;
pub use portrait::Portrait;

/// A person, with the data that they can share. If a field is left out, the person does not have
/// that data: the claim is missing in every answer.
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("required" = ["id"]))]
pub struct Person {
    /// The id of the person in the sandbox. The `sub` that each service gets is derived from it;
    /// services do not see the id.
    // `Config::check` reports a missing value, together with all other mistakes.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub id: String,
    /// The assurance level of the person. If left out: high. That Truid has levels is a guess.
    #[serde(default)]
    pub assurance: Assurance,
    /// A postal address in one string.
    pub address: Option<String>,
    /// Date of birth, `YYYY-MM-DD`.
    #[schemars(regex(pattern = r"^\d{4}-\d{2}-\d{2}$"))]
    pub birthdate: Option<String>,
    /// E-mail address.
    #[schemars(regex(pattern = r"^[^@\s]+@[^@\s]+$"))]
    pub email: Option<String>,
    /// Family names.
    pub family_name: Option<String>,
    /// `M`, `F` or `X`.
    #[schemars(extend("enum" = ["M", "F", "X"]))]
    pub gender: Option<String>,
    /// Given names.
    pub given_name: Option<String>,
    /// The country that issued the identity document, ISO 3166 alpha-3.
    #[schemars(regex(pattern = r"^[A-Z]{3}$"))]
    pub id_document_issuing_country: Option<String>,
    /// The name in the letters A to Z.
    #[schemars(regex(pattern = r"^[A-Za-z .'-]+$"))]
    pub international_name: Option<String>,
    /// The name in the official register.
    pub legal_name: Option<String>,
    /// The full name.
    pub name: Option<String>,
    /// Nationality, ISO 3166 alpha-3.
    #[schemars(regex(pattern = r"^[A-Z]{3}$"))]
    pub nationality: Option<String>,
    /// Passport number.
    pub passport_number: Option<String>,
    /// Swedish personal number, ten digits.
    #[schemars(regex(pattern = r"^\d{10}$"))]
    pub personal_number: Option<String>,
    /// Phone number, E.164 with its `+`.
    #[schemars(regex(pattern = r"^\+[1-9]\d{1,14}$"))]
    pub phone_number: Option<String>,
    /// A portrait. In a configuration file: the path of a `.png`, `.jpg` or `.jpeg` file, relative
    /// to the folder of the configuration.
    #[schemars(
        with = "Option<String>",
        regex(pattern = r"\.([pP][nN][gG]|[jJ][pP][eE]?[gG])$")
    )]
    pub portrait: Option<Portrait>,
    /// The vehicle categories that the person may drive. That this is one string is a guess.
    pub right_to_drive: Option<String>,
}

impl Default for Person {
    /// The first of the invented people, with a value for every claim.
    fn default() -> Self {
        invented::maja()
    }
}

impl Person {
    /// A person without any data.
    pub fn new(id: impl Into<String>) -> Self {
        Person {
            id: id.into(),
            assurance: Assurance::default(),
            address: None,
            birthdate: None,
            email: None,
            family_name: None,
            gender: None,
            given_name: None,
            id_document_issuing_country: None,
            international_name: None,
            legal_name: None,
            name: None,
            nationality: None,
            passport_number: None,
            personal_number: None,
            phone_number: None,
            portrait: None,
            right_to_drive: None,
        }
    }

    /// The value of a claim in a presentation. Truid documents `format` and `image-data`; the
    /// names in `structured-name` are a guess.
    pub(crate) fn value(&self, claim: Claim) -> Option<Value> {
        let text = match claim {
            Claim::Address => &self.address,
            Claim::Birthdate => &self.birthdate,
            Claim::Email => &self.email,
            Claim::FamilyName => &self.family_name,
            Claim::Gender => &self.gender,
            Claim::GivenName => &self.given_name,
            Claim::IdDocumentIssuingCountry => &self.id_document_issuing_country,
            Claim::InternationalName => &self.international_name,
            Claim::LegalName => &self.legal_name,
            Claim::Name => &self.name,
            Claim::Nationality => &self.nationality,
            Claim::PassportNumber => &self.passport_number,
            Claim::PersonalNumber => &self.personal_number,
            Claim::PhoneNumber => &self.phone_number,
            Claim::RightToDrive => &self.right_to_drive,
            Claim::PortraitImage => {
                return self.portrait.as_ref().map(|portrait| {
                    json!({
                        "format": portrait.format,
                        "image-data": STANDARD.encode(&portrait.image),
                    })
                });
            }
            Claim::StructuredName => {
                let mut names = serde_json::Map::new();
                for (key, name) in [
                    ("full-name", &self.name),
                    ("given-name", &self.given_name),
                    ("family-name", &self.family_name),
                ] {
                    if let Some(name) = name {
                        names.insert(key.into(), name.clone().into());
                    }
                }
                return (!names.is_empty()).then_some(Value::Object(names));
            }
        };
        text.clone().map(Value::String)
    }
}

impl fmt::Debug for Person {
    /// Shows only the id: logs must not contain claims.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::truid::claims::CLAIMS;

    #[test]
    fn the_default_person_has_every_claim() {
        let person = Person::default();
        for (claim, key, _) in CLAIMS {
            let value = person.value(claim).unwrap_or_else(|| panic!("{key}"));
            let object = matches!(claim, Claim::PortraitImage | Claim::StructuredName);
            assert_eq!(value.is_object(), object, "{key}");
            assert_eq!(value.is_string(), !object, "{key}");
        }
        let portrait = person.value(Claim::PortraitImage).unwrap();
        let image = STANDARD
            .decode(portrait["image-data"].as_str().unwrap())
            .unwrap();
        assert!(image.starts_with(b"\x89PNG\r\n\x1a\n"));
        assert_eq!(portrait["format"], "image/png");
        assert_eq!(
            person.value(Claim::StructuredName).unwrap()["family-name"],
            "Sjöström"
        );
    }

    #[test]
    fn a_claim_without_data_has_no_value() {
        let person = Person {
            given_name: None,
            family_name: None,
            portrait: None,
            ..Person::default()
        };
        assert_eq!(person.value(Claim::GivenName), None);
        assert_eq!(person.value(Claim::PortraitImage), None);
        assert_eq!(
            person.value(Claim::StructuredName),
            Some(json!({"full-name": "Maja Sjöström"}))
        );
    }

    #[test]
    fn debug_shows_no_claims() {
        let person = Person::default();
        let shown = format!("{person:?} {:?}", person.portrait);
        assert!(
            !shown.contains("Maja") && !shown.contains("1990"),
            "{shown}"
        );
    }
}
