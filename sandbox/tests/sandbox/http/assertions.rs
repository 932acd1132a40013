//! `private_key_jwt`: whoever signs rightly comes in, and nobody else does.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use switchback_sandbox::{AuthenticationMethod, Config, Finding, RegisteredClient};

use crate::scene::{DUE, Scene};
use crate::signer::*;
use crate::support::*;

/// A token request that is refused for its code, once it is known who sends it.
async fn ask(scene: &Scene, parameters: &[(&str, &str)]) -> Answer {
    let mut all = vec![("grant_type", "refresh_token"), ("refresh_token", "x")];
    all.extend(parameters);
    scene.token(&all, &[]).await
}

async fn assert_with(scene: &Scene, assertion: &str) -> Answer {
    let proof = [
        ("client_assertion_type", TYPE),
        ("client_assertion", assertion),
    ];
    ask(scene, &proof).await
}

#[tokio::test]
async fn a_whole_login_is_signed_for() {
    let signer = Signer::new();
    let mut scene = Scene::start_with(signer.config()).await;
    let url = scene.sandbox.url().to_owned();
    // PAR with client_id, the other requests without: the assertion says it too.
    let login = scene.confidential_login().without("client_secret");
    let login = login.set("client_id", SIGNER);
    let pushed = login
        .clone()
        .set("client_assertion_type", TYPE)
        .set("client_assertion", &signer.assertion(&url, "1"));
    let (_, page) = scene.open_pushed(&pushed).await;
    assert_eq!(page.status, 200);
    let code = parameter(&scene.approve(), "code").unwrap();
    let exchange = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", login.get("redirect_uri")),
        ("code_verifier", &login.verifier),
        ("client_assertion_type", TYPE),
        ("client_assertion", &signer.assertion(&url, "2")),
    ];
    let tokens = scene.token(&exchange, &[]).await.json();
    scene.sandbox.advance_with_clients(DUE);
    let later = signer.with(claims(&url, "3"), "exp", json!(NOW + DUE + 60));
    let refresh = [
        ("grant_type", "refresh_token"),
        ("refresh_token", text(&tokens, "refresh_token")),
        ("client_assertion_type", TYPE),
        ("client_assertion", &later),
    ];
    assert_eq!(scene.token(&refresh, &[]).await.status, 200);
    let none: [&str; 0] = [];
    assert_eq!(scene.found(), none);
    let flows = scene.sandbox.flows();
    assert_eq!(flows.len(), 1, "one flow, of the client that signs");
    assert_eq!(flows[0].client_id.as_deref(), Some(SIGNER));
}

#[tokio::test]
async fn each_part_of_an_assertion_is_looked_at() {
    let signer = Signer::new();
    let scene = Scene::start_with(signer.config()).await;
    let url = scene.sandbox.url().to_owned();
    let with = |name: &str, value: Value| signer.with(claims(&url, name), name, value);
    // What is good comes as far as the refresh token, which is nonsense.
    for aud in [
        json!(url),
        json!(format!("{url}/oauth2/v1/par/idv")),
        json!(["https://other.example", url]),
    ] {
        let mut claims = claims(&url, &aud.to_string());
        claims["aud"] = aud;
        let good = signer.sign(&header(), &claims);
        let answer = assert_with(&scene, &good).await;
        answer.refused(400, "invalid_grant");
    }
    let last = with("exp", json!(NOW + 600));
    assert_with(&scene, &last)
        .await
        .refused(400, "invalid_grant");
    scene.sandbox.reset();

    let good = signer.assertion(&url, "good");
    let altered = good.replacen(".ey", ".eyA", 1);
    let (wrong, time) = (Finding::AssertionWrong, Finding::AssertionTime);
    let sign = |header: Value| signer.sign(&header, &claims(&url, "h"));
    for (assertion, finding, part) in [
        ("x".into(), wrong, "signed JWT"),
        ("a.b".into(), wrong, "signed JWT"),
        (format!("{good}="), wrong, "signed JWT"),
        (altered, wrong, "JSON object"),
        (Signer::new().assertion(&url, "o"), wrong, "not signed with"),
        (
            good.rsplit_once('.').unwrap().0.to_owned() + ".",
            wrong,
            "not signed with",
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
        scene.sandbox.reset();
        let proof = [
            ("client_id", SIGNER),
            ("client_assertion_type", TYPE),
            ("client_assertion", &assertion),
        ];
        let said = ask(&scene, &proof).await.refused(401, "invalid_client");
        assert!(said.contains(part), "{part}: {said}");
        assert_eq!(scene.found(), [finding.id()], "{part}");
    }
    // A refused one is not used up, and a used one is for good.
    assert_with(&scene, &good)
        .await
        .refused(400, "invalid_grant");
    let again = assert_with(&scene, &good).await;
    assert!(again.refused(401, "invalid_client").contains("flow "));
    assert!(scene.found().contains(&Finding::AssertionReused.id()));
}

/// What other servers take is taken here, and found at most: how long an assertion may live
/// is a guess, and Truid documents no assertions at all.
#[tokio::test]
async fn an_assertion_that_is_merely_unwise_is_taken() {
    let signer = Signer::new();
    let scene = Scene::start_with(signer.config()).await;
    let url = scene.sandbox.url().to_owned();
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
        scene.sandbox.reset();
        let assertion = signer.with(claims(&url, "1"), name, value.clone());
        assert_with(&scene, &assertion)
            .await
            .refused(400, "invalid_grant");
        let unknown = Finding::RefreshTokenUnknown;
        let wanted: Vec<_> = finding
            .into_iter()
            .chain([unknown])
            .map(Finding::id)
            .collect();
        assert_eq!(scene.found(), wanted, "{name} {value}");
    }
}

#[tokio::test]
async fn there_is_one_way_and_the_registered_one() {
    let signer = Signer::new();
    let mut config = signer.config();
    let mut basic = RegisteredClient::confidential("basic", "s", "https://a.example/");
    basic.authentication = Some(AuthenticationMethod::ClientSecretBasic);
    config.clients.push(basic);
    let scene = Scene::start_with(config).await;
    let good = signer.assertion(scene.sandbox.url(), "1");
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
        scene.sandbox.reset();
        let answer = ask(&scene, parameters).await;
        let error = if *status == 400 {
            "invalid_request"
        } else {
            "invalid_client"
        };
        let said = answer.refused(*status, error);
        assert!(said.contains(part), "{said}");
        assert_eq!(scene.found(), [finding.id()], "{said}");
    }
    scene.sandbox.reset();
    // `basic:s`.
    let header = ["Authorization: Basic YmFzaWM6cw=="];
    let asked = [("grant_type", "refresh_token"), ("refresh_token", "x")];
    let answer = scene.token(&asked, &header).await;
    answer.refused(400, "invalid_grant");
}

/// The key and the assertion were made with openssl.
#[tokio::test]
async fn rsa_is_taken_as_well() {
    let key = include_str!("../keys/rsa.pem");
    let client = RegisteredClient::with_key("my-rsa", key, "https://a.example/");
    let config = Config {
        now: Some(NOW),
        public_url: Some("https://sandbox.example".into()),
        clients: vec![client],
        ..Config::default()
    };
    let scene = Scene::start_with(config).await;
    let assertion = include_str!("../keys/rs256.jwt").trim();
    let answer = assert_with(&scene, assertion).await;
    answer.refused(400, "invalid_grant");
    // The same signature under other claims.
    let mut parts: Vec<&str> = assertion.split('.').collect();
    let mut other = claims("https://sandbox.example", "2");
    (other["iss"], other["sub"]) = (json!("my-rsa"), json!("my-rsa"));
    let other = URL_SAFE_NO_PAD.encode(other.to_string());
    parts[1] = &other;
    let altered = parts.join(".");
    assert_with(&scene, &altered)
        .await
        .refused(401, "invalid_client");
}
