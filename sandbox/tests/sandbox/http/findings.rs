//! Tests that provoke each finding as a client would, without other findings.

use serde_json::json;
use switchback_sandbox::{Finding, Misbehaviour, Rule};

use crate::signer::*;
use crate::support::*;
use crate::test_client::*;

#[tokio::test]
async fn each_mistake_causes_only_its_finding() {
    for finding in Finding::ALL {
        let signer = Signer::new();
        let mut test = TestClient::start_with(signer.config()).await;
        provoke(*finding, &mut test, &signer).await;
        assert_eq!(test.found(), [finding.id()], "{finding}");
        let found = &test.sandbox.findings()[0];
        assert!(!found.detail.is_empty(), "{finding}");
        let flow = test.sandbox.flow(&found.flow).unwrap();
        assert!(found.step.is_none_or(|step| step < flow.said.len()));
        test.sandbox.stop().await;
    }
}

#[tokio::test]
async fn a_correct_client_has_no_findings() {
    let mut test = TestClient::start().await;
    for _ in 0..2 {
        // Reloading the authorize page is not a new login.
        let login = test.login();
        test.authorize(&login, &[]).await;
        let first = test.sandbox.app().waiting().remove(0);
        test.authorize(&login, &[]).await;
        let callback = test.sandbox.app().approve(&first.id).unwrap();
        let code = parameter(&callback, "code").unwrap();
        test.sandbox.advance_with_clients(24);
        let tokens = test.exchange(&login, &code).await.json();
        let access = text(&tokens, "access_token");
        assert_eq!(test.present(access, EMAIL_CLAIM).await.status, 200);
        test.sandbox.advance_with_clients(DUE - 24);
        let refreshed = test.refresh(text(&tokens, "refresh_token")).await;
        assert_eq!(refreshed.status, 200);
        let left = test.sandbox.app().waiting().remove(0);
        test.sandbox.app().decline(&left.id).unwrap();
        let login = test.confidential_login();
        assert_eq!(test.open_pushed(&login).await.1.status, 200);
        let waiting = test.sandbox.app().waiting().remove(0);
        test.sandbox.app().decline(&waiting.id).unwrap();
    }
    let none: [&str; 0] = [];
    assert_eq!(test.found(), none);
    let asserted = send(test.to, "POST /sandbox/v1/assert/no-findings", &[], "").await;
    assert_eq!(asserted.status, 200);
}

async fn provoke(finding: Finding, test: &mut TestClient, signer: &Signer) {
    let login = test.login();
    match finding {
        Finding::StateMissing => {
            test.authorize(&login.without("state"), &[]).await;
        }
        Finding::StateReused => {
            let code = test.code(&login).await;
            test.exchange(&login, &code).await;
            let again = test.login().set("state", login.get("state"));
            test.authorize(&again, &[]).await;
        }
        Finding::StateShort => {
            test.authorize(&login.set("state", "123456"), &[]).await;
        }
        Finding::ChallengeMissing => {
            test.authorize(&login.without("code_challenge"), &[]).await;
        }
        Finding::ChallengeMethod => {
            let plain = login.set("code_challenge_method", "plain");
            test.authorize(&plain, &[]).await;
        }
        Finding::ChallengeMalformed => {
            test.authorize(&login.set("code_challenge", "x"), &[]).await;
        }
        Finding::ChallengeReused => {
            test.authorize(&login, &[]).await;
            let again = test.login();
            let challenge = login.get("code_challenge");
            let again = again.set("code_challenge", challenge);
            test.authorize(&again, &[]).await;
        }
        Finding::NonceReused => {
            test.authorize(&login.set("nonce", "n"), &[]).await;
            let again = test.login().set("nonce", "n");
            test.authorize(&again, &[]).await;
        }
        Finding::RedirectUriMissing => {
            test.authorize(&login.without("redirect_uri"), &[]).await;
        }
        Finding::RedirectUriMismatch => {
            let near = login.set("redirect_uri", &format!("{REDIRECT}/"));
            test.authorize(&near, &[]).await;
            let found = test.sandbox.findings().remove(0);
            assert!(found.detail.contains("an extra slash"), "{found:?}");
        }
        Finding::ScopeMissing => {
            test.authorize(&login.without("scope"), &[]).await;
        }
        Finding::ScopeUnregistered => {
            test.authorize(&login.set("scope", "openid"), &[]).await;
        }
        Finding::ScopeUnused => {
            let both = format!("{EMAIL} truid.app/data-point/portrait-image");
            let login = login.set("scope", &both);
            let code = test.code(&login).await;
            let tokens = test.exchange(&login, &code).await.json();
            let access = text(&tokens, "access_token");
            test.present(access, EMAIL_CLAIM).await;
            let found = test.sandbox.findings().remove(0);
            assert!(found.detail.ends_with("portrait-image"), "{found:?}");
        }
        Finding::ResponseType => {
            test.authorize(&login.set("response_type", "token"), &[])
                .await;
        }
        Finding::RequestObject => {
            test.authorize(&login.set("request", "x.y.z"), &[]).await;
        }
        Finding::ParameterRepeated => {
            let mut login = login;
            login.parameters.push(("state", "another".into()));
            test.authorize(&login, &[]).await;
        }
        Finding::RequestMalformed => {
            let headers = ["Content-Type: application/json"];
            send(test.to, "POST /oauth2/v1/token", &headers, "{}").await;
        }
        Finding::UserMessageUnsigned => {
            test.authorize(&login.set("user_message", "Hello"), &[])
                .await;
            let waiting = test.sandbox.app().waiting().remove(0);
            assert_eq!(waiting.user_message.as_deref(), Some("Hello"));
        }
        Finding::ClientUnknown => {
            test.authorize(&login.set("client_id", "nobody"), &[]).await;
        }
        Finding::SecretInUrl => {
            let secret = login.set("client_secret", "demo-backend-secret");
            test.authorize(&secret, &[]).await;
        }
        Finding::SecretFromBrowser => {
            let login = test.confidential_login();
            // A backend in Node is not a browser.
            test.push(&login, &["Sec-Fetch-Mode: cors"]).await;
            assert!(!test.found().contains(&finding.id()));
            let login = test.confidential_login();
            let page = ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors"];
            test.push(&login, &page).await;
        }
        Finding::WebView => {
            let agent = "User-Agent: Mozilla/5.0 (Linux; Android 14; Pixel 7; wv) \
                         AppleWebKit/537.36 Version/4.0 Chrome/126.0 Mobile Safari/537.36";
            test.authorize(&login, &[agent]).await;
        }
        Finding::FramedOnPhone => {
            let framed = ["Sec-Fetch-Dest: iframe", "Sec-CH-UA-Mobile: ?1"];
            let refused = test.authorize(&login, &framed).await;
            refused.refused(400, "invalid_request");
        }
        Finding::DiscoveryRequested => {
            let path = "GET /.well-known/openid-configuration";
            send(test.to, path, &[], "").await.refused(404, "not_found");
        }
        Finding::NoSuchEndpoint => {
            send(test.to, "GET /oauth2/v1/token", &[], "")
                .await
                .refused(405, "method_not_allowed");
        }
        Finding::RequestUriReused => {
            let login = test.confidential_login();
            let (request, _) = test.open_pushed(&login).await;
            send(test.to, &request, &[], "").await;
        }
        Finding::RequestUriExpired => {
            let login = test.confidential_login();
            let pushed = test.push(&login, &[]).await.json();
            test.sandbox.advance_with_clients(60);
            let query = encode(&[
                ("client_id", "demo-backend"),
                ("request_uri", text(&pushed, "request_uri")),
            ]);
            let path = format!("GET /oauth2/v1/authorize/login-session?{query}");
            send(test.to, &path, &[], "").await;
        }
        Finding::RequestUriWrong => {
            let query = "client_id=demo-backend&request_uri=urn:x";
            let path = format!("GET /oauth2/v1/authorize/login-session?{query}");
            send(test.to, &path, &[], "").await;
        }
        Finding::SecretWrong => {
            let wrong = test.confidential_login().set("client_secret", "wrong");
            test.push(&wrong, &[]).await.refused(401, "invalid_client");
        }
        Finding::SecretFromPublicClient => {
            test.push(&login.set("client_secret", "x"), &[]).await;
        }
        Finding::AuthenticationTwice => {
            let login = test.confidential_login();
            test.push(&login, &[BASIC]).await;
        }
        Finding::AuthenticationMethod => {
            let secret = test.confidential_login().set("client_id", SIGNER);
            test.push(&secret, &[]).await;
        }
        Finding::AssertionWrong => {
            push_signed(test, &signer.assertion("https://other.example", "1")).await;
        }
        Finding::AssertionTime => {
            let good = signer.assertion(test.sandbox.url(), "1");
            test.sandbox.advance_with_clients(60);
            push_signed(test, &good).await;
        }
        Finding::AssertionLong => {
            let good = claims(test.sandbox.url(), "1");
            push_signed(test, &signer.with(good, "exp", json!(NOW + 3_600))).await;
        }
        Finding::AssertionAudience => {
            let url = test.sandbox.url();
            let slash = json!(format!("{url}/oauth2/v1/token/"));
            push_signed(test, &signer.with(claims(url, "1"), "aud", slash)).await;
        }
        Finding::AssertionReused => {
            let good = signer.assertion(test.sandbox.url(), "1");
            push_signed(test, &good).await;
            push_signed(test, &good).await;
        }
        Finding::CodeLate => {
            let code = test.code(&login).await;
            test.sandbox.advance_with_clients(26);
            assert_eq!(test.exchange(&login, &code).await.status, 200);
        }
        Finding::CodeExpired => {
            let code = test.code(&login).await;
            test.sandbox.advance_with_clients(30);
            let refused = test.exchange(&login, &code).await;
            refused.refused(400, "invalid_grant");
        }
        Finding::CodeReused => {
            let code = test.code(&login).await;
            test.exchange(&login, &code).await;
            test.exchange(&login, &code).await;
        }
        Finding::CodeUnused => {
            test.code(&login).await;
            test.sandbox.advance_with_clients(60);
        }
        Finding::CodeUnknown => {
            test.exchange(&login, "x").await;
        }
        Finding::OtherClient => {
            let login = test.confidential_login();
            let tokens = test.logged_in().await;
            let parameters = [
                ("grant_type", "refresh_token"),
                ("client_id", "demo-backend"),
                ("client_secret", login.get("client_secret")),
                ("refresh_token", text(&tokens, "refresh_token")),
            ];
            test.token(&parameters, &[]).await;
        }
        Finding::VerifierWrong => {
            let code = test.code(&login).await;
            let other = test.login();
            test.exchange(&other, &code).await;
        }
        Finding::TokenRedirectUri => {
            let code = test.code(&login).await;
            let parameters = [
                ("grant_type", "authorization_code"),
                ("client_id", "demo-app"),
                ("code", &code),
                ("redirect_uri", "demoapp:///callback"),
                ("code_verifier", &login.verifier),
            ];
            test.token(&parameters, &[]).await;
        }
        Finding::GrantType => {
            let parameters = [("grant_type", "password"), ("client_id", "demo-app")];
            test.token(&parameters, &[]).await;
        }
        Finding::StateUnchecked => unchecked(test, Misbehaviour::CallbackWrongState).await,
        Finding::IssuerUnchecked => unchecked(test, Misbehaviour::CallbackWrongIssuer).await,
        Finding::RepetitionUnchecked => unchecked(test, Misbehaviour::CallbackRepeated).await,
        Finding::RedirectFollowed => {
            let code = test.code(&login).await;
            let rule = Rule::new(Misbehaviour::Redirected);
            test.sandbox.misbehave(rule).unwrap();
            let answer = test.exchange(&login, &code).await;
            assert_eq!(answer.status, 307);
            let location = answer.header("location").unwrap();
            let path = location.strip_prefix(test.sandbox.url()).unwrap();
            let body = encode(&[("grant_type", "authorization_code"), ("code", &code)]);
            send(test.to, &format!("POST {path}"), &[FORM], &body).await;
        }
        Finding::RefreshTokenReused => {
            let tokens = test.logged_in().await;
            test.sandbox.advance_with_clients(DUE);
            let token = text(&tokens, "refresh_token");
            test.refresh(token).await;
            test.refresh(token).await;
        }
        Finding::RefreshTokenExpired => {
            let tokens = test.logged_in().await;
            test.sandbox.advance_with_clients(1_800);
            // The client cannot know of the end before the first refusal.
            for _ in 0..2 {
                test.refresh(text(&tokens, "refresh_token")).await;
            }
        }
        Finding::RefreshTokenUnknown => {
            let tokens = test.logged_in().await;
            test.refresh(text(&tokens, "access_token")).await;
        }
        Finding::RefreshEarly => {
            let tokens = test.logged_in().await;
            test.refresh(text(&tokens, "refresh_token")).await;
        }
        Finding::GrantRevoked => {
            let tokens = test.logged_in().await;
            test.sandbox.app().end_sessions("demo-app");
            // The client cannot know of the end before the first refusal.
            for _ in 0..2 {
                user_info(test.to, text(&tokens, "access_token")).await;
            }
        }
        Finding::AccessTokenMissing => {
            send(test.to, "GET /oidc/v1/user-info", &[], "").await;
        }
        Finding::AccessTokenExpired => {
            let tokens = test.logged_in().await;
            test.sandbox.advance_with_clients(FIRST_LIFE);
            user_info(test.to, text(&tokens, "access_token")).await;
        }
        Finding::AccessTokenUnknown => {
            user_info(test.to, "x").await;
        }
        Finding::ClaimsMissing => {
            let tokens = test.logged_in().await;
            test.present(text(&tokens, "access_token"), "").await;
        }
        Finding::ClaimsMalformed => {
            let tokens = test.logged_in().await;
            test.present(text(&tokens, "access_token"), "email").await;
        }
        Finding::ClaimNotShared => {
            let tokens = test.logged_in().await;
            let claims = format!("{EMAIL_CLAIM},truid.app/claim/name/v1");
            test.present(text(&tokens, "access_token"), &claims).await;
        }
        other => crate::signing::provoke(other, test).await,
    }
}

/// Pushes a login with this assertion.
async fn push_signed(test: &mut TestClient, assertion: &str) {
    let login = test.confidential_login().without("client_secret");
    let login = login
        .set("client_id", SIGNER)
        .set("client_assertion_type", TYPE)
        .set("client_assertion", assertion);
    test.push(&login, &[]).await;
}

/// Exchanges the code of a wrong callback.
async fn unchecked(test: &mut TestClient, misbehaviour: Misbehaviour) {
    let login = test.login();
    test.sandbox.misbehave(Rule::new(misbehaviour)).unwrap();
    let code = test.code(&login).await;
    assert_eq!(test.exchange(&login, &code).await.status, 200);
}
