//! Adapts a transport of Kotlin or Swift to the core's port.

use std::sync::Arc;

use percent_encoding::percent_decode_str;
use switchback::ports::{self, BoxFuture};
use switchback_protocol::http::{self, MAX_BODY, Method, Request, Response, secrets_in};
use switchback_protocol::lease::Lease;
use switchback_protocol::{Secret, redact};
use tokio::task;

use super::{Header, HttpCompletion, HttpRequest, HttpResponse, HttpTransport, TransportError};

/// A transport of Kotlin or Swift.
pub(crate) struct Foreign(pub(crate) Arc<dyn HttpTransport>);

impl ports::HttpTransport for Foreign {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, ports::TransportError>> {
        let transport = Arc::clone(&self.0);
        Box::pin(async move {
            let answer = send(transport, (&request).into()).await;
            answer
                .and_then(Response::try_from)
                .map_err(|error| error.redacted(&request).into())
        })
    }
}

/// Sends the request, and returns the transport's answer or error unchanged.
pub async fn send(
    transport: Arc<dyn HttpTransport>,
    request: HttpRequest,
) -> Result<HttpResponse, TransportError> {
    let (completion, mut waiting) = HttpCompletion::new();
    // No code waits for `start`: it may answer before it returns, or never return. It may also be
    // called late, if other calls block all threads: by then the caller may have given up.
    task::spawn_blocking(move || {
        if !completion.is_wanted() {
            return;
        }
        if let Err(error) = transport.start(request, Arc::clone(&completion)) {
            completion.fail(error);
        }
    });
    let dropped = "the transport dropped the request without an answer";
    let answer = (&mut waiting.answer).await;
    answer.unwrap_or_else(|_| Err(lost(dropped)))
}

impl TransportError {
    /// Redacts the secrets of the request, which the platform's message may repeat.
    fn redacted(self, sent: &Request) -> Self {
        let secrets = secrets_of(sent);
        let secrets: Vec<&str> = secrets.iter().map(Secret::expose).collect();
        match self {
            Self::NotSent { reason } => Self::NotSent {
                reason: redact(&reason, &secrets),
            },
            Self::Local { reason } => Self::Local {
                reason: redact(&reason, &secrets),
            },
            Self::Lost { reason } => Self::Lost {
                reason: redact(&reason, &secrets),
            },
            Self::TooLong => Self::TooLong,
        }
    }
}

/// Parameters that are not secret, and whose values are common in messages.
const NO_SECRETS: [&str; 4] = ["client_id", "grant_type", "redirect_uri", "claims"];

/// The values of headers and parameters, encoded and decoded: the longest first, since a value may
/// be a part of another value.
fn secrets_of(sent: &Request) -> Vec<Secret> {
    let (_, query) = sent.url.split_once('?').unwrap_or_default();
    let body = sent.body.as_ref().map(Secret::expose).unwrap_or_default();
    let mut secrets = secrets_in(&sent.headers);
    for pair in [query, body].into_iter().flat_map(|form| form.split('&')) {
        let (name, value) = pair.split_once('=').unwrap_or(("", pair));
        if !NO_SECRETS.contains(&name) {
            secrets.push(value.into());
            secrets.push(
                percent_decode_str(value)
                    .decode_utf8_lossy()
                    .as_ref()
                    .into(),
            );
        }
    }
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.expose().len()));
    secrets
}

fn lost(reason: &str) -> TransportError {
    TransportError::Lost {
        reason: reason.into(),
    }
}

impl From<&Request> for HttpRequest {
    fn from(request: &Request) -> Self {
        Self {
            method: match request.method {
                Method::Get => "GET",
                Method::Post => "POST",
            }
            .into(),
            url: request.url.clone(),
            headers: request.headers.iter().map(Into::into).collect(),
            body: request.body.as_ref().map(|body| body.expose().into()),
            once: request.once,
            timeout: Lease::NO_SENDING_IN_LAST_SECONDS,
        }
    }
}

impl From<&http::Header> for Header {
    fn from((name, value): &http::Header) -> Self {
        Self {
            name: (*name).into(),
            value: value.expose().into(),
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
            return Err(lost("the answer has no valid HTTP status"));
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
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;
    use switchback::ports::HttpTransport as _;

    type Start = fn(Arc<HttpCompletion>) -> Result<(), TransportError>;

    struct StartsWith(Start);

    impl HttpTransport for StartsWith {
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
        let transport = Foreign(Arc::new(StartsWith(start)));
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
    fn an_answer_arrives_once_with_lower_case_header_names() {
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
    fn a_dropped_request_is_lost_and_errors_are_kept() {
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
    fn the_whole_reason_of_a_transport_is_kept() {
        let start = |completion: Arc<HttpCompletion>| {
            completion.fail(TransportError::Local {
                reason: format!("{}and the last word", "a word, ".repeat(200)),
            });
            Ok(())
        };
        let error = sent(start).map(|_| ()).expect_err("no answer");
        assert!(matches!(error, ports::TransportError::Local(_)), "{error}");
        assert!(error.to_string().ends_with("and the last word"), "{error}");
    }

    #[test]
    fn secrets_of_the_request_are_redacted_from_errors() {
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
    fn decoded_values_and_single_cookies_are_redacted() {
        let request = Request {
            method: Method::Post,
            once: true,
            url: "https://service.example/complete?code=ab%2Fcd%2Bef&state=st4te".into(),
            headers: vec![
                ("cookie", "sid=one11; other=two22".into()),
                ("authorization", "Bearer t0ken".into()),
                ("accept", "application/json".into()),
            ],
            body: Some("client_id=client&refresh_token=r3fresh".into()),
        };
        let error = TransportError::Lost {
            reason: "client: ab/cd+ef, ab%2Fcd%2Bef, st4te, one11, two22, t0ken, r3fresh, \
                     application/json"
                .into(),
        };
        let said = error.redacted(&request).to_string();
        for secret in [
            "ab/cd", "ab%2F", "st4te", "one11", "two22", "t0ken", "r3fresh",
        ] {
            assert!(!said.contains(secret), "{secret} is in: {said}");
        }
        assert!(
            said.contains("client") && said.contains("application/json"),
            "{said}"
        );
    }

    #[test]
    fn an_invalid_status_is_an_error() {
        for status in [-1, 0, 99, 600, 65_736] {
            let response = HttpResponse {
                status,
                ..answer(vec![])
            };
            assert!(Response::try_from(response).is_err(), "{status}");
        }
    }

    #[test]
    fn an_answered_or_abandoned_request_is_not_wanted() {
        let mut context = Context::from_waker(Waker::noop());
        let (completion, waiting) = HttpCompletion::new();
        assert!(completion.is_wanted());
        let mut unwanted = pin!(completion.until_unwanted());
        assert!(unwanted.as_mut().poll(&mut context).is_pending());
        drop(waiting);
        assert!(!completion.is_wanted());
        assert!(unwanted.poll(&mut context).is_ready());
        let (completion, _waiting) = HttpCompletion::new();
        completion.fail(TransportError::TooLong);
        assert!(!completion.is_wanted());
    }

    #[test]
    fn a_request_shows_no_query_headers_or_body() {
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
