//! What the command does not understand, and what cannot work.

use crate::running::{LINK, Truid, run, text};

#[test]
fn a_wrong_configuration_says_what_to_change() {
    let home = tempfile::tempdir().expect("a folder");
    let cases: [(&[&str], &str); 5] = [
        (
            &["--client-id", "x", "--redirect-uri", "http://a.example/cb"],
            "--test-service",
        ),
        (&["--client-id", "", "--redirect-uri", LINK], "--client-id"),
        (
            &[
                "--client-id",
                "x",
                "--redirect-uri",
                "https://a.example/cb?x=1",
            ],
            "`?`",
        ),
        (
            &[
                "--client-id",
                "x",
                "--redirect-uri",
                LINK,
                "--base-url",
                "http://a.example",
            ],
            "https",
        ),
        (
            &[
                "--client-id",
                "x",
                "--redirect-uri",
                LINK,
                "--scope",
                "a\"b",
            ],
            "scope",
        ),
    ];
    for (args, what) in cases {
        for command in ["login", "url"] {
            let mut all = vec![command];
            all.extend(args);
            let done = run(home.path(), &all).expect_code(7);
            assert!(done.stderr.contains(what), "{what}: {done:#?}");
            assert_eq!(done.stdout, "");
            all.push("--json");
            let done = run(home.path(), &all).expect_code(7);
            let error = &done.last()["error"];
            assert_eq!(error["kind"], "configuration");
            assert!(text(&error["message"]).contains(what), "{what}: {done:#?}");
        }
    }
}

#[test]
fn a_command_line_that_is_none_is_2() {
    let home = tempfile::tempdir().expect("a folder");
    let cases: [&[&str]; 9] = [
        &[],
        &["sing"],
        &["demo", "--function", "sign-in"],
        &["demo", "--decline", "--interactive"],
        &["login"],
        &["login", "--client-id", "x"],
        &["login", "--redirect-uri", LINK],
        &[
            "login",
            "--continue",
            "--client-id",
            "x",
            "--redirect-uri",
            LINK,
        ],
        &["session", "claims", "no-such-claim"],
    ];
    for args in cases {
        run(home.path(), args).expect_code(2);
    }
    // Put in the wrong place, a code is not repeated.
    let address = format!("{LINK}?code=s3cret&state=s3cret");
    let token = "s3cret".repeat(8);
    for args in [
        &["login", "--continue", &address][..],
        &["session", "claims", &token],
    ] {
        let done = run(home.path(), args).expect_code(2);
        assert!(!format!("{done:?}").contains("s3cret"), "{done:#?}");
        assert!(!done.stderr.is_empty());
    }
    let done = run(home.path(), &["demo", "--json", "--function", "sign-in"]).expect_code(2);
    let error = &done.last()["error"];
    assert_eq!(error["kind"], "usage");
    assert!(
        text(&error["message"]).contains("login-session"),
        "{done:#?}"
    );
}

#[test]
fn help_has_the_exit_codes_and_examples() {
    let home = tempfile::tempdir().expect("a folder");
    let help = run(home.path(), &["--help"]).expect_code(0).stdout;
    for part in [
        "Exit codes:",
        "130  interrupted",
        "Examples:",
        "--json",
        "switchback demo",
    ] {
        assert!(help.contains(part), "{part}: {help}");
    }
    for command in [
        &["demo"][..],
        &["login"],
        &["session"],
        &["session", "claims"],
        &["url"],
        &["sandbox"],
    ] {
        let mut args = command.to_vec();
        args.push("--help");
        let help = run(home.path(), &args).expect_code(0).stdout;
        assert!(help.contains("Example"), "{help}");
        assert!(!help.contains("continue-demo"), "{help}");
    }
}

#[test]
fn url_prints_its_parts_and_stores_nothing() {
    let home = tempfile::tempdir().expect("a folder");
    let args = [
        "url",
        "--client-id",
        "an id",
        "--redirect-uri",
        LINK,
        "--function",
        "idv",
        "--scope",
        "email,openid",
        "--json",
    ];
    let first = run(home.path(), &args).expect_code(0).last();
    let second = run(home.path(), &args).expect_code(0).last();
    let parameters = &first["parameters"];
    assert_eq!(
        first["endpoint"],
        "https://api.truid.app/oauth2/v1/authorize/idv"
    );
    assert_eq!(parameters["response_type"], "code");
    assert_eq!(parameters["client_id"], "an id");
    assert_eq!(parameters["redirect_uri"], LINK);
    assert_eq!(parameters["scope"], "truid.app/data-point/email openid");
    assert_eq!(parameters["code_challenge_method"], "S256");
    for fresh in ["state", "code_challenge"] {
        assert_eq!(text(&parameters[fresh]).len(), 43);
        assert_ne!(parameters[fresh], second["parameters"][fresh]);
    }
    assert!(!first.to_string().contains("verifier"));
    let shown = run(home.path(), &args[..9]).expect_code(0).stdout;
    assert!(
        shown.starts_with("https://api.truid.app/oauth2/v1/authorize/idv?"),
        "{shown}"
    );
    assert!(shown.contains("code_challenge_method  S256"), "{shown}");
    assert!(!home.path().join("home").exists());
}

#[test]
fn url_asks_what_a_login_would_ask() {
    let home = tempfile::tempdir().expect("a folder");
    let truid = Truid::start(&[LINK]);
    let args = [
        "url",
        "--client-id",
        "demo-app",
        "--redirect-uri",
        LINK,
        "--base-url",
        truid.url(),
        "--scope",
        "all",
        "--json",
    ];
    let url = text(&run(home.path(), &args).expect_code(0).last()["url"]);
    let waiting = truid.sandbox().app().open(&url).expect("a good link");
    assert_eq!(waiting.data_points.len(), 13);
}
