//! Unreadable entries of the store: no panic, no deletion, and the other entries stay usable.

use proptest::prelude::*;
use switchback::ports::{SecureStore, StoreError};
use switchback::{Error, LoginOutcome, Purpose, Session, SessionEnd};

use crate::support::{Fixture, request, session_end};

fn key_of(fixture: &Fixture, session: &Session) -> String {
    let end = format!("/session/{}", session.id());
    let keys = fixture.store.list("").unwrap();
    keys.into_iter().find(|key| key.ends_with(&end)).unwrap()
}

fn aside(fixture: &Fixture) -> Vec<Vec<u8>> {
    let mut keys = fixture.store.list("").unwrap();
    keys.retain(|key| key.contains("/aside/"));
    keys.sort();
    let values = keys
        .iter()
        .map(|key| fixture.store.get(key).unwrap().unwrap());
    values.collect()
}

#[tokio::test]
async fn a_damaged_session_is_set_aside_and_needs_a_login() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let (session, other) = (fixture.logged_in(&app).await, fixture.logged_in(&app).await);
    let key = key_of(&fixture, &session);
    let good = fixture.store.get(&key).unwrap().unwrap();
    let cut = good[..good.len() / 2].to_vec();
    let foreign = br#"{"version":1,"made":"by another app"}"#.to_vec();
    let mut kept = Vec::new();
    for bad in [cut.clone(), foreign, Vec::new(), vec![0xff; 40], cut] {
        fixture.store.put(&key, &bad).unwrap();
        let later = fixture.app();
        let error = later.session(session.id()).await.unwrap_err();
        assert_eq!(session_end(error), SessionEnd::Damaged);
        assert_eq!(fixture.store.get(&key), Ok(None));
        if !kept.contains(&bad) {
            kept.push(bad);
        }
        assert_eq!(aside(&fixture), kept, "each once, whole");
        assert_eq!(later.sessions().await.unwrap(), [other.id().clone()]);
    }
    // The restored entry is a session again.
    fixture.store.put(&key, &good).unwrap();
    let back = fixture.app().session(session.id()).await.unwrap();
    back.access_token().await.unwrap();
}

#[tokio::test]
async fn an_open_session_notices_damage() {
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    let key = key_of(&fixture, &session);
    fixture.store.put(&key, b"\x00").unwrap();
    fixture.advance(60);
    session.access_token().await.unwrap_err();
    assert_eq!(session.ended(), Some(SessionEnd::Damaged));
    assert_eq!(fixture.sandbox.counters().refreshes, 0);
    assert_eq!(aside(&fixture), [b"\x00"]);
}

#[tokio::test]
async fn a_session_of_a_later_version_is_not_changed() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let (session, other) = (fixture.logged_in(&app).await, fixture.logged_in(&app).await);
    let key = key_of(&fixture, &session);
    let newer = br#"{"version":99,"all":"new"}"#;
    fixture.store.put(&key, newer).unwrap();
    // An extension that is older than its app must not log the person out.
    let older = fixture.app();
    let error = older.session(session.id()).await.unwrap_err();
    assert!(error.to_string().contains("update the app"), "{error}");
    assert_eq!(older.sessions().await.unwrap(), [other.id().clone()]);
    assert_eq!(fixture.store.get(&key), Ok(Some(newer.to_vec())));
    fixture.advance(60);
    session.access_token().await.unwrap_err();
    assert_eq!(fixture.store.get(&key), Ok(Some(newer.to_vec())));
    older.remove_session(session.id()).await.unwrap();
    assert_eq!(fixture.store.get(&key), Ok(None));
}

#[tokio::test]
async fn a_damaged_login_is_unknown_and_set_aside() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let (_, link) = fixture.approved_login(&app).await;
    let key = fixture.store.key_with("/attempt/");
    fixture.store.put(&key, b"{}").unwrap();
    assert_eq!(app.complete(&link).await.unwrap(), LoginOutcome::Unknown);
    assert_eq!(app.pending_logins().await.unwrap(), []);
    assert_eq!(aside(&fixture), [b"{}"]);
    fixture.logged_in(&app).await;
}

#[tokio::test]
async fn a_key_without_an_id_is_ignored() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let session = fixture.logged_in(&app).await;
    let login = app.begin(request(Purpose::Login)).await.unwrap();
    let key = key_of(&fixture, &session);
    let good = fixture.store.get(&key).unwrap().unwrap();
    let (kind, _) = key.rsplit_once('/').unwrap();
    let others = [
        "none".to_owned(),
        session.id().as_str().to_uppercase(),
        String::new(),
    ];
    let others = others.map(|end| format!("{kind}/{end}"));
    for other in &others {
        fixture.store.put(other, &good).unwrap();
        let attempt = other.replace("/session/", "/attempt/");
        fixture.store.put(&attempt, b"{}").unwrap();
    }
    let later = fixture.app();
    assert_eq!(later.sessions().await.unwrap(), [session.id().clone()]);
    let pending = later.pending_logins().await.unwrap();
    assert_eq!(pending.len(), 1);
    assert_eq!(pending[0].id, login.id);
    for other in &others {
        assert_eq!(fixture.store.get(other), Ok(Some(good.clone())));
    }
}

/// Every failure of a store has its own error.
#[tokio::test]
async fn every_store_error_reaches_the_app() {
    struct Fails(StoreError);
    impl SecureStore for Fails {
        fn get(&self, _: &str) -> Result<Option<Vec<u8>>, StoreError> {
            Err(self.0.clone())
        }
        fn put(&self, _: &str, _: &[u8]) -> Result<(), StoreError> {
            Err(self.0.clone())
        }
        fn delete(&self, _: &str) -> Result<(), StoreError> {
            Err(self.0.clone())
        }
        fn list(&self, _: &str) -> Result<Vec<String>, StoreError> {
            Err(self.0.clone())
        }
    }
    let fixture = Fixture::new().await;
    let what = || "why".to_owned();
    for failure in [
        StoreError::KeyLost(what()),
        StoreError::Denied(what()),
        StoreError::Full(what()),
        StoreError::Corrupt(what()),
        StoreError::Newer(what()),
        StoreError::Unavailable(what()),
        StoreError::AuthenticationRequired,
        StoreError::Cancelled,
    ] {
        let app = fixture.app_over(Fails(failure.clone()));
        let error = app.begin(request(Purpose::Login)).await.unwrap_err();
        assert!(
            matches!(&error, Error::Store(told) if *told == failure),
            "{error:?}"
        );
        let error = app.sessions().await;
        // A single damaged entry is skipped; here the list itself fails.
        assert!(matches!(error, Err(Error::Store(told)) if told == failure));
    }
    let app = fixture.app_over(Fails(StoreError::Locked));
    let error = app.begin(request(Purpose::Login)).await.unwrap_err();
    assert!(matches!(error, Error::StoreLocked), "{error:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// A changed entry is either read unchanged, or set aside unchanged.
    #[test]
    fn no_damage_makes_a_client_panic(
        cut in 0_usize..2_000, at in 0_usize..2_000, mask in 1_u8..=255, cuts: bool,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let fixture = Fixture::new().await;
            let session = fixture.logged_in(&fixture.app()).await;
            let key = key_of(&fixture, &session);
            let mut bytes = fixture.store.get(&key).unwrap().unwrap();
            match cuts {
                true => bytes.truncate(cut % bytes.len()),
                false => { let at = at % bytes.len(); bytes[at] ^= mask; }
            }
            fixture.store.put(&key, &bytes).unwrap();
            let found = fixture.app().session(session.id()).await;
            let there = fixture.store.get(&key).unwrap().is_some();
            match found {
                Ok(_) => assert!(there),
                Err(Error::LoginRequired { reason: SessionEnd::Damaged, .. }) => {
                    assert!(!there && aside(&fixture) == [bytes]);
                }
                // A flipped bit in the version.
                Err(Error::Store(StoreError::Newer(_))) => assert!(there),
                Err(other) => panic!("{other:?}"),
            }
        });
    }
}
