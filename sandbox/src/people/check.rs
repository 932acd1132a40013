//! The check of a person's data. The formats are those of Truid's claims.

use super::Person;

impl Person {
    /// The wrong keys, each with its mistake.
    pub(crate) fn problems(&self) -> Vec<(&'static str, &'static str)> {
        let mut found = Vec::new();
        if self.id.is_empty() {
            found.push(("id", "it is missing; every person needs one"));
        } else if self.id.chars().any(char::is_control) {
            found.push(("id", "it has control characters"));
        }
        let mut text =
            |key, text: &Option<String>, good: fn(&str) -> bool, reason| match text.as_deref() {
                Some("") => found.push((key, "it is empty; leave it out instead")),
                Some(text) if text.chars().any(char::is_control) => {
                    found.push((key, "it has control characters"));
                }
                Some(text) if !good(text) => found.push((key, reason)),
                _ => {}
            };
        text("address", &self.address, any, "");
        text(
            "birthdate",
            &self.birthdate,
            date,
            "it must be a date, as in 1990-12-24",
        );
        text(
            "email",
            &self.email,
            email,
            "it must be an e-mail address, as in name@example.com",
        );
        text("family_name", &self.family_name, any, "");
        text("gender", &self.gender, gender, "it must be M, F or X");
        text("given_name", &self.given_name, any, "");
        let country = "it must be a three-letter code of ISO 3166, as in SWE";
        let issuer = &self.id_document_issuing_country;
        text("id_document_issuing_country", issuer, alpha_3, country);
        let a_to_z =
            "it must have only letters from A to Z, spaces, periods, apostrophes and hyphens";
        text(
            "international_name",
            &self.international_name,
            latin,
            a_to_z,
        );
        text("legal_name", &self.legal_name, any, "");
        text("name", &self.name, any, "");
        text("nationality", &self.nationality, alpha_3, country);
        text("passport_number", &self.passport_number, any, "");
        let ten = "it must be ten digits, without hyphen and century";
        text("personal_number", &self.personal_number, ten_digits, ten);
        text(
            "phone_number",
            &self.phone_number,
            phone,
            "it must be in E.164, as in +46701740605",
        );
        text("right_to_drive", &self.right_to_drive, any, "");
        if let Some(reason) = self.portrait.as_ref().and_then(|p| p.problem()) {
            found.push(("portrait", reason));
        }
        found
    }
}

fn any(_: &str) -> bool {
    true
}

fn digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn ten_digits(text: &str) -> bool {
    text.len() == 10 && digits(text)
}

fn gender(text: &str) -> bool {
    matches!(text, "M" | "F" | "X")
}

fn latin(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_alphabetic() || b" .'-".contains(&b))
}

fn alpha_3(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase())
}

fn email(text: &str) -> bool {
    let (local, domain) = text.rsplit_once('@').unwrap_or_default();
    !local.is_empty() && !domain.is_empty() && !text.contains(char::is_whitespace)
}

/// ITU-T E.164: a plus and at most fifteen digits, which begin with a country code.
fn phone(text: &str) -> bool {
    let number = text.strip_prefix('+').unwrap_or_default();
    (2..=15).contains(&number.len()) && digits(number) && !number.starts_with('0')
}

/// `YYYY-MM-DD`, a valid date.
fn date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    if !parts.iter().all(|part| digits(part)) || (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return false;
    }
    let number = |part: &str| part.parse().unwrap_or(0_u32);
    let year = number(year);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match number(month) {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&number(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_accepts_and_refuses_the_right_texts() {
        for good in ["1990-12-24", "2000-02-29", "2004-02-29", "0001-01-31"] {
            assert!(date(good), "{good}");
        }
        for bad in [
            "1990-2-01",
            "90-12-24",
            "1990-13-01",
            "1990-00-01",
            "1990-04-31",
            "1900-02-29",
            "2001-02-29",
            "1990-12-00",
            "1990-12-24-",
            "19901224",
            "1990-12-+1",
            "",
        ] {
            assert!(!date(bad), "{bad}");
        }
        assert!(phone("+46701740605") && phone("+15550100"));
        for bad in ["0701740605", "+0", "+", "+46 70", "+4670174060512345"] {
            assert!(!phone(bad), "{bad}");
        }
        assert!(email("a@b") && !email("a@") && !email("@b") && !email("ab") && !email("a @b"));
        assert!(alpha_3("SWE") && !alpha_3("swe") && !alpha_3("SE") && !alpha_3("SVEN"));
    }

    #[test]
    fn each_mistake_names_its_key() {
        let some = |text: &str| Some(text.to_owned());
        let person = Person {
            id: String::new(),
            birthdate: some("24.12.1990"),
            email: some("maja"),
            gender: some("f"),
            id_document_issuing_country: some("SE"),
            international_name: some("MAJA SJÖSTRÖM"),
            name: some(""),
            legal_name: some("Maja\u{7}"),
            nationality: some("Sweden"),
            personal_number: some("19901224-9802"),
            phone_number: some("070-1740605"),
            portrait: Some(super::super::Portrait::png([])),
            ..Person::default()
        };
        let keys: Vec<_> = person.problems().into_iter().map(|(key, _)| key).collect();
        assert_eq!(
            keys,
            [
                "id",
                "birthdate",
                "email",
                "gender",
                "id_document_issuing_country",
                "international_name",
                "legal_name",
                "name",
                "nationality",
                "personal_number",
                "phone_number",
                "portrait",
            ]
        );
    }
}
