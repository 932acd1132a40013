//! Signing against a provider that answers as the test says.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use switchback_driver::ports::{BoxFuture, Clock, HttpTransport, SystemEntropy, TransportError};
use switchback_driver::task::lock;
use switchback_jades::{Check, DocumentDigest, Indication, Outcome, Policy, Report, SubIndication};
use switchback_protocol::http::{Request, Response};
use switchback_protocol::provider::SigningFacts;
use switchback_protocol::signature::SignRequest;
use switchback_protocol::time::Time;
use switchback_protocol::{Environment, Provider, Purpose, Registration, Secret};

use super::{Signing, SigningId, SigningOptions, SigningStatus};
use crate::store::{RowStore, Sqlite};
use crate::{
    ClientAuthentication, Config, Credential, Error, Keys, LoginOutcome, Platform, Refusal, Service,
};

/// The provider, and the person who signs.
struct ProviderDouble {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The pushed parameters of the newest request.
    pushed: BTreeMap<String, String>,
    refresh_token: u32,
    refreshes: u32,
    signature_requests: u32,
    /// What is different in the signature.
    signature: BTreeMap<&'static str, String>,
    signature_is_down: bool,
    refuses_refresh: bool,
    subject: String,
    /// Signature requests get no answer.
    hangs: bool,
}

struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Time {
        Time::wall(self.0.load(Ordering::SeqCst))
    }
}

impl HttpTransport for ProviderDouble {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let url = request.url.split('?').next().unwrap().to_owned();
            if url.ends_with("/exchange/v1/signature") {
                let accept = request.headers.iter().find(|(name, _)| *name == "accept");
                assert_eq!(accept.unwrap().1.expose(), "application/jose");
                let hangs = {
                    let mut state = lock(&self.state);
                    state.signature_requests += 1;
                    state.hangs
                };
                if hangs {
                    std::future::pending::<()>().await;
                }
            }
            Ok(self.answer(&url, &request))
        })
    }
}

impl ProviderDouble {
    fn answer(&self, url: &str, request: &Request) -> Response {
        let mut state = lock(&self.state);
        let path = url.strip_prefix("https://id.example").unwrap_or(url);
        let body = request.body.as_ref().map_or("", Secret::expose);
        let form: BTreeMap<String, String> = form_urlencoded::parse(body.as_bytes())
            .into_owned()
            .collect();
        match path {
            "/oauth2/v1/par/sign" => {
                state.pushed = form;
                json_response(201, &json!({ "request_uri": "R-1", "expires_in": 60 }))
            }
            "/oauth2/v1/token" => {
                if let Some(token) = form.get("refresh_token") {
                    let newest = format!("r{}", state.refresh_token);
                    assert_eq!(*token, newest, "a refresh token was used twice");
                    state.refreshes += 1;
                    if state.refuses_refresh {
                        return json_response(400, &json!({ "error": "invalid_grant" }));
                    }
                }
                state.refresh_token += 1;
                let n = state.refresh_token;
                json_response(
                    200,
                    &json!({
                        "access_token": format!("a{n}"), "refresh_token": format!("r{n}"),
                        "token_type": "bearer", "expires_in": 300,
                    }),
                )
            }
            "/exchange/v1/signature" if state.signature_is_down => json_response(503, &json!({})),
            "/exchange/v1/signature" => Response {
                status: 200,
                headers: vec![("content-type".into(), "application/jose".into())],
                body: state.signature().into_bytes(),
            },
            "/oidc/v1/user-info" => json_response(200, &json!({ "sub": state.subject })),
            "/exchange/v2/presentation" => json_response(
                200,
                &json!({ "sub": state.subject, "claims": [
                    { "type": "truid.app/claim/name/v1", "value": "Ada" }
                ] }),
            ),
            other => panic!("the double has no {other}"),
        }
    }
}

impl State {
    /// A text in the form of a signature, with what it is of.
    fn signature(&self) -> String {
        let said = |name: &'static str, parameter: &str| {
            let asked = self.pushed.get(parameter).cloned().unwrap_or_default();
            self.signature.get(name).cloned().unwrap_or(asked)
        };
        let header = json!({
            "digest": said("digest", "data_object_digest"),
            "message": said("message", "user_message"),
            "root": self.signature.get("root").map_or("ours", String::as_str),
            "crl": self.signature.get("crl").map_or("here", String::as_str),
        });
        format!("{}..AAAA", URL_SAFE_NO_PAD.encode(header.to_string()))
    }
}

fn json_response(status: u16, body: &serde_json::Value) -> Response {
    Response {
        status,
        headers: vec![("content-type".into(), "application/json".into())],
        body: body.to_string().into_bytes(),
    }
}

/// Verifies the text of [`State::signature`]. The real verification has its own tests.
fn verify(signature: &[u8], request: &SignRequest, _: &SigningFacts, _: &Policy<'_>) -> Report {
    let text = std::str::from_utf8(signature).unwrap();
    let header = URL_SAFE_NO_PAD
        .decode(text.split('.').next().unwrap())
        .unwrap();
    let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
    // The real verification also looks at the chain before the message.
    let wrong = [
        (header["crl"] != "here", SubIndication::TryLater),
        (
            header["digest"] != *request.digest().base64url(),
            SubIndication::HashFailure,
        ),
        (
            header["message"] != *request.user_message,
            SubIndication::SigConstraintsFailure,
        ),
        (
            header["root"] != "ours",
            SubIndication::NoCertificateChainFound,
        ),
    ];
    let wrong = wrong.into_iter().filter(|(is_wrong, _)| *is_wrong);
    let wrong = Vec::from_iter(wrong.map(|(_, why)| why));
    let failed = |why: &&SubIndication| why.indication() == Indication::TotalFailed;
    let why = wrong.iter().find(failed).or(wrong.first()).copied();
    let indication = why.map_or(Indication::TotalPassed, SubIndication::indication);
    Report {
        indication,
        sub_indication: why,
        at_claimed_time: indication,
        checks: Vec::from_iter(wrong.into_iter().map(|why| Check {
            name: "of-the-test",
            outcome: Outcome::Failed,
            text: "The check of the test did not pass.".into(),
            section: "",
            sub_indication: Some(why),
        })),
        summary: None,
    }
}

struct Fixture {
    provider: Arc<ProviderDouble>,
    clock: Arc<TestClock>,
    store: Arc<dyn RowStore>,
    _folder: tempfile::TempDir,
}

impl Fixture {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(1_800_000_000)));
        let state = State {
            subject: "ada".into(),
            ..State::default()
        };
        Self {
            provider: Arc::new(ProviderDouble {
                state: Mutex::new(state),
            }),
            clock,
            store: Arc::new(Sqlite::open(folder.path().join("a.db")).await.unwrap()),
            _folder: folder,
        }
    }

    /// A node of the service.
    fn node(&self) -> Service {
        let provider = Provider::truid().with_base_url("https://id.example");
        let registration = Registration::new(
            provider,
            "client",
            "https://service.example/truid/complete",
            Environment::Production,
        );
        let secret = ClientAuthentication::SecretPost("a-client-secret".into());
        let config = Config::new(registration.unwrap(), secret)
            .with_purpose(Purpose::Login, ["truid.app/data-point/name"])
            .with_signing(Signing::new(roots()), Vec::<String>::new());
        let platform = Platform {
            store: Arc::clone(&self.store),
            keys: Keys::read("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap(),
            http: Arc::clone(&self.provider) as Arc<dyn HttpTransport>,
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            entropy: Arc::new(SystemEntropy),
        };
        let mut service = Service::new(config, platform).unwrap();
        Arc::get_mut(&mut service.inner).unwrap().verify = verify;
        service
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        lock(&self.provider.state)
    }

    fn advance(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

fn roots() -> switchback_jades::Anchors {
    let root = include_bytes!("../../../../jades/tests/chains/truid-test-root.pem");
    switchback_jades::Anchors::read(root).unwrap()
}

fn request() -> SignRequest {
    SignRequest::new(
        "https://service.example/17.pdf",
        DocumentDigest::of(b"a contract"),
        "I sign contract 17",
    )
    .with_content_type("application/pdf")
}

/// A signing that a person has begun.
struct Begun {
    id: SigningId,
    who: Credential,
    state: Secret,
}

/// A login for a signing, on the only node.
async fn begun_signing() -> (Fixture, Service, Begun) {
    let fixture = Fixture::new().await;
    let node = fixture.node();
    let signing = begin(&node).await;
    (fixture, node, signing)
}

/// A login after which the provider gives no signature: it was down, and answers again.
async fn signed_while_down() -> (Fixture, Service, Begun) {
    let (fixture, node, signing) = begun_signing().await;
    fixture.state().signature_is_down = true;
    signing.complete(&node).await;
    fixture.state().signature_is_down = false;
    (fixture, node, signing)
}

async fn begin(node: &Service) -> Begun {
    let login = node.begin_signing(request(), None).await.unwrap();
    begun(login)
}

fn begun(login: crate::LoginAttempt) -> Begun {
    Begun {
        id: login.signing.unwrap(),
        who: login.initiator.unwrap(),
        state: login.state,
    }
}

impl Begun {
    async fn complete(&self, node: &Service) -> LoginOutcome {
        let query = format!("code=c&state={}", self.state.expose());
        let done = node.complete(&query, Some(&self.who), &[], false);
        done.await.unwrap()
    }

    async fn decline(&self, node: &Service) -> LoginOutcome {
        let query = format!("error=access_denied&state={}", self.state.expose());
        let done = node.complete(&query, Some(&self.who), &[], false);
        done.await.unwrap()
    }
}

fn is_signed(status: &SigningStatus) -> bool {
    matches!(status, SigningStatus::Signed(_))
}

#[tokio::test]
async fn a_verified_signature_is_stored_at_completion() {
    let (fixture, node, signing) = begun_signing().await;
    assert_eq!(fixture.state().pushed["user_message"], "I sign contract 17");
    assert_eq!(node.signing(&signing.id).await, Ok(SigningStatus::Pending));
    let LoginOutcome::LoggedIn {
        purpose,
        signing: id,
        ..
    } = signing.complete(&node).await
    else {
        panic!("no session");
    };
    assert_eq!((purpose, id), (Purpose::Signing, Some(signing.id)));
    assert_eq!(fixture.state().signature_requests, 1);
    for _ in 0..2 {
        let SigningStatus::Signed(signature) = node.signing(&signing.id).await.unwrap() else {
            panic!("not signed");
        };
        assert_eq!(signature.report["indication"], "TOTAL-PASSED");
        assert_eq!(signature.verified_at, 1_800_000_000);
    }
    let state = fixture.state();
    assert_eq!(
        (state.signature_requests, state.refreshes),
        (1, 0),
        "it comes from the database"
    );
}

#[tokio::test]
async fn the_database_has_neither_the_message_nor_the_id() {
    let (fixture, node, signing) = begun_signing().await;
    signing.complete(&node).await;
    let row = fixture
        .store
        .signature(signing.id.row())
        .await
        .unwrap()
        .unwrap();
    let id = signing.id.to_string();
    for secret in ["I sign", "17.pdf", &id, "TOTAL-PASSED"] {
        let found = |bytes: &[u8]| {
            bytes
                .windows(secret.len())
                .any(|it| it == secret.as_bytes())
        };
        assert!(
            !found(&row.sealed.bytes) && !found(row.id.as_bytes()),
            "{secret}"
        );
    }
    // 30 days after the login.
    assert_eq!(row.remove_at, 1_800_000_000 + 30 * 24 * 3600);
    // A row that was changed opens nothing.
    let mut later = row.clone();
    later.generation += 1;
    later.remove_at += 1;
    fixture
        .store
        .replace_signature(row.generation, later)
        .await
        .unwrap();
    let read = node.signing(&signing.id).await;
    assert!(matches!(read, Err(Error::UnreadableRow { .. })), "{read:?}");
}

#[tokio::test]
async fn a_signature_of_something_else_is_refused_and_not_stored() {
    for (name, why) in [
        ("digest", "HASH_FAILURE"),
        ("message", "SIG_CONSTRAINTS_FAILURE"),
        ("root", "NO_CERTIFICATE_CHAIN_FOUND"),
    ] {
        let (fixture, node, signing) = begun_signing().await;
        fixture.state().signature.insert(name, "another".into());
        signing.complete(&node).await;
        let (_, stored) = node
            .inner
            .signing_row(&signing.id.row())
            .await
            .unwrap()
            .unwrap();
        assert!(stored.kept.is_none(), "{name}");
        let status = node.signing(&signing.id).await.unwrap();
        let SigningStatus::Refused(report) = status else {
            panic!("{status:?}");
        };
        assert_eq!(report["sub_indication"], why);
        assert!(report.get("summary").is_none());
        assert_eq!(node.counters().signatures_refused.get(), 2);
        // The next call asks the provider again: the configuration may be corrected meanwhile.
        fixture.state().signature.clear();
        assert!(
            is_signed(&node.signing(&signing.id).await.unwrap()),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_signature_is_fetched_with_a_refreshed_token_after_the_provider_was_down() {
    let (fixture, node, signing) = begun_signing().await;
    fixture.state().signature_is_down = true;
    let done = signing.complete(&node).await;
    assert!(matches!(done, LoginOutcome::LoggedIn { .. }), "{done:?}");
    let read = node.signing(&signing.id).await;
    assert!(matches!(read, Err(Error::TryAgain { .. })), "{read:?}");
    fixture.advance(29 * 24 * 3600);
    fixture.state().signature_is_down = false;
    assert!(is_signed(&node.signing(&signing.id).await.unwrap()));
    assert!(fixture.state().refreshes > 0);
}

#[tokio::test]
async fn the_maintenance_fetches_what_is_missing() {
    let (fixture, node, signing) = signed_while_down().await;
    node.continue_signings().await.unwrap();
    assert_eq!(fixture.state().signature_requests, 1, "it is not due yet");
    fixture.advance(61);
    node.continue_signings().await.unwrap();
    assert_eq!(fixture.state().signature_requests, 2);
    fixture.advance(24 * 3600);
    node.continue_signings().await.unwrap();
    assert!(is_signed(&node.signing(&signing.id).await.unwrap()));
    assert_eq!(fixture.state().signature_requests, 2);
}

#[tokio::test]
async fn a_node_that_dies_during_the_fetch_loses_nothing() {
    let fixture = Fixture::new().await;
    let signing = begin(&fixture.node()).await;
    fixture.state().hangs = true;
    {
        // The process ends while it waits for the signature.
        let node = fixture.node();
        let query = format!("code=c&state={}", signing.state.expose());
        let done = node.complete(&query, Some(&signing.who), &[], false);
        let mut done = std::pin::pin!(done);
        let asked = async {
            while fixture.state().signature_requests == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            biased;
            () = asked => {}
            _ = &mut done => panic!("it does not wait for the signature"),
        }
    }
    fixture.state().hangs = false;
    let other = fixture.node();
    assert!(is_signed(&other.signing(&signing.id).await.unwrap()));
}

#[tokio::test]
async fn two_nodes_store_one_signature() {
    let fixture = Fixture::new().await;
    let (one, other) = (fixture.node(), fixture.node());
    let signing = begin(&one).await;
    fixture.state().signature_is_down = true;
    signing.complete(&other).await;
    fixture.state().signature_is_down = false;
    let both = tokio::join!(one.signing(&signing.id), other.signing(&signing.id));
    // A node that waits for the refresh of the other one may be asked again.
    for read in [both.0, both.1] {
        assert!(matches!(
            read,
            Ok(SigningStatus::Signed(_)) | Err(Error::TryAgain { .. })
        ));
    }
    assert!(is_signed(&one.signing(&signing.id).await.unwrap()));
    assert_eq!(
        one.signing(&signing.id).await,
        other.signing(&signing.id).await
    );
}

#[tokio::test]
async fn concurrent_calls_send_one_request() {
    let (fixture, node, signing) = signed_while_down().await;
    fixture.state().signature_requests = 0;
    let all = futures_util::future::join_all((0..20).map(|_| node.signing(&signing.id))).await;
    assert!(all.iter().all(|read| read.as_ref().is_ok_and(is_signed)));
    assert_eq!(fixture.state().signature_requests, 1);
}

#[tokio::test]
async fn a_signature_without_revocation_information_is_verified_again() {
    let (fixture, node, signing) = begun_signing().await;
    fixture.state().signature.insert("crl", "missing".into());
    signing.complete(&node).await;
    let status = node.signing(&signing.id).await.unwrap();
    let SigningStatus::Unverified(report) = status else {
        panic!("{status:?}");
    };
    assert_eq!(report["sub_indication"], "TRY_LATER");
    assert_eq!(fixture.state().signature_requests, 1, "it is stored");
}

#[tokio::test]
async fn a_missing_revocation_list_does_not_hide_a_wrong_signature() {
    for name in ["digest", "message", "root"] {
        let (fixture, node, signing) = begun_signing().await;
        let wrong = [(name, "another".into()), ("crl", "missing".into())];
        fixture.state().signature.extend(wrong);
        signing.complete(&node).await;
        let status = node.signing(&signing.id).await.unwrap();
        assert_eq!(status.as_str(), "refused", "{name}");
        let row = node.inner.signing_row(&signing.id.row()).await;
        assert!(row.unwrap().unwrap().1.kept.is_none(), "{name}");
    }
}

#[tokio::test]
async fn a_person_who_declined_may_begin_again() {
    let (_fixture, node, signing) = begun_signing().await;
    let done = signing.decline(&node).await;
    assert!(matches!(done, LoginOutcome::Refused(Refusal::Declined)));
    assert_eq!(node.signing(&signing.id).await, Ok(SigningStatus::Declined));
    let again = node
        .begin_prepared_signing(&signing.id, None)
        .await
        .unwrap();
    assert_eq!(node.signing(&signing.id).await, Ok(SigningStatus::Pending));
    let again = begun(again);
    again.complete(&node).await;
    assert!(is_signed(&node.signing(&signing.id).await.unwrap()));
    let closed = node.begin_prepared_signing(&signing.id, None).await;
    assert_eq!(closed.err(), Some(Error::SigningClosed));
}

#[tokio::test]
async fn a_text_with_a_control_character_is_refused_before_it_is_stored() {
    let fixture = Fixture::new().await;
    let node = fixture.node();
    let digest = DocumentDigest::of(b"a contract");
    for (id, message, content_type, named) in [
        ("urn:a\0", "a", "a/b", "id"),
        ("urn:a", "two\nlines", "a/b", "user message"),
        ("urn:a", "a", "a/b\u{85}", "content type"),
    ] {
        let wrong = SignRequest::new(id, digest, message).with_content_type(content_type);
        let prepared = node.prepare_signing(wrong.clone(), SigningOptions::default());
        let refused = Error::ControlCharacter(named);
        assert!(refused.to_string().contains(named));
        assert_eq!(prepared.await.err(), Some(refused.clone()));
        let begun = node.begin_signing(wrong, None).await;
        assert_eq!(begun.err(), Some(refused));
    }
    assert_eq!(node.counters().signings_prepared.get(), 0);
}

#[tokio::test]
async fn a_signing_expires() {
    let fixture = Fixture::new().await;
    let node = fixture.node();
    let options = SigningOptions {
        open_for: Some(60),
        ..SigningOptions::default()
    };
    let prepared = node.prepare_signing(request(), options).await.unwrap();
    fixture.advance(59);
    let login = node
        .begin_prepared_signing(&prepared.id, None)
        .await
        .unwrap();
    fixture.advance(1);
    let closed = node.begin_prepared_signing(&prepared.id, None).await;
    assert_eq!(closed.err(), Some(Error::SigningClosed));
    // A login that has begun may go on.
    assert_eq!(node.signing(&prepared.id).await, Ok(SigningStatus::Pending));
    fixture.advance(599);
    assert_eq!(node.signing(&prepared.id).await, Ok(SigningStatus::Expired));
    begun(login).complete(&node).await;
    assert_eq!(node.signing(&prepared.id).await, Ok(SigningStatus::Expired));
    fixture.advance(32 * 24 * 3600);
    let removed = node.clean_up().await.unwrap();
    assert_eq!(removed.signatures, 1);
    assert_eq!(node.signing(&prepared.id).await, Err(Error::UnknownSigning));
}

#[tokio::test]
async fn a_second_person_cannot_sign_what_is_signed() {
    let fixture = Fixture::new().await;
    let node = fixture.node();
    let first = begin(&node).await;
    let second = begun(node.begin_prepared_signing(&first.id, None).await.unwrap());
    first.complete(&node).await;
    let signed = node.signing(&first.id).await.unwrap();
    let refused = second.complete(&node).await;
    assert!(matches!(refused, LoginOutcome::Refused(_)), "{refused:?}");
    assert_eq!(node.signing(&first.id).await, Ok(signed));
}

/// A login for a signing that names Bea. The person of her login does not sign: Ada does.
async fn begin_for_another(node: &Service, id: &SigningId) -> Begun {
    name_person(node, id, None).await;
    let login = node.begin_prepared_signing(id, None).await.unwrap();
    name_person(node, id, Some("bea")).await;
    begun(login)
}

async fn name_person(node: &Service, id: &SigningId, subject: Option<&str>) {
    let row = id.row();
    let named = node.inner.decide_signing(&row, |signing, _| {
        signing.subject = subject.map(str::to_owned);
        Some(())
    });
    named.await.map(drop).unwrap();
}

fn for_bea() -> SigningOptions {
    SigningOptions {
        subject: Some("bea".into()),
        ..SigningOptions::default()
    }
}

#[tokio::test]
async fn only_the_named_person_may_sign() {
    let fixture = Fixture::new().await;
    let node = fixture.node();
    let options = for_bea();
    let prepared = node.prepare_signing(request(), options).await.unwrap();
    let without_login = node.begin_prepared_signing(&prepared.id, None).await;
    assert!(matches!(without_login, Err(Error::LoginRequired(_))));
    let login = begin_for_another(&node, &prepared.id).await;
    let refused = login.complete(&node).await;
    assert!(matches!(refused, LoginOutcome::Refused(_)), "{refused:?}");
    assert_eq!(
        node.signing(&prepared.id).await,
        Ok(SigningStatus::OtherPerson)
    );
    let claims = node
        .signatory(&prepared.id, &["truid.app/claim/name/v1"])
        .await;
    assert_eq!(claims.err(), Some(Error::NotSigned));
}

#[tokio::test]
async fn the_data_of_another_person_is_not_given_without_a_signature() {
    let claims = ["truid.app/claim/name/v1"];
    for is_down in [true, false] {
        let fixture = Fixture::new().await;
        let node = fixture.node();
        let prepared = node.prepare_signing(request(), for_bea()).await.unwrap();
        let login = begin_for_another(&node, &prepared.id).await;
        {
            let mut state = fixture.state();
            state.signature_is_down = is_down;
            // Refused for this, before anything says who signed.
            state.signature.insert("message", "another".into());
        }
        login.complete(&node).await;
        let (_, stored) = node
            .inner
            .signing_row(&prepared.id.row())
            .await
            .unwrap()
            .unwrap();
        assert!(!stored.other_person && stored.kept.is_none());
        let read = node.signatory(&prepared.id, &claims).await;
        assert_eq!(read.err(), Some(Error::NotSigned), "is_down: {is_down}");
        // The data of the named person is given.
        name_person(&node, &prepared.id, Some("ada")).await;
        let person = node.signatory(&prepared.id, &claims).await.unwrap();
        assert_eq!(&*person.sub, "ada");
    }
}

#[tokio::test]
async fn the_signatory_is_known_by_the_id() {
    let (_fixture, node, signing) = begun_signing().await;
    let claims = ["truid.app/claim/name/v1"];
    let early = node.signatory(&signing.id, &claims).await;
    assert_eq!(early.err(), Some(Error::NotSigned));
    signing.complete(&node).await;
    let person = node.signatory(&signing.id, &claims).await.unwrap();
    assert_eq!((&*person.sub, person.text(claims[0])), ("ada", Some("Ada")));
}

#[tokio::test]
async fn a_log_out_leaves_the_signature() {
    let (fixture, node, signing) = begun_signing().await;
    fixture.state().signature_is_down = true;
    let LoginOutcome::LoggedIn { credential, .. } = signing.complete(&node).await else {
        panic!("no session");
    };
    node.log_out(&credential).await.unwrap();
    fixture.state().signature_is_down = false;
    assert!(is_signed(&node.signing(&signing.id).await.unwrap()));
}

#[tokio::test]
async fn a_removed_signing_leaves_nothing() {
    let fixture = Fixture::new().await;
    let node = fixture.node();
    let (signed, open) = (begin(&node).await, begin(&node).await);
    signed.complete(&node).await;
    for signing in [&signed, &open] {
        node.remove_signing(&signing.id).await.unwrap();
        node.remove_signing(&signing.id).await.unwrap();
        assert_eq!(node.signing(&signing.id).await, Err(Error::UnknownSigning));
    }
    let refused = open.complete(&node).await;
    assert!(matches!(refused, LoginOutcome::Refused(_)), "{refused:?}");
    for signing in [signed, open] {
        let grant = crate::time_ordered::attempt_id(&signing.state);
        let grant = node.inner.grant(grant.as_str()).await.unwrap();
        assert!(grant.is_none_or(|grant| grant.is_over()));
    }
}

#[tokio::test]
async fn a_grant_that_the_provider_ends_loses_the_signature() {
    let (fixture, node, signing) = signed_while_down().await;
    fixture.state().refuses_refresh = true;
    for _ in 0..2 {
        assert_eq!(node.signing(&signing.id).await, Ok(SigningStatus::Lost));
    }
}

/// The provider ends the grant while the service reads the data of the person.
async fn end_grant_of(fixture: &Fixture, node: &Service, id: &SigningId) {
    fixture.advance(301);
    fixture.state().refuses_refresh = true;
    let read = node.signatory(id, &["truid.app/claim/name/v1"]).await;
    assert!(matches!(read, Err(Error::LoginRequired(_))), "{read:?}");
    fixture.state().refuses_refresh = false;
}

#[tokio::test]
async fn the_maintenance_leaves_a_lost_signature_alone() {
    let (fixture, node, signing) = signed_while_down().await;
    let due = async || {
        let due = fixture.store.unfinished_signatures(i64::MAX, None, 10);
        due.await.unwrap().len()
    };
    assert_eq!(due().await, 1);
    end_grant_of(&fixture, &node, &signing.id).await;
    for _ in 0..2 {
        assert_eq!(node.signing(&signing.id).await, Ok(SigningStatus::Lost));
        assert_eq!(due().await, 0);
    }
}

#[tokio::test]
async fn the_maintenance_waits_for_another_login_of_a_lost_signature() {
    let (fixture, node, first) = begun_signing().await;
    let second = node.begin_prepared_signing(&first.id, None).await;
    let second = begun(second.unwrap());
    fixture.state().signature_is_down = true;
    first.complete(&node).await;
    end_grant_of(&fixture, &node, &first.id).await;
    assert_eq!(node.signing(&first.id).await, Ok(SigningStatus::Lost));
    second.complete(&node).await;
    fixture.state().signature_is_down = false;
    fixture.advance(2 * 600);
    node.continue_signings().await.unwrap();
    assert!(is_signed(&node.signing(&first.id).await.unwrap()));
}

#[tokio::test]
async fn a_signing_with_a_stored_signature_does_not_begin_again() {
    let (fixture, node, signing) = begun_signing().await;
    fixture.state().signature.insert("crl", "missing".into());
    signing.complete(&node).await;
    // The signature outlives the grant.
    let grant = crate::time_ordered::attempt_id(&signing.state);
    node.inner.end_grant(&grant).await.unwrap();
    let again = node.begin_prepared_signing(&signing.id, None).await;
    assert_eq!(again.err(), Some(Error::SigningClosed));
}

#[tokio::test]
async fn a_login_may_be_completing_for_as_long_as_a_lease() {
    let (_fixture, mut node, _) = begun_signing().await;
    let inner = Arc::get_mut(&mut node.inner).unwrap();
    let id = crate::time_ordered::attempt_id(&"a".into());
    let login = super::row::BegunLogin::new(&id, 1000);
    for (timeout, over_at) in [(600, 2200), (60, 1120), (10, 1070)] {
        inner.config.login_timeout = timeout;
        assert_eq!(inner.over_at(&login), over_at);
    }
}
