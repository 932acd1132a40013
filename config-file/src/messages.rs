//! Turns serde's messages into ones that need no knowledge of Rust, and suggests the known name
//! that the user probably meant.

use crate::error::NO_SUCH_KEY;

/// The placeholder for a port in the messages about an address.
pub const PORT: &str = ":PORT\"";

/// The text for a whole number in the messages of [`plain_message`].
pub const WHOLE_NUMBER: &str = "a whole number";

/// The known name that is nearest to the given one, ignoring case. `None` if it differs by more
/// letters than one, and one more for each four letters of the known name.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given = given.to_lowercase();
    let far = |name: &str| strsim::osa_distance(&given, &name.to_lowercase());
    let known = known.into_iter().map(|name| (far(name), name));
    let (distance, name) = known.min_by_key(|(distance, _)| *distance)?;
    (distance <= 1 + name.len() / 4).then_some(name)
}

/// serde's message in plain words and without the value. `given` is the kind of the value, if it
/// is known.
pub fn plain_message(message: &str, given: Option<&str>) -> String {
    let (what, expected) = message.split_once(", expected ").unwrap_or((message, ""));
    let expected = expected.trim_start_matches("one of ").replace('`', "");
    let meant = |given: &str| {
        let known = expected.split(", ").flat_map(|names| names.split(" or "));
        nearest(given.trim_matches('`'), known)
    };
    if let Some(given) = what.strip_prefix("unknown field ") {
        let keys = expected.replace(" or ", ", ");
        return match meant(given) {
            Some(near) => {
                format!("{NO_SUCH_KEY}; did you mean {near}? Known keys: {keys}")
            }
            None if expected.is_empty() => NO_SUCH_KEY.into(),
            None => format!("{NO_SUCH_KEY}; known keys: {keys}"),
        };
    }
    if let Some(given) = what.strip_prefix("unknown variant ") {
        return match meant(given) {
            Some(near) => format!("did you mean {near}? It must be one of {expected}"),
            None => format!("it must be one of {expected}"),
        };
    }
    if let Some(name) = what.strip_prefix("missing field ") {
        return format!("{} is missing", name.trim_matches('`'));
    }
    let expected = match expected.as_str() {
        "u16" | "u32" | "u64" | "usize" | "i64" => WHOLE_NUMBER,
        "a boolean" => "true or false",
        "a string" => "text in quotes",
        "a sequence" => "a list in [ ]",
        "socket address" => "text in quotes, ADDRESS:PORT, such as \"127.0.0.1:PORT\"",
        other if other.starts_with("struct ") => "a table",
        other => other,
    };
    if what.starts_with("invalid value") {
        return format!("it must be {expected} within the allowed range");
    }
    if what.starts_with("invalid type") {
        let given = given.unwrap_or("something else");
        return format!("it must be {expected}, but is {given}");
    }
    if what.contains("socket address") {
        return "it must be an IP address and a port, such as \"127.0.0.1:PORT\"".into();
    }
    what.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_finds_misspelt_names() {
        let known = ["advance", "client_id", "redirect_uri", "at"];
        for (given, near) in [
            ("advanec", Some("advance")),
            ("Advance", Some("advance")),
            ("clientId", Some("client_id")),
            ("redirectUri", Some("redirect_uri")),
            ("a", Some("at")),
            ("seconds", None),
            ("", None),
        ] {
            assert_eq!(nearest(given, known), near, "{given}");
        }
        assert_eq!(nearest("a", []), None);
    }

    #[test]
    fn no_value_is_repeated() {
        for (message, given, expected) in [
            (
                "invalid type: string \"S3CRET\", expected i64",
                Some("text"),
                "it must be a whole number, but is text",
            ),
            (
                "unknown variant `S3CRET`, expected `app` or `page`",
                None,
                "it must be one of app or page",
            ),
            (
                "unknown variant `pgae`, expected `app` or `page`",
                None,
                "did you mean page? It must be one of app or page",
            ),
            ("missing field `url`", None, "url is missing"),
            (
                "unknown field `S3CRET`, expected `url`",
                None,
                "there is no such key here; known keys: url",
            ),
            (
                "unknown field `S3CRET`, there are no fields",
                None,
                "there is no such key here",
            ),
        ] {
            assert_eq!(plain_message(message, given), expected);
        }
    }
}
