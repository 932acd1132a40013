//! Tests of complete flows, and of the end of a grant.

use serde_json::json;
use switchback_sandbox::{Config, RegisteredClient, Sandbox};

use crate::support::*;

#[tokio::test]
async fn a_complete_flow_works_for_each_purpose() {
    let (sandbox, to) = started().await;
    for (function, purpose) in [
        ("confirm-signup", "onboarding"),
        ("login-session", "login"),
        ("idv", "identity_verification"),
    ] {
        let page = send(to, &format!("GET {}", authorization(function)), &[], "").await;
        assert_eq!(page.status, 200);
        assert_eq!(
            page.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        assert!(page.body.contains("Demo Shop") && page.body.contains("E-mail address"));

        let waiting = send(to, "GET /sandbox/v1/app/waiting", &[], "")
            .await
            .json();
        let waiting = &waiting["waiting"][0];
        assert_eq!(waiting["purpose"], purpose);
        let trace = format!("GET /sandbox/v1/trace/{}", text(waiting, "flow"));
        assert_eq!(send(to, &trace, &[], "").await.json()["purpose"], purpose);
        let id = text(waiting, "id");
        assert!(page.body.contains(&format!("href=\"/app/{id}\"")));
        let approve = format!("POST /sandbox/v1/app/waiting/{id}/approve");
        let approved = send(to, &approve, &[], "").await.json();
        let callback = text(&approved, "redirect");
        assert!(callback.starts_with("https://app.example/truid/callback?code="));
        assert_eq!(parameter(callback, "state").unwrap(), "S-1");
        assert_eq!(parameter(callback, "iss"), None);
        send(to, &approve, &[], "")
            .await
            .refused(409, "already_decided");

        let code = parameter(callback, "code").unwrap();
        let answer = exchange(to, &code).await;
        assert_eq!(
            (answer.status, answer.header("cache-control")),
            (200, Some("no-store"))
        );
        let first = answer.json();
        let keys: Vec<&String> = first.as_object().unwrap().keys().collect();
        assert_eq!(
            keys,
            [
                "access_token",
                "token_type",
                "expires_in",
                "refresh_token",
                "scope"
            ]
        );
        assert_eq!(first["token_type"], "bearer");
        assert_eq!(
            first["expires_in"],
            if function == "login-session" {
                150
            } else {
                300
            }
        );

        let second = refresh(to, text(&first, "refresh_token")).await.json();
        let info = user_info(to, text(&second, "access_token")).await.json();
        assert_eq!(info["email"], "maja.sjostrom@example.com");
        assert_eq!(info["given_name"], "Maja");
        assert!(info.get("phone_number").is_none());
        for version in ["v1", "v2"] {
            let bearer = format!("Authorization: bearer {}", text(&second, "access_token"));
            let path = format!(
                "GET /exchange/{version}/presentation?claims=truid.app%2Fclaim%2Femail%2Fv1,truid.app/claim/phone-number/v1"
            );
            let presentation = send(to, &path, &[&bearer], "").await.json();
            assert_eq!(
                presentation,
                json!({
                    "sub": info["sub"],
                    "claims": [{
                        "type": "truid.app/claim/email/v1",
                        "value": "maja.sjostrom@example.com",
                    }],
                })
            );
        }

        // The second use of the refresh token ends the grant.
        let again = refresh(to, text(&first, "refresh_token")).await;
        again.refused(400, "invalid_grant");
        let gone = user_info(to, text(&second, "access_token")).await;
        gone.refused(401, "invalid_token");
        let challenge = gone.header("www-authenticate").unwrap();
        assert!(challenge.starts_with("Bearer ") && challenge.contains("error=\"invalid_token\""));
    }
    let counters = send(to, "GET /sandbox/v1/counters", &[], "").await.json();
    assert_eq!(
        counters,
        json!({
            "authorize": 3, "par": 0, "code_exchanges": 3, "refreshes": 3,
            "refused_token_requests": 3, "revoked_grants": 3, "user_info": 3,
            "presentations": 6, "signatures": 0, "timestamps": 0,
        })
    );
    assert_eq!(sandbox.counters().presentations, 6);
    sandbox.stop().await;
}

#[tokio::test]
async fn pushed_requests_are_checked_and_opened_once() {
    for status in [201, 200] {
        let config = Config {
            par_status: status,
            ..Config::default()
        };
        let sandbox = Sandbox::start(config).await.unwrap();
        let to = sandbox.address();
        let pushed = encode(&[
            ("response_type", "code"),
            ("client_id", "demo-backend"),
            ("client_secret", RegisteredClient::DEMO_BACKEND_SECRET),
            ("redirect_uri", "https://service.example/truid/complete"),
            ("scope", "truid.app/data-point/name"),
            ("state", "S-2"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ]);
        let push = "POST /oauth2/v1/par/confirm-signup";
        let answer = send(to, push, &[FORM], &pushed).await;
        assert_eq!(answer.status, status);
        let answer = answer.json();
        assert_eq!(answer["expires_in"], 60);
        let query = encode(&[
            ("client_id", "demo-backend"),
            ("request_uri", text(&answer, "request_uri")),
        ]);
        let open = format!("GET /oauth2/v1/authorize/confirm-signup?{query}");
        assert_eq!(send(to, &open, &[], "").await.status, 200);
        send(to, &open, &[], "")
            .await
            .refused(400, "invalid_request_uri");

        let answer = send(to, push, &[FORM], &pushed).await.json();
        let query = encode(&[
            ("client_id", "demo-backend"),
            ("request_uri", text(&answer, "request_uri")),
        ]);
        sandbox.advance(60);
        let late = format!("GET /oauth2/v1/authorize/confirm-signup?{query}");
        let description = send(to, &late, &[], "")
            .await
            .refused(400, "invalid_request_uri");
        assert!(description.contains("expired"));

        let wrong = pushed.replace("demo-backend-secret", "demo-backend-secre");
        let answer = send(to, push, &[FORM], &wrong).await;
        answer.refused(401, "invalid_client");
        assert_eq!(answer.header("www-authenticate"), None);
        send(to, push, &[JSON], "{}")
            .await
            .refused(400, "invalid_request");
        send(to, &format!("{push}?{pushed}"), &[FORM], "")
            .await
            .refused(400, "invalid_request");
        send(to, "POST /oauth2/v1/par/signing", &[FORM], &pushed)
            .await
            .refused(404, "not_found");
        sandbox.stop().await;
    }
}

#[tokio::test]
async fn the_second_use_of_a_code_revokes_the_tokens() {
    let (sandbox, to) = started().await;
    let code = code(&sandbox, "login-session");
    let first = exchange(to, &code).await.json();
    let second = refresh(to, text(&first, "refresh_token")).await.json();
    assert_eq!(second["expires_in"], 300);
    let description = exchange(to, &code).await.refused(400, "invalid_grant");
    assert!(description.contains("used before") && !description.contains(&code));
    user_info(to, text(&second, "access_token"))
        .await
        .refused(401, "invalid_token");
    refresh(to, text(&second, "refresh_token"))
        .await
        .refused(400, "invalid_grant");
    assert_eq!(sandbox.counters().revoked_grants, 1);
}

#[tokio::test]
async fn the_control_api_ends_sessions() {
    let (sandbox, to) = started().await;
    let tokens = exchange(to, &code(&sandbox, "login-session")).await.json();
    let end = "POST /sandbox/v1/app/end-sessions";
    let body = json!({ "client_id": "demo-app" }).to_string();
    send(to, end, &[JSON, "Origin: null"], &body)
        .await
        .refused(403, "cross_site");
    send(to, end, &[JSON], "{}")
        .await
        .refused(400, "invalid_request");
    for ended in [1, 0] {
        let answer = send(to, end, &[JSON], &body).await;
        assert_eq!(answer.json(), json!({ "ended": ended }));
    }
    refresh(to, text(&tokens, "refresh_token"))
        .await
        .refused(400, "invalid_grant");
}
