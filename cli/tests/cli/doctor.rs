//! `switchback doctor android`.

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
    format!("http://127.0.0.1:{port}/.well-known/assetlinks.json")
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
    let answer = |head: &str| {
        served(format!(
            "HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ))
    };
    let good = checked(&answer("200 OK\r\ncontent-type: application/json"), 0);
    assert_eq!(good[0]["faults"], 0);
    for (head, code) in [
        ("200 OK\r\ncontent-type: text/plain", "content_type"),
        ("302 Found\r\nlocation: https://app.example/", "redirect"),
        ("404 Not Found\r\ncontent-type: application/json", "status"),
    ] {
        assert_eq!(checked(&answer(head), 7)[0]["code"], code, "{head}");
    }
    checked("http://127.0.0.1:1/.well-known/assetlinks.json", 5);
}

#[test]
fn the_facts_of_a_device_are_explained() {
    let vectors = include_str!("../../../tests/vectors/android-links.json");
    let vectors: Value = serde_json::from_str(vectors).expect("JSON");
    let named = |name: &str| {
        let mut cases = vectors["cases"].as_array().expect("cases").iter();
        cases.find(|case| case["name"] == name).expect("the case")
    };
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("device.json");
    let check = |name: &str, code| {
        let case = named(name);
        let report = serde_json::json!({ "question": case["question"], "facts": case["facts"] });
        std::fs::write(&file, report.to_string()).expect("a file");
        let file = file.to_str().expect("UTF-8");
        run(home.path(), &["doctor", "android", "--facts", file])
            .expect_code(code)
            .stdout
    };
    let good = check("app switch, verified", 0);
    assert!(good.contains("The link then opens this app"), "{good}");
    let wrong = check("the domain is not verified", 7);
    for part in [
        "stays in the browser",
        "stops the login: Android has not verified that app.example",
        "assetlinks.json",
    ] {
        assert!(wrong.contains(part), "{wrong}");
    }
    std::fs::write(&file, "{}").expect("a file");
    let args = [
        "doctor",
        "android",
        "--facts",
        file.to_str().expect("UTF-8"),
    ];
    run(home.path(), &args).expect_code(2);
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
