//! The person with the phone: what waits for them, and what they decide.

use std::sync::Arc;

use super::World;
use super::decision::{Callback, Choice, Decision, OpenedBy, Waiting};
use super::grant::{Grant, Phase};
use super::reference::Kind;
use super::request::AuthorizationRequest;
use crate::misbehaviour::{Active, Subject};
use crate::oauth::link::{Link, callback};
use crate::trace::{Actor, Signal, Status, Step, Trail, flow_id};
use crate::{Endpoint, Misbehaviour, Person, Refusal};

/// RFC 6749 section 4.1.2.1.
const ACCESS_DENIED: &str = "access_denied";

/// How far the request is that a page waits for.
pub(crate) enum PageState {
    /// Nothing was decided yet; until then, in seconds.
    Waiting { deadline: i64 },
    /// It waited too long.
    Expired,
    /// It was decided, and the page is to go there, if anywhere.
    Decided(Option<String>),
}

/// A request on its way to a decision.
pub(super) enum Entry {
    Open {
        request: Box<AuthorizationRequest>,
        since: i64,
        deadline: i64,
    },
    /// Kept so that a second decision can be told what is wrong, and for the page that
    /// waits.
    Decided { flow: u64, page: Option<Page> },
}

/// What the page that waits on another device is to open.
pub(super) struct Page {
    url: String,
    /// The grant whose code is in it.
    grant: Option<u64>,
    misbehaviour: Option<Misbehaviour>,
    /// Whether the page has got it.
    delivered: bool,
}

impl Entry {
    /// Whether nothing is left to decide.
    fn is_over(&self, now: i64) -> bool {
        match self {
            Entry::Open { deadline, .. } => now >= *deadline,
            Entry::Decided { .. } => true,
        }
    }

    /// The flow that it belongs to.
    pub(super) fn flow(&self) -> u64 {
        match self {
            Entry::Open { request, .. } => request.flow,
            Entry::Decided { flow, .. } => *flow,
        }
    }
}

impl World {
    /// Lets a good request wait.
    pub(super) fn wait(&mut self, request: AuthorizationRequest, now: i64) -> Waiting {
        let deadline = now.saturating_add(self.lifetimes.waiting);
        if let Some(flow) = self.trace.get_mut(request.flow) {
            flow.status = Status::Waiting;
            flow.deadline = Some(deadline);
        }
        let mut waiting = describe(&request, now, deadline);
        let entry = Entry::Open {
            request: Box::new(request),
            since: now,
            deadline,
        };
        let number = self.waiting.put(entry, |entry| entry.is_over(now));
        waiting.id = self.references.issue(Kind::Waiting, number, 0);
        waiting
    }

    /// A link that opened the Truid app, which asks for the request behind it.
    ///
    /// # Errors
    /// As [`World::authorize`].
    pub(crate) fn open(&mut self, link: &Link<'_>, at: i64) -> Result<Waiting, Refusal> {
        // No rule is for it: what goes wrong with a request does so on its way to Truid.
        let known = link.form.as_ref().ok();
        let (flow, _) = self.flow_and_client(Some(Endpoint::Authorize), known, None, at);
        let mut trail = Trail::new(flow, at, None);
        let now = at.div_euclid(1_000);
        let form = link.form.as_ref().map_err(Clone::clone);
        let outcome = form.and_then(|form| self.authorize(&mut trail, link.function, form, now));
        if let Err(refusal) = &outcome {
            trail.note(refusal);
        }
        let signal = Signal {
            at,
            from: Actor::App,
            to: Actor::TruidApp,
            words: "The link opens the Truid app",
            link: Some(link.text.to_owned()),
            misbehaviour: None,
        };
        self.trace.record(trail, Step::Signal(signal));
        outcome
    }

    /// All that waits, the oldest first.
    pub(crate) fn list(&self, now: i64) -> Vec<Waiting> {
        self.waiting
            .iter()
            .filter_map(|(number, entry)| self.waiting(number, entry))
            .filter(|waiting| now < waiting.deadline)
            .collect()
    }

    /// One request that waits.
    ///
    /// # Errors
    /// `not_found`, `already_decided` or `expired`.
    pub(crate) fn look(&self, id: &str, now: i64) -> Result<Waiting, Refusal> {
        let number = self.number(id)?;
        let entry = self.waiting.get(number).ok_or_else(not_found)?;
        match self.waiting(number, entry) {
            None => Err(already_decided()),
            Some(waiting) if now >= waiting.deadline => Err(expired()),
            Some(waiting) => Ok(waiting),
        }
    }

    /// What a page that waits for this request is to know. It is told again what it may not
    /// have heard: a connection can be lost in the middle of a word. A code that was used
    /// is not given any more.
    ///
    /// # Errors
    /// `not_found`.
    pub(crate) fn page_state(&mut self, id: &str, now: i64) -> Result<PageState, Refusal> {
        let number = self.number(id)?;
        match self.waiting.get_mut(number).ok_or_else(not_found)? {
            Entry::Open { deadline, .. } if now >= *deadline => Ok(PageState::Expired),
            Entry::Open { deadline, .. } => Ok(PageState::Waiting {
                deadline: *deadline,
            }),
            Entry::Decided { flow, page } => {
                let flow = *flow;
                let Some(page) = page else {
                    return Ok(PageState::Decided(None));
                };
                let url = page.url.clone();
                let (grant, misbehaviour) = (page.grant, page.misbehaviour);
                let first = !std::mem::replace(&mut page.delivered, true);
                let grant = grant.map(|grant| self.grants.get(grant));
                let code = match grant {
                    Some(grant) => match grant.map(|grant| &grant.phase) {
                        Some(Phase::Code(code)) if now < code.deadline => Some(code.deadline),
                        _ => return Ok(PageState::Decided(None)),
                    },
                    None => None,
                };
                if first {
                    // Only now does somebody have the code, who may be blamed for it.
                    self.handed_out(flow, code, misbehaviour);
                    let way = (Actor::Truid, Actor::Browser);
                    let words = "The page goes to the redirect URI";
                    let link = Some(url.clone());
                    self.signal(flow, now * 1_000, way, words, link, misbehaviour);
                }
                Ok(PageState::Decided(Some(url)))
            }
        }
    }

    /// Notes that a callback went to the service, with a code that is good until then. One
    /// that the service must refuse blames nobody for what becomes of it.
    fn handed_out(&mut self, flow: u64, code: Option<i64>, callback: Option<Misbehaviour>) {
        if let Some(flow) = self.trace.get_mut(flow)
            && !callback.is_some_and(spoils)
        {
            flow.code_deadline = code;
        }
    }

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
        let now = at.div_euclid(1_000);
        if let Some(rule) = &choice.misbehave {
            let callback = choice.decision != Decision::Expire;
            rule.can_be_at(callback.then_some(Endpoint::Callback))?;
        }
        let number = self.number(id)?;
        let person = self.person(choice.person.as_deref())?;
        let entry = self.waiting.get_mut(number).ok_or_else(not_found)?;
        let flow = match entry {
            Entry::Open { deadline, .. } if now >= *deadline => return Err(expired()),
            Entry::Open { request, .. } => {
                let least = request.client.assurance;
                let too_low = least.is_some_and(|least| person.assurance < least);
                if too_low && choice.decision == Decision::Approve {
                    return Err(too_low_assurance());
                }
                request.flow
            }
            Entry::Decided { .. } => return Err(already_decided()),
        };
        if choice.decision == Decision::Expire {
            if let Entry::Open { deadline, .. } = entry {
                *deadline = now;
            }
            if let Some(flow) = self.trace.get_mut(flow) {
                flow.status = Status::Expired;
            }
            let way = (Actor::TruidApp, Actor::Truid);
            self.signal(flow, at, way, "The person takes too long", None, None);
            return Ok(Callback::NONE);
        }
        let decided = Entry::Decided { flow, page: None };
        let Entry::Open { request, .. } = std::mem::replace(entry, decided) else {
            return Err(already_decided());
        };
        let subject = Subject {
            endpoint: Endpoint::Callback,
            client_id: Some(&request.client.client_id),
            flow: &flow_id(flow),
        };
        let active = self.rules.take(subject, choice.misbehave.as_ref());
        let active = active.map(|active: Active| active.misbehaviour);
        let (words, status, outcome, grant) = match choice.decision {
            Decision::Approve => {
                let grant = self.grant(&request, person, active, now);
                let code = self.references.issue(Kind::Code, grant, 0);
                let words = "The person approves";
                (words, Status::Approved, ("code", code), Some(grant))
            }
            _ => {
                let denied = ("error", ACCESS_DENIED.to_owned());
                ("The person declines", Status::Declined, denied, None)
            }
        };
        if let Some(flow) = self.trace.get_mut(flow) {
            flow.status = status;
        }
        self.signal(flow, at, (Actor::TruidApp, Actor::Truid), words, None, None);
        let url = self.callback(&request, (outcome.0, &outcome.1), active);
        let way = (Actor::TruidApp, Actor::App);
        if active == Some(Misbehaviour::CallbackNever) {
            let words = "The Truid app does not open the redirect URI";
            self.signal(flow, at, way, words, Some(url), active);
            return Ok(Callback::NONE);
        }
        if choice.opened_by == OpenedBy::Page {
            if let Some(Entry::Decided { page, .. }) = self.waiting.get_mut(number) {
                *page = Some(Page {
                    url,
                    grant,
                    misbehaviour: active,
                    delivered: false,
                });
            }
            return Ok(Callback {
                redirect: None,
                times: 1,
            });
        }
        let deadline = grant.map(|_| now.saturating_add(self.lifetimes.code));
        self.handed_out(flow, deadline, active);
        let twice = active == Some(Misbehaviour::CallbackTwice);
        let times = if twice { 2 } else { 1 };
        for _ in 0..times {
            let words = "The Truid app opens the redirect URI";
            self.signal(flow, at, way, words, Some(url.clone()), active);
        }
        Ok(Callback {
            redirect: Some(url),
            times,
        })
    }

    /// A grant begins. Gives its number.
    fn grant(
        &mut self,
        request: &AuthorizationRequest,
        person: Arc<Person>,
        callback: Option<Misbehaviour>,
        now: i64,
    ) -> u64 {
        let deadline = now.saturating_add(self.lifetimes.code);
        let grant = Grant::new(request, person, (now, deadline), callback);
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

    fn number(&self, id: &str) -> Result<u64, Refusal> {
        let reference = self
            .references
            .read(id)
            .filter(|reference| reference.kind == Kind::Waiting);
        reference
            .map(|reference| reference.entry)
            .ok_or_else(not_found)
    }

    /// The request with this number, if it was not decided.
    fn waiting(&self, number: u64, entry: &Entry) -> Option<Waiting> {
        let Entry::Open {
            request,
            since,
            deadline,
        } = entry
        else {
            return None;
        };
        let id = self.references.issue(Kind::Waiting, number, 0);
        Some(Waiting {
            id,
            ..describe(request, *since, *deadline)
        })
    }
}

/// All but the id.
fn describe(request: &AuthorizationRequest, since: i64, deadline: i64) -> Waiting {
    Waiting {
        id: String::new(),
        client_name: request.client.name.clone(),
        client_id: request.client.client_id.clone(),
        function: request.function.name().to_owned(),
        data_points: request
            .scope
            .names(&request.client)
            .map(str::to_owned)
            .collect(),
        user_message: request.user_message.clone(),
        flow: flow_id(request.flow),
        since,
        deadline,
    }
}

/// Whether a service has to refuse such a callback, or gets none.
fn spoils(misbehaviour: Misbehaviour) -> bool {
    !matches!(
        misbehaviour,
        Misbehaviour::CallbackTwice | Misbehaviour::CallbackExtra
    )
}

fn not_found() -> Refusal {
    Refusal::own("not_found", "no request has this id, or not any more")
}

fn already_decided() -> Refusal {
    Refusal::own(
        "already_decided",
        "this request was approved or declined before",
    )
}

fn too_low_assurance() -> Refusal {
    Refusal::own(
        "assurance_too_low",
        "the service accepts only people who are known more surely; choose another person, or decline",
    )
}

fn expired() -> Refusal {
    Refusal::own(
        "expired",
        "this request waited too long; the service has to start again",
    )
}
