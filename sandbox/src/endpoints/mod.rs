//! Truid's endpoints. [`Provider::handle`] handles a service's request completely: it finds the
//! flow, decides, answers, and writes the trace. It does no I/O: the caller passes the time. The
//! caller also holds the lock of the [`Provider`] during the call, so that the trace contains each
//! decision as soon as another request can see its effect.
//!
//! | file | what it does |
//! |---|---|
//! | `answer` | HTTP answers |
//! | `authorize`, `token`, `data`, `timestamp` | the answers of the endpoints |
//! | `misbehave` | the misbehaviours that change an answer |
//! | `sender` | conclusions from the headers about the sender |

pub(crate) mod answer;
mod authorize;
mod data;
#[cfg(test)]
mod handle_tests;
pub(crate) mod misbehave;
pub(crate) mod sender;
mod timestamp;
mod token;

use crate::Misbehaviour;
use crate::misbehaviour::Active;
use crate::network::addresses::Names;
use crate::oauth::incoming::{Incoming, Target};
use crate::provider::Provider;
use crate::trace::{Actor, Exchange, RawMessage, RequestContext, Step};
use answer::Answer;

/// A handled request.
pub(crate) struct HandledRequest {
    pub(crate) answer: Answer,
    /// The misbehaviour of the request. The caller has to carry it out if it concerns the
    /// connection.
    pub(crate) active: Option<Active>,
}

/// A request while the endpoint answers it.
struct Request<'a> {
    provider: &'a mut Provider,
    incoming: &'a Incoming<'a>,
    context: &'a mut RequestContext,
    /// The sandbox's hosts and URLs.
    names: &'a Names,
    /// In seconds since 1970-01-01.
    now: i64,
}

impl Provider {
    /// Handles a request of a service: finds its flow and its misbehaviour, decides, answers,
    /// and records everything in the trace. `at` is in milliseconds since 1970-01-01.
    ///
    /// A request that asks for a misbehaviour that cannot happen at this endpoint is refused, and
    /// belongs to no flow.
    pub(crate) fn handle(
        &mut self,
        incoming: &Incoming<'_>,
        names: &Names,
        at: i64,
    ) -> HandledRequest {
        let endpoint = incoming.endpoint();
        let asked = incoming.misbehave.as_ref();
        if let Some(Err(refusal)) = asked.map(|rule| rule.can_be_at(endpoint)) {
            return HandledRequest {
                answer: answer::refused(&refusal, None),
                active: None,
            };
        }
        let mut context = self.assign_flow(incoming, at);
        let active = context.active;
        let now = at.div_euclid(1_000);
        let early = active.and_then(|active| misbehave::before(active, names.url()));
        let answer = match early {
            Some(answer) => answer,
            None if context.is(Misbehaviour::DroppedBefore) => Answer::default(),
            None => {
                let mut request = Request {
                    provider: self,
                    incoming,
                    context: &mut context,
                    names,
                    now,
                };
                request.answer()
            }
        };
        let answer = match active {
            Some(active) => misbehave::after(active, answer, now),
            None => answer,
        };
        self.record(context, incoming, &answer);
        HandledRequest { answer, active }
    }

    /// Records the request and its answer in the trace. An answer that is sent late is recorded
    /// before the delay, because a client that gives up ends the handler.
    fn record(&mut self, context: RequestContext, incoming: &Incoming<'_>, answer: &Answer) {
        let head = incoming.head;
        let flow = self.trace.get(context.flow);
        let client = flow.and_then(|flow| flow.client.as_deref());
        let target = head.uri.path_and_query();
        let dropped = context.active.is_some_and(Active::drops);
        let delay = context.active.map(Active::delay).unwrap_or_default();
        let delay = i64::try_from(delay.as_millis()).unwrap_or(i64::MAX);
        let exchange = Exchange {
            at: context.at,
            ended: context.at.saturating_add(delay),
            from: Actor::of(incoming.endpoint(), &head.headers, client),
            method: head.method.clone(),
            target: target.map_or_else(String::new, |target| target.as_str().to_owned()),
            request: RawMessage::new(&head.headers, incoming.body),
            answer: (!dropped).then(|| {
                let message = RawMessage::new(answer.headers(), answer.body());
                (answer.status(), message)
            }),
            misbehaviour: context.active.map(|active| active.misbehaviour),
        };
        self.trace
            .record(context, Step::Exchange(Box::new(exchange)));
    }
}

impl Request<'_> {
    fn answer(&mut self) -> Answer {
        sender::add_findings(self.incoming, self.context);
        match &self.incoming.place {
            Target::Authorize(purpose) => self.authorize(*purpose),
            Target::Par(purpose) => self.push(*purpose),
            Target::Token => self.token(),
            Target::UserInfo => self.user_info(),
            Target::Presentation => self.presentation(),
            Target::Signature => self.signature(),
            Target::Timestamp => self.timestamp(),
            Target::Unknown(refusal) => self.refused(refusal),
        }
    }

    /// A refusal as JSON; its finding goes into the trace.
    fn refused(&mut self, refusal: &crate::Refusal) -> Answer {
        self.context.note(refusal);
        answer::refused(refusal, Some(self.names.url()))
    }
}
