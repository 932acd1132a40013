//! Tests of the token endpoint: one request for each rule that it breaks.

use super::Provider;
use super::testing::*;
use crate::{Config, Purpose, Refusal};

const LOGIN: Purpose = Purpose::Login;

/// The refusal of a token request. Checks that it was counted, and repeats no secret.
#[track_caller]
pub(super) fn why(provider: &mut Provider, asked: &Parameters, now: i64) -> Refusal {
    let before = provider.counters().refused_token_requests;
    let refusal = refused(provider.tokens(asked, now));
    assert_eq!(provider.counters().refused_token_requests, before + 1);
    for name in ["code", "refresh_token", "code_verifier", "client_secret"] {
        let url = format!("a:?{}", asked.encode());
        if let Some(secret) = parameter(&url, name).filter(|secret| secret.len() > 8) {
            assert!(!refusal.description.contains(&secret), "{refusal}");
        }
    }
    refusal
}

#[test]
fn the_second_use_of_a_code_ends_the_grant() {
    let mut provider = provider();
    let code = provider.code(LOGIN);
    let asked = Parameters::exchange(&code);
    let tokens = provider.tokens(&asked, NOW + 29).unwrap();
    assert_eq!(tokens.token_type, "bearer");
    assert_eq!(tokens.scope, format!("{EMAIL} {NAME}"));
    assert!(provider.check_access(&tokens.access_token, NOW).is_ok());

    let refusal = why(&mut provider, &asked, NOW + 1_000);
    assert_eq!(refusal.error, "invalid_grant");
    assert!(refusal.description.contains("used before"), "{refusal}");
    let refusal = refused(provider.check_access(&tokens.access_token, NOW));
    assert_eq!(refusal.error, "invalid_token");
    assert!(
        refusal.description.contains("code was used twice"),
        "{refusal}"
    );
    let refresh = Parameters::refresh(&tokens.refresh_token);
    assert_eq!(why(&mut provider, &refresh, NOW).error, "invalid_grant");
    why(&mut provider, &asked, NOW);
    assert_eq!(
        provider.counters().revoked_grants,
        1,
        "the grant ended twice"
    );
    assert_eq!(provider.counters().code_exchanges, 1);
}

#[test]
fn a_malformed_second_use_of_a_code_also_ends_the_grant() {
    for (name, value) in [
        ("redirect_uri", ""),
        ("redirect_uri", "https://evil.example/"),
        ("code_verifier", ""),
        ("code_verifier", "short"),
        ("code_verifier", CHALLENGE),
    ] {
        let mut provider = provider();
        let code = provider.code(LOGIN);
        let asked = Parameters::exchange(&code);
        let tokens = provider.tokens(&asked, NOW).unwrap();
        // Another client can neither use the code nor end the grant with it.
        let other = asked.clone().set("client_id", "other-app");
        why(&mut provider, &other, NOW);
        assert!(provider.check_access(&tokens.access_token, NOW).is_ok());
        let refusal = why(&mut provider, &asked.set(name, value), NOW);
        assert_eq!(refusal.error, "invalid_grant");
        assert!(refusal.description.contains("used before"), "{refusal}");
        assert!(provider.check_access(&tokens.access_token, NOW).is_err());
        assert_eq!(provider.counters().revoked_grants, 1);
    }
}

#[test]
fn a_code_must_match_its_authorization_request() {
    let mut provider = provider();
    let code = provider.code(LOGIN);
    let good = || Parameters::exchange(&code);
    let other = VERIFIER.replace('d', "e");
    let slash = format!("{REDIRECT}/");
    let confidential = good()
        .set("client_id", "demo-backend")
        .add("client_secret", "demo-backend-secret");
    for (asked, now, error, part) in [
        (good(), NOW + 30, "invalid_grant", "expired"),
        (
            good().set("code_verifier", &other),
            NOW,
            "invalid_grant",
            "code_verifier",
        ),
        (
            good().set("code_verifier", CHALLENGE),
            NOW,
            "invalid_grant",
            "code_verifier",
        ),
        (
            good().set("code_verifier", &VERIFIER[1..]),
            NOW,
            "invalid_request",
            "43 to 128",
        ),
        (
            good().without("code_verifier"),
            NOW,
            "invalid_request",
            "code_verifier",
        ),
        (
            good().set("redirect_uri", &slash),
            NOW,
            "invalid_grant",
            "redirect_uri",
        ),
        (
            good().set("redirect_uri", "demoapp:///callback"),
            NOW,
            "invalid_grant",
            "redirect_uri",
        ),
        (
            good().without("redirect_uri"),
            NOW,
            "invalid_request",
            "redirect_uri",
        ),
        (
            good().set("client_id", "other-app"),
            NOW,
            "invalid_grant",
            "another client",
        ),
        (confidential, NOW, "invalid_grant", "another client"),
        (
            good().without("code"),
            NOW,
            "invalid_request",
            "code is missing",
        ),
        (
            good().set("code", "nonsense"),
            NOW,
            "invalid_grant",
            "did not issue this code",
        ),
        (
            good().add("code", &code),
            NOW,
            "invalid_request",
            "is repeated",
        ),
        (
            good().add("state", "1").add("state", "1"),
            NOW,
            "invalid_request",
            "is repeated",
        ),
        (
            good().without("grant_type"),
            NOW,
            "invalid_request",
            "grant_type",
        ),
        (
            good().set("grant_type", "password"),
            NOW,
            "unsupported_grant_type",
            "grant_type",
        ),
        (
            good().set("grant_type", "refresh_token"),
            NOW,
            "invalid_request",
            "refresh_token",
        ),
    ] {
        let refusal = why(&mut provider, &asked, now);
        assert_eq!(refusal.error, error, "{refusal}");
        assert!(refusal.description.contains(part), "{refusal}");
    }
    assert_eq!(provider.counters().revoked_grants, 0);
    assert!(
        provider.tokens(&good(), NOW + 29).is_ok(),
        "none of these used it up"
    );
}

#[test]
fn a_client_must_authenticate() {
    let mut provider = provider();
    let code = provider.code(LOGIN);
    let good = || Parameters::exchange(&code);
    let backend = || good().set("client_id", "demo-backend");
    for (asked, part) in [
        (good().without("client_id"), "client_id is missing"),
        (good().set("client_id", "nobody"), "no client"),
        (
            good().add("client_secret", "demo-backend-secret"),
            "public client",
        ),
        (backend(), "client_secret is missing"),
        (
            backend().add("client_secret", ""),
            "client_secret is missing",
        ),
        (
            backend().add("client_secret", "demo-backend-Secret"),
            "is wrong",
        ),
    ] {
        let refusal = why(&mut provider, &asked, NOW);
        assert_eq!(refusal.error, "invalid_client", "{refusal}");
        assert!(refusal.description.contains(part), "{refusal}");
    }
    let empty = good().add("client_secret", "");
    assert!(
        provider.tokens(&empty, NOW).is_ok(),
        "one without a value is none (RFC 6749 section 3.1)"
    );
}

#[test]
fn basic_authentication() {
    use base64::Engine;
    let basic = |text: &str| {
        format!(
            "Basic {}",
            base64::engine::general_purpose::STANDARD.encode(text)
        )
    };
    let mut config = Config::default();
    config.clients[1].secret = Some("a b:ö%".replace('ö', "o"));
    let mut provider = Provider::new(&config, [7; 32]);
    let asked = Parameters::new(&[("grant_type", "refresh_token"), ("refresh_token", "x")]);
    let mut attempt =
        |asked: &Parameters, header: &str| refused(provider.tokens_by(asked, Some(header), NOW));
    // With correct credentials, the sandbox refuses only the token, which is invalid.
    for good in ["demo-backend:a+b%3Ao%25", "demo%2Dbackend:a%20b:o%25"] {
        assert_eq!(attempt(&asked, &basic(good)).error, "invalid_grant");
    }
    let lower = basic("demo-backend:a+b%3Ao%25").replace("Basic", "bASIC");
    assert_eq!(attempt(&asked, &lower).error, "invalid_grant");
    for bad in [
        basic("demo-backend:wrong"),
        basic("demo-backend:a b:o%"),
        basic("demo-backend:a b:o%25"),
        basic("demo-backend"),
        basic("nobody:x"),
        basic("demo-app:x"),
        basic("demo-app:"),
        "Basic %%%".into(),
        "Basic".into(),
        "Bearer abc".into(),
    ] {
        assert_eq!(attempt(&asked, &bad).error, "invalid_client", "{bad}");
    }
    let good = basic("demo-backend:a+b%3Ao%25");
    let both = asked.clone().add("client_secret", "a b:o%");
    assert_eq!(attempt(&both, &good).error, "invalid_request");
    let other = asked.clone().add("client_id", "demo-app");
    assert_eq!(attempt(&other, &good).error, "invalid_request");
    let same = asked.add("client_id", "demo-backend");
    assert_eq!(attempt(&same, &good).error, "invalid_grant");
}

#[test]
fn the_second_use_of_a_refresh_token_ends_the_grant() {
    let mut provider = provider();
    let first = provider.logged_in(LOGIN);
    let second = provider
        .tokens(&Parameters::refresh(&first.refresh_token), NOW + 1)
        .unwrap();
    assert_ne!(first.refresh_token, second.refresh_token);
    assert_ne!(first.access_token, second.access_token);
    assert!(
        provider.check_access(&first.access_token, NOW + 59).is_ok(),
        "until it expires"
    );
    assert_eq!(provider.counters().refreshes, 1);

    let refusal = why(
        &mut provider,
        &Parameters::refresh(&first.refresh_token),
        NOW + 2,
    );
    assert_eq!(refusal.error, "invalid_grant");
    assert!(refusal.description.contains("used before"), "{refusal}");
    assert_eq!(provider.counters().revoked_grants, 1);
    let refusal = why(
        &mut provider,
        &Parameters::refresh(&second.refresh_token),
        NOW + 2,
    );
    assert!(refusal.description.contains("revoked"), "{refusal}");
    for token in [&first.access_token, &second.access_token] {
        let refusal = refused(provider.check_access(token, NOW + 2));
        assert_eq!(refusal.error, "invalid_token");
        assert!(
            refusal.description.contains("refresh token was used twice"),
            "{refusal}"
        );
    }
}

#[test]
fn a_refresh_token_is_for_one_client() {
    let mut provider = provider();
    let tokens = provider.logged_in(LOGIN);
    let good = || Parameters::refresh(&tokens.refresh_token);
    for (asked, error, part) in [
        (
            good().set("client_id", "other-app"),
            "invalid_grant",
            "another client",
        ),
        (good().add("client_secret", "x"), "invalid_client", "public"),
        (
            good().without("refresh_token"),
            "invalid_request",
            "refresh_token",
        ),
        (
            Parameters::refresh(&tokens.access_token),
            "invalid_grant",
            "an access token",
        ),
        (
            Parameters::refresh("x"),
            "invalid_grant",
            "did not issue this refresh_token",
        ),
        (
            good().add("scope", "truid.app/data-point/gender"),
            "invalid_scope",
            "more than",
        ),
        (good().add("scope", "openid"), "invalid_scope", "openid"),
        (
            good().add("refresh_token", "x"),
            "invalid_request",
            "is repeated",
        ),
    ] {
        let refusal = why(&mut provider, &asked, NOW);
        assert_eq!(refusal.error, error, "{refusal}");
        assert!(refusal.description.contains(part), "{refusal}");
    }
    assert!(
        provider.tokens(&good(), NOW).is_ok(),
        "none of these used it up"
    );
    assert_eq!(provider.counters().revoked_grants, 0);
}

#[test]
fn a_refresh_can_request_less_scope() {
    let mut provider = provider();
    let first = provider.logged_in(LOGIN);
    let asked = Parameters::refresh(&first.refresh_token).add("scope", NAME);
    let second = provider.tokens(&asked, NOW).unwrap();
    assert_eq!(second.scope, NAME);
    let email = "truid.app/claim/email/v1";
    let answer = provider.present(&second.access_token, email).unwrap();
    assert!(answer["claims"][0].is_null());
    let third = provider
        .tokens(&Parameters::refresh(&second.refresh_token), NOW)
        .unwrap();
    assert_eq!(
        third.scope,
        format!("{EMAIL} {NAME}"),
        "the grant keeps all"
    );
    assert!(provider.present(&third.access_token, email).unwrap()["claims"][0].is_object());
}
