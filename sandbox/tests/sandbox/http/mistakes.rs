//! A mistake is told as what it is, with what to send in its place.

use crate::support::*;

#[tokio::test]
async fn what_the_control_api_does_not_know_is_answered_with_what_it_knows() {
    let (sandbox, to) = started().await;
    let api = |path: &str| format!("/sandbox/v1{path}");
    for (request, body, said) in [
        (
            "POST /clock",
            r#"{"advnace":1}"#,
            "advnace: there is no such key here; did you mean advance? There are advance",
        ),
        (
            "POST /clock",
            r#"{"seconds":1}"#,
            "seconds: there is no such key here; there are advance",
        ),
        ("POST /clock", "{}", "advance is missing"),
        (
            "POST /clock",
            r#"{"advance":"1"}"#,
            "advance: it must be a whole number, and is text",
        ),
        (
            "POST /app/open",
            r#"{"link":"https://a.example/?state=S3CRET"}"#,
            "link: there is no such key here; there are url",
        ),
        (
            "POST /rules",
            r#"{"misbehavior":"slow"}"#,
            "did you mean misbehaviour? There are misbehaviour, endpoint, client_id, flow, times, seconds",
        ),
        (
            "POST /rules",
            r#"{"misbehaviour":"solw"}"#,
            "misbehaviour: did you mean slow? It must be one of ",
        ),
        (
            "POST /rules",
            r#"{"misbehaviour":"slow","endpoint":"token"}"#,
            "endpoint: it must be one of authorize, par, callback, code-exchange, refresh",
        ),
        (
            "POST /rules",
            r#"{"misbehaviour":"slow","times":"often"}"#,
            "times: it must be a number from 1, or always",
        ),
        (
            "POST /rules",
            r#"{"misbehaviour":"slow","client_id":"demo-ap"}"#,
            "client_id: no client has it; did you mean demo-app? There are demo-app, demo-backend",
        ),
        (
            "POST /app/end-sessions",
            r#"{"client_id":"demo"}"#,
            "client_id: no client has it; there are demo-app, demo-backend",
        ),
        (
            "PUT /people/maja",
            r#"{"e-mail":"a@example.com"}"#,
            "e-mail is no field that can be changed; did you mean email? There are name, ",
        ),
        (
            "POST /assert/no-findings",
            r#"{"allow":["refresh-token-resued"]}"#,
            "allow: there is no such finding; did you mean refresh-token-reused? There are ",
        ),
        (
            "POST /assert/no-findings",
            r#"{"allowed":[]}"#,
            "allowed: there is no such key here; did you mean allow? There are allow or flow",
        ),
        (
            "POST /reset",
            r#"{"seeds":"x"}"#,
            "seeds: there is no such key here; did you mean seed? There are seed",
        ),
        (
            "GET /findings?levle=unwise",
            "",
            "levle: there is no such parameter of the query; did you mean level? There are flow, level",
        ),
        (
            "GET /findings?level=unwsie",
            "",
            "level: there is no such level; did you mean unwise? There are objection, unwise, guide",
        ),
        (
            "GET /trace?client=demo-app",
            "",
            "client: there is no such parameter of the query; did you mean client_id? There are client_id, limit",
        ),
        ("GET /trace?client_id=demo-ap", "", "did you mean demo-app?"),
        ("GET /trace?limit=x", "", "limit is a number"),
    ] {
        let (method, path) = request.split_once(' ').unwrap();
        let request = format!("{method} {}", api(path));
        let answer = send(to, &request, &[JSON], body).await;
        let description = answer.refused(400, "invalid_request");
        assert!(
            description.contains(said),
            "{request} {body}: {description}"
        );
        assert!(!description.contains("S3CRET"), "{description}");
    }
    for (path, said) in [
        ("/app/opne", "did you mean /sandbox/v1/app/open;"),
        (
            "/asert/no-findings",
            "did you mean /sandbox/v1/assert/no-findings;",
        ),
        (
            "/app/waiting/S3CRET/approve/now",
            "at this path; /sandbox/v1/openapi.json",
        ),
        (
            "/app/waitng/S3CRET/approve",
            "did you mean /sandbox/v1/app/waiting/{id}/{decision};",
        ),
    ] {
        let answer = send(to, &format!("POST {}", api(path)), &[JSON], "{}").await;
        let description = answer.refused(404, "not_found");
        assert!(description.contains(said), "{path}: {description}");
        assert!(!description.contains("S3CRET"), "{description}");
    }
    let url = format!("{}{}", sandbox.url(), authorization("idv"));
    let waiting = sandbox.app().open(&url).unwrap();
    let decide = format!(
        "POST {}",
        api(&format!("/app/waiting/{}/approve", waiting.id))
    );
    let nobody = send(to, &decide, &[JSON], r#"{"person":"maia"}"#).await;
    let description = nobody.refused(404, "no_such_person");
    assert!(
        description.contains("did you mean maja? There are maja, "),
        "{description}"
    );
    let header = "Switchback-Misbehave: callback-twise";
    let description = send(to, &decide, &[header], "").await;
    let description = description.refused(400, "invalid_request");
    assert!(
        description.contains("did you mean callback-twice?"),
        "{description}"
    );
}
