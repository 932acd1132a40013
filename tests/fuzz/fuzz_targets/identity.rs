//! User info and presentation, and how a table shows their claims.
//!
//! Input: an HTTP answer, which is read as both.
//!
//! Nothing is lost: each member of the JSON is read, or is unchanged in `more`. No value is shown.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};
use switchback_fuzz::{SECRET, response};
use switchback_protocol::Provider;
use switchback_protocol::http::Response;
use switchback_protocol::identity::{Claim, ClaimValue, Presentation, Summary, UserInfo};
use switchback_protocol::provider::truid::{PortraitImage, StructuredName};

fuzz_target!(|input: &[u8]| {
    let Some(response) = response(input) else {
        return;
    };
    let body = serde_json::from_slice(&response.body).ok();
    match UserInfo::read(&response) {
        Ok(info) => {
            assert_eq!(format!("{info:?}"), "UserInfo([redacted])");
            user_info_is_whole(info, body.as_ref().expect("it was read"));
        }
        Err(rule) => assert!(!format!("{rule} {rule:?}").contains(SECRET)),
    }
    match Provider::truid().read_presentation(&response) {
        Ok(presentation) => {
            let nameless = Presentation {
                claims: presentation.claims.iter().map(without_value).collect(),
                sub: "another".into(),
                more: Map::new(),
            };
            assert_eq!(format!("{presentation:?}"), format!("{nameless:?}"));
            presentation.claims.iter().for_each(is_told);
            presentation_is_whole(presentation, body.as_ref().expect("it was read"));
        }
        Err(rule) => assert!(!format!("{rule} {rule:?}").contains(SECRET)),
    }
    assert!(!format!("{response:?}").contains(SECRET) || in_content_type(&response));
});

fn in_content_type(response: &Response) -> bool {
    let content_type = response.header("content-type");
    content_type.is_some_and(|content_type| content_type.contains(SECRET))
}

fn without_value(claim: &Claim) -> Claim {
    Claim {
        key: claim.key.clone(),
        value: ClaimValue::Text("another".into()),
        more: Map::new(),
    }
}

fn user_info_is_whole(info: UserInfo, body: &Value) {
    let mut whole = info.more;
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            assert!(
                whole.insert(name.into(), value).is_none(),
                "{name} is there twice"
            );
        }
    };
    for (name, text) in [
        ("sub", Some(info.sub)),
        ("iss", info.iss),
        ("aud", info.aud),
        ("name", info.name),
        ("given_name", info.given_name),
        ("family_name", info.family_name),
        ("birthdate", info.birthdate),
        ("gender", info.gender),
        ("email", info.email),
        ("phone_number", info.phone_number),
    ] {
        put(name, text.map(Value::from));
    }
    // Some services send these as texts.
    for (name, value) in [
        ("email_verified", info.email_verified),
        ("phone_number_verified", info.phone_number_verified),
    ] {
        let came = || body[name].clone();
        put(name, value.map(|_| came()));
        assert!(value.is_none_or(|value| came() == value || came() == value.to_string()));
    }
    if let Some(formatted) = info.address {
        let address = whole
            .entry("address")
            .or_insert_with(|| Value::Object(Map::new()));
        address["formatted"] = formatted.into();
    }
    // An address without content is absent.
    let mut body = body.clone();
    for object in [&mut body, &mut Value::Object(Map::new())] {
        if object["address"] == Value::Object(Map::new()) {
            object
                .as_object_mut()
                .map(|members| members.remove("address"));
        }
    }
    assert_eq!(Value::Object(whole), body);
}

fn presentation_is_whole(presentation: Presentation, body: &Value) {
    let claims = presentation.claims.into_iter().map(|claim| {
        let mut whole = claim.more;
        whole.insert("type".into(), claim.key.into());
        let value = match claim.value {
            ClaimValue::Text(text) => text.into(),
            ClaimValue::Other(value) => value,
        };
        whole.insert("value".into(), value);
        Value::Object(whole)
    });
    let claims: Vec<_> = claims.collect();
    let mut whole = presentation.more;
    whole.insert("sub".into(), presentation.sub.into());
    whole.insert("claims".into(), claims.into());
    assert_eq!(&Value::Object(whole), body);
}

/// Each reader of a claim accepts any value, and shows nothing of it.
fn is_told(claim: &Claim) {
    let summary = Summary::of(&claim.value);
    assert_eq!(format!("{summary:?}"), "Summary([redacted])");
    let truid = Provider::truid();
    let (facts, value) = (&truid.facts().claims, &claim.value);
    let _ = (facts.summary)(&claim.key, value);
    if let Some(portrait) = PortraitImage::read(value) {
        assert!(!format!("{portrait:?}").contains(SECRET));
        if let Err(why) = portrait.bytes() {
            assert!(!why.to_string().contains(SECRET));
        }
    }
    if let Some(name) = StructuredName::read(value) {
        assert!(!format!("{name:?}").contains(SECRET));
    }
}
