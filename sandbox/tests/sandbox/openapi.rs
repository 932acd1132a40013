//! Tests of the OpenAPI document with a running sandbox: they call every operation, and check that
//! the answer matches the document.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use switchback_sandbox::{Assurance, Config, Endpoint, Finding, Misbehaviour, Purpose, Sandbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::*;
use crate::test_client::DUE;

/// `UPDATE=1 cargo test -p switchback-sandbox openapi` writes the document again.
#[tokio::test]
async fn the_document_in_docs_is_up_to_date() {
    let document = Sandbox::openapi();
    let text = serde_json::to_string_pretty(&document).unwrap() + "\n";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/sandbox-openapi.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    assert!(
        std::fs::read_to_string(&file).ok() == Some(text),
        "docs/reference/sandbox-openapi.json is stale; renew it with \
         UPDATE=1 cargo test -p switchback-sandbox openapi"
    );
    let (sandbox, to) = started().await;
    let served = send(to, "GET /sandbox/v1/openapi.json", &[], "").await;
    assert_eq!(served.json(), document);
    sandbox.stop().await;
}

/// An operation in the document.
#[derive(Clone, Copy)]
struct Operation<'a> {
    id: &'a str,
    method: &'a str,
    path: &'a str,
    about: &'a Value,
}

struct Document(Value);

impl Document {
    fn operations(&self) -> Vec<Operation<'_>> {
        let mut all = Vec::new();
        for (path, methods) in self.0["paths"].as_object().unwrap() {
            for (method, about) in methods.as_object().unwrap() {
                all.push(Operation {
                    id: about["operationId"].as_str().unwrap(),
                    method,
                    path,
                    about,
                });
            }
        }
        all
    }

    fn operation(&self, id: &str) -> Operation<'_> {
        let mut all = self.operations().into_iter();
        all.find(|operation| operation.id == id).unwrap()
    }

    /// Checks that a value matches a schema of the document, and has only fields of the document.
    #[track_caller]
    fn check(&self, schema: &Value, value: &Value) {
        let mut schema = schema.clone();
        schema["components"] = self.0["components"].clone();
        close(&mut schema);
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let wrong: Vec<String> = validator
            .iter_errors(value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?} in {value:#}");
    }

    /// Checks that the document has the status of an answer for this operation, and that the answer
    /// matches the schema.
    #[track_caller]
    fn check_answer(&self, operation: &Operation<'_>, answer: &Answer) {
        let response = &operation.about["responses"][answer.status.to_string()];
        let schema = &response["content"]["application/json"]["schema"];
        let what = format!("{} {}: {}", operation.id, answer.status, answer.body);
        assert!(schema.is_object(), "{what}");
        let body = answer.json();
        self.check(schema, &body);
        if let Some(error) = body["error"].as_str() {
            let words = response["description"].as_str().unwrap();
            assert!(words.contains(&format!("`{error}`")), "{what}");
        }
    }
}

/// Forbids properties that the schema does not list.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.get("properties").is_some_and(Value::is_object) {
                object
                    .entry("unevaluatedProperties")
                    .or_insert(Value::Bool(false));
            }
            object.values_mut().for_each(close);
        }
        Value::Array(array) => array.iter_mut().for_each(close),
        _ => {}
    }
}

/// A running sandbox with a refused login, a completed one and a pending one.
struct Fixture {
    document: Document,
    sandbox: Sandbox,
    waiting: String,
    decided: String,
    flow: String,
}

impl Fixture {
    async fn start() -> Fixture {
        let mut config = Config {
            now: Some(1_790_000_000),
            ..Config::default()
        };
        config.clients[0].assurance = Some(Assurance::Substantial);
        let sandbox = Sandbox::start(config).await.unwrap();
        let document = Document(Sandbox::openapi());
        let link = authorization("login-session");
        let link = format!("{}{link}", sandbox.url());
        let app = sandbox.app();
        let refused = link.replace("S256", "plain");
        app.open(&refused).unwrap_err();
        let decided = app.open(&link).unwrap().id;
        let code = parameter(&app.approve(&decided).unwrap(), "code").unwrap();
        assert_eq!(exchange(sandbox.address(), &code).await.status, 200);
        let waiting = app.open(&format!("{link}&user_message=Hej")).unwrap();
        let rule = r#"{"misbehaviour":"slow","seconds":3,"flow":"f9"}"#;
        let add = "POST /sandbox/v1/rules";
        send(sandbox.address(), add, &[JSON], rule).await;
        Fixture {
            document,
            sandbox,
            waiting: waiting.id,
            decided,
            flow: "f2".to_owned(),
        }
    }

    /// The body of a valid request.
    fn body(&self, id: &str) -> Value {
        match id {
            "openLink" => {
                let link = authorization("idv");
                json!({ "url": format!("{}{link}", self.sandbox.url()) })
            }
            "decide" => json!({ "person": "layla", "opened_by": "app" }),
            "endSessions" => json!({ "client_id": "demo-app" }),
            "addRule" => json!({ "misbehaviour": "dropped-after", "endpoint": "refresh" }),
            "changePerson" => json!({ "email": "new@example.com", "gender": null }),
            "revokeIntermediate" => json!({ "revoked": true }),
            "moveClock" => json!({ "advance": DUE }),
            "reset" => json!({ "seed": "1" }),
            "assertNoFindings" => json!({
                "flow": "f3",
                "allow": [
                    "challenge-reused", "state-reused", "state-short", "user-message-unsigned",
                ],
            }),
            other => panic!("{other} has a body: add one here"),
        }
    }

    /// Sends a request of an operation. `fill` returns the value of each path parameter.
    async fn call(
        &self,
        operation: &Operation<'_>,
        fill: impl Fn(&str) -> String,
        header: &str,
        body: &str,
    ) -> Answer {
        let mut path = operation.path.to_owned();
        for parameter in operation.about["parameters"]
            .as_array()
            .into_iter()
            .flatten()
        {
            if parameter["in"] == "path" {
                let name = text(parameter, "name");
                path = path.replace(&format!("{{{name}}}"), &fill(name));
            }
        }
        let method = operation.method.to_uppercase();
        let request = format!("{method} /sandbox/v1{path}");
        let headers: Vec<&str> = [header, JSON]
            .into_iter()
            .filter(|header| !header.is_empty())
            .collect();
        send(self.sandbox.address(), &request, &headers, body).await
    }

    /// The value of a path parameter in a valid request.
    fn good(&self, name: &str) -> String {
        match name {
            "id" => self.waiting.clone(),
            "decision" => "approve".to_owned(),
            "flow" => self.flow.clone(),
            "person" => "kim".to_owned(),
            "rule" => "1".to_owned(),
            other => panic!("{other} is a path parameter: add a value here"),
        }
    }
}

#[tokio::test]
async fn every_operation_matches_the_document() {
    let document = Document(Sandbox::openapi());
    for operation in document.operations() {
        if matches!(operation.id, "listen" | "waitFor") {
            continue; // Event streams do not end; other tests check them.
        }
        let fixture = Fixture::start().await;
        let takes = &operation.about["requestBody"];
        let mut body = String::new();
        if takes.is_object() {
            let good = fixture.body(operation.id);
            document.check(&takes["content"]["application/json"]["schema"], &good);
            body = good.to_string();
        }
        let answer = fixture
            .call(&operation, |name| fixture.good(name), "", &body)
            .await;
        assert!(answer.status < 300, "{}: {}", operation.id, answer.body);
        document.check_answer(&operation, &answer);
    }
}

/// Provokes every refusal that the document lists.
#[tokio::test]
async fn every_refusal_matches_the_document() {
    let document = Document(Sandbox::openapi());
    let mut seen = BTreeSet::new();
    for operation in document.operations() {
        for status in operation.about["responses"].as_object().unwrap().keys() {
            let status: u16 = match status.parse() {
                Ok(status) if status >= 400 => status,
                _ => continue,
            };
            let fixture = Fixture::start().await;
            let good = |name: &str| fixture.good(name);
            let body = match operation.about["requestBody"].is_object() {
                true => fixture.body(operation.id).to_string(),
                false => String::new(),
            };
            let answer = match (status, operation.id) {
                (400, "listFlows" | "listFindings") => {
                    let path = format!("{}?nothing=1", operation.path);
                    let wrong = Operation {
                        path: &path,
                        ..operation
                    };
                    fixture.call(&wrong, good, "", "").await
                }
                (400, _) => fixture.call(&operation, good, "", "{\"nothing\":1}").await,
                (403, _) => {
                    let page = "Origin: https://another.example";
                    fixture.call(&operation, good, page, &body).await
                }
                (404, "listFindings") => {
                    let path = format!("{}?flow=f99", operation.path);
                    let wrong = Operation {
                        path: &path,
                        ..operation
                    };
                    fixture.call(&wrong, good, "", "").await
                }
                (404, "assertNoFindings") => {
                    fixture
                        .call(&operation, good, "", "{\"flow\":\"f99\"}")
                        .await
                }
                (404, _) => {
                    let nothing = |name: &str| match name {
                        "decision" => good(name),
                        _ => "nothing".to_owned(),
                    };
                    fixture.call(&operation, nothing, "", &body).await
                }
                (409, "assertNoFindings") => fixture.call(&operation, good, "", "").await,
                (409, _) => {
                    let decided = |name: &str| match name {
                        "id" => fixture.decided.clone(),
                        _ => good(name),
                    };
                    fixture.call(&operation, decided, "", &body).await
                }
                (410, _) => {
                    fixture.sandbox.advance(100_000);
                    fixture.call(&operation, good, "", &body).await
                }
                (413, _) => {
                    let long = " ".repeat(64 * 1024 + 1);
                    fixture.call(&operation, good, "", &long).await
                }
                other => panic!("{other:?} is in the document: provoke it here"),
            };
            assert_eq!(answer.status, status, "{}: {}", operation.id, answer.body);
            document.check_answer(&operation, &answer);
            seen.insert((
                operation.id.to_owned(),
                text(&answer.json(), "error").to_owned(),
            ));
        }
    }
    // Operations with two errors of the same status.
    let fixture = Fixture::start().await;
    let good = |name: &str| fixture.good(name);
    let elsewhere = json!({ "url": "https://elsewhere.example/" });
    for (id, body, status, error) in [
        (
            "decide",
            json!({ "person": "nobody" }),
            404,
            "no_such_person",
        ),
        (
            "decide",
            json!({ "person": "olle" }),
            409,
            "assurance_too_low",
        ),
        ("openLink", elsewhere, 400, "unknown_link"),
    ] {
        let operation = document.operation(id);
        let answer = fixture.call(&operation, good, "", &body.to_string()).await;
        document.check_answer(&operation, &answer);
        answer.refused(status, error);
        seen.insert((id.to_owned(), error.to_owned()));
    }
    for operation in document.operations() {
        for answer in operation.about["responses"].as_object().unwrap().values() {
            let lines = answer["description"].as_str().unwrap_or_default().lines();
            for error in lines.filter_map(|line| line.strip_prefix('`')?.split('`').next()) {
                let refusal = (operation.id.to_owned(), error.to_owned());
                assert!(seen.contains(&refusal), "{refusal:?} was not provoked");
            }
        }
    }
}

/// Also those of the authorization endpoint, with `error_uri` and `redirect`, and those of all
/// paths.
#[tokio::test]
async fn all_refusals_have_the_same_schema() {
    let fixture = Fixture::start().await;
    let refused = &fixture.document.0["components"]["responses"]["Refused"];
    let schema = &refused["content"]["application/json"]["schema"];
    let link = format!("{}{}", fixture.sandbox.url(), authorization("idv"));
    let body = json!({ "url": link.replace("S256", "plain") }).to_string();
    let open = "POST /sandbox/v1/app/open";
    let plain = send(fixture.sandbox.address(), open, &[JSON], &body).await;
    assert!(plain.json()["redirect"].is_string() && plain.json()["error_uri"].is_string());
    fixture.document.check(schema, &plain.json());
    let elsewhere = ["Host: another.example"];
    let wrong = send_as_is(fixture.sandbox.address(), open, &elsewhere, "").await;
    wrong.refused(421, "misdirected_request");
    fixture.document.check(schema, &wrong.json());
}

#[tokio::test]
async fn the_event_stream_matches_the_document() {
    let (sandbox, to) = started().await;
    let mut stream = TcpStream::connect(to).await.unwrap();
    let request = format!("GET /sandbox/v1/events HTTP/1.1\r\nHost: {to}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut received = String::new();
    let mut events = 0;
    while events < 2 {
        let mut part = [0; 1024];
        let length = stream.read(&mut part).await.unwrap();
        assert!(length > 0, "the stream ended: {received}");
        received.push_str(std::str::from_utf8(&part[..length]).unwrap());
        let before = events;
        events = received.matches("event: changed\ndata: ").count();
        if before == 0 && events == 1 {
            sandbox.app().end_sessions("demo-app");
        }
    }
    let document = Document(Sandbox::openapi());
    let content = &document.operation("listen").about["responses"]["200"]["content"];
    let kind = content.as_object().unwrap().keys().next().unwrap();
    assert!(
        received.contains(&format!("content-type: {kind}\r\n")),
        "{received}"
    );
}

/// The document lists the stable ids, for generated clients.
#[test]
fn the_document_lists_all_ids() {
    let document = Sandbox::openapi();
    let listed = |name: &str| document["components"]["schemas"][name]["enum"].clone();
    assert_eq!(listed("Finding"), json!(Finding::ALL));
    assert_eq!(listed("Misbehaviour"), json!(Misbehaviour::ALL));
    assert_eq!(listed("Endpoint"), json!(Endpoint::ALL));
    assert_eq!(listed("Purpose"), json!(Purpose::ALL));
}
