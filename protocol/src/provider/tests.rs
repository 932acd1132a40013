use super::*;
use crate::callback::Answer;
use crate::http::Response;
use crate::token::TokenFailure;
use crate::{OAuthError, RedirectUri};
use alloc::string::ToString as _;
use alloc::vec;

static OTHER: Facts = Facts {
    id: "other",
    name: "Other ID",
    base_url: "https://other.example",
    purposes: &[PurposeFacts {
        name: "sign-in",
        authorization: "/go",
        ..PurposeFacts::new(Purpose::Login, Retention::Session)
    }],
    token: "/token",
    errors: ErrorFacts {
        callback: &[("user_cancelled", "access_denied")],
        token: &[("invalid_request", "invalid_grant")],
    },
    ..Facts::PLAIN
};

#[test]
fn every_known_service_is_found_by_its_id() {
    for facts in KNOWN {
        let provider = Provider::named(facts.id).expect("it is known");
        assert_eq!((provider.id(), provider.name()), (facts.id, facts.name));
        assert!(!facts.purposes.is_empty());
        let is_plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        assert!(facts.id.bytes().all(is_plain), "{}", facts.id);
        let ids = KNOWN.iter().filter(|other| other.id == facts.id);
        assert_eq!(ids.count(), 1, "{}", facts.id);
    }
    assert_eq!(Provider::named("nobody"), None);
}

#[test]
fn both_names_of_a_purpose_are_accepted() {
    for facts in KNOWN {
        let provider = Provider::new(facts);
        for purpose in provider.purposes() {
            let names = [purpose.as_str(), provider.purpose_name(purpose)];
            assert_eq!(
                names.map(|name| provider.purpose_named(name)),
                [Ok(purpose), Ok(purpose)]
            );
        }
    }
    let error = Provider::new(&OTHER).purpose_named("idv").unwrap_err();
    assert_eq!(
        error.to_string(),
        "\"idv\" is not a purpose of this service: use login (sign-in)"
    );
}

#[test]
fn a_missing_endpoint_names_the_service() {
    let other = Provider::new(&OTHER);
    assert_eq!(other.authorization_endpoint(Purpose::Onboarding), None);
    assert_eq!(other.pushed_authorization_endpoint(Purpose::Login), None);
    let error = other.presentation_endpoint().unwrap_err().to_string();
    assert!(
        error.starts_with("Other ID has no presentation endpoint"),
        "{error}"
    );
    assert!(other.user_info_endpoint().is_err());
    // A path alone does not say how to read the answers.
    let error = other.with_presentation("/p").presentation_endpoint();
    assert!(error.is_err());
}

#[test]
fn a_services_error_codes_are_translated() {
    let other = Provider::new(&OTHER);
    let ours = RedirectUri::new("https://app.example/cb", crate::Environment::Production).unwrap();
    let answer = |url: &str| other.read_callback(url, &ours).unwrap().unwrap().answer;
    let declined = answer("https://app.example/cb?error=user_cancelled&state=s");
    assert_eq!(declined, Answer::Declined);
    let refused = answer("https://app.example/cb?error=invalid_scope&state=s");
    assert_eq!(
        refused,
        Answer::Refused(OAuthError::new("invalid_scope", None, &[]))
    );
    assert_eq!(other.read_callback("https://b.example/", &ours), Ok(None));

    let response = Response {
        status: 400,
        headers: vec![("content-type".into(), "application/json".into())],
        body: br#"{"error":"invalid_request","error_description":"too late"}"#.to_vec(),
    };
    let error = OAuthError::new("invalid_grant", Some("invalid_request: too late"), &[]);
    assert_eq!(
        other.read_tokens(&response, &[]),
        Err(TokenFailure::Refused(error))
    );
}

#[test]
fn a_plain_service_accepts_every_scope_and_claim() {
    let other = Provider::new(&OTHER);
    assert_eq!(other.scope_token("profile").as_deref(), Some("profile"));
    assert_eq!(other.claim_key("mail").as_deref(), Some("mail"));
    assert_eq!(
        (other.short_scope_token("a/b"), other.short_claim("a/b")),
        ("a/b", "a/b")
    );
}
