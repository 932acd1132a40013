//! The pages for developers in a browser: fit for everyone, and live.

use serde_json::Value;
use switchback_sandbox::Misbehaviour;
use thirtyfour::Key;

use super::pages::check;
use super::{Browser, Scheme, Size, enabled};
use crate::scene::{EMAIL_CLAIM, Scene};
use crate::support::*;

/// A login that is exchanged late, asks in vain, loses an answer and tries again.
async fn unlucky(scene: &mut Scene) {
    let login = scene.login();
    let code = scene.code(&login).await;
    scene.sandbox.advance_with_clients(27);
    let tokens = scene.exchange(&login, &code).await.json();
    let bearer = format!("Authorization: Bearer {}", text(&tokens, "access_token"));
    let bare = "GET /exchange/v2/presentation";
    send(scene.to, bare, &[&bearer], "").await;
    let body = encode(&[
        ("grant_type", "refresh_token"),
        ("client_id", "demo-app"),
        ("refresh_token", text(&tokens, "refresh_token")),
    ]);
    let dropped = [FORM, "Switchback-Misbehave: dropped-after"];
    raw(scene.to, "POST /oauth2/v1/token", &dropped, &body).await;
    scene.refresh(text(&tokens, "refresh_token")).await;
}

#[tokio::test]
async fn the_pages_for_developers_are_fit_for_everyone() {
    if !enabled() {
        return;
    }
    let mut scene = Scene::start().await;
    let url = scene.sandbox.url().to_owned();
    let browser = Browser::chromium().await;
    check(&browser, vec![("trace-empty", format!("{url}/trace"))]).await;
    unlucky(&mut scene).await;
    let login = scene.confidential_login();
    scene.open_pushed(&login).await;
    let rule = switchback_sandbox::Rule::new(Misbehaviour::Slow);
    scene.sandbox.misbehave(rule).unwrap();
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

    // And with all unfolded.
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
async fn the_trace_is_shown_by_firefox() {
    if !enabled() {
        return;
    }
    let mut scene = Scene::start().await;
    unlucky(&mut scene).await;
    let browser = Browser::firefox(Scheme::Light).await;
    let url = scene.sandbox.url();
    for (name, path) in [("trace", "/trace"), ("flow", "/trace/f1")] {
        browser.open(&format!("{url}{path}")).await;
        comes(&browser, "Live").await;
        browser.fits(name).await;
        browser.accessible(name).await;
        browser.screenshot(&format!("{name}-firefox")).await;
    }
}

/// Waits until the page has this text. The driver gives up by itself.
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
    assert!(waited.is_ok(), "{words:?} does not come: {waited:?}");
}

#[tokio::test]
async fn a_login_is_watched_live() {
    if !enabled() {
        return;
    }
    let mut scene = Scene::start().await;
    let url = scene.sandbox.url().to_owned();
    let browser = Browser::chromium().await;
    browser.resize(Size::DESKTOP).await;
    let mark = "window.mark = 'not loaded again'";
    browser.open(&format!("{url}/trace")).await;
    browser.ask(mark).await;
    comes(&browser, "No flows yet").await;
    comes(&browser, "Live").await;

    let login = scene.login();
    assert_eq!(scene.authorize(&login, &[]).await.status, 200);
    comes(&browser, "Waits for the person").await;
    let kept = async || browser.ask("return window.mark").await == "not loaded again";
    assert!(kept().await, "the list was loaded again");

    browser.open(&format!("{url}/trace/f1")).await;
    browser.ask(mark).await;
    let code = parameter(&scene.approve(), "code").unwrap();
    let tokens = scene.exchange(&login, &code).await.json();
    comes(&browser, "Tokens given out").await;
    comes(&browser, "POST /oauth2/v1/token").await;

    // By the keyboard to the step of the exchange, and into it.
    let here = "return document.activeElement.closest('#step-3 > details > summary') !== null";
    let mut presses = 0;
    while browser.ask(here).await != true {
        assert!(presses < 50, "no way to the step with Tab");
        presses += 1;
        browser.press(Key::Tab).await;
    }
    browser.press(Key::Enter).await;
    comes(&browser, "grant_type=authorization_code").await;
    let stands = "const step = document.querySelector('#step-3 > details');
        return [step.open, step.contains(document.activeElement), window.scrollY, window.mark]";
    browser.ask("window.scrollTo(0, 120)").await;
    let before = browser.ask(stands).await;
    assert_eq!(before[0], true, "unfolded");

    // More happens; what was unfolded stays so, the focus and the place with it.
    let access = text(&tokens, "access_token");
    let shared: Value = scene.present(access, EMAIL_CLAIM).await.json();
    comes(&browser, "GET /exchange/v2/presentation").await;
    let refresh = text(&tokens, "refresh_token");
    let renewed = scene.refresh(refresh).await.json();
    scene.refresh(refresh).await;
    comes(&browser, "A refresh token that was used twice").await;
    comes(&browser, "Grant revoked").await;
    assert_eq!(browser.ask(stands).await, before);
    browser.quiet("the live trace").await;

    // With everything unfolded nothing is there that a thief could use.
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

    // What the sandbox has forgotten is not taken for live.
    scene.sandbox.reset();
    comes(&browser, "Forgotten by the sandbox").await;
}

#[tokio::test]
async fn a_rule_is_made_and_taken_away_in_the_browser() {
    if !enabled() {
        return;
    }
    let mut scene = Scene::start().await;
    let login = scene.login();
    assert_eq!(scene.authorize(&login, &[]).await.status, 200);
    let url = scene.sandbox.url().to_owned();
    let browser = Browser::chromium().await;
    browser.open(&format!("{url}/trace/f1")).await;
    browser
        .ask("document.querySelector('[name=misbehaviour]').value = 'server-error'")
        .await;
    browser.tab_to("Let it go wrong").await;
    browser.press(Key::Enter).await;
    comes(&browser, "in flow f1, once").await;
    // What cannot be is said, on a page that is live as well.
    browser
        .ask(
            "document.querySelector('[name=misbehaviour]').value = 'callback-twice';
              document.querySelector('[name=seconds]').value = '1'",
        )
        .await;
    browser.tab_to("Let it go wrong").await;
    browser.press(Key::Enter).await;
    comes(&browser, "callback-twice takes no seconds").await;
    comes(&browser, "Live").await;
    // It happens, and is gone without a reload.
    let code = parameter(&scene.approve(), "code").unwrap();
    assert_eq!(scene.exchange(&login, &code).await.status, 500);
    comes(&browser, "On demand: server-error").await;
    let waiting = "return document.querySelectorAll('.rules li').length";
    assert_eq!(browser.ask(waiting).await, 0);

    browser
        .open(&format!("{url}/misbehave?misbehaviour=slow"))
        .await;
    browser.tab_to("Let it go wrong").await;
    browser.press(Key::Enter).await;
    comes(&browser, "for whoever comes next, once").await;
    browser.tab_to("Take away").await;
    browser.press(Key::Enter).await;
    comes(&browser, "Nothing: the sandbox behaves.").await;
}
