//! The recorded steps: requests with their answers, and steps that are not HTTP, such as a link
//! that a phone opens.

use axum::http::{HeaderMap, Method, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Endpoint, Misbehaviour, RegisteredClient};

/// The maximum length of a recorded body, in bytes. A longer body is cut.
const MAX_BODY_LENGTH: usize = 8 * 1024;

/// The sender or the receiver of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Actor {
    /// The service's app.
    App,
    /// The service's backend.
    Backend,
    /// A browser.
    Browser,
    /// The Truid app, and the person who uses it.
    TruidApp,
    /// Truid.
    Truid,
}

impl Actor {
    /// All actors, in the order of the lanes.
    pub const ALL: &[Actor] = &[
        Actor::App,
        Actor::Backend,
        Actor::Browser,
        Actor::TruidApp,
        Actor::Truid,
    ];

    /// The name on a page.
    pub fn words(self) -> &'static str {
        match self {
            Actor::App => "App",
            Actor::Backend => "Backend",
            Actor::Browser => "Browser",
            Actor::TruidApp => "Truid app",
            Actor::Truid => "Truid",
        }
    }

    /// The number of the lane, counted from 1.
    pub fn lane(self) -> usize {
        Actor::ALL.iter().position(|own| *own == self).unwrap_or(0) + 1
    }

    /// The probable sender of a request: the browser of a person opens the authorization
    /// endpoint, a confidential client has a backend, a public client is an app.
    pub(crate) fn of(
        endpoint: Option<Endpoint>,
        headers: &HeaderMap,
        client: Option<&RegisteredClient>,
    ) -> Actor {
        let confidential = client.is_some_and(RegisteredClient::is_confidential);
        if is_browser(headers) || endpoint == Some(Endpoint::Authorize) {
            Actor::Browser
        } else if confidential {
            Actor::Backend
        } else {
            Actor::App
        }
    }
}

/// Whether the request has a header that only browsers send. `Sec-Fetch-Mode` does not show a
/// browser, because Node's `fetch` also sends it.
pub(crate) fn is_browser(headers: &HeaderMap) -> bool {
    headers.contains_key("sec-fetch-site")
}

/// One step of a flow.
pub(crate) enum Step {
    Exchange(Box<Exchange>),
    Signal(Signal),
}

/// A request and its answer.
pub(crate) struct Exchange {
    /// Start and end by the sandbox's clock, in milliseconds since 1970-01-01.
    pub(crate) at: i64,
    pub(crate) ended: i64,
    pub(crate) from: Actor,
    pub(crate) method: Method,
    /// The path and the query.
    pub(crate) target: String,
    pub(crate) request: RawMessage,
    /// `None` if the connection was dropped.
    pub(crate) answer: Option<(StatusCode, RawMessage)>,
    pub(crate) misbehaviour: Option<Misbehaviour>,
}

/// Headers and a body, not masked. They are copies, because the originals share the read buffer
/// of the connection and would keep it in memory.
pub(crate) struct RawMessage {
    /// The lines `name: value`.
    headers: Box<str>,
    /// The body, cut to the maximum length.
    pub(super) body: Box<[u8]>,
    /// The length of the complete body, in bytes.
    pub(super) length: usize,
}

impl RawMessage {
    pub(crate) fn new(headers: &HeaderMap, body: &[u8]) -> Self {
        let mut lines = String::with_capacity(headers.len() * 48);
        for (name, value) in headers {
            let value = value.to_str().unwrap_or("(not ASCII)");
            lines.extend([name.as_str(), ": ", value, "\n"]);
        }
        RawMessage {
            headers: lines.into_boxed_str(),
            body: body[..body.len().min(MAX_BODY_LENGTH)].into(),
            length: body.len(),
        }
    }

    /// Each header with its value.
    pub(super) fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers
            .lines()
            .filter_map(|line| line.split_once(": "))
    }

    fn bytes(&self) -> usize {
        self.headers.len() + self.body.len()
    }
}

/// A step that is not HTTP.
pub(crate) struct Signal {
    pub(crate) at: i64,
    pub(crate) from: Actor,
    pub(crate) to: Actor,
    pub(crate) words: &'static str,
    /// A link that was opened.
    pub(crate) link: Option<String>,
    pub(crate) misbehaviour: Option<Misbehaviour>,
}

impl Step {
    /// An empty step, for tests.
    #[cfg(test)]
    pub(crate) fn at(at: i64) -> Step {
        Step::Signal(Signal {
            at,
            from: Actor::TruidApp,
            to: Actor::Truid,
            words: "",
            link: None,
            misbehaviour: None,
        })
    }

    /// The end of the step, in milliseconds since 1970-01-01.
    pub(super) fn ended(&self) -> i64 {
        match self {
            Step::Exchange(exchange) => exchange.ended,
            Step::Signal(signal) => signal.at,
        }
    }

    /// The approximate size in memory.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Step::Exchange(exchange) => {
                let answer = exchange.answer.as_ref();
                let answer = answer.map_or(0, |(_, message)| message.bytes());
                std::mem::size_of::<Exchange>()
                    + exchange.target.len()
                    + exchange.request.bytes()
                    + answer
            }
            Step::Signal(signal) => {
                std::mem::size_of::<Signal>() + signal.link.as_ref().map_or(0, String::len)
            }
        }
    }
}
