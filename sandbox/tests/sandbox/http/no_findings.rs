//! Tests that a correct client has no findings because of a misbehaviour, and that a rule applies
//! only to its request.

use switchback_sandbox::{Endpoint, Misbehaviour, Rule, Times};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::support::*;
use crate::test_client::*;

const NONE: [&str; 0] = [];

fn always(misbehaviour: Misbehaviour) -> Rule {
    Rule {
        times: Times::ALWAYS,
        ..Rule::new(misbehaviour)
    }
}

#[tokio::test]
async fn a_delayed_answer_is_in_the_trace_immediately() {
    let mut test = TestClient::start().await;
    let tokens = test.logged_in().await;
    test.sandbox.advance_with_clients(DUE);
    let mut stream = TcpStream::connect(test.to).await.unwrap();
    let body = encode(&[
        ("grant_type", "refresh_token"),
        ("client_id", "demo-app"),
        ("refresh_token", text(&tokens, "refresh_token")),
    ]);
    let request = format!(
        "POST /oauth2/v1/token HTTP/1.1\r\nHost: {}\r\n{FORM}\r\n\
         Switchback-Misbehave: slow; seconds=600\r\nContent-Length: {}\r\n\r\n{body}",
        test.to,
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    while test.sandbox.counters().refreshes == 0 {
        tokio::task::yield_now().await;
    }
    // The client closes the connection, and the trace has the answer anyway.
    drop(stream);
    let flow = test.sandbox.flows()[0].id.clone();
    let last = test.sandbox.flow(&flow).unwrap().said.pop().unwrap();
    assert_eq!(last.misbehaviour, Some(Misbehaviour::Slow));
    assert!(last.took >= 600_000, "{}", last.took);
    // The delay does not prevent the sandbox from stopping.
    test.sandbox.stop().await;
}

#[tokio::test]
async fn a_followed_redirect_is_the_only_finding() {
    let mut test = TestClient::start().await;
    let login = test.login();
    let code = test.code(&login).await;
    let rule = always(Misbehaviour::Redirected);
    test.sandbox.misbehave(rule).unwrap();
    let answer = test.exchange(&login, &code).await;
    let path = answer.header("location").unwrap();
    let path = path.strip_prefix(test.sandbox.url()).unwrap().to_owned();
    let body = encode(&[("grant_type", "authorization_code"), ("code", &code)]);
    let followed = send(test.to, &format!("POST {path}"), &[FORM], &body).await;
    followed.refused(400, "invalid_request");
    assert_eq!(test.found(), ["redirect-followed"]);
    let flows = test.sandbox.flows();
    assert_eq!(flows.len(), 1, "it is in the flow of the code");
}

#[tokio::test]
async fn a_rule_is_used_up_only_by_a_matching_request() {
    let mut test = TestClient::start().await;
    let rule = Rule::new(Misbehaviour::ServerError);
    test.sandbox.misbehave(rule).unwrap();
    for request in [
        "GET /.well-known/openid-configuration",
        "GET /oauth2/v1/token",
        "GET /oauth2/v1/nothing",
    ] {
        assert_ne!(send(test.to, request, &[], "").await.status, 500);
    }
    let url = format!("{}{}", test.sandbox.url(), authorization("idv"));
    test.sandbox.app().open(&url).unwrap();
    let login = test.login();
    assert_eq!(test.authorize(&login, &[]).await.status, 500);
}

#[tokio::test]
async fn impossible_rules_are_refused() {
    let test = TestClient::start().await;
    for rule in [
        r#"{"misbehaviour":"slow","client_id":"demo-ap"}"#,
        r#"{"misbehaviour":"slow","flow":"banana"}"#,
    ] {
        let answer = send(test.to, "POST /sandbox/v1/rules", &[JSON], rule).await;
        answer.refused(400, "invalid_request");
    }
    let header = ["Switchback-Misbehave: callback-twice"];
    let answer = send(test.to, "GET /oidc/v1/user-info", &header, "").await;
    let description = answer.refused(400, "invalid_request");
    assert!(description.contains("cannot happen"), "{description}");
    // The same at a decision, which is then not made.
    let url = format!("{}{}", test.sandbox.url(), authorization("idv"));
    let waiting = test.sandbox.app().open(&url).unwrap();
    let decide = |how: &str| format!("POST /sandbox/v1/app/waiting/{}/{how}", waiting.id);
    for (how, header) in [
        ("approve", "Switchback-Misbehave: slow"),
        ("expire", "Switchback-Misbehave: callback-never"),
    ] {
        let answer = send(test.to, &decide(how), &[header], "").await;
        answer.refused(400, "invalid_request");
    }
    let approved = send(test.to, &decide("approve"), &[], "").await;
    assert_eq!(approved.status, 200);
}

/// The page on the other device was closed, or lost its connection.
#[tokio::test]
async fn a_page_gets_the_callback_again_until_its_code_is_used() {
    let mut test = TestClient::start().await;
    for received in [false, true] {
        let login = test.login();
        test.authorize(&login, &[]).await;
        let waiting = test.sandbox.app().waiting().remove(0);
        let decide = format!("POST /sandbox/v1/app/waiting/{}/approve", waiting.id);
        let by = r#"{"opened_by":"page"}"#;
        send(test.to, &decide, &[JSON], by).await;
        let events = format!("GET /sandbox/v1/app/waiting/{}/events", waiting.id);
        if received {
            let first = send(test.to, &events, &[], "").await.body;
            let again = send(test.to, &events, &[], "").await.body;
            assert!(first.contains("code=") && first == again, "{first}{again}");
            let code = first.split("code=").nth(1).unwrap().split('&').next();
            assert_eq!(test.exchange(&login, code.unwrap()).await.status, 200);
            let used = send(test.to, &events, &[], "").await.body;
            assert!(!used.contains("code="), "{used}");
        } else {
            test.sandbox.advance_with_clients(60);
        }
        assert_eq!(test.found(), NONE);
    }
}

#[tokio::test]
async fn a_service_that_refuses_a_wrong_callback_has_no_findings() {
    for misbehaviour in [
        Misbehaviour::CallbackWrongState,
        Misbehaviour::CallbackNoState,
        Misbehaviour::CallbackWrongIssuer,
        Misbehaviour::CallbackRepeated,
        Misbehaviour::CallbackNever,
    ] {
        let mut test = TestClient::start().await;
        test.sandbox.misbehave(Rule::new(misbehaviour)).unwrap();
        let login = test.login();
        test.authorize(&login, &[]).await;
        let waiting = test.sandbox.app().waiting().remove(0);
        let _ = test.sandbox.app().approve(&waiting.id);
        test.sandbox.advance_with_clients(60);
        assert_eq!(test.found(), NONE, "{misbehaviour}");
    }
    // A service that exchanged the code, and did not repeat the failed exchange.
    let mut test = TestClient::start().await;
    let login = test.login();
    let code = test.code(&login).await;
    for rule in [Misbehaviour::ServerErrorAfter, Misbehaviour::CodeRefused] {
        let rule = Rule {
            endpoint: Some(Endpoint::CodeExchange),
            ..Rule::new(rule)
        };
        test.sandbox.misbehave(rule).unwrap();
    }
    test.exchange(&login, &code).await;
    let login = test.login();
    let code = test.code(&login).await;
    test.exchange(&login, &code).await;
    test.sandbox.advance_with_clients(60);
    assert_eq!(test.found(), NONE);
}

/// As in the guide for an onboarding, whose access tokens must not be stored, and as in Truid's
/// example.
#[tokio::test]
async fn a_refresh_before_each_use_is_early_only_for_a_login_session() {
    for function in ["confirm-signup", "idv", "login-session"] {
        let mut test = TestClient::start().await;
        let login = test.login();
        let asked = test.authorize_for(function, &login, &[]).await;
        assert_eq!(asked.status, 200);
        let code = parameter(&test.approve(), "code").unwrap();
        let mut tokens = test.exchange(&login, &code).await.json();
        for _ in 0..3 {
            tokens = test.refresh(text(&tokens, "refresh_token")).await.json();
            let access = text(&tokens, "access_token");
            assert_eq!(test.present(access, EMAIL_CLAIM).await.status, 200);
        }
        let keeps_its_access_token = function == "login-session";
        let wanted = match keeps_its_access_token {
            true => vec!["refresh-early"; 3],
            false => vec![],
        };
        assert_eq!(test.found(), wanted, "{function}");
        let asserted = send(test.to, "POST /sandbox/v1/assert/no-findings", &[], "").await;
        let status = if keeps_its_access_token { 409 } else { 200 };
        assert_eq!(asserted.status, status, "{function}");
    }
}

#[tokio::test]
async fn the_first_refusal_of_an_ended_session_is_no_finding() {
    let mut test = TestClient::start().await;
    let tokens = test.logged_in().await;
    test.sandbox.advance_with_clients(DUE);
    let rule = Rule::new(Misbehaviour::SessionEnded);
    test.sandbox.misbehave(rule).unwrap();
    let refresh = text(&tokens, "refresh_token");
    test.refresh(refresh).await.refused(400, "invalid_grant");
    assert_eq!(test.found(), NONE);
    test.refresh(refresh).await.refused(400, "invalid_grant");
    assert_eq!(test.found(), ["grant-revoked"]);

    // RFC 6749 section 6: without a new refresh token, the client keeps the old one.
    let mut test = TestClient::start().await;
    let tokens = test.logged_in().await;
    test.sandbox.advance_with_clients(DUE);
    let rule = Rule::new(Misbehaviour::RotatedTokenWithheld);
    test.sandbox.misbehave(rule).unwrap();
    let refresh = text(&tokens, "refresh_token");
    assert_eq!(test.refresh(refresh).await.status, 200);
    test.sandbox.advance_with_clients(2 * FIRST_LIFE);
    test.refresh(refresh).await.refused(400, "invalid_grant");
    assert_eq!(test.found(), NONE);
}

#[tokio::test]
async fn a_narrowed_scope_stays_narrow_after_a_refresh() {
    let mut test = TestClient::start().await;
    let both = format!("{EMAIL} truid.app/data-point/name");
    let login = test.login().set("scope", &both);
    let code = test.code(&login).await;
    let rule = Rule::new(Misbehaviour::ScopeNarrowed);
    test.sandbox.misbehave(rule).unwrap();
    let tokens = test.exchange(&login, &code).await.json();
    test.present(text(&tokens, "access_token"), EMAIL_CLAIM)
        .await;
    test.sandbox.advance_with_clients(DUE);
    let next = test.refresh(text(&tokens, "refresh_token")).await.json();
    assert_eq!(next["scope"], EMAIL);
    assert_eq!(test.found(), NONE);
}

#[tokio::test]
async fn either_code_of_a_repeated_parameter_is_a_finding() {
    let mut test = TestClient::start().await;
    let rule = Rule::new(Misbehaviour::CallbackRepeated);
    test.sandbox.misbehave(rule).unwrap();
    let login = test.login();
    test.authorize(&login, &[]).await;
    let callback = url::Url::parse(&test.approve()).unwrap();
    let codes = callback.query_pairs().filter(|(name, _)| name == "code");
    let last = codes.last().unwrap().1.into_owned();
    let refused = test.exchange(&login, &last).await;
    refused.refused(400, "invalid_grant");
    assert_eq!(test.found(), ["repetition-unchecked"]);
    assert_eq!(test.sandbox.flows().len(), 1);
}

/// Frameworks join a repeated parameter to one value.
#[tokio::test]
async fn two_joined_codes_are_a_finding_in_their_flow() {
    type Joined = fn(&str, &str) -> String;
    let ways: [(&str, Joined); 4] = [
        ("Spring and ASP.NET", |one, other| format!("{one},{other}")),
        ("as in a header", |one, other| format!("{one}, {other}")),
        ("a list as JSON", |one, other| {
            format!("[\"{one}\",\"{other}\"]")
        }),
        ("the same code twice", |one, _| format!("{one},{one}")),
    ];
    for (who, join) in ways {
        let mut test = TestClient::start().await;
        let before = test.login();
        test.authorize(&before, &[]).await;
        test.approve();
        let rule = Rule::new(Misbehaviour::CallbackRepeated);
        test.sandbox.misbehave(rule).unwrap();
        let login = test.login();
        test.authorize(&login, &[]).await;
        let callback = url::Url::parse(&test.approve()).unwrap();
        let codes = callback.query_pairs().filter(|(name, _)| name == "code");
        let codes: Vec<String> = codes.map(|(_, code)| code.into_owned()).collect();
        let joined = join(&codes[0], &codes[1]);
        let refused = test.exchange(&login, &joined).await;
        let description = refused.refused(400, "invalid_grant");
        assert!(!description.contains(&codes[0]), "{description}");
        let found = test.sandbox.findings();
        let found: Vec<_> = found.iter().map(|f| (f.finding.id(), &*f.flow)).collect();
        assert_eq!(found, [("repetition-unchecked", "f2")], "{who}");
        assert_eq!(test.sandbox.flows().len(), 2, "{who}");
    }
    // A code with an added text, or in a parameter with another name, is also assigned to its
    // flow, and is only wrong.
    for (name, end) in [
        ("code", "#_=_"),
        ("code[0]", ""),
        ("authorization_code", ""),
    ] {
        let mut test = TestClient::start().await;
        let login = test.login();
        let code = test.code(&login).await;
        let parameters = [
            ("grant_type", "authorization_code"),
            ("client_id", "demo-app"),
            ("redirect_uri", REDIRECT),
            ("code_verifier", &login.verifier),
            (name, &format!("{code}{end}")),
        ];
        test.token(&parameters, &[]).await;
        assert_eq!(test.found(), ["code-unknown"], "{name}");
        assert_eq!(test.sandbox.flows().len(), 1, "{name}");
    }
}

/// Truid's API pages document OpenID Connect scopes, and an identity verification without a scope.
#[tokio::test]
async fn documented_scopes_are_accepted_without_findings() {
    let all = [EMAIL_CLAIM, "truid.app/claim/phone-number/v1"];
    for (function, scope, claims) in [
        ("login-session", Some("email"), &all[..1]),
        ("confirm-signup", Some("email phone"), &all[..]),
        ("idv", Some("phone"), &all[1..]),
        ("idv", None, &all[..]),
        ("idv", Some(""), &all[..]),
    ] {
        let mut test = TestClient::start().await;
        let login = test.login();
        let login = match scope {
            Some(scope) => login.set("scope", scope),
            None => login.without("scope"),
        };
        let asked = test.authorize_for(function, &login, &[]).await;
        assert_eq!(asked.status, 200, "{function} {scope:?}");
        let code = parameter(&test.approve(), "code").unwrap();
        let tokens = test.exchange(&login, &code).await.json();
        let granted = text(&tokens, "scope");
        match scope.unwrap_or_default() {
            "" => assert!(granted.contains(EMAIL), "{granted}"),
            scope => assert_eq!(granted, scope),
        }
        let access = text(&tokens, "access_token");
        let shown = test.present(access, &claims.join(",")).await.json();
        let values = shown["claims"].as_array().unwrap().len();
        assert_eq!(values, claims.len(), "{function} {scope:?}: {shown}");
        assert_eq!(test.found(), NONE, "{function} {scope:?}");
    }
    // An onboarding and a login require a scope.
    let mut test = TestClient::start().await;
    for function in ["confirm-signup", "login-session"] {
        let login = test.login().without("scope");
        test.authorize_for(function, &login, &[]).await;
    }
    assert_eq!(test.found(), ["scope-missing"; 2]);
}

/// An identity verification that is pushed (RFC 9126), for which Truid requires no scope.
#[tokio::test]
async fn an_identity_verification_can_be_pushed_without_a_scope() {
    let mut test = TestClient::start().await;
    let login = test.confidential_login().without("scope");
    let pushed = test.push_for("idv", &login, &[]).await;
    assert_eq!(pushed.status, 201, "{}", pushed.body);
    assert_eq!(test.found(), NONE);
}

#[tokio::test]
async fn a_secret_in_any_url_is_a_finding() {
    let test = TestClient::start().await;
    let devtools = "GET /.well-known/appspecific/com.chrome.devtools.json";
    send(test.to, devtools, &[], "").await;
    assert_eq!(test.found(), NONE);
    for request in [
        "GET /oauth2/v1/par/idv?client_secret=x",
        "POST /oauth2/v1/token?access_token=x",
        "POST /oauth2/v1/tokens?client_secret=x&%zz",
    ] {
        test.sandbox.reset();
        send(test.to, request, &[FORM], "").await;
        assert_eq!(test.found(), ["secret-in-url"], "{request}");
    }
}

/// The session remains valid when its flow was dropped from the trace.
#[tokio::test]
async fn a_session_continues_in_a_new_flow() {
    let mut config = switchback_sandbox::Config::default();
    config.limits.flows = 2;
    let mut test = TestClient::start_with(config).await;
    let tokens = test.logged_in().await;
    for _ in 0..2 {
        let login = test.login();
        test.authorize(&login, &[]).await;
    }
    let access = text(&tokens, "access_token");
    for _ in 0..2 {
        assert_eq!(user_info(test.to, access).await.status, 200);
    }
    let flow = &test.sandbox.flows()[0];
    assert_eq!(
        (flow.client_id.as_deref(), flow.steps),
        (Some("demo-app"), 2)
    );
}
