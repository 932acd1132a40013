//! Servers that answer wrongly, late, twice or not at all: the error that the caller gets, and what
//! is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use switchback::http::Reqwest;
use switchback::ports::{HttpTransport as _, TransportError};
use switchback::provider::truid::{ClaimType, DataPoint};
use switchback::{
    Client, Error, LoginOutcome, Platform, Purpose, Rule, Session, SessionEnd, store,
};
use switchback_protocol::http::Request;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use wiremock::matchers::{body_string_contains, method, path};
use wiremock::{Mock, MockServer, Respond, ResponseTemplate};

use crate::support::{TestClock, config_at, request, session_of};

const TOKEN: &str = "/oauth2/v1/token";
const START: i64 = 1_700_000_000;

/// An app whose service is this server, with a clock that the test moves.
struct App {
    client: Client,
    clock: Arc<TestClock>,
}

impl App {
    fn at(base_url: &str) -> Self {
        let clock = TestClock::at(START);
        let mut platform = Platform::new(store::Memory::new());
        platform.clock = clock.clone();
        Self {
            client: Client::new(config_at(base_url), platform).unwrap(),
            clock,
        }
    }

    /// Begins a login, and returns the callback link of the identity app.
    async fn link(&self) -> String {
        let login = self.client.begin(request(Purpose::Login)).await.unwrap();
        let (_, state) = login.url.split_once("&state=").unwrap();
        let state = &state[..43];
        format!("{}?code=c0de&state={state}", crate::support::REDIRECT_URI)
    }

    async fn completed(&self) -> Result<LoginOutcome, Error> {
        self.client.complete(&self.link().await).await
    }

    async fn session(&self) -> Session {
        let id = session_of(self.completed().await.unwrap());
        self.client.session(&id).await.unwrap()
    }
}

fn good(n: usize) -> ResponseTemplate {
    json(
        200,
        &format!(
            r#"{{"access_token":"access-{n}","token_type":"bearer","expires_in":60,"refresh_token":"refresh-{n}"}}"#
        ),
    )
}

fn json(status: u16, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, "application/json")
}

fn page(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw("<title>Sign in</title>", "text/html")
}

async fn server(template: impl Respond + 'static) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path(TOKEN))
        .respond_with(template)
        .mount(&server)
        .await;
    server
}

/// Answers once with this answer, and afterwards with tokens.
async fn at_first(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(path(TOKEN))
        .respond_with(answer)
        .up_to_n_times(1)
        .mount(&server)
        .await;
    Mock::given(path(TOKEN))
        .respond_with(good(1))
        .mount(&server)
        .await;
    server
}

#[track_caller]
fn broken(result: Result<LoginOutcome, Error>) -> Rule {
    match result {
        Err(Error::Protocol { endpoint, rule }) => {
            assert_eq!(endpoint, "the token endpoint");
            rule
        }
        other => panic!("not broken: {other:?}"),
    }
}

#[tokio::test]
async fn invalid_token_answers_break_the_protocol() {
    let huge = "x".repeat((1 << 20) + 1);
    let redirect = ResponseTemplate::new(302).insert_header("location", "https://evil.example/");
    for (answer, rule) in [
        (page(200), Rule::ContentType),
        (page(403), Rule::Status(403)),
        (json(200, ""), Rule::EmptyBody),
        (json(200, "{"), Rule::Json(1)),
        (json(200, &huge), Rule::TooLong),
        (json(404, "{}"), Rule::Status(404)),
        (redirect, Rule::Redirect(302)),
        (json(200, "{}"), Rule::Field("token_type")),
    ] {
        let server = server(answer).await;
        let app = App::at(&server.uri());
        assert_eq!(broken(app.completed().await), rule);
        let requests = server.received_requests().await.unwrap();
        assert_eq!(requests.len(), 1, "{rule}: a code is sent once");
    }
}

/// A proxy may compress an answer although the client did not request it: a gzip member with an
/// invalid checksum, which the client ignores.
fn gzip(status: u16, body: &str) -> ResponseTemplate {
    let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let deflated = miniz_oxide::deflate::compress_to_vec(body.as_bytes(), 9);
    let bytes = [&head, &*deflated, &[0; 8]].concat();
    ResponseTemplate::new(status)
        .insert_header("content-encoding", "gzip")
        .set_body_raw(bytes, "application/json")
}

#[tokio::test]
async fn a_compressed_answer_is_decoded() {
    let tokens = r#"{"access_token":"A","token_type":"bearer","refresh_token":"R"}"#;
    let server = server(gzip(200, tokens)).await;
    let session = App::at(&server.uri()).session().await;
    assert_eq!(session.access_token().await.unwrap().expose(), "A");
    let asked = &server.received_requests().await.unwrap()[0];
    assert_eq!(asked.headers["accept-encoding"], "identity");

    let refused = gzip(400, r#"{"error":"invalid_grant"}"#);
    let server = self::server(refused).await;
    let app = App::at(&server.uri());
    let completion = app.completed().await.unwrap();
    assert!(
        matches!(completion, LoginOutcome::Refused { .. }),
        "{completion:?}"
    );

    let bomb = gzip(200, &" ".repeat(64 << 20));
    let server = self::server(bomb).await;
    let app = App::at(&server.uri());
    assert_eq!(broken(app.completed().await), Rule::TooLong);

    let brotli = json(200, "\u{b}\u{2}").insert_header("content-encoding", "br");
    let server = self::server(brotli).await;
    let app = App::at(&server.uri());
    let error = app.completed().await.unwrap_err();
    assert!(error.to_string().contains("compressed (br)"), "{error}");
}

#[tokio::test]
async fn refusals_at_400_401_and_403() {
    for status in [400, 401, 403] {
        let body = r#"{"error":"invalid_grant","error_description":"c0de was used"}"#;
        let server = server(json(status, body)).await;
        let app = App::at(&server.uri());
        let LoginOutcome::Refused { error, interrupted } = app.completed().await.unwrap() else {
            panic!("not refused")
        };
        assert_eq!(error.to_string(), "invalid_grant ([redacted] was used)");
        assert!(!interrupted);
    }
}

/// As for a refresh with the same refusal. The service did not check the code.
#[tokio::test]
async fn a_refused_client_at_the_code_is_a_configuration_error() {
    for code in ["invalid_client", "unauthorized_client"] {
        let body = format!(r#"{{"error":"{code}","error_description":"not c0de"}}"#);
        let server = at_first(json(401, &body)).await;
        let app = App::at(&server.uri());
        let link = app.link().await;
        let Err(Error::Configuration { what }) = app.client.complete(&link).await else {
            panic!("there was no such error")
        };
        assert!(what.contains(&format!("{code} (not [redacted])")), "{what}");
        // The same link once more, after the configuration was corrected.
        session_of(app.client.complete(&link).await.unwrap());
    }
}

#[tokio::test]
async fn a_server_error_does_not_end_the_login() {
    for trouble in [
        json(400, r#"{"error":"temporarily_unavailable"}"#),
        json(400, r#"{"error":"server_error"}"#),
        page(502),
    ] {
        let server = at_first(trouble).await;
        let app = App::at(&server.uri());
        let link = app.link().await;
        let error = app.client.complete(&link).await.unwrap_err();
        assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
        session_of(app.client.complete(&link).await.unwrap());
    }
}

#[tokio::test]
async fn a_busy_service_does_not_use_up_the_code() {
    let server = at_first(page(503).insert_header("retry-after", "2")).await;
    let app = App::at(&server.uri());
    let link = app.link().await;
    let error = app.client.complete(&link).await.unwrap_err();
    assert!(matches!(
        error,
        Error::TryAgain {
            retry_after: Some(2),
            ..
        }
    ));
    assert!(error.to_string().ends_with("try again in 2 s"), "{error}");
    session_of(app.client.complete(&link).await.unwrap());
}

#[tokio::test]
async fn an_unreachable_service_is_try_again() {
    // A port that was free a moment ago, on which no server listens.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let app = App::at(&format!("http://{address}"));
    let link = app.link().await;
    for _ in 0..2 {
        let error = app.client.complete(&link).await.unwrap_err();
        assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
    }
    let pending = app.client.pending_logins().await.unwrap();
    assert_eq!(pending.len(), 1, "the login is still there");
}

/// Reads one request from each connection, answers with these bytes, and closes the connection.
async fn raw(answer: &'static [u8]) -> (String, Arc<AtomicUsize>) {
    raw_in_turn(vec![answer]).await
}

/// The same with one answer for each connection; the last answer repeats.
async fn raw_in_turn(answers: Vec<&'static [u8]>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&requests);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut buffer = [0; 4096];
            if stream.read(&mut buffer).await.unwrap_or(0) > 0 {
                let turn = count.fetch_add(1, Ordering::SeqCst);
                let _ = stream.write_all(answers[turn.min(answers.len() - 1)]).await;
            }
        }
    });
    (url, requests)
}

#[tokio::test]
async fn a_request_is_not_repeated_after_a_broken_connection() {
    for answer in [
        &b""[..],
        b"HTTP/1.1 200 OK\r\ncontent-type: appl",
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{\"acc",
    ] {
        let (url, requests) = raw(answer).await;
        let app = App::at(&url);
        let error = app.completed().await.unwrap_err();
        assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
        assert_eq!(requests.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn a_code_with_a_lost_answer_is_tried_once_more() {
    let refused = b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n\
        content-length: 25\r\nconnection: close\r\n\r\n{\"error\":\"invalid_grant\"}";
    let (url, requests) = raw_in_turn(vec![b"", refused]).await;
    let app = App::at(&url);
    let link = app.link().await;
    let error = app.client.complete(&link).await.unwrap_err();
    assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
    let LoginOutcome::Refused { error, interrupted } = app.client.complete(&link).await.unwrap()
    else {
        panic!("not refused")
    };
    assert_eq!((error.code.as_str(), interrupted), ("invalid_grant", true));
    assert_eq!(requests.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_refresh_whose_connection_breaks_is_interrupted() {
    let tokens = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n\
        {\"access_token\":\"A\",\"token_type\":\"bearer\",\"expires_in\":60,\"refresh_token\":\"R\"}";
    let refused = b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n\
        connection: close\r\n\r\n{\"error\":\"invalid_grant\"}";
    let (url, requests) = raw_in_turn(vec![tokens, b"", refused]).await;
    let app = App::at(&url);
    let session = app.session().await;
    app.clock.advance(60);
    let error = session.access_token().await.unwrap_err();
    assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
    let Error::LoginRequired { reason, .. } = session.access_token().await.unwrap_err() else {
        panic!("it lives")
    };
    assert_eq!(reason, SessionEnd::RotationInterrupted);
    assert_eq!(requests.load(Ordering::SeqCst), 3);
}

/// No other test and no conformance case gives such a URL to the transport.
#[tokio::test]
async fn an_invalid_url_is_not_sent() {
    for url in ["http://127.0.0.1:99999/", "no URL"] {
        let request = Request::post(url, "a=b".into());
        let error = Reqwest::new().send(request).await.unwrap_err();
        assert!(matches!(error, TransportError::NotSent(_)), "{error:?}");
    }
}

#[tokio::test]
async fn an_endless_body_is_cut() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let written = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&written);
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut buffer = [0; 4096];
        let _ = stream.read(&mut buffer).await;
        let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n";
        let _ = stream.write_all(head).await;
        // Until the client closes the connection: at most 64 MiB.
        for _ in 0..1024 {
            if stream.write_all(&[b' '; 65536]).await.is_err() {
                return;
            }
            count.fetch_add(65536, Ordering::SeqCst);
        }
    });
    assert_eq!(broken(App::at(&url).completed().await), Rule::TooLong);
    // One MiB, and the content of the buffers between client and server.
    let written = written.load(Ordering::SeqCst);
    assert!(written < 32 << 20, "{written} bytes were read");
}

/// A server that keeps connections open, answers one request on each, and closes the connection
/// after it has read the next request: a client must not send a token request on such a connection.
#[tokio::test]
async fn token_requests_are_sent_at_most_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let posts = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&posts);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let count = Arc::clone(&count);
            tokio::spawn(async move {
                for turn in 0.. {
                    let mut buffer = [0; 4096];
                    let read = stream.read(&mut buffer).await.unwrap_or(0);
                    if read == 0 {
                        return;
                    }
                    let post = buffer.starts_with(b"POST");
                    if post {
                        count.fetch_add(1, Ordering::SeqCst);
                    }
                    if turn > 0 {
                        return;
                    }
                    let body = match post {
                        true => {
                            r#"{"access_token":"A","token_type":"bearer","expires_in":60,"refresh_token":"R"}"#
                        }
                        false => r#"{"sub":"me"}"#,
                    };
                    let answer = format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                        body.len()
                    );
                    let _ = stream.write_all(answer.as_bytes()).await;
                }
            });
        }
    });
    let app = App::at(&url);
    let session = app.session().await;
    for round in 1..=20 {
        session.user_info().await.unwrap_or_else(|error| {
            // A GET on a kept connection may fail; the caller may repeat it.
            assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
            switchback::identity::UserInfo::read(&switchback_protocol::http::Response {
                status: 200,
                headers: vec![("content-type".into(), "application/json".into())],
                body: br#"{"sub":"me"}"#.to_vec(),
            })
            .unwrap()
        });
        app.clock.advance(60);
        session.access_token().await.unwrap();
        assert_eq!(posts.load(Ordering::SeqCst), 1 + round);
    }
}

/// Answers the code with the first tokens, then each refresh with the next of these answers.
async fn service(answers: Vec<ResponseTemplate>) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(body_string_contains("authorization_code"))
        .respond_with(good(1))
        .mount(&server)
        .await;
    let turn = AtomicUsize::new(0);
    let respond = move |_: &wiremock::Request| {
        let turn = turn.fetch_add(1, Ordering::SeqCst);
        answers[turn.min(answers.len() - 1)].clone()
    };
    Mock::given(body_string_contains("refresh_token"))
        .respond_with(respond)
        .mount(&server)
        .await;
    server
}

#[tokio::test]
async fn a_failed_rotation_is_interrupted() {
    let refused = json(400, r#"{"error":"invalid_grant"}"#);
    let failures = [
        json(500, "{}"),
        page(502),
        page(503),
        page(200),
        json(200, "{\"access_to"),
        json(200, ""),
        json(200, &"x".repeat((1 << 20) + 1)),
        json(400, r#"{"error":"temporarily_unavailable"}"#),
        ResponseTemplate::new(307).insert_header("location", "/elsewhere"),
    ];
    for failure in failures {
        let server = service(vec![failure, refused.clone()]).await;
        let app = App::at(&server.uri());
        let session = app.session().await;
        // 10 s before the expiry, within the skew: the old token is returned while it is valid.
        app.clock.advance(50);
        assert_eq!(session.access_token().await.unwrap().expose(), "access-1");
        assert_eq!(session.access_token().await.unwrap().expose(), "access-1");
        let refreshes = server.received_requests().await.unwrap().len() - 1;
        assert_eq!(
            refreshes, 1,
            "it is not sent again while the old token lives"
        );
        app.clock.advance(10);
        let error = session.access_token().await.unwrap_err();
        let Error::LoginRequired { reason, .. } = error else {
            panic!("{error:?}")
        };
        assert_eq!(reason, SessionEnd::RotationInterrupted);
    }
}

#[tokio::test]
async fn a_failed_refresh_can_be_repeated() {
    let server = service(vec![json(500, "{}"), good(2)]).await;
    let app = App::at(&server.uri());
    let session = app.session().await;
    app.clock.advance(60);
    let error = session.access_token().await.unwrap_err();
    assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
    assert_eq!(session.access_token().await.unwrap().expose(), "access-2");
}

#[tokio::test]
async fn a_busy_service_does_not_interrupt() {
    let refused = json(400, r#"{"error":"invalid_grant"}"#);
    let date = "Mon, 23 Nov 2026 12:00:00 GMT";
    let dated = page(503).insert_header("date", date);
    for (busy, pause) in [
        (json(421, "{}"), None),
        (json(425, "{}"), None),
        (json(429, "{}"), None),
        (json(429, "{}").insert_header("retry-after", "3"), Some(3)),
        (page(503).insert_header("retry-after", "3"), Some(3)),
        (
            dated.insert_header("retry-after", "Mon, 23 Nov 2026 12:00:03 GMT"),
            Some(3),
        ),
    ] {
        let server = service(vec![busy, refused.clone()]).await;
        let app = App::at(&server.uri());
        let session = app.session().await;
        let requests = async || server.received_requests().await.unwrap().len();
        app.clock.advance(60);
        let before = requests().await;
        // The client sends nothing before the time that the service named.
        for _ in 0..if pause.is_some() { 3 } else { 1 } {
            let error = session.access_token().await.unwrap_err();
            let Error::TryAgain { retry_after, .. } = error else {
                panic!("{error:?}")
            };
            assert_eq!(retry_after, pause);
        }
        assert_eq!(requests().await, before + 1);
        app.clock.advance(3);
        let error = session.access_token().await.unwrap_err();
        let Error::LoginRequired { reason, .. } = error else {
            panic!("{error:?}")
        };
        assert_eq!(reason, SessionEnd::Revoked);
    }
}

#[tokio::test]
async fn a_refused_client_at_refresh_is_a_configuration_error() {
    let wrong = json(
        401,
        r#"{"error":"invalid_client","error_description":"unknown: refresh-1"}"#,
    );
    let server = service(vec![wrong, good(2)]).await;
    let app = App::at(&server.uri());
    let session = app.session().await;
    app.clock.advance(60);
    let Err(Error::Configuration { what }) = session.access_token().await else {
        panic!("there was no such error")
    };
    assert!(what.contains("invalid_client (unknown: [redacted])") && what.contains("client id"));
    assert_eq!(session.access_token().await.unwrap().expose(), "access-2");
}

#[tokio::test]
async fn a_refresh_without_a_new_refresh_token_keeps_the_old_one() {
    let bare = json(
        200,
        r#"{"access_token":"B","token_type":"Bearer","expires_in":"60"}"#,
    );
    let server = service(vec![bare]).await;
    let app = App::at(&server.uri());
    let session = app.session().await;
    for _ in 0..3 {
        app.clock.advance(60);
        assert_eq!(session.access_token().await.unwrap().expose(), "B");
    }
    let bodies: Vec<_> = server.received_requests().await.unwrap();
    assert!(
        bodies[1..]
            .iter()
            .all(|request| String::from_utf8_lossy(&request.body)
                .contains("refresh_token=refresh-1"))
    );
}

#[tokio::test]
async fn a_token_without_lifetime_has_the_providers_default() {
    let bare = r#"{"access_token":"A","token_type":"bearer","scope":"truid.app/data-point/name"}"#;
    let server = server(json(200, bare)).await;
    let app = App::at(&server.uri());
    let link = app.link().await;
    let LoginOutcome::LoggedIn {
        session,
        denied_scopes,
    } = app.client.complete(&link).await.unwrap()
    else {
        panic!("not logged in")
    };
    let others = DataPoint::ALL.len() - 1;
    assert_eq!(
        denied_scopes.len(),
        others,
        "all but the name: {denied_scopes:?}"
    );
    let session = app.client.session(&session).await.unwrap();
    assert_eq!(session.expires_at(), Some(START + 300));
    assert_eq!(session.scope(), ["truid.app/data-point/name"]);
    app.clock.advance(300);
    let Err(Error::LoginRequired { reason, .. }) = session.access_token().await else {
        panic!("there is no refresh token")
    };
    assert_eq!(reason, SessionEnd::Expired);
}

async fn with_resource(answer: ResponseTemplate) -> (MockServer, App) {
    let server = service(vec![good(2), good(3)]).await;
    Mock::given(method("GET"))
        .respond_with(answer)
        .mount(&server)
        .await;
    let app = App::at(&server.uri());
    (server, app)
}

#[tokio::test]
async fn invalid_resource_answers_break_the_protocol() {
    for (answer, rule) in [
        (page(200), Rule::ContentType),
        (json(200, "{}"), Rule::Field("sub")),
        (json(404, "{}"), Rule::Status(404)),
        (json(401, "{}"), Rule::Status(401)),
        (
            ResponseTemplate::new(302).insert_header("location", "https://evil.example/"),
            Rule::Redirect(302),
        ),
    ] {
        let (_server, app) = with_resource(answer).await;
        let session = app.session().await;
        let Err(Error::Protocol {
            endpoint,
            rule: found,
        }) = session.user_info().await
        else {
            panic!("{rule}: not broken")
        };
        assert_eq!((endpoint, found), ("the user info endpoint", rule));
    }
}

#[tokio::test]
async fn a_resource_error_does_not_show_the_token() {
    let body = r#"{"error":"insufficient_scope","error_description":"access-1 lacks email"}"#;
    let (_server, app) = with_resource(json(403, body)).await;
    let session = app.session().await;
    let Err(Error::Configuration { what }) = session.presentation(&[ClaimType::Email]).await else {
        panic!("there was no such error")
    };
    assert!(
        what.contains("insufficient_scope ([redacted] lacks email)"),
        "{what}"
    );
    let temporary = r#"{"error":"temporarily_unavailable"}"#;
    for answer in [page(500), json(403, temporary)] {
        let (_server, app) = with_resource(answer).await;
        let session = app.session().await;
        assert!(matches!(
            session.user_info().await,
            Err(Error::TryAgain { .. })
        ));
    }
}

#[tokio::test]
async fn another_subject_at_user_info_breaks_the_protocol() {
    let server = service(vec![good(2)]).await;
    let turn = AtomicUsize::new(0);
    Mock::given(method("GET"))
        .respond_with(move |_: &wiremock::Request| {
            let turn = turn.fetch_add(1, Ordering::SeqCst);
            json(200, &format!(r#"{{"sub":"person-{}"}}"#, turn / 2))
        })
        .mount(&server)
        .await;
    let app = App::at(&server.uri());
    let session = app.session().await;
    session.user_info().await.unwrap();
    session.user_info().await.unwrap();
    assert!(matches!(
        session.user_info().await,
        Err(Error::Protocol {
            rule: Rule::Subject,
            ..
        })
    ));
}

#[tokio::test]
async fn an_unchanged_token_is_not_refreshed_again() {
    let server = service(vec![good(1)]).await;
    Mock::given(method("GET"))
        .respond_with(json(401, "{}"))
        .mount(&server)
        .await;
    let app = App::at(&server.uri());
    let session = app.session().await;
    // A regression would loop here: the timeout makes the test fail instead of hang.
    let limit = std::time::Duration::from_secs(30);
    let answer = tokio::time::timeout(limit, session.user_info()).await;
    assert!(matches!(
        answer.unwrap(),
        Err(Error::Protocol {
            rule: Rule::Status(401),
            ..
        })
    ));
    let requests = server.received_requests().await.unwrap().len();
    assert_eq!(requests, 4, "the code, user info, one refresh, user info");
}

#[tokio::test]
async fn a_token_with_a_line_break_breaks_the_protocol() {
    let body = r#"{"access_token":"a\nb","token_type":"bearer"}"#;
    let server = server(json(200, body)).await;
    let app = App::at(&server.uri());
    assert_eq!(broken(app.completed().await), Rule::Field("access_token"));
}

#[tokio::test]
async fn a_repeated_verifier_is_redacted() {
    let server = server(|request: &wiremock::Request| {
        let form = String::from_utf8_lossy(&request.body);
        let (_, verifier) = form.split_once("code_verifier=").unwrap();
        let verifier = verifier.split('&').next().unwrap();
        let body =
            format!(r#"{{"error":"invalid_grant","error_description":"{verifier} is wrong"}}"#);
        json(400, &body)
    })
    .await;
    let app = App::at(&server.uri());
    let LoginOutcome::Refused { error, .. } = app.completed().await.unwrap() else {
        panic!("not refused")
    };
    assert_eq!(error.to_string(), "invalid_grant ([redacted] is wrong)");
}
