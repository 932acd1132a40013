//! Tests of the fake Truid app, its people, and the authorize page on another device.

use serde_json::{Value, json};
use switchback_sandbox::{Choice, Decision, Sandbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::*;

const CUSTOM: &str = "demoapp:///callback";

/// The link of a valid request with a custom scheme as its redirect URI.
fn link(sandbox: &Sandbox) -> String {
    let theirs = &encode(&[("", REDIRECT)])[1..];
    let own = &encode(&[("", CUSTOM)])[1..];
    let path = authorization("login-session").replace(theirs, own);
    format!("{}{path}", sandbox.url())
}

fn waiting(sandbox: &Sandbox) -> String {
    sandbox.app().open(&link(sandbox)).unwrap().id
}

async fn decide(to: std::net::SocketAddr, id: &str, how: &str, form: &[(&str, &str)]) -> Answer {
    let request = format!("POST /app/{id}/{how}");
    send(to, &request, &[FORM], &encode(form)).await
}

/// A stream of server-sent events, with the unread text.
struct Events(TcpStream, String);

impl Events {
    async fn of(to: std::net::SocketAddr, id: &str) -> Events {
        let mut stream = TcpStream::connect(to).await.unwrap();
        let request = format!(
            "GET /sandbox/v1/app/waiting/{id}/events HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        Events(stream, String::new())
    }

    /// The next event; `None` at the end of the stream.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some(at) = self.1.find("event: ")
                && let Some(end) = self.1[at..].find("\n\n")
            {
                let event: String = self.1.drain(..at + end + 2).collect();
                let event = &event[at + 7..];
                let (name, data) = event.split_once("\ndata: ").unwrap();
                return Some((name.into(), serde_json::from_str(data.trim()).unwrap()));
            }
            let mut bytes = [0; 4096];
            match self.0.read(&mut bytes).await.unwrap() {
                0 => return None,
                n => self.1.push_str(std::str::from_utf8(&bytes[..n]).unwrap()),
            }
        }
    }

    async fn ended(mut self) -> bool {
        self.next().await.is_none()
    }
}

#[tokio::test]
async fn a_request_is_shown_with_the_data_of_the_person() {
    let (sandbox, to) = started().await;
    let id = waiting(&sandbox);
    let page = send(to, &format!("GET /app/{id}"), &[], "").await;
    for part in [
        "Sandbox: not Truid",
        "Demo Shop",
        "maja.sjostrom@example.com",
        "Given names</span> Maja",
        "data-left=\"",
        "You can approve or decline all data points together",
    ] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    assert!(!page.body.contains("type=\"checkbox\""));
    assert!(!page.body.contains("+46701740605"), "it was not requested");

    let put = "PUT /sandbox/v1/people/maja";
    let gone = json!({ "email": null }).to_string();
    send(to, put, &[JSON], &gone).await.json();
    let page = send(to, &format!("GET /app/{id}"), &[], "").await;
    assert!(page.body.contains("None: Demo Shop gets no value"));
    let page = send(to, &format!("GET /app/{id}?person=nobody"), &[], "").await;
    assert_eq!(page.status, 404);
}

#[tokio::test]
async fn each_decision_has_its_page_or_redirect() {
    let (sandbox, to) = started().await;
    let back = decide(to, &waiting(&sandbox), "approve", &[("person", "maja")]).await;
    assert_eq!(back.status, 303);
    assert!(
        back.header("location")
            .unwrap()
            .starts_with("demoapp:///callback?code=")
    );

    let wrong = [("misbehave", "callback-wrong-state")];
    let back = decide(to, &waiting(&sandbox), "approve", &wrong).await;
    let state = parameter(back.header("location").unwrap(), "state");
    assert_ne!(state.unwrap(), "S-1");

    for (how, form, part, again) in [
        (
            "expire",
            [("person", "maja")],
            "The request has expired",
            410,
        ),
        (
            "approve",
            [("misbehave", "callback-never")],
            "without a callback",
            409,
        ),
    ] {
        let id = waiting(&sandbox);
        let page = decide(to, &id, how, &form).await;
        assert_eq!((page.status, page.header("location")), (200, None), "{how}");
        assert!(page.body.contains(part) && page.body.contains("should do now"));
        assert!(!page.body.contains("code="), "{how}");
        assert_eq!(decide(to, &id, "approve", &form).await.status, again);
    }

    let twice = [("misbehave", "callback-twice")];
    let page = decide(to, &waiting(&sandbox), "approve", &twice).await;
    let links = page
        .body
        .matches("href=\"demoapp:///callback?code=")
        .count();
    assert_eq!((page.status, links), (200, 2));

    for (how, form) in [
        ("approve", [("person", "nobody")]),
        ("approve", [("misbehave", "worse")]),
        ("dither", [("person", "maja")]),
    ] {
        let id = waiting(&sandbox);
        let page = decide(to, &id, how, &form).await;
        assert!(matches!(page.status, 400 | 404), "{how} {form:?}");
        let look = send(to, &format!("GET /app/{id}"), &[], "").await;
        assert_eq!(look.status, 200, "the request is still pending");
    }
}

#[tokio::test]
async fn the_page_on_another_device_opens_the_callback() {
    let (sandbox, to) = started().await;
    let id = waiting(&sandbox);
    let page = send(to, &format!("GET /app/{id}?on=another"), &[], "").await;
    assert!(page.body.contains("name=\"on\" value=\"another\""));
    assert!(
        !page.body.contains("callback-twice"),
        "a page can open it only once"
    );
    let mut events = Events::of(to, &id).await;
    let (name, data) = events.next().await.unwrap();
    assert_eq!(name, "waiting");
    assert!((1..=600).contains(&data["left"].as_i64().unwrap()));

    let done = decide(to, &id, "approve", &[("on", "another")]).await;
    assert_eq!((done.status, done.header("location")), (200, None));
    assert!(done.body.contains("look at the other device") && !done.body.contains("code="));
    let (name, data) = events.next().await.unwrap();
    let redirect = data["redirect"].as_str().unwrap();
    assert_eq!(name, "decided");
    assert!(
        redirect.starts_with("demoapp:///callback?code="),
        "{redirect}"
    );
    assert!(events.ended().await);

    // After a lost connection, the page gets the URL again.
    let mut late = Events::of(to, &id).await;
    let again = Some(("decided".into(), json!({ "redirect": redirect })));
    assert_eq!(late.next().await, again);
    assert!(late.ended().await);

    // If the app opens the callback, the page gets no URL.
    let id = waiting(&sandbox);
    let mut events = Events::of(to, &id).await;
    events.next().await.unwrap();
    sandbox.app().decline(&id).unwrap();
    assert_eq!(
        events.next().await,
        Some(("decided".into(), json!({ "redirect": null })))
    );
}

#[tokio::test]
async fn the_page_on_another_device_gets_the_end_of_the_request() {
    let (sandbox, to) = started().await;
    let expired = Some(("expired".to_owned(), json!({})));
    // The clock is moved, first within the lifetime and then past it.
    let mut events = Events::of(to, &waiting(&sandbox)).await;
    events.next().await.unwrap();
    sandbox.advance(100);
    let (name, data) = events.next().await.unwrap();
    assert_eq!(name, "waiting");
    assert!(data["left"].as_i64().unwrap() <= 500);
    sandbox.advance(600);
    assert_eq!(events.next().await, expired);
    assert!(events.ended().await);

    // The person takes too long.
    let id = waiting(&sandbox);
    let mut events = Events::of(to, &id).await;
    events.next().await.unwrap();
    let choice = Choice::new(Decision::Expire);
    sandbox.app().decide(&id, &choice).unwrap();
    assert_eq!(events.next().await, expired);

    // A reset deletes the request.
    let mut events = Events::of(to, &waiting(&sandbox)).await;
    events.next().await.unwrap();
    sandbox.reset();
    assert!(events.ended().await);
    send(
        to,
        &format!("GET /sandbox/v1/app/waiting/{id}/events"),
        &[],
        "",
    )
    .await
    .refused(404, "not_found");

    // The stream does not prevent the sandbox from stopping.
    let mut events = Events::of(to, &waiting(&sandbox)).await;
    events.next().await.unwrap();
    sandbox.stop().await;
    assert!(events.ended().await);
}

#[tokio::test]
async fn a_phone_gets_the_app_first_and_a_program_gets_json() {
    let (sandbox, to) = started().await;
    let get = format!("GET {}", authorization("login-session"));
    let desktop = send(to, &get, &["Accept: text/html"], "").await;
    let phone = ["Accept: text/html", "Sec-CH-UA-Mobile: ?1"];
    let phone = send(to, &get, &phone, "").await;
    let place = |page: &Answer, part: &str| {
        page.body
            .find(part)
            .unwrap_or_else(|| panic!("{part}: {}", page.body))
    };
    let (code, link) = ("<img class=\"code\" src=\"/app/", "href=\"/app/");
    assert!(place(&desktop, code) < place(&desktop, link));
    assert!(place(&phone, link) < place(&phone, "<details>"));
    assert!(place(&phone, "<details>") < place(&phone, code));
    let waiting = &sandbox.app().waiting()[0];
    let address = format!("{}/app/{}?on=another", sandbox.url(), waiting.id);
    assert!(desktop.body.contains(&address));
    let code = format!("GET /app/{}/code.svg", waiting.id);
    let code = send(to, &code, &[], "").await;
    assert_eq!(code.header("content-type"), Some("image/svg+xml"));
    assert!(code.body.starts_with("<svg ") && code.body.contains("<path d=\"M4 4h7m"));
    send(to, "GET /app/x/code.svg", &[], "")
        .await
        .refused(404, "not_found");
    for page in [&desktop, &phone] {
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
        assert!(!page.body.contains("<script>") && !page.body.contains("style="));
    }
    let framed = [
        "Accept: text/html",
        "Sec-CH-UA-Mobile: ?1",
        "Sec-Fetch-Dest: iframe",
    ];
    assert_eq!(send(to, &get, &framed, "").await.status, 400);

    let json = send(to, &get, &["Accept: application/json"], "")
        .await
        .json();
    assert_eq!(json["client_id"], "demo-app");
    let id = text(&json, "id");
    assert!(sandbox.app().approve(id).is_ok());
    let both = ["Accept: text/html, application/json"];
    let page = send(to, &get, &both, "").await;
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
}

#[tokio::test]
async fn changed_data_lasts_until_the_reset() {
    let (sandbox, to) = started().await;
    let access = exchange(to, &code(&sandbox, "confirm-signup")).await.json();
    let access = text(&access, "access_token");
    let list = send(to, "GET /sandbox/v1/people", &[], "").await.json();
    let maja = &list["people"][0];
    assert_eq!(
        (&maja["id"], &maja["changed"]),
        (&json!("maja"), &json!(false))
    );
    assert_eq!(maja["data"]["birthdate"], "1990-12-24");
    let put = "PUT /sandbox/v1/people/maja";
    let new = json!({ "email": "new@example.com", "gender": null }).to_string();
    let changed = send(to, put, &[JSON], &new).await.json();
    assert_eq!(changed["data"]["email"], "new@example.com");
    assert_eq!(changed["data"]["gender"], Value::Null);
    assert_eq!(changed["changed"], true);
    // An existing access token reads the new data.
    let info = user_info(to, access).await.json();
    assert_eq!(info["email"], "new@example.com");

    for bad in [
        json!({ "birthdate": "1990-02-30" }),
        json!({ "phone_number": "070" }),
        json!({ "nationality": "SE" }),
        json!({ "shoe_size": "41" }),
        json!({ "name": 1 }),
        json!([]),
    ] {
        send(to, put, &[JSON], &bad.to_string())
            .await
            .refused(400, "invalid_request");
    }
    send(to, "PUT /sandbox/v1/people/nobody", &[JSON], "{}")
        .await
        .refused(404, "no_such_person");
    let cross = "Sec-Fetch-Site: cross-site";
    send(to, put, &[JSON, cross], &new)
        .await
        .refused(403, "cross_site");

    let page = send(to, "GET /app/people/maja", &[], "").await;
    assert!(page.body.contains("value=\"new@example.com\""));
    assert!(page.body.contains("A reset of the sandbox restores"));
    let data = changed["data"].as_object().unwrap().iter();
    let mut form: Vec<(&str, &str)> = data
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default()))
        .collect();
    let save = "POST /app/people/maja";
    let set = |form: &mut Vec<(&str, &'static str)>, name: &str, value| {
        let field = form.iter_mut().find(|(own, _)| *own == name);
        field.unwrap().1 = value;
    };
    let mut form: Vec<(&str, &'static str)> = form
        .drain(..)
        .map(|(name, value)| (name, &*value.to_owned().leak()))
        .collect();
    set(&mut form, "birthdate", "24.12.1990");
    let wrong = send(to, save, &[FORM], &encode(&form)).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("aria-invalid=\"true\"") && wrong.body.contains("24.12.1990"));
    set(&mut form, "birthdate", "1991-01-01");
    set(&mut form, "family_name", "");
    let saved = send(to, save, &[FORM], &encode(&form)).await;
    assert_eq!(
        (saved.status, saved.header("location")),
        (303, Some("/app/people/maja"))
    );
    let origin = "Origin: http://evil.example";
    assert_eq!(send(to, save, &[FORM, origin], "").await.status, 403);
    let list = send(to, "GET /sandbox/v1/people", &[], "").await.json();
    assert_eq!(list["people"][0]["data"]["birthdate"], "1991-01-01");
    assert_eq!(list["people"][0]["data"]["family_name"], Value::Null);

    sandbox.reset();
    let list = send(to, "GET /sandbox/v1/people", &[], "").await.json();
    assert_eq!(&list["people"][0], maja);
}

#[tokio::test]
async fn a_link_can_be_checked_and_opened() {
    let (sandbox, to) = started().await;
    let look = async |url: &str, more: &str| {
        let path = format!("GET /app/link?{}{more}", encode(&[("url", url)]));
        send(to, &path, &[], "").await.body
    };
    let good = link(&sandbox);
    let page = look(&good, "").await;
    for part in [
        "http on loopback",
        "belongs to this Truid app",
        "The path is that of a function: Login.",
        "<code>universalLinksOnly: true</code>",
        "accepts the request",
        "The custom scheme <code>demoapp:</code>",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(
        !page.contains(&format!(">{CHALLENGE}<")),
        "only public values are shown"
    );
    assert_eq!(sandbox.counters().authorize, 0, "the check changes nothing");
    assert!(sandbox.app().waiting().is_empty() && sandbox.flows().is_empty());
    let page = look(&good, "&installed=no").await;
    assert!(page.contains("ActivityNotFoundException") && page.contains("falls back"));
    let page = look(&good.replace("demo-app", "nobody"), "").await;
    assert!(
        page.contains("refuses the request with <code>invalid_client</code>"),
        "{page}"
    );
    let page = look(&good.replace("S256", "plain"), "").await;
    assert!(page.contains("The service gets the error at its redirect URI"));
    let https = good.replace(
        &encode(&[("", CUSTOM)])[1..],
        &encode(&[("", REDIRECT)])[1..],
    );
    let page = look(&https, "").await;
    assert!(page.contains("https://app.example/.well-known/apple-app-site-association"));
    let page = look("https://api.truid.app/oauth2/v1/authorize/idv", "").await;
    assert!(page.contains("the real Truid") && page.contains("No app opens this link"));
    for other in ["x", "truid://open", "https://evil.example/<script>", ""] {
        let page = look(other, "").await;
        assert!(
            !page.contains("<script>") && !page.contains("accepts the request"),
            "{other}"
        );
    }

    let open = "POST /app/link";
    let opened = send(to, open, &[FORM], &encode(&[("url", &good)])).await;
    let id = &sandbox.app().waiting()[0].id;
    assert_eq!(opened.header("location"), Some(&*format!("/app/{id}")));
    let refused = encode(&[("url", &good.replace("S256", "plain"))]);
    let refused = send(to, open, &[FORM], &refused).await;
    assert_eq!(refused.status, 400);
    assert!(
        refused
            .body
            .contains("href=\"demoapp:///callback?error=invalid_request")
    );
    let cross = "Sec-Fetch-Site: cross-site";
    let answer = send(to, open, &[FORM, cross], &encode(&[("url", &good)])).await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn the_app_can_be_installed() {
    let (_sandbox, to) = started().await;
    let manifest = send(to, "GET /app/manifest.webmanifest", &[], "").await;
    assert_eq!(
        manifest.header("content-type"),
        Some("application/manifest+json")
    );
    let manifest: Value = serde_json::from_str(&manifest.body).unwrap();
    assert_eq!(manifest["start_url"], "/app");
    assert!(text(&manifest, "name").contains("not Truid"));
    for path in [
        "app.css",
        "app.js",
        "authorize.js",
        "countdown.js",
        "icon.svg",
    ] {
        let file = send(to, &format!("GET /sandbox/{path}"), &[], "").await;
        assert_eq!(file.status, 200, "{path}");
        assert!(
            !file.body.contains("://") || path == "icon.svg",
            "{path} loads nothing from other servers"
        );
        let kind = file.header("content-type").unwrap();
        let (_, end) = path.split_once('.').unwrap();
        let expected = match end {
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            _ => "image/svg+xml",
        };
        assert_eq!(kind, expected);
    }
}
