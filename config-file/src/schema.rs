//! The JSON Schema of a file. Editors use it to complete and to check the file.

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value};

/// The JSON Schema (2020-12) of a file.
pub fn json_schema<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12()
        .with_transform(TomlOnly)
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}

/// Removes `null` from the schema of a property: TOML has no null, an optional key is left out.
pub fn without_null(schema: &mut Map<String, Value>) {
    if schema.get("default").is_some_and(Value::is_null) {
        schema.remove("default");
    }
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".into(), only);
        }
    }
    if let Some(Value::Array(cases)) = schema.get_mut("anyOf") {
        cases.retain(|case| case.get("type") != Some(&"null".into()));
        if let [Value::Object(only)] = cases.as_slice() {
            let only = only.clone();
            schema.remove("anyOf");
            // Keywords of the property win over keywords of its type.
            for (name, value) in only {
                schema.entry(name).or_insert(value);
            }
        }
    }
}

/// Removes the parts of a schema that mean something in Rust only: null, number widths, and
/// defaults that stand for "left out".
#[derive(Clone)]
struct TomlOnly;

impl Transform for TomlOnly {
    fn transform(&mut self, schema: &mut Schema) {
        let number = |format: &Value| {
            format
                .as_str()
                .is_some_and(|f| f.starts_with("int") || f.starts_with("uint"))
        };
        if schema.get("format").is_some_and(number) {
            schema.remove("format");
        }
        // An empty default means "left out".
        let empty = |value: &Value| match value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(array) => array.is_empty(),
            _ => false,
        };
        if schema.get("default").is_some_and(empty) {
            schema.remove("default");
        }
        if schema.get("enum").is_some() {
            schema.remove("minimum");
            schema.remove("maximum");
        }
        if let Some(schema) = schema.as_object_mut() {
            without_null(schema);
        }
        transform_subschemas(self, schema);
    }
}
