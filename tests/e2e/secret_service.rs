//! A real Secret Service: Debian's gnome-keyring, with a separate bus and home folder.
//!
//! A process finds the keyring through its environment, so the test runs itself again inside
//! `dbus-run-session`; [`ROLE`] selects what that run does. It needs the programs that `cargo xtask
//! test` installs. If they cannot be installed, xtask says so and does not set [`ENABLED`].

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use switchback::ports::{Platform, SecureStore as _, StoreError};
use switchback::store::{KeyringKey, SealedFile};
use switchback::{Client, Error, Purpose};

use crate::support::{config_at, request};

const ENABLED: &str = "SWITCHBACK_TEST_SECRET_SERVICE";
const ROLE: &str = "SWITCHBACK_TEST_SECRET_SERVICE_ROLE";
const NAME: &str = "secret_service::a_real_secret_service_stores_the_sealing_key";

#[test]
fn a_real_secret_service_stores_the_sealing_key() {
    match env::var(ROLE).as_deref() {
        Ok("unlocked") => unlocked(),
        Ok("locked") => locked(),
        Ok("absent") => absent(),
        Ok(other) => panic!("no such role: {other}"),
        Err(_) if env::var_os(ENABLED).is_some() => {
            let home = tempfile::tempdir().unwrap();
            let unlock = "printf 'a password' | gnome-keyring-daemon --unlock --components=secrets >/dev/null";
            inside(home.path(), unlock, "unlocked");
            // The same home in a new session: the keyring exists, but is locked.
            let start = "gnome-keyring-daemon --start --components=secrets >/dev/null";
            inside(home.path(), start, "locked");
            // Without a bus there is no keyring.
            let nowhere = home.path().join("no-bus");
            let bus = format!(
                "export DBUS_SESSION_BUS_ADDRESS=unix:path={}",
                nowhere.display()
            );
            inside(home.path(), &bus, "absent");
        }
        Err(_) => {}
    }
}

/// Runs this test again in a new session, after a command that starts the keyring.
fn inside(home: &Path, keyring: &str, role: &str) {
    let script = format!("{keyring} && exec \"$0\" --exact {NAME} --nocapture");
    // The output is captured: the summary of the inner run must not count as a test.
    let run = Command::new("timeout")
        .args(["60", "dbus-run-session", "--", "sh", "-c", &script])
        .arg(env::current_exe().unwrap())
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env(ROLE, role)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{role}: {}: {said}", run.status);
}

fn folder() -> PathBuf {
    Path::new(&env::var_os("HOME").unwrap()).join("switchback")
}

fn store() -> SealedFile {
    SealedFile::with_key(folder(), KeyringKey::new("switchback-test", "key")).unwrap()
}

fn unlocked() {
    store().put("a", b"1").unwrap();
    assert_eq!(store().get("a"), Ok(Some(b"1".to_vec())));
    assert!(!folder().join("sessions.key").exists());
    // Another program finds the key in the keyring.
    let lookup = Command::new("secret-tool")
        .args(["lookup", "service", "switchback-test", "username", "key"])
        .output()
        .unwrap();
    assert!(lookup.status.success() && lookup.stdout.len() >= 32);
}

/// A locked keyring is not an empty one: no key is created, nothing is deleted, and the person
/// stays logged in.
fn locked() {
    let sealed = || fs::read(folder().join("sessions.sealed")).unwrap();
    let before = sealed();
    assert_eq!(store().get("a"), Err(StoreError::Locked));
    assert_eq!(store().put("a", b"2"), Err(StoreError::Locked));
    assert_eq!(store().delete("a"), Err(StoreError::Locked));
    assert_eq!(store().list(""), Err(StoreError::Locked));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(a_client_says_that_it_is_locked());
    assert!(sealed() == before);
    assert!(!folder().join("sessions.key").exists());
}

async fn a_client_says_that_it_is_locked() {
    // No server listens at this address, and none is needed: the store fails first.
    let config = config_at("http://127.0.0.1:9");
    let client = Client::new(config, Platform::new(store())).unwrap();
    let begun = client.begin(request(Purpose::Login)).await;
    assert!(matches!(begun, Err(Error::StoreLocked)), "{begun:?}");
    let sessions = client.sessions().await;
    assert!(matches!(sessions, Err(Error::StoreLocked)), "{sessions:?}");
    let id = "0123456789abcdef0123456789abcdef".parse().unwrap();
    let session = client.session(&id).await.map(drop);
    assert!(matches!(session, Err(Error::StoreLocked)), "{session:?}");
}

fn absent() {
    assert!(matches!(store().get("a"), Err(StoreError::Unavailable(_))));
    assert!(matches!(
        store().put("a", b"2"),
        Err(StoreError::Unavailable(_))
    ));
}
