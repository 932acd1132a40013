//! The pages for developers: the trace, the findings, misbehaviour on demand.

use switchback_sandbox::{Config, Finding, Misbehaviour, RegisteredClient};

use crate::scene::{EMAIL_CLAIM, Scene};
use crate::support::*;

const ALL: [&str; 4] = ["/trace", "/findings", "/misbehave", "/trace/f1"];

async fn get(scene: &Scene, path: &str) -> Answer {
    send(scene.to, &format!("GET {path}"), &[], "").await
}

async fn post(scene: &Scene, path: &str, form: &[(&str, &str)]) -> Answer {
    let request = format!("POST {path}");
    send(scene.to, &request, &[FORM], &encode(form)).await
}

/// Where a form leads.
#[track_caller]
fn leads_to(answer: &Answer, place: &str) {
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(answer.header("location"), Some(place));
}

fn rules(scene: &Scene) -> impl Future<Output = Answer> {
    let to = scene.to;
    async move { send(to, "GET /sandbox/v1/rules", &[], "").await }
}

#[tokio::test]
async fn a_flow_is_shown_with_all_that_was_said_and_found() {
    let mut scene = Scene::start().await;
    let login = scene.login();
    let code = scene.code(&login).await;
    scene.sandbox.advance_with_clients(27);
    let tokens = scene.exchange(&login, &code).await.json();
    let (access, refresh) = (
        text(&tokens, "access_token"),
        text(&tokens, "refresh_token"),
    );
    let bearer = format!("Authorization: Bearer {access}");
    let bare = "GET /exchange/v2/presentation";
    assert_eq!(send(scene.to, bare, &[&bearer], "").await.status, 400);
    let shared = scene.present(access, EMAIL_CLAIM).await.json();
    assert_eq!(scene.refresh(refresh).await.status, 200);
    assert_eq!(scene.refresh(refresh).await.status, 400);

    let list = get(&scene, "/trace").await.body;
    for part in [
        "1 flow",
        "href=\"/trace/f1\"",
        "Grant revoked",
        "8 steps",
        "2 objections",
    ] {
        assert!(list.contains(part), "{part}: {list}");
    }
    let page = get(&scene, "/trace/f1").await.body;
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
    // The lanes that take part, in their order; a backend does not.
    let heads = page.split("<ol class=\"heads\"").nth(1).unwrap();
    let heads = heads.split("</ol>").next().unwrap();
    let place = |name: &str| heads.find(&format!(">{name}</li>"));
    let places: Vec<_> = ["App", "Browser", "Truid app", "Truid"].map(place).into();
    assert!(places.is_sorted() && places[0].is_some(), "{heads}");
    assert_eq!(place("Backend"), None);
    // A finding stands with its own step.
    let step = page.split("id=\"step-4\"").next().unwrap();
    let step = step.split("id=\"step-3\"").nth(1).unwrap();
    assert!(step.contains("code-late") && !step.contains("claims-missing"));

    // Nothing that a thief could use, nothing about the person.
    let person = text(&shared["claims"][0], "value");
    let state = login.get("state");
    for secret in [&code, access, refresh, state, &login.verifier, person] {
        assert!(!page.contains(secret), "{secret} is on the page");
    }
    assert_eq!(get(&scene, "/trace/f2").await.status, 404);
    assert_eq!(get(&scene, "/trace/x").await.status, 404);
}

#[tokio::test]
async fn what_was_asked_for_looks_so_and_a_dropped_connection_dropped() {
    let mut scene = Scene::start().await;
    let login = scene.login();
    let code = scene.code(&login).await;
    for name in ["dropped-before", "server-error"] {
        scene
            .sandbox
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
    let lost = raw(scene.to, "POST /oauth2/v1/token", &[FORM], &body).await;
    assert!(lost.is_empty());
    assert_eq!(scene.exchange(&login, &code).await.status, 500);
    let page = get(&scene, "/trace/f1").await.body;
    for part in [
        "connection dropped",
        "On demand: dropped-before",
        "500 Internal Server Error",
        "On demand: server-error",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[tokio::test]
async fn the_empty_trace_says_what_to_do_and_flows_are_sorted_by_client() {
    let mut scene = Scene::start().await;
    let empty = get(&scene, "/trace").await.body;
    for part in [
        "No flows yet",
        scene.sandbox.url(),
        "switchback login",
        "/app",
    ] {
        assert!(empty.contains(part), "{part}: {empty}");
    }
    let login = scene.login();
    assert_eq!(scene.authorize(&login, &[]).await.status, 200);
    let login = scene.confidential_login();
    assert_eq!(scene.push(&login, &[]).await.status, 201);
    let shown = async |query: &str| {
        let page = get(&scene, &format!("/trace{query}")).await.body;
        ["f1", "f2"].map(|flow| page.contains(&format!("href=\"/trace/{flow}\"")))
    };
    assert_eq!(shown("").await, [true, true]);
    assert_eq!(shown("?client=demo-app").await, [true, false]);
    assert_eq!(shown("?client=demo-backend").await, [false, true]);
    assert_eq!(shown("?client=nobody").await, [false, false]);
    // What waits for the person leads to the Truid app.
    let waiting = scene.sandbox.app().waiting().remove(0);
    let page = get(&scene, "/trace/f1").await.body;
    assert!(page.contains(&format!("href=\"/app/{}\"", waiting.id)));

    leads_to(&post(&scene, "/trace/reset", &[]).await, "/trace");
    assert_eq!(scene.sandbox.flows().len(), 0);
}

#[tokio::test]
async fn each_finding_has_a_page_that_refusals_name() {
    let mut scene = Scene::start().await;
    let login = scene.login();
    let almost = login.clone().set("redirect_uri", &format!("{REDIRECT}/"));
    let refused = scene.authorize(&almost, &[]).await.json();
    let uri = text(&refused, "error_uri");
    // A browser is shown the same on a page, which leads there.
    let shown = scene.authorize(&almost, &["Accept: text/html"]).await;
    assert!(
        shown
            .body
            .contains("href=\"/findings/redirect-uri-mismatch\"")
    );
    let page = get(&scene, uri.strip_prefix(scene.sandbox.url()).unwrap()).await;
    let finding = Finding::RedirectUriMismatch;
    assert_eq!(page.status, 200);
    for part in [
        finding.title(),
        finding.remedy(),
        "href=\"/trace/f1#step-0\"",
    ] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    let catalogue = get(&scene, "/findings").await.body;
    for finding in Finding::ALL {
        let path = format!("/findings/{finding}");
        assert!(catalogue.contains(&format!("href=\"{path}\"")), "{path}");
        assert_eq!(get(&scene, &path).await.status, 200, "{path}");
    }
    assert_eq!(catalogue.matches("found 2×").count(), 1);
    assert_eq!(get(&scene, "/findings/nothing").await.status, 404);
}

#[tokio::test]
async fn rules_are_made_and_taken_away_by_forms() {
    let mut scene = Scene::start().await;
    let page = get(&scene, "/misbehave").await.body;
    for one in Misbehaviour::ALL {
        assert!(page.contains(&format!("value=\"{one}\"")), "{one}");
    }
    let form = [
        ("misbehaviour", "slow"),
        ("endpoint", "refresh"),
        ("client_id", "demo-app"),
        ("flow", ""),
        ("times", "2"),
        ("seconds", "3"),
    ];
    let answer = post(&scene, "/misbehave", &form).await;
    leads_to(&answer, "/misbehave#waiting");
    let rule = &rules(&scene).await.json()["rules"][0];
    let wanted = r#"{"id":1,"misbehaviour":"slow","endpoint":"refresh","client_id":"demo-app","times":2,"seconds":3}"#;
    assert_eq!(rule.to_string(), wanted);
    let page = get(&scene, "/misbehave").await.body;
    assert!(page.contains("at refresh, for demo-app, 2 times, 3 seconds"));

    // What cannot be is said on the page, which keeps what was typed.
    for (name, value, says) in [
        ("misbehaviour", "", "choose what is to go wrong"),
        ("endpoint", "callback", "cannot happen at this endpoint"),
        ("times", "0", "at least 1"),
        ("times", "-1", "at least 1"),
        ("times", "many", "whole number"),
        ("seconds", "601", "from 0 to 600"),
    ] {
        let changed = form.map(|(own, old)| (own, if own == name { value } else { old }));
        let answer = post(&scene, "/misbehave", &changed).await;
        assert_eq!(answer.status, 400, "{name}={value}");
        assert!(answer.body.contains(says), "{says}: {}", answer.body);
        assert!(answer.body.contains("role=\"alert\""));
    }
    // Both pages with a rule have a button to take it away.
    let login = scene.login();
    assert_eq!(scene.authorize(&login, &[]).await.status, 200);
    let page = get(&scene, "/trace/f1").await.body;
    assert!(page.contains("action=\"/misbehave/1/remove\""), "{page}");
    let answer = post(&scene, "/misbehave/1/remove", &[("flow", "f1")]).await;
    leads_to(&answer, "/trace/f1#misbehave");

    // For this flow, and for its client.
    let once = [("misbehaviour", "dropped-after"), ("whom", "flow")];
    let answer = post(&scene, "/trace/f1/misbehave", &once).await;
    leads_to(&answer, "/trace/f1#misbehave");
    let always = [
        ("misbehaviour", "slow"),
        ("whom", "client"),
        ("always", "on"),
    ];
    post(&scene, "/trace/f1/misbehave", &always).await;
    let all = rules(&scene).await.json();
    assert_eq!(all["rules"][0]["flow"], "f1");
    assert_eq!(all["rules"][0]["times"], 1);
    assert_eq!(all["rules"][1]["client_id"], "demo-app");
    assert_eq!(all["rules"][1]["times"], "always");
    assert_eq!(all["rules"][1].get("flow"), None);
    let answer = post(&scene, "/trace/f9/misbehave", &once).await;
    assert_eq!(answer.status, 404);
    leads_to(
        &post(&scene, "/misbehave/all/remove", &[]).await,
        "/misbehave#waiting",
    );
    assert_eq!(rules(&scene).await.json()["rules"][0].get("id"), None);
}

#[tokio::test]
async fn no_other_web_page_steers_by_these_forms() {
    let mut scene = Scene::start().await;
    let login = scene.login();
    assert_eq!(scene.authorize(&login, &[]).await.status, 200);
    scene
        .sandbox
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
            let answer = send(scene.to, &request, &[FORM, foreign], &body).await;
            assert_eq!(answer.status, 403, "{path}, {foreign}");
        }
    }
    let left = rules(&scene).await.json();
    assert_eq!(left["rules"].as_array().unwrap().len(), 1);
    assert_eq!(scene.sandbox.flows().len(), 1);
}

#[tokio::test]
async fn the_pages_are_locked_down_and_escape_what_they_show() {
    let evil = "<script>alert(1)</script>\"'&";
    let mut client = RegisteredClient::demo_app();
    client.name = evil.into();
    let config = Config {
        clients: vec![client],
        ..Config::default()
    };
    let mut scene = Scene::start_with(config).await;
    let login = scene.login().set("x", evil).set("claims", evil);
    let agent = format!("User-Agent: {evil}");
    let authorized = scene.authorize(&login, &[&agent]).await;
    assert_eq!(authorized.status, 200);
    let typed = [("misbehaviour", evil), ("flow", evil), ("seconds", evil)];
    let mut pages = vec![post(&scene, "/misbehave", &typed).await];
    pages.push(post(&scene, "/trace/f1/misbehave", &typed).await);
    for path in ALL {
        pages.push(get(&scene, path).await);
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
        // Forms keep their `Origin` by it.
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
        assert_eq!(get(&scene, path).await.header("content-type"), Some(kind));
    }
}

#[tokio::test]
async fn a_page_that_is_not_there_leads_on() {
    let (_sandbox, to) = started().await;
    let html = ["Accept: text/html"];
    let page = send(to, "GET /nope", &html, "").await;
    assert_eq!(page.status, 404);
    assert!(page.body.contains("not Truid") && page.body.contains("href=\"/\""));
    let json = send(to, "GET /nope", &[], "").await;
    json.refused(404, "not_found");
}
