//! What a backend may be configured with.

use super::*;

#[test]
fn every_url_is_on_the_backends_own_origin() {
    use RegistrationError as E;
    let new = |backend, redirect| Mediation::new(Provider::truid(), backend, redirect);
    let theirs = || Backend::at(START);
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
        ("truidtest:///x", "truidtest:///cb"),
    ] {
        let error = new(Backend::at(url), redirect).unwrap_err();
        assert!(matches!(error, E::BackendNotHttps { .. }), "{error}");
    }
    assert!(
        new(
            Backend::at("http://127.0.0.1:1/{function}"),
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
        Backend::at("https://me:hunter2@service.example/x"),
        REDIRECT,
    )
    .unwrap_err();
    assert!(matches!(error, E::UserInfo { .. }) && !error.to_string().contains("hunter2"));
    for (backend, redirect) in [
        (
            Backend::at("https://{function}.service.example/x"),
            REDIRECT,
        ),
        (Backend::at("no url"), REDIRECT),
        (Backend::at("https://service.example/x#y"), REDIRECT),
        (Backend::at("https:///x"), REDIRECT),
        (Backend::switchback("https://service.example/x?y"), REDIRECT),
        (theirs(), "https://service.example/cb?x"),
    ] {
        assert!(new(backend.clone(), redirect).is_err(), "{backend:?}");
    }
}
