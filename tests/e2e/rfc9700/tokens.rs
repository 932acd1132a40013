//! Stolen tokens, and clients that pretend to be a person.

use switchback::{Error, SessionEnd};

use super::{RecordedTraffic, sent};
use crate::backend::support::{
    self, BackendFixture, CLIENT_ID as SERVICE, CLIENT_SECRET, Node, TOKENS, XHR,
};
use crate::support::{CLIENT_ID, Fixture};

const TOKEN: &str = "/oauth2/v1/token";
const INFO: &str = "/oidc/v1/user-info";
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// A refresh at the provider with this refresh token.
async fn refreshed(fixture: &Fixture, token: &str, client_id: &str) -> (u16, serde_json::Value) {
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", client_id),
        ("refresh_token", token),
    ];
    sent(&fixture.sandbox, TOKEN, None, Some(&form)).await
}

/// Truid's tokens are bearer tokens: a thief can use an access token until it expires or the
/// session ends.
#[tokio::test]
async fn section_4_10_misuse_of_stolen_access_tokens_direct() {
    let fixture = Fixture::new().await;
    let (app, traffic) = RecordedTraffic::app(&fixture);
    let session = fixture.logged_in(&app).await;
    let stolen = traffic.token("access_token");
    assert_eq!(
        sent(&fixture.sandbox, INFO, Some(&stolen), None).await.0,
        200
    );
    // The access token is not a refresh token, and cannot be exchanged for one.
    assert_eq!(refreshed(&fixture, &stolen, CLIENT_ID).await.0, 400);
    fixture.advance(61);
    session.access_token().await.unwrap();
    assert_eq!(
        sent(&fixture.sandbox, INFO, Some(&stolen), None).await.0,
        401
    );
    // The person ends the session in the Truid app: the newest token ends at once.
    let stolen = traffic.token("access_token");
    assert_eq!(
        sent(&fixture.sandbox, INFO, Some(&stolen), None).await.0,
        200
    );
    fixture.sandbox.app().end_sessions(CLIENT_ID);
    assert_eq!(
        sent(&fixture.sandbox, INFO, Some(&stolen), None).await.0,
        401
    );
}

/// The tokens of an app that logged in at our backend: access token and refresh token.
async fn tokens(fixture: &BackendFixture, node: &Node) -> (String, String) {
    let login = fixture.approved_login_with(node, &[TOKENS]).await;
    let shown = [XHR, TOKENS, ("cookie", &*login.cookie)];
    pair(&node.get(&login.callback, &shown).await)
}

fn pair(answer: &support::Answer) -> (String, String) {
    let tokens = answer.json();
    let token = |name: &str| tokens[name].as_str().unwrap().to_owned();
    (token("access_token"), token("refresh_token"))
}

/// A refresh at our backend with this refresh token.
async fn refresh(node: &Node, token: &str) -> support::Answer {
    let body = format!("grant_type=refresh_token&refresh_token={token}");
    node.post("/truid/token", &[FORM], &body).await
}

async fn opens(node: &Node, token: &str) -> bool {
    let shown = format!("Bearer {token}");
    let shown = [("authorization", &*shown)];
    node.get("/truid/user-info", &shown).await.status == 200
}

#[tokio::test]
async fn section_4_10_misuse_of_stolen_access_tokens_mediated() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let (stolen, own) = tokens(&fixture, &node).await;
    assert!(opens(&node, &stolen).await);
    // The token keeps its expiry, and no refresh of the app extends it.
    fixture.advance(899);
    let (newer, own) = pair(&refresh(&node, &own).await);
    fixture.advance(2);
    assert!(opens(&node, &newer).await);
    assert!(!opens(&node, &stolen).await);
    // The log-out ends all tokens, including the stolen earlier one.
    let (newest, _) = pair(&refresh(&node, &own).await);
    let shown = format!("Bearer {newest}");
    let shown = [("authorization", &*shown)];
    assert_eq!(node.post("/truid/log-out", &shown, "").await.status, 204);
    for stolen in [&newer, &newest] {
        assert!(!opens(&node, stolen).await);
    }
    // And it cannot be exchanged for another token.
    let (stolen, _) = tokens(&fixture, &node).await;
    let refused = refresh(&node, &stolen).await;
    refused.is(400, r#"{"error":"invalid_grant"}"#);
}

/// The second use of a refresh token ends the session for both: the thief gains only temporary
/// access, and the app notices it.
#[tokio::test]
async fn section_4_14_refresh_token_protection_direct() {
    let fixture = Fixture::new().await;
    let (app, traffic) = RecordedTraffic::app(&fixture);
    let session = fixture.logged_in(&app).await;
    let stolen = traffic.token("refresh_token");
    // The refresh token is bound to this client.
    assert_eq!(refreshed(&fixture, &stolen, "another").await.0, 401);
    fixture.advance(61);
    let (status, thiefs) = refreshed(&fixture, &stolen, CLIENT_ID).await;
    assert_eq!(status, 200, "{thiefs}");
    let thief = |name: &str| thiefs[name].as_str().unwrap().to_owned();
    let error = session.access_token().await.unwrap_err();
    let Error::LoginRequired { reason, .. } = error else {
        panic!("{error:?}")
    };
    assert_eq!(reason, SessionEnd::Revoked);
    let access = thief("access_token");
    assert_eq!(
        sent(&fixture.sandbox, INFO, Some(&access), None).await.0,
        401
    );
    assert_eq!(
        refreshed(&fixture, &thief("refresh_token"), CLIENT_ID)
            .await
            .0,
        400
    );
    assert_eq!(fixture.sandbox.counters().revoked_grants, 1);
}

#[tokio::test]
async fn section_4_14_refresh_token_protection_mediated() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let (_, stolen) = tokens(&fixture, &node).await;
    // Either the thief or the app refreshes, and uses the new token.
    let (first, next) = pair(&refresh(&node, &stolen).await);
    assert!(opens(&node, &first).await);
    // The other uses the earlier refresh token: the session ends for both.
    let refused = r#"{"error":"invalid_grant"}"#;
    refresh(&node, &stolen).await.is(400, refused);
    assert!(!opens(&node, &first).await);
    refresh(&node, &next).await.is(400, refused);
    // The provider's refresh token never left the backend.
    assert_eq!(fixture.sandbox.findings(), []);
}

/// A client requests tokens in its own name, and its name equals the `sub` of a person.
#[tokio::test]
async fn section_4_15_client_impersonating_resource_owner_direct() {
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    let sub = session.user_info().await.unwrap().sub;
    assert_ne!(sub, CLIENT_ID);
    // There is no such grant, so no token has a client as its subject.
    for grant_type in ["client_credentials", "password"] {
        let form = [
            ("grant_type", grant_type),
            ("client_id", CLIENT_ID),
            ("scope", "truid.app/data-point/email"),
        ];
        let (status, refused) = sent(&fixture.sandbox, TOKEN, None, Some(&form)).await;
        assert_eq!(status, 400, "{refused}");
        assert_eq!(refused["error"], "unsupported_grant_type");
    }
}

#[tokio::test]
async fn section_4_15_client_impersonating_resource_owner_mediated() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let credentials = [("client_id", SERVICE), ("client_secret", CLIENT_SECRET)];
    // The provider issues no token in the name of the service.
    let mut form = vec![("grant_type", "client_credentials")];
    form.extend(credentials);
    let (status, refused) = sent(&fixture.sandbox, TOKEN, None, Some(&form)).await;
    assert_eq!(status, 400, "{refused}");
    // Nor does the backend give a session to a client that only names itself.
    let person = fixture.log_in(&node).await;
    let shown = [("cookie", &*person)];
    let sub = node.get("/truid/user-info", &shown).await.json()["sub"].clone();
    let sub = sub.as_str().unwrap();
    for body in [
        format!("grant_type=client_credentials&client_id={sub}"),
        format!("grant_type=client_credentials&client_id={SERVICE}&client_secret={CLIENT_SECRET}"),
        format!("grant_type=password&username={sub}&password=x"),
        format!("grant_type=refresh_token&refresh_token={sub}"),
    ] {
        let answer = node.post("/truid/token", &[FORM], &body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.cookie()),
            (400, None),
            "{body}"
        );
    }
    assert!(!opens(&node, sub).await);
}
