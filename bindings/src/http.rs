//! HTTP by the platform: its proxies, its certificates, its pinning.

use std::sync::{Arc, Mutex, PoisonError};

use switchback::ports::{self, BoxFuture};
use switchback_protocol::OAuthError;
use switchback_protocol::http::{MAX_BODY, Method, Request, Response};
use switchback_protocol::lease::Lease;
use tokio::sync::oneshot;
use tokio::task;

use crate::error::undeclared;
use crate::shows::shows;

/// Sends requests: over `URLSession` on iOS, over `HttpURLConnection` or OkHttp on Android.
///
/// An implementation must
/// - return from `start` at once, and tell the completion from whatever thread it likes,
/// - never follow a redirect,
/// - add no cookies of its own and keep none; each `set-cookie` of the answer is a header of its
///   own,
/// - send a request that is `once` **at most once**: no repeat after a broken connection, no
///   reuse of a connection that the server may be closing. Many a client repeats a `GET`, and
///   some a `POST`, by itself,
/// - tell apart what never left ([`TransportError::NotSent`]) from what may have arrived
///   ([`TransportError::Lost`]); when in doubt, it may have arrived,
/// - stop reading after 1 MiB,
/// - give up after `timeout` seconds, and never keep a request for when the network is back
///   (`waitsForConnectivity`): nobody waits for it then, and what is `once` may be sent by
///   somebody else meanwhile,
/// - put no part of a request or answer into a log or an error.
///
/// **Threads.** `start` comes from threads where waiting is fine, several at a time. What it
/// throws besides [`TransportError`] becomes `Lost`. What a transport gets and gives is memory
/// of two languages, and cannot be wiped: keep none of it.
#[uniffi::export(foreign)]
pub trait HttpTransport: Send + Sync {
    /// Sends it, and tells the completion what came of it.
    fn start(
        &self,
        request: HttpRequest,
        completion: Arc<HttpCompletion>,
    ) -> Result<(), TransportError>;
}

/// A request that is ready to be sent. Printed, it shows its method, and its URL without the query.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct HttpRequest {
    /// `GET` or `POST`.
    pub method: String,
    /// An absolute https URL, or http on loopback. Redirects are never followed.
    pub url: String,
    /// Names in lower case.
    pub headers: Vec<Header>,
    /// The body of a `POST`: a form.
    pub body: Option<String>,
    /// It must reach the server at most once.
    pub once: bool,
    /// Seconds after which nobody waits for the answer any more.
    pub timeout: i64,
}

shows!(HttpRequest, |this| {
    let end = this.url.find(['?', '#']).unwrap_or(this.url.len());
    format!("{} {}", this.method, &this.url[..end])
});

/// What came back. Printed, it shows the status only.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct HttpResponse {
    /// The status code.
    pub status: i32,
    /// In the order in which they came, each `set-cookie` by itself.
    pub headers: Vec<Header>,
    /// At most 1 MiB.
    pub body: Vec<u8>,
}

shows!(HttpResponse, |this| format!(
    "status {}, {} bytes",
    this.status,
    this.body.len()
));

/// One header of a request or an answer. Printed, it shows its name.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Header {
    /// In lower case.
    pub name: String,
    /// Often a secret.
    pub value: String,
}

shows!(Header, |this| format!("{}: [redacted]", this.name));

/// Why no answer came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum TransportError {
    /// The request certainly never reached the server: no network, no such host, connection or
    /// TLS handshake refused.
    #[error("the server was not reached: {reason}")]
    NotSent {
        /// Why, without any part of the request.
        reason: String,
    },
    /// The request may have reached the server: the connection broke, or time ran out.
    #[error("no answer came back: {reason}")]
    Lost {
        /// Why, without any part of the request.
        reason: String,
    },
    /// The answer was longer than 1 MiB.
    #[error("the answer was longer than 1 MiB")]
    TooLong,
}

#[uniffi::export]
impl TransportError {
    /// What happened, in English, for a developer and a log.
    pub fn describe(&self) -> String {
        self.to_string()
    }
}

impl From<TransportError> for ports::TransportError {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::NotSent { reason } => Self::NotSent(reason),
            TransportError::Lost { reason } => Self::Lost(reason),
            TransportError::TooLong => Self::TooLong,
        }
    }
}

impl From<uniffi::UnexpectedUniFFICallbackError> for TransportError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Lost {
            reason: undeclared(&error),
        }
    }
}

/// Where the answer of one request goes, once: what is told later is not heard. One that is let
/// go of without an answer tells that the answer was lost.
#[derive(uniffi::Object)]
pub struct HttpCompletion(Mutex<Option<oneshot::Sender<Answer>>>);

type Answer = Result<HttpResponse, TransportError>;

#[uniffi::export]
impl HttpCompletion {
    /// An answer came, whatever its status.
    pub fn succeed(&self, response: HttpResponse) {
        self.tell(Ok(response));
    }

    /// None came.
    pub fn fail(&self, error: TransportError) {
        self.tell(Err(error));
    }

    /// Whether somebody still waits for the answer. Where nobody does, a request that was not
    /// sent yet is not to be sent.
    pub fn is_wanted(&self) -> bool {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.as_ref().is_some_and(|waiting| !waiting.is_closed())
    }
}

impl HttpCompletion {
    fn tell(&self, answer: Answer) {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(waiting) = waiting {
            // Nobody may be waiting any more.
            let _ = waiting.send(answer);
        }
    }
}

/// One of Kotlin's or Swift's, as the core knows it.
pub(crate) struct Foreign(pub(crate) Arc<dyn HttpTransport>);

impl ports::HttpTransport for Foreign {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, ports::TransportError>> {
        let transport = Arc::clone(&self.0);
        Box::pin(async move {
            let request = HttpRequest::from(request);
            let answer = send(transport, request.clone()).await;
            answer
                .and_then(Response::try_from)
                .map_err(|error| error.without(&request).into())
        })
    }
}

async fn send(transport: Arc<dyn HttpTransport>, request: HttpRequest) -> Answer {
    let (sender, answer) = oneshot::channel();
    let completion = Arc::new(HttpCompletion(Mutex::new(Some(sender))));
    // It may answer before it returns, and never return: nobody waits for it. It may also be
    // called late, where others do not return: a request that nobody wants is not sent then.
    task::spawn_blocking(move || {
        if !completion.is_wanted() {
            return;
        }
        if let Err(error) = transport.start(request, Arc::clone(&completion)) {
            completion.fail(error);
        }
    });
    let let_go = "the transport let go of the request without an answer";
    answer.await.unwrap_or_else(|_| Err(lost(let_go)))
}

impl TransportError {
    /// What a platform says may repeat what was sent: that is blacked out, as it is in what a
    /// server says.
    fn without(self, sent: &HttpRequest) -> Self {
        let (_, query) = sent.url.split_once('?').unwrap_or_default();
        let body = sent.body.as_deref().unwrap_or_default();
        let parameters = [query, body].into_iter().flat_map(|form| form.split('&'));
        let values = parameters.map(|pair| pair.split_once('=').map_or(pair, |(_, value)| value));
        let headers = sent
            .headers
            .iter()
            .flat_map(|header| header.value.split(' '));
        let sent: Vec<&str> = values.chain(headers).collect();
        let readable = |reason: String| OAuthError::new(&reason, None, &sent).code;
        match self {
            Self::NotSent { reason } => Self::NotSent {
                reason: readable(reason),
            },
            Self::Lost { reason } => Self::Lost {
                reason: readable(reason),
            },
            Self::TooLong => Self::TooLong,
        }
    }
}

fn lost(reason: &str) -> TransportError {
    TransportError::Lost {
        reason: reason.into(),
    }
}

impl From<Request> for HttpRequest {
    fn from(request: Request) -> Self {
        let headers = request.headers.iter();
        Self {
            method: match request.method {
                Method::Get => "GET",
                Method::Post => "POST",
            }
            .into(),
            url: request.url,
            headers: headers
                .map(|(name, value)| Header {
                    name: (*name).into(),
                    value: value.expose().into(),
                })
                .collect(),
            body: request.body.map(|body| body.expose().into()),
            once: request.once,
            timeout: Lease::LAST,
        }
    }
}

impl TryFrom<HttpResponse> for Response {
    type Error = TransportError;

    fn try_from(response: HttpResponse) -> Result<Self, TransportError> {
        if response.body.len() > MAX_BODY {
            return Err(TransportError::TooLong);
        }
        let status = u16::try_from(response.status).ok();
        let Some(status) = status.filter(|status| (100..600).contains(status)) else {
            return Err(lost("the answer was no HTTP"));
        };
        let headers = response.headers.into_iter();
        Ok(Self {
            status,
            headers: headers
                .map(|header| (header.name.to_ascii_lowercase(), header.value))
                .collect(),
            body: response.body,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchback::ports::HttpTransport as _;

    type Start = fn(Arc<HttpCompletion>) -> Result<(), TransportError>;

    struct Does(Start);

    impl HttpTransport for Does {
        fn start(
            &self,
            _: HttpRequest,
            completion: Arc<HttpCompletion>,
        ) -> Result<(), TransportError> {
            (self.0)(completion)
        }
    }

    fn sent(start: Start) -> Result<Response, ports::TransportError> {
        let request = Request::post("https://service.example/token", "code=s3cr3t".into());
        let transport = Foreign(Arc::new(Does(start)));
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime for the test")
            .block_on(transport.send(request))
    }

    fn answer(body: Vec<u8>) -> HttpResponse {
        HttpResponse {
            status: 200,
            headers: vec![Header {
                name: "Content-Type".into(),
                value: "application/json".into(),
            }],
            body,
        }
    }

    #[test]
    fn an_answer_arrives_with_its_names_in_lower_case_and_once() {
        let response = sent(|completion| {
            completion.succeed(answer(b"{}".into()));
            completion.fail(TransportError::TooLong);
            Ok(())
        })
        .expect("an answer");
        assert_eq!(response.header("content-type"), Some("application/json"));
        assert_eq!(response.body, b"{}");
    }

    #[test]
    fn what_is_never_answered_is_lost_and_what_fails_says_how() {
        use ports::TransportError::{Lost, NotSent, TooLong};

        let error = |start| sent(start).map(|_| ()).expect_err("no answer");
        assert!(matches!(error(|_| Ok(())), Lost(_)));
        let refused = |_| {
            Err(TransportError::NotSent {
                reason: "no network".into(),
            })
        };
        assert_eq!(error(refused), NotSent("no network".into()));
        let long = |completion: Arc<HttpCompletion>| {
            completion.succeed(answer(vec![b' '; MAX_BODY + 1]));
            Ok(())
        };
        assert_eq!(error(long), TooLong);
    }

    #[test]
    fn an_error_that_repeats_the_request_says_nothing_of_it() {
        let repeats = |completion: Arc<HttpCompletion>| {
            completion.fail(TransportError::Lost {
                reason: "POST https://service.example/token with code=s3cr3t failed".into(),
            });
            Ok(())
        };
        let said = sent(repeats)
            .map(|_| ())
            .expect_err("no answer")
            .to_string();
        assert!(
            said.contains("failed") && !said.contains("s3cr3t"),
            "{said}"
        );
    }

    #[test]
    fn what_is_no_status_is_no_answer() {
        for status in [-1, 0, 99, 600, 65_736] {
            let response = HttpResponse {
                status,
                ..answer(vec![])
            };
            assert!(Response::try_from(response).is_err(), "{status}");
        }
    }

    #[test]
    fn nobody_wants_what_was_answered_or_given_up() {
        let (sender, waiting) = oneshot::channel();
        let completion = HttpCompletion(Mutex::new(Some(sender)));
        assert!(completion.is_wanted());
        drop(waiting);
        assert!(!completion.is_wanted());
        let (sender, _waiting) = oneshot::channel();
        let completion = HttpCompletion(Mutex::new(Some(sender)));
        completion.fail(TransportError::TooLong);
        assert!(!completion.is_wanted());
    }

    #[test]
    fn a_request_shows_neither_its_query_nor_its_headers_nor_its_body() {
        let request = HttpRequest {
            method: "GET".into(),
            url: "https://service.example/complete?code=s3cr3t".into(),
            headers: answer(vec![]).headers,
            body: Some("s3cr3t".into()),
            once: true,
            timeout: 30,
        };
        assert_eq!(
            format!("{request} {request:?}"),
            "GET https://service.example/complete GET https://service.example/complete"
        );
    }
}
