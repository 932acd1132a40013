//! The decision of the person with the phone, and its consequences.

use std::mem;
use std::sync::Arc;

use super::decision::{Callback, Choice, Decision, OpenedBy};
use super::grant::Grant;
use super::reference::Kind;
use super::request::AuthorizationRequest;
use super::waiting::{PageCallback, RequestEntry, already_decided, expired, not_found};
use super::{Now, Provider};
use crate::misbehaviour::{Active, RequestInfo};
use crate::oauth::link::callback;
use crate::trace::{Actor, RequestContext, Signal, Status, Step, flow_id};
use crate::{Endpoint, Misbehaviour, Person, Refusal};

/// RFC 6749 section 4.1.2.1.
const ACCESS_DENIED: &str = "access_denied";

impl Provider {
    /// Decides as the person. An approval creates a grant, and its code is in the callback URL
    /// (RFC 6749 section 4.1.2). If the person declines, the callback has an error without a
    /// description (section 4.1.2.1), as in the guide's example. Truid documents no `iss` (RFC
    /// 9207), so the callback has none. `at` is in milliseconds.
    ///
    /// # Errors
    /// Those of [`Provider::pending`], `no_such_person` and `assurance_too_low`.
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
        let page = self.record_decision(&request, approved.then_some(person), active, at);
        Ok(self.deliver_callback(number, request.flow, page, choice.opened_by, at))
    }

    /// Checks that this person can make this decision about request `number`.
    fn check_decision(
        &self,
        number: u64,
        decision: Decision,
        person: &Person,
        now: i64,
    ) -> Result<(), Refusal> {
        match self.waiting.get(number).ok_or_else(not_found)? {
            RequestEntry::Decided { .. } => Err(already_decided()),
            RequestEntry::Open { deadline, .. } if now >= *deadline => Err(expired()),
            RequestEntry::Open { request, .. } => {
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
        if let RequestEntry::Open { deadline, .. } = entry {
            *deadline = at.div_euclid(1_000);
        }
        let flow = entry.flow();
        if let Some(flow) = self.trace.get_mut(flow) {
            flow.status = Status::Expired;
        }
        let way = (Actor::TruidApp, Actor::Truid);
        self.signal(flow, at, way, "The person takes too long", None, None);
    }

    /// Removes the request from the pending ones. Its entry stays, marked as decided.
    fn take_request(&mut self, number: u64) -> Result<Box<AuthorizationRequest>, Refusal> {
        let entry = self.waiting.get_mut(number).ok_or_else(not_found)?;
        let flow = entry.flow();
        match mem::replace(entry, RequestEntry::Decided { flow, page: None }) {
            RequestEntry::Open { request, .. } => Ok(request),
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
        let info = RequestInfo {
            endpoint: Endpoint::Callback,
            client_id: Some(&request.client.client_id),
            flow: &flow_id(request.flow),
        };
        let active = self.rules.take(info, choice.misbehave.as_ref());
        active.map(|active: Active| active.misbehaviour)
    }

    /// Records the decision and makes the callback. `approved_by` is `None` if the person declined.
    /// An approval creates a grant.
    fn record_decision(
        &mut self,
        request: &AuthorizationRequest,
        approved_by: Option<Arc<Person>>,
        active: Option<Misbehaviour>,
        at: i64,
    ) -> PageCallback {
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
        PageCallback {
            url: self.callback(request, (name, &value), active),
            grant,
            misbehaviour: active,
            delivered: false,
        }
    }

    /// Delivers the callback: the Truid app opens it now, or the waiting page opens it later.
    fn deliver_callback(
        &mut self,
        number: u64,
        flow: u64,
        callback: PageCallback,
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
            if let Some(RequestEntry::Decided { page, .. }) = self.waiting.get_mut(number) {
                *page = Some(callback);
            }
            return Callback {
                redirect: None,
                times: 1,
            };
        }
        let now = self.moment(at.div_euclid(1_000));
        let deadline = callback.grant.map(|_| now.after(self.lifetimes.code));
        self.record_delivery(flow, deadline, active);
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

    /// Records that the service got a callback with a code that is valid until `code`. It records
    /// nothing for a callback that the service must refuse: its code may remain unused.
    pub(super) fn record_delivery(
        &mut self,
        flow: u64,
        code: Option<Now>,
        callback: Option<Misbehaviour>,
    ) {
        if let Some(flow) = self.trace.get_mut(flow)
            && !callback.is_some_and(must_be_refused)
        {
            flow.code_deadline = code;
        }
    }

    /// Creates a grant and returns its number.
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
        let number = self.grants.put(grant, |grant| grant.has_ended(now));
        if let Some(document) = &request.document
            && let Some(grant) = self.grants.get_mut(number)
        {
            let message = request.user_message.clone().unwrap_or_default();
            grant.sign(document.clone(), message, number, now);
        }
        number
    }

    /// The callback URL with this outcome and this misbehaviour.
    fn callback(
        &self,
        request: &AuthorizationRequest,
        outcome: (&str, &str),
        active: Option<Misbehaviour>,
    ) -> String {
        // A second code that refers to the same grant, which has only one valid code.
        let reference = self.references.read(outcome.1);
        let other = match reference {
            Some(code) => self.references.issue(Kind::Code, code.entry, 1),
            None => "server_error".to_owned(),
        };
        let mut parameters = vec![outcome, ("state", request.state.as_str())];
        match active {
            Some(Misbehaviour::CallbackRepeated) => parameters.push((outcome.0, &other)),
            Some(Misbehaviour::CallbackWrongState) => {
                parameters[1].1 = "the-state-of-another-login"
            }
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

    /// Records a step that is not HTTP.
    pub(super) fn signal(
        &mut self,
        flow: u64,
        at: i64,
        (from, to): (Actor, Actor),
        words: &'static str,
        link: Option<String>,
        misbehaviour: Option<Misbehaviour>,
    ) {
        let context = RequestContext::new(flow, at, None);
        let signal = Signal {
            at,
            from,
            to,
            words,
            link,
            misbehaviour,
        };
        self.trace.record(context, Step::Signal(signal));
    }
}

/// Whether the service must refuse a callback with this misbehaviour, or gets no callback.
fn must_be_refused(misbehaviour: Misbehaviour) -> bool {
    !matches!(
        misbehaviour,
        Misbehaviour::CallbackTwice | Misbehaviour::CallbackExtra
    )
}

fn too_low_assurance() -> Refusal {
    Refusal::own(
        "assurance_too_low",
        "the service requires a higher assurance level than this person has; choose another person, or decline",
    )
}
