use super::*;
use alloc::vec;
use alloc::vec::Vec;

use crate::http::Response;

#[test]
fn the_endpoints_are_those_of_the_guide() {
    let truid = Provider::truid();
    let mut names = Vec::new();
    for purpose in Purpose::ALL {
        names.push(truid.purpose_name(purpose));
        let endpoint = truid.authorization_endpoint(purpose).unwrap();
        let path = endpoint.strip_prefix("https://api.truid.app/oauth2/v1/authorize/");
        assert_eq!(path, Some(truid.purpose_name(purpose)));
        let endpoint = truid.pushed_authorization_endpoint(purpose).unwrap();
        let path = endpoint.strip_prefix("https://api.truid.app/oauth2/v1/par/");
        assert_eq!(path, Some(truid.purpose_name(purpose)));
    }
    assert_eq!(names, ["confirm-signup", "login-session", "idv", "sign"]);
    assert_eq!(
        truid.token_endpoint(),
        "https://api.truid.app/oauth2/v1/token"
    );
    let local = truid
        .with_presentation_v1()
        .with_base_url("http://127.0.0.1:1/");
    assert_eq!(
        local.presentation_endpoint().unwrap(),
        "http://127.0.0.1:1/exchange/v1/presentation"
    );
}

#[test]
fn retention_follows_truids_guide() {
    let kept = Purpose::ALL.map(|purpose| Provider::truid().retention(purpose));
    let seconds = 30 * 24 * 3600;
    let guide = [
        Retention::Engagement,
        Retention::Session,
        Retention::OneOff,
        Retention::Limited { seconds },
    ];
    assert_eq!(kept, guide);
}

#[test]
fn known_claims_are_typed_and_unknown_ones_unchanged() {
    let presentation = Presentation::read(&Response {
        status: 200,
        headers: vec![("content-type".into(), "application/json".into())],
        body: r#"{"sub":"s1","valid":true,"claims":[
                {"type":"truid.app/claim/email/v1","value":"a@b.c","source":"x"},
                {"type":"truid.app/claim/structured-name/v1",
                 "value":{"full-name":"Li Wei","family-name":"Li","title":"Dr"}},
                {"type":"truid.app/claim/portrait-image/v1",
                 "value":{"format":"image/png","image-data":"iVBORw0KGgo"}},
                {"type":"truid.app/claim/shoe-size/v1","value":{"eu":42}},
                {"type":"truid.app/claim/portrait-image/v1","value":{"format":"image/png"}}
            ]}"#
        .into(),
    })
    .unwrap();
    assert_eq!(presentation.sub, "s1");
    assert_eq!(presentation.more["valid"], true);
    assert_eq!(presentation.text(ClaimType::Email), Some("a@b.c"));
    assert_eq!(presentation.text("truid.app/claim/email/v1"), Some("a@b.c"));
    assert_eq!(presentation.text(ClaimType::Name), None);
    assert_eq!(presentation.claims[0].more["source"], "x");
    let name = presentation.get(ClaimType::StructuredName);
    let name = name.and_then(StructuredName::read).expect("a name");
    assert_eq!(name.full_name.as_deref(), Some("Li Wei"));
    assert_eq!(name.given_name, None);
    assert_eq!(name.more["title"], "Dr");
    let portrait = presentation.get(ClaimType::PortraitImage);
    let portrait = portrait.and_then(PortraitImage::read).expect("a portrait");
    assert_eq!(portrait.bytes().unwrap(), b"\x89PNG\r\n\x1a\n");
    assert_eq!(ClaimType::from_key(&presentation.claims[3].key), None);
    assert!(matches!(presentation.claims[3].value, ClaimValue::Other(_)));
    let half = &presentation.claims[4].value;
    assert_eq!(
        PortraitImage::read(half),
        None,
        "a portrait without data was read"
    );
    let ClaimValue::Other(half) = half else {
        panic!("the value is an object")
    };
    assert_eq!(half["format"], "image/png");

    let truid = Provider::truid();
    let rows: Vec<_> = presentation
        .claims
        .iter()
        .map(|claim| {
            let summary = truid.summary(&claim.key, &claim.value);
            (truid.short_claim(&claim.key), summary.text)
        })
        .collect();
    let expected = [
        ("email", "a@b.c"),
        ("structured-name", "Li Wei (family: Li)"),
        ("portrait-image", "image/png, 8 bytes"),
        ("shoe-size", r#"{"eu":42}"#),
        ("portrait-image", r#"{"format":"image/png"}"#),
    ];
    assert_eq!(rows, expected.map(|(name, text)| (name, text.into())));
}

#[test]
fn data_points_and_claims_have_short_names() {
    let truid = Provider::truid();
    let key = |word| truid.scope_token(word);
    assert_eq!(key("email").as_deref(), Some("truid.app/data-point/email"));
    assert_eq!(
        key("personal-number/swe").as_deref(),
        Some("truid.app/data-point/personal-number/swe")
    );
    assert_eq!(key("a.example/own").as_deref(), Some("a.example/own"));
    for wrong in ["openid", "/own", ""] {
        assert_eq!(key(wrong), None, "{wrong}");
    }
    assert_eq!(
        truid.short_scope_token("truid.app/data-point/email"),
        "email"
    );
    assert_eq!(
        truid.claim_key("personal-number/swe-10").as_deref(),
        Some("truid.app/claim/personal-number/swe-10/v1")
    );
    assert_eq!(
        truid.claim_key("a.example/claim/x").as_deref(),
        Some("a.example/claim/x")
    );
    assert_eq!(truid.claim_key("email/v1"), None);
    assert_eq!(
        truid.short_claim("truid.app/claim/nationality/v1"),
        "nationality"
    );
}
