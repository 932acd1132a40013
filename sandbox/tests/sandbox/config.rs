//! Tests of the configuration file (its schema and its example in `docs/`), of a seed and of a
//! fixed clock.

use std::path::PathBuf;

use serde_json::Value;
use switchback_sandbox::{Config, Sandbox};

use crate::support::{JSON, code, exchange, refresh, send, started, text};

fn docs(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference")).join(name)
}

/// `UPDATE=1 cargo test -p switchback-sandbox schema` writes the schema again.
#[test]
fn the_schema_in_docs_is_up_to_date() {
    let schema = serde_json::to_string_pretty(&Config::json_schema()).unwrap() + "\n";
    let file = docs("sandbox.schema.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &schema).unwrap();
    }
    assert!(
        std::fs::read_to_string(&file).ok() == Some(schema),
        "docs/reference/sandbox.schema.json is stale; renew it with \
         UPDATE=1 cargo test -p switchback-sandbox schema"
    );
}

/// The example with all keys switched on.
fn example_in_full() -> String {
    let text = std::fs::read_to_string(docs("sandbox.toml")).unwrap();
    let on = |line: &str| match line.strip_prefix('#') {
        Some(key) if key.starts_with(|c: char| c.is_ascii_lowercase() || c == '[') => {
            key.to_owned()
        }
        _ => line.to_owned(),
    };
    text.lines().map(|line| on(line) + "\n").collect()
}

#[test]
fn the_example_is_valid_unchanged_and_with_all_keys() {
    let example = Config::read(&docs("sandbox.toml")).unwrap();
    assert_eq!(example.check(), Ok(()));
    assert!(example.warnings().is_empty());
    assert_eq!((example.clients.len(), example.people.len()), (3, 2));
    assert!(example.seed.is_none() && example.now.is_none());
    // Its default values are those of the code.
    let default = Config::default();
    assert_eq!(example.lifetimes, default.lifetimes);
    assert_eq!(example.limits, default.limits);
    assert_eq!(example.signature, default.signature);
    assert_eq!(example.par_status, default.par_status);
    let portrait = |config: &Config| config.people[0].portrait.clone();
    assert_eq!(portrait(&example), portrait(&default));

    let folder = docs("../../sandbox/src/people/maja.png");
    let full = example_in_full().replace(
        "../../sandbox/src/people/maja.png",
        folder.to_str().unwrap(),
    );
    let full = Config::from_toml(&full).unwrap();
    assert!(full.seed.is_some() && full.now.is_some() && full.tls.is_some());
}

/// Editors read incomplete files.
#[test]
fn an_incomplete_file_causes_no_panic_and_shows_no_secret() {
    let text = example_in_full();
    for (end, _) in text.char_indices() {
        if let Err(error) = Config::from_toml(&text[..end]) {
            let error = error.to_string();
            assert!(!error.contains("not-the-real"), "{end}: {error}");
        }
    }
}

/// Checks that a table, or one of the tables in a list, has every key of `part`. Returns the
/// number of keys.
fn covered(schema: &Value, part: &Value, value: &toml::Value, place: &str) -> usize {
    let part = match part["items"].is_object() {
        true => &part["items"],
        false => part,
    };
    let part = match part["$ref"].as_str() {
        Some(name) => schema.pointer(&name[1..]).unwrap(),
        None => part,
    };
    let Some(properties) = part["properties"].as_object() else {
        return 0;
    };
    let mut seen = 0;
    for (key, part) in properties {
        let place = format!("{place}.{key}");
        let value = match value {
            toml::Value::Array(tables) => tables.iter().find_map(|table| table.get(key)),
            table => table.get(key),
        };
        let value = value.unwrap_or_else(|| panic!("{place} is missing"));
        seen += 1 + covered(schema, part, value, &place);
    }
    seen
}

#[test]
fn the_example_has_every_key_of_the_schema() {
    let schema = Config::json_schema();
    let example: toml::Table = example_in_full().parse().unwrap();
    let seen = covered(&schema, &schema, &toml::Value::Table(example), "");
    assert!(seen > 40, "{seen}");
}

#[test]
fn the_schema_is_closed_and_fits_toml() {
    let schema = Config::json_schema();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    let text = schema.to_string();
    for word in [
        "null",
        "uint",
        "int64",
        "crate::",
        "](",
        "demo-backend-secret",
    ] {
        assert!(!text.contains(word), "{word}");
    }
    fn closed(schema: &Value) {
        match schema {
            Value::Object(object) => {
                if object.get("type").is_some_and(|kind| kind == "object") {
                    assert_eq!(object["additionalProperties"], false);
                    for (key, property) in object["properties"].as_object().unwrap() {
                        assert!(property["description"].is_string(), "{key}");
                    }
                }
                object.values().for_each(closed);
            }
            Value::Array(array) => array.iter().for_each(closed),
            _ => {}
        }
    }
    closed(&schema);
}

/// The code, the answers and the time of a login, a refresh and a move of the clock.
async fn login_and_refresh(seed: &str) -> Vec<String> {
    let config = Config {
        seed: Some(seed.into()),
        now: Some(1_800_000_000),
        ..Config::default()
    };
    let sandbox = Sandbox::start(config).await.unwrap();
    let to = sandbox.address();
    let code = code(&sandbox, "login-session");
    let first = exchange(to, &code).await.body;
    sandbox.advance(10);
    let tokens: Value = serde_json::from_str(&first).unwrap();
    let second = refresh(to, text(&tokens, "refresh_token")).await.body;
    let now = sandbox.now().to_string();
    sandbox.stop().await;
    vec![code, first, second, now]
}

#[tokio::test]
async fn the_same_seed_and_time_give_the_same_answers() {
    let once = login_and_refresh("one").await;
    assert!(once[1].contains("access_token") && once[2].contains("access_token"));
    assert_eq!(once, login_and_refresh("one").await);
    let other = login_and_refresh("two").await;
    for (one, two) in once.iter().zip(&other).take(3) {
        assert_ne!(one, two);
    }
}

#[tokio::test]
async fn a_reset_with_a_seed_repeats_the_codes() {
    let (sandbox, to) = started().await;
    let mut codes = Vec::new();
    for seed in ["one", "one", "two"] {
        let body = serde_json::json!({ "seed": seed }).to_string();
        let reset = send(to, "POST /sandbox/v1/reset", &[JSON], &body).await;
        assert_eq!(reset.status, 200);
        codes.push(code(&sandbox, "login-session"));
    }
    assert_eq!(codes[0], codes[1]);
    assert_ne!(codes[0], codes[2]);
    sandbox.stop().await;
}

#[tokio::test]
async fn a_fixed_clock_can_be_moved_and_reset() {
    let config = Config {
        now: Some(0),
        ..Config::default()
    };
    let sandbox = Sandbox::start(config).await.unwrap();
    assert_eq!(sandbox.now(), 0);
    sandbox.advance(-5);
    assert_eq!(sandbox.now(), -5);
    sandbox.advance(30);
    assert_eq!(sandbox.now(), 25);
    sandbox.reset();
    assert_eq!(sandbox.now(), 0);
    sandbox.stop().await;
}

#[tokio::test]
async fn a_wrong_configuration_does_not_start() {
    let config = Config {
        par_status: 204,
        people: Vec::new(),
        ..Config::default()
    };
    let error = Sandbox::start(config).await.unwrap_err().to_string();
    assert_eq!(error.lines().count(), 2, "{error}");
}
