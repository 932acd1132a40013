//! How often memory is asked for on the hot paths. Counts do not depend on the machine.

use std::collections::BTreeMap;
use std::hint::black_box;

use allocation_counter::measure;
use switchback::ports::{Entropy as _, SystemEntropy};
use switchback_protocol::authorization::AuthorizationRequest;
use switchback_protocol::http::Response;
use switchback_protocol::{
    Environment, Provider, Purpose, Random, RedirectUri, Registration, callback, token,
};

use crate::support::World;

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
    let world = World::new().await;
    let session = world.logged_in(&world.app()).await;
    session.access_token().await.unwrap();
    let counted = measure(|| {
        let mut future = std::pin::pin!(session.access_token());
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let ready = std::future::Future::poll(future.as_mut(), &mut context);
        assert!(ready.is_ready(), "a warm token does not wait");
    });
    assert_eq!(counted.count_total, 0);
}
