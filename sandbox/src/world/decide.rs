//! The decision of the person with the phone, and its consequences.

use std::mem;
use std::sync::Arc;

use super::decision::{Callback, Choice, Decision, OpenedBy};
use super::grant::Grant;
use super::reference::Kind;
use super::request::AuthorizationRequest;
use super::waiting::{Entry, Page, already_decided, expired, not_found};
use super::{Now, World};
use crate::misbehaviour::{Active, Subject};
use crate::oauth::link::callback;
use crate::trace::{Actor, Signal, Status, Step, Trail, flow_id};
use crate::{Endpoint, Misbehaviour, Person, Refusal};

/// RFC 6749 section 4.1.2.1.
const ACCESS_DENIED: &str = "access_denied";

impl World {
    /// The person decides. After an approval a grant begins, and its code is in the
    /// callback URL (RFC 6749 section 4.1.2); after a refusal the callback has an error
    /// without a description (section 4.1.2.1), as in the guide's example. Truid documents
    /// no `iss` (RFC 9207) there, so there is none. `at` is in milliseconds.
    ///
    /// # Errors
    /// As [`World::look`], `no_such_person` and `assurance_too_low`.
    pub(crate) fn decide(
        &mut self,
        id: &str,
        choice: &Choice,
        at: i64,
    ) -> Result<Callback, Refusal> {
        if let Some(rule) = &choice.misbehave {
            let callback = choice.decision != Decision::Expire;
            rule.can_be_at(callback.then_some(Endpoint::Callback))?;
        }
        let number = self.number(id)?;
        let person = self.person(choice.person.as_deref())?;
        self.check_decision(number, choice.decision, &person, at.div_euclid(1_000))?;
        if choice.decision == Decision::Expire {
            self.expire(number, at);
            return Ok(Callback::NONE);
        }
        let request = self.take_request(number)?;
        let approved = choice.decision == Decision::Approve;
        let active = self.callback_misbehaviour(&request, choice);
        let page = self.conclude(&request, approved.then_some(person), active, at);
        Ok(self.send_back(number, request.flow, page, choice.opened_by, at))
    }

    /// Checks that this person can make this decision about the request with this number.
    fn check_decision(
        &self,
        number: u64,
        decision: Decision,
        person: &Person,
        now: i64,
    ) -> Result<(), Refusal> {
        match self.waiting.get(number).ok_or_else(not_found)? {
            Entry::Decided { .. } => Err(already_decided()),
            Entry::Open { deadline, .. } if now >= *deadline => Err(expired()),
            Entry::Open { request, .. } => {
                let least = request.client.assurance;
                let too_low = least.is_some_and(|least| person.assurance < least);
                if too_low && decision == Decision::Approve {
                    return Err(too_low_assurance());
                }
                Ok(())
            }
        }
    }

    /// Lets the request expire, as if the person took too long.
    fn expire(&mut self, number: u64, at: i64) {
        let Some(entry) = self.waiting.get_mut(number) else {
            return;
        };
        if let Entry::Open { deadline, .. } = entry {
            *deadline = at.div_euclid(1_000);
        }
        let flow = entry.flow();
        if let Some(flow) = self.trace.get_mut(flow) {
            flow.status = Status::Expired;
        }
        let way = (Actor::TruidApp, Actor::Truid);
        self.signal(flow, at, way, "The person takes too long", None, None);
    }

    /// Takes the request out of the waiting list. The entry stays and says that it was decided.
    fn take_request(&mut self, number: u64) -> Result<Box<AuthorizationRequest>, Refusal> {
        let entry = self.waiting.get_mut(number).ok_or_else(not_found)?;
        let flow = entry.flow();
        match mem::replace(entry, Entry::Decided { flow, page: None }) {
            Entry::Open { request, .. } => Ok(request),
            decided => {
                *entry = decided;
                Err(already_decided())
            }
        }
    }

    /// The misbehaviour of the callback.
    fn callback_misbehaviour(
        &mut self,
        request: &AuthorizationRequest,
        choice: &Choice,
    ) -> Option<Misbehaviour> {
        let subject = Subject {
            endpoint: Endpoint::Callback,
            client_id: Some(&request.client.client_id),
            flow: &flow_id(request.flow),
        };
        let active = self.rules.take(subject, choice.misbehave.as_ref());
        active.map(|active: Active| active.misbehaviour)
    }

    /// Records the decision and makes the callback. `approved_by` is none if the person declined.
    /// An approval begins a grant.
    fn conclude(
        &mut self,
        request: &AuthorizationRequest,
        approved_by: Option<Arc<Person>>,
        active: Option<Misbehaviour>,
        at: i64,
    ) -> Page {
        let (words, status) = match approved_by {
            Some(_) => ("The person approves", Status::Approved),
            None => ("The person declines", Status::Declined),
        };
        let now = at.div_euclid(1_000);
        let grant = approved_by.map(|person| self.grant(request, person, active, now));
        let (name, value) = match grant {
            Some(grant) => ("code", self.references.issue(Kind::Code, grant, 0)),
            None => ("error", ACCESS_DENIED.to_owned()),
        };
        if let Some(flow) = self.trace.get_mut(request.flow) {
            flow.status = status;
        }
        let way = (Actor::TruidApp, Actor::Truid);
        self.signal(request.flow, at, way, words, None, None);
        Page {
            url: self.callback(request, (name, &value), active),
            grant,
            misbehaviour: active,
            delivered: false,
        }
    }

    /// Delivers the callback: the Truid app opens it now, or the waiting page opens it later.
    fn send_back(
        &mut self,
        number: u64,
        flow: u64,
        callback: Page,
        opened_by: OpenedBy,
        at: i64,
    ) -> Callback {
        let way = (Actor::TruidApp, Actor::App);
        let active = callback.misbehaviour;
        if active == Some(Misbehaviour::CallbackNever) {
            let words = "The Truid app does not open the redirect URI";
            self.signal(flow, at, way, words, Some(callback.url), active);
            return Callback::NONE;
        }
        if opened_by == OpenedBy::Page {
            if let Some(Entry::Decided { page, .. }) = self.waiting.get_mut(number) {
                *page = Some(callback);
            }
            return Callback {
                redirect: None,
                times: 1,
            };
        }
        let now = self.moment(at.div_euclid(1_000));
        let deadline = callback.grant.map(|_| now.after(self.lifetimes.code));
        self.handed_out(flow, deadline, active);
        let twice = active == Some(Misbehaviour::CallbackTwice);
        let times = if twice { 2 } else { 1 };
        for _ in 0..times {
            let words = "The Truid app opens the redirect URI";
            self.signal(flow, at, way, words, Some(callback.url.clone()), active);
        }
        Callback {
            redirect: Some(callback.url),
            times,
        }
    }

    /// Notes that a callback went to the service, with a code that is good until then. One
    /// that the service must refuse blames nobody for what becomes of it.
    pub(super) fn handed_out(
        &mut self,
        flow: u64,
        code: Option<Now>,
        callback: Option<Misbehaviour>,
    ) {
        if let Some(flow) = self.trace.get_mut(flow)
            && !callback.is_some_and(spoils)
        {
            flow.code_deadline = code;
        }
    }

    /// A grant begins. Gives its number.
    fn grant(
        &mut self,
        request: &AuthorizationRequest,
        person: Arc<Person>,
        callback: Option<Misbehaviour>,
        now: i64,
    ) -> u64 {
        let since = self.moment(now);
        let deadline = since.after(self.lifetimes.code);
        let grant = Grant::new(request, person, (since, deadline), callback);
        self.grants.put(grant, |grant| grant.is_over(now))
    }

    /// The callback URL with this outcome, and with what goes wrong with it.
    fn callback(
        &self,
        request: &AuthorizationRequest,
        outcome: (&str, &str),
        active: Option<Misbehaviour>,
    ) -> String {
        // The second code of the same grant, which has only one.
        let reference = self.references.read(outcome.1);
        let other = match reference {
            Some(code) => self.references.issue(Kind::Code, code.entry, 1),
            None => "server_error".to_owned(),
        };
        let mut parameters = vec![outcome, ("state", request.state.as_str())];
        match active {
            Some(Misbehaviour::CallbackRepeated) => parameters.push((outcome.0, &other)),
            Some(Misbehaviour::CallbackWrongState) => parameters[1].1 = "another-login-of-somebody",
            Some(Misbehaviour::CallbackNoState) => parameters.truncate(1),
            Some(Misbehaviour::CallbackWrongIssuer) => {
                parameters.push(("iss", "https://other.example"));
            }
            Some(Misbehaviour::CallbackExtra) => {
                parameters.push(("utm_source", "truid"));
                parameters.push(("session_state", "a.b"));
            }
            _ => {}
        }
        callback(&request.redirect_uri, &parameters)
    }

    /// Notes something beside HTTP in a flow.
    pub(super) fn signal(
        &mut self,
        flow: u64,
        at: i64,
        (from, to): (Actor, Actor),
        words: &'static str,
        link: Option<String>,
        misbehaviour: Option<Misbehaviour>,
    ) {
        let trail = Trail::new(flow, at, None);
        let signal = Signal {
            at,
            from,
            to,
            words,
            link,
            misbehaviour,
        };
        self.trace.record(trail, Step::Signal(signal));
    }
}

/// Whether a service has to refuse such a callback, or gets none.
fn spoils(misbehaviour: Misbehaviour) -> bool {
    !matches!(
        misbehaviour,
        Misbehaviour::CallbackTwice | Misbehaviour::CallbackExtra
    )
}

fn too_low_assurance() -> Refusal {
    Refusal::own(
        "assurance_too_low",
        "the service accepts only people who are known more surely; choose another person, or decline",
    )
}
