//! The invented people: plausible data, each with something that breaks a common assumption of
//! services.
//!
//! The data belongs to no real person. Swedish personal numbers have a birth number from 980 on,
//! the series that Skatteverket reserves for test numbers. Phone numbers are from the ranges that
//! PTS (Sweden, +46 70 174 06 05 to 99) and Ofcom (United Kingdom, +44 7700 900000 to 900999)
//! reserve for fiction. E-mail addresses are at `example.com` (RFC 2606). Passport numbers and
//! names are invented.

use super::{Person, Portrait};
use crate::Assurance;

impl Person {
    /// Eight invented people, `maja` first.
    ///
    /// | id | what is special |
    /// |---|---|
    /// | `maja` | nothing: she has every claim |
    /// | `wulandari` | a single name: neither a given name nor a family name |
    /// | `rhiannon` | no Swedish personal number, a foreign nationality |
    /// | `sasithara` | very long names in Thai, with combining characters |
    /// | `layla` | a portrait, and a name that is written from right to left |
    /// | `robin` | gender X |
    /// | `olle` | low assurance, and no identity document |
    /// | `kim` | little data except a name |
    pub fn invented() -> Vec<Person> {
        vec![
            maja(),
            wulandari(),
            rhiannon(),
            sasithara(),
            layla(),
            robin(),
            olle(),
            kim(),
        ]
    }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Every claim.
pub(super) fn maja() -> Person {
    Person {
        id: "maja".into(),
        assurance: Assurance::High,
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
        portrait: Some(Portrait::png(include_bytes!("maja.png"))),
        right_to_drive: some("B"),
    }
}

/// A single name: neither a given name nor a family name.
fn wulandari() -> Person {
    Person {
        address: some("Låtsasvägen 3 B lgh 1102, 123 45 Exempelstad, Sweden"),
        birthdate: some("1987-03-02"),
        email: some("wulandari@example.com"),
        gender: some("F"),
        id_document_issuing_country: some("IDN"),
        international_name: some("WULANDARI"),
        legal_name: some("Wulandari"),
        name: some("Wulandari"),
        nationality: some("IDN"),
        passport_number: some("X0000012"),
        personal_number: some("8703029820"),
        phone_number: some("+46701740606"),
        ..Person::new("wulandari")
    }
}

/// No Swedish personal number, and a foreign phone number.
fn rhiannon() -> Person {
    Person {
        address: some("Flat 2, 7 Made-up Lane, Exampleton, United Kingdom"),
        birthdate: some("1979-11-30"),
        email: some("rhiannon+truid@example.com"),
        family_name: some("O'Dreamt-Pellowe"),
        gender: some("F"),
        given_name: some("Rhiannon"),
        id_document_issuing_country: some("GBR"),
        international_name: some("RHIANNON O'DREAMT-PELLOWE"),
        legal_name: some("Rhiannon Tamsin O'Dreamt-Pellowe"),
        name: some("Rhiannon O'Dreamt-Pellowe"),
        nationality: some("GBR"),
        passport_number: some("000000123"),
        phone_number: some("+447700900123"),
        right_to_drive: some("AM A B BE"),
        ..Person::new("rhiannon")
    }
}

/// Long names in Thai script, in which vowels and tones are combining characters. The family
/// name means that it is invented.
fn sasithara() -> Person {
    const GIVEN: &str = "ศศิธารินทร์ณภัสสรอรุณรุ่ง";
    const FAMILY: &str = "วงศ์สมมุติประดิษฐ์ขึ้นใหม่กุลวัฒนานนท์";
    Person {
        address: some("เลขที่ ๙๙/๑๒๓ อาคารสมมุติ ชั้น ๔๒ ซอยตัวอย่าง ๗ แขวงนิทาน กรุงเทพมหานคร, Thailand"),
        birthdate: some("2000-02-29"),
        email: some(
            "sasitharinnaphatsonarunrung.wongsommutpraditkhuenmaikunwatthananon@mail.example.com",
        ),
        family_name: some(FAMILY),
        gender: some("F"),
        given_name: some(GIVEN),
        id_document_issuing_country: some("THA"),
        international_name: some(
            "SASITHARINNAPHATSONARUNRUNG WONGSOMMUTPRADITKHUENMAIKUNWATTHANANON",
        ),
        legal_name: Some(format!("นางสาว{GIVEN} {FAMILY}")),
        name: Some(format!("{GIVEN} {FAMILY}")),
        nationality: some("THA"),
        passport_number: some("ZZ0000042"),
        phone_number: some("+46701740607"),
        ..Person::new("sasithara")
    }
}

/// A portrait, and a name that is written from right to left. The family name means "imaginary".
fn layla() -> Person {
    Person {
        assurance: Assurance::Substantial,
        birthdate: some("1996-02-29"),
        email: some("layla@example.com"),
        family_name: some("خيالي"),
        gender: some("F"),
        given_name: some("ليلى"),
        id_document_issuing_country: some("JOR"),
        international_name: some("LAYLA KHAYALI"),
        legal_name: some("ليلى خيالي"),
        name: some("ليلى خيالي"),
        nationality: some("JOR"),
        passport_number: some("T000077"),
        personal_number: some("9602299845"),
        phone_number: some("+46701740608"),
        portrait: Some(Portrait::png(include_bytes!("layla.png"))),
        ..Person::new("layla")
    }
}

/// Gender X.
fn robin() -> Person {
    Person {
        address: some("Musterweg 5, 12345 Beispielstadt, Germany"),
        birthdate: some("1972-09-19"),
        email: some("robin.musterfeld@example.com"),
        family_name: some("Musterfeld"),
        gender: some("X"),
        given_name: some("Robin"),
        id_document_issuing_country: some("DEU"),
        international_name: some("ROBIN MUSTERFELD"),
        legal_name: some("Robin Musterfeld"),
        name: some("Robin Musterfeld"),
        nationality: some("DEU"),
        passport_number: some("C00000XX0"),
        personal_number: some("7209199806"),
        ..Person::new("robin")
    }
}

/// Low assurance: he entered his data himself.
fn olle() -> Person {
    Person {
        assurance: Assurance::Low,
        birthdate: some("2003-07-14"),
        email: some("olle@example.com"),
        family_name: some("Påhitt"),
        gender: some("M"),
        given_name: some("Olle"),
        international_name: some("OLLE PAAHITT"),
        legal_name: some("Olle Påhitt"),
        name: some("Olle Påhitt"),
        nationality: some("SWE"),
        personal_number: some("0307149815"),
        phone_number: some("+46701740609"),
        ..Person::new("olle")
    }
}

/// No e-mail address, no date of birth, only a name.
fn kim() -> Person {
    Person {
        assurance: Assurance::Low,
        name: some("Kim"),
        ..Person::new("kim")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_have_valid_data_and_different_ids() {
        let people = Person::invented();
        assert_eq!(people[0], Person::default());
        for (index, person) in people.iter().enumerate() {
            assert_eq!(person.problems(), [], "{}", person.id);
            assert!(person.name.is_some(), "{}", person.id);
            assert!(people[..index].iter().all(|other| other.id != person.id));
        }
    }

    /// The Luhn check digit, the series for test numbers, and the date of birth.
    #[test]
    fn personal_numbers_are_valid_test_numbers() {
        let mut seen = 0;
        for person in Person::invented() {
            let Some(number) = &person.personal_number else {
                continue;
            };
            seen += 1;
            let sum: u32 = number
                .bytes()
                .enumerate()
                .map(|(i, b)| u32::from(b - b'0') * if i % 2 == 0 { 2 } else { 1 })
                .map(|n| n / 10 + n % 10)
                .sum();
            assert_eq!(sum % 10, 0, "{}", person.id);
            assert!(number[6..9].parse::<u32>().unwrap() >= 980, "{}", person.id);
            let birthdate = person.birthdate.unwrap().replace('-', "");
            assert_eq!(birthdate[2..], number[..6], "{}", person.id);
            let even = number.as_bytes()[8] % 2 == 0;
            match person.gender.as_deref() {
                Some("M") => assert!(!even, "{}", person.id),
                Some("F") => assert!(even, "{}", person.id),
                _ => {}
            }
        }
        assert!(seen >= 4);
    }

    #[test]
    fn phone_numbers_and_addresses_are_reserved_for_fiction() {
        for person in Person::invented() {
            if let Some(number) = &person.phone_number {
                let number: u64 = number[1..].parse().unwrap();
                let sweden = (46_701_740_605..=46_701_740_699).contains(&number);
                let britain = (447_700_900_000..=447_700_900_999).contains(&number);
                assert!(sweden || britain, "{}", person.id);
            }
            if let Some(email) = &person.email {
                let domain = email.rsplit('@').next().unwrap();
                assert!(domain == "example.com" || domain == "mail.example.com");
            }
        }
    }

    #[test]
    fn each_person_matches_the_table() {
        let people = Person::invented();
        let who = |id: &str| people.iter().find(|person| person.id == id).unwrap();
        let single = who("wulandari");
        assert!(single.given_name.is_none() && single.family_name.is_none());
        assert!(who("rhiannon").personal_number.is_none());
        let long = who("sasithara");
        assert!(long.name.as_ref().unwrap().chars().count() > 60);
        assert!(!long.name.as_ref().unwrap().is_ascii());
        // THAI CHARACTER THANTHAKHAT, a combining character.
        assert!(long.name.as_ref().unwrap().contains('\u{e4c}'));
        assert!(who("layla").portrait.is_some());
        assert_ne!(who("layla").portrait, who("maja").portrait);
        assert_eq!(who("robin").gender.as_deref(), Some("X"));
        assert_eq!(who("olle").assurance, Assurance::Low);
        let levels = [Assurance::Low, Assurance::Substantial, Assurance::High];
        assert!(
            levels
                .iter()
                .all(|l| people.iter().any(|p| p.assurance == *l))
        );
        let name_only = Person {
            name: some("Kim"),
            assurance: Assurance::Low,
            ..Person::new("kim")
        };
        assert_eq!(*who("kim"), name_only);
    }
}
