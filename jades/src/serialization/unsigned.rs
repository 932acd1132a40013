//! The unprotected header `etsiU` (ETSI TS 119 182-1 §5.3.1): an array of components, all of them as
//! JSON objects or all of them as base64url of JSON objects. Each has one member, named by its kind.
//!
//! | component | content | section |
//! |---|---|---|
//! | `sigTst` | timestamps of the signature value | 5.3.4 |
//! | `xVals` | certificates | 5.3.5.2 |
//! | `rVals` | revocation lists, and OCSP answers | 5.3.5.3 |
//!
//! Components of other kinds stay in the document and have no effect.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::cell::Cell;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};
use switchback_jose::json::read_one_of;

use super::SerializationError;

/// The most components of `etsiU`.
const MAX_COMPONENTS: usize = 64;
/// The most timestamps. A verification of one costs up to four signature verifications.
const MAX_TIMESTAMPS: usize = 8;
/// The most certificates, and the most revocation lists.
const MAX_VALUES: usize = 64;

/// The name of the encoding that applies if none is given (§5.4.3).
pub(super) const DER: &str = "http://uri.etsi.org/01903/v1.2.2#DER";

/// What was added to a signature after the signing. Nothing of it is signed by the signer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unsigned {
    /// Timestamps of the signature value: each an RFC 3161 token, DER.
    pub timestamps: Vec<Vec<u8>>,
    /// Certificates, DER.
    pub certificates: Vec<Vec<u8>>,
    /// Certificate revocation lists, DER.
    pub crls: Vec<Vec<u8>>,
}

/// A component of `etsiU`.
#[derive(Clone, Debug)]
pub(super) struct Component {
    kind: String,
    content: Value,
    /// The entry of the array that the component was read from. An archive timestamp covers its
    /// characters, so an unchanged component is written unchanged.
    entry: Option<Value>,
    base64url: bool,
}

fn malformed<T>(problem: &'static str) -> Result<T, SerializationError> {
    Err(SerializationError::Malformed(problem))
}

/// Reads the unprotected header. It has no member but `etsiU` (§5.3.1).
pub(super) fn components(header: Option<Value>) -> Result<Vec<Component>, SerializationError> {
    let mut header = match header {
        None => return Ok(Vec::new()),
        Some(Value::Object(header)) => header,
        Some(_) => return malformed("`header` is not an object"),
    };
    let entries = match header.remove("etsiU") {
        Some(Value::Array(entries)) if header.is_empty() => entries,
        _ => return malformed("`header` must have the member `etsiU`, an array, and no other"),
    };
    if entries.is_empty() || entries.len() > MAX_COMPONENTS {
        return malformed("`etsiU` must have 1 to 64 components");
    }
    let values = Cell::new(0);
    let components: Vec<_> = entries
        .into_iter()
        .map(|entry| component(entry, &values))
        .collect::<Result<_, _>>()?;
    let base64url = |component: &Component| component.base64url;
    if components.iter().any(base64url) && !components.iter().all(base64url) {
        return malformed("`etsiU` has components in both forms, objects and base64url");
    }
    Ok(components)
}

/// `values` is the number of JSON values in base64url so far.
fn component(entry: Value, values: &Cell<usize>) -> Result<Component, SerializationError> {
    const PROBLEM: &str =
        "a component of `etsiU` must be an object with one member, or its base64url";
    let (object, base64url) = match &entry {
        Value::String(text) => {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok();
            let object = bytes.and_then(|bytes| read_one_of(&bytes, values).ok());
            (object, true)
        }
        clear => (clear.as_object().cloned(), false),
    };
    let Some(object) = object else {
        return malformed(PROBLEM);
    };
    let mut members = object.into_iter();
    match (members.next(), members.next()) {
        (Some((kind, content)), None) => Ok(Component {
            kind,
            content,
            entry: Some(entry),
            base64url,
        }),
        _ => malformed(PROBLEM),
    }
}

/// Writes the unprotected header.
pub(super) fn header(components: &[Component]) -> Value {
    let entries = components.iter().map(|component| {
        let written = || {
            let mut object = Map::new();
            object.insert(component.kind.clone(), component.content.clone());
            match component.base64url {
                true => URL_SAFE_NO_PAD
                    .encode(Value::Object(object).to_string())
                    .into(),
                false => Value::Object(object),
            }
        };
        component.entry.clone().unwrap_or_else(written)
    });
    let entries: Vec<Value> = entries.collect();
    json!({ "etsiU": entries })
}

impl Unsigned {
    pub(super) fn read(components: &[Component]) -> Result<Self, SerializationError> {
        let mut unsigned = Self::default();
        for Component { kind, content, .. } in components {
            match kind.as_str() {
                "sigTst" => values(
                    content.get("tstTokens"),
                    |token| Some(token),
                    MAX_TIMESTAMPS,
                    &mut unsigned.timestamps,
                    "`sigTst` must have `tstTokens` with at most 8 tokens, each with `val`, base64 of DER",
                )?,
                "xVals" => values(
                    Some(content),
                    |certificate| certificate.get("x509Cert"),
                    MAX_VALUES,
                    &mut unsigned.certificates,
                    "`xVals` must have at most 64 entries `x509Cert`, each with `val`, base64 of DER",
                )?,
                "rVals" => match content.as_object() {
                    None => return malformed("`rVals` is not an object"),
                    Some(lists) if !lists.contains_key("crlVals") => {}
                    Some(lists) => values(
                        lists.get("crlVals"),
                        |crl| Some(crl),
                        MAX_VALUES,
                        &mut unsigned.crls,
                        "`crlVals` of `rVals` must have at most 64 entries, each with `val`, base64 of DER",
                    )?,
                },
                _ => {}
            }
        }
        Ok(unsigned)
    }
}

/// Decodes the values of a list of PKI objects (§5.4.1). `object` returns the PKI object of an
/// entry, or `None` for an entry of another kind.
fn values(
    list: Option<&Value>,
    object: impl Fn(&Value) -> Option<&Value>,
    most: usize,
    into: &mut Vec<Vec<u8>>,
    problem: &'static str,
) -> Result<(), SerializationError> {
    let Some(Value::Array(list)) = list else {
        return malformed(problem);
    };
    for object in list.iter().filter_map(object) {
        let der = object
            .get("encoding")
            .is_none_or(|encoding| encoding == DER);
        let text = object.get("val").and_then(Value::as_str);
        let value = text.and_then(|text| STANDARD.decode(text).ok());
        match value {
            Some(value) if der && into.len() < most => into.push(value),
            _ => return malformed(problem),
        }
    }
    Ok(())
}

fn pki_object(der: &[u8]) -> Value {
    json!({ "val": STANDARD.encode(der) })
}

/// The form that the document uses already, or base64url.
fn in_base64url(components: &[Component]) -> bool {
    components.first().is_none_or(|first| first.base64url)
}

pub(super) fn add_timestamp(components: &mut Vec<Component>, token: &[u8]) {
    let base64url = in_base64url(components);
    components.push(Component {
        kind: "sigTst".to_string(),
        content: json!({ "tstTokens": [pki_object(token)] }),
        entry: None,
        base64url,
    });
}

pub(super) fn add_certificate(components: &mut Vec<Component>, certificate: &[u8]) {
    let component = the_component(components, "xVals", || json!([]));
    if let Value::Array(list) = &mut component.content {
        list.push(json!({ "x509Cert": pki_object(certificate) }));
    }
}

pub(super) fn add_crl(components: &mut Vec<Component>, crl: &[u8]) {
    let component = the_component(components, "rVals", || json!({}));
    if let Value::Object(object) = &mut component.content {
        let list = object.entry("crlVals").or_insert_with(|| json!([]));
        if let Value::Array(list) = list {
            list.push(pki_object(crl));
        }
    }
}

/// The component of a kind that occurs at most once, to change it.
fn the_component<'a>(
    components: &'a mut Vec<Component>,
    kind: &str,
    empty: fn() -> Value,
) -> &'a mut Component {
    let at = components
        .iter()
        .position(|component| component.kind == kind);
    let at = at.unwrap_or_else(|| {
        let base64url = in_base64url(components);
        components.push(Component {
            kind: kind.to_string(),
            content: empty(),
            entry: None,
            base64url,
        });
        components.len() - 1
    });
    let component = &mut components[at];
    component.entry = None;
    component
}
