//! Each finding, brought about as a client would, and nothing else found on the way.

use serde_json::json;
use switchback_sandbox::{Finding, Misbehaviour, Rule};

use crate::scene::*;
use crate::signer::*;
use crate::support::*;

#[tokio::test]
async fn each_finding_is_found_alone() {
    for finding in Finding::ALL {
        let signer = Signer::new();
        let mut scene = Scene::start_with(signer.config()).await;
        provoke(*finding, &mut scene, &signer).await;
        assert_eq!(scene.found(), [finding.id()], "{finding}");
        let found = &scene.sandbox.findings()[0];
        assert!(!found.detail.is_empty(), "{finding}");
        let flow = scene.sandbox.flow(&found.flow).unwrap();
        assert!(found.step.is_none_or(|step| step < flow.said.len()));
        scene.sandbox.stop().await;
    }
}

#[tokio::test]
async fn a_client_that_does_all_right_has_no_findings() {
    let mut scene = Scene::start().await;
    for _ in 0..2 {
        // A page that is loaded again while it waits is no new login.
        let login = scene.login();
        scene.authorize(&login, &[]).await;
        let first = scene.sandbox.app().waiting().remove(0);
        scene.authorize(&login, &[]).await;
        let callback = scene.sandbox.app().approve(&first.id).unwrap();
        let code = parameter(&callback, "code").unwrap();
        scene.sandbox.advance_with_clients(24);
        let tokens = scene.exchange(&login, &code).await.json();
        let access = text(&tokens, "access_token");
        assert_eq!(scene.present(access, EMAIL_CLAIM).await.status, 200);
        scene.sandbox.advance_with_clients(DUE - 24);
        let refreshed = scene.refresh(text(&tokens, "refresh_token")).await;
        assert_eq!(refreshed.status, 200);
        let left = scene.sandbox.app().waiting().remove(0);
        scene.sandbox.app().decline(&left.id).unwrap();
        let login = scene.confidential_login();
        assert_eq!(scene.open_pushed(&login).await.1.status, 200);
        let waiting = scene.sandbox.app().waiting().remove(0);
        scene.sandbox.app().decline(&waiting.id).unwrap();
    }
    let none: [&str; 0] = [];
    assert_eq!(scene.found(), none);
    let asserted = send(scene.to, "POST /sandbox/v1/assert/no-findings", &[], "").await;
    assert_eq!(asserted.status, 200);
}

async fn provoke(finding: Finding, scene: &mut Scene, signer: &Signer) {
    let login = scene.login();
    match finding {
        Finding::StateMissing => {
            scene.authorize(&login.without("state"), &[]).await;
        }
        Finding::StateReused => {
            let code = scene.code(&login).await;
            scene.exchange(&login, &code).await;
            let again = scene.login().set("state", login.get("state"));
            scene.authorize(&again, &[]).await;
        }
        Finding::StateShort => {
            scene.authorize(&login.set("state", "123456"), &[]).await;
        }
        Finding::ChallengeMissing => {
            scene.authorize(&login.without("code_challenge"), &[]).await;
        }
        Finding::ChallengeMethod => {
            let plain = login.set("code_challenge_method", "plain");
            scene.authorize(&plain, &[]).await;
        }
        Finding::ChallengeMalformed => {
            scene
                .authorize(&login.set("code_challenge", "x"), &[])
                .await;
        }
        Finding::ChallengeReused => {
            scene.authorize(&login, &[]).await;
            let again = scene.login();
            let challenge = login.get("code_challenge");
            let again = again.set("code_challenge", challenge);
            scene.authorize(&again, &[]).await;
        }
        Finding::NonceReused => {
            scene.authorize(&login.set("nonce", "n"), &[]).await;
            let again = scene.login().set("nonce", "n");
            scene.authorize(&again, &[]).await;
        }
        Finding::RedirectUriMissing => {
            scene.authorize(&login.without("redirect_uri"), &[]).await;
        }
        Finding::RedirectUriMismatch => {
            let near = login.set("redirect_uri", &format!("{REDIRECT}/"));
            scene.authorize(&near, &[]).await;
            let found = scene.sandbox.findings().remove(0);
            assert!(found.detail.contains("a slash too many"), "{found:?}");
        }
        Finding::ScopeMissing => {
            scene.authorize(&login.without("scope"), &[]).await;
        }
        Finding::ScopeUnregistered => {
            scene.authorize(&login.set("scope", "openid"), &[]).await;
        }
        Finding::ScopeUnused => {
            let both = format!("{EMAIL} truid.app/data-point/portrait-image");
            let login = login.set("scope", &both);
            let code = scene.code(&login).await;
            let tokens = scene.exchange(&login, &code).await.json();
            let access = text(&tokens, "access_token");
            scene.present(access, EMAIL_CLAIM).await;
            let found = scene.sandbox.findings().remove(0);
            assert!(found.detail.ends_with("portrait-image"), "{found:?}");
        }
        Finding::ResponseType => {
            scene
                .authorize(&login.set("response_type", "token"), &[])
                .await;
        }
        Finding::RequestObject => {
            scene.authorize(&login.set("request", "x.y.z"), &[]).await;
        }
        Finding::ParameterRepeated => {
            let mut login = login;
            login.parameters.push(("state", "another".into()));
            scene.authorize(&login, &[]).await;
        }
        Finding::RequestMalformed => {
            let headers = ["Content-Type: application/json"];
            send(scene.to, "POST /oauth2/v1/token", &headers, "{}").await;
        }
        Finding::UserMessageUnsigned => {
            scene
                .authorize(&login.set("user_message", "Hello"), &[])
                .await;
            let waiting = scene.sandbox.app().waiting().remove(0);
            assert_eq!(waiting.user_message.as_deref(), Some("Hello"));
        }
        Finding::ClientUnknown => {
            scene
                .authorize(&login.set("client_id", "nobody"), &[])
                .await;
        }
        Finding::SecretInUrl => {
            let secret = login.set("client_secret", "demo-backend-secret");
            scene.authorize(&secret, &[]).await;
        }
        Finding::SecretFromBrowser => {
            let login = scene.confidential_login();
            // A backend in Node is no browser.
            scene.push(&login, &["Sec-Fetch-Mode: cors"]).await;
            assert!(!scene.found().contains(&finding.id()));
            let login = scene.confidential_login();
            let page = ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors"];
            scene.push(&login, &page).await;
        }
        Finding::WebView => {
            let agent = "User-Agent: Mozilla/5.0 (Linux; Android 14; Pixel 7; wv) \
                         AppleWebKit/537.36 Version/4.0 Chrome/126.0 Mobile Safari/537.36";
            scene.authorize(&login, &[agent]).await;
        }
        Finding::FramedOnPhone => {
            let framed = ["Sec-Fetch-Dest: iframe", "Sec-CH-UA-Mobile: ?1"];
            let refused = scene.authorize(&login, &framed).await;
            refused.refused(400, "invalid_request");
        }
        Finding::DiscoveryRequested => {
            let path = "GET /.well-known/openid-configuration";
            send(scene.to, path, &[], "")
                .await
                .refused(404, "not_found");
        }
        Finding::NoSuchEndpoint => {
            send(scene.to, "GET /oauth2/v1/token", &[], "")
                .await
                .refused(405, "method_not_allowed");
        }
        Finding::RequestUriReused => {
            let login = scene.confidential_login();
            let (request, _) = scene.open_pushed(&login).await;
            send(scene.to, &request, &[], "").await;
        }
        Finding::RequestUriExpired => {
            let login = scene.confidential_login();
            let pushed = scene.push(&login, &[]).await.json();
            scene.sandbox.advance_with_clients(60);
            let query = encode(&[
                ("client_id", "demo-backend"),
                ("request_uri", text(&pushed, "request_uri")),
            ]);
            let path = format!("GET /oauth2/v1/authorize/login-session?{query}");
            send(scene.to, &path, &[], "").await;
        }
        Finding::RequestUriWrong => {
            let query = "client_id=demo-backend&request_uri=urn:x";
            let path = format!("GET /oauth2/v1/authorize/login-session?{query}");
            send(scene.to, &path, &[], "").await;
        }
        Finding::SecretWrong => {
            let wrong = scene.confidential_login().set("client_secret", "wrong");
            scene.push(&wrong, &[]).await.refused(401, "invalid_client");
        }
        Finding::SecretFromPublicClient => {
            scene.push(&login.set("client_secret", "x"), &[]).await;
        }
        Finding::AuthenticationTwice => {
            let login = scene.confidential_login();
            scene.push(&login, &[BASIC]).await;
        }
        Finding::AuthenticationMethod => {
            let secret = scene.confidential_login().set("client_id", SIGNER);
            scene.push(&secret, &[]).await;
        }
        Finding::AssertionWrong => {
            push_signed(scene, &signer.assertion("https://other.example", "1")).await;
        }
        Finding::AssertionTime => {
            let good = signer.assertion(scene.sandbox.url(), "1");
            scene.sandbox.advance_with_clients(60);
            push_signed(scene, &good).await;
        }
        Finding::AssertionLong => {
            let good = claims(scene.sandbox.url(), "1");
            push_signed(scene, &signer.with(good, "exp", json!(NOW + 3_600))).await;
        }
        Finding::AssertionAudience => {
            let url = scene.sandbox.url();
            let slash = json!(format!("{url}/oauth2/v1/token/"));
            push_signed(scene, &signer.with(claims(url, "1"), "aud", slash)).await;
        }
        Finding::AssertionReused => {
            let good = signer.assertion(scene.sandbox.url(), "1");
            push_signed(scene, &good).await;
            push_signed(scene, &good).await;
        }
        Finding::CodeLate => {
            let code = scene.code(&login).await;
            scene.sandbox.advance_with_clients(26);
            assert_eq!(scene.exchange(&login, &code).await.status, 200);
        }
        Finding::CodeExpired => {
            let code = scene.code(&login).await;
            scene.sandbox.advance_with_clients(30);
            let refused = scene.exchange(&login, &code).await;
            refused.refused(400, "invalid_grant");
        }
        Finding::CodeReused => {
            let code = scene.code(&login).await;
            scene.exchange(&login, &code).await;
            scene.exchange(&login, &code).await;
        }
        Finding::CodeUnused => {
            scene.code(&login).await;
            scene.sandbox.advance_with_clients(60);
        }
        Finding::CodeUnknown => {
            scene.exchange(&login, "x").await;
        }
        Finding::OtherClient => {
            let login = scene.confidential_login();
            let tokens = scene.logged_in().await;
            let parameters = [
                ("grant_type", "refresh_token"),
                ("client_id", "demo-backend"),
                ("client_secret", login.get("client_secret")),
                ("refresh_token", text(&tokens, "refresh_token")),
            ];
            scene.token(&parameters, &[]).await;
        }
        Finding::VerifierWrong => {
            let code = scene.code(&login).await;
            let other = scene.login();
            scene.exchange(&other, &code).await;
        }
        Finding::TokenRedirectUri => {
            let code = scene.code(&login).await;
            let parameters = [
                ("grant_type", "authorization_code"),
                ("client_id", "demo-app"),
                ("code", &code),
                ("redirect_uri", "demoapp:///callback"),
                ("code_verifier", &login.verifier),
            ];
            scene.token(&parameters, &[]).await;
        }
        Finding::GrantType => {
            let parameters = [("grant_type", "password"), ("client_id", "demo-app")];
            scene.token(&parameters, &[]).await;
        }
        Finding::StateUnchecked => unchecked(scene, Misbehaviour::CallbackWrongState).await,
        Finding::IssuerUnchecked => unchecked(scene, Misbehaviour::CallbackWrongIssuer).await,
        Finding::RepetitionUnchecked => unchecked(scene, Misbehaviour::CallbackRepeated).await,
        Finding::RedirectFollowed => {
            let code = scene.code(&login).await;
            let rule = Rule::new(Misbehaviour::Redirected);
            scene.sandbox.misbehave(rule).unwrap();
            let answer = scene.exchange(&login, &code).await;
            assert_eq!(answer.status, 307);
            let location = answer.header("location").unwrap();
            let path = location.strip_prefix(scene.sandbox.url()).unwrap();
            let body = encode(&[("grant_type", "authorization_code"), ("code", &code)]);
            send(scene.to, &format!("POST {path}"), &[FORM], &body).await;
        }
        Finding::RefreshTokenReused => {
            let tokens = scene.logged_in().await;
            scene.sandbox.advance_with_clients(DUE);
            let token = text(&tokens, "refresh_token");
            scene.refresh(token).await;
            scene.refresh(token).await;
        }
        Finding::RefreshTokenExpired => {
            let tokens = scene.logged_in().await;
            scene.sandbox.advance_with_clients(1_800);
            // The first time it could not know.
            for _ in 0..2 {
                scene.refresh(text(&tokens, "refresh_token")).await;
            }
        }
        Finding::RefreshTokenUnknown => {
            let tokens = scene.logged_in().await;
            scene.refresh(text(&tokens, "access_token")).await;
        }
        Finding::RefreshEarly => {
            let tokens = scene.logged_in().await;
            scene.refresh(text(&tokens, "refresh_token")).await;
        }
        Finding::GrantRevoked => {
            let tokens = scene.logged_in().await;
            scene.sandbox.app().end_sessions("demo-app");
            // The first time it could not know.
            for _ in 0..2 {
                user_info(scene.to, text(&tokens, "access_token")).await;
            }
        }
        Finding::AccessTokenMissing => {
            send(scene.to, "GET /oidc/v1/user-info", &[], "").await;
        }
        Finding::AccessTokenExpired => {
            let tokens = scene.logged_in().await;
            scene.sandbox.advance_with_clients(FIRST_LIFE);
            user_info(scene.to, text(&tokens, "access_token")).await;
        }
        Finding::AccessTokenUnknown => {
            user_info(scene.to, "x").await;
        }
        Finding::ClaimsMissing => {
            let tokens = scene.logged_in().await;
            scene.present(text(&tokens, "access_token"), "").await;
        }
        Finding::ClaimsMalformed => {
            let tokens = scene.logged_in().await;
            scene.present(text(&tokens, "access_token"), "email").await;
        }
        Finding::ClaimNotShared => {
            let tokens = scene.logged_in().await;
            let claims = format!("{EMAIL_CLAIM},truid.app/claim/name/v1");
            scene.present(text(&tokens, "access_token"), &claims).await;
        }
        other => panic!("no scene for {other}"),
    }
}

/// A client that signs pushes a login.
async fn push_signed(scene: &mut Scene, assertion: &str) {
    let login = scene.confidential_login().without("client_secret");
    let login = login
        .set("client_id", SIGNER)
        .set("client_assertion_type", TYPE)
        .set("client_assertion", assertion);
    scene.push(&login, &[]).await;
}

/// A client that takes whatever callback comes.
async fn unchecked(scene: &mut Scene, misbehaviour: Misbehaviour) {
    let login = scene.login();
    scene.sandbox.misbehave(Rule::new(misbehaviour)).unwrap();
    let code = scene.code(&login).await;
    assert_eq!(scene.exchange(&login, &code).await.status, 200);
}
