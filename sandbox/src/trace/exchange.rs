//! What was said, as it was said: requests with their answers, and what happens beside
//! HTTP, such as a link that a phone opens.

use axum::http::{HeaderMap, Method, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Endpoint, Misbehaviour, RegisteredClient};

/// The longest body that is kept, in bytes. What is longer is kept up to here.
const LONGEST_BODY: usize = 8 * 1024;

/// Who speaks, or is spoken to.
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
    /// The Truid app, and the person who holds it.
    TruidApp,
    /// Truid.
    Truid,
}

impl Actor {
    /// All of them, from left to right.
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

    /// The place from left to right, counted from 1.
    pub fn lane(self) -> usize {
        Actor::ALL.iter().position(|own| *own == self).unwrap_or(0) + 1
    }

    /// Who sends such a request, as far as one can see: a person's browser opens the
    /// authorization endpoint, a confidential client has a backend, a public one has not.
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

/// Whether a request has what only browsers send. `Sec-Fetch-Mode` is none of it: Node's
/// `fetch` sends that as well, and a backend in Node is no browser.
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
    /// In milliseconds since the epoch on the sandbox's clock.
    pub(crate) at: i64,
    pub(crate) ended: i64,
    pub(crate) from: Actor,
    pub(crate) method: Method,
    /// The path and the query.
    pub(crate) target: String,
    pub(crate) request: Said,
    /// Nothing where the connection was dropped.
    pub(crate) answer: Option<(StatusCode, Said)>,
    pub(crate) misbehaviour: Option<Misbehaviour>,
}

/// Headers and a body, copied: what came off a connection would keep its whole read buffer
/// alive.
pub(crate) struct Said {
    /// A line each, `name: value`.
    headers: Box<str>,
    /// As much of the body as is kept.
    pub(super) body: Box<[u8]>,
    /// How long the body was, in bytes.
    pub(super) length: usize,
}

impl Said {
    pub(crate) fn new(headers: &HeaderMap, body: &[u8]) -> Self {
        let mut lines = String::with_capacity(headers.len() * 48);
        for (name, value) in headers {
            let value = value.to_str().unwrap_or("(not ASCII)");
            lines.extend([name.as_str(), ": ", value, "\n"]);
        }
        Said {
            headers: lines.into_boxed_str(),
            body: body[..body.len().min(LONGEST_BODY)].into(),
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

/// Something beside HTTP.
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
    /// A step in which nothing is said, for tests.
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

    /// When it was over.
    pub(super) fn ended(&self) -> i64 {
        match self {
            Step::Exchange(exchange) => exchange.ended,
            Step::Signal(signal) => signal.at,
        }
    }

    /// About what it takes in memory.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Step::Exchange(exchange) => {
                let answer = exchange.answer.as_ref().map_or(0, |(_, said)| said.bytes());
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
