//! `switchback login`: processes that are killed, listeners, wrong answers.

use std::net::TcpListener;

use crate::support::{
    CommandOutput, LINK, RunningCommand, Truid, http, logged_in, login, parameter, run, run_with,
    secrets_in, text,
};

/// Begins a login, reads its authorization URL, and kills the process with SIGKILL.
fn begun_and_killed(home: &std::path::Path, truid: &Truid) -> (String, CommandOutput) {
    let mut running = RunningCommand::start(home, &login(truid, LINK, &["--verbose"]));
    let begun = running.step("begun");
    assert_eq!(begun["answer"], "stdin");
    running.child.kill().expect("it was alive");
    (text(&begun["url"]), running.end())
}

#[test]
fn a_login_survives_kill_9_and_no_output_has_a_secret() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let truid = Truid::start(&[LINK]);
    let (url, mut killed) = begun_and_killed(home, &truid);
    assert_eq!(killed.code, None, "killed, not ended");
    // The authorization URL contains `state`, and the command must print it.
    killed.stdout.clear();
    let callback = truid.approve(&url);
    let mut secrets = secrets_in(home);
    assert_eq!(secrets.len(), 2, "a state and a verifier");

    let mut all = vec![killed];
    let first = run_with(home, &["login", "--continue", "--json", "-v"], &callback).expect_code(0);
    let objects = first.objects();
    assert_eq!(objects[0]["pending"].as_array().map(Vec::len), Some(1));
    let session = text(&first.last()["session"]);
    let again = run_with(home, &["login", "--continue", "-v"], &callback).expect_code(0);
    assert!(again.stdout.contains(&session), "{again:#?}");
    assert!(again.stderr.contains("callback.received"), "{again:#?}");
    all.extend([first, again]);

    let list = run(home, &["session", "list", "--json"]).expect_code(0);
    assert_eq!(list.last()["sessions"][0]["session"], session.as_str());
    let show = run(home, &["session", "show", "-v"]).expect_code(0);
    assert!(show.stdout.contains(&session) && show.stdout.contains("login.completed"));
    all.extend([
        list,
        show,
        run(home, &["session", "show", &session, "--json"]).expect_code(0),
    ]);

    let token = run(home, &["session", "token"]).expect_code(0);
    assert_eq!(token.stderr, "");
    let token = token
        .stdout
        .strip_suffix('\n')
        .expect("one line")
        .to_owned();
    assert!(!token.contains(char::is_whitespace) && token.len() > 20);
    secrets.extend(secrets_in(home));
    assert_eq!(secrets.len(), 5, "the state again, and two tokens");
    // The token has expired at the provider, and the command does not know it yet.
    truid.sandbox().advance(100);

    let claims = run(home, &["session", "claims", "--json", "-v"]).expect_code(0);
    let names: Vec<String> = claims.last()["claims"]
        .as_array()
        .expect("claims")
        .iter()
        .map(|claim| text(&claim["name"]))
        .collect();
    assert!(
        names.contains(&"email".into()) && !names.contains(&"address".into()),
        "{names:?}"
    );
    assert!(
        claims.stderr.contains("refresh.done"),
        "a token that is refused is refreshed"
    );
    let next = run(home, &["session", "token", "--json"]).expect_code(0);
    let next = text(&next.last()["access_token"]);
    assert_ne!(token, next);
    secrets.extend(secrets_in(home));
    let email = run(home, &["session", "claims", &session, "email"]).expect_code(0);
    assert_eq!(email.stdout, "email  maja.sjostrom@example.com\n");
    all.extend([claims, email]);

    all.push(run(home, &["session", "logout", "-v"]).expect_code(0));
    all.push(run(home, &["session", "list"]).expect_code(0));
    all.push(run(home, &["session", "show"]).expect_code(4));
    all.push(run(home, &["session", "show", &session]).expect_code(4));
    let replayed = run_with(home, &["login", "--continue", "--json"], &callback).expect_code(4);
    assert_eq!(replayed.last()["error"]["kind"], "replayed");
    all.push(replayed);

    assert!(secrets.contains(&token) && secrets.contains(&parameter(&url, "state")));
    secrets.extend([next, parameter(&callback, "code"), callback]);
    secrets.push(parameter(&url, "code_challenge"));
    for done in &all {
        for secret in &secrets {
            assert!(
                !done.stdout.contains(secret.as_str()),
                "{secret}: {done:#?}"
            );
            assert!(
                !done.stderr.contains(secret.as_str()),
                "{secret}: {done:#?}"
            );
        }
    }
}

#[test]
fn the_listener_accepts_only_the_callback() {
    let home = tempfile::tempdir().expect("a folder");
    let port = TcpListener::bind("127.0.0.1:0").expect("a port");
    let redirect = format!("http://{}/callback", port.local_addr().expect("a port"));
    let truid = Truid::start(&[&redirect]);
    drop(port);
    let args = login(&truid, &redirect, &["--test-service"]);
    let mut running = RunningCommand::start(home.path(), &args);
    let begun = running.step("begun");
    assert_eq!(begun["answer"], "listener");
    let base = redirect.trim_end_matches("/callback");
    for elsewhere in [
        format!("{base}/"),
        format!("{base}/favicon.ico"),
        redirect.clone(),
        format!("{redirect}/x?code=a&state=b"),
        format!("{redirect}?code=a&state=forged"),
        format!("{redirect}?code=a"),
    ] {
        assert_eq!(http("GET", &elsewhere, "").status, 404, "{elsewhere}");
    }
    let callback = truid.approve(&text(&begun["url"]));
    assert_eq!(http("HEAD", &callback, "").status, 405);
    assert_eq!(http("POST", &callback, "").status, 405);
    // Unknown parameters change nothing, also with a broken encoding.
    let noisy = format!("{callback}&utm_term=50%&ville=Orl%E9ans&nombre=Mart%u00f3n");
    let page = http("GET", &noisy, "");
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("You can close this window"),
        "{}",
        page.body
    );
    assert!(
        page.head
            .to_ascii_lowercase()
            .contains("referrer-policy: no-referrer")
    );
    let done = running.end().expect_code(0);
    assert_eq!(done.last()["result"], "logged-in");
    assert!(!done.stderr.contains(&parameter(&callback, "code")));
}

/// RFC 9700 section 4.4: a callback without `iss` does not say which provider sent it.
#[test]
fn two_providers_cannot_have_one_redirect_uri() {
    let home = tempfile::tempdir().expect("a folder");
    let at = |base: &str, more: &[&str]| {
        let mut args = vec!["login", "--json", "--no-open", "--store", "file"];
        args.extend([
            "--client-id",
            "c",
            "--redirect-uri",
            LINK,
            "--base-url",
            base,
        ]);
        args.extend(more);
        run(home.path(), &args)
    };
    at("https://one.example", &[]).expect_code(1);
    let refused = at("https://two.example", &[]).expect_code(7);
    let error = &refused.last()["error"];
    assert!(
        text(&error["message"]).contains("https://one.example"),
        "{refused:#?}"
    );
    at("https://two.example", &["--issuer", "https://two.example"]).expect_code(7);
    // A sandbox does not count as a provider here.
    at("http://127.0.0.1:9", &[]).expect_code(1);
    at("https://one.example", &["--issuer", "https://one.example"]).expect_code(1);
    at("https://two.example", &["--issuer", "https://two.example"]).expect_code(1);
    // `--continue` searches the logins of all clients.
    let done = run_with(
        home.path(),
        &["login", "--continue", "--json"],
        &format!("{LINK}?code=c&state=s"),
    );
    assert_eq!(done.expect_code(4).last()["error"]["kind"], "unknown");
}

/// A service of Truid has a redirect URI for each purpose. Truid's own names also work.
#[test]
fn login_remembers_a_redirect_uri_for_each_purpose() {
    let home = tempfile::tempdir().expect("a folder");
    let sign_up = LINK.replace("callback", "complete-signup");
    let truid = Truid::start(&[LINK, &sign_up]);
    let begin = |args: &[&str]| {
        let done = run(home.path(), args).expect_code(1);
        parameter(&text(&done.objects()[0]["url"]), "redirect_uri")
    };
    let as_sign_up = ["--purpose", "onboarding"];
    assert!(begin(&login(&truid, LINK, &[])).ends_with("callback"));
    assert!(begin(&login(&truid, &sign_up, &as_sign_up)).ends_with("complete-signup"));
    for (purpose, end) in [
        ("login", "callback"),
        ("login-session", "callback"),
        ("onboarding", "complete-signup"),
        ("confirm-signup", "complete-signup"),
    ] {
        let again = ["login", "--json", "--no-open", "--purpose", purpose];
        assert!(begin(&again).ends_with(end), "{purpose}");
    }
}

#[test]
fn a_bad_error_description_does_not_hide_a_decline() {
    let home = tempfile::tempdir().expect("a folder");
    let truid = Truid::start(&[LINK]);
    let mut running = RunningCommand::start(home.path(), &login(&truid, LINK, &["--verbose"]));
    let state = parameter(&text(&running.step("begun")["url"]), "state");
    running.child.kill().expect("it was alive");
    running.end();
    let declined = "error=access_denied&error_description=refus%E9";
    let done = run_with(
        home.path(),
        &["login", "--continue", "--json"],
        &format!("{LINK}?{declined}&state={state}"),
    );
    assert_eq!(done.expect_code(3).last()["error"]["kind"], "declined");
}

#[test]
fn a_login_without_a_callback_can_be_completed_later() {
    let home = tempfile::tempdir().expect("a folder");
    let truid = Truid::start(&[LINK]);
    let done = run(home.path(), &login(&truid, LINK, &[])).expect_code(1);
    assert_eq!(done.last()["error"]["kind"], "no-callback");
    let url = text(&done.objects()[0]["url"]);
    // The second login needs no options.
    let next = run(home.path(), &["login", "--json", "--no-open"]).expect_code(1);
    let next = text(&next.objects()[0]["url"]);
    assert_eq!(parameter(&url, "scope"), parameter(&next, "scope"));
    assert_ne!(parameter(&url, "state"), parameter(&next, "state"));
    let callback = truid.approve(&url);
    let done = run_with(
        home.path(),
        &["login", "--continue"],
        &format!("  <{callback}> "),
    );
    done.expect_code(0);
}

#[test]
fn each_wrong_callback_has_its_own_error_kind() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let truid = Truid::start(&[LINK]);
    let nothing = run(home, &["login", "--continue", "--json"]).expect_code(4);
    assert_eq!(nothing.last()["error"]["kind"], "unknown");
    let (url, _) = begun_and_killed(home, &truid);
    let state = parameter(&url, "state");
    let long = format!("{LINK}?code={}&state=s", "x".repeat(17_000));
    let longer = format!("{LINK}?code={}&state=s", "x".repeat(70_000));
    for (callback, code, kind) in [
        (
            "https://app.example.evil/truid/callback?code=a&state=b",
            1,
            "not-ours",
        ),
        ("hello", 1, "not-ours"),
        (&format!("{LINK}?code=a"), 1, "malformed"),
        (&long, 1, "malformed"),
        (&longer, 1, "malformed"),
        (&format!("{LINK}?code=a&state=b"), 4, "unknown"),
        (
            &format!("{LINK}?error=access_denied&state={state}"),
            3,
            "declined",
        ),
        // A declined login stays declined.
        (&format!("{LINK}?code=a&state={state}"), 3, "declined"),
    ] {
        let done = run_with(home, &["login", "--continue", "--json"], callback).expect_code(code);
        assert_eq!(done.last()["error"]["kind"], kind, "{done:#?}");
        assert!(!format!("{done:?}").contains(&state));
    }
    let (url, _) = begun_and_killed(home, &truid);
    let refused = format!(
        "{LINK}?error=server_error&state={}",
        parameter(&url, "state")
    );
    let done = run_with(home, &["login", "--continue"], &refused).expect_code(3);
    assert!(done.stderr.contains("server_error"), "{done:#?}");
    let (url, _) = begun_and_killed(home, &truid);
    let forged = format!("{LINK}?code=forged&state={}", parameter(&url, "state"));
    let done = run_with(home, &["login", "--continue"], &forged).expect_code(3);
    assert!(done.stderr.contains("invalid_grant"), "{done:#?}");
}

#[test]
fn an_unreachable_provider_is_5_and_nothing_is_lost() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let mut truid = Truid::start(&[LINK]);
    logged_in(home, &truid);
    let (url, _) = begun_and_killed(home, &truid);
    let callback = truid.approve(&url);
    truid.stop();
    for args in [
        &["session", "claims", "--json"][..],
        &["login", "--continue", "--json"],
    ] {
        let done = run_with(home, args, &callback).expect_code(5);
        let error = &done.last()["error"];
        assert_eq!(error["kind"], "try-again");
        assert!(!text(&error["next"]).is_empty());
        assert!(!done.stdout.contains(&parameter(&callback, "code")));
    }
    let done = run(home, &["session", "claims"]).expect_code(5);
    assert!(
        done.stderr.contains("where: http://127.0.0.1:"),
        "{done:#?}"
    );
    run(home, &["session", "show"]).expect_code(0);
}
