//! The authorization endpoints (RFC 6749 section 3.1) and pushed authorization requests
//! (RFC 9126).

use super::reference::Kind;
use super::request::AuthorizationRequest;
use super::{Now, Provider};
use crate::oauth::form::Form;
use crate::oauth::incoming::Incoming;
use crate::oauth::link::Link;
use crate::trace::{RequestContext, Status};
use crate::{Finding, Purpose, Refusal, Waiting};

/// The prefix of a `request_uri` (RFC 9126 section 2.2).
const REQUEST_URI: &str = "urn:ietf:params:oauth:request_uri:";

/// A pushed authorization request.
pub(super) enum Pushed {
    /// Not used yet.
    Fresh {
        request: Box<AuthorizationRequest>,
        deadline: Now,
    },
    /// Used. The entry stays so that a second use gets the right error.
    Used { flow: u64 },
}

impl Pushed {
    /// Whether it can no longer be used.
    fn has_ended(&self, now: i64) -> bool {
        match self {
            Pushed::Fresh { deadline, .. } => now >= deadline.sandbox,
            Pushed::Used { .. } => true,
        }
    }

    /// The flow of the request.
    pub(super) fn flow(&self) -> u64 {
        match self {
            Pushed::Fresh { request, .. } => request.flow,
            Pushed::Used { flow } => *flow,
        }
    }
}

impl Provider {
    /// Handles an authorization request from a browser or from the Truid app. A valid request
    /// becomes pending.
    ///
    /// # Errors
    /// Those of [`Provider::check`], and `invalid_request_uri` for a `request_uri`.
    pub(crate) fn authorize(
        &mut self,
        context: &mut RequestContext,
        purpose: Purpose,
        form: &Form<'_>,
        now: i64,
    ) -> Result<Waiting, Refusal> {
        let request = if form.get("request_uri").is_some() {
            self.take_pushed(purpose, form, now)?
        } else {
            let request = self.check(context, purpose, form)?;
            // A public client cannot push with a secret, so a plain URL is all that it has.
            if purpose == Purpose::Signing && request.client.is_confidential() {
                context.find(
                    Finding::SigningNotPushed,
                    "the parameters of the signing are in the URL",
                );
            }
            request
        };
        self.counters.authorize += 1;
        Ok(self.wait(request, now))
    }

    /// Checks the authorization request in a link that was not pushed. The check has no effect: no
    /// flow begins, and the trace does not change.
    ///
    /// # Errors
    /// Those of [`Provider::authorize`].
    pub(crate) fn preview(&self, link: &Link<'_>) -> Result<(), Refusal> {
        let form = link.form.as_ref().map_err(Clone::clone)?;
        self.check_all(0, link.purpose, form).map(drop)
    }

    /// Handles a pushed authorization request (RFC 9126 section 2). Returns the `request_uri` and
    /// its lifetime in seconds.
    ///
    /// # Errors
    /// Those of [`Provider::check`], without a redirect, and those of client authentication.
    pub(crate) fn push(
        &mut self,
        context: &mut RequestContext,
        purpose: Purpose,
        incoming: &Incoming<'_>,
        now: i64,
    ) -> Result<(String, i64), Refusal> {
        let form = incoming.form()?;
        let authorization = incoming.authorization()?;
        form.once()?;
        let client = self.authenticate(context, form, authorization, now)?;
        if form.get("request_uri").is_some() {
            return Err(Refusal::request(
                Finding::RequestUriWrong,
                "request_uri must not be in a pushed authorization request (RFC 9126 section 2.1)",
            ));
        }
        let form = form.pushed_by(&client.client_id);
        let request = self
            .check(context, purpose, &form)
            .map_err(|refusal| Refusal {
                redirect: None,
                ..refusal
            })?;
        let lifetime = self.lifetimes.request_uri;
        let pushed = Pushed::Fresh {
            request: Box::new(request),
            deadline: self.moment(now).after(lifetime),
        };
        let entry = self.pushed.put(pushed, |pushed| pushed.has_ended(now));
        self.counters.par += 1;
        if let Some(flow) = self.trace.get_mut(context.flow) {
            flow.status = Status::Pushed;
        }
        let end = self.references.issue(Kind::Pushed, entry, 0);
        Ok((format!("{REQUEST_URI}{end}"), lifetime))
    }

    /// The request with a `request_uri`, which can be used once (RFC 9126 section 4). The errors
    /// have no redirect, because the redirect URI is unknown until the request is found.
    fn take_pushed(
        &mut self,
        purpose: Purpose,
        form: &Form<'_>,
        now: i64,
    ) -> Result<AuthorizationRequest, Refusal> {
        let bad = |finding, why: &str| Refusal::new("invalid_request_uri", finding, why);
        let used = || {
            bad(
                Finding::RequestUriReused,
                "this request_uri was used before; push the request again",
            )
        };
        form.once()?;
        if let Some(name) = form.other_than(&["client_id", "request_uri"]) {
            return Err(Refusal::request(
                Finding::RequestUriWrong,
                format!("besides request_uri only client_id is allowed; remove {name}"),
            ));
        }
        let client_id = form.need("client_id", Finding::RequestUriWrong)?;
        let reference = form
            .need("request_uri", Finding::RequestUriWrong)?
            .strip_prefix(REQUEST_URI)
            .and_then(|text| self.references.read(text))
            .filter(|reference| reference.kind == Kind::Pushed)
            .ok_or_else(|| {
                bad(
                    Finding::RequestUriWrong,
                    "the sandbox did not issue this request_uri",
                )
            })?;
        let now = self.moment(now);
        let pushed = self.pushed.get_mut(reference.entry).ok_or_else(|| {
            bad(
                Finding::RequestUriExpired,
                "the sandbox does not store this request_uri any more; push the request again",
            )
        })?;
        let Pushed::Fresh { request, deadline } = &*pushed else {
            return Err(used());
        };
        if request.client.client_id != client_id {
            return Err(bad(
                Finding::RequestUriWrong,
                "this request_uri was issued to another client",
            ));
        }
        if request.purpose != purpose {
            return Err(bad(
                Finding::RequestUriWrong,
                "this request_uri was pushed for another function; the paths of the PAR endpoint and of the authorization endpoint must end with the same function",
            ));
        }
        if now.sandbox >= deadline.sandbox {
            let refusal = bad(
                Finding::RequestUriExpired,
                "this request_uri has expired; push the request again",
            );
            return Err(refusal.finding_if(deadline.has_come(now)));
        }
        let flow = request.flow;
        match std::mem::replace(pushed, Pushed::Used { flow }) {
            Pushed::Fresh { request, .. } => Ok(*request),
            Pushed::Used { .. } => Err(used()),
        }
    }
}
