//! `switchback sign` and `switchback verify`, with a sandbox that signs.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::openssl_authority::Authority;
use crate::support::{LINK, RunningCommand, Truid, logged_in, run, text};

const MESSAGE: &str = "I sign <script>alert(1)</script> no. 17";
const DOCUMENT: &[u8] = b"%PDF-1.7 a rental contract";

/// A document that a person has signed.
struct SignedDocument {
    home: tempfile::TempDir,
    truid: Truid,
    session: String,
    /// The objects that `sign` wrote: what was signed, and the report.
    objects: Vec<Value>,
}

impl SignedDocument {
    fn new(more: &[&str]) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let truid = Truid::start(&[LINK]);
        let document = home.path().join("contract.pdf");
        std::fs::write(&document, DOCUMENT).expect("writable");
        let root = format!("{}/certs/", truid.url());
        let url = truid.url().to_owned();
        let mut args = vec!["sign", path(&document), "--message", MESSAGE];
        args.extend([
            "--json",
            "--no-open",
            "--store",
            "file",
            "--root",
            &root,
            "--fetch-crls",
        ]);
        args.extend([
            "--client-id",
            "demo-app",
            "--redirect-uri",
            LINK,
            "--base-url",
            &url,
        ]);
        args.extend(more);
        let mut running = RunningCommand::start(home.path(), &args);
        let login = text(&running.step("begun")["url"]);
        running.say(&truid.approve(&login));
        let signed = running.step("signed");
        let report = running.object();
        running.end().expect_code(0);
        Self {
            session: text(&signed["session"]),
            objects: vec![signed, report],
            home,
            truid,
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Saves what the sandbox publishes here.
    fn fetch(&self, address: &str, name: &str) -> String {
        let file = self.file(name);
        let url = format!("{}{address}", self.truid.url());
        let curl = std::process::Command::new("curl")
            .args(["-fsS", "--noproxy", "*", "-o", path(&file), &url])
            .status();
        assert!(curl.expect("there is curl").success(), "{url}");
        path(&file).to_owned()
    }

    /// The report of `verify` with these options, for the document if no digest is given.
    fn verify(&self, more: &[&str], code: i32) -> Value {
        let document = self.file("contract.pdf");
        let mut args = vec!["verify", "--json"];
        if !more.contains(&"--digest") {
            args.push(path(&document));
        }
        args.extend(more);
        run(self.home.path(), &args).expect_code(code).last()
    }
}

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn result(report: &Value) -> (&str, Option<&str>) {
    let indication = report["indication"].as_str().expect("an indication");
    (indication, report["sub_indication"].as_str())
}

fn check<'a>(report: &'a Value, name: &str) -> &'a Value {
    let checks = report["checks"].as_array().expect("checks").iter();
    let mut found = checks.filter(|check| check["name"] == name);
    found
        .next()
        .unwrap_or_else(|| panic!("no {name} in {report:#}"))
}

#[test]
fn a_signature_is_written_verified_and_read_again() {
    let signed = SignedDocument::new(&[]);
    let [step, report] = &signed.objects[..] else {
        panic!("two objects")
    };
    assert_eq!(result(report), ("TOTAL-PASSED", None), "{report:#}");
    assert!(text(&step["id"]).starts_with("ni:///sha-256;"), "{step}");
    assert_eq!(check(report, "user-message")["outcome"], "passed");

    let jws = std::fs::read_to_string(signed.file("contract.pdf.jws")).expect("a signature");
    let again = ["session", "signature", &signed.session];
    let again = run(signed.home.path(), &again).expect_code(0);
    assert_eq!(again.stdout.trim_end(), jws);

    // A later login is not a signing.
    let home = signed.home.path();
    let next = run(home, &["login", "--no-open"]).expect_code(1);
    assert!(next.stdout.contains("Log in at"), "{next:#?}");
    let refused = run(home, &["login", "--no-open", "--purpose", "signing"]).expect_code(2);
    assert!(
        refused.stderr.contains("switchback sign FILE"),
        "{refused:#?}"
    );
    let document = signed.file("contract.pdf");
    let existing = ["sign", path(&document), "--message", "x"];
    let existing = run(home, &existing).expect_code(2);
    assert!(existing.stderr.contains("--force"), "{existing:#?}");
}

#[test]
fn each_result_has_its_exit_code() {
    let signed = SignedDocument::new(&["--id", "https://example.com/contract-17.pdf"]);
    let root = signed.fetch("/certs/root-ca-v1.pem", "root.pem");
    let crl = signed.fetch("/crl/root-ca-v1.crl", "root.crl");
    let roots = signed.file("roots");
    std::fs::create_dir(&roots).expect("writable");
    std::fs::copy(&root, roots.join("a.pem")).expect("writable");
    std::fs::write(roots.join("README"), "no certificate").expect("writable");

    let good = signed.verify(
        &[
            "--root",
            path(&roots),
            "--crl",
            &crl,
            "--message",
            MESSAGE,
            "--id",
            "https://example.com/contract-17.pdf",
            "--content-type",
            "pdf",
        ],
        0,
    );
    assert_eq!(result(&good), ("TOTAL-PASSED", None), "{good:#}");

    let trusted = ["--root", &root, "--crl", &crl];
    let with = |more: &[&'static str]| [&trusted[..], more].concat();
    for (options, code, expected) in [
        (vec![], 10, ("INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND")),
        (vec!["--root", &root], 10, ("INDETERMINATE", "TRY_LATER")),
        (
            with(&["--message", "I sign something else"]),
            10,
            ("INDETERMINATE", "SIG_CONSTRAINTS_FAILURE"),
        ),
        (
            with(&["--digest", "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"]),
            9,
            ("TOTAL-FAILED", "HASH_FAILURE"),
        ),
    ] {
        let signature = signed.file("contract.pdf.jws");
        let mut options = options;
        if options.contains(&"--digest") {
            options.extend(["--signature", path(&signature)]);
        }
        let report = signed.verify(&options, code);
        let (indication, reason) = result(&report);
        assert_eq!(
            (indication, reason.expect("a reason")),
            expected,
            "{report:#}"
        );
    }

    let later = signed.verify(&with(&["--at", "2099-01-01T00:00:00Z"]), 10);
    assert_eq!(result(&later).0, "INDETERMINATE", "{later:#}");
    assert!(later["at_claimed_time"].is_string(), "{later:#}");

    let jws = std::fs::read_to_string(signed.file("contract.pdf.jws")).expect("a signature");
    let broken = signed.file("broken.jws");
    std::fs::write(&broken, jws.replacen("..", ".e30.", 1)).expect("writable");
    let broken = signed.verify(&["--signature", path(&broken), "--root", &root], 9);
    assert_eq!(result(&broken), ("TOTAL-FAILED", Some("FORMAT_FAILURE")));
}

#[test]
fn a_revoked_authority_is_found_in_the_list_that_the_chain_names() {
    let signed = SignedDocument::new(&[]);
    let root = format!("{}/certs/", signed.truid.url());
    let fetched = ["--root", &root, "--fetch-crls"];
    assert_eq!(result(&signed.verify(&fetched, 0)).0, "TOTAL-PASSED");
    signed.truid.sandbox().revoke_intermediate(true);
    let report = signed.verify(&fetched, 10);
    assert_eq!(
        result(&report),
        ("INDETERMINATE", Some("REVOKED_CA_NO_POE")),
        "{report:#}"
    );
}

#[test]
fn the_table_and_the_page_show_each_check() {
    let signed = SignedDocument::new(&["--b64"]);
    let root = format!("{}/certs/", signed.truid.url());
    let (document, page) = (signed.file("contract.pdf"), signed.file("report.html"));
    let args = [
        "verify",
        path(&document),
        "--root",
        &root,
        "--fetch-crls",
        "--html",
        path(&page),
    ];
    let done = run(signed.home.path(), &args).expect_code(0);
    let page = std::fs::read_to_string(page).expect("a page");
    let report = signed.verify(&["--root", &root, "--fetch-crls"], 0);
    for check in report["checks"].as_array().expect("checks") {
        let name = text(&check["name"]);
        assert!(done.stdout.contains(&name), "{name}: {}", done.stdout);
        assert!(
            page.contains(&format!("<code>{name}</code>")),
            "{name}: {page}"
        );
    }
    for words in [
        "TOTAL-PASSED",
        "no timestamp proves this time",
        "RFC 7515",
        "ppid=",
    ] {
        assert!(
            done.stdout.contains(words) && page.contains(words),
            "{words}: {done:#?}"
        );
    }
    assert!(done.stdout.contains(MESSAGE), "{done:#?}");
    assert!(
        !page.contains("<script") && page.contains("I sign &#60;script"),
        "{page}"
    );
    assert!(!page.contains("src=") && !page.contains("href="), "{page}");
}

#[test]
fn a_timestamp_proves_the_signature_on_day_31() {
    let signed = SignedDocument::new(&[]);
    let root = signed.fetch("/certs/root-ca-v1.pem", "root.pem");
    let timestamp_root = signed.fetch("/tsa/root-ca-v1.pem", "timestamp-root.pem");
    // It is in the timestamped file then, as in the one of a service.
    let crl = signed.fetch("/crl/root-ca-v1.crl", "root.crl");
    let compact = signed.file("contract.pdf.jws");
    let authority = format!("{}/tsa", signed.truid.url());
    let timestamp = ["timestamp", path(&compact), "--authority", &authority];
    let options = ["--root", &timestamp_root, "--crl", &crl];
    run(signed.home.path(), &[timestamp, options].concat()).expect_code(0);

    let timestamped = signed.file("contract.pdf.jws.json");
    let trusted = [
        "--root",
        &root,
        "--crl",
        &crl,
        "--timestamp-root",
        &timestamp_root,
    ];
    let at = |days: i64| (signed.truid.sandbox().now() + days * 24 * 3600).to_string();
    let verify = |file: &Path, days: i64, code: i32| {
        let at = at(days);
        let options = ["--signature", path(file), "--at", &at];
        signed.verify(&[&trusted[..], &options].concat(), code)
    };
    for days in [0, 31, 1000] {
        let report = verify(&timestamped, days, 0);
        assert_eq!(result(&report), ("TOTAL-PASSED", None), "{report:#}");
        assert_eq!(report["summary"]["level"], "B-T");
    }
    assert_eq!(result(&verify(&compact, 0, 0)), ("TOTAL-PASSED", None));
    let late = verify(&compact, 31, 10);
    let expected = ("INDETERMINATE", Some("OUT_OF_BOUNDS_NO_POE"));
    assert_eq!(result(&late), expected, "{late:#}");
    assert_eq!(late["at_claimed_time"], "TOTAL-PASSED", "{late:#}");
    let (document, at) = (signed.file("contract.pdf"), at(31));
    let args = [&["verify", path(&document), "--at", &at], &trusted[..]].concat();
    let shown = run(signed.home.path(), &args).expect_code(10);
    let words = "It is valid if it was made at the time that it claims. Nothing proves that time.";
    assert!(shown.stdout.contains(words), "{shown:#?}");
}

/// The list in the file is of the day of the timestamp. `--fetch-crls` gets the current one.
#[test]
fn a_current_list_shows_that_the_timestamp_authority_was_revoked() {
    let Some(authority) = Authority::start() else {
        return;
    };
    let signed = SignedDocument::new(&[]);
    let root = signed.fetch("/certs/root-ca-v1.pem", "root.pem");
    let crl = signed.fetch("/crl/root-ca-v1.crl", "root.crl");
    let timestamp_root = authority.folder.path().join("root.pem");
    let timestamp_root = path(&timestamp_root);
    let compact = signed.file("contract.pdf.jws");
    let timestamp = ["timestamp", path(&compact), "--authority", &authority.url];
    let options = ["--root", timestamp_root];
    run(signed.home.path(), &[&timestamp[..], &options].concat()).expect_code(0);

    let timestamped = signed.file("contract.pdf.jws.json");
    let level = |more: &[&str]| {
        let options = ["--signature", path(&timestamped), "--root", &root];
        let trusted = ["--crl", &crl, "--timestamp-root", timestamp_root];
        let report = signed.verify(&[&options[..], &trusted, more].concat(), 0);
        report["summary"]["level"].as_str().map(str::to_owned)
    };
    assert_eq!(level(&["--fetch-crls"]).as_deref(), Some("B-T"));
    authority.is_revoked();
    assert_eq!(level(&[]).as_deref(), Some("B-T"));
    assert_eq!(level(&["--fetch-crls"]).as_deref(), Some("B-B"));
}

#[test]
fn a_login_that_was_no_signing_has_no_signature() {
    let home = tempfile::tempdir().expect("a folder");
    let truid = Truid::start(&[LINK]);
    let session = logged_in(home.path(), &truid);
    let done = run(home.path(), &["session", "signature", &session]).expect_code(7);
    assert!(done.stderr.contains("LoginRequest::signing"), "{done:#?}");
}

#[test]
fn a_wrong_option_says_what_to_change() {
    let home = tempfile::tempdir().expect("a folder");
    let file = |name: &str, content: &str| {
        let file = home.path().join(name);
        std::fs::write(&file, content).expect("writable");
        path(&file).to_owned()
    };
    let document = file("d", "document");
    file("d.jws", "a..b");
    let empty = file("empty.pem", "");
    for (options, words) in [
        (vec!["--at", "yesterday"], "RFC 3339"),
        (vec!["--root", &empty], "no certificate"),
        (vec!["--crl", &empty], "no revocation list"),
        (vec!["--root", "http://example.com/roots.pem"], "https"),
        (vec!["--root", "/nonexistent.pem"], "cannot be read"),
        (vec!["--signature", "/nonexistent.jws"], "cannot be read"),
    ] {
        let args = [vec!["verify", &document], options].concat();
        let done = run(home.path(), &args).expect_code(2);
        assert!(done.stderr.contains(words), "{words}: {done:#?}");
    }
    run(
        home.path(),
        &["verify", "--digest", "abc", "--signature", "x"],
    )
    .expect_code(2);
    run(home.path(), &["verify"]).expect_code(2);
    let message = ["sign", &document, "--message", " ", "--force"];
    let done = run(home.path(), &message).expect_code(2);
    assert!(done.stderr.contains("--message"), "{done:#?}");
}

/// The file has holes: it needs no space on the disk. The command may not load it.
#[cfg(target_os = "linux")]
#[test]
fn a_large_document_needs_little_memory() {
    let signed = SignedDocument::new(&[]);
    let document = signed.file("large.bin");
    let file = std::fs::File::create(&document).expect("writable");
    file.set_len(256 << 20).expect("a file with holes");
    // The limit is on the data of the process, in KiB.
    let limited = format!(
        "ulimit -d 65536; exec \"$0\" verify '{}' --signature '{}' --json",
        path(&document),
        path(&signed.file("contract.pdf.jws"))
    );
    let done = std::process::Command::new("sh")
        .args(["-c", &limited, env!("CARGO_BIN_EXE_switchback")])
        .output()
        .expect("there is sh");
    assert_eq!(done.status.code(), Some(9), "{done:?}");
    // SHA-256 of 256 MiB of zeros.
    let report = String::from_utf8_lossy(&done.stdout);
    assert!(
        report.contains("ptcqx2kPU75q5GuohQa9lzAqCT9xCEcr2e_Dzv2gZIQ"),
        "{report}"
    );
}
