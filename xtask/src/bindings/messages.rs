//! The messages for people: generates a function in Kotlin and in Swift from
//! `bindings/messages.json`. The function also works in an app without the Rust library (a preview,
//! a test).

use std::collections::BTreeMap;

use super::edits::WRITTEN;

/// The languages. English, the first one, replaces languages that are not listed.
const LANGUAGES: [&str; 5] = ["en", "sv", "fr", "nl", "de"];

/// The message for keys that are not in the file.
const OTHERWISE: &str = "error.internal";

type Messages = BTreeMap<String, BTreeMap<String, String>>;

pub(crate) fn kotlin(json: &str) -> Result<String, String> {
    let (cases, otherwise) = cases(json, |key, texts| {
        format!("        {key} -> arrayOf({texts})\n")
    })?;
    Ok(format!(
        "{WRITTEN}package app.switchback\n\n\
         /** The messages for people, in {languages}. */\n\
         internal object Messages {{\n    \
         fun text(key: String, language: String): String {{\n        \
         val texts = texts(key)\n        \
         val subtag = language.substringBefore('-').substringBefore('_').lowercase()\n        \
         return texts[arrayOf({languages}).indexOf(subtag).coerceAtLeast(0)]\n    \
         }}\n\n    \
         private fun texts(key: String): Array<String> = when (key) {{\n{cases}        \
         else -> arrayOf({otherwise})\n    }}\n}}\n",
        languages = listed(LANGUAGES),
    ))
}

pub(crate) fn swift(json: &str) -> Result<String, String> {
    let (cases, otherwise) = cases(json, |key, texts| {
        format!("        case {key}: [{texts}]\n")
    })?;
    Ok(format!(
        "{WRITTEN}\n\
         /// The messages for people, in {languages}.\n\
         enum Messages {{\n    \
         static func text(_ key: String, language: String) -> String {{\n        \
         let subtag = language.prefix {{ $0 != \"-\" && $0 != \"_\" }}.lowercased()\n        \
         return texts(key)[[{languages}].firstIndex(of: subtag) ?? 0]\n    \
         }}\n\n    \
         private static func texts(_ key: String) -> [String] {{\n        \
         switch key {{\n{cases}        \
         default: [{otherwise}]\n        }}\n    }}\n}}\n",
        languages = listed(LANGUAGES),
    ))
}

/// A line for each message, and the texts of the message for unknown keys.
fn cases(json: &str, line: fn(&str, &str) -> String) -> Result<(String, String), String> {
    let messages: Messages = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let mut cases = String::new();
    for (key, texts) in &messages {
        cases += &line(&quoted(key), &in_order(key, texts)?);
    }
    let otherwise = messages
        .get(OTHERWISE)
        .ok_or("the file has no error.internal")?;
    Ok((cases, in_order(OTHERWISE, otherwise)?))
}

fn in_order(key: &str, texts: &BTreeMap<String, String>) -> Result<String, String> {
    if texts.len() != LANGUAGES.len() {
        return Err(format!("{key} has other languages than {LANGUAGES:?}"));
    }
    let text = |language: &str| {
        texts
            .get(language)
            .ok_or(format!("{key} has no {language}"))
    };
    let texts: Result<Vec<_>, _> = LANGUAGES.into_iter().map(text).collect();
    Ok(listed(texts?))
}

fn listed<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    let quoted: Vec<_> = texts
        .into_iter()
        .map(|text| quoted(text.as_ref()))
        .collect();
    quoted.join(", ")
}

/// A string literal in both languages. No message has a `$`, which only Kotlin would interpret.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_without_one_of_the_languages_is_an_error() {
        let error = r#"{"error.internal":{"en":"a","sv":"b","fr":"c","nl":"d"}}"#;
        assert!(kotlin(error).is_err());
        assert!(swift("{}").is_err());
    }

    #[test]
    fn a_message_is_written_in_the_order_of_the_languages() {
        let json = r#"{"error.internal":{"de":"e","en":"\"a\"","sv":"b","fr":"c","nl":"d"}}"#;
        let line = r#"arrayOf("\"a\"", "b", "c", "d", "e")"#;
        assert!(kotlin(json).unwrap().contains(line));
    }
}
