//! Tests of signing: the request, the signature, its certificates and the revocation list. They
//! verify with `ring` and `openssl`, and not with Switchback.

mod openssl;
mod request;
mod signature;
mod timestamp;
mod wrong;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::Value;
use sha2::{Digest, Sha256};
use switchback_sandbox::{Config, Finding, Misbehaviour, Rule};
use x509_cert::Certificate;
use x509_cert::der::Decode;

use crate::support::*;
use crate::test_client::{BACKEND_REDIRECT, Login, TestClient};

/// A fixed clock: 2027-01-15T08:00:00Z.
const NOW: i64 = 1_800_000_000;
const DAY: i64 = 24 * 60 * 60;
const DOCUMENT: &[u8] = b"%PDF-1.7 a rental contract";
const DOCUMENT_ID: &str = "https://example.com/docs/contract-17.pdf";
const MESSAGE: &str = "Jag undertecknar hyresavtalet nr 17";

/// A configuration in which nothing is random.
fn fixed() -> Config {
    Config {
        seed: Some("signing".into()),
        now: Some(NOW),
        ..Config::default()
    }
}

/// A request for a signature, for the public client.
fn signing(client: &mut TestClient) -> Login {
    let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(DOCUMENT));
    client
        .login()
        .set("signature_profile", "aes_jades_baseline_b-b")
        .set("jws_serialization", "compact")
        .set("jws_packaging", "detached")
        .set("data_object_id", DOCUMENT_ID)
        .set("data_object_digest", &digest)
        .set("data_object_digest_algorithm", "S256")
        .set("data_object_b64", "false")
        .set("data_object_content_type", "application/pdf")
        .set("user_message", MESSAGE)
}

/// The tokens of a signing that the person approved.
async fn tokens(client: &TestClient, signing: &Login) -> Value {
    let page = client.authorize_for("sign", signing, &[]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let code = parameter(&client.approve(), "code").unwrap();
    client.exchange(signing, &code).await.json()
}

/// The answer of the signature endpoint.
async fn fetch(client: &TestClient, tokens: &Value, headers: &[&str]) -> Answer {
    let bearer = format!("Authorization: Bearer {}", text(tokens, "access_token"));
    let headers: Vec<&str> = [bearer.as_str()].iter().chain(headers).copied().collect();
    send(client.to, "GET /exchange/v1/signature", &headers, "").await
}

/// A new signature, with the headers of the request that fetches it.
async fn signed(client: &mut TestClient, headers: &[&str]) -> Signature {
    let signing = signing(client);
    let tokens = tokens(client, &signing).await;
    let answer = fetch(client, &tokens, headers).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    Signature::read(&answer.body)
}

/// A parsed signature. Parsing checks only what every signature here has.
struct Signature {
    protected: String,
    payload: String,
    value: Vec<u8>,
    header: Value,
    /// The certificates in `x5c`.
    chain: Vec<Vec<u8>>,
}

impl Signature {
    fn read(compact: &str) -> Signature {
        let parts: Vec<&str> = compact.split('.').collect();
        let [protected, payload, value] = parts.as_slice() else {
            panic!("it has {} parts", parts.len());
        };
        let header = URL_SAFE_NO_PAD.decode(protected).unwrap();
        let header: Value = serde_json::from_slice(&header).unwrap();
        let chain = header["x5c"].as_array().unwrap().iter();
        let chain = chain.map(|one| STANDARD.decode(one.as_str().unwrap()).unwrap());
        Signature {
            protected: (*protected).to_owned(),
            payload: (*payload).to_owned(),
            value: URL_SAFE_NO_PAD.decode(value).unwrap(),
            chain: chain.collect(),
            header,
        }
    }

    fn certificate(&self, place: usize) -> Certificate {
        Certificate::from_der(&self.chain[place]).unwrap()
    }

    /// Whether the key of the first certificate made this signature, over the header and the
    /// payload (RFC 7515 section 5.2).
    fn verifies(&self) -> bool {
        let leaf = self.certificate(0);
        let key = leaf.tbs_certificate().subject_public_key_info();
        let key = key.subject_public_key.raw_bytes().to_vec();
        let input = format!("{}.{}", self.protected, self.payload);
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key)
            .verify(input.as_bytes(), &self.value)
            .is_ok()
    }

    fn at(&self, pointer: &str) -> Option<&Value> {
        self.header.pointer(pointer)
    }
}

/// The body of a `GET` that is not text.
async fn download(client: &TestClient, path: &str) -> Vec<u8> {
    let answer = raw(client.to, &format!("GET {path}"), &[], "").await;
    let head = answer.windows(4).position(|part| part == b"\r\n\r\n");
    let (head, body) = answer.split_at(head.unwrap() + 4);
    assert!(head.starts_with(b"HTTP/1.1 200 "), "{path}");
    body.to_vec()
}

/// Provokes a finding about signing, as a client would.
pub(crate) async fn provoke(finding: Finding, client: &mut TestClient) {
    let request = signing(client);
    let request = match finding {
        Finding::SigningParameterMissing => request.without("data_object_id"),
        Finding::SigningParameterWrong => request.set("jws_serialization", "json"),
        Finding::DocumentDigestMalformed => request.set("data_object_digest", "x"),
        Finding::DocumentIdNotUri => request.set("data_object_id", "contract 17"),
        Finding::UserMessageBlank => request.set("user_message", " "),
        Finding::UserMessageLong => request.set("user_message", &"x".repeat(501)),
        Finding::SigningNotPushed => request
            .set("client_id", "demo-backend")
            .set("redirect_uri", BACKEND_REDIRECT),
        Finding::SignatureNotAcceptable => {
            let tokens = tokens(client, &request).await;
            fetch(client, &tokens, &["Accept: application/json"]).await;
            return;
        }
        Finding::SignatureWithoutSigning => {
            let tokens = client.logged_in().await;
            fetch(client, &tokens, &[]).await;
            return;
        }
        other => panic!("no test provokes {other}"),
    };
    client.authorize_for("sign", &request, &[]).await;
}

/// Checks that a rule changes the signature once. The tests in `wrong` check how.
pub(crate) async fn changes_the_signature(wrong: Misbehaviour, client: &mut TestClient) {
    let request = signing(client);
    let tokens = tokens(client, &request).await;
    let right = fetch(client, &tokens, &[]).await.body;
    client.sandbox.misbehave(Rule::new(wrong)).unwrap();
    let changed = fetch(client, &tokens, &[]).await.body;
    assert_ne!(changed, right, "{wrong}");
    assert_eq!(fetch(client, &tokens, &[]).await.body, right, "{wrong}");
}

/// Checks that a rule changes the imprint of a timestamp once.
pub(crate) async fn changes_the_imprint(client: &mut TestClient) {
    timestamp::changes_the_imprint(client).await;
}
