//! Unreadable callbacks, and callbacks of no login.

use crate::backend::support::{BackendFixture, HTML, XHR};

#[tokio::test]
async fn an_unreadable_callback_uses_no_state() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let login = fixture.approved_login(&node).await;
    let (state, code) = (&login.state, &login.code);
    let long = super::long();
    for query in [
        "".to_owned(),
        "&&&".into(),
        "=".into(),
        format!("code={code}"),
        format!("state={state}"),
        format!("state=&code={code}"),
        format!("state={state}&code="),
        format!("STATE={state}&code={code}"),
        format!("state={state};code={code}"),
        format!("state={state}&state={state}&code={code}"),
        format!("state={state}&state=other&code={code}"),
        format!("state={state}&code={code}&code={code}"),
        format!("state={state}&code={code}&iss=a&iss=a"),
        format!("state={state}&code={code}&error=access_denied"),
        format!("state={state}&code=%zz"),
        format!("state={state}&code={code}%"),
        format!("state={state}&code={code}%2"),
        format!("state={state}&code=%ff%fe"),
        format!("state={long}&code={code}"),
        format!("state={state}&code={long}"),
        format!("state={state}&code={code}&error_description={long}"),
        format!("state={state}&code={code}&{long}"),
    ] {
        let callback = format!("/truid/complete?{query}");
        let answer = node.complete(&callback, &login.cookie).await;
        answer.is(403, r#"{"error":"invalid_request"}"#);
        let shown = [HTML, ("cookie", &login.cookie)];
        let answer = node.get(&callback, &shown).await;
        answer.is(302, "{}");
        assert_eq!(answer.location(), "/?login=invalid_request");
    }
    assert_eq!(fixture.sandbox.counters().refused_token_requests, 0);
    let answer = node.complete(&login.callback, &login.cookie).await;
    answer.is(200, r#"{"purpose":"login"}"#);
}

/// RFC 6749 section 4.1.2: the client ignores unknown parameters.
#[tokio::test]
async fn unknown_parameters_stop_no_callback() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let many: String = (0..70).map(|n| format!("&p{n}=1")).collect();
    for noise in [
        "&p=1&p=2",
        "&p=å",
        "&utm_term=50%",
        "&ville=Orl%E9ans",
        "&nombre=Mart%u00f3n",
        "&%zz=1",
        &many,
    ] {
        let login = fixture.approved_login(&node).await;
        let callback = format!("{}{noise}", login.callback);
        let answer = node.complete(&callback, &login.cookie).await;
        answer.is(200, r#"{"purpose":"login"}"#);
        let login = fixture.approved_login(&node).await;
        let declined = format!(
            "/truid/complete?error=access_denied&error_description=refus%E9&state={}{noise}",
            login.state
        );
        let answer = node.complete(&declined, &login.cookie).await;
        answer.is(403, r#"{"error":"access_denied"}"#);
    }
}

#[tokio::test]
async fn a_similar_state_is_wrong() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let login = fixture.approved_login(&node).await;
    let (state, code) = (&login.state, &login.code);
    let swapped: String = state
        .chars()
        .map(|c| match c.is_ascii_lowercase() {
            true => c.to_ascii_uppercase(),
            false => c.to_ascii_lowercase(),
        })
        .collect();
    for wrong in [
        format!("{state}x"),
        state[1..].into(),
        swapped,
        format!("{state}%00"),
        format!("%00{state}"),
        format!("{state}%0A"),
        format!("{state}%20"),
        format!("+{state}"),
        format!("{state}="),
        format!("{state},{state}"),
        "%00".into(),
        "null".into(),
        "a".repeat(15 << 10),
    ] {
        let callback = format!("/truid/complete?state={wrong}&code={code}");
        let answer = node.complete(&callback, &login.cookie).await;
        answer.is(403, r#"{"error":"invalid_state"}"#);
    }
    assert_eq!(fixture.sandbox.counters().refused_token_requests, 0);
    // The same issuer in another spelling.
    let escaped: String = state.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let callback = format!("/truid/complete?other=%C3%A5&code={code}&state={escaped}");
    let answer = node.complete(&callback, &login.cookie).await;
    answer.is(200, r#"{"purpose":"login"}"#);
}

#[tokio::test]
async fn an_unconfigured_issuer_sends_no_code() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    for issuer in ["https://evil.example", "%20"] {
        let login = fixture.approved_login(&node).await;
        let callback = format!("{}&iss={issuer}", login.callback);
        let before = fixture.sandbox.counters().code_exchanges;
        let answer = node.complete(&callback, &login.cookie).await;
        answer.is(502, r#"{"error":"misconfigured"}"#);
        assert_eq!(fixture.sandbox.counters().code_exchanges, before);
        let own = format!("{}&iss={}", login.callback, fixture.sandbox.url());
        let answer = node.complete(&own, &login.cookie).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    assert_eq!(fixture.sandbox.counters().refused_token_requests, 0);
}

/// The answer names the provider's error code, if it is a valid code, and nothing else from the
/// link.
#[tokio::test]
async fn only_known_provider_errors_are_shown() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let long = "e".repeat(65);
    for (error, said) in [
        ("access_denied", "access_denied"),
        ("server_error", "server_error"),
        ("invalid_scope", "invalid_scope"),
        ("Call+0700-1234+now", "refused"),
        ("%3Cscript%3E", "refused"),
        ("a%0D%0ALocation:+x", "refused"),
        ("%22%7D", "refused"),
        ("%00", "refused"),
        (&long, "refused"),
    ] {
        let login = fixture.approved_login(&node).await;
        let state = &login.state;
        let callback =
            format!("/truid/complete?error={error}&error_description=call+us&state={state}");
        let answer = node.complete(&callback, &login.cookie).await;
        answer.is(403, &format!(r#"{{"error":"{said}"}}"#));
        let shown = [HTML, ("cookie", &login.cookie)];
        let answer = node.get(&callback, &shown).await;
        answer.is(302, "{}");
        assert_eq!(answer.location(), format!("/?login={said}"));
        // The login has ended: a later code is not sent.
        let answer = node.complete(&login.callback, &login.cookie).await;
        answer.is(403, &format!(r#"{{"error":"{said}"}}"#));
    }
    assert_eq!(fixture.sandbox.counters().code_exchanges, 0);
}

#[tokio::test]
async fn an_unknown_code_ends_the_login() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let long = "c".repeat(15 << 10);
    for (code, said) in [
        ("unknown", "invalid_grant"),
        ("%F0%9F%98%80", "invalid_grant"),
        (&long, "invalid_grant"),
        // The provider rejects this code.
        ("%00", "invalid_request"),
    ] {
        let login = fixture.approved_login(&node).await;
        let callback = format!("/truid/complete?code={code}&state={}", login.state);
        for _ in 0..2 {
            let answer = node.complete(&callback, &login.cookie).await;
            answer.is(403, &format!(r#"{{"error":"{said}"}}"#));
            assert_eq!(answer.cookie(), None);
        }
    }
    assert_eq!(fixture.sandbox.counters().refused_token_requests, 4);
}

#[tokio::test]
async fn a_late_callback_is_expired_and_later_unknown() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let login = fixture.approved_login(&node).await;
    fixture.advance(601);
    for _ in 0..2 {
        let answer = node.complete(&login.callback, &login.cookie).await;
        answer.is(403, r#"{"error":"expired"}"#);
    }
    // A browser that does not own the login does not learn even that.
    let answer = node.get(&login.callback, &[XHR]).await;
    answer.is(403, r#"{"error":"invalid_state"}"#);
    fixture.advance(600);
    assert_eq!(node.service.clean_up().await.unwrap().attempts, 1);
    let answer = node.complete(&login.callback, &login.cookie).await;
    answer.is(403, r#"{"error":"invalid_state"}"#);
    assert_eq!(fixture.sandbox.counters().refused_token_requests, 0);
}
