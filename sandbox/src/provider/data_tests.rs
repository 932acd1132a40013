//! Tests of user info and presentations.

use serde_json::json;

use super::Provider;
use super::data::user_info;
use super::testing::*;
use crate::truid::claims::{CLAIMS, DATA_POINTS};
use crate::{Person, Purpose, RegisteredClient};

/// An access token of this client for these data points.
fn token(provider: &mut Provider, client_id: &str, scope: &str) -> String {
    let asked = Parameters::authorization()
        .set("client_id", client_id)
        .set("scope", scope);
    let waiting = provider.ask(Purpose::IdentityVerification, &asked).unwrap();
    let callback = provider.approve(&waiting.id, NOW).unwrap();
    let code = parameter(&callback, "code").unwrap();
    let asked = Parameters::exchange(&code).set("client_id", client_id);
    provider.tokens(&asked, NOW).unwrap().access_token
}

fn everything() -> String {
    DATA_POINTS.map(|point| point.key).join(" ")
}

#[test]
fn a_presentation_can_have_all_claims() {
    let mut provider = provider();
    let token = token(&mut provider, "demo-app", &everything());
    let keys: Vec<&str> = CLAIMS.iter().map(|(_, key, _)| *key).collect();
    let answer = provider.present(&token, &keys.join(",")).unwrap();
    let types = answer["claims"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["type"].as_str().unwrap());
    assert_eq!(types.collect::<Vec<_>>(), keys);
    assert_eq!(answer.as_object().unwrap().len(), 2);
    assert_eq!(provider.counters().presentations, 1);
}

#[test]
fn a_presentation_has_only_shared_requested_and_present_claims() {
    let mut provider = provider();
    let token = token(&mut provider, "demo-app", NAME);
    let asked = "truid.app/claim/family-name/v1,truid.app/claim/email/v1,\
                 truid.app/claim/shoe-size/v1,truid.app/claim/name/v1,\
                 truid.app/claim/name/v1";
    let answer = provider.present(&token, asked).unwrap();
    assert_eq!(
        answer["claims"],
        json!([
            { "type": "truid.app/claim/family-name/v1", "value": "Sjöström" },
            { "type": "truid.app/claim/name/v1", "value": "Maja Sjöström" },
        ])
    );
    for bad in ["", "email", "a,b", ",", " truid.app/claim/email/v1", EMAIL] {
        assert_eq!(
            refused(provider.present(&token, bad)).error,
            "invalid_request",
            "{bad}"
        );
    }
    let trailing = "truid.app/claim/email/v1,";
    assert_eq!(
        refused(provider.present(&token, trailing)).error,
        "invalid_request"
    );
    assert_eq!(
        refused(provider.present("x", "")).error,
        "invalid_token",
        "this comes first"
    );
    assert_eq!(provider.counters().presentations, 1);
}

#[test]
fn the_user_info_has_the_standard_names() {
    let mut provider = provider();
    let token = token(&mut provider, "demo-app", &everything());
    let info = user_info(&provider.info(&token, NOW).ok().unwrap());
    let sub = info["sub"].clone();
    assert_eq!(
        info,
        json!({
            "sub": sub,
            "phone_number": "+46701740605",
            "phone_number_verified": true,
            "email": "maja.sjostrom@example.com",
            "email_verified": true,
            "name": "Maja Sjöström",
            "given_name": "Maja",
            "family_name": "Sjöström",
            "birthdate": "1990-12-24",
            "gender": "female",
            "address": { "formatted": "Påhittade gatan 12, 123 45 Exempelstad, Sweden" },
            "truid.app/claim/nationality/v1": "SWE",
            "truid.app/claim/personal-number/swe-10/v1": "9012249802",
        })
    );
    let token = super::data_tests::token(&mut provider, "demo-app", EMAIL);
    let info = user_info(&provider.info(&token, NOW).ok().unwrap());
    assert_eq!(
        info,
        json!({ "sub": sub, "email": "maja.sjostrom@example.com", "email_verified": true })
    );
    assert_eq!(provider.counters().user_info, 2);
}

#[test]
fn the_user_info_has_standard_genders() {
    for (own, standard) in [("M", "male"), ("F", "female"), ("X", "other")] {
        let person = Person {
            gender: Some(own.into()),
            ..Person::default()
        };
        let config = crate::Config {
            people: vec![person],
            ..crate::Config::default()
        };
        let mut provider = Provider::new(&config, [7; 32]);
        let token = token(&mut provider, "demo-app", "truid.app/data-point/gender");
        let info = user_info(&provider.info(&token, NOW).ok().unwrap());
        assert_eq!(info["gender"], standard);
    }
}

#[test]
fn sub_is_pairwise_and_stable() {
    let sub = |seed: u8, person: &str, client_id: &str| {
        let mut config = crate::Config::default();
        config.people[0].id = person.into();
        config
            .clients
            .push(RegisteredClient::public("other-app", REDIRECT));
        let mut provider = Provider::new(&config, [seed; 32]);
        let token = token(&mut provider, client_id, EMAIL);
        provider.info(&token, NOW).ok().unwrap().sub()
    };
    let own = sub(1, "maja", "demo-app");
    assert_eq!(own, sub(2, "maja", "demo-app"));
    assert_ne!(own, sub(1, "maja", "other-app"));
    assert_ne!(own, sub(1, "other", "demo-app"));
    let lengths: Vec<usize> = own.split('-').map(str::len).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12]);
}

#[test]
fn invalid_access_tokens_are_refused() {
    let mut provider = provider();
    let code = provider.code(Purpose::IdentityVerification);
    let tokens = provider.logged_in(Purpose::IdentityVerification);
    for (token, part) in [
        ("", "did not issue"),
        ("x", "did not issue"),
        (code.as_str(), "an authorization code"),
        (tokens.refresh_token.as_str(), "a refresh token"),
    ] {
        let refusal = refused(provider.check_access(token, NOW));
        assert_eq!(refusal.error, "invalid_token");
        assert!(refusal.description.contains(part), "{refusal}");
        assert!(token.len() < 2 || !refusal.description.contains(token));
    }
    assert!(
        provider
            .check_access(&tokens.access_token, NOW + 299)
            .is_ok()
    );
    let refusal = refused(provider.check_access(&tokens.access_token, NOW + 300));
    assert!(refusal.description.contains("expired"), "{refusal}");
}
