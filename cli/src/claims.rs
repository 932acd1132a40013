//! Claims in a table, and in JSON.

use serde_json::{Value, json};
use switchback::Provider;
use switchback::identity::{Claim, Presentation};

use crate::output::{clean, key};

/// Two columns: short names, and values. The value of a picture is its media type and its size.
pub(crate) fn table(provider: &Provider, presentation: &Presentation) -> Vec<Vec<String>> {
    let row = |claim: &Claim| {
        let name = clean(provider.short_claim(&claim.key));
        let summary = provider.summary(&claim.key, &claim.value);
        vec![key(name).to_string(), clean(&summary.text)]
    };
    presentation.claims.iter().map(row).collect()
}

/// One object for each claim.
pub(crate) fn json(provider: &Provider, presentation: &Presentation) -> Value {
    let object = |claim: &Claim| {
        json!({
            "name": provider.short_claim(&claim.key),
            "type": claim.key,
            "value": provider.summary(&claim.key, &claim.value).json,
        })
    };
    presentation.claims.iter().map(object).collect()
}

/// The short names of all known claims.
pub(crate) fn names(provider: &Provider) -> String {
    let known = provider.facts().claims.known.iter();
    let names: Vec<&str> = known.map(|key| provider.short_claim(key)).collect();
    names.join(", ")
}
