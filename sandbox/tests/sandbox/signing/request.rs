//! Tests of the request for a signature, of its tokens, and of the signature endpoint.

use serde_json::json;
use switchback_sandbox::RegisteredClient;

use super::*;
use crate::test_client::EMAIL_CLAIM;

#[tokio::test]
async fn a_pushed_signing_shows_the_document_and_has_no_findings() {
    let mut client = TestClient::start().await;
    let signing = signing(&mut client)
        .set("client_id", "demo-backend")
        .set("client_secret", RegisteredClient::DEMO_BACKEND_SECRET)
        .set("redirect_uri", BACKEND_REDIRECT);
    let pushed = client.push_for("sign", &signing, &[]).await;
    assert_eq!(pushed.status, 201, "{}", pushed.body);
    let query = encode(&[
        ("client_id", "demo-backend"),
        ("request_uri", text(&pushed.json(), "request_uri")),
    ]);
    let request = format!("GET /oauth2/v1/authorize/sign?{query}");
    let page = send(client.to, &request, &[], "").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains(MESSAGE), "{}", page.body);

    let waiting = send(client.to, "GET /sandbox/v1/app/waiting", &[], "").await;
    let waiting = &waiting.json()["waiting"][0];
    assert_eq!(waiting["purpose"], "signing");
    assert_eq!(waiting["user_message"], MESSAGE);
    let document = json!({
        "id": DOCUMENT_ID,
        "digest": signing.get("data_object_digest"),
        "b64": false,
        "content_type": "application/pdf",
    });
    assert_eq!(waiting["document"], document);
    let page = format!("GET /app/{}", text(waiting, "id"));
    let page = send(client.to, &page, &[], "").await;
    for part in [
        MESSAGE,
        DOCUMENT_ID,
        "application/pdf",
        text(&document, "digest"),
    ] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }

    let code = parameter(&client.approve(), "code").unwrap();
    let parameters = [
        ("grant_type", "authorization_code"),
        ("client_id", "demo-backend"),
        ("client_secret", RegisteredClient::DEMO_BACKEND_SECRET),
        ("code", &code),
        ("redirect_uri", BACKEND_REDIRECT),
        ("code_verifier", &signing.verifier),
    ];
    let tokens = client.token(&parameters, &[]).await.json();
    assert_eq!(fetch(&client, &tokens, &[]).await.status, 200);
    let token = text(&tokens, "access_token");
    assert_eq!(client.present(token, EMAIL_CLAIM).await.status, 200);
    assert_eq!(client.found(), [""; 0]);
    assert_eq!(client.sandbox.counters().signatures, 1);
}

#[tokio::test]
async fn the_guide_decides_which_parameters_are_refused() {
    let mut client = TestClient::start().await;
    let digest = signing(&mut client).get("data_object_digest").to_owned();
    let wrong = "signing-parameter-wrong";
    for (name, value, finding, part) in [
        (
            "signature_profile",
            "aes_jades_baseline_b-t",
            wrong,
            "must be aes_jades_baseline_b-b",
        ),
        ("jws_serialization", "json", wrong, "must be compact"),
        ("jws_packaging", "attached", wrong, "must be detached"),
        (
            "data_object_digest_algorithm",
            "S512",
            wrong,
            "must be S256",
        ),
        ("data_object_b64", "yes", wrong, "must be true or false"),
        ("data_object_content_type", "a PDF", wrong, "a media type"),
        (
            "data_object_id",
            &"x".repeat(4_097),
            wrong,
            "longer than 4 KiB",
        ),
        (
            "data_object_digest",
            &format!("{digest}="),
            "document-digest-malformed",
            "padding",
        ),
    ] {
        let request = signing(&mut client).set(name, value);
        refused(&client, &request, finding, part).await;
    }
    for name in [
        "signature_profile",
        "jws_serialization",
        "jws_packaging",
        "data_object_id",
        "data_object_digest",
        "data_object_digest_algorithm",
        "data_object_b64",
        "user_message",
    ] {
        let request = signing(&mut client).set(name, "");
        let part = format!("{name} is missing");
        refused(&client, &request, "signing-parameter-missing", &part).await;
    }
}

/// The sandbox refuses the request with this finding, and says why.
async fn refused(client: &TestClient, request: &Login, finding: &str, part: &str) {
    let answer = client.authorize_for("sign", request, &[]).await;
    assert_eq!(answer.status, 302, "{part}: {}", answer.body);
    let callback = answer.header("location").unwrap();
    assert_eq!(parameter(callback, "error").unwrap(), "invalid_request");
    let description = parameter(callback, "error_description").unwrap();
    assert!(description.contains(part), "{description}");
    let page = parameter(callback, "error_uri").unwrap();
    assert!(page.ends_with(finding), "{part}: {page}");
}

#[tokio::test]
async fn an_unwise_request_is_a_finding() {
    let mut client = TestClient::start().await;
    for (name, value, finding) in [
        ("data_object_id", "contract 17", Some("document-id-not-uri")),
        ("user_message", "  ", Some("user-message-blank")),
        ("user_message", &"å".repeat(501), Some("user-message-long")),
        ("user_message", &"å".repeat(500), None),
        ("data_object_content_type", "", None),
        ("scope", "", None),
        ("data_object_b64", "true", None),
    ] {
        let request = signing(&mut client).set(name, value);
        let answer = client.authorize_for("sign", &request, &[]).await;
        assert_eq!(answer.status, 200, "{name}: {}", answer.body);
        assert_eq!(client.found(), Vec::from_iter(finding), "{name}");
        client.sandbox.reset();
    }
    // A client with a secret can push, and one without a secret has only the URL.
    let request = signing(&mut client)
        .set("client_id", "demo-backend")
        .set("redirect_uri", BACKEND_REDIRECT);
    client.authorize_for("sign", &request, &[]).await;
    assert_eq!(client.found(), ["signing-not-pushed"]);
}

#[tokio::test]
async fn the_tokens_live_for_thirty_days() {
    let mut client = TestClient::start_with(fixed()).await;
    let signing = signing(&mut client);
    let first = tokens(&client, &signing).await;
    assert_eq!(first["expires_in"], 300);
    let signature = fetch(&client, &first, &[]).await.body;
    client.sandbox.advance(30 * DAY - 10);
    fetch(&client, &first, &[])
        .await
        .refused(401, "invalid_token");
    let second = client.refresh(text(&first, "refresh_token")).await.json();
    // The grant ends in ten seconds.
    assert_eq!(second["expires_in"], 10);
    let again = fetch(&client, &second, &[]).await;
    assert_eq!(again.body, signature, "the same signature each time");
    client.sandbox.advance(10);
    let ended = client.refresh(text(&second, "refresh_token")).await;
    ended.refused(400, "invalid_grant");
    assert_eq!(client.found(), [""; 0]);
}

#[tokio::test]
async fn a_signature_has_its_own_media_type() {
    let mut client = TestClient::start().await;
    let signing = signing(&mut client).without("scope");
    let tokens = tokens(&client, &signing).await;
    assert!(tokens.get("scope").is_none(), "no data is shared");
    for accept in [
        &[][..],
        &["Accept: application/jose"],
        &["Accept: */*"],
        &["Accept: application/*;q=0.5"],
        &[
            "Accept: application/json",
            "Accept: text/html, Application/JOSE;q=0.1",
        ],
    ] {
        let answer = fetch(&client, &tokens, accept).await;
        assert_eq!(answer.status, 200, "{accept:?}");
        assert_eq!(answer.header("content-type"), Some("application/jose"));
    }
    assert_eq!(client.found(), [""; 0]);
    for accept in [
        &["Accept: application/json"][..],
        &["Accept: text/*"],
        &["Accept: application/jose;q=0"],
        &["Accept: application/jose+json"],
    ] {
        let answer = fetch(&client, &tokens, accept).await;
        let why = answer.refused(406, "not_acceptable");
        assert!(why.contains("application/jose"), "{why}");
    }
    assert_eq!(client.found(), ["signature-not-acceptable"; 4]);
}

#[tokio::test]
async fn a_signature_needs_the_token_of_a_signing() {
    let mut client = TestClient::start().await;
    let login = client.logged_in().await;
    let answer = fetch(&client, &login, &[]).await;
    answer.refused(403, "insufficient_scope");
    let answer = send(client.to, "GET /exchange/v1/signature", &[], "").await;
    answer.refused(401, "invalid_token");
    let answer = send(client.to, "HEAD /exchange/v1/signature", &[], "").await;
    assert_eq!(answer.status, 405);
    assert_eq!(
        client.found(),
        ["signature-without-signing", "access-token-missing"]
    );
}

#[tokio::test]
async fn the_control_api_revokes_the_intermediate() {
    let client = TestClient::start_with(fixed()).await;
    let path = "/sandbox/v1/certificate-authority";
    let url = client.sandbox.url();
    let expected = json!({
        "root": format!("{url}/certs/root-ca-v1.pem"),
        "crl": format!("{url}/crl/root-ca-v1.crl"),
        "timestamp": format!("{url}/tsa"),
        "timestamp_root": format!("{url}/tsa/root-ca-v1.pem"),
    });
    let described = send(client.to, &format!("GET {path}"), &[], "").await;
    assert_eq!(described.json(), expected);
    let post = format!("POST {path}");
    let revoked = send(client.to, &post, &[JSON], r#"{"revoked": true}"#).await;
    assert_eq!(revoked.json()["revoked"], NOW);
    client.sandbox.advance(5);
    let again = send(client.to, &post, &[JSON], r#"{"revoked": true}"#).await;
    assert_eq!(again.json()["revoked"], NOW, "the first time counts");
    let undone = send(client.to, &post, &[JSON], r#"{"revoked": false}"#).await;
    assert_eq!(undone.json(), expected);
    send(client.to, &post, &[JSON], r#"{"revoked": true}"#).await;
    client.sandbox.reset();
    let described = send(client.to, &format!("GET {path}"), &[], "").await;
    assert_eq!(described.json(), expected);
}
