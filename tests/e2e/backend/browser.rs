//! The pages in real browsers, over real HTTP. The provider is on another site: 127.0.0.1, while
//! the service is on `localhost`. A site does not include the port.

// The browsers and their drivers are those of the sandbox's tests.
#[path = "../../../sandbox/tests/sandbox/browser/driver.rs"]
mod driver;
#[path = "../../../sandbox/tests/sandbox/browser/page.rs"]
#[expect(dead_code, reason = "the sandbox's tests use all of it")]
mod page;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use switchback::Provider;
use switchback_backend::web::{self, Web, pages::Page};
use switchback_backend::{ClientAuthentication, Config, Service};
use switchback_backend::{Environment, Purpose, Registration};
use switchback_protocol::provider::truid::DataPoint;
use switchback_sandbox::{Choice, Decision, OpenedBy, RegisteredClient};
use thirtyfour::prelude::ElementQueryable as _;
use thirtyfour::{By, Key};
use tokio::net::TcpListener;

use self::page::{Browser, Scheme, Size};
use super::support::{BackendFixture, CLIENT_ID, CLIENT_SECRET};

/// A callback that reached the service: the fetch metadata of the browser, and whether the cookie
/// was sent.
type Callbacks = Arc<Mutex<Vec<(String, bool)>>>;

/// Whether browsers are installed.
fn enabled() -> bool {
    std::env::var_os("SWITCHBACK_TEST_BROWSER").is_some()
}

/// The running service.
struct RunningService {
    fixture: BackendFixture,
    url: String,
    callbacks: Callbacks,
    /// Whether the service ignores the cookies of a callback from another site.
    withholds: Arc<AtomicBool>,
}

impl RunningService {
    async fn start() -> RunningService {
        let listener = TcpListener::bind("localhost:0").await.unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let redirect_uri = format!("{url}/truid/complete");
        let client = RegisteredClient::confidential(CLIENT_ID, CLIENT_SECRET, &redirect_uri);
        let fixture = BackendFixture::with(client).await;
        let provider = Provider::truid().with_base_url(fixture.sandbox.url());
        let registration =
            Registration::new(provider, CLIENT_ID, &redirect_uri, Environment::Test).unwrap();
        let secret = ClientAuthentication::SecretPost(CLIENT_SECRET.into());
        let scope = || [DataPoint::Name, DataPoint::Email, DataPoint::Birthdate];
        let config = Config::new(registration, secret)
            .with_purpose(Purpose::Login, scope())
            .with_purpose(Purpose::Onboarding, scope());
        let service = Service::new(config, fixture.platform()).unwrap();
        let mut page = Page::default();
        page.name = Some("Example".into());
        let callbacks = Callbacks::default();
        let seen = Arc::clone(&callbacks);
        let withholds = Arc::new(AtomicBool::default());
        let withhold = Arc::clone(&withholds);
        let watch = move |mut request: Request, next: Next| {
            if request.uri().path() == "/truid/complete" {
                let from = request.headers().get("sec-fetch-site");
                let from = from.map_or("", |v| v.to_str().unwrap()).to_owned();
                if from == "cross-site" && withhold.load(Ordering::Relaxed) {
                    request.headers_mut().remove("cookie");
                }
                let header = |name| request.headers().get(name);
                seen.lock()
                    .unwrap()
                    .push((from, header("cookie").is_some()));
            }
            next.run(request)
        };
        let router = web::router(service.clone(), Web::default())
            .merge(web::pages::router(service, Web::default(), page))
            .layer(from_fn(watch));
        tokio::spawn(async move { axum::serve(listener, router).await });
        RunningService {
            fixture,
            url,
            callbacks,
            withholds,
        }
    }

    /// The person decides on the phone, while the page on the computer waits.
    fn decide(&self, decision: Decision) {
        let app = self.fixture.sandbox.app();
        let waiting = app.waiting();
        let choice = Choice {
            opened_by: OpenedBy::Page,
            ..Choice::new(decision)
        };
        app.decide(&waiting.last().unwrap().id, &choice).unwrap();
    }

    fn callbacks(&self) -> Vec<(String, bool)> {
        std::mem::take(&mut *self.callbacks.lock().unwrap())
    }
}

/// A command of the Chrome DevTools Protocol.
async fn command(browser: &Browser, name: &str, parameters: serde_json::Value) {
    browser.page.cdp().send_raw(name, parameters).await.unwrap();
}

/// Follows a link or presses a button by its text, once it exists.
async fn press(browser: &Browser, words: &str) {
    let path = format!("//*[self::a or self::button][normalize-space()='{words}']");
    let found = browser.page.query(By::XPath(path)).first().await.unwrap();
    found.click().await.unwrap();
}

/// Reaches the element with Tab, as a person without a mouse does.
async fn tab_to(browser: &Browser, words: &str) {
    for _ in 0..20 {
        browser.press(Key::Tab).await;
        if browser.ask("return document.activeElement.innerText").await == words {
            return;
        }
    }
    panic!("{words:?} is not reached with the keyboard");
}

/// There is a session, and a button that ends it.
const LOGGED_IN: &str = "document.querySelector('[data-person] form button')";
const LOGGED_OUT: &str = "document.querySelector('[data-begin][href$=login-session]')";
const WAITS: &str = "document.querySelector('[data-state=waiting]:not([hidden])')";
const FRAMED: &str = "document.querySelector('dialog[open] iframe')";

/// Opens the page, and the provider's page in its frame.
async fn open_frame(browser: &Browser, running: &RunningService) {
    browser.open(&running.url).await;
    tab_to(browser, "Login with Truid").await;
    browser.press(Key::Enter).await;
    browser.until(FRAMED).await;
    browser.page.enter_frame(0).await.unwrap();
    browser.until(WAITS).await;
    browser.page.enter_default_frame().await.unwrap();
}

async fn logs_out(browser: &Browser, running: &RunningService) {
    press(browser, "Log out").await;
    browser.until(LOGGED_OUT).await;
    let cookies = browser.page.get_all_cookies().await.unwrap();
    assert!(cookies.is_empty(), "{cookies:?}");
    browser.open(&running.url).await;
    assert_eq!(
        browser.ask(&format!("return Boolean({LOGGED_IN})")).await,
        false
    );
}

/// A login in the frame, whose cookie is missing at first.
async fn in_the_frame(browser: &Browser) {
    let running = RunningService::start().await;
    open_frame(browser, &running).await;
    running.decide(Decision::Approve);
    browser.until(LOGGED_IN).await;
    let address = browser.page.current_url().await.unwrap();
    assert_eq!(address.as_str(), format!("{}/", running.url));
    let told = [("cross-site".into(), false), ("same-origin".into(), true)];
    assert_eq!(running.callbacks(), told);
    let shown = browser
        .ask("return document.querySelector('dl').innerText")
        .await;
    assert!(shown.as_str().unwrap().contains("Birthdate"), "{shown}");
    logs_out(browser, &running).await;

    open_frame(browser, &running).await;
    running.decide(Decision::Decline);
    browser
        .until("document.title.startsWith('You declined –')")
        .await;
    let address = browser.page.current_url().await.unwrap();
    assert_eq!(
        address.as_str(),
        format!("{}/", running.url),
        "the page shows the refusal once, not after a reload"
    );
    assert_eq!(
        browser.ask(&format!("return {FRAMED}")).await.to_string(),
        "null"
    );
    running.callbacks();

    // Without a cookie the login ends with a text and a link, and does not loop.
    open_frame(browser, &running).await;
    browser.page.delete_all_cookies().await.unwrap();
    running.decide(Decision::Approve);
    browser.page.enter_frame(0).await.unwrap();
    let words = "document.querySelector('h1')?.innerText === 'One more step'";
    let way_out = "document.querySelector('a')?.target === '_top'";
    browser.until(&format!("{words} && {way_out}")).await;
    browser.page.enter_default_frame().await.unwrap();
    let told = [("cross-site".into(), false), ("same-origin".into(), false)];
    assert_eq!(running.callbacks(), told);
    press(browser, "Cancel").await;
    browser.until("!document.querySelector('iframe')").await;
}

/// A login in a new window; the earlier page notices it.
async fn in_a_new_window(browser: &Browser) {
    let running = RunningService::start().await;
    browser.open(&running.url).await;
    let first = browser.page.window().await.unwrap();
    press(browser, "Open Truid in a new window").await;
    let windows = browser.page.windows().await.unwrap();
    let second = windows.into_iter().find(|window| *window != first).unwrap();
    browser.page.switch_to_window(second).await.unwrap();
    browser.until(WAITS).await;
    running.decide(Decision::Approve);
    browser.until(LOGGED_IN).await;
    assert_eq!(running.callbacks(), [("cross-site".into(), true)]);
    browser.page.switch_to_window(first).await.unwrap();
    browser.until(LOGGED_IN).await;
}

/// A login at the top level, in a browser that omits the cookie after redirects through other
/// sites.
async fn without_the_cookie_at_first(browser: &Browser) {
    let running = RunningService::start().await;
    running.withholds.store(true, Ordering::Relaxed);
    browser
        .open(&format!("{}/truid/login-session", running.url))
        .await;
    browser.until(WAITS).await;
    running.decide(Decision::Approve);
    browser.until(LOGGED_IN).await;
    let told = [("cross-site".into(), false), ("same-origin".into(), true)];
    assert_eq!(running.callbacks(), told);
    logs_out(browser, &running).await;
}

/// A login in one tab, while another tab has a login that began earlier.
async fn in_two_tabs(browser: &Browser) {
    for (first, second) in [
        ("login-session", "confirm-signup"),
        ("confirm-signup", "login-session"),
    ] {
        let running = RunningService::start().await;
        browser.page.delete_all_cookies().await.unwrap();
        let mut tabs = Vec::new();
        for function in [first, second] {
            let tab = browser.page.new_tab().await.unwrap();
            browser.page.switch_to_window(tab.clone()).await.unwrap();
            browser
                .open(&format!("{}/truid/{function}", running.url))
                .await;
            browser.until(WAITS).await;
            tabs.push(tab);
        }
        for (n, tab) in tabs.into_iter().enumerate() {
            let app = running.fixture.sandbox.app();
            let choice = Choice {
                opened_by: OpenedBy::Page,
                ..Choice::new(Decision::Approve)
            };
            app.decide(&app.waiting()[0].id, &choice).unwrap();
            browser.page.switch_to_window(tab).await.unwrap();
            browser.until(LOGGED_IN).await;
            assert_eq!(running.callbacks(), [("cross-site".into(), true)], "{n}");
        }
    }
}

/// A person signs up while they are logged in, ends that session, and stays logged in.
async fn beside_the_login(browser: &Browser) {
    let running = RunningService::start().await;
    browser.page.delete_all_cookies().await.unwrap();
    for function in ["login-session", "confirm-signup"] {
        browser
            .open(&format!("{}/truid/{function}", running.url))
            .await;
        browser.until(WAITS).await;
        running.decide(Decision::Approve);
        browser.until(LOGGED_IN).await;
    }
    let sections = |count| format!("document.querySelectorAll('[data-person]').length === {count}");
    browser.until(&sections(2)).await;
    press(browser, "Stop showing this data").await;
    let login = "document.querySelector('[data-person=login]')";
    browser.until(&format!("{} && {login}", sections(1))).await;
    logs_out(browser, &running).await;
}

#[tokio::test]
async fn a_person_logs_in_with_chromium() {
    if !enabled() {
        return;
    }
    let browser = Browser::chromium().await;
    in_the_frame(&browser).await;
    in_a_new_window(&browser).await;
    without_the_cookie_at_first(&browser).await;
    in_two_tabs(&browser).await;
    beside_the_login(&browser).await;
    browser.quiet("all of it").await;
}

#[tokio::test]
async fn a_person_logs_in_with_firefox() {
    if !enabled() {
        return;
    }
    let browser = Browser::firefox(Scheme::Dark).await;
    in_the_frame(&browser).await;
    in_a_new_window(&browser).await;
    without_the_cookie_at_first(&browser).await;
    in_two_tabs(&browser).await;
    beside_the_login(&browser).await;
}

#[tokio::test]
async fn only_the_providers_page_sets_the_frame_height() {
    if !enabled() {
        return;
    }
    let running = RunningService::start().await;
    let browser = Browser::chromium().await;
    browser.open(&running.url).await;
    let listens = "window.heard = [];
        addEventListener('message', ({ data }) =>
          heard.push([data, document.querySelector('iframe').height]));";
    browser.ask(listens).await;
    press(&browser, "Login with Truid").await;
    // Automatically, once the provider's page is loaded.
    browser.until("heard.length === 1").await;
    let height = async || {
        browser
            .ask("return document.querySelector('iframe').height")
            .await
    };
    // Another window sends a message before the provider's page does.
    let asks = "const frame = document.querySelector('iframe');
        frame.height = 310;
        postMessage('[iFrameSizer]truid:690:400:init', '*');
        frame.contentWindow.postMessage('[iFrameSizer]truid:1:true', '*');";
    browser.ask(asks).await;
    browser.until("heard.length === 3").await;
    let heard = browser.ask("return heard").await;
    assert_eq!(heard[1][1], "310", "{heard}");
    let higher = height().await.as_str().unwrap().parse::<u32>().unwrap();
    assert!((311..=700).contains(&higher), "{heard}");

    // The provider's page after a change.
    let says = async |words: &str| {
        browser.page.enter_frame(0).await.unwrap();
        browser
            .ask(&format!("parent.postMessage({words:?}, '*')"))
            .await;
        browser.page.enter_default_frame().await.unwrap();
    };
    says("[iFrameSizer]truid:99999:400:init").await;
    browser
        .until("document.querySelector('iframe').height === '700'")
        .await;
    says("[iFrameSizer]truid:400:400:resize").await;
    says("[iFrameSizer]truid:0:0:init").await;
    browser
        .until("document.querySelector('iframe').height === '300'")
        .await;
    browser.until("heard.length === 6").await;
    assert_eq!(browser.ask("return heard[4][1]").await, "700");

    // The provider's message from another frame.
    let another = "const another = document.createElement('iframe');
        another.src = '/truid/login-session';
        document.body.append(another);";
    browser.ask(another).await;
    browser.page.enter_frame(1).await.unwrap();
    browser.until(WAITS).await;
    let words = "parent.postMessage('[iFrameSizer]truid:444:400:init', '*')";
    browser.ask(words).await;
    browser.page.enter_default_frame().await.unwrap();
    browser.until("heard.length === 7").await;
    assert_eq!(height().await, "300");

    // Another site's message in the same frame; here the site of the service.
    let elsewhere = "document.querySelector('iframe').src = '/?login=expired'";
    browser.ask(elsewhere).await;
    browser.page.enter_frame(0).await.unwrap();
    browser
        .until("document.title.startsWith('That took')")
        .await;
    browser.page.enter_default_frame().await.unwrap();
    says("[iFrameSizer]truid:555:400:init").await;
    browser.until("heard.length === 8").await;
    assert_eq!(height().await, "300");
}

#[tokio::test]
async fn a_narrow_window_has_no_frame() {
    if !enabled() {
        return;
    }
    let running = RunningService::start().await;
    let browser = Browser::chromium().await;
    for (size, agent) in [
        (Size::PHONE, ""),
        (
            Size::DESKTOP,
            "Mozilla/5.0 (Linux; Android 16; Pixel Tablet)",
        ),
    ] {
        browser.resize(size).await;
        let agent = serde_json::json!({ "userAgent": agent });
        command(&browser, "Emulation.setUserAgentOverride", agent).await;
        browser.open(&running.url).await;
        press(&browser, "Login with Truid").await;
        browser.until(WAITS).await;
        let address = browser.page.current_url().await.unwrap();
        assert!(address.as_str().starts_with(running.fixture.sandbox.url()));
        running.decide(Decision::Approve);
        browser.until(LOGGED_IN).await;
        press(&browser, "Log out").await;
        browser.until(LOGGED_OUT).await;
    }
}

#[tokio::test]
async fn only_the_frame_needs_a_script() {
    if !enabled() {
        return;
    }
    let running = RunningService::start().await;
    let browser = Browser::chromium().await;
    let no_scripts = serde_json::json!({ "value": true });
    command(&browser, "Emulation.setScriptExecutionDisabled", no_scripts).await;
    browser.open(&running.url).await;
    press(&browser, "Login with Truid").await;
    press(&browser, "Open the Truid app on this device").await;
    press(&browser, "Approve").await;
    let is_there = async |heading: &str| {
        let path = format!("//h2[.='{heading}']");
        browser.page.query(By::XPath(path)).first().await.unwrap();
    };
    is_there("You are logged in").await;
    press(&browser, "Log out").await;
    is_there("Log in").await;
}

#[tokio::test]
async fn the_pages_are_accessible() {
    if !enabled() {
        return;
    }
    let running = RunningService::start().await;
    let browser = Browser::chromium().await;
    let out = [
        ("service-out", format!("{}/", running.url)),
        (
            "service-declined",
            format!("{}/?login=access_denied", running.url),
        ),
        (
            "service-come-back",
            format!("{}/truid/complete?code=a&state=b", running.url),
        ),
    ];
    check_pages(&browser, &out).await;
    open_frame(&browser, &running).await;
    for scheme in [Scheme::Light, Scheme::Dark] {
        browser.resize(Size::DESKTOP).await;
        browser.prefer(scheme).await;
        let name = format!("service-frame-{}", scheme.name());
        browser.screenshot(&name).await;
        browser.accessible(&name).await;
    }
    running.decide(Decision::Approve);
    browser.until(LOGGED_IN).await;
    check_pages(&browser, &[("service-in", format!("{}/", running.url))]).await;
}

async fn check_pages(browser: &Browser, pages: &[(&str, String)]) {
    for (name, url) in pages {
        for size in [Size::NARROW, Size::DESKTOP] {
            browser.resize(size).await;
            for scheme in [Scheme::Light, Scheme::Dark] {
                let name = format!("{name}-{}-{}", size.0, scheme.name());
                browser.prefer(scheme).await;
                browser.open(url).await;
                browser.screenshot(&name).await;
                browser.quiet(&name).await;
                browser.accessible(&name).await;
                browser.fits(&name).await;
            }
        }
    }
}
