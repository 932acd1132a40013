//! Tests of every page in every size and colour scheme.

use switchback_sandbox::{Config, Sandbox};

use super::{Browser, Scheme, Size, enabled};
use crate::support::authorization;

/// The name and URL of each page. Prepares the sandbox so that the pages have content.
fn all(sandbox: &Sandbox) -> Vec<(&'static str, String)> {
    let url = sandbox.url();
    let authorize = format!("{url}{}", authorization("login-session"));
    let waiting = sandbox.app().open(&authorize).unwrap();
    vec![
        ("home", format!("{url}/")),
        ("app", format!("{url}/app")),
        ("request", format!("{url}/app/{}", waiting.id)),
        ("refused", authorize.replace("callback", "callback2")),
        ("authorize", authorize),
    ]
}

#[tokio::test]
async fn every_page_is_accessible() {
    if !enabled() {
        return;
    }
    let sandbox = Sandbox::start(Config::default()).await.unwrap();
    let browser = Browser::chromium().await;
    let empty = vec![("app-empty", format!("{}/app", sandbox.url()))];
    check(&browser, empty).await;
    check(&browser, all(&sandbox)).await;
}

pub(super) async fn check(browser: &Browser, pages: Vec<(&str, String)>) {
    for (name, url) in pages {
        for size in [Size::PHONE, Size::DESKTOP] {
            browser.resize(size).await;
            for scheme in [Scheme::Light, Scheme::Dark] {
                let name = format!("{name}-{}-{}", size.0, scheme.name());
                browser.prefer(scheme).await;
                browser.open(&url).await;
                browser.screenshot(&name).await;
                browser.quiet(&name).await;
                browser.accessible(&name).await;
            }
        }
        browser.resize(Size::NARROW).await;
        browser.open(&url).await;
        browser.screenshot(&format!("{name}-narrow")).await;
        browser.quiet(name).await;
        browser.fits(name).await;
    }
}

#[tokio::test]
async fn firefox_shows_every_page() {
    if !enabled() {
        return;
    }
    let sandbox = Sandbox::start(Config::default()).await.unwrap();
    let browser = Browser::firefox(Scheme::Dark).await;
    for (name, url) in all(&sandbox) {
        browser.open(&url).await;
        let heading = browser.ask("return document.querySelectorAll('h1').length");
        assert_eq!(heading.await, 1, "{name}");
        browser.fits(name).await;
        browser.accessible(name).await;
        browser.screenshot(&format!("{name}-firefox")).await;
    }
}
