//! Wrong command lines, and options that cannot work.

use crate::support::{LINK, Truid, run, run_with, text};

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
                "a.example/\"",
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
fn a_wrong_command_line_is_2() {
    let home = tempfile::tempdir().expect("a folder");
    let cases: [&[&str]; 12] = [
        &[],
        &["sing"],
        &["demo", "--purpose", "sign-in"],
        &["--json"],
        &["--verbose"],
        &["demo", "--decline", "--interactive"],
        &["demo", "--decline", "--keep"],
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
        let done = run(home.path(), args).expect_code(2);
        // The message does not name the hidden command, or an option that was not used.
        assert!(!done.stderr.contains("continue-demo"), "{done:#?}");
        let usage = done.stderr.lines().find(|line| line.starts_with("Usage:"));
        assert!(
            !usage.is_some_and(|usage| usage.contains("--home")),
            "{done:#?}"
        );
    }
    let done = run(home.path(), &["--verbose"]);
    assert!(done.stderr.contains("Examples:"), "{done:#?}");
    run_with(home.path(), &["continue-demo"], "{}").expect_code(2);
    // The message does not repeat a code that is in the wrong place.
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
    let done = run(home.path(), &["demo", "--json", "--purpose", "sign-in"]).expect_code(2);
    let error = &done.last()["error"];
    assert_eq!(error["kind"], "usage");
    let message = text(&error["message"]);
    for words in ["--purpose", "onboarding", "login", "identity_verification"] {
        assert!(message.contains(words), "{words}: {message}");
    }
}

/// `--purpose` was once named `--function`.
#[test]
fn the_function_option_points_to_purpose() {
    let home = tempfile::tempdir().expect("a folder");
    for command in ["demo", "login", "url"] {
        for option in [&["--function", "idv"][..], &["--function=idv"]] {
            let args = [&[command], option].concat();
            let done = run(home.path(), &args).expect_code(2);
            assert!(done.stderr.contains("--purpose login"), "{done:#?}");
            let args = [&args[..], &["--json"]].concat();
            let error = run(home.path(), &args).expect_code(2).last()["error"].clone();
            assert_eq!(error["kind"], "usage");
            assert!(text(&error["message"]).contains("--purpose"), "{error}");
        }
    }
}

/// A callback that was pasted instead of the redirect URI contains a code.
#[test]
fn a_code_in_the_redirect_uri_is_not_repeated() {
    let home = tempfile::tempdir().expect("a folder");
    let uri = "https://a.example/cb?code=SECRET&state=x";
    for command in ["login", "url"] {
        for more in [&[][..], &["--json", "--verbose"]] {
            let mut args = vec![command, "--client-id", "x", "--redirect-uri", uri];
            args.extend(more);
            let done = run(home.path(), &args).expect_code(7);
            assert!(!format!("{done:?}").contains("SECRET"), "{done:#?}");
        }
    }
    assert!(!home.path().join("home").exists());
}

#[test]
fn an_impossible_scope_is_refused_and_not_stored() {
    let home = tempfile::tempdir().expect("a folder");
    let cases = [
        ("name,email all", 2, "cannot be combined"),
        ("openid", 2, "birthdate, email, gender"),
        ("email,", 2, "\"\""),
        ("a.example/\"", 7, "scope"),
    ];
    for (scope, code, what) in cases {
        for command in ["login", "url"] {
            let mut args = vec![
                command,
                "--client-id",
                "x",
                "--redirect-uri",
                LINK,
                "--scope",
            ];
            args.extend(scope.split(' '));
            let done = run(home.path(), &args).expect_code(code);
            assert!(done.stderr.contains(what), "{what}: {done:#?}");
        }
    }
    assert!(!home.path().join("home").exists());
}

#[test]
fn a_redirect_uri_with_port_0_is_7() {
    let home = tempfile::tempdir().expect("a folder");
    let uri = "http://127.0.0.1:0/callback";
    let args = [
        "login",
        "--client-id",
        "x",
        "--redirect-uri",
        uri,
        "--test-service",
    ];
    let done = run(home.path(), &args).expect_code(7);
    assert!(done.stderr.contains("from 1 to 65535"), "{done:#?}");
    assert!(!home.path().join("home").exists());
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
        &["session", "list"],
        &["session", "show"],
        &["session", "token"],
        &["session", "claims"],
        &["session", "logout"],
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
        "--purpose",
        "identity_verification",
        "--scope",
        "email,a.example/own",
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
    assert_eq!(
        parameters["scope"],
        "truid.app/data-point/email a.example/own"
    );
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
fn url_has_the_scope_of_a_login() {
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
    assert_eq!(waiting.data_points.len(), 14);
}
