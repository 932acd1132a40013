//! `switchback timestamp` against `openssl ts`, a timestamp authority that others wrote.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::openssl_authority::{Authority, Behaviour};
use crate::support::{CommandOutput, run};

/// A detached signature with a header that says nothing else.
const COMPACT: &str = "eyJhbGciOiJFUzI1NiJ9..c2lnbmF0dXJl";

/// The authority, and a signature in its folder: with a line end, as `session signature` prints it.
fn authority() -> Option<Authority> {
    let authority = Authority::start()?;
    fs::write(
        authority.folder.path().join("contract.jws"),
        format!("{COMPACT}\n"),
    )
    .expect("writable");
    Some(authority)
}

impl Authority {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect(name)
    }

    /// Runs the command for a file of the folder.
    fn timestamp(&self, file: &str, root: &str, more: &[&str]) -> CommandOutput {
        let (file, root) = (self.path(file), self.path(root));
        let path = |path: &Path| path.to_str().expect("UTF-8").to_owned();
        let (file, root) = (path(&file), path(&root));
        let args = [
            "--json",
            "timestamp",
            &file,
            "--authority",
            &self.url,
            "--root",
            &root,
        ];
        run(self.folder.path(), &[&args, more].concat())
    }
}

fn tokens(json: &[u8]) -> usize {
    let document: Value = serde_json::from_slice(json).expect("JSON");
    let parts = [&document["protected"], &document["signature"]];
    assert_eq!(parts, ["eyJhbGciOiJFUzI1NiJ9", "c2lnbmF0dXJl"]);
    let components = document["header"]["etsiU"].as_array().expect("etsiU");
    let kinds = components.iter().map(|component| {
        let text = component.as_str().expect("base64url");
        let beginning = String::from_utf8(URL_SAFE_NO_PAD.decode(text).expect(text));
        beginning.expect("JSON")[..9].to_owned()
    });
    let kinds: Vec<_> = kinds.collect();
    let lists = kinds
        .iter()
        .filter(|kind| kind.starts_with("{\"rVals\""))
        .count();
    assert_eq!(lists, 1, "the list of the root is there once: {kinds:?}");
    kinds.iter().filter(|kind| *kind == "{\"sigTst\"").count()
}

#[test]
fn a_signature_gets_a_timestamp_and_then_another_one() {
    let Some(authority) = authority() else {
        return;
    };
    let done = authority
        .timestamp("contract.jws", "root.pem", &[])
        .expect_code(0);
    let said = done.last();
    assert_eq!(said["authority"], "CN=authority");
    assert!(said["time"].is_i64(), "{said}");
    let json = "contract.jws.json";
    assert_eq!(said["file"], json!(authority.path(json)));
    assert_eq!(tokens(&authority.read(json)), 1);
    let compact = String::from_utf8(authority.read("contract.jws"));
    assert_eq!(compact.expect("UTF-8").trim_end(), COMPACT);

    // The file beside the compact one is not replaced, since it has a timestamp already.
    let refused = authority
        .timestamp("contract.jws", "root.pem", &[])
        .expect_code(2);
    assert!(
        refused.last()["error"]["message"]
            .to_string()
            .contains("already")
    );
    assert_eq!(authority.requests(), 1, "the file is checked first");
    authority.timestamp(json, "root.pem", &[]).expect_code(0);
    assert_eq!(tokens(&authority.read(json)), 2);

    let output = authority.path("other.json");
    let output = output.to_str().expect("UTF-8");
    authority
        .timestamp("contract.jws", "root.pem", &["-o", output])
        .expect_code(0);
    assert_eq!(tokens(&authority.read("other.json")), 1);
}

#[test]
fn a_timestamp_that_does_not_verify_is_not_written() {
    let Some(authority) = authority() else {
        return;
    };
    let fails = |behaviour: Option<Behaviour>, root: &str, code: i32, words: &str| {
        if let Some(behaviour) = behaviour {
            authority.behaves(behaviour);
        }
        let failed = authority
            .timestamp("contract.jws", root, &[])
            .expect_code(code);
        let error = failed.last()["error"].to_string();
        assert!(error.contains(words), "{error}");
        assert!(!authority.path("contract.jws.json").exists());
    };
    let answer = |status: u16, content_type: &'static str, body: Vec<u8>| {
        Some(Behaviour::Answer {
            status,
            content_type,
            body,
        })
    };
    let reply = "application/timestamp-reply";

    fails(None, "other.pem", 7, "--root");
    // The last answer again: it has the nonce of another request.
    let replayed = authority.read("reply");
    fails(answer(200, reply, replayed), "root.pem", 8, "nonce");
    // `PKIStatus` 2, without a token.
    let rejection = vec![0x30, 5, 0x30, 3, 2, 1, 2];
    fails(answer(200, reply, rejection), "root.pem", 3, "status 2");
    fails(
        answer(200, reply, b"<html>".to_vec()),
        "root.pem",
        8,
        "malformed",
    );
    fails(
        answer(200, "text/html", Vec::new()),
        "root.pem",
        7,
        "RFC 3161",
    );
    fails(
        answer(404, "text/html", Vec::new()),
        "root.pem",
        7,
        "status 404",
    );
    fs::remove_file(authority.path("root.crl")).expect("a list");
    let last = Some(Behaviour::Timestamp);
    let list = format!("{}/root.crl was not fetched", authority.url);
    fails(last, "root.pem", 7, &list);
    fails(
        answer(503, "text/html", Vec::new()),
        "root.pem",
        5,
        "status 503",
    );
}

#[test]
fn wrong_files_are_named() {
    let home = tempfile::tempdir().expect("a folder");
    let file = |name: &str, content: &str| {
        let path = home.path().join(name);
        fs::write(&path, content).expect("writable");
        path.to_str().expect("UTF-8").to_owned()
    };
    let signature = file("good.jws", COMPACT);
    let text = file("text", "hello");
    let run = |signature: &str, root: &str| {
        let url = "http://127.0.0.1:9/";
        let args = [
            "--json",
            "timestamp",
            signature,
            "--authority",
            url,
            "--root",
            root,
        ];
        let failed = run(home.path(), &args).expect_code(2);
        failed.last()["error"].to_string()
    };
    assert!(run("missing.jws", &text).contains("trust anchors"));
    let root = {
        let key = rcgen::KeyPair::generate().expect("a key");
        let mut parameters = rcgen::CertificateParams::default();
        parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let root = parameters.self_signed(&key).expect("a certificate");
        file("root.pem", &root.pem())
    };
    assert!(run("missing.jws", &root).contains("missing.jws"));
    assert!(run(&text, &root).contains("not a detached JAdES signature"));
    assert!(run(&signature, &signature).contains("trust anchors"));
}
