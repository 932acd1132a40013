//! Nobody is blamed for what the sandbox did itself, and what it was asked to do wrong
//! happens to the request that it is for.

use switchback_sandbox::{Endpoint, Misbehaviour, Rule, Times};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::scene::*;
use crate::support::*;

const NONE: [&str; 0] = [];

fn always(misbehaviour: Misbehaviour) -> Rule {
    Rule {
        times: Times::ALWAYS,
        ..Rule::new(misbehaviour)
    }
}

#[tokio::test]
async fn an_answer_that_is_held_back_is_in_the_trace_at_once() {
    let mut scene = Scene::start().await;
    let tokens = scene.logged_in().await;
    scene.sandbox.advance_with_clients(DUE);
    let mut news = TcpStream::connect(scene.to).await.unwrap();
    let body = encode(&[
        ("grant_type", "refresh_token"),
        ("client_id", "demo-app"),
        ("refresh_token", text(&tokens, "refresh_token")),
    ]);
    let request = format!(
        "POST /oauth2/v1/token HTTP/1.1\r\nHost: {}\r\n{FORM}\r\n\
         Switchback-Misbehave: slow; seconds=600\r\nContent-Length: {}\r\n\r\n{body}",
        scene.to,
        body.len()
    );
    news.write_all(request.as_bytes()).await.unwrap();
    while scene.sandbox.counters().refreshes == 0 {
        tokio::task::yield_now().await;
    }
    // The client goes away, and what it never heard is there to be read.
    drop(news);
    let flow = scene.sandbox.flows()[0].id.clone();
    let last = scene.sandbox.flow(&flow).unwrap().said.pop().unwrap();
    assert_eq!(last.misbehaviour, Some(Misbehaviour::Slow));
    assert!(last.took >= 600_000, "{}", last.took);
    // Nor does it keep the sandbox from stopping.
    scene.sandbox.stop().await;
}

#[tokio::test]
async fn a_redirect_that_is_followed_is_found_whatever_else_goes_wrong() {
    let mut scene = Scene::start().await;
    let login = scene.login();
    let code = scene.code(&login).await;
    let rule = always(Misbehaviour::Redirected);
    scene.sandbox.misbehave(rule).unwrap();
    let answer = scene.exchange(&login, &code).await;
    let path = answer.header("location").unwrap();
    let path = path.strip_prefix(scene.sandbox.url()).unwrap().to_owned();
    let body = encode(&[("grant_type", "authorization_code"), ("code", &code)]);
    let followed = send(scene.to, &format!("POST {path}"), &[FORM], &body).await;
    followed.refused(400, "invalid_request");
    assert_eq!(scene.found(), ["redirect-followed"]);
    let flows = scene.sandbox.flows();
    assert_eq!(flows.len(), 1, "in the flow whose code it was");
}

#[tokio::test]
async fn a_rule_is_not_used_up_by_what_it_is_not_for() {
    let mut scene = Scene::start().await;
    let rule = Rule::new(Misbehaviour::ServerError);
    scene.sandbox.misbehave(rule).unwrap();
    for request in [
        "GET /.well-known/openid-configuration",
        "GET /oauth2/v1/token",
        "GET /oauth2/v1/nothing",
    ] {
        assert_ne!(send(scene.to, request, &[], "").await.status, 500);
    }
    let url = format!("{}{}", scene.sandbox.url(), authorization("idv"));
    scene.sandbox.app().open(&url).unwrap();
    let login = scene.login();
    assert_eq!(scene.authorize(&login, &[]).await.status, 500);
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_refused() {
    let scene = Scene::start().await;
    for rule in [
        r#"{"misbehaviour":"slow","client_id":"demo-ap"}"#,
        r#"{"misbehaviour":"slow","flow":"banana"}"#,
    ] {
        let answer = send(scene.to, "POST /sandbox/v1/rules", &[JSON], rule).await;
        answer.refused(400, "invalid_request");
    }
    let header = ["Switchback-Misbehave: callback-twice"];
    let answer = send(scene.to, "GET /oidc/v1/user-info", &header, "").await;
    assert!(answer.refused(400, "invalid_request").contains("here"));
    // Nor at a decision, which is then not made.
    let url = format!("{}{}", scene.sandbox.url(), authorization("idv"));
    let waiting = scene.sandbox.app().open(&url).unwrap();
    let decide = |how: &str| format!("POST /sandbox/v1/app/waiting/{}/{how}", waiting.id);
    for (how, header) in [
        ("approve", "Switchback-Misbehave: slow"),
        ("expire", "Switchback-Misbehave: callback-never"),
    ] {
        let answer = send(scene.to, &decide(how), &[header], "").await;
        answer.refused(400, "invalid_request");
    }
    let approved = send(scene.to, &decide("approve"), &[], "").await;
    assert_eq!(approved.status, 200);
}

/// A page on another device that was closed, or whose connection broke.
#[tokio::test]
async fn a_page_hears_again_what_it_may_have_missed_and_nobody_is_blamed_before() {
    let mut scene = Scene::start().await;
    for heard in [false, true] {
        let login = scene.login();
        scene.authorize(&login, &[]).await;
        let waiting = scene.sandbox.app().waiting().remove(0);
        let decide = format!("POST /sandbox/v1/app/waiting/{}/approve", waiting.id);
        let by = r#"{"opened_by":"page"}"#;
        send(scene.to, &decide, &[JSON], by).await;
        let events = format!("GET /sandbox/v1/app/waiting/{}/events", waiting.id);
        if heard {
            let first = send(scene.to, &events, &[], "").await.body;
            let again = send(scene.to, &events, &[], "").await.body;
            assert!(first.contains("code=") && first == again, "{first}{again}");
            let code = first.split("code=").nth(1).unwrap().split('&').next();
            assert_eq!(scene.exchange(&login, code.unwrap()).await.status, 200);
            let used = send(scene.to, &events, &[], "").await.body;
            assert!(!used.contains("code="), "{used}");
        } else {
            scene.sandbox.advance_with_clients(60);
        }
        assert_eq!(scene.found(), NONE);
    }
}

#[tokio::test]
async fn a_service_that_does_right_is_not_blamed() {
    for misbehaviour in [
        Misbehaviour::CallbackWrongState,
        Misbehaviour::CallbackNoState,
        Misbehaviour::CallbackWrongIssuer,
        Misbehaviour::CallbackRepeated,
        Misbehaviour::CallbackNever,
    ] {
        let mut scene = Scene::start().await;
        scene.sandbox.misbehave(Rule::new(misbehaviour)).unwrap();
        let login = scene.login();
        scene.authorize(&login, &[]).await;
        let waiting = scene.sandbox.app().waiting().remove(0);
        let _ = scene.sandbox.app().approve(&waiting.id);
        scene.sandbox.advance_with_clients(60);
        assert_eq!(scene.found(), NONE, "{misbehaviour}");
    }
    // It came with the code, and did not come again when that failed.
    let mut scene = Scene::start().await;
    let login = scene.login();
    let code = scene.code(&login).await;
    for rule in [Misbehaviour::ServerErrorAfter, Misbehaviour::CodeRefused] {
        let rule = Rule {
            endpoint: Some(Endpoint::CodeExchange),
            ..Rule::new(rule)
        };
        scene.sandbox.misbehave(rule).unwrap();
    }
    scene.exchange(&login, &code).await;
    let login = scene.login();
    let code = scene.code(&login).await;
    scene.exchange(&login, &code).await;
    scene.sandbox.advance_with_clients(60);
    assert_eq!(scene.found(), NONE);
}

/// As the guide has it for an onboarding, whose access tokens must not be stored, and as
/// Truid's example does it: a refresh before each use of the data.
#[tokio::test]
async fn a_service_that_stores_no_access_token_refreshes_before_each_use() {
    for function in ["confirm-signup", "idv", "login-session"] {
        let mut scene = Scene::start().await;
        let login = scene.login();
        let asked = scene.authorize_for(function, &login, &[]).await;
        assert_eq!(asked.status, 200);
        let code = parameter(&scene.approve(), "code").unwrap();
        let mut tokens = scene.exchange(&login, &code).await.json();
        for _ in 0..3 {
            tokens = scene.refresh(text(&tokens, "refresh_token")).await.json();
            let access = text(&tokens, "access_token");
            assert_eq!(scene.present(access, EMAIL_CLAIM).await.status, 200);
        }
        let keeps_its_access_token = function == "login-session";
        let wanted = match keeps_its_access_token {
            true => vec!["refresh-early"; 3],
            false => vec![],
        };
        assert_eq!(scene.found(), wanted, "{function}");
        let asserted = send(scene.to, "POST /sandbox/v1/assert/no-findings", &[], "").await;
        let status = if keeps_its_access_token { 409 } else { 200 };
        assert_eq!(asserted.status, status, "{function}");
    }
}

#[tokio::test]
async fn the_first_word_that_a_session_is_over_blames_nobody() {
    let mut scene = Scene::start().await;
    let tokens = scene.logged_in().await;
    scene.sandbox.advance_with_clients(DUE);
    let rule = Rule::new(Misbehaviour::SessionEnded);
    scene.sandbox.misbehave(rule).unwrap();
    let refresh = text(&tokens, "refresh_token");
    scene.refresh(refresh).await.refused(400, "invalid_grant");
    assert_eq!(scene.found(), NONE);
    scene.refresh(refresh).await.refused(400, "invalid_grant");
    assert_eq!(scene.found(), ["grant-revoked"]);

    // RFC 6749 section 6: without a new one, the old one is kept.
    let mut scene = Scene::start().await;
    let tokens = scene.logged_in().await;
    scene.sandbox.advance_with_clients(DUE);
    let rule = Rule::new(Misbehaviour::RotatedTokenWithheld);
    scene.sandbox.misbehave(rule).unwrap();
    let refresh = text(&tokens, "refresh_token");
    assert_eq!(scene.refresh(refresh).await.status, 200);
    scene.sandbox.advance_with_clients(2 * FIRST_LIFE);
    scene.refresh(refresh).await.refused(400, "invalid_grant");
    assert_eq!(scene.found(), NONE);
}

#[tokio::test]
async fn a_narrowed_scope_stays_narrow() {
    let mut scene = Scene::start().await;
    let both = format!("{EMAIL} truid.app/data-point/name");
    let login = scene.login().set("scope", &both);
    let code = scene.code(&login).await;
    let rule = Rule::new(Misbehaviour::ScopeNarrowed);
    scene.sandbox.misbehave(rule).unwrap();
    let tokens = scene.exchange(&login, &code).await.json();
    scene
        .present(text(&tokens, "access_token"), EMAIL_CLAIM)
        .await;
    scene.sandbox.advance_with_clients(DUE);
    let next = scene.refresh(text(&tokens, "refresh_token")).await.json();
    assert_eq!(next["scope"], EMAIL);
    assert_eq!(scene.found(), NONE);
}

#[tokio::test]
async fn whichever_of_two_codes_is_taken_is_found() {
    let mut scene = Scene::start().await;
    let rule = Rule::new(Misbehaviour::CallbackRepeated);
    scene.sandbox.misbehave(rule).unwrap();
    let login = scene.login();
    scene.authorize(&login, &[]).await;
    let callback = url::Url::parse(&scene.approve()).unwrap();
    let codes = callback.query_pairs().filter(|(name, _)| name == "code");
    let last = codes.last().unwrap().1.into_owned();
    let refused = scene.exchange(&login, &last).await;
    refused.refused(400, "invalid_grant");
    assert_eq!(scene.found(), ["repetition-unchecked"]);
    assert_eq!(scene.sandbox.flows().len(), 1);
}

/// What frameworks make of a parameter that came twice: one value, out of both.
#[tokio::test]
async fn two_codes_that_were_joined_are_found_in_the_flow_that_they_are_of() {
    type Joined = fn(&str, &str) -> String;
    let ways: [(&str, Joined); 4] = [
        ("Spring and ASP.NET", |one, other| format!("{one},{other}")),
        ("a header's way", |one, other| format!("{one}, {other}")),
        ("a list as JSON", |one, other| {
            format!("[\"{one}\",\"{other}\"]")
        }),
        ("the same code twice", |one, _| format!("{one},{one}")),
    ];
    for (who, join) in ways {
        let mut scene = Scene::start().await;
        let before = scene.login();
        scene.authorize(&before, &[]).await;
        scene.approve();
        let rule = Rule::new(Misbehaviour::CallbackRepeated);
        scene.sandbox.misbehave(rule).unwrap();
        let login = scene.login();
        scene.authorize(&login, &[]).await;
        let callback = url::Url::parse(&scene.approve()).unwrap();
        let codes = callback.query_pairs().filter(|(name, _)| name == "code");
        let codes: Vec<String> = codes.map(|(_, code)| code.into_owned()).collect();
        let joined = join(&codes[0], &codes[1]);
        let refused = scene.exchange(&login, &joined).await;
        let said = refused.refused(400, "invalid_grant");
        assert!(!said.contains(&codes[0]), "{said}");
        let found = scene.sandbox.findings();
        let found: Vec<_> = found.iter().map(|f| (f.finding.id(), &*f.flow)).collect();
        assert_eq!(found, [("repetition-unchecked", "f2")], "{who}");
        assert_eq!(scene.sandbox.flows().len(), 2, "{who}");
    }
    // A code with something else beside it, or by another name, is in its flow too, and is
    // merely wrong.
    for (name, end) in [
        ("code", "#_=_"),
        ("code[0]", ""),
        ("authorization_code", ""),
    ] {
        let mut scene = Scene::start().await;
        let login = scene.login();
        let code = scene.code(&login).await;
        let parameters = [
            ("grant_type", "authorization_code"),
            ("client_id", "demo-app"),
            ("redirect_uri", REDIRECT),
            ("code_verifier", &login.verifier),
            (name, &format!("{code}{end}")),
        ];
        scene.token(&parameters, &[]).await;
        assert_eq!(scene.found(), ["code-unknown"], "{name}");
        assert_eq!(scene.sandbox.flows().len(), 1, "{name}");
    }
}

/// What Truid's pages of the API document: scopes of OpenID Connect, and an identity
/// verification without a scope.
#[tokio::test]
async fn documented_scopes_are_taken_and_nobody_is_blamed() {
    let all = [EMAIL_CLAIM, "truid.app/claim/phone-number/v1"];
    for (function, scope, claims) in [
        ("login-session", Some("email"), &all[..1]),
        ("confirm-signup", Some("email phone"), &all[..]),
        ("idv", Some("phone"), &all[1..]),
        ("idv", None, &all[..]),
        ("idv", Some(""), &all[..]),
    ] {
        let mut scene = Scene::start().await;
        let login = scene.login();
        let login = match scope {
            Some(scope) => login.set("scope", scope),
            None => login.without("scope"),
        };
        let asked = scene.authorize_for(function, &login, &[]).await;
        assert_eq!(asked.status, 200, "{function} {scope:?}");
        let code = parameter(&scene.approve(), "code").unwrap();
        let tokens = scene.exchange(&login, &code).await.json();
        let granted = text(&tokens, "scope");
        match scope.unwrap_or_default() {
            "" => assert!(granted.contains(EMAIL), "{granted}"),
            scope => assert_eq!(granted, scope),
        }
        let access = text(&tokens, "access_token");
        let shown = scene.present(access, &claims.join(",")).await.json();
        let values = shown["claims"].as_array().unwrap().len();
        assert_eq!(values, claims.len(), "{function} {scope:?}: {shown}");
        assert_eq!(scene.found(), NONE, "{function} {scope:?}");
    }
    // An onboarding and a login have to say what they ask for.
    let mut scene = Scene::start().await;
    for function in ["confirm-signup", "login-session"] {
        let login = scene.login().without("scope");
        scene.authorize_for(function, &login, &[]).await;
    }
    assert_eq!(scene.found(), ["scope-missing"; 2]);
}

/// An identity verification that is pushed (RFC 9126), for which Truid requires no scope.
#[tokio::test]
async fn an_identity_verification_is_pushed_without_a_scope() {
    let mut scene = Scene::start().await;
    let login = scene.confidential_login().without("scope");
    let pushed = scene.push_for("idv", &login, &[]).await;
    assert_eq!(pushed.status, 201, "{}", pushed.body);
    assert_eq!(scene.found(), NONE);
}

#[tokio::test]
async fn what_a_browser_asks_by_itself_is_no_finding_and_a_secret_anywhere_is_one() {
    let scene = Scene::start().await;
    let devtools = "GET /.well-known/appspecific/com.chrome.devtools.json";
    send(scene.to, devtools, &[], "").await;
    assert_eq!(scene.found(), NONE);
    for request in [
        "GET /oauth2/v1/par/idv?client_secret=x",
        "POST /oauth2/v1/token?access_token=x",
        "POST /oauth2/v1/tokens?client_secret=x&%zz",
    ] {
        scene.sandbox.reset();
        send(scene.to, request, &[FORM], "").await;
        assert_eq!(scene.found(), ["secret-in-url"], "{request}");
    }
}

/// A session goes on when its flow is no longer remembered.
#[tokio::test]
async fn a_long_session_is_picked_up_by_a_new_flow() {
    let mut config = switchback_sandbox::Config::default();
    config.limits.flows = 2;
    let mut scene = Scene::start_with(config).await;
    let tokens = scene.logged_in().await;
    for _ in 0..2 {
        let login = scene.login();
        scene.authorize(&login, &[]).await;
    }
    let access = text(&tokens, "access_token");
    for _ in 0..2 {
        assert_eq!(user_info(scene.to, access).await.status, 200);
    }
    let flow = &scene.sandbox.flows()[0];
    assert_eq!(
        (flow.client_id.as_deref(), flow.steps),
        (Some("demo-app"), 2)
    );
}
