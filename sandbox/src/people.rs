//! The people who may hold the phone. One for now; a cast of them has its place here.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::claims::Claim;

/// A person and the data that they could share. What is `None` is a claim that this
/// person's documents do not support: it is left out of every answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Names the person in the sandbox, and is the seed of the pairwise `sub` of every
    /// service. No service sees it.
    pub id: String,
    /// A postal address in one string.
    pub address: Option<String>,
    /// Date of birth, `YYYY-MM-DD`.
    pub birthdate: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Family names.
    pub family_name: Option<String>,
    /// `M`, `F` or `X`.
    pub gender: Option<String>,
    /// Given names.
    pub given_name: Option<String>,
    /// Who issued the identity document, ISO 3166 alpha-3.
    pub id_document_issuing_country: Option<String>,
    /// The name in the letters A to Z.
    pub international_name: Option<String>,
    /// The name as an authority confirms it.
    pub legal_name: Option<String>,
    /// The full name.
    pub name: Option<String>,
    /// Nationality, ISO 3166 alpha-3.
    pub nationality: Option<String>,
    /// Passport number.
    pub passport_number: Option<String>,
    /// Swedish personal number, ten digits.
    pub personal_number: Option<String>,
    /// Phone number, E.164 with its `+`.
    pub phone_number: Option<String>,
    /// A portrait.
    pub portrait: Option<Portrait>,
    /// What the person may drive. That this is a string of categories is a guess.
    pub right_to_drive: Option<String>,
}

/// A portrait.
#[derive(Clone, PartialEq, Eq)]
pub struct Portrait {
    /// The media type, such as `image/png`.
    pub format: String,
    /// The bytes of the image.
    pub image: Vec<u8>,
}

impl Default for Person {
    /// An invented person with a value for every claim. The personal number is in the
    /// series that is never given to anyone, the phone number in the one that the
    /// Swedish authority set aside for fiction.
    fn default() -> Self {
        let some = |text: &str| Some(text.to_owned());
        Person {
            id: "maja".into(),
            address: some("Påhittade gatan 12, 123 45 Exempelstad, Sweden"),
            birthdate: some("1990-12-24"),
            email: some("maja.sjostrom@example.com"),
            family_name: some("Sjöström"),
            gender: some("F"),
            given_name: some("Maja"),
            id_document_issuing_country: some("SWE"),
            international_name: some("MAJA SJOESTROEM"),
            legal_name: some("Maja Elisabet Sjöström"),
            name: some("Maja Sjöström"),
            nationality: some("SWE"),
            passport_number: some("AA0123456"),
            personal_number: some("9012249802"),
            phone_number: some("+46701740605"),
            portrait: Some(Portrait {
                format: "image/png".into(),
                image: include_bytes!("portrait.png").to_vec(),
            }),
            right_to_drive: some("B"),
        }
    }
}

impl Person {
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

impl fmt::Debug for Portrait {
    /// The format and the size only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Portrait")
            .field("format", &self.format)
            .field("bytes", &self.image.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::CLAIMS;

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
    fn the_personal_number_has_a_good_check_digit() {
        let number = Person::default().personal_number.unwrap();
        let sum: u32 = number
            .bytes()
            .enumerate()
            .map(|(i, b)| u32::from(b - b'0') * if i % 2 == 0 { 2 } else { 1 })
            .map(|n| n / 10 + n % 10)
            .sum();
        assert_eq!(sum % 10, 0);
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
