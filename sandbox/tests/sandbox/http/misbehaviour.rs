//! Tests of each misbehaviour: its effect on the client, and on the session.

use serde_json::{Value, json};
use switchback_sandbox::{Choice, Config, Decision, Endpoint, Misbehaviour, Rule, Sandbox, Times};

use crate::support::*;
use crate::test_client::*;

#[tokio::test]
async fn each_misbehaviour_has_its_effect() {
    for misbehaviour in Misbehaviour::ALL {
        let mut test = TestClient::start().await;
        check(*misbehaviour, &mut test).await;
        test.sandbox.stop().await;
    }
}

/// Logs in, adds the rule, and refreshes. Returns the answer to the refresh, and the tokens before
/// it.
async fn refreshed(test: &mut TestClient, misbehaviour: Misbehaviour) -> (Vec<u8>, Value) {
    let tokens = test.logged_in().await;
    test.sandbox.advance_with_clients(DUE);
    test.sandbox.misbehave(Rule::new(misbehaviour)).unwrap();
    let body = encode(&[
        ("grant_type", "refresh_token"),
        ("client_id", "demo-app"),
        ("refresh_token", text(&tokens, "refresh_token")),
    ]);
    let answer = raw(test.to, "POST /oauth2/v1/token", &[FORM], &body).await;
    (answer, tokens)
}

fn split(answer: &[u8]) -> (String, Vec<u8>) {
    let at = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..at].to_vec()).unwrap();
    (head, answer[at + 4..].to_vec())
}

/// Whether the refresh token in `tokens` is still valid.
async fn is_valid(test: &TestClient, tokens: &Value) -> bool {
    test.sandbox.behave();
    test.refresh(text(tokens, "refresh_token")).await.status == 200
}

async fn check(misbehaviour: Misbehaviour, test: &mut TestClient) {
    match misbehaviour {
        // A delay needs a paused clock: another test checks it.
        Misbehaviour::Slow => {}
        Misbehaviour::DroppedBefore | Misbehaviour::DroppedAfter => {
            let (answer, tokens) = refreshed(test, misbehaviour).await;
            assert!(answer.is_empty(), "{answer:?}");
            let before = misbehaviour == Misbehaviour::DroppedBefore;
            assert_eq!(test.sandbox.counters().refreshes, u64::from(!before));
            assert_eq!(is_valid(test, &tokens).await, before);
        }
        Misbehaviour::ServerError | Misbehaviour::ServerErrorAfter => {
            let (answer, tokens) = refreshed(test, misbehaviour).await;
            assert!(answer.starts_with(b"HTTP/1.1 500 "));
            let before = misbehaviour == Misbehaviour::ServerError;
            assert_eq!(is_valid(test, &tokens).await, before);
        }
        Misbehaviour::Unavailable | Misbehaviour::TooManyRequests => {
            let (answer, tokens) = refreshed(test, misbehaviour).await;
            let (head, _) = split(&answer);
            let many = misbehaviour == Misbehaviour::TooManyRequests;
            assert!(head.starts_with(if many {
                "HTTP/1.1 429 "
            } else {
                "HTTP/1.1 503 "
            }));
            assert!(head.contains("\r\nretry-after: 30\r\n"), "{head}");
            assert!(is_valid(test, &tokens).await);
        }
        Misbehaviour::HtmlErrorPage => {
            let (answer, tokens) = refreshed(test, misbehaviour).await;
            let (head, body) = split(&answer);
            assert!(head.starts_with("HTTP/1.1 502 ") && head.contains("text/html"));
            assert!(body.starts_with(b"<!doctype html>"));
            assert!(is_valid(test, &tokens).await);
        }
        Misbehaviour::WrongContentType => {
            let (answer, _) = refreshed(test, misbehaviour).await;
            let (head, body) = split(&answer);
            assert!(head.contains("content-type: text/plain"), "{head}");
            let body: Value = serde_json::from_slice(&body).unwrap();
            assert!(body["refresh_token"].is_string());
        }
        Misbehaviour::TruncatedBody => {
            let (answer, tokens) = refreshed(test, misbehaviour).await;
            let (head, body) = split(&answer);
            let length = head.split("content-length: ").nth(1).unwrap();
            let length: usize = length.lines().next().unwrap().parse().unwrap();
            assert_eq!(body.len(), length / 2);
            assert!(!is_valid(test, &tokens).await);
        }
        Misbehaviour::OversizedBody => {
            let (answer, _) = refreshed(test, misbehaviour).await;
            assert!(answer.len() > 4 * 1024 * 1024);
            let (_, body) = split(&answer);
            let body: Value = serde_json::from_slice(&body).unwrap();
            assert!(body["refresh_token"].is_string());
        }
        Misbehaviour::Redirected => {
            let (answer, tokens) = refreshed(test, misbehaviour).await;
            let (head, _) = split(&answer);
            assert!(head.starts_with("HTTP/1.1 307 "), "{head}");
            assert!(head.contains(&format!("location: {}", test.sandbox.url())));
            assert!(is_valid(test, &tokens).await);
        }
        Misbehaviour::ClockSkewed => {
            let config = Config {
                now: Some(1_800_000_000),
                ..Config::default()
            };
            let mut test = TestClient::start_with(config).await;
            let (answer, _) = refreshed(&mut test, misbehaviour).await;
            let (head, _) = split(&answer);
            // Three hours and 140 seconds after the start.
            assert!(
                head.contains("date: Fri, 15 Jan 2027 11:02:20 GMT"),
                "{head}"
            );
            let right = test.refresh("x").await;
            let date = right.header("date");
            assert_eq!(date, Some("Fri, 15 Jan 2027 08:02:20 GMT"));
        }
        Misbehaviour::CodeRefused => {
            let login = test.login();
            let code = test.code(&login).await;
            test.sandbox.misbehave(Rule::new(misbehaviour)).unwrap();
            let refused = test.exchange(&login, &code).await;
            assert!(refused.refused(400, "invalid_grant").contains("expired"));
        }
        Misbehaviour::AccessDenied => {
            let (answer, tokens) = refreshed(test, misbehaviour).await;
            let (head, body) = split(&answer);
            assert!(head.starts_with("HTTP/1.1 403 "), "{head}");
            assert!(head.contains("content-type: application/json"), "{head}");
            assert_eq!(body, br#"{"error":"access_denied"}"#);
            assert!(is_valid(test, &tokens).await);
            // The code is also still valid, and there is no finding.
            let login = test.login();
            let code = test.code(&login).await;
            test.sandbox.misbehave(Rule::new(misbehaviour)).unwrap();
            assert_eq!(test.exchange(&login, &code).await.status, 403);
            assert_eq!(test.exchange(&login, &code).await.status, 200);
            let none: [&str; 0] = [];
            assert_eq!(test.found(), none);
        }
        Misbehaviour::NoExpiresIn => {
            let (answer, _) = refreshed(test, misbehaviour).await;
            assert_eq!(member(&answer, "expires_in"), Value::Null);
        }
        Misbehaviour::ExpiresInString => {
            let (answer, _) = refreshed(test, misbehaviour).await;
            assert_eq!(member(&answer, "expires_in"), "300");
        }
        Misbehaviour::TokenTypeCase => {
            let (answer, _) = refreshed(test, misbehaviour).await;
            assert_eq!(member(&answer, "token_type"), "BEARER");
        }
        Misbehaviour::TokenNotRotated | Misbehaviour::RotatedTokenWithheld => {
            let (answer, tokens) = refreshed(test, misbehaviour).await;
            assert_eq!(member(&answer, "refresh_token"), Value::Null);
            let access = member(&answer, "access_token");
            assert_ne!(access, tokens["access_token"]);
            let access = access.as_str().unwrap();
            assert_eq!(user_info(test.to, access).await.status, 200);
            let kept = misbehaviour == Misbehaviour::TokenNotRotated;
            assert_eq!(is_valid(test, &tokens).await, kept);
        }
        Misbehaviour::ScopeNarrowed => {
            let login = test.login();
            let login = login.set("scope", &format!("{EMAIL} truid.app/data-point/name"));
            let code = test.code(&login).await;
            test.sandbox.misbehave(Rule::new(misbehaviour)).unwrap();
            let tokens = test.exchange(&login, &code).await.json();
            assert_eq!(tokens["scope"], EMAIL);
            let access = text(&tokens, "access_token");
            let info = user_info(test.to, access).await.json();
            assert_eq!(
                (info["email"].is_string(), &info["name"]),
                (true, &Value::Null)
            );
        }
        Misbehaviour::OtherSubject => {
            let (answer, tokens) = refreshed(test, misbehaviour).await;
            let access = member(&answer, "access_token");
            let after = user_info(test.to, access.as_str().unwrap()).await.json();
            let before = text(&tokens, "access_token");
            // The grant belongs to another person now, also for earlier tokens.
            assert_eq!(user_info(test.to, before).await.json(), after);
            let maja = test.logged_in().await;
            let maja = user_info(test.to, text(&maja, "access_token")).await.json();
            assert_ne!(after["sub"], maja["sub"]);
        }
        Misbehaviour::SessionEnded => {
            let (answer, tokens) = refreshed(test, misbehaviour).await;
            assert!(answer.starts_with(b"HTTP/1.1 400 "));
            assert_eq!(member(&answer, "error"), "invalid_grant");
            let gone = user_info(test.to, text(&tokens, "access_token")).await;
            gone.refused(401, "invalid_token");
        }
        Misbehaviour::CallbackRepeated => {
            let (_, callback) = callback(test, misbehaviour).await;
            assert_eq!(callback.matches("code=").count(), 2, "{callback}");
        }
        Misbehaviour::CallbackWrongState => {
            let (state, callback) = callback(test, misbehaviour).await;
            let other = parameter(&callback, "state").unwrap();
            assert_ne!(other, state);
        }
        Misbehaviour::CallbackNoState => {
            let (_, callback) = callback(test, misbehaviour).await;
            assert_eq!(parameter(&callback, "state"), None);
        }
        Misbehaviour::CallbackWrongIssuer => {
            let (_, callback) = callback(test, misbehaviour).await;
            let issuer = parameter(&callback, "iss").unwrap();
            assert_eq!(issuer, "https://other.example");
        }
        Misbehaviour::CallbackExtra => {
            let (state, callback) = callback(test, misbehaviour).await;
            assert_eq!(parameter(&callback, "state"), Some(state));
            assert!(callback.contains("utm_source="), "{callback}");
        }
        Misbehaviour::CallbackTwice | Misbehaviour::CallbackNever => {
            test.sandbox.misbehave(Rule::new(misbehaviour)).unwrap();
            let login = test.login();
            test.authorize(&login, &[]).await;
            let waiting = test.sandbox.app().waiting().remove(0);
            let path = format!("POST /sandbox/v1/app/waiting/{}/approve", waiting.id);
            let decided = send(test.to, &path, &[], "").await.json();
            if misbehaviour == Misbehaviour::CallbackTwice {
                assert_eq!(decided["times"], 2);
                assert!(decided["redirect"].is_string());
            } else {
                assert_eq!(decided, json!({ "redirect": null, "times": 0 }));
                test.sandbox.advance_with_clients(30);
                let none: [&str; 0] = [];
                assert_eq!(test.found(), none, "no client got the code");
            }
        }
        other if other.endpoints() == [Endpoint::Signature] => {
            crate::signing::changes_the_signature(other, test).await;
        }
        Misbehaviour::TimestampWrongImprint => {
            crate::signing::changes_the_imprint(test).await;
        }
        other => panic!("no test checks {other}"),
    }
}

fn member(answer: &[u8], name: &str) -> Value {
    let (_, body) = split(answer);
    let body: Value = serde_json::from_slice(&body).unwrap();
    body[name].clone()
}

/// Approves a login with this misbehaviour. Returns its state and its callback.
async fn callback(test: &mut TestClient, misbehaviour: Misbehaviour) -> (String, String) {
    test.sandbox.misbehave(Rule::new(misbehaviour)).unwrap();
    let login = test.login();
    test.authorize(&login, &[]).await;
    (login.get("state").to_owned(), test.approve())
}

/// With a paused clock, tokio skips waiting times.
#[tokio::test(start_paused = true)]
async fn a_slow_answer_is_delayed_by_its_seconds() {
    let mut test = TestClient::start().await;
    let tokens = test.logged_in().await;
    let before = tokio::time::Instant::now();
    let slow = ["Switchback-Misbehave: slow; seconds=600"];
    let token = text(&tokens, "refresh_token");
    let answer = test.refresh_with(token, &slow).await;
    assert_eq!(answer.status, 200);
    assert!(before.elapsed().as_secs() >= 600);
    let before = tokio::time::Instant::now();
    let quick = test.refresh(text(&answer.json(), "refresh_token")).await;
    assert_eq!((quick.status, before.elapsed().as_secs()), (200, 0));
}

#[tokio::test]
async fn a_rule_applies_to_its_client_flow_and_number_of_times() {
    let mut test = TestClient::start().await;
    let add = |rule: Rule| test.sandbox.misbehave(rule).unwrap();
    add(Rule {
        client_id: Some("demo-backend".into()),
        endpoint: Some(Endpoint::Par),
        times: Times::Count(2),
        ..Rule::new(Misbehaviour::ServerError)
    });
    let public = test.login();
    assert_eq!(test.push(&public, &[]).await.status, 201);
    let login = test.confidential_login();
    for status in [500, 500, 201] {
        assert_eq!(test.push(&login, &[]).await.status, status);
    }
    // The client id can also be in the Authorization header.
    test.sandbox
        .misbehave(Rule {
            client_id: Some("demo-backend".into()),
            ..Rule::new(Misbehaviour::ServerError)
        })
        .unwrap();
    let basic = login.without("client_id").without("client_secret");
    assert_eq!(test.push(&basic, &[BASIC]).await.status, 500);

    let (one, other) = (test.logged_in().await, test.logged_in().await);
    let flow = test.sandbox.flows()[0].id.clone();
    let rule = Rule {
        flow: Some(flow),
        times: Times::ALWAYS,
        ..Rule::new(Misbehaviour::Unavailable)
    };
    test.sandbox.misbehave(rule).unwrap();
    for _ in 0..3 {
        let refused = test.refresh(text(&other, "refresh_token")).await;
        assert_eq!(refused.status, 503);
    }
    assert_eq!(test.refresh(text(&one, "refresh_token")).await.status, 200);
    test.sandbox.behave();
    let good = test.refresh(text(&other, "refresh_token")).await;
    assert_eq!(good.status, 200);
}

#[tokio::test]
async fn the_control_api_adds_lists_and_removes_rules() {
    let test = TestClient::start().await;
    let api = |request: &'static str, body: &'static str| {
        let headers: &[&str] = if body.is_empty() { &[] } else { &[JSON] };
        send(test.to, request, headers, body)
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
    send(test.to, "GET /oidc/v1/user-info", &bad, "")
        .await
        .refused(400, "invalid_request");
}

#[tokio::test]
async fn a_decision_can_have_its_own_misbehaviour() {
    let mut test = TestClient::start().await;
    let login = test.login();
    test.authorize(&login, &[]).await;
    let waiting = test.sandbox.app().waiting().remove(0);
    let choice = Choice {
        misbehave: Some(Rule::new(Misbehaviour::CallbackNever)),
        ..Choice::new(Decision::Approve)
    };
    let callback = test.sandbox.app().decide(&waiting.id, &choice).unwrap();
    assert_eq!((callback.redirect, callback.times), (None, 0));
    // `App::approve` reports a callback that is not opened as an error.
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
async fn a_reset_restores_the_rules_of_the_configuration() {
    let config = Config {
        rules: vec![Rule::new(Misbehaviour::ServerError)],
        ..Config::default()
    };
    let mut test = TestClient::start_with(config).await;
    for _ in 0..2 {
        let login = test.login();
        assert_eq!(test.authorize(&login, &[]).await.status, 500);
        assert_eq!(test.authorize(&login, &[]).await.status, 200);
        test.sandbox.reset();
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
