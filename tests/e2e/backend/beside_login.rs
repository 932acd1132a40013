//! A login and a session of another purpose live beside each other in one browser.

use serde_json::Value;
use switchback_sandbox::{Choice, Decision};

use super::support::{Answer, BackendFixture, HTML, Node, XHR, path, purpose_of, session_path};

const OTHERS: [&str; 2] = ["idv", "confirm-signup"];
const NO_SESSION: &str = r#"{"error":"login_required","reason":"no_session"}"#;

/// A browser or an app with a cookie jar.
struct Browser<'a> {
    fixture: &'a BackendFixture,
    node: &'a Node,
    how: (&'static str, &'static str),
    cookies: String,
}

impl<'a> Browser<'a> {
    fn new(fixture: &'a BackendFixture, node: &'a Node, how: (&'static str, &'static str)) -> Self {
        Self {
            fixture,
            node,
            how,
            cookies: String::new(),
        }
    }

    async fn send(&mut self, method: &str, path: &str) -> Answer {
        let headers = [self.how, ("cookie", &self.cookies)];
        let request = super::support::request(method, path, &headers, "");
        let answer = self.node.send(request).await;
        self.cookies = answer.cookies_after(&self.cookies);
        answer
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path).await
    }

    /// Completes a login for this function; the person with this number approves.
    async fn complete_as(&mut self, function: &str, person: usize) -> Answer {
        let started = self.get(&format!("/truid/{function}")).await;
        let app = self.fixture.sandbox.app();
        let waiting = app.open(started.location()).unwrap();
        let people = switchback_sandbox::Config::default().people;
        let mut choice = Choice::new(Decision::Approve);
        choice.person = Some(people[person].id.clone());
        let link = app.decide(&waiting.id, &choice).unwrap().redirect.unwrap();
        let completed = self.get(path(&link)).await;
        let is_done = match self.how == HTML {
            true => completed.location() == "/",
            false => completed.json()["purpose"] == purpose_of(function),
        };
        assert!(is_done, "{completed:?}");
        completed
    }

    async fn complete(&mut self, function: &str) {
        self.complete_as(function, 0).await;
    }

    /// The answer of the session's address for this function.
    async fn session(&mut self, function: &str) -> Value {
        let answer = self.get(session_path(function)).await;
        match answer.status.as_u16() {
            200 => answer.json(),
            401 => Value::Null,
            _ => panic!("{answer:?}"),
        }
    }

    /// The functions with a session.
    async fn sessions(&mut self) -> Vec<&'static str> {
        let mut all = Vec::new();
        for function in ["login-session", "idv", "confirm-signup"] {
            let session = self.session(function).await;
            if !session.is_null() {
                assert_eq!(session["purpose"], purpose_of(function));
                all.push(function);
            }
        }
        all
    }

    async fn log_out(&mut self, query: &str) {
        let done = self.send("POST", &format!("/truid/log-out{query}")).await;
        assert!(matches!(done.status.as_u16(), 204 | 303), "{done:?}");
    }
}

/// A person logs in, verifies their identity and ends the verification, and is still logged in.
#[tokio::test]
async fn a_person_is_logged_in_after_a_verification() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    for how in [HTML, XHR] {
        for function in OTHERS {
            // Of two onboardings the newer one counts.
            fixture.advance(1);
            let purpose = purpose_of(function);
            let mut browser = Browser::new(&fixture, &node, how);
            browser.complete("login-session").await;
            let login = browser.session("login-session").await;
            browser.complete(function).await;
            assert_eq!(browser.sessions().await, ["login-session", function]);
            assert_eq!(browser.session("login-session").await["sid"], login["sid"]);

            browser.log_out(&format!("?purpose={purpose}")).await;
            assert_eq!(browser.sessions().await, ["login-session"]);
            assert_eq!(browser.session("login-session").await["sid"], login["sid"]);
            assert_eq!(browser.get("/truid/user-info").await.status, 200);
            let data = format!("/truid/user-info?purpose={purpose}");
            browser.get(&data).await.is(401, NO_SESSION);
        }
    }
    assert_eq!(fixture.sandbox.findings(), []);
}

/// The same if the verification ends by itself.
#[tokio::test]
async fn a_person_is_logged_in_after_a_verification_has_expired() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let mut browser = Browser::new(&fixture, &node, HTML);
    browser.complete("login-session").await;
    browser.complete("idv").await;
    assert_eq!(browser.sessions().await, ["login-session", "idv"]);
    fixture.advance(301);
    node.service.clean_up().await.unwrap();
    assert_eq!(browser.sessions().await, ["login-session"]);
}

#[tokio::test]
async fn a_log_out_leaves_no_data_of_a_verification() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    for how in [HTML, XHR] {
        for query in ["", "?purpose=login"] {
            // Of two onboardings the newer one counts.
            fixture.advance(1);
            let mut browser = Browser::new(&fixture, &node, how);
            for function in ["login-session", "idv", "confirm-signup"] {
                browser.complete(function).await;
            }
            assert_eq!(browser.sessions().await.len(), 3);
            let before = browser.cookies.clone();
            browser.log_out(query).await;
            assert_eq!(browser.cookies, "", "{query}");
            // A copy of the cookies opens nothing either.
            browser.cookies = before;
            assert_eq!(browser.sessions().await, [""; 0], "{query}");
            for purpose in ["identity_verification", "onboarding", "login"] {
                let data = format!("/truid/user-info?purpose={purpose}");
                browser.get(&data).await.is(401, NO_SESSION);
            }
        }
    }
}

/// A verification never counts as a login: not without `purpose`, and not in another cookie.
#[tokio::test]
async fn a_verification_is_no_login() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    for function in OTHERS {
        let mut browser = Browser::new(&fixture, &node, HTML);
        browser.complete(function).await;
        assert_eq!(browser.sessions().await, [function]);
        for address in [
            "/truid/session",
            "/truid/session?purpose=login",
            "/truid/user-info",
            "/truid/presentation?claims=truid.app/claim/email/v1",
        ] {
            browser.get(address).await.is(401, NO_SESSION);
        }
        // Its cookie under the name of the cookie for logins, and for the third purpose.
        let name = format!(
            "__Host-switchback-{}",
            purpose_of(function).replace('_', "-")
        );
        let own = browser
            .cookies
            .split("; ")
            .find(|pair| pair.starts_with(&name));
        let (_, value) = own.unwrap().split_once('=').unwrap();
        let values = ["", "-onboarding", "-identity-verification"];
        let moved = values.map(|end| format!("__Host-switchback{end}={value}"));
        browser.cookies = moved.join("; ");
        assert_eq!(browser.sessions().await, [function]);
    }
}

/// The token of a verification names its session for data, and is no login.
#[tokio::test]
async fn the_token_of_a_verification_is_no_login() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let tokens = super::support::TOKENS;
    let started = node.get("/truid/idv", &[XHR, tokens]).await;
    let token =
        |answer: &Answer, name: &str| format!("Bearer {}", answer.json()[name].as_str().unwrap());
    let shown = token(&started, "login_token");
    let link = fixture.approve(started.location());
    let headers = [XHR, tokens, ("authorization", &*shown)];
    let completed = node.get(path(&link), &headers).await;
    let shown = token(&completed, "access_token");
    let shown = [("authorization", &*shown)];
    for (address, status) in [
        ("/truid/session", 401),
        ("/truid/session?purpose=login", 401),
        ("/truid/session?purpose=onboarding", 401),
        ("/truid/session?purpose=identity_verification", 200),
        ("/truid/user-info", 200),
        ("/truid/user-info?purpose=login", 401),
        ("/truid/user-info?purpose=identity_verification", 200),
    ] {
        let answer = node.get(address, &shown).await;
        assert_eq!(answer.status, status, "{address}: {answer:?}");
    }
    // A log-out for another purpose ends nothing.
    let log_out = async |query: &str| {
        let address = format!("/truid/log-out{query}");
        node.post(&address, &shown, "").await.is(204, "");
        node.get("/truid/user-info", &shown).await.status == 200
    };
    assert!(log_out("?purpose=login").await);
    assert!(!log_out("?purpose=identity_verification").await);
}

#[tokio::test]
async fn an_unknown_or_repeated_purpose_is_refused() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let mut browser = Browser::new(&fixture, &node, XHR);
    browser.complete("login-session").await;
    for query in [
        "purpose=",
        "purpose=idv",
        "purpose=Login",
        "purpose=identity-verification",
        "purpose=login&purpose=login",
        "purpose=login&purpose=onboarding",
        "purpose=log%20in",
    ] {
        for (method, path) in [
            ("GET", "/truid/session?"),
            ("GET", "/truid/user-info?"),
            (
                "GET",
                "/truid/presentation?claims=truid.app/claim/email/v1&",
            ),
            ("POST", "/truid/log-out?"),
        ] {
            let address = format!("{path}{query}");
            let refused = browser.send(method, &address).await;
            refused.is(400, r#"{"error":"invalid_request"}"#);
        }
    }
    // A known purpose without a session, and another parameter.
    let none = browser.get("/truid/session?purpose=onboarding").await;
    none.is(401, NO_SESSION);
    assert_eq!(browser.get("/truid/session?a=b").await.status, 200);
}

/// The comparison is with the person who is logged in now, also if another person was logged in
/// when the verification began.
#[tokio::test]
async fn a_verification_is_compared_with_the_login_beside_it() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let same = async |browser: &mut Browser<'_>| {
        let session = browser.session("idv").await;
        session.get("same_person").cloned()
    };
    let mut browser = Browser::new(&fixture, &node, XHR);
    browser.complete_as("login-session", 0).await;
    let verified = browser.complete_as("idv", 0).await;
    assert_eq!(verified.json()["same_person"], true);
    assert_eq!(same(&mut browser).await, Some(true.into()));
    // Another person logs in, in the same browser.
    browser.complete_as("login-session", 1).await;
    assert_eq!(same(&mut browser).await, Some(false.into()));
    browser.complete_as("login-session", 0).await;
    assert_eq!(same(&mut browser).await, Some(true.into()));

    // A verification that began without a login.
    for (person, is_same) in [(0, true), (1, false)] {
        let mut browser = Browser::new(&fixture, &node, XHR);
        browser.complete_as("idv", 0).await;
        assert_eq!(same(&mut browser).await, None);
        browser.complete_as("login-session", person).await;
        assert_eq!(same(&mut browser).await, Some(is_same.into()));
    }
}

/// A second verification takes the place of the first, and of nothing else.
#[tokio::test]
async fn a_browser_has_one_verification() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let mut browser = Browser::new(&fixture, &node, HTML);
    browser.complete("login-session").await;
    browser.complete("confirm-signup").await;
    browser.complete("idv").await;
    let first = browser.session("idv").await;
    let earlier = browser.cookies.clone();
    browser.complete("idv").await;
    assert_ne!(browser.session("idv").await["sid"], first["sid"]);
    assert_eq!(browser.sessions().await.len(), 3);
    // The first has ended.
    browser.cookies = earlier;
    assert_eq!(
        browser.sessions().await,
        ["login-session", "confirm-signup"]
    );
}

/// The answer to the callback of a verification is lost, or comes twice.
#[tokio::test]
async fn a_repeated_callback_gives_the_same_verification() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    for login in [false, true] {
        let mut browser = Browser::new(&fixture, &node, XHR);
        if login {
            browser.complete("login-session").await;
        }
        let started = browser.get("/truid/idv").await;
        let link = fixture.approve(started.location());
        let lost = browser.cookies.clone();
        browser.get(path(&link)).await;
        browser.cookies = lost;
        let mut seen = Vec::new();
        for _ in 0..3 {
            let again = browser.get(path(&link)).await;
            assert_eq!(again.status, 200, "{again:?}");
            seen.push(browser.session("idv").await["sid"].clone());
        }
        assert!(seen.iter().all(|sid| *sid == seen[0]), "{seen:?}");
        assert_eq!(browser.session("login-session").await.is_null(), !login);
    }
}

/// An attacker, and a person whose browser has the attacker's cookie.
async fn with_one_cookie<'a>(
    fixture: &'a BackendFixture,
    node: &'a Node,
) -> (Browser<'a>, Browser<'a>) {
    let mut attacker = Browser::new(fixture, node, XHR);
    attacker.get("/truid/login-session").await;
    let mut victim = Browser::new(fixture, node, XHR);
    victim.cookies.clone_from(&attacker.cookies);
    (attacker, victim)
}

/// An attacker knows the cookie that the browser had before its verification (session fixation).
#[tokio::test]
async fn a_planted_cookie_gives_no_login_after_a_verification() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let (mut attacker, mut victim) = with_one_cookie(&fixture, &node).await;
    let planted = attacker.cookies.clone();
    victim.complete("idv").await;
    attacker.cookies.clone_from(&planted);
    assert_eq!(attacker.sessions().await, [""; 0]);

    // The victim does not complete a login that the attacker begins afterwards.
    fixture.advance(11);
    for function in ["login-session", "idv"] {
        let started = attacker.get(&format!("/truid/{function}")).await;
        let link = fixture.approve(started.location());
        let refused = victim.get(path(&link)).await;
        refused.is(403, r#"{"error":"invalid_state"}"#);
    }
    // Nor does the attacker complete a login that the victim begins afterwards.
    let started = victim.get("/truid/login-session").await;
    let link = fixture.approve(started.location());
    let refused = attacker.get(path(&link)).await;
    refused.is(403, r#"{"error":"invalid_state"}"#);
    let completed = victim.get(path(&link)).await;
    completed.is(200, r#"{"purpose":"login"}"#);
    assert_eq!(victim.sessions().await, ["login-session", "idv"]);
}

/// The attacker also makes up the name of a session, which is the start of a cookie.
#[tokio::test]
async fn an_invented_session_completes_no_login() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let (mut attacker, mut victim) = with_one_cookie(&fixture, &node).await;
    let planted = attacker.cookies.clone();
    victim.complete("login-session").await;
    let started = victim.get("/truid/idv").await;
    let link = fixture.approve(started.location());
    let mut invented = [7; 48];
    let second = u32::try_from(fixture.clock_now() + 60).unwrap();
    invented[..4].copy_from_slice(&second.to_be_bytes());
    let (name, value) = planted.split_once('=').unwrap();
    attacker.cookies = format!("{name}={}{value}", URL_SAFE_NO_PAD.encode(invented));
    let refused = attacker.get(path(&link)).await;
    refused.is(403, r#"{"error":"invalid_state"}"#);
    assert_eq!(victim.get(path(&link)).await.status, 200);
}
