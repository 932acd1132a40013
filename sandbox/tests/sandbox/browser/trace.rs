//! Tests of the pages for developers in a browser: accessibility and live updates.

use serde_json::Value;
use switchback_sandbox::Misbehaviour;
use thirtyfour::Key;

use super::pages::check;
use super::{Browser, Scheme, Size, enabled};
use crate::support::*;
use crate::test_client::{EMAIL_CLAIM, TestClient};

/// A login with mistakes: a late exchange, a request without claims, and a refresh that is repeated
/// after a lost answer.
async fn flawed_login(test: &mut TestClient) {
    let login = test.login();
    let code = test.code(&login).await;
    test.sandbox.advance_with_clients(27);
    let tokens = test.exchange(&login, &code).await.json();
    let bearer = format!("Authorization: Bearer {}", text(&tokens, "access_token"));
    let bare = "GET /exchange/v2/presentation";
    send(test.to, bare, &[&bearer], "").await;
    let body = encode(&[
        ("grant_type", "refresh_token"),
        ("client_id", "demo-app"),
        ("refresh_token", text(&tokens, "refresh_token")),
    ]);
    let dropped = [FORM, "Switchback-Misbehave: dropped-after"];
    raw(test.to, "POST /oauth2/v1/token", &dropped, &body).await;
    test.refresh(text(&tokens, "refresh_token")).await;
}

#[tokio::test]
async fn the_pages_for_developers_are_accessible() {
    if !enabled() {
        return;
    }
    let mut test = TestClient::start().await;
    let url = test.sandbox.url().to_owned();
    let browser = Browser::chromium().await;
    check(&browser, vec![("trace-empty", format!("{url}/trace"))]).await;
    flawed_login(&mut test).await;
    let login = test.confidential_login();
    test.open_pushed(&login).await;
    let rule = switchback_sandbox::Rule::new(Misbehaviour::Slow);
    test.sandbox.misbehave(rule).unwrap();
    let pages = [
        ("trace", "trace"),
        ("flow", "trace/f1"),
        ("flow-pushed", "trace/f2"),
        ("findings", "findings"),
        ("finding", "findings/refresh-token-reused"),
        ("misbehave", "misbehave"),
    ];
    let pages = pages.map(|(name, path)| (name, format!("{url}/{path}")));
    check(&browser, pages.into()).await;

    // The flow with all steps open.
    let unfold = "document.querySelectorAll('details').forEach(one => one.open = true);
                  return document.querySelectorAll('details').length";
    browser.open(&format!("{url}/trace/f1")).await;
    for size in [Size::NARROW, Size::DESKTOP] {
        browser.resize(size).await;
        for scheme in [Scheme::Light, Scheme::Dark] {
            browser.prefer(scheme).await;
            assert_eq!(browser.ask(unfold).await, 6);
            let name = format!("flow-unfolded-{}-{}", size.0, scheme.name());
            browser.fits(&name).await;
            browser.accessible(&name).await;
            browser.screenshot(&name).await;
        }
    }
}

#[tokio::test]
async fn firefox_shows_the_trace() {
    if !enabled() {
        return;
    }
    let mut test = TestClient::start().await;
    flawed_login(&mut test).await;
    let browser = Browser::firefox(Scheme::Light).await;
    let url = test.sandbox.url();
    for (name, path) in [("trace", "/trace"), ("flow", "/trace/f1")] {
        browser.open(&format!("{url}{path}")).await;
        comes(&browser, "Live").await;
        browser.fits(name).await;
        browser.accessible(name).await;
        browser.screenshot(&format!("{name}-firefox")).await;
    }
}

/// Waits until the page has this text. The driver has a time limit.
async fn comes(browser: &Browser, words: &str) {
    let script = "const [words, done] = arguments;
        const look = () => {
            if (!document.body.innerText.includes(words)) return;
            watch.disconnect();
            done(true);
        };
        const watch = new MutationObserver(look);
        watch.observe(document.body, { subtree: true, childList: true, characterData: true });
        look();";
    let waited = browser.page.execute_async(script, vec![words.into()]).await;
    assert!(waited.is_ok(), "{words:?} does not appear: {waited:?}");
}

#[tokio::test]
async fn the_trace_shows_a_login_live() {
    if !enabled() {
        return;
    }
    let mut test = TestClient::start().await;
    let url = test.sandbox.url().to_owned();
    let browser = Browser::chromium().await;
    browser.resize(Size::DESKTOP).await;
    let mark = "window.mark = 'not loaded again'";
    browser.open(&format!("{url}/trace")).await;
    browser.ask(mark).await;
    comes(&browser, "No flows yet").await;
    comes(&browser, "Live").await;

    let login = test.login();
    assert_eq!(test.authorize(&login, &[]).await.status, 200);
    comes(&browser, "Waits for the person").await;
    let kept = async || browser.ask("return window.mark").await == "not loaded again";
    assert!(kept().await, "the list was loaded again");

    browser.open(&format!("{url}/trace/f1")).await;
    browser.ask(mark).await;
    let code = parameter(&test.approve(), "code").unwrap();
    let tokens = test.exchange(&login, &code).await.json();
    comes(&browser, "Tokens issued").await;
    comes(&browser, "POST /oauth2/v1/token").await;

    // Open the step of the exchange with the keyboard.
    let here = "return document.activeElement.closest('#step-3 > details > summary') !== null";
    let mut presses = 0;
    while browser.ask(here).await != true {
        assert!(presses < 50, "no way to the step with Tab");
        presses += 1;
        browser.press(Key::Tab).await;
    }
    browser.press(Key::Enter).await;
    comes(&browser, "grant_type=authorization_code").await;
    let state = "const step = document.querySelector('#step-3 > details');
        return [step.open, step.contains(document.activeElement), window.scrollY, window.mark]";
    browser.ask("window.scrollTo(0, 120)").await;
    let before = browser.ask(state).await;
    assert_eq!(before[0], true, "the step is open");

    // An update keeps open steps, the focus and the scroll position.
    let access = text(&tokens, "access_token");
    let shared: Value = test.present(access, EMAIL_CLAIM).await.json();
    comes(&browser, "GET /exchange/v2/presentation").await;
    let refresh = text(&tokens, "refresh_token");
    let renewed = test.refresh(refresh).await.json();
    test.refresh(refresh).await;
    comes(&browser, "A refresh token that was used twice").await;
    comes(&browser, "Grant revoked").await;
    assert_eq!(browser.ask(state).await, before);
    browser.quiet("the live trace").await;

    // The page contains no secret.
    let source = browser.page.source().await.unwrap();
    let person = text(&shared["claims"][0], "value");
    let secrets = [
        code.as_str(),
        access,
        refresh,
        text(&renewed, "access_token"),
        text(&renewed, "refresh_token"),
        &login.verifier,
        login.get("state"),
        person,
    ];
    for secret in secrets {
        assert!(!source.contains(secret), "{secret} is in the page");
    }

    // After a reset, the page says that the flow was deleted.
    test.sandbox.reset();
    comes(&browser, "Not in the sandbox any more").await;
}

#[tokio::test]
async fn a_rule_is_added_and_removed_in_the_browser() {
    if !enabled() {
        return;
    }
    let mut test = TestClient::start().await;
    let login = test.login();
    assert_eq!(test.authorize(&login, &[]).await.status, 200);
    let url = test.sandbox.url().to_owned();
    let browser = Browser::chromium().await;
    browser.open(&format!("{url}/trace/f1")).await;
    browser
        .ask("document.querySelector('[name=misbehaviour]').value = 'server-error'")
        .await;
    browser.tab_to("Add rule").await;
    browser.press(Key::Enter).await;
    comes(&browser, "in flow f1, once").await;
    // A wrong rule gets an error, on a page that is also live.
    browser
        .ask(
            "document.querySelector('[name=misbehaviour]').value = 'callback-twice';
              document.querySelector('[name=seconds]').value = '1'",
        )
        .await;
    browser.tab_to("Add rule").await;
    browser.press(Key::Enter).await;
    comes(&browser, "callback-twice has no seconds").await;
    comes(&browser, "Live").await;
    // The misbehaviour happens, and the rule disappears without a reload.
    let code = parameter(&test.approve(), "code").unwrap();
    assert_eq!(test.exchange(&login, &code).await.status, 500);
    comes(&browser, "On request: server-error").await;
    let waiting = "return document.querySelectorAll('.rules li').length";
    assert_eq!(browser.ask(waiting).await, 0);

    browser
        .open(&format!("{url}/misbehave?misbehaviour=slow"))
        .await;
    browser.tab_to("Add rule").await;
    browser.press(Key::Enter).await;
    comes(&browser, "for any client, once").await;
    browser.tab_to("Remove").await;
    browser.press(Key::Enter).await;
    comes(&browser, "There are no rules: the sandbox works normally.").await;
}
