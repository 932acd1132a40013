//! The signatures of the sandbox, right and wrong, as cases for a second implementation.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use switchback::http::Reqwest;
use switchback::ports::HttpTransport as _;
use switchback::provider::truid::DataPoint;
use switchback::signature::{Anchors, Crl, DocumentDigest, Policy, SignRequest};
use switchback::{Client, LoginRequest, Session};
use switchback_jades::{P256_ALGORITHMS, Serialization, TimestampRequest};
use switchback_protocol::Provider;
use switchback_protocol::http::{Method, Request, Response};
use switchback_protocol::signature::verify;
use switchback_sandbox::{
    Config, Misbehaviour, RegisteredClient, Sandbox, SignatureForm, SigningTime,
};

use super::vectors::{Case, Document, Expected};
use crate::support::{CLIENT_ID, Fixture, REDIRECT_URI, TestClock, sandbox_of, session_of};

/// 2027-01-15T08:00:00Z.
const IN_2027: i64 = 1_800_000_000;
/// 2024-07-03T09:46:40Z, when the standard demanded `sigT`.
const IN_2024: i64 = 1_720_000_000;
const DAY: i64 = 24 * 60 * 60;

/// All signatures of the sandbox: of each form, without and with a timestamp, on day 1 and on day 31;
/// and each wrong one. A name says which.
pub(crate) async fn cases() -> Vec<Case> {
    let default = SignatureForm::default;
    let mut cases = Vec::new();
    for (name, form, now) in [
        ("sandbox", default(), IN_2027),
        (
            "sandbox-without-presentation",
            SignatureForm {
                presentation: false,
                ..default()
            },
            IN_2027,
        ),
        (
            "sandbox-with-sigt-in-2024",
            form(SigningTime::SigT, true),
            IN_2024,
        ),
        ("sandbox-with-sigt", form(SigningTime::SigT, true), IN_2027),
        (
            "sandbox-without-x5t",
            form(SigningTime::Iat, false),
            IN_2027,
        ),
        ("sandbox-of-2023", form(SigningTime::SigT, false), IN_2027),
    ] {
        cases.extend(on_both_days(name, form, now).await);
    }
    let signed = Signed::new("", default(), IN_2027).await;
    let wrong = Misbehaviour::ALL.iter().copied();
    for wrong in wrong.filter(|wrong| wrong.id().starts_with("signature-")) {
        let signature = signed.signature(Some(wrong)).await;
        cases.push(signed.case(wrong.id(), signature).await);
    }
    cases
}

fn form(time: SigningTime, x5t_s256: bool) -> SignatureForm {
    SignatureForm {
        time,
        x5t_s256,
        presentation: false,
    }
}

/// A signature of this form: compact, with a timestamp, and with the wrong one.
async fn on_both_days(name: &str, form: SignatureForm, now: i64) -> Vec<Case> {
    let signed = Signed::new(name, form, now).await;
    let compact = signed.signature(None).await;
    let timestamped = signed.timestamped(&compact, None).await;
    let wrong = Some(Misbehaviour::TimestampWrongImprint);
    let wrong = signed.timestamped(&compact, wrong).await;
    // A time is proven if it is before that of the verification.
    signed.fixture.advance(60);
    let mut cases = Vec::new();
    for day in ["", "-day-31"] {
        for (kind, signature) in [
            ("", &compact),
            ("-timestamped", &timestamped),
            ("-timestamp-wrong-imprint", &wrong),
        ] {
            cases.push(
                signed
                    .case(&format!("{kind}{day}"), signature.clone())
                    .await,
            );
        }
        // The certificate of the person expires after 30 days.
        signed.fixture.advance(31 * DAY);
    }
    cases
}

/// A document that a person signed with the sandbox.
struct Signed {
    fixture: Fixture,
    session: Session,
    http: Reqwest,
    asked: SignRequest,
    name: String,
}

impl Signed {
    /// A sandbox that makes signatures of this form, and whose clock shows `now`.
    async fn new(name: &str, form: SignatureForm, now: i64) -> Self {
        let config = Config {
            now: Some(now),
            seed: Some("signatures".to_owned()),
            signature: form,
            ..sandbox_of(RegisteredClient::public(CLIENT_ID, REDIRECT_URI))
        };
        let sandbox = Sandbox::start(config).await.unwrap();
        let fixture = Fixture {
            clock: TestClock::at(sandbox.now()),
            sandbox,
            store: std::sync::Arc::default(),
        };
        let client: Client = fixture.app();
        let digest = DocumentDigest::of(b"a contract");
        let asked = SignRequest::new("https://example.com/contract.pdf", digest, "I sign it");
        let asked = asked.with_content_type("application/pdf");
        let login = LoginRequest::signing(asked.clone(), DataPoint::ALL);
        let login = client.begin(login).await.unwrap();
        let link = fixture.approve(&login.url);
        let session = session_of(client.complete(&link).await.unwrap());
        let session = client.session(&session).await.unwrap();
        Self {
            fixture,
            session,
            http: Reqwest::new(),
            asked,
            name: name.to_owned(),
        }
    }

    /// The signature, as the sandbox misbehaves.
    async fn signature(&self, misbehaviour: Option<Misbehaviour>) -> String {
        let token = self.session.access_token().await.unwrap();
        let bearer = format!("Bearer {}", token.expose());
        let headers = [("authorization", bearer)];
        let request = self.request(Method::Get, "/exchange/v1/signature", headers, misbehaviour);
        String::from_utf8(body(self.http.send(request).await.unwrap())).unwrap()
    }

    /// The JSON serialization with a timestamp of the sandbox, and the revocation list of now.
    async fn timestamped(&self, compact: &str, misbehaviour: Option<Misbehaviour>) -> String {
        let mut signature = Serialization::read(compact.as_bytes()).unwrap();
        let query = TimestampRequest::new(&signature, [7; 8]);
        let headers = [("content-type", "application/timestamp-query".to_owned())];
        let post = self.request(Method::Post, "/tsa", headers, misbehaviour);
        let answer = self.http.send_bytes(post, query.der().to_vec()).await;
        let answer = body(answer.unwrap());
        let token = match misbehaviour {
            None => query.read_response(&answer).unwrap(),
            // The status `granted` is 9 bytes long with the tag and length of the answer. The caller
            // would refuse the rest, so it is read here.
            Some(_) => answer[9..].to_vec(),
        };
        signature.add_timestamp(&token);
        signature.add_crl(&self.download("/crl/root-ca-v1.crl").await);
        signature.to_json()
    }

    async fn download(&self, path: &str) -> Vec<u8> {
        let request = self.request(Method::Get, path, [], None);
        body(self.http.send(request).await.unwrap())
    }

    fn request<const N: usize>(
        &self,
        method: Method,
        path: &str,
        headers: [(&'static str, String); N],
        misbehaviour: Option<Misbehaviour>,
    ) -> Request {
        let misbehaviour = misbehaviour.map(|one| ("switchback-misbehave", one.id().to_owned()));
        let headers = headers.into_iter().chain(misbehaviour);
        Request {
            method,
            once: false,
            url: format!("{}{path}", self.fixture.sandbox.url()),
            headers: headers.map(|(name, value)| (name, value.into())).collect(),
            body: None,
        }
    }

    /// The case of a signature now, with what the sandbox publishes now, and with our result.
    async fn case(&self, name: &str, signature: String) -> Case {
        let text = |der: Vec<u8>| String::from_utf8(der).unwrap();
        let anchors = vec![text(self.download("/certs/root-ca-v1.pem").await)];
        let timestamp_root = self.download("/tsa/root-ca-v1.pem").await;
        let crl = self.download("/crl/root-ca-v1.crl").await;
        let mut case = Case {
            name: format!("{}{name}", self.name),
            signature,
            document: Some(Document {
                sha256: self.asked.digest().base64url(),
            }),
            id: Some(self.asked.id.clone()),
            anchors,
            timestamp_anchors: vec![text(timestamp_root)],
            crls: vec![pem_of_list(&crl)],
            time: self.fixture.sandbox.now(),
            expected: Expected::default(),
            later: None,
        };
        case.expected = self.verify(&case);
        case
    }

    fn verify(&self, case: &Case) -> Expected {
        let read = |files: &[String]| Anchors::read(files.concat().as_bytes()).unwrap();
        let (anchors, timestamp_anchors) = (read(&case.anchors), read(&case.timestamp_anchors));
        let crls = case
            .crls
            .iter()
            .map(|crl| Crl::read(crl.as_bytes()).unwrap());
        let crls: Vec<Crl> = crls.collect();
        let policy = Policy {
            crls: &crls,
            timestamp_anchors: &timestamp_anchors,
            ..Policy::new(&anchors, P256_ALGORITHMS, case.time)
        };
        let truid = Provider::truid();
        let facts = truid.facts().signing.as_ref().unwrap();
        let asked = self.asked.asked();
        let report = verify(case.signature.as_bytes(), &asked, facts, &policy);
        let text = |value: serde_json::Value| value.as_str().map(str::to_owned);
        let level = report.summary.as_ref().map(|summary| summary.level);
        Expected {
            indication: report.indication.as_str().to_owned(),
            sub_indication: text(json!(report.sub_indication)),
            level: text(json!(level)),
        }
    }
}

fn body(answer: Response) -> Vec<u8> {
    assert_eq!(answer.status, 200);
    answer.body.clone()
}

fn pem_of_list(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    format!("-----BEGIN X509 CRL-----\n{text}\n-----END X509 CRL-----\n")
}
