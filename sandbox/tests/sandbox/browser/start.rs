//! Tests of the start page: the examples to copy, and a login with only the keyboard.

use switchback_sandbox::{Config, Sandbox};
use thirtyfour::Key;

use super::{Browser, Scheme, Size, enabled};

#[tokio::test]
async fn the_examples_are_accessible_and_can_be_copied() {
    if !enabled() {
        return;
    }
    let sandbox = Sandbox::start(Config::default()).await.unwrap();
    let browser = Browser::chromium().await;
    let home = format!("{}/", sandbox.url());
    let unfold = "document.querySelectorAll('details').forEach((one) => (one.open = true))";
    for size in [Size::PHONE, Size::DESKTOP, Size::NARROW] {
        browser.resize(size).await;
        for scheme in [Scheme::Light, Scheme::Dark] {
            browser.prefer(scheme).await;
            browser.open(&home).await;
            browser.ask(unfold).await;
            let name = format!("home-unfolded-{}-{}", size.0, scheme.name());
            browser.screenshot(&name).await;
            browser.quiet(&name).await;
            browser.accessible(&name).await;
            browser.fits(&name).await;
            let down = "document.querySelector('#clients + section details').scrollIntoView()";
            browser.ask(down).await;
            browser.screenshot(&format!("{name}-clients")).await;
        }
    }
    browser.open(&home).await;
    // The name of each button says what it copies.
    let names = "return [...document.querySelectorAll('.copy button')]
        .map((button) => button.getAttribute('aria-label'))";
    let names = browser.ask(names).await;
    let names: Vec<&str> = names
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|name| name.as_str())
        .collect();
    for name in [
        &format!("Copy {}", sandbox.url()),
        "Copy demo-app",
        "Copy demo-backend-secret",
        "Copy curl: a complete login, for Demo Shop",
        "Copy switchback serve, for Demo Service",
    ] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    let keep = "navigator.clipboard.writeText = async (text) => void (window.copied = text)";
    browser.ask(keep).await;
    browser.tab_to("Copy").await;
    browser.press(Key::Enter).await;
    browser.until("window.copied !== undefined").await;
    assert_eq!(browser.ask("return window.copied").await, sandbox.url());
    browser
        .until("document.querySelector('[role=status]').textContent === 'Copied'")
        .await;
}

#[tokio::test]
async fn the_login_on_the_start_page_works_by_keyboard() {
    if !enabled() {
        return;
    }
    for browser in [
        Browser::chromium().await,
        Browser::firefox(Scheme::Light).await,
    ] {
        let sandbox = Sandbox::start(Config::default()).await.unwrap();
        browser.open(&format!("{}/", sandbox.url())).await;
        for step in ["Log in now", "Open the Truid app on this device", "Approve"] {
            browser.tab_to(step).await;
            browser.press(Key::Enter).await;
            let here = format!("!document.body.innerText.includes({step:?})");
            browser.until(&here).await;
        }
        browser
            .until("document.querySelector('h1').innerText === 'Logged in'")
            .await;
        let text = browser.ask("return document.body.innerText").await;
        assert!(text.as_str().unwrap().contains("Maja Sjöström"), "{text}");
        browser.accessible("logged-in").await;
        browser.screenshot("logged-in").await;
        assert_eq!(sandbox.findings(), []);
    }
}
