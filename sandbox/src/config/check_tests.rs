//! Tests of the check.

use super::*;
use crate::Person;

/// The wrong keys of the default configuration after a change.
fn wrong(change: impl FnOnce(&mut Config)) -> Vec<String> {
    let mut config = Config::default();
    change(&mut config);
    match config.check() {
        Ok(()) => Vec::new(),
        Err(error) => error.problems().iter().map(|p| p.key.clone()).collect(),
    }
}

#[test]
fn the_default_configuration_is_correct() {
    assert_eq!(Config::default().check(), Ok(()));
    assert!(Config::default().warnings().is_empty());
}

#[test]
fn numbers_have_bounds() {
    assert_eq!(wrong(|c| c.par_status = 204), ["par_status"]);
    assert_eq!(wrong(|c| c.lifetimes.code = 0), ["lifetimes.code"]);
    assert_eq!(
        wrong(|c| c.lifetimes.waiting = FURTHEST + 1),
        ["lifetimes.waiting"]
    );
    // The first access token of a login session is never longer than `access_token`.
    assert_eq!(wrong(|c| c.lifetimes.access_token = 1), [""; 0]);
    assert_eq!(wrong(|c| c.limits.grants = 0), ["limits.grants"]);
    assert_eq!(wrong(|c| c.now = Some(-1)), ["now"]);
    assert_eq!(wrong(|c| c.now = Some(FURTHEST)), [""; 0]);
}

#[test]
fn a_public_url_is_an_origin() {
    let public = |url: &str| wrong(|c| c.public_url = Some(url.into()));
    assert_eq!(public("https://sandbox.example"), [""; 0]);
    assert_eq!(public("https://sandbox.example/a"), ["public_url"]);
    assert_eq!(public("sandbox.example"), ["public_url"]);
}

#[test]
fn apps_are_checked() {
    let keys = wrong(|c| {
        c.apps.ios = vec!["ABCDE12345.com.example.app".into(), "app".into()];
        c.apps.android = vec![
            crate::AndroidApp::default(),
            crate::AndroidApp {
                package: "com.example.app".into(),
                sha256_cert_fingerprints: vec![vec!["AB"; 32].join(":"), "AB".into()],
            },
        ];
    });
    assert_eq!(
        keys,
        [
            "apps.ios[1]",
            "apps.android[0].package",
            "apps.android[0].sha256_cert_fingerprints",
            "apps.android[1].sha256_cert_fingerprints[1]",
        ]
    );
}

#[test]
fn clients_and_people_are_required_and_have_different_ids() {
    assert_eq!(wrong(|c| c.clients.clear()), ["client"]);
    assert_eq!(wrong(|c| c.people.clear()), ["person"]);
    assert_eq!(
        wrong(|c| c.clients.push(RegisteredClient::demo_app())),
        ["client[2].client_id"]
    );
    let place = format!("person[{}].id", Config::default().people.len());
    assert_eq!(wrong(|c| c.people.push(Person::default())), [place]);
}

#[test]
fn a_registration_is_checked() {
    for (uri, part) in [
        ("https://a.example/?x=1", "query"),
        ("https://a.example/#x", "fragment"),
        ("//cb", "absolute"),
        ("cb", "absolute"),
        ("/cb?x=1", "query"),
        ("/c b", "characters"),
        ("https://a.example/ö", "characters"),
        ("javascript:alert(1)", "scheme"),
    ] {
        assert!(redirect_uri(uri).unwrap_err().contains(part), "{uri}");
    }
    assert_eq!(redirect_uri("demoapp:///callback"), Ok(()));
    assert_eq!(redirect_uri("/cb"), Ok(()));
    let keys = wrong(|c| {
        let client = &mut c.clients[0];
        client.client_id.clear();
        client.secret = Some(String::new());
        client.redirect_uris = vec!["a:b".into(), "b".into()];
        client.data_points = vec!["email".into(), "a b/c".into(), "a/b".into()];
        c.clients[1].redirect_uris.clear();
        c.clients[1].data_points.clear();
    });
    assert_eq!(
        keys,
        [
            "client[0].client_id",
            "client[0].client_secret",
            "client[0].redirect_uris[1]",
            "client[0].data_points[0]",
            "client[0].data_points[1]",
            "client[1].redirect_uris",
            "client[1].data_points",
        ]
    );
}

#[test]
fn a_method_needs_its_secret_or_key() {
    use crate::AuthenticationMethod::{ClientSecretBasic, None, PrivateKeyJwt};
    let keys = wrong(|c| {
        c.clients[0].public_key = Some("-----BEGIN PRIVATE KEY-----".into());
        c.clients[0].authentication = Some(ClientSecretBasic);
        c.clients[1].authentication = Some(PrivateKeyJwt);
        let mut none = RegisteredClient::confidential("c", "s", "a:b");
        none.authentication = Some(None);
        c.clients.push(none);
    });
    assert_eq!(
        keys,
        [
            "client[0].public_key",
            "client[0].token_endpoint_auth_method",
            "client[1].token_endpoint_auth_method",
            "client[2].token_endpoint_auth_method",
        ]
    );
}

#[test]
fn an_unknown_data_point_is_only_a_warning() {
    let mut config = Config::default();
    config.clients[1].data_points[2] = "truid.app/data-point/emial".into();
    assert_eq!(config.check(), Ok(()));
    let warnings = config.warnings();
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0].key, "client[1].data_points[2]");
}

#[test]
fn no_error_shows_a_secret() {
    let mut config = Config::default();
    config.clients[1].secret = Some("geheim-ö".into());
    let error = config.check().unwrap_err();
    assert!(error.to_string().starts_with("client[1].client_secret: "));
    assert!(!format!("{error} {error:?} {config:?}").contains("geheim"));
}
