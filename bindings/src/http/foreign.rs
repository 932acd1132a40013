//! A transport of Kotlin's or Swift's, as the core knows one.

use std::sync::{Arc, Mutex};

use percent_encoding::percent_decode_str;
use switchback::ports::{self, BoxFuture};
use switchback_protocol::http::{self, MAX_BODY, Method, Request, Response, secrets_in};
use switchback_protocol::lease::Lease;
use switchback_protocol::{OAuthError, Secret};
use tokio::sync::oneshot;
use tokio::task;

use super::{Header, HttpCompletion, HttpRequest, HttpResponse, HttpTransport, TransportError};

/// One of Kotlin's or Swift's, as the core knows it.
pub(crate) struct Foreign(pub(crate) Arc<dyn HttpTransport>);

impl ports::HttpTransport for Foreign {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, ports::TransportError>> {
        let transport = Arc::clone(&self.0);
        Box::pin(async move {
            let answer = send(transport, (&request).into()).await;
            answer
                .and_then(Response::try_from)
                .map_err(|error| error.without(&request).into())
        })
    }
}

/// Sends it, and gives what the transport says, as it says it.
pub async fn send(
    transport: Arc<dyn HttpTransport>,
    request: HttpRequest,
) -> Result<HttpResponse, TransportError> {
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
    fn without(self, sent: &Request) -> Self {
        let secrets = secrets_of(sent);
        let secrets: Vec<&str> = secrets.iter().map(Secret::expose).collect();
        let readable = |reason: String| OAuthError::new(&reason, None, &secrets).code;
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

/// Parameters that are no secret, and whose values are in many a text.
const NO_SECRETS: [&str; 4] = ["client_id", "grant_type", "redirect_uri", "claims"];

/// What headers hold, and the values of parameters, as they are sent and as they are meant: the
/// longest first, since one may be a part of another.
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
    fn what_is_sought_is_what_was_meant_and_each_cookie_by_itself() {
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
        let said = error.without(&request).to_string();
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
