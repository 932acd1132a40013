//! `switchback sandbox`.

use std::io::{BufRead as _, BufReader};
use std::path::Path;

use crate::support::{LINK, RunningCommand, http, kill, run, start, text};

#[test]
fn a_sandbox_runs_until_sigterm() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let mut sandbox = RunningCommand::start(home, &["sandbox", "--json"]);
    let ready = sandbox.step("ready");
    let url = text(&ready["url"]);
    let client = &ready["clients"][0];
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
    let mut login = RunningCommand::start(home, &args);
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
fn the_printed_login_command_works() {
    let home = tempfile::tempdir().expect("a folder");
    let args = [
        "sandbox",
        "--json",
        "--client-id",
        "my app",
        "--redirect-uri",
        "myapp:///cb",
    ];
    let mut sandbox = RunningCommand::start(home.path(), &args);
    let login = text(&sandbox.step("ready")["login"]);
    let words = login.strip_prefix("switchback ").expect("our command");
    // The word with a space is quoted.
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

/// The steps of docs/how-to/service.md, in which a backend is developed.
#[test]
fn the_start_prints_all_clients_and_a_login_command() {
    let home = tempfile::tempdir().expect("a folder");
    let callback = "http://127.0.0.1:8080/truid/complete";
    let args = [
        "sandbox",
        "--client-id",
        "demo-backend",
        "--redirect-uri",
        callback,
    ];
    let mut sandbox = start(home.path(), &args);
    let stdout = sandbox.stdout.take().expect("piped");
    let lines = BufReader::new(stdout).lines().map_while(Result::ok);
    let mut said = String::new();
    for line in lines {
        said = said + &line + "\n";
        if line.contains("switchback login") {
            break;
        }
    }
    for words in [
        "2 clients",
        "demo-backend  confidential, secret demo-backend-secret",
        &format!("redirect to {callback}"),
        "demo-app      public",
        "redirect to demoapp:///callback",
        "Log in as demo-app, from another terminal:",
        "--client-id demo-app --redirect-uri http://127.0.0.1:8765/callback --test-service",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    kill(&sandbox, "INT");
    assert_eq!(sandbox.wait().expect("it ends").code(), Some(0));

    let mut sandbox = RunningCommand::start(home.path(), &[&args[..], &["--json"]].concat());
    let ready = sandbox.step("ready");
    let described = |n: usize| {
        let client = &ready["clients"][n];
        (text(&client["client_id"]), text(&client["type"]))
    };
    let own = |id: &str, kind: &str| (id.to_owned(), kind.to_owned());
    assert_eq!(described(0), own("demo-backend", "confidential"));
    assert_eq!(described(1), own("demo-app", "public"));
    assert!(text(&ready["login"]).contains("--client-id demo-app "));
    assert!(!ready.to_string().contains("demo-backend-secret"));
    sandbox.signal("TERM");
    sandbox.end().expect_code(0);
}

#[cfg(all(feature = "serve", unix))]
/// The text of a snippet on the start page.
fn pasted(page: &str, id: &str) -> String {
    let text = page.split(&format!("<code id=\"{id}\">")).nth(1);
    let text = text.and_then(|text| text.split("</code>").next());
    let text = text.expect("it is there").replace("&#34;", "\"");
    text.replace("&#38;", "&")
}

#[cfg(all(feature = "serve", unix))]
#[test]
fn the_start_page_has_working_commands() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let mut sandbox = RunningCommand::start(home, &["sandbox", "--json"]);
    let ready = sandbox.step("ready");
    let page = http("GET", &text(&ready["pages"]["home"]), "").body;
    let login = text(&ready["login"]);
    assert_eq!(pasted(&page, "snippet-1-2").trim(), login);

    // The second client is a backend.
    let config = home.join("service.toml");
    std::fs::write(&config, pasted(&page, "snippet-2-2")).expect("a file");
    let secret = home.join("client-secret");
    std::fs::write(&secret, "demo-backend-secret").expect("a file");
    let owner = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&secret, owner).expect("ours");
    let config = config.display().to_string();
    let done = run(home, &["serve", "--check", "--config", &config]).expect_code(0);
    assert!(done.stdout.contains("is correct"), "{done:#?}");
    sandbox.signal("TERM");
    sandbox.end().expect_code(0);
}

#[test]
fn impossible_options_are_reported() {
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
    let mut open =
        RunningCommand::start(home.path(), &["sandbox", "--listen", "0.0.0.0", "--json"]);
    let login = text(&open.step("ready")["login"]);
    assert!(login.contains("--base-url http://127.0.0.1:"), "{login}");
    open.signal("TERM");
    let done = open.end().expect_code(0);
    assert!(done.stderr.contains("warning: every machine"), "{done:#?}");
}

#[test]
fn tls_uses_the_same_authority_after_a_restart() {
    let home = tempfile::tempdir().expect("a folder");
    let mut first = String::new();
    for folder in [None, Some("elsewhere"), None] {
        let named = folder.map(|name| home.path().join(name).display().to_string());
        let mut args = vec!["sandbox", "--json", "--redirect-uri", "/cb", "--tls"];
        args.extend(named.as_deref());
        let mut sandbox = RunningCommand::start(home.path(), &args);
        let ready = sandbox.step("ready");
        let url = text(&ready["url"]);
        assert!(url.starts_with("https://127.0.0.1:"), "{url}");
        assert_eq!(ready["clients"][0]["redirect_uris"][0], format!("{url}/cb"));
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
fn beyond_loopback_it_names_the_machines_address() {
    let home = tempfile::tempdir().expect("a folder");
    let mut open = RunningCommand::start(home.path(), &["sandbox", "--listen", "0.0.0.0"]);
    open.until("this machine's own address");
    open.signal("INT");
    open.end().expect_code(0);
}

/// A file with this text, and its path.
fn file(home: &Path, text: &str) -> String {
    let path = home.join("sandbox.toml");
    std::fs::write(&path, text).expect("a file");
    path.to_str().expect("UTF-8").to_owned()
}

const TWO: &str = r#"
listen = "127.0.0.1:0"
[[client]]
client_id = "backend"
client_secret = "4711081512"
redirect_uris = ["https://shop.example/cb"]
data_points = ["truid.app/data-point/email", "truid.app/data-point/emial"]
assurance = "substantial"
[[client]]
client_id = "app"
redirect_uris = ["app:///cb"]
[[person]]
id = "alva"
name = "Alva Uppdiktad"
"#;

#[test]
fn check_prints_the_configuration() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let config = file(home, TWO);
    let args = ["sandbox", "--config", &config, "--check"];
    let done = run(home, &args).expect_code(0);
    for words in [
        "sandbox.toml is correct.",
        "2 clients",
        "confidential",
        "all data points",
        "assurance substantial",
        "1 person",
        "Alva Uppdiktad",
    ] {
        assert!(done.stdout.contains(words), "{words}: {done:#?}");
    }
    let doubt = "note: client[1].data_points[1]: the sandbox does not know";
    assert!(done.stderr.contains(doubt), "{done:#?}");
    assert!(!done.stdout.contains("4711"), "no secret is shown");

    let done = run(home, &[&args[..], &["--json"]].concat()).expect_code(0);
    let right = done.last();
    assert_eq!(right["result"], "right");
    assert_eq!(right["file"], config);
    // The first client is the one without a secret.
    assert_eq!(right["clients"][0]["client_id"], "app");
    assert_eq!(right["clients"][1]["type"], "confidential");
    assert_eq!(right["clients"][1]["assurance"], "substantial");
    assert_eq!(right["people"][0]["assurance"], "high");
    assert_eq!(right["doubts"][0]["key"], "client[1].data_points[1]");
    assert!(!done.stdout.contains("4711"), "no secret is shown");

    let done = run(home, &["sandbox", "--check"]).expect_code(0);
    assert!(done.stdout.contains("8 people"), "{done:#?}");
}

#[test]
fn every_mistake_has_its_line_and_column() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let text = TWO
        .replace("shop.example/cb", "shop.example/cb?x=1")
        .replace("4711081512\"", "4711081512\"\nredirect_url = 5")
        .replace("id = \"alva\"", "id = \"alva\"\ngender = \"f\"");
    let config = file(home, &text);
    for more in [&["--check"][..], &[]] {
        let args = [&["sandbox", "--config", &config], more].concat();
        let done = run(home, &args).expect_code(7);
        assert_eq!(done.stdout, "", "nothing starts");
        let lines: Vec<&str> = done.stderr.lines().collect();
        assert_eq!(lines.len(), 5, "{lines:#?}");
        for (line, key) in [
            (lines[0], ":6:1: client[0].redirect_url: "),
            (lines[1], ":7:18: client[0].redirect_uris[0]: "),
            (lines[2], ":15:1: person[0].gender: "),
        ] {
            assert!(line.starts_with(&config) && line.contains(key), "{line}");
        }
        assert!(lines[3].contains("has 3 mistakes"), "{lines:#?}");
        assert!(lines[4].contains("--check"), "{lines:#?}");
        assert!(!done.stderr.contains("4711"), "no secret is shown");
    }
    let args = ["sandbox", "--config", &config, "--check", "--json"];
    let objects = run(home, &args).expect_code(7).objects();
    assert_eq!(objects.len(), 4);
    assert_eq!(objects[2]["problem"]["key"], "person[0].gender");
    assert_eq!(objects[2]["problem"]["where"], format!("{config}:15:1"));
    assert_eq!(objects[3]["error"]["kind"], "configuration");

    let args = ["sandbox", "--config", "nothing.toml"];
    let done = run(home, &args).expect_code(7);
    assert!(
        done.stderr
            .contains("nothing.toml: the file cannot be read")
    );
}

#[test]
fn the_command_line_overrides_the_file() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let config = file(home, TWO);
    let clients = |more: &[&str]| {
        let args = ["sandbox", "--check", "--json", "--config", &config];
        let done = run(home, &[&args[..], more].concat()).expect_code(0);
        let clients = done.last()["clients"].as_array().expect("a list").clone();
        let described =
            |c: &serde_json::Value| (text(&c["client_id"]), text(&c["redirect_uris"][0]));
        clients.iter().map(described).collect::<Vec<_>>()
    };
    let own = |id: &str, uri: &str| (id.to_owned(), uri.to_owned());
    let app = own("app", "app:///cb");
    let backend = own("backend", "https://shop.example/cb");
    assert_eq!(clients(&[]), [app.clone(), backend.clone()]);
    assert_eq!(
        clients(&["--redirect-uri", "x:/y"]),
        [own("app", "x:/y"), backend.clone()]
    );
    assert_eq!(
        clients(&["--client-id", "backend", "--redirect-uri", "x:/y"]),
        [own("backend", "x:/y"), app.clone()]
    );
    assert_eq!(
        clients(&["--client-id", "new", "--redirect-uri", "x:/y"]),
        [own("new", "x:/y"), backend, app]
    );

    let tls = |text: &str, more: &[&str]| {
        let config = file(home, &format!("{TWO}{text}"));
        let args = ["sandbox", "--check", "--json", "--config", &config];
        let done = run(home, &[&args[..], more].concat()).expect_code(0);
        done.last()["tls"]["folder"].as_str().map(str::to_owned)
    };
    let beside = home.join("ca").display().to_string();
    let own = home.join("home/sandbox").display().to_string();
    assert_eq!(tls("", &[]), None);
    assert_eq!(tls("", &["--tls"]), Some(own));
    assert_eq!(tls("[tls]\nfolder = \"ca\"", &[]), Some(beside.clone()));
    assert_eq!(tls("[tls]\nfolder = \"ca\"", &["--tls"]), Some(beside));
    let other = tls("[tls]\nfolder = \"ca\"", &["--tls", "other"]);
    assert_eq!(other.as_deref(), Some("other"));

    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("a port").port().to_string();
    let args = ["sandbox", "--config", &config, "--port", &port];
    let done = run(home, &args).expect_code(1);
    assert!(done.stderr.contains(&port), "{done:#?}");
    let args = [
        "sandbox", "--check", "--json", "--listen", "::1", "--port", "9",
    ];
    assert_eq!(run(home, &args).expect_code(0).last()["listen"], "[::1]:9");
}

#[test]
fn the_sandbox_starts_with_the_files_configuration() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let config = file(home, &format!("now = 1800000000\n{TWO}"));
    let mut sandbox = RunningCommand::start(home, &["sandbox", "--json", "--config", &config]);
    let ready = sandbox.step("ready");
    assert_eq!(ready["clients"][0]["client_id"], "app");
    let clock = format!("{}/sandbox/v1/clock", text(&ready["url"]));
    assert_eq!(http("GET", &clock, "").body, r#"{"now":1800000000}"#);
    sandbox.signal("TERM");
    sandbox.end().expect_code(0);

    // The client of --client-id is the first one.
    let args = [
        "sandbox",
        "--json",
        "--config",
        &config,
        "--client-id",
        "backend",
    ];
    let mut sandbox = RunningCommand::start(home, &args);
    assert_eq!(sandbox.step("ready")["clients"][0]["client_id"], "backend");
    sandbox.signal("TERM");
    sandbox.end().expect_code(0);

    // There is no login command if each client has a secret.
    let only = TWO.split("[[client]]\nclient_id = \"app\"").next();
    let config = file(home, only.expect("a part"));
    let mut sandbox = RunningCommand::start(home, &["sandbox", "--json", "--config", &config]);
    let ready = sandbox.step("ready");
    assert_eq!(ready["clients"][0]["client_id"], "backend");
    assert!(ready["login"].is_null());
    sandbox.signal("TERM");
    sandbox.end().expect_code(0);
}

#[test]
fn the_schema_is_the_documented_one() {
    let home = tempfile::tempdir().expect("a folder");
    let printed = run(home.path(), &["sandbox", "--schema"]).expect_code(0);
    let docs = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../docs/reference/sandbox.schema.json"
    );
    assert_eq!(printed.stdout, std::fs::read_to_string(docs).expect("it"));
    run(home.path(), &["sandbox", "--schema", "--check"]).expect_code(2);
    let line = run(home.path(), &["sandbox", "--schema", "--json"]).expect_code(0);
    assert_eq!(line.objects().len(), 1);
}
