//! Reading a configuration, and the reports of its mistakes.

mod secrets;

use std::fs;

use switchback_protocol::Purpose;
use tempfile::TempDir;

use super::*;
use crate::client_authentication::ClientAuthentication;

const GOOD: &str = r#"
[database]
sqlite = "service.db"
[provider]
client_id = "me"
redirect_uri = "https://service.example/truid/complete"
client_secret_env = "SECRET"
[purposes]
login = ["email"]
"#;

const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

fn env(name: &str) -> Option<String> {
    let value = match name {
        "SECRET" => "s3cret",
        "KEYS" => KEY,
        "NO_KEYS" => "hunter2",
        "DATABASE_URL" => "postgres://me:hunter2@db.example/service",
        "EMPTY" => "",
        _ => return None,
    };
    Some(value.into())
}

fn read(text: &str) -> Result<Plan, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    read_in(&folder, text)
}

fn read_in(folder: &TempDir, text: &str) -> Result<Plan, ConfigError> {
    Plan::from_toml(text, folder.path(), &env)
}

fn good(text: &str) -> Plan {
    read(text).unwrap_or_else(|error| panic!("{error}"))
}

/// All lines that are reported for a wrong file.
fn bad(text: &str) -> Vec<String> {
    let said = read(text).unwrap_err().to_string();
    for secret in ["hunter2", "s3cret"] {
        assert!(!said.contains(secret), "{said}");
    }
    said.lines().map(str::to_owned).collect()
}

/// The one line that is reported for `GOOD` with this change.
#[track_caller]
fn wrong(change: impl Fn(String) -> String, place: &str, words: &str) {
    let said = bad(&change(GOOD.into()));
    let [line] = said.as_slice() else {
        panic!("{said:#?}");
    };
    assert!(line.starts_with(place), "{line}");
    assert!(line.contains(words), "{line}");
}

#[test]
fn a_minimal_file_is_accepted() {
    let plan = good(GOOD);
    assert_eq!(plan.settings.listen.to_string(), "127.0.0.1:8080");
    assert!(plan.settings.metrics.is_none() && plan.tls.is_none());
    let config = &plan.config;
    assert!(matches!(
        config.authentication,
        ClientAuthentication::SecretPost(_)
    ));
    assert_eq!(
        config.registration.provider().base_url(),
        "https://api.truid.app"
    );
    let scope = vec!["truid.app/data-point/email".to_owned()];
    assert_eq!(config.scopes, [(Purpose::Login, scope)].into());
    assert_eq!(
        (config.pushed, config.grace, config.login_timeout),
        (true, 0, 600)
    );
    assert!(matches!(&plan.keys, KeySource::DefaultFile(key) if key.ends_with("service.db.key")));
    let shown = format!("{plan:?} {:?}", plan.summary());
    assert!(!shown.contains("s3cret"), "{shown}");
}

#[test]
fn every_setting_is_applied() {
    let folder = tempfile::tempdir().unwrap();
    secrets::write(folder.path().join("keys"), format!("# 2026\n{KEY}\n"));
    let text = r#"
        listen = "[::1]:1"
        trusted_proxies = ["10.0.0.0/8", "::1"]
        hosts = ["switchback.internal", "10.0.0.7", "[2001:db8::1]"]
        [database]
        postgres_env = "DATABASE_URL"
        connections = 3
        [keys]
        file = "keys"
        [provider]
        base_url = "http://localhost:1"
        client_id = "me"
        redirect_uri = "http://127.0.0.1:8080/back"
        test_service = true
        client_authentication = "client_secret_basic"
        client_secret_env = "SECRET"
        pushed = false
        [purposes]
        onboarding = ["truid.app/data-point/other"]
        identity_verification = ["id-document/issuing-country"]
        [lifetimes]
        login = 1
        session = 3
        token = 2
        refresh_skew = 4
        grace = 5
        [cache]
        sessions = 6
        seconds = 7
        [web]
        prefix = "/a/b"
        after_login = "https://service.example/in"
        [apps]
        ios = ["ABCDE12345.com.example.app"]
        [limits]
        body = 2048
        [metrics]
    "#;
    let plan = read_in(&folder, text).unwrap_or_else(|error| panic!("{error}"));
    let config = &plan.config;
    assert!(matches!(
        config.authentication,
        ClientAuthentication::SecretBasic(_)
    ));
    assert!(!config.pushed);
    let lifetimes = [
        config.login_timeout,
        config.session_lifetime,
        config.token_lifetime,
        config.refresh_skew,
        config.grace,
    ];
    assert_eq!(lifetimes, [1, 3, 2, 4, 5]);
    assert_eq!((config.cached_sessions, config.cached_for), (6, 7));
    assert_eq!(
        (plan.prefix().as_str(), plan.web.apps.ios.len()),
        ("/a/b", 1)
    );
    let page = plan.web.after_login.to_string();
    assert_eq!(page, "https://service.example/in");
    assert_eq!(
        (plan.settings.limits.body, plan.settings.limits.requests),
        (2048, 1024)
    );
    assert_eq!(
        plan.settings.metrics.unwrap().listen.to_string(),
        "127.0.0.1:9464"
    );
    assert_eq!(plan.proxies.len(), 2);
    let database = format!("{:?}", plan.database);
    assert_eq!(database, "PostgreSQL, db.example:5432, 3 connections");
    let purposes: Vec<_> = config.scopes.keys().copied().collect();
    assert_eq!(
        purposes,
        [Purpose::Onboarding, Purpose::IdentityVerification]
    );
    assert!(!format!("{plan:?} {:?}", plan.summary()).contains("hunter2"));
}

#[test]
fn all_mistakes_are_reported_with_their_lines() {
    let said = bad(r#"
lsten = "127.0.0.1:1"
trusted_proxies = ["10.0.0.0/8", "proxy.example"]
[database]
sqlite = "a.db"
postgres = "postgres://db/a"
[provider]
client_secret = "hunter2"
redirect_uri = "https://service.example/truid/session?x"
[purposes]
login = []
identity_verification = ["name", "emial"]
[limits]
body = "16 KiB"
requests = 0
"#);
    let starts = [
        "2:1: lsten: there is no such key here; did you mean listen?",
        "3:34: trusted_proxies[1]: must be an address or a network",
        "6:1: database.postgres: sqlite is configured too",
        "7:2: provider.client_id: missing",
        "8:1: provider.client_secret: no secret may be in this file",
        "9:1: provider.redirect_uri: the redirect URI",
        "11:1: purposes.login: no data point is requested",
        "12:34: purposes.identity_verification[1]: unknown data point; did you mean \"email\"?",
        "14:1: limits.body: it must be a whole number, but is text",
        "15:1: limits.requests: must be from 1 to 1000000",
    ];
    assert_eq!(said.len(), starts.len(), "{said:#?}");
    for (line, start) in said.iter().zip(starts) {
        assert!(line.starts_with(start), "{line}\n{start}");
    }
    assert!(
        said[4].contains("client_secret_file = \"FILE\""),
        "{}",
        said[4]
    );
}

#[test]
fn an_empty_file_is_refused_with_the_required_keys() {
    let said = bad("").join("\n");
    for key in [
        "database.sqlite: ",
        "provider.client_id: ",
        "provider.redirect_uri: ",
        "provider.client_secret: missing: write client_secret_file",
        "purposes: ",
    ] {
        assert!(said.contains(key), "{key}\n{said}");
    }
}

#[test]
fn purposes_have_general_names() {
    let offered =
        |line: &'static str| move |text: String| text.replace("login = [\"email\"]", line);
    for (name, word) in [
        ("login-session", "login"),
        ("confirm-signup", "onboarding"),
        ("idv", "identity_verification"),
        ("identity-verification", "identity_verification"),
        ("sign", "signing"),
    ] {
        let line: &'static str = format!("{name} = ['email']").leak();
        let place: &'static str = format!("9:1: purposes.{name}: ").leak();
        wrong(offered(line), place, &format!("is called {word} here"));
    }
    for name in ["signature", "Login", "log_in"] {
        let line: &'static str = format!("{name} = ['email']").leak();
        let words = "write one of onboarding, login, identity_verification, signing";
        wrong(offered(line), "9:1: purposes.", words);
    }
    // The old table name is the only report.
    let old = |text: String| text.replace("[purposes]\nlogin", "[functions]\nlogin-session");
    wrong(old, "8:2: functions: ", "this table is called [purposes]");
    let both = |text: String| text + "[functions]\nidv = ['email']";
    wrong(both, "10:2: functions: ", "this table is called [purposes]");
}

#[test]
fn signing_needs_roots() {
    let signing = |more: &'static str| {
        move |text: String| text.replace("login = [\"email\"]", "signing = []") + more
    };
    let missing = "write [signing] and roots";
    wrong(signing(""), "signing: ", missing);
    wrong(
        signing("[signing]\nroots = []"),
        "11:1: signing.roots: ",
        "no root is trusted",
    );
    let said = bad(&signing("[signing]\nroots = [\"nowhere.pem\"]")(
        GOOD.into(),
    ));
    let [line] = said.as_slice() else {
        panic!("{said:#?}");
    };
    assert!(
        line.contains("signing.roots[0]: ") && line.contains("nowhere.pem"),
        "{line}"
    );
}

#[test]
fn timestamps_need_an_authority_and_its_roots() {
    let folder = tempfile::tempdir().unwrap();
    secrets::write(folder.path().join("client-secret"), "s3cret");
    let root = include_bytes!("../../../../jades/tests/chains/truid-test-root.pem");
    std::fs::write(folder.path().join("root.pem"), root).unwrap();
    let read = |timestamps: &str| {
        let text = GOOD.replace("login = [\"email\"]", "signing = []");
        let signing = "[signing]\nroots = [\"root.pem\"]\n[signing.timestamps]\n";
        read_in(&folder, &format!("{text}{signing}{timestamps}"))
    };
    let good = "authority = \"http://tsa.example\"\nroots = [\"root.pem\"]";
    let plan = read(good).unwrap_or_else(|error| panic!("{error}"));
    assert!(plan.config.signing.unwrap().timestamps.is_some());
    for (wrong, key) in [
        ("authority = \"tsa\"\nroots = [\"root.pem\"]", "authority"),
        (
            "authority = \"ldap://tsa.example\"\nroots = [\"root.pem\"]",
            "authority",
        ),
        ("authority = \"http://tsa.example\"", "roots"),
        (
            "authority = \"http://tsa.example\"\nroots = [\"no.pem\"]",
            "roots[0]",
        ),
    ] {
        let said = read(wrong).unwrap_err().to_string();
        assert!(
            said.contains(&format!("signing.timestamps.{key}: ")),
            "{said}"
        );
    }
}

#[test]
fn roots_of_signatures_come_from_files() {
    let folder = tempfile::tempdir().unwrap();
    secrets::write(folder.path().join("client-secret"), "s3cret");
    let root = include_bytes!("../../../../jades/tests/chains/truid-test-root.pem");
    std::fs::write(folder.path().join("root.pem"), root).unwrap();
    let text = GOOD.replace("login = [\"email\"]", "signing = []");
    let text = text + "[signing]\nroots = [\"root.pem\"]\noffline = true\n";
    let plan = read_in(&folder, &text).unwrap_or_else(|error| panic!("{error}"));
    let signing = plan.config.signing.as_ref().unwrap();
    assert_eq!(
        (signing.roots.certificates().count(), signing.offline),
        (1, true)
    );
    let summary = format!("{:?}", plan.summary());
    assert!(summary.contains("TEST - Root CA v1"), "{summary}");
}

#[test]
fn a_word_that_is_not_a_data_point_is_explained() {
    let claim = "this is a claim; its data point is";
    for (word, says) in [
        ("truid.app/claim/email/v1", format!("{claim} \"email\"")),
        (
            "truid.app/claim/family-name/v1",
            format!("{claim} \"name\""),
        ),
        (
            "truid.app/claim/legal-name/v1",
            format!("{claim} \"legal-name\""),
        ),
        (
            "truid.app/claim/passport-number/v1",
            format!("{claim} \"passport-number\""),
        ),
        (
            "truid.app/claim/personal-number/swe-10/v1",
            format!("{claim} \"personal-number/swe\""),
        ),
        (
            "truid.app/claim/emial/v1",
            "this is a claim, but a scope consists of data points; did you mean \"email\"?".into(),
        ),
        (
            "truid.app/claim/shoe-size/v1",
            "this is a claim, but a scope consists of data points: write one".into(),
        ),
        ("emial", "did you mean \"email\"?".into()),
        ("Email", "did you mean \"email\"?".into()),
        ("phone_number", "did you mean \"phone-number\"?".into()),
        (
            "shoe-size",
            "unknown data point: write a name such as".into(),
        ),
        ("", "unknown data point".into()),
        (
            "name,email",
            "separate data points: [\"name\", \"email\"]".into(),
        ),
        (
            "name, email",
            "separate data points: [\"name\", \"email\"]".into(),
        ),
        (
            "truid.app/data-point/name email",
            "separate data points: [\"name\", \"email\"]".into(),
        ),
        (
            "name;hunter2",
            "write each data point in its own quotes".into(),
        ),
    ] {
        let line = format!("login = [\"name\", \"{word}\"]");
        wrong(
            |text| text.replace("login = [\"email\"]", &line),
            "9:18: purposes.login[1]: ",
            &says,
        );
    }
    // Words that are possibly data points, and two that are.
    for (word, says) in [
        ("truid.app/data-point/emial", "did you mean \"email\"?"),
        ("data-point/email", "did you mean \"email\"?"),
        ("truid.app/data-point/shoe-size", "compare it with Truid's"),
        ("truid.app/data-point/email", ""),
        ("name", ""),
    ] {
        let text = GOOD.replace("\"email\"", &format!("\"email\", \"{word}\""));
        let doubts: Vec<String> = good(&text)
            .doubts()
            .iter()
            .map(ToString::to_string)
            .collect();
        match says {
            "" => assert!(doubts.is_empty(), "{doubts:?}"),
            says => {
                assert!(
                    doubts[0].starts_with("purposes.login[1]: not a known data point"),
                    "{doubts:?}"
                );
                assert!(doubts.len() == 1 && doubts[0].contains(says), "{doubts:?}");
            }
        }
    }
}

#[test]
fn a_probable_mistake_is_a_doubt() {
    let said = |text: &str| -> Vec<String> {
        good(text)
            .doubts()
            .iter()
            .map(ToString::to_string)
            .collect()
    };
    let with = |line: &str| said(&format!("{line}\n{GOOD}"));
    for quiet in [
        "",
        "listen = '127.0.0.1:80'",
        "listen = '[::1]:80'",
        "listen = '0.0.0.0:8080'\ntrusted_proxies = ['10.0.0.1']",
    ] {
        assert!(with(quiet).is_empty(), "{quiet}");
    }
    for open in ["0.0.0.0:8080", "[::]:443", "192.0.2.1:80"] {
        let doubts = with(&format!("listen = '{open}'"));
        assert_eq!(doubts.len(), 1, "{doubts:?}");
        assert!(
            doubts[0].starts_with("listen: other machines reach this address without TLS"),
            "{doubts:?}"
        );
    }
    for (base, path) in [
        ("https://api.truid.app/oauth2/v1/", "/oauth2/v1"),
        ("https://api.truid.app/oauth2/v1", "/oauth2/v1"),
        ("https://api.truid.app/oauth2", "/oauth2"),
        (
            "https://id.example/truid/oauth2/v1/token",
            "/oauth2/v1/token",
        ),
        ("https://id.example/oauth2x", ""),
        ("https://id.example/truid", ""),
        ("https://id.example/", ""),
    ] {
        let line = format!("base_url = '{base}'\nclient_id");
        let doubts = said(&GOOD.replace("client_id", &line));
        match path {
            "" => assert!(doubts.is_empty(), "{base}: {doubts:?}"),
            path => assert!(
                doubts[0].contains(&format!("begin with {path}:")),
                "{base}: {doubts:?}"
            ),
        }
    }
}

#[test]
fn a_token_lifetime_is_at_most_the_session_lifetime() {
    let lives = |lines: &'static str| move |text: String| format!("{text}[lifetimes]\n{lines}");
    wrong(
        lives("session = 60\ntoken = 61"),
        "12:1: lifetimes.token: ",
        "write 60 at most",
    );
    wrong(
        lives("token = 2592001"),
        "11:1: lifetimes.token: ",
        "write 2592000 at most",
    );
    wrong(
        lives("session = 0\ntoken = 61"),
        "11:1: lifetimes.session: ",
        "must be from 1",
    );
    for good_ones in [
        "session = 60",
        "session = 60\ntoken = 60",
        "token = 2592000",
    ] {
        good(&format!("{GOOD}[lifetimes]\n{good_ones}"));
    }
}

#[test]
fn a_value_of_another_type_is_reported_with_the_expected_form() {
    for (line, says) in [
        (
            "listen = 8080",
            "ADDRESS:PORT, such as \"127.0.0.1:8080\", but is a number",
        ),
        (
            "listen = ':8080'",
            "an IP address and a port, such as \"127.0.0.1:8080\"",
        ),
        ("metrics.listen = 1", "such as \"127.0.0.1:9464\""),
        (
            "lifetimes.token = '15m'",
            "it must be a whole number of seconds, but is text",
        ),
        (
            "cache.seconds = 1.5",
            "it must be a whole number of seconds",
        ),
        (
            "limits.read_seconds = '30s'",
            "it must be a whole number of seconds",
        ),
        (
            "limits.body = '16k'",
            "it must be a whole number, but is text",
        ),
    ] {
        let key = line.split(' ').next().unwrap();
        wrong(
            |text| format!("{line}{text}"),
            "1:",
            &format!("{key}: it must be"),
        );
        wrong(|text| format!("{line}{text}"), "1:", says);
    }
}

#[test]
fn an_unreadable_key_is_reported_once() {
    for line in ["login = \"name\"", "login = { name = true }", "login = 7"] {
        wrong(
            |text| text.replace("login = [\"email\"]", line),
            "9:1: purposes.login: ",
            "it must be a list",
        );
    }
}

#[test]
fn an_impossible_database_path_is_refused() {
    let sqlite = |line: &'static str| move |text: String| text.replace("service.db", line);
    let place = "3:1: database.sqlite: ";
    wrong(sqlite("none/service.db"), place, "create it");
    for folder in ["", ".", ".."] {
        wrong(sqlite(folder), place, "this is a folder: name a file");
    }
}

#[test]
fn a_secret_in_the_file_is_refused() {
    let database =
        |line: &'static str| move |text: String| text.replace("sqlite = \"service.db\"", line);
    let with = database("postgres = 'postgres://me:hunter2@db/a'\n[keys]\nenv = 'KEYS'");
    wrong(with, "3:1: database.postgres: no secret", "postgres_env");
    let with = database("postgres = 'postgres://db/a?password=hunter2'\n[keys]\nenv = 'KEYS'");
    wrong(with, "3:1: database.postgres: no secret", "PGPASSWORD");
    wrong(
        |text| text + "[keys]\nkey = 'hunter2'",
        "11:1: keys.key: no secret",
        "env = \"NAME\"",
    );
    let key = |text: String| text.replace("client_id", "private_key = 'hunter2'\nclient_id");
    wrong(
        key,
        "5:1: provider.private_key: no secret",
        "private_key_file",
    );
}

#[test]
fn secrets_come_from_named_files_and_variables() {
    let secret = |line: &'static str| {
        move |text: String| text.replace("client_secret_env = \"SECRET\"", line)
    };
    let place = "7:1: provider.client_secret_";
    wrong(
        secret("client_secret_env = 'EMPTY'"),
        place,
        "no variable with this name",
    );
    wrong(
        secret("client_secret_env = 'hunter2'"),
        place,
        "no variable with this name",
    );
    wrong(
        secret("client_secret_file = 'none'"),
        place,
        "cannot be read",
    );
    let both = "client_secret_env = 'SECRET'\nclient_secret_file = 'x'";
    wrong(secret(both), place, "remove one of the two");
    wrong(
        secret(""),
        "4:2: provider.client_secret: missing",
        "client_secret_env",
    );
    let signed = "client_authentication = 'private_key_jwt'\n";
    wrong(
        secret(signed),
        "4:2: provider.private_key: missing",
        "private_key_file",
    );
    wrong(
        secret("client_secret_env = 'SECRET'\nprivate_key_id = 'a'"),
        "8:1: provider.private_key_id: not used",
        "private_key_jwt",
    );
    wrong(
        |text| text + "[keys]\nenv = 'NO_KEYS'",
        "11:1: keys.env: ",
        "in line 1",
    );
    let nodes =
        |text: String| text.replace("sqlite = \"service.db\"", "postgres = 'postgres://db/a'");
    wrong(nodes, "", "--new-key");
}

#[test]
fn a_redirect_uri_that_cannot_be_served_is_refused() {
    let at = |uri: &'static str| {
        move |text: String| text.replace("https://service.example/truid/complete", uri)
    };
    let place = "6:1: provider.redirect_uri: ";
    for own in [
        "/truid/session",
        "/truid/idv",
        "/truid/onboarded/user-info",
        "/health",
        "/",
        "/.well-known/x",
    ] {
        let uri: &'static str = format!("https://service.example{own}").leak();
        wrong(at(uri), place, "for something else");
    }
    wrong(
        at("https://service.example/:a/b"),
        place,
        "begins with : or *",
    );
    wrong(at("http://127.0.0.1/back"), place, "not https");
    for (scheme, remedy) in [
        ("http", "also allowed for 127.0.0.1"),
        ("myapp", "--demo --scheme"),
    ] {
        for end in ["", "\"\ntest_service = true\n#"] {
            let uri: &'static str = format!("{scheme}://service.example/back{end}").leak();
            wrong(at(uri), place, "must begin with https");
            wrong(at(uri), place, remedy);
        }
    }
}

#[test]
fn a_host_with_a_port_is_refused() {
    for host in ["", "a b", "a:80", "http://a", "a/", "a@b"] {
        let line: &'static str = format!("hosts = ['switchback.internal', '{host}']\n").leak();
        let with = |text: String| format!("{line}{text}");
        wrong(with, "1:33: hosts[1]: ", "without a port");
    }
}

#[test]
fn web_apps_and_tls_settings_are_checked() {
    let web = |line: &'static str| move |text: String| format!("{text}[web]\n{line}");
    for prefix in ["'truid'", "'/truid/'", "'/a{b}'", "'/'", "''"] {
        let line: &'static str = format!("prefix = {prefix}").leak();
        wrong(web(line), "11:1: web.prefix: ", "such as /truid");
    }
    for page in [
        "'//evil.example'",
        "'javascript:x'",
        "'http://other.example'",
        "'in'",
        r"'/\evil.example'",
        "'/in#å'",
        "'/å'",
    ] {
        let line: &'static str = format!("after_login = {page}").leak();
        wrong(web(line), "11:1: web.after_login: ", "one slash");
    }
    for name in ["''", "'  '", "\"a\\nb\"", "\"a\\u202eb\""] {
        let line: &'static str = format!("name = {name}").leak();
        wrong(web(line), "11:1: web.name: ", "such as \"Example\"");
    }
    let long: &'static str = format!("name = '{}'", "å".repeat(101)).leak();
    wrong(web(long), "11:1: web.name: ", "of 100 characters at most");
    for origin in [
        "",
        "login.example",
        "https://login.example/",
        "https://login.example/path",
        "https://login.example?a",
        "https://login.example:443",
        "HTTPS://Login.example",
        "https://*.example",
        "https://a@login.example",
        "http://login.example",
        "https://login.example https://evil.example",
        "https://login.example; script-src *",
        "https://login.example,https://b.example",
        "https://lögin.example",
        "data:",
        "'self'",
        "*",
    ] {
        let line: &'static str =
            format!("frame_origins = [\"https://a.example\", \"{origin}\"]").leak();
        let place = "11:39: web.frame_origins[1]: ";
        wrong(web(line), place, "such as https://login.example");
    }
    let apps = |text: String| text + "[apps]\nios = ['com.example.app']";
    wrong(apps, "11:8: apps.ios[0]: ", "ABCDE12345.com.example.app");
    let tls = |text: String| text + "[tls]\ncertificate = 'none.pem'";
    wrong(tls, "10:2: tls.key: missing", "PEM");
}

#[test]
fn page_name_and_frame_origins_are_applied() {
    let plan = good(&format!(
        "{GOOD}[web]\nname = ' Åsa & Co. '\nframe_origins = ['https://login.example:8443', \
         'http://127.0.0.1:8090', 'https://[2001:db8::1]']"
    ));
    assert_eq!(plan.page.name.as_deref(), Some("Åsa & Co."));
    assert_eq!(
        plan.page.frame_origins,
        [
            "https://login.example:8443",
            "http://127.0.0.1:8090",
            "https://[2001:db8::1]"
        ]
    );
    let least = good(GOOD).page;
    assert_eq!((least.name, least.frame_origins), (None, Vec::new()));
}

#[test]
fn api_keys_come_from_a_file_or_a_variable() {
    let folder = tempfile::tempdir().unwrap();
    secrets::write(folder.path().join("api-keys"), format!("# 2026\n{KEY}\n"));
    for line in ["file = 'api-keys'", "env = 'KEYS'"] {
        let plan = read_in(&folder, &format!("{GOOD}[api_keys]\n{line}")).unwrap();
        assert!(plan.web.api_keys.is_some());
        let shown = format!("{plan:?} {:?}", plan.summary());
        assert!(
            shown.contains("1 API key\"") && !shown.contains(KEY),
            "{shown}"
        );
    }
    assert!(good(GOOD).web.api_keys.is_none());

    let keys = |line: &'static str| move |text: String| format!("{text}[api_keys]\n{line}");
    wrong(
        keys("env = 'NO_KEYS'"),
        "11:1: api_keys.env: ",
        "could be guessed",
    );
    wrong(
        keys("env = 'EMPTY'"),
        "11:1: api_keys.env: ",
        "no variable with this name",
    );
    wrong(
        keys("file = 'none'"),
        "11:1: api_keys.file: ",
        "cannot be read",
    );
    wrong(
        keys(""),
        "10:2: api_keys: ",
        "no keys are configured: write file",
    );
    let both = "file = 'none'\nenv = 'KEYS'";
    wrong(keys(both), "12:1: api_keys.env: ", "remove one of the two");
    for key in ["key", "keys"] {
        let line: &'static str = format!("{key} = 'hunter2'").leak();
        wrong(
            keys(line),
            "11:1: api_keys.key",
            "no secret may be in this file",
        );
    }
}

#[test]
fn a_key_file_is_created_once_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("service.db.key");
    let first = make_key(&file).unwrap();
    let again = make_key(&file).unwrap();
    assert_eq!(format!("{first:?}"), format!("{again:?}"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    // A database whose key file was deleted does not get a new key.
    fs::write(folder.path().join("service.db"), "").unwrap();
    read_in(&folder, GOOD).unwrap();
    fs::remove_file(&file).unwrap();
    let said = read_in(&folder, GOOD).unwrap_err().to_string();
    assert!(
        said.starts_with("3:1: database.sqlite: the database exists"),
        "{said}"
    );
}

/// Both files are documentation that operators use.
const DOCUMENTED: &str = include_str!("../../../../docs/reference/service.toml");
const SCHEMA: &str = include_str!("../../../../docs/reference/service.schema.json");

#[test]
fn the_documented_file_is_valid_and_has_every_key() {
    let folder = tempfile::tempdir().unwrap();
    secrets::write(folder.path().join("client-secret"), "s3cret");
    let plan = read_in(&folder, DOCUMENTED).unwrap_or_else(|error| panic!("{error}"));
    // The file shows the defaults.
    let least = good(GOOD);
    for (of, given) in [
        (
            &least.settings.limits as &dyn std::fmt::Debug,
            &plan.settings.limits as &dyn std::fmt::Debug,
        ),
        (&least.settings.log, &plan.settings.log),
        (&least.settings.listen, &plan.settings.listen),
        (&least.web, &plan.web),
        (
            &least.config.session_lifetime,
            &plan.config.session_lifetime,
        ),
        (&least.config.token_lifetime, &plan.config.token_lifetime),
        (&least.config.refresh_skew, &plan.config.refresh_skew),
        (&least.config.cached_sessions, &plan.config.cached_sessions),
    ] {
        assert_eq!(format!("{of:?}"), format!("{given:?}"));
    }
    let mut missing = Vec::new();
    keys(
        &Settings::json_schema(),
        &Settings::json_schema(),
        &mut missing,
    );
    missing.retain(|key| {
        let shown = |line: &str| {
            let line = line.trim_start_matches(['#', '[']);
            line.split([' ', ']'])
                .next()
                .is_some_and(|word| word.rsplit('.').next() == Some(key))
        };
        !DOCUMENTED.lines().any(shown)
    });
    assert_eq!(missing, [""; 0]);
}

/// The names of all properties.
fn keys(root: &serde_json::Value, schema: &serde_json::Value, all: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let definition = root.pointer(name.trim_start_matches('#')).unwrap();
        keys(root, definition, all);
    }
    keys_of_items(root, schema, all);
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        all.push(name.clone());
        keys(root, property, all);
    }
}

fn keys_of_items(root: &serde_json::Value, schema: &serde_json::Value, all: &mut Vec<String>) {
    if schema["items"].is_object() {
        keys(root, &schema["items"], all);
    }
}

#[test]
fn the_documented_schema_is_current() {
    let documented: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
    assert!(
        documented == Settings::json_schema(),
        "switchback serve --schema > docs/reference/service.schema.json"
    );
}
