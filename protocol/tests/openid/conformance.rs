//! The relying-party tests of the OpenID Foundation that concern the ID token, by their names.

use serde_json::{Value, json};
use switchback_jose::VerifyError;
use switchback_protocol::openid::{IdTokenError, Nonce};

use crate::issuer::{ISSUER, Issuer, NOW, changed, claims, keys, rules, verify, with};

fn refused(name: &str, value: Value) -> IdTokenError {
    with(name, value).unwrap_err()
}

#[test]
fn oidcc_client_test() {
    let token = verify(&rules(), &claims()).unwrap();
    assert_eq!(token.subject.expose(), "me");
    assert_eq!((token.issued_at, token.expires_at), (NOW - 5, NOW + 300));
}

#[test]
fn oidcc_client_test_invalid_iss() {
    let error = refused("iss", "https://id.example/".into());
    assert!(matches!(error, IdTokenError::Issuer { .. }));
    assert_eq!(refused("iss", Value::Null), IdTokenError::Claim("iss"));
}

#[test]
fn oidcc_client_test_missing_sub() {
    assert_eq!(refused("sub", Value::Null), IdTokenError::Claim("sub"));
    assert_eq!(refused("sub", "".into()), IdTokenError::Claim("sub"));
}

#[test]
fn oidcc_client_test_invalid_aud() {
    assert_eq!(
        refused("aud", "other".into()),
        IdTokenError::Audience("aud")
    );
    assert_eq!(
        refused("aud", json!(["other", "App"])),
        IdTokenError::Audience("aud")
    );
}

#[test]
fn oidcc_client_test_missing_aud() {
    assert_eq!(refused("aud", Value::Null), IdTokenError::Claim("aud"));
    assert_eq!(
        refused("aud", json!(["app", 7])),
        IdTokenError::Claim("aud")
    );
}

/// An array, and a second audience, are accepted.
#[test]
fn oidcc_client_test_aud_array() {
    assert!(with("aud", json!(["app"])).is_ok());
    assert!(with("aud", json!(["other", "app"])).is_ok());
    let mut claims = changed("aud", json!(["other", "app"]));
    claims["azp"] = "app".into();
    assert!(verify(&rules(), &claims).is_ok());
    claims["azp"] = "other".into();
    let error = verify(&rules(), &claims);
    assert_eq!(error, Err(IdTokenError::Audience("azp")));
}

#[test]
fn oidcc_client_test_missing_iat() {
    assert_eq!(refused("iat", Value::Null), IdTokenError::Claim("iat"));
}

#[test]
fn oidcc_client_test_expired() {
    assert_eq!(refused("exp", Value::Null), IdTokenError::Claim("exp"));
    assert_eq!(refused("exp", (NOW - 61).into()), IdTokenError::Expired(61));
    assert!(with("exp", (NOW - 59).into()).is_ok());
}

#[test]
fn oidcc_client_test_nonce_invalid() {
    for wrong in [json!("n2"), json!("n1 "), json!(""), Value::Null] {
        assert_eq!(refused("nonce", wrong), IdTokenError::Nonce);
    }
    assert_eq!(refused("nonce", 7.into()), IdTokenError::Claim("nonce"));
}

#[test]
fn oidcc_client_test_kid_absent_single_jwks() {
    let issuer = Issuer::new("1", 7);
    let token = issuer.sign(&json!({"alg": "ES256"}), &claims());
    for with_id in [true, false] {
        assert!(
            rules()
                .verify(&token, &keys(&[issuer.jwk(with_id)]))
                .is_ok()
        );
    }
}

#[test]
fn oidcc_client_test_kid_absent_multiple_jwks() {
    let (issuer, other) = (Issuer::new("1", 7), Issuer::new("2", 8));
    let token = issuer.sign(&json!({"alg": "ES256"}), &claims());
    let keys = keys(&[issuer.jwk(true), other.jwk(true)]);
    let error = rules().verify(&token, &keys).unwrap_err();
    assert!(matches!(
        error,
        IdTokenError::Signature(VerifyError::SeveralKeys(_))
    ));
}

#[test]
fn oidcc_client_test_idtoken_sig_none() {
    let issuer = Issuer::new("1", 7);
    let token = issuer.sign(&json!({"alg": "none"}), &claims());
    let unsigned = &token[..=token.rfind('.').unwrap()];
    let error = rules().verify(unsigned, &keys(&[issuer.jwk(true)]));
    let none = VerifyError::Algorithm("none".into());
    assert_eq!(error, Err(IdTokenError::Signature(none)));
}

#[test]
fn oidcc_client_test_invalid_sig_es256() {
    let issuer = Issuer::new("1", 7);
    let header = json!({"alg": "ES256", "kid": "1"});
    let impostor = Issuer::new("1", 8).sign(&header, &claims());
    let error = rules().verify(&impostor, &keys(&[issuer.jwk(true)]));
    assert_eq!(error, Err(IdTokenError::Signature(VerifyError::Signature)));
}

/// An HMAC whose key is the public key, which a verifier that trusts `alg` accepts.
#[test]
fn oidcc_client_test_invalid_sig_hs256() {
    let issuer = Issuer::new("1", 7);
    let token = issuer.sign(&json!({"alg": "HS256", "kid": "1"}), &claims());
    let error = rules().verify(&token, &keys(&[issuer.jwk(true)]));
    let hmac = VerifyError::Algorithm("HS256".into());
    assert_eq!(error, Err(IdTokenError::Signature(hmac)));
}

/// The token names a key that the known set does not have: the caller fetches the set again.
#[test]
fn oidcc_client_test_signing_key_rotation() {
    let (old, new) = (Issuer::new("1", 7), Issuer::new("2", 8));
    let token = new.sign(&json!({"alg": "ES256", "kid": "2"}), &claims());
    let error = rules().verify(&token, &keys(&[old.jwk(true)])).unwrap_err();
    assert!(error.may_be_another_key());
    let fetched_again = keys(&[old.jwk(true), new.jwk(true)]);
    assert!(rules().verify(&token, &fetched_again).is_ok());
}

/// The provider replaced the key, and the new one has the same id, or none.
#[test]
fn oidcc_client_test_signing_key_rotation_just_before_signing() {
    let (old, new) = (Issuer::new("1", 7), Issuer::new("1", 8));
    for (header, with_id) in [
        (json!({"alg": "ES256", "kid": "1"}), true),
        (json!({"alg": "ES256"}), false),
    ] {
        let token = new.sign(&header, &claims());
        let cached = keys(&[old.jwk(with_id)]);
        let error = rules().verify(&token, &cached).unwrap_err();
        assert!(error.may_be_another_key());
        assert!(rules().verify(&token, &keys(&[new.jwk(with_id)])).is_ok());
    }
    assert!(!refused("sub", Value::Null).may_be_another_key());
}

/// The values are those of a token that another library made: SHA-256, its left half.
#[test]
fn oidcc_client_test_invalid_athash_and_chash() {
    // OpenID Connect Core §A.4: the code and its hash.
    let code = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk".into();
    let (right, wrong) = ("LDktKdoQak3Pk0cnXxCltA", "LDktKdoQak3Pk0cnXxCltB");
    let mut rules = rules();
    rules.code = Some(&code);
    assert!(verify(&rules, &changed("c_hash", right.into())).is_ok());
    let error = verify(&rules, &changed("c_hash", wrong.into()));
    assert_eq!(error, Err(IdTokenError::Hash("c_hash")));
    let access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y".into();
    let right = "77QmUPtjPfzWtF2AnpK9RQ";
    rules.access_token = Some(&access_token);
    assert!(verify(&rules, &changed("at_hash", right.into())).is_ok());
    let error = verify(&rules, &changed("at_hash", "77QmUPtjPfzWtF2AnpK9RA".into()));
    assert_eq!(error, Err(IdTokenError::Hash("at_hash")));
    // In the code flow both are optional.
    assert!(verify(&rules, &claims()).is_ok());
}

#[test]
fn oidcc_client_test_refresh_token_invalid_issuer_and_sub() {
    let login = verify(&rules(), &claims()).unwrap();
    let mut refreshed = rules();
    refreshed.nonce = Nonce::Refresh(Some("n1"));
    for nonce in [Value::Null, "n1".into()] {
        let token = verify(&refreshed, &changed("nonce", nonce)).unwrap();
        assert_eq!(token.continues(&login), Ok(()));
    }
    let error = verify(&refreshed, &changed("nonce", "n2".into()));
    assert_eq!(error, Err(IdTokenError::Nonce));
    let other = verify(&refreshed, &changed("sub", "you".into())).unwrap();
    assert_eq!(other.continues(&login), Err(IdTokenError::Changed("sub")));
    let older = verify(&refreshed, &changed("iat", (NOW - 6).into())).unwrap();
    assert_eq!(older.continues(&login), Err(IdTokenError::Changed("iat")));
    let wider = verify(&refreshed, &changed("aud", json!(["app", "api"]))).unwrap();
    assert_eq!(wider.continues(&login), Err(IdTokenError::Changed("aud")));
    let array = verify(&refreshed, &changed("aud", json!(["app"]))).unwrap();
    assert_eq!(array.continues(&login), Ok(()));
    refreshed.issuer = "https://other.example";
    let other = changed("iss", "https://other.example".into());
    let other = verify(&refreshed, &other).unwrap();
    assert_eq!(other.continues(&login), Err(IdTokenError::Changed("iss")));
    assert_eq!(login.issuer, ISSUER);
}
