//! The pending requests, as the Truid app and the authorize page on another device see them.

use super::Provider;
use super::decision::Waiting;
use super::reference::Kind;
use super::request::AuthorizationRequest;
use crate::oauth::link::Link;
use crate::trace::{Actor, RequestContext, Signal, Status, Step, flow_id};
use crate::{Endpoint, Misbehaviour, Refusal};

/// The state of a request, for the authorize page.
pub(crate) enum PageState {
    /// The request is pending until `deadline`, in seconds since 1970-01-01.
    Waiting { deadline: i64 },
    /// The request has expired.
    Expired,
    /// The person decided. The page has to open the URL, if there is one.
    Decided(Option<String>),
}

/// A pending or decided request.
pub(super) enum RequestEntry {
    Open {
        request: Box<AuthorizationRequest>,
        since: i64,
        deadline: i64,
    },
    /// The entry stays so that a second decision gets the right error, and for the authorize page.
    Decided {
        flow: u64,
        page: Option<PageCallback>,
    },
}

/// The callback that the authorize page on another device has to open.
pub(super) struct PageCallback {
    pub(super) url: String,
    /// The grant of the code in the URL.
    pub(super) grant: Option<u64>,
    pub(super) misbehaviour: Option<Misbehaviour>,
    /// Whether the page has received it.
    pub(super) delivered: bool,
}

impl RequestEntry {
    /// Whether the person cannot decide any more.
    fn has_ended(&self, now: i64) -> bool {
        match self {
            RequestEntry::Open { deadline, .. } => now >= *deadline,
            RequestEntry::Decided { .. } => true,
        }
    }

    /// The number of the flow.
    pub(super) fn flow(&self) -> u64 {
        match self {
            RequestEntry::Open { request, .. } => request.flow,
            RequestEntry::Decided { flow, .. } => *flow,
        }
    }
}

impl Provider {
    /// Adds a valid request to the pending ones.
    pub(super) fn wait(&mut self, request: AuthorizationRequest, now: i64) -> Waiting {
        let deadline = now.saturating_add(self.lifetimes.waiting);
        if let Some(flow) = self.trace.get_mut(request.flow) {
            flow.status = Status::Waiting;
            flow.deadline = Some(deadline);
        }
        let mut waiting = describe(&request, now, deadline);
        let entry = RequestEntry::Open {
            request: Box::new(request),
            since: now,
            deadline,
        };
        let number = self.waiting.put(entry, |entry| entry.has_ended(now));
        waiting.id = self.references.issue(Kind::Waiting, number, 0);
        waiting
    }

    /// Opens a link in the Truid app.
    ///
    /// # Errors
    /// Those of [`Provider::authorize`].
    pub(crate) fn open(&mut self, link: &Link<'_>, at: i64) -> Result<Waiting, Refusal> {
        // No rule applies: the link does not go through the network.
        let known = link.form.as_ref().ok();
        let (flow, _) = self.flow_and_client(Some(Endpoint::Authorize), known, None, at);
        let mut context = RequestContext::new(flow, at, None);
        let now = at.div_euclid(1_000);
        let form = link.form.as_ref().map_err(Clone::clone);
        let outcome = form.and_then(|form| self.authorize(&mut context, link.purpose, form, now));
        if let Err(refusal) = &outcome {
            context.note(refusal);
        }
        let signal = Signal {
            at,
            from: Actor::App,
            to: Actor::TruidApp,
            words: "The link opens the Truid app",
            link: Some(link.text.to_owned()),
            misbehaviour: None,
        };
        self.trace.record(context, Step::Signal(signal));
        outcome
    }

    /// All pending requests, the oldest first.
    pub(crate) fn all_pending(&self, now: i64) -> Vec<Waiting> {
        self.waiting
            .iter()
            .filter_map(|(number, entry)| self.waiting(number, entry))
            .filter(|waiting| now < waiting.deadline)
            .collect()
    }

    /// The pending request with this id.
    ///
    /// # Errors
    /// `not_found`, `already_decided` or `expired`.
    pub(crate) fn pending(&self, id: &str, now: i64) -> Result<Waiting, Refusal> {
        let number = self.number(id)?;
        let entry = self.waiting.get(number).ok_or_else(not_found)?;
        match self.waiting(number, entry) {
            None => Err(already_decided()),
            Some(waiting) if now >= waiting.deadline => Err(expired()),
            Some(waiting) => Ok(waiting),
        }
    }

    /// The state of the request with this id, for the authorize page.
    ///
    /// # Errors
    /// `not_found`.
    pub(crate) fn page_state(&mut self, id: &str, now: i64) -> Result<PageState, Refusal> {
        let number = self.number(id)?;
        match self.waiting.get(number).ok_or_else(not_found)? {
            RequestEntry::Open { deadline, .. } if now >= *deadline => Ok(PageState::Expired),
            RequestEntry::Open { deadline, .. } => Ok(PageState::Waiting {
                deadline: *deadline,
            }),
            RequestEntry::Decided { .. } => {
                Ok(PageState::Decided(self.deliver_to_page(number, now)))
            }
        }
    }

    /// The URL that the page has to open, if there is one. The page can request it again, because
    /// its connection may have been lost. A used or expired code is not returned again.
    fn deliver_to_page(&mut self, number: u64, now: i64) -> Option<String> {
        let entry = self.waiting.get_mut(number)?;
        let RequestEntry::Decided {
            flow,
            page: Some(page),
        } = entry
        else {
            return None;
        };
        let (flow, url, misbehaviour) = (*flow, page.url.clone(), page.misbehaviour);
        let first = !std::mem::replace(&mut page.delivered, true);
        let code = match page.grant {
            Some(grant) => Some(self.grants.get(grant)?.code_deadline(now)?),
            None => None,
        };
        if first {
            // From now on the service has the code, so an unused code is a finding.
            self.record_delivery(flow, code, misbehaviour);
            let way = (Actor::Truid, Actor::Browser);
            let words = "The page goes to the redirect URI";
            self.signal(
                flow,
                now * 1_000,
                way,
                words,
                Some(url.clone()),
                misbehaviour,
            );
        }
        Some(url)
    }

    pub(super) fn number(&self, id: &str) -> Result<u64, Refusal> {
        let reference = self
            .references
            .read(id)
            .filter(|reference| reference.kind == Kind::Waiting);
        reference
            .map(|reference| reference.entry)
            .ok_or_else(not_found)
    }

    /// The request of an entry, if the person has not decided.
    fn waiting(&self, number: u64, entry: &RequestEntry) -> Option<Waiting> {
        let RequestEntry::Open {
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

/// The request without its id.
fn describe(request: &AuthorizationRequest, since: i64, deadline: i64) -> Waiting {
    Waiting {
        id: String::new(),
        client_name: request.client.name.clone(),
        client_id: request.client.client_id.clone(),
        purpose: request.purpose,
        data_points: request
            .scope
            .data_points(&request.client)
            .map(str::to_owned)
            .collect(),
        user_message: request.user_message.clone(),
        document: request.document.clone(),
        flow: flow_id(request.flow),
        since,
        deadline,
    }
}

pub(super) fn not_found() -> Refusal {
    Refusal::own(
        "not_found",
        "no request has this id, or the sandbox has deleted it",
    )
}

pub(super) fn already_decided() -> Refusal {
    Refusal::own(
        "already_decided",
        "this request was approved or declined before",
    )
}

pub(super) fn expired() -> Refusal {
    Refusal::own(
        "expired",
        "this request has expired; the service has to start a new one",
    )
}
