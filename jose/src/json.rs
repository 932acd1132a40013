//! Strict JSON: one object in UTF-8, no doubled member at any depth, a limited
//! depth and number of values (RFC 7515 §4, RFC 8259).
//!
//! Two readers of a doubled member can read two different values. So such a text is refused, and no
//! reader decides which value counts.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;
use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// How deep arrays and objects may be nested. Headers and claims of known
/// services have three levels.
const MAX_DEPTH: usize = 16;

/// How many values there may be, at all depths. A value of a few characters can need a hundred times as
/// much memory.
const MAX_VALUES: usize = 4_000;

/// The beginning of another party's text, for an error.
pub(crate) fn shown(text: &str) -> String {
    text.chars().take(100).collect()
}

/// A text is not strict JSON. The text of this error names members of the text, but no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct JsonError(String);

/// Reads one JSON object that has no doubled member, and nothing after it.
///
/// # Errors
/// The text is something else.
pub fn read_object(json: &[u8]) -> Result<Map<String, Value>, JsonError> {
    read_one_of(json, &Cell::new(0))
}

/// The same for one of several texts. `values` is the number of values so far, in all of them.
///
/// # Errors
/// The text is something else, or all texts together have too many values.
pub fn read_one_of(json: &[u8], values: &Cell<usize>) -> Result<Map<String, Value>, JsonError> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let strict = Strict { depth: 0, values };
    let value = strict
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|error| JsonError(format!("is not strict JSON: {error}")))?;
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(JsonError("is JSON, but not an object".into())),
    }
}

/// Reads a value that is nested in `depth` arrays and objects.
#[derive(Clone, Copy)]
struct Strict<'a> {
    depth: usize,
    /// The number of values so far.
    values: &'a Cell<usize>,
}

impl Strict<'_> {
    fn inner<E: Error>(self) -> Result<Self, E> {
        match self.depth + 1 {
            depth if depth > MAX_DEPTH => Err(E::custom(format_args!(
                "arrays and objects are nested more than {MAX_DEPTH} levels deep"
            ))),
            depth => Ok(Self { depth, ..self }),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.values.set(self.values.get() + 1);
        if self.values.get() > MAX_VALUES {
            return Err(D::Error::custom(format_args!(
                "there are more than {MAX_VALUES} values"
            )));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(format_args!(
                    "the member {:?} is there twice",
                    shown(&name)
                )));
            }
            let value = members.next_value_seed(inner)?;
            object.insert(name, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(json: &str) -> String {
        read_object(json.as_bytes()).unwrap_err().0
    }

    #[test]
    fn an_object_is_read_with_all_its_kinds_of_values() {
        let json = r#"{"a":[1,-2,0.5,"\u00e5",true,null],"b":{"c":{}}}"#;
        let members = read_object(json.as_bytes()).unwrap();
        assert_eq!(
            Value::Object(members),
            serde_json::from_str::<Value>(json).unwrap()
        );
    }

    #[test]
    fn a_doubled_member_is_refused_at_any_depth_and_in_any_spelling() {
        for json in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"x":{"a":1,"a":2}}"#,
            r#"{"x":[[{"a":1,"a":2}]]}"#,
        ] {
            assert!(refused(json).contains(r#""a" is there twice"#), "{json}");
        }
    }

    #[test]
    fn only_one_object_in_utf_8_is_read() {
        for json in [
            "",
            "[]",
            "1",
            "{} {}",
            "{},",
            "\u{feff}{}",
            "{\"a\":\"\\ud800\"}",
        ] {
            assert!(read_object(json.as_bytes()).is_err(), "{json}");
        }
        assert!(read_object(b"{\"a\":\"\xff\"}").is_err());
    }

    #[test]
    fn a_deep_text_is_refused_before_the_stack_ends() {
        let nested = |depth: usize| {
            let (open, close) = ("[".repeat(depth), "]".repeat(depth));
            format!("{{\"a\":{open}{close}}}")
        };
        assert!(read_object(nested(MAX_DEPTH - 1).as_bytes()).is_ok());
        assert!(refused(&nested(MAX_DEPTH)).contains("16 levels"));
        assert!(read_object("[".repeat(100_000).as_bytes()).is_err());
    }

    #[test]
    fn a_text_with_many_values_is_refused() {
        // The object, the array, and each object with its member.
        let text =
            |count: usize| format!("{{\"a\":[{}]}}", alloc::vec![r#"{"":0}"#; count].join(","));
        let most = (MAX_VALUES - 2) / 2;
        assert!(read_object(text(most).as_bytes()).is_ok());
        assert!(refused(&text(most + 1)).contains("4000 values"));
    }
}
