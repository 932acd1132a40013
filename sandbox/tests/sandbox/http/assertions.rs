//! Tests of `private_key_jwt`: only valid assertions authenticate a client.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use switchback_sandbox::{AuthenticationMethod, Config, Finding, RegisteredClient};

use crate::signer::*;
use crate::support::*;
use crate::test_client::{DUE, TestClient};

/// A token request whose refresh token is invalid: it is refused after the authentication.
async fn ask(test: &TestClient, parameters: &[(&str, &str)]) -> Answer {
    let mut all = vec![("grant_type", "refresh_token"), ("refresh_token", "x")];
    all.extend(parameters);
    test.token(&all, &[]).await
}

async fn assert_with(test: &TestClient, assertion: &str) -> Answer {
    let proof = [
        ("client_assertion_type", TYPE),
        ("client_assertion", assertion),
    ];
    ask(test, &proof).await
}

#[tokio::test]
async fn a_complete_login_with_assertions_has_no_findings() {
    let signer = Signer::new();
    let mut test = TestClient::start_with(signer.config()).await;
    let url = test.sandbox.url().to_owned();
    // PAR with client_id, the other requests without it: the assertion contains it.
    let login = test.confidential_login().without("client_secret");
    let login = login.set("client_id", SIGNER);
    let pushed = login
        .clone()
        .set("client_assertion_type", TYPE)
        .set("client_assertion", &signer.assertion(&url, "1"));
    let (_, page) = test.open_pushed(&pushed).await;
    assert_eq!(page.status, 200);
    let code = parameter(&test.approve(), "code").unwrap();
    let exchange = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", login.get("redirect_uri")),
        ("code_verifier", &login.verifier),
        ("client_assertion_type", TYPE),
        ("client_assertion", &signer.assertion(&url, "2")),
    ];
    let tokens = test.token(&exchange, &[]).await.json();
    test.sandbox.advance_with_clients(DUE);
    let later = signer.with(claims(&url, "3"), "exp", json!(NOW + DUE + 60));
    let refresh = [
        ("grant_type", "refresh_token"),
        ("refresh_token", text(&tokens, "refresh_token")),
        ("client_assertion_type", TYPE),
        ("client_assertion", &later),
    ];
    assert_eq!(test.token(&refresh, &[]).await.status, 200);
    let none: [&str; 0] = [];
    assert_eq!(test.found(), none);
    let flows = test.sandbox.flows();
    assert_eq!(flows.len(), 1, "one flow, of the client that signs");
    assert_eq!(flows[0].client_id.as_deref(), Some(SIGNER));
}

#[tokio::test]
async fn each_part_of_an_assertion_is_checked() {
    let signer = Signer::new();
    let test = TestClient::start_with(signer.config()).await;
    let url = test.sandbox.url().to_owned();
    let with = |name: &str, value: Value| signer.with(claims(&url, name), name, value);
    // With a valid assertion, the sandbox refuses only the refresh token, which is invalid.
    for aud in [
        json!(url),
        json!(format!("{url}/oauth2/v1/par/idv")),
        json!(["https://other.example", url]),
    ] {
        let mut claims = claims(&url, &aud.to_string());
        claims["aud"] = aud;
        let good = signer.sign(&header(), &claims);
        let answer = assert_with(&test, &good).await;
        answer.refused(400, "invalid_grant");
    }
    let last = with("exp", json!(NOW + 600));
    assert_with(&test, &last)
        .await
        .refused(400, "invalid_grant");
    test.sandbox.reset();

    let good = signer.assertion(&url, "good");
    let altered = good.replacen(".ey", ".eyA", 1);
    let (wrong, time) = (Finding::AssertionWrong, Finding::AssertionTime);
    let sign = |header: Value| signer.sign(&header, &claims(&url, "h"));
    for (assertion, finding, part) in [
        ("x".into(), wrong, "signed JWT"),
        ("a.b".into(), wrong, "signed JWT"),
        (format!("{good}="), wrong, "signed JWT"),
        (altered, wrong, "JSON object"),
        (Signer::new().assertion(&url, "o"), wrong, "the signature"),
        (
            good.rsplit_once('.').unwrap().0.to_owned() + ".",
            wrong,
            "the signature",
        ),
        (sign(json!({ "alg": "none" })), wrong, "must be ES256"),
        (sign(json!({ "alg": "HS256" })), wrong, "must be ES256"),
        (sign(json!({ "alg": "RS256" })), wrong, "must be ES256"),
        (
            sign(json!({ "alg": "ES256", "crit": ["x"] })),
            wrong,
            "crit",
        ),
        (with("iss", json!("demo-backend")), wrong, "iss and sub"),
        (with("iss", Value::Null), wrong, "iss and sub"),
        (with("aud", json!("https://other.example")), wrong, "aud of"),
        (with("aud", json!(format!("{url}//"))), wrong, "aud of"),
        (
            with("aud", json!(format!("{url}.evil.example"))),
            wrong,
            "aud of",
        ),
        (with("aud", json!([])), wrong, "aud of"),
        (with("aud", Value::Null), wrong, "aud of"),
        (with("jti", Value::Null), wrong, "no jti"),
        (with("jti", json!("")), wrong, "no jti"),
        (with("exp", Value::Null), time, "no exp"),
        (with("exp", json!(NOW)), time, "expired"),
        (with("exp", json!("soon")), wrong, "JSON object"),
        (with("nbf", json!(NOW + 1)), time, "future"),
        (with("iat", json!(NOW + 1)), time, "future"),
    ] {
        test.sandbox.reset();
        let proof = [
            ("client_id", SIGNER),
            ("client_assertion_type", TYPE),
            ("client_assertion", &assertion),
        ];
        let description = ask(&test, &proof).await.refused(401, "invalid_client");
        assert!(description.contains(part), "{part}: {description}");
        assert_eq!(test.found(), [finding.id()], "{part}");
    }
    // A refused assertion is not used up; an accepted one is.
    assert_with(&test, &good)
        .await
        .refused(400, "invalid_grant");
    let again = assert_with(&test, &good).await;
    assert!(again.refused(401, "invalid_client").contains("flow "));
    assert!(test.found().contains(&Finding::AssertionReused.id()));
}

/// The sandbox accepts what some servers accept, with a finding: the maximum lifetime of an
/// assertion is a guess, and Truid documents no assertions.
#[tokio::test]
async fn an_unwise_assertion_is_accepted_with_a_finding() {
    let signer = Signer::new();
    let test = TestClient::start_with(signer.config()).await;
    let url = test.sandbox.url().to_owned();
    let (long, audience) = (Finding::AssertionLong, Finding::AssertionAudience);
    for (name, value, finding) in [
        ("exp", json!(NOW + 600), None),
        ("exp", json!(NOW + 601), Some(long)),
        ("exp", json!(NOW + 3_600), Some(long)),
        ("exp", json!(NOW + 86_400), Some(long)),
        ("exp", json!(NOW as f64 + 3_600.5), Some(long)),
        ("aud", json!(format!("{url}/")), Some(audience)),
        (
            "aud",
            json!(format!("{url}/oauth2/v1/token/")),
            Some(audience),
        ),
        (
            "aud",
            json!([format!("{url}/oauth2/v1/par/idv/")]),
            Some(audience),
        ),
        ("aud", json!([format!("{url}/"), url]), None),
    ] {
        test.sandbox.reset();
        let assertion = signer.with(claims(&url, "1"), name, value.clone());
        assert_with(&test, &assertion)
            .await
            .refused(400, "invalid_grant");
        let unknown = Finding::RefreshTokenUnknown;
        let wanted: Vec<_> = finding
            .into_iter()
            .chain([unknown])
            .map(Finding::id)
            .collect();
        assert_eq!(test.found(), wanted, "{name} {value}");
    }
}

#[tokio::test]
async fn a_client_uses_only_its_registered_method() {
    let signer = Signer::new();
    let mut config = signer.config();
    let mut basic = RegisteredClient::confidential("basic", "s", "https://a.example/");
    basic.authentication = Some(AuthenticationMethod::ClientSecretBasic);
    config.clients.push(basic);
    let test = TestClient::start_with(config).await;
    let good = signer.assertion(test.sandbox.url(), "1");
    let signed = [
        ("client_assertion_type", TYPE),
        ("client_assertion", &*good),
    ];
    let as_client = |id: &'static str| [signed[0], signed[1], ("client_id", id)];
    let with_secret = [signed[0], signed[1], ("client_secret", "x")];
    let secret =
        |id: &'static str, secret: &'static str| [("client_id", id), ("client_secret", secret)];
    let other_type = [("client_assertion_type", "x"), signed[1]];
    type Case<'a> = (&'a [(&'a str, &'a str)], u16, &'a str, Finding);
    let cases: &[Case<'_>] = &[
        (
            &with_secret,
            400,
            "more than one way",
            Finding::AuthenticationTwice,
        ),
        (
            &secret("basic", "s"),
            401,
            "client_secret_post",
            Finding::AuthenticationMethod,
        ),
        (
            &secret(SIGNER, "s"),
            401,
            "client_secret_post",
            Finding::AuthenticationMethod,
        ),
        (
            &as_client("demo-backend"),
            401,
            "private_key_jwt",
            Finding::AuthenticationMethod,
        ),
        (
            &as_client("demo-app"),
            401,
            "private_key_jwt",
            Finding::AuthenticationMethod,
        ),
        (
            &as_client("nobody"),
            401,
            "no client",
            Finding::ClientUnknown,
        ),
        (
            &[("client_id", SIGNER)],
            401,
            "is missing",
            Finding::AssertionWrong,
        ),
        (
            &[("client_id", "basic")],
            401,
            "is missing",
            Finding::SecretWrong,
        ),
        (&signed[1..], 401, "_type must be", Finding::AssertionWrong),
        (&signed[..1], 401, "is missing", Finding::AssertionWrong),
        (&other_type, 401, "_type must be", Finding::AssertionWrong),
    ];
    for (parameters, status, part, finding) in cases {
        test.sandbox.reset();
        let answer = ask(&test, parameters).await;
        let error = if *status == 400 {
            "invalid_request"
        } else {
            "invalid_client"
        };
        let description = answer.refused(*status, error);
        assert!(description.contains(part), "{description}");
        assert_eq!(test.found(), [finding.id()], "{description}");
    }
    test.sandbox.reset();
    // `basic:s`.
    let header = ["Authorization: Basic YmFzaWM6cw=="];
    let asked = [("grant_type", "refresh_token"), ("refresh_token", "x")];
    let answer = test.token(&asked, &header).await;
    answer.refused(400, "invalid_grant");
}

/// The key and the assertion were made with openssl.
#[tokio::test]
async fn an_assertion_with_rsa_is_accepted() {
    let key = include_str!("../keys/rsa.pem");
    let client = RegisteredClient::with_key("my-rsa", key, "https://a.example/");
    let config = Config {
        now: Some(NOW),
        public_url: Some("https://sandbox.example".into()),
        clients: vec![client],
        ..Config::default()
    };
    let test = TestClient::start_with(config).await;
    let assertion = include_str!("../keys/rs256.jwt").trim();
    let answer = assert_with(&test, assertion).await;
    answer.refused(400, "invalid_grant");
    // The same signature with other claims.
    let mut parts: Vec<&str> = assertion.split('.').collect();
    let mut other = claims("https://sandbox.example", "2");
    (other["iss"], other["sub"]) = (json!("my-rsa"), json!("my-rsa"));
    let other = URL_SAFE_NO_PAD.encode(other.to_string());
    parts[1] = &other;
    let altered = parts.join(".");
    assert_with(&test, &altered)
        .await
        .refused(401, "invalid_client");
}
