//! Claims in a table, and in JSON.

use serde_json::{Value, json};
use switchback::identity::{Claim, ClaimValue, Presentation};
use switchback::provider::truid::ClaimType;

use crate::output::{clean, key};

/// Two columns: short names, and what the claims say. Claims that are pictures say what
/// kind and how big.
pub(crate) fn table(presentation: &Presentation) -> Vec<Vec<String>> {
    let row = |claim: &Claim| {
        let name = clean(ClaimType::short(&claim.key));
        vec![key(name).to_string(), clean(&words(&claim.value))]
    };
    presentation.claims.iter().map(row).collect()
}

/// One object a claim.
pub(crate) fn json(presentation: &Presentation) -> Value {
    let object = |claim: &Claim| {
        json!({
            "name": ClaimType::short(&claim.key),
            "type": claim.key,
            "value": value(&claim.value),
        })
    };
    presentation.claims.iter().map(object).collect()
}

/// A claim in words.
pub(crate) fn words(value: &ClaimValue) -> String {
    match value {
        ClaimValue::Text(text) => text.clone(),
        ClaimValue::StructuredName(name) => {
            let parts = [("given", &name.given_name), ("family", &name.family_name)];
            let parts: Vec<String> = parts
                .into_iter()
                .filter_map(|(label, part)| Some(format!("{label}: {}", part.as_ref()?)))
                .collect();
            match (&name.full_name, parts.is_empty()) {
                (Some(full), true) => full.clone(),
                (Some(full), false) => format!("{full} ({})", parts.join(", ")),
                (None, _) => parts.join(", "),
            }
        }
        ClaimValue::PortraitImage(portrait) => match portrait.bytes() {
            Ok(bytes) => format!("{}, {} bytes", portrait.format, bytes.len()),
            Err(error) => format!("{}, unreadable: {error}", portrait.format),
        },
        ClaimValue::Other(value) => value.to_string(),
    }
}

fn value(value: &ClaimValue) -> Value {
    match value {
        ClaimValue::Text(text) => json!(text),
        ClaimValue::StructuredName(name) => json!({
            "full-name": name.full_name,
            "given-name": name.given_name,
            "family-name": name.family_name,
        }),
        ClaimValue::PortraitImage(portrait) => json!({
            "format": portrait.format,
            "bytes": portrait.bytes().ok().map(|bytes| bytes.len()),
        }),
        ClaimValue::Other(value) => value.clone(),
    }
}

/// A claim by its short name or its key.
pub(crate) fn parse(text: &str) -> Option<String> {
    let short = |claim: &ClaimType| ClaimType::short(claim.as_str()) == text;
    match ClaimType::ALL.iter().find(|claim| short(claim)) {
        Some(claim) => Some(claim.as_str().into()),
        None if text.contains("/claim/") => Some(text.into()),
        None => None,
    }
}

/// All short names.
pub(crate) fn names() -> String {
    let names = ClaimType::ALL.map(|claim| ClaimType::short(claim.as_str()));
    names.join(", ")
}
