//! What an app and a service get for each answer of a server, compared with the table in
//! `switchback_protocol::status`. The page about errors has the same table.

use std::sync::{Arc, Mutex};

use switchback::ports::{BoxFuture, HttpTransport, TransportError};
use switchback::provider::truid::DataPoint;
use switchback::{
    Backend, Client, Config, Error, LoginOutcome, LoginRequest, Platform, Provider, Purpose,
    SessionEnd, store,
};
use switchback_backend::Service;
use switchback_protocol::http::{Request, Response};
use switchback_protocol::status::{ErrorKind, Meaning, Refusal, RequestKind, meaning, refusal};

use crate::backend::support::BackendFixture;
use crate::support::{REDIRECT_URI, TestClock, config_at, session_of};

const REQUESTS: [RequestKind; 6] = [
    RequestKind::Code,
    RequestKind::Refresh,
    RequestKind::Data,
    RequestKind::Start,
    RequestKind::Callback,
    RequestKind::Push,
];

const STATUSES: [u16; 23] = [
    200, 201, 204, 301, 302, 307, 400, 401, 403, 404, 405, 407, 408, 409, 418, 421, 422, 425, 429,
    500, 502, 503, 599,
];

/// One code of each kind, and no code.
const CODES: [Option<&str>; 8] = [
    None,
    Some("invalid_grant"),
    Some("access_denied"),
    Some("invalid_client"),
    Some("unsupported_grant_type"),
    Some("invalid_request"),
    Some("server_error"),
    Some("not_standard"),
];

/// A provider and a backend that answer well, except at one path.
#[derive(Default)]
struct Server(Mutex<Option<(&'static str, Response)>>);

impl Server {
    fn set(&self, path: &'static str, response: Response) {
        *self.0.lock().unwrap() = Some((path, response));
    }
}

impl HttpTransport for Server {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let path = request.url.split('?').next().unwrap_or_default();
        let set = self.0.lock().unwrap().clone();
        let response = match set.filter(|(at, _)| path.contains(at)) {
            Some((_, response)) => response,
            None => well(path),
        };
        Box::pin(std::future::ready(Ok(response)))
    }
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let json = ("content-type", "application/json");
    let headers = headers.iter().chain([&json]);
    Response {
        status,
        headers: headers.map(|(n, v)| ((*n).into(), (*v).into())).collect(),
        body: body.into(),
    }
}

fn well(path: &str) -> Response {
    let url = "https://api.truid.app/authorize?state=s";
    let start = [("location", url), ("set-cookie", "sid=1; Path=/")];
    let tokens =
        r#"{"access_token":"A","token_type":"bearer","expires_in":60,"refresh_token":"R"}"#;
    match path {
        path if path.contains("/start") => answer(202, &start, ""),
        path if path.contains("/token") => answer(200, &[], tokens),
        _ => answer(200, &[], r#"{"sub":"me"}"#),
    }
}

struct App {
    client: Client,
    clock: Arc<TestClock>,
    server: Arc<Server>,
}

impl App {
    fn new(config: Config) -> Self {
        let (clock, server) = (TestClock::at(1_700_000_000), Arc::new(Server::default()));
        let mut platform = Platform::new(store::Memory::new());
        platform.clock = clock.clone();
        platform.http = server.clone();
        Self {
            client: Client::new(config, platform).unwrap(),
            clock,
            server,
        }
    }

    fn direct() -> Self {
        Self::new(config_at("http://127.0.0.1:9"))
    }

    fn mediated() -> Self {
        let at = |path: &str| format!("http://127.0.0.1:9{path}");
        let backend = Backend::custom(&at("/start"));
        Self::new(Config::mediated(
            Provider::truid(),
            backend,
            at("/complete"),
        ))
    }

    async fn link(&self) -> String {
        let request = LoginRequest::new(Purpose::Login, [DataPoint::Email]);
        let login = self.client.begin(request).await.unwrap();
        let (_, state) = login.url.split_once("&state=").unwrap();
        format!("{REDIRECT_URI}?code=c0de&state={}", &state[..43])
    }

    async fn complete(&self, link: &str) -> String {
        match self.client.complete(link).await {
            Ok(LoginOutcome::LoggedIn { .. }) => "success".into(),
            Ok(LoginOutcome::Forgotten) => "Forgotten".into(),
            Ok(LoginOutcome::Refused { interrupted, .. }) => refused(interrupted),
            Ok(other) => panic!("{other:?}"),
            Err(error) => name(&error),
        }
    }

    /// The results of two calls: the first request gets the first answer.
    async fn both(self, request: RequestKind, first: Response, second: Response) -> [String; 2] {
        let (path, link) = match request {
            RequestKind::Code => ("/token", self.link().await),
            _ => {
                let begun = self.client.begin(LoginRequest::mediated(Purpose::Login));
                begun.await.unwrap();
                let link = "http://127.0.0.1:9/complete?code=c0de&state=s";
                ("/complete", link.into())
            }
        };
        self.server.set(path, first);
        let one = self.complete(&link).await;
        self.clock.advance(10);
        self.server.set(path, second);
        [one, self.complete(&link).await]
    }

    /// As [`both`](Self::both), for two refreshes of an expired access token.
    async fn refreshes(self, first: Response, second: Response) -> [String; 2] {
        let session = session_of(self.client.complete(&self.link().await).await.unwrap());
        let session = self.client.session(&session).await.unwrap();
        self.clock.advance(100);
        let mut results = [String::new(), String::new()];
        for (result, response) in results.iter_mut().zip([first, second]) {
            self.server.set("/token", response);
            *result = name(&session.access_token().await.unwrap_err());
            self.clock.advance(10);
        }
        results
    }
}

fn refused(interrupted: bool) -> String {
    format!("Refused, interrupted: {interrupted}")
}

fn over(reason: SessionEnd) -> String {
    format!("LoginRequired, {reason}")
}

fn name(error: &Error) -> String {
    match error {
        Error::TryAgain { .. } => "TryAgain".into(),
        Error::Configuration { .. } => "Configuration".into(),
        Error::Protocol { .. } => "Protocol".into(),
        Error::LoginRequired { reason, .. } => over(*reason),
        other => panic!("{other:?}"),
    }
}

/// The result by the table, for a body without a result in it, and whether it counts as lost.
fn by_table(request: RequestKind, meaning: Meaning, error: ErrorKind) -> (String, bool) {
    let (result, lost) = match meaning {
        Meaning::Success if request == RequestKind::Callback => ("success", false),
        // The content is missing.
        Meaning::Success | Meaning::Broken(_) => ("Protocol", true),
        Meaning::NotProcessed => ("TryAgain", false),
        Meaning::Failed => ("TryAgain", true),
        Meaning::NotAuthenticated => match request {
            RequestKind::Callback => ("Forgotten", false),
            RequestKind::Start => ("Configuration", false),
            _ => ("Protocol", false),
        },
        Meaning::Refused => match refusal(request, error) {
            Refusal::Final if request == RequestKind::Refresh => {
                return (over(SessionEnd::Revoked), false);
            }
            Refusal::Final => return (refused(false), false),
            Refusal::Forgotten => ("Forgotten", false),
            Refusal::Temporary | Refusal::TemporaryOnce => ("TryAgain", true),
            Refusal::Misconfigured | Refusal::MisconfiguredOnce => ("Configuration", false),
        },
    };
    (result.into(), lost)
}

/// The result of a second call whose request is refused: what the first answer left behind.
fn second_by_table(request: RequestKind, first: &str, lost: bool) -> String {
    match (first, request) {
        ("TryAgain" | "Protocol" | "Configuration", RequestKind::Refresh) => over(match lost {
            true => SessionEnd::RotationInterrupted,
            false => SessionEnd::Revoked,
        }),
        ("TryAgain" | "Protocol" | "Configuration", _) => refused(lost),
        (over, _) => over.into(),
    }
}

#[tokio::test]
async fn each_answer_has_the_result_of_the_table() {
    let fixture = BackendFixture::new().await;
    let server = Arc::new(Server::default());
    let mut platform = fixture.platform();
    platform.http = server.clone();
    let service = Service::new(fixture.config(), platform).unwrap();

    for status in STATUSES {
        for (after, code) in CODES
            .iter()
            .flat_map(|code| [(None, code), (Some("5"), code)])
        {
            let body = code.map(|code| format!(r#"{{"error":"{code}"}}"#));
            let after = after.map(|seconds| ("retry-after", seconds));
            let response = || answer(status, after.as_slice(), body.as_deref().unwrap_or("{}"));
            let refusal = || answer(403, &[], r#"{"error":"invalid_grant"}"#);
            let kind = code.map(ErrorKind::of);
            for request in REQUESTS {
                let meaning = meaning(request, status, after.is_some(), kind);
                let kind = kind.unwrap_or(ErrorKind::Unknown);
                let (expected, lost) = by_table(request, meaning, kind);
                let shown = format!("{request:?} {status} {code:?} {after:?}");
                let result = match request {
                    RequestKind::Code | RequestKind::Callback | RequestKind::Refresh => {
                        let [first, second] = match request {
                            RequestKind::Code => {
                                App::direct().both(request, response(), refusal()).await
                            }
                            RequestKind::Refresh => {
                                App::direct().refreshes(response(), refusal()).await
                            }
                            _ => App::mediated().both(request, response(), refusal()).await,
                        };
                        let expected = second_by_table(request, &first, lost);
                        assert_eq!(second, expected, "the second call after {shown}");
                        first
                    }
                    RequestKind::Data => {
                        let app = App::direct();
                        let link = app.link().await;
                        let session = session_of(app.client.complete(&link).await.unwrap());
                        let session = app.client.session(&session).await.unwrap();
                        app.server.set("/user-info", response());
                        name(&session.user_info().await.unwrap_err())
                    }
                    RequestKind::Start => {
                        let app = App::mediated();
                        app.server.set("/start", response());
                        let begun = app.client.begin(LoginRequest::mediated(Purpose::Login));
                        name(&begun.await.map(drop).unwrap_err())
                    }
                    RequestKind::Push => {
                        server.set("/par/", response());
                        let begun = service.begin(Purpose::Login, None).await;
                        match begun.map(drop).unwrap_err() {
                            switchback_backend::Error::TryAgain { .. } => "TryAgain".into(),
                            switchback_backend::Error::Configuration(_) => "Configuration".into(),
                            switchback_backend::Error::Protocol { .. } => "Protocol".into(),
                            other => panic!("{other:?}"),
                        }
                    }
                };
                assert_eq!(result, expected, "{shown}");
            }
        }
    }
}

#[tokio::test]
async fn a_repeated_refusal_has_the_result_of_the_table() {
    for code in CODES.iter().flatten() {
        let kind = ErrorKind::of(code);
        let refused = || answer(400, &[], &format!(r#"{{"error":"{code}"}}"#));
        let [first, second] = App::direct().refreshes(refused(), refused()).await;
        let meaning = meaning(RequestKind::Refresh, 400, false, Some(kind));
        let (expected, _) = by_table(RequestKind::Refresh, meaning, kind);
        assert_eq!(first, expected, "{code}");
        let expected = match refusal(RequestKind::Refresh, kind) {
            Refusal::TemporaryOnce | Refusal::MisconfiguredOnce => {
                over(SessionEnd::RotationInterrupted)
            }
            _ => expected,
        };
        assert_eq!(second, expected, "{code}");
    }
}
