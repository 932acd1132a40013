//! Each misbehaviour, as a client meets it, and what is left of the session after it.

use serde_json::{Value, json};
use switchback_sandbox::{Choice, Config, Decision, Endpoint, Misbehaviour, Rule, Sandbox, Times};

use crate::scene::*;
use crate::support::*;

#[tokio::test]
async fn each_misbehaviour_does_what_it_says() {
    for misbehaviour in Misbehaviour::ALL {
        let mut scene = Scene::start().await;
        tried(*misbehaviour, &mut scene).await;
        scene.sandbox.stop().await;
    }
}

/// A login, with the rule in force from the first refresh on. Gives what the refresh was
/// answered, and the tokens before it.
async fn refreshed(scene: &mut Scene, misbehaviour: Misbehaviour) -> (Vec<u8>, Value) {
    let tokens = scene.logged_in().await;
    scene.sandbox.advance_with_clients(DUE);
    scene.sandbox.misbehave(Rule::new(misbehaviour)).unwrap();
    let body = encode(&[
        ("grant_type", "refresh_token"),
        ("client_id", "demo-app"),
        ("refresh_token", text(&tokens, "refresh_token")),
    ]);
    let answer = raw(scene.to, "POST /oauth2/v1/token", &[FORM], &body).await;
    (answer, tokens)
}

fn split(answer: &[u8]) -> (String, Vec<u8>) {
    let at = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..at].to_vec()).unwrap();
    (head, answer[at + 4..].to_vec())
}

/// Whether the refresh token of before is still good.
async fn is_good(scene: &Scene, tokens: &Value) -> bool {
    scene.sandbox.behave();
    scene.refresh(text(tokens, "refresh_token")).await.status == 200
}

async fn tried(misbehaviour: Misbehaviour, scene: &mut Scene) {
    match misbehaviour {
        // Held back in real time, which tests have none of: see the test of its own.
        Misbehaviour::Slow => {}
        Misbehaviour::DroppedBefore | Misbehaviour::DroppedAfter => {
            let (answer, tokens) = refreshed(scene, misbehaviour).await;
            assert!(answer.is_empty(), "{answer:?}");
            let before = misbehaviour == Misbehaviour::DroppedBefore;
            assert_eq!(scene.sandbox.counters().refreshes, u64::from(!before));
            assert_eq!(is_good(scene, &tokens).await, before);
        }
        Misbehaviour::ServerError | Misbehaviour::ServerErrorAfter => {
            let (answer, tokens) = refreshed(scene, misbehaviour).await;
            assert!(answer.starts_with(b"HTTP/1.1 500 "));
            let before = misbehaviour == Misbehaviour::ServerError;
            assert_eq!(is_good(scene, &tokens).await, before);
        }
        Misbehaviour::Unavailable | Misbehaviour::TooManyRequests => {
            let (answer, tokens) = refreshed(scene, misbehaviour).await;
            let (head, _) = split(&answer);
            let many = misbehaviour == Misbehaviour::TooManyRequests;
            assert!(head.starts_with(if many {
                "HTTP/1.1 429 "
            } else {
                "HTTP/1.1 503 "
            }));
            assert!(head.contains("\r\nretry-after: 30\r\n"), "{head}");
            assert!(is_good(scene, &tokens).await);
        }
        Misbehaviour::HtmlErrorPage => {
            let (answer, tokens) = refreshed(scene, misbehaviour).await;
            let (head, body) = split(&answer);
            assert!(head.starts_with("HTTP/1.1 502 ") && head.contains("text/html"));
            assert!(body.starts_with(b"<!doctype html>"));
            assert!(is_good(scene, &tokens).await);
        }
        Misbehaviour::WrongContentType => {
            let (answer, _) = refreshed(scene, misbehaviour).await;
            let (head, body) = split(&answer);
            assert!(head.contains("content-type: text/plain"), "{head}");
            let body: Value = serde_json::from_slice(&body).unwrap();
            assert!(body["refresh_token"].is_string());
        }
        Misbehaviour::TruncatedBody => {
            let (answer, tokens) = refreshed(scene, misbehaviour).await;
            let (head, body) = split(&answer);
            let length = head.split("content-length: ").nth(1).unwrap();
            let length: usize = length.lines().next().unwrap().parse().unwrap();
            assert_eq!(body.len(), length / 2);
            assert!(!is_good(scene, &tokens).await);
        }
        Misbehaviour::OversizedBody => {
            let (answer, _) = refreshed(scene, misbehaviour).await;
            assert!(answer.len() > 4 * 1024 * 1024);
            let (_, body) = split(&answer);
            let body: Value = serde_json::from_slice(&body).unwrap();
            assert!(body["refresh_token"].is_string());
        }
        Misbehaviour::Redirected => {
            let (answer, tokens) = refreshed(scene, misbehaviour).await;
            let (head, _) = split(&answer);
            assert!(head.starts_with("HTTP/1.1 307 "), "{head}");
            assert!(head.contains(&format!("location: {}", scene.sandbox.url())));
            assert!(is_good(scene, &tokens).await);
        }
        Misbehaviour::ClockSkewed => {
            let config = Config {
                now: Some(1_800_000_000),
                ..Config::default()
            };
            let mut scene = Scene::start_with(config).await;
            let (answer, _) = refreshed(&mut scene, misbehaviour).await;
            let (head, _) = split(&answer);
            // Three hours and 140 seconds after the beginning.
            assert!(
                head.contains("date: Fri, 15 Jan 2027 11:02:20 GMT"),
                "{head}"
            );
            let right = scene.refresh("x").await;
            let date = right.header("date");
            assert_eq!(date, Some("Fri, 15 Jan 2027 08:02:20 GMT"));
        }
        Misbehaviour::CodeRefused => {
            let login = scene.login();
            let code = scene.code(&login).await;
            scene.sandbox.misbehave(Rule::new(misbehaviour)).unwrap();
            let refused = scene.exchange(&login, &code).await;
            assert!(refused.refused(400, "invalid_grant").contains("expired"));
        }
        Misbehaviour::AccessDenied => {
            let (answer, tokens) = refreshed(scene, misbehaviour).await;
            let (head, body) = split(&answer);
            assert!(head.starts_with("HTTP/1.1 403 "), "{head}");
            assert!(head.contains("content-type: application/json"), "{head}");
            assert_eq!(body, br#"{"error":"access_denied"}"#);
            assert!(is_good(scene, &tokens).await);
            // The code is still good as well, and nobody is blamed.
            let login = scene.login();
            let code = scene.code(&login).await;
            scene.sandbox.misbehave(Rule::new(misbehaviour)).unwrap();
            assert_eq!(scene.exchange(&login, &code).await.status, 403);
            assert_eq!(scene.exchange(&login, &code).await.status, 200);
            let none: [&str; 0] = [];
            assert_eq!(scene.found(), none);
        }
        Misbehaviour::NoExpiresIn => {
            let (answer, _) = refreshed(scene, misbehaviour).await;
            assert_eq!(member(&answer, "expires_in"), Value::Null);
        }
        Misbehaviour::ExpiresInString => {
            let (answer, _) = refreshed(scene, misbehaviour).await;
            assert_eq!(member(&answer, "expires_in"), "300");
        }
        Misbehaviour::TokenTypeCase => {
            let (answer, _) = refreshed(scene, misbehaviour).await;
            assert_eq!(member(&answer, "token_type"), "BEARER");
        }
        Misbehaviour::TokenNotRotated | Misbehaviour::RotatedTokenWithheld => {
            let (answer, tokens) = refreshed(scene, misbehaviour).await;
            assert_eq!(member(&answer, "refresh_token"), Value::Null);
            let access = member(&answer, "access_token");
            assert_ne!(access, tokens["access_token"]);
            let access = access.as_str().unwrap();
            assert_eq!(user_info(scene.to, access).await.status, 200);
            let kept = misbehaviour == Misbehaviour::TokenNotRotated;
            assert_eq!(is_good(scene, &tokens).await, kept);
        }
        Misbehaviour::ScopeNarrowed => {
            let login = scene.login();
            let login = login.set("scope", &format!("{EMAIL} truid.app/data-point/name"));
            let code = scene.code(&login).await;
            scene.sandbox.misbehave(Rule::new(misbehaviour)).unwrap();
            let tokens = scene.exchange(&login, &code).await.json();
            assert_eq!(tokens["scope"], EMAIL);
            let access = text(&tokens, "access_token");
            let info = user_info(scene.to, access).await.json();
            assert_eq!(
                (info["email"].is_string(), &info["name"]),
                (true, &Value::Null)
            );
        }
        Misbehaviour::OtherSubject => {
            let (answer, tokens) = refreshed(scene, misbehaviour).await;
            let access = member(&answer, "access_token");
            let after = user_info(scene.to, access.as_str().unwrap()).await.json();
            let before = text(&tokens, "access_token");
            // The grant is somebody else's now, whichever token one comes with.
            assert_eq!(user_info(scene.to, before).await.json(), after);
            let maja = scene.logged_in().await;
            let maja = user_info(scene.to, text(&maja, "access_token"))
                .await
                .json();
            assert_ne!(after["sub"], maja["sub"]);
        }
        Misbehaviour::SessionEnded => {
            let (answer, tokens) = refreshed(scene, misbehaviour).await;
            assert!(answer.starts_with(b"HTTP/1.1 400 "));
            assert_eq!(member(&answer, "error"), "invalid_grant");
            let gone = user_info(scene.to, text(&tokens, "access_token")).await;
            gone.refused(401, "invalid_token");
        }
        Misbehaviour::CallbackRepeated => {
            let (_, callback) = called_back(scene, misbehaviour).await;
            assert_eq!(callback.matches("code=").count(), 2, "{callback}");
        }
        Misbehaviour::CallbackWrongState => {
            let (state, callback) = called_back(scene, misbehaviour).await;
            let other = parameter(&callback, "state").unwrap();
            assert_ne!(other, state);
        }
        Misbehaviour::CallbackNoState => {
            let (_, callback) = called_back(scene, misbehaviour).await;
            assert_eq!(parameter(&callback, "state"), None);
        }
        Misbehaviour::CallbackWrongIssuer => {
            let (_, callback) = called_back(scene, misbehaviour).await;
            let issuer = parameter(&callback, "iss").unwrap();
            assert_eq!(issuer, "https://other.example");
        }
        Misbehaviour::CallbackExtra => {
            let (state, callback) = called_back(scene, misbehaviour).await;
            assert_eq!(parameter(&callback, "state"), Some(state));
            assert!(callback.contains("utm_source="), "{callback}");
        }
        Misbehaviour::CallbackTwice | Misbehaviour::CallbackNever => {
            scene.sandbox.misbehave(Rule::new(misbehaviour)).unwrap();
            let login = scene.login();
            scene.authorize(&login, &[]).await;
            let waiting = scene.sandbox.app().waiting().remove(0);
            let path = format!("POST /sandbox/v1/app/waiting/{}/approve", waiting.id);
            let decided = send(scene.to, &path, &[], "").await.json();
            if misbehaviour == Misbehaviour::CallbackTwice {
                assert_eq!(decided["times"], 2);
                assert!(decided["redirect"].is_string());
            } else {
                assert_eq!(decided, json!({ "redirect": null, "times": 0 }));
                scene.sandbox.advance_with_clients(30);
                let none: [&str; 0] = [];
                assert_eq!(scene.found(), none, "nobody could come with it");
            }
        }
        other => panic!("nobody tried {other}"),
    }
}

fn member(answer: &[u8], name: &str) -> Value {
    let (_, body) = split(answer);
    let body: Value = serde_json::from_slice(&body).unwrap();
    body[name].clone()
}

/// An approved login. Gives its state and its callback.
async fn called_back(scene: &mut Scene, misbehaviour: Misbehaviour) -> (String, String) {
    scene.sandbox.misbehave(Rule::new(misbehaviour)).unwrap();
    let login = scene.login();
    scene.authorize(&login, &[]).await;
    (login.get("state").to_owned(), scene.approve())
}

/// Time stands still here unless all wait for it, so that nobody has to.
#[tokio::test(start_paused = true)]
async fn a_slow_answer_comes_after_its_seconds() {
    let mut scene = Scene::start().await;
    let tokens = scene.logged_in().await;
    let before = tokio::time::Instant::now();
    let slow = ["Switchback-Misbehave: slow; seconds=600"];
    let token = text(&tokens, "refresh_token");
    let answer = scene.refresh_with(token, &slow).await;
    assert_eq!(answer.status, 200);
    assert!(before.elapsed().as_secs() >= 600);
    let before = tokio::time::Instant::now();
    let quick = scene.refresh(text(&answer.json(), "refresh_token")).await;
    assert_eq!((quick.status, before.elapsed().as_secs()), (200, 0));
}

#[tokio::test]
async fn a_rule_is_for_its_client_flow_and_number_of_times() {
    let mut scene = Scene::start().await;
    let add = |rule: Rule| scene.sandbox.misbehave(rule).unwrap();
    add(Rule {
        client_id: Some("demo-backend".into()),
        endpoint: Some(Endpoint::Par),
        times: Times::Count(2),
        ..Rule::new(Misbehaviour::ServerError)
    });
    let public = scene.login();
    assert_eq!(scene.push(&public, &[]).await.status, 201);
    let login = scene.confidential_login();
    for status in [500, 500, 201] {
        assert_eq!(scene.push(&login, &[]).await.status, status);
    }
    // The client is known by its Authorization header as well.
    scene
        .sandbox
        .misbehave(Rule {
            client_id: Some("demo-backend".into()),
            ..Rule::new(Misbehaviour::ServerError)
        })
        .unwrap();
    let basic = login.without("client_id").without("client_secret");
    assert_eq!(scene.push(&basic, &[BASIC]).await.status, 500);

    let (one, other) = (scene.logged_in().await, scene.logged_in().await);
    let flow = scene.sandbox.flows()[0].id.clone();
    let rule = Rule {
        flow: Some(flow),
        times: Times::ALWAYS,
        ..Rule::new(Misbehaviour::Unavailable)
    };
    scene.sandbox.misbehave(rule).unwrap();
    for _ in 0..3 {
        let refused = scene.refresh(text(&other, "refresh_token")).await;
        assert_eq!(refused.status, 503);
    }
    assert_eq!(scene.refresh(text(&one, "refresh_token")).await.status, 200);
    scene.sandbox.behave();
    let good = scene.refresh(text(&other, "refresh_token")).await;
    assert_eq!(good.status, 200);
}

#[tokio::test]
async fn rules_over_the_control_api() {
    let scene = Scene::start().await;
    let api = |request: &'static str, body: &'static str| {
        let headers: &[&str] = if body.is_empty() { &[] } else { &[JSON] };
        send(scene.to, request, headers, body)
    };
    let all = api("GET /sandbox/v1/misbehaviours", "").await.json();
    let all = all["misbehaviours"].as_array().unwrap().len();
    assert_eq!(all, Misbehaviour::ALL.len());
    let rule = r#"{"misbehaviour":"slow","endpoint":"refresh","times":"always","seconds":3}"#;
    let added = api("POST /sandbox/v1/rules", rule).await;
    assert_eq!((added.status, added.json()), (201, json!({ "id": 1 })));
    let listed = api("GET /sandbox/v1/rules", "").await.json();
    let listed_rule = json!({
        "id": 1, "misbehaviour": "slow", "endpoint": "refresh", "times": "always", "seconds": 3
    });
    assert_eq!(listed, json!({ "rules": [listed_rule] }));
    for bad in [
        r#"{"misbehaviour":"slower"}"#,
        r#"{"misbehaviour":"slow","endpoint":"callback"}"#,
        r#"{"misbehaviour":"slow","times":0}"#,
        r#"{"misbehaviour":"slow","seconds":601}"#,
        r#"{"misbehaviour":"slow","what":1}"#,
    ] {
        api("POST /sandbox/v1/rules", bad)
            .await
            .refused(400, "invalid_request");
    }
    let removed = api("DELETE /sandbox/v1/rules/1", "").await;
    assert_eq!(removed.status, 200);
    for gone in ["DELETE /sandbox/v1/rules/1", "DELETE /sandbox/v1/rules/x"] {
        api(gone, "").await.refused(404, "not_found");
    }
    let removed = api("DELETE /sandbox/v1/rules", "").await.json();
    assert_eq!(removed, json!({ "removed": 0 }));
    let bad = ["Switchback-Misbehave: slower"];
    send(scene.to, "GET /oidc/v1/user-info", &bad, "")
        .await
        .refused(400, "invalid_request");
}

#[tokio::test]
async fn a_decision_can_bring_its_own_misbehaviour() {
    let mut scene = Scene::start().await;
    let login = scene.login();
    scene.authorize(&login, &[]).await;
    let waiting = scene.sandbox.app().waiting().remove(0);
    let choice = Choice {
        misbehave: Some(Rule::new(Misbehaviour::CallbackNever)),
        ..Choice::new(Decision::Approve)
    };
    let callback = scene.sandbox.app().decide(&waiting.id, &choice).unwrap();
    assert_eq!((callback.redirect, callback.times), (None, 0));
    // What is refused by name is told by name.
    let refused = Sandbox::start(Config::default()).await.unwrap();
    refused
        .misbehave(Rule::new(Misbehaviour::CallbackNever))
        .unwrap();
    let url = format!("{}{}", refused.url(), authorization("idv"));
    let waiting = refused.app().open(&url).unwrap();
    let error = refused.app().approve(&waiting.id).unwrap_err();
    assert_eq!(error.error, "not_opened");
}

#[tokio::test]
async fn the_configuration_can_begin_with_rules_and_a_reset_brings_them_back() {
    let config = Config {
        rules: vec![Rule::new(Misbehaviour::ServerError)],
        ..Config::default()
    };
    let mut scene = Scene::start_with(config).await;
    for _ in 0..2 {
        let login = scene.login();
        assert_eq!(scene.authorize(&login, &[]).await.status, 500);
        assert_eq!(scene.authorize(&login, &[]).await.status, 200);
        scene.sandbox.reset();
    }
    let unknown = Config {
        rules: vec![Rule {
            client_id: Some("nobody".into()),
            ..Rule::new(Misbehaviour::Slow)
        }],
        ..Config::default()
    };
    let error = unknown.check().unwrap_err().to_string();
    assert!(error.contains("misbehave[0].client_id"), "{error}");
}
