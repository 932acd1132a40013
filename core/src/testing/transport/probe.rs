//! The object that a case works with: it sends requests by the transport and checks the results.

use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use switchback_protocol::http::{Method, Request, Response};
use tokio::runtime::Handle;

use super::TransportUnderTest;
use super::server::{ReceivedRequest, Server, wait_until};
use crate::ports::{HttpTransport, TransportError};
use crate::testing::canary::{CANARY, shows_canary};
use crate::testing::lock;
use crate::testing::run::{self, Verdict, fail};

/// Time limits of the suite.
#[derive(Clone, Copy)]
pub(super) struct Timing {
    /// The timeout of the transport in cases about timeouts.
    pub(super) timeout: Duration,
    /// The limit for everything else, and for how much later than its timeout a transport may stop.
    pub(super) limit: Duration,
    /// How long the suite waits for something that must not happen.
    pub(super) grace: Duration,
}

impl Timing {
    pub(super) const DEFAULT: Self = Self {
        timeout: Duration::from_secs(1),
        limit: Duration::from_secs(5),
        grace: Duration::from_millis(100),
    };
}

/// What is recorded during a run.
#[derive(Default)]
pub(super) struct RunLog {
    /// Host and port of every server that got a request.
    authorities: Mutex<Vec<String>>,
    /// The number of errors that showed a part of a request.
    leaks: Mutex<usize>,
}

/// The transports that are opened once for all cases.
#[derive(Default)]
pub(super) struct OpenedTransports {
    long_timeout: OnceLock<Arc<dyn HttpTransport>>,
    short_timeout: OnceLock<Arc<dyn HttpTransport>>,
}

/// The transport under test, as a case sees it.
pub(super) struct Probe {
    pub(super) under_test: Arc<dyn TransportUnderTest>,
    pub(super) opened: Arc<OpenedTransports>,
    pub(super) runtime: Handle,
    pub(super) log: Arc<RunLog>,
    pub(super) timing: Timing,
}

impl run::Probe for Probe {
    const TRIED: &'static str = "transport";

    fn inspect(&self, said: &str) {
        self.inspected(said);
    }
}

pub(super) type Answer = Result<Response, TransportError>;

impl Probe {
    fn long_timeout(&self) -> Arc<dyn HttpTransport> {
        // The same timeout as in production; the suite's own limit is shorter.
        let open = || self.under_test.open(Duration::from_secs(30));
        Arc::clone(self.opened.long_timeout.get_or_init(open))
    }

    fn short_timeout(&self) -> Arc<dyn HttpTransport> {
        let open = || self.under_test.open(self.timing.timeout);
        Arc::clone(self.opened.short_timeout.get_or_init(open))
    }

    /// Sends a request and returns any result.
    pub(super) fn send(&self, request: Request) -> Verdict<Answer> {
        self.sent(&*self.long_timeout(), request, self.timing.limit)
    }

    /// Sends a request by the transport with the short timeout.
    pub(super) fn send_with_short_timeout(&self, request: Request) -> Verdict<Answer> {
        let limit = self.timing.timeout + self.timing.limit;
        self.sent(&*self.short_timeout(), request, limit)
    }

    fn sent(
        &self,
        transport: &dyn HttpTransport,
        request: Request,
        limit: Duration,
    ) -> Verdict<Answer> {
        let shown = format!("{:?}", request.method);
        let sent = async { tokio::time::timeout(limit, transport.send(request)).await };
        let Ok(answer) = self.runtime.block_on(sent) else {
            return fail(format!(
                "{shown} returned no answer and no error after {limit:?}"
            ));
        };
        if let Err(error) = &answer {
            self.inspected(&error.to_string());
            self.inspected(&format!("{error:?}"));
        }
        Ok(answer)
    }

    /// Sends all requests at the same time, each from its own thread.
    pub(super) fn send_at_once(&self, requests: Vec<Request>) -> Verdict<Vec<Answer>> {
        thread::scope(|scope| {
            let sent: Vec<_> = requests
                .into_iter()
                .map(|request| scope.spawn(|| self.send(request)))
                .collect();
            let answers = sent.into_iter().map(|thread| match thread.join() {
                Ok(answer) => answer,
                Err(_) => fail("the transport panicked"),
            });
            answers.collect()
        })
    }

    /// Sends a request and demands an answer.
    pub(super) fn answered(&self, request: Request) -> Verdict<Response> {
        let shown = format!("{:?}", request.method);
        match self.send(request)? {
            Ok(response) => Ok(response),
            Err(error) => fail(format!(
                "{shown} was answered, but the transport failed: {error}"
            )),
        }
    }

    /// Starts a request and cancels it before it is sent. Returns whether that could be done.
    pub(super) fn start_cancelled(&self, request: Request) -> bool {
        let _runtime = self.runtime.enter();
        self.under_test.start_cancelled(request)
    }

    /// A request to this server that must arrive once, with secrets in every part.
    pub(super) fn once(&self, server: &Server, method: Method) -> Request {
        self.to(&server.authority(), method, true)
    }

    /// A request that may be repeated.
    pub(super) fn get(&self, server: &Server) -> Request {
        self.to(&server.authority(), Method::Get, false)
    }

    /// A request to a host and port, or to a name.
    pub(super) fn to(&self, authority: &str, method: Method, once: bool) -> Request {
        lock(&self.log.authorities).push(authority.into());
        let posted = method == Method::Post;
        let mut headers = vec![
            ("accept", "application/json".into()),
            ("authorization", format!("Bearer {CANARY}-2").into()),
        ];
        if posted {
            headers.push(("content-type", FORM.into()));
        }
        Request {
            method,
            once,
            url: format!("http://{authority}/{CANARY}?code={CANARY}-1"),
            headers,
            body: posted.then(|| format!("refresh_token={CANARY}-3").into()),
        }
    }

    fn inspected(&self, text: &str) {
        let authorities = lock(&self.log.authorities);
        let repeats = authorities.iter().any(|authority| text.contains(authority));
        if repeats || shows_canary(text) {
            *lock(&self.log.leaks) += 1;
        }
    }

    /// The number of errors of this run that showed a part of a request.
    pub(super) fn leaks(&self) -> usize {
        *lock(&self.log.leaks)
    }

    /// Demands that each of these servers got exactly one request, also after some time.
    pub(super) fn arrived_once(&self, servers: &[(Server, String)]) -> Verdict {
        let is_more = |(server, _): &&(Server, String)| server.requests() != 1;
        wait_until(self.timing.grace, || {
            servers.iter().any(|one| is_more(&one))
        });
        match servers.iter().find(is_more) {
            None => Ok(()),
            Some((server, what)) => {
                let count = server.requests();
                fail(format!("{what} arrived {count} times"))
            }
        }
    }
}

/// The content type of a form.
pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// Both methods.
pub(super) const METHODS: [Method; 2] = [Method::Get, Method::Post];

/// The result, without secrets, for a report.
pub(super) fn shown(answer: &Answer) -> String {
    match answer {
        Ok(response) => format!(
            "status {} and {} bytes",
            response.status,
            response.body.len()
        ),
        Err(TransportError::NotSent(_)) => "`NotSent`".into(),
        Err(TransportError::Local(_)) => "`Local`".into(),
        Err(TransportError::Lost(_)) => "`Lost`".into(),
        Err(TransportError::TooLong) => "`TooLong`".into(),
    }
}

pub(super) fn is_lost(answer: &Answer, what: &str) -> Verdict {
    match answer {
        Err(TransportError::Lost(_)) => Ok(()),
        other => fail(format!("{what}: {} instead of `Lost`", shown(other))),
    }
}

pub(super) fn is_not_sent(answer: &Answer, what: &str) -> Verdict {
    match answer {
        Err(error) if error.is_not_sent() => Ok(()),
        other => fail(format!("{what}: {} instead of `NotSent`", shown(other))),
    }
}

pub(super) fn is_too_long(answer: &Answer, what: &str) -> Verdict {
    match answer {
        Err(TransportError::TooLong) => Ok(()),
        other => fail(format!("{what}: {} instead of `TooLong`", shown(other))),
    }
}

/// Demands this status and this body.
pub(super) fn is(response: &Response, status: u16, body: &[u8], what: &str) -> Verdict {
    if response.status != status {
        let seen = response.status;
        return fail(format!("{what}: status {seen} instead of {status}"));
    }
    is_body(response, body, what)
}

pub(super) fn is_body(response: &Response, body: &[u8], what: &str) -> Verdict {
    let seen = &response.body;
    if seen.len() != body.len() {
        let (seen, wanted) = (seen.len(), body.len());
        return fail(format!("{what}: {seen} bytes instead of {wanted}"));
    }
    match seen.iter().zip(body).position(|(a, b)| a != b) {
        None => Ok(()),
        Some(at) => fail(format!("{what}: byte {at} is different")),
    }
}

/// Demands that a request arrived with this header once and with this value.
pub(super) fn has_header(received: &ReceivedRequest, name: &str, value: &str) -> Verdict {
    match received.all(name).as_slice() {
        [one] if *one == value => Ok(()),
        [] => fail(format!("the header {name} did not arrive")),
        // The value may be a secret, so it is not shown.
        [_] => fail(format!("the header {name} arrived with another value")),
        more => fail(format!("the header {name} arrived {} times", more.len())),
    }
}
