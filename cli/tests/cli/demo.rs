//! `switchback demo`.

use std::io::{BufRead as _, BufReader, Read as _};

use serde_json::Value;

use crate::support::{RunningCommand, http, run, start, switchback, text};

const STEPS: [&str; 16] = [
    "sandbox", "service", "begin", "open", "approve", "restart", "session", "claims", "wait",
    "refresh", "backend", "kill", "rotate", "logout", "gone", "findings",
];

/// The steps of an app without a backend.
fn direct(steps: &[&'static str]) -> Vec<&'static str> {
    let with_backend = ["service", "backend"];
    let mut steps = steps.to_vec();
    steps.retain(|step| !with_backend.contains(step));
    steps
}

/// The steps of an identity verification, for which a backend stores no refresh token.
fn without_refresh(steps: &[&'static str]) -> Vec<&'static str> {
    let refreshing = ["wait", "refresh", "backend", "kill", "rotate"];
    let mut steps = steps.to_vec();
    steps.retain(|step| !refreshing.contains(step));
    steps
}

/// The names of the steps, in their order.
fn names(objects: &[Value]) -> Vec<String> {
    objects.iter().map(|object| text(&object["step"])).collect()
}

/// The object of a step.
fn step<'a>(objects: &'a [Value], name: &str) -> &'a Value {
    let mut all = objects.iter();
    all.find(|object| object["step"] == name).expect(name)
}

#[test]
fn the_demo_prints_every_step_and_every_claim() {
    let home = tempfile::tempdir().expect("a folder");
    let done = run(home.path(), &["demo"]).expect_code(0);
    for step in STEPS {
        assert!(
            done.stdout.contains(&format!("✓ {step}")),
            "{step}: {done:#?}"
        );
    }
    for claim in [
        "maja.sjostrom@example.com",
        "image/png, ",
        "personal-number/swe-10",
    ] {
        assert!(done.stdout.contains(claim), "{claim}: {done:#?}");
    }
    // A pipe gets no colours.
    assert!(!done.stdout.contains('\u{1b}'), "{done:#?}");
    assert_eq!(done.stderr, "");
    assert!(
        done.stdout.lines().all(|line| line.chars().count() <= 80),
        "{done:#?}"
    );
    assert!(!home.path().join("home").exists(), "it stores nothing");
}

/// A developer's machine can have a proxy. Requests to loopback must not go through it.
#[test]
fn the_demo_sends_nothing_to_a_proxy() {
    let home = tempfile::tempdir().expect("a folder");
    let mut command = switchback(home.path(), &["demo", "--json"]);
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env(name, "http://127.0.0.1:9");
    }
    let done = command.output().expect("it starts");
    assert!(done.status.success(), "{done:?}");
}

#[test]
fn the_demo_writes_json_for_each_purpose_and_mode() {
    let home = tempfile::tempdir().expect("a folder");
    for (given, purpose, mode, expected) in [
        ("login", "login", "--direct", direct(&STEPS)),
        ("onboarding", "onboarding", "--direct", direct(&STEPS)),
        ("idv", "identity_verification", "--direct", direct(&STEPS)),
        ("login-session", "login", "--mediated", STEPS.into()),
        ("confirm-signup", "onboarding", "--mediated", STEPS.into()),
        (
            "identity_verification",
            "identity_verification",
            "--mediated",
            without_refresh(&STEPS),
        ),
    ] {
        let arguments = ["demo", "--json", mode, "--purpose", given];
        let done = run(home.path(), &arguments).expect_code(0);
        let mut objects = done.objects();
        let result = objects.pop().expect("a result");
        assert_eq!(names(&objects), expected);
        let step = |name: &str| step(&objects, name);
        assert!(
            objects.iter().all(|object| object["ms"].is_number()),
            "{done:#?}"
        );
        let restart = step("restart");
        assert_eq!(restart["pending"], 1);
        assert_ne!(restart["pid"], Value::from(std::process::id()));
        if expected.contains(&"kill") {
            assert_eq!(step("refresh")["refreshes"], 1);
            assert_eq!(step("kill")["refreshes"], 1);
            assert_ne!(step("kill")["pid"], restart["pid"]);
        }
        assert_eq!(result["result"], "done");
        assert_eq!(step("open")["purpose"], purpose);
        assert_eq!(result["purpose"], purpose);
        assert_eq!(result["counters"]["revoked_grants"], 0);
        assert_eq!(result["denied_scopes"], Value::Array(Vec::new()));
        let claims = result["claims"].as_array().expect("claims");
        assert_eq!(claims.len(), 17, "{claims:?}");
        let portrait = claims
            .iter()
            .find(|claim| claim["name"] == "portrait-image");
        assert!(portrait.expect("a portrait")["value"]["bytes"].is_u64());
        for secret in ["code=", "state=", "access_token", "verifier", "callback?"] {
            assert!(!done.stdout.contains(secret), "{secret}: {done:#?}");
        }
    }
}

#[test]
fn a_declined_demo_ends_with_3() {
    let home = tempfile::tempdir().expect("a folder");
    let done = run(home.path(), &["demo", "--decline"]).expect_code(3);
    assert!(done.stdout.contains("✓ decline"), "{done:#?}");
    assert!(
        done.stderr.starts_with("error: the person declined"),
        "{done:#?}"
    );
    assert!(done.stderr.contains(" next: "), "{done:#?}");
    let done = run(home.path(), &["demo", "--decline", "--json"]).expect_code(3);
    let error = &done.last()["error"];
    assert_eq!(error["kind"], "declined");
    assert!(text(&error["message"]).contains("declined"));
    assert_eq!(done.stderr, "");
}

#[test]
fn the_interactive_demo_waits_for_the_browser() {
    let home = tempfile::tempdir().expect("a folder");
    let args = ["demo", "--interactive", "--no-open", "--json", "--keep"];
    let mut demo = RunningCommand::start(home.path(), &args);
    let url = text(&demo.step("open")["url"]);
    // The page links to the sandbox's Truid app, whose button leads back.
    let page = http("GET", &url, "").body;
    let (_, rest) = page.split_once("href=\"/app/").expect("a way into the app");
    let (id, _) = rest.split_once('"').expect("an id");
    let (base, _) = url.split_once("/oauth2").expect("an endpoint");
    let decided = http("POST", &format!("{base}/app/{id}/approve"), "");
    assert_eq!(decided.status, 303);
    let location = decided
        .head
        .lines()
        .find_map(|line| line.strip_prefix("location: "));
    let location = location.expect("a redirect");
    // Other requests to the port are not the callback.
    let (callback, _) = location.split_once('?').expect("a query");
    assert_eq!(http("GET", callback, "").status, 404);
    assert_eq!(http("GET", &format!("{callback}?x=1"), "").status, 404);
    let page = http("GET", location, "");
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("You can close this window"),
        "{}",
        page.body
    );

    let kept = demo.step("kept");
    assert_eq!(http("GET", &text(&kept["pages"]["app"]), "").status, 200);
    demo.signal("TERM");
    let done = demo.end().expect_code(0);
    let result = done
        .objects()
        .into_iter()
        .find(|object| object["result"] == "done");
    assert_eq!(
        result.expect("a result")["claims"].as_array().map(Vec::len),
        Some(7)
    );
}

#[test]
fn ctrl_c_ends_a_wait_for_the_browser() {
    let home = tempfile::tempdir().expect("a folder");
    let args = ["demo", "--interactive", "--no-open", "--json"];
    let mut demo = RunningCommand::start(home.path(), &args);
    demo.step("open");
    demo.signal("INT");
    let done = demo.end().expect_code(130);
    assert_eq!(done.last()["error"]["kind"], "interrupted");
}

#[test]
fn a_closed_pipe_does_not_end_the_demo() {
    let home = tempfile::tempdir().expect("a folder");
    let mut demo = start(home.path(), &["demo"]);
    let mut stdout = BufReader::new(demo.stdout.take().expect("piped"));
    let mut line = String::new();
    stdout.read_line(&mut line).expect("a line");
    drop(stdout);
    let mut stderr = String::new();
    demo.stderr
        .take()
        .expect("piped")
        .read_to_string(&mut stderr)
        .expect("UTF-8");
    assert_eq!(stderr, "");
    assert_eq!(demo.wait().expect("it ends").code(), Some(0));
}

#[test]
fn the_demo_signs_a_document_and_verifies_it() {
    let home = tempfile::tempdir().expect("a folder");
    let mediated = vec![
        "sandbox", "service", "prepare", "begin", "open", "approve", "restart", "fetch", "verify",
        "change", "logout", "findings",
    ];
    let direct = vec![
        "sandbox", "begin", "open", "approve", "restart", "session", "fetch", "verify", "change",
        "logout", "findings",
    ];
    for (mode, expected) in [("--mediated", mediated), ("--direct", direct)] {
        let arguments = ["demo", "--json", mode, "--purpose", "sign"];
        let done = run(home.path(), &arguments).expect_code(0);
        let mut objects = done.objects();
        let result = objects.pop().expect("a result");
        assert_eq!(names(&objects), expected);
        let step = |name: &str| step(&objects, name);
        assert_eq!(step("open")["purpose"], "signing");
        assert_eq!(step("verify")["indication"], "TOTAL-PASSED");
        assert_eq!(step("change")["sub_indication"], "HASH_FAILURE");
        assert_eq!(step("findings")["findings"], Value::Array(Vec::new()));
        assert_eq!(result["report"]["indication"], "TOTAL-PASSED");
        assert!(!done.stdout.contains("request="), "{done:#?}");
    }
}

#[test]
fn the_demo_of_a_signing_prints_what_the_signature_says() {
    let home = tempfile::tempdir().expect("a folder");
    let done = run(home.path(), &["demo", "--purpose", "signing"]).expect_code(0);
    for line in [
        "✓ prepare",
        "✓ fetch",
        "What the signature says",
        "TOTAL-PASSED",
    ] {
        assert!(done.stdout.contains(line), "{line}: {done:#?}");
    }
    let steps = done.stdout.lines().filter(|line| line.contains('✓'));
    for step in steps {
        assert!(step.chars().count() <= 80, "{step}");
    }
    run(home.path(), &["demo", "--web", "--purpose", "sign"]).expect_code(2);
    let declined = ["demo", "--decline", "--purpose", "sign"];
    let done = run(home.path(), &declined).expect_code(3);
    assert!(done.stdout.contains("✓ decline"), "{done:#?}");
}
