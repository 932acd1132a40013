//! The layer in front of a service's own routes.

use axum::Router;
use axum::routing::get;
use switchback_backend::LoggedIn;
use switchback_backend::web::LoginLayer;
use switchback_protocol::Purpose;
use switchback_protocol::provider::truid::ClaimType;
use switchback_sandbox::{Endpoint, Misbehaviour, Rule};
use tower::ServiceExt as _;

use super::support::{BackendFixture, request};

async fn hello(person: LoggedIn) -> String {
    let claims = person.presentation(&[ClaimType::Email]).await.unwrap();
    let email = claims.text(ClaimType::Email).unwrap();
    format!("{} {} {}", person.purpose(), person.subject().len(), email)
}

async fn answer(router: &Router, path: &str, cookie: &str) -> (u16, String) {
    let asked = request("GET", path, &[("cookie", cookie)], "");
    let response = router.clone().oneshot(asked).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), 1000).await;
    (status, String::from_utf8(body.unwrap().to_vec()).unwrap())
}

#[tokio::test]
async fn a_route_accepts_only_sessions_of_its_purpose() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let for_both = [Purpose::Login, Purpose::IdentityVerification];
    let routes = Router::new()
        .route("/hello", get(hello))
        .layer(LoginLayer::new(&node.service))
        .merge(
            Router::new()
                .route("/both", get(hello))
                .layer(LoginLayer::for_purposes(&node.service, for_both)),
        )
        .route("/forgotten", get(hello));
    let person = fixture.log_in(&node).await;
    let verified = fixture.log_in_for(&node, "idv").await;
    let no_session = r#"{"error":"login_required","reason":"no_session"}"#;
    for (path, cookie, status) in [
        ("/hello", &*person, 200),
        ("/hello", &verified, 401),
        ("/hello", "", 401),
        ("/both", &person, 200),
        ("/both", &verified, 200),
        ("/both", "other=1", 401),
        // Without the layer no request is logged in, so a missing layer opens no route.
        ("/forgotten", &person, 401),
    ] {
        let (got, body) = answer(&routes, path, cookie).await;
        assert_eq!(got, status, "{path}: {body}");
        match status {
            200 => assert!(body.ends_with("maja.sjostrom@example.com"), "{body}"),
            _ => assert_eq!(body, no_session, "{path}"),
        }
    }
    // An expired token is refreshed before the handler runs.
    fixture.advance(61);
    assert_eq!(answer(&routes, "/hello", &person).await.0, 200);
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
    node.post("/truid/log-out", &[("cookie", &person)], "")
        .await;
    assert_eq!(
        answer(&routes, "/hello", &person).await,
        (401, no_session.into())
    );
}

/// The first purpose with a session counts. A login that cannot be checked now does not lead to the
/// session of another purpose.
#[tokio::test]
async fn a_route_for_several_purposes_prefers_the_first() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let (login, verification) = (Purpose::Login, Purpose::IdentityVerification);
    let by = async |purposes: [Purpose; 2], cookies: &str| {
        let routes = Router::new()
            .route(
                "/who",
                get(async |person: LoggedIn| person.purpose().to_string()),
            )
            .layer(LoginLayer::for_purposes(&node.service, purposes));
        answer(&routes, "/who", cookies).await
    };
    let person = fixture.log_in(&node).await;
    let verified = fixture.log_in_for(&node, "idv").await;
    let both = format!("{person}; {verified}");
    for (purposes, cookies, counts) in [
        ([login, verification], &both, login),
        ([verification, login], &both, verification),
        ([login, verification], &verified, verification),
        ([verification, login], &person, login),
    ] {
        assert_eq!(by(purposes, cookies).await, (200, counts.to_string()));
    }
    // The provider does not answer when the token of the login must be refreshed.
    fixture.advance(61);
    let mut rule = Rule::new(Misbehaviour::Unavailable);
    rule.endpoint = Some(Endpoint::Refresh);
    fixture.sandbox.misbehave(rule).unwrap();
    assert_eq!(by([login, verification], &both).await.0, 503);
    // An ended verification: the answer has the reason.
    fixture.advance(301);
    let expired = r#"{"error":"login_required","reason":"expired"}"#;
    let ended = by([login, verification], &verified).await;
    assert_eq!(ended, (401, expired.to_owned()));
}

#[tokio::test]
async fn cross_site_requests_change_nothing() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let routes = Router::new()
        .route("/order", get(hello).post(hello))
        .layer(LoginLayer::new(&node.service));
    let person = fixture.log_in(&node).await;
    for (method, header, status) in [
        ("POST", ("sec-fetch-site", "same-origin"), 200),
        ("POST", ("origin", "https://service.example"), 200),
        ("POST", ("sec-fetch-site", "cross-site"), 403),
        ("POST", ("sec-fetch-site", "same-site"), 403),
        ("POST", ("origin", "https://shop.service.example"), 403),
        ("POST", ("origin", "null"), 403),
        ("GET", ("sec-fetch-site", "cross-site"), 200),
    ] {
        let asked = request(method, "/order", &[("cookie", &person), header], "");
        let response = routes.clone().oneshot(asked).await.unwrap();
        assert_eq!(response.status(), status, "{method} {header:?}");
    }
}
