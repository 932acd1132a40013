//! The first run after an installation, with a keychain that survived the deletion of the app.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use switchback::ports::{AfterReinstall, InstallMarker, SecureStore as _, StoreError};
use switchback::store::MarkerFolder;
use switchback::{Client, Error};

use crate::support::Fixture;

fn app(fixture: &Fixture, folder: &tempfile::TempDir, what: AfterReinstall) -> Client {
    let marker = MarkerFolder::new(folder.path());
    let platform = fixture.platform().after_reinstall(marker, what);
    Client::new(fixture.config(), platform).unwrap()
}

#[tokio::test]
async fn reinstall_wipes_or_keeps_sessions_as_configured() {
    for what in [AfterReinstall::Wipe, AfterReinstall::Keep] {
        let fixture = Fixture::new().await;
        fixture.store.put("another/app", b"1").unwrap();
        let first = tempfile::tempdir().unwrap();
        let session = fixture.logged_in(&app(&fixture, &first, what)).await;
        // Later runs of the same installation find their session.
        let next = app(&fixture, &first, what);
        assert_eq!(next.sessions().await.unwrap(), [session.id().clone()]);
        // A new installation: the marker was deleted, the keychain was not.
        let second = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            let found = app(&fixture, &second, what).sessions().await.unwrap();
            assert_eq!(found.len(), usize::from(what == AfterReinstall::Keep));
        }
        // Entries of other owners stay.
        assert_eq!(fixture.store.get("another/app"), Ok(Some(b"1".to_vec())));
        let session = fixture.logged_in(&app(&fixture, &second, what)).await;
        let next = app(&fixture, &second, what);
        assert!(next.sessions().await.unwrap().contains(session.id()));
    }
}

/// Before the first unlock: the marker cannot be read.
struct LockedMarker(Arc<AtomicBool>);

impl InstallMarker for LockedMarker {
    fn is_set(&self, _: &str) -> Result<bool, StoreError> {
        match self.0.load(Ordering::SeqCst) {
            true => Err(StoreError::Locked),
            false => Ok(true),
        }
    }
    fn set(&self, _: &str) -> Result<(), StoreError> {
        panic!("the marker is already set")
    }
}

#[tokio::test]
async fn first_run_waits_for_the_first_unlock() {
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    let locked = Arc::new(AtomicBool::new(true));
    let marker = LockedMarker(locked.clone());
    let platform = fixture
        .platform()
        .after_reinstall(marker, AfterReinstall::Wipe);
    let app = Client::new(fixture.config(), platform).unwrap();
    for _ in 0..2 {
        let error = app.sessions().await.unwrap_err();
        assert!(matches!(error, Error::StoreLocked), "{error:?}");
    }
    locked.store(false, Ordering::SeqCst);
    assert_eq!(app.sessions().await.unwrap(), [session.id().clone()]);

    // The marker can be read, but the store cannot.
    let folder = tempfile::tempdir().unwrap();
    fixture.store.lock(true);
    let app = self::app(&fixture, &folder, AfterReinstall::Wipe);
    let error = app.sessions().await.unwrap_err();
    assert!(matches!(error, Error::StoreLocked), "{error:?}");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    fixture.store.lock(false);
    assert_eq!(
        app.sessions().await.unwrap(),
        [],
        "the sessions were not removed"
    );
}
