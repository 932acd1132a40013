//! The people who may hold the phone.
//!
//! | file | what it does |
//! |---|---|
//! | `cast` | invented people, each of whom breaks what somebody takes for granted |
//! | `assurance` | how surely a person is who they say |
//! | `check` | what can be wrong with a person |
//! | `portrait` | a portrait, and the file that it comes from |
//! | `profile` | a person's data as fields that a form can change |

mod assurance;
mod cast;
mod check;
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

/// A person and the data that they could share. What is left out is a claim that this
/// person's documents do not support: it is missing in every answer.
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("required" = ["id"]))]
pub struct Person {
    /// Names the person in the sandbox, and is the seed of the pairwise `sub` of every
    /// service. No service sees it.
    // What must be there but is not is found by `Config::check`, with all other problems.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub id: String,
    /// How surely the person is who they say. High when it is left out. That Truid knows
    /// levels is a guess.
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
    /// Who issued the identity document, ISO 3166 alpha-3.
    #[schemars(regex(pattern = r"^[A-Z]{3}$"))]
    pub id_document_issuing_country: Option<String>,
    /// The name in the letters A to Z.
    #[schemars(regex(pattern = r"^[A-Za-z .'-]+$"))]
    pub international_name: Option<String>,
    /// The name as an authority confirms it.
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
    /// A portrait. In a file: the name of a `.png`, `.jpg` or `.jpeg`, seen from the
    /// folder of the configuration.
    #[schemars(
        with = "Option<String>",
        regex(pattern = r"\.([pP][nN][gG]|[jJ][pP][eE]?[gG])$")
    )]
    pub portrait: Option<Portrait>,
    /// What the person may drive. That this is a string of categories is a guess.
    pub right_to_drive: Option<String>,
}

impl Default for Person {
    /// The first of the cast: an invented person with a value for every claim.
    fn default() -> Self {
        cast::maja()
    }
}

impl Person {
    /// A person of whom nothing is known, to be filled in.
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

    /// The value of a claim as it stands in a presentation. `format` and `image-data`
    /// are documented; the names within `structured-name` are a guess.
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
    /// The id only: claims have no place in a log.
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
    fn what_is_absent_is_left_out() {
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
