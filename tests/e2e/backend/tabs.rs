//! Several logins in one browser, each in a separate tab.

use super::support::{
    Answer, BackendFixture, HTML, Node, TOKENS, XHR, path, purpose_of, session_path,
};

const FUNCTIONS: [&str; 3] = ["login-session", "idv", "confirm-signup"];

/// A browser, whose tabs share their cookies.
struct Browser<'a> {
    fixture: &'a BackendFixture,
    node: &'a Node,
    cookie: String,
}

impl<'a> Browser<'a> {
    fn new(fixture: &'a BackendFixture, node: &'a Node) -> Self {
        let cookie = String::new();
        Self {
            fixture,
            node,
            cookie,
        }
    }

    async fn get(&mut self, path: &str) -> Answer {
        let answer = self.node.get(path, &[HTML, ("cookie", &self.cookie)]).await;
        self.cookie = answer.cookies_after(&self.cookie);
        answer
    }

    /// Begins a login in a tab. Returns the URL of the provider's page.
    async fn begin(&mut self, function: &str) -> String {
        let started = self.get(&format!("/truid/{function}")).await;
        assert_eq!(started.status, 302, "{started:?}");
        started.location().to_owned()
    }

    /// Approves, and opens the callback in that tab.
    async fn complete(&mut self, location: &str) -> Answer {
        let link = self.fixture.approve(location);
        self.get(path(&link)).await
    }

    async fn is_logged_in_for(&mut self, function: &str) {
        let who = self.get(session_path(function)).await;
        assert_eq!(who.json()["purpose"], purpose_of(function), "{who:?}");
    }

    async fn completes(&mut self, location: &str, function: &str) {
        let completed = self.complete(location).await;
        assert_eq!(completed.status, 302, "{completed:?}");
        assert_eq!(completed.location(), "/");
        self.is_logged_in_for(function).await;
    }
}

/// All orders of three logins.
fn orders() -> impl Iterator<Item = [usize; 3]> {
    let all = [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ];
    all.into_iter()
}

#[tokio::test]
async fn logins_in_several_tabs_complete_in_any_order() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    for order in orders() {
        // Of two onboardings the newer one counts.
        fixture.advance(1);
        let mut browser = Browser::new(&fixture, &node);
        let mut begun = Vec::new();
        for function in FUNCTIONS {
            begun.push(browser.begin(function).await);
        }
        for n in order {
            browser.completes(&begun[n], FUNCTIONS[n]).await;
        }
    }
    assert_eq!(fixture.sandbox.findings(), []);
}

#[tokio::test]
async fn logins_under_a_session_complete_in_any_order() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    for order in orders() {
        // Of two onboardings the newer one counts.
        fixture.advance(1);
        let mut browser = Browser::new(&fixture, &node);
        let first = browser.begin("login-session").await;
        browser.completes(&first, "login-session").await;
        let mut begun = Vec::new();
        for function in FUNCTIONS {
            begun.push(browser.begin(function).await);
        }
        for n in order {
            browser.completes(&begun[n], FUNCTIONS[n]).await;
        }
    }
}

#[tokio::test]
async fn a_decline_in_one_tab_ends_no_other_login() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let mut browser = Browser::new(&fixture, &node);
    let tabs = [
        browser.begin("login-session").await,
        browser.begin("idv").await,
        browser.begin("login-session").await,
    ];
    let declined = fixture.decline(&tabs[0]);
    let told = browser.get(path(&declined)).await;
    assert_eq!(told.location(), "/?login=access_denied");
    browser.completes(&tabs[1], "idv").await;
    let declined = fixture.decline(&tabs[2]);
    let told = browser.get(path(&declined)).await;
    assert_eq!(told.location(), "/?login=access_denied");
    browser.is_logged_in_for("idv").await;
}

/// The session of an identity verification ends with its token, and another login may take longer.
#[tokio::test]
async fn a_login_completes_after_another_tabs_session_ended() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let mut browser = Browser::new(&fixture, &node);
    let login = browser.begin("login-session").await;
    let app = fixture.sandbox.app();
    let waiting = app.open(&login).unwrap();
    let verification = browser.begin("idv").await;
    browser.completes(&verification, "idv").await;
    fixture.advance(301);
    node.service.clean_up().await.unwrap();
    assert_eq!(browser.get("/truid/session").await.status, 401);
    let link = app.approve(&waiting.id).unwrap();
    let completed = browser.get(path(&link)).await;
    assert_eq!(completed.location(), "/", "{completed:?}");
    browser.is_logged_in_for("login-session").await;
}

/// The login begins under an identity verification, whose session ends before the approval.
#[tokio::test]
async fn a_login_under_a_session_completes_after_its_end() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let mut browser = Browser::new(&fixture, &node);
    let verification = browser.begin("idv").await;
    browser.completes(&verification, "idv").await;
    fixture.advance(290);
    let login = browser.begin("login-session").await;
    let app = fixture.sandbox.app();
    let waiting = app.open(&login).unwrap();
    fixture.advance(110);
    node.service.clean_up().await.unwrap();
    assert_eq!(browser.get("/truid/session").await.status, 401);
    let link = app.approve(&waiting.id).unwrap();
    let completed = browser.get(path(&link)).await;
    assert_eq!(completed.location(), "/", "{completed:?}");
    browser.is_logged_in_for("login-session").await;

    // Also a login that began with a session that had already ended.
    let verification = browser.begin("idv").await;
    browser.completes(&verification, "idv").await;
    fixture.advance(301);
    node.service.clean_up().await.unwrap();
    let login = browser.begin("login-session").await;
    browser.completes(&login, "login-session").await;
}

/// The same for an app with tokens.
#[tokio::test]
async fn an_apps_login_under_a_session_completes_after_its_end() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let app = [XHR, TOKENS];
    let started = node.get("/truid/idv", &app).await;
    let token =
        |answer: &Answer, name: &str| format!("Bearer {}", answer.json()[name].as_str().unwrap());
    let shown = token(&started, "login_token");
    let link = fixture.approve(started.location());
    let shown = [XHR, TOKENS, ("authorization", &*shown)];
    let verified = node.get(path(&link), &shown).await;
    let shown = token(&verified, "access_token");
    fixture.advance(290);
    let headers = [XHR, TOKENS, ("authorization", &*shown)];
    let started = node.get("/truid/login-session", &headers).await;
    let waiting = fixture.sandbox.app().open(started.location()).unwrap();
    // While there is a session, the id half of the token is not enough.
    let forged = format!("{}{}", &shown[..shown.len() - 8], "A".repeat(8));
    let link = fixture.sandbox.app().approve(&waiting.id).unwrap();
    let wrong = [XHR, TOKENS, ("authorization", &*forged)];
    let refused = node.get(path(&link), &wrong).await;
    refused.is(403, r#"{"error":"invalid_state"}"#);
    fixture.advance(11);
    node.service.clean_up().await.unwrap();
    assert_eq!(node.get("/truid/session", &headers).await.status, 401);
    let completed = node.get(path(&link), &headers).await;
    assert_eq!(completed.json()["purpose"], "login", "{completed:?}");
}

/// An app with a cookie jar behaves like a browser.
#[tokio::test]
async fn an_app_with_cookies_can_have_several_logins() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let first = fixture.approved_login(&node).await;
    let shown = [("cookie", &*first.cookie)];
    let second = fixture.approved_login_with(&node, &shown).await;
    assert_eq!(second.cookie, "", "it is known already");
    let completed = node.complete(&first.callback, &first.cookie).await;
    let session = completed.cookie().unwrap();
    assert!(node.accepts(&session).await);
    let completed = node.complete(&second.callback, &session).await;
    completed.is(200, r#"{"purpose":"login"}"#);
}

/// An attacker sets a known cookie in the victim's browser (session fixation), and the victim logs
/// in.
#[tokio::test]
async fn a_planted_cookie_opens_nothing() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let mut attacker = Browser::new(&fixture, &node);
    attacker.begin("login-session").await;
    let planted = attacker.cookie.clone();
    let mut victim = Browser::new(&fixture, &node);
    victim.cookie.clone_from(&planted);
    let login = victim.begin("login-session").await;
    victim.completes(&login, "login-session").await;
    assert_ne!(victim.cookie, planted);
    assert!(!node.accepts(&planted).await);

    // Nor does a mix of the planted cookie and the attacker's own session.
    let own = fixture.log_in(&node).await;
    let (name, own) = own.split_once('=').unwrap();
    let (_, value) = planted.split_once('=').unwrap();
    let mixed = format!("{name}={}{value}", &own[..64]);
    assert!(!node.accepts(&mixed).await);

    // The victim does not complete a login that the attacker begins with the cookie afterwards.
    fixture.advance(11);
    for shown in [&planted, &mixed] {
        let headers = [HTML, ("cookie", &**shown)];
        let started = node.get("/truid/login-session", &headers).await;
        let link = fixture.approve(started.location());
        let page = victim.get(path(&link)).await;
        assert_eq!(page.status, 200, "{page:?}");
        assert!(page.body.contains("Nothing has happened here"), "{page:?}");
        let headers = [XHR, ("cookie", &*victim.cookie)];
        let refused = node.get(path(&link), &headers).await;
        refused.is(403, r#"{"error":"invalid_state"}"#);
    }
    // The attacker cannot complete a login that the victim begins under the session.
    let headers = [XHR, ("cookie", &*victim.cookie)];
    let started = node.get("/truid/idv", &headers).await;
    let link = fixture.approve(started.location());
    for shown in [&planted, &mixed] {
        let refused = node.complete(path(&link), shown).await;
        refused.is(403, r#"{"error":"invalid_state"}"#);
    }
    victim.is_logged_in_for("login-session").await;
    node.complete(path(&link), &victim.cookie).await.is(
        200,
        r#"{"purpose":"identity_verification","same_person":true}"#,
    );
}

/// The same by an attacker who logs in with the planted cookie, and so has a genuine cookie.
#[tokio::test]
async fn a_planted_login_is_not_moved_to_another_session() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let mut attacker = Browser::new(&fixture, &node);
    let login = attacker.begin("login-session").await;
    let planted = attacker.cookie.clone();
    attacker.completes(&login, "login-session").await;
    let mut victim = Browser::new(&fixture, &node);
    victim.cookie = planted;
    fixture.advance(1);
    let login = victim.begin("login-session").await;
    victim.completes(&login, "login-session").await;
    let session = victim.cookie.clone();

    fixture.advance(11);
    for is_over in [false, true] {
        // Of two onboardings the newer one counts.
        fixture.advance(1);
        if is_over {
            node.get("/truid/session", &[("cookie", &session)]).await;
            let shown = [XHR, ("cookie", &*session)];
            node.post("/truid/log-out", &shown, "").await.is(204, "");
        }
        for function in FUNCTIONS {
            let link = fixture.approve(&attacker.begin(function).await);
            let headers = [XHR, ("cookie", &*session)];
            let refused = node.get(path(&link), &headers).await;
            refused.is(403, r#"{"error":"invalid_state"}"#);
            let page = victim.get(path(&link)).await;
            assert!(page.body.contains("Nothing has happened here"), "{page:?}");
            assert_eq!(victim.cookie, session);
            // The login belongs to the attacker.
            let headers = [XHR, ("cookie", &*attacker.cookie)];
            let completed = node.get(path(&link), &headers).await;
            let purpose = purpose_of(function);
            assert_eq!(completed.json()["purpose"], purpose, "{completed:?}");
            attacker.cookie = completed.cookie().unwrap();
        }
    }
    // Nor can the attacker complete a login that the victim begins under the session.
    fixture.advance(11);
    let mut victim = Browser::new(&fixture, &node);
    victim.cookie = session;
    let link = fixture.approve(&victim.begin("login-session").await);
    let refused = node.complete(path(&link), &attacker.cookie).await;
    refused.is(403, r#"{"error":"invalid_state"}"#);
}
