//! Mediated mode: beginning a login at the backend, opening it again, and finding the login of a
//! callback. [`switchback_protocol::mediated`] decides which answers of a backend are valid.

use std::sync::Arc;

use switchback_driver::resource::refusal_reason;
use switchback_driver::{event, log};
use switchback_protocol::Purpose;
use switchback_protocol::Rule;
use switchback_protocol::attempt::{Attempt, AttemptId, LoginRequest, Phase};
use switchback_protocol::authorization::AuthorizationError;
use switchback_protocol::callback::Callback;
use switchback_protocol::cookies::Jar;
use switchback_protocol::http::{Request, Response};
use switchback_protocol::mediated::Mediation;
use switchback_protocol::mediated::start::{NotStarted, Started};

use crate::error::{Error, SigningUnavailable};
use crate::ports::TransportError;
use crate::session::{Answered, Authorization, SetCookies};
use crate::state::{ClientState, SessionState};

const CANNOT_BEGIN: &str = "the backend could not begin the login";
const START_URL: &str = "the backend's start URL";

/// The parts of a start request.
struct StartRequest<'a> {
    purpose: Purpose,
    extra: &'a std::collections::BTreeMap<String, String>,
    /// The cookies of an earlier start of the same login.
    cookies: Jar,
    under: Option<&'a Arc<SessionState>>,
}

/// Rejects what a login request cannot have in mediated mode.
fn check(mediation: &Mediation, request: &LoginRequest) -> Result<(), Error> {
    let provider = mediation.provider();
    let purpose = request.purpose;
    if provider.authorization_endpoint(purpose).is_none() {
        return Err(AuthorizationError::Purpose {
            provider: provider.name().into(),
            purpose,
        }
        .into());
    }
    let wrong = if !request.scope.is_empty() {
        "in mediated mode the backend decides which data points are requested: leave the scope \
         empty, and send details in `extra`"
    } else if request.sign.is_some() {
        "in mediated mode the backend decides what is signed: leave `sign` out, and send the id of a \
         signing that your service has prepared as `request` in `extra`"
    } else if request.nonce {
        "in mediated mode the backend reads the ID token and its `nonce`: leave `nonce` false"
    } else if request.extra.contains_key("") {
        return Err(AuthorizationError::UnnamedParameter.into());
    } else if request.subject.is_some() && mediation.user_info_endpoint().is_none() {
        "a login of a certain person needs the backend's user info: configure its URL in `Backend`, \
         or begin the login without naming the person"
    } else {
        return Ok(());
    };
    Err(Error::configuration(wrong))
}

impl ClientState {
    /// Begins the login at the backend and returns the attempt, which is not stored yet.
    pub(super) async fn begin_mediated(
        self: &Arc<Self>,
        mediation: &Mediation,
        request: LoginRequest,
        under: Option<&Arc<SessionState>>,
    ) -> Result<Attempt, Error> {
        check(mediation, &request)?;
        // The attempt's id is random, since its `state` is the backend's.
        let [key, ..] = self.random()?;
        let start = StartRequest {
            purpose: request.purpose,
            extra: &request.extra,
            cookies: Jar::default(),
            under,
        };
        let (started, cookies) = self.start(mediation, start).await?;
        Ok(Attempt::begin_mediated(
            mediation.redirect_uris().of(request.purpose),
            request,
            &key,
            started,
            cookies,
            under.map(|session| session.id().attempt().clone()),
            self.now(),
            self.login_timeout,
        ))
    }

    /// Gets another URL for the same login, if the first one was opened or has expired.
    pub(super) async fn start_again(
        self: &Arc<Self>,
        mediation: &Mediation,
        attempt: &mut Attempt,
    ) -> Result<(), Error> {
        let under = match attempt.begun_under() {
            Some(session) => Some(self.open(&session.clone().into()).await?),
            None => None,
        };
        let start = StartRequest {
            purpose: attempt.purpose,
            extra: attempt.extra(),
            cookies: attempt.cookies(),
            under: under.as_ref(),
        };
        let (started, cookies) = self.start(mediation, start).await?;
        attempt.reopened(started, cookies, self.now());
        Ok(())
    }

    /// Sends the start request. If the backend rejects the session's token, refreshes it and sends
    /// the request once more.
    async fn start(
        self: &Arc<Self>,
        mediation: &Mediation,
        start: StartRequest<'_>,
    ) -> Result<(Started, Jar), Error> {
        let url = mediation.start_endpoint(start.purpose);
        let mut session = match start.under {
            Some(state) => Some(state.authorize(&url).await?),
            None => None,
        };
        loop {
            // A cookie session also has the cookies of this login: to the backend both are one
            // session.
            let of_session = start.under.and_then(|state| state.cookies());
            let mut jar = of_session.unwrap_or_else(|| start.cookies.clone());
            let cookies = jar.header(&url, &self.now());
            let cookies = cookies.map(|cookies| ("cookie", cookies));
            let token = session.as_ref().and_then(Authorization::token);
            let request =
                mediation.start(start.purpose, start.extra, token.into_iter().chain(cookies));
            let response = self.send_start(request.clone()).await?;
            // 403 is about permission and not about authentication.
            if let (Some(state), Some(sent)) = (start.under, &session)
                && response.status != 403
            {
                let set = SetCookies::of(&response);
                let answered = state.answered(sent, response.status, set).await?;
                if let Answered::SendAgain(next) = answered {
                    session = Some(next);
                    continue;
                }
            }
            let started =
                mediation.read_start(start.purpose, &request, &response, &mut jar, &self.now());
            let started = started.map_err(|why| not_started(start.purpose, why))?;
            return Ok((started, jar));
        }
    }

    async fn send_start(&self, request: Request) -> Result<Response, Error> {
        let sent = self.sender.send_retrying_unsent(request).await;
        sent.map_err(|error| match error {
            TransportError::TooLong => broken(Rule::TooLong),
            error => Error::network(CANNOT_BEGIN, error),
        })
    }

    /// The login of a callback: the login with this `state`, or else the newest login whose `state`
    /// is unknown (the backend pushed its authorization request, RFC 9126).
    pub(super) async fn find_mediated(
        &self,
        callback: &Callback,
    ) -> Result<Option<AttemptId>, Error> {
        let all = self.records.all::<Attempt>().await?;
        let newest = |is_it: &dyn Fn(&Attempt) -> bool| {
            let is_it = |attempt: &Attempt| {
                attempt.has_redirect_uri(&callback.redirect_uri) && is_it(attempt)
            };
            let found = all.iter().filter(|(_, attempt)| is_it(attempt));
            found.max_by_key(|(_, attempt)| attempt.begun_at.wall)
        };
        let found = newest(&|attempt| attempt.has_state(&callback.state))
            .or_else(|| newest(&Attempt::awaits_unknown_state));
        Ok(found.map(|(id, _)| id.clone()))
    }

    /// Only one login with an unknown `state` can be pending for a redirect URI: a new login
    /// replaces the previous one.
    pub(super) async fn remove_other_blind(&self, attempt: &Attempt) -> Result<(), Error> {
        if !attempt.awaits_unknown_state() {
            return Ok(());
        }
        let id = attempt.id();
        for (other, old) in self.records.all::<Attempt>().await? {
            let is_blind = old.awaits_unknown_state() && old.phase != Phase::Completed;
            if is_blind && other != id && old.has_redirect_uri(&attempt.redirect_uri) {
                self.records.remove::<Attempt>(&other).await?;
                log::event(
                    event::LOGIN_ABANDONED,
                    &other,
                    Some(&"replaced by a new login"),
                );
            }
        }
        Ok(())
    }
}

fn broken(rule: Rule) -> Error {
    Error::Protocol {
        endpoint: START_URL,
        rule,
    }
}

fn not_started(purpose: Purpose, why: NotStarted) -> Error {
    match why {
        NotStarted::Busy { retry_after } => Error::TryAgain {
            what: CANNOT_BEGIN,
            retry_after,
            source: None,
        },
        NotStarted::NotLoggedIn => Error::configuration(
            "the backend requires a session to begin this login: begin it under a session, or \
             change the backend so that it requires none",
        ),
        NotStarted::Refused { status, error } => {
            let code = error.as_ref().map_or("", |error| &error.code);
            if purpose == Purpose::Signing
                && let Some(why) = SigningUnavailable::of(code)
            {
                return Error::SigningUnavailable(why);
            }
            let reason = refusal_reason(error);
            Error::configuration(format_args!(
                "the backend refused to begin this login (status {status}: {reason}): check the URL of \
                 `Backend`, the purpose and `extra`"
            ))
        }
        NotStarted::RedirectUri { named, ours } => Error::configuration(format_args!(
            "the backend uses the redirect URI {named:?} for the purpose {purpose}, but this client \
             uses {ours:?}: set {named:?} as the redirect URI of this purpose, or change it \
             at the backend"
        )),
        NotStarted::Broken(rule) => broken(rule),
    }
}

#[cfg(test)]
mod tests {
    use switchback_protocol::OAuthError;

    use super::*;

    fn refused(purpose: Purpose, status: u16, code: &str) -> Error {
        let error = Some(OAuthError::new(code, None, &[]));
        not_started(purpose, NotStarted::Refused { status, error })
    }

    #[test]
    fn a_refused_signing_says_what_to_do() {
        for (status, code, what_to_do) in [
            (404, "unknown_signing", "send the id of a prepared signing"),
            (409, "signing_closed", "prepare another signing"),
            (403, "other_person", "let that person log in"),
        ] {
            let error = refused(Purpose::Signing, status, code);
            let Error::SigningUnavailable(why) = &error else {
                panic!("{error:?}");
            };
            assert_eq!(why.code(), code);
            assert!(error.to_string().contains(what_to_do), "{error}");
        }
    }

    #[test]
    fn every_other_refusal_is_a_wrong_configuration() {
        for (purpose, code) in [
            (Purpose::Login, "signing_closed"),
            (Purpose::Signing, "invalid_request"),
            (Purpose::Signing, ""),
        ] {
            let error = refused(purpose, 409, code);
            assert!(matches!(error, Error::Configuration { .. }), "{error:?}");
        }
    }
}
