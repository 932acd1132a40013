//! Counts the allocations of the hot paths. The counts do not depend on the machine.

use std::collections::BTreeMap;
use std::hint::black_box;

use allocation_counter::measure;
use switchback::ports::{Entropy as _, SystemEntropy};
use switchback_protocol::authorization::AuthorizationRequest;
use switchback_protocol::http::Response;
use switchback_protocol::{
    Environment, Provider, Purpose, Random, RedirectUri, Registration, callback, token,
};
use tower::ServiceExt as _;

use crate::backend::support::{BackendFixture, request};
use crate::support::Fixture;

const SCOPE: [&str; 3] = [
    "truid.app/data-point/email",
    "truid.app/data-point/name",
    "truid.app/data-point/birthdate",
];

#[test]
fn an_authorization_url_is_one_allocation() {
    let extra = BTreeMap::new();
    let redirect_uri = "https://example.com/truid/callback";
    let registration = Registration::new(
        Provider::truid(),
        "abcdef",
        redirect_uri,
        Environment::Production,
    )
    .unwrap();
    let counted = measure(|| {
        let mut bytes = [[0; 32]; 3];
        SystemEntropy.fill(bytes.as_flattened_mut()).unwrap();
        let [state, verifier, nonce] = bytes.map(|bytes| Random::new(&bytes));
        let url = AuthorizationRequest {
            purpose: Purpose::Login,
            scope: &SCOPE,
            state: state.as_str(),
            code_verifier: verifier.as_str(),
            nonce: Some(nonce.as_str()),
            extra: &extra,
        }
        .url(&registration);
        black_box(url).unwrap();
    });
    assert_eq!(counted.count_total, 1, "the URL itself");
}

#[test]
fn a_callback_is_read_with_few_allocations() {
    let ours = RedirectUri::new(
        "https://example.com/truid/callback",
        Environment::Production,
    )
    .unwrap();
    let url = format!(
        "https://example.com/truid/callback?code={}&state={}",
        "c".repeat(43),
        "s".repeat(43)
    );
    let counted = measure(|| {
        black_box(callback::read(&url, &ours)).unwrap().unwrap();
    });
    assert!(
        counted.count_total <= 5,
        "the redirect URI, code and state: {}",
        counted.count_total
    );
}

#[test]
fn a_token_answer_is_read_with_few_allocations() {
    let response = Response {
        status: 200,
        headers: vec![("content-type".into(), "application/json".into())],
        body: br#"{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"bearer","expires_in":300,"refresh_token":"tGzv3JOkF0XG5Qx2TlKWIA","scope":"truid.app/data-point/email"}"#.to_vec(),
    };
    let counted = measure(|| {
        black_box(token::read(&response, &[])).unwrap();
    });
    assert!(
        counted.count_total <= 12,
        "two tokens and a scope: {}",
        counted.count_total
    );
}

#[tokio::test]
async fn a_warm_access_token_allocates_nothing() {
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    session.access_token().await.unwrap();
    let counted = measure(|| {
        let mut future = std::pin::pin!(session.access_token());
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let ready = std::future::Future::poll(future.as_mut(), &mut context);
        assert!(ready.is_ready(), "a warm token does not wait");
    });
    assert_eq!(counted.count_total, 0);
}

/// A service calls this for each request that it receives.
#[tokio::test]
async fn user_info_is_read_with_few_allocations() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let session = fixture.log_in(&node).await;
    let ask = |path: &str, expected: u16| {
        let router = node.router.clone();
        let request = request("GET", path, &[("cookie", &session)], "");
        let mut status = 0;
        let counted = measure(|| {
            let mut future = std::pin::pin!(router.oneshot(request));
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            let answer = std::future::Future::poll(future.as_mut(), &mut context);
            let std::task::Poll::Ready(Ok(answer)) = answer else {
                panic!("what is in memory does not wait");
            };
            status = answer.status().as_u16();
        });
        assert_eq!(status, expected);
        counted.count_total
    };
    for _ in 0..2 {
        assert!(node.accepts(&session).await);
    }
    let nothing = ask("/nothing", 404);
    let said = ask("/truid/session", 200);
    assert!(
        said <= nothing + 5,
        "{said} allocations; {nothing} of an address that is not there"
    );
}
