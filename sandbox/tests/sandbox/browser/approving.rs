//! Tests that a person can approve with only the keyboard, and gets back to the service.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::http::Uri;
use switchback_sandbox::{Config, RegisteredClient, Sandbox};
use thirtyfour::Key;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::{Browser, Scheme, enabled};
use crate::support::{REDIRECT, authorization, exchange_at, parameter};

/// A service that waits for the callback.
struct Service {
    redirect_uri: String,
    came_back: mpsc::UnboundedReceiver<Uri>,
}

impl Service {
    async fn start() -> Service {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let redirect_uri = format!("http://{}/callback", listener.local_addr().unwrap());
        let (tell, came_back) = mpsc::unbounded_channel();
        // Browsers also request other paths, such as the icon.
        let service = Router::new().fallback(async move |uri: Uri| {
            if uri.path() == "/callback" {
                tell.send(uri).unwrap();
            }
            "Welcome back."
        });
        tokio::spawn(async move { axum::serve(listener, service).await });
        Service {
            redirect_uri,
            came_back,
        }
    }

    /// The callback. The time limit is for a failing test, which should not hang.
    async fn callback(&mut self) -> Uri {
        let within = Duration::from_secs(60);
        let came = tokio::time::timeout(within, self.came_back.recv()).await;
        came.expect("the browser did not come back").unwrap()
    }
}

async fn approve(browser: &Browser) {
    let mut service = Service::start().await;
    let mut client = RegisteredClient::demo_app();
    client.redirect_uris = vec![service.redirect_uri.clone()];
    let config = Config {
        clients: vec![client],
        ..Config::default()
    };
    let sandbox = Sandbox::start(config).await.unwrap();
    let to: SocketAddr = sandbox.address();
    let own = url::form_urlencoded::byte_serialize(service.redirect_uri.as_bytes());
    let theirs = url::form_urlencoded::byte_serialize(REDIRECT.as_bytes());
    let (own, theirs): (String, String) = (own.collect(), theirs.collect());
    let request = authorization("login-session").replace(&theirs, &own);
    let url = format!("{}{request}", sandbox.url());
    let waiting = sandbox.app().open(&url).unwrap();

    let page = format!("{}/app/{}", sandbox.url(), waiting.id);
    browser.open(&page).await;
    browser.tab_to("Approve").await;
    browser.press(Key::Enter).await;
    let callback = service.callback().await;

    let callback = format!("http://service{callback}");
    assert_eq!(parameter(&callback, "state").as_deref(), Some("S-1"));
    let code = parameter(&callback, "code").unwrap();
    let tokens = exchange_at(to, &code, &service.redirect_uri).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
}

#[tokio::test]
async fn approving_by_keyboard_in_chromium() {
    if enabled() {
        approve(&Browser::chromium().await).await;
    }
}

#[tokio::test]
async fn approving_by_keyboard_in_firefox() {
    if enabled() {
        approve(&Browser::firefox(Scheme::Light).await).await;
    }
}
