//! Reads the members of an object that a server sent. An unreadable member does not affect the
//! others.
//!
//! The body is JSON (RFC 8259) or a form: some services send a form although the client accepts
//! only JSON. The content type does not decide, because some servers omit it or send a wrong one.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

/// An optional field of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// The field is missing, `null` or an empty text.
    #[default]
    Absent,
    /// The field has the wrong type or an invalid value, or occurs twice.
    Unreadable,
    /// The field has this value.
    Present(T),
}

impl<T> Field<T> {
    /// The value, if there is a readable one.
    pub fn ok(self) -> Option<T> {
        match self {
            Self::Present(value) => Some(value),
            Self::Absent | Self::Unreadable => None,
        }
    }

    /// Borrows the value.
    pub fn as_ref(&self) -> Field<&T> {
        match self {
            Self::Present(value) => Field::Present(value),
            Self::Unreadable => Field::Unreadable,
            Self::Absent => Field::Absent,
        }
    }

    /// Converts the value. `None` makes the field unreadable.
    pub(crate) fn and_then<U>(self, make: impl FnOnce(T) -> Option<U>) -> Field<U> {
        match self {
            Self::Present(value) => make(value).map_or(Field::Unreadable, Field::Present),
            Self::Unreadable => Field::Unreadable,
            Self::Absent => Field::Absent,
        }
    }
}

/// The value of a member.
#[derive(Clone)]
enum Value<'a> {
    /// Raw JSON.
    Json(&'a RawValue),
    /// A decoded value of a form.
    Text(Cow<'a, str>),
}

/// The members of an object, in their order.
pub(crate) struct Members<'a>(Vec<(Cow<'a, str>, Value<'a>)>);

/// serde does not borrow inside an `Option` without this type.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> Members<'a> {
    /// Reads a JSON object. Text after its end is ignored.
    pub(crate) fn of_json(text: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::Deserializer::from_str(text).deserialize_map(MembersVisitor)
    }

    /// Reads a form, if the text begins with a name and `=`. An HTML page begins with a tag, and a
    /// sentence has a space before any `=`.
    fn of_form(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let (name, _) = text.split_once('=')?;
        let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'%');
        if name.is_empty() || !name.bytes().all(is_name) {
            return None;
        }
        let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        let decoded = |text: &str| {
            let spaced = text.replace('+', " ");
            Cow::Owned(percent_decode_str(&spaced).decode_utf8_lossy().into_owned())
        };
        Some(Self(
            pairs
                .map(|(name, value)| (decoded(name), Value::Text(decoded(value))))
                .collect(),
        ))
    }

    fn get(&self, name: &str) -> Field<Value<'a>> {
        let mut all = self.0.iter().filter(|(known, _)| known == name);
        match (all.next(), all.next()) {
            (None, _) => Field::Absent,
            (Some((_, Value::Json(json))), None) if json.get() == "null" => Field::Absent,
            (Some((_, value)), None) => Field::Present(value.clone()),
            (Some(_), Some(_)) => Field::Unreadable,
        }
    }

    /// A member that is a text.
    pub(crate) fn text(&self, name: &str) -> Field<Cow<'a, str>> {
        match self.get(name).and_then(Value::text) {
            Field::Present(text) if text.is_empty() => Field::Absent,
            field => field,
        }
    }

    /// A member that is a text or an array of texts. Elements of other types are left out.
    pub(crate) fn texts(&self, name: &str) -> Field<Vec<String>> {
        self.get(name).and_then(|value| match value {
            Value::Json(json) if json.get().starts_with('[') => {
                let all: Vec<&RawValue> = serde_json::from_str(json.get()).ok()?;
                let texts = all.into_iter().filter_map(|json| Value::Json(json).text());
                Some(texts.map(Cow::into_owned).collect())
            }
            value => Some([value.text()?.into_owned()].into()),
        })
    }

    /// A member that is `true` or `false`.
    pub(crate) fn flag(&self, name: &str) -> Field<bool> {
        self.get(name).and_then(|value| match value {
            Value::Json(json) => json.get().parse().ok(),
            Value::Text(text) => text.parse().ok(),
        })
    }

    /// A member that is a number of seconds, as a number or as text. A number that does not fit
    /// becomes the largest or smallest one.
    pub(crate) fn seconds(&self, name: &str) -> Field<i64> {
        self.get(name).and_then(|value| {
            let text = match &value {
                Value::Json(json) if !json.get().starts_with('"') => Cow::Borrowed(json.get()),
                _ => value.text()?,
            };
            seconds(text.trim())
        })
    }

    /// A member that is an error code: a text, or the text `code` in an object. Of any other value
    /// the JSON itself is the code; `false`, `0` and an empty array or object count as absent.
    pub(crate) fn code(&self, name: &str) -> Field<Cow<'a, str>> {
        match self.get(name) {
            Field::Present(Value::Json(json)) if !json.get().starts_with('"') => match json.get() {
                "false" | "0" | "[]" | "{}" => Field::Absent,
                other => {
                    let within = Members::of_json(other).ok();
                    let within = within.and_then(|object| object.text("code").ok());
                    Field::Present(within.unwrap_or(Cow::Borrowed(other)))
                }
            },
            _ => self.text(name),
        }
    }
}

impl<'a> Value<'a> {
    fn text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Text(text) => Some(text),
            Self::Json(json) => serde_json::from_str(json.get()).ok().map(|Text(text)| text),
        }
    }
}

/// A number without its fraction. `None` if the text is not a number.
fn seconds(text: &str) -> Option<i64> {
    if let Ok(seconds) = text.parse() {
        return Some(seconds);
    }
    if let Ok(seconds) = serde_json::from_str::<f64>(text) {
        return Some(seconds as i64);
    }
    let is_number = text.contains(|c: char| c.is_ascii_digit())
        && text
            .bytes()
            .all(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    is_number.then_some(match text.starts_with('-') {
        true => i64::MIN,
        false => i64::MAX,
    })
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Vec::with_capacity(8);
        while let Some((Text(name), json)) = map.next_entry::<Text<'de>, &'de RawValue>()? {
            members.push((name, Value::Json(json)));
        }
        Ok(Members(members))
    }
}

/// Reads the members of a body, and tolerates mistakes in the parts that are not needed: a byte
/// order mark, bytes that are not UTF-8, a line break inside a text. Unreadable bytes become
/// U+FFFD.
pub(crate) fn read<T>(
    body: &[u8],
    read: impl Fn(&Members<'_>) -> T,
) -> Result<T, serde_json::Error> {
    with_text(body, |text| {
        let error = match Members::of_json(text) {
            Ok(members) => return Ok(read(&members)),
            Err(error) => error,
        };
        let clean = without_controls(text);
        let members = Members::of_json(&clean)
            .ok()
            .or_else(|| Members::of_form(text));
        members.map(|members| read(&members)).ok_or(error)
    })
}

/// Passes the text of a body to `read`, without a byte order mark. A decoded copy is overwritten
/// afterwards.
fn with_text<T>(body: &[u8], read: impl FnOnce(&str) -> T) -> T {
    let body = without_byte_order_mark(body);
    match core::str::from_utf8(body) {
        Ok(text) => read(text),
        Err(_) => read(&Zeroizing::new(decoded(body))),
    }
}

/// Removes the UTF-8 byte order mark, which a reader may ignore (RFC 8259 §8.1).
pub(crate) fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// Decodes UTF-16 with a byte order mark, and otherwise UTF-8 with replacement characters.
fn decoded(body: &[u8]) -> String {
    let unit: fn([u8; 2]) -> u16 = match body {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return String::from_utf8_lossy(body).into_owned(),
    };
    let units = body[2..].as_chunks().0.iter().map(|two| unit(*two));
    char::decode_utf16(units)
        .map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// Replaces control characters inside texts. JSON forbids them, but some servers write line breaks
/// there.
fn without_controls(text: &str) -> Zeroizing<String> {
    let (mut within, mut escaped) = (false, false);
    let clean = text.chars().map(|c| {
        within ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        match c < ' ' && within {
            true => char::REPLACEMENT_CHARACTER,
            false => c,
        }
    });
    Zeroizing::new(clean.collect())
}
