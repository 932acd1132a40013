//! `switchback sandbox`.

use std::io::{BufRead as _, BufReader};

use crate::running::{LINK, Running, http, kill, run, start, text};

#[test]
fn a_sandbox_is_driven_over_http_and_ends_when_it_is_told() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let mut sandbox = Running::start(home, &["sandbox", "--json"]);
    let ready = sandbox.step("ready");
    let url = text(&ready["url"]);
    let client = &ready["client"];
    assert_eq!(http("GET", &text(&ready["pages"]["home"]), "").status, 200);

    let args = [
        "login",
        "--json",
        "--no-open",
        "--store",
        "file",
        "--base-url",
        &url,
        "--client-id",
        &text(&client["client_id"]),
        "--redirect-uri",
        LINK,
    ];
    let mut login = Running::start(home, &args);
    let link = text(&login.step("begun")["url"]);
    let open = serde_json::json!({ "url": link }).to_string();
    let waiting = http("POST", &format!("{url}/sandbox/v1/app/open"), &open).body;
    let waiting: serde_json::Value = serde_json::from_str(&waiting).expect("JSON");
    let id = text(&waiting["id"]);
    let decided = http(
        "POST",
        &format!("{url}/sandbox/v1/app/waiting/{id}/approve"),
        "",
    )
    .body;
    let decided: serde_json::Value = serde_json::from_str(&decided).expect("JSON");
    login.say(&text(&decided["redirect"]));
    login.end().expect_code(0);
    assert_eq!(
        run(home, &["session", "claims", "email"])
            .expect_code(0)
            .stdout
            .lines()
            .count(),
        1
    );

    sandbox.signal("TERM");
    let done = sandbox.end().expect_code(0);
    assert_eq!(done.last()["result"], "stopped");
    assert_eq!(done.stderr, "", "loopback needs no warning");
    run(home, &["session", "claims"]).expect_code(5);
}

#[test]
fn its_login_command_line_works_as_it_stands() {
    let home = tempfile::tempdir().expect("a folder");
    let args = [
        "sandbox",
        "--json",
        "--client-id",
        "my app",
        "--redirect-uri",
        "myapp:///cb",
    ];
    let mut sandbox = Running::start(home.path(), &args);
    let login = text(&sandbox.step("ready")["login"]);
    let words = login.strip_prefix("switchback ").expect("our command");
    // The one word that needs quotes has them.
    assert!(words.contains("--client-id 'my app' "), "{words}");
    let words = words.replace("'my app'", "my\u{a0}app");
    let words: Vec<String> = words
        .split(' ')
        .map(|word| word.replace('\u{a0}', " "))
        .collect();
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.extend(["--json", "--no-open", "--store", "file"]);
    let done = run(home.path(), &words).expect_code(1);
    let url = text(&done.objects()[0]["url"]);
    assert_eq!(http("GET", &url, "").status, 200, "the sandbox takes it");
    sandbox.signal("INT");
    sandbox.end().expect_code(0);
}

#[test]
fn what_cannot_be_is_said() {
    let home = tempfile::tempdir().expect("a folder");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("a port").port().to_string();
    let done = run(home.path(), &["sandbox", "--port", &port]).expect_code(1);
    assert!(
        done.stderr.contains(&port) && done.stderr.contains("--port"),
        "{done:#?}"
    );
    run(home.path(), &["sandbox", "--redirect-uri", "cb"]).expect_code(7);
    let done = run(home.path(), &["sandbox", "--public-url", "tunnel.example"]).expect_code(7);
    assert!(done.stderr.contains("public_url"), "{done:#?}");
    run(home.path(), &["sandbox", "--listen", "here"]).expect_code(2);
    let mut open = Running::start(home.path(), &["sandbox", "--listen", "0.0.0.0", "--json"]);
    let login = text(&open.step("ready")["login"]);
    assert!(login.contains("--base-url http://127.0.0.1:"), "{login}");
    open.signal("TERM");
    let done = open.end().expect_code(0);
    assert!(done.stderr.contains("warning: everyone"), "{done:#?}");
}

#[test]
fn it_speaks_tls_with_an_authority_that_it_keeps() {
    let home = tempfile::tempdir().expect("a folder");
    let mut first = String::new();
    for folder in [None, Some("elsewhere"), None] {
        let named = folder.map(|name| home.path().join(name).display().to_string());
        let mut args = vec!["sandbox", "--json", "--redirect-uri", "/cb", "--tls"];
        args.extend(named.as_deref());
        let mut sandbox = Running::start(home.path(), &args);
        let ready = sandbox.step("ready");
        let url = text(&ready["url"]);
        assert!(url.starts_with("https://127.0.0.1:"), "{url}");
        assert_eq!(ready["client"]["redirect_uris"][0], format!("{url}/cb"));
        assert_eq!(ready["ca"]["url"], format!("{url}/sandbox/ca.crt"));
        let file = text(&ready["ca"]["file"]);
        let pem = std::fs::read_to_string(&file).expect("the certificate");
        match (folder, first.is_empty()) {
            (Some(name), _) => assert!(file.contains(name) && pem != first, "{file}"),
            (None, true) => first = pem,
            (None, false) => assert_eq!(pem, first, "it stays the same"),
        }
        sandbox.signal("TERM");
        sandbox.end().expect_code(0);
    }
    let broken = home.path().join("home/sandbox/authority.pem");
    std::fs::write(&broken, "").expect("it is there");
    let done = run(home.path(), &["sandbox", "--tls"]).expect_code(1);
    assert!(
        done.stderr.contains("authority.pem") && done.stderr.contains("remove this file"),
        "{done:#?}"
    );
}

#[test]
fn beyond_loopback_it_says_what_others_do() {
    let home = tempfile::tempdir().expect("a folder");
    let mut open = start(home.path(), &["sandbox", "--listen", "0.0.0.0"]);
    let stdout = open.stdout.take().expect("piped");
    let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("this machine's own address")));
    kill(&open, "INT");
    assert_eq!(open.wait().expect("it ends").code(), Some(0));
}
