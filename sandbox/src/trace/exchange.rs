//! What was said, as it was said: requests with their answers, and what happens beside
//! HTTP, such as a link that a phone opens.

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode};
use serde::Serialize;

use crate::{Endpoint, Misbehaviour, RegisteredClient};

/// The longest body that is kept, in bytes. What is longer is kept up to here.
const LONGEST_BODY: usize = 8 * 1024;

/// Who speaks, or is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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
        endpoint: Endpoint,
        headers: &HeaderMap,
        client: Option<&RegisteredClient>,
    ) -> Actor {
        let confidential = client.is_some_and(|client| client.secret.is_some());
        if is_browser(headers) || endpoint == Endpoint::Authorize {
            Actor::Browser
        } else if confidential {
            Actor::Backend
        } else {
            Actor::App
        }
    }
}

/// Whether a request has what only browsers send.
pub(crate) fn is_browser(headers: &HeaderMap) -> bool {
    headers.contains_key("sec-fetch-mode") || headers.contains_key("sec-fetch-site")
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

/// Headers and a body.
pub(crate) struct Said {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// How long the body was, in bytes.
    pub(crate) length: usize,
}

impl Said {
    /// Keeps this much of a body.
    pub(crate) fn new(headers: HeaderMap, body: &Bytes) -> Self {
        let length = body.len();
        let body = if length > LONGEST_BODY {
            Bytes::copy_from_slice(&body[..LONGEST_BODY])
        } else {
            body.clone()
        };
        Said {
            headers,
            body,
            length,
        }
    }

    fn bytes(&self) -> usize {
        // A header takes its text and about as much again.
        let headers = self.headers.iter();
        let headers: usize = headers
            .map(|(name, value)| name.as_str().len() + value.len() + 120)
            .sum();
        headers + self.body.len()
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
