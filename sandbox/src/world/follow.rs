//! Which flow a request belongs to, and what goes wrong with it: looked up before the
//! request is handled, without any effect on the rest of the world.

use super::World;
use super::authentication::basic;
use crate::Endpoint;
use crate::form::Form;
use crate::misbehaviour::{Rule, Subject};
use crate::ticket::Kind;
use crate::trace::{Status, Trail, flow_id};

impl World {
    /// Finds or begins the flow of a request. `form` is what could be read of its
    /// parameters, `header` the misbehaviour that it asks for itself, `at` the time in
    /// milliseconds.
    pub(crate) fn follow(
        &mut self,
        endpoint: Endpoint,
        form: Option<&Form<'_>>,
        authorization: Option<&str>,
        header: Option<&Rule>,
        at: i64,
    ) -> Trail {
        let ticket = match endpoint {
            Endpoint::Authorize => form.and_then(|form| form.get("request_uri")),
            Endpoint::CodeExchange => form.and_then(|form| form.get("code")),
            Endpoint::Refresh => form.and_then(|form| form.get("refresh_token")),
            Endpoint::UserInfo | Endpoint::Presentation => {
                authorization.and_then(|header| Some(header.split_once(' ')?.1))
            }
            Endpoint::Par | Endpoint::Callback => None,
        };
        let known = ticket.and_then(|text| self.flow_of(text));
        let flow = known.filter(|flow| self.trace.get(*flow).is_some());
        let flow = flow.unwrap_or_else(|| {
            let status = match endpoint {
                // Until it is found to be good.
                Endpoint::Authorize | Endpoint::Par => Status::Refused,
                _ => Status::Stray,
            };
            self.trace.begin(status, at)
        });
        let named = form
            .and_then(|form| form.get("client_id"))
            .map(str::to_owned);
        let named = named.or_else(|| Some(basic(authorization?).ok()?.0));
        let named = named.and_then(|id| self.clients.get(&id)).cloned();
        let entry = self.trace.get_mut(flow);
        let client = entry.and_then(|flow| {
            if flow.client.is_none() {
                flow.client = named;
            }
            flow.client.clone()
        });
        let subject = Subject {
            endpoint,
            client_id: client.as_ref().map(|client| client.client_id.as_str()),
            flow: &flow_id(flow),
        };
        let active = self.rules.take(subject, header);
        self.trace.trail(flow, at, active)
    }

    /// The flow that something belongs to which was given out here.
    fn flow_of(&self, text: &str) -> Option<u64> {
        let text = text
            .strip_prefix(super::authorize::REQUEST_URI)
            .unwrap_or(text);
        let ticket = self.mint.read(text)?;
        match ticket.kind {
            Kind::Code | Kind::Access | Kind::Refresh => {
                self.grants.get(ticket.entry).map(|grant| grant.flow)
            }
            Kind::Pushed => self.pushed.get(ticket.entry).map(|pushed| pushed.flow()),
            Kind::Waiting => self.waiting.get(ticket.entry).map(|entry| entry.flow()),
        }
    }
}
