//! The OpenAPI document against a running sandbox: every operation is called, and what it
//! answers is held to what the document says of it.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use switchback_sandbox::{Assurance, Config, Endpoint, Finding, Misbehaviour, Purpose, Sandbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::scene::DUE;
use crate::support::*;

/// `UPDATE=1 cargo test -p switchback-sandbox openapi` writes it anew.
#[tokio::test]
async fn the_document_in_docs_is_the_one_that_is_served() {
    let document = Sandbox::openapi();
    let text = serde_json::to_string_pretty(&document).unwrap() + "\n";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/sandbox-openapi.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    assert!(
        std::fs::read_to_string(&file).ok() == Some(text),
        "docs/sandbox-openapi.json is stale; renew it with \
         UPDATE=1 cargo test -p switchback-sandbox openapi"
    );
    let (sandbox, to) = started().await;
    let served = send(to, "GET /sandbox/v1/openapi.json", &[], "").await;
    assert_eq!(served.json(), document);
    sandbox.stop().await;
}

/// What an operation is, by the document.
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

    /// Holds a value to a schema of the document. What the document does not know fails,
    /// so that no field is answered that it keeps quiet about.
    #[track_caller]
    fn hold(&self, schema: &Value, value: &Value) {
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

    /// Holds an answer to what the document says of its status, which must be there by
    /// its number.
    #[track_caller]
    fn hold_answer(&self, operation: &Operation<'_>, answer: &Answer) {
        let said = &operation.about["responses"][answer.status.to_string()];
        let schema = &said["content"]["application/json"]["schema"];
        let what = format!("{} {}: {}", operation.id, answer.status, answer.body);
        assert!(schema.is_object(), "{what}");
        let body = answer.json();
        self.hold(schema, &body);
        if let Some(error) = body["error"].as_str() {
            let words = said["description"].as_str().unwrap();
            assert!(words.contains(&format!("`{error}`")), "{what}");
        }
    }
}

/// Lets no object have a property that is not listed.
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

/// A running sandbox in which one login was refused, one is done, and one waits.
struct Stage {
    document: Document,
    sandbox: Sandbox,
    waiting: String,
    decided: String,
    flow: String,
}

impl Stage {
    async fn set() -> Stage {
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
        Stage {
            document,
            sandbox,
            waiting: waiting.id,
            decided,
            flow: "f2".to_owned(),
        }
    }

    /// The body of a good request.
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
            "moveClock" => json!({ "advance": DUE }),
            "reset" => json!({ "seed": "1" }),
            "assertNoFindings" => json!({
                "flow": "f3",
                "allow": [
                    "challenge-reused", "state-reused", "state-short", "user-message-unsigned",
                ],
            }),
            other => panic!("{other} takes a body: say here which"),
        }
    }

    /// Makes a request of an operation, with this in place of each parameter of its path.
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

    /// What a good request has in its path.
    fn good(&self, name: &str) -> String {
        match name {
            "id" => self.waiting.clone(),
            "decision" => "approve".to_owned(),
            "flow" => self.flow.clone(),
            "person" => "kim".to_owned(),
            "rule" => "1".to_owned(),
            other => panic!("{other} is in a path: say here what it can be"),
        }
    }
}

#[tokio::test]
async fn every_operation_answers_as_the_document_has_it() {
    let document = Document(Sandbox::openapi());
    for operation in document.operations() {
        if matches!(operation.id, "listen" | "waitFor") {
            continue; // They last as long as nothing happens; see the tests of their own.
        }
        let stage = Stage::set().await;
        let takes = &operation.about["requestBody"];
        let mut body = String::new();
        if takes.is_object() {
            let good = stage.body(operation.id);
            document.hold(&takes["content"]["application/json"]["schema"], &good);
            body = good.to_string();
        }
        let answer = stage
            .call(&operation, |name| stage.good(name), "", &body)
            .await;
        assert!(answer.status < 300, "{}: {}", operation.id, answer.body);
        document.hold_answer(&operation, &answer);
    }
}

/// Refusals that belong to a kind of operation are tried at each of that kind; the others
/// by name. All that the document has must have been seen.
#[tokio::test]
async fn every_refusal_is_the_one_of_the_document() {
    let document = Document(Sandbox::openapi());
    let mut seen = BTreeSet::new();
    for operation in document.operations() {
        for status in operation.about["responses"].as_object().unwrap().keys() {
            let status: u16 = match status.parse() {
                Ok(status) if status >= 400 => status,
                _ => continue,
            };
            let stage = Stage::set().await;
            let good = |name: &str| stage.good(name);
            let body = match operation.about["requestBody"].is_object() {
                true => stage.body(operation.id).to_string(),
                false => String::new(),
            };
            let answer = match (status, operation.id) {
                (400, "listFlows" | "listFindings") => {
                    let path = format!("{}?nothing=1", operation.path);
                    let wrong = Operation {
                        path: &path,
                        ..operation
                    };
                    stage.call(&wrong, good, "", "").await
                }
                (400, _) => stage.call(&operation, good, "", "{\"nothing\":1}").await,
                (403, _) => {
                    let page = "Origin: https://another.example";
                    stage.call(&operation, good, page, &body).await
                }
                (404, "listFindings") => {
                    let path = format!("{}?flow=f99", operation.path);
                    let wrong = Operation {
                        path: &path,
                        ..operation
                    };
                    stage.call(&wrong, good, "", "").await
                }
                (404, "assertNoFindings") => {
                    stage.call(&operation, good, "", "{\"flow\":\"f99\"}").await
                }
                (404, _) => {
                    let nothing = |name: &str| match name {
                        "decision" => good(name),
                        _ => "nothing".to_owned(),
                    };
                    stage.call(&operation, nothing, "", &body).await
                }
                (409, "assertNoFindings") => stage.call(&operation, good, "", "").await,
                (409, _) => {
                    let decided = |name: &str| match name {
                        "id" => stage.decided.clone(),
                        _ => good(name),
                    };
                    stage.call(&operation, decided, "", &body).await
                }
                (410, _) => {
                    stage.sandbox.advance(100_000);
                    stage.call(&operation, good, "", &body).await
                }
                (413, _) => {
                    let long = " ".repeat(64 * 1024 + 1);
                    stage.call(&operation, good, "", &long).await
                }
                other => panic!("{other:?} is in the document: say here how it comes about"),
            };
            assert_eq!(answer.status, status, "{}: {}", operation.id, answer.body);
            document.hold_answer(&operation, &answer);
            seen.insert((
                operation.id.to_owned(),
                text(&answer.json(), "error").to_owned(),
            ));
        }
    }
    // Two errors of one status.
    let stage = Stage::set().await;
    let good = |name: &str| stage.good(name);
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
        let answer = stage.call(&operation, good, "", &body.to_string()).await;
        document.hold_answer(&operation, &answer);
        answer.refused(status, error);
        seen.insert((id.to_owned(), error.to_owned()));
    }
    for operation in document.operations() {
        for answer in operation.about["responses"].as_object().unwrap().values() {
            let lines = answer["description"].as_str().unwrap_or_default().lines();
            for error in lines.filter_map(|line| line.strip_prefix('`')?.split('`').next()) {
                let refusal = (operation.id.to_owned(), error.to_owned());
                assert!(seen.contains(&refusal), "{refusal:?} was not tried");
            }
        }
    }
}

/// The shape of what the authorization endpoint refuses, with the finding's page and the
/// callback; and what is refused everywhere.
#[tokio::test]
async fn refusals_have_one_shape() {
    let stage = Stage::set().await;
    let refused = &stage.document.0["components"]["responses"]["Refused"];
    let schema = &refused["content"]["application/json"]["schema"];
    let link = format!("{}{}", stage.sandbox.url(), authorization("idv"));
    let body = json!({ "url": link.replace("S256", "plain") }).to_string();
    let open = "POST /sandbox/v1/app/open";
    let plain = send(stage.sandbox.address(), open, &[JSON], &body).await;
    assert!(plain.json()["redirect"].is_string() && plain.json()["error_uri"].is_string());
    stage.document.hold(schema, &plain.json());
    let elsewhere = ["Host: another.example"];
    let wrong = send_as_is(stage.sandbox.address(), open, &elsewhere, "").await;
    wrong.refused(421, "misdirected_request");
    stage.document.hold(schema, &wrong.json());
}

#[tokio::test]
async fn events_are_as_the_document_has_them() {
    let (sandbox, to) = started().await;
    let mut stream = TcpStream::connect(to).await.unwrap();
    let request = format!("GET /sandbox/v1/events HTTP/1.1\r\nHost: {to}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut heard = String::new();
    let mut events = 0;
    while events < 2 {
        let mut part = [0; 1024];
        let length = stream.read(&mut part).await.unwrap();
        assert!(length > 0, "the stream ended: {heard}");
        heard.push_str(std::str::from_utf8(&part[..length]).unwrap());
        let before = events;
        events = heard.matches("event: changed\ndata: ").count();
        if before == 0 && events == 1 {
            sandbox.app().end_sessions("demo-app");
        }
    }
    let document = Document(Sandbox::openapi());
    let said = &document.operation("listen").about["responses"]["200"]["content"];
    let kind = said.as_object().unwrap().keys().next().unwrap();
    assert!(
        heard.contains(&format!("content-type: {kind}\r\n")),
        "{heard}"
    );
}

/// Stable ids are in the document, so that a client made out of it knows them.
#[test]
fn ids_are_enumerated() {
    let document = Sandbox::openapi();
    let listed = |name: &str| document["components"]["schemas"][name]["enum"].clone();
    assert_eq!(listed("Finding"), json!(Finding::ALL));
    assert_eq!(listed("Misbehaviour"), json!(Misbehaviour::ALL));
    assert_eq!(listed("Endpoint"), json!(Endpoint::ALL));
    assert_eq!(listed("Purpose"), json!(Purpose::ALL));
}
