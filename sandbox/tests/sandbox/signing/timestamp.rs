//! Tests of the timestamp authority, verified with `openssl ts`.

use switchback_sandbox::Counters;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::openssl::{is_here, openssl};
use super::*;

const QUERY: &str = "Content-Type: application/timestamp-query";

/// The head of the answer, and its body.
async fn stamp(client: &TestClient, headers: &str, query: &[u8]) -> (String, Vec<u8>) {
    let to = client.to;
    let length = query.len();
    let head = format!(
        "POST /tsa HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n{headers}\r\nContent-Length: {length}\r\n\r\n"
    );
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(query).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let end = answer.windows(4).position(|part| part == b"\r\n\r\n");
    let (head, body) = answer.split_at(end.unwrap() + 4);
    (String::from_utf8(head.to_vec()).unwrap(), body.to_vec())
}

/// A request for a timestamp of this digest, without nonce and certificate.
fn query(digest: &[u8; 32]) -> Vec<u8> {
    const HEAD: &[u8] = &[
        0x30, 0x36, 0x02, 0x01, 0x01, 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
        0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
    ];
    [HEAD, digest].concat()
}

fn contains(body: &[u8], part: &[u8]) -> bool {
    body.windows(part.len()).any(|own| own == part)
}

/// Checks that a rule changes the imprint once.
pub(super) async fn changes_the_imprint(client: &mut TestClient) {
    let digest = Sha256::digest(DOCUMENT).into();
    let rule = Rule::new(Misbehaviour::TimestampWrongImprint);
    client.sandbox.misbehave(rule).unwrap();
    let (_, wrong) = stamp(client, QUERY, &query(&digest)).await;
    assert!(!contains(&wrong, &digest));
    let (_, right) = stamp(client, QUERY, &query(&digest)).await;
    assert!(contains(&right, &digest));
}

#[tokio::test]
async fn a_timestamp_has_the_media_types_of_the_standard() {
    let client = TestClient::start_with(fixed()).await;
    let digest = Sha256::digest(DOCUMENT).into();
    let (head, first) = stamp(&client, QUERY, &query(&digest)).await;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    let kind = "content-type: application/timestamp-reply\r\n";
    assert!(head.contains(kind), "{head}");
    assert!(contains(&first, b"20270115080000Z"), "the sandbox's clock");
    let (_, second) = stamp(&client, QUERY, &query(&digest)).await;
    assert_ne!(first, second, "the serial number is another one");
    client.sandbox.reset();
    let (_, again) = stamp(&client, QUERY, &query(&digest)).await;
    assert_eq!(again, first, "the seed repeats it");
    // A request that cannot be read has an answer with a status.
    let (head, refused) = stamp(&client, QUERY, b"nonsense").await;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    assert_eq!(refused, [0x30, 9, 0x30, 7, 2, 1, 2, 3, 2, 2, 4]);
    let (head, _) = stamp(&client, FORM, &query(&digest)).await;
    assert!(head.starts_with("HTTP/1.1 415 "), "{head}");
    assert_eq!(client.found(), [""; 0]);
    let Counters { timestamps, .. } = client.sandbox.counters();
    assert_eq!(timestamps, 2);
}

#[tokio::test]
async fn openssl_verifies_a_timestamp() {
    if !is_here() {
        return;
    }
    let client = TestClient::start_with(fixed()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    std::fs::write(file("document"), DOCUMENT).unwrap();
    let root = send(client.to, "GET /tsa/root-ca-v1.pem", &[], "").await;
    std::fs::write(file("root.pem"), root.body).unwrap();
    let own = download(&client, "/tsa/root-ca-v1.crt").await;
    let signing = download(&client, "/certs/root-ca-v1.crt").await;
    assert_ne!(own, signing, "timestamps have their own root");

    for digest in ["-sha256", "-sha384", "-sha512"] {
        let query = [
            "ts", "-query", "-data", "document", digest, "-cert", "-out", "query",
        ];
        let (good, output) = openssl(folder.path(), &query);
        assert!(good, "{output}");
        let query = std::fs::read(file("query")).unwrap();
        let (_, reply) = stamp(&client, QUERY, &query).await;
        std::fs::write(file("reply"), reply).unwrap();
        let at = NOW.to_string();
        let verify = [
            "ts",
            "-verify",
            "-in",
            "reply",
            "-queryfile",
            "query",
            "-CAfile",
            "root.pem",
            "-attime",
            &at,
            "-x509_strict",
        ];
        let (good, output) = openssl(folder.path(), &verify);
        assert!(
            good && output.contains("Verification: OK"),
            "{digest}: {output}"
        );

        let headers = format!("{QUERY}\r\nSwitchback-Misbehave: timestamp-wrong-imprint");
        let (_, wrong) = stamp(&client, &headers, &query).await;
        std::fs::write(file("reply"), wrong).unwrap();
        let (good, output) = openssl(folder.path(), &verify);
        assert!(!good && output.contains("imprint"), "{digest}: {output}");
    }
}
