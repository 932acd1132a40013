//! The OpenAPI document of the control API: <https://spec.openapis.org/oas/v3.1.1.html>.
//! Its schemas are JSON Schema 2020-12, generated from the types of the bodies.

use axum::http::StatusCode;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::operation::{Operation, get};
use super::operations;
use crate::Misbehaviour;
use crate::endpoints::answer::{self, Answer, Refused};

const DESCRIPTION: &str = "\
Controls Switchback's sandbox, which simulates the identity service Truid on your own \
machine: for tests in any language. The sandbox identifies no real person.

This document describes the sandbox's own API. The simulated Truid is at `/oauth2/v1`, \
`/oidc/v1` and `/exchange`, as in Truid's guide. Requests there accept the header \
`Switchback-Misbehave`: the name of a misbehaviour that can happen at that endpoint, and \
optionally `; seconds=N`, as in `Switchback-Misbehave: slow; seconds=3`. The misbehaviour \
happens with that request only.

**Stability.** Within `/sandbox/v1` nothing is removed or renamed, and no meaning changes: \
neither paths, fields, error codes nor the ids of findings, misbehaviours and endpoints. \
New fields of answers, optional fields of requests, operations and values of enumerations \
can be added: ignore those that you do not know. The sandbox refuses a request with a field \
that is not in this document.

**Errors** have a status of 400 or more and an object with `error`, a code for programs, \
and `error_description`, a text for people that can change. The sandbox refuses any request \
with 421 `misdirected_request` if its `Host` is not an address of this machine, `localhost` \
or the sandbox's public host. It refuses a request that changes something with 403 \
`cross_site` if a browser sends it for another web page.

**Times** are those of the sandbox's clock, since 1970-01-01T00:00Z: `at`, `took`, `began` \
and `last` in milliseconds, all others in seconds.";

/// All operations with their tags. The operation that serves this document is the last.
pub(super) fn operations() -> Vec<(&'static str, Operation)> {
    let all = operations::operations().into_iter();
    let all = all.flat_map(|(tag, operations)| operations.into_iter().map(move |o| (tag, o)));
    let own = get(
        "/openapi.json",
        document,
        "getOpenApi",
        "Returns this document",
    )
    .gives::<Map<String, Value>>("The document, in OpenAPI 3.1.");
    all.chain([("sandbox", own)]).collect()
}

/// `GET /sandbox/v1/openapi.json`.
async fn document() -> Answer {
    answer::json(StatusCode::OK, &openapi())
}

/// The document.
pub(crate) fn openapi() -> Value {
    let mut schemas = Schemas::new();
    let mut paths = Map::new();
    for (tag, operation) in operations() {
        let described = schemas.operation(tag, &operation);
        if let Value::Object(path) = paths.entry(operation.path).or_insert_with(|| json!({})) {
            path.insert(operation.method.to_owned(), described);
        }
    }
    let refused = schemas.gives.subschema_for::<Refused<'_>>();
    let header = schemas.misbehave();
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": "Switchback's sandbox: control API",
            "version": "1",
            "summary": "Controls a simulated Truid on your own machine.",
            "description": DESCRIPTION,
            "license": { "name": "Apache-2.0 OR MIT", "identifier": "Apache-2.0 OR MIT" },
        },
        "servers": [
            { "url": "/sandbox/v1", "description": "The sandbox that serves this document" },
            {
                "url": "http://127.0.0.1:8090/sandbox/v1",
                "description": "`switchback sandbox --port 8090`",
            },
        ],
        "security": [],
        "tags": [
            { "name": "app", "description": "The fake Truid app, and the person who uses it" },
            { "name": "misbehaviour", "description": "The faults that the sandbox simulates on request" },
            { "name": "trace", "description": "The recorded requests and answers, and the findings in them" },
            { "name": "signing", "description": "The certificate authority that signs for the people" },
            { "name": "sandbox", "description": "The sandbox itself" },
        ],
        "paths": paths,
        "components": {
            "schemas": schemas.into_components(),
            "parameters": { "Misbehave": header },
            "responses": { "Refused": answer("Any other refusal.", "application/json", &refused) },
        },
    })
}

/// The schemas of each type in requests and in answers. They differ if a field has a default:
/// a request may leave the field out, and an answer always has it.
struct Schemas {
    takes: SchemaGenerator,
    gives: SchemaGenerator,
}

impl Schemas {
    fn new() -> Self {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        });
        let takes = settings.clone().for_deserialize();
        let gives = settings.for_serialize();
        Schemas {
            takes: takes.with_transform(Tidy).into_generator(),
            gives: gives.with_transform(Tidy).into_generator(),
        }
    }

    fn operation(&mut self, tag: &str, operation: &Operation) -> Value {
        let mut parameters = Vec::new();
        for (name, describe, words) in &operation.at {
            let schema = describe(&mut self.takes);
            parameters.push(json!({
                "name": name, "in": "path", "required": true,
                "description": words, "schema": tidy(schema),
            }));
        }
        if let Some(describe) = operation.query {
            let schema = describe(&mut self.takes);
            parameters.extend(query(&tidy(schema)));
        }
        if operation.misbehaves {
            parameters.push(json!({ "$ref": "#/components/parameters/Misbehave" }));
        }
        let mut described = Map::new();
        described.insert("operationId".into(), operation.id.into());
        described.insert("tags".into(), json!([tag]));
        described.insert("summary".into(), operation.summary.into());
        if let Some(about) = operation.about {
            described.insert("description".into(), about.into());
        }
        if !parameters.is_empty() {
            described.insert("parameters".into(), parameters.into());
        }
        if let Some((describe, required)) = operation.takes {
            let schema = describe(&mut self.takes);
            described.insert(
                "requestBody".into(),
                json!({ "required": required, "content": content("application/json", &schema) }),
            );
        }
        described.insert("responses".into(), self.responses(operation));
        described.into()
    }

    fn responses(&mut self, operation: &Operation) -> Value {
        let refused = self.gives.subschema_for::<Refused<'_>>();
        let mut refusals: Vec<(u16, String)> = Vec::new();
        for (status, error, when) in &operation.refusals {
            let line = format!("`{error}`: {when}.");
            match refusals.iter_mut().find(|(own, _)| own == status) {
                Some((_, lines)) => *lines = format!("{lines}\n\n{line}"),
                None => refusals.push((*status, line)),
            }
        }
        let mut all: Vec<(u16, Value)> = Vec::new();
        for (status, words, kind, describe) in &operation.answers {
            let schema = describe(&mut self.gives);
            all.push((*status, answer(words, kind, &tidy(schema))));
        }
        for (status, lines) in refusals {
            all.push((status, answer(&lines, "application/json", &refused)));
        }
        all.sort_by_key(|(status, _)| *status);
        let all = all.into_iter().map(|(status, a)| (status.to_string(), a));
        let mut all: Map<String, Value> = all.collect();
        let other = json!({ "$ref": "#/components/responses/Refused" });
        all.insert("default".into(), other);
        all.into()
    }

    /// The header with the misbehaviour of one request.
    fn misbehave(&mut self) -> Value {
        let names = Misbehaviour::ALL.iter().map(|m| m.id());
        let names: Vec<&str> = names.collect();
        json!({
            "name": "Switchback-Misbehave",
            "in": "header",
            "description": "The misbehaviour of this request: its name, and optionally \
                            `; seconds=N`.",
            "schema": {
                "type": "string",
                "pattern": format!("^({})(; ?seconds=-?[0-9]+)?$", names.join("|")),
            },
            "example": Misbehaviour::CallbackTwice,
        })
    }

    /// All types by name.
    fn into_components(mut self) -> Map<String, Value> {
        let mut all = self.takes.take_definitions(true);
        all.extend(self.gives.take_definitions(true));
        all.sort_keys();
        all
    }
}

/// Tidies a schema that is not among the components; the generator tidies only those.
fn tidy(mut schema: Schema) -> Schema {
    Tidy.transform(&mut schema);
    schema
}

fn content(kind: &str, schema: &Schema) -> Value {
    let mut content = Map::new();
    content.insert(kind.to_owned(), json!({ "schema": schema }));
    content.into()
}

fn answer(words: &str, kind: &str, schema: &Schema) -> Value {
    json!({ "description": words, "content": content(kind, schema) })
}

/// Each property of an object schema as a parameter of the query.
fn query(schema: &Schema) -> Vec<Value> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let parameter = |(name, schema): (&String, &Value)| {
        let mut schema = schema.clone();
        let words = schema
            .as_object_mut()
            .and_then(|schema| schema.remove("description"));
        json!({ "name": name, "in": "query", "description": words, "schema": schema })
    };
    properties.into_iter().flatten().map(parameter).collect()
}

/// Rewrites schemas of Rust types for the client generators of other languages.
#[derive(Clone)]
struct Tidy;

impl Transform for Tidy {
    fn transform(&mut self, schema: &mut Schema) {
        signed(schema);
        enumeration(schema);
        optional(schema);
        without_example(schema);
        transform_subschemas(self, schema);
    }
}

/// OpenAPI has only signed number formats.
fn signed(schema: &mut Schema) {
    let format = schema.get("format").and_then(Value::as_str);
    let signed = match format {
        Some("uint8" | "uint16") => "int32",
        Some("uint" | "uint32" | "uint64") => "int64",
        _ => return,
    };
    schema.insert("format".into(), signed.into());
}

/// Turns the cases of an enumeration into one list of values, with their meanings in the
/// description.
fn enumeration(schema: &mut Schema) {
    let Some(Value::Array(cases)) = schema.get("oneOf") else {
        return;
    };
    let mut values = Vec::new();
    let mut words = String::new();
    for case in cases {
        let Some(value) = case.get("const").and_then(Value::as_str) else {
            return;
        };
        let about = case.get("description").and_then(Value::as_str);
        // The description of a finding ends with its id.
        let about = about
            .unwrap_or_default()
            .replace(&format!(": `{value}`"), "");
        words.push_str(&format!("\n- `{value}`: {about}"));
        values.push(Value::from(value));
    }
    let about = schema.get("description").and_then(Value::as_str);
    let about = format!("{}\n{words}", about.unwrap_or_default());
    schema.remove("oneOf");
    schema.insert("type".into(), "string".into());
    schema.insert("enum".into(), values.into());
    schema.insert("description".into(), about.trim().into());
}

/// An optional field is absent, and never null.
fn optional(schema: &mut Schema) {
    let required = schema.get("required").and_then(Value::as_array);
    let required = required.cloned().unwrap_or_default();
    let Some(Value::Object(properties)) = schema.get_mut("properties") else {
        return;
    };
    for (name, property) in properties {
        if let (false, Value::Object(property)) =
            (required.contains(&name.as_str().into()), property)
        {
            switchback_config_file::without_null(property);
        }
    }
}

/// Removes Rust examples.
fn without_example(schema: &mut Schema) {
    let about = schema.get("description").and_then(Value::as_str);
    if let Some((words, _)) = about.and_then(|about| about.split_once("\n\n```")) {
        let words = Value::from(words);
        schema.insert("description".into(), words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A type in requests and answers has one name, so it must have one schema.
    #[test]
    fn a_type_has_the_same_schema_in_requests_and_answers() {
        let mut schemas = Schemas::new();
        for (tag, operation) in operations() {
            schemas.operation(tag, &operation);
        }
        let gives = schemas.gives.take_definitions(true);
        for (name, takes) in schemas.takes.take_definitions(true) {
            assert!(gives.get(&name).is_none_or(|own| *own == takes), "{name}");
        }
    }
}
