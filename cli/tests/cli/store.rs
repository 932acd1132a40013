//! The store: its key, its profiles, its permissions.

use std::fs;

use crate::support::{LINK, Truid, logged_in, run, switchback, text};

#[test]
fn the_note_about_a_missing_keyring_comes_once() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let truid = Truid::start(&[LINK]);
    let args = [
        "login",
        "--no-open",
        "--client-id",
        "demo-app",
        "--redirect-uri",
        LINK,
        "--base-url",
        truid.url(),
    ];
    let first = run(home, &args).expect_code(1);
    assert!(
        first.stderr.contains("note: no keyring answers"),
        "{first:#?}"
    );
    let second = run(home, &args).expect_code(1);
    assert!(!second.stderr.contains("note:"), "{second:#?}");
    // The existing store decides, and not the keyring of today.
    let done = run(home, &["session", "list", "--store", "keyring"]).expect_code(7);
    assert!(done.stderr.contains("in a file"), "{done:#?}");
}

#[test]
fn a_silent_keyring_with_store_keyring_is_6() {
    let home = tempfile::tempdir().expect("a folder");
    let args = [
        "login",
        "--no-open",
        "--client-id",
        "x",
        "--redirect-uri",
        LINK,
        "--store",
        "keyring",
        "--json",
    ];
    let done = run(home.path(), &args).expect_code(6);
    assert_eq!(done.last()["error"]["kind"], "store");
    // A store whose key is in a keyring never gets a second key.
    let folder = home.path().join("home");
    fs::create_dir_all(folder.join("profiles")).expect("a folder");
    fs::write(
        folder.join("store.json"),
        r#"{"key":"keyring","entry":"0123"}"#,
    )
    .expect("a file");
    fs::write(folder.join("sessions.sealed"), b"switchback sealed 1\n").expect("a file");
    let done = run(home.path(), &args[..6]).expect_code(6);
    assert!(done.stderr.contains("error:"), "{done:#?}");
    assert!(!folder.join("sessions.key").exists());
}

#[test]
fn a_lost_key_is_6_and_not_an_empty_store() {
    let home = tempfile::tempdir().expect("a folder");
    let truid = Truid::start(&[LINK]);
    logged_in(home.path(), &truid);
    let folder = home.path().join("home");
    fs::remove_file(folder.join("sessions.key")).expect("there is no key file");
    let done = run(home.path(), &["session", "list", "--json"]).expect_code(6);
    assert!(
        text(&done.last()["error"]["message"]).contains("key"),
        "{done:#?}"
    );
    assert!(!folder.join("sessions.key").exists());
}

#[test]
fn the_home_option_names_the_folder() {
    let home = tempfile::tempdir().expect("a folder");
    let truid = Truid::start(&[LINK]);
    let id = logged_in(home.path(), &truid);
    let folder = home.path().join("home");
    let folder = folder.to_str().expect("UTF-8");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let list = run(elsewhere.path(), &["session", "list", "--home", folder]).expect_code(0);
    assert!(list.stdout.contains(&id));
    let mut command = switchback(elsewhere.path(), &["session", "list"]);
    let shown = command
        .env_remove("SWITCHBACK_HOME")
        .output()
        .expect("it starts");
    assert!(shown.status.success());
    assert!(!elsewhere.path().join(".switchback").exists());
}

#[test]
fn a_damaged_profile_is_skipped() {
    let home = tempfile::tempdir().expect("a folder");
    let truid = Truid::start(&[LINK]);
    let id = logged_in(home.path(), &truid);
    let folder = home.path().join("home/profiles");
    let good = fs::read_dir(&folder).expect("a folder").next();
    let good = fs::read_to_string(good.expect("a profile").expect("readable").path());
    let good = good.expect("text");
    for (name, bad) in [
        ("damaged.json", "{".to_owned()),
        (
            "newer.json",
            good.replace("\"version\": 1", "\"version\": 2"),
        ),
        ("odd.json", good.replace("https://", "")),
    ] {
        assert_ne!(bad, good);
        fs::write(folder.join(name), bad).expect("a file");
    }
    let list = run(home.path(), &["session", "list", "--json"]).expect_code(0);
    assert_eq!(list.last()["sessions"][0]["session"], id.as_str());
    let warnings: Vec<&str> = list.stderr.lines().collect();
    assert_eq!(warnings.len(), 3, "{warnings:#?}");
    for (warning, name) in warnings.iter().zip(["damaged", "newer", "odd"]) {
        assert!(warning.starts_with("warning: ") && warning.contains(name));
        assert!(warning.contains("Remove it"), "{warning}");
    }
    // A login works with the other profile.
    run(home.path(), &["login", "--no-open", "--json"]).expect_code(1);
}

#[cfg(unix)]
#[test]
fn only_the_user_can_read_the_store() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().expect("a folder");
    let truid = Truid::start(&[LINK]);
    logged_in(home.path(), &truid);
    for (name, mode) in [("", 0o700), ("profiles", 0o700), ("store.lock", 0o600)] {
        let path = home.path().join("home").join(name);
        let is = fs::metadata(&path).expect(name).permissions().mode();
        assert_eq!(is & 0o777, mode, "{name}");
    }
}

/// With its own real Secret Service. Needs Debian's `dbus` (`dbus-run-session`) and
/// `gnome-keyring`: `cargo xtask test` installs them and sets the variable, or reports that it
/// skips this test.
#[test]
fn a_real_keyring_stores_the_key() {
    if std::env::var_os("SWITCHBACK_TEST_SECRET_SERVICE").is_none() {
        return;
    }
    let script = "printf PW | gnome-keyring-daemon --unlock --components=secrets \
        >/dev/null 2>&1; \"$0\" login --no-open --json --client-id x --redirect-uri \"$1\" \
        </dev/null && exit 9; \"$0\" login --continue --json </dev/null; echo \"exit $?\"; \
        exec \"$0\" session list --json";
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let done = std::process::Command::new("dbus-run-session")
        .args([
            "--",
            "sh",
            "-c",
            script,
            env!("CARGO_BIN_EXE_switchback"),
            LINK,
        ])
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .env("SWITCHBACK_HOME", home.join("home"))
        .output()
        .expect("dbus-run-session starts");
    let stdout = String::from_utf8_lossy(&done.stdout);
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    // The second process reads what the first one wrote.
    assert!(stdout.contains("\"pending\":[{"), "{done:?}");
    assert!(stdout.ends_with("exit 1\n{\"sessions\":[]}\n"), "{done:?}");
    let folder = home.join("home");
    let place = fs::read_to_string(folder.join("store.json")).expect("a mark");
    assert!(place.contains("keyring"), "{place}");
    assert!(!folder.join("sessions.key").exists());
    // If that keyring does not answer, the command uses no other place for a key.
    run(home, &["session", "list"]).expect_code(6);
    run(home, &["session", "list", "--store", "file"]).expect_code(7);
    assert!(!folder.join("sessions.key").exists());
}
