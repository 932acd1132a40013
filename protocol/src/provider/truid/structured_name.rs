//! Truid's format of a name in parts. The names of the fields are a guess, so every field is
//! optional, and unknown ones are kept.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde_json::{Value, json};

use crate::identity::{ClaimValue, More, Summary, take_text};

/// A name in parts. To display it, use `full_name`: not every country writes the given name first.
/// *The field names are a guess.*
#[derive(Clone, PartialEq)]
pub struct StructuredName {
    /// The full name in its correct order.
    pub full_name: Option<String>,
    /// Given names.
    pub given_name: Option<String>,
    /// Family names.
    pub family_name: Option<String>,
    /// Unknown fields.
    pub more: More,
}

impl StructuredName {
    /// Reads the value of [`ClaimType::StructuredName`](super::ClaimType::StructuredName).
    /// `None` if it is not an object.
    pub fn read(value: &ClaimValue) -> Option<Self> {
        let ClaimValue::Other(Value::Object(fields)) = value else {
            return None;
        };
        let mut more = fields.clone();
        Some(Self {
            full_name: take_text(&mut more, "full-name"),
            given_name: take_text(&mut more, "given-name"),
            family_name: take_text(&mut more, "family-name"),
            more,
        })
    }

    pub(super) fn summary(&self) -> Summary {
        let parts = [
            ("given: ", &self.given_name),
            ("family: ", &self.family_name),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .filter_map(|(label, part)| Some([label, part.as_ref()?].concat()))
            .collect();
        let parts = parts.join(", ");
        Summary {
            text: match &self.full_name {
                Some(full) if parts.is_empty() => full.clone(),
                Some(full) => [full, " (", &parts, ")"].concat(),
                None => parts,
            },
            json: json!({
                "full-name": self.full_name,
                "given-name": self.given_name,
                "family-name": self.family_name,
            }),
        }
    }
}

impl fmt::Debug for StructuredName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StructuredName([redacted])")
    }
}
