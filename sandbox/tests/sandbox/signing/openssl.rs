//! Tests with `openssl`, which others wrote: it verifies the certificates with the revocation
//! list. They run if `SWITCHBACK_TEST_CURL` is set, as `cargo xtask test` does.

use std::path::{Path, PathBuf};
use std::process::Command;

use x509_cert::der::pem::{LineEnding, encode_string};

use super::*;

/// Whether `openssl` is here.
pub(super) fn is_here() -> bool {
    std::env::var_os("SWITCHBACK_TEST_CURL").is_some()
}

/// Runs `openssl`. Returns whether it succeeded, and its output.
pub(super) fn openssl(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let run = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&run.stdout).into_owned();
    let errors = String::from_utf8_lossy(&run.stderr);
    (run.status.success(), output + &*errors)
}

fn pem(folder: &Path, name: &str, der: &[u8]) -> PathBuf {
    let file = folder.join(name);
    let text = encode_string("CERTIFICATE", LineEnding::LF, der).unwrap();
    std::fs::write(&file, text).unwrap();
    file
}

/// Verifies the chain of a signature at this time, with the current revocation list.
async fn verify(client: &TestClient, signature: &Signature, at: i64) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    pem(folder.path(), "leaf.pem", &signature.chain[0]);
    pem(folder.path(), "intermediate.pem", &signature.chain[1]);
    let root = send(client.to, "GET /certs/root-ca-v1.pem", &[], "").await;
    std::fs::write(folder.path().join("root.pem"), root.body).unwrap();
    let list = download(client, "/crl/root-ca-v1.crl").await;
    let list = encode_string("X509 CRL", LineEnding::LF, &list).unwrap();
    std::fs::write(folder.path().join("list.pem"), list).unwrap();
    // The intermediate as the certificate to check: its revocation list is that of the root. The
    // leaf's issuer has none.
    let common = [
        "verify",
        "-attime",
        &at.to_string(),
        "-x509_strict",
        "-CAfile",
        "root.pem",
    ];
    let with_list = [
        &common[..],
        &["-crl_check", "-CRLfile", "list.pem", "intermediate.pem"],
    ];
    let checked = openssl(folder.path(), &with_list.concat());
    if !checked.0 {
        return checked;
    }
    let whole = [&common[..], &["-untrusted", "intermediate.pem", "leaf.pem"]];
    openssl(folder.path(), &whole.concat())
}

#[tokio::test]
async fn openssl_verifies_the_chain_until_the_leaf_expires() {
    if !is_here() {
        return;
    }
    let mut client = TestClient::start_with(fixed()).await;
    let signature = signed(&mut client, &[]).await;
    let (good, output) = verify(&client, &signature, NOW).await;
    assert!(good, "{output}");
    client.sandbox.advance(31 * DAY);
    let (good, output) = verify(&client, &signature, NOW + 31 * DAY).await;
    assert!(!good && output.contains("expired"), "{output}");
}

#[tokio::test]
async fn openssl_finds_the_wrong_chains() {
    if !is_here() {
        return;
    }
    let mut client = TestClient::start_with(fixed()).await;
    for (misbehaviour, part) in [
        ("signature-expired-leaf", "expired"),
        ("signature-revoked-intermediate", "revoked"),
        ("signature-foreign-root", "error"),
        ("signature-swapped-chain", "error"),
    ] {
        let header = format!("Switchback-Misbehave: {misbehaviour}");
        let signature = signed(&mut client, &[&header]).await;
        let (good, output) = verify(&client, &signature, NOW).await;
        assert!(!good && output.contains(part), "{misbehaviour}: {output}");
    }
}

#[tokio::test]
async fn openssl_finds_the_revoked_intermediate_in_the_list() {
    if !is_here() {
        return;
    }
    let mut client = TestClient::start_with(fixed()).await;
    let signature = signed(&mut client, &[]).await;
    client.sandbox.revoke_intermediate(true);
    let (good, output) = verify(&client, &signature, NOW).await;
    assert!(!good && output.contains("revoked"), "{output}");
    client.sandbox.revoke_intermediate(false);
    let (good, output) = verify(&client, &signature, NOW).await;
    assert!(good, "{output}");
}

#[tokio::test]
async fn a_list_is_of_the_time_when_it_is_requested() {
    if !is_here() {
        return;
    }
    let client = TestClient::start_with(fixed()).await;
    let folder = tempfile::tempdir().unwrap();
    client.sandbox.advance(DAY);
    let list = download(&client, "/crl/root-ca-v1.crl").await;
    std::fs::write(folder.path().join("list.der"), list).unwrap();
    let arguments = [
        "crl",
        "-inform",
        "DER",
        "-in",
        "list.der",
        "-noout",
        "-lastupdate",
        "-nextupdate",
    ];
    let (good, output) = openssl(folder.path(), &arguments);
    assert!(good, "{output}");
    assert!(
        output.contains("lastUpdate=Jan 16 08:00:00 2027 GMT"),
        "{output}"
    );
    assert!(
        output.contains("nextUpdate=Jan 17 08:00:00 2027 GMT"),
        "{output}"
    );
}
