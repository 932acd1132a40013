//! Answers to a browser, and the association files for phones.

use switchback_backend::Purpose;
use switchback_backend::web::{self, AndroidApp, Apps, Web, pages::Page};
use switchback_sandbox::{Config, Endpoint, Misbehaviour, Person, RegisteredClient, Rule};

use super::support::*;

const ANDROID: (&str, &str) = ("user-agent", "Mozilla/5.0 (Linux; Android 16) Mobile");
const IPHONE: (&str, &str) = ("user-agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0)");
const FRAME: (&str, &str) = ("sec-fetch-dest", "iframe");
const CROSS_SITE: (&str, &str) = ("sec-fetch-site", "cross-site");
const OPENED: (&str, &str) = ("sec-fetch-site", "none");

fn apps() -> Apps {
    Apps {
        ios: vec!["ABCDE12345.com.example.app".into()],
        android: vec![AndroidApp {
            package: "com.example.app".into(),
            sha256_cert_fingerprints: vec![["AB"; 32].join(":")],
        }],
    }
}

/// A service with all pages.
fn node(fixture: &BackendFixture, apps: Apps) -> Node {
    let service = fixture.service();
    let mut web = Web::default();
    web.apps = apps;
    let mut page = Page::default();
    page.name = Some("Fish & <Chips>".into());
    let router = web::router(service.clone(), web.clone())
        .merge(web::pages::router(service.clone(), web.clone(), page))
        .merge(web::well_known(&service, &web));
    Node { service, router }
}

/// Begins a login in a browser: its cookie, and the callback link.
async fn begin_login(fixture: &BackendFixture, node: &Node) -> (String, String) {
    let started = node.get("/truid/login-session", &[HTML]).await;
    (
        started.cookie().unwrap(),
        fixture.approve(started.location()),
    )
}

/// Lets the next request to the provider fail.
fn fail_next_request(fixture: &BackendFixture) {
    let rule = Rule::new(Misbehaviour::ServerError);
    fixture.sandbox.misbehave(rule).unwrap();
}

/// The answer to the log-out form redirects, and Chromium applies the page's policy to that
/// redirect.
#[tokio::test]
async fn after_login_may_be_on_another_origin() {
    let fixture = BackendFixture::new().await;
    for (after, to) in [
        ("/in", "form-action 'self';"),
        (
            "https://shop.example/in?x",
            "form-action 'self' https://shop.example;",
        ),
    ] {
        let mut web = Web::default();
        web.after_login = after.parse().unwrap();
        let router = web::pages::router(fixture.service(), web, Page::default());
        let service = fixture.service();
        let page = Node { service, router }.get("/", &[HTML]).await;
        let policy = page.header("content-security-policy");
        assert!(policy.contains(to), "{policy}");
    }
}

#[tokio::test]
async fn the_page_offers_what_the_service_has() {
    let fixture = BackendFixture::new().await;
    let page = node(&fixture, Apps::default()).get("/", &[HTML]).await;
    assert_eq!(page.status, 200);
    for offered in ["login-session", "confirm-signup", "idv"] {
        assert!(page.body.contains(&format!("href=\"/truid/{offered}\"")));
    }
    assert!(
        page.body.contains("Fish &#38; &#60;Chips&#62;"),
        "{}",
        page.body
    );
    let policy = page.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    let frames = format!("; frame-src 'self' {}", fixture.sandbox.url());
    assert!(policy.ends_with(&frames), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("x-content-type-options"), "nosniff");

    let mut config = fixture.config();
    config
        .scopes
        .retain(|purpose, _| *purpose == Purpose::IdentityVerification);
    let service = switchback_backend::Service::new(config, fixture.platform()).unwrap();
    let router = web::pages::router(service.clone(), Web::default(), Page::default());
    let page = Node { service, router }.get("/", &[HTML]).await;
    assert!(page.body.contains("/truid/idv"));
    assert!(!page.body.contains("/truid/login-session"));
    assert!(page.body.contains("<h1>service.example</h1>"));
}

#[tokio::test]
async fn a_service_name_is_escaped() {
    let script = "<script>alert('\"')</script>";
    let mut config = Config::default();
    config.people = vec![Person {
        name: Some(script.into()),
        ..config.people[0].clone()
    }];
    let client = RegisteredClient::confidential(CLIENT_ID, CLIENT_SECRET, REDIRECT_URI);
    let fixture = BackendFixture::with_config(client, config).await;
    let node = node(&fixture, Apps::default());
    let session = fixture.log_in(&node).await;
    let page = node.get("/", &[HTML, ("cookie", &session)]).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("You are logged in"), "{}", page.body);
    assert!(
        page.body.contains("&#60;script&#62;alert("),
        "{}",
        page.body
    );
    assert!(!page.body.contains("<script>"), "{}", page.body);
    assert!(page.body.contains("<dt>Email</dt>"), "{}", page.body);
    assert!(page.body.contains("action=\"/truid/log-out\""));
    assert!(
        !page.body.contains("href=\"/truid/login-session\""),
        "they have that"
    );
}

/// Each session has a section, with the button that ends it.
#[tokio::test]
async fn the_page_shows_a_verification_beside_the_login() {
    let fixture = BackendFixture::new().await;
    let node = node(&fixture, Apps::default());
    let login = fixture.log_in(&node).await;
    let verification = fixture.log_in_for(&node, "idv").await;
    let both = format!("{login}; {verification}");
    const LOG_OUT: &str = "action=\"/truid/log-out\"";
    const END: &str = "action=\"/truid/log-out?purpose=identity_verification\"";
    const LOG_IN: &str = "href=\"/truid/login-session\"";
    const VERIFY: &str = "href=\"/truid/idv\"";
    for (cookies, shown, offered) in [
        (&both, vec![LOG_OUT, END], vec![]),
        (&login, vec![LOG_OUT], vec![VERIFY]),
        (&verification, vec![END], vec![LOG_IN]),
    ] {
        let page = node.get("/", &[HTML, ("cookie", cookies)]).await;
        for text in [LOG_OUT, END, LOG_IN, VERIFY] {
            let is_there = shown.contains(&text) || offered.contains(&text);
            assert_eq!(page.body.contains(text), is_there, "{text}: {}", page.body);
        }
        let logged_in = page.body.contains("You are logged in");
        assert_eq!(logged_in, shown.contains(&LOG_OUT), "{}", page.body);
        assert_eq!(page.body.matches("<dt>Email</dt>").count(), shown.len());
    }
    // The time for a browser without scripts, as people write it.
    let page = node.get("/", &[HTML, ("cookie", &login)]).await;
    let (_, time) = page.body.split_once("<time datetime=\"").unwrap();
    let (machine, text) = time.split_once("Z\">").unwrap();
    let (text, _) = text.split_once("</time>").unwrap();
    assert_eq!(text, format!("{} UTC", machine.replace('T', " ")));
    assert_eq!(machine.len(), "2026-01-31T09:05".len());
    // The end of a verification is no news.
    fixture.advance(301);
    let page = node.get("/", &[HTML, ("cookie", &both)]).await;
    assert!(page.body.contains("You are logged in"), "{}", page.body);
    assert!(!page.body.contains("role=\"status\""), "{}", page.body);
    assert!(page.body.contains(VERIFY), "{}", page.body);
}

#[tokio::test]
async fn a_refusal_shows_our_own_text() {
    let fixture = BackendFixture::new().await;
    let node = node(&fixture, Apps::default());
    for (code, words) in [
        ("access_denied", "You declined."),
        ("expired", "That took too long."),
        ("replayed", "This link was used before."),
        ("server_error", "The login service has a problem."),
        (
            "invalid_scope",
            "The login service does not accept this website.",
        ),
        ("%3Cb%3Ehello", "That did not work."),
        ("Call+0900+for+help", "That did not work."),
    ] {
        let page = node.get(&format!("/?login={code}"), &[HTML]).await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains(words), "{code}: {}", page.body);
        assert!(!page.body.contains("hello") && !page.body.contains("0900"));
    }
    let silent = node.get("/?other=access_denied", &[HTML]).await;
    assert!(!silent.body.contains("role=\"status\""), "{}", silent.body);
}

#[tokio::test]
async fn an_ended_session_is_named_and_an_unknown_one_is_not() {
    let fixture = BackendFixture::new().await;
    let node = node(&fixture, Apps::default());
    let (begun, _) = begin_login(&fixture, &node).await;
    let page = node.get("/", &[HTML, ("cookie", &begun)]).await;
    assert!(!page.body.contains("not logged in any more"));
    let session = fixture.log_in(&node).await;
    fixture.advance(31 * 24 * 3600);
    let page = node.get("/", &[HTML, ("cookie", &session)]).await;
    assert!(
        page.body.contains("not logged in any more"),
        "{}",
        page.body
    );
    assert!(page.body.contains("href=\"/truid/login-session\""));
}

#[tokio::test]
async fn a_browser_without_the_cookie_uses_no_code() {
    let fixture = BackendFixture::new().await;
    let node = node(&fixture, Apps::default());
    let (cookie, link) = begin_login(&fixture, &node).await;
    let elsewhere = fixture.log_in(&node).await;
    for shown in [vec![HTML, OPENED], vec![HTML, ("cookie", &elsewhere)]] {
        let page = node.get(path(&link), &shown).await;
        assert_eq!(page.status, 200);
        assert!(
            page.body.contains("Go back to where you started"),
            "{}",
            page.body
        );
        assert_eq!(page.cookie(), None);
        assert_eq!(page.header("x-robots-tag"), "noindex");
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("refresh"), "");
        assert!(
            !page.body.contains("Open"),
            "there is no app: {}",
            page.body
        );
        let policy = page.header("content-security-policy");
        assert!(!policy.contains("script-src"), "{policy}");
    }
    let completed = node.get(path(&link), &[HTML, ("cookie", &cookie)]).await;
    assert_eq!(
        (completed.status.as_u16(), completed.location()),
        (302, "/")
    );
}

#[tokio::test]
async fn a_phone_gets_a_link_into_the_app() {
    let fixture = BackendFixture::new().await;
    let node = node(&fixture, apps());
    let (_, link) = begin_login(&fixture, &node).await;
    let written = |link: &str| format!("href=\"{}\"", link.replace('&', "&#38;"));
    let android = node.get(path(&link), &[HTML, ANDROID, OPENED]).await;
    let intent = format!(
        "intent://service.example{}#Intent;scheme=https;package=com.example.app;end",
        path(&link)
    );
    assert!(android.body.contains(&written(&intent)), "{}", android.body);
    let iphone = node
        .get(
            path(&link),
            &[HTML, IPHONE, OPENED, ("sec-fetch-dest", "document")],
        )
        .await;
    assert!(
        iphone.body.contains(&written(path(&link))),
        "{}",
        iphone.body
    );
    assert!(iphone.body.contains("touch and hold"), "{}", iphone.body);
    let other = node
        .get(path(&link), &[HTML, OPENED, ("sec-fetch-dest", "document")])
        .await;
    assert!(
        !other.body.contains(&written(path(&link))),
        "{}",
        other.body
    );
}

#[tokio::test]
async fn a_link_cannot_write_into_the_page() {
    let fixture = BackendFixture::new().await;
    let node = node(&fixture, apps());
    let page = node
        .get("/truid/complete?code='{{x}}", &[HTML, IPHONE])
        .await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("code=&#39;{{x}}\""), "{}", page.body);
}

/// The page may have a query and a fragment.
#[tokio::test]
async fn a_decline_reaches_the_return_page_with_its_reason() {
    let fixture = BackendFixture::new().await;
    for (after, declined) in [
        ("/?a=1#b", "/?a=1&login=access_denied#b"),
        ("/in#top", "/in?login=access_denied#top"),
        (
            "https://shop.example/?a=1#b",
            "https://shop.example/?a=1&login=access_denied#b",
        ),
    ] {
        let mut web = Web::default();
        web.after_login = after.parse().unwrap();
        let service = fixture.service();
        let router = web::router(service.clone(), web);
        let node = Node { service, router };
        for frame in [false, true] {
            let started = node.get("/truid/login-session", &[HTML]).await;
            let cookie = started.cookie().unwrap();
            let link = fixture.decline(started.location());
            let mut headers = vec![HTML, ("cookie", &*cookie)];
            headers.extend(frame.then_some(FRAME));
            let told = node.get(path(&link), &headers).await;
            match frame {
                false => assert_eq!(told.location(), declined),
                true => {
                    let link = format!("href=\"{}\"", declined.replace('&', "&#38;"));
                    assert!(told.body.contains(&link), "{}", told.body);
                }
            }
            let approved = node.get("/truid/login-session", &[HTML]).await;
            let link = fixture.approve(approved.location());
            let cookie = approved.cookie().unwrap();
            let done = node.get(path(&link), &[HTML, ("cookie", &cookie)]).await;
            assert_eq!(done.location(), after);
        }
    }
}

/// A prefetch of a link completes no login.
#[tokio::test]
async fn prefetch_begins_and_completes_nothing() {
    let fixture = BackendFixture::new().await;
    let node = node(&fixture, Apps::default());
    let (cookie, link) = begin_login(&fixture, &node).await;
    let shown = [HTML, ("cookie", &*cookie)];
    let before = fixture.sandbox.counters();
    let started = node.service.counters().started.get();
    for (name, value) in [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("sec-purpose", "prefetch; anonymous-client-ip"),
        ("purpose", "prefetch"),
        ("Purpose", "Prefetch"),
        ("x-purpose", "preview"),
        ("x-moz", "prefetch"),
    ] {
        for who in [HTML, XHR] {
            let headers = [who, ("cookie", &cookie), (name, value)];
            let answer = node.get(path(&link), &headers).await;
            answer.is(503, r#"{"error":"temporarily_unavailable"}"#);
            assert_eq!(answer.cookie(), None);
            let answer = node
                .get("/truid/login-session", &[who, (name, value)])
                .await;
            answer.is(503, r#"{"error":"temporarily_unavailable"}"#);
        }
    }
    for who in [HTML, XHR] {
        let headers = [who, ("cookie", &*cookie), ("sec-fetch-site", "none")];
        let answer = node.send(request("HEAD", path(&link), &headers, "")).await;
        answer.is(200, "");
        assert_eq!((answer.cookie(), answer.header("refresh")), (None, ""));
        let answer = node.send(request("HEAD", "/truid/login-session", &[who], ""));
        let answer = answer.await;
        answer.is(503, "");
        assert_eq!((answer.cookie(), answer.location()), (None, ""));
    }
    assert_eq!(fixture.sandbox.counters(), before);
    assert_eq!(node.service.counters().started.get(), started);
    // Other values mean a real navigation.
    let other = [shown[0], shown[1], ("purpose", "none"), ("x-moz", "")];
    let completed = node.get(path(&link), &other).await;
    assert_eq!(completed.location(), "/", "{completed:?}");
}

/// A top-level navigation from another site, for which the browser omitted the cookie.
#[tokio::test]
async fn a_top_level_page_retries_once_and_completes() {
    let fixture = BackendFixture::new().await;
    let node = node(&fixture, Apps::default());
    let top = ("sec-fetch-dest", "document");
    let led: &[&[(&str, &str)]] = &[
        &[HTML, CROSS_SITE, top],
        &[HTML, CROSS_SITE],
        &[HTML, ("sec-fetch-site", "")],
        // A browser without fetch metadata.
        &[HTML],
        &[HTML, ("cookie", "theme=dark")],
        &[HTML, ("x-requested-with", "com.example.shop")],
    ];
    for headers in led {
        let (cookie, link) = begin_login(&fixture, &node).await;
        let (_, query) = link.split_once('?').unwrap();
        let page = node.get(path(&link), headers).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.header("refresh"), format!("0; url=?{query}&again"));
        assert!(page.body.contains("continue here"), "{}", page.body);
        assert_eq!(page.cookie(), None);
        let again = format!("{}&again", path(&link));
        let page = node.get(&again, headers).await;
        assert_eq!(page.header("refresh"), "", "not more than once");
        assert!(page.body.contains("Go back to where"), "{}", page.body);
        let ours = [
            HTML,
            ("sec-fetch-site", "same-origin"),
            top,
            ("cookie", &*cookie),
        ];
        let completed = node.get(&again, &ours).await;
        assert_eq!(
            (completed.status.as_u16(), completed.location()),
            (302, "/")
        );
    }
    let (cookie, link) = begin_login(&fixture, &node).await;
    let elsewhere = fixture.log_in(&node).await;
    let not_led: &[&[(&str, &str)]] = &[
        &[HTML, OPENED, top],
        &[HTML, ("sec-fetch-site", "same-origin"), top],
        &[HTML, ("sec-fetch-site", "same-site"), top],
        // A cookie was sent, but of another login.
        &[HTML, CROSS_SITE, top, ("cookie", &elsewhere)],
    ];
    for headers in not_led {
        let page = node.get(path(&link), headers).await;
        assert_eq!(page.header("refresh"), "", "{headers:?}");
        assert!(page.body.contains("Go back to where"), "{}", page.body);
    }
    let completed = node.get(path(&link), &[HTML, ("cookie", &cookie)]).await;
    assert_eq!(completed.location(), "/");
}

#[tokio::test]
async fn a_frame_retries_once() {
    let fixture = BackendFixture::new().await;
    let node = node(&fixture, Apps::default());
    let (cookie, link) = begin_login(&fixture, &node).await;
    let first = node.get(path(&link), &[HTML, FRAME, CROSS_SITE]).await;
    let (_, query) = link.split_once('?').unwrap();
    assert_eq!(first.header("refresh"), format!("0; url=?{query}&again"));
    let again = format!("{}&again", path(&link));
    // Also if the fetch metadata name another site.
    for site in ["same-origin", "cross-site"] {
        let second = node
            .get(&again, &[HTML, FRAME, ("sec-fetch-site", site)])
            .await;
        assert_eq!(second.header("refresh"), "");
        assert!(second.body.contains("target=\"_top\""), "{}", second.body);
        // The login was started here, on the page around the frame.
        assert!(second.body.contains("inside this frame"), "{}", second.body);
        assert!(!second.body.contains("Go back"), "{}", second.body);
    }
    let landed = node.get(&again, &[HTML, FRAME, ("cookie", &cookie)]).await;
    assert_eq!(landed.status, 200, "{landed:?}");
    assert!(landed.cookie().is_some());
    assert!(
        landed.body.contains("<a href=\"/\" target=\"_top\">"),
        "{}",
        landed.body
    );
    let policy = landed.header("content-security-policy");
    assert!(policy.contains("frame-ancestors 'self'"), "{policy}");
}

#[tokio::test]
async fn a_failure_is_a_page_or_json() {
    let fixture = BackendFixture::new().await;
    let node = node(&fixture, Apps::default());
    let session = fixture.log_in(&node).await;
    let page = node.get("/", &[HTML, ("cookie", &session)]).await;
    assert!(page.body.contains("<dt>"), "{}", page.body);
    fail_next_request(&fixture);
    let page = node.get("/truid/login-session", &[HTML]).await;
    assert_eq!(page.status, 503, "{page:?}");
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(
        page.body.contains("href=\"/truid/login-session\""),
        "{}",
        page.body
    );
    assert_ne!(page.header("retry-after"), "");
    fail_next_request(&fixture);
    let json = node.get("/truid/login-session", &[XHR]).await;
    json.is(503, r#"{"error":"temporarily_unavailable"}"#);

    // The person stays logged in, and can log out.
    fixture.advance(10);
    fail_next_request(&fixture);
    let page = node.get("/", &[HTML, ("cookie", &session)]).await;
    assert_eq!(page.status, 200, "{page:?}");
    assert!(
        page.body.contains("cannot be shown right now"),
        "{}",
        page.body
    );
    assert!(page.body.contains("Log out"), "{}", page.body);
}

#[tokio::test]
async fn an_error_page_has_name_start_link_and_request_id() {
    let fixture = BackendFixture::new().await;
    let service = fixture.service();
    let mut web = Web::default();
    web.name = Some("Fish & <Chips>".into());
    web.after_login = "/in".parse().unwrap();
    let node = Node {
        router: web::router(service.clone(), web),
        service,
    };
    let id = ("x-request-id", "abc-1.2_3");
    let (_, link) = begin_login(&fixture, &node).await;
    let back = node.get(path(&link), &[HTML, OPENED, id]).await;
    let nothing = node.get("/truid/nothing", &[HTML, id]).await;
    fail_next_request(&fixture);
    let failed = node.get("/truid/login-session", &[HTML, id]).await;
    for (page, status, title) in [
        (back, 200, "Go back to where you started"),
        (nothing, 404, "This page does not exist"),
        (failed, 503, "This does not work right now"),
    ] {
        assert_eq!(page.status, status, "{page:?}");
        assert!(page.header("content-type").starts_with("text/html"));
        for part in [
            format!("<title>{title} – Fish &#38; &#60;Chips&#62;</title>"),
            format!("<h1>{title}</h1>"),
            "<a href=\"/in\" target=\"_top\">Fish &#38; &#60;Chips&#62;</a>".into(),
            "<code>abc-1.2_3</code>".into(),
        ] {
            assert!(page.body.contains(&part), "{part}: {}", page.body);
        }
    }
    // An app that mounts the routes possibly sets no request id; an invalid one is not shown.
    for headers in [&[HTML][..], &[HTML, ("x-request-id", "<b>1</b>")]] {
        let page = node.get("/truid/nothing", headers).await;
        assert!(!page.body.contains("<code>"), "{}", page.body);
        assert!(!page.body.contains("<b>"), "{}", page.body);
    }
    for headers in [&[][..], &[XHR], &[XHR, HTML]] {
        let json = node.get("/truid/nothing", headers).await;
        json.is(404, r#"{"error":"not_found"}"#);
    }
}

#[tokio::test]
async fn an_unreachable_provider_shows_a_retry_link() {
    let fixture = BackendFixture::new().await;
    let node = node(&fixture, Apps::default());
    let (cookie, link) = begin_login(&fixture, &node).await;
    let shown = [HTML, ("cookie", &*cookie)];
    let rule = Rule {
        endpoint: Some(Endpoint::CodeExchange),
        ..Rule::new(Misbehaviour::Unavailable)
    };
    fixture.sandbox.misbehave(rule).unwrap();
    let page = node.get(path(&link), &shown).await;
    assert_eq!(
        (page.status.as_u16(), page.header("retry-after")),
        (503, "30")
    );
    let again = path(&link).replace('&', "&#38;");
    assert!(
        page.body.contains(&format!("href=\"{again}\"")),
        "{}",
        page.body
    );
    let completed = node.get(path(&link), &shown).await;
    assert_eq!(
        (completed.status.as_u16(), completed.location()),
        (302, "/")
    );
}

#[tokio::test]
async fn app_association_files_are_served() {
    let fixture = BackendFixture::new().await;
    let there = node(&fixture, apps());
    let apple = there
        .get("/.well-known/apple-app-site-association", &[])
        .await;
    apple.is(
        200,
        r#"{"applinks":{"details":[{"appIDs":["ABCDE12345.com.example.app"],"components":[{"/":"/truid/complete"}]}]}}"#,
    );
    let android = there.get("/.well-known/assetlinks.json", &[]).await;
    assert_eq!(android.status, 200);
    let statement = &android.json()[0];
    assert_eq!(
        statement["relation"][0],
        "delegate_permission/common.handle_all_urls"
    );
    assert_eq!(statement["target"]["package_name"], "com.example.app");
    for file in [apple, android] {
        assert_eq!(file.header("content-type"), "application/json");
        assert_eq!(file.header("cache-control"), "public, max-age=600");
    }
    let none = node(&fixture, Apps::default());
    for path in ["apple-app-site-association", "assetlinks.json"] {
        let file = none.get(&format!("/.well-known/{path}"), &[]).await;
        file.is(404, r#"{"error":"not_found"}"#);
        assert_eq!(file.header("cache-control"), "no-store");
    }
}
