//! A database belongs to one client at one provider.

use std::sync::Arc;

use switchback::Provider;
use switchback_backend::store::{Postgres, RowStore};
use switchback_backend::{
    ClientAuthentication, Config, Environment, Error, Purpose, Registration, Service,
};

use super::database::{Address, Database};
use super::support::{BackendFixture, CLIENT_ID, REDIRECT_URI, platform};
use crate::other_provider::provider::FACTS;
use crate::support::TestClock;

const BASE_URL: &str = "https://id.example";

fn service(store: &Arc<dyn RowStore>, provider: Provider, client_id: &str) -> Service {
    let registration =
        Registration::new(provider, client_id, REDIRECT_URI, Environment::Production).unwrap();
    let secret = ClientAuthentication::SecretPost("a-secret".into());
    let config = Config::new(registration, secret).with_purpose(Purpose::Login, ["openid"]);
    Service::new(config, platform(Arc::clone(store), TestClock::at(0))).unwrap()
}

fn truid() -> Provider {
    Provider::truid().with_base_url(BASE_URL)
}

async fn another_client_is_refused(database: Database) {
    let store = database.open().await;
    service(&store, truid(), "ours")
        .check_database()
        .await
        .unwrap();
    for (provider, client_id, says) in [
        (
            truid(),
            "theirs",
            "the client \"theirs\" of truid at https://id.example",
        ),
        (
            truid().with_base_url("https://test.id.example"),
            "ours",
            "the client \"ours\" of truid at https://test.id.example",
        ),
        (
            truid().with_base_url("https://id.example/tenant"),
            "ours",
            "of truid at https://id.example/tenant",
        ),
        (
            truid().with_base_url("https://id.example:8443"),
            "ours",
            "of truid at https://id.example:8443",
        ),
        (
            Provider::new(&FACTS).with_base_url(BASE_URL),
            "ours",
            "the client \"ours\" of example-id at https://id.example",
        ),
        (truid(), "OURS", "the client \"OURS\" of truid"),
    ] {
        let refused = service(&store, provider, client_id).check_database().await;
        let Err(Error::Configuration(why)) = refused else {
            panic!("{says}: {refused:?}")
        };
        for words in [
            "belongs to the client \"ours\" of truid at https://id.example,",
            says,
            "use an empty database",
            "DELETE FROM client",
        ] {
            assert!(why.contains(words), "{words}: {why}");
        }
    }
    // The refused starts have changed nothing. Another spelling is the same URL.
    for base_url in [BASE_URL, "https://id.example/", "HTTPS://ID.example:443"] {
        let provider = truid().with_base_url(base_url);
        let same = service(&store, provider, "ours").check_database().await;
        assert_eq!(same, Ok(()), "{base_url}");
    }
}

#[tokio::test]
async fn another_client_is_refused_in_sqlite() {
    another_client_is_refused(Database::sqlite()).await;
}

#[tokio::test]
async fn another_client_is_refused_in_postgresql() {
    if let Some(database) = Database::postgres().await {
        another_client_is_refused(database).await;
    }
}

/// After a restart of the process.
#[tokio::test]
async fn a_database_keeps_its_client() {
    let database = Database::sqlite();
    for (client_id, is_ours) in [("ours", true), ("theirs", false), ("ours", true)] {
        let store = database.open().await;
        let checked = service(&store, truid(), client_id).check_database().await;
        assert_eq!(checked.is_ok(), is_ours, "{checked:?}");
    }
}

/// Each node connects, migrates the tables and checks the database, all at the same time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_at_the_same_time_all_start() {
    const NODES: usize = 8;
    let Some(database) = Database::postgres().await else {
        return;
    };
    let Address::Postgres(address) = &database.address else {
        panic!("it is in PostgreSQL")
    };
    let start = async |client_ids: [&'static str; NODES]| {
        let nodes = client_ids.map(|client_id| {
            let address = address.clone();
            tokio::spawn(async move {
                let store = Postgres::connect(&address, 2).await.unwrap();
                let store: Arc<dyn RowStore> = Arc::new(store);
                let checked = service(&store, truid(), client_id).check_database().await;
                (client_id, checked.is_ok())
            })
        });
        let mut started = Vec::new();
        for node in nodes {
            started.push(node.await.unwrap());
        }
        started
    };
    let started = start(["ours"; NODES]).await;
    assert!(started.iter().all(|(_, is_ok)| *is_ok), "{started:?}");

    // Of two different clients exactly one gets a new database.
    let Some(database) = Database::postgres().await else {
        return;
    };
    let store = database.open().await;
    let (one, other) = (service(&store, truid(), "a"), service(&store, truid(), "b"));
    let (one, other) = tokio::join!(one.check_database(), other.check_database());
    assert_ne!(one.is_ok(), other.is_ok(), "{one:?} {other:?}");
}

/// The stored session continues with the earlier configuration, and no refresh token was sent.
#[tokio::test]
async fn a_refused_start_ends_no_session() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    node.service.check_database().await.unwrap();
    let session = fixture.log_in(&node).await;
    fixture.advance(61);
    let provider = Provider::truid().with_base_url(fixture.sandbox.url());
    let store = fixture.store.clone().unwrap();
    let theirs = service(&store, provider.clone(), "theirs")
        .check_database()
        .await;
    assert!(matches!(theirs, Err(Error::Configuration(_))), "{theirs:?}");
    let counters = fixture.sandbox.counters();
    assert_eq!(
        (counters.refreshes, counters.refused_token_requests),
        (0, 0)
    );
    let ours = service(&store, provider, CLIENT_ID).check_database().await;
    assert_eq!(ours, Ok(()));
    assert!(node.accepts(&session).await);
}
