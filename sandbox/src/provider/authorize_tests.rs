//! Tests of the authorization and PAR endpoints: one request for each rule that it breaks.

use super::testing::*;
use crate::Purpose;

const LOGIN: Purpose = Purpose::Login;

fn pushed() -> Parameters {
    Parameters::authorization()
        .set("client_id", "demo-backend")
        .set("redirect_uri", "https://service.example/truid/complete")
        .add("client_secret", "demo-backend-secret")
}

fn by_uri(client_id: &str, request_uri: &str) -> Parameters {
    Parameters::new(&[("client_id", client_id), ("request_uri", request_uri)])
}

#[test]
fn a_valid_request_becomes_pending() {
    let mut provider = provider();
    for &purpose in Purpose::ALL {
        let asked = match purpose {
            Purpose::Signing => Parameters::signing(),
            _ => Parameters::authorization(),
        };
        let asked = asked.add("nonce", "n").add("ui_locales", "sv");
        let waiting = provider.ask(purpose, &asked).unwrap();
        assert_eq!(waiting.client_name, "Demo Shop");
        assert_eq!(waiting.client_id, "demo-app");
        assert_eq!(waiting.purpose, purpose);
        assert_eq!(waiting.data_points, [EMAIL, NAME]);
        assert_eq!((waiting.since, waiting.deadline), (NOW, NOW + 600));
        assert_eq!(provider.pending(&waiting.id, NOW), Ok(waiting));
    }
    assert_eq!(provider.all_pending(NOW).len(), 4);
    assert_eq!(provider.counters().authorize, 4);
}

#[test]
fn errors_of_client_or_redirect_uri_are_not_redirected() {
    let good = Parameters::authorization;
    let redirect = |uri: &str| good().set("redirect_uri", uri);
    for (asked, error) in [
        (good().without("client_id"), "invalid_request"),
        (good().set("client_id", ""), "invalid_request"),
        (good().set("client_id", "nobody"), "invalid_client"),
        (good().set("client_id", "Demo-App"), "invalid_client"),
        (good().add("client_id", "demo-app"), "invalid_request"),
        (good().add("redirect_uri", REDIRECT), "invalid_request"),
        (good().without("redirect_uri"), "invalid_redirect_uri"),
        (
            redirect("https://app.example/truid/callback/"),
            "invalid_redirect_uri",
        ),
        (
            redirect("https://app.example/truid/Callback"),
            "invalid_redirect_uri",
        ),
        (
            redirect("https://app.example/truid/callback?x=1"),
            "invalid_redirect_uri",
        ),
        (
            redirect("https://app.example/truid/callback#x"),
            "invalid_redirect_uri",
        ),
        (
            redirect("https://app.example:443/truid/callback"),
            "invalid_redirect_uri",
        ),
        (
            redirect("https://app.example.evil/truid/callback"),
            "invalid_redirect_uri",
        ),
        (
            redirect("https://service.example/truid/complete"),
            "invalid_redirect_uri",
        ),
    ] {
        let refusal = refused(provider().ask(LOGIN, &asked));
        assert_eq!(refusal.error, error, "{refusal}");
        assert_eq!(refusal.redirect, None, "{refusal}");
    }
}

#[test]
fn other_errors_are_redirected_to_the_service() {
    let good = Parameters::authorization;
    let plain = "a".repeat(42);
    let long = "a".repeat(2049);
    for (asked, error, part) in [
        (
            good().without("response_type"),
            "invalid_request",
            "response_type",
        ),
        (
            good().set("response_type", "token"),
            "unsupported_response_type",
            "code",
        ),
        (
            good().set("response_type", "Code"),
            "unsupported_response_type",
            "code",
        ),
        (
            good().without("code_challenge"),
            "invalid_request",
            "code_challenge",
        ),
        (
            good().set("code_challenge", &plain),
            "invalid_request",
            "43",
        ),
        (
            good().without("code_challenge_method"),
            "invalid_request",
            "plain",
        ),
        (
            good().set("code_challenge_method", "plain"),
            "invalid_request",
            "S256",
        ),
        (
            good().set("code_challenge_method", "s256"),
            "invalid_request",
            "S256",
        ),
        (good().without("scope"), "invalid_scope", "scope"),
        (good().set("scope", "openid"), "invalid_scope", "openid"),
        (good().set("nonce", "ö"), "invalid_request", "nonce"),
        (good().set("nonce", &long), "invalid_request", "2 KiB"),
        (
            good().add("request", "jwt"),
            "request_not_supported",
            "request",
        ),
        (
            good().add("client_secret", "x"),
            "invalid_request",
            "client_secret",
        ),
        (
            good().add("code_verifier", VERIFIER),
            "invalid_request",
            "code_verifier",
        ),
        (good().add("code", "x"), "invalid_request", "code must not"),
        (
            good().add("refresh_token", "x"),
            "invalid_request",
            "refresh_token must not",
        ),
        (
            good().add("access_token", "x"),
            "invalid_request",
            "Authorization header",
        ),
        (
            good().add("scope", EMAIL),
            "invalid_request",
            "scope is repeated",
        ),
        (
            good().add("whatever", "1").add("whatever", "1"),
            "invalid_request",
            "is repeated",
        ),
    ] {
        let mut provider = provider();
        let refusal = refused(provider.ask(LOGIN, &asked));
        assert_eq!(refusal.error, error, "{refusal}");
        assert!(refusal.description.contains(part), "{refusal}");
        assert!(!refusal.description.contains(VERIFIER));
        let callback = refusal.redirect.unwrap();
        assert!(callback.starts_with("https://app.example/truid/callback?error="));
        assert_eq!(parameter(&callback, "error").unwrap(), error);
        assert_eq!(
            parameter(&callback, "error_description").unwrap(),
            refusal.description
        );
        assert_eq!(parameter(&callback, "state").unwrap(), "s t&te");
        assert_eq!(provider.counters().authorize, 0);
    }
    let foreign = good().set("client_id", "other-app");
    assert_eq!(
        refused(provider().ask(LOGIN, &foreign)).error,
        "invalid_scope"
    );
}

#[test]
fn a_parameter_with_an_empty_value_counts_as_absent() {
    let empty = [
        "request",
        "request_uri",
        "client_secret",
        "code_verifier",
        "code",
        "access_token",
        "refresh_token",
    ];
    let asked = empty
        .iter()
        .fold(Parameters::authorization(), |asked, name| {
            asked.add(name, "")
        });
    assert!(provider().ask(LOGIN, &asked).is_ok());
    assert!(provider().push_at(LOGIN, &asked, None, NOW).is_ok());
}

#[test]
fn a_malformed_state_is_not_in_the_redirect() {
    for asked in [
        Parameters::authorization().without("state"),
        Parameters::authorization().set("state", ""),
        Parameters::authorization().set("state", "ö"),
        Parameters::authorization().set("state", &"a".repeat(2049)),
        Parameters::authorization().add("state", "other"),
    ] {
        let refusal = refused(provider().ask(LOGIN, &asked));
        assert_eq!(refusal.error, "invalid_request");
        assert_eq!(parameter(&refusal.redirect.unwrap(), "state"), None);
    }
}

#[test]
fn a_long_state_is_returned_unchanged() {
    let mut provider = provider();
    let state = "a".repeat(2048);
    let asked = Parameters::authorization().set("state", &state);
    let waiting = provider.ask(LOGIN, &asked).unwrap();
    let callback = provider.approve(&waiting.id, NOW).unwrap();
    assert_eq!(parameter(&callback, "state").unwrap(), state);
}

#[test]
fn a_pushed_request_is_used_once() {
    let mut provider = provider();
    let uri = provider.push_at(LOGIN, &pushed(), None, NOW).unwrap();
    assert!(uri.starts_with("urn:ietf:params:oauth:request_uri:"));
    let asked = by_uri("demo-backend", &uri);
    let waiting = provider.ask_at(LOGIN, &asked, NOW + 59).unwrap();
    assert_eq!(waiting.client_name, "Demo Service");
    let refusal = refused(provider.ask(LOGIN, &asked));
    assert_eq!(
        (refusal.error, refusal.redirect),
        ("invalid_request_uri", None)
    );
    assert!(refusal.description.contains("used before"));
    let callback = provider.approve(&waiting.id, NOW).unwrap();
    assert_eq!(parameter(&callback, "state").unwrap(), "s t&te");
    assert_eq!(
        (provider.counters().par, provider.counters().authorize),
        (1, 1)
    );
}

#[test]
fn a_request_uri_is_for_one_client_function_and_time() {
    let mut provider = provider();
    let uri = provider.push_at(LOGIN, &pushed(), None, NOW).unwrap();
    let good = by_uri("demo-backend", &uri);
    for (purpose, asked, now, error, part) in [
        (
            LOGIN,
            by_uri("demo-app", &uri),
            NOW,
            "invalid_request_uri",
            "another client",
        ),
        (
            Purpose::IdentityVerification,
            good.clone(),
            NOW,
            "invalid_request_uri",
            "another function",
        ),
        (
            LOGIN,
            good.clone(),
            NOW + 60,
            "invalid_request_uri",
            "expired",
        ),
        (
            LOGIN,
            good.clone().add("state", "x"),
            NOW,
            "invalid_request",
            "state",
        ),
        (
            LOGIN,
            good.clone().add("request_uri", &uri),
            NOW,
            "invalid_request",
            "is repeated",
        ),
        (
            LOGIN,
            good.clone().without("client_id"),
            NOW,
            "invalid_request",
            "client_id",
        ),
        (
            LOGIN,
            by_uri("demo-backend", "R-123"),
            NOW,
            "invalid_request_uri",
            "did not issue",
        ),
        (
            LOGIN,
            by_uri("demo-backend", ""),
            NOW,
            "invalid_redirect_uri",
            "redirect_uri is missing",
        ),
    ] {
        let refusal = refused(provider.ask_at(purpose, &asked, now));
        assert_eq!(refusal.error, error, "{refusal}");
        assert!(refusal.description.contains(part), "{refusal}");
        assert_eq!(refusal.redirect, None);
    }
    let good = good.add("scope", "");
    assert!(
        provider.ask(LOGIN, &good).is_ok(),
        "none of these used it up"
    );
}

#[test]
fn a_pushed_request_is_checked_at_the_par_endpoint() {
    for (asked, error) in [
        (pushed().without("client_secret"), "invalid_client"),
        (pushed().set("client_secret", "wrong"), "invalid_client"),
        (
            pushed().set("redirect_uri", REDIRECT),
            "invalid_redirect_uri",
        ),
        (pushed().without("state"), "invalid_request"),
        (pushed().add("state", "x"), "invalid_request"),
        (pushed().add("request_uri", "urn:x"), "invalid_request"),
        (pushed().add("code_verifier", VERIFIER), "invalid_request"),
        (pushed().set("scope", "openid"), "invalid_scope"),
    ] {
        let refusal = refused(provider().push_at(LOGIN, &asked, None, NOW));
        assert_eq!(refusal.error, error, "{refusal}");
        assert_eq!(refusal.redirect, None, "it goes to the one who pushed");
    }
}

#[test]
fn clients_with_basic_and_public_clients_can_push() {
    let mut provider = provider();
    // demo-backend:demo-backend-secret
    let header = Some("Basic ZGVtby1iYWNrZW5kOmRlbW8tYmFja2VuZC1zZWNyZXQ=");
    let asked = pushed().without("client_secret").without("client_id");
    let uri = provider.push_at(LOGIN, &asked, header, NOW).unwrap();
    assert!(provider.ask(LOGIN, &by_uri("demo-backend", &uri)).is_ok());
    let public = Parameters::authorization();
    let uri = provider.push_at(LOGIN, &public, None, NOW).unwrap();
    assert!(provider.ask(LOGIN, &by_uri("demo-app", &uri)).is_ok());
}
