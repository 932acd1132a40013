//! Makes text from a server safe to display in a log or on a terminal.
//!
//! A control character can control a terminal or begin a new line. A format character can hide text
//! or reverse it, so that the displayed text differs from the received one.
//!
//! Before you change this: the list is from Unicode's general categories, and grows with each
//! version of Unicode.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt::Write as _;

/// Whether a character is a control character (Unicode category Cc), a format character (Cf), or
/// a line or paragraph separator (Zl, Zp), in Unicode 17.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}'
            | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
            | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0001}' | '\u{e0020}'..='\u{e007f}')
}

/// The text with each invisible character escaped as in JSON (RFC 8259 section 7), such as
/// `\u202e`. The meaning of a JSON text stays the same if only its strings have such characters.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(is_invisible) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if !is_invisible(c) {
            escaped.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a `String` does not fail.
            let _ = write!(escaped, "\\u{unit:04x}");
        }
    }
    escaped.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_escaped() {
        for (text, written) in [
            ("refused\r\n\tby", r"refused\u000d\u000a\u0009by"),
            ("\u{1b}[31m", r"\u001b[31m"),
            ("\u{9b}31m", r"\u009b31m"),
            ("a\u{202e}b", r"a\u202eb"),
            ("a\u{2066}b\u{2069}", r"a\u2066b\u2069"),
            ("a\u{2028}\u{2029}b", r"a\u2028\u2029b"),
            ("a\u{200b}\u{200d}b", r"a\u200b\u200db"),
            ("\u{feff}a\u{ad}b\u{61c}", r"\ufeffa\u00adb\u061c"),
            ("a\u{2060}\u{180e}", r"a\u2060\u180e"),
            ("a\u{e0041}", r"a\udb40\udc41"),
        ] {
            assert_eq!(escaped(text), written);
            let json = alloc::format!("\"{written}\"");
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }

    #[test]
    fn visible_text_is_unchanged() {
        for text in [
            "",
            "Åsa & Søn",
            "日本語",
            "\u{1f600}\u{fe0f}",
            "e\u{301}",
            "\\u202e \"a\" 'b'",
        ] {
            assert!(matches!(escaped(text), Cow::Borrowed(same) if same == text));
        }
    }
}
