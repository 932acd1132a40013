//! Guesses about Truid: the core and the sandbox, which share no code, make the same ones.

use switchback::provider::truid::{ClaimType, DataPoint};
use switchback_sandbox::RegisteredClient;

use crate::support::Fixture;

#[test]
fn core_and_sandbox_have_the_same_data_points() {
    assert_eq!(RegisteredClient::demo_app().data_points, DataPoint::KEYS);
}

#[tokio::test]
async fn all_data_points_return_all_claims() {
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    let shown = session.presentation(&ClaimType::ALL).await.unwrap();
    for claim in ClaimType::ALL {
        assert!(shown.get(claim).is_some(), "{claim}");
    }
    assert_eq!(fixture.sandbox.findings(), []);
}
