//! Finds the flow of a request, and its misbehaviour. This happens before the request is handled,
//! and does not change grants or pending requests.

use super::Provider;
use super::authentication::unverified_subject;
use super::reference::Kind;
use crate::Endpoint;
use crate::misbehaviour::RequestInfo;
use crate::oauth::authorization::Authorization;
use crate::oauth::form::Form;
use crate::oauth::incoming::Incoming;
use crate::trace::{RequestContext, Status, flow_id};

impl Provider {
    /// Finds or begins the flow of a request, and its misbehaviour. `at` is in milliseconds.
    pub(crate) fn assign_flow(&mut self, incoming: &Incoming<'_>, at: i64) -> RequestContext {
        let endpoint = incoming.endpoint();
        let form = match endpoint {
            // The access token determines the flow and the client.
            Some(Endpoint::UserInfo | Endpoint::Presentation | Endpoint::Signature) => None,
            _ => incoming.readable(),
        };
        let authorization = incoming.authorization().ok().flatten();
        let (flow, client_id) = self.flow_and_client(endpoint, form, authorization, at);
        let active = endpoint.and_then(|endpoint| {
            let info = RequestInfo {
                endpoint,
                client_id: client_id.as_deref(),
                flow: &flow_id(flow),
            };
            self.rules.take(info, incoming.misbehave.as_ref())
        });
        RequestContext::new(flow, at, active)
    }

    /// Finds or begins the flow of a request, and its client.
    pub(super) fn flow_and_client(
        &mut self,
        endpoint: Option<Endpoint>,
        form: Option<&Form<'_>>,
        authorization: Option<&Authorization<'_>>,
        at: i64,
    ) -> (u64, Option<String>) {
        let parameter = |name| form.and_then(|form| form.get(name));
        let bearer = || Some(authorization?.credentials());
        let text = match endpoint {
            Some(Endpoint::Authorize) => parameter("request_uri"),
            // Also in a parameter with another name, such as `code[0]` for a repeated code.
            Some(Endpoint::CodeExchange) => parameter("code").or_else(|| {
                let known = |value: &&str| self.references.within(value).next().is_some();
                form?.values().find(known)
            }),
            Some(Endpoint::Refresh) => parameter("refresh_token"),
            Some(Endpoint::UserInfo | Endpoint::Presentation | Endpoint::Signature) => bearer(),
            Some(Endpoint::Par | Endpoint::Callback | Endpoint::Timestamp) => None,
            None => parameter("code")
                .or_else(|| parameter("refresh_token"))
                .or_else(bearer),
        };
        let known = text.and_then(|text| self.flow_of(text));
        let flow = known.filter(|flow| self.trace.get(*flow).is_some());
        let flow = flow.unwrap_or_else(|| {
            let status = match endpoint {
                // Until the request is accepted.
                Some(Endpoint::Authorize | Endpoint::Par) => Status::Refused,
                _ => Status::Stray,
            };
            let flow = self.trace.begin(status, at);
            self.resume_grant(text, flow);
            flow
        });
        let named = parameter("client_id").map(str::to_owned);
        let named = named.or_else(|| Some(authorization?.basic().ok()?.client_id.clone()));
        let named = named.or_else(|| unverified_subject(form?));
        let named = named.and_then(|id| self.clients.get(&id)).cloned();
        let entry = self.trace.get_mut(flow);
        let client = entry.and_then(|flow| {
            if flow.client.is_none() {
                flow.client = named;
            }
            if endpoint == Some(Endpoint::CodeExchange) && known.is_some() {
                // The code was used, even if the request is refused.
                flow.code_deadline = None;
            }
            Some(flow.client.as_ref()?.client_id.clone())
        });
        (flow, client)
    }

    /// Continues a grant in a new flow, if its flow is not recorded any more.
    fn resume_grant(&mut self, text: Option<&str>, number: u64) {
        let reference = text.and_then(|text| self.references.within(text).next());
        let grant = reference.filter(|reference| {
            matches!(reference.kind, Kind::Code | Kind::Access | Kind::Refresh)
        });
        let grant = grant.and_then(|reference| self.grants.get_mut(reference.entry));
        if let (Some(grant), Some(flow)) = (grant, self.trace.get_mut(number)) {
            grant.flow = number;
            flow.client = Some(grant.client.clone());
            flow.purpose = Some(grant.purpose);
            flow.scope = Some(grant.scope.clone());
            flow.status = grant.status();
        }
    }

    /// The flow of a code, token, `request_uri` or id that the sandbox issued.
    fn flow_of(&self, text: &str) -> Option<u64> {
        let reference = self.references.within(text).next()?;
        match reference.kind {
            Kind::Code | Kind::Access | Kind::Refresh => {
                self.grants.get(reference.entry).map(|grant| grant.flow)
            }
            Kind::Pushed => self.pushed.get(reference.entry).map(|pushed| pushed.flow()),
            Kind::Waiting => self.waiting.get(reference.entry).map(|entry| entry.flow()),
        }
    }
}
