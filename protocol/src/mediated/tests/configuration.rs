//! Valid and invalid configurations of a backend.

use super::*;

#[test]
fn every_url_is_on_the_backends_own_origin() {
    use RegistrationError as E;
    let new = |backend, redirect| {
        Mediation::new(
            Provider::truid(),
            backend,
            redirect,
            Environment::Production,
        )
    };
    let theirs = || Backend::custom(START);
    assert!(
        new(
            theirs().with_user_info("https://service.example:443/me?x=1"),
            REDIRECT
        )
        .is_ok()
    );
    for (backend, redirect, setting) in [
        (theirs(), "https://app.example/cb", Setting::RedirectUri),
        (
            theirs(),
            "https://service.example:444/cb",
            Setting::RedirectUri,
        ),
        (
            theirs().with_user_info("https://api.example/me"),
            REDIRECT,
            Setting::UserInfoUrl,
        ),
        (
            theirs().with_presentation("https://x.service.example/p"),
            REDIRECT,
            Setting::PresentationUrl,
        ),
        (
            theirs().with_log_out("https://evil.example/out"),
            REDIRECT,
            Setting::LogOutUrl,
        ),
        (
            Backend::switchback("https://evil.example"),
            REDIRECT,
            Setting::RedirectUri,
        ),
    ] {
        let error = new(backend, redirect).unwrap_err();
        assert!(
            matches!(error, E::OtherOrigin { which, .. } if which == setting),
            "{error}"
        );
        assert!(error.to_string().contains("origin, https://"), "{error}");
    }
    for (url, redirect) in [
        ("http://service.example/x", "http://service.example/cb"),
        ("ftp://service.example/x", "ftp://service.example/cb"),
    ] {
        let error = new(Backend::custom(url), redirect).unwrap_err();
        assert!(matches!(error, E::BackendNotHttps { .. }), "{error}");
    }
    assert!(
        new(
            Backend::custom("http://127.0.0.1:1/{purpose}"),
            "http://127.0.0.1:1/cb"
        )
        .is_ok()
    );
    let error = new(theirs(), "http://service.example/truid/complete").unwrap_err();
    assert!(
        matches!(
            error,
            E::BackendNotHttps {
                which: Setting::RedirectUri,
                ..
            }
        ),
        "{error}"
    );
    let error = new(
        Backend::custom("https://me:hunter2@service.example/x"),
        REDIRECT,
    )
    .unwrap_err();
    assert!(matches!(error, E::UserInfo { .. }) && !error.to_string().contains("hunter2"));
    for (backend, redirect) in [
        (
            Backend::custom("https://{purpose}.service.example/x"),
            REDIRECT,
        ),
        (Backend::custom("no url"), REDIRECT),
        (Backend::custom("https://service.example/x#y"), REDIRECT),
        (Backend::custom("https:///x"), REDIRECT),
        (Backend::switchback("https://service.example/x?y"), REDIRECT),
        (theirs(), "https://service.example/cb?x"),
    ] {
        assert!(new(backend.clone(), redirect).is_err(), "{backend:?}");
    }
}

/// Development set-ups of Truid's guide: an emulator, a phone on the same network, and a
/// redirect URI that only the app opens.
#[test]
fn a_test_service_may_be_on_a_developers_machine() {
    let new = |backend: &str, redirect, environment| {
        let backend = Backend::custom(backend).with_user_info(&format!("{backend}/me"));
        Mediation::new(Provider::truid(), backend, redirect, environment)
    };
    for (backend, redirect, forwarded_to) in [
        (
            "http://10.0.2.2:8080/truid",
            "http://10.0.2.2:8080/cb",
            "http://10.0.2.2:8080/cb",
        ),
        (
            "http://mac.local:8080/truid",
            "http://MAC.local:8080/cb",
            "http://MAC.local:8080/cb",
        ),
        (
            "http://192.168.1.17/truid",
            "http://192.168.1.17/cb",
            "http://192.168.1.17/cb",
        ),
        (
            "http://[fd00::1]:8080/truid",
            "http://[fd00::1]:8080/cb",
            "http://[fd00::1]:8080/cb",
        ),
        (
            "http://mac.local:8080/truid",
            "truidtest:///truid/v1/complete-login",
            "http://mac.local:8080/truid/v1/complete-login",
        ),
        (
            "https://service.example/truid",
            "com.example.shop:/cb",
            "https://service.example/cb",
        ),
        (
            "https://service.example/truid",
            "truidtest://app/cb",
            "https://service.example/cb",
        ),
    ] {
        let mediation = new(backend, redirect, Environment::Test).unwrap();
        let request = mediation.forward(
            Purpose::Login,
            &format!("{redirect}?code=c&state=s#x"),
            None,
        );
        assert_eq!(request.url, format!("{forwarded_to}?code=c&state=s"));
        assert_eq!(mediation.redirect_uris().default_uri().as_str(), redirect);
        let error = new(backend, redirect, Environment::Production).unwrap_err();
        assert!(error.to_string().contains("test service"), "{error}");
    }
    for (backend, redirect) in [
        ("http://service.example/truid", "http://service.example/cb"),
        ("http://8.8.8.8/truid", "http://8.8.8.8/cb"),
        ("http://mac.local/truid", "http://other.local/cb"),
        ("http://mac.local/truid", "http://mac.local:8080/cb"),
        ("https://service.example/truid", "truidtest:cb"),
        ("https://service.example/truid", "truidtest://cb"),
        ("https://service.example/truid", "javascript:///cb"),
        ("truidtest:///truid", "truidtest:///cb"),
    ] {
        assert!(
            new(backend, redirect, Environment::Test).is_err(),
            "{redirect}"
        );
    }
}

#[test]
fn an_http_provider_needs_a_test_service() {
    for base in ["http://10.0.2.2:8090", "http://mac.local:8090"] {
        let new = |environment| {
            let backend = Backend::custom("http://10.0.2.2:8080/truid");
            let provider = Provider::truid().with_base_url(base);
            Mediation::new(provider, backend, "http://10.0.2.2:8080/cb", environment)
        };
        let mediation = new(Environment::Test).unwrap();
        let page = format!("{base}/authorize?state=s");
        let started = read(
            &mediation,
            &answer(
                202,
                &[("set-cookie", "sid=1; Path=/"), ("location", &page)],
                "",
            ),
        );
        assert_eq!(started.unwrap().url.expose(), page);
        assert!(matches!(
            new(Environment::Production),
            Err(RegistrationError::BaseNotHttps(_))
        ));
    }
}
