//! `switchback session`.

use crate::support::{LINK, Truid, logged_in, run, text};

#[test]
fn several_sessions_need_an_id() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let truid = Truid::start(&[LINK]);
    let first = logged_in(home, &truid);
    let second = logged_in(home, &truid);
    let list = run(home, &["session", "list"]).expect_code(0).stdout;
    assert!(list.contains(&first) && list.contains(&second), "{list}");
    let done = run(home, &["session", "token"]).expect_code(2);
    assert!(done.stderr.contains("2 sessions"), "{done:#?}");
    assert_eq!(done.stdout, "");
    run(home, &["session", "logout", &first]).expect_code(0);
    let shown = run(home, &["session", "show", "--json"]).expect_code(0);
    assert_eq!(shown.last()["session"], second.as_str());
    assert_eq!(shown.last()["purpose"], "login");
    assert_eq!(shown.last()["timeline"][0]["event"], "login.begun");
}

#[test]
fn two_providers_have_separate_sessions() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let (here, there) = (Truid::start(&[LINK]), Truid::start(&[LINK]));
    let (first, second) = (logged_in(home, &here), logged_in(home, &there));
    for (id, truid) in [(&first, &here), (&second, &there)] {
        let shown = run(home, &["session", "show", id, "--json"]).expect_code(0);
        assert_eq!(shown.last()["base_url"], truid.url());
        let read = run(home, &["session", "claims", id, "name", "--json"]).expect_code(0);
        assert_eq!(read.last()["claims"][0]["value"], "Maja Sjöström");
    }
    run(home, &["login", "--no-open"]).expect_code(2);
}

#[test]
fn a_session_that_the_provider_ended_is_4() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let truid = Truid::start(&[LINK]);
    let id = logged_in(home, &truid);
    assert_eq!(truid.sandbox().app().end_sessions("demo-app"), 1);
    let done = run(home, &["session", "claims", "--json"]).expect_code(4);
    assert_eq!(done.last()["error"]["kind"], "login-required");
    assert!(
        text(&done.last()["error"]["message"]).contains("ended the session"),
        "{done:#?}"
    );
    // `session show` still works with the id of an ended session.
    run(home, &["session", "token"]).expect_code(4);
    let shown = run(home, &["session", "show", &id]).expect_code(0).stdout;
    assert!(
        shown.contains("over: the service ended the session"),
        "{shown}"
    );
}

#[test]
fn session_list_creates_nothing() {
    let home = tempfile::tempdir().expect("a folder");
    let done = run(home.path(), &["session", "list", "--json"]).expect_code(0);
    assert_eq!(done.stdout, "{\"sessions\":[]}\n");
    let done = run(home.path(), &["session", "token"]).expect_code(4);
    assert_eq!(done.stdout, "");
    assert!(done.stderr.contains("switchback login --help"), "{done:#?}");
    assert!(!home.path().join("home").exists());
}

#[test]
fn wrong_ids_and_options_are_refused() {
    let home = tempfile::tempdir().expect("a folder");
    let id = "0123456789abcdef0123456789abcdef";
    for args in [
        &["session", "show", id, "-v", "--json"][..],
        &["session", "claims", id, "email", "-v", "--json"],
        &["session", "claims", "--json", id],
    ] {
        let done = run(home.path(), args).expect_code(4);
        assert_eq!(done.last()["error"]["kind"], "no-session");
    }
    for id in ["none", &id[1..], &id.to_uppercase()] {
        let done = run(home.path(), &["session", "show", id, "--json"]).expect_code(2);
        assert_eq!(done.last()["error"]["kind"], "usage");
        assert!(done.stdout.contains("32 hexadecimal digits"), "{done:#?}");
    }
    run(home.path(), &["session", "show", "--everything"]).expect_code(2);
    run(home.path(), &["session", "claims", "--everything"]).expect_code(2);
}
