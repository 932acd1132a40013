//! A service has documents signed: over HTTP with an API key, by an app and in a browser.

use axum::body::{Body, Bytes};
use axum::http::Request;
use serde_json::{Value, json};
use switchback::http::Reqwest;
use switchback::ports::HttpTransport;
use switchback_backend::signature::{Anchors, DigestInput, DocumentDigest, DocumentHasher};
use switchback_backend::{Config, Service, Signing, Timestamps};
use switchback_protocol::Purpose;
use switchback_sandbox::{Endpoint, Misbehaviour, Rule, Times};

use super::database::Database;
use super::support::{API_KEY, Answer, BackendFixture, HTML, Node, XHR, config_at, path};

pub(super) const DOCUMENT: &[u8] = b"%PDF-1.7 a rental contract";
pub(super) const MESSAGE: &str = "Jag undertecknar hyresavtalet nr 17";

/// A configuration with signing: it trusts the root of the sandbox at this URL.
pub(super) async fn signing_config_at(base_url: &str) -> Config {
    let roots = roots(&format!("{base_url}/certs/root-ca-v1.pem")).await;
    let scope = ["truid.app/data-point/name"];
    config_at(base_url).with_signing(Signing::new(roots), scope)
}

/// The same with timestamps of the sandbox's authority.
pub(super) async fn timestamping_config_at(base_url: &str) -> Config {
    let mut config = signing_config_at(base_url).await;
    let roots = roots(&format!("{base_url}/tsa/root-ca-v1.pem")).await;
    let timestamps = Timestamps::new(format!("{base_url}/tsa"), roots);
    config.signing.as_mut().unwrap().timestamps = Some(timestamps);
    config
}

async fn roots(url: &str) -> Anchors {
    Anchors::read(&published(url).await).unwrap()
}

async fn published(url: &str) -> Vec<u8> {
    let request = switchback_protocol::http::Request {
        method: switchback_protocol::http::Method::Get,
        once: false,
        url: url.into(),
        headers: Vec::new(),
        body: None,
    };
    let answer = Reqwest::new().send(request).await.unwrap();
    assert_eq!(answer.status, 200);
    answer.body.clone()
}

impl BackendFixture {
    /// What the sandbox publishes at this path.
    pub(super) async fn published(&self, path: &str) -> Vec<u8> {
        published(&format!("{}{path}", self.sandbox.url())).await
    }

    /// The configuration with signing: it trusts the sandbox's root.
    pub(crate) async fn signing_config(&self) -> Config {
        signing_config_at(self.sandbox.url()).await
    }

    /// A node that has documents signed.
    pub(crate) async fn signing_node(&self) -> Node {
        let service = Service::new(self.signing_config().await, self.platform()).unwrap();
        Node::with_api_keys(service, API_KEY)
    }
}

pub(super) fn key() -> String {
    format!("Bearer {API_KEY}")
}

pub(super) fn asked() -> Value {
    json!({
        "document_id": "https://service.example/contracts/17.pdf",
        "digest": DocumentDigest::of(DOCUMENT).base64url(),
        "content_type": "application/pdf",
        "user_message": MESSAGE,
    })
}

pub(super) async fn prepare(node: &Node, asked: &Value) -> Answer {
    let headers = [
        ("authorization", &*key()),
        ("content-type", "application/json"),
    ];
    node.post("/truid/signatures", &headers, &asked.to_string())
        .await
}

/// The id of a new signing.
pub(super) async fn prepared(node: &Node, asked: &Value) -> String {
    let answer = prepare(node, asked).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let (id, said) = (answer.json()["id"].clone(), answer.json());
    let id = id.as_str().unwrap().to_owned();
    assert_eq!(answer.location(), format!("/truid/signatures/{id}"));
    let url = format!("https://service.example/truid/sign?request={id}");
    assert_eq!(said["url"], url);
    id
}

pub(super) async fn read(node: &Node, id: &str) -> Answer {
    let address = format!("/truid/signatures/{id}");
    node.get(&address, &[("authorization", &key())]).await
}

pub(super) async fn status(node: &Node, id: &str) -> Value {
    let answer = read(node, id).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

impl BackendFixture {
    /// An app begins the signing, and the person approves. Returns the cookie and the callback.
    pub(super) async fn approved_signing(&self, node: &Node, id: &str) -> (String, String) {
        let begin = format!("/truid/sign?request={id}");
        let started = node.get(&begin, &[XHR]).await;
        assert_eq!(started.status, 202, "{started:?}");
        let link = self.approve(started.location());
        (started.cookie().unwrap(), path(&link).to_owned())
    }

    /// The person signs with an app.
    pub(super) async fn sign(&self, node: &Node, id: &str) {
        let (cookie, callback) = self.approved_signing(node, id).await;
        let completed = node.get(&callback, &[XHR, ("cookie", &cookie)]).await;
        assert_eq!(completed.status, 200, "{completed:?}");
        assert_eq!(
            completed.json(),
            json!({ "purpose": "signing", "signing": id })
        );
    }

    pub(super) fn misbehave_at_signature(&self, misbehaviour: Misbehaviour) {
        let mut rule = Rule::new(misbehaviour);
        rule.endpoint = Some(Endpoint::Signature);
        rule.times = Times::ALWAYS;
        self.sandbox.misbehave(rule).unwrap();
    }
}

#[tokio::test]
async fn an_app_signs_a_document() {
    let fixture = BackendFixture::new().await;
    let node = fixture.signing_node().await;
    let id = prepared(&node, &asked()).await;
    assert_eq!(status(&node, &id).await, json!({ "status": "pending" }));
    fixture.sign(&node, &id).await;
    let signed = status(&node, &id).await;
    assert_eq!(signed["status"], "signed", "{signed:#}");
    assert_eq!(signed["report"]["indication"], "TOTAL-PASSED");
    let address = format!("/truid/signatures/{id}");
    let authorization = ("authorization", &*key());
    let jose = [authorization, ("accept", "application/jose")];
    let raw = node.get(&address, &jose).await;
    assert_eq!(raw.header("content-type"), "application/jose");
    assert_eq!(raw.body, signed["signature"].as_str().unwrap());
    let claims = format!("{address}/presentation?claims=truid.app/claim/name/v1");
    let person = node.get(&claims, &[authorization]).await;
    assert_eq!(person.status, 200, "{person:?}");
    assert_eq!(
        person.json()["claims"][0]["type"],
        "truid.app/claim/name/v1"
    );
    // Nothing of it is a login.
    assert_eq!(node.get("/truid/session", &[XHR]).await.status, 401);
    let removed = node.send(super::support::request(
        "DELETE",
        &address,
        &[authorization],
        "",
    ));
    assert_eq!(removed.await.status, 204);
    read(&node, &id)
        .await
        .is(404, r#"{"error":"unknown_signing"}"#);
    assert_eq!(fixture.sandbox.findings(), []);
}

#[tokio::test]
async fn a_signing_has_its_own_session() {
    let fixture = BackendFixture::new().await;
    let node = fixture.signing_node().await;
    let id = prepared(&node, &asked()).await;
    let (cookie, callback) = fixture.approved_signing(&node, &id).await;
    let completed = node.get(&callback, &[XHR, ("cookie", &cookie)]).await;
    let cookies = completed.cookies_after(&cookie);
    let shown = ("cookie", &*cookies);
    let session = node.get("/truid/session?purpose=signing", &[shown]).await;
    assert_eq!(session.json()["purpose"], "signing", "{session:?}");
    assert_eq!(node.get("/truid/session", &[shown]).await.status, 401);
    // A log-out ends the session, and the signature stays.
    assert_eq!(node.post("/truid/log-out", &[shown], "").await.status, 204);
    let session = node.get("/truid/session?purpose=signing", &[shown]).await;
    assert_eq!(session.status, 401);
    assert_eq!(status(&node, &id).await["status"], "signed");
}

#[tokio::test]
async fn a_browser_signs_a_document() {
    let fixture = BackendFixture::new().await;
    let node = fixture.signing_node().await;
    let id = prepared(&node, &asked()).await;
    let begin = format!("/truid/sign?request={id}");
    let started = node.get(&begin, &[HTML]).await;
    assert_eq!(started.status, 302, "{started:?}");
    let cookie = started.cookie().unwrap();
    let link = fixture.approve(started.location());
    let done = node.get(path(&link), &[HTML, ("cookie", &cookie)]).await;
    assert_eq!(
        (done.status.as_u16(), done.location()),
        (302, &*format!("/?signing={id}"))
    );
    assert_eq!(status(&node, &id).await["status"], "signed");
    // The address is used up.
    let again = node.get(&begin, &[HTML]).await;
    assert_eq!(again.status, 409);
    assert!(again.body.contains("nothing to sign"), "{again:?}");
    let again = node.get(&begin, &[XHR]).await;
    again.is(409, r#"{"error":"signing_closed"}"#);
}

#[tokio::test]
async fn a_person_declines() {
    let fixture = BackendFixture::new().await;
    let node = fixture.signing_node().await;
    let id = prepared(&node, &asked()).await;
    let started = node.get(&format!("/truid/sign?request={id}"), &[XHR]).await;
    let link = fixture.decline(started.location());
    let cookie = started.cookie().unwrap();
    let declined = node.get(path(&link), &[XHR, ("cookie", &cookie)]).await;
    declined.is(403, r#"{"error":"access_denied"}"#);
    assert_eq!(status(&node, &id).await, json!({ "status": "declined" }));
    let jose = [("authorization", &*key()), ("accept", "application/jose")];
    let raw = node.get(&format!("/truid/signatures/{id}"), &jose).await;
    raw.is(409, r#"{"error":"not_signed","status":"declined"}"#);
    let claims = format!("/truid/signatures/{id}/presentation?claims=truid.app/claim/name/v1");
    let early = node.get(&claims, &[("authorization", &key())]).await;
    early.is(409, r#"{"error":"not_signed"}"#);
}

/// Each of these signatures is wrong: none is stored, and none is passed on.
#[tokio::test]
async fn a_wrong_signature_is_not_stored_or_returned() {
    for (misbehaviour, reason) in [
        (Misbehaviour::SignatureOtherDocument, "HASH_FAILURE"),
        (
            Misbehaviour::SignatureOtherMessage,
            "SIG_CONSTRAINTS_FAILURE",
        ),
        (Misbehaviour::SignatureChangedHeader, "SIG_CRYPTO_FAILURE"),
        (
            Misbehaviour::SignatureForeignRoot,
            "NO_CERTIFICATE_CHAIN_FOUND",
        ),
        (
            Misbehaviour::SignatureRevokedIntermediate,
            "REVOKED_CA_NO_POE",
        ),
        (Misbehaviour::SignatureUnknownCrit, "FORMAT_FAILURE"),
        (Misbehaviour::SignatureDer, "FORMAT_FAILURE"),
    ] {
        let fixture = BackendFixture::new().await;
        let node = fixture.signing_node().await;
        let id = prepared(&node, &asked()).await;
        fixture.misbehave_at_signature(misbehaviour);
        fixture.sign(&node, &id).await;
        let refused = status(&node, &id).await;
        assert_eq!(
            refused["status"], "refused",
            "{misbehaviour:?}: {refused:#}"
        );
        let sub_indication = &refused["report"]["sub_indication"];
        assert_eq!(sub_indication, reason, "{misbehaviour:?}: {refused:#}");
        assert!(refused.get("signature").is_none());
        assert_eq!(node.service.counters().signatures_verified.get(), 0);
    }
}

#[tokio::test]
async fn a_signature_comes_later_if_the_provider_is_down() {
    let fixture = BackendFixture::new().await;
    let node = fixture.signing_node().await;
    let id = prepared(&node, &asked()).await;
    fixture.misbehave_at_signature(Misbehaviour::ServerError);
    fixture.sign(&node, &id).await;
    let down = read(&node, &id).await;
    assert_eq!(down.status, 503, "{down:?}");
    fixture.sandbox.behave();
    // Another node, after the access token has expired.
    fixture.advance(3600);
    let other = fixture.signing_node().await;
    assert_eq!(status(&other, &id).await["status"], "signed");
    assert_eq!(fixture.sandbox.findings(), []);
}

#[tokio::test]
async fn a_signature_without_a_revocation_list_is_verified_again() {
    let fixture = BackendFixture::new().await;
    let mut config = fixture.signing_config().await;
    config.signing.as_mut().unwrap().offline = true;
    let offline = Service::new(config, fixture.platform()).unwrap();
    let offline = Node::with_api_keys(offline, API_KEY);
    let id = prepared(&offline, &asked()).await;
    fixture.sign(&offline, &id).await;
    let unverified = status(&offline, &id).await;
    assert_eq!(unverified["status"], "unverified", "{unverified:#}");
    assert_eq!(unverified["report"]["sub_indication"], "TRY_LATER");
    assert!(unverified.get("signature").is_none());
    let node = fixture.signing_node().await;
    let before = fixture.sandbox.counters().signatures;
    assert_eq!(status(&node, &id).await["status"], "signed");
    assert_eq!(
        fixture.sandbox.counters().signatures,
        before,
        "it was stored"
    );
    assert_eq!(status(&offline, &id).await["status"], "signed");
}

#[tokio::test]
async fn only_the_named_person_may_sign() {
    let fixture = BackendFixture::new().await;
    let node = fixture.signing_node().await;
    let login = fixture.log_in(&node).await;
    let session = node.get("/truid/session", &[("cookie", &login)]).await;
    let mut asked = asked();
    asked["sub"] = session.json()["sub"].clone();
    let id = prepared(&node, &asked).await;
    let begin = format!("/truid/sign?request={id}");
    let without_login = node.get(&begin, &[XHR]).await;
    assert_eq!(without_login.status, 401, "{without_login:?}");
    let started = node.get(&begin, &[XHR, ("cookie", &login)]).await;
    assert_eq!(started.status, 202, "{started:?}");
    let link = fixture.approve(started.location());
    let done = node.get(path(&link), &[XHR, ("cookie", &login)]).await;
    assert_eq!(done.status, 200, "{done:?}");
    assert_eq!(status(&node, &id).await["status"], "signed");
    asked["sub"] = "another-person".into();
    let id = prepared(&node, &asked).await;
    let begin = format!("/truid/sign?request={id}");
    let other = node.get(&begin, &[XHR, ("cookie", &login)]).await;
    other.is(403, r#"{"error":"other_person"}"#);
    let other = node.get(&begin, &[HTML, ("cookie", &login)]).await;
    assert_eq!(other.status, 403);
}

#[tokio::test]
async fn wrong_requests_are_refused() {
    let fixture = BackendFixture::new().await;
    let node = fixture.signing_node().await;
    for (field, value) in [
        ("document_id", json!("")),
        ("document_id", json!("a\u{0}")),
        ("digest", json!("AAAA")),
        ("digest", json!(7)),
        ("user_message", json!("")),
        ("user_message", json!("two\nlines")),
        ("user_message", json!("a".repeat(5000))),
        ("content_type", json!("applicatiön/pdf")),
        ("data_points", json!("name")),
        ("expires_in", json!(1)),
        ("sub", json!("")),
        ("document", json!("unknown field")),
    ] {
        let mut asked = asked();
        asked[field] = value;
        let refused = prepare(&node, &asked).await;
        assert_eq!(refused.status, 400, "{field}: {refused:?}");
        assert_eq!(refused.json()["error"], "invalid_request");
    }
    let nothing = prepare(&node, &json!({})).await;
    assert_eq!(nothing.status, 400);
    let why = nothing.json()["error_description"].clone();
    assert!(
        why.as_str().unwrap().starts_with("document_id is missing"),
        "{why}"
    );
    let json = ("content-type", "application/json");
    let body = asked().to_string();
    let without_key = node.post("/truid/signatures", &[json], &body).await;
    assert_eq!(without_key.status, 401);
    let key = key();
    let in_browser = [
        json,
        ("authorization", &key),
        ("origin", "https://service.example"),
    ];
    let in_browser = node.post("/truid/signatures", &in_browser, &body).await;
    in_browser.is(403, r#"{"error":"not_for_browsers"}"#);
    let as_form = [("authorization", &*key)];
    assert_eq!(
        node.post("/truid/signatures", &as_form, &body).await.status,
        400
    );
    for id in ["x", &"A".repeat(32)] {
        read(&node, id)
            .await
            .is(404, r#"{"error":"unknown_signing"}"#);
        let begin = node.get(&format!("/truid/sign?request={id}"), &[XHR]).await;
        begin.is(404, r#"{"error":"unknown_signing"}"#);
    }
    let nothing = node.get("/truid/sign", &[XHR]).await;
    nothing.is(400, r#"{"error":"invalid_request"}"#);
    assert_eq!(node.get("/truid/sign", &[HTML]).await.status, 404);
    // Without API keys there are no such addresses, and a service that offers no signing has no
    // start.
    let without_keys = fixture.node();
    assert_eq!(read(&without_keys, "x").await.status, 404);
}

#[tokio::test]
async fn a_document_of_any_length_gets_its_digest() {
    let fixture = BackendFixture::new().await;
    let node = fixture.signing_node().await;
    let part = Bytes::from(vec![7; 1 << 20]);
    for (query, input) in [
        ("", DigestInput::Document),
        ("?b64=false", DigestInput::Document),
        ("?b64=true", DigestInput::Base64url),
    ] {
        let mut hasher = DocumentHasher::new(input);
        let mut parts = Vec::new();
        for _ in 0..20 {
            hasher.update(&part);
            parts.push(Ok::<_, std::io::Error>(part.clone()));
        }
        let body = Body::from_stream(futures_util::stream::iter(parts));
        let request = Request::post(format!("/truid/signatures/digest{query}"))
            .header("authorization", key())
            .body(body);
        let answer = node.send(request.unwrap()).await;
        let is_b64 = input == DigestInput::Base64url;
        let digest = hasher.finish().base64url();
        let said = json!({ "digest": digest, "b64": is_b64, "size": 20 << 20 });
        assert_eq!((answer.status.as_u16(), answer.json()), (200, said));
    }
    let authorization = ("authorization", &*key());
    let wrong = "/truid/signatures/digest?b64=maybe";
    assert_eq!(node.post(wrong, &[authorization], "").await.status, 400);
}

#[tokio::test]
async fn two_nodes_on_postgres_sign() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let fixture = BackendFixture::over(database).await;
    let (one, other) = (fixture.signing_node().await, fixture.signing_node().await);
    let id = prepared(&one, &asked()).await;
    fixture.misbehave_at_signature(Misbehaviour::ServerError);
    fixture.sign(&other, &id).await;
    fixture.sandbox.behave();
    let (first, second) = tokio::join!(status(&one, &id), status(&other, &id));
    assert_eq!(
        (&first["status"], &second["status"]),
        (&json!("signed"), &json!("signed"))
    );
    assert_eq!(first, second);
    // The clean-up removes it with its time.
    fixture.advance(31 * 24 * 3600);
    one.service.clean_up().await.unwrap();
    assert_eq!(read(&other, &id).await.status, 404);
}

#[tokio::test]
async fn a_service_without_roots_does_not_start() {
    let fixture = BackendFixture::new().await;
    let mut config = fixture.config();
    config.scopes.insert(Purpose::Signing, Vec::new());
    let service = Service::new(config, fixture.platform());
    let error = service.err().unwrap().to_string();
    assert!(error.contains("no root is trusted"), "{error}");
}
