//! The authorization endpoints (RFC 6749 section 3.1) and pushed authorization requests
//! (RFC 9126).

use super::reference::Kind;
use super::request::AuthorizationRequest;
use super::{Now, World};
use crate::oauth::form::Form;
use crate::oauth::incoming::Incoming;
use crate::oauth::link::Link;
use crate::trace::{Status, Trail};
use crate::{Finding, Purpose, Refusal, Waiting};

/// What a `request_uri` begins with (RFC 9126 section 2.2).
const REQUEST_URI: &str = "urn:ietf:params:oauth:request_uri:";

/// A pushed authorization request.
pub(super) enum Pushed {
    /// Not used yet.
    Fresh {
        request: Box<AuthorizationRequest>,
        deadline: Now,
    },
    /// Used, and kept only so that a second use can be told what is wrong.
    Used { flow: u64 },
}

impl Pushed {
    /// Whether it can no longer be used.
    fn is_over(&self, now: i64) -> bool {
        match self {
            Pushed::Fresh { deadline, .. } => now >= deadline.sandbox,
            Pushed::Used { .. } => true,
        }
    }

    /// The flow that it began.
    pub(super) fn flow(&self) -> u64 {
        match self {
            Pushed::Fresh { request, .. } => request.flow,
            Pushed::Used { flow } => *flow,
        }
    }
}

impl World {
    /// An authorization request, from a browser or opened in the Truid app. A good one
    /// waits for the person.
    ///
    /// # Errors
    /// As [`World::check`] has them, and for a `request_uri` `invalid_request_uri`.
    pub(crate) fn authorize(
        &mut self,
        trail: &mut Trail,
        purpose: Purpose,
        form: &Form<'_>,
        now: i64,
    ) -> Result<Waiting, Refusal> {
        let request = if form.get("request_uri").is_some() {
            self.take_pushed(purpose, form, now)?
        } else {
            self.check(trail, purpose, form)?
        };
        self.counters.authorize += 1;
        Ok(self.wait(request, now))
    }

    /// Checks the authorization request in a link, whose parameters are in the link itself. This
    /// has no effect: no flow begins, and the trace does not change.
    ///
    /// # Errors
    /// As [`World::authorize`].
    pub(crate) fn preview(&self, link: &Link<'_>) -> Result<(), Refusal> {
        let form = link.form.as_ref().map_err(Clone::clone)?;
        self.check_all(0, link.purpose, form).map(drop)
    }

    /// A pushed authorization request (RFC 9126 section 2). Gives the `request_uri` and
    /// how long it lives, in seconds.
    ///
    /// # Errors
    /// As [`World::check`] has them, without a redirect, and those of client
    /// authentication.
    pub(crate) fn push(
        &mut self,
        trail: &mut Trail,
        purpose: Purpose,
        incoming: &Incoming<'_>,
        now: i64,
    ) -> Result<(String, i64), Refusal> {
        let form = incoming.form()?;
        let authorization = incoming.authorization()?;
        form.once()?;
        let client = self.authenticate(trail, form, authorization, now)?;
        if form.get("request_uri").is_some() {
            return Err(Refusal::request(
                Finding::RequestUriWrong,
                "request_uri must not be in a pushed authorization request (RFC 9126 section 2.1)",
            ));
        }
        let form = form.pushed_by(&client.client_id);
        let request = self
            .check(trail, purpose, &form)
            .map_err(|refusal| Refusal {
                redirect: None,
                ..refusal
            })?;
        let lifetime = self.lifetimes.request_uri;
        let pushed = Pushed::Fresh {
            request: Box::new(request),
            deadline: self.moment(now).after(lifetime),
        };
        let entry = self.pushed.put(pushed, |pushed| pushed.is_over(now));
        self.counters.par += 1;
        if let Some(flow) = self.trace.get_mut(trail.flow) {
            flow.status = Status::Pushed;
        }
        let end = self.references.issue(Kind::Pushed, entry, 0);
        Ok((format!("{REQUEST_URI}{end}"), lifetime))
    }

    /// The request behind a `request_uri`, which can be had once (RFC 9126 section 4).
    /// There is no redirect URI to send an error to before it is found, so none is.
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
                format!("beside request_uri only client_id is allowed, but {name} is there"),
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
                    "no request was pushed under this request_uri",
                )
            })?;
        let now = self.moment(now);
        let pushed = self.pushed.get_mut(reference.entry).ok_or_else(|| {
            bad(
                Finding::RequestUriExpired,
                "this request_uri is no longer known; push the request again",
            )
        })?;
        let Pushed::Fresh { request, deadline } = &*pushed else {
            return Err(used());
        };
        if request.client.client_id != client_id {
            return Err(bad(
                Finding::RequestUriWrong,
                "this request_uri was given to another client",
            ));
        }
        if request.purpose != purpose {
            return Err(bad(
                Finding::RequestUriWrong,
                "this request_uri was pushed for another function; its PAR endpoint and its authorization endpoint must have the same end",
            ));
        }
        if now.sandbox >= deadline.sandbox {
            let refusal = bad(
                Finding::RequestUriExpired,
                "this request_uri has expired; push the request again",
            );
            return Err(refusal.blames(deadline.has_come(now)));
        }
        let flow = request.flow;
        match std::mem::replace(pushed, Pushed::Used { flow }) {
            Pushed::Fresh { request, .. } => Ok(*request),
            Pushed::Used { .. } => Err(used()),
        }
    }
}
