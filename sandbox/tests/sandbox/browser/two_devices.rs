//! Tests with two devices: the authorize page, alone or in a service's frame, and the fake Truid
//! app in a second window.

use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, Uri};
use axum::response::Html;
use axum::routing::get;
use switchback_sandbox::{Choice, Config, Decision, OpenedBy, RegisteredClient, Sandbox};
use thirtyfour::{By, Key};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::pages::check;
use super::{Browser, Scheme, Size, enabled};
use crate::support::{REDIRECT, authorization, exchange_at, parameter};

/// The page of a service that shows the authorize page in a frame, with the guide's handshake.
const FRAMES: &str = r#"<!doctype html><html lang="en"><title>Service</title><h1>Service</h1>
<iframe title="Login" width="400" height="500" src="AUTHORIZE"></iframe>
<script>
addEventListener("message", event => document.body.dataset.answer = event.data);
document.querySelector("iframe").addEventListener("load", event =>
  event.target.contentWindow.postMessage("[iFrameSizer]truid:1:true", "*"));
</script></html>"#;

/// A sandbox, and a service that waits for the callback.
struct TwoDevices {
    sandbox: Sandbox,
    /// The base URL of the service.
    service: String,
    came_back: mpsc::UnboundedReceiver<Uri>,
}

impl TwoDevices {
    async fn start() -> TwoDevices {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let service = format!("http://{}", listener.local_addr().unwrap());
        let mut client = RegisteredClient::demo_app();
        client.redirect_uris = vec![format!("{service}/callback")];
        let config = Config {
            clients: vec![client],
            ..Config::default()
        };
        let sandbox = Sandbox::start(config).await.unwrap();
        let (tell, came_back) = mpsc::unbounded_channel();
        let mut setup = TwoDevices {
            sandbox,
            service,
            came_back,
        };
        let page = FRAMES.replace("AUTHORIZE", &setup.authorize().replace('&', "&amp;"));
        let back = async move |uri: Uri| {
            tell.send(uri).unwrap();
            Html("<title>Service</title><h1>Welcome back</h1>")
        };
        let routes = Router::new()
            .route("/", get(async move || Html(page)))
            .route("/callback", get(back))
            // Browsers request it automatically.
            .route("/favicon.ico", get(async || StatusCode::NO_CONTENT));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        setup.came_back.try_recv().unwrap_err();
        setup
    }

    fn authorize(&self) -> String {
        let encode = |text: &str| -> String {
            url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
        };
        let own = encode(&format!("{}/callback", self.service));
        let path = authorization("login-session").replace(&encode(REDIRECT), &own);
        format!("{}{path}", self.sandbox.url())
    }

    /// The id of the only pending request.
    fn waiting(&self) -> String {
        let all = self.sandbox.app().waiting();
        assert_eq!(all.len(), 1);
        all[0].id.clone()
    }

    fn decide(&self, decision: Decision) {
        let choice = Choice {
            opened_by: OpenedBy::Page,
            ..Choice::new(decision)
        };
        self.sandbox.app().decide(&self.waiting(), &choice).unwrap();
    }

    /// The callback. The time limit is for a failing test, which should not hang.
    async fn callback(&mut self) -> String {
        let within = Duration::from_secs(60);
        let came = tokio::time::timeout(within, self.came_back.recv()).await;
        let uri = came.expect("the browser did not come back").unwrap();
        format!("{}{uri}", self.service)
    }
}

/// The phone is in another window; the service shows the page in a frame.
async fn framed(browser: &Browser) {
    let mut setup = TwoDevices::start().await;
    browser.open(&setup.service).await;
    browser.until("document.body.dataset.answer").await;
    let answer = browser.ask("return document.body.dataset.answer").await;
    let answer = answer.as_str().unwrap();
    let sizes = answer.strip_prefix("[iFrameSizer]truid:").unwrap();
    let sizes: Vec<&str> = sizes.split(':').collect();
    let [height, width, "init"] = sizes.as_slice() else {
        panic!("{answer}");
    };
    assert!(
        (100..=500).contains(&height.parse::<u32>().unwrap()),
        "{answer}"
    );
    assert_eq!(*width, "400", "{answer}");
    browser.page.enter_frame(0).await.unwrap();
    let overflow = "const e = document.documentElement;
        return [e.scrollHeight - e.clientHeight, e.scrollWidth - e.clientWidth]";
    assert_eq!(browser.ask(overflow).await.to_string(), "[0,0]");
    browser.page.enter_default_frame().await.unwrap();

    let service = browser.page.window().await.unwrap();
    let phone = browser.page.new_tab().await.unwrap();
    browser.page.switch_to_window(phone).await.unwrap();
    let page = format!("{}/app/{}?on=another", setup.sandbox.url(), setup.waiting());
    browser.open(&page).await;
    browser.tab_to("Approve").await;
    browser.press(Key::Enter).await;
    let callback = setup.callback().await;
    browser
        .until("document.querySelector('h1').innerText.startsWith('Done')")
        .await;

    browser.page.switch_to_window(service).await.unwrap();
    let inside = "document.querySelector('iframe').contentDocument?.querySelector('h1')";
    browser
        .until(&format!("{inside}?.innerText === 'Welcome back'"))
        .await;
    let own = browser.page.current_url().await.unwrap();
    assert_eq!(
        own.as_str(),
        format!("{}/", setup.service),
        "only the frame goes to the redirect URI"
    );
    let code = parameter(&callback, "code").unwrap();
    let redirect_uri = format!("{}/callback", setup.service);
    let tokens = exchange_at(setup.sandbox.address(), &code, &redirect_uri).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
}

/// The page is not in a frame, and opens the callback automatically.
async fn alone(browser: &Browser) {
    let mut setup = TwoDevices::start().await;
    browser.open(&setup.authorize()).await;
    setup.decide(Decision::Decline);
    let callback = setup.callback().await;
    assert_eq!(
        parameter(&callback, "error").as_deref(),
        Some("access_denied")
    );
    browser
        .until("document.querySelector('h1').innerText === 'Welcome back'")
        .await;
}

/// The expiry is visible, and screen readers announce it.
async fn expiry(browser: &Browser) {
    let setup = TwoDevices::start().await;
    browser.open(&setup.authorize()).await;
    let status = "document.querySelector('[role=status]').innerText";
    browser
        .until("/^(10:00|9:5)/.test(document.querySelector('[role=timer]').innerText)")
        .await;
    assert_eq!(browser.ask(&format!("return {status}")).await, "");
    setup.sandbox.advance(545);
    browser
        .until(&format!("{status} === 'One minute left.'"))
        .await;
    setup.sandbox.advance(100);
    browser
        .until(&format!("{status}.startsWith('This request has expired')"))
        .await;
    let seen = browser
        .page
        .find(By::Css("[data-state=expired]"))
        .await
        .unwrap();
    assert!(seen.is_displayed().await.unwrap());
    let code = browser.page.find(By::Css(".code")).await.unwrap();
    let drawn = "return document.querySelector('.code').naturalWidth > 0";
    assert_eq!(browser.ask(drawn).await, true);
    assert!(
        !code.is_displayed().await.unwrap(),
        "the QR code of an expired request is hidden"
    );
}

/// The list is updated automatically, and the focus stays on its link.
async fn live(browser: &Browser) {
    let setup = TwoDevices::start().await;
    let list = format!("{}/app", setup.sandbox.url());
    browser.open(&list).await;
    let first = setup.sandbox.app().open(&setup.authorize()).unwrap();
    browser.until("document.querySelector('.list a')").await;
    browser
        .ask("document.querySelector('.list a').focus()")
        .await;
    setup.sandbox.app().open(&setup.authorize()).unwrap();
    browser
        .until("document.querySelectorAll('.list a').length === 2")
        .await;
    let focused = browser.ask("return document.activeElement.pathname").await;
    assert_eq!(focused, format!("/app/{}", first.id));
    setup.sandbox.reset();
    browser.until("document.querySelector('.empty')").await;
}

#[tokio::test]
async fn two_devices_in_chromium() {
    if !enabled() {
        return;
    }
    let browser = Browser::chromium().await;
    for scheme in [Scheme::Light, Scheme::Dark] {
        browser.prefer(scheme).await;
        framed(&browser).await;
        browser.quiet("framed").await;
        alone(&browser).await;
    }
    expiry(&browser).await;
    live(&browser).await;
    browser.quiet("waiting").await;
}

#[tokio::test]
async fn two_devices_in_firefox() {
    if !enabled() {
        return;
    }
    let browser = Browser::firefox(Scheme::Light).await;
    framed(&browser).await;
    alone(&browser).await;
    expiry(&browser).await;
    live(&browser).await;
}

#[tokio::test]
async fn the_app_is_accessible() {
    if !enabled() {
        return;
    }
    let mut config = Config::default();
    config.people[0].email = None;
    let sandbox = Sandbox::start(config).await.unwrap();
    let url = sandbox.url().to_owned();
    let link = format!(
        "{url}{}&user_message=Your+order+4711",
        authorization("confirm-signup")
    );
    let all = format!("{link}%20truid.app/data-point/portrait-image").replace("user_message", "x");
    let id = sandbox.app().open(&link).unwrap().id;
    let pasted: String = url::form_urlencoded::byte_serialize(all.as_bytes()).collect();
    let never = sandbox.app().open(&link).unwrap().id;
    sandbox.app().decline(&never).unwrap();
    let browser = Browser::chromium().await;
    let pages = vec![
        ("app-list", format!("{url}/app")),
        ("app-request", format!("{url}/app/{id}")),
        ("app-another", format!("{url}/app/{id}?on=another")),
        ("app-decided", format!("{url}/app/{never}")),
        ("app-people", format!("{url}/app/people")),
        ("app-person", format!("{url}/app/people/maja")),
        ("app-link", format!("{url}/app/link")),
        ("app-link-good", format!("{url}/app/link?url={pasted}")),
        (
            "app-link-none",
            format!("{url}/app/link?url=https%3A%2F%2Fx.example%2F&installed=no"),
        ),
        ("app-authorize", link.clone()),
    ];
    check(&browser, pages).await;
    browser.resize(Size::PHONE).await;
    for (name, button) in [
        ("app-expired", "Let it expire"),
        ("app-never", "Approve, without a callback"),
        ("app-twice", "Approve, with the callback twice"),
    ] {
        let id = sandbox.app().open(&link).unwrap().id;
        browser.open(&format!("{url}/app/{id}")).await;
        browser.tab_to(button).await;
        browser.press(Key::Enter).await;
        browser
            .until("document.title.startsWith('The request has expired') || document.title.startsWith('Decided')")
            .await;
        browser.screenshot(name).await;
        browser.quiet(name).await;
        browser.accessible(name).await;
    }
    browser.open(&format!("{url}/app/people/maja")).await;
    let clear = "document.querySelector('[name=birthdate]').value = '24.12.1990'";
    browser.ask(clear).await;
    browser.tab_to("Save").await;
    browser.press(Key::Enter).await;
    browser
        .until("document.querySelector('[aria-invalid]')")
        .await;
    browser.screenshot("app-person-wrong").await;
    browser.accessible("app-person-wrong").await;
    browser.resize(Size::FRAME).await;
    for scheme in [Scheme::Light, Scheme::Dark] {
        browser.prefer(scheme).await;
        browser.open(&link).await;
        browser
            .screenshot(&format!("app-authorize-frame-{}", scheme.name()))
            .await;
        let over = "const e = document.documentElement; return e.scrollHeight - e.clientHeight";
        assert_eq!(browser.ask(over).await, 0, "the page has to be scrolled");
    }
}
