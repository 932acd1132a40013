//! The rules beside those that have a test of the OpenID Foundation.

use serde_json::{Value, json};
use switchback_protocol::openid::{IdTokenError, Nonce};

use crate::issuer::{Issuer, NOW, changed, claims, keys, rules, verify, with};

#[test]
fn a_token_from_the_future_is_refused_beyond_the_skew() {
    for claim in ["iat", "nbf"] {
        assert!(with(claim, (NOW + 60).into()).is_ok());
        let error = with(claim, (NOW + 61).into());
        assert_eq!(error, Err(IdTokenError::Future { claim, seconds: 61 }));
    }
}

#[test]
fn a_time_is_a_number_that_may_have_a_fraction() {
    assert!(with("exp", json!(NOW as f64 + 0.5)).is_ok());
    assert!(with("exp", json!(253_402_300_799_i64)).is_ok());
    for wrong in [
        json!(1e300),
        json!(-1e300),
        json!(u64::MAX),
        json!(-1),
        json!(253_402_300_800_i64),
        json!("1764547500"),
        json!(true),
        json!([1]),
    ] {
        assert_eq!(with("exp", wrong), Err(IdTokenError::Claim("exp")));
    }
}

#[test]
fn without_a_nonce_in_the_request_the_token_has_none() {
    let mut rules = rules();
    rules.nonce = Nonce::NotSent;
    assert!(verify(&rules, &changed("nonce", Value::Null)).is_ok());
    // MIRACL Trust sends an empty one.
    assert!(verify(&rules, &changed("nonce", "".into())).is_ok());
    assert_eq!(verify(&rules, &claims()), Err(IdTokenError::Nonce));
}

#[test]
fn max_age_demands_a_recent_authentication() {
    let mut rules = rules();
    rules.max_age = Some(100);
    assert_eq!(
        verify(&rules, &claims()),
        Err(IdTokenError::Claim("auth_time"))
    );
    let at = |age: i64| verify(&rules, &changed("auth_time", (NOW - age).into()));
    assert_eq!(at(160).unwrap().auth_time, Some(NOW - 160));
    let error = IdTokenError::TooOld {
        age: 161,
        max_age: 100,
    };
    assert_eq!(at(161), Err(error));
    let future = IdTokenError::Future {
        claim: "auth_time",
        seconds: 61,
    };
    assert!(at(-60).is_ok());
    assert_eq!(at(-61), Err(future));
    // Milliseconds.
    let error = verify(&rules, &changed("auth_time", (NOW * 1000).into()));
    assert_eq!(error, Err(IdTokenError::Claim("auth_time")));
}

#[test]
fn a_demanded_context_class_is_reached() {
    let mut rules = rules();
    rules.acr_values = &["urn:high", "urn:higher"];
    assert_eq!(verify(&rules, &claims()), Err(IdTokenError::Acr(None)));
    let reached = |acr: &str| verify(&rules, &changed("acr", acr.into()));
    assert_eq!(
        reached("urn:high").unwrap().acr.as_deref(),
        Some("urn:high")
    );
    let low = IdTokenError::Acr(Some("urn:low".into()));
    assert_eq!(reached("urn:low"), Err(low));
}

#[test]
fn a_token_that_was_made_for_another_use_is_no_id_token() {
    let issuer = Issuer::new("1", 7);
    let verify = |typ: &str| {
        let header = json!({"alg": "ES256", "kid": "1", "typ": typ});
        let token = issuer.sign(&header, &claims());
        rules().verify(&token, &keys(&[issuer.jwk(true)]))
    };
    for good in ["JWT", "jwt", "application/JWT", "JOSE", ""] {
        assert!(verify(good).is_ok(), "{good}");
    }
    let event = changed("events", json!({}));
    let error = crate::issuer::verify(&rules(), &event);
    assert!(matches!(error, Err(IdTokenError::Type(_))));
    for wrong in [
        "dc+sd-jwt",
        "at+jwt",
        "application/at+jwt",
        "logout+jwt",
        "dpop+jwt",
        "secevent+JWT",
    ] {
        assert_eq!(verify(wrong), Err(IdTokenError::Type(wrong.into())));
    }
}

#[test]
fn neither_text_nor_debug_shows_a_person_or_a_nonce() {
    let mut claims = claims();
    claims["sub"] = "s3cret-person".into();
    claims["sid"] = "s3cret-session".into();
    let token = verify(&rules(), &claims).unwrap();
    assert!(!format!("{token:?}").contains("s3cret"));
    let error = with("nonce", "s3cret-nonce".into()).unwrap_err();
    assert!(!format!("{error:?} {error}").contains("s3cret"));
}
