//! Checks every answer of every test against `docs/reference/service-openapi.json`.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::Validator;
use serde_json::Value;

use super::support::Answer;

/// Headers of every answer, and headers of HTTP itself.
const EVERYWHERE: [&str; 5] = [
    "cache-control",
    "content-security-policy",
    "referrer-policy",
    "x-content-type-options",
    "x-frame-options",
];
const OF_HTTP: [&str; 3] = ["content-length", "content-type", "date"];

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/service-openapi.json");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
});

static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// The described paths with their methods, and the tag of each operation.
pub(crate) fn operations() -> Vec<(&'static str, &'static str, &'static str)> {
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let of_path = |(path, methods): (&'static String, &'static Value)| {
        let methods = methods.as_object().unwrap().iter();
        methods.map(move |(method, about)| (&**method, &**path, about["tags"][0].as_str().unwrap()))
    };
    paths.iter().flat_map(of_path).collect()
}

/// Checks the status, headers and body of an answer against the document.
#[track_caller]
pub(crate) fn check(method: &str, path: &str, answer: &Answer) {
    let path = template(path);
    let methods = &DOCUMENT["paths"][path];
    if methods.is_null() && !path.starts_with("/truid/") {
        // A route that the test has added.
        return;
    }
    let what = format!("{method} {path}: {answer:?}");
    // Methods are case-sensitive (RFC 9110 section 9.1).
    let asked = match method {
        "HEAD" => "get".into(),
        method if method == method.to_uppercase() => method.to_lowercase(),
        _ => String::new(),
    };
    let described = match (methods, &methods[&asked]) {
        (Value::Null, _) => &DOCUMENT["components"]["responses"]["NotFound"],
        (_, Value::Null) => &DOCUMENT["components"]["responses"]["MethodNotAllowed"],
        (_, operation) => &operation["responses"][answer.status.as_str()],
    };
    assert!(described.is_object(), "the status is not described: {what}");
    match (methods.is_null(), methods[&asked].is_null()) {
        (true, _) => assert_eq!(answer.status, 404, "{what}"),
        (_, true) => assert_eq!(answer.status, 405, "{what}"),
        _ => {}
    }
    let described = resolved(described);
    headers(&described["headers"], answer, &what);
    body(described, method == "HEAD", answer, &what);
}

/// The described path that this path is of.
fn template(path: &str) -> &str {
    let paths = DOCUMENT["paths"].as_object().unwrap();
    if paths.contains_key(path) {
        return path;
    }
    let parts = || path.split('/');
    let is_of = |template: &str| {
        let mut pairs = template.split('/').zip(parts());
        template.split('/').count() == parts().count()
            && pairs
                .all(|(part, given)| part == given || part.starts_with('{') && !given.is_empty())
    };
    let mut found = paths.keys().filter(|template| is_of(template));
    found.next().map_or(path, String::as_str)
}

#[track_caller]
fn headers(described: &'static Value, answer: &Answer, what: &str) {
    let described: HashMap<String, &Value> = described
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, header)| (name.to_lowercase(), resolved(header)))
        .collect();
    for name in EVERYWHERE {
        assert!(answer.headers.contains_key(name), "no {name}: {what}");
    }
    for (name, header) in &described {
        let is_required = header["required"] == true;
        let is_there = answer.headers.contains_key(name);
        assert!(is_there || !is_required, "no {name}: {what}");
    }
    for (name, value) in &answer.headers {
        let name = name.as_str();
        match described.get(name) {
            Some(header) => conforms(&header["schema"], &value.to_str().unwrap().into(), what),
            None => assert!(
                EVERYWHERE.contains(&name) || OF_HTTP.contains(&name),
                "{name} is not described: {what}"
            ),
        }
    }
}

#[track_caller]
fn body(described: &Value, is_head: bool, answer: &Answer, what: &str) {
    if is_head {
        return assert_eq!(answer.body, "", "{what}");
    }
    let Some(content) = described["content"].as_object() else {
        return assert_eq!(answer.body, "", "a body that is not described: {what}");
    };
    let kind = answer.header("content-type");
    let kind = kind.split(';').next().unwrap();
    let described = content.get(kind);
    let described = described.unwrap_or_else(|| panic!("no such type is described: {what}"));
    let body = match kind {
        "application/json" => answer.json(),
        _ => answer.body.clone().into(),
    };
    conforms(&described["schema"], &body, what);
}

#[track_caller]
fn conforms(schema: &Value, value: &Value, what: &str) {
    let key = schema.to_string();
    let known = VALIDATORS.lock().unwrap().get(&key).cloned();
    let validator = known.unwrap_or_else(|| {
        let mut schema = schema.clone();
        schema["components"] = DOCUMENT["components"].clone();
        let validator = Arc::new(jsonschema::draft202012::new(&schema).unwrap());
        let mut all = VALIDATORS.lock().unwrap();
        all.insert(key, Arc::clone(&validator));
        validator
    });
    let wrong: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?} in {what}");
}

/// Resolves a reference.
fn resolved(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(to) => DOCUMENT.pointer(to.strip_prefix('#').unwrap()).unwrap(),
        None => value,
    }
}

#[tokio::test]
async fn every_described_route_exists() {
    let fixture = super::support::BackendFixture::new().await;
    let node = fixture.signing_node().await;
    let mut asked = 0;
    for (method, path, tag) in operations() {
        if tag == "server" {
            continue;
        }
        let method = method.to_uppercase();
        let request = super::support::request(&method, path, &[], "");
        let answer = node.send(request).await;
        assert!(
            !matches!(answer.status.as_u16(), 404 | 405),
            "{method} {path}: {answer:?}"
        );
        asked += 1;
    }
    assert_eq!(asked, 17);
}

#[test]
#[should_panic(expected = "the status is not described")]
fn an_undescribed_answer_is_found() {
    let answer = Answer {
        status: axum::http::StatusCode::IM_A_TEAPOT,
        headers: axum::http::HeaderMap::new(),
        body: String::new(),
    };
    check("GET", "/truid/session", &answer);
}
