//! One request of a service and its answer: which flow it belongs to, what goes wrong with
//! it on demand, and what the trace keeps of it. The endpoints themselves are plain
//! functions from an [`Incoming`] to an [`Answer`].

use axum::body::{Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::{IntoResponse, Response};

use super::{LONGEST_BODY, State};
use crate::endpoints::answer::{self, Answer};
use crate::endpoints::{misbehave, token};
use crate::misbehaviour::{Active, Rule};
use crate::network::connection::Hangup;
use crate::oauth::form::Form;
use crate::shared::Shared;
use crate::trace::{self, Actor, Exchange, Said, Step, Trail};
use crate::{Endpoint, Finding, Misbehaviour, Refusal};

/// The header by which a request asks for a misbehaviour.
const MISBEHAVE: &str = "switchback-misbehave";

/// A request as an endpoint sees it.
pub(crate) struct Incoming<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) uri: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
    /// The body, or why there is none.
    pub(crate) body: &'a Result<Bytes, Refusal>,
    /// The sandbox's clock, in seconds since the epoch.
    pub(crate) now: i64,
    pub(crate) trail: &'a mut Trail,
}

impl<'a> Incoming<'a> {
    /// The query, and an empty one where there is none.
    pub(crate) fn query(&self) -> &'a str {
        self.uri.query().unwrap_or_default()
    }

    /// A refusal as JSON, which is a finding as well.
    pub(crate) fn refused(&mut self, refusal: &Refusal) -> Answer {
        self.trail.note(refusal);
        answer::refused(refusal, Some(self.shared.url()))
    }
}

/// Where a request is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    At(Endpoint),
    /// At the token endpoint, which is two.
    Token,
    /// Where Truid has nothing. Nothing goes wrong there on demand.
    Elsewhere,
}

impl Place {
    /// The endpoint, once the form is known.
    fn endpoint(self, form: Option<&Form<'_>>) -> Option<Endpoint> {
        match self {
            Place::At(endpoint) => Some(endpoint),
            Place::Elsewhere => None,
            Place::Token => Some(match form.and_then(|form| form.get("grant_type")) {
                Some("refresh_token") => Endpoint::Refresh,
                _ => Endpoint::CodeExchange,
            }),
        }
    }
}

/// Handles a request of a service.
pub(crate) async fn exchange(
    state: State,
    place: Place,
    handler: impl FnOnce(&mut Incoming<'_>) -> Answer,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let rule = match asked_for(&parts.headers) {
        Ok(rule) => rule,
        Err(refusal) => return answer::refused(&refusal, None).into_response(),
    };
    let body = to_bytes(body, LONGEST_BODY).await.map_err(|_| {
        // A body that is too long and one that was cut short look alike from here.
        let length = parts.headers.get(CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if length.is_none_or(|length| length > LONGEST_BODY) {
            Refusal::new(
                "too_large",
                Finding::RequestMalformed,
                "the body is longer than 64 KiB",
            )
        } else {
            Refusal::request(Finding::RequestMalformed, "the body did not arrive whole")
        }
    });
    let hangup = parts.extensions.get::<ConnectInfo<Hangup>>().cloned();
    let at = state.millis();
    let (mut trail, endpoint) = follow(&state, place, &parts, &body, rule.as_ref(), at);
    if let Some(Err(refusal)) = rule.map(|rule| rule.can_be_at(endpoint)) {
        return answer::refused(&refusal, None).into_response();
    }
    let active = trail.active;
    let early = active.and_then(|active| misbehave::before(active, state.url()));
    let happened = match early {
        Some(answer) => answer,
        None if is(active, Misbehaviour::DroppedBefore) => Answer::default(),
        None => {
            let mut incoming = Incoming {
                shared: &state,
                uri: &parts.uri,
                headers: &parts.headers,
                body: &body,
                now: at.div_euclid(1_000),
                trail: &mut trail,
            };
            look(&mut incoming, place);
            handler(&mut incoming)
        }
    };
    let answer = match active {
        Some(active) => misbehave::after(active, happened, state.now()),
        None => happened,
    };
    let dropped = is(active, Misbehaviour::DroppedBefore) || is(active, Misbehaviour::DroppedAfter);
    let held = active.filter(|active| active.misbehaviour == Misbehaviour::Slow);
    let held = held.map_or(0, |active| active.seconds.unsigned_abs());
    // Before it is held back: a client that does not wait leaves this undone.
    let sent = (!dropped).then_some(&answer);
    record(&state, trail, endpoint, parts, &body, sent, held);
    if held > 0 {
        state.hold(std::time::Duration::from_secs(held)).await;
    }
    if dropped && let Some(ConnectInfo(hangup)) = hangup {
        hangup.hang_up();
    }
    match active {
        Some(active) => misbehave::send(active, answer),
        None => answer.into_response(),
    }
}

fn is(active: Option<Active>, misbehaviour: Misbehaviour) -> bool {
    active.is_some_and(|active| active.misbehaviour == misbehaviour)
}

/// The misbehaviour that a request asks for in its header.
pub(crate) fn asked_for(headers: &HeaderMap) -> Result<Option<Rule>, Refusal> {
    let Some(value) = headers.get(MISBEHAVE) else {
        return Ok(None);
    };
    Rule::from_header(value.to_str().unwrap_or_default()).map(Some)
}

/// Finds the flow of a request, by whatever can be read of it, and its endpoint.
fn follow(
    state: &State,
    place: Place,
    parts: &Parts,
    body: &Result<Bytes, Refusal>,
    rule: Option<&Rule>,
    at: i64,
) -> (Trail, Option<Endpoint>) {
    let authorization = token::authorization(&parts.headers).ok().flatten();
    let in_body = body.as_ref().ok();
    let in_body = in_body.and_then(|body| std::str::from_utf8(body).ok());
    let text = match place {
        Place::At(Endpoint::Authorize) => parts.uri.query(),
        _ => in_body,
    };
    let form = text.and_then(|text| Form::parse(text).ok());
    let endpoint = place.endpoint(form.as_ref());
    let mut world = state.world();
    let trail = world.follow(endpoint, form.as_ref(), authorization, rule, at);
    (trail, endpoint)
}

/// What the headers of a request tell.
fn look(incoming: &mut Incoming<'_>, place: Place) {
    let headers = incoming.headers;
    let agent = headers
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok());
    let agent = agent.unwrap_or_default();
    match place {
        Place::At(Endpoint::Authorize) => {
            let apple = agent.contains("AppleWebKit") && agent.contains("Mobile/");
            if agent.contains("; wv)") || (apple && !agent.contains("Safari/")) {
                let what = "the User-Agent is that of a web view inside an app";
                incoming.trail.find(Finding::WebView, what);
            }
        }
        Place::Token | Place::At(Endpoint::Par) if trace::is_browser(headers) => {
            let header = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
            let basic = header.is_some_and(|header| header.starts_with(b"Basic "));
            let body = incoming.body.as_ref().ok();
            let body = body.and_then(|body| std::str::from_utf8(body).ok());
            let form = body.and_then(|body| Form::parse(body).ok());
            if basic || form.is_some_and(|form| form.get("client_secret").is_some()) {
                let what = "a client secret came with headers that only a browser sends";
                incoming.trail.find(Finding::SecretFromBrowser, what);
            }
        }
        _ => {}
    }
}

/// Puts what was said into the trace.
fn record(
    state: &State,
    trail: Trail,
    endpoint: Option<Endpoint>,
    parts: Parts,
    body: &Result<Bytes, Refusal>,
    answer: Option<&Answer>,
    held: u64,
) {
    let none = Bytes::new();
    let body = body.as_ref().unwrap_or(&none);
    let held = i64::try_from(held)
        .unwrap_or(i64::MAX)
        .saturating_mul(1_000);
    let ended = state.millis().saturating_add(held);
    let mut world = state.world();
    let client = world
        .trace
        .get(trail.flow)
        .and_then(|flow| flow.client.as_deref());
    let exchange = Exchange {
        at: trail.at,
        ended,
        from: Actor::of(endpoint, &parts.headers, client),
        method: parts.method,
        target: parts
            .uri
            .path_and_query()
            .map_or_else(String::new, |target| target.as_str().to_owned()),
        request: Said::new(&parts.headers, body),
        answer: answer.map(|answer| {
            let said = Said::new(answer.headers(), answer.body());
            (answer.status(), said)
        }),
        misbehaviour: trail.active.map(|active| active.misbehaviour),
    };
    world
        .trace
        .record(trail, Step::Exchange(Box::new(exchange)));
    drop(world);
    state.changed();
}
