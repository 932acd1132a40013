//! Tests of the pages for developers: the trace, the findings, the misbehaviours.

use switchback_sandbox::{Config, Finding, Misbehaviour, RegisteredClient};

use crate::support::*;
use crate::test_client::{EMAIL_CLAIM, TestClient};

const ALL: [&str; 4] = ["/trace", "/findings", "/misbehave", "/trace/f1"];

async fn get(test: &TestClient, path: &str) -> Answer {
    send(test.to, &format!("GET {path}"), &[], "").await
}

async fn post(test: &TestClient, path: &str, form: &[(&str, &str)]) -> Answer {
    let request = format!("POST {path}");
    send(test.to, &request, &[FORM], &encode(form)).await
}

/// Checks that the answer to a form redirects to this path.
#[track_caller]
fn redirects_to(answer: &Answer, place: &str) {
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(answer.header("location"), Some(place));
}

fn rules(test: &TestClient) -> impl Future<Output = Answer> {
    let to = test.to;
    async move { send(to, "GET /sandbox/v1/rules", &[], "").await }
}

#[tokio::test]
async fn a_flow_is_shown_with_its_messages_and_findings() {
    let mut test = TestClient::start().await;
    let login = test.login();
    let code = test.code(&login).await;
    test.sandbox.advance_with_clients(27);
    let tokens = test.exchange(&login, &code).await.json();
    let (access, refresh) = (
        text(&tokens, "access_token"),
        text(&tokens, "refresh_token"),
    );
    let bearer = format!("Authorization: Bearer {access}");
    let bare = "GET /exchange/v2/presentation";
    assert_eq!(send(test.to, bare, &[&bearer], "").await.status, 400);
    let shared = test.present(access, EMAIL_CLAIM).await.json();
    assert_eq!(test.refresh(refresh).await.status, 200);
    assert_eq!(test.refresh(refresh).await.status, 400);

    let list = get(&test, "/trace").await.body;
    for part in [
        "1 flow",
        "href=\"/trace/f1\"",
        "Grant revoked",
        "8 steps",
        "2 objections",
    ] {
        assert!(list.contains(part), "{part}: {list}");
    }
    let page = get(&test, "/trace/f1").await.body;
    for part in [
        "Login <span class=\"for\">for Demo Shop",
        "Browser → Truid",
        "Truid app → Truid",
        "App → Truid",
        "POST /oauth2/v1/token",
        "400 Bad Request",
        "<code>invalid_grant</code>",
        "+27.",
        "grant_type=authorization_code",
        "/findings/code-late\"",
        "/findings/claims-missing\"",
        "/findings/refresh-token-reused\"",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    // The lanes of the parties that take part, in their order; the backend does not.
    let heads = page.split("<ol class=\"heads\"").nth(1).unwrap();
    let heads = heads.split("</ol>").next().unwrap();
    let place = |name: &str| heads.find(&format!(">{name}</li>"));
    let places: Vec<_> = ["App", "Browser", "Truid app", "Truid"].map(place).into();
    assert!(places.is_sorted() && places[0].is_some(), "{heads}");
    assert_eq!(place("Backend"), None);
    // A finding is shown at its step.
    let step = page.split("id=\"step-4\"").next().unwrap();
    let step = step.split("id=\"step-3\"").nth(1).unwrap();
    assert!(step.contains("code-late") && !step.contains("claims-missing"));

    // No secret and no personal data.
    let person = text(&shared["claims"][0], "value");
    let state = login.get("state");
    for secret in [&code, access, refresh, state, &login.verifier, person] {
        assert!(!page.contains(secret), "{secret} is on the page");
    }
    assert_eq!(get(&test, "/trace/f2").await.status, 404);
    assert_eq!(get(&test, "/trace/x").await.status, 404);
}

#[tokio::test]
async fn the_trace_shows_misbehaviours_and_dropped_connections() {
    let mut test = TestClient::start().await;
    let login = test.login();
    let code = test.code(&login).await;
    for name in ["dropped-before", "server-error"] {
        test.sandbox
            .misbehave(switchback_sandbox::Rule::new(
                Misbehaviour::from_id(name).unwrap(),
            ))
            .unwrap();
    }
    let body = encode(&[
        ("grant_type", "authorization_code"),
        ("client_id", "demo-app"),
        ("code", &code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", &login.verifier),
    ]);
    let lost = raw(test.to, "POST /oauth2/v1/token", &[FORM], &body).await;
    assert!(lost.is_empty());
    assert_eq!(test.exchange(&login, &code).await.status, 500);
    let page = get(&test, "/trace/f1").await.body;
    for part in [
        "connection dropped",
        "On request: dropped-before",
        "500 Internal Server Error",
        "On request: server-error",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[tokio::test]
async fn the_trace_starts_with_instructions_and_filters_by_client() {
    let mut test = TestClient::start().await;
    let empty = get(&test, "/trace").await.body;
    for part in [
        "No flows yet",
        test.sandbox.url(),
        "switchback login",
        "/app",
    ] {
        assert!(empty.contains(part), "{part}: {empty}");
    }
    let login = test.login();
    assert_eq!(test.authorize(&login, &[]).await.status, 200);
    let login = test.confidential_login();
    assert_eq!(test.push(&login, &[]).await.status, 201);
    let shown = async |query: &str| {
        let page = get(&test, &format!("/trace{query}")).await.body;
        ["f1", "f2"].map(|flow| page.contains(&format!("href=\"/trace/{flow}\"")))
    };
    assert_eq!(shown("").await, [true, true]);
    assert_eq!(shown("?client=demo-app").await, [true, false]);
    assert_eq!(shown("?client=demo-backend").await, [false, true]);
    assert_eq!(shown("?client=nobody").await, [false, false]);
    // A pending request has a link to the Truid app.
    let waiting = test.sandbox.app().waiting().remove(0);
    let page = get(&test, "/trace/f1").await.body;
    assert!(page.contains(&format!("href=\"/app/{}\"", waiting.id)));

    redirects_to(&post(&test, "/trace/reset", &[]).await, "/trace");
    assert_eq!(test.sandbox.flows().len(), 0);
}

#[tokio::test]
async fn each_finding_has_a_page_that_refusals_link_to() {
    let mut test = TestClient::start().await;
    let login = test.login();
    let almost = login.clone().set("redirect_uri", &format!("{REDIRECT}/"));
    let refused = test.authorize(&almost, &[]).await.json();
    let uri = text(&refused, "error_uri");
    // The page for a browser has the same link.
    let shown = test.authorize(&almost, &["Accept: text/html"]).await;
    assert!(
        shown
            .body
            .contains("href=\"/findings/redirect-uri-mismatch\"")
    );
    let page = get(&test, uri.strip_prefix(test.sandbox.url()).unwrap()).await;
    let finding = Finding::RedirectUriMismatch;
    assert_eq!(page.status, 200);
    for part in [
        finding.title(),
        finding.remedy(),
        "href=\"/trace/f1#step-0\"",
    ] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    let catalogue = get(&test, "/findings").await.body;
    for finding in Finding::ALL {
        let path = format!("/findings/{finding}");
        assert!(catalogue.contains(&format!("href=\"{path}\"")), "{path}");
        assert_eq!(get(&test, &path).await.status, 200, "{path}");
    }
    assert_eq!(catalogue.matches("found 2×").count(), 1);
    assert_eq!(get(&test, "/findings/nothing").await.status, 404);
}

#[tokio::test]
async fn rules_are_added_and_removed_with_forms() {
    let mut test = TestClient::start().await;
    let page = get(&test, "/misbehave").await.body;
    for misbehaviour in Misbehaviour::ALL {
        let value = format!("value=\"{misbehaviour}\"");
        assert!(page.contains(&value), "{misbehaviour}");
    }
    let form = [
        ("misbehaviour", "slow"),
        ("endpoint", "refresh"),
        ("client_id", "demo-app"),
        ("flow", ""),
        ("times", "2"),
        ("seconds", "3"),
    ];
    let answer = post(&test, "/misbehave", &form).await;
    redirects_to(&answer, "/misbehave#waiting");
    let rule = &rules(&test).await.json()["rules"][0];
    let wanted = r#"{"id":1,"misbehaviour":"slow","endpoint":"refresh","client_id":"demo-app","times":2,"seconds":3}"#;
    assert_eq!(rule.to_string(), wanted);
    let page = get(&test, "/misbehave").await.body;
    assert!(page.contains("at refresh, for demo-app, 2 times, 3 seconds"));

    // The page shows the mistake, and keeps the form's values.
    for (name, value, says) in [
        ("misbehaviour", "", "choose a misbehaviour"),
        ("endpoint", "callback", "cannot happen at this endpoint"),
        ("times", "0", "at least 1"),
        ("times", "-1", "at least 1"),
        ("times", "many", "whole number"),
        ("seconds", "601", "from 0 to 600"),
    ] {
        let changed = form.map(|(own, old)| (own, if own == name { value } else { old }));
        let answer = post(&test, "/misbehave", &changed).await;
        assert_eq!(answer.status, 400, "{name}={value}");
        assert!(answer.body.contains(says), "{says}: {}", answer.body);
        assert!(answer.body.contains("role=\"alert\""));
    }
    // Both pages with a rule have a button that removes it.
    let login = test.login();
    assert_eq!(test.authorize(&login, &[]).await.status, 200);
    let page = get(&test, "/trace/f1").await.body;
    assert!(page.contains("action=\"/misbehave/1/remove\""), "{page}");
    let answer = post(&test, "/misbehave/1/remove", &[("flow", "f1")]).await;
    redirects_to(&answer, "/trace/f1#misbehave");

    // A rule for this flow, and one for its client.
    let once = [("misbehaviour", "dropped-after"), ("whom", "flow")];
    let answer = post(&test, "/trace/f1/misbehave", &once).await;
    redirects_to(&answer, "/trace/f1#misbehave");
    let always = [
        ("misbehaviour", "slow"),
        ("whom", "client"),
        ("always", "on"),
    ];
    post(&test, "/trace/f1/misbehave", &always).await;
    let all = rules(&test).await.json();
    assert_eq!(all["rules"][0]["flow"], "f1");
    assert_eq!(all["rules"][0]["times"], 1);
    assert_eq!(all["rules"][1]["client_id"], "demo-app");
    assert_eq!(all["rules"][1]["times"], "always");
    assert_eq!(all["rules"][1].get("flow"), None);
    let answer = post(&test, "/trace/f9/misbehave", &once).await;
    assert_eq!(answer.status, 404);
    redirects_to(
        &post(&test, "/misbehave/all/remove", &[]).await,
        "/misbehave#waiting",
    );
    assert_eq!(rules(&test).await.json()["rules"][0].get("id"), None);
}

#[tokio::test]
async fn other_web_pages_cannot_send_these_forms() {
    let mut test = TestClient::start().await;
    let login = test.login();
    assert_eq!(test.authorize(&login, &[]).await.status, 200);
    test.sandbox
        .misbehave(switchback_sandbox::Rule::new(Misbehaviour::Slow))
        .unwrap();
    let body = encode(&[("misbehaviour", "slow")]);
    for path in [
        "/trace/reset",
        "/trace/f1/misbehave",
        "/misbehave",
        "/misbehave/1/remove",
        "/misbehave/all/remove",
    ] {
        for foreign in [
            "Origin: http://evil.example",
            "Origin: null",
            "Sec-Fetch-Site: cross-site",
        ] {
            let request = format!("POST {path}");
            let answer = send(test.to, &request, &[FORM, foreign], &body).await;
            assert_eq!(answer.status, 403, "{path}, {foreign}");
        }
    }
    let left = rules(&test).await.json();
    assert_eq!(left["rules"].as_array().unwrap().len(), 1);
    assert_eq!(test.sandbox.flows().len(), 1);
}

#[tokio::test]
async fn the_pages_escape_values_and_have_a_strict_policy() {
    let evil = "<script>alert(1)</script>\"'&";
    let mut client = RegisteredClient::demo_app();
    client.name = evil.into();
    let config = Config {
        clients: vec![client],
        ..Config::default()
    };
    let mut test = TestClient::start_with(config).await;
    let login = test.login().set("x", evil).set("claims", evil);
    let agent = format!("User-Agent: {evil}");
    let authorized = test.authorize(&login, &[&agent]).await;
    assert_eq!(authorized.status, 200);
    let typed = [("misbehaviour", evil), ("flow", evil), ("seconds", evil)];
    let mut pages = vec![post(&test, "/misbehave", &typed).await];
    pages.push(post(&test, "/trace/f1/misbehave", &typed).await);
    for path in ALL {
        pages.push(get(&test, path).await);
    }
    for page in &pages {
        let body = &page.body;
        assert!(
            !body.contains("<script>") && !body.contains("\"'&"),
            "{body}"
        );
        assert!(!body.contains("style="), "{body}");
        let mut words = body.split_whitespace();
        assert!(!words.any(|word| word.starts_with("on") && word.contains("=\"")));
        assert_eq!(body.matches("<script").count(), 1);
        assert!(body.contains("<script src=\"/sandbox/live.js\" defer>"));
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
        for part in [
            "script-src 'self'",
            "connect-src 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{policy}");
        }
        // With this policy, browsers send `Origin` with forms.
        assert_eq!(page.header("referrer-policy"), Some("same-origin"));
        assert_eq!(
            body.matches("aria-current=\"").count(),
            1 + usize::from(body.contains("All clients"))
        );
    }
    assert!(pages[5].body.contains("&#60;script&#62;alert(1)"));
    for (path, kind) in [
        ("/sandbox/live.js", "text/javascript; charset=utf-8"),
        ("/sandbox/trace.css", "text/css; charset=utf-8"),
    ] {
        assert_eq!(get(&test, path).await.header("content-type"), Some(kind));
    }
}

#[tokio::test]
async fn an_unknown_page_links_to_the_start_page() {
    let (_sandbox, to) = started().await;
    let html = ["Accept: text/html"];
    let page = send(to, "GET /nope", &html, "").await;
    assert_eq!(page.status, 404);
    assert!(page.body.contains("not Truid") && page.body.contains("href=\"/\""));
    let json = send(to, "GET /nope", &[], "").await;
    json.refused(404, "not_found");
}
