//! The data of a person as fields, for the form and the control API, with the format of each
//! value.

use serde_json::{Map, Value};

use crate::truid::claims::Claim;
use crate::{Person, Refusal, suggest};

/// The maximum length of a value, in characters.
const MAX_LENGTH: usize = 300;

/// The codes of ISO 3166-1 alpha-3.
const COUNTRIES: &str = "ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT \
AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF \
CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE DEU DJI DMA \
DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN \
GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN \
IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA \
LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR \
MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL \
PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE \
SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS \
TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM \
ZAF ZMB ZWE";

/// One field of a person.
pub(crate) struct Field {
    /// The name in forms and in the control API.
    pub(crate) name: &'static str,
    /// The label on a page.
    pub(crate) words: &'static str,
    /// The claim with this data.
    pub(crate) claim: Claim,
    /// The required format as text; empty if any text is allowed.
    pub(crate) hint: &'static str,
    place: fn(&mut Person) -> &mut Option<String>,
    is_good: fn(&str) -> bool,
}

macro_rules! fields {
    ($($name:ident $words:literal $claim:ident $hint:literal $is_good:expr;)*) => {
        /// All fields with a text, in the order of the form.
        pub(crate) const FIELDS: &[Field] = &[$(Field {
            name: stringify!($name),
            words: $words,
            claim: Claim::$claim,
            hint: $hint,
            place: |person| &mut person.$name,
            is_good: $is_good,
        }),*];
    };
}

fields! {
    name "Name" Name "" |_| true;
    given_name "Given names" GivenName "" |_| true;
    family_name "Family names" FamilyName "" |_| true;
    legal_name "Legal name" LegalName "" |_| true;
    international_name "International name" InternationalName "in the letters A to Z" is_international;
    birthdate "Date of birth" Birthdate "a date, such as 1990-12-24" is_date;
    gender "Gender" Gender "M, F or X" |text| matches!(text, "M" | "F" | "X");
    email "E-mail address" Email "an address, such as name@example.com" is_email;
    phone_number "Phone number" PhoneNumber "in E.164, such as +46701740605" is_phone;
    address "Address" Address "" |_| true;
    nationality "Nationality" Nationality "a country in ISO 3166 alpha-3, such as SWE" is_country;
    id_document_issuing_country "Country that issued the identity document" IdDocumentIssuingCountry
        "a country in ISO 3166 alpha-3, such as SWE" is_country;
    passport_number "Passport number" PassportNumber "" |_| true;
    personal_number "Swedish personal number" PersonalNumber "ten digits" is_personal_number;
    right_to_drive "Right to drive" RightToDrive "" |_| true;
}

impl Field {
    /// The person's value in this field.
    pub(crate) fn value(&self, person: &Person) -> Option<String> {
        match person.value(self.claim)? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The mistake in a value, if there is one.
    pub(crate) fn wrong(&self, text: &str) -> Option<String> {
        if text.chars().count() > MAX_LENGTH {
            return Some(format!("must not be longer than {MAX_LENGTH} characters"));
        }
        if text.chars().any(char::is_control) {
            return Some("must be one line".to_owned());
        }
        (!(self.is_good)(text)).then(|| format!("must be {}", self.hint))
    }

    /// Sets the value; removes it if there is no text.
    pub(crate) fn set(&self, person: &mut Person, text: Option<&str>) {
        let text = text.map(str::trim).filter(|text| !text.is_empty());
        *(self.place)(person) = text.map(str::to_owned);
    }
}

/// The data of a person as JSON, with null for missing values.
pub(crate) fn data(person: &Person) -> Map<String, Value> {
    FIELDS
        .iter()
        .map(|field| (field.name.to_owned(), field.value(person).into()))
        .collect()
}

/// A copy of the person with the fields of the JSON object changed; null removes a value.
///
/// # Errors
/// `invalid_request`: there is no such field, or a value is wrong.
pub(crate) fn change(person: &Person, fields: &Map<String, Value>) -> Result<Person, Refusal> {
    let mut changed = person.clone();
    for (name, value) in fields {
        let field = FIELDS.iter().find(|field| field.name == name);
        let Some(field) = field else {
            let names = FIELDS.iter().map(|field| field.name);
            return Err(Refusal::bad(format!(
                "{} is not a field that can be changed; {}",
                suggest::shown(name).unwrap_or("a name"),
                suggest::alternatives(name, names)
            )));
        };
        let text = match value {
            Value::Null => None,
            Value::String(text) => Some(text.trim()),
            _ => return Err(Refusal::bad(format!("{name} must be a string or null"))),
        };
        if let Some(wrong) = text.and_then(|text| field.wrong(text)) {
            return Err(Refusal::bad(format!("{name} {wrong}")));
        }
        field.set(&mut changed, text);
    }
    Ok(changed)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// A valid date (RFC 3339 full-date).
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    if (year.len(), month.len(), day.len()) != (4, 2, 2)
        || !parts.iter().all(|part| is_digits(part))
    {
        return false;
    }
    let number = |text: &str| text.parse::<u32>().unwrap_or_default();
    let (year, month, day) = (number(year), number(month), number(day));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// E.164: at most 15 digits, which begin with a country code, which does not begin with 0.
fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        is_digits(digits) && !digits.starts_with('0') && (5..=15).contains(&digits.len())
    })
}

/// An assigned code, or a user-assigned one (ISO 3166-1 clause 8.1.3), such as XKX.
fn is_country(text: &str) -> bool {
    let shape = text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase());
    let own = matches!(text, "AAA" | "ZZZ") || text.starts_with('X') || text.starts_with("QM");
    shape && (own || COUNTRIES.split(' ').any(|code| code == text))
}

fn is_email(text: &str) -> bool {
    let parts = text.rsplit_once('@');
    parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
        && !text.contains(char::is_whitespace)
}

fn is_international(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_alphabetic() || b" -'.".contains(&b))
}

fn is_personal_number(text: &str) -> bool {
    text.len() == 10 && is_digits(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_default_person_has_valid_data() {
        let person = Person::default();
        for field in FIELDS {
            let value = field.value(&person).unwrap();
            assert_eq!(field.wrong(&value), None, "{}", field.name);
        }
        let json = data(&person);
        assert!(change(&person, &json).unwrap() == person);
    }

    #[test]
    fn each_field_changes_only_itself() {
        let before = Person::default();
        for field in FIELDS {
            let mut person = before.clone();
            field.set(&mut person, Some("  "));
            assert_eq!(field.value(&person), None, "{}", field.name);
            let missing = data(&person).values().filter(|v| v.is_null()).count();
            assert_eq!(missing, 1, "{}", field.name);
        }
    }

    #[test]
    fn wrong_values_are_refused() {
        for (name, bad) in [
            ("birthdate", "1990-02-29"),
            ("birthdate", "1900-02-29"),
            ("birthdate", "1990-13-01"),
            ("birthdate", "1990-00-01"),
            ("birthdate", "1990-1-1"),
            ("birthdate", "24/12/1990"),
            ("birthdate", "+990-12-24"),
            ("phone_number", "0701740605"),
            ("phone_number", "+0701740605"),
            ("phone_number", "+46 70 174"),
            ("phone_number", "+1234567890123456"),
            ("nationality", "SE"),
            ("nationality", "swe"),
            ("nationality", "SWD"),
            ("id_document_issuing_country", "Sweden"),
            ("gender", "female"),
            ("email", "no-at-sign"),
            ("email", "a b@example.com"),
            ("personal_number", "19901224-9802"),
            ("international_name", "SJÖSTRÖM"),
            ("name", "a\nb"),
        ] {
            let fields = json!({ name: bad });
            let refusal = change(&Person::default(), fields.as_object().unwrap()).unwrap_err();
            assert!(refusal.description.starts_with(name), "{name} {bad}");
            assert!(!refusal.description.contains(bad), "{name} {bad}");
        }
        for (name, good) in [
            ("birthdate", "2000-02-29"),
            ("nationality", "XKX"),
            ("phone_number", "+4670174"),
        ] {
            let fields = json!({ name: good });
            let person = change(&Person::default(), fields.as_object().unwrap()).unwrap();
            assert_eq!(data(&person)[name], good);
        }
        for bad in [json!({ "id": "x" }), json!({ "name": 1 })] {
            assert!(change(&Person::default(), bad.as_object().unwrap()).is_err());
        }
    }
}
