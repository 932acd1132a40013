//! The error messages for a wrong scope, which say what to send instead.

use switchback_config_file::nearest;

use crate::truid::claims::{self, Claim, DATA_POINTS};
use crate::{RegisteredClient, suggest};

/// The mistake in the separators, if there is one (RFC 6749 section 3.3: one space).
pub(super) fn separator(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let what = if !text.bytes().all(|b| matches!(b, 0x20..=0x7e)) {
        "it has characters that are not ASCII, such as a no-break space"
    } else if lower.contains("%20") || lower.contains("%2b") || lower.contains("%2f") {
        "it is percent-encoded twice"
    } else if text.contains(['[', ']', '"', '{', '}']) {
        "it is a list, and must be text"
    } else if text.contains(',') {
        "it has commas"
    } else if text.contains('+') {
        "it has plus signs; in a URL a space is %20 or +, and %2B is a plus sign"
    } else if text.contains([';', '|']) {
        "it has other separators"
    } else if text.starts_with(' ') {
        "it has a space before the first data point"
    } else if text.ends_with(' ') {
        "it has a space after the last data point"
    } else if text.contains("  ") {
        "it has more than one space between two data points"
    } else {
        return None;
    };
    Some(format!(
        "the scope is malformed: {what}; separate the data points by one space"
    ))
}

/// The mistake in a part of the scope that is not a registered data point.
pub(super) fn token(name: &str, client: &RegisteredClient) -> String {
    let registered = client.data_points.iter().map(String::as_str);
    let is_registered = |point: &str| client.data_points.iter().any(|own| own == point);
    let lacking = |point: &str| match is_registered(point) {
        true => "",
        false => ", which this client is not registered for",
    };
    if let Some(claim) = Claim::from_key(name) {
        let (key, point) = (claim.key(), claim.data_point());
        let lacking = lacking(point);
        return format!("{key} is a claim; its data point is {point}{lacking}");
    }
    if let Some((scope, point)) = claims::openid_scope(name) {
        return format!("{scope} means {point}{}", lacking(point));
    }
    let is_known = DATA_POINTS.iter().any(|point| point.key == name);
    let near = meant(name, registered).filter(|_| !is_known);
    let what = match shown(name) {
        Some(name) if name.contains("/claim/") => {
            format!("{name} is a claim, but a scope contains data points")
        }
        Some(name) => {
            format!("{name} is not a registered data point of this client")
        }
        None => "a part of the scope is not a registered data point of this client".into(),
    };
    match near {
        Some(point) => format!("{what}; did you mean {point}{}?", lacking(point)),
        None => {
            let all = suggest::list(&client.data_points);
            format!("{what}; registered: {all}")
        }
    }
}

/// The probable data point: one of the client's or of Truid's whose key, or the key of a claim of
/// it, has a similar end.
fn meant<'a>(name: &str, own: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let points = own.chain(DATA_POINTS.iter().map(|point| point.key));
    let points = points.map(|point| (short(point), point));
    let claims = claims::CLAIMS
        .iter()
        .map(|(_, key, point)| (short(key), *point));
    let known: Vec<(String, &str)> = points.chain(claims).collect();
    let near = nearest(&short(name), known.iter().map(|(short, _)| short.as_str()))?;
    let (_, point) = known.iter().find(|(short, _)| short == near)?;
    Some(point)
}

/// The normalized end of a key: `phone-number` for `truid.app/data-point/phone-number`,
/// `truid.app/claim/phone-number/v1` and `phone_number`.
fn short(key: &str) -> String {
    let key = key.to_ascii_lowercase().replace(['_', ' '], "-");
    let key = key.rsplit_once("://").map_or(&*key, |(_, key)| key);
    let key = key.strip_prefix("truid.app/").unwrap_or(key);
    let kinds = [
        "data-point/",
        "data-points/",
        "datapoint/",
        "claim/",
        "claims/",
    ];
    let key = kinds
        .iter()
        .find_map(|kind| key.strip_prefix(kind))
        .unwrap_or(key);
    let version = |end: &str| {
        let digits = end.strip_prefix('v').unwrap_or_default();
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
    };
    match key.rsplit_once('/') {
        Some((key, end)) if version(end) => key.to_owned(),
        _ => key.to_owned(),
    }
}

/// A part of a scope, if a description may show it: it looks like a data point, a claim or an
/// OpenID Connect scope. Any other could be a secret in the wrong place.
fn shown(name: &str) -> Option<&str> {
    let plain = |b: u8| b.is_ascii_lowercase() || matches!(b, b'.' | b'/' | b'-' | b':' | b'_');
    let key = match name.rsplit_once("/v") {
        Some((key, "1" | "2")) => key,
        _ => name,
    };
    (name.len() <= 60 && key.bytes().all(plain)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "truid.app/data-point/name";
    const EMAIL: &str = "truid.app/data-point/email";
    const PHONE: &str = "truid.app/data-point/phone-number";

    #[test]
    fn each_wrong_separator_has_its_error() {
        for (text, part) in [
            (format!("{EMAIL},{NAME}"), "commas"),
            (format!("{EMAIL}, {NAME}"), "commas"),
            (format!("{EMAIL}+{NAME}"), "%2B is a plus"),
            (format!("{EMAIL};{NAME}"), "other separators"),
            (format!("{EMAIL}|{NAME}"), "other separators"),
            (format!("{EMAIL}  {NAME}"), "more than one space"),
            (format!(" {EMAIL}"), "before the first"),
            (format!("{EMAIL} "), "after the last"),
            (" ".into(), "before the first"),
            (format!("{EMAIL}%20{NAME}"), "twice"),
            ("truid.app%2Fdata-point%2Femail".into(), "twice"),
            (format!("[\"{EMAIL}\",\"{NAME}\"]"), "a list"),
            (format!("{EMAIL}\u{a0}{NAME}"), "not ASCII"),
        ] {
            let mistake = separator(&text).unwrap();
            assert!(
                mistake.contains("by one space") && mistake.contains(part),
                "{text}: {mistake}"
            );
        }
        assert_eq!(separator(&format!("{EMAIL} {NAME}")), None);
        assert_eq!(separator(EMAIL), None);
    }

    #[test]
    fn a_wrong_part_has_the_probable_data_point() {
        let mut client = RegisteredClient::demo_app();
        for (token, part) in [
            (
                "truid.app/claim/email/v1",
                "truid.app/claim/email/v1 is a claim; its data point is truid.app/data-point/email",
            ),
            (
                "truid.app/claim/given-name/v1",
                "its data point is truid.app/data-point/name",
            ),
            (
                "truid.app/claim/email",
                "is a claim, but a scope contains data points; did you mean truid.app/data-point/email?",
            ),
            (
                "truid.app/claim/emial/v1",
                "did you mean truid.app/data-point/email?",
            ),
            (
                "truid.app/data-point/emial",
                "did you mean truid.app/data-point/email?",
            ),
            (
                "truid.app/data-point/e-mail",
                "did you mean truid.app/data-point/email?",
            ),
            (
                "truid.app/data-point/Email",
                "did you mean truid.app/data-point/email?",
            ),
            (
                "truid.app/data-point/email/v1",
                "did you mean truid.app/data-point/email?",
            ),
            (
                "https://truid.app/data-point/email",
                "did you mean truid.app/data-point/email?",
            ),
            (
                "truid.app/data_point/email",
                "did you mean truid.app/data-point/email?",
            ),
            (
                "phone_number",
                "did you mean truid.app/data-point/phone-number?",
            ),
            (
                "phoneNumber",
                "did you mean truid.app/data-point/phone-number?",
            ),
            ("given_name", "did you mean truid.app/data-point/name?"),
            ("birthdate", "did you mean truid.app/data-point/birthdate?"),
            (
                "personal-number",
                "did you mean truid.app/data-point/personal-number/swe?",
            ),
            (
                "truid.app/data-point/shoe-size",
                "registered: truid.app/data-point/address, ",
            ),
            ("openid", "openid is not a registered data point"),
        ] {
            let mistake = super::token(token, &client);
            assert!(mistake.contains(part), "{token}: {mistake}");
        }
        client.data_points = vec![NAME.into()];
        for (token, mistake) in [
            (
                EMAIL,
                "truid.app/data-point/email is not a registered data point of this client; registered: truid.app/data-point/name",
            ),
            (
                "truid.app/claim/phone-number/v1",
                "truid.app/claim/phone-number/v1 is a claim; its data point is truid.app/data-point/phone-number, which this client is not registered for",
            ),
            (
                "phone",
                "phone means truid.app/data-point/phone-number, which this client is not registered for",
            ),
            (
                "truid.app/data-point/phone",
                "truid.app/data-point/phone is not a registered data point of this client; registered: truid.app/data-point/name",
            ),
        ] {
            assert_eq!(super::token(token, &client), mistake);
        }
        assert!(!super::token("S3cr3t", &client).contains("S3cr3t"));
        assert!(PHONE.ends_with(&short("phone_number")));
    }
}
