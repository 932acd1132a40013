//! `switchback doctor android` and `switchback doctor ios`.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use serde_json::Value;

use crate::support::run;

const URI: &str = "https://app.example/callback";
const FINGERPRINT: &str = "14:6D:E9:83:C5:73:06:50:D8:EE:B9:95:2F:34:FC:64:\
                           16:A0:83:42:E6:1D:BE:A8:8A:04:96:B2:3F:CF:44:E5";

fn statements(package: &str, fingerprint: &str) -> String {
    serde_json::json!([{
        "relation": ["delegate_permission/common.handle_all_urls"],
        "target": {
            "namespace": "android_app",
            "package_name": package,
            "sha256_cert_fingerprints": [fingerprint],
        },
    }])
    .to_string()
}

/// Serves one answer, and returns the address of the file.
fn served(answer: String) -> String {
    let server = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = server.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        let (mut connection, _) = server.accept().expect("a request");
        let _ = connection.read(&mut [0; 4096]);
        let _ = connection.write_all(answer.as_bytes());
    });
    format!("http://127.0.0.1:{port}/.well-known/file")
}

fn ok(body: &str) -> String {
    answer("200 OK\r\ncontent-type: application/json", body)
}

fn answer(head: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}")
}

fn checked(place: &str, code: i32) -> Vec<Value> {
    let home = tempfile::tempdir().expect("a folder");
    let app = ["--package", "com.example.app", "--fingerprint", FINGERPRINT];
    let link = ["--redirect-uri", URI, "--asset-links", place];
    let args = [&["doctor", "android", "--json"][..], &link, &app].concat();
    run(home.path(), &args).expect_code(code).objects()
}

#[test]
fn a_file_is_compared_with_the_app_before_it_is_published() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("assetlinks.json");
    let check = |content: &str, code| {
        std::fs::write(&file, content).expect("a file");
        checked(file.to_str().expect("UTF-8"), code)
    };
    let good = check(&statements("com.example.app", FINGERPRINT), 0);
    assert_eq!(good.len(), 1, "{good:?}");
    assert_eq!(good[0]["faults"], 0);
    let upload_key = statements("com.example.app", &FINGERPRINT.replace("14", "15"));
    let wrong = check(&upload_key, 7);
    assert_eq!(wrong[0]["code"], "no_fingerprint");
    assert!(
        wrong[0]["fix"]
            .as_str()
            .is_some_and(|it| it.contains("Play App Signing"))
    );
}

#[test]
fn the_file_is_fetched_as_android_fetches_it() {
    let body = statements("com.example.app", FINGERPRINT);
    let good = checked(&served(ok(&body)), 0);
    assert_eq!(good[0]["faults"], 0);
    for (head, code) in [
        ("200 OK\r\ncontent-type: text/plain", "content_type"),
        ("302 Found\r\nlocation: https://app.example/", "redirect"),
        ("404 Not Found\r\ncontent-type: application/json", "status"),
    ] {
        let place = served(answer(head, &body));
        assert_eq!(checked(&place, 7)[0]["code"], code, "{head}");
    }
    checked("http://127.0.0.1:1/.well-known/assetlinks.json", 5);
}

#[test]
fn the_facts_of_a_device_are_explained() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("device.json");
    let explained = |system: &str, report: &Value, code| {
        std::fs::write(&file, report.to_string()).expect("a file");
        let file = file.to_str().expect("UTF-8");
        run(home.path(), &["doctor", system, "--facts", file])
            .expect_code(code)
            .stdout
    };
    let android = include_str!("../../../tests/vectors/android-links.json");
    let ios = include_str!("../../../tests/vectors/ios-links.json");
    for (system, vectors, good, wrong, parts) in [
        (
            "android",
            android,
            "app switch, verified",
            "the domain is not verified",
            [
                "stays in the browser",
                "stops the login: Android has not verified that app.example",
                "assetlinks.json",
            ],
        ),
        (
            "ios",
            ios,
            "app switch, associated",
            "no associated domains",
            [
                "stays in the browser",
                "stops the login: the entitlements do not have applinks:app.example",
                "need `webcredentials`",
            ],
        ),
    ] {
        let vectors: Value = serde_json::from_str(vectors).expect("JSON");
        let check = |name: &str, code| {
            let mut cases = vectors["cases"].as_array().expect("cases").iter();
            let case = cases.find(|case| case["name"] == name).expect("the case");
            let report =
                serde_json::json!({ "question": case["question"], "facts": case["facts"] });
            explained(system, &report, code)
        };
        let good = check(good, 0);
        assert!(good.contains("The link then opens this app"), "{good}");
        let wrong = check(wrong, 7);
        for part in parts {
            assert!(wrong.contains(part), "{part}: {wrong}");
        }
        explained(system, &serde_json::json!({}), 2);
    }
}

const APP_ID: &str = "TEAM123456.com.example.app";

fn association(app_id: &str) -> String {
    serde_json::json!({
        "applinks": { "details": [{ "appIDs": [app_id], "components": [{ "/": "/callback" }] }] },
        "webcredentials": { "apps": [app_id] },
    })
    .to_string()
}

/// Runs `doctor ios` with these options.
fn ios(options: &[&str], code: i32) -> Vec<Value> {
    let home = tempfile::tempdir().expect("a folder");
    let args = ["doctor", "ios", "--json", "--redirect-uri", URI];
    let args = [&args[..], &["--app-id", APP_ID], options].concat();
    run(home.path(), &args).expect_code(code).objects()
}

/// The codes of what is wrong, and the object with the result.
fn codes(objects: &[Value]) -> (Vec<&str>, &Value) {
    let codes = objects.iter().filter_map(|it| it["code"].as_str());
    let mut all = objects.iter();
    let result = all.find(|it| it.get("returns").is_some());
    (codes.collect(), result.expect("a result"))
}

#[test]
fn an_association_file_is_compared_with_the_app_before_it_is_published() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("apple-app-site-association");
    let check = |content: &str, code| {
        std::fs::write(&file, content).expect("a file");
        ios(&["--site-association", file.to_str().expect("UTF-8")], code)
    };
    let good = check(&association(APP_ID), 0);
    let (found, last) = codes(&good);
    assert_eq!(found, ["domains_unknown"]);
    assert_eq!(
        (&last["faults"], &last["returns"]),
        (&0.into(), &"unknown".into())
    );
    let wrong = check(&association("OTHERTEAM1.com.example.app"), 7);
    let (found, last) = codes(&wrong);
    assert_eq!(found, ["other_prefix", "other_prefix", "needs_tap"]);
    assert_eq!(last["returns"], "browser");
}

#[test]
fn the_association_file_and_apples_copy_are_fetched() {
    let good = || served(ok(&association(APP_ID)));
    let compare = |site: &str, copy: &str, code| {
        let found = ios(&["--site-association", site, "--apple-copy", copy], code);
        let (codes, last) = codes(&found);
        let codes: Vec<String> = codes.into_iter().map(String::from).collect();
        (codes.join(" "), last["returns"].clone())
    };
    let (found, returns) = compare(&good(), &good(), 0);
    assert_eq!((&*found, returns), ("domains_unknown", "unknown".into()));
    let redirects = served(answer("301 Moved\r\nlocation: https://app.example/", ""));
    let (found, _) = compare(&redirects, &served(answer("404 Not Found", "")), 7);
    assert_eq!(found, "redirect needs_tap");
    let old = served(ok(&association("TEAM123456.com.example.old")));
    let (found, returns) = compare(&good(), &old, 7);
    assert_eq!(
        (&*found, returns),
        ("stale_copy needs_tap", "browser".into())
    );
    let blocked =
        "404 Not Found\r\napple-failure-reason: SWCERR00101 Bad HTTP Response: 403 Forbidden";
    let (found, returns) = compare(&good(), &served(answer(blocked, "")), 7);
    assert_eq!((&*found, returns), ("no_copy needs_tap", "browser".into()));
    ios(&["--site-association", "http://127.0.0.1:1/file"], 5);
}

#[test]
fn the_entitlements_are_compared_with_the_redirect_uri() {
    let home = tempfile::tempdir().expect("a folder");
    let file = |name: &str, content: &str| {
        let file = home.path().join(name);
        std::fs::write(&file, content).expect("a file");
        file.to_str().expect("UTF-8").to_owned()
    };
    let site = file("site", &association(APP_ID));
    let check = |entitlements: &str, code| {
        let entitlements = file("App.entitlements", entitlements);
        let options = ["--entitlements", &entitlements, "--site-association", &site];
        ios(&options, code)
    };
    let plist = |domains: &[&str]| {
        let domains: String = domains
            .iter()
            .map(|it| format!("<string>{it}</string>"))
            .collect();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST \
             1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\"><dict>\
             <key>com.apple.developer.associated-domains</key><array>{domains}</array>\
             <key>keychain-access-groups</key><array/></dict></plist>"
        )
    };
    let good = check(
        &plist(&["applinks:app.example", "webcredentials:app.example"]),
        0,
    );
    let (found, last) = codes(&good);
    assert_eq!((found, &last["returns"]), (vec![], &"this_app".into()));
    let links_only = check(&plist(&["applinks:app.example"]), 0);
    assert_eq!(codes(&links_only).0, ["no_webcredentials", "needs_tap"]);
    let without = check("<plist version=\"1.0\"><dict/></plist>", 7);
    assert_eq!(codes(&without).0[0], "no_applinks");
    check("<plist version=\"1.0\"><array/></plist>", 2);
    check("not a property list", 2);
}

#[test]
fn doctor_ios_says_what_is_missing() {
    let home = tempfile::tempdir().expect("a folder");
    let fails = |args: &[&str]| {
        let args = [&["doctor", "ios"][..], args].concat();
        run(home.path(), &args).expect_code(2).stderr
    };
    assert!(fails(&[]).contains("--redirect-uri"));
    assert!(fails(&["--redirect-uri", URI]).contains("--app-id"));
    let with = |uri, app_id| fails(&["--redirect-uri", uri, "--app-id", app_id]);
    assert!(with(URI, "com.example.app").contains("team"));
    assert!(with("demoapp://app/callback", APP_ID).contains("https only"));
}

#[test]
fn a_command_without_an_app_says_what_is_missing() {
    let home = tempfile::tempdir().expect("a folder");
    let fails = |args: &[&str]| {
        let args = [&["doctor", "android"][..], args].concat();
        run(home.path(), &args).expect_code(2).stderr
    };
    assert!(fails(&[]).contains("--redirect-uri"));
    assert!(fails(&["--redirect-uri", URI]).contains("--fingerprint"));
    let app = ["--package", "a.b", "--fingerprint"];
    let with =
        |uri, fingerprint| fails(&[&["--redirect-uri", uri][..], &app, &[fingerprint]].concat());
    assert!(with(URI, "14:6D").contains("32 bytes"));
    assert!(with("demoapp://app/callback", FINGERPRINT).contains("https only"));
}
