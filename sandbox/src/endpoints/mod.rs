//! What Truid answers at its endpoints. [`World::handle`] takes a service's request all the way:
//! it finds the flow, decides, answers, and writes the trace. It does no I/O, and its caller
//! passes the time in. The caller holds the lock of the world once, so no other request sees a
//! decision without its place in the trace.
//!
//! | file | what it does |
//! |---|---|
//! | `answer` | how answers look |
//! | `authorize`, `token`, `data` | the answers of the endpoints |
//! | `misbehave` | what goes wrong with an answer on demand |
//! | `sender` | what the headers of a request say about its sender |

pub(crate) mod answer;
mod authorize;
mod data;
#[cfg(test)]
mod handle_tests;
pub(crate) mod misbehave;
pub(crate) mod sender;
mod token;

use crate::Misbehaviour;
use crate::misbehaviour::Active;
use crate::network::addresses::Names;
use crate::oauth::incoming::{Incoming, Place};
use crate::trace::{Actor, Exchange, Said, Step, Trail};
use crate::world::World;
use answer::Answer;

/// What came of a request.
pub(crate) struct Handled {
    pub(crate) answer: Answer,
    /// The misbehaviour of this request. If it concerns the connection, the caller has to
    /// carry it out.
    pub(crate) active: Option<Active>,
}

/// A request while it is being answered.
struct Request<'a> {
    world: &'a mut World,
    incoming: &'a Incoming<'a>,
    trail: &'a mut Trail,
    /// Where the sandbox is found.
    names: &'a Names,
    /// In seconds since the epoch.
    now: i64,
}

impl World {
    /// Handles a request of a service: finds its flow and its misbehaviour, decides, answers,
    /// and records all of it in the trace. `at` is in milliseconds since the epoch.
    ///
    /// A request is refused if it asks for a misbehaviour that cannot happen at this endpoint.
    /// Such a request belongs to no flow.
    pub(crate) fn handle(&mut self, incoming: &Incoming<'_>, names: &Names, at: i64) -> Handled {
        let endpoint = incoming.endpoint();
        let asked = incoming.misbehave.as_ref();
        if let Some(Err(refusal)) = asked.map(|rule| rule.can_be_at(endpoint)) {
            return Handled {
                answer: answer::refused(&refusal, None),
                active: None,
            };
        }
        let mut trail = self.assign_flow(incoming, at);
        let active = trail.active;
        let now = at.div_euclid(1_000);
        let early = active.and_then(|active| misbehave::before(active, names.url()));
        let answer = match early {
            Some(answer) => answer,
            None if trail.is(Misbehaviour::DroppedBefore) => Answer::default(),
            None => {
                let mut request = Request {
                    world: self,
                    incoming,
                    trail: &mut trail,
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
        self.record(trail, incoming, &answer);
        Handled { answer, active }
    }

    /// Records the request and its answer in the trace. An answer that is sent late is recorded
    /// before the delay, because a client that gives up ends the handler.
    fn record(&mut self, trail: Trail, incoming: &Incoming<'_>, answer: &Answer) {
        let head = incoming.head;
        let flow = self.trace.get(trail.flow);
        let client = flow.and_then(|flow| flow.client.as_deref());
        let target = head.uri.path_and_query();
        let dropped = trail.active.is_some_and(Active::drops);
        let held = trail.active.map(Active::held).unwrap_or_default();
        let held = i64::try_from(held.as_millis()).unwrap_or(i64::MAX);
        let exchange = Exchange {
            at: trail.at,
            ended: trail.at.saturating_add(held),
            from: Actor::of(incoming.endpoint(), &head.headers, client),
            method: head.method.clone(),
            target: target.map_or_else(String::new, |target| target.as_str().to_owned()),
            request: Said::new(&head.headers, incoming.body),
            answer: (!dropped).then(|| {
                let said = Said::new(answer.headers(), answer.body());
                (answer.status(), said)
            }),
            misbehaviour: trail.active.map(|active| active.misbehaviour),
        };
        self.trace.record(trail, Step::Exchange(Box::new(exchange)));
    }
}

impl Request<'_> {
    fn answer(&mut self) -> Answer {
        sender::look(self.incoming, self.trail);
        match &self.incoming.place {
            Place::Authorize(purpose) => self.authorize(*purpose),
            Place::Par(purpose) => self.push(*purpose),
            Place::Token => self.token(),
            Place::UserInfo => self.user_info(),
            Place::Presentation => self.presentation(),
            Place::Nowhere(refusal) => self.refused(refusal),
        }
    }

    /// A refusal as JSON. The trace gets its finding.
    fn refused(&mut self, refusal: &crate::Refusal) -> Answer {
        self.trail.note(refusal);
        answer::refused(refusal, Some(self.names.url()))
    }
}
