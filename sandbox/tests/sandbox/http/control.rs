//! Tests of the control API, the pages, and of starting and stopping a sandbox.

use std::time::Duration;

use serde_json::json;
use switchback_sandbox::{Assurance, Choice, Config, Decision, RegisteredClient, Sandbox};
use tokio::net::TcpStream;

use crate::support::*;

#[tokio::test]
async fn the_control_api_controls_the_app_and_the_clock() {
    let (sandbox, to) = started().await;
    let open = "POST /sandbox/v1/app/open";
    let url = format!("{}{}", sandbox.url(), authorization("login-session"));
    let body = json!({ "url": url }).to_string();
    let waiting = send(to, open, &[JSON], &body).await.json();
    assert_eq!(waiting["client_id"], "demo-app");
    assert_eq!(sandbox.app().waiting()[0].id, text(&waiting, "id"));
    let decline = format!(
        "POST /sandbox/v1/app/waiting/{}/decline",
        text(&waiting, "id")
    );
    let declined = send(to, &decline, &[], "").await.json();
    assert_eq!(
        declined["redirect"],
        "https://app.example/truid/callback?error=access_denied&state=S-1"
    );
    send(to, &decline, &[], "")
        .await
        .refused(409, "already_decided");
    let unknown = "POST /sandbox/v1/app/waiting/x/approve";
    send(to, unknown, &[], "").await.refused(404, "not_found");

    let foreign = json!({ "url": "https://api.truid.app/oauth2/v1/authorize/idv" }).to_string();
    let description = send(to, open, &[JSON], &foreign)
        .await
        .refused(400, "unknown_link");
    assert!(description.contains("does not open this link"));
    let plain = json!({ "url": url.replace("S256", "plain") }).to_string();
    let refused = send(to, open, &[JSON], &plain).await;
    refused.refused(400, "invalid_request");
    let redirect = &refused.json()["redirect"];
    assert!(
        redirect
            .as_str()
            .unwrap()
            .starts_with("https://app.example/truid/callback?error=")
    );
    let unknown = json!({ "url": url.replace("demo-app", "nobody") }).to_string();
    send(to, open, &[JSON], &unknown)
        .await
        .refused(400, "invalid_client");
    for bad in ["", "{}", "[]", "{\"url\":1}", "{\"url\":\"x\",\"y\":1}"] {
        send(to, open, &[JSON], bad)
            .await
            .refused(400, "invalid_request");
    }
    send(to, open, &[], &body)
        .await
        .refused(400, "invalid_request");

    let before = sandbox.now();
    let advance = json!({ "advance": 100_000 }).to_string();
    let clock = send(to, "POST /sandbox/v1/clock", &[JSON], &advance)
        .await
        .json();
    assert!((100_000..100_060).contains(&(clock["now"].as_i64().unwrap() - before)));
    let waiting = send(to, open, &[JSON], &body).await.json();
    let late = json!({ "advance": 600 }).to_string();
    send(to, "POST /sandbox/v1/clock", &[JSON], &late)
        .await
        .json();
    let approve = format!(
        "POST /sandbox/v1/app/waiting/{}/approve",
        text(&waiting, "id")
    );
    send(to, &approve, &[], "").await.refused(410, "expired");

    // Another page in the same browser must not control the sandbox.
    let cross = "Sec-Fetch-Site: cross-site";
    send(to, "POST /sandbox/v1/reset", &[cross], "")
        .await
        .refused(403, "cross_site");
    send(to, &approve, &[cross], "")
        .await
        .refused(403, "cross_site");
    for origin in ["null", "http://evil.example"] {
        let origin = format!("Origin: {origin}");
        for request in [
            open,
            "POST /sandbox/v1/clock",
            "POST /sandbox/v1/reset",
            &approve,
        ] {
            send(to, request, &[JSON, &origin], "")
                .await
                .refused(403, "cross_site");
        }
    }
    assert_eq!(sandbox.counters().authorize, 2);
    assert_eq!(
        send(to, "POST /sandbox/v1/reset", &[], "").await.status,
        200
    );
    assert_eq!(sandbox.counters().authorize, 0);
    assert!((sandbox.now() - before) < 60);
    send(to, &approve, &[], "").await.refused(404, "not_found");
}

#[tokio::test]
async fn a_person_decides_on_the_pages() {
    let (sandbox, to) = started().await;
    let home = send(to, "GET /", &[], "").await;
    assert_eq!(home.status, 200);
    assert!(home.body.contains(sandbox.url()) && home.body.contains("demo-backend-secret"));
    let style = send(to, "GET /sandbox/style.css", &[], "").await;
    assert_eq!(
        style.header("content-type"),
        Some("text/css; charset=utf-8")
    );

    for decision in ["approve", "decline"] {
        let url = format!("{}{}", sandbox.url(), authorization("idv")).replace(
            &encode(&[("", REDIRECT)])[1..],
            "demoapp%3A%2F%2F%2Fcallback",
        );
        let waiting = sandbox.app().open(&url).unwrap();
        let list = send(to, "GET /app", &[], "").await;
        assert!(list.body.contains(&format!("href=\"/app/{}\"", waiting.id)));
        let path = format!("GET /app/{}", waiting.id);
        let page = send(to, &path, &[], "").await;
        assert!(page.body.contains("Approve") && page.body.contains("Decline"));
        let decide = format!("POST /app/{}/{decision}", waiting.id);
        for origin in [
            "http://evil.example",
            "null",
            "http://127.0.0.1:1",
            "https://127.0.0.1",
        ] {
            let origin = format!("Origin: {origin}");
            let answer = send(to, &decide, &[FORM, &origin], "").await;
            assert_eq!((answer.status, answer.header("location")), (403, None));
        }
        let own = format!("Origin: {}", sandbox.url());
        let same = "Sec-Fetch-Site: same-origin";
        let answer = send(to, &decide, &[FORM, &own, same], "").await;
        assert_eq!(answer.status, 303);
        let location = answer.header("location").unwrap();
        let start = if decision == "approve" {
            "code="
        } else {
            "error=access_denied"
        };
        assert!(
            location.starts_with(&format!("demoapp:///callback?{start}")),
            "{location}"
        );
        assert_eq!(send(to, &path, &[], "").await.status, 409);
        let again = send(
            to,
            &format!("POST /app/{}/{decision}", waiting.id),
            &[FORM],
            "",
        )
        .await;
        assert_eq!((again.status, again.header("location")), (409, None));
        for page in [&home, &list, &page, &again] {
            let policy = page.header("content-security-policy").unwrap();
            assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
            assert!(policy.contains("frame-ancestors 'none'"));
            // A page with forms needs the `Origin` header in their requests.
            let with_forms = page.body.contains("<form");
            let referrer = if with_forms {
                "same-origin"
            } else {
                "no-referrer"
            };
            assert_eq!(page.header("referrer-policy"), Some(referrer));
            assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
            assert!(!page.body.contains("<script>") && !page.body.contains("style="));
        }
    }
    assert_eq!(send(to, "GET /app/x", &[], "").await.status, 404);
}

#[tokio::test]
async fn a_sandbox_stops_with_idle_connections_and_hides_secrets() {
    let (sandbox, to) = started().await;
    let shown = format!("{sandbox:?} {:?} {:?}", sandbox.app(), Config::default());
    assert!(
        !shown.contains(RegisteredClient::DEMO_BACKEND_SECRET),
        "{shown}"
    );
    assert!(!shown.contains("Sjöström"), "{shown}");
    // An idle connection does not prevent the stop.
    let idle = TcpStream::connect(to).await.unwrap();
    let stopped = tokio::time::timeout(Duration::from_secs(30), sandbox.stop()).await;
    assert!(stopped.is_ok(), "an idle connection prevents the stop");
    drop(idle);
    assert!(TcpStream::connect(to).await.is_err());

    // Dropping the sandbox also stops it.
    let (sandbox, to) = started().await;
    drop(sandbox);
    let gone = async {
        while TcpStream::connect(to).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), gone)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_start_on_a_used_address_is_an_error() {
    let (_sandbox, listen) = started().await;
    let error = Sandbox::start(Config {
        listen,
        ..Config::default()
    })
    .await
    .unwrap_err();
    assert!(error.to_string().contains("cannot listen"), "{error}");
}

#[tokio::test]
async fn a_person_with_too_low_assurance_cannot_approve() {
    let mut config = Config::default();
    config.clients[0].assurance = Some(Assurance::Substantial);
    let sandbox = Sandbox::start(config).await.unwrap();
    let url = format!("{}{}", sandbox.url(), authorization("idv"));
    let waiting = sandbox.app().open(&url).unwrap();
    let by = |person: &str| Choice {
        person: Some(person.into()),
        ..Choice::new(Decision::Approve)
    };
    let too_low = sandbox.app().decide(&waiting.id, &by("olle")).unwrap_err();
    assert_eq!(too_low.error, "assurance_too_low");
    let unknown = sandbox.app().decide(&waiting.id, &by("nobody"));
    assert_eq!(unknown.unwrap_err().error, "no_such_person");
    // The request is still pending, and another person can approve.
    let path = format!("POST /sandbox/v1/app/waiting/{}/approve", waiting.id);
    let body = r#"{"person":"layla"}"#;
    let approved = send(sandbox.address(), &path, &[JSON], body).await.json();
    let code = parameter(text(&approved, "redirect"), "code").unwrap();
    let tokens = exchange(sandbox.address(), &code).await.json();
    let info = user_info(sandbox.address(), text(&tokens, "access_token")).await;
    assert_ne!(info.json()["email"], "maja.sjostrom@example.com");
}
