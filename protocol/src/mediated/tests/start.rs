//! Start requests, and the URLs that the app may open.

use super::*;

#[test]
fn a_start_request_follows_truids_guide() {
    let extra = [("a".to_string(), "b c&d".to_string())].into();
    let request = theirs().start(Purpose::Onboarding, &extra, None);
    assert_eq!(
        request.url,
        "https://service.example/truid/confirm-signup?app=1&a=b%20c%26d"
    );
    assert_eq!(header(&request, "x-requested-with"), Some("XMLHttpRequest"));
    assert_eq!(header(&request, "accept"), Some("application/json"));
    assert_eq!(header(&request, "switchback-session"), None);
    let session = Some(("cookie", Secret::from("a=b")));
    let request = ours().start(Purpose::Login, &extra, session);
    assert_eq!(
        request.url,
        "https://service.example/truid/login-session?a=b%20c%26d"
    );
    assert_eq!(header(&request, "switchback-session"), Some("token"));
    assert_eq!(header(&request, "cookie"), Some("a=b"));
}

#[test]
fn every_valid_start_answer_is_read() {
    let url =
        format!("{PAGE}?state=s&redirect_uri=https%3A%2F%2Fservice.example%2Ftruid%2Fcomplete");
    let json = ("content-type", "application/json; charset=utf-8");
    for (status, location, body) in [
        (202, true, ""),
        (200, true, "<html>"),
        (302, true, ""),
        (303, true, ""),
        (307, true, ""),
        (200, false, r#"{"location":"URL"}"#),
        (200, false, r#"{"url":"URL","more":[1]}"#),
        (202, false, r#"{"authorization_url":"URL","location":7}"#),
    ] {
        let mut headers = Vec::from([COOKIE, json]);
        if location {
            headers.push(("location", &url));
        }
        let started = read(
            &theirs(),
            &answer(status, &headers, &body.replace("URL", &url)),
        );
        let started = started.unwrap_or_else(|why| panic!("{status} {body}: {why:?}"));
        assert_eq!(started.url.expose(), url);
        assert!(started.state.unwrap().is("s"));
        assert_eq!((started.life, started.single_use), (None, false));
    }
}

#[test]
fn a_pushed_request_has_no_visible_state() {
    let url = format!("{PAGE}?client_id=c&request_uri=urn%3Ax");
    let started = located(&url).unwrap();
    assert_eq!((started.state, started.life), (None, Some(60)));
    assert!(started.single_use);
    let headers = [
        COOKIE,
        ("location", url.as_str()),
        ("content-type", "application/json"),
    ];
    let body = r#"{"state":"s","expires_in":55}"#;
    let started = read(&ours(), &answer(202, &headers, body)).unwrap();
    assert!(started.state.unwrap().is("s"));
    assert_eq!(started.life, Some(55));
    // Other mistakes in the body change nothing.
    for body in [
        "\u{feff}{\"state\":\"s\",\"expires_in\":55}",
        r#"{"state":"s","expires_in":55,"life":1e400,"life":"\ud83d"}"#,
    ] {
        let started = read(&ours(), &answer(202, &headers, body)).unwrap();
        assert!(started.state.unwrap().is("s"), "{body}");
        assert_eq!(started.life, Some(55), "{body}");
    }
    let strange = r#"{"state":7,"expires_in":"soon"}"#;
    let started = read(&ours(), &answer(202, &headers, strange)).unwrap();
    assert_eq!((started.state, started.life), (None, Some(60)));
}

/// A server that answers in place of the backend cannot make the app open another URL.
#[test]
fn only_the_providers_own_url_is_opened() {
    for url in [
        "javascript:alert(document.cookie)",
        "data:text/html,<script>",
        "intent://api.truid.app/#Intent;scheme=https;package=evil;end",
        "file:///etc/passwd",
        "truid://api.truid.app/?state=s",
        "//api.truid.app/?state=s",
        "/oauth2/v1/authorize?state=s",
        "https:/api.truid.app/?state=s",
        "https:api.truid.app/?state=s",
        "https:///api.truid.app/?state=s",
        "https:\\\\api.truid.app/?state=s",
        "https://evil.example\\@api.truid.app/?state=s",
        "https://evil.example\\.api.truid.app/?state=s",
        "https://api.truid.app@evil.example/?state=s",
        "https://evil.example@api.truid.app/?state=s",
        "https://@api.truid.app/?state=s",
        "https://api\t.truid.app/?state=s",
        "https://api.truid.app/?state=s\nx",
        "https://api.truid.app/ ?state=s",
        " https://api.truid.app/?state=s",
        "https://api.truid.app/?state=s#x",
        "https://api.truid.app/?state=s&state=t",
        "https://api.truid.app/?state=%zz",
        "https://аpi.truid.app/?state=s",
        "",
    ] {
        assert_eq!(broken(url), Some(Rule::Location), "{url:?}");
    }
    for url in [
        "http://api.truid.app/?state=s",
        "https://api.truid.app:8443/?state=s",
        "https://evil.example/?state=s",
        "https://api.truid.app.evil.example/?state=s",
        "https://api.truid.app./?state=s",
        "https://evilapi.truid.app/?state=s",
        "https://truid.app/?state=s",
        "https://api.truid.app%2eevil.example/?state=s",
        "https://api.truid.app%00.evil.example/?state=s",
        "https://xn--pi-7kc.truid.app/?state=s",
        "https://127.0.0.1/?state=s",
        "http://127.0.0.1/?state=s",
        "ftp://api.truid.app/?state=s",
        "https://service.example/?state=s&u=https://api.truid.app/",
    ] {
        let rule = broken(url);
        let expected = match url.starts_with("ftp") {
            true => Rule::Location,
            false => Rule::LocationHost,
        };
        assert_eq!(rule, Some(expected), "{url:?}");
    }
    let long = format!("{PAGE}?state={}", "s".repeat(20_000));
    assert_eq!(broken(&long), Some(Rule::Location));
}

/// Truid registers one redirect URI for each purpose.
#[test]
fn each_purpose_may_have_its_own_redirect_uri() {
    const SIGN_UP: &str = "https://service.example/truid/complete-signup";
    let start = |mediation: &Mediation, purpose, redirect_uri: &str| {
        let asked = mediation.start(purpose, &BTreeMap::new(), None);
        let redirect_uri = crate::form::encoded(redirect_uri);
        let url = format!("{PAGE}?state=s&redirect_uri={redirect_uri}");
        let answer = answer(202, &[COOKIE, ("location", &url)], "");
        let mut jar = Jar::default();
        mediation.read_start(purpose, &asked, &answer, &mut jar, &NOW)
    };
    let one = theirs();
    let two = theirs().with_redirect_uri(Purpose::Onboarding, SIGN_UP);
    let two = two.unwrap();
    for (mediation, purpose, named, known) in [
        (&one, Purpose::Login, REDIRECT, true),
        (&one, Purpose::Onboarding, REDIRECT, true),
        (&one, Purpose::Onboarding, SIGN_UP, false),
        (&two, Purpose::Login, REDIRECT, true),
        (&two, Purpose::IdentityVerification, REDIRECT, true),
        (&two, Purpose::Onboarding, SIGN_UP, true),
        (&two, Purpose::Onboarding, REDIRECT, false),
        (&two, Purpose::Login, SIGN_UP, false),
        (&two, Purpose::Login, "truidtest:///truid/complete", false),
    ] {
        let started = start(mediation, purpose, named);
        if known {
            assert!(started.is_ok(), "{purpose} {named} {started:?}");
            continue;
        }
        let ours = mediation.redirect_uris().of(purpose).as_str().into();
        let named = named.into();
        // The error says what to configure.
        assert_eq!(started, Err(NotStarted::RedirectUri { named, ours }));
    }
    let long = [REDIRECT, &"x".repeat(1000)].concat();
    let Err(NotStarted::RedirectUri { named, .. }) = start(&one, Purpose::Login, &long) else {
        panic!("no redirect URI is named")
    };
    assert_eq!(named.len(), 200);
    let request = two.forward(Purpose::Onboarding, &format!("{SIGN_UP}?code=c"), None);
    assert_eq!(request.url, format!("{SIGN_UP}?code=c"));
    for wrong in [
        "https://other.example/cb",
        "truidtest:///cb",
        "https://service.example/cb?x",
    ] {
        let wrong = theirs().with_redirect_uri(Purpose::Login, wrong);
        assert!(wrong.is_err(), "{wrong:?}");
    }
}

#[test]
fn a_cookie_in_the_named_redirect_uri_is_redacted() {
    let mediation = theirs();
    let cookie = ("cookie", Secret::from("sid=s3ss10n-of-this-app"));
    let asked = mediation.start(Purpose::Login, &BTreeMap::new(), [cookie]);
    // The same if the secret crosses the maximum length.
    for before in [0, 160] {
        let named = [REDIRECT, "/", &"x".repeat(before), "s3ss10n-of-this-app"].concat();
        let url = format!(
            "{PAGE}?state=s&redirect_uri={}",
            crate::form::encoded(&named)
        );
        let response = answer(202, &[COOKIE, ("location", &url)], "");
        let jar = &mut Jar::default();
        let read = mediation.read_start(Purpose::Login, &asked, &response, jar, &NOW);
        let Err(NotStarted::RedirectUri { named, .. }) = read else {
            panic!("{read:?}")
        };
        assert!(!named.contains("s3ss"), "{named}");
    }
}

#[test]
fn the_url_must_have_a_state_and_our_redirect_uri() {
    for uri in [
        "https%3A%2F%2Fevil.example%2Ftruid%2Fcomplete",
        "https%3A%2F%2Fservice.example%2Ftruid%2Fcomplete%3Fx=1",
        "http%3A%2F%2Fservice.example%2Ftruid%2Fcomplete",
        "javascript%3Aalert(1)",
        "",
    ] {
        let url = format!("{PAGE}?state=s&redirect_uri={uri}");
        assert_eq!(broken(&url), Some(Rule::LocationRedirectUri), "{uri}");
    }
    for query in [
        "",
        "?client_id=c",
        "?state=",
        "?state",
        "?state=&request_uri=u",
    ] {
        let url = format!("{PAGE}{query}");
        assert_eq!(broken(&url), Some(Rule::LocationState), "{query}");
    }
    let url = format!("{PAGE}?state=s");
    let headers = [
        COOKIE,
        ("location", url.as_str()),
        ("content-type", "application/json"),
    ];
    let other = read(&ours(), &answer(202, &headers, r#"{"state":"t"}"#));
    assert_eq!(other, Err(NotStarted::Broken(Rule::LocationState)));
}

#[test]
fn http_is_opened_only_for_a_loopback_provider() {
    let at = |base: &str| {
        let provider = Provider::truid().with_base_url(base);
        Mediation::new(
            provider,
            Backend::custom(START),
            REDIRECT,
            Environment::Production,
        )
        .unwrap()
    };
    let to = |url| answer(202, &[COOKIE, ("location", url)], "");
    let sandbox = at("http://127.0.0.1:4711/truid");
    assert!(read(&sandbox, &to("http://127.0.0.1:4711/a?state=s")).is_ok());
    for other in [
        "https://127.0.0.1:4711/a?state=s",
        "http://127.0.0.1:4712/a?state=s",
        "http://localhost:4711/a?state=s",
        "http://127.0.0.1:4711@evil.example/a?state=s",
    ] {
        assert!(read(&sandbox, &to(other)).is_err(), "{other}");
    }
}

#[test]
fn a_start_needs_a_cookie_for_the_callback() {
    let url = format!("{PAGE}?state=s");
    for set in [
        "",
        "a=1; Domain=evil.example",
        "a=1; Path=/other",
        "__Host-a=1; Path=/",
        "a=1; Max-Age=0",
    ] {
        let headers = [("location", url.as_str()), ("set-cookie", set)];
        let read = read(&theirs(), &answer(202, &headers, ""));
        assert_eq!(read, Err(NotStarted::Broken(Rule::NoCookie)), "{set}");
    }
}

#[test]
fn a_start_with_a_bearer_token_needs_no_cookie() {
    let headers = [("location", "https://api.truid.app/?state=s")];
    let answer = answer(202, &headers, "");
    let session = Some(crate::http::bearer(&"A".into()));
    let asked = ours().start(Purpose::Login, &BTreeMap::new(), session);
    let read = ours().read_start(Purpose::Login, &asked, &answer, &mut Jar::default(), &NOW);
    assert!(read.is_ok(), "{read:?}");
}

#[test]
fn failed_starts_are_distinguished() {
    let read =
        |status, headers: &[(&str, &str)], body| read(&theirs(), &answer(status, headers, body));
    let after = [("retry-after", "7")];
    for status in [408, 421, 425, 429, 500, 502, 503] {
        let retry_after = Some(7);
        assert_eq!(
            read(status, &after, ""),
            Err(NotStarted::Busy { retry_after })
        );
    }
    assert_eq!(read(401, &[], ""), Err(NotStarted::NotLoggedIn));
    let refused = read(403, &[], r#"{"error":"not_yours"}"#);
    let Err(NotStarted::Refused { status: 403, error }) = refused else {
        panic!("{refused:?}")
    };
    assert!(error.unwrap().is("not_yours"));
    // A temporary error is not about the configuration, with any status.
    let temporary = r#"{"error":"temporarily_unavailable"}"#;
    let busy = NotStarted::Busy { retry_after: None };
    assert_eq!(read(400, &[], temporary), Err(busy));
    // A gateway limits the rate with a status and a code of its own.
    let retry_after = Some(7);
    let limited = NotStarted::Busy { retry_after };
    assert_eq!(
        read(403, &after, r#"{"error":"rate_limited"}"#),
        Err(limited)
    );
    let refused = read(403, &after, r#"{"error":"unauthorized_client"}"#);
    assert!(matches!(refused, Err(NotStarted::Refused { .. })));
    for (status, rule) in [
        (204, Rule::Status(204)),
        (301, Rule::Redirect(301)),
        (200, Rule::NoLocation),
    ] {
        assert_eq!(read(status, &[COOKIE], "{}"), Err(NotStarted::Broken(rule)));
    }
}

proptest! {
    #[test]
    fn every_accepted_url_is_the_providers(url: String, tail: String) {
        let origin = Origin::of("https://api.truid.app");
        for url in [url, format!("https://api.truid.app{tail}"), format!("https://{tail}?state=s")] {
            if let Ok(started) = located(&url) {
                prop_assert_eq!(&Origin::of(started.url.expose()), &origin);
            }
        }
    }

    #[test]
    fn no_answer_makes_the_readers_panic(status in 100u16..600, location: String, body: Vec<u8>) {
        let headers = [COOKIE, ("location", location.as_str()), ("content-type", "application/json")];
        let mut response = answer(status, &headers, "");
        response.body = body;
        let _ = read(&ours(), &response);
        let _ = ours().read_completion(&crate::callback::Answer::Declined, &response, &[]);
    }
}

/// The backend's text goes into an error, and then into a log.
#[test]
fn secrets_in_a_start_error_are_redacted() {
    let body = r#"{"error":"no","error_description":"not for A1-acce55, s3ss10n or tr4ck"}"#;
    for session in [
        bearer(&"A1-acce55".into()),
        ("cookie", "sid=s3ss10n; other=tr4ck".into()),
    ] {
        let asked = theirs().start(Purpose::Login, &BTreeMap::new(), Some(session));
        let secrets = crate::http::secrets_in(&asked.headers);
        let answer = answer(400, &[], body);
        let read = theirs().read_start(Purpose::Login, &asked, &answer, &mut Jar::default(), &NOW);
        let shown = format!("{read:?}");
        assert!(shown.contains("[redacted]") && !secrets.is_empty());
        for secret in secrets {
            assert!(!shown.contains(secret.expose()), "{shown}");
        }
    }
}
