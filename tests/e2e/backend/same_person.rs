//! An identity verification under a login reports whether the person is the same.

use serde_json::{Value, json};
use switchback_sandbox::{Choice, Decision, Endpoint, Misbehaviour, Rule, Times};

use super::support::{
    Answer, BackendFixture, HTML, Node, TOKENS, XHR, path, purpose_of, session_path,
};

/// Approves as the person with this number.
fn approve(fixture: &BackendFixture, location: &str, person: usize) -> String {
    let app = fixture.sandbox.app();
    let waiting = app.open(location).unwrap();
    let people = switchback_sandbox::Config::default().people;
    let mut choice = Choice::new(Decision::Approve);
    choice.person = Some(people[person].id.clone());
    app.decide(&waiting.id, &choice).unwrap().redirect.unwrap()
}

/// Completes a login of this function with these headers; the person with this number approves.
async fn complete_login(
    fixture: &BackendFixture,
    node: &Node,
    function: &str,
    shown: &[(&str, &str)],
    n: usize,
) -> Answer {
    let started = node.get(&format!("/truid/{function}"), shown).await;
    let link = approve(fixture, started.location(), n);
    let cookie = started.cookie();
    let mut headers = shown.to_vec();
    headers.extend(cookie.as_ref().map(|cookie| ("cookie", &**cookie)));
    let token = started.body.contains("login_token");
    let token =
        token.then(|| format!("Bearer {}", started.json()["login_token"].as_str().unwrap()));
    headers.extend(token.as_ref().map(|token| ("authorization", &**token)));
    node.get(path(&link), &headers).await
}

/// The login of these cookies or this token, or otherwise the verification.
async fn session(node: &Node, shown: (&str, &str)) -> Value {
    let mut session = node.get("/truid/session", &[shown]).await;
    if session.status == 401 {
        session = node.get(session_path("idv"), &[shown]).await;
    }
    let mut session = session.json();
    let fields = session.as_object_mut().unwrap();
    fields.retain(|name, _| ["purpose", "same_person"].contains(&&**name));
    session
}

#[tokio::test]
async fn a_browsers_verification_is_compared_with_its_login() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    for (person, same) in [(0, true), (1, false)] {
        for how in [XHR, HTML] {
            let login = complete_login(&fixture, &node, "login-session", &[how], 0).await;
            let login = login.cookie().unwrap();
            let shown = session(&node, ("cookie", &login)).await;
            assert_eq!(shown, json!({ "purpose": "login" }));
            let verified =
                complete_login(&fixture, &node, "idv", &[how, ("cookie", &login)], person).await;
            let said = json!({ "purpose": "identity_verification", "same_person": same });
            if how == XHR {
                assert_eq!(verified.json(), said);
            }
            let cookie = verified.cookie().unwrap();
            for _ in 0..2 {
                assert_eq!(session(&node, ("cookie", &cookie)).await, said);
            }
            node.service.clean_up().await.unwrap();
            assert_eq!(session(&node, ("cookie", &cookie)).await, said);
        }
    }
}

#[tokio::test]
async fn an_apps_verification_is_compared_with_its_login() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let app = [XHR, TOKENS];
    let login = complete_login(&fixture, &node, "login-session", &app, 0)
        .await
        .json();
    assert_eq!(login.get("same_person"), None);
    let bearer = |tokens: &Value| format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    for (person, same) in [(0, true), (1, false)] {
        let shown = bearer(&login);
        let headers = [XHR, TOKENS, ("authorization", &*shown)];
        let verified = complete_login(&fixture, &node, "idv", &headers, person)
            .await
            .json();
        assert_eq!(verified["same_person"], same);
        let shown = bearer(&verified);
        let said = json!({ "purpose": "identity_verification", "same_person": same });
        assert_eq!(session(&node, ("authorization", &shown)).await, said);
    }
}

#[tokio::test]
async fn a_verification_without_a_login_is_not_compared() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let alone = complete_login(&fixture, &node, "idv", &[XHR], 0).await;
    alone.is(200, r#"{"purpose":"identity_verification"}"#);
    // Nor is it compared under another verification, nor a login under a login.
    let cookie = alone.cookie().unwrap();
    let again = complete_login(&fixture, &node, "idv", &[XHR, ("cookie", &cookie)], 1).await;
    again.is(200, r#"{"purpose":"identity_verification"}"#);
    let login = complete_login(&fixture, &node, "login-session", &[XHR], 0).await;
    let cookie = login.cookie().unwrap();
    for function in ["login-session", "confirm-signup"] {
        let under = complete_login(&fixture, &node, function, &[XHR, ("cookie", &cookie)], 1).await;
        let purpose = purpose_of(function);
        under.is(200, &format!(r#"{{"purpose":"{purpose}"}}"#));
    }
}

/// The subject of the login was not read at its completion.
#[tokio::test]
async fn an_unknown_subject_is_read_before_the_comparison() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let fail_user_info = |times| {
        let mut rule = Rule::new(Misbehaviour::ServerError);
        rule.endpoint = Some(Endpoint::UserInfo);
        rule.times = Times::Count(times);
        fixture.sandbox.misbehave(rule).unwrap();
    };
    for (person, same) in [(0, true), (1, false)] {
        fail_user_info(1);
        let login = complete_login(&fixture, &node, "login-session", &[XHR], 0).await;
        let login = login.cookie().unwrap();
        let verified =
            complete_login(&fixture, &node, "idv", &[XHR, ("cookie", &login)], person).await;
        let said = json!({ "purpose": "identity_verification", "same_person": same });
        assert_eq!(verified.json(), said);
    }
    // Nor when the verification began.
    fail_user_info(2);
    let login = complete_login(&fixture, &node, "login-session", &[XHR], 0).await;
    let login = login.cookie().unwrap();
    let verified = complete_login(&fixture, &node, "idv", &[XHR, ("cookie", &login)], 0).await;
    verified.is(
        200,
        r#"{"purpose":"identity_verification","same_person":null}"#,
    );
    let said = json!({ "purpose": "identity_verification", "same_person": null });
    let cookie = verified.cookie().unwrap();
    assert_eq!(session(&node, ("cookie", &cookie)).await, said);
    // Nor could the verified subject be read, at first.
    let login = complete_login(&fixture, &node, "login-session", &[XHR], 0).await;
    let login = login.cookie().unwrap();
    assert!(node.accepts(&login).await);
    fail_user_info(1);
    let verified = complete_login(&fixture, &node, "idv", &[XHR, ("cookie", &login)], 1).await;
    verified.is(
        200,
        r#"{"purpose":"identity_verification","same_person":null}"#,
    );
    let said = json!({ "purpose": "identity_verification", "same_person": false });
    let cookie = verified.cookie().unwrap();
    assert_eq!(session(&node, ("cookie", &cookie)).await, said);
}
